"""The words of an agreement (``acuerdo_texto.yml``): what a person reads and accepts, and what its PDF says around it."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pydantic import Field, model_validator

from bot.agreements.policy import FOLDER
from bot.kernel.catalog import Entry, Text, Versioned, Wording, home_of, placeholders, read_whole

if TYPE_CHECKING:
    from bot.kernel.config import Settings

FILE = "acuerdo_texto.yml"
_VALUES: Final = frozenset(
    "empresa nit cuenta base en_reclamo inicial dias_inicial cuotas dia capital tasa interes total mora incumplidas"
    " numero fecha valor norma momento palabra canal huella pagina paginas".split()
)


def _refuse_unknown(entry: Entry) -> None:
    for name in type(entry).model_fields:
        text = getattr(entry, name)
        unknown = sorted(placeholders(text) - _VALUES) if isinstance(text, str) else []
        if unknown:
            message = f"{name} asks for {unknown}; it may hold: {', '.join(sorted(_VALUES))}"
            raise ValueError(message)


class SignerWords(Entry):
    """In what capacity a person signs."""

    titular: Text
    arrendatario_autorizado: Text
    arrendatario: Text


class FieldWords(Entry):
    """Labels of the facts in the PDF."""

    numero: Text
    estado: Text
    cuenta: Text
    solicitado: Text
    decidido: Text
    base: Text
    en_reclamo: Text
    inicial: Text
    capital: Text
    tasa: Text
    interes: Text
    total: Text


class PaperWords(Entry):
    """What the PDF says around the accepted text."""

    empresa: Wording
    campos: FieldWords
    tabla: tuple[Text, ...] = Field(min_length=6, max_length=6)
    cuota_inicial: Text
    por_aprobar: Text
    texto: Text
    prueba: Text
    aceptado: Wording
    codigo: Text
    sin_codigo: Text
    huella: Wording
    pie: Wording
    estados: dict[str, Text]

    @model_validator(mode="after")
    def _known_values(self) -> PaperWords:
        _refuse_unknown(self)
        return self


class AgreementWords(Versioned):
    """``acuerdo_texto.yml``."""

    titulo: Text
    partes: Wording
    firmantes: SignerWords
    deuda: Wording
    reclamo: Wording
    inicial: Wording
    sin_inicial: Wording
    cuotas: Wording
    una_cuota: Wording
    cuota: Wording
    sin_interes: Wording
    con_interes: Wording
    mora: Wording
    reconoce: Wording
    incumple: Wording
    suspension: Wording
    nuevas: Wording
    proteccion: Wording
    copia: Wording
    politica: Wording
    documento: PaperWords

    @model_validator(mode="after")
    def _known_values(self) -> AgreementWords:
        _refuse_unknown(self)
        return self


@lru_cache(maxsize=8)
def load(folder: Path = FOLDER) -> AgreementWords:
    """Read the words of ``folder``, once in the life of the process.

    Raises:
        CatalogError: with every problem, each as ``file:line: what``.
    """
    return read_whole(folder / FILE, AgreementWords)


def of_settings(settings: Settings) -> AgreementWords:
    """Read the words of the installation, or those that come with the program where it has none of its own.

    Raises:
        CatalogError: as ``load``.
    """
    return load(home_of(FILE, settings.dialogos.carpeta, FOLDER))
