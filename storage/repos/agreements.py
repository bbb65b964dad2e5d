"""Payment agreements: terms, instalments, payments, history and proof of acceptance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, func, insert, select, text, update

from storage.errors import NotFound
from storage.repos.base import AnyRow, Repo, fixed, upsert
from storage.rows.agreements import (
    OPEN,
    AcceptanceRow,
    AgreementCounterRow,
    AgreementEventRow,
    AgreementPaymentRow,
    AgreementRow,
    InstalmentRow,
)
from storage.rows.base import table

_agreements, _parts, _counters = table(AgreementRow), table(InstalmentRow), table(AgreementCounterRow)
_payments, _events, _proofs = table(AgreementPaymentRow), table(AgreementEventRow), table(AcceptanceRow)
_a, _p = _agreements.c, _parts.c


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementRecord:
    """An agreement as it stands, opened; money in whole pesos, rates as decimal text (``0.5`` is half a per cent).

    ``texto`` is the very text that was accepted; ``datos`` holds what was told besides (care, authorisation, reason).
    """

    id: str
    numero: str
    cuenta: str
    conversation_id: str
    estado: str
    politica: str
    perfil: str
    quien: str
    base: int
    en_reclamo: int
    inicial: int
    capital: int
    interes: int
    cuotas: int
    dia_pago: int
    tasa_mensual_pct: str
    mora_anual_pct: str
    reacuerdo: bool
    automatico: bool
    texto: str
    solicitado_at: datetime
    datos: Mapping[str, Any] = field(default_factory=dict)
    decidido_at: datetime | None = None
    vigente_at: datetime | None = None
    terminado_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InstalmentRecord:
    """A part of an agreement; number 0 is the initial payment. ``pagado`` is what was paid of ``valor``."""

    agreement_id: str
    numero: int
    vence_on: date | None
    valor: int
    capital: int
    interes: int
    saldo: int
    pagado: int = 0
    pagada_on: date | None = None
    incumplida_at: datetime | None = None

    @property
    def falta(self) -> int:
        """What is still to be paid of it."""
        return self.valor - self.pagado


@dataclass(frozen=True, slots=True)
class PaymentRecord:
    """Money applied to an agreement; ``ref`` is unique within it."""

    id: int
    agreement_id: str
    ref: str
    valor: int
    pagado_on: date
    actor: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AgreementEvent:
    """Something that happened to an agreement; ``actor`` is ``bot``, ``system`` or a member of staff."""

    id: int
    agreement_id: str
    at: datetime
    kind: str
    actor: str
    data: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """The proof that a person accepted a text (Ley 527/1999): its hash, the word typed, the code that was checked."""

    agreement_id: str
    text_sha256: str
    palabra: str
    otp_verificado: bool
    conversation_id: str
    channel: str
    inbox_key: str
    at: datetime


_NEXT = {
    dialect: statement.on_conflict_do_update(index_elements=["year"], set_={"last": _counters.c.last + 1}).returning(
        _counters.c.last
    )
    for dialect, statement in upsert(_counters).items()
}
_FIELDS = tuple(AgreementRecord.__dataclass_fields__)
_PART_FIELDS = tuple(InstalmentRecord.__dataclass_fields__)
_ADD, _ADD_PART, _ADD_EVENT, _ADD_PROOF = (
    insert(each).inline() for each in (_agreements, _parts, _events, _proofs)
)  # one row each
_ADD_PAYMENT = {
    dialect: statement.on_conflict_do_nothing(index_elements=["agreement_id", "ref"]).returning(_payments.c.id)
    for dialect, statement in upsert(_payments).items()
}
_SELECT = select(*(_a[name] for name in _FIELDS))
_GET = _SELECT.where(_a.id == bindparam("wanted"))
_BY_NUMERO = _SELECT.where(_a.numero == bindparam("wanted"))
_OPEN_OF = _SELECT.where(_a.cuenta == bindparam("wanted"), text(OPEN))
_OF_ACCOUNT = _SELECT.where(_a.cuenta == bindparam("wanted")).order_by(_a.solicitado_at.desc(), _a.id.desc())
_SEARCH = _SELECT.order_by(_a.solicitado_at.desc(), _a.id.desc()).limit(bindparam("most"))
_IN_STATES = (
    select(_a.id)
    .where(_a.estado.in_(bindparam("states", expanding=True)), _a.id > bindparam("after"))
    .order_by(_a.id)
    .limit(bindparam("most"))
)
_MOVE = update(_agreements).where(_a.id == bindparam("wanted"), _a.estado == bindparam("now_in"))
_PARTS = select(*(_p[name] for name in _PART_FIELDS)).where(_p.agreement_id == bindparam("wanted")).order_by(_p.numero)
_PAY = (
    update(_parts)
    .where(_p.agreement_id == bindparam("whose"), _p.numero == bindparam("which"))
    .values(pagado=bindparam("paid"), pagada_on=bindparam("paid_on"))
)
_DATE = (
    update(_parts)
    .where(_p.agreement_id == bindparam("whose"), _p.numero == bindparam("which"))
    .values(vence_on=bindparam("due_on"))
)
_MISS = (
    update(_parts)
    .where(
        _p.agreement_id == bindparam("whose"),
        _p.numero == bindparam("which"),
        _p.pagada_on.is_(None),
        _p.incumplida_at.is_(None),
    )
    .values(incumplida_at=bindparam("now"))
)
_PAYMENTS = select(_payments).where(_payments.c.agreement_id == bindparam("wanted")).order_by(_payments.c.id)
_EVENTS = select(_events).where(_events.c.agreement_id == bindparam("wanted")).order_by(_events.c.id)
_PROOF_FIELDS = tuple(Acceptance.__dataclass_fields__)
_PROOF = select(*(_proofs.c[name] for name in _PROOF_FIELDS)).where(_proofs.c.agreement_id == bindparam("wanted"))
_COUNTS = select(_a.estado, func.count()).group_by(_a.estado)


class Agreements(Repo):
    """The tables of agreements; moving one names the state it must be in, so that two decisions never both count."""

    def next_number(self, year: int) -> int:
        """Return the next number of ``year``, from 1 without gaps; it is given again if this transaction is undone."""
        return int(self._run(_NEXT[self._dialect], {"year": year, "last": 1}).scalar_one())

    def add(self, agreement: AgreementRecord, parts: Sequence[InstalmentRecord], proof: Acceptance) -> None:
        """Keep a new agreement with its instalments and the proof that it was accepted.

        Raises:
            Conflict: the account has an open agreement already.
        """
        values: dict[str, Any] = {name: getattr(agreement, name) for name in _FIELDS}
        values["texto"] = self._seal_text(agreement.texto, f"agreements:{agreement.id}:texto")
        values["datos"] = self._seal(dict(agreement.datos), f"agreements:{agreement.id}:datos")
        self._run(_ADD, values)
        self._run(_ADD_PART, [{name: getattr(one, name) for name in _PART_FIELDS} for one in parts])
        self._run(_ADD_PROOF, {name: getattr(proof, name) for name in _PROOF_FIELDS})

    def get(self, agreement_id: str) -> AgreementRecord | None:
        """Return one agreement, or None."""
        return self._record(self._first(_GET, {"wanted": agreement_id}))

    def by_numero(self, numero: str) -> AgreementRecord | None:
        """Return the agreement with that number as it is written (``AP-2026-000001``), or None."""
        return self._record(self._first(_BY_NUMERO, {"wanted": numero}))

    def open_of(self, cuenta: str) -> AgreementRecord | None:
        """Return the agreement of an account that is asked for, approved or running, or None."""
        return self._record(self._first(_OPEN_OF, {"wanted": cuenta}))

    def of_account(self, cuenta: str) -> list[AgreementRecord]:
        """Return every agreement of an account, the newest first."""
        return [self._opened(row) for row in self._all(_OF_ACCOUNT, {"wanted": cuenta})]

    def search(self, estado: str | None = None, limit: int = 50) -> list[AgreementRecord]:
        """Return the newest agreements, perhaps of one state only."""
        statement = _SEARCH if estado is None else _SEARCH.where(_a.estado == fixed(estado))
        return [self._opened(row) for row in self._all(statement, {"most": limit})]

    def ids_in(self, states: Sequence[str], *, after: str = "", limit: int = 200) -> list[str]:
        """Return the ids of agreements in these states, in order, from ``after`` on: one page of all of them."""
        rows = self._all(_IN_STATES, {"states": list(states), "after": after, "most": limit})
        return [row.id for row in rows]

    def counts(self) -> dict[str, int]:
        """Return how many agreements there are in each state."""
        return {str(state): int(count) for state, count in self._all(_COUNTS)}

    def move(self, agreement_id: str, before: str, after: str, **moments: datetime | None) -> None:
        """Take an agreement from state ``before`` to ``after``, setting the named moments.

        Raises:
            NotFound: it is not in that state (any more).
        """
        changed = self._run(_MOVE.values(estado=after, **moments), {"wanted": agreement_id, "now_in": before})
        if changed.rowcount != 1:
            message = f"the agreement is not {before}"
            raise NotFound(message)

    def parts(self, agreement_id: str) -> list[InstalmentRecord]:
        """Return the initial payment (number 0) and the instalments, in order."""
        rows = self._all(_PARTS, {"wanted": agreement_id})
        return [InstalmentRecord(**row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's documented way to the names

    def pay_part(self, agreement_id: str, numero: int, paid: int, paid_on: date | None) -> None:
        """Set what was paid of a part, and the day on which it was complete."""
        self._run(_PAY, {"whose": agreement_id, "which": numero, "paid": paid, "paid_on": paid_on})

    def date_part(self, agreement_id: str, numero: int, due_on: date) -> None:
        """Set when a part falls due."""
        self._run(_DATE, {"whose": agreement_id, "which": numero, "due_on": due_on})

    def miss_part(self, agreement_id: str, numero: int, now: datetime) -> bool:
        """Mark an unpaid part as missed; False when it was already, or was paid meanwhile."""
        return self._run(_MISS, {"whose": agreement_id, "which": numero, "now": now}).rowcount == 1

    def add_payment(self, agreement_id: str, ref: str, valor: int, pagado_on: date, actor: str, at: datetime) -> bool:
        """Keep a payment; False when one with that reference is there already."""
        values = {
            "agreement_id": agreement_id, "ref": ref, "valor": valor, "pagado_on": pagado_on, "actor": actor, "at": at,
        }  # fmt: skip
        return self._first(_ADD_PAYMENT[self._dialect], values) is not None

    def payments(self, agreement_id: str) -> list[PaymentRecord]:
        """Return the payments in the order in which they were applied."""
        return [PaymentRecord(*row) for row in self._all(_PAYMENTS, {"wanted": agreement_id})]

    def add_event(self, agreement_id: str, at: datetime, kind: str, actor: str, data: Mapping[str, Any]) -> None:
        """Append to the history."""
        place = f"agreement_events:{agreement_id}"
        values = {"agreement_id": agreement_id, "at": at, "kind": kind, "actor": actor}
        self._run(_ADD_EVENT, {**values, "data": self._seal(dict(data), place)})

    def events(self, agreement_id: str) -> list[AgreementEvent]:
        """Return the history, the oldest first."""
        return [
            AgreementEvent(
                row.id,
                row.agreement_id,
                row.at,
                row.kind,
                row.actor,
                self._open(row.data, f"agreement_events:{row.agreement_id}"),
            )
            for row in self._all(_EVENTS, {"wanted": agreement_id})
        ]

    def acceptance(self, agreement_id: str) -> Acceptance | None:
        """Return the proof of acceptance, or None."""
        row = self._first(_PROOF, {"wanted": agreement_id})
        return None if row is None else Acceptance(**row._mapping)  # noqa: SLF001 - SQLAlchemy's documented way to the names

    def _record(self, row: AnyRow | None) -> AgreementRecord | None:
        return None if row is None else self._opened(row)

    def _opened(self, row: AnyRow) -> AgreementRecord:
        values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's documented way to the names
        values["texto"] = self._open_text(values["texto"], f"agreements:{row.id}:texto")
        values["datos"] = self._open(values["datos"], f"agreements:{row.id}:datos")
        return AgreementRecord(**values)
