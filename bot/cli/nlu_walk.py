"""The walk of ``atiende nlu review`` without a subcommand: one group after another, each decided with a key or a word."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from bot.cli.nlu import show
from bot.kernel.errors import Unreadable
from bot.learning.groups import Group
from bot.learning.review import groups_of, known_intent

if TYPE_CHECKING:
    from bot.cli.opened import Opened
    from storage.repos.doubts import State

_SHOWN, _ALL = 8, 10_000
_DROP = re.compile(r"-\s*(\d+(?:[\s,]+\d+)*)")
_HELP = (
    "Intro acepta lo sugerido · o escriba una intención, que Tab completa\n"
    "d descarta · s deja para después · -2 saca la frase 2 del grupo\n"
    "v muestra todas · u deshace lo último · q termina"
)

Ask = Callable[[str], str | None]


def keyboard(intents: Sequence[str]) -> Ask:
    """Return what asks the person at the keyboard, or reads the lines of a pipe; None means that there are no more."""
    if not sys.stdin.isatty():
        return lambda _: line.strip() if (line := sys.stdin.readline()) else None
    from prompt_toolkit import PromptSession
    from prompt_toolkit.completion import WordCompleter

    session: PromptSession[str] = PromptSession(completer=WordCompleter(list(intents)), complete_while_typing=False)

    def ask(question: str) -> str | None:
        try:
            return session.prompt(question).strip()
        except (EOFError, KeyboardInterrupt):
            return None

    return ask


class Walk:
    """Staff before the groups that wait, the most frequent first."""

    def __init__(self, opened: Opened, intents: Sequence[str], ask: Ask, *, staff: str) -> None:
        """Take the opened installation, the intents that there are, how to ask, and who decides."""
        self._opened = opened
        self._intents = intents
        self._ask = ask
        self._staff = staff
        self._undo: list[int] = []
        self._decided = 0

    def run(self) -> None:
        """Show every group and do what is asked, until there are no more or the person is done."""
        console = self._opened.console
        groups = self._opened.database.read_now(groups_of)
        if not groups:
            console.print("No hay nada por revisar.")
            return
        console.print(_HELP, style="dim", highlight=False)
        at = 0
        while at < len(groups):
            console.print(f"\n{at + 1} de {len(groups)}", style="dim", highlight=False)
            step = self._one(groups[at], can_go_back=at > 0)
            if step is None:
                break
            at = max(0, at + step)
        tail = " Falta: atiende nlu review export" if self._decided else ""
        console.print(f"Grupos decididos: {self._decided}.{tail}", highlight=False)

    def _one(self, each: Group, *, can_go_back: bool) -> int | None:
        """Decide on one group; return how many groups to go on (or back), None to end."""
        console = self._opened.console
        show(self._opened, each, _SHOWN, numbered=True)
        while True:
            seems = each.suggestion.intent
            said = self._ask(f"[{seems}] > " if seems else "> ")
            if said is None or said == "q":
                return None
            if said == "s":
                return 1
            if said == "d":
                self._decide(each, "")
                return 1
            if said == "v":
                show(self._opened, each, _ALL, numbered=True)
            elif said == "u":
                if self._undone() and can_go_back:
                    return -1
            elif dropped := _DROP.fullmatch(said):
                each = _without(each, {int(number) for number in re.findall(r"\d+", dropped[1])})
                show(self._opened, each, _SHOWN, numbered=True)
            elif said or seems:
                try:
                    intent = known_intent(said or seems, self._intents)
                except Unreadable as trouble:
                    console.print(str(trouble), highlight=False, markup=False)
                    continue
                self._decide(each, intent)
                return 1
            else:
                console.print(_HELP, style="dim", highlight=False)

    def _decide(self, each: Group, intent: str) -> None:
        ids, now = [member.id for member in each.members], self._opened.clock.now()
        state: State = "labelled" if intent else "discarded"
        self._opened.database.write_now(
            lambda uow: uow.doubts.decide(ids, state, now, by=self._staff, label=intent or None)
        )
        self._undo = ids
        self._decided += 1
        self._opened.console.print(f"→ {intent}" if intent else "→ descartado", style="green", highlight=False)

    def _undone(self) -> bool:
        """Open again what was decided last; False when there is nothing to undo."""
        if not self._undo:
            self._opened.console.print("No hay nada que deshacer.")
            return False
        ids, now = self._undo, self._opened.clock.now()
        self._opened.database.write_now(lambda uow: uow.doubts.decide(ids, "open", now))
        self._undo = []
        self._decided -= 1
        return True


def _without(each: Group, places: set[int]) -> Group:
    """Return the group without the sentences at these places (1 first); one sentence always stays."""
    kept = tuple(member for place, member in enumerate(each.members, 1) if place not in places)
    return Group(kept or each.members)
