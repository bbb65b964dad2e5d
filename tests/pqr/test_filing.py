"""Filing never fails for lack of data; what is missing, late or doubtful is a flag for staff."""

from __future__ import annotations

import asyncio
import hashlib
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.kernel.clock import FrozenClock
from bot.kernel.ids import RandomIds
from bot.pqr import content, filing
from bot.pqr.law import Law
from bot.pqr.request import Filing
from storage.crypto import Keyring
from storage.db import Database
from storage.repos.cases import CaseRecord
from storage.repos.files import FileRecord
from tests.pqr.conftest import PERSON, FilePqr, bogota, fact


def stored(database: Database, radicado: str) -> CaseRecord:
    record = database.read_now(lambda uow: uow.cases.by_radicado(radicado))
    assert record is not None
    return record


def test_a_claim_of_sunday_morning_is_due_on_the_fourteenth_of_december(
    file_pqr: FilePqr, database: Database, clock: FrozenClock
) -> None:
    clock.set(bogota("2026-11-22T07:51"))
    filed = file_pqr()
    record = stored(database, filed.radicado)
    assert filed.radicado == "20260010000012"
    assert filed.fecha_limite == record.vence_on == date(2026, 12, 14)
    assert record.vence_b_on == date(2026, 12, 15)
    assert record.recibido_at == record.radicado_at == clock.now()
    assert (record.estado, record.termino, record.marcas) == ("RADICADO", "PQR_CONTRATO", ["fuera_de_horario"])


def test_the_words_of_the_person_are_kept_letter_by_letter(file_pqr: FilePqr, database: Database) -> None:
    text = "  {{7*7}} <script>'; DROP TABLE cases;--\r\n\tniño\u0301 😡\u202e\x00 fin \n"
    filed = file_pqr(relato=text)
    assert stored(database, filed.radicado).relato == text


def test_the_history_begins_with_the_filing(file_pqr: FilePqr, database: Database) -> None:
    filed = file_pqr()
    (event,) = database.read_now(lambda uow: uow.cases.events(filed.caso_id))
    assert (event.kind, event.actor) == ("radicado", "sistema")
    assert event.data["vence_on"] == filed.fecha_limite.isoformat()


def test_the_code_is_kept_only_as_a_keyed_hash(file_pqr: FilePqr, database: Database, keyring: Keyring) -> None:
    filed = file_pqr()
    record = stored(database, filed.radicado)
    assert len(filed.codigo_consulta) == 8
    assert filed.codigo_consulta not in repr(record)
    assert record.codigo_hash == keyring.blind(f"{filed.radicado}:{filed.codigo_consulta}", "codigo_consulta")


FLAGS: list[tuple[dict[str, object], list[str]]] = [
    ({}, []),
    ({"cuenta_en_base": False}, ["cuenta_no_encontrada"]),
    ({"cuenta": None, "direccion": None}, ["sin_cuenta", "incompleta"]),
    ({"nombre": None}, ["incompleta"]),
    ({"relato": "   "}, ["incompleta"]),
    ({"anonimo": True}, ["anonima"]),
    ({"autorizado": False}, ["sin_consentimiento", "anonima"]),
    ({"tipo": "denuncia", "cuenta": None, "nombre": None}, []),
    ({"tipo": "cosa rara"}, ["tipo_por_confirmar"]),
    ({"tipo": "recurso", "recurrido": None}, ["incompleta"]),
]


def test_what_is_missing_is_a_flag(file_pqr: FilePqr) -> None:
    assert [list(file_pqr(**changes).marcas) for changes, _ in FLAGS] == [marks for _, marks in FLAGS]


def test_what_the_company_has_in_its_files_is_not_missing(file_pqr: FilePqr, database: Database) -> None:
    filed = file_pqr(direccion=None, correo=None)
    assert "incompleta" not in filed.marcas
    filed = file_pqr(direccion=None, correo=None, cuenta_en_base=False)
    assert stored(database, filed.radicado).datos["faltantes"] == ["contacto"]


def test_nothing_personal_is_kept_without_authorisation(file_pqr: FilePqr, database: Database) -> None:
    filed = file_pqr(autorizado=False, otro_dato="+573009998877")
    record = stored(database, filed.radicado)
    assert record.anonimo
    assert (record.notificacion, record.relato) == ("codigo", fact()["relato"])
    for value in (*PERSON.values(), "+573009998877"):
        assert value == "CC" or value not in repr(record)


@pytest.mark.parametrize(("day", "kind", "mark"), [("2026-11-17", "reclamo", False), ("2026-11-18", "peticion", True)])
def test_a_claim_on_a_bill_of_more_than_five_months_is_filed_as_a_petition(
    file_pqr: FilePqr, database: Database, clock: FrozenClock, day: str, kind: str, mark: bool
) -> None:
    clock.set(bogota(f"{day}T10:00"))
    filed = file_pqr(factura_emitida_on="2026-06-17", valor_reclamado=187_300, valor_no_discutido=62_400)
    record = stored(database, filed.radicado)
    assert record.tipo == kind
    assert ("fuera_de_cinco_meses" in record.marcas) is mark
    assert record.datos["valor_reclamado"] == 187_300
    assert record.datos.get("tipo_pedido") == ("reclamo" if mark else None)


@pytest.mark.parametrize(("moment", "late"), [("2026-12-14T23:50", False), ("2026-12-15T00:00", True)])
def test_an_appeal_after_the_fifth_business_day_is_filed_and_marked(
    file_pqr: FilePqr, clock: FrozenClock, moment: str, late: bool
) -> None:
    clock.set(bogota(moment))
    filed = file_pqr(tipo="recurso", recurrido="20260010000012", decision_conocida_on="2026-12-04")
    assert ("extemporaneo" in filed.marcas) is late


def test_the_day_of_our_own_notice_decides_when_the_person_gives_none(
    file_pqr: FilePqr, database: Database, clock: FrozenClock
) -> None:
    clock.set(bogota("2026-11-03T09:00"))
    first = file_pqr()
    notified = bogota("2026-12-04T11:00")
    database.write_now(
        lambda uow: uow.cases.set_state(first.caso_id, "NOTIFICADO", notified, "personal:p1", {"modo": "personal"})
    )
    for moment, late in (("2026-12-14T23:50", False), ("2026-12-15T08:00", True)):
        clock.set(bogota(moment))
        filed = file_pqr(tipo="recurso", recurrido=f"{first.radicado[:4]} {first.radicado[4:]}")
        assert ("extemporaneo" in filed.marcas) is late


def test_a_message_that_came_late_counts_from_when_it_was_sent(
    file_pqr: FilePqr, database: Database, clock: FrozenClock
) -> None:
    clock.set(bogota("2027-01-02T09:00"))
    filed = file_pqr(at=bogota("2026-12-31T14:00"))
    record = stored(database, filed.radicado)
    assert record.vence_on == date(2027, 1, 25)
    assert filed.radicado.startswith("2027")
    assert record.recibido_at == bogota("2026-12-31T14:00")
    assert "entrega_tardia" in record.marcas


def test_a_broken_clock_of_the_sender_does_not_move_the_term(
    file_pqr: FilePqr, database: Database, clock: FrozenClock
) -> None:
    for sent in ("1970-01-01T00:00", "2026-03-18T10:31", "2100-01-01T00:00"):
        record = stored(database, file_pqr(at=bogota(sent)).radicado)
        assert record.recibido_at == clock.now()
        assert record.datos["enviado_at_dicho"].startswith(sent[:10])


def test_the_subtype_chooses_the_term(file_pqr: FilePqr, database: Database, clock: FrozenClock) -> None:
    clock.set(bogota("2026-10-08T09:00"))
    for subtype, term, due in (
        ("documentos", "INFO_DOCUMENTOS", date(2026, 10, 23)),
        ("consulta", "CONSULTA_GENERAL", date(2026, 11, 24)),
        ("", "PQR_CONTRATO", date(2026, 10, 30)),
        ("otra", "PQR_CONTRATO", date(2026, 10, 30)),
    ):
        record = stored(database, file_pqr(tipo="peticion", subtipo=subtype).radicado)
        assert (record.termino, record.vence_on) == (term, due)


def test_only_files_of_the_same_conversation_become_annexes(
    file_pqr: FilePqr, database: Database, clock: FrozenClock
) -> None:
    for name, owner in (("f_1", "c_1"), ("f_2", "c_other")):
        database.write_now(
            lambda uow, name=name, owner=owner: uow.files.add(
                FileRecord(
                    id=name,
                    conversation_id=owner,
                    kind="image",
                    mime="image/png",
                    size=3,
                    state="ok",
                    sha256="ab" * 32,
                    created_at=clock.now(),
                )
            )
        )
    filed = file_pqr(anexos=[{"file_id": "f_1"}, {"file_id": "f_1"}, "f_2", {"file_id": "f_none"}, 7])
    record = stored(database, filed.radicado)
    assert record.anexos == ["f_1"]
    assert record.datos["huellas_anexos"] == {"f_1": "ab" * 32}
    file = database.read_now(lambda uow: uow.files.get("f_1"))
    assert file is not None
    assert file.case_id == filed.caso_id


def test_the_hash_of_the_content_can_be_proved_later(file_pqr: FilePqr, database: Database) -> None:
    record = stored(database, file_pqr(relato="niñ\ud800o").radicado)
    assert record.content_hash == hashlib.sha256(content.canonical(record)).hexdigest()
    assert content.is_intact(record)


def test_the_numbers_begin_again_each_year(file_pqr: FilePqr, clock: FrozenClock) -> None:
    numbers = []
    for moment in ("2026-12-31T23:59", "2027-01-01T00:00", "2027-01-01T00:01"):
        clock.set(bogota(moment))
        numbers.append(file_pqr().radicado)
    assert numbers == ["20260010000012", "20270010000012", "20270010000022"]


async def test_sixty_four_filings_at_once_leave_no_gap_and_no_repeat(
    database: Database, law: Law, clock: FrozenClock
) -> None:
    ids, now = RandomIds(), clock.now()

    async def one(number: int) -> str:
        request = Filing.from_fact(fact(), conversation_id=f"c_{number}", canal="webchat", recibido_at=now)

        def work(uow):
            filed = filing.file(uow, request, now=now, ids=ids, law=law)
            if number % 8 == 0:
                message = "the turn broke after filing"
                raise RuntimeError(message)
            return filed.radicado

        return await database.write(work)

    results = await asyncio.gather(*(one(number) for number in range(64)), return_exceptions=True)
    numbers = sorted(result for result in results if isinstance(result, str))
    assert numbers == [f"2026001{number:06d}2" for number in range(1, 57)]


ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=40),
    st.lists(st.text(max_size=5), max_size=3),
)
NAMES = st.sampled_from([*fact(), *("anexos factura_emitida_on decision_conocida_on valor_reclamado subtipo".split())])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(NAMES, ODD, max_size=8))
def test_whatever_the_facts_say_a_radicado_is_born(
    database: Database, law: Law, clock: FrozenClock, data: dict[str, object]
) -> None:
    request = Filing.from_fact(data, conversation_id="c_1", canal="rest", recibido_at=clock.now())
    filed = database.write_now(lambda uow: filing.file(uow, request, now=clock.now(), ids=RandomIds(), law=law))
    assert filed.fecha_limite > clock.now().date() - timedelta(days=1)


def test_an_absurd_amount_is_set_aside_as_it_was_said(file_pqr: FilePqr, database: Database) -> None:
    for amount in (-5, 10**15, 3.5, "187.300", float("inf"), True):
        record = stored(database, file_pqr(valor_reclamado=amount).radicado)
        assert "valor_reclamado" not in record.datos
        assert record.datos["otros"] == {"valor_reclamado": amount}


def test_an_absurd_date_stops_nothing(file_pqr: FilePqr) -> None:
    for day in ("0001-01-01", "9999-12-31", "2026-02-30", "ayer", 5):
        assert file_pqr(factura_emitida_on=day).radicado
