"""What a person writes is read as an answer to the question that was asked."""

from __future__ import annotations

import pytest

from bot.nlu.entities import Gazetteer
from bot.nlu.options import read_label, read_number
from bot.nlu.understand import Understanding
from bot.nlu.yes_no import read_yes_no, without_manners
from tests.nlu.world import Option, answer_to, hear
from tests.support.rows import every_row

YES = [
    "sí", "si", "SIII", "sip", "sisas", "de una", "hágale", "hagale pues", "listo", "dale", "claro", "claro que sí",
    "ok", "okey", "vale", "bueno", "correcto", "así es", "eso es", "está bien", "todo bien", "de acuerdo", "por supuesto",
    "sí señor", "sí señora", "si vecino", "si por favor", "sí, gracias", "acepto", "autorizo", "confirmo", "afirmativo",
    "es correcto", "si esta bien", "👍", "✅", "si si si", "obvio", "ajá", "con mucho gusto", "si, y cuánto debo",
    "si y cuanto debo", "es esa",
]  # fmt: skip
NO = [
    "no", "nop", "NOOO", "nones", "negativo", "para nada", "no señor", "no señora", "no gracias", "nunca", "no acepto",
    "no autorizo", "no es correcto", "está mal", "no, el barrio es otro", "todavía no", "por ahora no", "mejor no",
    "nel", "👎", "no no no", "tampoco", "no es esa", "de ninguna manera", "no, gracias vecina",
]  # fmt: skip
NEITHER = [
    "no me llega el agua", "no hay luz", "no sé", "cuánto debo", "hola", "123", "", "la luz", "si no hay agua qué hago",
    "no tengo la cuenta", "mi cuenta es 123456", "quiero un asesor", "acepto pero con condiciones",
]  # fmt: skip


@every_row("said", YES)
def test_many_ways_to_say_yes(said):
    assert read_yes_no(said) is True


@every_row("said", NO)
def test_many_ways_to_say_no(said):
    assert read_yes_no(said) is False


@every_row("said", NEITHER)
def test_what_is_neither_yes_nor_no(said):
    assert read_yes_no(said) is None


MENU = (
    Option("Agua", "/SetSlots(servicio=agua)"),
    Option("Luz", "/SetSlots(servicio=energia)"),
    Option("Gas natural", "/SetSlots(servicio=gas)"),
    Option("Hablar con una persona", "/hablar_con_asesor"),
)


@every_row(
    ("said", "value"),
    [
        ("1", "agua"), ("2", "energia"), ("la 2", "energia"), ("opción 2", "energia"), ("dos", "energia"), ("2.", "energia"),
        ("la segunda", "energia"), ("la primera por favor", "agua"), ("luz", "energia"), ("LUZ", "energia"), ("luzz", "energia"),
        ("gas", "gas"), ("gas naturl", "gas"), ("es por la luz", "energia"), ("del acueducto", "agua"), ("tercero", "gas"),
    ],
)  # fmt: skip
def test_options_by_number_word_label_or_nearly(said, value):
    assert answer_to("servicio", said, menu=MENU) == value


@pytest.mark.parametrize("said", ["9", "0", "nueve", "agua y luz", "ninguna", "hola"])
def test_what_is_no_option_is_none(said):
    assert answer_to("servicio", said, menu=MENU) is None


def test_the_option_of_an_errand_is_handed_on_as_its_command():
    assert hear("4", "servicio", menu=MENU).payload == "/hablar_con_asesor"
    assert hear("la última", "servicio", menu=MENU).payload == "/hablar_con_asesor"
    assert hear("hablar con una persona", menu=MENU).payload == "/hablar_con_asesor"


def test_an_option_that_fills_several_slots_or_empties_one_is_handed_on():
    menu = (Option("No la tengo", "/SetSlots(cuenta=, tipo_pqr=queja)"), Option("Nada", "/SetSlots(cuenta=null)"))
    heard = hear("no la tengo", "cuenta", menu=menu)
    assert (heard.answer, heard.payload) == (None, "/SetSlots(cuenta=, tipo_pqr=queja)")


def test_a_digit_is_a_choice_while_an_account_is_asked_only_if_it_cannot_be_one():
    menu = (Option("No la tengo", "/SetSlots(cuenta=null)"), Option("Más tarde", "/cancelar"))
    heard = hear("2", "cuenta", menu=menu)
    assert heard.answer is None
    assert heard.payload == "/cancelar"
    assert answer_to("cuenta", "445120", menu=menu) == "445120"


def test_an_option_of_plain_words_is_heard_as_those_words():
    menu = (Option("No lo tengo", "omitir"),)
    assert [hear(said, "cuenta", menu=menu).payload for said in ("1", "no lo tengo", "445120")] == [
        "omitir",
        "omitir",
        "",
    ]


def test_a_yes_chooses_the_option_that_says_it_when_nothing_is_asked():
    menu = (Option("Sí, radicar queja", "/radicar_queja"), Option("Ver el menú", "/menu"))
    assert hear("sí, por favor", "", menu=menu).payload == "/radicar_queja"


def test_yes_and_no_choose_the_labels_that_mean_them():
    menu = (Option("Sí, radicar", "/SetSlots(tipo_pqr=queja)"), Option("No, corregir", "/SetSlots(tipo_pqr=reclamo)"))
    assert answer_to("tipo_pqr", "de una", menu=menu) == "queja"
    assert answer_to("tipo_pqr", "nop", menu=menu) == "reclamo"


@every_row(
    ("said", "value"),
    [
        ("acepto", "acepto"),
        ("Aceto", "acepto"),
        ("no acepto", "no_acepto"),
        ("no aceto", "no_acepto"),
        ("sí", "acepto"),
        ("sí acepto", "acepto"),
        ("no", "no_acepto"),
        ("ver la política", "ver_politica"),
        ("ya no acepto eso", "no_acepto"),
    ],
)
def test_consent_is_never_read_into_a_refusal(said, value):
    menu = (
        Option("Acepto", "/SetSlots(decision=acepto)"),
        Option("No acepto", "/SetSlots(decision=no_acepto)"),
        Option("Ver la política", "/SetSlots(decision=ver_politica)"),
    )
    assert answer_to("decision", said, menu=menu) == value
    assert answer_to("decision", said.replace("la ", "")) in {value, None}


def test_categories_without_a_menu_by_value_number_or_synonym():
    assert answer_to("tipo_pqr", "una queja") == "queja"
    assert answer_to("tipo_pqr", "3") == "reclamo"
    assert answer_to("tipo_pqr", "petición") == "peticion"
    assert answer_to("servicio", "la luz") == "energia"
    assert answer_to("servicio", "agua y luz") is None


@every_row(
    ("asked", "said", "value"),
    [
        ("valor", "120 mil", 120_000),
        ("valor", "como 80 lucas", 80_000),
        ("valor", "85000", 85_000),
        ("valor", "puedo dar dos palos y medio", 2_500_000),
        ("valor", "120", None),
        ("valor", "-5000", None),
        ("valor", "menos 5000", None),
        ("valor", "99999999999999", None),
        ("dia", "mañana", "2026-03-19"),
        ("dia", "el lunes a las 8", "2026-03-23"),
        ("dia", "5", "2026-04-05"),
        ("dia", "nunca", None),
        ("momento", "el lunes a las 8", "2026-03-23T08:00-05:00"),
        ("momento", "el lunes", None),
        ("telefono", "300 111 22 33", "+573001112233"),
        ("telefono", "2345678", None),
        ("documento", "1.098.765.432", "1098765432"),
        ("documento", "nit 890903938-7", None),
        ("cuenta", "123 456 789", "123456789"),
        ("cuenta", "es la 445120, gracias", "445120"),
        ("cuenta", "20260770000012", None),
        ("cuenta", "123", None),
        ("nombre", "me llamo persona de prueba", "Persona de Prueba"),
        ("nombre", "Persona de Prueba", "Persona de Prueba"),
        ("nombre", "maría pérez, cc 123456", "María Pérez"),
        ("nombre", "prefiero no decir", None),
        ("nombre", "12345", None),
        ("correo", "Persona@Example.com", "persona@example.com"),
        ("correo", "no tengo", None),
        ("cuotas", "en seis meses", 6.0),
        ("cuotas", "media docena", 6.0),
        ("cuotas", "500", None),
        ("radicado", "es el 2026-077-000001-2", "20260770000012"),
        ("radicado", "hola", None),
        ("nota", "5", 5.0),
        ("nota", "cinco", 5.0),
        ("nota", "9", None),
        ("lugar", "Cra 7 No. 45-12", "KR 7 # 45-12"),
        ("lugar", "al lado de la cancha", "al lado de la cancha"),
        ("lugar", "hola", None),
        ("barrio", "barrio el jardin", "el jardin"),
        ("relato", "  no me llega el agua hace días  ", "no me llega el agua hace días"),
        ("punto", "aquí", None),
        ("anexos", "ya voy", None),
    ],
)
def test_an_answer_takes_the_type_of_its_slot(asked, said, value):
    found = answer_to(asked, said)
    assert (found.lower() if asked == "barrio" else found) == value


def test_a_sector_is_answered_by_its_official_name():
    understanding = Understanding(gazetteer=Gazetteer({"la esperanza": "sector-7", "El Jardín": "sector-9"}))
    assert answer_to("barrio", "la esperansa", understanding=understanding) == "sector-7"


def test_a_free_text_is_never_sure_and_a_number_is():
    assert hear("me llegó muy caro", "relato").answer.sure is False
    assert hear("445120", "cuenta").answer.sure is True


def test_places_and_documents_that_were_asked_are_answers():
    assert hear("", "punto", kind="location", point=(4.6, -74.1)).answer.value == {"lat": 4.6, "lon": -74.1}
    document = {"file_id": "f1", "kind": "image", "mime": "image/png", "name": "a.png"}
    assert hear("", "anexos", kind="media", media=(document,)).answer.value == [document]


def test_a_yes_no_question_without_buttons_takes_one_and_two():
    assert answer_to("confirma", "1") is True
    assert answer_to("confirma", "2") is False


@pytest.mark.parametrize(
    ("said", "place"), [("3", 2), ("(3)", 2), ("tres", 2), ("la tercera opción", 2), ("4", None), ("treinta", None)]
)
def test_numbers_of_a_menu(said, place):
    assert read_number(said, 3) == place


def test_half_a_label_is_needed_and_only_one_may_fit():
    labels = ["Radicar petición, queja o reclamo", "Consultar factura", "Consultar radicado"]
    assert read_label("reclamo", labels) is None
    assert read_label("consultar", labels) is None
    assert read_label("factura", labels) == 1


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("Buenas, la página no me dejó radicar", "la pagina no me dejo radicar"),
        ("gracias mija, ya no necesito asesor", "ya no necesito asesor"),
        ("mi consumo, por favor", "mi consumo"),
        ("ay señorita, se cayó el sistema", "se cayo el sistema"),
        ("hay un impostor", "hay un impostor"),
        ("buenas", "buenas"),
    ],
)
def test_greeting_and_thanks_fall_away_and_every_other_word_stays(said, left):
    assert without_manners(said) == left
