"""What the assistant knows to answer, as an action may look it up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol


@dataclass(frozen=True, slots=True)
class ArticleView:
    """An answer: its words are the response ``respuesta``, which reads ``cifras``.

    ``siguientes`` are related articles as (title, id), ``tramites`` errands as (label, flow or intent).
    """

    id: str
    titulo: str
    respuesta: str
    cifras: Mapping[str, Any] = field(default_factory=dict)
    siguientes: Sequence[tuple[str, str]] = ()
    tramites: Sequence[tuple[str, str]] = ()
    leccion: str = ""


@dataclass(frozen=True, slots=True)
class SearchView:
    """What a question met: ``una``, ``varias`` (best first, at most three, as (title, id)) or ``ninguna``."""

    resultado: Literal["una", "varias", "ninguna"]
    articulos: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class LessonView:
    """A short lesson: how many bubbles it has, its options and which is right (counted from 1)."""

    id: str
    titulo: str
    pasos: int
    opciones: Sequence[str]
    correcta: int


@dataclass(frozen=True, slots=True)
class PointView:
    """A point of attention: ``distancia_m`` in metres; ``horario`` in words; ``abierto`` None when nobody knows."""

    nombre: str
    direccion: str
    horario: str
    tipo: str
    distancia_m: int
    abierto: bool | None = None


class KnowledgePort(Protocol):
    """Reads articles in force, lessons and points."""

    def says_something(self, text: str) -> bool:
        """Tell whether ``text`` has any word of substance to look for."""
        ...

    def search(self, text: str, moment: datetime) -> SearchView:
        """Return what answers ``text`` on the day of ``moment`` (aware)."""
        ...

    def article(self, article_id: str, moment: datetime) -> ArticleView | None:
        """Return an article in force on the day of ``moment``, or None."""
        ...

    def lessons(self, moment: datetime) -> Sequence[LessonView]:
        """Return the lessons in force."""
        ...

    async def points_near(self, place: tuple[float, float] | str, moment: datetime) -> Sequence[PointView]:
        """Return up to three points nearest to a pin (latitude, longitude) or to a neighbourhood's name.

        Empty when the name is not known, or nothing lies within the reach of the municipality.
        """
        ...
