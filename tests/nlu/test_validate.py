"""What language data cannot teach is told before anything is trained."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from bot.cli import build
from bot.kernel.errors import DialogsError, Unreadable
from bot.nlu.data import Annotation, Example, NluData
from bot.nlu.evaluation import held_out_sentences
from bot.nlu.likeness import Likeness
from bot.nlu.validate import (
    check_balance,
    check_everything,
    check_examples,
    check_likeness,
    check_registry,
    find_leaks,
    read_valid,
    thin_intents,
)
from dialogs.engine.flow import Place


def data(said, *, file="a.yml"):
    """Language data of {intent: [sentences]}, each on a line of its own."""
    pairs = [(intent, text) for intent, texts in said.items() for text in texts]
    return NluData(tuple(Example(intent, text, (), Place(file, line)) for line, (intent, text) in enumerate(pairs, 1)))


def test_one_sentence_in_two_intents_is_an_error():
    found = check_examples(data({"a": ["Hola!", "x"], "b": ["hóla", "y"]}), is_strict=True)
    assert [(issue.severity, issue.line) for issue in found] == [("error", 3)]
    assert "also an example of a (a.yml:1)" in str(found[0])


def test_one_sentence_twice_in_an_intent_is_a_warning():
    found = check_examples(
        data({"a": ["q paso con la luz", "que pasó con la luz", "x"], "b": ["y", "z"]}), is_strict=True
    )
    assert [(issue.severity, issue.line) for issue in found] == [("warning", 2)]


def test_an_intent_of_one_example_is_an_error():
    found = check_examples(data({"a": ["solo"], "b": ["y", "z"]}), is_strict=True)
    assert ["only 1 example" in str(issue) for issue in found] == [True]


LONG = "desde anoche estamos sin agua en toda la cuadra"


@pytest.mark.parametrize(
    "other",
    [
        "desde anoche estamos sin agua en toda la cuadraa",
        "DESDE ANOCHE, estamos sin agua en todas la cuadra!",
        "en toda la cuadra estamos sin agua desde anoche",
        "dsd anoche estamos sin agua en toda la cuadra pues",
    ],
)
def test_sentences_are_nearly_the_same_in_another_order_or_a_few_letters_away(other):
    assert list(Likeness(["no tiene nada que ver con esto", LONG]).find(other)) == [1]
    assert list(Likeness([other, LONG]).pairs()) == [(0, 1)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (LONG, "desde ayer tenemos agua en media cuadra"),
        (LONG, "estamos sin gas desde anoche en toda la vereda"),
        ("pagar", "pagaré"),
        ("", ""),
    ],
)
def test_sentences_that_say_something_else_are_not(one, other):
    assert list(Likeness([one]).find(other)) == []


def test_the_likeness_of_many_sentences_grows_with_their_number_and_not_with_its_square():
    """Counts the comparisons: of 3,000 sentences of chance each meets a few, not all."""
    import random

    from bot.nlu import likeness

    chance = random.Random(7)
    words = ["".join(chance.choices("abcdefghijklmnop", k=6)) for _ in range(2_000)]
    said = [" ".join(chance.choices(words, k=8)) for _ in range(3_000)]
    met = 0
    real = likeness._is_alike

    def counted(left, right):
        nonlocal met
        met += 1
        return real(left, right)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(likeness, "_is_alike", counted)
        assert list(Likeness([*said, said[5] + " x"]).pairs()) == [(5, 3_000)]
    assert met < len(said) ** 2 / 2 / 10


def test_an_example_that_is_nearly_another_of_its_intent_is_told_once():
    copies = [LONG, LONG + " pues", "x", LONG + " si"]
    found = check_likeness(data({"a": copies, "b": [LONG + " no", "y"]}))
    assert [(issue.severity, issue.line) for issue in found] == [("warning", 2), ("warning", 4)]


def test_held_out_sentences_that_are_trained_on_are_told_where_the_example_stands():
    held_out = data({"a": ["hola!", LONG + "s", "otra"]}, file="tests/b.yml")
    leaks = find_leaks(data({"a": ["Hola", LONG]}), held_out)
    assert [(issue.file, issue.line) for issue in leaks] == [("a.yml", 1), ("a.yml", 2)]
    assert "is a held-out sentence (tests/b.yml:1)" in str(leaks[0])
    assert "is nearly a held-out sentence (tests/b.yml:2)" in str(leaks[1])


def test_an_intent_far_from_the_middle_is_told_but_not_what_is_out_of_scope():
    def said(count):
        return [f"{chr(97 + place)}" for place in range(count)]

    found = check_balance(data({"a": said(6), "b": said(6), "c": said(1), "d": said(31), "fuera_de_alcance": said(99)}))
    assert [issue.where for issue in found] == ["intent c", "intent d"]
    assert check_balance(data({"a": said(6), "b": said(30), "c": said(2), "d": said(6)})) == []


def test_few_sentences_or_few_lives_are_thin():
    lives = [Example("rich", f"{n}", (), Place("a.yml", n), f"life{n % 12}") for n in range(150)]
    alone = [Example("alone", f"{n}", (), Place("a.yml", n), "life") for n in range(150)]
    few = [Example("few", f"{n}", (), Place("a.yml", n), f"life{n}") for n in range(20)]
    found = thin_intents(NluData((*lives, *alone, *few)))
    assert [(one.intent, one.examples, one.authors) for one in found] == [("few", 20, 20), ("alone", 150, 1)]


REGISTRY = "intents:\n  a: {}\n  vacio: {}\nentidades:\n  servicio: {}\n  fecha: {}\n"


def test_names_are_compared_with_the_registry(tmp_path):
    (tmp_path / "registro.yml").write_text(REGISTRY, encoding="utf-8")
    marks = (Annotation("cosa", 0, 3, "luz"), Annotation("servicio", 0, 3, "luz"))
    marked = Example("b", "luz", marks, Place("a.yml", 9))
    found = check_registry(tmp_path, NluData((*data({"a": ["x"]}).examples, marked)))
    told = [(issue.severity, issue.where, issue.line) for issue in found]
    assert told == [
        ("error", "intent b", 9),
        ("warning", "intent vacio", 3),
        ("error", "entity cosa", 9),
        ("warning", "entity fecha", 6),
    ]


def test_an_assistant_without_a_registry_names_what_it_likes(tmp_path):
    assert check_registry(tmp_path, data({"a": ["x"]})) == []


def written(folder, name, *said):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = "".join(f"      - {one}\n" for one in said)
    path.write_text(f"nlu:\n  - intent: a\n    examples: |\n{lines}", encoding="utf-8")


def test_everything_is_checked_at_once_and_the_closing_set_is_not_shown(tmp_path):
    written(tmp_path, "vidas/ana.yml", "hola", LONG, "secreto de todos", "Hola!")
    written(tmp_path, "tests/desarrollo/beto.yml", "hola", "buenas")
    written(tmp_path, "tests/final/caro.yml", LONG + "s", "nadie ha visto esto")
    found, issues = check_everything(tmp_path)
    assert {example.author for example in found.examples} == {"ana"}
    told = [(issue.line, issue.what) for issue in issues]
    assert [line for line, _ in told] == [4, 5, 7, 7]
    assert not any("cuadras" in what or "nadie" in what for _, what in told)


def test_a_project_whose_tests_are_conversations_has_no_held_out_sentences(tmp_path):
    written(tmp_path, "nlu.yml", "hola", "buenas")
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_stories.yml").write_text("stories:\n- story: x\n  steps: []\n", encoding="utf-8")
    assert check_everything(tmp_path)[1] == []
    with pytest.raises(Unreadable, match="holds no held-out sentences"):
        held_out_sentences(tmp_path)


def test_the_check_of_the_terminal_trains_nothing_and_fails_on_errors(tmp_path):
    def run(*words):
        return CliRunner().invoke(build(), ["train", "--data", str(tmp_path), "--check", *words])

    written(tmp_path, "a.yml", "hola", "buenas")
    assert "0 errors, 0 warnings in 2 examples of 1 intents" in run().output
    written(tmp_path, "b.yml", LONG, LONG + " pues")
    document = json.loads(run("--json").output)
    assert (document["ok"], document["warnings"]) == (True, 1)
    assert document["thin"] == [{"intent": "a", "examples": 4, "authors": 0}]
    (tmp_path / "c.yml").write_text("nlu:\n  - intent: z\n    examples: |\n      - hola\n", encoding="utf-8")
    assert run().exit_code == 0
    (tmp_path / "registro.yml").write_text("intents: {a: {}, z: {}}\n", encoding="utf-8")
    failed = run()
    assert failed.exit_code == 1
    assert "also an example of a" in " ".join(failed.output.split())


def test_other_peoples_data_are_learnt_as_they_are():
    found = check_examples(data({"a": ["Hola!", "x"], "b": ["hóla", "y"], "c": ["solo"]}), is_strict=False)
    assert [issue.severity for issue in found] == ["warning", "warning"]


def test_registered_data_with_errors_are_not_trained_on(tmp_path):
    (tmp_path / "registro.yml").write_text("intents:\n  x: {}\n", encoding="utf-8")
    (tmp_path / "a.yml").write_text("nlu:\n  - intent: x\n    examples: |\n      - solo\n", encoding="utf-8")
    with pytest.raises(DialogsError, match=r"a\.yml:4"):
        read_valid(tmp_path)
