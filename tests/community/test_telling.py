"""Neighbours are told before works and of changes, asked when they end, and reminded of their times."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.community import interventions
from bot.kernel.clock import FrozenClock
from bot.scheduler.jobs import begin_errands, remind_turns, tell_neighbours
from storage.db import Database
from storage.repos.agenda import SlotRecord
from storage.repos.customers import SectorRecord
from tests.community.conftest import SQUARE, work
from tests.support.databases import Databases
from tests.turn.house import Talker, open_house

QUIET = timedelta(minutes=3)


@pytest.fixture
def database_url(databases: Databases) -> Iterator[str]:
    with databases.url("sqlite") as url:
        yield url


@pytest.fixture
async def talker(database: Database, clock: FrozenClock, tmp_path: Path) -> AsyncIterator[Talker]:
    async with open_house(database, clock, tmp_path) as services:
        yield Talker(services, clock)


async def write(talker, what):
    return await talker.services.database.write(what)


async def make_leader(talker, sector="s1"):
    now = talker.clock.now()

    def plant(uow):
        uow.customers.add_sector(SectorRecord("s1", "La Esperanza", "Valle Verde", SQUARE))
        number = uow.leaders.request(
            conversation_id=talker.conversation_id, rol="jac", persona={}, sectores=[sector], anexos=(), at=now
        )
        uow.leaders.decide(
            number,
            expected="SOLICITADO",
            estado="VERIFICADO",
            at=now,
            desde_on=now.date(),
            hasta_on=now.date() + timedelta(days=5),
        )

    await talker.say("/menu")
    await write(talker, plant)


async def plan(talker, **changed):
    now = talker.clock.now()
    given = {"estado": "PLANEADA", "terminada_at": None, "starts_at": now + timedelta(days=1), "created_at": now}
    record = work(**{**given, "ends_at": now + timedelta(days=1, hours=4), **changed})
    return await write(talker, lambda uow: uow.interventions.add(record))


async def tell(talker):
    services = talker.services
    return await tell_neighbours.run(services.database, talker.clock, services.settings, services.notices)


async def told(talker):
    items = await talker.services.database.read(lambda uow: uow.outbox.transcript(talker.conversation_id, 0, 500))
    return [
        (item.payload["response"], item.payload["text"])
        for item in items
        if str(item.payload.get("response", "")).startswith("aviso_")
    ]


async def move(talker, number, to, **changes):
    at = talker.clock.now()
    return await write(
        talker, lambda uow: interventions.move(uow, interventions.get(uow, number), to, actor="ana", at=at, **changes)
    )


async def test_a_leader_is_told_of_a_work_once_and_it_is_noted_as_told(talker):
    await make_leader(talker)
    number = await plan(talker)
    assert await tell(talker) == "1 told, 0 asked, 0 leaders over"
    assert await tell(talker) == ""

    (said,) = await told(talker)
    assert said[0] == "aviso_obra.nueva"
    assert "La Esperanza" in said[1]
    assert "jueves 19 de marzo" in said[1]
    kept = await talker.services.database.read(lambda uow: uow.interventions.get(number))
    assert kept.estado == "AVISADA"


async def test_other_hours_and_an_end_before_it_begins_are_told_too(talker):
    await make_leader(talker)
    number = await plan(talker)
    await tell(talker)
    later = talker.clock.now() + timedelta(days=3)
    await move(talker, number, "AVISADA", starts_at=later, ends_at=later + timedelta(hours=2))
    await tell(talker)
    await move(talker, number, "CANCELADA")
    await tell(talker)
    await tell(talker)

    assert [response for response, _ in await told(talker)] == [
        "aviso_obra.nueva",
        "aviso_obra.cambio",
        "aviso_obra.cancelada",
    ]


async def test_what_nobody_was_told_of_is_cancelled_in_silence(talker):
    await make_leader(talker)
    number = await plan(talker)
    await move(talker, number, "CANCELADA")
    assert await tell(talker) == ""


async def test_a_leader_of_another_sector_hears_nothing(talker):
    await make_leader(talker, sector="s2")
    await plan(talker)
    await tell(talker)
    assert await told(talker) == []


async def test_the_button_of_a_notice_gives_the_text_to_pass_on(talker):
    await make_leader(talker)
    await plan(talker)
    await tell(talker)
    said = await talker.hear("Texto para reenviar")
    assert said[-1]["response"] == "reenviar_aviso.texto"
    assert "cambio de tubería" in said[-1]["text"]


async def test_a_leader_is_asked_when_a_work_ends_and_a_no_returns_it(talker):
    await make_leader(talker)
    number = await plan(talker, estado="EN_CURSO")
    await move(talker, number, "TERMINADA")
    assert await tell(talker) == "0 told, 1 asked, 0 leaders over"
    assert await tell(talker) == ""
    talker.clock.move(QUIET)
    services = talker.services
    begun = await begin_errands.run(
        services.database, talker.clock, services.settings, services.runner, services.notices
    )
    assert begun == "1 errands"
    await talker.say("no quedó bien")
    await talker.say("sigue saliendo agua")
    said = await talker.hear("sin foto")

    assert "vuelve al área encargada" in said[0]["text"]
    kept = await talker.services.database.read(lambda uow: uow.interventions.get(number))
    assert kept.estado == "NO_CONFORME"


async def test_a_leader_whose_term_is_over_is_told_so(talker):
    await make_leader(talker)
    talker.clock.move(timedelta(days=6))
    await talker.say("/menu")
    assert await tell(talker) == "0 told, 0 asked, 1 leaders over"
    assert [response for response, _ in await told(talker)] == ["aviso_lider.vencido"]


async def test_a_time_is_reminded_the_day_before_once(talker):
    await talker.say("/menu")
    now = talker.clock.now()
    slot = SlotRecord(id=0, oficina="Oficina principal", starts_at=now + timedelta(days=3), minutos=30)

    def book(uow):
        uow.agenda.offer([slot])
        free = uow.agenda.free(now, now + timedelta(days=9))[0]
        return uow.agenda.book(free.id, talker.conversation_id, tema=None, at=now)

    await write(talker, book)
    services = talker.services

    async def remind():
        return await remind_turns.run(services.database, talker.clock, services.settings, services.notices)

    assert await remind() == ""
    talker.clock.move(timedelta(days=2, hours=1))
    assert await remind() == "1 reminded"
    assert await remind() == ""
    (said,) = await told(talker)
    assert said[0] == "aviso_turno.recuerda"
    assert "sábado 21 de marzo de 2026" in said[1]


async def test_a_reminder_that_breaks_holds_up_no_other(talker, monkeypatch):
    await talker.say("/menu")
    now = talker.clock.now()
    slots = [SlotRecord(id=0, oficina=name, starts_at=now + timedelta(days=3), minutos=30) for name in ("A", "B")]

    def book(uow):
        uow.agenda.offer(slots)
        for one in uow.agenda.free(now, now + timedelta(days=9)):
            uow.agenda.book(one.id, talker.conversation_id, tema=None, at=now)

    await write(talker, book)
    services = talker.services
    push, broken = services.notices.push, []

    def breaks_once(uow, **what):
        if not broken:
            broken.append(what)
            raise RuntimeError("once")
        return push(uow, **what)

    monkeypatch.setattr(services.notices, "push", breaks_once)
    talker.clock.move(timedelta(days=2, hours=1))
    remind = lambda: remind_turns.run(services.database, talker.clock, services.settings, services.notices)  # noqa: E731
    assert await remind() == "1 reminded"
    assert await remind() == "1 reminded"
    assert await remind() == ""
