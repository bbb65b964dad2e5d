"""Reads ``dialogs/catalog`` once, strictly: every mistake is told with its file and line, several at once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from bot.kernel.catalog import read_file
from bot.pqr.catalog_constancia import ConstanciaFile
from bot.pqr.catalog_model import (
    CalendarWords,
    EmergenciesFile,
    KindEntry,
    KindsFile,
    SuiFile,
    TermsFile,
)
from bot.pqr.errors import CatalogError, UnknownKind

FOLDER = Path(__file__).resolve().parents[2] / "dialogs" / "catalog"


@dataclass(frozen=True, slots=True)
class Catalog:
    """What the law and the wording around it say, as data.

    ``terms``: legal terms; ``kinds``: types of PQR; ``sui``: report codes; ``constancia``: words of the constancia;
    ``emergencies``: fixed texts; ``words``: names of days and months.
    """

    terms: TermsFile
    kinds: KindsFile
    sui: SuiFile
    constancia: ConstanciaFile
    emergencies: EmergenciesFile
    words: CalendarWords

    def kind(self, name: str) -> KindEntry:
        """Return the type of PQR ``name``.

        Raises:
            UnknownKind: there is none; the text lists the known ones.
        """
        try:
            return self.kinds.tipos[name]
        except KeyError:
            message = f"there is no type of PQR {name!r}; known: {', '.join(self.kinds.tipos)}"
            raise UnknownKind(message) from None


@lru_cache(maxsize=8)
def load(folder: Path = FOLDER) -> Catalog:
    """Read the six files of ``folder`` (UTF-8 YAML), once in the life of the process.

    Raises:
        CatalogError: with every problem of every file, each as ``file:line: what``.
    """
    problems: list[str] = []
    terms = read_file(folder / "terminos.yml", TermsFile, problems)
    kinds = read_file(folder / "tipos_pqr.yml", KindsFile, problems)
    sui = read_file(folder / "sui.yml", SuiFile, problems)
    constancia = read_file(folder / "constancia.yml", ConstanciaFile, problems)
    emergencies = read_file(folder / "emergencias.yml", EmergenciesFile, problems)
    words = read_file(folder / "calendario.yml", CalendarWords, problems)
    if terms and kinds:
        problems += _terms_of_kinds(terms, kinds)
    if sui and kinds:
        problems += _codes_of_kinds(sui, kinds)
    if not (terms and kinds and sui and constancia and emergencies and words) or problems:
        raise CatalogError(problems)
    return Catalog(terms, kinds, sui, constancia, emergencies, words)


def _terms_of_kinds(terms: TermsFile, kinds: KindsFile) -> list[str]:
    problems = []
    for name, kind in kinds.tipos.items():
        named = [kind.termino, *kind.subtipos.values(), *([kind.limite.termino] if kind.limite else [])]
        problems += [
            f"tipos_pqr.yml:1: tipos.{name}: the term {term} is not in terminos.yml"
            for term in dict.fromkeys(named)
            if term not in terms.terminos
        ]
    return problems


def _codes_of_kinds(sui: SuiFile, kinds: KindsFile) -> list[str]:
    problems = []
    for name, kind in kinds.tipos.items():
        codes = [code for code in (kind.sui_tramite, *kind.sui_por_subtipo.values()) if code is not None]
        problems += [
            f"tipos_pqr.yml:1: tipos.{name}: the code {code} is not in sui.yml tramites"
            for code in dict.fromkeys(codes)
            if code not in sui.tramites
        ]
    return problems
