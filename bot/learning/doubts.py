"""What of a talk shows that something was not understood, or understood wrongly: pure, one message after another.

Four things are noticed: words that meant nothing to us, words that meant two errands (the button that the person
presses says which), an errand begun by words and dropped at once, and words taken for another firm's affair before
which an errand of ours was begun after all. What the person begins next is remembered as what was meant.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

from dialogs.engine.commands import CancelFlow, CannotHandle, Clarify, Command, StartFlow
from dialogs.engine.conversation import Conversation
from dialogs.engine.effects import Effect, FlowStarted
from dialogs.engine.flow import Dialogs, Flow
from dialogs.engine.heard import Heard
from dialogs.engine.slots import plain

Reason = Literal["no_entendido", "aclarado", "corregido", "cancelado", "fuera_de_alcance"]
REASONS: tuple[Reason, ...] = get_args(Reason)

#: The fact's kind (``bot.turn.effects.message_doubted``).
KIND = "MessageDoubted"

#: So many messages may pass until the person begins what was meant: a menu has pages.
_PATIENCE = 3
_RANKED = 3
#: Doubts of somebody who has not decided on the use of personal data wait in the talk; more than these are let go.
_MOST_HELD = 4
#: Who was not understood says so, or asks what can be asked: none of it is what they meant.
_BESIDE = frozenset({"frustracion", "queja_del_asistente", "ayuda"})
#: Questions whose answers are choices of ours; what is said to others is a name, a number or a story.
_HARMLESS = frozenset({"bool", "categorical"})


@dataclass(frozen=True, slots=True)
class Doubt:
    """Masked words in doubt. ``chosen`` is the intent begun next; ``counts`` is false when only that is new."""

    said: str
    reason: Reason
    ranking: tuple[tuple[str, float], ...] = ()
    asked: str = ""
    chosen: str = ""
    counts: bool = True
    model: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the doubt as a JSON object."""
        return {
            "said": self.said,
            "reason": self.reason,
            "ranking": [list(one) for one in self.ranking],
            "asked": self.asked,
            "chosen": self.chosen,
            "counts": self.counts,
            "model": self.model,
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Doubt:
        """Return the doubt kept in ``document``."""
        return cls(**{**document, "ranking": tuple((name, value) for name, value in document["ranking"])})


@dataclass(frozen=True, slots=True)
class Ear:
    """What a talk remembers between messages: the doubt that waits for the person's own answer, and those held back.

    ``begun`` is the errand that the words of ``waiting`` began, ``left`` how many messages more it waits. ``held`` are
    doubts of before the person decided on the use of personal data.
    """

    waiting: Doubt | None = None
    begun: str = ""
    left: int = 0
    held: tuple[Doubt, ...] = ()

    def holding(self, doubt: Doubt) -> Ear:
        """Return the ear with one doubt more held back, or the same one if there are enough."""
        return replace(self, held=(*self.held, doubt)) if len(self.held) < _MOST_HELD else self

    def to_json(self) -> dict[str, Any]:
        """Return the ear as a JSON object, empty when there is nothing in it."""
        waiting = {"waiting": self.waiting.to_json(), "begun": self.begun, "left": self.left} if self.waiting else {}
        return {**waiting, **({"held": [doubt.to_json() for doubt in self.held]} if self.held else {})}

    @classmethod
    def from_json(cls, document: Mapping[str, Any] | None) -> Ear:
        """Return the ear kept in ``document``."""
        if not document:
            return cls()
        waiting = document.get("waiting")
        held = tuple(Doubt.from_json(one) for one in document.get("held", ()))
        if waiting is None:
            return cls(held=held)
        return cls(Doubt.from_json(waiting), document["begun"], document["left"], held)


#: An ear that remembers nothing.
NOTHING = Ear()


@dataclass(frozen=True, slots=True)
class Turn:
    """A message as it was heard, and what came of it. ``mask`` returns its words masked, or nothing."""

    before: Conversation
    heard: Heard
    commands: Sequence[Command]
    effects: Sequence[Effect]
    dialogs: Dialogs
    mask: Callable[[], str]
    model: str = ""


def listen(ear: Ear, turn: Turn) -> tuple[Ear, list[Doubt]]:
    """Return what the talk remembers after a message, and the doubts to keep now."""
    started = _started(turn)
    kept: list[Doubt] = []
    waiting, begun, left = ear.waiting, ear.begun, ear.left - 1
    if waiting is not None and begun:
        waiting, begun, left = _after_beginning(waiting, begun, turn, started, kept)
    elif waiting is not None and started is not None:
        kept += _answered(waiting, started)
        waiting = None
    if waiting is not None and left <= 0:
        waiting = None
    own, own_flow = _own(turn, started)
    if own is not None:
        if own.reason == "no_entendido":
            kept.append(own)
            own = replace(own, counts=False)
        waiting, begun, left = own, own_flow, _PATIENCE
    if waiting is None:
        return Ear(held=ear.held), kept
    return Ear(waiting, begun, left, ear.held), kept


def _after_beginning(
    waiting: Doubt, begun: str, turn: Turn, started: Flow | None, kept: list[Doubt]
) -> tuple[Doubt | None, str, int]:
    """Look at the message after an errand was begun by words: only if it is taken back was it a mistake."""
    other = started if started is not None and started.id != begun else None
    cancelled = any(isinstance(command, CancelFlow) for command in turn.commands)
    if other is not None and (cancelled or _takes_back(turn)):
        kept += _answered(waiting, other)
        return None, "", 0
    if cancelled and started is None:
        kept.append(replace(waiting, reason="cancelado"))
        return replace(waiting, counts=False), "", _PATIENCE
    return None, "", 0


def _takes_back(turn: Turn) -> bool:
    """Whether a message begins with words that cancel: «no era eso, quiero pagar»."""
    said = f"{plain(turn.heard.text)} "
    phrases = turn.dialogs.domain.words.get("cancelar", ())
    return turn.heard.correction or any(
        said.startswith(f"{start}{phrase} ") for phrase in phrases for start in ("", "no ", "no no ")
    )


def _answered(waiting: Doubt, started: Flow) -> list[Doubt]:
    """Return the doubt with what the person began next; nothing where no single intent begins it."""
    chosen = _intent_of(started, waiting.ranking)
    return [replace(waiting, chosen=chosen)] if chosen else []


def _intent_of(flow: Flow, ranking: Sequence[tuple[str, float]]) -> str:
    """Return the intent that begins ``flow``: its only one, or the likeliest of several."""
    intents = [trigger.intent for trigger in flow.triggers]
    if len(intents) == 1:
        return intents[0]
    return next((intent for intent, _ in ranking if intent in intents), "")


def _started(turn: Turn) -> Flow | None:
    """Return the errand that this message began, if it is one that some intent begins."""
    for effect in turn.effects:
        flow = turn.dialogs.flows.get(effect.flow) if isinstance(effect, FlowStarted) else None
        if flow is not None and flow.startable and not _BESIDE.issuperset(each.intent for each in flow.triggers):
            return flow
    return None


def _own(turn: Turn, started: Flow | None) -> tuple[Doubt | None, str]:
    """Return the doubt about this very message, and the errand it began."""
    heard = turn.heard
    typed = bool(heard.text.strip()) and not (heard.payload or heard.media or heard.point or heard.stale)
    if not typed or heard.emergency or _is_private(turn):
        return None, ""
    reason, begun = _reason(turn, started)
    said = turn.mask() if reason else ""
    if reason is None or not said:
        return None, ""
    ranking = tuple((intent.name, round(intent.confidence, 3)) for intent in heard.ranking[:_RANKED])
    return Doubt(said, reason, ranking, turn.before.asked, model=turn.model), begun


def _reason(turn: Turn, started: Flow | None) -> tuple[Reason | None, str]:
    for command in turn.commands:
        match command:
            case CannotHandle("not_understood"):
                return "no_entendido", ""
            case CannotHandle("out_of_scope"):
                return "fuera_de_alcance", ""
            case Clarify():
                return "aclarado", ""
            case StartFlow() if started is not None and command.flow == started.id and not command.explicit:
                return "corregido", started.id
    return None, ""


def _is_private(turn: Turn) -> bool:
    """Whether the open question asks for something of the person: what is said to it is no wish but an answer."""
    slot = turn.dialogs.domain.slots.get(turn.before.asked)
    return slot is not None and (slot.personal or slot.type not in _HARMLESS)
