"""A message that the person changed: a new answer to what it answered, or a kind word when it is too late for that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from dialogs.engine.commands import CannotHandle, CorrectSlot
from dialogs.engine.slots import fitted

if TYPE_CHECKING:
    from datetime import datetime

    from bot.channels.base import Inbound
    from bot.nlu.understand import Understanding
    from bot.turn.menus import Choice, Menus
    from bot.turn.plan import Talk
    from dialogs.engine.commands import Command
    from dialogs.engine.flow import Dialogs
    from storage.db import Database
    from storage.repos.inbox import InboxItem
    from storage.uow import UnitOfWork

#: The outcome of a turn about a message that says what it said before.
UNCHANGED = "unchanged"
#: What is to be done: nothing, hear the words as new ones, correct the answers, or say that it is too late.
Manner = Literal["unchanged", "new", "correction", "late"]
_ANSWERS = frozenset({"SetSlot", "CorrectSlot"})
_TURNS_BACK = 6


@dataclass(frozen=True, slots=True)
class Edit:
    """What an edit means: its ``manner``, what the whole message says now, and the slots that it had answered."""

    manner: Manner
    text: str = ""
    slots: tuple[str, ...] = ()


async def look_back(database: Database, conversation_id: str, event: Inbound) -> Edit:
    """Return what the edit ``event`` is about: only the newest message can still be answered anew."""
    return await database.read(lambda uow: _look_back(uow, conversation_id, event))


def corrections(
    edit: Edit, before: Talk, event: Inbound, *, understanding: Understanding, dialogs: Dialogs, now: datetime
) -> list[Command]:
    """Return the edit as commands: the same answers, read again from the words as they stand now."""
    found: list[Command] = []
    for name in edit.slots if edit.manner == "correction" else ():
        slot = dialogs.domain.slots.get(name)
        passed = any(name in frame.filled for frame in before.engine.stack)
        if slot is None or not passed:
            continue
        asked = replace(before.engine, asked=name)
        menu = _menu_of(before.menus, name)
        heard = understanding.hear(edit.text, conversation=asked, dialogs=dialogs, now=now, menu=menu)
        value = edit.text if slot.free_text else fitted(slot, heard.answer.value) if heard.answer else None
        if value is not None and value != before.engine.slots.get(name):
            found.append(CorrectSlot(name, value, event.text))
    return found or [CannotHandle("edited")]


def _look_back(uow: UnitOfWork, conversation_id: str, event: Inbound) -> Edit:
    rows = uow.inbox.newest_turn(conversation_id)
    changed = next((row for row in rows if event.reply_to in _names(row)), None)
    if changed is None:
        return Edit("late")
    if str(changed.payload.get("text", "")).strip() == event.text.strip():
        return Edit("unchanged")
    # Messages of one breath were read as one: the others of it still stand.
    lines = [event.text if row is changed else str(row.payload.get("text", "")) for row in rows]
    text = "\n".join(line for line in lines if line.strip())
    history = uow.turns.history(conversation_id, _TURNS_BACK)
    commands: Sequence[Mapping[str, Any]] = next((each.commands for each in history if each.turn == changed.turn), ())
    return replace(_meant(commands), text=text)


def _meant(commands: Sequence[Mapping[str, Any]]) -> Edit:
    slots = tuple(dict.fromkeys(one["slot"] for one in commands if one["is"] in _ANSWERS))
    if slots:
        return Edit("correction", slots=slots)
    greeted = [one for one in commands if one["is"] != "SessionStart"]
    missed = all(one["is"] == "CannotHandle" and one["reason"] != "edited" for one in greeted)
    return Edit("new" if missed else "late")


def _names(row: InboxItem) -> set[str]:
    """Return the ids by which a provider may call the message of ``row``; an edit is also called as what it changed."""
    names = {row.payload.get("message") or row.key}
    return names | {row.payload["reply_to"]} if row.kind == "edited" and row.payload.get("reply_to") else names


def _menu_of(menus: Menus, slot: str) -> tuple[Choice, ...]:
    """Return the options that were shown when ``slot`` was asked, so that a number means what it meant."""
    shown = (choices for _, choices in reversed(menus.shown))
    return next((each for each in shown if any(f"({slot}=" in one.payload for one in each)), ())
