"""The conversation as a document, slots that take only what fits, and talks that outlive their flows."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.engine.commands import ActionDone, SetSlot, StartFlow
from dialogs.engine.conversation import Conversation, Frame, Pending
from dialogs.engine.effects import FlowCancelled, Reply, StepVisited
from dialogs.engine.flow import SLOT_TYPES, SlotDef
from dialogs.engine.load import load
from dialogs.engine.slots import clean, coerce, plain
from dialogs.engine.store import from_json, to_json
from tests.engine.support import Talk, world, write
from tests.support.rows import every_row


def test_a_conversation_survives_its_document() -> None:
    conversation = Conversation(
        "c", {"a": 1}, (Frame("f", "v", "s", 2, called=True, filled=("a",), context={"x": [1]}, replay="*"),), "a",
        Pending("c:1:1", "action_x", "f", "s"), 3, 1, (("r", {"a": 1}),), ("g",), 4,
    )  # fmt: skip

    assert from_json(to_json(conversation)) == conversation


def test_an_older_document_still_opens() -> None:
    assert from_json({"id": "c"}) == Conversation("c")
    assert from_json({"id": "c", "stack": [{"flow": "f", "step": "s"}], "slots": None}).stack == (Frame("f", "", "s"),)


def test_the_state_does_not_grow_with_the_age_of_a_talk() -> None:
    talk = Talk(world())
    talk.obey(StartFlow("quejarse"))
    talk.hear("asdf")
    sizes = set()
    for _ in range(30):
        talk.hear("a qué hora abren", "preguntar_horario")
        sizes.add(len(str(to_json(talk.conversation))))

    assert max(sizes) - min(sizes) <= 2  # only the number of the turn


FITS = [
    ("text", "  hola\u202e\x00 ", "hola"), ("text", 5, "5"), ("bool", "Sí", True), ("bool", "false", False),
    ("categorical", "ENERGÍA", "energia"), ("float", "3,5", 3.5), ("float", 2, 2), ("money", "84500", 84500),
    ("date", "2026-03-25", "2026-03-25"), ("date", "2026-03", "2026-03"), ("datetime", "2026-03-25T10:00", "2026-03-25T10:00"),
    ("phone", "+57 300 111 2233", "+573001112233"), ("document", "1.098.765-4", "10987654"), ("account", "12 345", "12345"),
    ("address", "Cra 7 # 45-12", "Cra 7 # 45-12"), ("location", {"lat": 4, "lon": -75}, {"lat": 4.0, "lon": -75.0}),
    ("media", {"file_id": "f"}, [{"file_id": "f"}]), ("list", "a", ["a"]), ("any", {"a": (1,)}, {"a": [1]}), ("text", None, None),
]  # fmt: skip
MISFITS = [
    ("text", ""), ("text", {"a": 1}), ("bool", "quizás"), ("categorical", "luna"), ("float", "mucho"), ("float", math.nan),
    ("float", "1e999"), ("float", True), ("float", 11), ("float", -1), ("money", 1.5), ("date", "mañana"), ("date", "2026-13"),
    ("datetime", "ayer"), ("phone", "12"), ("document", "¿?"), ("location", {"lat": 91, "lon": 0}), ("location", "aquí"),
    ("media", "f"), ("any", math.inf), ("any", object()),
]  # fmt: skip


def slot(kind: str) -> SlotDef:
    limits = {"min_value": 0, "max_value": 10} if kind == "float" else {}
    return SlotDef("s", kind, values=("agua", "energia"), **limits)


@every_row(("kind", "value", "kept"), FITS)
def test_a_value_that_fits_is_kept_in_its_type(kind: str, value: object, kept: object) -> None:
    assert coerce(slot(kind), value) == kept


@every_row(("kind", "value"), MISFITS)
def test_a_value_that_does_not_fit_is_refused(kind: str, value: object) -> None:
    with pytest.raises(ValueError, match="."):
        coerce(slot(kind), value)


@given(st.sampled_from(SLOT_TYPES), st.recursive(st.none() | st.booleans() | st.floats() | st.text(), st.lists))
def test_what_a_slot_takes_it_takes_again(kind: str, value: object) -> None:
    try:
        kept = coerce(slot(kind), value)
    except ValueError:
        return
    assert coerce(slot(kind), kept) == kept


def test_words_are_compared_without_accents_capitals_or_signs() -> None:
    assert plain("  ¡Sí, SEÑOR!  ") == "si senor"
    assert clean("a\u202eb\x00c") == "abc"


# --- flows that change under a talk --------------------------------------------------------------------------------

FIRST = """
flows:
  f:
    name: el trámite
    description: x
    steps:
      - {id: uno, collect: uno}
      - {id: saluda, action: f.hola}
      - {id: dos, collect: dos}
      - {id: fin, action: f.fin}
"""
DOMAIN = """
slots: {uno: {type: text, mappings: [{type: from_entity, entity: x}]}, dos: {type: text, mappings: [{type: from_entity, entity: x}]}}
entities: [x]
"""
RESPONSES = """
responses: {pide_uno: [{text: ¿Uno?}], pide_dos: [{text: ¿Dos?}], f.hola: [{text: Hola.}], f.fin: [{text: Fin.}]}
"""


def half_way(tmp_path: Path, after: str) -> Talk:
    old = load(write(tmp_path / "old", flows=FIRST, domain=DOMAIN, responses=RESPONSES))
    talk = Talk(old)
    talk.obey(StartFlow("f", explicit=True))
    talk.obey(SetSlot("uno", "1"))
    assert talk.asked == "dos"
    talk.dialogs = load(write(tmp_path / "new", flows=after, domain=DOMAIN, responses=RESPONSES))
    return talk


def test_a_talk_goes_on_when_its_step_still_exists(tmp_path: Path) -> None:
    talk = half_way(tmp_path, FIRST.replace("{id: fin", "{id: adios, action: f.hola}\n      - {id: fin"))

    assert talk.obey(SetSlot("dos", "2")) == ["f.hola", "f.fin"]


def test_a_talk_whose_step_is_gone_begins_again_and_keeps_its_answers(tmp_path: Path) -> None:
    talk = half_way(tmp_path, FIRST.replace("id: dos", "id: segundo"))

    said = talk.hear("asdf")

    assert said == ["patrones.tramite_cambio", "pide_dos"]
    assert talk.slots == {"uno": "1"}
    assert talk.obey(SetSlot("dos", "2")) == ["f.fin"]


def test_a_talk_whose_flow_is_gone_is_told_so(tmp_path: Path) -> None:
    talk = half_way(tmp_path, FIRST.replace("  f:\n", "  g:\n"))

    assert talk.hear("asdf") == ["patrones.tramite_ya_no_existe"]
    assert talk.noted(FlowCancelled) == [FlowCancelled("f", "dos")]
    assert talk.slots == {"uno": "1"}


def test_a_called_flow_that_is_gone_takes_its_caller_back_to_the_beginning(tmp_path: Path) -> None:
    talk = Talk(world())
    talk.obey(StartFlow("quejarse"))
    talk.obey(SetSlot("fecha", "2026-03-01"))
    assert [frame.flow for frame in talk.conversation.stack] == ["quejarse", "datos"]
    flows = dict(world().flows)
    caller = flows["quejarse"]
    steps = {name: step for name, step in caller.steps.items() if name != "datos"}
    steps["fecha"] = replace(steps["fecha"], next=caller.steps["datos"].next)
    talk.dialogs = replace(world(), flows={**flows, "quejarse": replace(caller, steps=steps, version="2")})

    assert talk.obey(SetSlot("nombre", "Persona de Prueba")) == ["patrones.tramite_cambio", "quejarse.listo"]


# --- limits --------------------------------------------------------------------------------------------------------


def test_a_loop_that_escaped_the_inspector_ends_in_a_kind_reply(tmp_path: Path) -> None:
    flows = "flows: {f: {description: x, steps: [{id: a, set_slots: [{uno: x}], next: b}, {id: b, set_slots: [{dos: x}], next: a}]}}"
    talk = Talk(load(write(tmp_path, flows=flows, domain=DOMAIN)))

    assert talk.obey(StartFlow("f", explicit=True)) == ["patrones.limite", "patrones.asesor"]
    assert len(talk.noted(StepVisited)) < 300


def test_actions_that_loop_end_in_a_kind_reply(tmp_path: Path) -> None:
    flows = "flows: {f: {description: x, steps: [{id: a, action: action_x, next: a}]}}"
    talk = Talk(load(write(tmp_path, flows=flows, domain="actions: [action_x]")))

    assert talk.obey(StartFlow("f", explicit=True)) == ["patrones.limite", "patrones.asesor"]


def test_a_stack_that_is_too_deep_ends_in_a_kind_reply(tmp_path: Path) -> None:
    flows = "flows:\n" + "".join(
        f"  f{number}:\n    description: x\n    steps: [{{id: a, collect: uno, ask_before_filling: true}}]\n"
        for number in range(10)
    )
    talk = Talk(load(write(tmp_path, flows=flows, domain=DOMAIN, responses=RESPONSES)))
    for number in range(8):
        assert talk.obey(StartFlow(f"f{number}")) == ["pide_uno"]

    assert talk.obey(StartFlow("f8")) == ["patrones.asesor"] or talk.replies == ["patrones.limite", "patrones.asesor"]
    assert len(talk.conversation.stack) == 8


def test_the_result_of_an_action_nobody_waits_for_changes_nothing() -> None:
    talk = Talk(world())
    talk.obey(StartFlow("quejarse"))
    before = talk.conversation

    assert talk.obey(ActionDone("c1:9:9", {"fecha": "2026-03-01"})) == []
    assert talk.conversation == before


def test_each_call_of_an_action_has_its_own_id() -> None:
    from dialogs.engine.advance import advance

    seen = set()
    conversation = Conversation("c1")
    for turn in range(3):
        conversation, _, _ = advance(conversation, [StartFlow("pedir", {"servicio": "agua"})], world())
        conversation, _, pending = advance(conversation, [SetSlot("cuenta", str(100 + turn))], world())
        assert pending is not None
        seen.add(pending.call_id)
        conversation, _, _ = advance(conversation, [ActionDone(pending.call_id, {"encontrada": False})], world())
        conversation = replace(conversation, stack=(), slots={})

    assert len(seen) == 3


def test_validate_actions_decide_about_an_answer(tmp_path: Path) -> None:
    flows = "flows: {f: {description: x, steps: [{id: a, collect: uno}, {id: b, action: f.fin}]}}"
    domain = DOMAIN + "actions: [validate_uno]\n"
    talk = Talk(load(write(tmp_path, flows=flows, domain=domain, responses=RESPONSES)), {"validate_uno": {"uno": None}})
    talk.obey(StartFlow("f", explicit=True))

    assert talk.obey(SetSlot("uno", "malo")) == ["patrones.no_valido", "pide_uno"]
    talk.actions["validate_uno"] = {"uno": "BUENO"}
    assert talk.obey(SetSlot("uno", "bueno")) == ["f.fin"]


def test_an_action_may_ask_the_question(tmp_path: Path) -> None:
    from dialogs.engine.commands import ActionReply

    flows = "flows: {f: {description: x, steps: [{id: a, collect: tres}, {id: b, action: f.fin}]}}"
    domain = DOMAIN.replace("dos:", "tres: {type: float}, dos:") + "actions: [action_ask_tres]\n"
    asks = {"replies": (ActionReply(text="¿Cuántos?"),)}
    talk = Talk(load(write(tmp_path, flows=flows, domain=domain, responses=RESPONSES)), {"action_ask_tres": asks})

    talk.obey(StartFlow("f", explicit=True))
    assert [reply.text for reply in talk.noted(Reply)] == ["¿Cuántos?"]
    assert talk.asked == "tres"
    talk.actions["action_ask_tres"] = {}
    assert talk.hear("asdf") == ["patrones.respuesta_no_entendida", "patrones.siga"]
    assert talk.obey(SetSlot("tres", 3)) == ["f.fin"]
