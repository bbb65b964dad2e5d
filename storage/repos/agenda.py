"""Times in which an office attends one person, and who has them; the database lets nobody take what is taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select, update

from storage.repos.base import AnyRow, Repo, fixed, upsert
from storage.rows.base import table
from storage.rows.community import AgendaBookingRow, AgendaSlotRow

_slots, _bookings = table(AgendaSlotRow), table(AgendaBookingRow)
_s, _b = _slots.c, _bookings.c


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotRecord:
    """A time of an office, ``minutos`` long; ``lideres``: kept for verified leaders; ``sector``: for its people only."""

    id: int
    oficina: str
    starts_at: datetime
    minutos: int
    sector: str | None = None
    lideres: bool = False
    cerrado: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingRecord:
    """A time that somebody has, with its slot; ``estado``: activa, cancelada."""

    id: int
    conversation_id: str
    estado: str
    at: datetime
    slot: SlotRecord
    tema: str | None = None
    reminded_at: datetime | None = None


_SLOT_FIELDS = list(SlotRecord.__dataclass_fields__)
_TAKEN = select(_b.slot_id).where(_b.estado == fixed("activa"))
_ADD_SLOT = {
    dialect: statement.on_conflict_do_nothing(index_elements=["oficina", "starts_at"]).returning(_s.id)
    for dialect, statement in upsert(_slots).items()
}
_SLOT = select(*(_s[name] for name in _SLOT_FIELDS)).where(_s.id == bindparam("wanted"))
_FREE = (
    select(*(_s[name] for name in _SLOT_FIELDS))
    .where(
        _s.starts_at > bindparam("since"),
        _s.starts_at < bindparam("until"),
        _s.cerrado.is_(False),
        _s.id.not_in(_TAKEN),
    )
    .order_by(_s.starts_at, _s.id)
)
_BOOK = {
    dialect: statement.on_conflict_do_nothing(
        index_elements=["slot_id"], index_where=_b.estado == fixed("activa")
    ).returning(_b.id)
    for dialect, statement in upsert(_bookings).items()
}
_BOOKED = select(
    _b.id.label("booking_id"),
    _b.conversation_id,
    _b.tema,
    _b.estado,
    _b.at,
    _b.reminded_at,
    *(_s[name] for name in _SLOT_FIELDS),
).join(_slots, _s.id == _b.slot_id)
_MINE = _BOOKED.where(
    _b.conversation_id.in_(bindparam("whose", expanding=True)),
    _b.estado == fixed("activa"),
    _s.starts_at > bindparam("since"),
).order_by(_s.starts_at)
_BETWEEN = _BOOKED.where(
    _b.estado == fixed("activa"), _s.starts_at > bindparam("since"), _s.starts_at < bindparam("until")
).order_by(_s.starts_at)
_CANCEL = (
    update(_bookings)
    .where(_b.id == bindparam("wanted"), _b.estado == fixed("activa"))
    .values(estado="cancelada", ended_at=bindparam("now"))
)

_REMIND = (
    update(_bookings)
    .where(_b.id == bindparam("wanted"), _b.estado == fixed("activa"), _b.reminded_at.is_(None))
    .values(reminded_at=bindparam("now"))
)


class Agenda(Repo):
    """The ``agenda_slots`` and ``agenda_bookings`` tables."""

    def offer(self, slots: Sequence[SlotRecord]) -> int:
        """Add times (their ``id`` is given here); a time that an office already has is left alone. Return how many."""
        added = 0
        for slot in slots:
            values = {name: getattr(slot, name) for name in _SLOT_FIELDS if name != "id"}
            added += self._first(_ADD_SLOT[self._dialect], values) is not None
        return added

    def slot(self, slot_id: int) -> SlotRecord | None:
        """Return one time, or None."""
        row = self._first(_SLOT, {"wanted": slot_id})
        return None if row is None else SlotRecord(**row._mapping)  # noqa: SLF001 - documented

    def free(self, since: datetime, until: datetime) -> list[SlotRecord]:
        """Return the times between two moments that nobody has, the earliest first."""
        return [SlotRecord(**row._mapping) for row in self._all(_FREE, {"since": since, "until": until})]  # noqa: SLF001 - documented

    def book(self, slot_id: int, conversation_id: str, *, tema: str | None, at: datetime) -> int | None:
        """Give a time to a conversation and return the booking's number; None when somebody has it already."""
        values = {
            "slot_id": slot_id,
            "conversation_id": conversation_id,
            "tema": self._seal_text(tema, _place(conversation_id, slot_id)),
            "estado": "activa",
            "at": at,
        }
        found: int | None = self._run(_BOOK[self._dialect], values).scalar()
        return found

    def coming(self, conversations: Sequence[str], since: datetime) -> list[BookingRecord]:
        """Return the times that these conversations have after a moment, the earliest first."""
        return [self._record(row) for row in self._all(_MINE, {"whose": list(conversations), "since": since})]

    def between(self, since: datetime, until: datetime) -> list[BookingRecord]:
        """Return the times that anybody has between two moments, the earliest first."""
        return [self._record(row) for row in self._all(_BETWEEN, {"since": since, "until": until})]

    def cancel(self, booking_id: int, at: datetime) -> bool:
        """Give a time back; return False when it was not held any more."""
        return self._run(_CANCEL, {"wanted": booking_id, "now": at}).rowcount == 1

    def reminded(self, booking_id: int, at: datetime) -> bool:
        """Note that the person is reminded; False when they were, or the time was given back."""
        return self._run(_REMIND, {"wanted": booking_id, "now": at}).rowcount == 1

    def close(self, slot_id: int, *, closed: bool) -> bool:
        """Offer a time no more, or again; return False when there is no such time."""
        return self._run(update(_slots).where(_s.id == slot_id).values(cerrado=closed)).rowcount == 1

    def _record(self, row: AnyRow) -> BookingRecord:
        slot = SlotRecord(**{name: getattr(row, name) for name in _SLOT_FIELDS})
        return BookingRecord(
            id=row.booking_id,
            conversation_id=row.conversation_id,
            estado=row.estado,
            at=row.at,
            slot=slot,
            tema=self._open_text(row.tema, _place(row.conversation_id, slot.id)),
            reminded_at=row.reminded_at,
        )


def _place(conversation_id: str, slot_id: int) -> str:
    return f"agenda_bookings:{conversation_id}:{slot_id}:tema"
