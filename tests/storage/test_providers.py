"""What providers say apart from messages: the latest stands, prices count once, and a talk follows its person."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

import pytest

from storage.db import Database
from storage.repos.notices import NewNotice
from storage.repos.providers import PriceCount
from storage.uow import UnitOfWork
from tests.storage.samples import ADDRESS, NOW, inbound, outbound


def after(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


def test_what_was_said_later_of_a_template_stands_whenever_it_comes(database: Database) -> None:
    def tell(uow: UnitOfWork) -> None:
        uow.providers.tell_template("corte_1", "es", {"state": "APPROVED", "category": "UTILITY"}, after(2))
        uow.providers.tell_template("corte_1", "es", {"state": "PENDING", "quality": "GREEN"}, after(1))
        uow.providers.tell_template("corte_1", "es_CO", {"state": "REJECTED"}, after(1))
        uow.providers.tell_template("corte_1", "es", {}, after(9))

    database.write_now(tell)
    found = database.read_now(lambda uow: uow.providers.templates())

    assert found["corte_1", "es"].said == {"state": "APPROVED", "category": "UTILITY", "quality": "GREEN"}
    assert found["corte_1", "es"].at == after(2)
    assert found["corte_1", "es_CO"].said == {"state": "REJECTED"}


def price(uow: UnitOfWork, ref: str, outbox_id: int, *, delivered: bool, minutes: float = 0) -> None:
    told = {"category": "utility", "model": "pmp", "kind": "regular", "billable": True, "at": after(minutes)}
    uow.providers.price(ref=ref, outbox_id=outbox_id, delivered=delivered, **told)


def test_a_message_is_counted_once_and_delivered_stays_delivered(database: Database) -> None:
    def tell(uow: UnitOfWork) -> None:
        price(uow, "wamid.1", 1, delivered=False)
        price(uow, "wamid.1", 1, delivered=True, minutes=1)
        price(uow, "wamid.1", 1, delivered=False, minutes=2)
        price(uow, "wamid.2", 1, delivered=False, minutes=60)

    database.write_now(tell)
    between = database.read_now(lambda uow: uow.providers.prices_between(NOW, after(30)))

    assert between == [PriceCount("utility", "pmp", billable=True, delivered=True, many=1)]


def test_what_a_sending_cost_is_that_of_its_own_messages(database: Database) -> None:
    def tell(uow: UnitOfWork) -> None:
        for number, wave_id in ((1, 7), (2, 8)):
            notice = {"conversation_id": f"c{number}", "person": f"c{number}", "clase": "SERVICIO", "response": "r"}
            uow.notices.add(
                NewNotice(
                    key=f"w{number}",
                    channel="whatsapp",
                    state="queued",
                    not_before=NOW,
                    created_at=NOW,
                    wave_id=wave_id,
                    **notice,
                )
            )
            uow.outbox.add([outbound(f"notice.w{number}", f"c{number}", kind="notice")])
            price(uow, f"wamid.{number}", number, delivered=True)

    database.write_now(tell)

    (own,) = database.read_now(lambda uow: uow.providers.prices_of_wave(7))
    assert own.many == 1
    assert database.read_now(lambda uow: uow.providers.prices_of_wave(9)) == []

    database.write_now(lambda uow: uow.outbox.mark(1, 0, state="failed", now=NOW, code="window:no_template"))
    assert database.read_now(lambda uow: uow.notices.failures(7)) == {"window:no_template": 1}
    assert database.read_now(lambda uow: uow.notices.failures(8)) == {}


def test_a_talk_follows_its_person_and_takes_along_what_is_queued(database: Database) -> None:
    new = {**ADDRESS, "user": "u-2"}

    def tell(uow: UnitOfWork) -> None:
        uow.conversations.create("c1", ADDRESS, NOW)
        uow.outbox.add([outbound("o1", "c1"), outbound("o2", "c2")])
        uow.providers.move("named-2", "c1", NOW)
        uow.providers.move("named-1", "fresh", NOW)
        uow.providers.readdress("c1", new, NOW)

    database.write_now(tell)

    assert database.read_now(lambda uow: uow.providers.moved(["named-1", "named-2", "named-3"])) == {
        "named-1": "fresh",
        "named-2": "c1",
    }
    assert database.read_now(lambda uow: uow.providers.moved([])) == {}
    reach = database.read_now(lambda uow: uow.notices.reach("c1"))
    assert reach is not None
    assert reach.address["user"] == "u-2"
    queued = database.read_now(lambda uow: [uow.outbox.get(number) for number in (1, 2)])
    assert [one.address["user"] for one in queued if one] == ["u-2", "u-1"]


def test_who_wrote_last_when(database: Database) -> None:
    database.write_now(lambda uow: uow.conversations.create("c1", ADDRESS, NOW))

    assert database.read_now(lambda uow: uow.providers.last_heard(["c1", "c2"])) == {}
    assert database.read_now(lambda uow: (uow.providers.has_talk("c1"), uow.providers.has_talk("c2"))) == (True, False)


@pytest.mark.parametrize(
    ("kind", "code", "states"),
    [
        ("notice", "window:131047", ["queued", "failed"]),
        ("reply", "window:131047", ["failed", "failed"]),
        ("notice", "131026", ["failed", "failed"]),
    ],
)
def test_a_notice_whose_window_was_closed_goes_again_once(
    database: Database, kind: str, code: str, states: list[str]
) -> None:
    database.write_now(lambda uow: uow.outbox.add([outbound("o1", kind=kind)]))
    seen = []
    for minutes in (1, 3):
        database.write_now(partial(_leave_and_fail, code=code, at=after(minutes)))
        found = database.read_now(lambda uow: uow.outbox.get(1))
        assert found is not None
        seen.append(found.state)
        assert found.code == code

    assert seen == states


def _leave_and_fail(uow: UnitOfWork, *, code: str, at: datetime) -> None:
    """Let the row leave if it is queued (what is known of its window stays), and hear that it failed."""
    found = uow.outbox.get(1)
    if found is not None and found.state == "queued":
        uow.outbox.mark(1, found.fence, state="sent", now=NOW, code=found.code)
    uow.outbox.receipt("o1", "failed", at, code=code)


def test_a_closed_window_blocks_nobody_and_a_dead_address_does(database: Database) -> None:
    def tell(uow: UnitOfWork) -> None:
        for number, code in enumerate(("window:no_template", "marketing:131050", "131026", None), start=1):
            uow.conversations.create(f"c{number}", ADDRESS, NOW)
            uow.outbox.add([outbound(f"o{number}", f"c{number}")])
            uow.outbox.mark(number, 0, state="failed", now=NOW, code=code)

    database.write_now(tell)
    reached = [database.read_now(lambda uow, one=one: uow.notices.reach(f"c{one}")) for one in (1, 2, 3, 4)]

    assert [one.has_failed for one in reached if one] == [False, False, True, True]


def test_a_dead_address_is_tried_again_after_a_month(database: Database) -> None:
    def tell(uow: UnitOfWork) -> None:
        uow.conversations.create("c1", ADDRESS, NOW)
        uow.outbox.add([outbound("o1", "c1")])
        uow.outbox.mark(1, 0, state="failed", now=NOW, code="131026")

    database.write_now(tell)
    reached = [database.read_now(partial(_reach, at=NOW + timedelta(days=days))) for days in (29, 31)]

    assert reached == [True, False]


def _reach(uow: UnitOfWork, *, at: datetime) -> bool:
    found = uow.notices.reach("c1", at)
    return found is not None and found.has_failed


def test_a_deleted_message_is_taken_back_by_its_own_talk_alone(database: Database) -> None:
    database.write_now(lambda uow: uow.inbox.accept(inbound("k1", "c1")))
    asked = ("web", "site", "k1", NOW)

    assert not database.write_now(lambda uow: uow.inbox.withdraw("c2", *asked))
    assert database.write_now(lambda uow: uow.inbox.withdraw("c1", *asked))
    assert not database.write_now(lambda uow: uow.inbox.withdraw("c1", *asked))
    assert database.read_now(lambda uow: uow.inbox.pending("c1")) == []


def test_the_old_number_of_somebody_who_moved_is_never_their_phone(database: Database) -> None:
    old, new = ({**ADDRESS, "phone": phone} for phone in ("+573001112233", "+573209998877"))

    def known(uow: UnitOfWork) -> str:
        return uow.providers.phone_of("c1")

    def write(uow: UnitOfWork) -> None:
        uow.conversations.create("c1", {**ADDRESS, "phone": None}, NOW)
        uow.inbox.accept(inbound("k1", "c1", address=old, received_at=NOW))

    database.write_now(write)
    assert database.read_now(known) == "+573001112233"
    database.write_now(lambda uow: uow.providers.move("c9", "c1", after(1)))
    assert database.read_now(known) == ""
    database.write_now(lambda uow: uow.inbox.accept(inbound("k2", "c1", address=new, received_at=after(2))))
    assert database.read_now(known) == "+573209998877"
