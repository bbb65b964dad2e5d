"""What every house of the tests would read and work out again is read and worked out once: none of it changes meanwhile.

Hundreds of houses are opened, and hundreds of commands called, in one process; a service does each of these once.
"""

from __future__ import annotations

import reprlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import pytest
import yaml
from structlog.dev import ConsoleRenderer, plain_traceback
from typer.main import get_command

from bot.fitting import fit
from dialogs.engine.flow import Dialogs, Issue
from dialogs.engine.inspect import inspect
from tests.support.shipped import load_once, shipped

_compose = yaml.compose
#: The dialogs of the repository fitted to each set of services, and what was found in them by who looked for what.
_fitted: dict[tuple[str, ...], Dialogs] = {}
_found: dict[tuple[Any, ...], list[Issue]] = {}


@contextmanager
def everything_once() -> Iterator[None]:
    """While this is open, nothing that is the same for all tests is done twice."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.house.load", load_once)
        patch.setattr("dialogs.engine.load.load", load_once)
        patch.setattr("bot.house.fit", _fit)
        patch.setattr("bot.house.inspect", _inspect)
        patch.setattr("yaml.compose", _compose_once)
        patch.setattr("typer.testing._get_command", cache(get_command))
        # At the end of each run asyncio writes out its whole result, and throws it away.
        patch.setattr(reprlib.aRepr, "repr_instance", lambda made, level: f"<{type(made).__name__}>", raising=False)
        # Errors that a test provokes are logged; the colours and frames of a terminal are for people.
        patch.setattr(ConsoleRenderer.get_active(), "exception_formatter", plain_traceback)
        yield


def _fit(dialogs: Dialogs, services: Collection[str]) -> Dialogs:
    if dialogs is not shipped():
        return fit(dialogs, services)
    key = tuple(services)
    if key not in _fitted:
        _fitted[key] = fit(dialogs, services)
    return _fitted[key]


def _inspect(dialogs: Dialogs, **known: Collection[str] | None) -> list[Issue]:
    if not any(dialogs is each for each in _fitted.values()):
        return inspect(dialogs, **known)
    key = (id(dialogs), *((name, None if one is None else frozenset(one)) for name, one in sorted(known.items())))
    if key not in _found:
        _found[key] = inspect(dialogs, **known)
    return list(_found[key])


@cache
def _composed(text: str) -> yaml.Node | None:
    return _compose(text, Loader=yaml.SafeLoader)


def _compose_once(stream: Any, Loader: Any = yaml.Loader) -> yaml.Node | None:  # noqa: N803  # as the library calls it
    """Compose as PyYAML does; the same text in its slow Python form only once, for nobody changes the nodes."""
    if Loader is yaml.SafeLoader and isinstance(stream, str):
        return _composed(stream)
    return _compose(stream, Loader=Loader)
