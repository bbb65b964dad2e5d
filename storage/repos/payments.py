"""Payments that the company received, each applied once to what the account owes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, select, update

from storage.repos.base import Repo, upsert
from storage.rows.base import table
from storage.rows.billing import PaymentRow
from storage.rows.company import BillRow

_payments, _bills = table(PaymentRow), table(BillRow)
_p, _b = _payments.c, _bills.c

_THERE = select(_p.referencia).where(_p.referencia.in_(bindparam("wanted", expanding=True)))
_ADD = {dialect: statement.on_conflict_do_nothing() for dialect, statement in upsert(_payments).items()}
_OWED = (
    select(_b.id, _b.cuenta, _b.numero, _b.total, _b.abonado)
    .where(_b.cuenta.in_(bindparam("wanted", expanding=True)), _b.pagada.is_(False))
    .order_by(_b.cuenta, _b.vence_on, _b.periodo, _b.id)
    .with_for_update()
)
_PAY = (
    update(_bills)
    .where(_b.id == bindparam("bill"))
    .values(abonado=bindparam("paid"), pagada=bindparam("whole"), pagada_on=bindparam("on"))
)
_OF_ACCOUNT = (
    select(_payments).where(_p.cuenta == bindparam("wanted")).order_by(_p.pagada_on.desc(), _p.id.desc()).limit(12)
)
_NAMING = (
    select(_payments)
    .where(_p.cuenta == bindparam("wanted"), _p.numero == bindparam("named"))
    .order_by(_p.pagada_on, _p.id)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentRecord:
    """A payment: ``numero`` is the bill it names, if any; ``valor`` whole pesos, ``aplicado`` what found a bill."""

    referencia: str
    cuenta: str
    pagada_on: date
    valor: int
    numero: str | None = None
    lugar: str | None = None
    aplicado: int = 0


class Payments(Repo):
    """The ``payments`` table."""

    def receive(self, payments: Sequence[PaymentRecord], at: datetime) -> int:
        """Keep those whose ``referencia`` is new and take them off the bills; return how many were new.

        A payment goes to the bill it names, and what is left of it to the account's other bills, the oldest first.
        """
        there = {row.referencia for row in self._all(_THERE, {"wanted": [one.referencia for one in payments]})}
        fresh = {one.referencia: one for one in payments if one.referencia not in there}
        if not fresh:
            return 0
        owed: dict[str, list[_Owed]] = {}
        for row in self._all(_OWED, {"wanted": sorted({one.cuenta for one in fresh.values()})}):
            owed.setdefault(row.cuenta, []).append(_Owed(row.id, row.numero, row.total, row.abonado))
        rows = []
        for one in sorted(fresh.values(), key=lambda payment: payment.pagada_on):
            applied = _apply(one, owed.get(one.cuenta, []))
            rows.append(
                {
                    **{name: getattr(one, name) for name in PaymentRecord.__dataclass_fields__},
                    "aplicado": applied,
                    "at": at,
                }
            )
        self._run(_ADD[self._dialect], rows)
        changed = [
            {"bill": bill.id, "paid": bill.paid, "whole": bill.is_whole, "on": bill.on if bill.is_whole else None}
            for bills in owed.values()
            for bill in bills
            if bill.on is not None
        ]
        if changed:
            self._run(_PAY, changed)
        return len(rows)

    def of_account(self, cuenta: str) -> list[PaymentRecord]:
        """Return the newest payments of an account."""
        names = PaymentRecord.__dataclass_fields__
        return [
            PaymentRecord(**{name: row._mapping[name] for name in names})  # noqa: SLF001 - documented
            for row in self._all(_OF_ACCOUNT, {"wanted": cuenta})
        ]

    def naming(self, cuenta: str, numero: str) -> list[PaymentRecord]:
        """Return the payments of an account that name ``numero`` (a bill, an agreement), the oldest first."""
        names = PaymentRecord.__dataclass_fields__
        return [
            PaymentRecord(**{name: row._mapping[name] for name in names})  # noqa: SLF001 - documented
            for row in self._all(_NAMING, {"wanted": cuenta, "named": numero})
        ]


@dataclass(slots=True)
class _Owed:
    """A bill while payments are taken off it; ``on`` is the day of the last one."""

    id: int
    numero: str | None
    total: int
    paid: int
    on: date | None = None

    @property
    def is_whole(self) -> bool:
        """Whether nothing is left to pay."""
        return self.paid >= self.total


def _apply(payment: PaymentRecord, bills: list[_Owed]) -> int:
    """Take ``payment`` off ``bills`` and return how much of it found one."""
    left = payment.valor
    # Stable: among the others the oldest stays first.
    for bill in sorted(bills, key=lambda one: payment.numero is None or one.numero != payment.numero):
        part = min(left, bill.total - bill.paid)
        if part > 0:
            bill.paid += part
            bill.on = payment.pagada_on
            left -= part
    return payment.valor - left
