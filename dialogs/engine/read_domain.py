"""Reads domain files: intents, entities, slots, actions, responses, session. The profile's table is docs/formats.md."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dialogs.engine.parts import SLOT_TYPES, Place, Rejection, Response, Session, SlotDef, SlotMapping
from dialogs.engine.read_responses import condition, list_of, read_response
from dialogs.engine.slots import coerce, plain
from dialogs.engine.yamlfile import Fields, Issues, Node

_NO_MODEL = "there is no learned policy here"
_FORMAT_VERSIONS = ("3.0", "3.1")


class DomainDraft:
    """What the domain files have said so far; later files add, a second definition is an issue."""

    def __init__(self) -> None:
        """Start with nothing."""
        self.slots: dict[str, SlotDef] = {}
        self.intents: dict[str, Place] = {}
        self.entities: dict[str, Place] = {}
        self.actions: dict[str, Place] = {}
        self.responses: dict[str, dict[str, Response]] = {}
        self.session: Session | None = None
        self.words: dict[str, frozenset[str]] = {}
        self.urgent: dict[str, frozenset[str]] = {}
        self.after: dict[str, dict[str, frozenset[str]]] = {}


def read_domain(root: Node, draft: DomainDraft, issues: Issues, *, language: str, defaults: bool) -> None:
    """Add one file to ``draft``. ``defaults`` are the shipped ones, which never override what is already there."""
    fields = Fields(root, "domain", issues)
    version = fields.text("version")
    if version and version not in _FORMAT_VERSIONS:
        fields.error("version", f"version {version} is not known", 'Write version: "3.1".')
    _names(fields, "intents", draft.intents, ("use_entities", "ignore_entities"))
    _names(fields, "entities", draft.entities, ("roles", "groups", "influence_conversation"))
    _names(fields, "actions", draft.actions, ("send_domain",))
    for name, node, place in fields.entries("slots"):
        if _is_new(draft.slots, name, place, issues, defaults=defaults):
            draft.slots[name] = _slot(name, node, issues)
    responses = draft.responses.setdefault(language, {})
    for key, node, place in fields.entries("responses"):
        if _is_new(responses, key, place, issues, defaults=defaults):
            responses[key] = read_response(key, node, issues)
    session = fields.get("session_config")
    if session is not None and not (defaults and draft.session):
        draft.session = _session(session, issues)
    for key, book in (("x-words", draft.words), ("x-urgent", draft.urgent)):
        for order, node, _place in fields.entries(key):
            if not (defaults and order in book):
                book[order] = frozenset(plain(str(each.value)) for each in list_of(node, f"{key} {order}", issues))
    _after(fields, draft, issues, defaults=defaults)
    fields.refuse("forms", "Write a flow with one collect step for each required slot.")
    fields.refuse("e2e_actions", "Name the actions below «actions».")
    fields.ignore("config", "nothing of it applies here")
    fields.done()


def _after(fields: Fields, draft: DomainDraft, issues: Issues, *, defaults: bool) -> None:
    """Read ``x-after``: for a response, the messages that begin a flow right after it was said."""
    for response, node, _place in fields.entries("x-after"):
        where = f"x-after {response}"
        if node.kind != "map":
            fields.error("x-after", f"{where} must hold ids of flows with their phrases")
        elif not (defaults and response in draft.after):
            draft.after[response] = {
                flow: frozenset(plain(str(each.value)) for each in list_of(phrases, where, issues))
                for flow, phrases in node.value.items()
            }


def _is_new(book: Mapping[str, Any], name: str, place: Place, issues: Issues, *, defaults: bool) -> bool:
    """Return whether ``name`` is not defined yet; a second definition is an issue, unless it is a shipped default."""
    if name in book and not defaults:
        issues.error(place, name, f"it is defined twice, first at {book[name].place}", "Keep one of them.")
    return name not in book


def _names(fields: Fields, key: str, book: dict[str, Place], ignored: tuple[str, ...]) -> None:
    """Read a list of names; an entry may be ``name: {options}``, whose options are ignored with a warning."""
    for node in fields.items(key):
        name, place = node.value, node.place
        if node.kind == "map" and len(node.value) == 1:
            name, options = next(iter(node.value.items()))
            inner = Fields(options, f"{key} {name}", fields.issues)
            for option in ignored:
                inner.ignore(option, _NO_MODEL)
            inner.done()
        if not isinstance(name, str):
            fields.issues.error(place, key, "a name is expected here")
            continue
        book.setdefault(name, place)


def _session(node: Node, issues: Issues) -> Session:
    fields = Fields(node, "session_config", issues)
    minutes = fields.number("session_expiration_time")
    carry = fields.flag("carry_over_slots_to_new_session")
    fields.ignore("start_session_after_expiry", "a new session always starts after expiry")
    fields.done()
    return Session(int(60 if minutes is None else minutes), carry)


def rejections(fields: Fields, issues: Issues) -> tuple[Rejection, ...]:
    """Read a list of ``{if, utter}``."""
    found = []
    for node in fields.items("rejections"):
        inner = Fields(node, f"{fields.where}, rejections", issues)
        test = condition(inner.text("if", "false", required=True), inner.at("if"), inner.where, issues)
        utter = inner.text("utter", required=True)
        inner.done()
        if test is not None:
            found.append(Rejection(test, utter))
    return tuple(found)


def _slot(name: str, node: Node, issues: Issues) -> SlotDef:
    fields = Fields(node, f"slot {name}", issues)
    kind = fields.text("type", "text", required=True)
    if kind not in SLOT_TYPES:
        fields.error("type", f"the type «{kind}» is unknown", f"Choose one of: {', '.join(SLOT_TYPES)}.")
        kind = "any"
    values = tuple(fields.texts("values"))
    if kind == "categorical" and not values:
        fields.error("type", "a categorical slot needs its values", "Add «values:» with a list.")
    mappings = tuple(found for each in fields.items("mappings") if (found := _mapping(each, fields.where, issues)))
    validation = fields.get("validation")
    refused: tuple[Rejection, ...] = ()
    refill = ""
    if validation is not None:
        inner = Fields(validation, f"{fields.where}, validation", issues)
        refused, refill = rejections(inner, issues), inner.text("refill_utter")
        inner.done()
    initial = fields.get("initial_value")
    slot = SlotDef(
        name=name, type=kind, values=values, initial=initial.plain() if initial else None,
        min_value=fields.number("min_value"), max_value=fields.number("max_value"), mappings=mappings,
        rejections=refused, refill_utter=refill, personal=fields.flag("x-personal"),
        free_text=fields.flag("x-free-text"), label=fields.text("x-label"), empties=tuple(fields.texts("x-empties")),
        sounds_like=tuple(fields.texts("x-sounds-like")), consent=fields.text("x-consent"), place=fields.place,
    )  # fmt: skip
    try:
        coerce(slot, slot.initial)
    except ValueError as trouble:
        fields.error("initial_value", f"the initial value does not fit: {trouble}")
    fields.text("description")
    fields.ignore("influence_conversation", _NO_MODEL)
    fields.ignore("shared_for_coexistence", "there is one system only")
    fields.refuse("value_reset_delay", "Empty the slot in a set_slots step.")
    fields.done()
    return slot


def _mapping(node: Node, where: str, issues: Issues) -> SlotMapping | None:
    fields = Fields(node, f"{where}, mappings", issues)
    kind = fields.text("type", required=True)
    if kind in ("from_llm", "custom", "from_trigger_intent"):
        advice = {
            "from_llm": "Leave the mappings out: the slot is then filled from the answer, by its type.",
            "custom": "Use «controlled» and let an action set the slot.",
            "from_trigger_intent": "Use from_intent.",
        }
        fields.error("type", f"the mapping «{kind}» is not part of this profile", advice[kind])
        return None
    if kind not in ("from_entity", "from_intent", "from_text", "controlled"):
        fields.error(
            "type", f"the mapping «{kind}» is unknown", "Known: from_entity, from_intent, from_text, controlled."
        )
        return None
    value = fields.get("value")
    flows = []
    for each in fields.items("conditions"):
        inner = Fields(each, f"{fields.where}, conditions", issues)
        flows.append(inner.text("active_flow"))
        for key in ("active_loop", "requested_slot"):
            inner.refuse(key, "Write active_flow with the id of a flow.")
        inner.done()
    mapping = SlotMapping(
        type=kind,  # type: ignore[arg-type]
        entity=fields.text("entity", required=kind == "from_entity"),
        value=None if value is None else value.plain(),
        intents=_one_or_more(fields, "intent"),
        not_intents=_one_or_more(fields, "not_intent"),
        flows=frozenset(filter(None, flows)),
    )
    if kind == "from_intent" and (value is None or not mapping.intents):
        fields.error("type", "from_intent needs «intent» and «value»")
    for key in ("role", "group"):
        fields.refuse(key, "Give each meaning its own entity.")
    fields.ignore("run_action_every_turn", "actions run where a flow says so")
    fields.ignore("coexistence_system", "there is one system only")
    fields.ignore("allow_nlu_correction", "corrections are always allowed")
    fields.done()
    return mapping


def _one_or_more(fields: Fields, key: str) -> frozenset[str]:
    node = fields.get(key)
    if node is not None and node.kind == "list":
        return frozenset(fields.texts(key))
    text = fields.text(key)
    return frozenset({text} if text else ())
