"""What staff write in ``dialogs/catalog/avisos.yml``: classes with their hours, hours a person may ask for, topics."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from bot.kernel.catalog import Entry, Id, Text, Versioned, read_whole
from bot.kernel.config_company import Dia, span

Clase = Literal["SERVICIO", "COBRANZA", "COMERCIAL", "RESPUESTA"]
FILE = "avisos.yml"
FOLDER = Path(__file__).resolve().parents[2] / "dialogs" / "catalog"


def _checked(franja: str) -> str:
    span(franja)
    return franja


Windows = dict[Dia, tuple[Annotated[str, AfterValidator(_checked)], ...]]


class ClassEntry(Entry):
    """When messages of a class may leave and how many; no ``ventanas`` is any hour.

    ``contactos_por_dia`` and ``canales_por_semana`` (0: no limit) count a person's messages of all limited classes.
    ``respuesta_horas``: the class only holds so long after the person wrote.
    """

    ventanas: Windows = Field(default_factory=dict)
    contactos_por_dia: int = Field(0, ge=0, le=10)
    canales_por_semana: int = Field(0, ge=0, le=10)
    vida_horas: int = Field(72, ge=1, le=720)
    respuesta_horas: int = Field(0, ge=0, le=720)

    @property
    def is_limited(self) -> bool:
        """Whether Ley 2300 counts messages of this class."""
        return self.contactos_por_dia > 0 or self.canales_por_semana > 0


class HoursEntry(Entry):
    """Hours that a person may ask for instead of those of the class."""

    titulo: Text
    horas: Text
    ventanas: Windows = Field(min_length=1)


class TopicEntry(Entry):
    """A topic to subscribe to; ``autorizacion`` is the consent it needs besides the subscription.

    ``palabras`` are plain words (no accents) by which people name it.
    """

    titulo: Annotated[Text, Field(max_length=20)]
    detalle: Text
    clase: Clase
    autorizacion: Id | None = None
    por_sector: bool = False
    palabras: tuple[Text, ...] = ()


class TemplateEntry(Entry):
    """A text that staff may send to a topic: its response and the values that it needs."""

    tema: Id
    respuesta: Text
    valores: tuple[Id, ...] = ()


class NoticeFile(Versioned):
    """The whole file."""

    clases: dict[Clase, ClassEntry]
    franjas: dict[Id, HoursEntry]
    temas: dict[Id, TopicEntry] = Field(min_length=1)
    plantillas: dict[Id, TemplateEntry] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _whole(self) -> NoticeFile:
        missing = {"SERVICIO", "COBRANZA", "COMERCIAL", "RESPUESTA"} - self.clases.keys()
        if missing:
            message = f"clases: {', '.join(sorted(missing))} missing"
            raise ValueError(message)
        strange = [name for name, entry in self.plantillas.items() if entry.tema not in self.temas]
        if strange:
            message = f"plantillas: {', '.join(strange)} belong to a topic that is not in temas"
            raise ValueError(message)
        return self

    def named_in(self, words: frozenset[str]) -> str:
        """Return the topic that most of ``words`` (plain) speak of, or an empty text when none or several do."""
        counts = {name: len(words & set(entry.palabras)) for name, entry in self.temas.items()}
        most = max(counts.values(), default=0)
        best = [name for name, count in counts.items() if count == most]
        return best[0] if most and len(best) == 1 else ""


@lru_cache(maxsize=8)
def load(folder: Path = FOLDER) -> NoticeFile:
    """Read the file of ``folder``, or the one that comes with Atiende if that folder has none.

    Raises:
        CatalogError: with every problem, each as ``file:line: what``.
    """
    path = folder / FILE
    return read_whole(path if path.exists() else FOLDER / FILE, NoticeFile)
