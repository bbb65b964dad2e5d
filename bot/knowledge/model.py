"""The shapes of the data files of information: articles, figures, lessons."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from bot.kernel.catalog import Entry, Versioned

Servicio = Literal["agua", "alcantarillado", "aseo", "energia", "gas"]
Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,40}$")]
Label = Annotated[str, Field(min_length=2, max_length=20)]
Text = Annotated[str, Field(min_length=3, max_length=160)]
Value = str | int | float | dict[str, str | int | float]


class Dated(Entry):
    """Something that holds from ``desde`` to ``hasta``, both included; an end that is missing is open."""

    desde: date | None = None
    hasta: date | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Dated:
        if self.desde and self.hasta and self.hasta < self.desde:
            raise ValueError("«hasta» is before «desde»")
        return self

    def holds_on(self, day: date) -> bool:
        """Tell whether it is in force on ``day``."""
        return (self.desde is None or self.desde <= day) and (self.hasta is None or day <= self.hasta)


class Figure(Dated):
    """A figure with its unit and where it comes from; ``valor`` may have named parts (``e1``, ``comercial``…)."""

    valor: Value
    unidad: Text
    fuente: Text


class Article(Dated):
    """An answer: its words are the response ``info.<id>``; ``preguntas`` are ways to ask for it.

    It is offered only where the utility gives one of ``servicios`` (empty: everywhere) and on days on which each of
    its ``cifras`` is in force. ``botones`` are errands that follow from it (label → flow or intent), ``leccion`` a lesson.
    """

    titulo: Label
    preguntas: tuple[Text, ...] = Field(min_length=2)
    servicios: tuple[Servicio, ...] = ()
    cifras: tuple[Id, ...] = ()
    relacionados: tuple[Id, ...] = ()
    botones: dict[Label, Id] = Field(default_factory=dict, max_length=2)
    leccion: Id | None = None


class ArticlesFile(Versioned):
    """A file of ``informacion/``: a subject and its articles by id."""

    tema: Annotated[str, Field(min_length=3, max_length=24)]
    articulos: dict[Id, Article] = Field(min_length=1)


class FiguresFile(Versioned):
    """The file ``cifras.yml``."""

    cifras: dict[Id, Figure]


class Lesson(Dated):
    """A short lesson: bubbles ``leccion.<id>.1`` to ``.pasos``, and a question with one right option."""

    titulo: Annotated[str, Field(min_length=3, max_length=24)]
    pasos: Annotated[int, Field(ge=2, le=5)]
    opciones: tuple[Annotated[str, Field(min_length=1, max_length=24)], ...] = Field(min_length=2, max_length=4)
    correcta: Annotated[int, Field(ge=1)]
    servicios: tuple[Servicio, ...] = ()

    @model_validator(mode="after")
    def _has_the_right_one(self) -> Lesson:
        if self.correcta > len(self.opciones):
            raise ValueError("«correcta» names an option that is not there")
        return self


class LessonsFile(Versioned):
    """The file ``lecciones.yml``."""

    lecciones: dict[Id, Lesson]


def plain(value: Value) -> Any:
    """Return a figure's value as wording reads it."""
    return dict(value) if isinstance(value, dict) else value
