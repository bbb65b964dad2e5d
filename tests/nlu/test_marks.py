"""Marks as people give them, and days that no calendar has."""

import pytest

from bot.nlu.entities.fecha import names_no_day, read_date
from bot.nlu.marks import read_mark
from bot.nlu.normalise import fold
from tests.nlu.world import NOW
from tests.support.rows import every_row


@every_row(
    ("said", "mark"),
    [
        ("5", 5), ("un cuatro", 4), ("le doy 3", 3), ("4/5", 4), ("2 de 5", 2), ("tres estrellas", 3),
        ("⭐⭐⭐⭐⭐", 5), ("⭐", 1), ("★★", 2), ("👍", 4), ("👎", 1), ("😡", 1), ("😐", 3), ("🤩", 5),
        ("excelente", 5), ("muy buena", 5), ("muy bien", 5), ("buena", 4), ("bien", 4), ("regular", 3), ("más o menos", 3),
        ("mala", 2), ("no muy buena", 2), ("muy mala", 1), ("pésima", 1), ("un diez", 5), ("Perfecto, gracias", 5),
    ],
)  # fmt: skip
def test_a_mark_is_read_in_every_spelling(said, mark):
    assert read_mark(said) == mark


@every_row("said", ["", "8", "-3", "menos 2", "900000", "⭐" * 6, "0", "no sé", "la factura"])
def test_what_is_no_mark_is_asked_again(said):
    assert read_mark(said) is None


@pytest.mark.parametrize(
    "said", ["31 de febrero", "el 45 de marzo", "30/02/2026", "31 de abril", "29 de febrero de 2026", "0 de mayo"]
)
def test_a_day_that_does_not_exist_is_no_date(said):
    assert names_no_day(fold(said).text)
    assert read_date(said, NOW) is None


@pytest.mark.parametrize(
    "said", ["29 de febrero", "31 de marzo", "17/06/2026", "el lunes", "en marzo", "calle 45 con 30", "12/2026"]
)
def test_days_that_exist_are_left_alone(said):
    assert not names_no_day(fold(said).text)
