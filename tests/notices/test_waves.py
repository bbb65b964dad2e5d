"""One text for many: each person once, everybody counted, stopped at any moment, approved by somebody else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from bot.kernel.clock import FrozenClock
from bot.notices import waves
from bot.notices.push import Notices
from bot.scheduler.jobs import send_waves
from storage.db import Database
from storage.repos.customers import AccountRecord, SectorRecord
from storage.repos.waves import Audience
from storage.uow import UnitOfWork
from tests.conftest import DIALECTS
from tests.notices.conftest import make_notices, moment
from tests.support.databases import Databases

SQUARE = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}
OUTAGE = {"servicio": "agua", "sector": "Norte", "cuando": "mañana", "vuelve": "a las 2:00 p. m.", "causa": "una obra"}
PUSHED, PULLED = "papel", "webchat"


@pytest.fixture(params=DIALECTS)
def database_url(request: pytest.FixtureRequest, databases: Databases) -> Iterator[str]:
    with databases.url(request.param) as url:
        yield url


@pytest.fixture
def town(database: Database, clock: FrozenClock) -> Database:
    """Return a database with two sectors and eight people in them.

    c_0 to c_3 asked for outages in norte, c_4 in sur; c_5 proved an account in norte; c_6 and c_7 are one person with
    an account in norte who wrote last in c_7, and c_7 left the topic.
    """
    now = clock.now()

    def plant(uow: UnitOfWork) -> None:
        for sector in ("norte", "sur"):
            uow.customers.add_sector(SectorRecord(sector, sector.title(), "V", SQUARE))
            uow.customers.add_account(
                AccountRecord(
                    cuenta=f"1_{sector}", servicios=("agua",), titular="X", direccion="Y", uso="r", sector=sector
                )
            )
        for number in range(8):
            name, channel = f"c_{number}", PULLED if number == 3 else PUSHED
            uow.conversations.create(name, {"channel": channel, "account": "a", "user": name}, now)
            heard = now - timedelta(days=9 - number)
            uow.conversations.save(
                name, expected_version=0, state={}, seq=0, mode="bot", last_inbound_at=heard, now=now
            )
            if number <= 4:
                sector = "sur" if number == 4 else "norte"
                uow.subscriptions.turn_on(name, "cortes", sector, now)
                uow.consents.add(name, "avisos_ubicacion", number != 2, "2026-01", "0" * 64, channel, "1", now)
        for person, conversations in {"p_5": ["c_5"], "p_6": ["c_6", "c_7"]}.items():
            uow.people.add(person, now)
            uow.people.link_account(person, "1_norte", now, relacion="usuario", verified=True)
            for name in conversations:
                uow.people.link(name, person, now)
        uow.subscriptions.turn_off("c_7", "cortes", now)

    database.write_now(plant)
    return database


@pytest.fixture
def desk() -> Notices:
    return make_notices()


def drafted(town: Database, desk: Notices, clock: FrozenClock, key: str = "uno", **more: Any) -> int:
    given = {"key": key, "template": "corte_programado", "values": OUTAGE, "author": "Ana", "sectors": ("norte",)}
    wanted = waves.Draft(**{**given, **more})
    return town.write_now(lambda uow: waves.draft(uow, desk, wanted, clock.now()))


def started(town: Database, desk: Notices, clock: FrozenClock, **more: Any) -> int:
    number = drafted(town, desk, clock, **more)
    town.write_now(lambda uow: waves.approve(uow, number, "Luis", clock.now()))
    return number


def counts(town: Database, number: int) -> waves.Counts:
    return town.read_now(lambda uow: waves.counts(uow, number))


@pytest.mark.parametrize(
    ("audience", "chosen"),
    [
        (Audience("cortes", ("norte",)), (4, 0)),
        (Audience("cortes"), (5, 0)),
        (Audience("cortes", ("norte",), with_accounts=True), (6, 2)),
        (Audience("cortes", ("sur",), with_accounts=True), (1, 0)),
        (Audience("obras", ("norte",)), (0, 0)),
    ],
)
def test_the_audience_is_subscribers_and_whoever_has_an_account_there_each_person_once(
    town: Database, audience: Audience, chosen: tuple[int, int]
) -> None:
    assert town.read_now(lambda uow: uow.waves.count(audience)) == chosen


async def test_everybody_chosen_is_queued_or_skipped_with_a_reason(
    town: Database, desk: Notices, clock: FrozenClock
) -> None:
    number = started(town, desk, clock)
    assert await send_waves.run(town, clock, desk) == "6 people"
    found = counts(town, number)
    # c_2 refused the consent; the person of c_6 and c_7 left the topic in the one where they wrote last.
    assert (found.chosen, found.queued, found.sent, found.skipped) == (6, 3, 1, 2)
    assert found.reasons == {"sin_autorizacion": 1, "baja": 1}
    assert found.chosen == found.queued + found.sent + found.failed + found.unknown + found.skipped + found.cancelled
    wave = town.read_now(lambda uow: uow.waves.get(number))
    assert wave is not None
    assert wave.state == "done"
    assert await send_waves.run(town, clock, desk) == ""


async def test_after_a_crash_between_two_batches_it_goes_on_where_it_was(
    town: Database, desk: Notices, clock: FrozenClock
) -> None:
    number = started(town, desk, clock)
    wave = town.read_now(lambda uow: uow.waves.get(number))
    assert wave is not None
    audience = waves.audience_of(desk.catalog, "cortes", ("norte",))
    town.write_now(lambda uow: uow.waves.choose(number, audience, wave, clock.now()))
    town.write_now(lambda uow: waves.send_some(uow, desk, wave, clock.now(), 2))
    assert counts(town, number).waiting == 4
    assert town.write_now(lambda uow: uow.waves.choose(number, audience, wave, clock.now())) == 0
    await send_waves.run(town, clock, desk)
    found = counts(town, number)
    assert (found.chosen, found.waiting, found.queued + found.sent) == (6, 0, 4)


async def test_a_sending_that_breaks_holds_up_none_of_those_behind_it(
    town: Database, desk: Notices, clock: FrozenClock
) -> None:
    broken = started(town, desk, clock)
    town.write_now(
        lambda uow: uow.conn.execute(
            text("UPDATE notice_waves SET response = 'no.existe' WHERE id = :id"), {"id": broken}
        )
    )
    sound = started(town, desk, clock, key="dos")
    assert await send_waves.run(town, clock, desk) == "6 people"
    assert (counts(town, broken).waiting, counts(town, sound).waiting) == (6, 0)


async def test_what_is_paused_does_not_leave_and_goes_on_later(
    town: Database, desk: Notices, clock: FrozenClock
) -> None:
    number = started(town, desk, clock)
    await send_waves.run(town, clock, desk)
    assert town.write_now(lambda uow: waves.pause(uow, number, clock.now())) == 3
    assert counts(town, number).queued == 0
    assert await send_waves.run(town, clock, desk) == ""
    assert town.write_now(lambda uow: _claimed(uow, clock)) == []
    town.write_now(lambda uow: waves.resume(uow, number, clock.now()))
    assert await send_waves.run(town, clock, desk) == "3 people"
    assert len(town.write_now(lambda uow: _claimed(uow, clock))) == 3


async def test_what_is_cancelled_is_taken_back_and_counted(town: Database, desk: Notices, clock: FrozenClock) -> None:
    number = started(town, desk, clock)
    await send_waves.run(town, clock, desk)
    ((first, *_),) = [town.write_now(lambda uow: _claimed(uow, clock, limit=1))]
    town.write_now(lambda uow: uow.outbox.mark(first.id, first.fence, state="failed", now=clock.now()))
    assert town.write_now(lambda uow: waves.cancel(uow, number, clock.now())) == 2
    found = counts(town, number)
    assert (found.chosen, found.sent, found.failed, found.cancelled, found.skipped) == (6, 1, 1, 2, 2)
    assert town.write_now(lambda uow: _claimed(uow, clock)) == []


async def test_a_reminder_in_the_night_waits_and_a_warning_does_not(
    town: Database, desk: Notices, clock: FrozenClock
) -> None:
    clock.set(moment("2026-11-21T22:00"))
    for name in ("c_0", "c_1"):
        town.write_now(lambda uow, name=name: uow.subscriptions.turn_on(name, "pago", "", clock.now()))
    reminder = started(
        town, desk, clock, template="recordatorio_pago", values={"limite": "el lunes"}, sectors=(), key="pago"
    )
    warning = started(town, desk, clock, key="peligro", urgent=True)
    await send_waves.run(town, clock, desk)
    claimed = town.write_now(lambda uow: _claimed(uow, clock))
    assert {row.key.split(".")[2] for row in claimed} == {str(warning)}
    # Whoever left the topic is warned too.
    assert counts(town, warning).skipped == 0
    assert counts(town, reminder).queued == 2
    clock.set(moment("2026-11-23T07:00"))
    town.write_now(lambda uow: [uow.outbox.mark(r.id, r.fence, state="sent", now=clock.now()) for r in claimed])
    assert len(town.write_now(lambda uow: _claimed(uow, clock))) == 2


def test_who_wrote_it_cannot_approve_it_and_nothing_leaves_unapproved(
    town: Database, desk: Notices, clock: FrozenClock
) -> None:
    number = drafted(town, desk, clock)
    for name in ("Ana", " ana ", ""):
        with pytest.raises(waves.WaveRefused, match="another person"):
            town.write_now(lambda uow, name=name: waves.approve(uow, number, name, clock.now()))
    assert town.read_now(lambda uow: uow.waves.running()) == []
    approved = town.write_now(lambda uow: waves.approve(uow, number, "Luis", clock.now()))
    assert (approved.author, approved.approver) == ("Ana", "Luis")
    with pytest.raises(waves.WaveRefused, match="not a draft"):
        town.write_now(lambda uow: waves.approve(uow, number, "Eva", clock.now()))


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"template": "una_que_no_hay"}, "no template"),
        ({"values": {"servicio": "agua"}}, "exactly these values"),
        ({"values": {**OUTAGE, "otro": "x"}}, "exactly these values"),
        ({"sectors": ("luna",)}, "no sector"),
        ({"author": " "}, "name"),
        ({"template": "consejo", "values": {"consejo": "x"}}, "no sectors"),
        ({"not_after": moment("2026-03-18T10:00")}, "over already"),
    ],
)
def test_a_draft_that_cannot_be_sent_is_refused(
    town: Database, desk: Notices, clock: FrozenClock, more: dict[str, Any], why: str
) -> None:
    with pytest.raises(waves.WaveRefused, match=why):
        drafted(town, desk, clock, **more)


def _claimed(uow: UnitOfWork, clock: FrozenClock, limit: int = 50) -> list[Any]:
    return uow.outbox.claim(channel=PUSHED, account="a", now=clock.now(), lease_s=30, limit=limit, worker="w")
