"""The invented bills add up, and show what the rules and charts need."""

from __future__ import annotations

from datetime import date
from itertools import groupby, pairwise

from bot.billing.database import consumption_of
from bot.billing.deviation import deviation
from bot.billing.rules import load
from bot.demo.bills import PERIODS, bills

BILLS = list(bills(date(2026, 11, 23)))


def test_every_bill_is_the_sum_of_its_lines():
    assert all(bill.total == sum(line["valor"] for line in bill.detalle["lineas"]) for bill in BILLS)
    assert len(BILLS) == 300 * PERIODS


def test_readings_go_on_from_month_to_month():
    for _, group in groupby(BILLS, key=lambda bill: bill.cuenta):
        read = [one for bill in group if (one := consumption_of(bill)) and one.lectura_actual is not None]
        assert len(read) >= PERIODS - 1
        assert all(after.lectura_anterior == before.lectura_actual for before, after in pairwise(read))


def test_some_consumptions_are_far_above_the_usual_and_most_are_not():
    rules = load().bills
    found = []
    for _, group in groupby(BILLS, key=lambda bill: bill.cuenta):
        used = [one for bill in group if (one := consumption_of(bill))]
        found.append(deviation(rules, used[::-1]).sentido)
    assert found.count("alto") >= 15
    assert found.count("") >= 250


def test_a_demo_is_the_same_every_time():
    assert list(bills(date(2026, 11, 23))) == BILLS
