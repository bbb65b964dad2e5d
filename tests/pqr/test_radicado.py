"""How a case is numbered and how a number that a person typed is read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.pqr.errors import BadTemplate
from bot.pqr.radicado import Radicado, Template
from tests.support.rows import every_row

DEFAULT = Template.of("{AAAA}{DDD}{NNNNNN}2", "001")


def test_the_default_template_gives_the_fourteen_digits_of_the_convention() -> None:
    assert DEFAULT.write(2026, 457) == "20260010004572"


@every_row(
    "typed",
    [
        "20260010004572",
        " 2026 001 000457 2 ",
        "2026-001-000457-2",
        "2026.0010004572",
        "2026\u20110010004572",
        "2026\u200b0010004572",
        "Radicado No. 20260010004572",
        "mi radicado es el 2026001000457-2",
        "# 20260010004572",
        "\uff12\uff10\uff12\uff16\uff10\uff10\uff11\uff10\uff10\uff10\uff14\uff15\uff17\uff12",
    ],
)
def test_what_people_type_is_read(typed: str) -> None:
    assert DEFAULT.read(typed) == Radicado("20260010004572", 2026, 457)


@every_row(
    "typed",
    [
        "",
        "12345678",
        "2026001000457",
        "20260020004572",
        "20260010004573",
        "20260010000002",
        "20260010004572a",
        "x" * 9999,
    ],
)
def test_what_is_not_a_radicado_of_ours_is_none(typed: str) -> None:
    assert DEFAULT.read(typed) is None


def test_the_number_grows_past_its_width_and_filing_goes_on() -> None:
    text = DEFAULT.write(2026, 1_000_000)
    assert text == "202600110000002"
    assert DEFAULT.read(text) == Radicado(text, 2026, 1_000_000)


@given(st.integers(2000, 2999), st.integers(1, 9_999_999))
def test_what_is_written_is_read_back(year: int, number: int) -> None:
    text = DEFAULT.write(year, number)
    assert DEFAULT.read(text) == Radicado(text, year, number)


@given(st.text(max_size=60))
def test_no_text_breaks_the_reading(typed: str) -> None:
    read = DEFAULT.read(typed)
    assert read is None or DEFAULT.write(read.year, read.number) == read.text


@every_row(
    ("template", "dependencia", "what"),
    [
        ("", "001", "may hold only"),
        ("{AAAA}-{NNNNNN}", "001", "may hold only"),
        ("{AAAA}{NNNNNN", "001", "may hold only"),
        ("{AAAA}{DDD}2", "001", "one {NNNNNN}"),
        ("{DDD}{NNNNNN}2", "001", "one {AAAA}"),
        ("{AAAA}{AAAA}{NNNNNN}", "001", "one {AAAA}"),
        ("{AA}{DDD}{NNNNNN}2", "001", "four digits"),
        ("{AAAA}{DDD}{NNNNNN}2", "1", "3 digits"),
        ("{AAAA}{DDD}{NNNNNN}2", "\u0661\u0662\u0663", "3 digits"),
    ],
)
def test_a_template_that_cannot_number_is_refused_with_the_reason(template: str, dependencia: str, what: str) -> None:
    with pytest.raises(BadTemplate, match=what.replace("{", r"\{")):
        Template.of(template, dependencia)


def test_there_is_no_radicado_zero() -> None:
    with pytest.raises(ValueError, match="number 0"):
        DEFAULT.write(2026, 0)
