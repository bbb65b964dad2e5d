"""Steps from state to state that are not possible, said to staff in Spanish with the names of ``estados.yml``."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Literal

from bot.kernel.catalog import Text, Versioned, read_whole

Thing = Literal["caso", "reporte", "corte", "trabajo", "acuerdo", "registro", "compromiso"]
FILE = Path(__file__).resolve().parents[2] / "dialogs" / "catalog" / "estados.yml"


class StatesFile(Versioned):
    """What ``estados.yml`` says: the states of each thing by the name that is typed."""

    estados: dict[Thing, dict[str, Text]]


@lru_cache(maxsize=1)
def load() -> StatesFile:
    """Read the file, once in the life of the process.

    Raises:
        CatalogError: with every problem, each as ``file:line: what``.
    """
    return read_whole(FILE, StatesFile)


def named(thing: Thing, state: str) -> str:
    """Return a state as staff read it, with the name that is typed: «en trámite (EN_TRAMITE)»."""
    words = load().estados[thing].get(state)
    return f"{words} ({state})" if words else state[:40]


def unknown(thing: Thing, state: str) -> str:
    """Say that there is no such state, and which there are."""
    every = ", ".join(named(thing, one) for one in load().estados[thing])
    return f"No hay un estado «{state[:40]}». Los del {thing} son: {every}."


def refused(thing: Thing, now: str, wanted: str, possible: Iterable[str], *, which: str = "") -> str:
    """Say that a thing cannot go from ``now`` to ``wanted``, and where it can go."""
    ways = [named(thing, one) for one in possible]
    subject = f"El {thing} {which}".rstrip()
    rest = f"Desde ahí puede pasar a: {', '.join(ways)}." if ways else "Desde ahí ya no pasa a otro estado."
    return f"{subject} está {named(thing, now)} y no puede pasar a {named(thing, wanted)}. {rest}"


def only(thing: Thing, now: str, needed: Iterable[str], what: str, *, which: str = "") -> str:
    """Say that ``what`` is done only from certain states, and in which the thing is."""
    places = " o ".join(named(thing, one) for one in needed)
    return f"El {thing} {which}".rstrip() + f" está {named(thing, now)}. Solo se puede {what} cuando está {places}."
