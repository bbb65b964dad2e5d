"""The table of expressions in ``tests/nlu/expresiones``: what people say, and what must be understood by it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.nlu.answers import read_answer
from bot.nlu.entities import Gazetteer, extract
from dialogs.engine.flow import SlotDef, SlotMapping
from dialogs.engine.heard import BY_ITS_THING
from tests.nlu.world import NOW

FOLDER = Path(__file__).with_name("expresiones")

#: The sections of a file and the role that their entities have.
SAID = {
    "dichos": "",
    "dudosos": "dudoso",
    "de_otros": "otra_persona",
    "a_medias": "a_medias",
    "por_su_cosa": BY_ITS_THING,
}
ANSWERS, NOT_ONE = "respuestas", "no_es"


@dataclass(frozen=True, slots=True)
class Expression:
    """A sentence and what it says of one ``kind``: values in the order in which they are said, all of one ``role``.

    ``is_answer`` says that the kind was just asked for; then the one value is that of the answer, none if it has to be
    asked again. ``places`` are the names that the gazetteer of its file knows.
    """

    kind: str
    said: str
    values: tuple[Any, ...]
    role: str = ""
    is_answer: bool = False
    places: tuple[str, ...] = ()


#: Reads the values (and their roles) of the kind of one expression.
Reader = Callable[[Expression], list[tuple[Any, str]]]


def _values(value: Any) -> tuple[Any, ...]:
    return () if value is None else tuple(value) if isinstance(value, list) else (value,)


def _rows(path: Path) -> Iterator[Expression]:
    file = yaml.safe_load(path.read_text(encoding="utf-8"))
    kind, places = file["entidad"], tuple(file.get("lugares", ()))
    for section, role in SAID.items():
        for said, value in file.get(section, {}).items():
            yield Expression(kind, said, _values(value), role, places=places)
    for said, value in file[ANSWERS].items():
        yield Expression(kind, said, _values(value), is_answer=True, places=places)
    for said in file[NOT_ONE]:
        yield Expression(kind, said, (), places=places)


@cache
def table() -> dict[str, tuple[Expression, ...]]:
    """Return every expression by kind, kinds in the order of their names."""
    rows = {path.stem: tuple(_rows(path)) for path in sorted(FOLDER.glob("*.yml"))}
    assert all({row.kind for row in found} == {kind} for kind, found in rows.items())
    return rows


def ours(row: Expression) -> list[tuple[Any, str]]:
    """Read an expression as the service does."""
    gazetteer = Gazetteer.of(row.places)
    asked = row.kind if row.is_answer else ""
    entities = extract(row.said, now=NOW, gazetteer=gazetteer, asked=asked)
    if not row.is_answer:
        return [(entity.value, entity.role) for entity in entities if entity.name == row.kind]
    slot = SlotDef("asked", "text", mappings=(SlotMapping("from_entity", entity=row.kind),))
    answer = read_answer(row.said, slot, now=NOW, entities=entities, gazetteer=gazetteer)
    return [(answer.value, "")] if answer is not None else []


def is_right(row: Expression, read: Reader) -> bool:
    """Tell whether ``read`` finds in an expression what it says, all of it and nothing else."""
    return read(row) == [(value, row.role) for value in row.values]


def failures(kind: str, read: Reader = ours) -> list[str]:
    """Return a line for each expression of ``kind`` that is read in another way."""
    return [
        f"«{row.said}»: wanted {[*row.values]} {row.role}, found {read(row)}"
        for row in table()[kind]
        if not is_right(row, read)
    ]
