"""What a message tells besides what it wants: values for the slots of an errand, and the meaning of a button."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dialogs.engine.commands import SetSlot
from dialogs.engine.conversation import Conversation
from dialogs.engine.flow import Dialogs, Flow, SlotDef
from dialogs.engine.heard import Heard
from dialogs.engine.slots import fitted, plain

_SET_SLOTS = re.compile(r"/SetSlots\((.*)\)\s*\Z", re.DOTALL)
_NEXT_PAIR = re.compile(r",(?=\s*\w+\s*=)")
_NAMED = re.compile(r"/([A-Za-z0-9_][A-Za-z0-9_-]*)\s*(\{.*\})?\s*\Z", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Payload:
    """The meaning of a button: ``slots`` as (name, text) pairs of ``/SetSlots(…)``, or ``name`` and ``values`` of ``/name{…}``."""

    slots: tuple[tuple[str, str], ...] = ()
    name: str = ""
    values: Mapping[str, Any] | None = None


def read_payload(text: str) -> Payload | None:
    """Return the meaning of a payload that begins with ``/``; None when it is plain text, as if it had been typed."""
    text = text.strip()
    if not text.startswith("/"):
        return None
    slots = _SET_SLOTS.match(text)
    if slots:
        pairs = (part.partition("=") for part in _NEXT_PAIR.split(slots[1]))
        return Payload(tuple((name.strip(), value.strip().strip("\"'")) for name, _, value in pairs))
    named = _NAMED.match(text)
    return Payload(name=named[1], values=_json(named[2])) if named else Payload()


def named(name: str, values: Mapping[str, Any] | None = None) -> str:
    """Return the payload ``/name``, with ``values`` if there are any."""
    return f"/{name}{json.dumps(dict(values), ensure_ascii=False)}" if values else f"/{name}"


class Told:
    """The values in one message, by slot."""

    def __init__(self, conversation: Conversation, heard: Heard, dialogs: Dialogs) -> None:
        """Take the message and the talk it belongs to."""
        self._talk = conversation
        self._heard = heard
        self._dialogs = dialogs
        self.media = tuple(each for each in heard.media if "file_id" in each)

    def pairs(self, payload: Payload) -> list[SetSlot]:
        """Return what ``/SetSlots(a=b)`` fills; slots that do not exist and values that do not fit are left out."""
        found = []
        for name, text in payload.slots:
            slot = self._dialogs.domain.slots.get(name)
            if slot is not None and plain(text) in ("null", "none"):
                found.append(SetSlot(name, None, self._heard.text))
            elif (value := fitted(slot, text)) is not None:
                found.append(SetSlot(name, value, self._heard.text))
        return found

    def fill(self, slot: str, value: Any) -> SetSlot:
        """Return the command that answers ``slot``; files are added to those that are already there."""
        if self._dialogs.domain.slots[slot].type == "media" and isinstance(value, (list, tuple)):
            before = self._talk.slots.get(slot) or []
            known = {each.get("file_id") for each in before}
            value = [*before, *(each for each in value if each.get("file_id") not in known)]
        return SetSlot(slot, value, self._heard.text)

    def beginning(self, flow: Flow, intent: str, values: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Return what a message already tells of the errand it begins; ``values`` of a payload win."""
        found = self.values(flow, intent)
        for name, value in (values or {}).items():
            typed = fitted(self._dialogs.domain.slots.get(name), value)
            if typed is not None:
                found[name] = typed
        return found

    def values(self, flow: Flow, intent: str) -> dict[str, Any]:
        """Return the slots of ``flow`` that the message fills, through mappings or an entity of the same name."""
        found = self._all(flow, intent)
        if self._may_keep:
            return found
        return {name: value for name, value in found.items() if not self._dialogs.domain.slots[name].personal}

    def withholds(self, flow: Flow, intent: str) -> bool:
        """Return whether the message tells something of the person that may not be kept yet."""
        return not self._may_keep and any(self._dialogs.domain.slots[name].personal for name in self._all(flow, intent))

    @property
    def _may_keep(self) -> bool:
        """Whether what is personal may be kept: not while permission is asked (``x-consent``) and not given."""
        asked = self._dialogs.domain.slots.get(self._talk.asked)
        if asked is None or not asked.consent:
            return True
        answer = self._heard.answer
        return answer is not None and answer.sure and answer.value == asked.consent

    def _all(self, flow: Flow, intent: str) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name in sorted(self._dialogs.slots_of(flow.id)):
            slot = self._dialogs.domain.slots.get(name)
            value = None if slot is None else self._mapped(slot, flow, intent)
            if value is not None and (typed := fitted(slot, value)) is not None:
                found[name] = typed
        return found

    def _mapped(self, slot: SlotDef, flow: Flow, intent: str) -> Any:
        if slot.type == "location" and self._heard.point:
            return {"lat": self._heard.point[0], "lon": self._heard.point[1]}
        if slot.type == "media" and self.media:
            return [dict(each) for each in self.media]
        if not slot.mappings:
            return self._entity(slot.name, slot.name) if slot.name in self._dialogs.domain.entities else None
        for mapping in slot.mappings:
            if mapping.flows and flow.id not in mapping.flows:
                continue
            if (mapping.intents and intent not in mapping.intents) or intent in mapping.not_intents:
                continue
            if mapping.type == "from_intent":
                return mapping.value
            if mapping.type == "from_entity":
                value = self._entity(mapping.entity, slot.name)
                if value is not None:
                    return value
        return None

    def _entity(self, name: str, slot: str) -> Any:
        """Return the value of an entity; when a correction names two ("no es luz, es gas"), the one that is new."""
        values = [entity.value for entity in self._heard.entities if entity.name == name and entity.fills]
        if self._heard.correction:
            values = [value for value in values if value != self._talk.slots.get(slot)] or values
            return values[-1] if values else None
        return values[0] if values else None


def _json(text: str | None) -> dict[str, Any]:
    """Read the values of ``/intent{…}``; Rasa writes the braces twice."""
    if not text:
        return {}
    try:
        found = json.loads(text.replace("{{", "{").replace("}}", "}"))
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
