"""Faults that people told of, with their gap-free numbers, who joined them and their history."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, insert, select, text, update

from storage.errors import NotFound, VersionConflict
from storage.repos.base import AnyRow, Repo, upsert
from storage.rows.base import table
from storage.rows.reports import ReportCounterRow, ReportEventRow, ReportFollowerRow, ReportRow

_reports, _events, _followers = table(ReportRow), table(ReportEventRow), table(ReportFollowerRow)
_counters = table(ReportCounterRow)
_c, _e, _f = _reports.c, _events.c, _followers.c


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRecord:
    """A fault as told. ``place`` may hold ``direccion``, ``barrio`` and ``point`` ([latitude, longitude]).

    ``estado``: REPORTADA, CONFIRMADA, ASIGNADA, EN_REPARACION, RESTABLECIDA, CERRADA, CANCELADA. Who did not authorise
    the use of data has no ``conversation_id``, ``cuenta``, ``story`` or ``anexos``, and only a coarse ``place``.
    """

    id: str
    numero: str
    year: int
    seq: int
    servicio: str
    tipo: str
    canal: str
    created_at: datetime
    estado: str = "REPORTADA"
    conversation_id: str | None = None
    cuenta: str | None = None
    municipio: str | None = None
    sector: str | None = None
    cell: str | None = None
    place: Mapping[str, Any] = field(default_factory=dict)
    story: str | None = None
    anexos: Sequence[str] = ()
    critico: bool = False
    outage_id: str | None = None
    reopened: int = 0
    version: int = 1
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ReportEvent:
    """Something that happened to a report; ``actor`` is ``bot``, ``persona`` or a member of staff."""

    id: int
    report_id: str
    at: datetime
    kind: str
    actor: str
    data: dict[str, Any]


_SEALED = ("place", "story")
_PLAIN = [column.name for column in _c if column.name not in (*_SEALED, "place_index")]
_NEXT = {
    dialect: statement.on_conflict_do_update(index_elements=["year"], set_={"last": _counters.c.last + 1}).returning(
        _counters.c.last
    )
    for dialect, statement in upsert(_counters).items()
}
_ADD = insert(_reports).inline()
_SELECT = select(_reports)
#: The words of the partial indexes, or neither database would use them.
_IS_OPEN = text("reports.estado not in ('RESTABLECIDA', 'CERRADA', 'CANCELADA')")
_BY_ID = _SELECT.where(_c.id == bindparam("wanted"))
_CRITICAL = select(_c.id).where(_c.cuenta == bindparam("wanted"), _c.critico.is_(True)).limit(1)
_BY_NUMBER = _SELECT.where(_c.numero == bindparam("wanted"))
_RECENT = (_c.servicio == bindparam("what"), _c.created_at >= bindparam("since"), _IS_OPEN)
_ORDER = (_c.created_at, _c.id)
_IN_CELLS = _SELECT.where(_c.cell.in_(bindparam("cells", expanding=True)), *_RECENT).order_by(*_ORDER)
_AT_PLACE = _SELECT.where(_c.place_index == bindparam("place"), *_RECENT).order_by(*_ORDER)
_IN_SECTOR = _SELECT.where(_c.sector == bindparam("place"), *_RECENT).order_by(*_ORDER)
_OPEN = _SELECT.where(_IS_OPEN).order_by(*_ORDER).limit(bindparam("most"))
_NEWEST = _SELECT.order_by(_c.created_at.desc(), _c.id).limit(bindparam("most"))
_OF_OUTAGE = _SELECT.where(_c.outage_id == bindparam("wanted"), _c.outage_id.is_not(None)).order_by(*_ORDER)
_JOINED_BY = select(_f.report_id).where(_f.conversation_id == bindparam("whose"))
_OF_CONVERSATION = (
    _SELECT.where((_c.conversation_id == bindparam("whose")) | _c.id.in_(_JOINED_BY))
    .order_by(_c.created_at.desc(), _c.id)
    .limit(bindparam("most"))
)
_ADD_EVENT = insert(_events).inline()
_EVENTS = select(_events).where(_e.report_id == bindparam("wanted")).order_by(_e.id)
_JOIN = {
    dialect: statement.on_conflict_do_nothing(index_elements=["report_id", "conversation_id"]).returning(_f.id)
    for dialect, statement in upsert(_followers).items()
}
_WHO_JOINED = select(_f.conversation_id).where(_f.report_id == bindparam("wanted"), _f.conversation_id.is_not(None))
_JOINED_SINCE = select(func.count()).where(
    _f.report_id.in_(bindparam("which", expanding=True)), _f.at >= bindparam("since")
)
_RESTORED_BEFORE = (
    _SELECT.where(text("reports.estado = 'RESTABLECIDA'"), _c.updated_at < bindparam("before"))
    .order_by(_c.updated_at)
    .limit(bindparam("most"))
)
_JOINED = (
    select(_f.report_id, func.count())
    .where(_f.report_id.in_(bindparam("which", expanding=True)))
    .group_by(_f.report_id)
)


class Reports(Repo):
    """The ``reports``, ``report_events`` and ``report_followers`` tables."""

    def next_number(self, year: int) -> int:
        """Return the next number of ``year``, from 1 without gaps.

        The counter's row stays locked until this transaction ends: two people who report at once come one after the
        other, and each sees the reports of those before.
        """
        return int(self._run(_NEXT[self._dialect], {"year": year, "last": 1}).scalar_one())

    def add(self, report: ReportRecord) -> None:
        """Keep a new report.

        Raises:
            Conflict: the id or the number is already there.
        """
        values = {name: getattr(report, name) for name in _PLAIN}
        values |= {
            "anexos": list(report.anexos),
            "place": self._seal(dict(report.place), f"reports:{report.id}:place"),
            "story": self._seal_text(report.story, f"reports:{report.id}:story"),
            "place_index": self._place_index(report.place.get("direccion"), report.municipio),
            "updated_at": report.updated_at or report.created_at,
        }
        self._run(_ADD, values)

    def get(self, report_id: str) -> ReportRecord | None:
        """Return one report, or None."""
        row = self._first(_BY_ID, {"wanted": report_id})
        return None if row is None else self._record(row)

    def by_number(self, numero: str) -> ReportRecord | None:
        """Return the report of that exact number (``R-2026-000123``), or None."""
        row = self._first(_BY_NUMBER, {"wanted": numero})
        return None if row is None else self._record(row)

    def of_conversation(self, conversation_id: str, limit: int = 5) -> list[ReportRecord]:
        """Return what was reported or joined in a conversation, the newest first."""
        return self._records(_OF_CONVERSATION, {"whose": conversation_id, "most": limit})

    def open_in_cells(self, servicio: str, cells: Collection[str], since: datetime) -> list[ReportRecord]:
        """Return the open reports of a service in some cells, the oldest first."""
        return self._records(_IN_CELLS, {"what": servicio, "cells": list(cells), "since": since})

    def open_at_address(
        self, servicio: str, direccion: str, municipio: str | None, since: datetime
    ) -> list[ReportRecord]:
        """Return the open reports of a service at that very address."""
        place = self._place_index(direccion, municipio)
        return self._records(_AT_PLACE, {"what": servicio, "place": place, "since": since})

    def open_in_sector(self, servicio: str, sector: str, since: datetime) -> list[ReportRecord]:
        """Return the open reports of a service in a sector."""
        return self._records(_IN_SECTOR, {"what": servicio, "place": sector, "since": since})

    def open(self, limit: int = 100) -> list[ReportRecord]:
        """Return what is still worked on, the oldest first."""
        return self._records(_OPEN, {"most": limit})

    def newest(self, limit: int = 50) -> list[ReportRecord]:
        """Return the newest reports, open or not."""
        return self._records(_NEWEST, {"most": limit})

    def of_outage(self, outage_id: str) -> list[ReportRecord]:
        """Return the reports that belong to an outage."""
        return self._records(_OF_OUTAGE, {"wanted": outage_id})

    def change(self, report_id: str, *, expected_version: int, at: datetime, **changes: Any) -> ReportRecord:
        """Change plain columns of a report, raise its version and return it as it stands then.

        Raises:
            NotFound: there is no such report.
            VersionConflict: somebody else changed it since ``expected_version``.
        """
        statement = (
            update(_reports)
            .where(_c.id == report_id, _c.version == expected_version)
            .values(**changes, version=_c.version + 1, updated_at=at)
        )
        if self._run(statement).rowcount != 1:
            if self.get(report_id) is None:
                message = "there is no such report"
                raise NotFound(message)
            message = f"the report is no longer at version {expected_version}"
            raise VersionConflict(message)
        row = self._first(_BY_ID, {"wanted": report_id})
        if row is None:
            message = "there is no such report"
            raise NotFound(message)
        return self._record(row)

    def note(self, report_id: str, kind: str, actor: str, at: datetime, data: Mapping[str, Any] | None = None) -> None:
        """Append to the history of a report; ``data`` must hold nothing of a person."""
        self._run(
            _ADD_EVENT, {"report_id": report_id, "at": at, "kind": kind, "actor": actor, "data": dict(data or {})}
        )

    def events(self, report_id: str) -> list[ReportEvent]:
        """Return the history of a report, the oldest first."""
        return [ReportEvent(*row) for row in self._all(_EVENTS, {"wanted": report_id})]

    def join(self, report_id: str, conversation_id: str | None, at: datetime, *, critico: bool = False) -> bool:
        """Add somebody with the same fault; return False when that conversation has joined before."""
        values = {"report_id": report_id, "conversation_id": conversation_id, "critico": critico, "at": at}
        return self._first(_JOIN[self._dialect], values) is not None

    def is_critical(self, cuenta: str) -> bool:
        """Tell whether a report from the account said that somebody there depends on the service."""
        return self._first(_CRITICAL, {"wanted": cuenta}) is not None

    def who_joined(self, report_id: str) -> list[str]:
        """Return the conversations that joined a report and may be written to."""
        return [row.conversation_id for row in self._all(_WHO_JOINED, {"wanted": report_id})]

    def joined(self, report_ids: Collection[str]) -> dict[str, int]:
        """Return how many joined each report; those nobody joined are left out."""
        if not report_ids:
            return {}
        return {row[0]: int(row[1]) for row in self._all(_JOINED, {"which": list(report_ids)})}

    def joined_since(self, report_ids: Collection[str], since: datetime) -> int:
        """Return how many joined any of these reports from ``since`` on."""
        if not report_ids:
            return 0
        return int(self._run(_JOINED_SINCE, {"which": list(report_ids), "since": since}).scalar_one())

    def restored_before(self, before: datetime, limit: int = 200) -> list[ReportRecord]:
        """Return what was restored before a moment and nobody closed."""
        return self._records(_RESTORED_BEFORE, {"before": before, "most": limit})

    def _place_index(self, direccion: str | None, municipio: str | None) -> str | None:
        if not direccion:
            return None
        words = " ".join(f"{direccion} {municipio or ''}".split()).casefold()
        return self._keys.blind(words, "reports:place")

    def _records(self, statement: Any, values: dict[str, Any]) -> list[ReportRecord]:
        return [self._record(row) for row in self._all(statement, values)]

    def _record(self, row: AnyRow) -> ReportRecord:
        values = {name: row._mapping[name] for name in _PLAIN}  # noqa: SLF001 - SQLAlchemy's documented way to the names
        values["anexos"] = tuple(values["anexos"] or ())
        return ReportRecord(
            **values,
            place=self._open(row.place, f"reports:{row.id}:place"),
            story=self._open_text(row.story, f"reports:{row.id}:story"),
        )
