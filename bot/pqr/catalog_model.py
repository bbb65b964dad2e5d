"""The shape of the files in ``dialogs/catalog``: what staff may write there, checked when it is read."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from bot.kernel.catalog import Entry, Id, Text, Versioned, Wording, placeholders

Unit = Literal["dias_habiles", "horas", "meses"]
Start = Literal["dia_habil_siguiente", "mismo_dia", "momento", "fin_del_dia"]
TermKey = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]*$")]

EMERGENCY_WORDS = 60
_STARTS: dict[Unit, frozenset[Start]] = {
    "dias_habiles": frozenset({"dia_habil_siguiente"}),
    "horas": frozenset({"momento", "fin_del_dia"}),
    "meses": frozenset({"mismo_dia"}),
}


def _compiles(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        message = f"it is no regular expression: {error}"
        raise ValueError(message) from None
    return text


Pattern = Annotated[Text, AfterValidator(_compiles)]


class ExtensionEntry(Entry):
    """How far a term may be extended: ``cantidad`` in the unit of the term.

    ``de`` says what it gives time for: the answer, or only the copies that follow a silence.
    """

    cantidad: int = Field(ge=1, le=365)
    motivo: Text
    norma: Text
    de: Literal["respuesta", "copias"] = "respuesta"


class TermEntry(Entry):
    """A legal term (§1.4): how much, from what, on whom it weighs, and what happens when it ends."""

    nombre: Text
    cantidad: int = Field(ge=1, le=365)
    unidad: Unit
    cuenta_desde: Start
    hecho: Text
    a_cargo: Literal["empresa", "usuario", "alcaldia"]
    norma: Text
    al_vencer: Text
    fuera_de_horario: bool = False
    espera: bool = False
    prorroga: ExtensionEntry | None = None

    @model_validator(mode="after")
    def _fits(self) -> TermEntry:
        if self.cuenta_desde not in _STARTS[self.unidad]:
            allowed = " or ".join(sorted(_STARTS[self.unidad]))
            message = f"cuenta_desde must be {allowed} when unidad is {self.unidad}"
            raise ValueError(message)
        if self.fuera_de_horario and (self.a_cargo != "empresa" or self.unidad != "dias_habiles"):
            message = (
                "fuera_de_horario is only for business-day terms of the company: it never moves a person's own term"
            )
            raise ValueError(message)
        return self


class TermsFile(Versioned):
    """``terminos.yml``."""

    terminos: dict[TermKey, TermEntry] = Field(min_length=1)


class LimitEntry(Entry):
    """A term that decides how a filing is marked: counted from the date in ``desde``, past it ``marca`` is set."""

    termino: TermKey
    desde: Id
    marca: Id
    pasa_a: Id | None = None


class KindEntry(Entry):
    """A type of PQR (§1.1)."""

    nombre: Text
    genero: Literal["f", "m"]
    definicion: Text
    ejemplos: tuple[Text, ...] = ()
    termino: TermKey
    subtipos: dict[Id, TermKey] = Field(default_factory=dict)
    pide: tuple[Id, ...]
    minimos: tuple[Id, ...]
    limite: LimitEntry | None = None
    anonimo: bool = False
    cortesia: bool = False
    reservada: bool = False
    recursos: bool = False
    sin_pago: bool = False
    sui_tramite: int | None = None
    sui_por_subtipo: dict[Id, int] = Field(default_factory=dict)
    sui_reporta: bool = True


class KindsFile(Versioned):
    """``tipos_pqr.yml``."""

    tipos: dict[Id, KindEntry] = Field(min_length=1)

    @model_validator(mode="after")
    def _known(self) -> KindsFile:
        for name, kind in self.tipos.items():
            if kind.limite and kind.limite.pasa_a and kind.limite.pasa_a not in self.tipos:
                message = f"{name}.limite.pasa_a names {kind.limite.pasa_a}, which is not a type of this file"
                raise ValueError(message)
        return self


class SuiDetail(Entry):
    """A detail code of the SUI; ``energia``: also in the list of energy distributors."""

    grupo: Literal["F", "P"]
    texto: Text
    energia: bool = False
    verificado: bool = True
    nota: str = ""


class SuiRule(Entry):
    """Words that suggest a detail code: regular expressions over folded words; with ``y`` both must be there."""

    codigo: int
    palabras: Pattern
    y: Pattern | Literal[""] = ""


class SuiFile(Versioned):
    """``sui.yml`` (§1.8)."""

    norma: Text
    tramites: dict[int, Text]
    grupos: dict[Literal["F", "P"], Text]
    respuestas: dict[int, Text]
    notificaciones: dict[int, Text]
    columnas: tuple[Id, ...]
    detalles: dict[int, SuiDetail]
    sin_texto_verificado: tuple[int, ...]
    motivos_por_servicio: dict[Id, tuple[Text, ...]]
    sugerencias: tuple[SuiRule, ...] = ()

    @model_validator(mode="after")
    def _apart(self) -> SuiFile:
        both = sorted(set(self.detalles) & set(self.sin_texto_verificado))
        if both:
            message = f"codes {both} have a text and stand in sin_texto_verificado: leave each in one place"
            raise ValueError(message)
        unknown = sorted({rule.codigo for rule in self.sugerencias} - set(self.detalles))
        if unknown:
            message = f"sugerencias names the codes {unknown}, which are not in detalles"
            raise ValueError(message)
        return self


class EmergencyEntry(Entry):
    """The fixed text of an emergency (§7.6): at most 60 words; ``linea`` is the line to call first."""

    nombre: Text
    linea: Id
    texto: Wording
    pregunta: Text
    exige_direccion: bool = False
    disparadores: tuple[Text, ...]

    @model_validator(mode="after")
    def _short(self) -> EmergencyEntry:
        words = len(self.texto.split())
        if words > EMERGENCY_WORDS:
            message = f"texto has {words} words: at most {EMERGENCY_WORDS} are read by a person in danger"
            raise ValueError(message)
        return self


class EmergenciesFile(Versioned):
    """``emergencias.yml``."""

    lineas: dict[Id, Text]
    emergencias: dict[Id, EmergencyEntry] = Field(min_length=1)

    @model_validator(mode="after")
    def _lines_exist(self) -> EmergenciesFile:
        for name, entry in self.emergencias.items():
            unknown = sorted((placeholders(entry.texto) | {entry.linea}) - set(self.lineas))
            if unknown:
                message = f"{name} names the lines {unknown}, which are not in lineas"
                raise ValueError(message)
        return self

    def text(self, kind: str, lines: dict[str, str]) -> str:
        """Return the fixed text of ``kind`` with the company's ``lines`` (empty ones fall back to the file's own).

        Raises:
            KeyError: there is no such emergency.
        """
        return self.emergencias[kind].texto.format_map(
            self.lineas | {name: line for name, line in lines.items() if line}
        )


class Plural(Entry):
    """A measure in one and in several; both hold ``{cantidad}``."""

    uno: Wording
    varios: Wording

    def of(self, amount: int) -> str:
        """Write ``amount`` with the right form."""
        return (self.uno if amount == 1 else self.varios).format(cantidad=amount)


class DeadlineWords(Entry):
    """The lines that ``atiende deadline`` prints."""

    titulo: Wording
    desde: Wording
    termino: Wording
    norma: Wording
    vence: Wording
    dia0: Wording
    promesa: Wording
    modo_b: Wording
    dia0_b: Wording
    igual: str
    sin_modo_b: Text
    espera: Text
    estricta: Wording
    al_vencer: Wording
    omitidos: Text
    omitido: Wording
    sin_omitidos: Text
    corridas: Text


class CalendarWords(Versioned):
    """``calendario.yml``: names of days and months and how dates, hours and terms are written."""

    dias: tuple[Text, ...] = Field(min_length=7, max_length=7)
    meses: tuple[Text, ...] = Field(min_length=12, max_length=12)
    manana: Text
    tarde: Text
    fecha: Wording
    fecha_corta: Wording
    hora: Wording
    medianoche: Text
    trasladado: Wording
    festivo_propio: Text
    sabado: Text
    domingo: Text
    nombres: dict[str, Text] = Field(default_factory=dict)
    unidades: dict[Unit, Plural]
    plazo: DeadlineWords
