"""Staff's decisions on what was not understood: over rows, for the terminal and for whatever shows them later."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bot.kernel.errors import AtiendeError, Unreadable
from bot.learning import examples
from bot.learning.groups import Group, group

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from storage.db import Database
    from storage.repos.doubts import State
    from storage.uow import UnitOfWork

_NEAREST = 3


def groups_of(uow: UnitOfWork, *, reason: str = "", state: State = "open") -> list[Group]:
    """Return the groups of what stands in ``state``, perhaps only what was kept for one ``reason``."""
    found = uow.doubts.in_state(state)
    return group([record for record in found if not reason or record.reason == reason])


def group_of(uow: UnitOfWork, number: int) -> Group:
    """Return the open group that is called ``number``.

    Raises:
        AtiendeError: no open group is called so; the text names the group that holds the sentence, if any.
    """
    for each in groups_of(uow):
        if each.id == number:
            return each
        if any(member.id == number for member in each.members):
            message = f"La frase {number} está en el grupo {each.id}. Para decidir solo sobre ella, agregue --solo."
            raise AtiendeError(message)
    message = f"No hay un grupo {number} por revisar. Mire «atiende nlu review list»."
    raise AtiendeError(message)


def ids_of(uow: UnitOfWork, number: int, *, alone: bool) -> list[int]:
    """Return the rows that a decision on ``number`` is about: its whole group, or that sentence ``alone``.

    Raises:
        AtiendeError: there is no such open sentence or group.
    """
    if not alone:
        return [member.id for member in group_of(uow, number).members]
    if number not in {record.id for record in uow.doubts.in_state("open")}:
        message = f"No hay una frase {number} por revisar. Mire «atiende nlu review list»."
        raise AtiendeError(message)
    return [number]


def known_intent(said: str, intents: Collection[str]) -> str:
    """Return ``said`` if it is an intent.

    Raises:
        Unreadable: it is none; the text names those that are spelled most like it.
    """
    if said in intents:
        return said
    from rapidfuzz import process

    near = [str(found[0]) for found in process.extract(said, sorted(intents), limit=_NEAREST)]
    message = f"«{said[:40]}» no es una intención. ¿Quiso decir {', '.join(near)}?"
    raise Unreadable(message)


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export did, and the file it is in."""

    plan: examples.Export
    target: Path


def export(
    database: Database, *, data: Path, target: Path, intents: Collection[str], now: datetime, dry: bool = False
) -> Exported:
    """Write the labelled sentences into ``target`` and note them as exported; ``dry`` only tells what would be done.

    Raises:
        DialogsError: the language data or the target are wrong; nothing was changed.
    """
    with examples.alone(target):
        records = database.read_now(lambda uow: uow.doubts.in_state("labelled"))
        plan = examples.prepare(records, data=data, target=target, intents=intents)
        if not dry:
            if plan.added:
                examples.put(target, plan.text)
            done = [record.id for record in (*plan.added, *plan.present)]
            if done:
                database.write_now(lambda uow: uow.doubts.decide(done, "exported", now))
    return Exported(plan, target)
