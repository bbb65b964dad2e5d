"""Questions find the article that answers them, whatever the spelling; what nobody wrote is not invented."""

from pathlib import Path

import pytest
import yaml

from bot.knowledge.load import load
from bot.knowledge.shelf import Shelf, stem
from bot.nlu.normalise import squeeze
from bot.nlu.phonetic import sound

ASKED = yaml.safe_load((Path(__file__).parent / "preguntas.yml").read_text(encoding="utf-8"))
PAIRS = [(question, name) for name, questions in ASKED["responde"].items() for question in questions]


@pytest.fixture(scope="module")
def shelf():
    served = {"agua", "alcantarillado", "aseo"}
    articles = {
        name: (each.titulo, each.preguntas)
        for name, each in load().articles.items()
        if not each.servicios or served & set(each.servicios)
    }
    return Shelf(articles, lambda text: squeeze(text).split(), sound)


def test_nine_in_ten_questions_are_offered_their_article_and_most_get_it_at_once(shelf):
    missed = [(question, name, shelf.find(question)) for question, name in PAIRS]
    missed = [each for each in missed if each[1] not in each[2].ids]
    at_once = sum(shelf.find(question).ids == (name,) for question, name in PAIRS)
    assert len(missed) <= len(PAIRS) // 10, missed
    assert at_once >= len(PAIRS) * 0.6, at_once


def test_what_is_about_something_else_is_never_answered_as_if_it_were_known(shelf):
    answered = [(question, shelf.find(question).ids) for question in ASKED["no_sabe"]]
    assert [each for each in answered if each[1]] == []


def test_no_test_question_is_written_in_an_article():
    written = {squeeze(question) for each in load().articles.values() for question in each.preguntas}
    assert not written & {squeeze(question) for question, _ in PAIRS}


@pytest.mark.parametrize("question", ["", "???", "hola buenas", "😀", "a" * 5_000, "123456", '"; drop table shelf; --'])
def test_a_question_without_words_of_substance_meets_nothing(shelf, question):
    assert shelf.find(question).kind == "ninguna"


def test_only_what_is_allowed_is_found(shelf):
    assert shelf.find("qué es el cargo fijo", {"estrato"}).kind == "ninguna"


@pytest.mark.parametrize(
    ("word", "same"),
    [
        ("subsidios", "subsidio"),
        ("facturas", "factura"),
        ("cobran", "cobro"),
        ("reclamar", "reclamo"),
        ("medidores", "medidor"),
    ],
)
def test_forms_of_a_word_have_one_stem(word, same):
    assert stem(word) == stem(same)
