"""What a message wants: errands by their intents, how sure that is, and what is left to ask about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dialogs.engine import patterns
from dialogs.engine.commands import CancelFlow, CannotHandle, Clarify, Command, HumanHandoff, StartFlow
from dialogs.engine.conversation import Conversation
from dialogs.engine.flow import Dialogs, Flow
from dialogs.engine.heard import Heard, Intent
from dialogs.engine.told import Told


@dataclass(frozen=True, slots=True)
class Thresholds:
    """How sure the understanding must be, as confidences in [0, 1], and how many words a short message has.

    ``start`` begins an errand; ``digress`` leaves an open question for another; ``free_text`` and its margin do so at
    a description. From ``whole`` on a message is one wish, if its clauses sound like others. Within ``margin`` of the
    best, wishes are asked about, if they reach ``candidate``.
    """

    start: float = 0.45
    digress: float = 0.6
    margin: float = 0.15
    candidate: float = 0.2
    free_text: float = 0.75
    free_text_margin: float = 0.4
    short_words: int = 6
    out_of_scope: float = 0.6
    whole: float = 0.9


DEFAULT = Thresholds()

#: Most errands that a clarification offers.
MOST_CLARIFIED = 3

#: Words of a courtesy that says nothing else: «muchas gracias», «buenas tardes».
_BARE_COURTESY = 3

#: What these intents mean where no flow is triggered by them.
_WITHOUT_FLOW: dict[str, Command] = {
    "cancelar": CancelFlow(),
    "hablar_con_asesor": HumanHandoff("asked"),
    "fuera_de_alcance": CannotHandle("out_of_scope"),
    "ayuda": StartFlow(patterns.MENU),
}


#: Intents that only mean something as an answer, while a question is open.
_LOOSE_ANSWERS = frozenset({"afirmar", "negar"})


class Wishes:
    """The intents of one message against the errand that runs and the question that is open."""

    def __init__(
        self,
        conversation: Conversation,
        heard: Heard,
        dialogs: Dialogs,
        *,
        thresholds: Thresholds,
        told: Told,
        running: Flow | None,
        asked: bool,
    ) -> None:
        """Take the message, the flow that runs (or None) and whether a question is open."""
        self._slots = conversation.slots
        self._heard = heard
        self._dialogs = dialogs
        self._sure = thresholds
        self._told = told
        self._running = running
        self._asked = asked
        self._question = conversation.asked
        self.best: Intent | None = heard.ranking[0] if heard.ranking else None

    def begin(self, flow: Flow, intent: str, values: Mapping[str, Any] | None = None) -> StartFlow:
        """Return the command that begins ``flow`` with what the message already tells of it."""
        slots = {"intent": intent} if flow.pattern else self._told.beginning(flow, intent, values)
        return StartFlow(flow.id, slots)

    def commands(self) -> Iterator[Command]:
        """Start what is wanted; when two or three wishes are equally likely, ask which."""
        best, sure, beyond = self.best, self._sure, self._heard.out_of_scope
        if best is None:
            return
        if beyond >= sure.out_of_scope and beyond >= best.confidence:
            if self._asked and self._heard.extra.get("no_such_date"):
                return
            yield CannotHandle("too_long" if self._heard.extra.get("too_long") else "out_of_scope")
            return
        several = list(self.second())
        is_one = self._is_one_wish(several)
        if len(several) > 1 and not self._asked and not is_one:
            yield from several
            return
        close = self._close_flows()
        if len(close) > 1 and best.confidence < sure.free_text:
            if not self._asked:
                yield self._ask_which(close[:MOST_CLARIFIED])
            return
        command = self._command_of(best)
        if self._asked and best.name in _LOOSE_ANSWERS and isinstance(command, StartFlow):
            # A loose yes or no that does not answer is a miss like any other: it counts.
            yield CannotHandle()
        elif command is not None and best.confidence >= self._least(best.name):
            yield command
            if isinstance(command, StartFlow) and not is_one:
                yield from self.second(command.flow)

    def _is_one_wish(self, several: list[Command]) -> bool:
        """Return whether the whole message surely means one errand, which its clauses only tell the story of.

        So it is when none of the clauses means that errand by itself, or when those that mean another are not sure.
        """
        best = self.best
        flow = self.flow_of(best.name) if best else None
        if not best or not flow or flow.pattern or best.confidence < self._sure.whole:
            return False
        others = {each.flow for each in several if isinstance(each, StartFlow)} - {flow.id}
        if len(others) == len(several):
            return True
        return not any(
            ranking[0].confidence >= self._sure.free_text
            and (meant := self.flow_of(ranking[0].name))
            and meant.id in others
            for ranking in self._heard.extra.get("clauses") or ()
            if ranking
        )

    def _ask_which(self, flows: list[str]) -> Clarify:
        intents = {flow.id: intent.name for intent in self._heard.ranking if (flow := self.flow_of(intent.name))}
        told = {
            flow: told for flow in flows if (told := self._told.beginning(self._dialogs.flows[flow], intents[flow]))
        }
        return Clarify(tuple(flows), self._heard.text, told)

    def second(self, first: str = "") -> Iterator[Command]:
        """Take the wishes of single clauses (``extra["clauses"]``: one ranking a clause) that lead to other errands."""
        seen = {first, self._running.id if self._running else ""}
        for ranking in self._heard.extra.get("clauses") or ():
            best: Intent | None = ranking[0] if ranking else None
            flow = self.flow_of(best.name) if best else None
            if best and flow and not flow.pattern and flow.id not in seen and best.confidence >= self._sure.digress:
                seen.add(flow.id)
                yield self.begin(flow, best.name)

    def lead_elsewhere(self, *, free_text: bool) -> bool:
        """Return whether the best intent is sure, well ahead of the next, and leads away from the open question."""
        best, sure = self.best, self._sure
        least, margin = (sure.free_text, sure.free_text_margin) if free_text else (sure.digress, sure.margin)
        if best is None or best.confidence < least or self._heard.out_of_scope > best.confidence:
            return False
        if best.confidence - self._runner_up() < margin:
            return False
        command = self._command_of(best)
        if free_text and isinstance(command, StartFlow) and self._thanks_on_the_way(command):
            return False
        # Names, places and the like sound foreign to the model; where an answer is awaited that leads nowhere.
        return not isinstance(command, CannotHandle | None)

    def _thanks_on_the_way(self, command: StartFlow) -> bool:
        """Return whether a courtesy is a part of what was asked: «muy amables todos, gracias» is a comment."""
        return self._dialogs.flows[command.flow].pattern and len(self._heard.text.split()) > _BARE_COURTESY

    def flow_of(self, intent: str) -> Flow | None:
        """Return the first flow that ``intent`` may begin now."""
        for flow, _trigger in self._dialogs.triggered.get(intent, ()):
            if flow.guard is None or flow.guard.holds(self._slots, {}):
                return flow
        return None

    def _command_of(self, intent: Intent) -> Command | None:
        """Return what an intent asks for, or None when it asks for nothing new here."""
        flow = self.flow_of(intent.name)
        if flow is None:
            return _WITHOUT_FLOW.get(intent.name)
        if self._asked and self._running is not None and flow.id == self._running.id:
            return None
        if self._asked and self._question in self._dialogs.slots_of(flow.id):
            # A sister errand that would ask this very question: what was said is its answer, not another wish.
            return None
        return self.begin(flow, intent.name)

    def _runner_up(self) -> float:
        """Return the confidence of the best intent that leads to another flow than the first does."""
        first = self.flow_of(self._heard.ranking[0].name)
        for other in self._heard.ranking[1:]:
            if first is None or self.flow_of(other.name) is not first:
                return other.confidence
        return 0.0

    def _close_flows(self) -> list[str]:
        """Return the errands whose intents are within the margin of the best, best first."""
        found: list[str] = []
        for each in self._heard.ranking:
            near = self._heard.ranking[0].confidence - each.confidence <= self._sure.margin
            flow = self.flow_of(each.name)
            if near and each.confidence >= self._sure.candidate and flow and not flow.pattern and flow.id not in found:
                found.append(flow.id)
        return found

    def _least(self, intent: str) -> float:
        """Return the confidence that ``intent`` needs here: its flow's own threshold or the general one.

        No threshold of a flow makes it easier to leave an open question.
        """
        flow = self.flow_of(intent)
        written = next((each.threshold for each in flow.triggers if each.intent == intent), None) if flow else None
        general = self._sure.digress if self._asked else self._sure.start
        if written is None:
            return general
        return max(written, general) if self._asked else written
