"""The figures of an evaluation, on sentences small enough to count by hand."""

from __future__ import annotations

from types import SimpleNamespace
from typing import ClassVar

import pytest

from bot.kernel.errors import ModelError
from bot.nlu.data import Annotation, Example, NluData
from bot.nlu.evaluation import figures, report
from bot.nlu.evaluation.sentences import Observed, observe
from bot.nlu.evaluation.things import alarms, same_value, things
from bot.nlu.evaluation.weight import milliseconds
from bot.nlu.model import OUT_OF_SCOPE
from dialogs.engine.flow import Place
from dialogs.engine.heard import Entity, Intent


def heard(intent, ranking, doubt=0.0, *, marks=(), entities=(), danger="", author="", seconds=0.001, text=""):
    """A sentence of ``intent`` with the ranking {name: confidence}."""
    example = Example(intent, text or intent, tuple(marks), Place("a.yml", 1), author)
    ranked = tuple(Intent(name, confidence) for name, confidence in ranking.items())
    return Observed(example, ranked, doubt, tuple(entities), danger, seconds)


def mark(entity, text, start, value=None):
    return Annotation(entity, start, start + len(text), text, value)


OURS = [
    heard("a", {"a": 0.9, "b": 0.1}, 0.05, author="ana"),
    heard("a", {"b": 0.6, "a": 0.4}, 0.1, author="ana"),
    heard("b", {"b": 0.7, "a": 0.3}, 0.2, author="beto"),
    heard("b", {OUT_OF_SCOPE: 0.6, "b": 0.3, "a": 0.1}, 0.6, author="beto"),
]


def test_the_best_intent_in_scope_counts_even_when_the_sentence_is_doubted():
    assert figures.accuracy(OURS) == 0.75
    assert figures.top3(OURS) == 1.0


def test_precision_and_recall_are_by_intent_and_the_worst_is_first():
    rows = {row.name: row for row in figures.per_intent(OURS)}
    assert [row.name for row in figures.per_intent(OURS)] == ["a", "b"]
    assert (rows["a"].precision, rows["a"].recall, rows["a"].support) == (1.0, 0.5, 2)
    assert (rows["b"].precision, rows["b"].recall) == (pytest.approx(2 / 3), 1.0)


def test_authors_are_told_apart_and_the_worst_is_first():
    assert [(row.author, row.accuracy, row.sentences) for row in figures.per_author(OURS)] == [
        ("ana", 0.5, 2),
        ("beto", 1.0, 2),
    ]
    assert figures.per_author([heard("a", {"a": 1.0})]) == ()


def test_a_refused_sentence_is_a_confusion_with_what_is_not_ours():
    found = figures.confusion([*OURS, heard(OUT_OF_SCOPE, {"a": 0.9})])
    assert found.labels == ("a", "b", OUT_OF_SCOPE)
    assert found.counts == ((1, 1, 0), (0, 1, 1), (1, 0, 0))


def test_confidence_is_compared_with_truth():
    said = [heard("a", {"a": 0.8, "b": 0.2})] * 3 + [heard("b", {"a": 0.8, "b": 0.2})]
    bins, error = figures.reliability(said)
    assert [(one.confidence, one.accuracy, one.sentences) for one in bins] == [(pytest.approx(0.8), 0.75, 4)]
    assert error == pytest.approx(0.05)


def test_doubt_of_the_stranger_does_not_lower_the_confidence_that_is_judged():
    _, error = figures.reliability([heard("a", {OUT_OF_SCOPE: 0.5, "a": 0.5}, 0.5)])
    assert error == pytest.approx(0.0)


def test_doubt_tells_strangers_apart():
    ours = [heard("a", {"a": 1.0}, place / 100) for place in range(40)]
    strangers = [heard(OUT_OF_SCOPE, {"a": 1.0}, doubt) for doubt in (0.9, 0.8, 0.2, 0.1)]
    found = figures.scope([*ours, *strangers])
    # Two of forty may be refused, so doubt above 0.38 refuses; one of the four strangers lies at 0.1, and none of
    # twenty may be accepted, so only doubt below 0.1 is.
    assert found.refused == 0.5
    assert found.answered == 10 / 40
    assert found.auroc == pytest.approx((40 + 40 + 20.5 + 10.5) / 160)


def test_what_is_accepted_but_wrong_is_not_answered():
    said = [heard("a", {"b": 1.0}, 0.0), heard("a", {"a": 1.0}, 0.0), heard(OUT_OF_SCOPE, {"a": 1.0}, 0.9)]
    assert figures.scope(said).answered == 0.5


@pytest.mark.parametrize("said", [OURS, [heard(OUT_OF_SCOPE, {"a": 1.0}, 0.9)]], ids=["ours alone", "strangers alone"])
def test_doubt_is_not_judged_without_both_kinds(said):
    assert figures.scope(said) is None


def test_an_entity_is_right_by_name_place_and_written_value():
    said = heard(
        "a",
        {"a": 1.0},
        text="debo 50 mil y 3 palos de la luz, escriba a x@y.co",
        marks=[
            mark("dinero", "50 mil", 5, "50000"),
            mark("dinero", "3 palos", 14, "3000000"),
            mark("servicio", "luz", 28),
            mark("libro", "escriba", 33),
        ],
        entities=[
            Entity("dinero", 50_000, 5, 11, "50 mil"),
            Entity("dinero", 3, 14, 21, "3 palos"),
            Entity("correo", "x@y.co", 43, 49, "x@y.co"),
        ],
    )
    found = things([said])
    rows = {row.name: (row.precision, row.recall, row.f1, row.support) for row in found.rows}
    # «libro» is nothing that we read; «correo» has no marks here, so nobody knows whether it is right.
    assert rows == {"dinero": (0.5, 0.5, 0.5, 2), "servicio": (0.0, 0.0, 0.0, 1)}
    assert found.values == 0.5
    assert [(error.kind, error.words, error.found) for error in found.errors] == [
        ("wrong value", "3 palos", "3"),
        ("missed", "luz", ""),
    ]


def test_one_reading_answers_one_mark_only():
    said = heard(
        "a",
        {"a": 1.0},
        text="lunes martes",
        marks=[mark("fecha", "lunes", 0), mark("fecha", "martes", 6)],
        entities=[Entity("fecha", "2026-03-23", 0, 12, "lunes martes")],
    )
    assert things([said]).overall.recall == 0.5


def test_an_entity_that_nobody_marked_is_invented():
    marked = heard("a", {"a": 1.0}, text="la luz", marks=[mark("servicio", "luz", 3)], entities=[])
    invented = heard("a", {"a": 1.0}, text="el gas", entities=[Entity("servicio", "gas", 3, 6, "gas")])
    found = things([marked, invented])
    assert [error.kind for error in found.errors] == ["missed", "invented"]
    assert things([invented]) is None


@pytest.mark.parametrize(
    ("entity", "found", "written"),
    [
        ("dinero", 50_000, "50000"),
        ("fecha", "2026-03-23T08:00-05:00", "2026-03-23T08:00"),
        ("nombre", "María Pérez", "maria perez"),
        ("telefono", "+573001112233", "3001112233"),
        ("direccion", "CL 5 # 4-20", "cl 5 4 20"),
    ],
)
def test_a_value_may_be_written_in_other_ways(entity, found, written):
    assert same_value(entity, found, written)


def test_another_value_is_another_value():
    assert not same_value("fecha", "2026-03-23", "2026-03-24")


def test_the_detector_of_danger_is_judged_alone():
    said = [
        heard("emergencia", {"a": 1.0}, danger="gas"),
        heard("emergencia", {"emergencia": 1.0}, text="missed"),
        heard("a", {"a": 1.0}, danger="gas", text="false"),
        heard("a", {"a": 1.0}),
    ]
    found = alarms(said)
    assert (found.recall, found.false_alarms, found.missed, found.invented) == (0.5, 0.5, ("missed",), ("false",))
    assert alarms(said[2:]).recall is None


def test_times_are_those_of_the_middle_and_of_the_slowest_hundredth():
    spent = [heard("a", {"a": 1.0}, seconds=place / 1000) for place in range(100, 0, -1)]
    assert milliseconds(spent) == (pytest.approx(51), pytest.approx(100))


def test_mistakes_are_grouped_and_the_most_frequent_is_first():
    said = [heard("b", {"a": 1.0}, text="one"), *OURS, heard("b", {"a": 1.0}, text="two")]
    found = report._mistakes(said)
    assert [(one.intent, one.heard_as, len(one.sentences)) for one in found] == [
        ("b", "a", 2),
        ("a", "b", 1),
        ("b", OUT_OF_SCOPE, 1),
    ]


def test_an_intent_that_the_model_lacks_is_named():
    class Small:
        labels = ("a", "b")

    with pytest.raises(ModelError, match="otra"):
        observe(Small(), NluData((Example("otra", "x", (), Place("a.yml", 1)),)))


def test_held_out_sentences_bring_the_sectors_of_their_ground():
    class Small:
        labels = ("a",)
        card = SimpleNamespace(lookups={})
        synonyms: ClassVar = {}

        def rank(self, text):
            return (Intent("a", 0.9),), 0.0

    data = NluData(
        (Example("a", "no hay luz en brizas del rio", (), Place("a.yml", 1)),), lookups={"sector": ("Brisas del Río",)}
    )
    found = observe(Small(), data)[0].entities
    assert [entity.value for entity in found if entity.name == "sector"] == ["Brisas del Río"]
