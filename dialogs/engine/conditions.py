"""Conditions of flows: one typed expression over ``slots.`` and ``context.``, compiled once and free of surprises.

Grammar, loosest first (``=`` and ``==`` are the same; words may be upper case)::

    or → and → not → comparison → operand
    comparison   operand [= == != < <= > >= is, is not, contains, matches] operand
    operand      slots.name · context.name · "text" · 12 · 3.5 · true · false · null · undefined · empty · {"a" "b"} · ( … )

A missing value is ``null``; ``undefined`` means the same; ``empty`` also covers ``""`` and empty lists. Ordering
comparisons with a missing value, or between different types, are false and never an error.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Values = Mapping[str, Any]
Test = Callable[[Values, Values], Any]

#: Longest text that ``matches`` looks at, in characters: a citizen's text must not make a pattern slow.
LONGEST_MATCHED = 2_000

_TOKEN = re.compile(
    r"""\s*(?:(?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
    r"""|(?P<number>-?\d+(?:\.\d+)?)"""
    r"""|(?P<name>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*)"""
    r"""|(?P<sign>==|!=|<=|>=|[=<>(){},]))"""
)
_KEYWORDS = frozenset({"and", "or", "not", "is", "contains", "matches"})
_CONSTANTS: dict[str, Any] = {"true": True, "false": False, "null": None, "undefined": None}
_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


class ConditionError(ValueError):
    """The text is not a condition; the message says where and what to write."""


class _Empty:
    """The literal ``empty``."""


_EMPTY = _Empty()


@dataclass(frozen=True, slots=True)
class Comparison:
    """One comparison of a slot with a literal, kept so that the inspector can check the types."""

    slot: str
    operator: str
    literal: Any


@dataclass(frozen=True, slots=True)
class Condition:
    """A compiled condition; ``text`` is what staff wrote, ``slots`` and ``context`` the names it reads."""

    text: str
    slots: frozenset[str]
    context: frozenset[str]
    comparisons: tuple[Comparison, ...]
    test: Test

    def holds(self, slots: Values, context: Values) -> bool:
        """Return whether the condition is true for these slots and this frame's context; never raises."""
        return bool(self.test(slots, context))


def always(*, value: bool) -> Condition:
    """Return the condition that is ``true`` or ``false`` whatever the slots say."""
    return Condition(str(value).lower(), frozenset(), frozenset(), (), lambda _slots, _context: value)


def parse(text: str) -> Condition:
    """Compile ``text``.

    Raises:
        ConditionError: not a condition of the grammar above.
    """
    return _Parser(text).condition()


def is_empty(value: object) -> bool:
    """Return whether ``value`` is missing, blank text or an empty collection."""
    return value is None or value == "" or (isinstance(value, (list, tuple, dict, set, frozenset)) and not value)


def same(a: object, b: object) -> bool:
    """Return whether two values are equal without mixing booleans and numbers."""
    return isinstance(a, bool) == isinstance(b, bool) and a == b


def _ordered(operator: str, a: object, b: object) -> bool:
    numbers = isinstance(a, (int, float)) and isinstance(b, (int, float))
    texts = isinstance(a, str) and isinstance(b, str)
    return _ORDER[operator](a, b) if numbers or texts else False


def _contains(holder: object, item: object) -> bool:
    if isinstance(holder, str):
        return isinstance(item, str) and item in holder
    if isinstance(holder, (list, tuple, set, frozenset)):
        return any(same(each, item) for each in holder)
    return isinstance(holder, Mapping) and item in holder


@dataclass(frozen=True, slots=True)
class _Operand:
    """An operand and what is known of it before it is evaluated."""

    read: Test
    slot: str = ""
    literal: bool = False
    value: Any = None


#: A longer condition nobody can read, and one nested deeper the parser could not either.
_MOST_TOKENS = 400
_SHOWN = 300


class _Parser:
    """Recursive descent over the tokens of one condition."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = list(self._split())
        self._place = 0
        self._slots: set[str] = set()
        self._context: set[str] = set()
        self._comparisons: list[Comparison] = []

    def condition(self) -> Condition:
        if not self._tokens:
            self._fail('it is empty; write for example slots.servicio = "agua"')
        if len(self._tokens) > _MOST_TOKENS:
            self._fail(f"it has more than {_MOST_TOKENS} words and signs; divide it among several steps")
        test = self._or()
        if self._place < len(self._tokens):
            self._fail(f"«{self._peek()[1]}» is left over at the end")
        return Condition(self._text, frozenset(self._slots), frozenset(self._context), tuple(self._comparisons), test)

    def _split(self) -> list[tuple[str, str]]:
        tokens, place = [], 0
        while self._text[place:].strip():
            match = _TOKEN.match(self._text, place)
            if match is None:
                self._fail(f"«{self._text[place:].strip()[:20]}» is not part of a condition")
                break
            kind, value = str(match.lastgroup), match.group(str(match.lastgroup))
            if kind == "name" and value.lower() in _KEYWORDS:
                kind, value = "word", value.lower()
            tokens.append((kind, value))
            place = match.end()
        return tokens

    def _fail(self, why: str) -> None:
        message = f"the condition «{self._text[:_SHOWN]}» cannot be read: {why}"
        raise ConditionError(message)

    def _peek(self) -> tuple[str, str]:
        return self._tokens[self._place] if self._place < len(self._tokens) else ("end", "the end")

    def _take(self, kind: str, *values: str) -> str:
        """Return the next token's text and go past it if it is of ``kind`` and among ``values``; else return ""."""
        found, text = self._peek()
        if found != kind or (values and text not in values):
            return ""
        self._place += 1
        return text

    def _or(self) -> Test:
        test = self._and()
        while self._take("word", "or"):
            test = _either(test, self._and())
        return test

    def _and(self) -> Test:
        test = self._not()
        while self._take("word", "and"):
            test = _both(test, self._not())
        return test

    def _not(self) -> Test:
        if self._take("word", "not"):
            test = self._not()
            return lambda slots, context: not test(slots, context)
        return self._comparison()

    def _comparison(self) -> Test:
        left = self._operand()
        operator = self._take("sign", "=", "==", "!=", "<", "<=", ">", ">=") or self._take(
            "word", "is", "contains", "matches"
        )
        if not operator:
            return left.read
        negated = operator == "is" and bool(self._take("word", "not"))
        if operator == "not":
            self._fail("write «not» before the comparison")
        right = self._operand()
        operator = {"==": "=", "is": "="}.get(operator, operator)
        if operator == "!=":
            operator, negated = "=", True
        self._note(left, operator, right)
        test = self._compare(left, operator, right)
        return (lambda slots, context: not test(slots, context)) if negated else test

    def _note(self, left: _Operand, operator: str, right: _Operand) -> None:
        if left.slot and right.literal:
            self._comparisons.append(Comparison(left.slot, operator, right.value))
        elif right.slot and left.literal and operator == "contains" and isinstance(left.value, frozenset):
            self._comparisons.extend(Comparison(right.slot, "=", each) for each in sorted(left.value, key=str))

    def _compare(self, left: _Operand, operator: str, right: _Operand) -> Test:
        a, b = left.read, right.read
        if operator == "=":
            if right.value is _EMPTY:
                return lambda slots, context: is_empty(a(slots, context))
            return lambda slots, context: same(a(slots, context), b(slots, context))
        if operator == "contains":
            return lambda slots, context: _contains(a(slots, context), b(slots, context))
        if operator == "matches":
            return self._matches(a, right)
        return lambda slots, context: _ordered(operator, a(slots, context), b(slots, context))

    def _matches(self, a: Test, right: _Operand) -> Test:
        if not (right.literal and isinstance(right.value, str)):
            self._fail("after «matches» comes a quoted pattern")
        try:
            pattern = re.compile(right.value)
        except re.error as trouble:
            message = f"the condition «{self._text}» has a pattern that cannot be read: {trouble}"
            raise ConditionError(message) from trouble

        def test(slots: Values, context: Values) -> bool:
            value = a(slots, context)
            return isinstance(value, str) and pattern.search(value[:LONGEST_MATCHED]) is not None

        return test

    def _operand(self) -> _Operand:
        if self._take("sign", "("):
            test = self._or()
            if not self._take("sign", ")"):
                self._fail("a parenthesis is not closed")
            return _Operand(test)
        if self._take("sign", "{"):
            return self._literal(self._members())
        kind, text = self._peek()
        self._place += 1
        if kind == "text":
            return self._literal(_unquote(text))
        if kind == "number":
            return self._literal(float(text) if "." in text else int(text))
        if kind == "name":
            return self._name(text)
        self._place -= 1
        self._fail(f"a value is expected where «{text}» stands")
        raise AssertionError

    def _members(self) -> frozenset[Any]:
        members = []
        while not self._take("sign", "}"):
            self._take("sign", ",")
            member = self._operand()
            if not member.literal:
                self._fail('a set holds only written values, for example {"agua" "gas"}')
            members.append(member.value)
        return frozenset(members)

    @staticmethod
    def _literal(value: object) -> _Operand:
        return _Operand(lambda _slots, _context: value, literal=True, value=value)

    def _name(self, text: str) -> _Operand:
        lowered = text.lower()
        if lowered in _CONSTANTS:
            return self._literal(_CONSTANTS[lowered])
        if lowered == "empty":
            return self._literal(_EMPTY)
        space, _, name = text.partition(".")
        if space == "slots" and name and "." not in name:
            self._slots.add(name)
            return _Operand(lambda slots, _context: slots.get(name), slot=name)
        if space == "context" and name and "." not in name:
            self._context.add(name)
            return _Operand(lambda _slots, context: context.get(name))
        self._fail(f'«{text}» is unknown; write slots.{text}, or "{text}" in quotes if it is a text')
        raise AssertionError


def _both(a: Test, b: Test) -> Test:
    return lambda slots, context: a(slots, context) and b(slots, context)


def _either(a: Test, b: Test) -> Test:
    return lambda slots, context: a(slots, context) or b(slots, context)


def _unquote(text: str) -> str:
    # Only quotes are escaped: everything else belongs to the text, such as the \S of a pattern.
    return re.sub(r"\\([\"'])", r"\1", text[1:-1])
