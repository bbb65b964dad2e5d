"""A small world of dialogs for tests, and a talk with it that reads like one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from textwrap import dedent
from typing import Any

from dialogs.engine.advance import advance
from dialogs.engine.commands import ActionDone, ActionFailed, Command
from dialogs.engine.conversation import Conversation
from dialogs.engine.decide import decide
from dialogs.engine.effects import Effect, Reply
from dialogs.engine.flow import Dialogs, Issue
from dialogs.engine.heard import Answer, Entity, Heard, Intent
from dialogs.engine.inspect import inspect
from dialogs.engine.load import load, load_with_issues
from dialogs.engine.store import from_json, to_json

WORLD = Path(__file__).parent / "mundo"


#: What the actions of the small world find.
FOUND = {"action_buscar": {"encontrada": True}}


@cache
def world() -> Dialogs:
    """Load the small world."""
    return load(WORLD)


def write(folder: Path, *, flows: str = "", domain: str = "", responses: str = "") -> Path:
    """Write a dialogs folder from pieces of YAML and return it."""
    for name, text in (
        ("flows/f.yml", flows),
        ("domain/d.yml", domain),
        ("domain/responses/es/r.yml", responses),
    ):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if text:
            path.write_text(dedent(text), encoding="utf-8")
    return folder


def found_in(folder: Path, **known: Any) -> list[Issue]:
    """Return what the loader and the inspector say of a folder, without what they say of the shipped patterns."""
    dialogs, issues = load_with_issues(folder)
    assert dialogs is not None
    return [*issues, *(issue for issue in inspect(dialogs, **known) if "patrones" not in issue.file)]


def heard(text: str, intent: str = "", confidence: float = 0.95, **more: Any) -> Heard:
    """Hear ``text``; ``answer``, ``sure`` and entities by name (``cuenta="123456"``) may be given."""
    ranking = (Intent(intent, confidence), Intent("saludar", (1 - confidence) / 4)) if intent else ()
    fields = {key: more.pop(key) for key in list(more) if key in Heard.__dataclass_fields__ and key != "answer"}
    sure = more.pop("sure", True)
    answer = Answer(more.pop("answer"), sure) if "answer" in more else None
    entities = tuple(Entity(name, value, 0, len(text), text) for name, value in more.items())
    return replace(Heard(text=text, ranking=ranking, answer=answer, entities=entities), **fields)


def errors(folder: Path, **known: Any) -> list[str]:
    """Return the errors of a folder as text."""
    return [str(issue) for issue in found_in(folder, **known) if issue.severity == "error"]


class Talk:
    """A conversation that runs its pending actions with what ``actions`` says, and keeps the facts of the last turn."""

    def __init__(self, dialogs: Dialogs, actions: Mapping[str, Mapping[str, Any] | Exception] | None = None) -> None:
        self.dialogs = dialogs
        self.actions = dict(actions or {})
        self.conversation = Conversation("c1")
        self.effects: list[Effect] = []

    def hear(self, message: Heard | str, intent: str = "", **more: Any) -> list[str]:
        """Take a message through the gate and the engine; return the keys of the replies."""
        if isinstance(message, str):
            message = heard(message, intent, **more)
        return self.obey(*decide(self.conversation, message, self.dialogs))

    def obey(self, *commands: Command) -> list[str]:
        """Run a turn; return the keys of the replies."""
        # Every state must survive being stored between two turns.
        conversation = from_json(to_json(self.conversation))
        assert conversation == self.conversation
        conversation, effects, pending = advance(conversation, commands, self.dialogs)
        self.effects = list(effects)
        while pending is not None:
            outcome = self.actions.get(pending.action, {})
            result: Command
            if isinstance(outcome, Exception):
                result = ActionFailed(pending.call_id, str(outcome))
            elif "slots" in outcome or "facts" in outcome or "replies" in outcome:
                result = ActionDone(pending.call_id, **outcome)
            else:
                result = ActionDone(pending.call_id, outcome)
            conversation, effects, pending = advance(conversation, [result], self.dialogs)
            self.effects += effects
        self.conversation = conversation
        return self.replies

    @property
    def replies(self) -> list[str]:
        """The response keys of the last turn."""
        return [effect.response for effect in self.effects if isinstance(effect, Reply)]

    def noted(self, kind: type[Any]) -> list[Any]:
        """The facts of one kind of the last turn."""
        return [effect for effect in self.effects if isinstance(effect, kind)]

    @property
    def slots(self) -> Mapping[str, Any]:
        """The slots now."""
        return self.conversation.slots

    @property
    def asked(self) -> str:
        """The slot whose answer is awaited."""
        return self.conversation.asked


def at_confirmation(talk: Talk) -> None:
    """Bring the talk to the question whether the account is right."""
    talk.hear("quiero un medidor", "pedir_medidor")
    talk.hear("agua", answer="agua")
    talk.hear("123456", answer="123456")
    assert talk.asked == "confirma_cuenta"


def at_relato(talk: Talk) -> None:
    """Bring the talk to its description step."""
    at_confirmation(talk)
    talk.hear("sí", answer=True)
    assert talk.asked == "relato"


def at_decision(talk: Talk) -> None:
    """Bring the talk to its last question, after the summary."""
    at_relato(talk)
    talk.hear("El medidor no gira", answer="El medidor no gira", sure=False)
    assert talk.asked == "radica"
