"""Each action against small fakes of what it may look at: what it decides, what it reports, what it never does."""

import importlib
import inspect
import pkgutil
import re

import pytest

import dialogs.actions
from bot.turn.effects import HANDLERS
from dialogs.actions import attention, consent, filing, following, opinions, queue
from dialogs.actions.base import AtiendeAction, names_of
from dialogs.actions.table import ACTIONS
from tests.dialogs.world import ACCOUNT, Attention, Cases, Company, Consents, act, case, ports
from tests.support.rows import every_row
from tests.support.shipped import shipped

#: Files of the folder that hold no actions.
NOT_ACTIONS = {"base", "ports", "serving", "table"}

# --- the authorisation ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("granted", "known"), [(True, True), (False, None), (None, None)])
def test_only_a_yes_to_the_text_in_force_spares_the_question(granted, known):
    done = act(consent.LookAtConsent, doors=ports(consents=Consents(granted)))
    assert done.slots == {"datos_autorizados": known, "version_aviso": "2026-01"}


@pytest.mark.parametrize(
    ("decision", "kind", "said"),
    [
        ("acepto", "ConsentGiven", "pedir_autorizacion.registrada"),
        ("no_acepto", "ConsentRefused", "pedir_autorizacion.rechazada"),
        (None, "ConsentRefused", "pedir_autorizacion.rechazada"),
    ],
)
def test_a_decision_is_reported_with_the_version_of_the_text(decision, kind, said):
    done = act(consent.KeepConsent, decision_datos=decision, version_aviso="2026-01")
    assert done.facts == {kind: {"topic": "datos", "version": "2026-01"}}
    assert done.slots == {"datos_autorizados": kind == "ConsentGiven"}
    assert [each["response"] for each in done.said] == [said]


def test_withdrawing_takes_the_yes_back_and_forgets_what_it_allowed():
    done = act(consent.WithdrawConsent, nombre="Persona de Prueba", correo="prueba@correo.example")
    assert done.facts == {"ConsentRefused": {"topic": "datos", "version": "2026-01"}, "PersonForgotten": {}}
    assert done.slots == {"datos_autorizados": None, "nombre": None, "correo": None}


# --- filing --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "no estoy de acuerdo con lo que me cobraron en el recibo del agua",
        "quiero cancelar el servicio",
        "necesito el certificado de estrato",
        "me cobraron de más este mes",
        "kiero poner una keja porq no an pasado a recojer la basura",
    ],
)
def test_a_message_that_tells_something_is_offered_as_the_text_to_file(text):
    done = act(filing.TakeStory, text)
    assert (done.slots["relato"], done.slots["relato_ofrecido"]) == (text, True)


@every_row(
    "text",
    [
        "quiero poner una queja", "Radicar solicitud", "necesito radicar una petición por favor", "/radicar_reclamo", "2",
        "buenas tardes, quisiera presentar un derecho de petición", "", "😀😀😀", "1234 5678",
        "quiero apelar la respuesta", "quiero dejar una sugerencia", "petición a nombre del barrio",
        "tengo una idea para mejorar",
    ],
)  # fmt: skip
def test_a_message_that_only_names_the_errand_is_no_story(text):
    done = act(filing.TakeStory, text)
    assert (done.slots["relato"], done.slots["relato_ofrecido"]) == (None, False)


def test_a_new_filing_finds_nothing_of_the_one_before():
    before = {"relato": "otro", "anexos": [{"file_id": "f1"}], "anexos_listos": True, "anonimo": True}
    done = act(filing.TakeStory, "quiero poner una queja", **before)
    assert all(done.slots[name] is None for name in before)
    assert done.slots["datos_completos"] is None


def test_an_account_is_shown_masked_and_an_unknown_one_stops_nothing():
    found = act(filing.FindAccount, cuenta=ACCOUNT.cuenta)
    assert found.slots == {
        "cuenta_estado": "encontrada",
        "cuenta_vista": {"barrio": "La Esperanza", "titular": "L*** R***"},
    }
    assert act(filing.FindAccount, cuenta="99999999").slots == {"cuenta_estado": "no_encontrada", "cuenta_vista": None}
    assert act(filing.FindAccount).slots["cuenta_estado"] == "no_encontrada"


def test_an_annex_is_kept_once_however_often_it_comes():
    one, two = {"file_id": "f1"}, {"file_id": "f2"}
    assert act(filing.KeepAnnex, anexos=[one], anexo=[one, two]).slots == {"anexos": [one, two], "anexo": None}
    assert act(filing.KeepAnnex, anexo=[one]).slots["anexos"] == [one]
    assert act(filing.KeepAnnex).slots["anexos"] == []


def test_what_is_corrected_is_asked_again_with_what_hangs_on_it():
    values = shipped().domain.slots["que_corregir"].values
    cleared = {value: set(act(filing.ClearAnswer, que_corregir=value).slots) for value in values}
    assert all(cleared.values())
    assert {"cuenta", "confirma_cuenta", "guarda_cuenta"} <= cleared["cuenta"]
    assert cleared["correo"] == {"correo", "acepta_correo", "datos_completos"}
    assert act(filing.ClearAnswer, que_corregir=None).slots == {}


FULL = {
    "tipo_pqr": "reclamo", "servicio": "agua", "cuenta": "1000001", "cuenta_estado": "encontrada", "relato": "me cobraron más",
    "nombre": "Persona de Prueba", "documento": "52345678", "correo": "prueba@correo.example", "acepta_correo": True,
    "anexos": [{"file_id": "f1", "name": "foto.png"}], "datos_autorizados": True, "factura_emitida_on": "2026-11-03",
    "radicado_recurrido": "20260010000012",
}  # fmt: skip


def test_a_filing_carries_everything_that_was_given():
    done = act(filing.FilePqr, **FULL)
    filed = done.facts["PqrFiled"]
    assert (filed["tipo"], filed["relato"], filed["cuenta"]) == ("reclamo", "me cobraron más", "1000001")
    assert (filed["notificacion"], filed["autorizado"], filed["cuenta_en_base"]) == ("correo", True, True)
    assert filed["anexos"] == [{"file_id": "f1"}]
    assert done.slots["relato"] is None


@pytest.mark.parametrize(
    ("tipo", "recurrido", "factura"),
    [("reclamo", None, "2026-11-03"), ("recurso", "20260010000012", None), ("queja", None, None)],
)
def test_only_the_kind_that_needs_them_takes_the_bill_and_the_appealed_answer(tipo, recurrido, factura):
    filed = act(filing.FilePqr, **{**FULL, "tipo_pqr": tipo}).facts["PqrFiled"]
    assert (filed["recurrido"], filed["factura_emitida_on"]) == (recurrido, factura)


@pytest.mark.parametrize(
    ("relato", "subtype"),
    [
        ("Necesito un certificado de paz y salvo", "documentos"),
        ("solicito que me entreguen copia del contrato", "documentos"),
        ("quiero información de mi conexión", "documentos"),
        ("solicito el cambio de titular, adjunto copia de la cédula", None),
        ("necesito que me cambien el medidor", None),
    ],
)
def test_a_petition_for_papers_is_filed_as_one_so_that_the_shorter_term_is_promised(relato, subtype):
    filed = act(filing.FilePqr, **{**FULL, "tipo_pqr": "peticion", "subtipo_pqr": None, "relato": relato})
    assert filed.facts["PqrFiled"]["subtipo"] == subtype


def test_an_anonymous_filing_names_nobody_even_if_the_talk_knows_a_name():
    filed = act(filing.FilePqr, **{**FULL, "anonimo": True, "datos_autorizados": False}).facts["PqrFiled"]
    assert filed["anonimo"]
    assert filed["notificacion"] == "chat"
    assert {"nombre", "documento", "correo", "cuenta"}.isdisjoint(filed)


def test_a_mail_address_without_a_yes_is_no_way_of_notification():
    assert act(filing.FilePqr, **{**FULL, "acepta_correo": False}).facts["PqrFiled"]["notificacion"] == "chat"


def test_nothing_at_all_is_filed_too():
    filed = act(filing.FilePqr).facts["PqrFiled"]
    assert (filed["relato"], filed["anexos"], filed["autorizado"], filed["cuenta_en_base"]) == ("", [], False, False)


# --- following -----------------------------------------------------------------------------------------------------


def test_own_cases_are_counted_and_listed():
    own = [case("20260010000042"), case("20260010000052", tipo="peticion")]
    done = act(following.MyCases, doors=ports(cases=Cases(own)))
    assert done.slots["casos_propios"] == 2
    assert [each["radicado"] for each in done.slots["lista_casos"]] == ["20260010000042", "20260010000052"]
    assert done.slots["caso"] is None


def test_the_question_for_a_radicado_offers_the_own_ones():
    listed = [{"radicado": "20260010000042"}, {"radicado": "20260010000052"}]
    said = act(following.AskRadicado, lista_casos=listed).said
    assert [each["response"] for each in said] == ["consultar_radicado.elige"]
    assert [button["payload"] for button in said[0]["buttons"]] == [
        "/SetSlots(radicado_consulta=20260010000042)",
        "/SetSlots(radicado_consulta=20260010000052)",
    ]
    assert act(following.AskRadicado).said == [{"response": "consultar_radicado.pide_radicado"}]


def test_the_only_case_is_taken_without_typing_it():
    assert act(following.TakeOnlyCase, doors=ports(cases=Cases([case()]))).slots == {
        "radicado_consulta": "20260010000042"
    }
    assert act(following.TakeOnlyCase).slots == {"radicado_consulta": None}


def test_an_own_case_is_shown_and_any_other_number_asks_for_the_code():
    doors = ports(cases=Cases([case()]))
    mine = act(following.FindMyCase, doors=doors, radicado_consulta="20260010000042")
    assert (mine.slots["resultado_consulta"], mine.slots["caso"]["dias"]) == ("propio", 15)
    for number in ("20260010000099", "", None):
        assert act(following.FindMyCase, doors=doors, radicado_consulta=number).slots == {
            "resultado_consulta": "falta_codigo"
        }


def test_radicado_and_code_open_a_case_and_are_forgotten_at_once():
    cases = Cases()
    done = act(following.OpenWithCode, doors=ports(cases=cases), radicado_consulta="20260010000099", codigo="7K3M9QXA")
    assert done.slots["resultado_consulta"] == "encontrado"
    assert (done.slots["radicado_consulta"], done.slots["codigo"]) == (None, None)
    assert cases.asked == [("20260010000099", "7K3M9QXA", "c-1")]


@pytest.mark.parametrize("answer", ["no", "bloqueado"])
def test_a_wrong_code_shows_nothing(answer):
    done = act(following.OpenWithCode, doors=ports(cases=Cases(answer=answer)), radicado_consulta="1", codigo="X")
    assert done.slots == {"resultado_consulta": answer, "radicado_consulta": None, "codigo": None}


# --- emergencies, offices, outages, marks --------------------------------------------------------------------------


def test_a_danger_is_reported_with_its_words_and_an_unknown_one_is_a_risk_to_life():
    assert act(attention.ReportEmergency, "uele agas", tipo_emergencia="gas").facts == {
        "EmergencyReported": {"kind": "gas", "text": "uele agas"}
    }
    assert act(attention.ReportEmergency, "auxilio").slots["tipo_emergencia"] == "vida"


@every_row(
    ("said", "state"),
    [
        ("calle 5 # 3-20", "lugar"), ("barrio La Floresta", "lugar"), ("Detrás de la iglesia", "lugar"),
        ("en la mz D casa 3", "lugar"), ("sí, ya salimos", "falta"), ("huele mucho a gas ayuda", "falta"),
        ("ahh", "falta"), ("asesor", "asesor"), ("quiero hablar con una persona", "asesor"), ("no sé", "sin_lugar"),
        ("¡Falsa alarma!", "falsa_alarma"), ("cancelar", "sin_lugar"), ("ya pasó", "falsa_alarma"),
        ("ya no, fue falsa alarma, era el aerosol", "falsa_alarma"), ("no es falsa alarma", "falta"),
        ("creí que era falsa alarma pero sigue oliendo", "falta"), ("era falsa alarma, pero sigue oliendo", "falta"),
    ],
)  # fmt: skip
def test_what_a_person_in_danger_answers_is_understood_as_a_place_or_not(said, state):
    assert act(attention.UnderstandPlace, lugar_emergencia=said).slots == {"lugar_estado": state}


def test_who_cannot_get_out_is_told_once_how_to_be_found():
    first = act(attention.UnderstandPlace, lugar_emergencia="no puedo salir, soy sorda")
    assert first.slots == {"atrapado": True, "lugar_estado": "atrapado"}
    again = act(attention.UnderstandPlace, lugar_emergencia="no puedo salir", atrapado=True)
    assert again.slots["lugar_estado"] == "falta"
    there = act(attention.UnderstandPlace, lugar_emergencia="estoy encerrada en la calle 5 # 3-20")
    assert there.slots["lugar_estado"] == "lugar"


def test_what_a_person_in_danger_still_writes_goes_to_the_report():
    noted = act(attention.NoteEmergency, lugar_emergencia="calle 5", novedad_emergencia="ya cerré la llave")
    assert noted.facts == {"EmergencyLocated": {"novedad": "ya cerré la llave", "kind": "vida"}}
    assert noted.slots["novedades"] is True
    assert act(attention.NoteEmergency, novedad_emergencia="asesor").slots["lugar_estado"] == "asesor"
    assert act(attention.NoteEmergency, novedad_emergencia="ya estamos a salvo").slots["lugar_estado"] == "falsa_alarma"


def test_the_place_of_a_danger_is_the_words_of_the_person():
    located = act(attention.LocateEmergency, lugar_emergencia="calle 5", tipo_emergencia="gas")
    assert located.facts == {"EmergencyLocated": {"direccion": "calle 5", "kind": "gas"}}


def test_the_office_tells_when_it_opens():
    closed = act(attention.Offices, doors=ports(company=Company(is_open=False))).slots["oficina"]
    assert (closed["abierto"], closed["proxima_apertura"]) == (False, "2026-11-24T08:00:00-05:00")


def test_a_mark_is_kept_with_its_words_and_what_it_is_about():
    kept = act(opinions.KeepOpinion, nota=5, comentario="muy amable", tramite_anterior="radicar_queja").facts
    assert kept == {"Rated": {"nota": 5, "comentario": "muy amable", "flujo": "radicar_queja"}}
    assert act(opinions.KeepOpinion).facts == {}
    assert act(opinions.KeepMark, nota=4).facts == {"Rated": {"nota": 4, "comentario": "", "flujo": None}}
    of_case = act(opinions.KeepMark, nota=1, caso_calificado="case_1", tramite_anterior="menu").facts
    assert of_case == {"Rated": {"nota": 1, "comentario": "", "caso": "case_1"}}


def test_an_opinion_is_asked_for_once_in_thirty_days():
    first = act(opinions.TimeForOpinion).slots
    assert first["opinion_toca"] is True
    assert act(opinions.TimeForOpinion, opinion_pedida_at=first["opinion_pedida_at"]).slots == {"opinion_toca": False}
    long_ago = act(opinions.TimeForOpinion, opinion_pedida_at="2026-10-01T08:00:00-05:00").slots
    assert long_ago["opinion_toca"] is True


@pytest.mark.parametrize(
    ("said", "taken"),
    [
        ("/queja_del_asistente", None),
        ("queja del bot", None),
        ("me repite siempre lo mismo", "me repite siempre lo mismo"),
    ],
)
def test_a_complaint_that_tells_what_went_wrong_is_not_asked_again(said, taken):
    assert act(opinions.HearComplaint, text=said).slots.get("queja_asistente") == taken


def test_the_queue_is_seen_as_it_stands():
    seen = act(queue.SeeQueue).slots
    assert (seen["fila_estado"], seen["fila"]["turno"]) == ("en_fila", 3)
    assert act(queue.SeeQueue, doors=ports(attention=Attention(waits=False))).slots["fila_estado"] == "ninguna"
    assert act(queue.LeaveQueue).facts == {"QueueLeft": {}}
    assert act(queue.PassQueue).facts == {"PreferenceAsked": {}}


# --- all of them ---------------------------------------------------------------------------------------------------


def modules():
    names = [found.name for found in pkgutil.iter_modules(dialogs.actions.__path__)]
    return [importlib.import_module(f"dialogs.actions.{name}") for name in names if name not in NOT_ACTIONS]


def test_the_table_lists_every_action_and_every_flow_finds_its_own():
    written = {
        each
        for module in modules()
        for _, each in inspect.getmembers(module, inspect.isclass)
        if each.__module__ == module.__name__ and issubclass(each, AtiendeAction) and not each.__name__.startswith("_")
    }
    assert set(ACTIONS) == written
    assert len(names_of(ACTIONS)) == len(ACTIONS)


def test_every_fact_that_an_action_reports_has_somebody_who_writes_it():
    reported = {kind for module in modules() for kind in re.findall(r'fact\(\s*"(\w+)"', inspect.getsource(module))}
    assert {"PqrFiled", "EmergencyReported", "Rated", "CodeAsked"} <= reported <= HANDLERS.keys()


@every_row("action", ACTIONS, ids=lambda action: action.__name__)
def test_an_action_bears_a_conversation_that_knows_nothing(action):
    known = shipped().domain.slots
    assert act(action).slots.keys() <= known.keys()
