"""What a webhook says that is nobody's message: kept apart with its reason, never dropped in silence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final, Literal

from bot.channels.base import TemplateNews

#: ``template`` and ``account`` concern us, ``person`` somebody who writes to us; ``ignored`` concerns nobody.
Concern = Literal["template", "account", "person", "ignored"]

_EMPTY: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Note:
    """Something that was recognised and is not an event; ``detail`` holds nothing about people."""

    concern: Concern
    what: str
    detail: Mapping[str, str] = field(default_factory=lambda: _EMPTY)


#: Webhook fields by whom they concern (https://developers.facebook.com, webhooks reference of the WhatsApp account).
FIELDS: Final[Mapping[str, Concern]] = {
    "message_template_status_update": "template",
    "message_template_quality_update": "template",
    "message_template_components_update": "template",
    "template_category_update": "template",
    "account_update": "account",
    "account_alerts": "account",
    "account_review_update": "account",
    "account_settings_update": "account",
    "business_capability_update": "account",
    "business_status_update": "account",
    "phone_number_name_update": "account",
    "phone_number_quality_update": "account",
    "security": "account",
    "user_preferences": "person",
    "user_id_update": "person",
}

#: Where a webhook about a template says what we keep of it, by what it is called there.
_KEPT: Final = {
    "event": "state",
    "new_category": "category",
    "message_template_category": "category",
    "new_quality_score": "quality",
    "reason": "reason",
    "message_template_element": "words",
}

#: Where the words of a note about templates and accounts stand; none of them tells of a person.
_TELLING: Final = {
    "event": "event",
    "message_template_name": "template",
    "message_template_language": "language",
    "message_template_category": "category",
    "new_category": "category",
    "new_quality_score": "quality",
    "reason": "reason",
    "current_limit": "limit",
    "alert_type": "alert",
}
_LONGEST = 200
_LONGEST_WORDS = 2_000


def note_of(name: str, value: Mapping[str, Any]) -> Note:
    """Return the note about a change of the webhook field ``name``; an unknown field is ignored by its name."""
    concern = FIELDS.get(name)
    if concern is None:
        return Note("ignored", name[:_LONGEST])
    if concern == "person":
        return Note(concern, name)
    detail = {said: value[key][:_LONGEST] for key, said in _TELLING.items() if isinstance(value.get(key), str)}
    return Note(concern, name, detail)


def template_news(name: str, value: Mapping[str, Any], at: datetime) -> TemplateNews | None:
    """Return what a change of the webhook field ``name`` says of a template of ours, or None."""
    template, language = value.get("message_template_name"), value.get("message_template_language")
    if FIELDS.get(name) != "template" or not isinstance(template, str) or not isinstance(language, str):
        return None
    said = {kept: value[key][:_LONGEST_WORDS] for key, kept in _KEPT.items() if isinstance(value.get(key), str)}
    return TemplateNews(template[:_LONGEST], language[:_LONGEST], said, at) if said else None
