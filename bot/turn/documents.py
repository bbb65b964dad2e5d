"""Documents by reference (``kind:name``): a table says who draws each kind, and a reply only carries the reference."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from bot.channels.base import Media

if TYPE_CHECKING:
    from bot.channels.base import MediaKind

PDF: Final = "application/pdf"
PNG: Final = "image/png"
FILE: Final = "file"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A document ready to leave, and the conversations that may have it."""

    content: bytes
    name: str
    mime: str
    owners: frozenset[str]


#: Draws or finds the document under a name; raises LookupError when there is none, or not any more.
Drawer = Callable[[str], Awaitable[Drawn]]


@dataclass(frozen=True, slots=True)
class Paper:
    """How a wording attaches a kind of document: ``attachment: {kind: <kind>}``.

    ``named_by`` is the slot, or the result of a fact, that holds the name of the document; without it nothing is
    attached. ``file`` is the name of the file, where ``{value}`` takes slots and results.
    """

    named_by: str
    file: str
    mime: str = PDF
    media: MediaKind = "document"


#: Kind → how a reply carries it. A new kind adds its line here and its drawer in ``bot/turn/drawers.py``.
PAPERS: Final[Mapping[str, Paper]] = {
    "acuerdo": Paper("acuerdo_doc", "acuerdo-de-pago.pdf"),
    "constancia": Paper("caso_id", "constancia-{radicado}.pdf"),
    "factura": Paper("factura_doc", "factura.pdf"),
    "grafica": Paper("grafica_doc", "consumo.png", PNG, "image"),
}


def attached(attachment: Mapping[str, Any] | None, values: Mapping[str, Any]) -> tuple[Media, ...]:
    """Return what a reply carries: the document of its kind that ``values`` (slots and results) name, by reference."""
    paper = PAPERS.get(str((attachment or {}).get("kind")))
    if attachment is None or paper is None or not values.get(paper.named_by):
        return ()
    known = {name: value for name, value in values.items() if isinstance(value, str)}
    return (
        Media(
            paper.media,
            f"{attachment['kind']}:{known[paper.named_by]}",
            paper.mime,
            None,
            paper.file.format_map(_Blank(known)),
        ),
    )


class _Blank(dict[str, str]):
    """Values of a file name; one that is not known leaves nothing behind."""

    def __missing__(self, key: str) -> str:
        return ""


class DocumentRoom:
    """Finds or draws what a reference names, for whoever may have it."""

    def __init__(self, drawers: Mapping[str, Drawer]) -> None:
        """Take the drawers, by the kind of document."""
        self._drawers = drawers

    async def get(self, ref: str) -> Drawn:
        """Return the document behind ``kind:name``; the caller decides who may have it.

        Raises:
            LookupError: there is no such document, or not any more.
        """
        kind, _, name = ref.partition(":")
        drawer = self._drawers.get(kind)
        if drawer is None or not name:
            raise LookupError(kind)
        return await drawer(name)

    async def for_channel(self, ref: str) -> tuple[bytes, str, str]:
        """Return ``(bytes, name, MIME type)`` for a channel that is sending it to its owner.

        Raises:
            LookupError: as ``get``.
        """
        drawn = await self.get(ref)
        return drawn.content, drawn.name, drawn.mime

    async def of(self, ref: str, conversation_id: str) -> Drawn | None:
        """Return the document, or None unless it is for ``conversation_id``."""
        try:
            drawn = await self.get(ref)
        except LookupError:
            return None
        return drawn if conversation_id in drawn.owners else None
