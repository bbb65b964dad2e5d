"""Interruptions of a service, planned or not, and the sectors they reach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, text, update

from storage.errors import NotFound, VersionConflict
from storage.repos.base import Repo
from storage.rows.base import table
from storage.rows.company import OutageRow, OutageSectorRow

_outages, _reach = table(OutageRow), table(OutageSectorRow)
_c, _r = _outages.c, _reach.c


@dataclass(frozen=True, slots=True, kw_only=True)
class OutageRecord:
    """An interruption as a notice must tell it (domain rules §3); what is None is not known yet.

    ``estado``: PROGRAMADA, AVISADA, EN_CURSO, EXTENDIDA, RESTABLECIDA, CERRADA; REPORTADA, CONFIRMADA, ASIGNADA,
    EN_REPARACION; CANCELADA. ``zona`` is in words that neighbours use. ``alcance`` says whom it reaches.
    """

    id: str
    servicio: str
    tipo: str
    estado: str
    municipio: str
    zona: str
    autor: str
    created_at: datetime
    sectores: Sequence[str] = ()
    circuito: str | None = None
    causa: str | None = None
    indicaciones: str | None = None
    alcance: str | None = None
    linea: str | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    next_update_at: datetime | None = None
    restored_at: datetime | None = None
    version: int = 1
    updated_at: datetime | None = None


_COLUMNS = [name for name in OutageRecord.__dataclass_fields__ if name != "sectores"]
_ADD = insert(_outages).inline()
_ADD_SECTORS = insert(_reach).inline()
_SELECT = select(*(_c[name] for name in _COLUMNS))
#: The words of the partial index, or neither database would use it.
_IS_OPEN = text("outages.estado not in ('RESTABLECIDA', 'CERRADA', 'CANCELADA')")
_GET = _SELECT.where(_c.id == bindparam("wanted"))
_OPEN = _SELECT.where(_IS_OPEN).order_by(_c.created_at, _c.id)
_OPEN_FOR = (
    _SELECT.join(_reach, _r.outage_id == _c.id)
    .where(_r.sector == bindparam("place"), _IS_OPEN)
    .order_by(_c.created_at, _c.id)
)
_SECTORS = select(_r.outage_id, _r.sector).where(_r.outage_id.in_(bindparam("which", expanding=True)))
_FORGET_SECTORS = delete(_reach).where(_r.outage_id == bindparam("wanted"))


class Outages(Repo):
    """The ``outages`` and ``outage_sectors`` tables."""

    def add(self, outage: OutageRecord) -> None:
        """Keep a new interruption.

        Raises:
            Conflict: the id is already there.
        """
        values = {name: getattr(outage, name) for name in _COLUMNS}
        self._run(_ADD, {**values, "updated_at": outage.updated_at or outage.created_at})
        self._set_sectors(outage.id, outage.sectores)

    def get(self, outage_id: str) -> OutageRecord | None:
        """Return one interruption, or None."""
        found = self._records(_GET, {"wanted": outage_id})
        return found[0] if found else None

    def open(self) -> list[OutageRecord]:
        """Return what is announced or going on, the oldest first."""
        return self._records(_OPEN, {})

    def open_for_sector(self, sector: str, servicio: str | None = None) -> list[OutageRecord]:
        """Return what is announced or going on in a sector, for one service or all of them."""
        found = self._records(_OPEN_FOR, {"place": sector})
        return [outage for outage in found if servicio in (None, outage.servicio)]

    def change(
        self, outage_id: str, *, expected_version: int, at: datetime, autor: str, **changes: Any
    ) -> OutageRecord:
        """Change fields of an interruption, raise its version and return it as it stands then.

        Raises:
            NotFound: there is no such interruption.
            VersionConflict: somebody else changed it since ``expected_version``.
        """
        sectors = changes.pop("sectores", None)
        statement = (
            update(_outages)
            .where(_c.id == outage_id, _c.version == expected_version)
            .values(**changes, version=_c.version + 1, updated_at=at, autor=autor)
        )
        if self._run(statement).rowcount != 1:
            if self.get(outage_id) is None:
                message = "there is no such outage"
                raise NotFound(message)
            message = f"the outage is no longer at version {expected_version}"
            raise VersionConflict(message)
        if sectors is not None:
            self._run(_FORGET_SECTORS, {"wanted": outage_id})
            self._set_sectors(outage_id, sectors)
        return self._records(_GET, {"wanted": outage_id})[0]

    def _set_sectors(self, outage_id: str, sectors: Sequence[str]) -> None:
        rows = [{"outage_id": outage_id, "sector": sector} for sector in dict.fromkeys(sectors)]
        if rows:
            self._run(_ADD_SECTORS, rows)

    def _records(self, statement: Any, values: dict[str, Any]) -> list[OutageRecord]:
        rows = self._all(statement, values)
        sectors: dict[str, list[str]] = {row.id: [] for row in rows}
        if sectors:
            for outage_id, sector in self._all(_SECTORS, {"which": list(sectors)}):
                sectors[outage_id].append(sector)
        return [
            OutageRecord(**row._mapping, sectores=tuple(sorted(sectors[row.id])))  # noqa: SLF001 - documented
            for row in rows
        ]
