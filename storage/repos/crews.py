"""Who works in the street for the company, by the code of the badge; and who only says so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, insert, select, update

from storage.repos.base import AnyRow, Repo, fixed, upsert
from storage.rows.base import table
from storage.rows.community import CrewDayRow, CrewMemberRow, ImpostorReportRow

_members, _days, _reports = table(CrewMemberRow), table(CrewDayRow), table(ImpostorReportRow)
_m, _d, _r = _members.c, _days.c, _reports.c


@dataclass(frozen=True, slots=True, kw_only=True)
class CrewRecord:
    """A badge: the first name that may be told, the trade, and what its bearer may do in a house."""

    codigo: str
    nombre: str
    oficio: str
    puede: str
    desde_on: date
    hasta_on: date | None = None
    activo: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ImpostorRecord:
    """Somebody at the door who may not be ours, in the words of who told it; ``estado``: open, attended."""

    id: int
    conversation_id: str
    sector: str | None
    codigo: str | None
    pide_dinero: bool
    relato: str
    estado: str
    at: datetime
    attended_by: str | None = None


_ADD = {
    dialect: statement.on_conflict_do_update(
        index_elements=["codigo"],
        set_={column.name: statement.excluded[column.name] for column in _members.c if column.name != "codigo"},
    )
    for dialect, statement in upsert(_members).items()
}
_GET = select(_members).where(_m.codigo == bindparam("wanted"))
_ALL = select(_members).order_by(_m.codigo)
_SEND = {dialect: statement.on_conflict_do_nothing() for dialect, statement in upsert(_days).items()}
_SENT = select(_d.codigo).where(_d.sector == bindparam("place"), _d.dia_on == bindparam("day"))
_ADD_REPORT = insert(_reports).returning(_r.id)
_OPEN_REPORTS = select(_reports).where(_r.estado == fixed("open")).order_by(_r.at, _r.id)
_ATTEND = (
    update(_reports)
    .where(_r.id == bindparam("wanted"), _r.estado == fixed("open"))
    .values(estado="attended", attended_at=bindparam("now"), attended_by=bindparam("who"))
)


class Crews(Repo):
    """The ``crew_members``, ``crew_days`` and ``impostor_reports`` tables."""

    def add(self, member: CrewRecord) -> None:
        """Keep a badge, or bring it up to date; the name is sealed."""
        values = {name: getattr(member, name) for name in CrewRecord.__dataclass_fields__}
        self._run(_ADD[self._dialect], {**values, "nombre": self._seal_text(member.nombre, _place(member.codigo))})

    def get(self, codigo: str) -> CrewRecord | None:
        """Return a badge by its code, or None."""
        row = self._first(_GET, {"wanted": codigo})
        return None if row is None else self._record(row)

    def all(self) -> list[CrewRecord]:
        """Return every badge, by its code."""
        return [self._record(row) for row in self._all(_ALL)]

    def send(self, codes: Iterable[str], sector: str, day: date) -> None:
        """Note that badges are sent to a sector on a day; saying it again changes nothing."""
        rows = [{"codigo": codigo, "sector": sector, "dia_on": day} for codigo in codes]
        if rows:
            self._run(_SEND[self._dialect], rows)

    def sent(self, sector: str, day: date) -> frozenset[str]:
        """Return the badges sent to a sector on a day, besides those of interventions."""
        return frozenset(row.codigo for row in self._all(_SENT, {"place": sector, "day": day}))

    def report(
        self,
        *,
        conversation_id: str,
        sector: str | None,
        codigo: str | None,
        pide_dinero: bool,
        relato: str,
        at: datetime,
    ) -> int:
        """Keep a report of somebody who may not be ours; the words are sealed."""
        values = {
            "conversation_id": conversation_id,
            "sector": sector,
            "codigo": codigo,
            "pide_dinero": pide_dinero,
            "relato": self._seal_text(relato, f"impostor_reports:{conversation_id}:relato"),
            "estado": "open",
            "at": at,
        }
        return int(self._run(_ADD_REPORT, values).scalar_one())

    def reports(self) -> list[ImpostorRecord]:
        """Return the reports that nobody attended yet, the oldest first."""
        return [
            ImpostorRecord(
                id=row.id,
                conversation_id=row.conversation_id,
                sector=row.sector,
                codigo=row.codigo,
                pide_dinero=row.pide_dinero,
                relato=self._open_text(row.relato, f"impostor_reports:{row.conversation_id}:relato") or "",
                estado=row.estado,
                at=row.at,
                attended_by=row.attended_by,
            )
            for row in self._all(_OPEN_REPORTS)
        ]

    def attend(self, report_id: int, at: datetime, actor: str) -> bool:
        """Note who attended a report; return False when it was no longer open."""
        return self._run(_ATTEND, {"wanted": report_id, "now": at, "who": actor}).rowcount == 1

    def _record(self, row: AnyRow) -> CrewRecord:
        values = {name: row._mapping[name] for name in CrewRecord.__dataclass_fields__}  # noqa: SLF001 - documented
        return CrewRecord(**{**values, "nombre": self._open_text(row.nombre, _place(row.codigo)) or ""})


def _place(codigo: str) -> str:
    return f"crew_members:{codigo}:nombre"
