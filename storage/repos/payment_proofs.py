"""What people say that they paid, with their receipts: work for staff."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from sqlalchemy import bindparam, insert, select, update

from storage.repos.base import AnyRow, Repo, fixed
from storage.rows.base import table
from storage.rows.billing import PaymentProofRow

ProofState = Literal["open", "applied", "refused"]

_proofs = table(PaymentProofRow)
_c = _proofs.c
_OPEN = _c.state == fixed("open")

_ADD = insert(_proofs).returning(_c.id)
_GET = select(_proofs).where(_c.id == bindparam("wanted"))
_LIST_OPEN = select(_proofs).where(_OPEN).order_by(_c.at, _c.id).limit(bindparam("most"))
_OF_ACCOUNT = (
    select(_proofs)
    .where(_c.cuenta == bindparam("wanted"))
    .order_by(_c.at.desc(), _c.id.desc())
    .limit(bindparam("most"))
)
_CLOSE = (
    update(_proofs)
    .where(_c.id == bindparam("wanted"), _OPEN)
    .values(state=bindparam("to"), closed_at=bindparam("when"), closed_by=bindparam("who"), nota=bindparam("why"))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofRecord:
    """A reported payment; ``files`` are ids of files, ``valor`` whole pesos. ``id`` is given when it is added."""

    id: int = 0
    conversation_id: str
    cuenta: str
    pagada_on: date
    valor: int
    at: datetime
    lugar: str | None = None
    files: Sequence[str] = ()
    suspendida: bool = False
    state: ProofState = "open"
    closed_at: datetime | None = None
    closed_by: str | None = None
    nota: str | None = None

    @property
    def numero(self) -> str:
        """The number that the person is told."""
        return f"P{self.id:06d}"


class PaymentProofs(Repo):
    """The ``payment_proofs`` table."""

    def add(self, proof: ProofRecord) -> ProofRecord:
        """Keep a reported payment and return it with its number."""
        values = {name: getattr(proof, name) for name in ProofRecord.__dataclass_fields__ if name != "id"}
        for name in ("lugar", "nota"):
            values[name] = self._seal_text(values[name], _place(proof.conversation_id, name))
        return replace(proof, id=int(self._run(_ADD, {**values, "files": list(proof.files)}).scalar_one()))

    def get(self, proof_id: int) -> ProofRecord | None:
        """Return one, or None."""
        row = self._first(_GET, {"wanted": proof_id})
        return None if row is None else self._record(row)

    def open(self, limit: int = 200) -> list[ProofRecord]:
        """Return those that wait for staff, the oldest first."""
        return [self._record(row) for row in self._all(_LIST_OPEN, {"most": limit})]

    def of_account(self, cuenta: str, limit: int = 5) -> list[ProofRecord]:
        """Return the newest of an account."""
        return [self._record(row) for row in self._all(_OF_ACCOUNT, {"wanted": cuenta, "most": limit})]

    def close(
        self,
        proof: ProofRecord,
        state: Literal["applied", "refused"],
        *,
        at: datetime,
        by: str,
        nota: str | None = None,
    ) -> bool:
        """Note what staff decided; False when it was decided meanwhile."""
        sealed = self._seal_text(nota, _place(proof.conversation_id, "nota"))
        values = {"wanted": proof.id, "to": state, "when": at, "who": by, "why": sealed}
        return self._run(_CLOSE, values).rowcount == 1

    def _record(self, row: AnyRow) -> ProofRecord:
        values = {name: row._mapping[name] for name in ProofRecord.__dataclass_fields__}  # noqa: SLF001 - documented
        for name in ("lugar", "nota"):
            values[name] = self._open_text(values[name], _place(row.conversation_id, name))
        return ProofRecord(**values)


def _place(conversation_id: str, column: str) -> str:
    return f"payment_proofs:{conversation_id}:{column}"
