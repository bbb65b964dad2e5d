"""The files are Rasa NLU YAML 3.1 and use only the names the design fixed."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
import yaml

from tests.nlu_data import corpus
from tests.support.rows import every_row

ALL = [*corpus.files(), *corpus.files(tests=True), *corpus.lexicon_files()]
KINDS = {"intent", "synonym", "regex", "lookup"}
FLOOR, TEST_FLOOR, OUT_OF_SCOPE_FLOOR = 40, 12, 120


@every_row("path", ALL, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_file_is_rasa_nlu_yaml(path: Path) -> None:
    document = yaml.safe_load(path.read_text(encoding="utf-8"))

    assert set(document) == {"version", "nlu"}
    assert document["version"] == "3.1"
    for entry in document["nlu"]:
        kind = set(entry) - {"examples"}
        assert len(kind) == 1, f"{path.name}: {sorted(entry)}"
        assert kind <= KINDS, f"{path.name}: {sorted(entry)}"
        assert isinstance(entry[kind.pop()], str), f"{path.name}: a name that YAML does not read as text"
        assert isinstance(entry["examples"], str), f"{path.name}: examples must be a block string"
        wrong = [line for line in entry["examples"].splitlines() if not re.match(r"- \S", line)]
        assert not wrong, f"{path.name}: lines that do not begin with '- ': {wrong}"


def test_the_lexicon_holds_no_intents_and_the_examples_nothing_else() -> None:
    for path in corpus.lexicon_files():
        assert all("intent" not in entry for entry in corpus.entries(path)), path.name
    for path in corpus.files():
        assert all("intent" in entry for entry in corpus.entries(path)), path.name
    for path in corpus.files(tests=True):
        assert all("intent" in entry or entry.get("lookup") == "sector" for entry in corpus.entries(path)), path.name


@pytest.mark.parametrize("tests", [False, True], ids=["training", "held out"])
def test_the_intents_are_those_of_the_design_and_those_that_were_added(tests: bool) -> None:
    assert len(corpus.DESIGN) == 32
    assert {example.intent for example in corpus.examples(tests=tests)} == corpus.INTENTS


@pytest.mark.parametrize("tests", [False, True], ids=["training", "held out"])
def test_every_intent_has_enough_examples(tests: bool) -> None:
    floor = TEST_FLOOR if tests else FLOOR
    count = Counter(example.intent for example in corpus.examples(tests=tests))

    assert {intent: number for intent, number in count.items() if number < floor} == {}
    if not tests:
        assert count["fuera_de_alcance"] >= OUT_OF_SCOPE_FLOOR


def test_no_intent_in_scope_is_five_times_another() -> None:
    count = Counter(example.intent for example in corpus.examples() if example.intent != "fuera_de_alcance")

    assert max(count.values()) <= 5 * min(count.values()), count.most_common()


def test_the_entities_are_the_twelve_of_the_design_and_each_has_examples() -> None:
    named = {mark.entity for example in corpus.examples() for mark in example.annotations}

    assert len(corpus.ENTITIES) == 12
    assert named == corpus.ENTITIES


def test_no_bracket_is_left_over_from_a_broken_annotation() -> None:
    both = [*corpus.examples(), *corpus.examples(tests=True)]

    assert [example.raw for example in both if re.search(r"[\[\]{}]", example.plain)] == []


def test_written_values_are_normalised() -> None:
    marks = [mark for example in corpus.examples() for mark in example.annotations if mark.value is not None]

    assert marks
    for mark in marks:
        if mark.entity in {"dinero", "cuotas", "cuenta", "radicado"}:
            assert re.fullmatch(r"[1-9]\d*", mark.value or ""), mark
        if mark.entity == "servicio":
            assert mark.value in {"agua", "alcantarillado", "aseo", "energia", "gas"}, mark


def test_a_radicado_has_fourteen_digits_and_an_account_never_has() -> None:
    for example in corpus.examples():
        for mark in example.annotations:
            digits = re.sub(r"\D", "", mark.text)
            if mark.entity == "radicado":
                assert len(digits) == 14, example.raw
            if mark.entity == "cuenta":
                assert 5 <= len(digits) <= 12, example.raw
