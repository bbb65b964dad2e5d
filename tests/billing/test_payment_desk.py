"""A reported payment: kept with its receipts, applied or refused once, and the person told."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from bot.bootstrap import Services
from bot.kernel.clock import BOGOTA, FrozenClock
from bot.turn import payment_desk
from storage.db import Database
from storage.repos.payment_proofs import ProofRecord
from storage.repos.payments import PaymentRecord
from tests.billing.samples import CUENTA, account, bill
from tests.turn.house import Talker, open_house

NOW = datetime(2026, 11, 10, 10, 30, tzinfo=BOGOTA)


@pytest.fixture
async def talker(database: Database, tmp_path: Path):
    clock = FrozenClock(NOW)
    async with open_house(database, clock, tmp_path) as services:
        await services.database.write(lambda uow: uow.customers.add_account(account()))
        await services.database.write(lambda uow: uow.customers.add_bill(bill("2026-11")))
        yield Talker(services, clock)


async def report(talker: Talker, cuenta: str = CUENTA, **changed) -> ProofRecord:
    await talker.say("hola")
    given = {"pagada_on": date(2026, 11, 9), "valor": 80_000, "lugar": "el puntico", "suspendida": True, "at": NOW}
    proof = ProofRecord(conversation_id=talker.conversation_id, cuenta=cuenta, **{**given, **changed})
    return await talker.services.database.write(lambda uow: uow.payment_proofs.add(proof))


def notices(services: Services):
    return services.notices


async def told(talker: Talker) -> list[str]:
    items = await talker.services.database.read(lambda uow: uow.outbox.transcript(talker.conversation_id, 0, 100))
    return [item.payload["text"] for item in items if item.direction == "out" and "P0000" in item.payload["text"]]


def decide(talker: Talker, proof: ProofRecord, ref: str | None = None):
    return talker.services.database.write(
        lambda uow: payment_desk.apply(
            uow, proof.id, ref=ref, staff="ana", hours=24, notices=notices(talker.services), now=NOW
        )
    )


async def test_an_applied_payment_leaves_the_bill_paid_and_the_person_told(talker: Talker) -> None:
    proof = await report(talker)
    await decide(talker, proof, "BANCO-77")
    database = talker.services.database
    (paid,) = await database.read(lambda uow: uow.customers.bills(CUENTA))
    assert (paid.pagada, paid.pagada_on) == (True, date(2026, 11, 9))
    (text,) = await told(talker)
    assert proof.numero in text
    assert "24 horas" in text
    assert await database.read(lambda uow: uow.payment_proofs.open()) == []
    # The same payment in the bank's file changes nothing.
    again = PaymentRecord(referencia="BANCO-77", cuenta=CUENTA, pagada_on=date(2026, 11, 9), valor=80_000)
    assert await database.write(lambda uow: uow.payments.receive([again], NOW)) == 0


async def test_without_the_reference_of_the_bank_no_bill_is_touched(talker: Talker) -> None:
    proof = await report(talker, suspendida=False)
    await decide(talker, proof)
    (kept,) = await talker.services.database.read(lambda uow: uow.customers.bills(CUENTA))
    assert not kept.pagada
    assert "reconectar" not in (await told(talker))[0]


async def test_a_refused_payment_says_why(talker: Talker) -> None:
    proof = await report(talker)
    await talker.services.database.write(
        lambda uow: payment_desk.refuse(
            uow, proof.id, reason="es de otra empresa.", staff="ana", notices=notices(talker.services), now=NOW
        )
    )
    kept = await talker.services.database.read(lambda uow: uow.payment_proofs.get(proof.id))
    assert kept is not None
    assert (kept.state, kept.nota, kept.closed_by, kept.lugar) == (
        "refused",
        "es de otra empresa.",
        "ana",
        "el puntico",
    )
    assert "es de otra empresa" in (await told(talker))[0]


async def test_a_payment_is_decided_once(talker: Talker) -> None:
    proof = await report(talker)
    await decide(talker, proof, "B1")
    with pytest.raises(payment_desk.NoSuchProof, match=proof.numero):
        await decide(talker, proof, "B2")
    with pytest.raises(payment_desk.NoSuchProof):
        await talker.services.database.write(
            lambda uow: payment_desk.apply(
                uow, 999, ref=None, staff="ana", hours=24, notices=notices(talker.services), now=NOW
            )
        )
    assert len(await told(talker)) == 1


async def test_a_receipt_of_another_conversation_is_not_taken(talker: Talker) -> None:
    from bot.turn.effects import HANDLERS
    from bot.turn.effects.scene import Scene

    services = talker.services
    mine = await services.intake.keep(talker.conversation_id, b"%PDF-1.4\n%%EOF\n", name="a.pdf", kind="document")
    other = await services.intake.keep("c_other", b"%PDF-1.4\n%%EOF\n", name="b.pdf", kind="document")
    await talker.say("hola")

    class Told:
        conversation_id = talker.conversation_id

    def write(uow):
        scene = Scene(
            uow=uow, trigger=Told(), turn=1, now=NOW, ids=services.ids, settings=services.settings,
            desk=services.desk, mode="bot", notices=notices(services),
        )  # fmt: skip
        return HANDLERS["PaymentReported"](
            scene,
            {"cuenta": CUENTA, "pagada_on": "2026-11-09", "valor": 5_000, "lugar": None,
             "files": [mine["file_id"], other["file_id"]]},
        )  # fmt: skip

    result = await services.database.write(write)
    (proof,) = await services.database.read(lambda uow: uow.payment_proofs.open())
    assert proof.files == [mine["file_id"]]
    assert result == {"pago_numero": proof.numero}
