"""Whatever is said in whatever order: the stack stays sound, the state can be stored, and the person gets a reply."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dialogs.engine import commands as do
from dialogs.engine.advance import advance
from dialogs.engine.conversation import Conversation
from dialogs.engine.decide import decide
from dialogs.engine.effects import Reply
from dialogs.engine.flow import CollectStep
from dialogs.engine.heard import Answer, Entity, Heard, Intent
from dialogs.engine.load import SHIPPED, load_with_issues
from dialogs.engine.store import from_json, to_json
from dialogs.engine.turn import Limits
from tests.engine.support import world

DIALOGS = world()
OURS, _ = load_with_issues(SHIPPED)
assert OURS is not None
LIMITS = Limits()

#: Patterns that wait may stand on top of the deepest errand.
WAITING_PATTERNS = 4

FAST = settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)

nasty = st.sampled_from(
    ["", " ", "\x00\u202e", "{{ 7*7 }}", "{% for x in y %}", "'; DROP TABLE x; --", "😀" * 50, "a" * 5000, "/", "/x{",
     "/SetSlots(", "/SetSlots(servicio=agua, cuenta=1)", "/quejarse{}", "-1", "1e999", "NaN", "cancelar", "asesor"]
)  # fmt: skip
texts = nasty | st.text(max_size=30)
values = (
    st.none() | st.booleans() | st.integers() | st.floats() | texts | st.lists(texts, max_size=2) | st.just({"lat": 99})
)


def commands(dialogs: Any) -> st.SearchStrategy[Any]:
    flows = st.sampled_from([*dialogs.flows, "no_existe"])
    slots = st.sampled_from([*dialogs.domain.slots, "no_existe"])
    fills = st.dictionaries(slots, values, max_size=2)
    return st.one_of(
        st.builds(do.StartFlow, flows, fills, st.booleans()),
        st.builds(do.SetSlot, slots, values),
        st.builds(do.CorrectSlot, slots, values),
        st.builds(do.Clarify, st.lists(flows, max_size=4).map(tuple)),
        st.builds(do.CannotHandle, st.sampled_from(["not_understood", "out_of_scope", "stale_option", "empty", "?"])),
        st.builds(do.Timeout, st.sampled_from(["remind", "expire"]), st.integers(0, 5), slots),
        st.builds(do.HumanHandoff, texts),
        st.builds(do.ActionDone, texts, fills),
        st.builds(do.ActionFailed, texts, texts),
        st.sampled_from([do.CancelFlow(), do.SkipQuestion(), do.Repeat(), do.Restart(), do.SessionStart()]),
    )


def messages(dialogs: Any) -> st.SearchStrategy[Heard]:
    names = sorted({*dialogs.triggered, *dialogs.domain.intents, "nada"})
    ranking = st.lists(st.builds(Intent, st.sampled_from(names), st.floats(0, 1)), max_size=3).map(
        lambda found: tuple(sorted(found, key=lambda intent: -intent.confidence))
    )
    entities = st.lists(
        st.builds(Entity, st.sampled_from(["servicio", "cuenta", "fecha", "nombre"]), values, st.just(0), st.just(1)),
        max_size=3,
    ).map(tuple)
    return st.builds(
        Heard,
        text=texts,
        ranking=ranking,
        out_of_scope=st.floats(0, 1),
        entities=entities,
        answer=st.none() | st.builds(Answer, values, st.booleans()),
        payload=st.just("") | texts,
        stale=st.booleans(),
        media=st.just(()) | st.just(({"file_id": "f", "kind": "image", "mime": "image/png", "name": ""},)),
        point=st.none() | st.tuples(st.floats(-90, 90), st.floats(-180, 180)),
        emergency=st.sampled_from(["", "", "", "gas", "fuego"]),
        correction=st.booleans(),
        unsupported=st.booleans(),
    )


def outcomes(dialogs: Any) -> st.SearchStrategy[Any]:
    slots = st.sampled_from(sorted(dialogs.domain.slots))
    return st.none() | st.dictionaries(
        slots, st.none() | st.booleans() | st.integers() | st.text(max_size=5), max_size=3
    )


def check(conversation: Conversation, dialogs: Any) -> None:
    stored = json.loads(json.dumps(to_json(conversation), allow_nan=False))
    assert from_json(stored) == conversation
    assert len(conversation.stack) <= LIMITS.depth + WAITING_PATTERNS
    for place, frame in enumerate(conversation.stack):
        assert frame.step in dialogs.flows[frame.flow].steps
        assert place > 0 or not frame.called
        assert frame.version == dialogs.flows[frame.flow].version
    if conversation.asked:
        assert conversation.top is not None
        step = dialogs.flows[conversation.top.flow].steps[conversation.top.step]
        assert isinstance(step, CollectStep)
        assert step.slot == conversation.asked
    assert set(conversation.slots) <= set(dialogs.domain.slots)


def play(conversation: Conversation, turn: tuple[Any, ...], dialogs: Any, results: list[Any]) -> Conversation:
    before = to_json(conversation)
    done = advance(conversation, turn, dialogs)
    assert to_json(conversation) == before, "advance changed the conversation it was given"
    effects = list(done.effects)
    for number in range(60):
        check(done.conversation, dialogs)
        if done.pending is None:
            break
        outcome = results[number % len(results)]
        call = done.pending.call_id
        answer = do.ActionFailed(call, "broke") if outcome is None else do.ActionDone(call, outcome)
        done = advance(done.conversation, [answer], dialogs)
        effects += done.effects
    assert done.pending is None, "actions went on for ever"
    spoken = any(isinstance(effect, Reply) for effect in effects)
    from_person = any(not isinstance(each, do.Timeout | do.ActionDone | do.ActionFailed) for each in turn)
    assert spoken or not from_person
    return done.conversation


@given(st.data())
@FAST
def test_any_orders_keep_the_stack_sound_and_end_in_a_reply(data: st.DataObject) -> None:
    conversation = Conversation("c")
    turns = data.draw(st.lists(st.lists(commands(DIALOGS), max_size=3).map(tuple), min_size=1, max_size=6))
    results = data.draw(st.lists(outcomes(DIALOGS), min_size=1, max_size=3))
    for turn in turns:
        conversation = play(conversation, turn, DIALOGS, results)


@given(st.data())
@FAST
def test_any_messages_keep_the_stack_sound_and_end_in_a_reply(data: st.DataObject) -> None:
    conversation = Conversation("c")
    results = data.draw(st.lists(outcomes(DIALOGS), min_size=1, max_size=3))
    for message in data.draw(st.lists(messages(DIALOGS), min_size=1, max_size=6)):
        found = decide(conversation, message, DIALOGS)
        assert found
        conversation = play(conversation, found, DIALOGS, results)


@given(st.data())
@FAST
def test_our_own_flows_survive_anything_too(data: st.DataObject) -> None:
    conversation = Conversation("c")
    results = data.draw(st.lists(outcomes(OURS), min_size=1, max_size=3))
    for message in data.draw(st.lists(messages(OURS) | commands(OURS), min_size=1, max_size=6)):
        turn = decide(conversation, message, OURS) if isinstance(message, Heard) else (message,)
        conversation = play(conversation, turn, OURS, results)
