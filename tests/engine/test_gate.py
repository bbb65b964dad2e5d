"""The gate: buttons, mappings, thresholds, clauses, and questions that take everything."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from dialogs.engine.commands import CancelFlow, CannotHandle, Clarify, HumanHandoff, Repeat, SetSlot, StartFlow
from dialogs.engine.conversation import Conversation
from dialogs.engine.decide import Thresholds, decide
from dialogs.engine.effects import FlowStarted, TimerSet
from dialogs.engine.flow import Dialogs
from dialogs.engine.heard import Heard, Intent
from dialogs.engine.load import load
from dialogs.engine.patterns import idle, words_of
from dialogs.engine.told import read_payload
from tests.engine.support import Talk, heard, world, write
from tests.support.rows import every_row

FLOWS = """
flows:
  reportar:
    name: reportar un daño
    description: x
    x-remind-after: 20m
    nlu_trigger:
      - intent: reportar
      - intent: {name: danar, confidence_threshold: 0.9}
    steps:
      - {id: clase, collect: clase}
      - {id: lugar, collect: lugar, x-expire-after: 2h}
      - {id: punto, collect: punto, x-optional: true}
      - {id: relato, collect: relato, force_slot_filling: true}
  otro:
    name: otra cosa
    description: x
    if: slots.clase = "tubo"
    nlu_trigger: [{intent: otra_cosa}]
    steps: [{id: a, collect: lugar}]
  consultar:
    name: consultar
    description: x
    nlu_trigger: [{intent: consultar}]
    steps: [{id: a, action: f.di}]
"""
DOMAIN = """
intents: [reportar, danar, otra_cosa, consultar, hablar_con_asesor, cancelar, ayuda, fuera_de_alcance]
entities: [lugar, cosa]
slots:
  clase:
    type: categorical
    values: [tubo, cable]
    mappings:
      - {type: from_intent, intent: danar, value: tubo}
      - {type: from_entity, entity: cosa, not_intent: consultar, conditions: [{active_flow: reportar}]}
  lugar: {type: text}
  punto: {type: location}
  relato: {type: text}
"""
RESPONSES = """
responses:
  pide_clase: [{text: ¿Qué?}]
  pide_lugar: [{text: ¿Dónde?}]
  pide_punto: [{text: ¿En qué punto?, x-ask: location}]
  pide_relato: [{text: Cuente.}]
  f.di: [{text: Hola.}]
"""
EMPTY = Conversation("c1")


@pytest.fixture(scope="module")
def dialogs(tmp_path_factory: pytest.TempPathFactory) -> Dialogs:
    return load(write(tmp_path_factory.mktemp("d"), flows=FLOWS, domain=DOMAIN, responses=RESPONSES))


@pytest.fixture
def talk(dialogs: Dialogs) -> Talk:
    return Talk(dialogs)


def ranked(*pairs: tuple[str, float], **more: object) -> Heard:
    return replace(heard("algo", **more), ranking=tuple(Intent(name, sure) for name, sure in pairs))  # type: ignore[arg-type]


@every_row(
    ("text", "slots", "name", "values"),
    [
        ("/SetSlots(a=b, c = d e )", (("a", "b"), ("c", "d e")), "", None),
        ("/SetSlots(a='x, y')", (("a", "x, y"),), "", None),
        ('/reportar{"clase": "tubo"}', (), "reportar", {"clase": "tubo"}),
        ('/reportar{{"clase": "tubo"}}', (), "reportar", {"clase": "tubo"}),
        ("/reportar", (), "reportar", {}),
        ("/reportar{mal", (), "", None),
        ("/", (), "", None),
        ('/reportar{"a": [}', (), "reportar", {}),
    ],
)
def test_a_payload_is_read(text: str, slots: object, name: str, values: object) -> None:
    payload = read_payload(text)

    assert payload is not None
    assert (payload.slots, payload.name, payload.values) == (slots, name, values)


def test_plain_text_is_no_payload() -> None:
    assert read_payload("sí") is None


def test_a_button_begins_an_errand_with_what_it_carries(dialogs: Dialogs) -> None:
    message = heard("Tubo roto", payload='/reportar{"clase": "tubo", "nada": 1, "punto": "x"}')

    assert decide(EMPTY, message, dialogs) == (StartFlow("reportar", {"clase": "tubo"}, explicit=True),)


def test_a_button_that_empties_a_slot_does(dialogs: Dialogs) -> None:
    assert decide(EMPTY, heard("x", payload="/SetSlots(lugar=null, nada=1, clase=luna)"), dialogs) == (
        SetSlot("lugar", None, "x"),
    )


@pytest.mark.parametrize(
    ("payload", "command"),
    [("/cancelar", CancelFlow()), ("/repetir", Repeat()), ("/hablar_con_asesor", HumanHandoff())],
)
def test_a_button_may_be_a_word_of_command(dialogs: Dialogs, payload: str, command: object) -> None:
    assert decide(EMPTY, heard("x", payload=payload), dialogs) == (command,)


@pytest.mark.parametrize("payload", ["/nada", "/", "/SetSlots(nada=1)"])
def test_a_button_that_means_nothing_any_more_is_an_old_option(dialogs: Dialogs, payload: str) -> None:
    assert decide(EMPTY, heard("x", payload=payload), dialogs) == (CannotHandle("stale_option"),)


def test_a_button_of_plain_text_is_as_if_typed(dialogs: Dialogs) -> None:
    assert decide(EMPTY, heard("No lo tengo", payload="cancelar"), dialogs) == (CancelFlow(),)
    assert decide(EMPTY, heard("x", payload="sí", stale=True), dialogs) == (CannotHandle("stale_option"),)


def test_slots_written_by_a_person_fill_nothing(dialogs: Dialogs) -> None:
    assert decide(EMPTY, heard("/SetSlots(clase=tubo)"), dialogs) == (CannotHandle("not_understood"),)


def test_an_intent_may_fill_a_slot(dialogs: Dialogs) -> None:
    assert decide(EMPTY, ranked(("danar", 0.95)), dialogs) == (StartFlow("reportar", {"clase": "tubo"}),)


def test_an_intent_with_its_own_threshold_needs_it(dialogs: Dialogs) -> None:
    assert decide(EMPTY, ranked(("danar", 0.8)), dialogs) == (CannotHandle("not_understood"),)


def test_an_entity_fills_only_where_its_conditions_hold(dialogs: Dialogs, talk: Talk) -> None:
    assert decide(EMPTY, ranked(("reportar", 0.9), cosa="cable"), dialogs)[0].slots == {"clase": "cable"}  # type: ignore[union-attr]
    talk.obey(StartFlow("reportar"))
    found = decide(talk.conversation, ranked(("consultar", 0.5), cosa="cable"), dialogs)
    assert found == (CannotHandle("not_understood"),)


def test_an_entity_named_as_a_slot_fills_it_without_a_mapping(dialogs: Dialogs, talk: Talk) -> None:
    talk.obey(StartFlow("reportar"))

    assert talk.hear("el cable de la calle 5", cosa="cable", lugar="calle 5") == ["pide_punto"]


def test_a_place_that_is_shared_fills_the_question_for_it(talk: Talk) -> None:
    talk.obey(StartFlow("reportar", {"clase": "tubo", "lugar": "calle 5"}))

    assert talk.hear(replace(heard(""), point=(4.2, -75.3))) == ["pide_relato"]
    assert talk.slots["punto"] == {"lat": 4.2, "lon": -75.3}


def test_a_question_that_takes_everything_takes_words_of_command_too(talk: Talk) -> None:
    talk.obey(StartFlow("reportar", {"clase": "tubo", "lugar": "calle 5", "punto": {"lat": 1, "lon": 1}}))
    assert talk.asked == "relato"

    talk.hear("cancelar")

    assert talk.conversation.stack[-1:] == () or talk.conversation.stack[-1].flow.startswith("pattern_")


def test_but_danger_interrupts_it(dialogs: Dialogs) -> None:
    talk = Talk(world())
    talk.obey(StartFlow("quejarse"))

    assert talk.hear("huele a gas", answer="2026-03-01", emergency="gas")[0] == "emergencia.dice"


def test_a_guard_decides_whether_an_intent_may_begin_a_flow(dialogs: Dialogs) -> None:
    assert decide(EMPTY, ranked(("otra_cosa", 0.99)), dialogs) == (CannotHandle("not_understood"),)
    there = Conversation("c1", {"clase": "tubo"})
    assert decide(there, ranked(("otra_cosa", 0.99)), dialogs) == (StartFlow("otro"),)


@pytest.mark.parametrize(
    ("intent", "command"),
    [
        ("hablar_con_asesor", HumanHandoff("asked")),
        ("cancelar", CancelFlow()),
        ("ayuda", StartFlow("pattern_menu")),
        ("fuera_de_alcance", CannotHandle("out_of_scope")),
    ],
)
def test_some_intents_need_no_flow(dialogs: Dialogs, intent: str, command: object) -> None:
    assert decide(EMPTY, ranked((intent, 0.9)), dialogs) == (command,)


def test_two_wishes_in_two_clauses_are_taken_one_after_the_other(talk: Talk) -> None:
    clauses = (ranked(("reportar", 0.9)).ranking, ranked(("consultar", 0.8)).ranking, ())

    said = talk.hear(ranked(("reportar", 0.5), ("consultar", 0.48), extra={"clauses": clauses}))

    assert said == ["patrones.pendiente_anotado", "pide_clase"]
    assert talk.conversation.queued == ("consultar",)


def test_close_wishes_are_asked_about_only_where_no_question_is_open(dialogs: Dialogs, talk: Talk) -> None:
    message = ranked(("reportar", 0.45), ("consultar", 0.4))

    assert decide(EMPTY, message, dialogs) == (Clarify(("reportar", "consultar"), message.text),)
    talk.obey(StartFlow("otro", explicit=True))
    assert decide(talk.conversation, message, dialogs) == (CannotHandle("not_understood"),)


def test_what_was_said_before_a_clarification_begins_the_errand_that_is_chosen(dialogs: Dialogs, talk: Talk) -> None:
    talk.obey(Clarify(("reportar", "consultar"), "sale agua del andén", {"reportar": {"clase": "tubo"}}))

    top = talk.conversation.top
    assert top is not None
    assert [payload for _, payload in top.context["choices"]] == ['/reportar{"clase": "tubo"}', "/consultar"]
    chosen = decide(talk.conversation, Heard(text="Reportar", payload='/reportar{"clase": "tubo"}'), dialogs)
    assert chosen == (StartFlow("reportar", {"clase": "tubo"}, explicit=True),)
    assert words_of(talk.conversation, chosen, "Reportar") == "sale agua del andén"
    assert words_of(talk.conversation, (StartFlow("otro"),), "otra cosa") == "otra cosa"
    assert words_of(EMPTY, chosen, "Reportar") == "Reportar"


def test_an_unsure_answer_gives_way_to_a_clear_wish(talk: Talk) -> None:
    talk.obey(StartFlow("reportar"))

    assert (
        talk.hear(replace(ranked(("consultar", 0.9)), answer=heard("", answer="tubo", sure=False).answer))[0] == "f.di"
    )
    assert talk.hear(replace(ranked(("consultar", 0.5)), answer=heard("", answer="tubo", sure=False).answer)) == [
        "pide_lugar"
    ]


def test_thresholds_are_the_hosts(dialogs: Dialogs) -> None:
    assert decide(EMPTY, ranked(("consultar", 0.3)), dialogs, Thresholds(start=0.2)) == (StartFlow("consultar"),)


def test_what_is_too_long_to_be_understood_is_told_so(dialogs: Dialogs) -> None:
    assert decide(EMPTY, heard("x" * 50, extra={"too_long": True}), dialogs) == (CannotHandle("too_long"),)


def test_a_question_sets_the_timers_of_its_step_or_its_flow(talk: Talk) -> None:
    talk.obey(StartFlow("reportar"))
    assert talk.noted(TimerSet) == [TimerSet("remind", 1_200, "clase")]

    talk.hear("tubo", answer="tubo")
    assert talk.noted(TimerSet) == [TimerSet("remind", 1_200, "lugar"), TimerSet("expire", 7_200, "lugar")]


def test_a_talk_is_idle_when_only_a_pattern_waits(talk: Talk) -> None:
    assert idle(talk.conversation, talk.dialogs)
    talk.obey(Clarify(("reportar", "consultar")))
    assert talk.conversation.stack
    assert idle(talk.conversation, talk.dialogs)
    talk.obey(StartFlow("reportar"))
    assert not idle(talk.conversation, talk.dialogs)
    assert talk.noted(FlowStarted)[0] == FlowStarted("reportar")


def test_files_are_added_to_those_already_there(tmp_path: Path) -> None:
    talk = Talk(world())
    talk.obey(StartFlow("foto"))
    first, second = ({"file_id": name, "kind": "image", "mime": "image/png", "name": ""} for name in ("a", "b"))
    conversation = replace(talk.conversation, slots={"fotos": [first]})

    found = decide(conversation, heard("", media=(first, second), answer=[first, second]), world())

    assert found == (SetSlot("fotos", [first, second]),)


def test_a_file_that_could_not_be_opened_is_told_so() -> None:
    message = heard("", media=({"failed": "too_large", "kind": "image"},))

    assert decide(EMPTY, message, world()) == (CannotHandle("media_failed"),)


def test_a_file_in_the_middle_of_an_errand_that_needs_none_is_told_so() -> None:
    talk = Talk(world())
    talk.obey(StartFlow("quejarse"))

    said = talk.hear(heard("", media=({"file_id": "a", "kind": "image", "mime": "image/png", "name": ""},)))

    assert said == ["patrones.archivo_de_mas", "pide_fecha"]
