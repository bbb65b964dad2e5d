"""Errands that silence closed are kept for some days, offered again, and forgotten."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dialogs.engine.advance import advance
from dialogs.engine.commands import CannotHandle, SessionStart, StartFlow, TakeUp, Timeout
from dialogs.engine.effects import FlowResumed, Reply, TimerSet
from dialogs.engine.store import from_json, to_json
from dialogs.engine.turn import Limits
from tests.engine.support import Talk

WEEK = 7 * 86_400


def said(effects):
    return [effect.response for effect in effects if isinstance(effect, Reply)]


def go(talk, *commands, resume=WEEK):
    done = advance(talk.conversation, commands, talk.dialogs, limits=Limits(resume=resume))
    talk.conversation = from_json(to_json(done.conversation))
    return done.effects


@pytest.fixture
def closed(talk: Talk) -> Talk:
    """A talk whose errand was closed by silence at its second question."""
    talk.obey(StartFlow("pedir", {"servicio": "agua"}))
    talk.hear("1203456", answer="1203456")
    effects = go(talk, Timeout("expire", talk.conversation.turn, talk.conversation.asked))
    assert TimerSet("forget", WEEK, "") in effects
    return talk


def test_what_was_answered_is_set_aside_and_the_errand_is_over(closed: Talk) -> None:
    assert closed.conversation.stack == ()
    assert "cuenta" not in closed.conversation.slots
    assert closed.conversation.parked is not None
    assert closed.conversation.parked.slots["cuenta"] == "1203456"


def test_it_goes_on_at_its_question_with_its_answers(closed: Talk) -> None:
    asked = closed.conversation.parked.stack[-1].step
    effects = go(closed, TakeUp())
    assert said(effects)[0] == "patrones.seguimos"
    assert FlowResumed("pedir") in effects
    assert closed.conversation.parked is None
    assert closed.conversation.slots["cuenta"] == "1203456"
    assert closed.conversation.stack[-1].step == asked
    assert closed.conversation.asked


def test_it_is_offered_to_who_comes_back_and_to_who_answers_late_but_not_for_ever(closed: Talk) -> None:
    assert said(go(closed, SessionStart())) == ["patrones.bienvenida", "patrones.ofrece_retomar"]
    closed.conversation = replace(closed.conversation, stack=(), asked="")
    assert said(go(closed, CannotHandle("stale_option"))) == ["patrones.pregunta_cerrada", "patrones.ofrece_retomar"]
    closed.conversation = replace(closed.conversation, stack=(), asked="")
    assert "patrones.ofrece_retomar" not in said(go(closed, CannotHandle("stale_option")))
    assert said(go(closed, TakeUp()))[0] == "patrones.seguimos"


def test_it_is_forgotten_in_silence(closed: Talk) -> None:
    effects = go(closed, Timeout("forget", 0))
    assert said(effects) == []
    assert closed.conversation.parked is None
    assert go(closed, Timeout("forget", 0)) == ()


def test_nothing_is_kept_where_the_host_keeps_nothing_or_nothing_was_answered(talk: Talk) -> None:
    talk.obey(StartFlow("pedir"))
    go(talk, Timeout("expire", talk.conversation.turn, talk.conversation.asked))
    assert talk.conversation.parked is None
    talk.obey(StartFlow("pedir", {"servicio": "agua"}))
    talk.hear("1203456", answer="1203456")
    go(talk, Timeout("expire", talk.conversation.turn, talk.conversation.asked), resume=0)
    assert talk.conversation.parked is None


def test_a_flow_without_times_of_its_own_is_reminded_and_closed_as_the_host_says(talk: Talk) -> None:
    limits = Limits(remind=1_800, expire=86_400)
    done = advance(talk.conversation, [StartFlow("pedir")], talk.dialogs, limits=limits)
    timers = {(effect.kind, effect.after_seconds) for effect in done.effects if isinstance(effect, TimerSet)}
    assert timers == {("remind", 1_800), ("expire", 86_400)}
