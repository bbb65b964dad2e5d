"""The days of an agreement in the whole house: what is told, when the law lets it be told, and what money under claim stops."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import text

from bot.agreements import lifecycle, payments
from bot.agreements.text import fingerprint
from bot.identity import persons
from bot.kernel.clock import local
from bot.scheduler.jobs import agreement_clock
from bot.turn.effects import HANDLERS, Scene
from bot.turn.plan import Talk, Trigger
from dialogs.engine.conversation import Conversation
from storage.repos.customers import AccountRecord, BillRecord
from storage.repos.payments import PaymentRecord
from tests.agreements.conftest import NOW, TODAY
from tests.storage.samples import new_case
from tests.turn.house import Talker, open_house

CUENTA = "7700001"
DEBE = {"total": 480_000, "vencidas": 2, "dias": 45}


@pytest.fixture
async def talker(database, clock, tmp_path):
    async with open_house(database, clock, tmp_path) as services:
        one = Talker(services, clock)
        await one.say("hola")
        account = AccountRecord(
            cuenta=CUENTA,
            servicios=("agua",),
            titular="Persona de Prueba",
            direccion="CL 1",
            uso="residencial",
            estrato=2,
        )
        bill = BillRecord(
            cuenta=CUENTA, servicio="agua", periodo="2026-01", emitida_on=date(2026, 1, 5), vence_on=date(2026, 2, 1),
            total=480_000, numero="F1",
        )  # fmt: skip
        await database.write(lambda uow: (uow.customers.add_account(account), uow.customers.add_bill(bill)))
        yield one


def made(talker, house, **changes):
    """Return an agreement asked for in the talk of the person who proved the account."""
    proved = talker.services, talker.conversation_id, talker.clock.now()
    house.database.write_now(lambda uow: persons.verify(uow, proved[1], CUENTA, ids=proved[0].ids, now=proved[2]))
    return house.ask(cuenta=CUENTA, conversation_id=talker.conversation_id, **changes)


async def tick(talker, at):
    talker.clock.set(datetime.fromisoformat(f"{at}:00-05:00"))
    services = talker.services
    return await agreement_clock.run(services.database, talker.clock, services.settings, services.notices)


async def queued(talker):
    """Return what waits to be said by us: response and the Bogotá moment from which it may leave."""

    def read(uow):
        rows = uow.conn.execute(text("SELECT response, not_before, clase, state FROM notices ORDER BY id")).all()
        return [tuple(row) for row in rows]

    rows = await talker.services.database.read(read)
    return [
        (response, local(datetime.fromisoformat(f"{at}+00:00")), clase, state) for response, at, clase, state in rows
    ]


async def pay(talker, record, pesos, ref):
    await talker.services.database.write(
        lambda uow: payments.apply(
            uow, uow.agreements.get(record.id), pesos, paid_on=TODAY, ref=ref, actor="ana", now=NOW
        )
    )


async def claim(talker):
    def write(uow):
        uow.cases.add(new_case(1, cuenta=CUENTA, tipo="reclamo"))
        uow.disputes.open("case_000001", CUENTA, talker.clock.now(), valor=128_000)

    await talker.services.database.write(write)


async def test_a_reminder_waits_for_the_hours_of_the_law_and_is_said_once(talker, house):
    record = made(talker, house)
    await pay(talker, record, 96_000, "r1")
    assert await tick(talker, "2026-04-03T06:00") == "1 agreement messages"  # Good Friday; due on Monday 6
    assert await tick(talker, "2026-04-03T12:00") == ""
    ((response, at, clase, state),) = await queued(talker)
    assert (response, clase, state) == ("acuerdos.aviso_recordatorio", "COBRANZA", "queued")
    assert f"{at:%Y-%m-%d %H:%M}" == "2026-04-04 08:00"


async def other_talk(talker, name, at, *, same_person=True):
    """Begin another talk, of the person who signed or of somebody else who proved the account, used at ``at``."""

    def write(uow):
        uow.conversations.create(name, {"channel": "telegram", "account": "prueba", "user": name}, at)
        state = Conversation(name)
        uow.conversations.save(
            name, expected_version=0, state=Talk(state).to_json(), seq=0, mode="bot", last_inbound_at=at, now=at
        )
        if same_person:
            uow.people.link(name, uow.people.person_of(talker.conversation_id), at)
        else:
            persons.verify(uow, name, CUENTA, ids=talker.services.ids, now=at)

    await talker.services.database.write(write)


@pytest.mark.parametrize(
    ("hours", "same_person", "wants", "told_there"),
    [(1, True, True, True), (-1, True, True, False), (1, True, False, False), (1, False, True, False)],
)
async def test_the_reminder_goes_to_the_talk_used_last_that_wants_it(
    talker, house, hours, same_person, wants, told_there
):
    record = made(talker, house)
    await pay(talker, record, 96_000, "r1")
    await other_talk(talker, "t2", talker.clock.now() + timedelta(hours=hours), same_person=same_person)
    if not wants:
        await talker.services.database.write(
            lambda uow: uow.subscriptions.set_off("t2", talker.clock.now(), talker.clock.now())
        )
    await tick(talker, "2026-04-03T06:00")
    whose = await talker.services.database.read(
        lambda uow: [row[0] for row in uow.conn.execute(text("SELECT conversation_id FROM notices")).all()]
    )
    assert whose == ["t2" if told_there else talker.conversation_id]


async def test_two_missed_instalments_are_told_and_end_the_agreement(talker, house):
    record = made(talker, house)
    await pay(talker, record, 96_000, "r1")
    await tick(talker, "2026-04-08T10:00")
    await tick(talker, "2026-05-07T10:00")
    await tick(talker, "2026-05-08T10:00")
    told = [response for response, *_ in await queued(talker)]
    assert told == ["acuerdos.aviso_incumplida", "acuerdos.aviso_terminado"]


@pytest.mark.parametrize("cut", [lambda uow, mine: persons.unlink(uow, mine, CUENTA), persons.forget])
async def test_nothing_of_an_agreement_is_told_where_the_account_was_cut(talker, house, cut):
    record = made(talker, house)
    await pay(talker, record, 96_000, "r1")
    await talker.services.database.write(lambda uow: cut(uow, talker.conversation_id))
    assert await tick(talker, "2026-04-03T06:00") == ""
    assert await queued(talker) == []


async def test_money_under_claim_is_neither_collected_nor_missed(talker, house):
    """Aceptación 6: no collection message for an account with an open claim."""
    record = made(talker, house)
    await pay(talker, record, 96_000, "r1")
    await claim(talker)
    for day in range(40):
        await tick(talker, f"{date(2026, 4, 1) + timedelta(days=day)}T10:00")
    assert await queued(talker) == []
    kept = await talker.services.database.read(lambda uow: uow.agreements.get(record.id))
    assert kept.estado == "VIGENTE"


async def test_the_plan_is_on_the_undisputed_part_only(talker):
    """Aceptación 6."""
    await claim(talker)
    ports = talker.services.ports
    debt = await ports.billing.debt(CUENTA)
    found = await ports.agreements.prospect(CUENTA, debt)
    assert (found.deuda, found.en_reclamo) == (352_000, 128_000)


async def test_imported_payments_that_name_the_agreement_are_applied_once_and_thanked(talker, house):
    record = made(talker, house)
    paid = PaymentRecord(
        referencia="banco-9", cuenta=CUENTA, pagada_on=TODAY, valor=96_000, numero=record.numero, lugar="banco"
    )
    other = PaymentRecord(referencia="banco-10", cuenta=CUENTA, pagada_on=TODAY, valor=5_000, numero="F1")
    await talker.services.database.write(lambda uow: uow.payments.receive([paid, other], NOW))
    await tick(talker, "2026-03-19T10:00")
    await tick(talker, "2026-03-19T11:00")
    kept, parts = await talker.services.database.read(
        lambda uow: (uow.agreements.get(record.id), uow.agreements.parts(record.id))
    )
    assert (kept.estado, sum(part.pagado for part in parts)) == ("VIGENTE", 96_000)
    assert [(response, clase) for response, _, clase, _ in await queued(talker)] == [
        ("acuerdos.aviso_vigente", "SERVICIO")
    ]


# --- the fact in the commit ------------------------------------------------------------------------------------------


def answered(services, whose, now, *, is_linked=True):
    """Return a write: the account is proved in the conversation ``whose``, and a code for an agreement was answered."""

    def write(uow):
        if is_linked:
            persons.verify(uow, whose, CUENTA, ids=services.ids, now=now)
        until = now + timedelta(minutes=10)
        uow.codes.add(whose, CUENTA, "acuerdo", "482193", medio="correo", at=now, expires_at=until)
        assert uow.codes.try_code(whose, CUENTA, "acuerdo", "482193", call="c", most=3, now=now) == "bien"

    return write


async def accept(talker, *, cuotas=3, has_code=True, **changes):
    """Apply the fact of somebody who read the terms of this moment, with ``changes`` to it."""
    services = talker.services
    if has_code:
        await services.database.write(answered(services, talker.conversation_id, talker.clock.now()))
    debt = await services.ports.billing.debt(CUENTA)
    read = await services.ports.agreements.offer(
        CUENTA, debt, cuotas, dia=None, firma="titular", autorizado=False, cuidado=False
    )
    data = {
        "cuenta": CUENTA, "debe": dict(read.debe), "cuotas": cuotas, "dia": None, "firma": "titular", "autorizacion": [],
        "cuidado": False, "terminos": dict(read.terminos), "texto": read.texto, "palabra": "ACEPTO",
    }  # fmt: skip
    address = {"channel": "terminal", "account": "prueba", "user": "persona-1"}

    def write(uow):
        scene = Scene(
            uow=uow,
            trigger=Trigger(talker.conversation_id, "terminal", "prueba", address, talker.clock.now(), inbox_id=7),
            turn=2,
            now=talker.clock.now(),
            ids=services.ids,
            settings=services.settings,
            desk=services.desk,
            notices=services.notices,
            mode="bot",
        )
        return HANDLERS["AgreementRequested"](scene, {**data, **changes})

    return await services.database.write(write)


async def test_what_was_accepted_is_kept_with_its_proof_and_its_paper(talker):
    done = await accept(talker)
    assert done["acuerdo_resultado"] == "aprobado"
    drawn = await talker.services.documents.get(f"acuerdo:{done['acuerdo_doc']}")
    assert drawn.content.startswith(b"%PDF")
    assert drawn.owners == {talker.conversation_id}
    kept, proof = await talker.services.database.read(
        lambda uow: (
            uow.agreements.open_of(CUENTA),
            uow.agreements.acceptance(uow.agreements.open_of(CUENTA).id),
        )
    )
    assert (proof.text_sha256, proof.inbox_key, proof.otp_verificado) == (fingerprint(kept.texto), "7", True)


async def test_a_talk_that_says_there_was_a_code_signs_nothing_without_its_proof(talker):
    services, mine, now = talker.services, talker.conversation_id, talker.clock.now()
    assert await accept(talker, has_code=False, otp=True) == {"acuerdo_resultado": "sin_codigo"}
    await services.database.write(answered(services, "c_otra", now))
    assert await accept(talker, has_code=False) == {"acuerdo_resultado": "sin_codigo"}
    await services.database.write(answered(services, mine, now, is_linked=False))
    assert await accept(talker, has_code=False) == {"acuerdo_resultado": "sin_codigo"}
    await services.database.write(answered(services, mine, now - timedelta(hours=1)))
    assert await accept(talker, has_code=False) == {"acuerdo_resultado": "sin_codigo"}
    assert await services.database.read(lambda uow: uow.agreements.open_of(CUENTA)) is None


async def test_a_proof_signs_one_agreement(talker, house):
    await accept(talker)
    made_first = await talker.services.database.read(lambda uow: uow.agreements.open_of(CUENTA))
    now = talker.clock.now()
    await talker.services.database.write(
        lambda uow: lifecycle.cancel(uow, made_first, now=now, actor="ana", reason="prueba")
    )
    assert await accept(talker, has_code=False) == {"acuerdo_resultado": "sin_codigo"}


async def test_a_second_acceptance_of_the_same_account_makes_no_second_agreement(talker):
    await accept(talker)
    assert await accept(talker) == {"acuerdo_resultado": "ya_hay"}


async def test_anything_that_is_not_what_was_read_is_not_signed(talker):
    for changes in ({"debe": {**DEBE, "total": 481_000}}, {"texto": "otro texto"}, {"terminos": {}}, {"dia": 20}):
        assert await accept(talker, **changes) == {"acuerdo_resultado": "cambio"}
    assert await talker.services.database.read(lambda uow: uow.agreements.open_of(CUENTA)) is None


async def test_a_claim_that_came_in_between_changes_the_figures(talker):
    services = talker.services
    debt = await services.ports.billing.debt(CUENTA)
    read = await services.ports.agreements.offer(
        CUENTA, debt, 3, dia=None, firma="titular", autorizado=False, cuidado=False
    )
    await claim(talker)
    assert await accept(talker, terminos=dict(read.terminos), texto=read.texto) == {"acuerdo_resultado": "cambio"}


async def test_a_protected_household_and_a_tenant_are_decided_by_a_person(talker, house):
    services = talker.services
    debt = await services.ports.billing.debt(CUENTA)
    read = await services.ports.agreements.offer(
        CUENTA, debt, 3, dia=None, firma="usuario", autorizado=False, cuidado=True
    )
    done = await accept(talker, firma="usuario", cuidado=True, terminos=dict(read.terminos), texto=read.texto)
    assert done["acuerdo_resultado"] == "solicitado"
    kept = await services.database.read(lambda uow: uow.agreements.open_of(CUENTA))
    assert (kept.quien, kept.datos["proteccion"], kept.automatico) == ("arrendatario", True, False)


async def test_after_one_that_was_not_kept_the_next_is_decided_by_a_person_and_a_third_is_not_made_here(talker, house):
    services = talker.services
    await accept(talker)
    first = await services.database.read(lambda uow: uow.agreements.open_of(CUENTA))
    await pay(talker, first, 96_000, "r1")
    await tick(talker, "2026-05-20T10:00")
    done = await accept(talker)
    assert done["acuerdo_resultado"] == "solicitado"
    second = await services.database.read(lambda uow: uow.agreements.open_of(CUENTA))
    assert second.reacuerdo

    def ended(uow):
        now = talker.clock.now()
        approved = lifecycle.approve(uow, second, policy=house.policy, days=house.days, now=now, actor="ana", reason="")
        running = lifecycle.begin(uow, approved, now=now, actor="ana")
        lifecycle.break_off(uow, running, now=now, missed=2)

    await services.database.write(ended)
    debt = await services.ports.billing.debt(CUENTA)
    found = await services.ports.agreements.prospect(CUENTA, debt)
    assert not found.puede
    assert found.salida == "asesor"
