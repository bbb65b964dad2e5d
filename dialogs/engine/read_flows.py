"""Reads flow files in the profile «CALM flows, prescriptive steps, as of 3.13»; the table is docs/formats.md."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import replace
from typing import Any

from dialogs.engine.conditions import Condition, always
from dialogs.engine.flow import (
    END,
    ActionStep,
    AnyStep,
    Branch,
    CallStep,
    CollectStep,
    Flow,
    LinkStep,
    NoopStep,
    Place,
    SetSlotsStep,
    Trigger,
)
from dialogs.engine.read_domain import rejections
from dialogs.engine.read_responses import condition
from dialogs.engine.yamlfile import Fields, Issues, Node

_ID = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]*\Z")
_VERBS = ("collect", "action", "set_slots", "link", "call", "noop")


def read_flows(root: Node, issues: Issues) -> list[Flow]:
    """Return the flows of one file."""
    fields = Fields(root, "flows file", issues)
    fields.text("version")
    found = [_flow(name, node, place, issues) for name, node, place in fields.entries("flows")]
    fields.done()
    return found


def _flow(flow_id: str, node: Node, place: Place, issues: Issues) -> Flow:
    fields = Fields(node, f"flow {flow_id}", issues)
    fields.place = place
    if not _ID.match(flow_id):
        fields.error("", f"«{flow_id}» cannot be an id", "Use letters, digits, _ and -, not starting with -.")
    steps = _Steps(flow_id, issues)
    first = steps.read(fields.items("steps"), None) if fields.get("steps") else END
    if first == END:
        fields.error("steps", "it has no steps", "Add «steps:» with at least one.")
    priority = fields.text("x-priority")
    if priority not in ("", "emergency", "first", "alone", "ours"):
        fields.error("x-priority", f"the priority «{priority}» is unknown", "Write emergency, first, alone or ours.")
    flow = Flow(
        id=flow_id,
        name=fields.text("name", flow_id.replace("_", " ").capitalize()),
        description=fields.text("description", required=True),
        steps=steps.found,
        first=first,
        version=_version(fields.text("x-version"), node.plain()),
        guard=_guard(fields, issues),
        triggers=tuple(_trigger(each, fields.where, issues) for each in fields.items("nlu_trigger")),
        persisted=frozenset(fields.texts("persisted_slots")),
        run_pattern_completed=fields.flag("run_pattern_completed", default=True),
        priority=priority,
        max_attempts=fields.count("x-max-attempts"),
        remind_after=fields.seconds("x-remind-after"),
        expire_after=fields.seconds("x-expire-after"),
        place=place,
    )
    fields.ignore("always_include_in_prompt", "there is no prompt")
    fields.done()
    return flow


def _version(written: str, content: Any) -> str:
    digest = hashlib.blake2b(json.dumps(content, sort_keys=True, default=str).encode(), digest_size=5).hexdigest()
    return f"{written}-{digest}" if written else digest


def _guard(fields: Fields, issues: Issues) -> Condition | None:
    node = fields.get("if")
    if node is None:
        return None
    if isinstance(node.value, bool):
        return always(value=node.value)
    return condition(fields.text("if"), fields.at("if"), fields.where, issues)


def _trigger(node: Node, where: str, issues: Issues) -> Trigger:
    fields = Fields(node, f"{where}, nlu_trigger", issues)
    inner = fields.get("intent")
    fields.done()
    if inner is None:
        fields.error("intent", "an entry needs «intent»", "Write «- intent: name».")
        return Trigger("", place=node.place)
    if inner.kind == "text":
        return Trigger(str(inner.value), place=node.place)
    deeper = Fields(inner, fields.where, issues)
    threshold = deeper.number("confidence_threshold")
    name = deeper.text("name", required=True)
    deeper.done()
    if threshold is not None and not 0 <= threshold <= 1:
        deeper.error("confidence_threshold", "a threshold lies between 0 and 1")
    return Trigger(name, threshold, node.place)


class _Steps:
    """Reads the steps of one flow; nested steps become steps of their own."""

    def __init__(self, flow_id: str, issues: Issues) -> None:
        self.found: dict[str, AnyStep] = {}
        self._flow = flow_id
        self._issues = issues

    def read(self, nodes: list[Node], after: str | None) -> str:
        """Read a list of steps and return the id of the first.

        ``after`` is where the last one goes when it says nothing: None means the end of the flow.
        """
        if not nodes:
            return END
        ids = [self._id(node) for node in nodes]
        for node, step_id, following in zip(nodes, ids, [*ids[1:], after or END], strict=True):
            step = self._step(node, step_id, following)
            if step is None:
                continue
            if step_id in self.found:
                self._issues.error(node.place, f"flow {self._flow}", f"two steps are called «{step_id}»", "Rename one.")
            self.found[step_id] = step
        return ids[0]

    def _id(self, node: Node) -> str:
        where = f"flow {self._flow}"
        values = node.value if node.kind == "map" else {}
        if "id" in values and isinstance(values["id"].value, str) and _ID.match(values["id"].value):
            if values["id"].value != END:
                return str(values["id"].value)
            self._issues.error(node.place, where, "no step may be called END", "Choose another id.")
        else:
            verb = next((verb for verb in _VERBS if verb in values), "")
            named = values[verb].value if verb and isinstance(values[verb].value, str) else verb
            self._issues.error(
                node.place, where, "a step has no id", f"Write «id: {str(named).split('.')[-1] or 'nombre'}» in it."
            )
        return f"_linea_{node.place.line}"

    def _step(self, node: Node, step_id: str, following: str) -> AnyStep | None:
        fields = Fields(node, f"flow {self._flow}, step {step_id}", self._issues)
        fields.get("id")
        verbs = [verb for verb in _VERBS if verb in fields]
        if len(verbs) != 1:
            what = "it does nothing" if not verbs else f"it does {len(verbs)} things: {', '.join(verbs)}"
            fields.error(verbs[1] if verbs else "", what, f"Write exactly one of: {', '.join(_VERBS)}.")
            if not verbs:
                # A misspelt verb is what usually stands there: name it.
                for key in ("next", "description"):
                    fields.get(key)
                fields.done()
            return None
        verb = verbs[0]
        step: AnyStep = getattr(self, f"_{verb}")(fields, step_id)
        way = self._next(fields, following)
        if verb == "link" and "next" in fields:
            fields.error("next", "a link is the last step of its way", "Remove «next».")
        if verb == "noop" and "next" not in fields:
            fields.error("noop", "a noop only branches", "Add «next:» with if, then and else.")
        description = fields.text("description")
        fields.done()
        return replace(step, next=way, place=node.place, description=description)

    def _collect(self, fields: Fields, step_id: str) -> AnyStep:
        fields.ignore("silence_timeout", "use x-remind-after and x-expire-after")
        fields.ignore("dtmf", "there is no telephone keypad")
        fields.refuse("reset_after_flow_ends", "List the slots to keep in persisted_slots of the flow.")
        return CollectStep(
            id=step_id,
            slot=fields.text("collect", required=True),
            ask=fields.text("utter"),
            ask_before_filling=fields.flag("ask_before_filling"),
            force=fields.flag("force_slot_filling"),
            free_text=fields.flag("x-free-text"),
            optional=fields.flag("x-optional"),
            rejections=rejections(fields, self._issues),
            max_attempts=fields.count("x-max-attempts"),
            remind_after=fields.seconds("x-remind-after"),
            expire_after=fields.seconds("x-expire-after"),
        )

    @staticmethod
    def _action(fields: Fields, step_id: str) -> AnyStep:
        name = fields.text("action", required=True)
        return ActionStep(id=step_id, action=name, says="." in name or name.startswith("utter_"))

    def _set_slots(self, fields: Fields, step_id: str) -> AnyStep:
        values: list[tuple[str, Any]] = []
        for node in fields.items("set_slots"):
            if node.kind != "map":
                self._issues.error(node.place, fields.where, "«- slot: value» is expected here")
                continue
            values += [(slot, value.plain()) for slot, value in node.value.items()]
        return SetSlotsStep(id=step_id, values=tuple(values))

    @staticmethod
    def _link(fields: Fields, step_id: str) -> AnyStep:
        return LinkStep(id=step_id, flow=fields.text("link", required=True))

    @staticmethod
    def _call(fields: Fields, step_id: str) -> AnyStep:
        for key in ("mcp_server", "mapping", "exit_if"):
            fields.refuse(key, "Only flows can be called; use an action for anything else.")
        return CallStep(id=step_id, flow=fields.text("call", required=True))

    @staticmethod
    def _noop(fields: Fields, step_id: str) -> AnyStep:
        if not fields.flag("noop"):
            fields.error("noop", "«noop» is only ever true")
        return NoopStep(id=step_id)

    def _next(self, fields: Fields, following: str) -> tuple[Branch, ...]:
        node = fields.get("next")
        if node is None:
            return (Branch(following),)
        if node.kind != "list":
            return (Branch(str(node.value)),)
        if not any(each.kind == "map" and ("if" in each.value or "else" in each.value) for each in node.value):
            return (Branch(self._nested(node)),)
        return tuple(branch for each in node.value if (branch := self._branch(each, fields.where)))

    def _branch(self, node: Node, where: str) -> Branch | None:
        fields = Fields(node, f"{where}, next", self._issues)
        if "else" in fields:
            target = fields.get("else")
            fields.done()
            return Branch(self._target(target, fields, "else"))
        text = fields.text("if", required=True)
        target = fields.get("then")
        fields.done()
        test = condition(text, fields.at("if"), where, self._issues) if text else None
        branch_target = self._target(target, fields, "then")
        return Branch(branch_target, test or always(value=False))

    def _target(self, node: Node | None, fields: Fields, key: str) -> str:
        if node is None:
            fields.error(key, f"«{key}» is missing", "Write a step id, END, or steps below it.")
            return END
        return self._nested(node) if node.kind == "list" else str(node.value)

    def _nested(self, node: Node) -> str:
        nodes = list(node.value)
        last = nodes[-1] if nodes else None
        if last is not None and last.kind == "map" and not {"next", "link"} & set(last.value):
            self._issues.error(
                last.place,
                f"flow {self._flow}",
                "the last nested step does not say where it goes",
                "Add «next: …» to it.",
            )
        return self.read(nodes, None)
