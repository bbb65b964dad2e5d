"""Our own words or approved ones: what a message may leave as, by when its person last wrote and how its template stands.

Answers go in our own words, and wait for their person outside the window. For a notice our own words are, inside it,
never dearer than a template and can do more (lists, long texts), so they go unless the template is there to expire;
outside it only an approved template goes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot.channels.base import Notice, Say, Sent, Verdict
from bot.outbox.rules import TEMPLATE
from storage.repos.receipts import WINDOW

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from storage.repos.outbox import Outbound
    from storage.repos.providers import TemplateFacts

#: A message that leaves in the last moment may arrive after it.
_MARGIN: Final = timedelta(minutes=2)
NO_TEMPLATE: Final = f"{WINDOW}no_template"
#: An earlier message of ours waits for the person: what comes after it keeps its place.
BEHIND: Final = f"{WINDOW}behind"
#: States of a template at the provider in which it cannot be sent; one that nobody knows is tried, and refused by code.
_UNUSABLE: Final = frozenset({"REJECTED", "DISABLED", "PENDING_DELETION", "DELETED", "ARCHIVED"})
#: States that end by themselves, or by a decision of the provider that is awaited.
_PASSING: Final = frozenset({"PENDING", "PAUSED", "LOCKED", "LIMIT_EXCEEDED"})


@dataclass(frozen=True, slots=True)
class Standing:
    """What decides about a round: when its people last wrote, what is known of templates, for whom something waits."""

    heard: Mapping[str, datetime]
    templates: Mapping[tuple[str, str], TemplateFacts]
    waiting: frozenset[str] = frozenset()


def choose(
    row: Outbound, say: Say, notice: Notice | None, standing: Standing, *, window_s: int, now: datetime
) -> Say | Notice | Sent:
    """Return what of a message may leave now: our words, the template, or why neither."""
    is_free = is_open(standing.heard.get(row.conversation_id), window_s, now)
    if row.kind != "notice":
        # Whether an answer may still go is the provider's to say; but never past one that waits already.
        is_behind = row.conversation_id in standing.waiting and not is_free
        return Sent(Verdict.CLOSED_WINDOW, code=BEHIND) if is_behind else say
    # Whoever counts the window has already said that it is closed.
    is_free = is_free and not (row.code or "").startswith(WINDOW)
    if is_free and not (notice is not None and is_always(row)):
        return say
    if notice is None:
        return Sent(Verdict.CLOSED_WINDOW, code=NO_TEMPLATE)
    facts = standing.templates.get((notice.template, notice.language))
    trouble = trouble_of(row.payload["template"].get("category", ""), facts)
    if trouble is None:
        return notice
    # A template that cannot be used is no reason to be silent where our own words may go.
    return say if is_free else trouble


def is_open(heard: datetime | None, window_s: int, now: datetime) -> bool:
    """Tell whether somebody who wrote at ``heard`` may still be answered freely."""
    return heard is not None and now - heard < timedelta(seconds=window_s) - _MARGIN


def is_always(row: Outbound) -> bool:
    """Tell whether the template of a notice goes inside the window too."""
    template = row.payload.get("template")
    return bool(template and template.get("always"))


def trouble_of(wanted: str, facts: TemplateFacts | None) -> Sent | None:
    """Return why a template of the category ``wanted`` cannot be used now, or None."""
    said = facts.said if facts else {}
    state = said.get("state", "").upper()
    if state in _PASSING:
        return Sent(Verdict.RETRY, code=f"{TEMPLATE}{state}")
    if state in _UNUSABLE:
        return Sent(Verdict.CLOSED_WINDOW, code=f"{WINDOW}template_{state}")
    category = said.get("category", "")
    if category and wanted and category != wanted:
        # Another category costs more, asks for another consent, and takes away the moment after which it expires.
        return Sent(Verdict.RETRY, code=f"{TEMPLATE}{category}")
    return None
