"""Filing: a request becomes a case with its radicado, inside the transaction of the turn; it never fails for lack of data.

What is missing, late or doubtful is a flag (*marca*) for staff, never a refusal (CPACA arts. 9.1, 15 par. 2 and 16).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from bot.kernel.clock import local, local_date
from bot.pqr import appeals, code, content, disputes, own, sui
from bot.pqr.moments import month_end
from bot.pqr.request import Filing
from storage.repos.cases import NewCase

if TYPE_CHECKING:
    from bot.kernel.ids import Ids
    from bot.pqr.catalog_model import KindEntry
    from bot.pqr.law import Law
    from storage.repos.files import FileRecord
    from storage.uow import UnitOfWork

#: What a filing is taken for when its type is not in the catalog: the widest one (CPACA art. 13).
FALLBACK_KIND: Final = "peticion"
#: Parts of the minimum content that tell who the person is.
_IDENTITY: Final = frozenset({"nombre", "documento", "contacto"})
#: Past this, the moment the person sent the message and the moment it reached us are both worth a look.
_LATE_DELIVERY: Final = timedelta(days=1)
#: No channel delivers a message later than this (WhatsApp insists for 7 days): an older moment is a broken clock.
_LONGEST_DELIVERY: Final = timedelta(days=30)
#: Older than this, any limit has passed, whatever the calendar says.
_SURELY_OVER: Final = timedelta(days=3_650)


@dataclass(frozen=True, slots=True)
class Filed:
    """What was born: the secret ``codigo_consulta`` is kept nowhere in clear. ``fecha_limite`` is that of mode A."""

    caso_id: str
    radicado: str
    codigo_consulta: str
    fecha_limite: date
    radicado_at: datetime
    marcas: tuple[str, ...] = ()


def file(uow: UnitOfWork, filing: Filing, *, now: datetime, ids: Ids, law: Law) -> Filed:
    """File ``filing`` inside ``uow``: number, code, due dates, flags, content hash and the first line of its history.

    The clock starts when the person sent it (``filing.recibido_at``), never after ``now``; the radicado takes the year
    of ``now`` in Bogotá. Nothing personal of somebody who did not authorise it is kept.

    Raises:
        StorageError: only for trouble of the database; the transaction is then undone as a whole.
    """
    received = _received(filing, now)
    told = filing if filing.autorizado else filing.without_person()
    name = told.tipo if told.tipo in law.catalog.kinds.tipos else FALLBACK_KIND
    asked = law.catalog.kind(name)
    marks, name = _limits(uow, told, name, received, law)
    kind = law.catalog.kind(name)
    missing = _missing(told, asked)
    marks += _plain_marks(told, asked, missing, received, now, law)
    subtype = told.subtipo if told.subtipo in kind.subtipos else ""
    term = law.term_of(name, subtype)
    promised, by_b = law.due(term, received), law.due(term, received, mode="B")
    files = [
        one for one in uow.files.many(tuple(dict.fromkeys(told.anexos))) if one.conversation_id == told.conversation_id
    ]
    data = _data(told, kind, missing, law) | _amounts(uow, told, kind) | _files(files)
    if told.tipo != name:
        data["tipo_pedido"] = told.tipo
    if received != told.recibido_at:
        data["enviado_at_dicho"] = told.recibido_at.isoformat()
    year = local(now).year
    number = uow.cases.next_radicado_number(year)
    radicado = law.template.write(year, number)
    caso_id = ids.new("caso")
    secret = code.code_of(uow.keyring, caso_id)
    case = NewCase(
        id=caso_id,
        radicado=radicado,
        year=year,
        number=number,
        tipo=name,
        subtipo=subtype or None,
        termino=term,
        estado="RADICADO",
        canal=told.canal,
        conversation_id=told.conversation_id,
        servicio=told.servicio or None,
        cuenta=told.cuenta or None,
        cuenta_en_base=told.cuenta_en_base,
        relato=told.relato,
        nombre=told.nombre or None,
        documento=told.documento or None,
        tipo_documento=told.tipo_documento or None,
        correo=told.correo or None,
        telefono=told.telefono or None,
        direccion=told.direccion or None,
        anonimo=told.is_anonymous,
        notificacion=_notice(told),
        marcas=marks,
        datos=data,
        anexos=[one.id for one in files],
        codigo_hash=code.seal(uow.keyring, radicado, secret),
        recibido_at=received,
        radicado_at=now,
        vence_on=promised.due_on,
        vence_b_on=by_b.due_on,
        content_hash="",
    )
    record = uow.cases.add(replace(case, content_hash=content.digest(case)))
    uow.cases.add_event(
        record.id,
        at=now,
        kind="radicado",
        actor="sistema",
        data={"termino": term, "vence_on": promised.due_on.isoformat(), "marcas": marks, "canal": told.canal},
    )
    disputes.open_of_case(uow, record, at=now, law=law)
    if record.tipo == "recurso":
        own.link_appeal(uow, record, at=now, law=law)
    return Filed(record.id, radicado, secret, promised.due_on, now, tuple(marks))


def _received(filing: Filing, now: datetime) -> datetime:
    """Return when the clock starts: when it was sent, but not in the future nor longer ago than any channel delivers."""
    sent = filing.recibido_at
    return now if sent > now or now - sent > _LONGEST_DELIVERY else sent


def _limits(uow: UnitOfWork, told: Filing, name: str, received: datetime, law: Law) -> tuple[list[str], str]:
    """Return the flags of a term that had already ended, and the type it is filed as (Ley 142 art. 154)."""
    limit = law.catalog.kind(name).limite
    if limit is None:
        return [], name
    start = told.day(limit.desde)
    if start is None and limit.desde == "factura_emitida_on" and told.factura_mes:
        # Only the month is known: the person is held to no day before its last.
        start = month_end(told.factura_mes)
    if start is None and limit.desde == "decision_conocida_on":
        start = _known_on(uow, told, law)
    today = local_date(received)
    if start is None or start > today:
        return [], name
    if today - start < _SURELY_OVER and today <= law.due(limit.termino, start).due_on:
        return [], name
    return [limit.marca], limit.pasa_a or name


def _known_on(uow: UnitOfWork, told: Filing, law: Law) -> date | None:
    """Return the day on which the answer appealed against was notified, when it is one of ours and that is on record."""
    read = law.template.read(told.recurrido) if told.recurrido else None
    record = uow.cases.by_radicado(read.text) if read else None
    if record is None:
        return None
    return appeals.known_on(uow.cases.events(record.id))


def _missing(told: Filing, kind: KindEntry) -> list[str]:
    """Return what of the minimum content is not there; what the company has in its files is never missing (art. 16)."""
    has_contact = bool(told.direccion or told.correo or (told.cuenta and told.cuenta_en_base))
    given = {
        "relato": bool(told.relato.strip()),
        "nombre": bool(told.nombre),
        "documento": bool(told.documento),
        "contacto": has_contact,
        "cuenta": bool(told.cuenta),
        "recurrido": bool(told.recurrido),
    }
    waived = _IDENTITY if told.is_anonymous or kind.anonimo else frozenset()
    return [part for part in kind.minimos if part not in waived and not given.get(part, True)]


def _plain_marks(
    told: Filing, kind: KindEntry, missing: list[str], received: datetime, now: datetime, law: Law
) -> list[str]:
    moment = local(received)
    flags = {
        "cuenta_no_encontrada": bool(told.cuenta) and not told.cuenta_en_base,
        "sin_cuenta": not told.cuenta and "cuenta" in kind.pide,
        "incompleta": bool(missing),
        "sin_consentimiento": not told.autorizado,
        "anonima": told.is_anonymous,
        "fuera_de_horario": law.is_out_of_hours(moment),
        "tipo_por_confirmar": told.tipo not in law.catalog.kinds.tipos,
        "silencio_alegado": told.subtipo == "silencio",
        "reclamo_en_tramite": told.tipo == "habeas_data" and told.subtipo == "reclamo",
        "colectiva": bool(told.colectiva),
        "entrega_tardia": now - received > _LATE_DELIVERY,
    }
    return [flag for flag, is_set in flags.items() if is_set]


def _notice(told: Filing) -> str:
    if told.is_anonymous:
        return "codigo"
    if told.notificacion == "correo" and not told.correo:
        return "sin_elegir"
    return told.notificacion or "sin_elegir"


def _data(told: Filing, kind: KindEntry, missing: list[str], law: Law) -> dict[str, Any]:
    """Return what is kept beside the columns; the suggestion for the SUI is confirmed by a person."""
    days = {name: day.isoformat() for name in ("factura_emitida_on", "decision_conocida_on") if (day := told.day(name))}
    data: dict[str, Any] = {
        "pretension": told.pretension,
        "recurrido": told.recurrido,
        "colectiva": told.colectiva,
        "factura_mes": told.factura_mes,
        "valor_reclamado": told.valor_reclamado,
        "valor_no_discutido": told.valor_no_discutido,
        "verbal": told.verbal,
        "faltantes": missing,
        "sui_tramite": kind.sui_por_subtipo.get(told.subtipo, kind.sui_tramite),
        "sui_detalle": sui.suggest(told.relato, law.catalog) if kind.sui_reporta else None,
        "version_terminos": law.catalog.terms.version,
        "version_sui": law.catalog.sui.version,
        **days,
    }
    if told.extra:
        data["otros"] = dict(told.extra)
    return {name: value for name, value in data.items() if value not in (None, "", [], False)}


def _amounts(uow: UnitOfWork, told: Filing, kind: KindEntry) -> dict[str, Any]:
    """Return what is discussed of the bill and what is not, for somebody who proved to be of the account.

    To anybody else the bill's total would be told by the difference.
    """
    if not (kind.sin_pago and told.cuenta and told.cuenta_verificada):
        return {}
    issued = told.factura_emitida_on.isoformat() if told.factura_emitida_on else told.factura_mes
    bill = disputes.bill_of(uow, told.cuenta, told.servicio, issued)
    if bill is None:
        return {}
    claimed = bill.total if told.valor_reclamado is None else told.valor_reclamado
    return {"valor_reclamado": claimed, "valor_no_discutido": max(0, bill.total - claimed)}


def _files(files: list[FileRecord]) -> dict[str, Any]:
    """Return the kinds and the SHA-256 of the annexes as they were when the case was filed."""
    if not files:
        return {}
    return {
        "clases_anexos": [one.kind for one in files],
        "huellas_anexos": {one.id: one.sha256 or "" for one in files},
    }
