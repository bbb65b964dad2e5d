"""The wording: what is missing, what reads values that do not exist, what is too long for the narrowest channel."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dialogs.engine.decide import ORDERS
from dialogs.engine.flow import ActionStep, Button, CollectStep, Dialogs, Flow, Place, Response
from dialogs.engine.patterns import CONTEXT
from dialogs.engine.turn import INTERRUPTED
from dialogs.engine.yamlfile import Issues

#: Lengths in characters of the narrowest channel (WhatsApp): a button, and the title and hint of a list row.
BUTTON = 20
ROW = 24
HINT = 72
#: Most buttons it shows side by side, and most rows in one list.
BUTTONS = 3
ROWS = 10

#: Values that the host adds to every reply: the company, and what a commit decided.
HOST_VALUES = frozenset(
    {
        "abierto",
        "acuerdo_aviso",
        "archivo_max_mb",
        "aviso",
        "canal",
        "codigo_nuevo",
        "emergencias",
        "empresa",
        "enlaces",
        "espera_min",
        "identidad",
        "nombre_persona",
        "plazos",
        "proxima_apertura",
        "retomar_dias",
        "turno",
    }
)

_SET = re.compile(r"/SetSlots\((.*)\)\s*\Z", re.DOTALL)


def inspect_wording(dialogs: Dialogs, issues: Issues, intents: frozenset[str]) -> None:
    """Add to ``issues`` what is wrong with the responses of any language."""
    default = dialogs.domain.responses.get(dialogs.language, {})
    for flow in dialogs.flows.values():
        _said(flow, dialogs, issues)
    for slot in dialogs.domain.slots.values():
        for key in (*(each.utter for each in slot.rejections), slot.refill_utter):
            if key and key not in default:
                issues.error(slot.place, f"slot {slot.name}", f"the response «{key}» does not exist", "Write it.")
    for language, responses in dialogs.domain.responses.items():
        for response in responses.values():
            _reads(response, dialogs, issues)
            _labels(response, issues)
            for variant in response.variants:
                for button in variant.buttons:
                    _payload(button, response, variant.place, dialogs, issues, intents)
            if response.key not in default:
                what = f"it exists in «{language}» but not in «{dialogs.language}»"
                issues.error(response.place, f"response {response.key}", what, "Write it there too.")
        for key in sorted(default.keys() - responses.keys()):
            what = f"it is missing in «{language}»; people will read it in «{dialogs.language}»"
            issues.warning(default[key].place, f"response {key}", what)


def _said(flow: Flow, dialogs: Dialogs, issues: Issues) -> None:
    """Refuse responses that a flow says and nobody has written."""
    for step in flow.steps.values():
        keys: list[str] = []
        if isinstance(step, CollectStep):
            keys = [step.ask, *(each.utter for each in step.rejections)]
        elif isinstance(step, ActionStep) and step.says:
            keys = [step.action]
        for key in filter(None, keys):
            if dialogs.response(key) is None:
                what = f"the response «{key}» does not exist"
                issues.error(
                    step.place, f"flow {flow.id}, step {step.id}", what, f"Write «{key}:» in domain/responses."
                )
    if flow.startable and len(flow.name) > ROW:
        what = f"its name «{flow.name}» has {len(flow.name)} characters; it is offered in lists, where {ROW} fit"
        issues.error(flow.place, f"flow {flow.id}", what, "Shorten «name».")


def _reads(response: Response, dialogs: Dialogs, issues: Issues) -> None:
    known = dialogs.domain.slots.keys() | HOST_VALUES | {INTERRUPTED}
    if response.key.startswith("patrones."):
        known |= frozenset().union(*CONTEXT.values())
    for name in sorted(response.names - known):
        what = f"it reads «{name}», which is neither a slot nor a value of the host"
        issues.error(response.place, f"response {response.key}", what, "Correct the name, or add the slot.")


def _labels(response: Response, issues: Issues) -> None:
    where = f"response {response.key}"
    for variant in response.variants:
        count = len(variant.buttons)
        if count > ROWS:
            what = f"it offers {count} options; {ROWS} fit"
            issues.error(variant.place, where, what, "Split it in two questions, or add «Más opciones».")
        if len(variant.menu_label) > BUTTON:
            what = f"the x-menu-label «{variant.menu_label}» has {len(variant.menu_label)} characters; {BUTTON} fit"
            issues.error(variant.place, where, what, "Shorten it.")
        listed = count > BUTTONS or any(button.hint for button in variant.buttons)
        room = ROW if listed else BUTTON
        for button in variant.buttons:
            if "{" not in button.title and len(button.title) > room:
                what = f"the label «{button.title}» has {len(button.title)} characters; {room} fit"
                issues.error(
                    variant.place, where, what, "Shorten it; put the rest in «hint»." if listed else "Shorten it."
                )
            if "{" not in button.hint and len(button.hint) > HINT:
                what = f"the hint «{button.hint}» has {len(button.hint)} characters; {HINT} fit"
                issues.error(variant.place, where, what, "Shorten it.")


def _payload(
    button: Button, response: Response, place: Place, dialogs: Dialogs, issues: Issues, intents: frozenset[str]
) -> None:
    where = f"response {response.key}, button «{button.title}»"
    if "{{ " in button.payload or "{%" in button.payload:
        return
    slots = _SET.match(button.payload)
    if slots:
        for name, value in _pairs(slots[1]):
            slot = dialogs.domain.slots.get(name)
            if slot is None:
                issues.error(place, where, f"it sets the unknown slot «{name}»", "Correct the name, or add the slot.")
            elif slot.type == "categorical" and value not in slot.values and value != "null":
                what = f"«{value}» is not a value of the slot «{name}»"
                issues.error(place, where, what, f"Its values: {', '.join(slot.values)}.")
    elif button.payload.startswith("/"):
        name = button.payload[1:].split("{")[0].strip()
        if name not in dialogs.flows and name not in ORDERS and name not in dialogs.triggered:
            what = f"it means the {'intent' if name in intents else 'unknown intent'} «{name}», which begins no flow"
            issues.error(place, where, what, "Write the id of a flow, or an intent that a flow has as nlu_trigger.")


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    for part in text.split(","):
        name, _, value = part.partition("=")
        yield name.strip(), value.strip().strip("\"'")
