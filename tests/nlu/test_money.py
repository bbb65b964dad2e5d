"""Amounts of the street become whole pesos."""

from __future__ import annotations

import pytest

from bot.nlu.entities import extract
from bot.nlu.entities.cuotas import read_instalments
from bot.nlu.entities.dinero import read_money
from bot.nlu.normalise import fold
from bot.nlu.numbers import read_count, words_to_int
from tests.nlu.world import NOW
from tests.support.rows import every_row

AMOUNTS = [
    ("85 mil", 85_000),
    ("85 lucas", 85_000),
    ("85k", 85_000),
    ("85 barras", 85_000),
    ("2 palos", 2_000_000),
    ("dos millones", 2_000_000),
    ("2 melones", 2_000_000),
    ("palo y medio", 1_500_000),
    ("un palo y medio", 1_500_000),
    ("dos palos y medio", 2_500_000),
    ("medio palo", 500_000),
    ("medio millón", 500_000),
    ("un millón", 1_000_000),
    ("un millón doscientos", 1_200_000),
    ("palo doscientos", 1_200_000),
    ("un millón quinientos mil", 1_500_000),
    ("dos millones quinientos mil pesos", 2_500_000),
    ("1.5 millones", 1_500_000),
    ("1,5 millones", 1_500_000),
    ("$1'234.567", 1_234_567),
    ("$1’234.567", 1_234_567),
    ("1'234.567", 1_234_567),
    ("$ 1.234.567", 1_234_567),
    ("$120.000", 120_000),
    ("$ 85.000,50", 85_000),
    ("$1,234,567", 1_234_567),
    ("120 mil", 120_000),
    ("120 mil pesos", 120_000),
    ("50 mil", 50_000),
    ("ciento veinte mil", 120_000),
    ("docientos mil", 200_000),
    ("ochenta y cinco mil", 85_000),
    ("120000 pesos", 120_000),
    ("mil pesos", 1_000),
    ("cien lucas", 100_000),
    ("una luca", 1_000),
    ("2 millones 300 mil", 2_300_000),
    ("un millón de pesos", 1_000_000),
    ("veinte mil quinientos", 20_500),
]


@every_row(("said", "pesos"), AMOUNTS)
def test_amounts_become_whole_pesos(said, pesos):
    assert read_money(fold(said).text) == pesos


@every_row(("said", "pesos"), [pair for pair in AMOUNTS if pair[0] != "veinte mil quinientos"])
def test_amounts_are_found_inside_a_sentence(said, pesos):
    found = [entity.value for entity in extract(f"debo {said} del recibo", now=NOW) if entity.name == "dinero"]
    assert found == [pesos]


@every_row("said", ["-5000", "menos 5000", "$ -85.000", "99999999999999", "0", "$0", "nada", "", "120", "cien"])
def test_negative_absurd_and_doubtful_amounts_are_refused(said):
    assert read_money(fold(said).text) is None


@pytest.mark.parametrize(
    "said",
    ["mil gracias", "tres mil usuarios", "20 mil litros", "calle 45 # 12-34", "llevo 120 dias", "mi cuenta es 123456"],
)
def test_not_every_number_is_money(said):
    assert [entity for entity in extract(said, now=NOW) if entity.name == "dinero"] == []


@pytest.mark.parametrize("said", ["debo 250000", "el recibo llegó por 250000", "pagué 250000", "un abono de 250.000"])
def test_a_bare_number_after_words_of_paying_is_money(said):
    assert [entity.value for entity in extract(said, now=NOW) if entity.name == "dinero"] == [250_000]


@every_row(
    ("said", "number"),
    [
        ("a 6 cuotas", 6), ("en seis meses", 6), ("media docena", 6), ("una docena", 12), ("a doce cuotas", 12),
        ("12", 12), ("tres", 3), ("en un año", 12), ("24 meses", 24), ("unas 10 cuoticas", 10), ("treinta y seis", 36),
    ],
)  # fmt: skip
def test_instalments(said, number):
    assert read_instalments(fold(said).text) == number


@pytest.mark.parametrize("said", ["500", "0", "-3", "muchas", "2.5", ""])
def test_impossible_instalments_are_refused(said):
    assert read_instalments(fold(said).text) is None


@pytest.mark.parametrize(
    ("said", "number"),
    [("quiero pagar a 6 cuotas", 6), ("me difiere la deuda en seis meses", 6), ("pagar en media docena de cuotas", 6)],
)
def test_instalments_inside_a_sentence(said, number):
    assert [entity.value for entity in extract(said, now=NOW) if entity.name == "cuotas"] == [number]


def test_months_without_a_word_of_paying_are_a_date():
    assert [entity.name for entity in extract("vuelvo en seis meses", now=NOW)] == ["fecha"]


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("veintitres", 23),
        ("treinta y dos", 32),
        ("ciento veinte mil", 120_000),
        ("sinco", 5),
        ("mil", 1000),
        ("dos tres", None),
    ],
)
def test_numbers_in_words(said, number):
    assert words_to_int(tuple(said.split())) == number


def test_a_count_may_be_a_fraction():
    assert read_count("3,5") == 3.5
    assert read_count("media docena") == 6
