"""What people asked to get and how they want to be written to; a no is kept as long as a yes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, select, update

from storage.repos.base import Dialect, Insert, Repo, fixed, upsert
from storage.rows.base import table
from storage.rows.notices import NoticePrefRow, SubscriptionRow

_subs = table(SubscriptionRow)
_s = _subs.c
_prefs = table(NoticePrefRow)
_p = _prefs.c


@dataclass(frozen=True, slots=True)
class Subscription:
    """A topic that is wanted (``is_on``) or was left; ``sector`` is empty for a topic without territory."""

    topic: str
    sector: str
    is_on: bool
    since_at: datetime


@dataclass(frozen=True, slots=True)
class Preference:
    """``hours`` names the hours asked for (empty: those of the law); ``off_at``: nothing at all since then."""

    hours: str = ""
    off_at: datetime | None = None
    blocked_at: datetime | None = None


_SET = {
    dialect: statement.on_conflict_do_update(
        index_elements=["conversation_id", "topic", "sector"],
        set_={
            "state": statement.excluded.state,
            "since_at": statement.excluded.since_at,
            "ended_at": statement.excluded.ended_at,
        },
    )
    for dialect, statement in upsert(_subs).items()
}
_OF = select(_s.topic, _s.sector, _s.state, _s.since_at).where(_s.conversation_id == bindparam("whose")).order_by(_s.id)
_OF_TOPIC = (
    select(_s.topic, _s.sector, _s.state, _s.since_at)
    .where(_s.conversation_id == bindparam("whose"), _s.topic == bindparam("what"))
    .order_by(_s.id)
)
_END = (
    update(_subs)
    .where(_s.conversation_id == bindparam("whose"), _s.topic == bindparam("what"), _s.state == fixed("on"))
    .values(state=fixed("off"), ended_at=bindparam("now"))
)
_END_ONE = (
    update(_subs)
    .where(
        _s.conversation_id == bindparam("whose"),
        _s.topic == bindparam("what"),
        _s.sector == bindparam("where"),
        _s.state == fixed("on"),
    )
    .values(state=fixed("off"), ended_at=bindparam("now"))
)
_FORGET_NO = delete(_subs).where(
    _s.conversation_id == bindparam("whose"),
    _s.topic == bindparam("what"),
    _s.sector == "",
    _s.state == fixed("off"),
)
_PREF = select(_p.hours, _p.off_at, _p.blocked_at).where(_p.conversation_id == bindparam("whose"))


def _keep(*columns: str) -> dict[Dialect, Insert]:
    """Return an INSERT into the preferences that changes only ``columns`` of a row that is there."""
    return {
        dialect: statement.on_conflict_do_update(
            index_elements=["conversation_id"],
            set_={name: statement.excluded[name] for name in (*columns, "updated_at")},
        )
        for dialect, statement in upsert(_prefs).items()
    }


_KEEP_HOURS, _KEEP_OFF, _KEEP_BLOCKED = _keep("hours"), _keep("off_at"), _keep("blocked_at")
_NEW = {"hours": "", "off_at": None, "blocked_at": None}


class Subscriptions(Repo):
    """The ``subscriptions`` and ``notice_prefs`` tables."""

    def turn_on(self, conversation_id: str, topic: str, sector: str, now: datetime) -> None:
        """Note that a topic is wanted, for one sector or (empty) without territory."""
        self._run(_FORGET_NO, {"whose": conversation_id, "what": topic})
        self._set(conversation_id, topic, sector, is_on=True, now=now)

    def turn_off(self, conversation_id: str, topic: str, now: datetime, sector: str | None = None) -> int:
        """Note that a topic is not wanted: in one sector, or at all; return how many subscriptions ended.

        Leaving a topic leaves a no (a row without sector) even if it was never on: some notices go to people who did
        not ask for them. ``is_left`` finds it.
        """
        values = {"whose": conversation_id, "what": topic, "now": now}
        if sector is not None:
            return self._run(_END_ONE, {**values, "where": sector}).rowcount
        ended = self._run(_END, values).rowcount
        self._set(conversation_id, topic, "", is_on=False, now=now)
        return ended

    def is_left(self, conversation_id: str, topic: str) -> bool:
        """Tell whether a conversation said no to a topic as a whole."""
        return any(each.sector == "" and not each.is_on for each in self.of_topic(conversation_id, topic))

    def of(self, conversation_id: str) -> list[Subscription]:
        """Return everything a conversation asked for or left, the oldest first."""
        rows = self._all(_OF, {"whose": conversation_id})
        return [Subscription(row.topic, row.sector, row.state == "on", row.since_at) for row in rows]

    def of_topic(self, conversation_id: str, topic: str) -> list[Subscription]:
        """Return what a conversation said about one topic."""
        rows = self._all(_OF_TOPIC, {"whose": conversation_id, "what": topic})
        return [Subscription(row.topic, row.sector, row.state == "on", row.since_at) for row in rows]

    def preference(self, conversation_id: str) -> Preference:
        """Return how a conversation wants to be written to."""
        row = self._first(_PREF, {"whose": conversation_id})
        return Preference() if row is None else Preference(*row)

    def set_hours(self, conversation_id: str, hours: str, now: datetime) -> None:
        """Note the hours that a person asked for; empty: those of the law."""
        self._write(_KEEP_HOURS, conversation_id, now, hours=hours)

    def set_off(self, conversation_id: str, off_at: datetime | None, now: datetime) -> None:
        """Note that nothing is wanted at all, or (None) that something is wanted again."""
        self._write(_KEEP_OFF, conversation_id, now, off_at=off_at)

    def set_blocked(self, conversation_id: str, now: datetime) -> None:
        """Note that the person blocked us; whoever writes again has unblocked us."""
        self._write(_KEEP_BLOCKED, conversation_id, now, blocked_at=now)

    def _write(self, statement: dict[Dialect, Insert], conversation_id: str, now: datetime, **change: object) -> None:
        values = {**_NEW, **change, "conversation_id": conversation_id, "updated_at": now}
        self._run(statement[self._dialect], values)

    def _set(self, conversation_id: str, topic: str, sector: str, *, is_on: bool, now: datetime) -> None:
        values = {
            "conversation_id": conversation_id,
            "topic": topic,
            "sector": sector,
            "state": "on" if is_on else "off",
            "since_at": now,
            "ended_at": None if is_on else now,
        }
        self._run(_SET[self._dialect], values)
