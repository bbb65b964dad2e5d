"""Who reported, joined or follows is told of every change, and asked when it is said to be over."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.outages import desk, reports
from bot.scheduler.jobs import begin_errands, tell_outages
from storage.db import Database
from storage.repos.customers import SectorRecord
from tests.turn.house import Talker, open_house

QUIET = timedelta(minutes=3)
SECTOR = SectorRecord(
    "centro",
    "Centro",
    "Valle Verde",
    {"type": "Polygon", "coordinates": [[[-75.3, 4.2], [-75.2, 4.2], [-75.2, 4.3], [-75.3, 4.3], [-75.3, 4.2]]]},
)


@pytest.fixture
def database(databases, keyring):
    """What is special in SQL is tested beside the reports; a house on one kind of database is enough here."""
    with databases.url("sqlite") as url:
        opened = Database.open(url, keyring, safe=False)
        yield opened
        opened.close_now()


@pytest.fixture
async def house(database, clock, tmp_path) -> AsyncIterator[object]:
    await database.write(lambda uow: uow.customers.add_sector(SECTOR))
    async with open_house(database, clock, tmp_path) as services:
        yield services


@pytest.fixture
def neighbours(house, clock):
    return [Talker(house, clock, user=f"vecino-{number}") for number in range(3)]


async def heard(talker):
    items = await talker.services.database.read(lambda uow: uow.outbox.transcript(talker.conversation_id, 0, 500))
    return [item.payload.get("response", "") for item in items if item.direction == "out"]


async def tell(house, clock):
    done = await tell_outages.run(house.database, clock, house.settings, house.notices)
    clock.move(QUIET)
    await begin_errands.run(house.database, clock, house.settings, house.runner, house.notices)
    return done


async def report(talker, *more):
    return await talker.go("/reportar_dano", "agua", "centro", "Fuga o tubo roto", "calle 10 # 5-20", "sí", *more)


async def the_report(house):
    return (await house.database.read(lambda uow: uow.reports.newest()))[0]


async def move(house, clock, state):
    kept = await the_report(house)
    await house.database.write(lambda uow: reports.move(uow, kept, state, at=clock.now(), actor="ops"))
    return await tell(house, clock)


async def filed(talker):
    assert await report(talker, "Acepto", "se bota desde ayer", "omitir") == [
        "reportar_falla.listo",
        "pide_quiere_queja",
    ]
    await talker.say("no")


async def test_who_reports_is_told_of_each_step_and_asked_at_the_end(house, clock, neighbours):
    first, *_ = neighbours
    await filed(first)
    for state in ("ASIGNADA", "EN_REPARACION"):
        assert await move(house, clock, state) == "1 changes"
        assert (await heard(first))[-1] == "noticia.reporte"
    await move(house, clock, "RESTABLECIDA")
    assert (await heard(first))[-1] == "pide_ya_tiene_servicio"
    assert await first.say("sí") == ["confirmar_regreso.gracias"]
    assert (await the_report(house)).estado == "CERRADA"
    assert await tell(house, clock) == ""


async def test_who_joined_hears_too_and_their_no_opens_it_again(house, clock, neighbours):
    first, second, third = neighbours
    await filed(first)
    assert "pide_es_el_mismo" in await report(second)
    assert "reportar_falla.sumado" in await second.go("sí", "Acepto")
    await second.say("no")
    await third.say("/menu")
    await move(house, clock, "RESTABLECIDA")
    assert (await heard(second))[-1] == "pide_ya_tiene_servicio"
    assert (await heard(third))[-1] == "menu.opciones"
    said = await second.hear("no, sigue igual")
    assert said[0]["response"] == "confirmar_regreso.no_ha_vuelto"
    assert "R-2026-000001" in said[0]["text"]
    kept = await the_report(house)
    assert (kept.estado, kept.reopened) == ("CONFIRMADA", 1)


async def test_what_opened_again_asks_nobody(house, clock, neighbours):
    first, *_ = neighbours
    await filed(first)
    kept = await the_report(house)

    def back_and_forth(uow):
        done = reports.move(uow, kept, "RESTABLECIDA", at=clock.now(), actor="ops")
        reports.move(uow, done, "CONFIRMADA", at=clock.now(), actor="ops")

    await house.database.write(back_and_forth)
    before = await heard(first)
    await tell(house, clock)
    assert (await heard(first))[len(before) :] == ["noticia.reporte"]


async def test_who_did_not_authorise_has_a_number_and_nothing_personal(house, clock, neighbours):
    first, *_ = neighbours
    assert await report(first, "No acepto") == [
        "pedir_autorizacion.rechazada", "reportar_falla.listo", "pide_quiere_queja",
    ]  # fmt: skip
    kept = await the_report(house)
    assert (kept.conversation_id, kept.story, kept.cuenta) == (None, None, None)
    assert kept.place == {"direccion": "CL 10 # 5"}
    await first.say("no")
    before = await heard(first)
    await move(house, clock, "RESTABLECIDA")
    assert await heard(first) == before
    assert await first.go("/estado_reporte", kept.numero) == ["estado_reporte.muestra"]


async def outage(house, clock, **changes):
    new = desk.NewOutage(
        **{
            "servicio": "agua",
            "tipo": "no_programada",
            "municipio": "Valle Verde",
            "zona": "Centro",
            "sectores": ("centro",),
            "causa": "se dañó la bomba",
            **changes,
        }
    )
    return await house.database.write(
        lambda uow: desk.open_outage(uow, new, now=clock.now(), ids=house.ids, actor="ops", rules=house.settings.cortes)
    )


async def change(house, clock, made, **changes):
    def work(uow):
        current = uow.outages.get(made.id)
        return desk.change(uow, current, at=clock.now(), actor="ops", rules=house.settings.cortes, **changes)

    await house.database.write(work)
    return await tell(house, clock)


async def test_who_follows_an_outage_hears_every_change_and_is_asked(house, clock, neighbours):
    first, second, _ = neighbours
    made = await outage(house, clock)
    assert "contar_corte.dice" in await first.go("/reportar_sin_servicio", "agua", "centro")
    assert await first.say("avíseme") == ["contar_corte.avisamos"]
    await second.say("/menu")
    await change(house, clock, made, causa="se dañó la bomba y hay que cambiarla", estado="EN_CURSO")
    text = (await house.database.read(lambda uow: uow.outbox.transcript(first.conversation_id, 0, 50)))[-1].payload
    assert text["response"] == "noticia.corte"
    assert "Todavía no sabemos la hora de regreso. Le avisamos el miércoles 18 de marzo" in text["text"]
    await change(house, clock, made, estado="RESTABLECIDA")
    assert (await heard(first))[-1] == "pide_ya_tiene_servicio"
    assert (await heard(second))[-1] == "menu.opciones"
    said = await first.hear("no")
    assert "R-2026-000001" in said[0]["text"]
    kept = await the_report(house)
    assert (kept.servicio, kept.sector, kept.conversation_id) == ("agua", "centro", first.conversation_id)


async def test_gas_returns_with_its_safety_steps_before_the_question(house, clock, neighbours):
    first, *_ = neighbours
    await first.say("/menu")
    made = await outage(house, clock, servicio="gas")
    await house.database.write(
        lambda uow: uow.outage_news.follow(made.id, first.conversation_id, "centro", clock.now())
    )
    await change(house, clock, made, estado="RESTABLECIDA")
    assert (await heard(first))[-2:] == ["noticia.gas_vuelve", "pide_ya_tiene_servicio"]


async def test_a_proposal_that_is_accepted_takes_its_reports_along(house, clock, neighbours):
    for talker in neighbours:
        said = await talker.go("/reportar_sin_servicio", "agua", "centro", "no tienen")
        if "pide_es_el_mismo" in said:
            await talker.say("no, es otro")
        await talker.go("Acepto", "no", "no")
    (proposal,) = await house.database.read(lambda uow: uow.outage_news.proposals())
    assert (proposal.zona, proposal.reportes) == ("centro", 3)
    new = desk.NewOutage(
        servicio="agua", tipo="no_programada", municipio="Valle Verde", zona="Centro", sectores=("centro",)
    )
    made = await house.database.write(
        lambda uow: desk.accept(
            uow, proposal.id, new, now=clock.now(), ids=house.ids, actor="ops", rules=house.settings.cortes
        )
    )
    await tell(house, clock)
    assert {(await heard(talker))[-1] for talker in neighbours} == {"noticia.corte"}
    await change(house, clock, made, estado="RESTABLECIDA")
    assert {(await heard(talker))[-1] for talker in neighbours} == {"pide_ya_tiene_servicio"}
    found = await house.database.read(lambda uow: uow.reports.of_outage(made.id))
    assert [one.estado for one in found] == ["RESTABLECIDA"] * 3
    await neighbours[0].say("no")
    found = await house.database.read(lambda uow: uow.reports.of_outage(made.id))
    assert sorted(one.estado for one in found) == ["CONFIRMADA", "RESTABLECIDA", "RESTABLECIDA"]
    with pytest.raises(desk.NotDecidable):
        await house.database.write(lambda uow: desk.dismiss(uow, proposal.id, now=clock.now(), actor="ops"))


async def test_a_promise_that_was_not_kept_is_seen(house, clock):
    made = await outage(house, clock)
    late = lambda: house.database.read(lambda uow: tell_outages.news.overdue(uow, clock.now()))  # noqa: E731
    assert await late() == []
    clock.move(timedelta(minutes=house.settings.cortes.noticia_min))
    assert [one.id for one in await late()] == [made.id]
    await change(house, clock, made, ends_at=clock.now() + timedelta(hours=2))
    assert await late() == []


async def drafts(house):
    found = await house.database.read(lambda uow: uow.waves.newest(20))
    return [(wave.response, wave.state, wave.values) for wave in reversed(found)]


async def test_an_outage_of_a_sector_leaves_a_draft_for_everybody_there(house, clock):
    made = await outage(house, clock)
    await tell(house, clock)
    await change(house, clock, made, causa="una bomba")
    await change(house, clock, made, estado="RESTABLECIDA")
    assert await drafts(house) == [
        (
            "aviso.corte_imprevisto",
            "draft",
            {
                "servicio": "agua",
                "sector": "Centro",
                "noticia": "el miércoles 18 de marzo de 2026, 12:30\u00a0p.\u00a0m.",
            },
        ),
        ("aviso.servicio_restablecido", "draft", {"servicio": "agua", "sector": "Centro"}),
    ]


@pytest.mark.parametrize(
    ("changes", "response"),
    [
        ({"tipo": "programada", "starts_at": 2, "ends_at": 5}, ["aviso.corte_programado"]),
        ({"ends_at": 5}, ["aviso.corte_con_hora"]),
        ({"tipo": "programada", "starts_at": 2}, []),
        ({"sectores": ()}, []),
    ],
)
async def test_the_draft_says_what_is_known_or_is_left_to_staff(house, clock, changes, response):
    moments = {
        name: clock.now() + timedelta(hours=changes[name]) for name in ("starts_at", "ends_at") if name in changes
    }
    await outage(house, clock, **{**changes, **moments})
    assert await tell(house, clock) == "1 changes"
    assert [each[0] for each in await drafts(house)] == response
