"""Files that are broken or wrong: an issue with its place and remedy, never a crash."""

from __future__ import annotations

from pathlib import Path

import pytest

from dialogs.engine.load import LoadErrors, load, load_with_issues
from tests.engine.support import errors, write
from tests.support.rows import every_row

DOMAIN_FAULTS = {
    "slots: {s: {type: texto}}": "the type «texto» is unknown. Choose one of: text",
    "slots: {s: {type: categorical}}": "a categorical slot needs its values",
    "slots: {s: {type: float, initial_value: x}}": "the initial value does not fit: a number is expected",
    "slots: {s: {type: text, mappings: [{type: from_nada}]}}": "the mapping «from_nada» is unknown",
    "slots: {s: {type: text, mappings: [{type: from_entity}]}}": "«entity» is missing",
    "slots: {s: {type: text, mappings: [{type: from_intent}]}}": "from_intent needs «intent» and «value»",
    "slots: {s: {type: text, mappings: [{type: from_entity, entity: e}]}}": "the entity «e» does not exist",
    "slots: {s: {type: text, mappings: [{type: from_text, intent: i}]}}": "the intent «i» does not exist",
    "slots: {s: {type: text, mappings: [{type: from_text, conditions: [{active_flow: f}]}]}}": "the flow «f» does not exist",
    "slots: {s: {type: text, validation: {rejections: [{if: slots.x = 1, utter: r.x}]}}}": "the response «r.x» does not exist",
    "slots: {s: {type: text, validation: {rejections: [{if: nada, utter: r.x}]}}}": "«nada» is unknown",
    "slots: [a]": "«slots» must hold names with their contents",
    "intents: {a: b}": "«intents» must be a list",
    "intents: [[a]]": "a name is expected here",
    'version: "9"': "version 9 is not known",
    "session_config: {session_expiration_time: nunca}": "«session_expiration_time» must be a number",
    "x-words: {cancelar: ya}": "a list is expected here",
    "responses: {r.x: hola}": "a list is expected here",
    "responses: {r.x: []}": "it has no wording",
    "responses: {r.x: [{image: ''}]}": "there is nothing to say",
    "responses: {r.x: [{text: a, x-ask: foto}]}": "«foto» cannot be asked natively",
    "responses: {r.x: [{text: a, condition: [{type: intent, name: x}]}]}": "only conditions on slots exist",
    "responses: {r.x: [{text: a, buttons: [{payload: x}]}]}": "«title» is missing",
    "nada: 1": "the key «nada» is unknown. Known here:",
}


@every_row("domain", sorted(DOMAIN_FAULTS))
def test_a_fault_of_the_domain_is_found_and_named(domain: str, tmp_path: Path) -> None:
    found = errors(write(tmp_path, domain=domain))

    assert any(DOMAIN_FAULTS[domain] in each for each in found), found


def test_a_slot_that_is_defined_twice_is_refused(tmp_path: Path) -> None:
    write(tmp_path, domain="slots: {s: {type: text}}")
    (tmp_path / "domain" / "e.yml").write_text("slots: {s: {type: text}}", encoding="utf-8")

    assert any("it is defined twice, first at" in each for each in errors(tmp_path))


def test_a_flow_that_is_defined_twice_is_refused(tmp_path: Path) -> None:
    flow = "flows: {f: {description: x, if: false, steps: [{id: a, action: f.di}]}}"
    write(tmp_path, flows=flow, responses="responses: {f.di: [{text: Hola.}]}")
    (tmp_path / "flows" / "g.yml").write_text(flow, encoding="utf-8")

    assert any("it is defined twice, first at" in each for each in errors(tmp_path))


BROKEN = {
    "tabs": ("flows:\n\tf: x\n", "it is not YAML"),
    "an open quote": ('flows: "x\n', "it is not YAML"),
    "a list for a mapping": ("- a\n- b\n", "keys with values are expected here"),
    "a repeated key": ("flows: {}\nflows: {}\n", "the key «flows» is written twice"),
    "ten thousand deep": ("[" * 10_000, "it is nested too deep"),
    "a flow that is a text": ("flows: {f: hola}\n", "keys with values are expected here"),
    "steps that are a text": ("flows: {f: {description: x, steps: hola}}\n", "«steps» must be a list"),
    "no steps": ("flows: {f: {description: x}}\n", "it has no steps"),
    "a bomb of aliases": (
        "a: &a [x,x,x,x,x,x,x,x,x]\n"
        + "".join(f"{chr(98 + n)}: &{chr(98 + n)} [{','.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(8)),
        "holds more than",
    ),
}


@every_row("fault", sorted(BROKEN))
def test_a_broken_file_is_an_issue_and_never_a_crash(fault: str, tmp_path: Path) -> None:
    text, expected = BROKEN[fault]
    path = tmp_path / "flows" / "f.yml"
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")

    _, issues = load_with_issues(tmp_path)

    assert any(expected in str(issue) or ("YAML" in str(issue) and "deep" in expected) for issue in issues), issues


def test_a_file_that_is_not_utf8_is_an_issue(tmp_path: Path) -> None:
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows" / "f.yml").write_bytes(b"flows: \xff\xfe\n")

    _, issues = load_with_issues(tmp_path)

    assert "it is not UTF-8 text" in str(issues[0])


def test_a_folder_that_is_not_there_is_an_issue(tmp_path: Path) -> None:
    dialogs, issues = load_with_issues(tmp_path / "nada")

    assert dialogs is None
    assert "there is no such folder" in str(issues[0])


def test_loading_with_errors_raises_them_all(tmp_path: Path) -> None:
    write(tmp_path, flows="flows: {f: {description: x, steps: [{collect: dato}, {action: f.x}]}}")

    with pytest.raises(LoadErrors) as caught:
        load(tmp_path)

    assert len(str(caught.value).splitlines()) >= 2


def test_no_is_a_text_and_only_false_is_false(tmp_path: Path) -> None:
    write(tmp_path, domain="slots: {s: {type: categorical, values: [si, no, 08, 3:00]}}")

    dialogs, issues = load_with_issues(tmp_path)

    assert dialogs is not None
    assert not [issue for issue in issues if issue.severity == "error"]
    assert dialogs.domain.slots["s"].values == ("si", "no", "8", "3:00")
