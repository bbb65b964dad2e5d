"""What a person has to be told of an agreement: the wording it takes, its values, and a key so that it is told once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from bot.agreements import lifecycle

if TYPE_CHECKING:
    from bot.agreements.payments import Applied
    from storage.repos.agreements import AgreementRecord, InstalmentRecord
    from storage.uow import UnitOfWork

#: What a message about an agreement tells; each is a wording ``acuerdos.aviso_<kind>``.
Kind = Literal[
    "recordatorio", "incumplida", "terminado", "sin_inicial", "aprobado", "rechazado", "anulado", "vigente", "pago",
    "cumplido",
]  # fmt: skip
#: The states that a decision of staff leads to, and what is told of them; any other is an approval.
_DECIDED: Mapping[str, Kind] = {"RECHAZADO": "rechazado", "ANULADO": "anulado"}


@dataclass(frozen=True, slots=True)
class Told:
    """Something the person must hear: ``key`` is unique for ever, so that it is told once. ``is_collection``: Ley 2300.

    ``until_on`` is the last day on which it still makes sense (ISO), or empty. It is told while ``cuenta`` is proved there.
    """

    kind: Kind
    key: str
    is_collection: bool
    conversation_id: str
    values: Mapping[str, Any] = field(default_factory=dict)
    until_on: str = ""
    cuenta: str = ""

    @property
    def response(self) -> str:
        """The key of its wording."""
        return f"acuerdos.aviso_{self.kind}"


def of_part(
    kind: Kind, record: AgreementRecord, part: InstalmentRecord, *, collects: bool, suffix: str = "", **more: Any
) -> Told:
    """Tell something about one part of an agreement."""
    key = ".".join(filter(None, ("agr", record.id, kind, str(part.numero), suffix)))
    due_on = part.vence_on.isoformat() if part.vence_on else ""
    values = {
        "numero": record.numero,
        "cuota": part.numero,
        "cuotas": record.cuotas,
        "valor": part.falta,
        "vence_on": due_on,
        **more,
    }
    until_on = due_on if kind == "recordatorio" else ""
    return Told(kind, key, collects, record.conversation_id, values, until_on, record.cuenta)


def of_decision(uow: UnitOfWork, record: AgreementRecord) -> Told:
    """Tell what staff decided: approved (with the initial payment and its date), rejected or cancelled (with the reason)."""
    kind = _DECIDED.get(record.estado, "aprobado")
    first = uow.agreements.parts(record.id)[lifecycle.INITIAL]
    return of_part(kind, record, first, collects=False, motivo=lifecycle.reason_of(uow, record))


def of_payment(applied: Applied, ref: str) -> Told:
    """Tell that money arrived; the first time that the agreement runs, and the last time that it is fulfilled."""
    record = applied.record
    kind: Kind = "vigente" if lifecycle.INITIAL in applied.cubre else "pago"
    kind = "cumplido" if record.estado == "CUMPLIDO" else kind
    values = {"numero": record.numero, "valor": applied.aplicado}
    return Told(
        kind,
        f"agr.{record.id}.{kind}.{ref}",
        is_collection=False,
        conversation_id=record.conversation_id,
        values=values,
        cuenta=record.cuenta,
    )
