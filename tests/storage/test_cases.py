"""A case is filed with the next number, keeps its history, and is found by those who may look."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta

import pytest

from storage.db import Database
from storage.errors import Conflict, NotFound
from storage.repos.cases import CaseRecord
from storage.repos.files import FileRecord
from storage.uow import UnitOfWork
from tests.storage.samples import NOW, file_case, new_case


class Spoiled(Exception):
    """A work that fails on purpose."""


async def filed(database: Database, **changes: object) -> CaseRecord:
    return await database.write(lambda unit: file_case(unit, **changes))


async def test_sixty_four_parallel_filings_are_numbered_without_gap_or_repeat(database: Database) -> None:
    records = await asyncio.gather(*(filed(database) for _ in range(64)))
    assert sorted(record.number for record in records) == list(range(1, 65))
    assert len({record.radicado for record in records}) == 64


async def test_filings_that_are_undone_leave_no_gap(database: Database) -> None:
    def work(unit: UnitOfWork, number: int) -> int:
        record = file_case(unit)
        if number % 5 == 0:
            raise Spoiled
        return record.number

    results = await asyncio.gather(
        *(database.write(lambda unit, number=number: work(unit, number)) for number in range(80)),
        return_exceptions=True,
    )
    assert sum(isinstance(result, Spoiled) for result in results) == 16
    assert sorted(result for result in results if isinstance(result, int)) == list(range(1, 65))


async def test_every_year_begins_at_one(database: Database) -> None:
    await filed(database)
    await filed(database)
    assert await database.write(lambda unit: unit.cases.next_radicado_number(2027)) == 1
    assert await database.write(lambda unit: unit.cases.next_radicado_number(2026)) == 3


async def test_a_case_comes_back_as_it_was_filed(database: Database) -> None:
    record = await filed(database, anexos=["f1", "f2"])
    sample = new_case(record.number, anexos=["f1", "f2"])
    for name in ("relato", "nombre", "documento", "correo", "telefono", "direccion", "marcas", "anexos", "datos"):
        assert getattr(record, name) == getattr(sample, name)
    assert (record.vence_on, record.vence_b_on) == (date(2026, 4, 10), None)
    assert (record.radicado_at, record.respuesta, record.estado) == (NOW, None, "RADICADO")
    assert await database.read(lambda unit: unit.cases.by_radicado(record.radicado)) == record
    assert await database.read(lambda unit: unit.cases.get(record.id)) == record
    assert await database.read(lambda unit: unit.cases.by_radicado("20260019999992")) is None


async def test_a_case_without_a_single_datum_of_the_person_is_filed(database: Database) -> None:
    nothing = dict.fromkeys(("nombre", "tipo_documento", "documento", "correo", "telefono", "direccion", "cuenta"))
    record = await filed(database, **nothing, anonimo=True, conversation_id=None, vence_on=None, relato="")
    assert (record.documento, record.cuenta, record.relato, record.anonimo) == (None, None, "", True)


async def test_a_radicado_exists_once(database: Database) -> None:
    record = await filed(database)
    with pytest.raises(Conflict) as refusal:
        await database.write(lambda unit: unit.cases.add(new_case(2, radicado=record.radicado)))
    assert record.radicado not in str(refusal.value)


async def test_cases_are_found_by_conversation_and_account_the_newest_first(database: Database) -> None:
    old = await filed(database)
    new = await filed(database, radicado_at=NOW + timedelta(hours=1))
    await filed(database, conversation_id="c2", cuenta="999")
    assert await database.read(lambda unit: unit.cases.of_conversation("c1")) == [new, old]
    assert await database.read(lambda unit: unit.cases.of_conversation("c1", 1)) == [new]
    assert await database.read(lambda unit: unit.cases.of_account("100200300")) == [new, old]


async def test_staff_find_cases_by_what_they_know(database: Database) -> None:
    first = await filed(database)
    other = await filed(database, documento="52000111", correo=None, telefono=None, tipo="queja")

    async def search(**wanted: object) -> list[str]:
        found = await database.read(lambda unit: unit.cases.search(**wanted))
        return [record.id for record in found]

    assert await search() == [first.id, other.id]
    assert await search(documento=" 1098765432 ") == [first.id]
    assert await search(correo="PERSONA@prueba.example") == [first.id]
    assert await search(tipo="queja", cuenta="100200300") == [other.id]
    assert await search(since=NOW + timedelta(seconds=1)) == []
    assert await search(until=NOW) == []
    assert await search(limit=1, offset=1) == [other.id]


async def test_a_case_moves_and_its_history_says_who_moved_it(database: Database) -> None:
    record = await filed(database)
    later = NOW + timedelta(days=1)
    await database.write(lambda unit: unit.cases.set_state(record.id, "EN_TRAMITE", later, "ana", {"nota": "va"}))
    await database.write(lambda unit: unit.cases.flag(record.id, ["incompleta"], later, "bot"))
    await database.write(
        lambda unit: unit.cases.reschedule(record.id, date(2026, 4, 15), None, later, "ana", "pruebas")
    )
    await database.write(lambda unit: unit.cases.respond(record.id, "Revisamos su medidor.", later, "ana"))
    now = await database.read(lambda unit: unit.cases.get(record.id))
    assert now is not None
    assert (now.estado, now.marcas, now.vence_on) == ("EN_TRAMITE", ["incompleta"], date(2026, 4, 15))
    assert (now.respuesta, now.respondido_at) == ("Revisamos su medidor.", later)
    events = await database.read(lambda unit: unit.cases.events(record.id))
    assert [(event.kind, event.actor) for event in events] == [
        ("estado", "ana"),
        ("marcas", "bot"),
        ("plazo", "ana"),
        ("respuesta", "ana"),
    ]
    assert events[0].data == {"nota": "va", "de": "RADICADO", "a": "EN_TRAMITE"}
    assert events[2].data == {"de": "2026-04-10", "a": "2026-04-15", "motivo": "pruebas"}


async def test_a_case_that_does_not_exist_cannot_move(database: Database) -> None:
    with pytest.raises(NotFound):
        await database.write(lambda unit: unit.cases.set_state("nobody", "EN_TRAMITE", NOW, "ana", {}))
    with pytest.raises(Conflict):
        await database.write(lambda unit: unit.cases.add_event("nobody", NOW, "nota", "ana", {}))


async def test_what_falls_due_is_found_while_the_clock_runs(database: Database) -> None:
    due = await filed(database)
    late = await filed(database, vence_on=date(2026, 4, 11))
    await filed(database, vence_on=date(2026, 4, 12))
    paused = await filed(database)
    answered = await filed(database)
    await database.write(lambda unit: unit.cases.set_state(paused.id, "REQUERIDO_USUARIO", NOW, "ana", {}))
    await database.write(lambda unit: unit.cases.respond(answered.id, "Listo.", NOW, "ana"))
    found = await database.read(lambda unit: unit.cases.due_between(date(2026, 4, 10), date(2026, 4, 11)))
    assert [record.id for record in found] == [due.id, late.id]


async def test_an_alert_of_a_kind_is_raised_once_per_case(database: Database) -> None:
    record = await filed(database)
    raised = await asyncio.gather(
        *(database.write(lambda unit: unit.alerts.add(record.id, "5_dias", NOW)) for _ in range(8))
    )
    assert sum(raised) == 1
    assert await database.write(lambda unit: unit.alerts.add(record.id, "2_dias", NOW))
    alerts = await database.read(lambda unit: unit.alerts.unseen())
    assert [alert.kind for alert in alerts] == ["5_dias", "2_dias"]
    assert await database.write(lambda unit: unit.alerts.see(alerts[0].id, NOW, "ana"))
    assert not await database.write(lambda unit: unit.alerts.see(alerts[0].id, NOW, "luis"))
    assert [alert.kind for alert in await database.read(lambda unit: unit.alerts.unseen())] == ["2_dias"]
    seen = await database.read(lambda unit: unit.alerts.of_case(record.id))
    assert [(alert.seen_by, alert.seen_at) for alert in seen] == [("ana", NOW), (None, None)]


async def test_the_files_of_a_case_are_tied_to_it(database: Database) -> None:
    def file(number: int) -> FileRecord:
        return FileRecord(
            id=f"f{number}",
            conversation_id="c1",
            kind="image",
            mime="image/jpeg",
            size=1000 * number,
            state="ok",
            created_at=NOW,
            name="recibo de la abuela.jpg",
            path=f"aa/aa{number}",
            sha256="0" * 64,
        )

    for number in (1, 2):
        await database.write(lambda unit, number=number: unit.files.add(file(number)))
    record = await filed(database, anexos=["f1"])
    first, second = await database.read(lambda unit: unit.files.of_conversation("c1"))
    assert (first.case_id, second.case_id) == (record.id, None)
    assert first.name == "recibo de la abuela.jpg"
    assert await database.read(lambda unit: unit.files.bytes_since("c1", NOW)) == 3000
    await database.write(lambda unit: unit.files.set_state("f2", "refused", reason="bomb"))
    (refused,) = await database.read(lambda unit: unit.files.many(["nobody", "f2"]))
    assert (refused.state, refused.reason, refused.path) == ("refused", "bomb", "aa/aa2")
    assert await database.read(lambda unit: unit.files.get("nobody")) is None
    with pytest.raises(NotFound):
        await database.write(lambda unit: unit.files.set_state("nobody", "missing"))
