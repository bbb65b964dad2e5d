"""What follows from an attempt."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.base import Sent, Verdict
from bot.outbox.rules import History, Rules, backoff, decide
from tests.support.calm import calm
from tests.support.rows import every_row

FRESH = History(attempts=1, unknowns=0, age_s=0)
RULES = Rules()


@every_row(
    ("verdict", "state"),
    [
        (Verdict.OK, "sent"),
        (Verdict.RETRY, "queued"),
        (Verdict.UNKNOWN, "queued"),
        (Verdict.CLOSED_WINDOW, "failed"),
        (Verdict.DEAD_ADDRESS, "failed"),
        (Verdict.NEEDS_PHONE, "failed"),
        (Verdict.OPTED_OUT, "failed"),
        (Verdict.HALT, "queued"),
        (Verdict.BUG, "dead"),
    ],
)
def test_every_verdict_has_its_state(verdict: Verdict, state: str) -> None:
    assert decide(Sent(verdict), FRESH, RULES, 0.5).state == state


def test_a_second_doubt_leaves_the_message_to_a_person() -> None:
    decision = decide(Sent(Verdict.UNKNOWN), History(attempts=2, unknowns=1, age_s=5), RULES, 0.5)

    assert decision.state == "unknown"


def test_what_must_go_out_once_is_never_repeated_after_a_doubt() -> None:
    decision = decide(Sent(Verdict.UNKNOWN), History(attempts=1, unknowns=0, age_s=0, may_repeat=False), RULES, 0.5)

    assert decision.state == "unknown"


def test_a_provider_that_fails_for_ten_minutes_costs_nobody_an_answer() -> None:
    age, attempts = 0.0, 0
    while age < 600:
        attempts += 1
        decision = decide(Sent(Verdict.RETRY), History(attempts, 0, age), RULES, 0.5)
        assert decision.state == "queued"
        assert decision.wait_s is not None
        age += decision.wait_s


def test_tries_without_end_are_given_up() -> None:
    decision = decide(Sent(Verdict.RETRY), History(attempts=8, unknowns=0, age_s=RULES.patience_s), RULES, 0.5)

    assert decision.state == "dead"


@calm
@given(seconds=st.floats(0.1, 3600), fraction=st.floats(0, 0.999))
def test_a_wait_that_the_provider_names_is_never_shortened_and_costs_no_try(seconds: float, fraction: float) -> None:
    decision = decide(Sent(Verdict.RETRY, retry_after_s=seconds), FRESH, RULES, fraction)

    assert decision.wait_s is not None
    assert seconds <= decision.wait_s <= seconds + 1
    assert decision.spare


def test_a_halted_channel_burns_no_tries() -> None:
    assert decide(Sent(Verdict.HALT), FRESH, RULES, 0.5).spare


@calm
@given(attempt=st.integers(0, 10_000), fraction=st.floats(0, 0.999))
def test_waits_grow_up_to_a_limit_and_are_spread(attempt: int, fraction: float) -> None:
    wait = backoff(attempt, RULES, fraction)

    assert RULES.first_wait_s / 2 <= wait <= RULES.longest_wait_s
