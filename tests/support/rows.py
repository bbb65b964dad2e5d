"""A table checked by one test: every row is tried, and all that fail are told together, each by its name.

For tables of dozens or hundreds of rows that share no state. As tests of their own they would cost more to collect and
to report than to run.
"""

from __future__ import annotations

import inspect
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, Self

import pytest

#: A row that fails is told in full; of more than these, only the names.
TOLD_IN_FULL = 12

Row = tuple[str, tuple[Any, ...]]
_FAILURES = (Exception, pytest.fail.Exception)


def every_row(names: str | Sequence[str], rows: Iterable[Any], ids: Any = None) -> Callable[[Callable], Callable]:
    """Run the decorated test over each of ``rows``, inside one test; the arguments are those of ``parametrize``.

    The fixtures of the test are made once and shared by its rows; only ``tmp_path`` is another folder for each.
    """
    known = [name.strip() for name in names.split(",")] if isinstance(names, str) else list(names)
    single = isinstance(names, str) and "," not in names
    table = list(_named(rows, ids, single=single))

    def decorate(check: Callable) -> Callable:
        @wraps(check)
        def tried(*args: Any, **fixtures: Any) -> None:
            with _Trial(len(table)) as trial:
                for name, values in table:
                    with trial.of(name):
                        check(*args, **_own(fixtures), **dict(zip(known, values, strict=True)))

        @wraps(check)
        async def tried_in_turn(*args: Any, **fixtures: Any) -> None:
            with _Trial(len(table)) as trial:
                for name, values in table:
                    with trial.of(name):
                        await check(*args, **_own(fixtures), **dict(zip(known, values, strict=True)))

        whole = tried_in_turn if inspect.iscoroutinefunction(check) else tried
        asked = inspect.signature(check)
        unknown = set(known) - set(asked.parameters)
        assert not unknown, f"{check.__name__} takes no {', '.join(sorted(unknown))}"
        assert table, f"{check.__name__} has no rows"
        left = [each for name, each in asked.parameters.items() if name not in known]
        whole.__signature__ = asked.replace(parameters=left)
        return whole

    return decorate


def _named(rows: Iterable[Any], ids: Any, *, single: bool) -> Iterable[Row]:
    """Give every row its name and its values, as ``parametrize`` would."""
    given = list(rows)
    names: Any = ids if ids is None or callable(ids) else list(ids)
    assert names is None or callable(names) or len(names) == len(given), "as many names as rows"
    for number, row in enumerate(given):
        own = None
        if isinstance(row, type(pytest.param())):
            assert not row.marks, "a row with marks is a test of its own"
            own, values = row.id, tuple(row.values)
        else:
            values = (row,) if single else tuple(row)
        if own is None and callable(names):
            own = "-".join(str(names(value) or value) for value in values)
        elif own is None and names is not None:
            own = str(names[number])
        yield own or "-".join(repr(value)[:80] for value in values), values


class _Trial:
    """The rows of one test, tried one after another; it fails at the end if any of them did."""

    def __init__(self, rows: int) -> None:
        self._rows = rows
        self._failed: list[str] = []
        self._reasons: list[str] = []

    def __enter__(self) -> Self:
        return self

    @contextmanager
    def of(self, name: str) -> Iterator[None]:
        """Note a failure of the row called ``name``, and go on."""
        try:
            yield
        except _FAILURES as error:
            self._failed.append(name)
            if len(self._failed) <= TOLD_IN_FULL:
                self._reasons.append(f"── {name}\n{_reason(error)}")

    def __exit__(self, *stopped: object) -> None:
        if self._failed:
            rest = [f"── {name}" for name in self._failed[TOLD_IN_FULL:]]
            head = f"{len(self._failed)} of {self._rows} rows fail"
            pytest.fail("\n".join([head, *self._reasons, *rest]), pytrace=False)


def _own(fixtures: dict[str, Any]) -> dict[str, Any]:
    """Give a row a folder of its own."""
    if "tmp_path" not in fixtures:
        return fixtures
    return {**fixtures, "tmp_path": Path(mkdtemp(dir=fixtures["tmp_path"]))}


def _reason(error: BaseException) -> str:
    """Return where in the tests a row failed, and why."""
    frames = [each for each in traceback.extract_tb(error.__traceback__) if each.filename != __file__]
    places = [f"{Path(each.filename).name}:{each.lineno}: {each.line}" for each in frames]
    return "\n".join([*(f"   {place}" for place in places), f"   {type(error).__name__}: {error}"])
