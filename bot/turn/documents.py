"""Documents by reference: the constancia drawn from its case, and files that people sent."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from storage.db import Database
    from storage.files import FileStore
    from storage.repos.cases import CaseRecord

CONSTANCIA = "constancia:"
FILE = "file:"
PDF = "application/pdf"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A document ready to leave, and the conversation it belongs to."""

    content: bytes
    name: str
    mime: str
    conversation_id: str


class DocumentRoom:
    """Finds or draws what a reference names; the caller decides who may have it."""

    def __init__(
        self,
        *,
        database: Database,
        files: FileStore,
        draw: Callable[[CaseRecord], bytes],
    ) -> None:
        """Take where things are kept and ``draw``: a case → its constancia as PDF."""
        self._database = database
        self._files = files
        self._draw = draw

    async def get(self, ref: str) -> Drawn:
        """Return the document behind ``constancia:<case id>`` or ``file:<file id>``.

        Raises:
            LookupError: there is no such document, or not any more.
        """
        if ref.startswith(CONSTANCIA):
            return await self._constancia(ref.removeprefix(CONSTANCIA))
        if ref.startswith(FILE):
            return await self._file(ref.removeprefix(FILE))
        raise LookupError(ref.partition(":")[0])

    async def for_channel(self, ref: str) -> tuple[bytes, str, str]:
        """Return ``(bytes, name, MIME type)`` for a channel that is sending it to its owner.

        Raises:
            LookupError: as ``get``.
        """
        drawn = await self.get(ref)
        return drawn.content, drawn.name, drawn.mime

    async def constancia_of(self, caso_id: str, conversation_id: str) -> bytes | None:
        """Return the PDF of a case, or None unless it was filed from ``conversation_id``."""
        try:
            drawn = await self.get(CONSTANCIA + caso_id)
        except LookupError:
            return None
        return drawn.content if drawn.conversation_id == conversation_id else None

    async def _constancia(self, caso_id: str) -> Drawn:
        record = await self._database.read(lambda uow: uow.cases.get(caso_id))
        if record is None:
            raise LookupError(CONSTANCIA)
        content = await asyncio.to_thread(self._draw, record)
        return Drawn(content, f"constancia-{record.radicado}.pdf", PDF, record.conversation_id or "")

    async def _file(self, file_id: str) -> Drawn:
        record = await self._database.read(lambda uow: uow.files.get(file_id))
        if record is None or not record.path:
            raise LookupError(FILE)
        content = await asyncio.to_thread(self._files.get, record.path)
        return Drawn(content, record.name or file_id, record.mime, record.conversation_id)
