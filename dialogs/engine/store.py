"""The conversation as one JSON document, and back; documents of older versions still open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dialogs.engine.conversation import Conversation, Frame, Parked, Pending

#: Version of the document; a reader must know how to open every older one.
FORMAT = 1


def to_json(conversation: Conversation) -> dict[str, Any]:
    """Return ``conversation`` as a document of JSON types; defaults are left out to keep it short."""
    document: dict[str, Any] = {"v": FORMAT, "id": conversation.id, "turn": conversation.turn}
    if conversation.slots:
        document["slots"] = dict(conversation.slots)
    if conversation.stack:
        document["stack"] = [_frame_to_json(frame) for frame in conversation.stack]
    if conversation.pending:
        pending = conversation.pending
        document["pending"] = [pending.call_id, pending.action, pending.flow, pending.step, pending.timers]
    if conversation.said:
        document["said"] = [[response, dict(values)] for response, values in conversation.said]
    if conversation.queued:
        document["queued"] = list(conversation.queued)
    if conversation.told:
        document["told"] = {flow: dict(slots) for flow, slots in conversation.told.items()}
    if conversation.parked:
        parked = conversation.parked
        document["parked"] = {
            "stack": [_frame_to_json(frame) for frame in parked.stack],
            "slots": dict(parked.slots),
            "offers": parked.offers,
        }
    for name in ("asked", "missed", "calls"):
        value = getattr(conversation, name)
        if value:
            document[name] = value
    return document


def from_json(document: Mapping[str, Any]) -> Conversation:
    """Return the conversation kept in ``document``; keys that are absent take their defaults.

    Raises:
        KeyError: there is no ``id``.
    """
    pending = document.get("pending")
    return Conversation(
        id=str(document["id"]),
        slots=dict(document.get("slots") or {}),
        stack=tuple(_frame_from_json(frame) for frame in document.get("stack") or ()),
        asked=str(document.get("asked") or ""),
        pending=Pending(*pending) if pending else None,
        turn=int(document.get("turn") or 0),
        missed=int(document.get("missed") or 0),
        said=tuple((response, dict(values)) for response, values in document.get("said") or ()),
        queued=tuple(document.get("queued") or ()),
        calls=int(document.get("calls") or 0),
        told={flow: dict(slots) for flow, slots in (document.get("told") or {}).items()},
        parked=_parked_from_json(document.get("parked")),
    )


def _parked_from_json(document: Mapping[str, Any] | None) -> Parked | None:
    if not document:
        return None
    stack = tuple(_frame_from_json(frame) for frame in document["stack"])
    return Parked(stack, dict(document.get("slots") or {}), int(document.get("offers") or 0))


def _frame_to_json(frame: Frame) -> dict[str, Any]:
    document: dict[str, Any] = {"flow": frame.flow, "version": frame.version, "step": frame.step}
    for name in ("tries", "called", "replay"):
        value = getattr(frame, name)
        if value:
            document[name] = value
    if frame.filled:
        document["filled"] = list(frame.filled)
    if frame.context:
        document["context"] = dict(frame.context)
    return document


def _frame_from_json(document: Mapping[str, Any]) -> Frame:
    return Frame(
        flow=str(document["flow"]),
        version=str(document.get("version") or ""),
        step=str(document["step"]),
        tries=int(document.get("tries") or 0),
        called=bool(document.get("called")),
        filled=tuple(document.get("filled") or ()),
        context=dict(document.get("context") or {}),
        replay=str(document.get("replay") or ""),
    )
