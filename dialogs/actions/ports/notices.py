"""What a person asked to be told of, and what there is to ask for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class TopicView:
    """A topic to subscribe to; ``autorizacion`` names the consent it needs, or is empty."""

    id: str
    titulo: str
    por_sector: bool
    autorizacion: str


@dataclass(frozen=True, slots=True)
class WantedView:
    """A topic that is wanted, perhaps for a sector (its id and its name)."""

    tema: str
    titulo: str
    sector_id: str
    sector: str


@dataclass(frozen=True, slots=True)
class WishesView:
    """Everything a person wants, in any of their conversations; ``sin_nada``: they asked for nothing at all."""

    avisos: tuple[WantedView, ...]
    sin_nada: bool
    horas: str


class NoticesPort(Protocol):
    """Reads wishes; ``topics`` come from the catalog."""

    @property
    def topics(self) -> Mapping[str, TopicView]:
        """Every topic by its id."""
        ...

    async def of(self, conversation_id: str) -> WishesView:
        """Return what the person who writes here wants."""
        ...

    async def is_authorised(self, conversation_id: str, consent: str) -> bool:
        """Tell whether a consent was given here, under the text in force."""
        ...

    async def sector(self, said: str) -> tuple[str, str] | None:
        """Return (id, name) of the sector that was said by its id or name, or None."""
        ...

    def named_in(self, text: str) -> str:
        """Return the topic that a text speaks of, or an empty text."""
        ...

    def link(self, conversation_id: str) -> str:
        """Return a link to the page of preferences, or an empty text where there is none."""
        ...
