"""The verdict after crashes: reads the database and the channel's own log, and trusts neither alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import text

if TYPE_CHECKING:
    from storage.db import Database
    from storage.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class Delivery:
    """One line of the channel's log: under which of our keys what text arrived."""

    key: str
    text: str


def verdict(
    database: Database, deliveries: Sequence[Delivery], *, messages: int, cases: int, may_repeat: int = 0
) -> list[str]:
    """Return every promise that was broken; an empty list means nothing was lost and nothing was done twice.

    ``messages`` is how many different messages people sent, ``cases`` how many of them file a case, ``may_repeat`` how
    many sends may have reached the person twice because the process died between the provider's yes and our note.
    """
    return database.read_now(lambda uow: _broken(uow, deliveries, messages, cases, may_repeat))


def _broken(uow: UnitOfWork, deliveries: Sequence[Delivery], messages: int, cases: int, may_repeat: int) -> list[str]:
    broken: list[str] = []

    def number(query: str) -> int:
        return int(uow.conn.execute(text(query)).scalar_one())

    def expect(what: str, seen: int, wanted: int) -> None:
        if seen != wanted:
            broken.append(f"{what}: {seen} instead of {wanted}")

    expect("inbox rows", number("select count(*) from inbox"), messages)
    expect("messages never worked", number("select count(*) from inbox where state <> 'done'"), 0)
    expect("cases", number("select count(*) from cases"), cases)
    expect("highest number given", number("select coalesce(max(number), 0) from cases"), cases)
    expect("different radicados", number("select count(distinct radicado) from cases"), cases)
    expect(
        "messages without a reply",
        number("select count(*) from inbox i where not exists (select 1 from outbox o where o.inbox_id = i.id)"),
        0,
    )
    expect(
        "messages answered by two turns",
        number(
            "select count(*) from (select inbox_id from turns where inbox_id is not null group by inbox_id having count(*) > 1) t"
        ),
        0,
    )
    expect(
        "replies never sent", number("select count(*) from outbox where state not in ('sent', 'delivered', 'read')"), 0
    )
    keys = {str(key) for (key,) in uow.conn.execute(text("select key from outbox"))}
    arrived = Counter(delivery.key for delivery in deliveries)
    expect("replies that never arrived", len(keys - set(arrived)), 0)
    expect("arrivals nobody committed", len(set(arrived) - keys), 0)
    repeats = sum(count - 1 for count in arrived.values())
    if repeats > may_repeat:
        broken.append(f"repeated arrivals: {repeats}, allowed {may_repeat}")
    return broken
