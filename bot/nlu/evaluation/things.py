"""Figures of entities and of the detector of danger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.nlu.data import Annotation
from bot.nlu.entities import ENTITIES
from bot.nlu.evaluation.figures import Row
from bot.nlu.evaluation.sentences import Observed
from bot.nlu.normalise import fold
from dialogs.engine.heard import BY_ITS_THING, Entity

_EMERGENCY = "emergencia"
_COUNTRY = "57"


@dataclass(frozen=True, slots=True)
class EntityError:
    """An entity that was missed, invented, or read with a wrong value."""

    kind: str
    entity: str
    words: str
    wanted: str
    found: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Things:
    """Figures of entities: ``rows`` by entity, worst first, ``overall``, and ``values``, the share of written values read.

    An entity is right when it overlaps a mark of its name and has the value that the mark writes, if it writes one. One
    that is told by its thing ("el sumidero" for the sewer) counts only where there is a mark: names are what is marked.
    """

    rows: tuple[Row, ...]
    overall: Row
    values: float | None
    errors: tuple[EntityError, ...]


def same_value(entity: str, found: Any, written: str) -> bool:
    """Tell whether a value that was read is the one that a mark writes, apart from accents, case and signs."""
    return _bare(entity, str(found)) == _bare(entity, written)


def _bare(entity: str, value: str) -> str:
    bare = "".join(sign for sign in fold(value).text.removesuffix("-05:00") if sign.isalnum())
    return bare.removeprefix(_COUNTRY) if entity == "telefono" and len(bare) > len("3001112233") else bare


def things(observed: Sequence[Observed]) -> Things | None:
    """Return the figures of the entities that have marks and that are read here; None without any such mark."""
    measured = {mark.entity for one in observed for mark in one.example.annotations} & set(ENTITIES)
    if not measured:
        return None
    right: Counter[str] = Counter()
    marked: Counter[str] = Counter()
    read: Counter[str] = Counter()
    values = [0, 0]
    errors: list[EntityError] = []
    for one in observed:
        free = [entity for entity in one.entities if entity.name in measured]
        for mark in one.example.annotations:
            if mark.entity not in measured:
                continue
            marked[mark.entity] += 1
            found = _overlapping(mark, free)
            if found is not None:
                free.remove(found)
                read[found.name] += 1
            is_read = found is not None and (mark.value is None or same_value(mark.entity, found.value, mark.value))
            right[mark.entity] += is_read
            if mark.value is not None:
                values[0] += is_read
                values[1] += 1
            if not is_read:
                kind, value = ("missed", "") if found is None else ("wrong value", str(found.value))
                wanted = mark.value or mark.text
                errors.append(EntityError(kind, mark.entity, mark.text, wanted, value, one.example.text))
        free = [entity for entity in free if entity.role != BY_ITS_THING]
        read.update(entity.name for entity in free)
        errors += [
            EntityError("invented", entity.name, entity.text, "", str(entity.value), one.example.text)
            for entity in free
        ]
    rows = [_row(name, right[name], read[name], marked[name]) for name in measured]
    return Things(
        tuple(sorted(rows, key=lambda row: (row.f1, row.name))),
        _row("", right.total(), read.total(), marked.total()),
        values[0] / values[1] if values[1] else None,
        tuple(errors),
    )


def _overlapping(mark: Annotation, free: Sequence[Entity]) -> Entity | None:
    same = [one for one in free if one.name == mark.entity and one.start < mark.end and mark.start < one.end]
    return max(same, key=lambda one: min(one.end, mark.end) - max(one.start, mark.start), default=None)


def _row(name: str, right: int, read: int, marked: int) -> Row:
    precision, recall = right / read if read else 0.0, right / marked if marked else 0.0
    f1 = 2 * right / (read + marked) if read + marked else 0.0
    return Row(name, precision, recall, f1, marked)


@dataclass(frozen=True, slots=True)
class Alarms:
    """The detector of danger alone: the share of emergencies it hears, of other sentences it takes for one, and which."""

    recall: float | None
    false_alarms: float | None
    missed: tuple[str, ...]
    invented: tuple[str, ...]


def alarms(observed: Sequence[Observed]) -> Alarms:
    """Return how the detector of danger did; a figure is None without sentences of its kind."""
    danger = [one for one in observed if one.example.intent == _EMERGENCY]
    calm = [one for one in observed if one.example.intent != _EMERGENCY]
    missed = tuple(one.example.text for one in danger if not one.danger)
    invented = tuple(one.example.text for one in calm if one.danger)
    return Alarms(
        1 - len(missed) / len(danger) if danger else None, len(invented) / len(calm) if calm else None, missed, invented
    )
