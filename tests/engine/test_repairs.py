"""Talks that need repair: corrections, cancelling, silence, misunderstandings, failures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from dialogs.engine.commands import (
    ActionReply,
    Clarify,
    CorrectSlot,
    HumanHandoff,
    Repeat,
    Restart,
    SessionStart,
    SetSlot,
    SkipQuestion,
    StartFlow,
    Timeout,
)
from dialogs.engine.effects import (
    ActionBroke,
    FlowCancelled,
    HandoffAsked,
    LimitReached,
    Reply,
    SlotCorrected,
    SlotRejected,
)
from tests.engine.support import FOUND, Talk, at_confirmation, at_decision, at_relato, heard, world

# --- corrections ---------------------------------------------------------------------------------------------------


def test_a_correction_changes_the_answer_and_goes_on_where_the_talk_was(talk: Talk) -> None:
    at_decision(talk)

    said = talk.hear("no, perdón, es gas", correction=True, servicio="gas")

    assert said == ["patrones.corregido", "pedir.resumen", "pide_radica"]
    assert talk.slots["servicio"] == "gas"
    assert talk.noted(SlotCorrected) == [SlotCorrected("servicio", "gas")]


def test_correcting_an_answer_asks_again_what_was_confirmed_about_it(talk: Talk) -> None:
    at_decision(talk)

    said = talk.hear("no, la cuenta es 999999", correction=True, cuenta="999999")

    assert said == ["patrones.corregido", "pide_confirma_cuenta"]
    assert talk.slots["relato"] == "El medidor no gira"


def test_a_correction_that_is_not_acceptable_asks_again(talk: Talk) -> None:
    talk.hear("quiero quejarme", "quejarse")
    talk.hear("ayer", answer="2026-03-01")

    said = talk.obey(CorrectSlot("fecha", "2027-05-05"))

    assert said == ["patrones.corregido", "quejarse.fecha_futura", "pide_fecha"]
    assert talk.noted(SlotRejected) == [SlotRejected("fecha", "quejarse.fecha_futura")]


def test_no_es_luz_es_gas_takes_the_new_one(talk: Talk) -> None:
    at_confirmation(talk)
    message = heard("no es agua, es gas", correction=True)
    entities = tuple(entity for value in ("agua", "gas") for entity in heard("", servicio=value).entities)

    talk.hear(replace(message, entities=entities))

    assert talk.slots["servicio"] == "gas"


@pytest.mark.parametrize(("role", "taken"), [("", "agua"), ("dudoso", None), ("otra_persona", None)])
def test_what_is_heard_in_doubt_or_of_somebody_else_fills_nothing(talk: Talk, role: str, taken: str | None) -> None:
    message = heard("quiero un medidor de agua", "pedir_medidor", servicio="agua")
    talk.hear(replace(message, entities=tuple(replace(entity, role=role) for entity in message.entities)))

    assert talk.slots.get("servicio") == taken


def test_a_correction_without_a_name_changes_the_newest_answer_it_fits(talk: Talk) -> None:
    from dialogs.engine.heard import Answer

    at_confirmation(talk)

    talk.hear("no, perdón, es 777777", correction=True, extra={"answers": {"cuenta": Answer("777777", sure=True)}})

    assert talk.slots["cuenta"] == "777777"


def test_corregir_lists_the_answers_and_asks_the_chosen_one_again(talk: Talk) -> None:
    at_decision(talk)

    assert talk.hear("corregir") == ["patrones.que_corregir"]
    reply = talk.noted(Reply)[0]
    assert reply.buttons == (
        ("Servicio", "/SetSlots(respuesta_a_corregir=servicio)"),
        ("Cuenta", "/SetSlots(respuesta_a_corregir=cuenta)"),
        ("Su relato", "/SetSlots(respuesta_a_corregir=relato)"),
    )
    assert reply.values["answers"][0] == {"nombre": "Servicio", "valor": "Agua"}

    assert talk.hear(heard("Servicio", payload=reply.buttons[0][1])) == ["pide_servicio"]
    assert talk.hear("energía", answer="energia") == ["pedir.resumen", "pide_radica"]
    assert talk.slots["cuenta"] == "123456"


def test_corregir_with_nothing_answered_says_so(talk: Talk) -> None:
    talk.hear("quiero quejarme", "quejarse")

    assert talk.hear("corregir") == ["patrones.nada_que_corregir", "pide_fecha"]


def test_two_corrections_in_one_message_go_back_to_the_earlier_one(talk: Talk) -> None:
    at_decision(talk)

    said = talk.obey(CorrectSlot("cuenta", "888888"), CorrectSlot("servicio", "energia"))

    assert said == ["patrones.corregido", "pide_confirma_cuenta"]
    assert (talk.slots["cuenta"], talk.slots["servicio"]) == ("888888", "energia")
    assert len(talk.noted(Reply)[0].values["corrected"]) == 2


# --- cancel, skip, repeat, restart, menu ---------------------------------------------------------------------------


def test_cancelling_when_nothing_runs_is_one_clarifying_reply(talk: Talk) -> None:
    assert talk.hear("cancelar") == ["patrones.listo"]
    assert talk.hear("cancelar", "cancelar") == ["patrones.listo"]


def test_cancelling_the_bill_is_paying_it(talk: Talk) -> None:
    assert talk.hear("cancelar la factura", "pagar") == ["pagar.dice"]


def test_cancelling_a_called_flow_cancels_its_caller(talk: Talk) -> None:
    talk.hear("quiero quejarme", "quejarse")
    talk.hear("ayer", answer="2026-03-01")

    assert talk.hear("cancelar") == ["patrones.cancelado"]
    assert [each.flow for each in talk.noted(FlowCancelled)] == ["datos", "quejarse"]
    assert talk.slots == {}


def test_cancelling_a_digression_resumes_what_it_interrupted(talk: Talk) -> None:
    at_confirmation(talk)
    talk.obey(StartFlow("quejarse"))

    assert talk.hear("cancelar") == ["patrones.cancelado", "patrones.seguimos", "pide_confirma_cuenta"]


def test_an_optional_question_is_skipped_and_not_asked_again(talk: Talk) -> None:
    talk.actions["action_buscar"] = {"encontrada": False}
    talk.hear("quiero un medidor", "pedir_medidor")
    talk.hear("agua", answer="agua")

    assert talk.hear("no lo tengo") == ["pedir.pide_relato"]

    talk.hear("El medidor no gira", answer="El medidor no gira", sure=False)
    assert talk.hear("no es agua, es gas", correction=True, servicio="gas")[-1] == "pide_radica"


def test_a_needed_question_is_not_skipped(talk: Talk) -> None:
    talk.hear("quiero quejarme", "quejarse")

    assert talk.hear("omitir") == ["patrones.no_se_omite", "pide_fecha"]


def test_repeating_says_the_last_replies_again(talk: Talk) -> None:
    at_decision(talk)

    assert talk.hear("repetir") == ["pedir.resumen", "pide_radica"]
    assert talk.hear("¿me repite?") == ["pedir.resumen", "pide_radica"]
    assert talk.asked == "radica"


def test_restarting_forgets_everything_and_offers_the_menu(talk: Talk) -> None:
    at_decision(talk)

    assert talk.hear("empezar de nuevo") == ["patrones.de_nuevo", "patrones.menu"]
    assert (talk.slots, talk.conversation.stack) == ({}, ())


def test_the_menu_offers_what_people_may_begin(talk: Talk) -> None:
    talk.hear("menú")

    assert ("poner una queja", "/quejarse") in talk.noted(Reply)[0].buttons


# --- sessions and silence ------------------------------------------------------------------------------------------


def test_a_new_session_greets_and_forgets_the_answers(talk: Talk) -> None:
    at_decision(talk)

    assert talk.obey(SessionStart()) == ["patrones.bienvenida", "patrones.menu"]
    assert (talk.slots, talk.conversation.stack) == ({}, ())


def test_a_greeting_before_an_errand_shows_no_menu(talk: Talk) -> None:
    assert talk.obey(SessionStart(), StartFlow("quejarse")) == ["patrones.bienvenida", "pide_fecha"]


def test_a_reminder_repeats_the_question_and_an_expired_one_closes_the_errand(talk: Talk) -> None:
    talk.hear("quiero quejarme", "quejarse")
    turn = talk.conversation.turn

    assert talk.obey(Timeout("remind", turn, "fecha")) == ["patrones.recuerda", "pide_fecha"]
    assert talk.obey(Timeout("expire", turn, "fecha")) == ["patrones.cierra_por_silencio"]
    assert talk.conversation.stack == ()


def test_a_timer_of_an_older_question_does_nothing(talk: Talk) -> None:
    talk.hear("quiero quejarme", "quejarse")
    old = talk.conversation.turn
    talk.hear("ayer", answer="2026-03-01")
    before = talk.conversation

    assert talk.obey(Timeout("expire", old, "fecha")) == []
    assert talk.conversation == before


# --- not understood, clarification, a person -----------------------------------------------------------------------


def test_not_understood_is_an_example_then_the_offer_of_a_person_then_a_person(talk: Talk) -> None:
    assert talk.hear("asdf") == ["patrones.no_entendi"]
    assert talk.hear("asdf") == ["patrones.no_entendi_otra_vez"]
    assert talk.hear("asdf") == ["patrones.limite", "patrones.asesor"]
    assert talk.noted(LimitReached) == [LimitReached("cannot_handle")]
    assert talk.noted(HandoffAsked) == [HandoffAsked("limit")]


def test_understanding_in_between_begins_the_count_again(talk: Talk) -> None:
    talk.hear("asdf")
    talk.hear("asdf")
    talk.hear("a qué hora abren", "preguntar_horario")

    assert talk.hear("asdf") == ["patrones.no_entendi"]


def test_three_wrong_answers_bring_a_person_and_keep_what_was_answered(talk: Talk) -> None:
    talk.hear("quiero quejarme", "quejarse")
    talk.hear("ayer", answer="2026-03-01")
    talk.hear("Persona de Prueba", answer="Persona de Prueba")
    talk.hear("malo", answer="malo")
    assert talk.replies == ["datos.correo_malo", "datos.correo_otra_vez"]
    talk.hear("malo", answer="malo")

    assert talk.hear("malo", answer="malo") == ["datos.correo_malo", "patrones.limite", "patrones.asesor"]

    assert talk.noted(LimitReached) == [LimitReached("tries", "datos", "correo")]
    assert talk.slots["nombre"] == "Persona de Prueba"
    assert talk.conversation.stack == ()


def test_two_equally_likely_wishes_are_asked_about(talk: Talk) -> None:
    from dialogs.engine.heard import Intent

    message = replace(heard("medidor queja"), ranking=(Intent("pedir_medidor", 0.42), Intent("quejarse", 0.40)))

    assert talk.hear(message) == ["patrones.aclara"]
    assert talk.noted(Reply)[0].buttons == (("pedir un medidor", "/pedir"), ("poner una queja", "/quejarse"))
    assert talk.hear(heard("2", payload="/quejarse")) == ["pide_fecha"]
    assert [frame.flow for frame in talk.conversation.stack] == ["quejarse"]


def test_clarifying_among_one_begins_it(talk: Talk) -> None:
    assert talk.obey(Clarify(("quejarse", "no_existe"))) == ["pide_fecha"]


def test_what_is_out_of_scope_is_said(talk: Talk) -> None:
    assert talk.hear(heard("cambie mi plan de internet", out_of_scope=0.9)) == ["patrones.fuera_de_alcance"]


def test_a_person_can_be_asked_for_at_any_moment(talk: Talk) -> None:
    assert talk.obey(HumanHandoff()) == ["patrones.asesor"]
    at_confirmation(talk)
    assert talk.hear("quiero hablar con un asesor") == ["patrones.asesor"]


# --- actions -------------------------------------------------------------------------------------------------------


def test_a_failing_action_says_something_kind_and_tells_a_person(talk: Talk) -> None:
    talk.actions["action_buscar"] = RuntimeError("no answer")
    talk.hear("quiero un medidor", "pedir_medidor")
    talk.hear("agua", answer="agua")

    assert talk.hear("123456", answer="123456") == ["patrones.error_interno"]

    assert talk.noted(ActionBroke) == [ActionBroke("action_buscar", "no answer")]
    assert talk.noted(HandoffAsked) == [HandoffAsked("internal_error", "pedir")]
    assert talk.slots["cuenta"] == "123456"


def test_what_an_action_says_is_said(talk: Talk) -> None:
    talk.actions["action_buscar"] = {
        "replies": (ActionReply("horario.dice"), ActionReply(text="Hola", buttons=(("Sí", "sí"),))),
        "slots": {"encontrada": False},
    }
    talk.hear("quiero un medidor", "pedir_medidor")
    talk.hear("agua", answer="agua")

    talk.hear("123456", answer="123456")

    said = talk.noted(Reply)
    assert [reply.response for reply in said] == ["horario.dice", "", "pedir.pide_relato"]
    assert (said[1].text, said[1].buttons) == ("Hola", (("Sí", "sí"),))


def test_a_reply_carries_only_the_values_that_its_wording_reads(talk: Talk) -> None:
    at_confirmation(talk)

    assert dict(talk.noted(Reply)[-1].values) == {"cuenta": "123456"}


# --- odd orders ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "command",
    [
        SetSlot("no_existe", 1),
        SetSlot("servicio", "luna"),
        SetSlot("fecha", "mañana"),
        StartFlow("no_existe"),
        StartFlow("datos"),
        SkipQuestion(),
        CorrectSlot("no_existe", 1),
        Clarify(()),
    ],
)
def test_an_order_that_makes_no_sense_gets_a_kind_reply(talk: Talk, command: Any) -> None:
    assert talk.obey(command) == ["patrones.no_entendi"]


def test_orders_are_taken_from_anywhere(talk: Talk) -> None:
    places: list[Callable[[Talk], None]] = [at_confirmation, at_relato, at_decision]
    for place in places:
        for command in (Repeat(), Restart(), HumanHandoff(), SkipQuestion()):
            fresh = Talk(world(), FOUND)
            place(fresh)
            assert fresh.obey(command)
