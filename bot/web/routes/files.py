"""Files that people attach, and the documents we hand back; each only to the session it belongs to."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot.turn.media import Inspected, inspect
from bot.web.body import read_body
from bot.web.refusals import Refusal
from bot.web.security import check_origin
from bot.web.services import StoredFile

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from starlette.requests import Request

    from bot.web.app import Web
    from bot.web.services import WebServices

_UPLOAD_SECONDS = 120.0
_ENVELOPE = 16_000
#: What one person may send in a day (ASVS V5.2.4).
_DAILY_BYTES = 100_000_000
_DAY = timedelta(days=1)
_AT_ONCE = 2
_WAITING = 8
_REFUSED = {
    "vacio": (400, "archivo_vacio"),
    "grande": (413, "archivo_grande"),
    "tipo": (415, "archivo_tipo"),
    "danado": (400, "archivo_danado"),
    "pixeles": (413, "archivo_pixeles"),
    "activo": (415, "archivo_activo"),
}


class FileRoutes:
    """Upload and download."""

    def __init__(self, web: Web) -> None:
        """Take the application's parts."""
        self._web = web
        self._looking = asyncio.Semaphore(_AT_ONCE)
        self._reading = asyncio.Semaphore(_WAITING)

    def routes(self) -> list[BaseRoute]:
        """Return the routes."""
        return [
            Route("/chat/api/files", self.upload, methods=["POST"]),
            Route("/chat/api/files/{file_id}", self.download, methods=["GET"]),
            Route("/chat/api/documents/{kind}/{name}", self.document, methods=["GET"]),
        ]

    async def upload(self, request: Request) -> Response:
        """Keep one file of a multipart form (field ``file``): ``201 {file_id, kind, mime, name, size}``."""
        web = self._web
        check_origin(request, web.public_url)
        web.rates.check("file_ip", web.proxies.client(request))
        visitor = await web.sessions.of(request)
        web.rates.check("file", visitor.address.user)
        limit = web.services.settings.server.max_upload_bytes
        now = web.services.clock.now()
        if await web.services.records.bytes_since(visitor.conversation_id, now - _DAY) > _DAILY_BYTES:
            raise Refusal(429, "demasiados_archivos", retry_after_s=3_600, close=True)
        async with self._reading:
            body = await read_body(request, limit=limit + _ENVELOPE, seconds=_UPLOAD_SECONDS)
            data, name = await _only_file(request, body)
            del body
            async with self._looking:
                looked = await asyncio.to_thread(inspect, data, name=name, max_bytes=limit)
            del data
            if not looked.ok:
                web.metrics.count("atiende_refused_total", reason=f"file_{looked.reason}")
                raise Refusal(*_REFUSED[looked.reason])
            file = _stored(web.services.ids.new("file"), looked)
            await web.services.records.add_file(file, looked.content, conversation_id=visitor.conversation_id, at=now)
        document = {"file_id": file.file_id, "kind": file.kind, "mime": file.mime, "name": file.name, "size": file.size}
        return JSONResponse(document, 201, {"Cache-Control": "no-store"})

    async def download(self, request: Request) -> Response:
        """Hand a file back to the session that it belongs to."""
        web = self._web
        visitor = await web.sessions.of(request)
        web.rates.check("events", visitor.address.user)
        found = await web.services.records.read_file(
            request.path_params["file_id"][:100], conversation_id=visitor.conversation_id
        )
        if found is None:
            raise Refusal(404, "no_existe")
        file, data = found
        return attachment(data, file.mime, file.name)

    async def document(self, request: Request) -> Response:
        """Hand out a document that was offered in this very conversation."""
        web = self._web
        visitor = await web.sessions.of(request)
        web.rates.check("file", visitor.address.user)
        return await drawn(web.services, request, visitor.conversation_id)


async def drawn(services: WebServices, request: Request, conversation_id: str) -> Response:
    """Return the document that the path names, if it is for ``conversation_id``.

    Raises:
        Refusal: 404 when it is not, or does not exist; both look the same.
    """
    kind, name = request.path_params["kind"][:100], request.path_params["name"][:100]
    found = None if kind == "file" else await services.document(f"{kind}:{name}", conversation_id)
    if found is None:
        raise Refusal(404, "no_existe")
    data, file, mime = found
    return attachment(data, mime, file)


def attachment(data: bytes, mime: str, name: str) -> Response:
    """Return bytes as a download that no browser may interpret as a page."""
    ascii_name = name.encode("ascii", "replace").decode().replace("?", "_").replace('"', "_")
    headers = {
        "Content-Disposition": f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(name)}",
        "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
        "Cache-Control": "private, no-store",
    }
    return Response(data, media_type=mime, headers=headers)


async def _only_file(request: Request, body: bytes) -> tuple[bytes, str]:
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise Refusal(415, "archivo_falta")

    async def chunks() -> AsyncGenerator[bytes, None]:
        yield body

    parser = MultiPartParser(request.headers, chunks(), max_files=1, max_fields=4, max_part_size=_ENVELOPE)
    try:
        form = await parser.parse()
    except (MultiPartException, ValueError, KeyError, LookupError):
        raise Refusal(400, "archivo_falta") from None
    try:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise Refusal(400, "archivo_falta")
        return await file.read(), file.filename or ""
    finally:
        # Not the form's own close: a file that was cut off in the middle only the parser knows.
        for part in parser._files_to_close_on_error:  # noqa: SLF001
            part.close()


def _stored(file_id: str, looked: Inspected) -> StoredFile:
    return StoredFile(file_id, looked.kind, looked.mime, len(looked.content), looked.name)
