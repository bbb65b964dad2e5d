"""As what somebody may speak of a work: by the sectors they lead, reported in, or live in with a proved account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.community import leaders
from bot.community.interventions import Standing
from bot.kernel.clock import local_date

if TYPE_CHECKING:
    from datetime import datetime

    from storage.uow import UnitOfWork

_REPORTS = 20


def standing_of(uow: UnitOfWork, conversation_id: str, now: datetime) -> Standing:
    """Return as what the person who writes in ``conversation_id`` may speak of works."""
    whose = uow.people.conversations_with(conversation_id)
    reported = {report.sector for one in whose for report in uow.reports.of_conversation(one, _REPORTS)}
    return Standing(
        leads=frozenset(leaders.speaks_for(uow, whose, local_date(now))),
        reported=frozenset(sector for sector in reported if sector),
        lives=lives_in(uow, conversation_id),
    )


def lives_in(uow: UnitOfWork, conversation_id: str) -> frozenset[str]:
    """Return the sectors of the accounts that the person proved to hold."""
    person = uow.people.person_of(conversation_id)
    proved = [one.cuenta for one in uow.people.accounts_of(person) if one.verified] if person else []
    found = [uow.customers.account(cuenta) for cuenta in proved]
    return frozenset(one.sector for one in found if one is not None and one.sector)
