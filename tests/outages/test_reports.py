"""Reports: their numbers, what is kept of whom, near ones, zones with many, and their life."""

import asyncio
from datetime import timedelta

import pytest

from bot.kernel.config_outages import Cortes
from bot.kernel.ids import RandomIds
from bot.outages import nearby, reports, states
from bot.outages.mass import suspect
from storage.errors import VersionConflict
from storage.repos.outages import OutageRecord
from storage.retention import RetentionPolicy, purge

RULES = Cortes()
HERE = (4.2043, -75.2957)


def told(conversation_id="c1", **changes):
    fields = {
        "servicio": "agua",
        "tipo": "sin_servicio",
        "canal": "web",
        "conversation_id": conversation_id,
        "municipio": "Valle Verde",
        "sector": "centro",
        "story": "no hay agua desde anoche",
        **changes,
    }
    return reports.NewReport(**fields)


async def file(database, clock, new, ids=None):
    return await database.write(
        lambda uow: reports.file(uow, new, now=clock.now(), ids=ids or RandomIds(), rules=RULES)
    )


async def test_people_who_report_at_once_get_numbers_without_gaps_and_propose_one_outage(database, clock):
    kept = await asyncio.gather(*(file(database, clock, told(f"c{number}")) for number in range(12)))
    assert sorted(record.numero for record in kept) == [f"R-2026-{number:06d}" for number in range(1, 13)]
    (proposal,) = await database.read(lambda uow: uow.outage_news.proposals())
    assert (proposal.servicio, proposal.zona, proposal.reportes) == ("agua", "centro", 12)


async def test_a_report_that_is_undone_gives_its_number_back(database, clock):
    def breaks(uow):
        reports.file(uow, told(), now=clock.now(), ids=RandomIds(), rules=RULES)
        raise RuntimeError("the turn broke")

    with pytest.raises(RuntimeError, match="broke"):
        await database.write(breaks)
    assert (await file(database, clock, told())).numero == "R-2026-000001"


async def test_the_year_is_that_of_bogota_and_numbers_begin_again(database, clock):
    clock.move(timedelta(days=288, hours=13, minutes=31))  # a minute past midnight of the new year in Bogotá
    assert (await file(database, clock, told())).numero == "R-2027-000001"


async def test_without_authorisation_nothing_of_the_person_is_kept(database, clock):
    full = told(
        direccion="CL 30 # 2-15 AP 301",
        barrio="San José",
        point=HERE,
        anexos=("f1",),
        cuenta="1000001",
        critico=True,
    )
    record = await file(database, clock, full.anonymous())
    kept = await database.read(lambda uow: uow.reports.by_number(record.numero))
    assert (kept.conversation_id, kept.cuenta, kept.story, kept.anexos) == (None, None, None, ())
    assert kept.place == {"direccion": "CL 30 # 2", "point": [4.204, -75.296]}
    assert (kept.sector, kept.critico) == ("centro", True)


@pytest.mark.parametrize("direccion", ["VDA EL ROBLE FCA LA PAZ", "MZ C CS 14", "frente a la tienda"])
def test_a_place_without_streets_is_not_kept_of_who_did_not_authorise(direccion):
    assert told(direccion=direccion).anonymous().place == {}


async def near(database, clock, own="", **here):
    place = nearby.Here(**{"servicio": "agua", "tipo": "fuga", **here})
    return await database.read(lambda uow: nearby.find(uow, place, now=clock.now(), rules=RULES, own=own))


async def test_a_report_within_the_radius_is_offered_with_its_distance(database, clock):
    kept = await file(database, clock, told(tipo="fuga", sector=None, point=HERE))
    found = await near(database, clock, point=(HERE[0] + 0.00108, HERE[1]))
    assert (found.report.numero, found.metres, found.people) == (kept.numero, 120, 1)
    assert await near(database, clock, point=(HERE[0] + 0.0015, HERE[1])) is None
    assert await near(database, clock, point=HERE, tipo="agua_turbia") is None
    assert await near(database, clock, point=HERE, servicio="alcantarillado") is None


async def test_the_nearest_is_offered_and_everybody_counted(database, clock):
    await file(database, clock, told("c1", tipo="fuga", point=(HERE[0] + 0.001, HERE[1])))
    nearest = await file(database, clock, told("c2", tipo="fuga", point=(HERE[0] + 0.0002, HERE[1])))
    await database.write(lambda uow: reports.join(uow, nearest.numero, "c3", now=clock.now(), rules=RULES))
    await database.write(lambda uow: reports.join(uow, nearest.numero, None, now=clock.now(), rules=RULES))
    found = await near(database, clock, point=HERE)
    assert (found.report.numero, found.people) == (nearest.numero, 4)


async def test_ones_own_report_is_not_offered(database, clock):
    kept = await file(database, clock, told("c1", tipo="fuga", point=HERE))
    await database.write(lambda uow: reports.join(uow, kept.numero, "c2", now=clock.now(), rules=RULES))
    assert await near(database, clock, own="c1", point=HERE) is None
    assert await near(database, clock, own="c2", point=HERE) is None
    assert await near(database, clock, own="c3", point=HERE) is not None


async def test_without_pins_the_same_address_or_the_same_sector_is_offered(database, clock):
    leak = await file(database, clock, told("c1", tipo="fuga", direccion="CL 5 # 4-20", sector="centro"))
    gone = await file(database, clock, told("c2", sector="centro"))
    assert await near(database, clock, direccion="CL 5 # 4-21", municipio="Valle Verde") is None
    assert (await near(database, clock, direccion="cl 5 #  4-20", municipio="valle verde")).report.id == leak.id
    same = await near(database, clock, direccion="CL 5 # 4-20", municipio="Valle Verde", sector="centro")
    assert (same.report.numero, same.metres) == (leak.numero, None)
    assert await near(database, clock, direccion="CL 5 # 4-20", municipio="Otro") is None
    assert await near(database, clock, sector="centro") is None
    assert (await near(database, clock, sector="centro", tipo="sin_servicio")).report.numero == gone.numero


async def test_what_is_old_or_over_is_not_offered(database, clock):
    kept = await file(database, clock, told(tipo="fuga", point=HERE))
    await database.write(lambda uow: reports.move(uow, kept, "CANCELADA", at=clock.now(), actor="ops"))
    assert await near(database, clock, point=HERE) is None
    await file(database, clock, told(tipo="fuga", point=HERE))
    clock.move(timedelta(hours=RULES.vigencia_h, minutes=1))
    assert await near(database, clock, point=HERE) is None


async def proposals(database):
    found = await database.read(lambda uow: uow.outage_news.proposals())
    return [(one.zona, one.reportes) for one in found]


async def test_three_people_in_half_an_hour_propose_an_outage(database, clock):
    for number in range(2):
        await file(database, clock, told(f"c{number}"))
        clock.move(timedelta(minutes=10))
    assert await proposals(database) == []
    await file(database, clock, told("c3"))
    assert await proposals(database) == [("centro", 3)]
    await file(database, clock, told("c4"))
    assert await proposals(database) == [("centro", 4)]


async def test_people_too_far_apart_in_time_place_or_service_propose_none(database, clock):
    await file(database, clock, told("c1"))
    clock.move(timedelta(minutes=16))
    await file(database, clock, told("c2"))
    await file(database, clock, told("c5", sector="la_pradera"))
    await file(database, clock, told("c6", servicio="alcantarillado"))
    clock.move(timedelta(minutes=16))
    await file(database, clock, told("c3"))
    assert await proposals(database) == []


async def test_who_joins_counts_like_who_reports(database, clock):
    kept = await file(database, clock, told("c1"))
    for conversation in ("c2", "c2", "c1"):
        await database.write(
            lambda uow, who=conversation: reports.join(uow, kept.numero, who, now=clock.now(), rules=RULES)
        )
    assert await proposals(database) == []
    await database.write(lambda uow: reports.join(uow, kept.numero, "c3", now=clock.now(), rules=RULES))
    assert await proposals(database) == [("centro", 3)]


async def test_outside_the_sectors_the_ground_around_is_the_zone(database, clock):
    for number in range(3):
        point = (HERE[0] + 0.0009 * number, HERE[1])
        await file(database, clock, told(f"c{number}", sector=None, point=point))
    assert [count for _, count in await proposals(database)] == [3]
    await file(database, clock, told("c9", sector=None, point=(HERE[0] + 0.0009, HERE[1])))
    assert [count for _, count in await proposals(database)] == [4]


async def test_a_known_outage_of_the_sector_is_not_proposed_again(database, clock):
    outage = OutageRecord(
        id="corte_1", servicio="agua", tipo="no_programada", estado="EN_CURSO", municipio="Valle Verde",
        zona="Centro", autor="ops", created_at=clock.now(), sectores=("centro",),
    )  # fmt: skip
    await database.write(lambda uow: uow.outages.add(outage))
    for number in range(4):
        kept = await file(database, clock, told(f"c{number}"))
    assert await proposals(database) == []
    assert not await database.write(lambda uow: suspect(uow, kept, now=clock.now(), rules=RULES))


async def walk(database, clock, report, *path):
    for state in path:
        report = await database.write(
            lambda uow, report=report, state=state: reports.move(uow, report, state, at=clock.now(), actor="ops")
        )
    return report


async def confirm(database, clock, report, who, *, is_back):
    def work(uow):
        return reports.confirm_restored(
            uow, uow.reports.get(report.id), conversation_id=who, is_back=is_back, now=clock.now()
        )

    return await database.write(work)


async def test_the_life_of_a_report_leaves_word_at_each_step(database, clock):
    kept = await file(database, clock, told())
    done = await walk(database, clock, kept, "CONFIRMADA", "ASIGNADA", "EN_REPARACION", "RESTABLECIDA")
    assert (await confirm(database, clock, done, "c1", is_back=True)).estado == "CERRADA"
    untold = await database.read(lambda uow: uow.outage_news.untold())
    assert [item.estado for item in untold] == ["CONFIRMADA", "ASIGNADA", "EN_REPARACION", "RESTABLECIDA"]
    events = await database.read(lambda uow: uow.reports.events(kept.id))
    assert [event.kind for event in events][:2] == ["REPORTADA", "CONFIRMADA"]
    assert [event.kind for event in events][-2:] == ["CONFIRMA_SERVICIO", "CERRADA"]


async def test_a_no_opens_the_report_again_even_after_another_said_yes(database, clock):
    kept = await file(database, clock, told())
    await database.write(lambda uow: reports.join(uow, kept.numero, "c2", now=clock.now(), rules=RULES))
    await walk(database, clock, kept, "RESTABLECIDA")
    assert (await confirm(database, clock, kept, "c1", is_back=True)).estado == "CERRADA"
    again = await confirm(database, clock, kept, "c2", is_back=False)
    assert (again.estado, again.reopened) == ("CONFIRMADA", 1)
    assert (await confirm(database, clock, kept, "c2", is_back=False)).reopened == 1


async def test_the_yes_of_who_joined_closes_nothing(database, clock):
    kept = await file(database, clock, told())
    await walk(database, clock, kept, "RESTABLECIDA")
    assert (await confirm(database, clock, kept, "c2", is_back=True)).estado == "RESTABLECIDA"


async def test_what_nobody_answers_about_is_closed_in_time(database, clock):
    kept = await file(database, clock, told())
    await walk(database, clock, kept, "RESTABLECIDA")
    close = lambda uow: reports.close_restored(uow, kept.id, now=clock.now(), rules=RULES)  # noqa: E731
    assert not await database.write(close)
    clock.move(timedelta(hours=RULES.vigencia_h, minutes=1))
    assert await database.write(close)
    assert not await database.write(close)
    assert (await database.read(lambda uow: uow.reports.get(kept.id))).estado == "CERRADA"


async def test_a_step_that_does_not_exist_or_comes_too_late_is_refused(database, clock):
    kept = await file(database, clock, told())
    for wanted in ("CERRADA", "REPORTADA", "ARREGLADA"):
        with pytest.raises(states.NotThatWay):
            await walk(database, clock, kept, wanted)
    await walk(database, clock, kept, "ASIGNADA")
    with pytest.raises(VersionConflict):
        await walk(database, clock, kept, "CONFIRMADA")


async def test_nobody_joins_what_is_over(database, clock):
    kept = await file(database, clock, told())
    await walk(database, clock, kept, "CANCELADA")
    assert await database.write(lambda uow: reports.join(uow, kept.numero, "c2", now=clock.now(), rules=RULES)) is None
    assert await database.write(lambda uow: reports.join(uow, "R-1", "c2", now=clock.now(), rules=RULES)) is None


async def test_what_is_over_is_forgotten_in_time_and_what_is_open_is_not(database, clock):
    over, open_one = await file(database, clock, told("c1")), await file(database, clock, told("c2", sector="otro"))
    await database.write(lambda uow: reports.join(uow, over.numero, "c3", now=clock.now(), rules=RULES))
    await walk(database, clock, over, "CANCELADA")
    policy = RetentionPolicy(messages_days=100)
    later = clock.now() + timedelta(days=101)
    gone = await database.write(lambda uow: purge(uow, later, policy))
    assert gone.rows == {"reports": 1, "report_events": 3, "report_followers": 1}
    assert [one.id for one in await database.read(lambda uow: uow.reports.newest())] == [open_one.id]
