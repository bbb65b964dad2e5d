"""What a person does with a case of theirs is kept with the case, in the same commit as the reply."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.pqr import lifecycle
from storage.repos.cases import CaseRecord
from tests.pqr.conftest import bogota
from tests.turn.house import Talker

ANA = lifecycle.Actor("personal", "ana")
FILING = (
    "/radicar_queja", "llevo tres días sin agua y nadie contesta", "no acepto", "Radicar sin datos", "agua",
    "No, sigamos", "Sí, radicar",
)  # fmt: skip


async def mine(talker: Talker) -> CaseRecord:
    (case,) = await talker.services.database.read(lambda uow: uow.cases.of_conversation(talker.conversation_id))
    return case


async def history(talker: Talker, kind: str) -> list[dict[str, Any]]:
    case = await mine(talker)
    events = await talker.services.database.read(lambda uow: uow.cases.events(case.id))
    return [event.data for event in events if event.kind == kind]


async def staff(talker: Talker, *states: str, **data: Any) -> CaseRecord:
    """Let staff take the newest case of the person through ``states``."""
    for state in states:
        case, now = await mine(talker), talker.clock.now()

        def work(uow, case=case, state=state, now=now):
            return lifecycle.move(uow, case, state, at=now, actor=ANA, law=talker.services.law, data=data)

        await talker.services.database.write(work)
    return await mine(talker)


@pytest.fixture
async def filed(talker: Talker) -> Talker:
    await talker.go(*FILING)
    return talker


async def test_what_is_added_stands_in_the_case_and_staff_are_told(filed: Talker) -> None:
    said = await filed.go("/ampliar_pqr", "fue el jueves", "no", "Sí, agregar")
    assert "ampliar_pqr.hecho" in said
    assert await history(filed, "ampliacion") == [{"texto": "fue el jueves", "anexos": []}]
    alerts = await filed.services.database.read(lambda uow: uow.alerts.unseen())
    assert [alert.kind.split()[0] for alert in alerts] == ["AMPLIADO"]


async def test_completing_what_was_asked_makes_the_clock_run_again(filed: Talker) -> None:
    before = (await mine(filed)).vence_on
    await staff(filed, "EN_TRAMITE", "REQUERIDO_USUARIO", requiere="La foto del contador.")
    filed.clock.move(timedelta(days=3))
    replies = await filed.hear("/ampliar_pqr")
    assert any("Le habíamos pedido: La foto del contador." in reply["text"] for reply in replies)
    await filed.go("el contador marca 1204", "no")
    (hecho, *_) = await filed.hear("Sí, agregar")
    case = await mine(filed)
    assert case.estado == "EN_TRAMITE"
    assert before is not None
    assert case.vence_on is not None
    assert case.vence_on > before
    assert "con eso completó" in hecho["text"]


async def test_an_addition_that_comes_after_the_decision_is_told_so_and_changes_nothing(filed: Talker) -> None:
    await filed.go("/ampliar_pqr", "fue el jueves", "no")
    await staff(filed, "EN_TRAMITE", "DECIDIDO")
    (hecho, *_) = await filed.hear("Sí, agregar")
    assert "ya no recibe más datos" in hecho["text"]
    assert await history(filed, "ampliacion") == []


async def test_a_withdrawal_is_a_mark_for_staff_who_close_the_case(filed: Talker) -> None:
    await filed.go("/desistir_pqr", "Sí, retirarla")
    case = await mine(filed)
    assert (case.estado, "desistimiento_pedido" in case.marcas) == ("RADICADO", True)
    assert await history(filed, "desistimiento") == [{}]
    assert (await staff(filed, "EN_TRAMITE", "DESISTIDO")).estado == "DESISTIDO"


async def test_nothing_of_another_person_is_withdrawn(filed: Talker) -> None:
    case = await mine(filed)
    stranger = Talker(filed.services, filed.clock, "persona-2")
    said = await stranger.go("/desistir_pqr", case.radicado)
    assert "desistir_pqr.ajeno" in said
    assert "desistimiento_pedido" not in (await mine(filed)).marcas


async def test_a_court_reaches_the_legal_desk_from_the_middle_of_an_errand(filed: Talker) -> None:
    said = await filed.go("/ampliar_pqr", "me toca poner una tutela")
    assert "tutela.recibida" in said
    assert "pide_anexo" in said  # the words were the answer too
    (wait,) = await filed.services.database.read(lambda uow: uow.handoffs.list())
    assert (wait.reason, wait.first, wait.case_id) == ("tutela", True, (await mine(filed)).id)
    assert await history(filed, "tutela") == [{"texto": "me toca poner una tutela"}]


async def test_a_danger_keeps_its_reason_in_the_queue_when_a_court_is_named_after_it(filed: Talker) -> None:
    await filed.go("huele a gas", "calle 5 # 3-20", "los voy a demandar ante un juez")
    (wait,) = await filed.services.database.read(lambda uow: uow.handoffs.list())
    assert wait.reason == "emergencia"


async def test_while_a_person_attends_a_court_is_still_noted(filed: Talker) -> None:
    from bot.turn import handoffs

    await filed.say("asesor")
    now = filed.clock.now()
    (wait,) = await filed.services.database.read(lambda uow: uow.handoffs.list())
    await filed.services.database.write(lambda uow: handoffs.take(uow, wait.id, "ana", now))
    assert await filed.say("ya me llegó el fallo de la tutela") == []
    (wait,) = await filed.services.database.read(lambda uow: uow.handoffs.list())
    assert (wait.reason, wait.state) == ("tutela", "with_person")


async def test_an_appeal_of_the_last_minute_is_in_time_and_keeps_its_case_open(filed: Talker) -> None:
    case = await staff(filed, "EN_TRAMITE", "DECIDIDO")
    filed.clock.set(bogota("2026-04-06T10:00"))
    case = await staff(filed, "NOTIFICADO", modo="electronica")
    filed.clock.set(bogota("2026-04-13T23:50"))  # the fifth business day after Monday 6 April
    said = await filed.go("/radicar_recurso", case.radicado)
    assert "radicar_recurso.a_tiempo" in said
    await filed.go("Sí, que la revise", "la respuesta no dice nada de la presión", "no acepto", "Radicar sin datos")
    await filed.go("No, sigamos", "Sí, radicar")
    appeal = await newest(filed)
    assert (appeal.tipo, appeal.subtipo, appeal.datos["sui_tramite"]) == ("recurso", "reposicion_apelacion", 5)
    assert "extemporaneo" not in appeal.marcas
    before = await filed.services.database.read(lambda uow: uow.cases.get(case.id))
    assert before is not None
    assert before.estado == "RECURSO_ABIERTO"


async def test_an_appeal_of_the_sixth_day_is_filed_and_marked_for_staff(filed: Talker) -> None:
    await staff(filed, "EN_TRAMITE", "DECIDIDO")
    filed.clock.set(bogota("2026-04-06T10:00"))
    case = await staff(filed, "NOTIFICADO", modo="electronica")
    filed.clock.set(bogota("2026-04-14T00:10"))
    said = await filed.go("/radicar_recurso", case.radicado)
    assert "radicar_recurso.tarde" in said
    await filed.go("No, solo la empresa", "la respuesta no dice nada de la presión", "no acepto", "Radicar sin datos")
    (constancia, *_) = (await filed.go("No, sigamos"), *await filed.hear("Sí, radicar"))[1:]
    appeal = await newest(filed)
    assert "extemporaneo" in appeal.marcas
    assert (appeal.subtipo, appeal.datos["sui_tramite"]) == ("reposicion", 4)
    assert "una persona revisa la fecha" in constancia["text"]


async def test_silence_is_filed_as_a_petition_that_names_its_case(filed: Talker) -> None:
    case = await mine(filed)
    filed.clock.set(bogota("2026-04-30T10:00"))
    said = await filed.go("/radicar_recurso", case.radicado)
    assert "radicar_recurso.silencio" in said
    await filed.go("nunca me contestaron y ya pasó el plazo", "no acepto", "Radicar sin datos", "No, sigamos")
    await filed.say("Sí, radicar")
    petition = await newest(filed)
    assert (petition.tipo, petition.subtipo) == ("peticion", "silencio")
    assert petition.datos["recurrido"] == case.radicado
    assert "silencio_alegado" in petition.marcas


async def newest(talker: Talker) -> CaseRecord:
    cases = await talker.services.database.read(lambda uow: uow.cases.of_conversation(talker.conversation_id))
    return cases[0]
