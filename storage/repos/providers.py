"""What a provider says apart from messages: our templates, what a message cost, and people who moved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import bindparam, exists, func, literal, or_, select, update

from storage.repos.base import Repo, upsert
from storage.repos.notices import OUTBOX_PREFIX
from storage.rows.base import table
from storage.rows.messages import ConversationRow, InboxRow, OutboxRow
from storage.rows.notices import NoticeRow
from storage.rows.providers import ConversationMoveRow, MessagePriceRow, TemplateFactRow

_facts, _prices, _moves = table(TemplateFactRow), table(MessagePriceRow), table(ConversationMoveRow)
_f, _p, _m = _facts.c, _prices.c, _moves.c
_outbox, _talks = table(OutboxRow), table(ConversationRow)
_o, _t, _n, _i = _outbox.c, _talks.c, table(NoticeRow).c, table(InboxRow).c

_TELL = {
    dialect: statement.on_conflict_do_update(
        index_elements=["name", "language", "what"],
        set_={"value": statement.excluded.value, "at": statement.excluded.at},
        # Webhooks come in no order: what was said later stands.
        where=_f.at <= statement.excluded.at,
    )
    for dialect, statement in upsert(_facts).items()
}
_TOLD = select(_f.name, _f.language, _f.what, _f.value, _f.at).order_by(_f.name, _f.language)
_PRICE = {
    dialect: statement.on_conflict_do_update(
        index_elements=["ref"],
        set_={
            "category": statement.excluded.category,
            "billable": statement.excluded.billable,
            "delivered": or_(_p.delivered, statement.excluded.delivered),
            "at": statement.excluded.at,
        },
    )
    for dialect, statement in upsert(_prices).items()
}
_COUNTED = select(_p.category, _p.model, _p.billable, _p.delivered, func.count().label("many")).group_by(
    _p.category, _p.model, _p.billable, _p.delivered
)
_OF_WAVE = (
    select(_o.id)
    .join(NoticeRow, _o.key == literal(OUTBOX_PREFIX).concat(_n.key))
    .where(_n.wave_id == bindparam("which"))
)
_COUNT_WAVE = _COUNTED.where(_p.outbox_id.in_(_OF_WAVE))
_COUNT_SPAN = _COUNTED.where(_p.at >= bindparam("since"), _p.at < bindparam("until"))
_NAMED = select(_m.named, _m.conversation_id).where(_m.named.in_(bindparam("names", expanding=True)))
_MOVE = {
    dialect: statement.on_conflict_do_update(
        index_elements=["named"],
        set_={"conversation_id": statement.excluded.conversation_id, "at": statement.excluded.at},
    )
    for dialect, statement in upsert(_moves).items()
}
_IS_TALK = select(_t.id).where(_t.id == bindparam("whose"))
_UNSENT = select(_o.id, _o.key).where(_o.conversation_id == bindparam("whose"), _o.state == "queued")
_OWN_ADDRESS = select(_t.address).where(_t.id == bindparam("whose"))
_ADDRESSES = (
    select(_i.channel, _i.account, _i.key, _i.address)
    .where(
        _i.conversation_id == bindparam("whose"),
        # The number of somebody who moved is a stranger's by now.
        ~exists().where(_m.conversation_id == _i.conversation_id, _m.at >= _i.received_at),
    )
    .order_by(_i.id.desc())
    .limit(20)
)
_HEARD = select(_t.id, _t.last_inbound_at).where(_t.id.in_(bindparam("whose", expanding=True)))


@dataclass(frozen=True, slots=True)
class TemplateFacts:
    """What a provider last said of a template, by what it is about (state, category, quality, reason, words)."""

    name: str
    language: str
    said: Mapping[str, str] = field(default_factory=dict)
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PriceCount:
    """How many messages of one category, pricing model and standing there are."""

    category: str
    model: str
    billable: bool
    delivered: bool
    many: int


class Providers(Repo):
    """The ``template_facts``, ``message_prices`` and ``conversation_moves`` tables."""

    def tell_template(self, name: str, language: str, said: Mapping[str, str], at: datetime) -> None:
        """Note what is said of a template; what was said later already stands."""
        rows = [
            {"name": name, "language": language, "what": what, "value": value, "at": at} for what, value in said.items()
        ]
        if rows:
            self._run(_TELL[self._dialect], rows)

    def templates(self) -> dict[tuple[str, str], TemplateFacts]:
        """Return what is known of every template, by name and language."""
        found: dict[tuple[str, str], TemplateFacts] = {}
        for row in self._all(_TOLD):
            known = found.get((row.name, row.language))
            at = row.at if known is None or known.at is None else max(known.at, row.at)
            said = {**(known.said if known else {}), row.what: row.value}
            found[row.name, row.language] = TemplateFacts(row.name, row.language, said, at)
        return found

    def price(  # what a status says of the price
        self,
        *,
        ref: str,
        outbox_id: int,
        category: str,
        model: str,
        kind: str,
        billable: bool,
        delivered: bool,
        at: datetime,
    ) -> None:
        """Note what one message costs; the same message told again is counted once."""
        values = {
            "ref": ref,
            "outbox_id": outbox_id,
            "category": category,
            "model": model,
            "kind": kind,
            "billable": billable,
            "delivered": delivered,
            "at": at,
        }
        self._run(_PRICE[self._dialect], values)

    def prices_of_wave(self, wave_id: int) -> list[PriceCount]:
        """Return how many messages of a sending cost what."""
        return [PriceCount(*row) for row in self._all(_COUNT_WAVE, {"which": wave_id})]

    def prices_between(self, since: datetime, until: datetime) -> list[PriceCount]:
        """Return how many messages cost what in a span of time."""
        return [PriceCount(*row) for row in self._all(_COUNT_SPAN, {"since": since, "until": until})]

    def moved(self, names: Sequence[str]) -> dict[str, str]:
        """Return, of the conversations that addresses would be given by name, those that belong to another one."""
        if not names:
            return {}
        return {row.named: row.conversation_id for row in self._all(_NAMED, {"names": sorted(set(names))})}

    def move(self, named: str, conversation_id: str, at: datetime) -> None:
        """Let what comes for ``named`` belong to ``conversation_id``."""
        self._run(_MOVE[self._dialect], {"named": named, "conversation_id": conversation_id, "at": at})

    def has_talk(self, conversation_id: str) -> bool:
        """Tell whether there is such a conversation."""
        return self._first(_IS_TALK, {"whose": conversation_id}) is not None

    def readdress(self, conversation_id: str, address: Mapping[str, object], now: datetime) -> None:
        """Give a conversation, and what it has queued, another address."""
        sealed = self._seal(dict(address), f"conversations:{conversation_id}:address")
        self._run(update(_talks).where(_t.id == conversation_id).values(address=sealed, updated_at=now))
        for row in self._all(_UNSENT, {"whose": conversation_id}):
            place = f"outbox:{row.key}:address"
            self._run(update(_outbox).where(_o.id == row.id).values(address=self._seal(dict(address), place)))

    def phone_of(self, conversation_id: str) -> str:
        """Return the phone that the provider told of a person, in their newest messages or when they began or moved; or nothing."""
        found = [
            self._open(row.address, f"inbox:{row.channel}:{row.account}:{row.key}:address")
            for row in self._all(_ADDRESSES, {"whose": conversation_id})
        ]
        own = self._first(_OWN_ADDRESS, {"whose": conversation_id})
        if own is not None:
            found.append(self._open(own.address, f"conversations:{conversation_id}:address"))
        return next((str(one["phone"]) for one in found if one.get("phone")), "")

    def send_to(self, outbox_id: int, key: str, address: Mapping[str, object]) -> None:
        """Give one message another address."""
        sealed = self._seal(dict(address), f"outbox:{key}:address")
        self._run(update(_outbox).where(_o.id == outbox_id).values(address=sealed))

    def last_heard(self, conversations: Iterable[str]) -> dict[str, datetime]:
        """Return when each conversation last wrote to us; those that never did are left out."""
        rows = self._all(_HEARD, {"whose": sorted(set(conversations))})
        return {row.id: row.last_inbound_at for row in rows if row.last_inbound_at is not None}
