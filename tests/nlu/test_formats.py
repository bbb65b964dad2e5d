"""One test for each row of docs/formats.md about language data."""

from __future__ import annotations

from bot.nlu.data import read_with_issues
from tests.engine.test_formats import DOCS, ROW
from tests.support.rows import every_row

ROWS = {key: verdict for key, verdict in ROW.findall(DOCS.read_text(encoding="utf-8")) if key.startswith("nlu.")}
BLOCK = "nlu:\n  - intent: a\n    examples: |\n      - hola\n"
LIST = "nlu:\n  - intent: a\n    examples:\n      - {entry}\n"


def first(data):
    return data.examples[0]


def marks(data):
    return [(mark.entity, mark.value) for mark in first(data).annotations]


#: Row → (file, what must be true of it when it is read).
SUPPORTED = {
    "nlu.version": ('version: "3.1"\n' + BLOCK, lambda data: data.intents == ("a",)),
    "nlu.intent": (BLOCK.replace("intent: a", "intent: faq/horario"), lambda data: data.intents == ("faq/horario",)),
    "nlu.intent.metadata": (
        BLOCK.replace("    examples", "    metadata: {author: ana, mood: calm}\n    examples"),
        lambda data: first(data).author == "ana",
    ),
    "nlu.examples": (LIST.format(entry="hola"), lambda data: first(data).text == "hola"),
    "nlu.examples.text": (LIST.format(entry="text: hola"), lambda data: first(data).text == "hola"),
    "nlu.examples.metadata": (
        LIST.format(entry="{text: hola, metadata: {author: beto}}"),
        lambda data: first(data).author == "beto",
    ),
    "nlu.mark": (
        BLOCK.replace("hola", 'el [5](x) [6](x:seis) [7]{"entity": "x", "value": "siete"} [8][{"entity": "y"}]'),
        lambda data: marks(data) == [("x", None), ("x", "seis"), ("x", "siete"), ("y", None)],
    ),
    "nlu.synonym": (
        BLOCK + "  - synonym: luz\n    examples: |\n      - La corriente\n",
        lambda data: data.synonym_of == {"la corriente": "luz"},
    ),
    "nlu.lookup": (
        BLOCK + "  - lookup: sector\n    examples: |\n      - La Paz\n",
        lambda data: data.lookups == {"sector": ("La Paz",)},
    ),
    "nlu.regex": (
        BLOCK + "  - regex: cuenta\n    examples: |\n      - '[0-9]+'\n",
        lambda data: data.regexes == {"cuenta": ("'[0-9]+'",)},
    ),
}
IGNORED = "stories rules responses intents entities slots forms actions session_config e2e_actions".split()


def read(tmp_path, text):
    (tmp_path / "a.yml").write_text(text, encoding="utf-8")
    return read_with_issues(tmp_path)


@every_row("row", SUPPORTED)
def test_a_supported_key_is_read_and_nothing_complains(tmp_path, row):
    text, is_true = SUPPORTED[row]
    data, issues = read(tmp_path, text)
    assert issues == []
    assert is_true(data)


@every_row("key", IGNORED)
def test_an_ignored_key_warns_at_its_line(tmp_path, key):
    data, issues = read(tmp_path, f"{BLOCK}{key}: []\n")
    assert [(issue.severity, issue.line) for issue in issues] == [("warning", 5)]
    assert f"«{key}" in issues[0].what
    assert data.intents == ("a",)
    told = next(line for line in DOCS.read_text(encoding="utf-8").splitlines() if line.startswith("| `nlu.stories`"))
    assert key in told


def test_a_key_that_is_in_no_table_is_refused_with_what_was_meant(tmp_path):
    _, issues = read(tmp_path, BLOCK.replace("examples", "exampels"))
    assert "error" in {issue.severity for issue in issues}
    assert any("examples" in str(issue) for issue in issues)


def test_every_row_of_the_table_has_a_test_and_every_test_a_row():
    assert {key for key, verdict in ROWS.items() if verdict == "supported"} == set(SUPPORTED)
    assert {key for key, verdict in ROWS.items() if verdict == "ignored"} == {"nlu.stories"}
