"""Flows, wording, language data and actions looked at together: what ``atiende check`` shows and a start refuses."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bot.notices.template_check import check_templates
from dialogs.engine.inspect import inspect
from dialogs.engine.load import SHIPPED, load_with_issues

if TYPE_CHECKING:
    from dialogs.engine.flow import Dialogs, Issue


@dataclass(frozen=True, slots=True)
class Inspection:
    """What was loaded (None if nothing could be) and every issue, sorted by file and line."""

    dialogs: Dialogs | None
    issues: tuple[Issue, ...]

    @property
    def errors(self) -> tuple[Issue, ...]:
        """The issues that keep the service from starting."""
        return tuple(issue for issue in self.issues if issue.severity == "error")


def inspect_folder(folder: Path, nlu_data: Path | None = None, *, remote_actions: bool = False) -> Inspection:
    """Load and inspect ``folder``.

    Args:
        folder: the dialogs folder.
        nlu_data: language data whose intents flows may be triggered by, or None to trust the domain's list alone.
        remote_actions: actions run on another server, so that names written in the domain are believed.
    """
    dialogs, issues = load_with_issues(folder)
    found = list(issues)
    if dialogs is None:
        return Inspection(None, tuple(found))
    intents: tuple[str, ...] = ()
    entities: frozenset[str] = frozenset()
    if nlu_data is not None and nlu_data.exists():
        from bot.nlu.data import read_with_issues
        from bot.nlu.entities import ENTITIES
        from bot.nlu.validate import check_examples, check_registry, has_registry

        source = as_typed(nlu_data)
        data, nlu_issues = read_with_issues(source)
        found += [*nlu_issues, *check_examples(data, is_strict=has_registry(source)), *check_registry(source, data)]
        intents, entities = data.intents, frozenset(ENTITIES)
    actions = _written() if folder.resolve() == SHIPPED and not remote_actions else None
    found += check_templates(folder, dialogs)
    found += inspect(dialogs, intents=intents, actions=actions, entities=entities)
    return Inspection(dialogs, tuple(sorted(found, key=lambda issue: (issue.file, issue.line, issue.what))))


def as_typed(path: Path) -> Path:
    """Return the path as people type it, if it lies below the working folder."""
    absolute, here = path.resolve(), Path.cwd()
    return absolute.relative_to(here) if absolute.is_relative_to(here) else path


def _written() -> frozenset[str]:
    """Return the names of the actions that this repository has."""
    from dialogs.actions.base import names_of
    from dialogs.actions.table import ACTIONS

    return names_of(ACTIONS)
