"""Conditions: what they mean, what they never do, and what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.engine.conditions import ConditionError, parse
from tests.support.rows import every_row

SLOTS = {
    "a": "agua",
    "n": 3,
    "t": True,
    "f": False,
    "l": ["x", "y"],
    "e": "",
    "m": {},
    "d": "2026-03-25",
    "c": "abc 123",
}

TRUE = [
    'slots.a = "agua"', "slots.a == 'agua'", 'slots.a != "gas"', "slots.n = 3", "slots.n >= 3 and slots.n < 4",
    "slots.t", "slots.t = true", "not slots.f", "slots.z is null", "slots.z is undefined", "slots.a is not null",
    "slots.e is empty", "slots.m is empty", "slots.z is empty", "slots.a is not empty", 'slots.l contains "x"',
    'slots.a contains "gu"', '{"agua" "gas"} contains slots.a', "{1, 2, 3} contains slots.n", 'slots.c matches "^abc \\d+$"',
    'slots.d > "2026-01-01"', 'slots.a = "gas" or slots.n = 3', 'slots.a = "gas" OR (slots.n = 3 AND NOT slots.f)',
    'context.reason = "limit"', "slots.n > -1", 'slots.a is "agua"', 'slots.a is not "gas"', "TRUE",
]  # fmt: skip
FALSE = [
    "slots.z", "slots.z > 3", "slots.z < 3", 'slots.n > "1"', "slots.a > 3", "slots.t = 1", "slots.n = true", "slots.z contains 1",
    'slots.n contains "3"', 'slots.z matches "."', 'slots.n matches "3"', "slots.l is empty", "not slots.t", "false",
    'slots.a = "agua" and slots.n = 4',
]  # fmt: skip


@every_row("text", TRUE)
def test_it_holds(text: str) -> None:
    assert parse(text).holds(SLOTS, {"reason": "limit"})


@every_row("text", FALSE)
def test_it_does_not_hold(text: str) -> None:
    assert not parse(text).holds(SLOTS, {})


@every_row(
    ("text", "why"),
    [
        ("", "it is empty"),
        ("agua", "«agua» is unknown; write slots.agua"),
        ("slots.a = ", "a value is expected"),
        ('slots.a = "agua" slots', "left over"),
        ("(slots.a", "a parenthesis is not closed"),
        ('slots.a = "agua', "is not part of a condition"),
        ("slots.a.b = 1", "«slots.a.b» is unknown"),
        ('slots.a matches "("', "a pattern that cannot be read"),
        ("slots.a matches slots.c", "comes a quoted pattern"),
        ("{slots.a} contains 1", "a set holds only written values"),
        ("{{ context.x }}", "a set holds only written values"),
        ("slots.a = 1; import os", "is not part of a condition"),
        ("__import__", "is unknown"),
    ],
)
def test_what_is_not_a_condition_is_refused_with_the_reason(text: str, why: str) -> None:
    with pytest.raises(ConditionError, match=why.replace("(", r"\(").replace("{", r"\{")):
        parse(text)


def test_it_knows_the_names_it_reads() -> None:
    condition = parse('slots.a = "x" and context.reason is not null or slots.b')

    assert (condition.slots, condition.context) == ({"a", "b"}, {"reason"})


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        condition = parse(text)
    except ConditionError:
        return
    condition.holds({}, {})


@given(
    st.dictionaries(
        st.sampled_from(sorted(SLOTS)), st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.text())
    )
)
def test_no_value_makes_a_condition_fail(slots: dict[str, object]) -> None:
    for text in (*TRUE, *FALSE):
        parse(text).holds(slots, slots)
