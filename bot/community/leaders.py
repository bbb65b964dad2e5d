"""Leaders (§6): asked for by chat, verified by staff with document, act and dates, and only in force between them.

SOLICITADO → VERIFICADO | RECHAZADO; VERIFICADO → VENCIDO when its last day is over.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Final

from bot.community.catalog import load
from bot.community.errors import NoSuchThing, StepRefused
from bot.kernel import steps
from bot.kernel.clock import local_date

if TYPE_CHECKING:
    from datetime import datetime

    from storage.repos.leaders import LeaderRecord
    from storage.uow import UnitOfWork

REQUESTED: Final = "SOLICITADO"
VERIFIED: Final = "VERIFICADO"
REJECTED: Final = "RECHAZADO"
EXPIRED: Final = "VENCIDO"
STATES: Final = (REQUESTED, VERIFIED, REJECTED, EXPIRED)
_ACTOR: Final = "sistema"


def is_in_force(leader: LeaderRecord, today: date) -> bool:
    """Whether the leader was verified and ``today`` (Bogotá) lies between the dates, both included."""
    starts = leader.desde_on is None or leader.desde_on <= today
    return leader.estado == VERIFIED and starts and (leader.hasta_on is None or today <= leader.hasta_on)


def speaks_for(uow: UnitOfWork, conversations: Sequence[str], today: date) -> dict[str, str]:
    """Return the sectors for which whoever writes in ``conversations`` speaks today, each with the role."""
    found: dict[str, str] = {}
    for leader in uow.leaders.of_conversations(conversations):
        if is_in_force(leader, today):
            found.update(dict.fromkeys(leader.sectores, leader.rol))
    return found


def of_sectors(uow: UnitOfWork, sectors: Sequence[str], today: date) -> list[LeaderRecord]:
    """Return the leaders who speak for any of ``sectors`` today."""
    return [leader for leader in uow.leaders.of_sectors(sectors) if is_in_force(leader, today)]


def verify(uow: UnitOfWork, leader_id: int, *, since: date, until: date, actor: str, at: datetime) -> LeaderRecord:
    """Accept a request between two days, both included.

    Raises:
        NoSuchThing: there is no such leader.
        StepRefused: it is not waiting, it has no sector, the dates are the wrong way round, over, or too far apart.
    """
    leader = _get(uow, leader_id)
    role = load().roles.get(leader.rol)
    if until < since:
        raise StepRefused("the last day comes before the first")
    if until < local_date(at):
        raise StepRefused("the last day is over already")
    if role is not None and role.anios is not None and until > _years_later(since, role.anios):
        raise StepRefused(
            f"a {leader.rol} is verified for {role.anios} years at most: until {_years_later(since, role.anios)}"
        )
    if not leader.sectores:
        raise StepRefused("the request names no sector that we know")
    return _decide(uow, leader, VERIFIED, at=at, actor=actor, since=since, until=until)


def reject(uow: UnitOfWork, leader_id: int, reason: str, *, actor: str, at: datetime) -> LeaderRecord:
    """Say no to a request, with the reason that the person will read.

    Raises:
        NoSuchThing: there is no such leader.
        StepRefused: it is not waiting, or there is no reason.
    """
    if not reason.strip():
        raise StepRefused("say why: the person will read it")
    return _decide(uow, _get(uow, leader_id), REJECTED, at=at, actor=actor, reason=reason.strip())


def expire(uow: UnitOfWork, now: datetime) -> list[LeaderRecord]:
    """Take from VERIFICADO to VENCIDO whoever's last day is over; return them."""
    today = local_date(now)
    over = [one for one in uow.leaders.in_state(VERIFIED) if one.hasta_on is not None and one.hasta_on < today]
    return [one for one in over if uow.leaders.decide(one.id, expected=VERIFIED, estado=EXPIRED, at=now, autor=_ACTOR)]


def _decide(  # what was decided, by whom, and the dates or the reason
    uow: UnitOfWork,
    leader: LeaderRecord,
    state: str,
    *,
    at: datetime,
    actor: str,
    since: date | None = None,
    until: date | None = None,
    reason: str | None = None,
) -> LeaderRecord:
    decided = uow.leaders.decide(
        leader.id, expected=REQUESTED, estado=state, at=at, autor=actor, desde_on=since, hasta_on=until, motivo=reason
    )
    if not decided:
        raise StepRefused(steps.only("registro", leader.estado, [REQUESTED], "decidir", which=str(leader.id)))
    return _get(uow, leader.id)


def _get(uow: UnitOfWork, leader_id: int) -> LeaderRecord:
    leader = uow.leaders.get(leader_id)
    if leader is None:
        raise NoSuchThing(f"there is no leader {leader_id}")
    return leader


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)
