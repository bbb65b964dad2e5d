"""A message becomes what was heard in it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.nlu.clauses import clauses_of
from bot.nlu.context import with_prior
from bot.nlu.correction import find_correction
from bot.nlu.emergencies import detect
from bot.nlu.normalise import fold
from bot.nlu.understand import LONGEST_KEPT, Understanding
from dialogs.engine.flow import SlotDef
from dialogs.engine.heard import Intent
from tests.nlu.world import DIALOGS, NOW, hear, talk
from tests.support.rows import every_row


class FakeModel:
    """Says what it was told to say, and remembers what it was asked."""

    def __init__(self, *ranking: Intent, out_of_scope: float = 0.0) -> None:
        self.ranking, self.out_of_scope = ranking, out_of_scope
        self.asked: list[str] = []
        self.synonyms = {"el liquido": "agua"}

    def rank(self, text):
        self.asked.append(text)
        return self.ranking, self.out_of_scope


@pytest.mark.parametrize(
    ("said", "services"),
    [
        ("son una basura total", []),
        ("se metió el agua del caño", []),
        ("el niño cogió corriente", []),
        ("sumidero tapado", ["alcantarillado"]),
        ("no hay corriente", ["energia"]),
    ],
)
def test_synonyms_of_a_service_name_it_only_where_our_own_words_do_not_know_better(said, services):
    model = FakeModel(Intent("saludar", 0.9))
    model.synonyms = {"basura": "aseo", "el agua": "agua", "corriente": "energia", "sumidero": "alcantarillado"}
    heard = hear(said, understanding=Understanding(model))
    assert [entity.value for entity in heard.entities if entity.name == "servicio"] == services


def test_without_a_model_words_and_danger_are_heard_still():
    """Aceptación 1: a model that is out takes no danger away."""
    heard = hear("me llegó carísimo el recibo, quiero poner un reclamo")
    assert heard.ranking[0].name == "radicar_reclamo"
    assert hear("uele agas").emergency == "gas"
    assert not Understanding().has_model


def test_danger_comes_first_whatever_was_asked():
    for asked in ("confirma", "cuenta", "relato", "servicio"):
        assert hear("espere que huele a gas", asked).emergency == "gas"


def test_the_model_may_hear_danger_that_the_lexicon_does_not():
    model = FakeModel(Intent("emergencia", 0.9))
    assert hear("esto se puso feo por aquí", understanding=Understanding(model)).emergency == "vida"
    assert hear("manden a alguien ya por lo de la luz", understanding=Understanding(model)).emergency == "electrica"
    unsure = FakeModel(Intent("emergencia", 0.4))
    assert hear("esto se puso feo por aquí", understanding=Understanding(unsure)).emergency == ""


def test_where_the_detector_finds_danger_likely_an_unsure_model_is_believed():
    unsure = FakeModel(Intent("emergencia", 0.4))
    said = "los perros ladran mucho y nadie abre en la casa del lado"
    assert detect(said) == ""
    assert hear(said, understanding=Understanding(unsure)).emergency == "vida"


@pytest.mark.parametrize("said", ["ya no huele a gas, gracias", "no es una emergencia", "ya apagaron el incendio"])
def test_what_the_person_took_back_no_model_makes_a_danger_of(said):
    assert hear(said, understanding=Understanding(FakeModel(Intent("emergencia", 0.99)))).emergency == ""


def test_words_of_command_hold_against_danger_that_is_only_guessed():
    domain = replace(DIALOGS.domain, words={"certificar_falla": frozenset({"se cayo la pagina", "uele agas"})})
    sure = Understanding(FakeModel(Intent("emergencia", 0.9)))

    def heard(said):
        return sure.hear(said, now=NOW, conversation=talk(), dialogs=replace(DIALOGS, domain=domain)).emergency

    assert heard("Buenas, se cayó la página") == ""
    assert heard("se cayó la página y no sé qué hacer") == "vida"
    assert heard("uele agas") == "gas"


@every_row(
    ("said", "rest"),
    [
        ("no, perdón, es 45", "45"), ("me equivoqué, es la 445120", "445120"), ("no es luz, es gas", "gas"),
        ("no era el 45 sino el 46", "46"), ("corrijo: gas", "gas"), ("mejor dicho el martes", "martes"),
        ("perdón, es 445120", "445120"), ("no no, me confundí, era reclamo", "reclamo"), ("mentiras, es agua", "agua"),
        ("quise decir aseo", "aseo"), ("disculpe, me equivoqué es el 5", "5"),
    ],
)  # fmt: skip
def test_taking_back_is_noticed_and_the_new_value_found(said, rest):
    folded = fold(said)
    found = find_correction(folded)
    assert found is not None
    assert folded.text[found.start :].strip() == rest


@pytest.mark.parametrize(
    "said",
    [
        "perdón, cuánto debo",
        "qué pena con usted, necesito ayuda",
        "no hay luz",
        "disculpe la molestia",
        "es 45",
        "no",
        "no es justo",
    ],
)
def test_manners_are_no_corrections(said):
    assert find_correction(fold(said)) is None


def test_a_correction_carries_new_answers_for_what_was_answered_before():
    heard = hear("no, perdón, la cuenta es 445121", "nombre", filled=("servicio", "cuenta", "relato"))
    assert heard.correction
    assert heard.extra["answers"]["cuenta"].value == "445121"
    assert "relato" not in heard.extra["answers"]
    heard = hear("no es luz, es gas", "cuenta", filled=("servicio",))
    assert heard.extra["answers"]["servicio"].value == "gas"
    assert [entity.value for entity in heard.entities] == ["gas"]


def test_offsets_of_a_correction_are_those_of_the_whole_message():
    said = "no, perdón, la cuenta es 445121"
    entity = hear(said, filled=("cuenta",)).entities[-1]
    assert said[entity.start : entity.end] == "445121"


@pytest.mark.parametrize(
    ("said", "parts"),
    [
        ("sí, y cuánto debo", ("y cuanto debo",)),
        ("se fue la luz. quiero poner una queja", ("se fue la luz", "quiero poner una queja")),
        ("quiero pagar y quiero poner un reclamo", ("quiero pagar", "quiero poner un reclamo")),
        ("se fue la luz en la casa", ()),
        ("hola", ()),
    ],
)
def test_clauses_that_stand_alone(said, parts):
    assert clauses_of(said) == parts


def test_each_clause_has_its_own_ranking():
    model = FakeModel(Intent("consultar_factura", 0.9))
    heard = hear("sí, y cuánto debo", "confirma", understanding=Understanding(model))
    assert heard.answer.value is True
    assert heard.extra["clauses"] == ((Intent("consultar_factura", 0.9),),)
    assert "clauses" not in hear("cuánto debo", understanding=Understanding(model)).extra


def test_what_was_asked_leans_the_ranking_only_a_little():
    model = FakeModel(Intent("consultar_factura", 0.5), Intent("afirmar", 0.45))
    asked = hear("eso", "confirma", understanding=Understanding(model))
    assert [intent.name for intent in asked.ranking] == ["afirmar", "consultar_factura"]
    assert sum(intent.confidence for intent in asked.ranking) <= 1.0001
    far = FakeModel(Intent("consultar_factura", 0.8), Intent("afirmar", 0.2))
    assert hear("eso", "confirma", understanding=Understanding(far)).ranking[0].name == "consultar_factura"


def test_an_answer_is_not_taken_for_the_errand_it_sounds_like():
    model = FakeModel(Intent("consultar_factura", 0.9), Intent("reportar_dano", 0.1))
    plain = hear("eso", "relato", understanding=Understanding(model))
    asked = SlotDef("relato", "text", sounds_like=("consultar_factura",))
    leaned = with_prior(plain.ranking, asked)
    assert [intent.name for intent in leaned] == ["consultar_factura", "reportar_dano"]
    assert [round(intent.confidence, 2) for intent in leaned] == [0.27, 0.1]
    assert with_prior(plain.ranking, SlotDef("relato", "text")) == plain.ranking


def test_a_pressed_command_is_left_to_the_engine():
    model = FakeModel(Intent("afirmar", 0.9))
    heard = hear("Agua", payload="/SetSlots(servicio=agua)", understanding=Understanding(model))
    assert (heard.payload, heard.ranking, model.asked) == ("/SetSlots(servicio=agua)", (), [])


def test_the_plain_text_of_a_button_is_heard_as_if_typed():
    heard = hear("Botón", "confirma", payload="sí")
    assert heard.answer.value is True
    assert heard.text == "Botón"
    assert heard.payload == "sí"


def test_a_stale_button_is_not_read():
    heard = hear("1", "servicio", stale=True)
    assert heard.stale
    assert heard.answer is None


def test_what_cannot_be_read_is_said():
    assert hear("", kind="unsupported").unsupported
    assert hear("").ranking == ()


def test_a_long_message_is_kept_whole_and_marked():
    said = "me llegó muy caro " * 400
    heard = hear(said, "relato")
    assert heard.extra["too_long"]
    assert heard.answer.value == said.strip()
    assert len(hear("a" * 50_000).text) == LONGEST_KEPT


def test_the_kind_of_document_comes_along():
    assert hear("mi cédula es 79123456").extra["tipo_documento"] == "CC"
    assert hear("nit 890903938-8").extra["tipo_documento"] == "NIT"


def test_parse_has_the_shape_of_rasa():
    understanding = Understanding(FakeModel(Intent("consultar_factura", 0.9), Intent("ayuda", 0.1)))
    parsed = understanding.parse("cuánto debo de luz", now=NOW)
    assert parsed["intent"] == {"name": "consultar_factura", "confidence": 0.9}
    assert [intent["name"] for intent in parsed["intent_ranking"]] == ["consultar_factura", "ayuda"]
    assert parsed["entities"][0]["entity"] == "servicio"
    assert parsed["entities"][0]["value"] == "energia"
    assert {"text", "out_of_scope", "emergency"} <= set(parsed)


def test_the_configured_shape_of_accounts_is_the_one_that_counts():
    import re

    understanding = Understanding(account=re.compile(r"\d{3}-?\d{3}|V\d+"))
    heard = understanding.hear("445120", now=NOW, conversation=talk("cuenta"), dialogs=DIALOGS)
    assert heard.answer.value == "445120"
    heard = understanding.hear("44512077", now=NOW, conversation=talk("cuenta"), dialogs=DIALOGS)
    assert heard.answer is None
