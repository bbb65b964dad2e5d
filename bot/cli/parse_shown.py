"""A message explained in the terminal, in 80 columns: what was heard, what spoke for it, what follows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from bot.channels.clean import terminal_text
from bot.cli.tables import Column, fitted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from bot.cli.parse import Opened
    from bot.nlu.explanation import Word
    from dialogs.engine.commands import Command
    from dialogs.engine.heard import Heard

_INTENTS = 3
_WORDS = 4
_FEATURES = 6
#: So much of a long message, and of one word, is repeated.
_MOST_SIGNS = 600
_WORD_SIGNS = 24


def show(opened: Opened, text: str, console: Console) -> None:
    """Hear ``text`` and print what was heard and why."""
    from bot.nlu.emergencies import explain
    from bot.nlu.explanation import rules
    from bot.nlu.normalise import normalise

    understanding = opened.understanding
    heard = understanding.hear(text, now=opened.now)
    facts: list[tuple[str, str | Text]] = [
        ("heard as", _short(normalise(text), _MOST_SIGNS) or "(nothing that can be read)")
    ]
    danger = explain(text)
    if danger is not None:
        said = f"EMERGENCY {danger.kind}: «{' '.join(danger.words)}», by the rule «{danger.rule}»"
        facts.append(("danger", Text(terminal_text(said), style="bold red")))
    elif heard.emergency:
        facts.append(("danger", Text(f"EMERGENCY {heard.emergency}: by the model alone", style="bold red")))
    _facts(console, facts)
    _intents(opened, heard, console)
    _facts(
        console,
        [
            *(_doubt(opened, heard) if heard.text.strip() else ()),
            *(("rule", rule) for rule in rules(heard, has_model=understanding.has_model)),
            *(("then", _told(command)) for command in _commands(opened, heard)),
        ],
    )
    if heard.entities:
        console.print()
        rows = [
            (
                (
                    f"{one.name} ({one.role})" if one.role else one.name,
                    _short(terminal_text(str(one.value)), _MOST_SIGNS),
                    _short(terminal_text(one.text), _MOST_SIGNS),
                    f"{one.start}-{one.end}",
                ),
                "",
            )
            for one in heard.entities
        ]
        columns = (Column("entity"), Column("value", folds=True), Column("said", folds=True), Column("at", spare=1))
        console.print(fitted(console, columns, rows))
    if not understanding.has_model:
        console.print("There is no model. Make it with: atiende train")


def _facts(console: Console, facts: Sequence[tuple[str, str | Text]]) -> None:
    table = Table.grid(padding=(0, 1))
    table.add_column(style="bold", no_wrap=True, min_width=8)
    table.add_column(overflow="fold")
    for name, fact in facts:
        table.add_row(name, fact if isinstance(fact, Text) else Text(terminal_text(fact)))
    if facts:
        console.print(table)


def _intents(opened: Opened, heard: Heard, console: Console) -> None:
    """Print the first intents, how far behind each is, and the words that spoke for it."""
    from bot.nlu.explanation import spoken
    from bot.nlu.model import Model

    if not heard.ranking:
        return
    model = opened.understanding.model
    columns = (Column("intent"), Column("sure"), Column("behind"), Column("because of", folds=True))
    if isinstance(model, Model):
        rows = [
            (
                (
                    one.intent.name,
                    f"{one.intent.confidence:.1%}",
                    f"{one.behind * 100:.1f}" if place else "",
                    _said(one.words),
                ),
                "" if place else "bold",
            )
            for place, one in enumerate(spoken(model, heard, _INTENTS))
        ]
    else:
        first = heard.ranking[0].confidence
        rows = [
            ((one.name, f"{one.confidence:.1%}", f"{(first - one.confidence) * 100:.1f}" if place else "", ""), "")
            for place, one in enumerate(heard.ranking[:_INTENTS])
        ]
    console.print()
    console.print(fitted(console, columns, rows))
    if isinstance(model, Model):
        reasons = model.explain(heard.text, heard.ranking[0].name)[:_FEATURES]
        features = "  ".join(f"{reason.feature} {reason.weight:.2f}" for reason in reasons if reason.weight > 0)
        if features:
            _facts(console, [("features", features)])


def _doubt(opened: Opened, heard: Heard) -> list[tuple[str, str | Text]]:
    """Tell how strange the message is, and why."""
    from bot.nlu.explanation import doubt, refusal
    from bot.nlu.model import Model
    from bot.turn.thresholds import thresholds_of
    from dialogs.engine.decide import DEFAULT

    limit = (thresholds_of(opened.settings) if opened.settings is not None else DEFAULT).out_of_scope
    told: list[tuple[str, str | Text]] = [("doubt", f"{heard.out_of_scope:.1%} out of scope; {refusal(heard, limit)}")]
    model = opened.understanding.model
    if isinstance(model, Model):
        found = doubt(model, heard)
        if found.words and heard.out_of_scope >= limit / 2:
            told.append(("", f"strange: {_said(found.words)}"))
        if found.unknown:
            told.append(("", f"unknown words: {', '.join(_short(word, _WORD_SIGNS) for word in found.unknown)}"))
    return told


def _said(words: Sequence[Word]) -> str:
    return ", ".join(f"{_short(terminal_text(word.text), _WORD_SIGNS)} +{word.weight:.1f}" for word in words[:_WORDS])


def _short(text: str, most: int) -> str:
    """Return ``text`` with no more than ``most`` signs; a point of three says that there is more."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _commands(opened: Opened, heard: Heard) -> tuple[Command, ...]:
    """Return what the engine would be told if this began a talk; nothing for another assistant's model."""
    if opened.settings is None:
        return ()
    from bot.turn.thresholds import thresholds_of
    from dialogs.engine.conversation import Conversation
    from dialogs.engine.decide import decide
    from dialogs.engine.load import load_with_issues

    dialogs, issues = load_with_issues(opened.settings.dialogos.carpeta)
    if dialogs is None or any(issue.severity == "error" for issue in issues):
        return ()
    return decide(Conversation("parse"), heard, dialogs, thresholds_of(opened.settings))


def _told(command: Command) -> str:
    """Return a command as words: its name, what it is about, and what it already fills."""
    about = [
        f"{name}={', '.join(value) if isinstance(value, tuple) else value}"
        for name in ("flow", "flows", "kind", "reason", "slot", "value")
        if (value := getattr(command, name, None))
    ]
    slots = getattr(command, "slots", None) or {}
    filled = [f"{name}={value}" for name, value in slots.items() if name != "intent"]
    return " ".join([type(command).__name__, *about, *(["with", *filled] if filled else [])])
