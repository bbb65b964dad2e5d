"""What buttons mean: the options that were shown, kept for as long as pressing them makes sense."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

_KEPT_MENUS = 4
#: What pressing Start in a channel, with or without a link's token, stands for.
_GREETING = "/saludar"
#: An errand called by its name; repairs and actions are the engine's own affair, and nobody starts them by writing.
_BARE_NAME = re.compile(r"/(?!pattern_|action_)[a-z_]{2,60}")
_ERRAND_LIVES = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Choice:
    """One option as shown: its token, its label and the payload that pressing it stands for."""

    token: str
    label: str
    payload: str


@dataclass(frozen=True, slots=True)
class Pressed:
    """What a token means now: its ``payload``, or nothing and ``stale``."""

    payload: str
    stale: bool


@dataclass(frozen=True, slots=True)
class Menus:
    """The latest menu of a conversation and a few older ones, newest last.

    Each menu is ``(moment, choices)``. Only the newest one answers numbers and labels; an older button still begins
    its errand for a day, since that is what people expect of a menu they scroll back to.
    """

    shown: tuple[tuple[datetime, tuple[Choice, ...]], ...] = ()
    is_open: bool = False

    @property
    def current(self) -> tuple[Choice, ...]:
        """The choices a number or a label may mean now."""
        return self.shown[-1][1] if self.shown and self.is_open else ()

    def press(self, token: str, now: datetime) -> Pressed:
        """Return what pressing ``token`` means at ``now``."""
        for choice in self.current:
            if choice.token == token:
                return Pressed(choice.payload, stale=False)
        for moment, choices in self.shown:
            for choice in choices:
                is_errand = choice.payload.startswith("/") and not choice.payload.startswith("/SetSlots")
                if choice.token == token and is_errand and now - moment <= _ERRAND_LIVES:
                    return Pressed(choice.payload, stale=False)
        return Pressed("", stale=True)

    def said(self, text: str) -> str:
        """Return the payload that typing ``text`` stands for, or an empty text.

        It is the very label of an option, or its payload (Rasa's clients send that back), or ``/name``. A payload that
        carries values counts only while we show it: nobody fills our slots by writing them out.
        """
        typed = text.strip()
        for choice in self.current:
            if typed in {choice.label, choice.payload} or choice.label.casefold() == typed.casefold():
                return choice.payload
        if typed.split(" ", 1)[0] == "/start":
            return _GREETING
        return typed if _BARE_NAME.fullmatch(typed) else ""

    def after(self, choices: Sequence[Choice], now: datetime) -> Menus:
        """Return the menus after a turn that showed ``choices`` (perhaps none)."""
        if not choices:
            return Menus(self.shown, is_open=False)
        return Menus((*self.shown, (now, tuple(choices)))[-_KEPT_MENUS:], is_open=True)

    def to_json(self) -> dict[str, Any]:
        """Return the menus as a JSON object."""
        return {
            "open": self.is_open,
            "shown": [
                [moment.isoformat(), [[choice.token, choice.label, choice.payload] for choice in choices]]
                for moment, choices in self.shown
            ],
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any] | None) -> Menus:
        """Return the menus kept in ``document``."""
        if not document:
            return cls()
        return cls(
            tuple(
                (datetime.fromisoformat(moment), tuple(Choice(*choice) for choice in choices))
                for moment, choices in document["shown"]
            ),
            is_open=document["open"],
        )


def choices_of(turn: int, buttons: Iterable[tuple[str, str]], *, start: int = 1) -> tuple[Choice, ...]:
    """Give the ``(label, payload)`` buttons of a turn their tokens: short, ASCII and unique in the conversation."""
    return tuple(
        Choice(f"o{turn:x}-{number}", label, payload) for number, (label, payload) in enumerate(buttons, start)
    )
