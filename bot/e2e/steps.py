"""Reads the steps of one case and groups them into turns."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, get_args

from bot.e2e.model import Assertion, Expected, InputKind, SlotExpected, StepKind, Turn, Uttered

if TYPE_CHECKING:
    from bot.e2e.read import Page
    from bot.kernel.source import Where

_BEGIN = ("user", "x-burst", "x-wait")
_VERBS = (*_BEGIN, *get_args(StepKind))
_BESIDES = {"assertions", "assertion_order_enabled"}
_USER = {"user", "metadata", "x-kind", *_BESIDES}
_DURATION = re.compile(r"(\d+)(s|m|h|d)\Z")
_SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
_UTTERED = {"utter_name", "text_matches", "buttons"}
_NEEDS_A_MODEL = "needs a language model as judge; Atiende has none, so write bot_uttered with text_matches instead"


class Steps:
    """The reader of one case's steps."""

    def __init__(self, page: Page, metadata: Mapping[str, dict[str, Any]]) -> None:
        self._page, self._metadata = page, metadata
        self._assertions: dict[str, Callable[[Where, object, Assertion], Assertion]] = {
            "flow_started": self._flow_started,
            "flow_completed": self._flow_ended,
            "flow_cancelled": self._flow_ended,
            "pattern_clarification_contains": self._names,
            "slot_was_set": self._slots_in,
            "slot_was_not_set": self._slots_in,
            "action_executed": self._name,
            "bot_uttered": self._uttered,
            "bot_did_not_utter": self._uttered,
        }

    def turns(self, where: Where, value: object) -> tuple[Turn, ...]:
        """Return the turns of the list of steps at ``where``."""
        turns: list[Turn] = []
        for index, item in enumerate(self._page.items(where, value)):
            path: Where = (*where, index)
            block = self._page.block(path, item)
            verbs = [verb for verb in _VERBS if verb in block]
            if len(verbs) != 1:
                self._page.complain(path, f"a step has exactly one of: {', '.join(_VERBS)}")
            elif verbs[0] in _BEGIN:
                turns.append(self._begin(path, block, verbs[0]))
            elif not turns:
                self._page.complain(path, "nothing can be expected before the first message; begin with user: …")
            else:
                expected = self._expected(path, block, verbs[0])
                turns[-1] = replace(turns[-1], expected=(*turns[-1].expected, expected))
        if not turns and not self._page.problems:
            self._page.complain(where, "has no message of the person (user: …)")
        return tuple(turns)

    def _begin(self, where: Where, block: dict[str, Any], verb: str) -> Turn:
        """Read a step that begins a turn, with the assertions about it."""
        read = {"user": self._user, "x-burst": self._burst, "x-wait": self._wait}[verb]
        path: Where = (*where, "assertions")
        assertions = [
            self._assertion((*path, index), item)
            for index, item in enumerate(self._page.items(path, block.get("assertions", [])))
        ]
        return replace(
            read(where, block),
            assertions=tuple(one for one in assertions if one is not None),
            ordered=block.get("assertion_order_enabled") is True,
        )

    def _burst(self, where: Where, block: dict[str, Any]) -> Turn:
        """Read messages that arrive in one breath: ``x-burst: [no hay agua, desde ayer]``."""
        self._page.only(where, block, {"x-burst", *_BESIDES})
        texts = self._page.items((*where, "x-burst"), block["x-burst"])
        if len(texts) < 2 or not all(isinstance(text, str) for text in texts):  # noqa: PLR2004 - one is no burst
            self._page.complain((*where, "x-burst"), "expected two or more texts; write numbers in quotes")
        said = tuple(str(text) for text in texts)
        return Turn(self._page.source.line(where), " / ".join(said), "burst", texts=said)

    def _wait(self, where: Where, block: dict[str, Any]) -> Turn:
        """Read how long nobody writes: ``x-wait: 35m``."""
        self._page.only(where, block, {"x-wait", *_BESIDES})
        found = _DURATION.match(str(block["x-wait"]))
        if found is None:
            self._page.complain((*where, "x-wait"), f"{block['x-wait']!r} is not a time, for example 35m, 25h, 3d")
        seconds = int(found[1]) * _SECONDS[found[2]] if found else 0
        return Turn(self._page.source.line(where), f"(wait {block['x-wait']})", "wait", seconds=seconds)

    def _user(self, where: Where, block: dict[str, Any]) -> Turn:
        self._page.only(where, block, _USER)
        text = block["user"]
        if not isinstance(text, str):
            self._page.complain((*where, "user"), f"expected text, found {text!r}; write it in quotes")
            text = str(text)
        kind: InputKind = "text"
        asked = block.get("x-kind", "text")
        if asked in get_args(InputKind):
            kind = asked
        else:
            self._page.complain((*where, "x-kind"), f"{asked!r} is not one of {', '.join(get_args(InputKind))}")
        if kind == "location" and point(text) is None:
            self._page.complain((*where, "user"), f"{text!r} is not a point, for example 4.2052, -75.3101")
        metadata: dict[str, Any] = {}
        if "metadata" in block:
            name = block["metadata"]
            if isinstance(name, str) and name in self._metadata:
                metadata = self._metadata[name]
            else:
                self._page.complain((*where, "metadata"), f"no metadata is called {name!r}")
        return Turn(self._page.source.line(where), text, kind, metadata=metadata)

    def _expected(self, where: Where, block: dict[str, Any], verb: str) -> Expected:
        self._page.only(where, block, {verb})
        line = self._page.source.line(where)
        path: Where = (*where, verb)
        for kind in get_args(StepKind):
            if kind != verb:
                continue
            if kind in {"slot_was_set", "slot_was_not_set"}:
                return Expected(kind, line, slots=self._slots(path, block[verb]))
            if not isinstance(block[verb], str):
                self._page.complain(path, f"expected text, found {block[verb]!r:.60}")
            return Expected(kind, line, text=str(block[verb]))
        raise AssertionError(verb)

    def _slots(self, where: Where, value: object) -> tuple[SlotExpected, ...]:
        """Read ``[name, {name: value}, {name: …, value: …}]``; one name or block may stand without a list."""
        items = value if isinstance(value, list) else [value]
        found: list[SlotExpected] = []
        for index, item in enumerate(items):
            path: Where = (*where, index) if isinstance(value, list) else where
            if isinstance(item, str):
                found.append(SlotExpected(item))
            elif isinstance(item, dict) and isinstance(item.get("name"), str) and set(item) <= {"name", "value"}:
                found.append(SlotExpected(item["name"], item.get("value"), "value" in item))
            elif isinstance(item, dict):
                found += [SlotExpected(name, wanted, has_value=True) for name, wanted in item.items()]
            else:
                self._page.complain(path, f"expected a slot or slot: value, found {item!r:.60}")
        return tuple(found)

    def _assertion(self, where: Where, value: object) -> Assertion | None:
        block = self._page.block(where, value)
        if len(block) != 1:
            self._page.complain(where, f"an assertion has exactly one of: {', '.join(self._assertions)}")
            return None
        kind, body = next(iter(block.items()))
        path: Where = (*where, kind)
        if kind.startswith("generative_"):
            self._page.complain(path, _NEEDS_A_MODEL)
            return None
        if kind not in self._assertions:
            self._page.complain(path, f"unknown assertion; there are: {', '.join(self._assertions)}")
            return None
        return self._assertions[kind](path, body, Assertion(kind, self._page.source.line(where)))

    def _name(self, where: Where, body: object, empty: Assertion) -> Assertion:
        if not isinstance(body, str) or not body:
            self._page.complain(where, f"expected a name, found {body!r:.60}")
        return replace(empty, names=(str(body),))

    def _names(self, where: Where, body: object, empty: Assertion) -> Assertion:
        return replace(empty, names=tuple(str(item) for item in self._page.items(where, body)))

    def _flow_started(self, where: Where, body: object, empty: Assertion) -> Assertion:
        if isinstance(body, str):
            return replace(empty, names=(body,))
        block = self._page.block(where, body)
        self._page.only(where, block, {"operator", "flow_ids"})
        operator = block.get("operator", "all")
        if operator not in {"all", "any"}:
            self._page.complain((*where, "operator"), f"{operator!r} is not one of all, any")
        names = tuple(str(item) for item in self._page.items((*where, "flow_ids"), block.get("flow_ids")))
        return replace(empty, names=names, any_of=operator == "any")

    def _flow_ended(self, where: Where, body: object, empty: Assertion) -> Assertion:
        if isinstance(body, str):
            return replace(empty, names=(body,))
        block = self._page.block(where, body)
        self._page.only(where, block, {"flow_id", "flow_step_id"})
        if not isinstance(block.get("flow_id"), str):
            self._page.complain(where, "needs flow_id")
        return replace(empty, names=(str(block.get("flow_id")),), step=str(block.get("flow_step_id") or ""))

    def _slots_in(self, where: Where, body: object, empty: Assertion) -> Assertion:
        return replace(empty, slots=self._slots(where, body))

    def _uttered(self, where: Where, body: object, empty: Assertion) -> Assertion:
        block = self._page.block(where, body)
        self._page.only(where, block, _UTTERED)
        if not block:
            self._page.complain(where, f"needs one of: {', '.join(sorted(_UTTERED))}")
        pattern = str(block.get("text_matches") or "")
        try:
            re.compile(pattern)
        except re.error as error:
            self._page.complain((*where, "text_matches"), f"{pattern!r} is not a regular expression: {error}")
        buttons = []
        for index, item in enumerate(self._page.items((*where, "buttons"), block.get("buttons", []))):
            button = self._page.block((*where, "buttons", index), item)
            self._page.only((*where, "buttons", index), button, {"title", "payload"})
            buttons.append((str(button.get("title") or ""), str(button.get("payload") or "")))
        return replace(empty, uttered=Uttered(str(block.get("utter_name") or ""), pattern, tuple(buttons)))


def point(text: str) -> tuple[float, float] | None:
    """Read ``latitude, longitude`` in degrees, or return None."""
    parts = text.split(",")
    try:
        latitude, longitude = (float(part) for part in parts)
    except ValueError:
        return None
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None  # noqa: PLR2004 - degrees
