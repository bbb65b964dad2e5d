"""One text for many: who is chosen (once, in the database itself), how far it came, and who said yes to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import (
    CompoundSelect,
    Select,
    Subquery,
    bindparam,
    case,
    exists,
    func,
    insert,
    literal,
    null,
    select,
    true,
    union_all,
    update,
)

from storage.repos.base import AnyRow, Repo, fixed
from storage.rows.base import table
from storage.rows.company import AccountRow
from storage.rows.identity import PersonAccountRow, PersonLinkRow
from storage.rows.messages import ConversationRow, InboxRow
from storage.rows.notices import NoticeRow, NoticeWaveRow, SubscriptionRow

WaveState = Literal["draft", "running", "paused", "cancelled", "done"]

_waves = table(NoticeWaveRow)
_w = _waves.c
_notices = table(NoticeRow)
_n = _notices.c
_subs = table(SubscriptionRow).c
_links = table(PersonLinkRow).c
_owned = table(PersonAccountRow).c
_accounts = table(AccountRow).c
_talks = table(ConversationRow).c
_i = table(InboxRow).c

#: What ``NoticeRow.reason`` says of somebody chosen for an account that they proved, and not for a subscription.
BY_ACCOUNT = "cuenta"


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom a text is for: subscribers of ``topic`` (in ``sectors``, or None for all), and who has an account there."""

    topic: str
    sectors: tuple[str, ...] | None = None
    with_accounts: bool = False


@dataclass(frozen=True, slots=True)
class Wave:
    """A text for many as it stands; ``is_chosen`` says that its people were written down."""

    id: int
    topic: str
    clase: str
    response: str
    values: dict[str, Any]
    sectors: tuple[str, ...] | None
    urgent: bool
    state: WaveState
    author: str
    approver: str | None
    is_chosen: bool
    not_after: datetime | None
    created_at: datetime


_CHOSEN = "chosen"
_ADD = insert(_waves).returning(_w.id)
_GET = select(_waves).where(_w.id == bindparam("which"))
_NEWEST = select(_waves).order_by(_w.id.desc()).limit(bindparam("most"))
_RUNNING = select(_waves).where(_w.state == fixed("running")).order_by(_w.id)
_MOVE = (
    update(_waves)
    .where(_w.id == bindparam("which"), _w.state.in_(bindparam("before", expanding=True)))
    .values(state=bindparam("becomes"))
)
_FINISH = update(_waves).where(_w.id == bindparam("which")).values(finished_at=bindparam("now"))
_APPROVE = (
    update(_waves)
    .where(_w.id == bindparam("which"), _w.state == fixed("draft"))
    .values(state=fixed("running"), approver=bindparam("by"), approved_at=bindparam("now"))
)
_MARK_CHOSEN = update(_waves).where(_w.id == bindparam("which"), _w.cursor == "").values(cursor=fixed(_CHOSEN))
_WAITING = (
    select(_n.key, _n.conversation_id, _n.reason)
    .where(_n.wave_id == bindparam("which"), _n.state == fixed(_CHOSEN))
    .order_by(_n.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_DROP_WAITING = (
    update(_notices)
    .where(_n.wave_id == bindparam("which"), _n.state == fixed(_CHOSEN))
    .values(state=fixed("cancelled"), reason=bindparam("why"))
)


class Waves(Repo):
    """The ``notice_waves`` table and the people of each wave in ``notices``."""

    def add(  # noqa: PLR0913 - what a wave is made of
        self,
        *,
        key: str,
        audience: Audience,
        clase: str,
        response: str,
        values: Mapping[str, Any],
        author: str,
        now: datetime,
        urgent: bool = False,
        not_after: datetime | None = None,
    ) -> int:
        """Write a draft down and return its number.

        Raises:
            Conflict: the key is there already.
        """
        row = {
            "key": key,
            "topic": audience.topic,
            "clase": clase,
            "response": response,
            "values": self._seal(dict(values), f"notice_waves:{key}:values"),
            "sectors": None if audience.sectors is None else list(audience.sectors),
            "urgent": urgent,
            "state": "draft",
            "author": author,
            "cursor": "",
            "not_after": not_after,
            "created_at": now,
        }
        return int(self._run(_ADD, row).scalar_one())

    def get(self, wave_id: int) -> Wave | None:
        """Return a wave, or None."""
        row = self._first(_GET, {"which": wave_id})
        return None if row is None else self._wave(row)

    def newest(self, limit: int) -> list[Wave]:
        """Return the last waves, the newest first."""
        return [self._wave(row) for row in self._all(_NEWEST, {"most": limit})]

    def running(self) -> list[Wave]:
        """Return the waves that are to be sent now, the oldest first."""
        return [self._wave(row) for row in self._all(_RUNNING)]

    def approve(self, wave_id: int, by: str, now: datetime) -> bool:
        """Begin a draft with the name of who approved it; return False when it is no draft any more."""
        return self._run(_APPROVE, {"which": wave_id, "by": by, "now": now}).rowcount == 1

    def move(self, wave_id: int, before: Sequence[WaveState], becomes: WaveState, now: datetime) -> bool:
        """Bring a wave from one of the states ``before`` to another; return False when it is in none of them."""
        moved = self._run(_MOVE, {"which": wave_id, "before": list(before), "becomes": becomes}).rowcount == 1
        if moved and becomes in {"cancelled", "done"}:
            self._run(_FINISH, {"which": wave_id, "now": now})
        return moved

    def count(self, audience: Audience) -> tuple[int, int]:
        """Return how many people would be chosen, and how many of them only for an account that they proved."""
        people = _people(audience)
        row = self._first(select(func.count(), func.coalesce(func.sum(people.c.by_account), 0)))
        return (0, 0) if row is None else (int(row[0]), int(row[1]))

    def count_on(self, audience: Audience, channel: str) -> int:
        """Return how many of the people who would be chosen have written by ``channel``."""
        people = _people(audience)
        wrote = exists().where(_i.conversation_id == people.c.conversation_id, _i.channel == channel)
        return int(self._run(select(func.count()).select_from(people).where(wrote)).scalar_one())

    def choose(self, wave_id: int, audience: Audience, wave: Wave, now: datetime) -> int:
        """Write everybody of the audience down, once per person; return how many, 0 when it was done before.

        It is one statement of the database: a town of a hundred thousand passes through no memory of ours.
        """
        if self._run(_MARK_CHOSEN, {"which": wave_id}).rowcount != 1:
            return 0
        people = _people(audience)
        chosen = select(
            (literal(f"wave.{wave_id}.") + people.c.person).label("key"),
            people.c.conversation_id,
            people.c.person,
            literal("").label("channel"),
            literal(wave_id).label("wave_id"),
            literal(audience.topic).label("topic"),
            literal(wave.clase).label("clase"),
            literal(wave.response).label("response"),
            literal(_CHOSEN).label("state"),
            _reason(people).label("reason"),
            bindparam("at", now, type_=_n.not_before.type).label("not_before"),
            bindparam("made", now, type_=_n.created_at.type).label("created_at"),
        )
        names = [column.name for column in chosen.selected_columns]
        return self._run(insert(_notices).from_select(names, chosen)).rowcount

    def waiting(self, wave_id: int, limit: int) -> list[tuple[str, str, bool]]:
        """Return (key, conversation, chosen by account) of people not written to yet; nobody else takes them meanwhile."""
        rows = self._all(_WAITING, {"which": wave_id, "most": limit})
        return [(row.key, row.conversation_id, row.reason == BY_ACCOUNT) for row in rows]

    def drop_waiting(self, wave_id: int, reason: str) -> int:
        """Give up everybody not written to yet; return how many."""
        return self._run(_DROP_WAITING, {"which": wave_id, "why": reason}).rowcount

    def _wave(self, row: AnyRow) -> Wave:
        return Wave(
            id=row.id,
            topic=row.topic,
            clase=row.clase,
            response=row.response,
            values=self._open(row._mapping["values"], f"notice_waves:{row.key}:values"),  # noqa: SLF001 - a method hides it
            sectors=None if row.sectors is None else tuple(row.sectors),
            urgent=row.urgent,
            state=row.state,
            author=row.author,
            approver=row.approver,
            is_chosen=row.cursor == _CHOSEN,
            not_after=row.not_after,
            created_at=row.created_at,
        )


def _reason(people: Subquery) -> Any:
    return case((people.c.by_account == 1, literal(BY_ACCOUNT)), else_=null())


def _people(audience: Audience) -> Subquery:
    """Return one row per person: by the conversation that subscribed, else the one that wrote last."""
    wanted: Select[Any] | CompoundSelect[Any] = select(
        _subs.conversation_id.label("conversation_id"), literal(0).label("by_account")
    ).where(
        _subs.state == fixed("on"),
        _subs.topic == audience.topic,
        true() if audience.sectors is None else _subs.sector.in_(audience.sectors),
    )
    if audience.with_accounts:
        linked = (
            select(_links.conversation_id, literal(1))
            .join(table(PersonAccountRow), _owned.person_id == _links.person_id)
            .join(table(AccountRow), _accounts.cuenta == _owned.cuenta)
            .where(
                _owned.verified,
                true() if audience.sectors is None else _accounts.sector.in_(audience.sectors),
            )
        )
        wanted = union_all(wanted, linked)
    each = wanted.subquery("wanted")
    person = func.coalesce(_links.person_id, each.c.conversation_id)
    place = func.row_number().over(
        partition_by=person,
        order_by=(each.c.by_account, _talks.last_inbound_at.desc().nulls_last(), each.c.conversation_id),
    )
    ranked = (
        select(
            person.label("person"),
            each.c.conversation_id,
            each.c.by_account,
            place.label("place"),
        )
        .join(table(ConversationRow), _talks.id == each.c.conversation_id)
        .join(table(PersonLinkRow), _links.conversation_id == each.c.conversation_id, isouter=True)
        .subquery("ranked")
    )
    return (
        select(ranked.c.person, ranked.c.conversation_id, ranked.c.by_account)
        .where(ranked.c.place == 1)
        .subquery("people")
    )
