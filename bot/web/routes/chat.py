"""What the chat page posts: a session, a message; raw endpoints, since they are the busiest doors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot.channels.base import Media
from bot.channels.webchat.parse import parse_message
from bot.kernel.errors import InboundRefused
from bot.web.body import read_body, read_json
from bot.web.refusals import Refusal, has_sentence
from bot.web.security import check_origin
from bot.web.sessions import IDLE

if TYPE_CHECKING:
    from starlette.requests import Request

    from bot.web.app import Web
    from bot.web.sessions import Visitor

_NO_STORE = {"Cache-Control": "no-store"}
_MAX_ID = 100


class ChatRoutes:
    """Sessions and messages of the web chat."""

    def __init__(self, web: Web) -> None:
        """Take the application's parts."""
        self._web = web

    def routes(self) -> list[BaseRoute]:
        """Return the routes."""
        return [
            Route("/chat/api/sessions", self.open_session, methods=["POST"]),
            Route("/chat/api/messages", self.post_message, methods=["POST"]),
        ]

    async def open_session(self, request: Request) -> Response:
        """Begin a session: ``201 {session, idle_days}``; the secret is shown this once."""
        web = self._web
        check_origin(request, web.public_url)
        web.rates.check("session_new", web.proxies.client(request))
        await read_body(request, limit=2_000, seconds=10)
        secret = await web.sessions.open(request.headers.get("origin", ""))
        return JSONResponse({"session": secret, "idle_days": IDLE.days}, 201, _NO_STORE)

    async def post_message(self, request: Request) -> Response:
        """Accept a message: ``200 {id, new}`` once it is on disk; a repeat of the same id gets the same answer."""
        web = self._web
        check_origin(request, web.public_url)
        web.rates.check("message_ip", web.proxies.client(request))
        visitor = await web.sessions.of(request)
        web.rates.check("message", visitor.address.user)
        document = await read_json(request)
        media = await self._media(document, visitor)
        try:
            event = parse_message(document, address=visitor.address, now=web.services.clock.now(), media=media)
        except InboundRefused as error:
            reason = str(error)
            raise Refusal(error.status, reason if has_sentence(reason) else "mal_pedido") from None
        [(inbox_id, is_new)] = await web.services.inbox.accept([event])
        web.metrics.count("atiende_inbound_total", channel="webchat", outcome="new" if is_new else "repeat")
        return JSONResponse({"id": inbox_id, "new": is_new}, headers=_NO_STORE)

    async def _media(self, document: dict[str, Any], visitor: Visitor) -> tuple[Media, ...]:
        file_id = document.get("file_id")
        if file_id is None:
            return ()
        if not isinstance(file_id, str) or not 0 < len(file_id) <= _MAX_ID:
            raise Refusal(400, "archivo_ajeno")
        file = await self._web.services.records.find_file(file_id, conversation_id=visitor.conversation_id)
        if file is None:
            raise Refusal(400, "archivo_ajeno")
        kind: Any = file.kind
        return (Media(kind, f"file:{file.file_id}", file.mime, file.size, file.name),)
