"""What the company promised to a sector, by when, and whether it was done to the liking of neighbours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from storage.repos.base import Repo
from storage.rows.base import table
from storage.rows.community import CommitmentRow

_commitments = table(CommitmentRow)
_c = _commitments.c


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitmentRecord:
    """A promise of the company; ``responsable`` is an area or an office, never a private person.

    ``estado``: ABIERTO, CUMPLIDO, ANULADO. ``conforme`` is the word of the sector: None while nobody said it.
    """

    id: int
    que: str
    sector: str
    responsable: str
    acordado_on: date
    vence_on: date
    estado: str
    autor: str
    created_at: datetime
    updated_at: datetime
    origen: str | None = None
    evidencia: str | None = None
    cumplido_on: date | None = None
    conforme: bool | None = None
    conforme_at: datetime | None = None


_FIELDS = list(CommitmentRecord.__dataclass_fields__)
_ADD = insert(_commitments).returning(_c.id)
_SELECT = select(*(_c[name] for name in _FIELDS))
_GET = _SELECT.where(_c.id == bindparam("wanted"))
_OF_SECTOR = (
    _SELECT.where(_c.sector == bindparam("place"), _c.estado != "ANULADO").order_by(_c.vence_on.desc(), _c.id.desc())
).limit(bindparam("most"))
_ALL = _SELECT.order_by(_c.vence_on, _c.id)


class Commitments(Repo):
    """The ``commitments`` table."""

    def add(self, promise: CommitmentRecord) -> int:
        """Keep a new promise (its ``id`` is given here) and return its number."""
        values = {name: getattr(promise, name) for name in _FIELDS if name != "id"}
        return int(self._run(_ADD, values).scalar_one())

    def get(self, commitment_id: int) -> CommitmentRecord | None:
        """Return one promise, or None."""
        row = self._first(_GET, {"wanted": commitment_id})
        return None if row is None else CommitmentRecord(**row._mapping)  # noqa: SLF001 - documented

    def of_sector(self, sector: str, most: int = 20) -> list[CommitmentRecord]:
        """Return the promises to a sector that stand, those that fall due last first."""
        return self._records(_OF_SECTOR, {"place": sector, "most": most})

    def all(self) -> list[CommitmentRecord]:
        """Return every promise, those that fall due first at the beginning."""
        return self._records(_ALL, {})

    def change(self, commitment_id: int, *, expected: str, at: datetime, **changes: Any) -> bool:
        """Change a promise that is in the state ``expected``; return False when it was not."""
        statement = (
            update(_commitments).where(_c.id == commitment_id, _c.estado == expected).values(updated_at=at, **changes)
        )
        return self._run(statement).rowcount == 1

    def _records(self, statement: Any, values: dict[str, Any]) -> list[CommitmentRecord]:
        return [CommitmentRecord(**row._mapping) for row in self._all(statement, values)]  # noqa: SLF001 - documented
