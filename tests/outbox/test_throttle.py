"""The pace of one account."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.outbox.throttle import Bucket
from tests.outbox.fakes import Ticking
from tests.support.calm import calm


def test_what_gathers_while_nobody_sends_is_one_call_and_a_moments_worth() -> None:
    time = Ticking()
    bucket = Bucket(1000, time=time)

    assert bucket.room() == 11
    bucket.take(11)

    assert bucket.room() == 0
    assert bucket.ready_in() == pytest.approx(1 / bucket.pace_per_s)
    time.now += 1.1 / 1000
    assert bucket.room() == 1


def test_a_call_that_is_at_hand_before_its_time_learns_when_it_may_leave() -> None:
    time = Ticking()
    bucket = Bucket(25, time=time)

    assert bucket.take(1) == 0
    waits = [bucket.take(1) for _ in range(3)]

    assert waits == pytest.approx([number / bucket.pace_per_s - 0.25 / bucket.pace_per_s for number in (1, 2, 3)])
    assert bucket.room(ahead_s=0.04) == 0
    assert bucket.room(ahead_s=0.2) == 2


def test_a_message_of_several_calls_is_paid_by_those_that_follow() -> None:
    time = Ticking()
    bucket = Bucket(10, time=time, burst=1)

    bucket.take(4)

    assert bucket.ready_in() == pytest.approx(4 / bucket.pace_per_s)


def test_nothing_passes_while_the_provider_holds_us_and_no_burst_follows() -> None:
    time = Ticking()
    bucket = Bucket(25, time=time)

    bucket.hold(3)
    time.now += 2.99
    assert bucket.room() == 0
    assert bucket.ready_in() == pytest.approx(0.01)

    time.now += 0.01
    assert bucket.room() == 1


def test_a_shorter_hold_does_not_end_a_longer_one() -> None:
    time = Ticking()
    bucket = Bucket(25, time=time)

    bucket.hold(10)
    bucket.hold(1)

    assert bucket.ready_in() == pytest.approx(10)


def test_a_bucket_without_a_rate_is_refused() -> None:
    with pytest.raises(ValueError, match="above zero"):
        Bucket(0, time=Ticking())


@calm
@given(
    rate=st.sampled_from([1.0, 25.0, 60.0, 1000.0]),
    steps=st.lists(st.tuples(st.floats(0, 0.5), st.integers(1, 3)), min_size=1, max_size=60),
)
def test_in_any_stretch_of_time_no_more_leaves_than_the_rate_and_one_burst(
    rate: float, steps: list[tuple[float, int]]
) -> None:
    time = Ticking()
    bucket = Bucket(rate, time=time)
    burst = 1 + rate / 100
    sent: list[float] = []

    for wait, cost in steps:
        time.now += wait
        if bucket.room():
            bucket.take(cost)
            sent += [time.now] * cost

    for first, begin in enumerate(sent):
        for last in range(first, len(sent)):
            # The last message may cost up to two calls more than was there.
            assert last - first + 1 <= burst + 2 + (sent[last] - begin) * rate + 1e-3


@calm
@given(
    rate=st.sampled_from([25.0, 30.0, 60.0, 80.0, 1000.0]),
    lates=st.lists(st.floats(0, 0.009), min_size=50, max_size=200),
)
def test_a_provider_that_counts_any_second_strictly_never_has_to_refuse(rate: float, lates: list[float]) -> None:
    time = Ticking()
    bucket = Bucket(rate, time=time)
    sent: list[float] = []

    for late in lates:
        time.now += bucket.ready_in() + late
        for _ in range(bucket.room()):
            bucket.take(1)
            sent.append(time.now)

    for first, begin in enumerate(sent):
        assert sum(at < begin + 1 for at in sent[first:]) <= rate


def test_a_complaint_halves_the_pace_and_each_calm_minute_doubles_it_again() -> None:
    time = Ticking()
    bucket = Bucket(80, time=time)
    full = bucket.pace_per_s

    bucket.slow()
    bucket.slow()  # of the same moment
    assert bucket.pace_per_s == full / 2
    time.now += 10
    bucket.slow()
    assert bucket.pace_per_s == full / 4
    time.now += 61
    assert bucket.pace_per_s == full / 2
    time.now += 60
    assert bucket.pace_per_s == full
    for _ in range(9):
        time.now += 10
        bucket.slow()
    assert bucket.pace_per_s == full / 16
