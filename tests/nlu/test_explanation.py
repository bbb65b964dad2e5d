"""What is told about a message is what happened to it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.nlu.data import Example, NluData
from bot.nlu.explanation import doubt, refusal, rules, spoken
from bot.nlu.train import fit
from bot.nlu.understand import Understanding
from dialogs.engine.flow import Place
from dialogs.engine.heard import Heard, Intent
from tests.nlu.bait import MAIL
from tests.nlu.test_model import SAID
from tests.nlu.world import NOW, hear


@pytest.fixture(scope="module")
def model():
    said = [Example(intent, one, (), Place("a.yml", 1)) for intent, ones in SAID.items() for one in ones.split("|")]
    return fit(NluData(tuple(said)), now=datetime(2026, 3, 18, tzinfo=UTC))


def test_the_word_that_decides_is_told_first(model):
    heard = Understanding(model).hear("vecino no hay luz", now=NOW)
    first, second, *_ = spoken(model, heard, 3)
    assert first.intent.name == "reportar_sin_servicio"
    assert first.behind == 0
    assert first.words[0].text in {"luz", "hay"}
    assert all(left.weight >= right.weight > 0 for left, right in zip(first.words, first.words[1:], strict=False))
    assert second.behind == pytest.approx(heard.ranking[0].confidence - heard.ranking[1].confidence)


def test_words_are_told_as_they_were_written(model):
    heard = Understanding(model).hear("NO AY LÚZ", now=NOW)
    assert {word.text for word in spoken(model, heard, 1)[0].words} <= {"no", "ay", "lúz"}


def test_words_that_no_example_has_are_told(model):
    heard = Understanding(model).hear("qwerty no hay luz zxcvb", now=NOW)
    assert doubt(model, heard).unknown == ("qwerty", "zxcvb")
    assert doubt(model, Understanding(model).hear("quien gano el partido", now=NOW)).words


def test_nothing_said_is_nothing_to_explain(model):
    heard = Understanding(model).hear("", now=NOW)
    assert spoken(model, heard, 3) == ()
    assert doubt(model, heard).words == ()


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("no, el martes", "a plain no"),
        ("perdón, era el martes", "a correction; what is new: «martes»"),
        ("me equivoqué", "a correction, without what is new"),
        ("12345 67", "numbers alone: every confidence is lowered"),
        ("привет", "no word could be read: taken for none of our business"),
        ("queja " * 900, "too long: only 4096 characters were read"),
    ],
)
def test_each_rule_that_acted_is_told(model, text, rule):
    assert rule in rules(Understanding(model).hear(text, now=NOW), has_model=True)


def test_a_letter_is_told():
    letter = f"Señores Aguas\nAsunto: derecho de petición\n{'Llevamos meses con lo mismo. ' * 12}\nAtentamente"
    assert rules(hear(letter), has_model=True) == ("a letter: heard whole, as a filing",)


def test_clauses_that_were_heard_apart_are_told(model):
    heard = Understanding(model).hear("no hay luz, y cuanto debo de la factura", now=NOW)
    told = [rule for rule in rules(heard, has_model=True) if rule.startswith("clauses apart: reportar_sin_servicio")]
    assert len(told) == 1
    assert "consultar_factura" in told[0]


def test_an_ordinary_message_and_a_thread_of_mail_have_no_rule_of_their_own(model):
    assert rules(Understanding(model).hear("no hay luz en la casa", now=NOW), has_model=True) == ()
    assert "a letter: heard whole, as a filing" not in rules(hear(MAIL), has_model=True)


def test_without_a_model_keywords_are_told():
    assert "keywords" in rules(hear("no hay luz"), has_model=False)[0]


@pytest.mark.parametrize(
    ("beyond", "best", "says"),
    [
        (0.3, 0.6, "not refused: it would be from 50% on"),
        (0.5, 0.55, "over 50%, but a is surer"),
        (0.7, 0.2, "refused: 50%"),
    ],
)
def test_a_refusal_says_by_which_measure(beyond, best, says):
    assert refusal(Heard("x", ranking=(Intent("a", best),), out_of_scope=beyond), 0.5).startswith(says)
