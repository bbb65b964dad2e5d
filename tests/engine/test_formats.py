"""One test for each row of docs/formats.md: what is supported works, what is ignored warns, what is refused says so."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from dialogs.engine.flow import ActionStep, CallStep, CollectStep, Dialogs, LinkStep, NoopStep, SetSlotsStep
from dialogs.engine.load import load_with_issues
from dialogs.engine.patterns import CONTEXT
from tests.engine.support import found_in, write
from tests.support.rows import every_row

DOCS = Path(__file__).parents[2] / "docs" / "formats.md"
ROW = re.compile(r"^\| `([^`]+)` \| (supported|ignored|refused) \|", re.MULTILINE)
#: Every row but those of language data, which are tested where they are read (tests/nlu).
ROWS = {key: verdict for key, verdict in ROW.findall(DOCS.read_text(encoding="utf-8")) if not key.startswith("nlu.")}

FLOW = """
flows:
  tramite:
    name: un trámite
    description: x
    {flow}
    steps:
      - id: uno
        collect: dato
        {step}
      - id: dos
        {action}
  parte:
    description: x
    if: false
    steps:
      - id: tres
        action: dice.algo
"""
DOMAIN = """
version: "3.1"
{domain}
intents: [{intent}]
entities: [{entity}]
actions: [{listed}]
session_config:
  session_expiration_time: 30
  {session}
slots:
  dato:
    type: text
    {slot}
  otro:
    type: {type}
    {other}
    mappings:
      - type: {mapping}
"""
RESPONSES = """
responses:
  dice.algo:
    - text: Hola.
      {response}
      buttons:
        - title: Sí
          payload: sí
          {button}
  pide_dato: [{{text: ¿Qué dato?}}]
  pide_otro: [{{text: ¿Qué otro?}}]
"""
EMPTY = {
    "flow": "nlu_trigger: [{intent: empezar}]", "step": "", "action": "action: dice.algo", "domain": "",
    "intent": "empezar, otro_intento", "entity": "cosa", "listed": "action_x", "session": "", "slot": "", "type": "text",
    "other": "", "mapping": "controlled", "response": "", "button": "",
}  # fmt: skip


def build(folder: Path, **pieces: str) -> Path:
    parts = EMPTY | pieces
    indented = {
        key: text.replace("\n", "\n" + " " * {"flow": 4, "step": 8, "action": 8, "slot": 4, "other": 4, "mapping": 8,
                                               "response": 6, "button": 10, "session": 2}.get(key, 0))
        for key, text in parts.items()
    }  # fmt: skip
    return write(
        folder,
        flows=FLOW.format(**indented),
        domain=DOMAIN.format(**indented),
        responses=RESPONSES.format(**indented),
    )


def step(dialogs: Dialogs, name: str = "uno", flow: str = "tramite") -> Any:
    return dialogs.flows[flow].steps[name]


def variant(dialogs: Dialogs) -> Any:
    response = dialogs.response("dice.algo")
    assert response is not None
    return response.variants[0]


def mapping(dialogs: Dialogs) -> Any:
    return dialogs.domain.slots["otro"].mappings[0]


Check = Callable[[Dialogs], object]

SUPPORTED: dict[str, tuple[dict[str, str], Check]] = {
    "version": ({}, lambda d: True),
    "flows": ({}, lambda d: "tramite" in d.flows),
    "flow.name": ({}, lambda d: d.flows["tramite"].name == "un trámite"),
    "flow.description": ({}, lambda d: d.flows["tramite"].description == "x"),
    "flow.if": ({}, lambda d: not d.flows["parte"].startable and not d.flows["parte"].guard.holds({}, {})),
    "flow.nlu_trigger": ({}, lambda d: d.triggered["empezar"][0][0].id == "tramite"),
    "flow.nlu_trigger.confidence_threshold": (
        {"flow": "nlu_trigger: [{intent: {name: empezar, confidence_threshold: 0.7}}]"},
        lambda d: d.flows["tramite"].triggers[0].threshold == 0.7,
    ),
    "flow.persisted_slots": (
        {"flow": EMPTY["flow"] + "\npersisted_slots: [dato]"},
        lambda d: "dato" not in d.emptied_by("tramite"),
    ),
    "flow.run_pattern_completed": (
        {"flow": EMPTY["flow"] + "\nrun_pattern_completed: false"},
        lambda d: not d.flows["tramite"].run_pattern_completed,
    ),
    "flow.steps": ({}, lambda d: list(d.flows["tramite"].steps) == ["uno", "dos"]),
    "flow.x-version": (
        {"flow": EMPTY["flow"] + "\nx-version: 3"},
        lambda d: d.flows["tramite"].version.startswith("3-"),
    ),
    "flow.x-priority": ({"flow": "x-priority: emergency"}, lambda d: d.emergency == "tramite"),
    "flow.x-max-attempts": (
        {"flow": EMPTY["flow"] + "\nx-max-attempts: 5"},
        lambda d: d.flows["tramite"].max_attempts == 5,
    ),
    "flow.x-remind-after": (
        {"flow": EMPTY["flow"] + "\nx-remind-after: 20m"},
        lambda d: d.flows["tramite"].remind_after == 1_200,
    ),
    "flow.x-expire-after": (
        {"flow": EMPTY["flow"] + "\nx-expire-after: 2d"},
        lambda d: d.flows["tramite"].expire_after == 172_800,
    ),
    "step.id": ({}, lambda d: step(d).id == "uno"),
    "step.next": (
        {
            "step": 'next:\n  - if: slots.dato = "a"\n    then:\n      - id: hondo\n        action: dice.algo\n        next: END\n'
            "  - else: dos"
        },
        lambda d: (
            [branch.target for branch in step(d).next] == ["hondo", "dos"] and "hondo" in d.flows["tramite"].steps
        ),
    ),
    "step.description": ({"step": "description: por qué"}, lambda d: step(d).description == "por qué"),
    "step.action": ({}, lambda d: isinstance(step(d, "dos"), ActionStep) and step(d, "dos").says),
    "step.collect": ({}, lambda d: isinstance(step(d), CollectStep) and step(d).ask == "pide_dato"),
    "step.collect.utter": ({"step": "utter: dice.algo"}, lambda d: step(d).ask == "dice.algo"),
    "step.collect.ask_before_filling": ({"step": "ask_before_filling: true"}, lambda d: step(d).ask_before_filling),
    "step.collect.rejections": (
        {"step": 'rejections:\n  - if: slots.dato = "no"\n    utter: dice.algo'},
        lambda d: step(d).rejections[0].condition.holds({"dato": "no"}, {}),
    ),
    "step.collect.force_slot_filling": ({"step": "force_slot_filling: true"}, lambda d: step(d).force),
    "step.collect.x-max-attempts": ({"step": "x-max-attempts: 2"}, lambda d: step(d).max_attempts == 2),
    "step.collect.x-remind-after": ({"step": "x-remind-after: 90"}, lambda d: step(d).remind_after == 90),
    "step.collect.x-expire-after": ({"step": "x-expire-after: 24h"}, lambda d: step(d).expire_after == 86_400),
    "step.collect.x-free-text": ({"step": "x-free-text: true"}, lambda d: step(d).free_text),
    "step.collect.x-optional": ({"step": "x-optional: true"}, lambda d: step(d).optional),
    "step.set_slots": (
        {"action": "set_slots:\n  - otro: valor\n  - dato: null"},
        lambda d: (
            isinstance(step(d, "dos"), SetSlotsStep) and step(d, "dos").values == (("otro", "valor"), ("dato", None))
        ),
    ),
    "step.link": ({"action": "link: parte"}, lambda d: isinstance(step(d, "dos"), LinkStep)),
    "step.call": ({"action": "call: parte"}, lambda d: isinstance(step(d, "dos"), CallStep)),
    "step.noop": ({"action": "noop: true\nnext: END"}, lambda d: isinstance(step(d, "dos"), NoopStep)),
    "domain.version": ({}, lambda d: True),
    "domain.intents": ({}, lambda d: "empezar" in d.domain.intents),
    "domain.entities": ({}, lambda d: d.domain.entities == {"cosa"}),
    "domain.actions": ({}, lambda d: d.domain.actions == {"action_x"}),
    "domain.slots": ({}, lambda d: {"dato", "otro"} <= set(d.domain.slots)),
    "domain.responses": ({}, lambda d: d.response("dice.algo") is not None),
    "domain.session_config": ({}, lambda d: d.domain.session.expires_minutes == 30),
    "session.session_expiration_time": ({}, lambda d: d.domain.session.expires_minutes == 30),
    "session.carry_over_slots_to_new_session": (
        {"session": "carry_over_slots_to_new_session: true"},
        lambda d: d.domain.session.carry_over,
    ),
    "domain.x-after": (
        {"domain": "x-after: {dice.algo: {tramite: [La última]}}"},
        lambda d: d.domain.after == {"dice.algo": {"tramite": frozenset({"la ultima"})}},
    ),
    "domain.x-urgent": (
        {"domain": "x-urgent: {tramite: [Ante el Juez]}"},
        lambda d: d.domain.urgent == {"tramite": frozenset({"ante el juez"})},
    ),
    "domain.x-words": (
        {"domain": "x-words: {cancelar: [Déjelo ahí]}"},
        lambda d: "dejelo ahi" in d.domain.words["cancelar"],
    ),
    "slot.type": ({"type": "money"}, lambda d: d.domain.slots["otro"].type == "money"),
    "slot.values": (
        {"type": "categorical", "other": "values: [si, no]"},
        lambda d: d.domain.slots["otro"].values == ("si", "no"),
    ),
    "slot.initial_value": ({"other": "initial_value: hola"}, lambda d: d.initial["otro"] == "hola"),
    "slot.min_value": ({"type": "float", "other": "min_value: 1"}, lambda d: d.domain.slots["otro"].min_value == 1),
    "slot.max_value": ({"type": "float", "other": "max_value: 9"}, lambda d: d.domain.slots["otro"].max_value == 9),
    "slot.description": ({"other": "description: para el personal"}, lambda d: True),
    "slot.mappings": ({}, lambda d: mapping(d).type == "controlled"),
    "slot.validation": (
        {"slot": 'validation:\n  rejections:\n    - if: slots.dato = "x"\n      utter: dice.algo'},
        lambda d: d.domain.slots["dato"].rejections[0].utter == "dice.algo",
    ),
    "slot.validation.refill_utter": (
        {"slot": "validation: {refill_utter: dice.algo}"},
        lambda d: d.domain.slots["dato"].refill_utter == "dice.algo",
    ),
    "slot.x-consent": ({"other": "x-consent: acepto"}, lambda d: d.domain.slots["otro"].consent == "acepto"),
    "slot.x-personal": ({"other": "x-personal: true"}, lambda d: d.domain.slots["otro"].personal),
    "slot.x-label": ({"other": "x-label: Otro dato"}, lambda d: d.domain.slots["otro"].label == "Otro dato"),
    "slot.x-empties": ({"other": "x-empties: [dato]"}, lambda d: d.domain.slots["otro"].empties == ("dato",)),
    "slot.x-free-text": (
        {"slot": "mappings: [{type: from_entity, entity: cosa}]\nx-free-text: true"},
        lambda d: step(d).free_text,
    ),
    "slot.x-sounds-like": (
        {"other": "x-sounds-like: [empezar]"},
        lambda d: d.domain.slots["otro"].sounds_like == ("empezar",),
    ),
    "mapping.from_entity": (
        {"mapping": "from_entity\nentity: cosa\nintent: empezar"},
        lambda d: mapping(d).entity == "cosa",
    ),
    "mapping.from_intent": (
        {"mapping": "from_intent\nintent: [empezar, otro_intento]\nvalue: valor"},
        lambda d: mapping(d).value == "valor" and mapping(d).intents == {"empezar", "otro_intento"},
    ),
    "mapping.from_text": ({"mapping": "from_text"}, lambda d: mapping(d).type == "from_text"),
    "mapping.controlled": ({}, lambda d: mapping(d).type == "controlled"),
    "mapping.conditions.active_flow": (
        {"mapping": "from_entity\nentity: cosa\nconditions: [{active_flow: tramite}]"},
        lambda d: mapping(d).flows == {"tramite"},
    ),
    "response.text": ({}, lambda d: variant(d).text == "Hola."),
    "response.buttons": ({}, lambda d: len(variant(d).buttons) == 1),
    "response.buttons.title": ({}, lambda d: variant(d).buttons[0].title == "Sí"),
    "response.buttons.payload": ({}, lambda d: variant(d).buttons[0].payload == "sí"),
    "response.buttons.hint": ({"button": "hint: De acuerdo"}, lambda d: variant(d).buttons[0].hint == "De acuerdo"),
    "response.image": ({"response": "image: https://example.org/a.png"}, lambda d: variant(d).image.endswith("a.png")),
    "response.attachment": (
        {"response": "attachment: {kind: constancia}"},
        lambda d: variant(d).attachment == {"kind": "constancia"},
    ),
    "response.channel": ({"response": "channel: webchat"}, lambda d: variant(d).channel == "webchat"),
    "response.condition": (
        {"response": "condition: [{type: slot, name: dato, value: a}]"},
        lambda d: variant(d).condition.holds({"dato": "a"}, {}),
    ),
    "response.id": ({"response": "id: r1"}, lambda d: True),
    "response.x-ask": ({"response": "x-ask: location"}, lambda d: variant(d).ask == "location"),
    "response.x-menu-label": ({"response": "x-menu-label: Ver"}, lambda d: variant(d).menu_label == "Ver"),
    **{name: ({}, lambda d, name=name: name in CONTEXT) for name in CONTEXT},  # type: ignore[misc]
}

#: For keys that are ignored or refused: the pieces that write them, and the word that the issue must name.
OTHERS: dict[str, tuple[dict[str, str], str]] = {
    "flow.always_include_in_prompt": ({"flow": EMPTY["flow"] + "\nalways_include_in_prompt: true"}, "always_include"),
    "step.collect.reset_after_flow_ends": ({"step": "reset_after_flow_ends: false"}, "reset_after_flow_ends"),
    "step.collect.silence_timeout": ({"step": "silence_timeout: 5"}, "silence_timeout"),
    "step.collect.dtmf": ({"step": "dtmf: {length: 1}"}, "dtmf"),
    "step.call.mcp_server": ({"action": "call: parte\nmcp_server: x"}, "mcp_server"),
    "step.call.mapping": ({"action": "call: parte\nmapping: {}"}, "mapping"),
    "step.call.exit_if": ({"action": "call: parte\nexit_if: [a]"}, "exit_if"),
    "domain.intents.use_entities": ({"intent": "empezar, otro_intento: {use_entities: []}"}, "use_entities"),
    "domain.intents.ignore_entities": ({"intent": "empezar, otro_intento: {ignore_entities: []}"}, "ignore_entities"),
    "domain.entities.roles": ({"entity": "cosa: {roles: [a]}"}, "roles"),
    "domain.entities.groups": ({"entity": "cosa: {groups: [a]}"}, "groups"),
    "domain.entities.influence_conversation": ({"entity": "cosa: {influence_conversation: false}"}, "influence"),
    "domain.actions.send_domain": ({"listed": "action_x: {send_domain: true}"}, "send_domain"),
    "session.start_session_after_expiry": ({"session": "start_session_after_expiry: true"}, "start_session"),
    "domain.config": ({"domain": "config: {store_entities_as_slots: true}"}, "config"),
    "domain.forms": ({"domain": "forms: {f: {required_slots: [dato]}}"}, "forms"),
    "domain.e2e_actions": ({"domain": "e2e_actions: [x]"}, "e2e_actions"),
    "slot.influence_conversation": ({"other": "influence_conversation: false"}, "influence_conversation"),
    "slot.shared_for_coexistence": ({"other": "shared_for_coexistence: true"}, "shared_for_coexistence"),
    "slot.value_reset_delay": ({"other": "value_reset_delay: 1"}, "value_reset_delay"),
    "mapping.conditions.active_loop": (
        {"mapping": "from_entity\nentity: cosa\nconditions: [{active_loop: f}]"},
        "active_loop",
    ),
    "mapping.conditions.requested_slot": (
        {"mapping": "from_entity\nentity: cosa\nconditions: [{requested_slot: dato}]"},
        "requested_slot",
    ),
    "mapping.from_llm": ({"mapping": "from_llm"}, "from_llm"),
    "mapping.custom": ({"mapping": "custom\naction: action_x"}, "custom"),
    "mapping.from_trigger_intent": ({"mapping": "from_trigger_intent\nvalue: 1"}, "from_trigger_intent"),
    "mapping.role": ({"mapping": "from_entity\nentity: cosa\nrole: a"}, "role"),
    "mapping.group": ({"mapping": "from_entity\nentity: cosa\ngroup: a"}, "group"),
    "mapping.run_action_every_turn": ({"mapping": "controlled\nrun_action_every_turn: a"}, "run_action_every_turn"),
    "mapping.coexistence_system": ({"mapping": "controlled\ncoexistence_system: NLU"}, "coexistence_system"),
    "mapping.allow_nlu_correction": ({"mapping": "controlled\nallow_nlu_correction: true"}, "allow_nlu_correction"),
    "response.buttons.type": ({"button": "type: postback"}, "type"),
    "response.metadata": ({"response": "metadata: {rephrase: true}"}, "metadata"),
    "response.button_type": ({"response": "button_type: vertical"}, "button_type"),
    "response.quick_replies": ({"response": "quick_replies: []"}, "quick_replies"),
    "response.elements": ({"response": "elements: []"}, "elements"),
    "response.custom": ({"response": "custom: {a: 1}"}, "custom"),
}

#: Rows that other tests cover, because they are not about one key of a file.
ELSEWHERE = {
    "pattern_collect_information", "pattern_validate_slot", "pattern_search",  # test_inspect: an unknown pattern
    "slot", "atiende_fact",  # test_actions
}  # fmt: skip


@every_row("key", sorted(key for key, verdict in ROWS.items() if verdict == "supported" and key not in ELSEWHERE))
def test_a_supported_key_is_read_and_nothing_complains(key: str, tmp_path: Path) -> None:
    pieces, check = SUPPORTED[key]
    folder = build(tmp_path, **pieces)

    issues = [issue for issue in found_in(folder) if issue.severity == "error"]

    assert not issues, [str(issue) for issue in issues]
    dialogs, _ = load_with_issues(folder)
    assert dialogs is not None
    assert check(dialogs)


@every_row("key", sorted(key for key, verdict in ROWS.items() if verdict != "supported" and key not in ELSEWHERE))
def test_a_key_that_is_not_supported_says_so_at_its_line(key: str, tmp_path: Path) -> None:
    pieces, word = OTHERS[key]
    folder = build(tmp_path, **pieces)

    found = [issue for issue in found_in(folder) if f"«{word}" in issue.what]

    severity = "warning" if ROWS[key] == "ignored" else "error"
    assert [issue.severity for issue in found] == [severity], [str(issue) for issue in found_in(folder)]
    lines = Path(
        found[0].file if Path(found[0].file).exists() else folder / Path(found[0].file).relative_to(folder.name)
    )
    assert word in lines.read_text(encoding="utf-8").splitlines()[found[0].line - 1]
    assert found[0].remedy or severity == "warning"


def test_every_row_of_the_table_has_a_test_and_every_test_a_row() -> None:
    assert set(SUPPORTED) | set(OTHERS) | ELSEWHERE == set(ROWS)


def test_a_key_that_is_in_no_table_is_refused_with_what_was_meant(tmp_path: Path) -> None:
    folder = build(tmp_path, step="aks_before_filling: true")

    found = [str(issue) for issue in found_in(folder) if issue.severity == "error"]

    assert len(found) == 1
    assert "the key «aks_before_filling» is unknown. Did you mean «ask_before_filling»?" in found[0]
