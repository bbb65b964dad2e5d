"""Language data in Rasa's format are read strictly, with file and line."""

from __future__ import annotations

import pytest

from bot.kernel.errors import DialogsError
from bot.nlu.data import files_of, read_data, read_with_issues, sets_of
from tests.support.rows import every_row

GOOD = """
version: "3.1"
nlu:
  - intent: saludar
    examples: |
      - hola
      - buenas [tardes](momento)
  - intent: reportar
    examples:
      - 'no hay [luz]{"entity": "servicio", "value": "energia"}'
      - text: se fue el [agua](servicio)
        metadata: {autor: rural}
  - synonym: energia
    examples: |
      - La Luz
      - corriente
  - lookup: sector
    examples: |
      - La Esperanza
  - regex: cuenta
    examples: |
      - \\d{5,12}
"""


def write(folder, text, name="a.yml"):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_everything_of_the_format_is_read(tmp_path):
    write(tmp_path, GOOD)
    data = read_data(tmp_path)
    assert data.intents == ("reportar", "saludar")
    assert [example.text for example in data.examples][:3] == ["hola", "buenas tardes", "no hay luz"]
    mark = data.examples[2].annotations[0]
    assert (mark.entity, mark.value, data.examples[2].text[mark.start : mark.end]) == ("servicio", "energia", "luz")
    assert data.synonym_of == {"la luz": "energia", "corriente": "energia"}
    assert data.lookups == {"sector": ("La Esperanza",)}
    assert data.regexes == {"cuenta": (r"\d{5,12}",)}
    assert len(data.sha256) == 64


def test_examples_know_their_file_and_line(tmp_path):
    write(tmp_path, GOOD)
    places = {example.text: example.place.line for example in read_data(tmp_path).examples}
    assert places == {"hola": 6, "buenas tardes": 7, "no hay luz": 10, "se fue el agua": 11}


def test_tests_are_held_out(tmp_path):
    write(tmp_path, GOOD)
    write(tmp_path, GOOD, "es/tests/b.yml")
    assert [path.name for path in files_of(tmp_path)] == ["a.yml"]
    assert [path.name for path in files_of(tmp_path, tests=True)] == ["b.yml"]


def test_the_closing_set_is_read_only_by_its_name(tmp_path):
    for name in ("a.yml", "es/tests/old.yml", "es/tests/desarrollo/b.yml", "es/tests/final/c.yml"):
        write(tmp_path, GOOD, name)

    def names(source, **chosen):
        return [path.name for path in files_of(source, **chosen)]

    assert names(tmp_path) == ["a.yml"]
    assert names(tmp_path, tests=True) == ["b.yml", "old.yml"]
    assert names(tmp_path, held_out="desarrollo") == ["b.yml"]
    assert names(tmp_path, held_out="final") == ["c.yml"]
    assert names(tmp_path / "es" / "tests") == ["b.yml", "old.yml"]
    assert names(tmp_path / "es" / "tests" / "final") == ["c.yml"]
    assert sets_of(tmp_path) == ("desarrollo", "final")


def test_an_example_knows_the_life_that_wrote_it(tmp_path):
    said = """
nlu:
  - intent: saludar
    metadata: {author: intento}
    examples:
      - hola
      - text: buenas
        metadata: {author: pescador}
      - text: |
          - quiubo
        metadata: a remark
  - intent: reportar
    examples: |
      - no hay luz
"""
    write(tmp_path, said, "vidas/tendera.yml")
    write(tmp_path, said.replace("hola", "holi"), "sueltas.yml")
    authors = {(example.text, example.author) for example in read_data(tmp_path).examples}
    assert authors == {
        ("hola", "intento"), ("holi", "intento"), ("buenas", "pescador"), ("quiubo", "intento"),
        ("no hay luz", "tendera"), ("no hay luz", ""),
    }  # fmt: skip


def test_every_way_of_writing_a_mark_is_read(tmp_path):
    write(
        tmp_path,
        """
nlu:
  - intent: viajar
    examples: |
      - a [la capital](city:Bogotá)
      - a [Neiva]{"entity": "city", "role": "to"}
      - el [lunes][{"entity": "day", "value": "monday"}, {"entity": "start"}]
""",
    )
    marks = [[(mark.entity, mark.text, mark.value) for mark in e.annotations] for e in read_data(tmp_path).examples]
    assert marks == [
        [("city", "la capital", "Bogotá")],
        [("city", "Neiva", None)],
        [("day", "lunes", "monday"), ("start", "lunes", None)],
    ]


def test_files_without_language_are_left_alone(tmp_path):
    write(tmp_path, GOOD)
    write(tmp_path, "intents:\n  saludar: {grupo: x}\n", "registro.yml")
    assert len(read_data(tmp_path).examples) == 4


@every_row(
    ("entry", "line", "words"),
    [
        ("  - intent: x\n    examples: |\n      hola\n      - buenas\n      - hey\n", 6, "not an example"),
        ("  - intent: x\n    examples: |\n      - no hay [luz](servicio\n      - b\n      - c\n", 6, "not closed"),
        (
            "  - intent: x\n    examples: |\n      - no hay [luz](a b)\n      - b\n      - c\n",
            6,
            "not the name of an entity",
        ),
        ("  - intent: x\n    examples: |\n      - hay [luz]{'entity': 'a'}\n      - b\n      - c\n", 6, "not JSON"),
        ('  - intent: x\n    examples: |\n      - hay [luz]{"value": "a"}\n      - b\n      - c\n', 6, "entity"),
        ("  - intent: x\n    examples:\n      - text: a\n      - metadata: {author: b}\n", 7, "must be a text"),
        ("  - intent: x\n    exmples: |\n      - a\n", 5, "exmples"),
        ("  - intent: x\n    synonym: y\n    examples: |\n      - a\n", 4, "exactly one"),
        ("  - regex: x\n    examples: |\n      - (\n", 6, "regular expression"),
        ("  - intent: x\n    examples: 7\n", 5, "not an example"),
    ],
)
def test_each_mistake_is_told_with_its_line(tmp_path, entry, line, words):
    path = write(tmp_path, 'version: "3.1"\n\nnlu:\n' + entry)
    _, issues = read_with_issues(tmp_path)
    told = [str(issue) for issue in issues]
    assert any(one.startswith(f"{path}:{line}") and words in one for one in told), told
    with pytest.raises(DialogsError, match=r"a\.yml"):
        read_data(tmp_path)


def test_several_mistakes_are_told_at_once(tmp_path):
    write(tmp_path, "nlu:\n  - intent: x\n    examples: |\n      - [a](b\n      - [c](d\n  - nada: y\n")
    _, issues = read_with_issues(tmp_path)
    assert len([issue for issue in issues if issue.severity == "error"]) >= 3


def test_broken_yaml_and_empty_folders_are_errors(tmp_path):
    write(tmp_path, "nlu: [\n")
    with pytest.raises(DialogsError, match="YAML"):
        read_data(tmp_path)
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(DialogsError, match="no intent"):
        read_data(empty)
