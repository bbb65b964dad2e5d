"""The worked cases of the domain document, to the peso, and what holds for every plan."""

from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.agreements.arithmetic import (
    fewest_for,
    initial_payment,
    mora,
    rounded,
    schedule,
    total,
    total_interest,
)
from bot.agreements.errors import DoesNotDivide

PESOS = st.integers(min_value=1, max_value=500_000_000)
COUNTS = st.integers(min_value=1, max_value=36)
RATES = st.sampled_from(["0", "0.4867551", "0.5", "1", "1.9", "2.7"]).map(Decimal)
STEPS = st.sampled_from([1, 10, 50, 100])


def plan(debt, percent, count, rate, step):
    first = initial_payment(debt, Decimal(percent), step)
    return first, schedule(debt - first, count, Decimal(rate), step)


def test_case_1_equal_instalments():
    first, found = plan(480_000, 20, 12, 0, 1)
    assert first == 96_000
    assert [one.valor for one in found] == [32_000] * 12


def test_case_2_rounded_to_fifty_and_the_last_takes_the_rest():
    first, found = plan(1_234_567, 30, 10, 0, 50)
    assert first == 370_400
    assert [one.valor for one in found] == [86_400] * 9 + [86_567]
    assert first + total(found) == 1_234_567


def test_case_3_half_a_per_cent_a_month_without_initial():
    first, found = plan(1_500_000, 0, 24, "0.5", 50)
    assert first == 0
    assert {one.valor for one in found[:-1]} == {66_481}
    assert (found[0].interes, found[0].capital, found[0].saldo) == (7_500, 58_981, 1_441_019)
    assert (found[1].interes, found[1].capital, found[1].saldo) == (7_205, 59_276, 1_381_743)
    assert (found[23].valor, found[23].interes, found[23].saldo) == (66_478, 331, 0)
    assert total_interest(found) == 95_541


def test_case_4_thirty_six_instalments():
    first, found = plan(2_850_000, 10, 36, "0.5", 50)
    assert first == 285_000
    assert {one.valor for one in found[:-1]} == {78_032}
    assert (found[0].interes, found[0].capital, found[0].saldo) == (12_825, 65_207, 2_499_793)
    assert (found[1].interes, found[1].capital, found[1].saldo) == (12_499, 65_533, 2_434_260)
    assert (found[35].valor, found[35].interes, found[35].saldo) == (78_041, 388, 0)
    assert total_interest(found) == 244_161


def test_case_4_at_six_per_cent_effective_yearly():
    _, found = plan(2_850_000, 10, 36, "0.4867551", 50)
    assert found[0].valor == 77_848
    assert total_interest(found) == 237_512


def test_case_5_commercial():
    first, found = plan(5_400_000, 30, 12, "1.9", 50)
    assert first == 1_620_000
    assert {one.valor for one in found[:-1]} == {355_244}
    assert (found[0].interes, found[0].capital, found[0].saldo) == (71_820, 283_424, 3_496_576)
    assert (found[11].valor, found[11].interes, found[11].saldo) == (355_241, 6_624, 0)
    assert total_interest(found) == 482_925


@pytest.mark.parametrize(("principal", "days", "owed"), [(250_000, 45, 1_849), (187_300, 92, 2_833)])
def test_simple_interest_for_delay(principal, days, owed):
    assert mora(principal, days, Decimal(6)) == owed


@pytest.mark.parametrize(("principal", "days"), [(0, 10), (100_000, 0), (100_000, -3)])
def test_nothing_is_owed_for_no_delay(principal, days):
    assert mora(principal, days, Decimal(6)) == 0


@pytest.mark.parametrize(("exact", "whole"), [("0.5", 1), ("1.5", 2), ("2.5", 3), ("2.4999", 2)])
def test_halves_go_up(exact, whole):
    assert rounded(Decimal(exact)) == whole


@pytest.mark.parametrize(("debt", "count"), [(0, 3), (5, 12), (400, 12), (11, 12)])
def test_an_amount_too_small_for_so_many_is_refused(debt, count):
    with pytest.raises(DoesNotDivide):
        schedule(debt, count, Decimal(0), 50)


def test_the_fewest_instalments_that_fit_a_purse():
    assert fewest_for(384_000, 50_000, Decimal(0), 50, 36) == 8
    assert fewest_for(384_000, 1_000, Decimal(0), 50, 36) is None
    assert fewest_for(1_000_000, 4_000, Decimal("0.5"), 50, 36) is None


@given(principal=PESOS, count=COUNTS, rate=RATES, step=STEPS)
def test_every_plan_ends_at_zero_and_adds_up(principal, count, rate, step):
    try:
        found = schedule(principal, count, rate, step)
    except DoesNotDivide:
        assume(principal >= count * 1_000)  # only what really is too little may be refused
        raise
    assert len(found) == count
    assert found[-1].saldo == 0
    assert total(found) == principal + total_interest(found)
    assert all(one.valor > 0 and one.capital > 0 and one.interes >= 0 for one in found)
    owed = principal
    for one in found:
        assert one.valor == one.capital + one.interes
        owed -= one.capital
        assert one.saldo == owed
    if not rate:
        assert total_interest(found) == 0
        assert all(one.valor % step == 0 for one in found[:-1])
    else:
        assert max(one.valor for one in found) - min(one.valor for one in found) <= 2 * count


@given(debt=PESOS, percent=st.integers(0, 100).map(Decimal), step=STEPS)
def test_the_initial_payment_is_rounded_up_and_never_more_than_the_debt(debt, percent, step):
    first = initial_payment(debt, percent, step)
    exact = debt * percent / 100
    assert exact <= first <= debt or first == debt
    assert first == debt or (first % step == 0 and first - exact < step)


@given(principal=st.integers(100_000, 50_000_000), most=st.integers(10_000, 5_000_000), rate=RATES)
def test_a_purse_is_never_asked_for_more_than_it_holds(principal, most, rate):
    count = fewest_for(principal, most, rate, 50, 36)
    if count is None:
        assert max(one.valor for one in schedule(principal, 36, rate, 50)) > most
    else:
        assert max(one.valor for one in schedule(principal, count, rate, 50)) <= most
        assert count == 1 or max(one.valor for one in schedule(principal, count - 1, rate, 50)) > most
