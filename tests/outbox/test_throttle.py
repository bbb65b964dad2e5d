"""The pace of one account."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.outbox.throttle import Bucket
from tests.outbox.fakes import Ticking
from tests.support.calm import calm


def test_a_full_bucket_lets_a_burst_pass_and_then_keeps_the_rate() -> None:
    time = Ticking()
    bucket = Bucket(25, time=time)

    assert bucket.room() == 5
    bucket.take(5)

    assert bucket.room() == 0
    assert bucket.ready_in() == pytest.approx(1 / 25)
    time.now += 1 / 25
    assert bucket.room() == 1


def test_a_message_of_several_calls_is_paid_by_those_that_follow() -> None:
    time = Ticking()
    bucket = Bucket(10, time=time, burst=1)

    bucket.take(4)

    assert bucket.ready_in() == pytest.approx(0.4)


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
    burst = bucket.room()
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
