"""Reads end-to-end tests strictly: a mistake in a script is told with its file and line, all of them at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, get_args

from bot.e2e.model import CLOCK_SLOT, Case, Shown, Stub, Turn
from bot.e2e.steps import Steps
from bot.kernel.clock import BOGOTA
from bot.kernel.errors import AtiendeError
from bot.kernel.source import Source, Where, dotted, read

_TOP = {"fixtures", "metadata", "stub_custom_actions", "test_cases", "version"}
_CASE = {"test_case", "fixtures", "metadata", "steps", "x-errand", "x-shows"}
_STUB = {"events", "responses"}


class BadScript(AtiendeError):
    """Conversation scripts cannot be run; ``problems`` are sentences that begin with file and line."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


@dataclass(slots=True)
class Page:
    """One file while it is read; collects complaints."""

    source: Source
    problems: list[tuple[int, str]] = field(default_factory=list)

    def complain(self, where: Where, text: str) -> None:
        """Note ``text`` against the line of ``where``."""
        self.problems.append((self.source.line(where), f"{dotted(where)}: {text}"))

    def only(self, where: Where, block: Mapping[str, Any], allowed: set[str]) -> None:
        """Refuse every key of ``block`` that is not ``allowed``."""
        for key in block:
            if key not in allowed:
                self.complain((*where, key), f"unknown key; allowed here: {', '.join(sorted(allowed))}")

    def block(self, where: Where, value: object) -> dict[str, Any]:
        """Return ``value`` if it is a block of keys, else complain and return an empty one."""
        if isinstance(value, dict):
            return value
        self.complain(where, f"expected a block of keys, found {value!r:.60}")
        return {}

    def items(self, where: Where, value: object) -> list[Any]:
        """Return ``value`` if it is a list, else complain and return an empty one."""
        if isinstance(value, list):
            return value
        self.complain(where, f"expected a list, found {value!r:.60}")
        return []


def read_cases(paths: list[str]) -> list[Case]:
    """Read every case of ``paths``: files, folders of ``*.yml``, or ``file.yml::name of a case``.

    Raises:
        BadScript: with every problem found in any file.
    """
    cases: list[Case] = []
    problems: list[str] = []
    for text in paths:
        name, _, wanted = text.partition("::")
        files = list(_files(Path(name)))
        if not files:
            problems.append(f"{name}: no such file, or a folder without *.yml files")
        found = [case for file in files for case in _read_file(file, problems)]
        if wanted:
            found = [case for case in found if case.name == wanted]
            if not found:
                problems.append(f"{name}: no case is called {wanted!r}")
        cases += found
    if problems:
        raise BadScript(problems)
    return cases


def _files(path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from sorted(found for found in path.rglob("*") if found.suffix in {".yml", ".yaml"})
    elif path.is_file():
        yield path


def _read_file(path: Path, problems: list[str]) -> list[Case]:
    page = Page(read(path))
    page.problems += page.source.problems
    cases = _Cases(page, str(path)).all() if page.source.tree else []
    problems += [f"{path}:{line}: {text}" for line, text in sorted(page.problems, key=lambda found: found[0])]
    return cases


class _Cases:
    """The cases of one page."""

    def __init__(self, page: Page, file: str) -> None:
        self._page, self._file = page, file
        tree = page.source.tree
        page.only((), tree, _TOP)
        self._fixtures = self._named_blocks("fixtures", slots=True)
        self._metadata = self._named_blocks("metadata", slots=False)
        self._stubs = self._read_stubs()

    def all(self) -> list[Case]:
        where: Where = ("test_cases",)
        tree = self._page.source.tree
        if "test_cases" not in tree:
            self._page.complain((), "has no test_cases")
            return []
        blocks = self._page.items(where, tree["test_cases"])
        cases = [self._case((*where, index), block) for index, block in enumerate(blocks)]
        seen: dict[str, int] = {}
        for index, case in enumerate(cases):
            if case.name in seen:
                self._page.complain((*where, index), f"another case is called {case.name!r} (line {seen[case.name]})")
            seen.setdefault(case.name, case.line)
        return cases

    def _case(self, where: Where, value: object) -> Case:
        block = self._page.block(where, value)
        self._page.only(where, block, _CASE)
        name = block.get("test_case")
        if not isinstance(name, str) or not name:
            self._page.complain(where, "needs test_case: the name of the case")
            name = ""
        slots: dict[str, Any] = {}
        for index, fixture in enumerate(self._page.items((*where, "fixtures"), block.get("fixtures", []))):
            slots |= self._pick((*where, "fixtures", index), fixture, self._fixtures, "fixture")
        metadata: dict[str, Any] = {}
        if "metadata" in block:
            metadata = self._pick((*where, "metadata"), block["metadata"], self._metadata, "metadata")
        now = self._clock((*where, "fixtures"), slots.pop(CLOCK_SLOT, None))
        turns: tuple[Turn, ...] = ()
        if "steps" in block:
            turns = Steps(self._page, self._metadata).turns((*where, "steps"), block["steps"])
        else:
            self._page.complain(where, "has no steps")
        stubs = {key: stub for (case, key), stub in self._stubs.items() if case == ""}
        stubs |= {key: stub for (case, key), stub in self._stubs.items() if case == name and case}
        line = self._page.source.line(where)
        errand, shows = self._shown(where, block)
        return Case(
            name, self._file, line, turns,
            slots=slots, now=now, metadata=metadata, stubs=stubs, errand=errand, shows=shows,
        )  # fmt: skip

    def _shown(self, where: Where, block: dict[str, Any]) -> tuple[str, tuple[Shown, ...]]:
        """Read ``x-errand: flow`` and ``x-shows``, one kind or a list; either needs the other."""
        if ("x-errand" in block) != ("x-shows" in block):
            self._page.complain(where, "x-errand and x-shows go together: the flow, and what is shown of it")
        errand, value = block.get("x-errand", ""), block.get("x-shows", [])
        if not isinstance(errand, str):
            self._page.complain((*where, "x-errand"), f"expected the id of a flow, found {errand!r:.60}")
        shows: list[Shown] = []
        for kind in value if isinstance(value, list) else [value]:
            if kind in get_args(Shown):
                shows.append(kind)
            else:
                self._page.complain((*where, "x-shows"), f"{kind!r} is not one of {', '.join(get_args(Shown))}")
        return str(errand), tuple(shows)

    def _pick(self, where: Where, name: object, known: Mapping[str, dict[str, Any]], what: str) -> dict[str, Any]:
        if isinstance(name, str) and name in known:
            return known[name]
        self._page.complain(where, f"no {what} is called {name!r}; there are: {', '.join(known) or 'none'}")
        return {}

    def _clock(self, where: Where, text: object) -> datetime | None:
        if text is None:
            return None
        try:
            moment = datetime.fromisoformat(str(text))
        except ValueError:
            self._page.complain(where, f"{CLOCK_SLOT}: {text!r} is not a moment, for example 2026-03-18T10:30-05:00")
            return None
        return moment if moment.tzinfo else moment.replace(tzinfo=BOGOTA)

    def _named_blocks(self, key: str, *, slots: bool) -> dict[str, dict[str, Any]]:
        """Read ``- name: [{slot: value}]`` (fixtures) or ``- name: {key: value}`` (metadata)."""
        named: dict[str, dict[str, Any]] = {}
        for index, value in enumerate(self._page.items((key,), self._page.source.tree.get(key, []))):
            for name, body in self._page.block((key, index), value).items():
                where: Where = (key, index, name)
                if not slots:
                    named[name] = self._page.block(where, body)
                    continue
                merged: dict[str, Any] = {}
                for number, part in enumerate(self._page.items(where, body)):
                    merged |= self._page.block((*where, number), part)
                named[name] = merged
        return named

    def _read_stubs(self) -> dict[tuple[str, str], Stub]:
        """Read stubs; a name ``case::action`` holds for that case only."""
        where: Where = ("stub_custom_actions",)
        stubs: dict[tuple[str, str], Stub] = {}
        for name, value in self._page.block(where, self._page.source.tree.get("stub_custom_actions", {})).items():
            case, _, action = name.rpartition("::")
            path: Where = (*where, name)
            block = self._page.block(path, value)
            self._page.only(path, block, _STUB)
            parts = {
                key: tuple(
                    self._page.block((*path, key, index), item)
                    for index, item in enumerate(self._page.items((*path, key), block.get(key, [])))
                )
                for key in ("events", "responses")
            }
            stubs[case, action] = Stub(parts["events"], parts["responses"])
        return stubs
