"""What is old and over is forgotten; what is young, open or waiting is not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import insert, text

from storage.db import Database
from storage.repos.files import FileRecord
from storage.repos.imports import ImportRecord
from storage.repos.interventions import InterventionRecord
from storage.repos.papers import PaperRecord
from storage.repos.payment_proofs import ProofRecord
from storage.repos.reports import ReportRecord
from storage.retention import Purged, RetentionPolicy, purge
from storage.rows.base import table
from storage.rows.community import ImpostorReportRow, LeaderRow, LeaderSectorRow
from storage.uow import UnitOfWork
from tests.storage.samples import ADDRESS, NOW, add_agreement, file_case, inbound, outbound

POLICY = RetentionPolicy(messages_days=100, cases_days=1000, consents_days=1000)


async def forget(database: Database, days: int, policy: RetentionPolicy = POLICY) -> Purged:
    return await database.write(lambda unit: purge(unit, NOW + timedelta(days=days), policy))


def file(number: int, path: str) -> FileRecord:
    return FileRecord(
        id=f"f{number}",
        conversation_id="c1",
        kind="image",
        mime="image/jpeg",
        size=1,
        state="ok",
        created_at=NOW,
        path=path,
    )


def talk(unit: UnitOfWork, conversation_id: str = "c1") -> None:
    number, _ = unit.inbox.accept(inbound(f"k-{conversation_id}", conversation_id))
    unit.conversations.create(conversation_id, ADDRESS, NOW)
    unit.turns.add(conversation_id, 1, number, [], [], NOW)
    unit.outbox.add([outbound(f"o-{conversation_id}", conversation_id, pull=True)])
    unit.inbox.finish(number, turn=1, seq=1, at=NOW, outcome="ok")


async def test_nothing_young_is_forgotten(database: Database) -> None:
    await database.write(talk)
    purged = await forget(database, days=1)
    assert purged == Purged()


async def test_a_talk_that_is_over_is_forgotten_whole(database: Database) -> None:
    await database.write(talk)
    purged = await forget(database, days=101)
    assert purged.rows == {"inbox": 1, "outbox": 1, "turns": 1, "conversations": 1}
    assert await forget(database, days=101) == Purged()


async def test_what_waits_is_never_forgotten(database: Database) -> None:
    def work(unit: UnitOfWork) -> None:
        unit.conversations.create("c1", ADDRESS, NOW)
        unit.inbox.accept(inbound())
        unit.outbox.add([outbound()])
        unit.handoffs.open("c2", "asked", None, NOW)
        unit.conversations.create("c2", ADDRESS, NOW)

    await database.write(work)
    assert (await forget(database, days=5000)).rows == {}


async def test_a_talk_with_a_case_keeps_its_name_and_the_case_outlives_the_messages(database: Database) -> None:
    await database.write(talk)
    case = await database.write(file_case)
    purged = await forget(database, days=200)
    assert "conversations" not in purged.rows
    assert "cases" not in purged.rows
    assert await database.read(lambda unit: unit.cases.get(case.id)) == case


async def test_a_case_that_is_over_goes_with_its_history_alerts_and_files(database: Database) -> None:
    def work(unit: UnitOfWork) -> None:
        unit.files.add(file(1, "aa/aa1"))
        unit.files.add(file(2, "aa/aa2"))
        case = file_case(unit, anexos=["f1", "f2"])
        unit.alerts.add(case.id, "5_dias", NOW)
        unit.cases.set_state(case.id, "ARCHIVADO", NOW + timedelta(days=20), "ana", {})
        open_case = file_case(unit)
        unit.cases.add_event(open_case.id, NOW, "nota", "ana", {})
        unit.files.add(file(3, "aa/aa2"))

    await database.write(work)
    assert "cases" not in (await forget(database, days=1010, policy=RetentionPolicy(cases_days=1000))).rows
    policy = RetentionPolicy(cases_days=1000, loose_files_days=5000)
    purged = await forget(database, days=1021, policy=policy)
    assert {name: purged.rows[name] for name in ("cases", "case_events", "alerts", "files")} == {
        "cases": 1,
        "case_events": 1,
        "alerts": 1,
        "files": 2,
    }
    (left,) = await database.read(lambda unit: unit.cases.of_conversation("c1"))
    assert left.estado == "RADICADO"


async def test_bytes_that_another_file_still_needs_are_kept(database: Database) -> None:
    def work(unit: UnitOfWork) -> None:
        unit.files.add(file(1, "aa/alone"))
        unit.files.add(file(2, "aa/shared"))
        unit.files.add(file(3, "aa/shared"))
        file_case(unit, anexos=["f3"])

    await database.write(work)
    purged = await forget(database, days=91)
    assert purged.rows == {"files": 2}
    assert purged.paths == ["aa/alone"]


async def test_what_authorises_an_agreement_is_kept_as_long_as_the_agreement(database: Database) -> None:
    def work(unit: UnitOfWork) -> None:
        unit.files.add(file(1, "aa/permiso"))
        unit.files.add(file(2, "aa/suelta"))
        unit.files.keep_with(["f1"], add_agreement(unit, estado="CUMPLIDO", terminado_at=NOW).id)

    await database.write(work)
    assert (await forget(database, days=91)).paths == ["aa/suelta"]
    gone = await forget(database, days=11 * 366)
    assert (gone.rows["agreements"], gone.paths) == (1, ["aa/permiso"])


async def test_what_neighbours_said_is_forgotten_and_leaders_in_office_stay(database: Database) -> None:
    """A leader of each state, a warning that was attended and one that waits."""

    def work(unit: UnitOfWork) -> None:
        who = {"conversation_id": "c1", "rol": "presidente", "persona": b"x", "anexos": []}
        for number, state in enumerate(("RECHAZADO", "VENCIDO", "VERIFICADO"), start=1):
            when = {"id": number, "estado": state, "created_at": NOW, "updated_at": NOW}
            unit.conn.execute(insert(table(LeaderRow)).values(**who, **when))
            unit.conn.execute(insert(table(LeaderSectorRow)).values(leader_id=number, sector="norte"))
        said = {"conversation_id": "c1", "pide_dinero": True, "relato": b"x", "estado": "open", "at": NOW}
        for attended_at in (NOW, None):
            unit.conn.execute(insert(table(ImpostorReportRow)).values(**said, attended_at=attended_at))

    await database.write(work)
    assert (await forget(database, days=99)).rows == {}
    assert (await forget(database, days=101)).rows == {"impostor_reports": 1, "leader_sectors": 2, "leaders": 2}


async def test_the_small_things_go_early(database: Database) -> None:
    def work(unit: UnitOfWork) -> None:
        unit.attempts.add("x", NOW)
        unit.jobs.begin("alerts", NOW, NOW)
        unit.web_sessions.add("hash", "c1", NOW, "")
        unit.outbox.attempt(1, 1, NOW, "ok", "", "")

    await database.write(work)
    assert (await forget(database, days=91)).rows == {
        "attempts": 1,
        "job_runs": 1,
        "web_sessions": 1,
        "outbox_attempts": 1,
    }


async def test_whoever_gets_the_old_number_of_somebody_who_still_writes_never_gets_their_talk(
    database: Database,
) -> None:
    def moved(unit: UnitOfWork) -> None:
        unit.conversations.create("c1", ADDRESS, NOW)
        unit.inbox.accept(inbound())
        unit.providers.move("c1", "stranger", NOW)
        unit.providers.move("gone", "elsewhere", NOW)

    await database.write(moved)
    await forget(database, days=101)

    assert database.read_now(lambda unit: unit.providers.moved(["c1", "gone"])) == {"c1": "stranger"}


async def test_consents_outlive_what_they_allowed(database: Database) -> None:
    await database.write(lambda unit: unit.consents.add("c1", "datos", True, "v1", "00", "web", "k1", NOW))
    assert (await forget(database, days=1000)).rows == {}
    assert (await forget(database, days=1001)).rows == {"consents": 1}


async def test_one_call_takes_a_bounded_piece_and_says_that_there_is_more(database: Database) -> None:
    for number in range(5):
        await database.write(lambda unit, number=number: unit.attempts.add(f"x{number}", NOW))
    policy = RetentionPolicy(batch=2)
    pieces = [await forget(database, days=5, policy=policy) for _ in range(4)]
    assert [piece.rows.get("attempts", 0) for piece in pieces] == [2, 2, 1, 0]
    assert [piece.more for piece in pieces] == [True, True, False, False]


async def test_the_gate_is_shut_again(database: Database) -> None:
    await database.write(talk)
    await forget(database, days=101)
    count = text("SELECT count(*) FROM retention_gate")
    assert await database.read(lambda unit: unit.conn.execute(count).scalar_one()) == 0


async def test_offered_documents_decided_payments_and_imports_go_and_an_open_payment_keeps_its_talk(
    database: Database,
) -> None:
    def proof(conversation_id: str) -> ProofRecord:
        return ProofRecord(
            conversation_id=conversation_id, cuenta="1000001", pagada_on=NOW.date(), valor=85_000, at=NOW
        )

    def work(unit: UnitOfWork) -> None:
        for name in ("c1", "c2"):
            unit.conversations.create(name, ADDRESS, NOW)
        unit.papers.add(PaperRecord("doc_1", "grafica", "c1", {}, NOW))
        unit.imports.save(ImportRecord(id="x", kind="bills", lines=1, taken=1, refused=0, done=True, at=NOW))
        unit.payment_proofs.add(proof("c1"))
        decided = unit.payment_proofs.add(proof("c2"))
        unit.payment_proofs.close(decided, "applied", at=NOW, by="ana")

    await database.write(work)
    assert (await forget(database, days=80)).rows == {}
    purged = await forget(database, days=101)
    assert purged.rows == {"papers": 1, "imports": 1, "payment_proofs": 1, "conversations": 1}
    assert [one.conversation_id for one in await database.read(lambda unit: unit.payment_proofs.open())] == ["c1"]


@pytest.mark.parametrize("kind", ["report", "payment", "leader", "work"])
async def test_a_file_stays_while_what_it_belongs_to_is_open_and_goes_after(database: Database, kind: str) -> None:
    def write(unit: UnitOfWork) -> None:
        for number, path in ((1, "aa/suya"), (2, "aa/suelta")):
            unit.files.add(file(number, path))
        if kind == "report":
            record = ReportRecord(
                id="r1", numero="R-1", year=2026, seq=1, servicio="agua", tipo="fuga", canal="web", created_at=NOW
            )
            unit.reports.add(record)
            unit.files.keep_while_open(["f1"], "report", record.id)
        elif kind == "payment":
            paid = ProofRecord(conversation_id="c1", cuenta="1", pagada_on=NOW.date(), valor=1, at=NOW)
            unit.files.keep_while_open(["f1"], "payment", unit.payment_proofs.add(paid).id)
        elif kind == "leader":
            number = unit.leaders.request(
                conversation_id="c1", rol="jac", persona={}, sectores=[], anexos=["f1"], at=NOW
            )
            unit.files.keep_while_open(["f1"], "leader", number or 0)
        else:
            work = InterventionRecord(
                id=0, tipo="obra", aspecto="tubo", lugar="CL 1", starts_at=NOW, ends_at=NOW, estado="PLANEADA",
                autor="ana", created_at=NOW,
            )  # fmt: skip
            unit.files.keep_while_open(["f1"], "work", unit.interventions.add(work))

    await database.write(write)
    assert (await forget(database, days=91)).paths == ["aa/suelta"]
    assert (await forget(database, days=5000)).paths == []
    close = {
        "report": "UPDATE reports SET estado = 'CERRADA'",
        "payment": "UPDATE payment_proofs SET state = 'refused'",
        "leader": "UPDATE leaders SET estado = 'RECHAZADO'",
        "work": "UPDATE interventions SET estado = 'CONFIRMADA'",
    }
    await database.write(lambda unit: unit.conn.execute(text(close[kind])))
    assert (await forget(database, days=5000)).paths == ["aa/suya"]


async def test_a_case_takes_over_the_file_of_a_report_and_a_report_none_of_a_case(database: Database) -> None:
    def write(unit: UnitOfWork) -> list[str | None]:
        unit.files.add(file(1, "aa/una"))
        unit.files.keep_while_open(["f1"], "payment", 7)
        case = file_case(unit, anexos=["f1"])
        unit.files.keep_while_open(["f1"], "report", "r1")
        found = unit.files.get("f1")
        return [found.case_id if found else None, case.id]

    owner, case = await database.write(write)
    assert owner == case
