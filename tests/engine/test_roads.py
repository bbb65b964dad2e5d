"""Talks that go forward: answers, free text, digressions, danger, files."""

from __future__ import annotations

from typing import Any

import pytest

from dialogs.engine.commands import (
    StartFlow,
)
from dialogs.engine.effects import (
    FlowCompleted,
    FlowInterrupted,
    FlowResumed,
    HandoffAsked,
    Happened,
)
from tests.engine.support import Talk, at_confirmation, at_decision, at_relato, heard

# --- the straight road ---------------------------------------------------------------------------------------------


def test_an_errand_runs_from_its_intent_to_its_end(talk: Talk) -> None:
    at_decision(talk)
    talk.actions["action_guardar"] = {"facts": (("PqrFiled", {"tipo": "peticion"}),)}

    assert talk.hear("sí", answer=True) == ["pedir.listo"]

    assert talk.noted(FlowCompleted)[-1].flow == "pedir"
    assert talk.noted(Happened) == [Happened("PqrFiled", {"tipo": "peticion"})]
    assert talk.conversation.stack == ()


def test_the_slots_of_an_errand_are_emptied_at_its_end_but_not_those_that_only_actions_set(talk: Talk) -> None:
    at_decision(talk)
    talk.hear("no", answer=False)

    assert talk.slots == {"encontrada": True, "tramite_anterior": "pedir"}


def test_several_answers_in_one_message_fill_several_slots(talk: Talk) -> None:
    talk.hear("quiero un medidor de gas para la cuenta 123456", "pedir_medidor", servicio="gas", cuenta="123456")

    assert talk.asked == "confirma_cuenta"
    assert talk.slots["servicio"] == "gas"


def test_an_answer_may_bring_the_answer_to_a_later_question_with_it(talk: Talk) -> None:
    talk.hear("quiero un medidor", "pedir_medidor")
    talk.hear("gas, y la cuenta es 123456", answer="gas", servicio="gas", cuenta="123456")

    assert talk.asked == "confirma_cuenta"


def test_a_called_flow_comes_back_to_its_caller(talk: Talk) -> None:
    talk.hear("quiero quejarme", "quejarse")
    talk.hear("ayer", answer="2026-03-01")
    talk.hear("Persona de Prueba", answer="Persona de Prueba")

    assert talk.hear("a@b.co", answer="a@b.co") == ["quejarse.listo"]


# --- answers and intents -------------------------------------------------------------------------------------------


def test_a_sure_answer_wins_over_an_intent(talk: Talk) -> None:
    talk.hear("quiero quejarme", "quejarse")

    talk.hear("el 1 de marzo", "preguntar_horario", answer="2026-03-01")

    assert talk.asked == "nombre"


def test_a_second_wish_in_an_answer_is_noted_and_offered_at_the_end(talk: Talk) -> None:
    talk.hear("quiero quejarme", "quejarse")
    clauses = ((), heard("", "preguntar_horario").ranking)

    said = talk.hear("el 1 de marzo, y a qué hora abren", answer="2026-03-01", extra={"clauses": clauses})
    assert said == ["patrones.pendiente_anotado", "pide_nombre"]

    talk.hear("Persona de Prueba", answer="Persona de Prueba")
    assert talk.hear("a@b.co", answer="a@b.co") == ["quejarse.listo", "patrones.ofrece_pendiente"]
    assert talk.hear("sí", answer=True) == ["horario.dice"]
    assert talk.conversation.queued == ()


def test_a_queued_wish_that_is_declined_is_forgotten(talk: Talk) -> None:
    talk.obey(StartFlow("horario"), StartFlow("quejarse"))
    assert talk.asked == "seguir_pendiente"

    assert talk.hear("no", answer=False) == ["patrones.de_acuerdo"]
    assert talk.conversation.queued == ()


def test_a_message_nobody_understands_keeps_the_question_open(talk: Talk) -> None:
    talk.hear("quiero quejarme", "quejarse")

    assert talk.hear("asdfgh") == ["patrones.respuesta_no_entendida", "pide_fecha"]
    assert talk.asked == "fecha"


def test_a_button_of_an_older_menu_is_answered_kindly(talk: Talk) -> None:
    at_confirmation(talk)

    said = talk.hear(heard("Sí", payload="/SetSlots(confirma_cuenta=true)", stale=True))

    assert said == ["patrones.opcion_vieja", "pide_confirma_cuenta"]
    assert "confirma_cuenta" not in talk.slots


def test_an_errand_on_an_older_menu_is_still_begun(talk: Talk) -> None:
    assert talk.hear(heard("Quejas", payload="/quejarse", stale=True)) == ["pide_fecha"]


# --- the gate at free text -----------------------------------------------------------------------------------------


def test_a_description_is_not_an_errand_even_if_it_sounds_like_one(talk: Talk) -> None:
    at_relato(talk)
    text = "El medidor no gira y quiero saber a qué hora abren la oficina del centro"

    talk.hear(text, "preguntar_horario", confidence=0.99)

    assert talk.slots["relato"] == text
    assert talk.asked == "radica"


def test_a_short_and_sure_wish_interrupts_a_description(talk: Talk) -> None:
    at_relato(talk)

    said = talk.hear("a qué hora abren", "preguntar_horario", confidence=0.95)

    assert said == ["horario.dice", "patrones.seguimos", "pedir.pide_relato"]


@pytest.mark.parametrize("word", ["cancelar", "Cancelar.", "CANCELAR!!", "olvídelo"])
def test_cancelling_works_at_a_description(talk: Talk, word: str) -> None:
    at_relato(talk)

    assert talk.hear(word, answer=word, sure=False) == ["patrones.cancelado"]
    assert talk.conversation.stack == ()


def test_a_person_can_be_had_at_a_description(talk: Talk) -> None:
    at_relato(talk)

    assert talk.hear("asesor", answer="asesor", sure=False) == ["patrones.asesor"]
    assert talk.noted(HandoffAsked) == [HandoffAsked("asked", "pedir")]
    assert talk.asked == "relato"


def test_what_was_written_while_waiting_for_a_person_is_still_the_answer(talk: Talk) -> None:
    at_relato(talk)
    talk.hear("asesor", answer="asesor", sure=False)

    talk.hear("El medidor no gira", answer="El medidor no gira", sure=False)

    assert talk.asked == "radica"


# --- digression ----------------------------------------------------------------------------------------------------


def test_after_a_digression_the_question_is_asked_again_with_a_bridge(talk: Talk) -> None:
    talk.hear("quiero quejarme", "quejarse")

    said = talk.hear("a qué hora abren", "preguntar_horario")

    assert said == ["horario.dice", "patrones.seguimos", "pide_fecha"]
    assert talk.noted(FlowInterrupted) == [FlowInterrupted("quejarse")]
    assert talk.noted(FlowResumed) == [FlowResumed("quejarse")]


def test_a_digression_that_asks_comes_back_when_it_ends(talk: Talk) -> None:
    at_confirmation(talk)
    talk.hear("antes quiero quejarme", "quejarse")
    talk.hear("ayer", answer="2026-03-01")
    talk.hear("Persona de Prueba", answer="Persona de Prueba")

    said = talk.hear("a@b.co", answer="a@b.co")

    assert said == ["quejarse.listo", "patrones.seguimos", "pide_confirma_cuenta"]
    assert talk.slots["cuenta"] == "123456"


def test_a_digression_that_ends_in_a_menu_is_the_question_of_the_turn(talk: Talk) -> None:
    talk.hear("quiero quejarme", "quejarse")

    assert talk.hear("cómo pago", "pagar") == ["pagar.dice"]
    assert talk.asked == "fecha"


def test_asking_for_the_errand_that_already_runs_does_not_begin_it_twice(talk: Talk) -> None:
    talk.hear("quiero quejarme", "quejarse")

    talk.obey(StartFlow("quejarse"))

    assert len(talk.conversation.stack) == 1


def test_an_interrupted_errand_can_be_called_back_by_its_name(talk: Talk) -> None:
    at_confirmation(talk)
    talk.obey(StartFlow("quejarse"))

    talk.obey(StartFlow("pedir"))

    assert [frame.flow for frame in talk.conversation.stack] == ["quejarse", "pedir"]
    assert talk.asked == "confirma_cuenta"


# --- emergencies ---------------------------------------------------------------------------------------------------


def test_an_emergency_comes_before_everything(talk: Talk) -> None:
    at_decision(talk)

    said = talk.hear("sí, huele a gas", answer=True, emergency="gas")

    assert said == ["emergencia.dice", "pide_lugar"]
    assert talk.slots["tipo_emergencia"] == "gas"


def test_the_place_of_an_emergency_may_name_the_danger_again(talk: Talk) -> None:
    talk.hear("huele a gas", emergency="gas")

    said = talk.hear("en la calle 5, huele a gas", emergency="gas", answer="en la calle 5", sure=False)

    assert said == ["emergencia.gracias"]


def test_another_danger_is_answered_at_once(talk: Talk) -> None:
    talk.hear("huele a gas", emergency="gas")

    assert talk.hear("hay fuego", emergency="fuego") == ["emergencia.dice", "pide_lugar"]
    assert talk.slots["tipo_emergencia"] == "fuego"


def test_after_an_emergency_the_errand_goes_on(talk: Talk) -> None:
    at_decision(talk)
    talk.hear("huele a gas", emergency="gas")

    said = talk.hear("calle 5", answer="calle 5", sure=False)

    assert said == ["emergencia.gracias", "patrones.seguimos", "pide_radica"]


# --- files and places ----------------------------------------------------------------------------------------------


def test_files_fill_the_question_that_asks_for_them(talk: Talk) -> None:
    talk.hear("quiero mandar fotos", "mandar_foto")
    photo = {"file_id": "f1", "kind": "image", "mime": "image/jpeg", "name": ""}

    assert talk.hear(heard("", media=(photo,), answer=[photo])) == ["foto.gracias"]


def test_a_file_out_of_nowhere_is_received_and_the_menu_offered(talk: Talk) -> None:
    photo = {"file_id": "f1", "kind": "image", "mime": "image/jpeg", "name": ""}

    assert talk.hear(heard("", media=(photo,))) == ["patrones.archivo_suelto", "patrones.menu"]


@pytest.mark.parametrize(
    ("message", "reply"),
    [
        (heard(""), "patrones.vacio"),
        (heard("", unsupported=True), "patrones.no_se_abre"),
        (heard("x" * 100, extra={"too_long": True}), "patrones.muy_largo"),
    ],
)
def test_what_cannot_be_read_gets_its_own_words(talk: Talk, message: Any, reply: str) -> None:
    assert talk.hear(message) == [reply]
