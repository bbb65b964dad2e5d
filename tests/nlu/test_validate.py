"""What language data cannot teach is told before anything is trained."""

from __future__ import annotations

import pytest

from bot.kernel.errors import DialogsError
from bot.nlu.data import Annotation, Example, NluData
from bot.nlu.validate import check_examples, check_names, find_leaks, read_valid
from dialogs.engine.flow import Place


def data(said, *, file="a.yml"):
    """Language data of {intent: [sentences]}, each on a line of its own."""
    pairs = [(intent, text) for intent, texts in said.items() for text in texts]
    return NluData(tuple(Example(intent, text, (), Place(file, line)) for line, (intent, text) in enumerate(pairs, 1)))


def test_one_sentence_in_two_intents_is_an_error():
    found = check_examples(data({"a": ["Hola!", "x"], "b": ["hóla", "y"]}))
    assert [(issue.severity, issue.line) for issue in found] == [("error", 3)]
    assert "also an example of a (a.yml:1)" in str(found[0])


def test_one_sentence_twice_in_an_intent_is_a_warning():
    found = check_examples(data({"a": ["q paso con la luz", "que pasó con la luz", "x"], "b": ["y", "z"]}))
    assert [(issue.severity, issue.line) for issue in found] == [("warning", 2)]


def test_an_intent_of_one_example_is_an_error():
    found = check_examples(data({"a": ["solo"], "b": ["y", "z"]}))
    assert ["only 1 example" in str(issue) for issue in found] == [True]


def test_a_held_out_sentence_that_is_trained_on_is_told():
    leaks = find_leaks(data({"a": ["Hola", "x"]}), data({"a": ["hola!", "otra"]}, file="tests/b.yml"))
    assert [(issue.file, issue.line) for issue in leaks] == [("tests/b.yml", 1)]


def test_names_that_the_domain_lacks_are_errors():
    marked = Example("b", "luz", (Annotation("cosa", 0, 3, "luz"),), Place("a.yml", 9))
    examples = NluData((*data({"a": ["x"]}).examples, marked))
    found = check_names(examples, intents=frozenset({"a"}), entities=frozenset({"servicio"}))
    assert [issue.line for issue in found] == [9, 9]


def test_data_with_errors_are_not_trained_on(tmp_path):
    (tmp_path / "a.yml").write_text("nlu:\n  - intent: x\n    examples: |\n      - solo\n", encoding="utf-8")
    with pytest.raises(DialogsError, match=r"a\.yml:4"):
        read_valid(tmp_path)
