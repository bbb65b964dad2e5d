"""What the loader and the inspector find: each mistake with its line and what to do, many at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from dialogs.engine.inspect import inspect
from tests.engine.support import WORLD, errors, found_in, world, write
from tests.support.rows import every_row

DOMAIN = """
intents: [empezar]
entities: [cosa]
actions: [action_x]
slots:
  dato: {type: text}
  numero: {type: float}
  clase: {type: categorical, values: [uno, dos]}
  cierto: {type: bool}
"""
RESPONSES = """
responses:
  pide_dato: [{text: ¿Qué dato?}]
  pide_numero: [{text: ¿Qué número?}]
  pide_clase: [{text: ¿Qué clase?}]
  pide_cierto: [{text: ¿Es cierto?}]
  f.di: [{text: Hola.}]
"""
HEAD = """
flows:
  f:
    name: un trámite
    description: x
    nlu_trigger: [{intent: empezar}]
    steps:
"""


def of_flow(
    tmp_path: Path, steps: str, *, head: str = HEAD, domain: str = DOMAIN, responses: str = RESPONSES
) -> list[str]:
    body = "\n".join(f"      {line}" if line else "" for line in steps.strip("\n").splitlines())
    folder = tmp_path / "d"
    (folder / "flows").mkdir(parents=True)
    (folder / "flows" / "f.yml").write_text(head + body + "\n", encoding="utf-8")
    write(folder, domain=domain, responses=responses)
    return errors(folder)


FAULTS = {
    "an unreachable step": (
        "- {id: a, collect: dato, next: END}\n- {id: b, action: f.di}",
        "step b: no way leads to it",
    ),
    "a branch without else": (
        '- id: a\n  collect: dato\n  next:\n    - {if: slots.dato = "x", then: END}',
        "step a: its conditions have no «else»",
    ),
    "an unknown slot": ("- {id: a, collect: dao}", "the slot «dao» does not exist. Did you mean «dato»?"),
    "an unknown slot in a condition": (
        '- id: a\n  collect: dato\n  next:\n    - {if: slots.dta = "x", then: END}\n    - else: END',
        "the slot «dta» does not exist",
    ),
    "an unknown slot that is set": ("- {id: a, set_slots: [{dta: 1}]}", "the slot «dta» does not exist"),
    "an unknown action": (
        "- {id: a, action: action_y}",
        "the action «action_y» does not exist. Did you mean «action_x»?",
    ),
    "an unknown response": ("- {id: a, action: f.dii}", "the response «f.dii» does not exist"),
    "an unknown response of a rejection": (
        '- id: a\n  collect: dato\n  rejections:\n    - {if: slots.dato = "x", utter: f.no}',
        "the response «f.no» does not exist",
    ),
    "a dead link": ("- {id: a, link: nada}", "links to the flow «nada», which does not exist"),
    "a dead call": ("- {id: a, call: nada}", "calls the flow «nada», which does not exist"),
    "a dead next": (
        "- {id: a, action: f.di, next: zzz}",
        "it goes to the step «zzz», which does not exist. Steps of this flow: a.",
    ),
    "a link to a pattern": ("- {id: a, link: pattern_restart}", "links to the pattern «pattern_restart»"),
    "an endless loop": (
        "- {id: a, action: f.di, next: b}\n- {id: b, set_slots: [{dato: x}], next: a}",
        "turn for ever without asking anything",
    ),
    "a loop around a question that is passed": (
        "- {id: a, collect: dato, next: b}\n- {id: b, action: f.di, next: a}",
        "the steps a → b → a turn for ever",
    ),
    "a flow that calls itself": ("- {id: a, call: f}", "the flows f → f call one another for ever"),
    "a flow that links to itself": ("- {id: a, link: f}", "the flows f → f lead to one another without asking"),
    "a condition that is too long": (
        '- id: a\n  collect: dato\n  next:\n    - if: slots.dato = "'
        + "x" * 60
        + '"\n      then: END\n    - else: END',
        "60 are enough. Make it an action",
    ),
    "too many steps": (
        "\n".join(f"- {{id: s{number}, action: f.di}}" for number in range(26)),
        "it has 26 steps; 25 are the most that people can follow. Move a part",
    ),
    "a comparison of different types": (
        '- id: a\n  collect: numero\n  next:\n    - {if: slots.numero = "x", then: END}\n    - else: END',
        "compares «numero» (float) with 'x', which it never is",
    ),
    "a value that a categorical slot does not have": (
        '- id: a\n  collect: clase\n  next:\n    - {if: slots.clase = "tres", then: END}\n    - else: END',
        "compares «clase» (categorical) with 'tres'",
    ),
    "an order where there is none": (
        "- id: a\n  collect: cierto\n  next:\n    - {if: slots.cierto > 3, then: END}\n    - else: END",
        "orders «cierto», whose type bool has no order",
    ),
    "a value of the wrong type": (
        "- {id: a, set_slots: [{clase: tres}]}",
        "«tres» does not fit the slot «clase»: one of uno, dos",
    ),
    "a rejection that looks elsewhere": (
        '- id: a\n  collect: dato\n  rejections:\n    - {if: slots.clase = "uno", utter: f.di}',
        "the rejection of «dato» looks at clase",
    ),
    "a context in an errand": (
        '- id: a\n  collect: dato\n  next:\n    - {if: context.reason = "x", then: END}\n    - else: END',
        "reads context.reason, which does not exist. Known here: interrupted_name",
    ),
    "a question that nobody wrote": (
        "- {id: a, collect: dato}\n- {id: b, collect: otra}",
        "nothing asks for «otra». Add the response «f.pide_otra».",
    ),
    "a step without id": ("- collect: dato", "a step has no id. Write «id: dato» in it."),
    "a step that does two things": ("- {id: a, collect: dato, action: f.di}", "it does 2 things: collect, action"),
    "a step that does nothing": ("- {id: a}", "it does nothing. Write exactly one of"),
    "two steps of one name": ("- {id: a, collect: dato}\n- {id: a, action: f.di}", "two steps are called «a»"),
    "a noop that does not branch": ("- {id: a, noop: true}", "a noop only branches"),
    "nested steps that lead nowhere": (
        '- id: a\n  collect: dato\n  next:\n    - if: slots.dato = "x"\n      then:\n        - {id: b, action: f.di}\n    - else: END',
        "the last nested step does not say where it goes",
    ),
    "a text where true is expected": (
        "- {id: a, collect: dato, ask_before_filling: si}",
        "«ask_before_filling» must be true or false",
    ),
    "a number that is no count": (
        "- {id: a, collect: dato, x-max-attempts: 0}",
        "must be a whole number of at least 1",
    ),
    "a word where a number is expected": (
        "- {id: a, collect: dato, x-max-attempts: dos}",
        "«x-max-attempts» must be a number",
    ),
    "a time that is none": (
        "- {id: a, collect: dato, x-remind-after: pronto}",
        "«x-remind-after» is not a time. Write seconds",
    ),
    "a list where a text is expected": ("- {id: a, collect: [dato]}", "«collect» must be a text"),
    "a rejection without its words": (
        '- id: a\n  collect: dato\n  rejections:\n    - {if: slots.dato = "x"}',
        "«utter» is missing",
    ),
    "a way without then": (
        '- id: a\n  collect: dato\n  next:\n    - {if: slots.dato = "x"}\n    - else: END',
        "«then» is missing. Write a step id, END, or steps below it.",
    ),
    "something after else": (
        '- id: a\n  collect: dato\n  next:\n    - else: END\n    - {if: slots.dato = "x", then: END}\n    - else: END',
        "something stands after its «else»",
    ),
    "a step called END": ("- {id: END, collect: dato}", "no step may be called END"),
    "set_slots of texts": ("- {id: a, set_slots: [dato]}", "«- slot: value» is expected here"),
    "a noop that is false": ("- {id: a, noop: false, next: END}", "«noop» is only ever true"),
    "a link that goes on": ("- {id: a, link: pattern_human_handoff, next: a}", "a link is the last step of its way"),
    "a condition that cannot be read": (
        "- id: a\n  collect: dato\n  next:\n    - {if: dato = x, then: END}\n    - else: END",
        "«dato» is unknown; write slots.dato",
    ),
}


@every_row("fault", sorted(FAULTS))
def test_a_fault_is_found_and_named(fault: str, tmp_path: Path) -> None:
    steps, expected = FAULTS[fault]

    found = of_flow(tmp_path, steps)

    assert any(expected in each for each in found), found


def test_every_issue_has_its_file_and_line(tmp_path: Path) -> None:
    found = of_flow(tmp_path, "- {id: a, collect: dao}")

    assert found[0].startswith("d/flows/f.yml:8: error: flow f, step a: ")


def test_many_faults_are_found_at_once(tmp_path: Path) -> None:
    steps = "\n".join(steps for steps, _ in (FAULTS["an unknown slot"], FAULTS["a dead link"]))

    found = of_flow(tmp_path, steps.replace("id: a, link", "id: b, link"))

    assert len(found) >= 2


def test_an_unknown_intent_is_an_error_unless_the_understanding_knows_it(tmp_path: Path) -> None:
    head = HEAD.replace("intent: empezar", "intent: emprezar")
    folder = tmp_path / "d"
    (folder / "flows").mkdir(parents=True)
    (folder / "flows" / "f.yml").write_text(head + "      - {id: a, action: f.di}\n", encoding="utf-8")
    write(folder, domain=DOMAIN, responses=RESPONSES)

    assert "the intent «emprezar» does not exist. Did you mean «empezar»?" in errors(folder)[0]
    assert errors(folder, intents=["emprezar"]) == []


def test_an_action_that_is_declared_and_not_written_is_an_error() -> None:
    found = [issue.what for issue in inspect(world(), actions={"action_buscar"})]

    assert "the action «action_guardar» is declared and nobody has written it" in found


def test_two_errands_for_one_intent_are_refused(tmp_path: Path) -> None:
    head = HEAD.replace(
        "  f:\n",
        "  g:\n    description: x\n    nlu_trigger: [{intent: empezar}]\n    steps: [{id: a, action: f.di}]\n  f:\n",
    )

    found = of_flow(tmp_path, "- {id: a, action: f.di}", head=head)

    assert any("the intent «empezar» already begins g" in each for each in found)


def test_a_pattern_of_no_known_name_is_refused(tmp_path: Path) -> None:
    for name in ("pattern_search", "pattern_collect_information", "pattern_validate_slot", "pattern_retsart"):
        head = HEAD.replace("  f:\n", f"  {name}:\n    description: x\n    steps: [{{id: a, action: f.di}}]\n  f:\n")

        found = of_flow(tmp_path / name, "- {id: a, action: f.di}", head=head)

        assert any(f"the pattern «{name}» does not exist" in each for each in found)


def test_a_flow_that_nothing_begins_is_a_warning(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        flows="flows: {solo: {description: x, steps: [{id: a, action: f.di}]}}",
        domain=DOMAIN,
        responses=RESPONSES,
    )

    found = [issue for issue in found_in(folder) if issue.severity == "warning"]

    assert "nothing begins it" in found[0].what


LABELS = {
    "a button": ("- {title: Veintiún caracteres!!, payload: x}", "has 21 characters; 20 fit"),
    "a row": (
        "\n".join(f"- {{title: t{number}, payload: x}}" for number in range(3))
        + "\n- {title: Veinticinco caracteres son, payload: x}",
        "has 26 characters; 24 fit",
    ),
    "a hint": (f"- {{title: T, payload: x, hint: {'h' * 73}}}", "has 73 characters; 72 fit"),
    "too many": (
        "\n".join(f"- {{title: t{number}, payload: x}}" for number in range(11)),
        "it offers 11 options; 10 fit",
    ),
    "an unknown slot": ("- {title: T, payload: /SetSlots(dta=1)}", "it sets the unknown slot «dta»"),
    "an unknown value": ("- {title: T, payload: /SetSlots(clase=tres)}", "«tres» is not a value of the slot «clase»"),
    "an unknown intent": ("- {title: T, payload: /nada}", "it means the unknown intent «nada», which begins no flow"),
}


@pytest.mark.parametrize("fault", sorted(LABELS))
def test_options_that_the_narrowest_channel_cannot_show_are_errors(fault: str, tmp_path: Path) -> None:
    buttons, expected = LABELS[fault]
    lines = "\n".join(f"        {line}" for line in buttons.splitlines())
    responses = RESPONSES.replace("  f.di: [{text: Hola.}]", f"  f.di:\n    - text: Hola.\n      buttons:\n{lines}")

    found = of_flow(tmp_path, "- {id: a, action: f.di}", responses=responses)

    assert any(expected in each for each in found), found


def test_the_button_that_opens_a_list_is_short_enough_to_be_shown(tmp_path: Path) -> None:
    responses = RESPONSES.replace(
        "  f.di: [{text: Hola.}]", "  f.di: [{text: Hola., x-menu-label: Ver todas las opciones}]"
    )

    assert any(
        "the x-menu-label «Ver todas las opciones» has 22 characters; 20 fit" in each
        for each in of_flow(tmp_path, "- {id: a, action: f.di}", responses=responses)
    )


def test_a_name_that_lists_cannot_show_is_an_error(tmp_path: Path) -> None:
    head = HEAD.replace("un trámite", "un trámite de nombre demasiado largo")

    assert any(
        "it is offered in lists, where 24 fit" in each
        for each in of_flow(tmp_path, "- {id: a, action: f.di}", head=head)
    )


def test_wording_that_reads_what_does_not_exist_is_an_error(tmp_path: Path) -> None:
    responses = RESPONSES.replace("Hola.", "'Hola {{ dta }}.'")

    assert any(
        "it reads «dta», which is neither a slot" in each
        for each in of_flow(tmp_path, "- {id: a, action: f.di}", responses=responses)
    )


def test_a_broken_template_is_an_error(tmp_path: Path) -> None:
    responses = RESPONSES.replace("Hola.", "'Hola {{ dato.'")

    assert any(
        "the text is not a template" in each
        for each in of_flow(tmp_path, "- {id: a, action: f.di}", responses=responses)
    )


def test_a_response_of_another_language_must_exist_in_the_first(tmp_path: Path) -> None:
    folder = write(tmp_path, flows=HEAD + "      - {id: a, action: f.di}\n", domain=DOMAIN, responses=RESPONSES)
    other = folder / "domain/responses/en/r.yml"
    other.parent.mkdir(parents=True)
    other.write_text("responses:\n  f.hello: [{text: Hello.}]\n", encoding="utf-8")

    found = found_in(folder)

    assert any("it exists in «en» but not in «es»" in issue.what for issue in found if issue.severity == "error")
    assert any("it is missing in «en»" in issue.what for issue in found if issue.severity == "warning")


def test_the_small_world_has_no_issue() -> None:
    assert [str(issue) for issue in found_in(WORLD) if issue.severity == "error"] == []
