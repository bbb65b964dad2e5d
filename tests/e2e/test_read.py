"""Scripts are read strictly."""

import pytest

from bot.e2e.model import SlotExpected
from bot.e2e.read import BadScript, read_cases
from tests.support.rows import every_row

GOOD = """
fixtures:
  - con_cuenta:
      - cuenta: "1203456"
      - mocked_datetime: "2026-03-18T10:30"
  - acepto:
      - acepta_datos: true
metadata:
  - celular: {dispositivo: celular}
stub_custom_actions:
  action_buscar_cuenta:
    events: [{event: slot, name: cuenta_ok, value: true}]
    responses: [{text: listo}]
  otra::action_buscar_cuenta:
    events: []
test_cases:
  - test_case: radicar una queja
    fixtures: [con_cuenta, acepto]
    metadata: celular
    steps:
      - user: quiero poner una queja
        metadata: celular
        assertion_order_enabled: true
        assertions:
          - flow_started: radicar_queja
          - flow_started: {operator: any, flow_ids: [radicar_queja, radicar_reclamo]}
          - slot_was_set: [{name: tipo, value: queja}]
          - bot_uttered: {utter_name: radicar_pqr.pide_relato, text_matches: "(?i)cuéntenos", buttons: [{title: "Sí"}]}
          - bot_did_not_utter: {utter_name: patron.no_entiende}
      - utter: radicar_pqr.pide_relato
      - bot: Cuéntenos qué pasó.
      - slot_was_set:
          - tipo: queja
          - servicio
      - slot_was_not_set: [relato]
      - user: "4.2052, -75.3101"
        x-kind: location
      - user: foto.jpg
        x-kind: media
      - user: "Sí"
        x-kind: button
  - test_case: otra
    steps:
      - user: hola
"""


def written(tmp_path, text, name="casos.yml"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def said(tmp_path, text):
    with pytest.raises(BadScript) as caught:
        read_cases([written(tmp_path, text)])
    return caught.value.problems


def test_a_whole_script_is_read(tmp_path):
    first, other = read_cases([written(tmp_path, GOOD)])
    assert (first.name, first.line) == ("radicar una queja", 17)
    assert first.slots == {"cuenta": "1203456", "acepta_datos": True}
    assert first.now is not None
    assert first.now.isoformat() == "2026-03-18T10:30:00-05:00"
    assert first.metadata == {"dispositivo": "celular"}
    assert first.stubs["action_buscar_cuenta"].responses == ({"text": "listo"},)
    assert other.stubs["action_buscar_cuenta"].responses == ()
    turn = first.turns[0]
    assert [assertion.kind for assertion in turn.assertions] == [
        "flow_started", "flow_started", "slot_was_set", "bot_uttered", "bot_did_not_utter",
    ]  # fmt: skip
    assert turn.assertions[1].any_of
    assert turn.ordered
    assert turn.metadata == {"dispositivo": "celular"}
    assert [expected.kind for expected in turn.expected] == ["utter", "bot", "slot_was_set", "slot_was_not_set"]
    assert turn.expected[2].slots == (SlotExpected("tipo", "queja", has_value=True), SlotExpected("servicio"))
    assert [turn.kind for turn in first.turns] == ["text", "location", "media", "button"]


def test_folders_files_and_single_cases_can_be_named(tmp_path):
    written(tmp_path, GOOD, "a.yml")
    written(tmp_path, GOOD, "b.yaml")
    assert len(read_cases([str(tmp_path)])) == 4
    assert [case.name for case in read_cases([f"{tmp_path}/a.yml::otra"])] == ["otra"]
    with pytest.raises(BadScript, match="no case is called 'nada'"):
        read_cases([f"{tmp_path}/a.yml::nada"])
    with pytest.raises(BadScript, match="no such file"):
        read_cases([f"{tmp_path}/nada.yml"])


CASE = "test_cases:\n  - test_case: uno\n    steps:\n"


@every_row(
    ("text", "line", "words"),
    [
        ("casos: []\n", 1, "unknown key"),
        ("version: '1'\n", 1, "has no test_cases"),
        ("test_cases: 7\n", 1, "expected a list"),
        ("test_cases:\n  - steps: []\n", 2, "needs test_case"),
        ("test_cases:\n  - test_case: uno\n", 2, "has no steps"),
        ("test_cases:\n  - test_case: uno\n    steps: []\n", 3, "no message of the person"),
        ("test_cases:\n  - test_case: uno\n    fixture: [a]\n    steps: [user: a]\n", 3, "unknown key"),
        ("test_cases:\n  - test_case: uno\n    fixtures: [a]\n    steps: [user: a]\n", 3, "no fixture is called 'a'"),
        ("test_cases:\n  - test_case: uno\n    metadata: m\n    steps: [user: a]\n", 3, "no metadata is called"),
        (CASE + "      - utter: x\n", 4, "before the first message"),
        (CASE + "      - user: a\n      - uter: x\n", 5, "exactly one of: user, x-burst, x-wait, utter"),
        (CASE + "      - x-wait: pronto\n", 4, "'pronto' is not a time"),
        (CASE + "      - x-wait: 5m\n        metadata: m\n", 5, "unknown key"),
        (CASE + "      - x-burst: [hola]\n", 4, "two or more texts"),
        (CASE + "      - x-burst: [hola, 7]\n", 4, "two or more texts"),
        (CASE + "      - user: a\n        utter: x\n", 4, "exactly one of"),
        (CASE + "      - user: 7\n", 4, "write it in quotes"),
        (CASE + "      - user: a\n        x-kind: voz\n", 5, "'voz' is not one of text, button"),
        (CASE + "      - user: parque\n        x-kind: location\n", 4, "is not a point"),
        (CASE + "      - user: a\n        metadata: m\n", 5, "no metadata is called 'm'"),
        (CASE + "      - user: a\n        assertions:\n          - flow_startd: x\n", 6, "unknown assertion"),
        (CASE + "      - user: a\n        assertions:\n          - flow_started: x\n            bot_uttered: {}\n", 6, "one of"),
        (
            CASE + "      - user: a\n        assertions:\n          - generative_response_is_relevant: {threshold: 1}\n",
            6,
            "language model",
        ),
        (CASE + "      - user: a\n        assertions:\n          - bot_uttered: {text_matches: '('}\n", 6, "regular"),
        (CASE + "      - user: a\n        assertions:\n          - bot_uttered: {}\n", 6, "needs one of"),
        (CASE + "      - user: a\n        assertions:\n          - flow_completed: {flow: x}\n", 6, "needs flow_id"),
        (CASE + "      - user: a\n        assertions:\n          - flow_started: {operator: o, flow_ids: [x]}\n", 6, "all"),
        (CASE + "      - user: a\n        assertions:\n          - action_executed: []\n", 6, "expected a name"),
        (CASE + "      - user: a\n      - slot_was_set: [7]\n", 5, "expected a slot"),
        (CASE + "      - user: a\n      - bot: [a]\n", 5, "expected text"),
        (CASE + "      - user: a\n  - test_case: uno\n    steps: [user: a]\n", 5, "another case is called 'uno'"),
        ("fixtures: [{a: [{mocked_datetime: ayer}]}]\ntest_cases:\n  - test_case: x\n    fixtures: [a]\n    steps: [user: a]\n",
         4, "'ayer' is not a moment"),
        ("test_cases:\n  - test_case: uno\n    x-errand: f\n    steps: [user: a]\n", 2, "x-errand and x-shows go together"),
        ("test_cases:\n  - test_case: uno\n    x-errand: f\n    x-shows: alegre\n    steps: [user: a]\n", 4,
         "'alegre' is not one of feliz, digresion"),
        ("test_cases:\n  - test_case: uno\n    x-errand: [f]\n    x-shows: feliz\n    steps: [user: a]\n", 3, "id of a flow"),
        ("stub_custom_actions: {a: {event: []}}\n" + CASE + "      - user: a\n", 1, "unknown key"),
        ("test_cases: [\n", 2, "not valid YAML"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_script_is_told_with_its_line(tmp_path, text, line, words):
    problems = said(tmp_path, text)
    assert any(f"casos.yml:{line}: " in problem and words in problem for problem in problems), problems


def test_a_case_may_say_what_it_shows_of_which_errand(tmp_path):
    cases = "    steps: [user: a]\n  - test_case: dos\n    x-errand: f\n    x-shows: [digresion, rechazo]\n    steps: [user: a]\n"
    text = "test_cases:\n  - test_case: uno\n    x-errand: f\n    x-shows: feliz\n" + cases
    one, two = read_cases([written(tmp_path, text)])
    assert (one.errand, one.shows, two.shows) == ("f", ("feliz",), ("digresion", "rechazo"))


def test_all_mistakes_of_all_files_are_told_at_once(tmp_path):
    bad = CASE + "      - user: a\n        x-kind: voz\n      - uter: x\n"
    written(tmp_path, bad, "a.yml")
    written(tmp_path, bad, "b.yml")
    with pytest.raises(BadScript) as caught:
        read_cases([str(tmp_path)])
    assert len(caught.value.problems) == 4


def test_time_that_passes_and_messages_in_one_breath_are_turns(tmp_path):
    text = CASE + "      - user: a\n      - x-wait: 3d\n      - utter: x\n      - x-burst: [b, c]\n      - utter: y\n"
    (case,) = read_cases([written(tmp_path, text)])
    said, wait, burst = case.turns
    assert (said.kind, wait.kind, burst.kind) == ("text", "wait", "burst")
    assert wait.seconds == 3 * 24 * 3600
    assert burst.texts == ("b", "c")
    assert [expected.text for turn in (wait, burst) for expected in turn.expected] == ["x", "y"]
