"""What the commit keeps of an account or of the report of others: never on the word of the talk alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.identity import persons
from bot.outages import reports
from bot.turn.effects import HANDLERS, Scene
from bot.turn.plan import Trigger
from storage.repos.customers import AccountRecord, BillRecord
from storage.uow import UnitOfWork
from tests.turn.house import Talker

CUENTA = "7700001"


async def apply(talker: Talker, kind: str, **data: Any) -> Mapping[str, Any]:
    """Apply a fact as the commit of a turn of ``talker`` does."""
    services, now = talker.services, talker.clock.now()
    address = {"channel": "terminal", "account": "prueba", "user": talker.user}

    def write(uow: UnitOfWork) -> Mapping[str, Any]:
        scene = Scene(
            uow=uow,
            trigger=Trigger(talker.conversation_id, "terminal", "prueba", address, now, inbox_id=7),
            turn=2,
            now=now,
            ids=services.ids,
            settings=services.settings,
            desk=services.desk,
            notices=services.notices,
            mode="bot",
        )
        return HANDLERS[kind](scene, data)

    return await services.database.write(write)


async def prove(talker: Talker) -> None:
    whose, ids, now = talker.conversation_id, talker.services.ids, talker.clock.now()
    await talker.services.database.write(lambda uow: persons.verify(uow, whose, CUENTA, ids=ids, now=now))


async def test_a_report_keeps_the_account_only_of_who_proved_it(talker: Talker) -> None:
    said = {"servicio": "agua", "tipo": "sin_servicio", "cuenta": CUENTA, "autorizado": True, "lugar": {"barrio": "X"}}

    async def kept() -> str | None:
        numero = (await apply(talker, "FaultReported", **said))["numero_nuevo"]
        report = await talker.services.database.read(lambda uow: uow.reports.by_number(numero))
        assert report is not None
        return report.cuenta

    assert await kept() is None
    await prove(talker)
    assert await kept() == CUENTA


async def test_what_is_not_discussed_of_a_bill_is_computed_only_for_who_proved_the_account(talker: Talker) -> None:
    account = AccountRecord(cuenta=CUENTA, servicios=("agua",), titular="P", direccion="CL 1", uso="residencial")
    bill = BillRecord(
        cuenta=CUENTA, servicio="agua", periodo="2026-10", emitida_on=date(2026, 11, 1), vence_on=date(2026, 11, 20),
        total=90_000, numero="F1",
    )  # fmt: skip
    await talker.services.database.write(lambda uow: (uow.customers.add_account(account), uow.customers.add_bill(bill)))
    said = {
        "tipo": "reclamo", "servicio": "agua", "cuenta": CUENTA, "cuenta_verificada": True, "cuenta_en_base": True,
        "relato": "me cobraron de más", "autorizado": True, "factura_emitida_on": "2026-11-01", "valor_reclamado": 10_000,
    }  # fmt: skip

    async def rest() -> Any:
        case_id = (await apply(talker, "PqrFiled", **said))["caso_id"]
        case = await talker.services.database.read(lambda uow: uow.cases.get(case_id))
        assert case is not None
        return case.datos.get("valor_no_discutido")

    assert await rest() is None
    await prove(talker)
    assert await rest() == 80_000


async def test_the_report_of_others_is_neither_opened_nor_closed_by_a_stranger(talker: Talker) -> None:
    services, now = talker.services, talker.clock.now()
    new = reports.NewReport(
        servicio="agua", tipo="sin_servicio", canal="web", conversation_id="c_vecina", sector="norte"
    )

    def restored(uow: UnitOfWork) -> reports.ReportRecord:
        record = reports.file(uow, new, now=now, ids=services.ids, rules=services.settings.cortes)
        return reports.move(uow, record, "RESTABLECIDA", at=now, actor="ops")

    record = await services.database.write(restored)
    for is_back in (True, False):
        assert await apply(talker, "ServiceConfirmed", clase="report", id=record.id, volvio=is_back) == {}
    kept = await services.database.read(lambda uow: uow.reports.get(record.id))
    assert kept is not None
    assert (kept.estado, kept.version) == ("RESTABLECIDA", record.version)
    whose = talker.conversation_id
    await services.database.write(
        lambda uow: (
            reports.join(uow, record.numero, whose, now=now, rules=services.settings.cortes)
            or uow.reports.join(record.id, whose, now)
        )
    )
    told = await apply(talker, "ServiceConfirmed", clase="report", id=record.id, volvio=False)
    assert told == {"numero_nuevo": record.numero}


async def test_whoever_takes_the_authorisation_back_is_written_to_no_more_on_any_channel(talker: Talker) -> None:
    await talker.say("hola")
    await prove(talker)
    mine, now = talker.conversation_id, talker.clock.now()

    def other(uow: UnitOfWork) -> None:
        person = uow.people.person_of(mine)
        assert person is not None
        uow.conversations.create("c_otra", {"channel": "terminal", "account": "prueba", "user": "otra"}, now)
        uow.people.link("c_otra", person, now)
        for whose in (mine, "c_otra"):
            uow.subscriptions.turn_on(whose, "cortes", "norte", now)

    await talker.services.database.write(other)
    await apply(talker, "PersonForgotten")

    def left(uow: UnitOfWork) -> tuple[object, bool]:
        both = (mine, "c_otra")
        return uow.people.person_of(mine), any(each.is_on for whose in both for each in uow.subscriptions.of(whose))

    assert await talker.services.database.read(left) == (None, False)
