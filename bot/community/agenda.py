"""The consultorio comunal: free times for a person, one at a time, and none given twice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final, Literal

from bot.community import leaders
from bot.kernel.clock import BOGOTA, local_date
from storage.repos.agenda import SlotRecord

if TYPE_CHECKING:
    from storage.repos.agenda import BookingRecord
    from storage.uow import UnitOfWork

#: Nobody arrives at an office in less.
NOTICE: Final = timedelta(hours=1)
Outcome = Literal["reservado", "ocupado", "ya_tiene"]


def free(uow: UnitOfWork, conversations: Sequence[str], now: datetime, *, days: int) -> list[SlotRecord]:
    """Return the times that the person may take in the next ``days``, the earliest first.

    Times kept for leaders or for a sector are offered to those only.
    """
    own = leaders.speaks_for(uow, conversations, local_date(now))
    found = uow.agenda.free(now + NOTICE, now + timedelta(days=days))
    return [slot for slot in found if not slot.lideres or (own and (slot.sector is None or slot.sector in own))]


def book(
    uow: UnitOfWork,
    slot_id: int,
    conversations: Sequence[str],
    *,
    tema: str,
    now: datetime,
    instead_of: int | None = None,
) -> Outcome:
    """Give a time to the first of ``conversations``, perhaps in exchange for another booking of theirs.

    The old one is given back only when the new one was had; a person has one coming time only.
    """
    slot = uow.agenda.slot(slot_id)
    coming = uow.agenda.coming(conversations, now)
    others = [one for one in coming if one.id != instead_of]
    if others:
        return "ya_tiene"
    if slot is None or slot.cerrado or slot.starts_at <= now:
        return "ocupado"
    if slot.lideres and not leaders.speaks_for(uow, conversations, local_date(now)):
        return "ocupado"
    if uow.agenda.book(slot_id, conversations[0], tema=tema or None, at=now) is None:
        return "ocupado"
    for old in coming:
        uow.agenda.cancel(old.id, now)
    return "reservado"


def give_back(uow: UnitOfWork, booking_id: int, conversations: Sequence[str], now: datetime) -> bool:
    """Cancel a coming time of the person; return False when it was none of theirs."""
    own = {one.id for one in uow.agenda.coming(conversations, now)}
    return booking_id in own and uow.agenda.cancel(booking_id, now)


def due_reminders(uow: UnitOfWork, now: datetime, *, hours: int) -> list[BookingRecord]:
    """Return the times within ``hours`` of which nobody was reminded; one booked that late needs no reminder."""
    ahead = timedelta(hours=hours)
    coming = uow.agenda.between(now, now + ahead)
    return [one for one in coming if one.reminded_at is None and one.slot.starts_at - one.at > ahead]


def day_of_slots(
    day: date, *, oficina: str, opens: time, closes: time, minutes: int, leaders_only: bool, sector: str | None
) -> list[SlotRecord]:
    """Return the times of one day, one after the other, as long as each ends before closing."""
    step, found = timedelta(minutes=minutes), []
    start, end = datetime.combine(day, opens, BOGOTA), datetime.combine(day, closes, BOGOTA)
    while start + step <= end:
        found.append(
            SlotRecord(id=0, oficina=oficina, starts_at=start, minutos=minutes, lideres=leaders_only, sector=sector)
        )
        start += step
    return found
