"""What the company does in the street: planned, told, done, and what neighbours say of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, delete, insert, or_, select, text, update

from storage.errors import NotFound, VersionConflict
from storage.repos.base import Repo, fixed, upsert
from storage.rows.base import table
from storage.rows.community import (
    ConfirmationRow,
    InterventionEventRow,
    InterventionRow,
    InterventionSectorRow,
)

_works, _reach = table(InterventionRow), table(InterventionSectorRow)
_events, _said = table(InterventionEventRow), table(ConfirmationRow)
_c, _r, _e, _s = _works.c, _reach.c, _events.c, _said.c


@dataclass(frozen=True, slots=True, kw_only=True)
class InterventionRecord:
    """A work as neighbours know it: what (``aspecto``), where in words, when, and the badges that do it.

    ``estado``: PLANEADA, AVISADA, EN_CURSO, TERMINADA, CONFIRMADA, NO_CONFORME, CANCELADA. ``ronda`` begins at 1 and
    grows when it is done over; ``avisada_version`` is the version that neighbours were told of.
    """

    id: int
    tipo: str
    aspecto: str
    lugar: str
    starts_at: datetime
    ends_at: datetime
    estado: str
    autor: str
    created_at: datetime
    servicio: str | None = None
    indicaciones: str | None = None
    sectores: Sequence[str] = ()
    cuadrilla: Sequence[str] = ()
    anexos: Sequence[str] = ()
    ronda: int = 1
    terminada_at: datetime | None = None
    version: int = 1
    avisada_version: int = 0
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRecord:
    """A change of an intervention."""

    at: datetime
    estado: str
    actor: str
    nota: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmationRecord:
    """What a neighbour said; ``papel``: lider, reportante, vecino."""

    intervention_id: int
    ronda: int
    conversation_id: str
    papel: str
    resuelto: bool
    at: datetime
    motivo: str | None = None
    anexos: Sequence[str] = ()


_COLUMNS = [name for name in InterventionRecord.__dataclass_fields__ if name != "sectores"]
_SELECT = select(*(_c[name] for name in _COLUMNS))
#: The words of the partial index, or neither database would use it.
_IS_OPEN = text("interventions.estado not in ('CONFIRMADA', 'CANCELADA')")
_ADD = insert(_works).returning(_c.id)
_ADD_SECTORS = insert(_reach).inline()
_FORGET_SECTORS = delete(_reach).where(_r.intervention_id == bindparam("wanted"))
_GET = _SELECT.where(_c.id == bindparam("wanted"))
_OPEN = _SELECT.where(_IS_OPEN).order_by(_c.starts_at, _c.id)
_NEWEST = _SELECT.order_by(_c.starts_at.desc(), _c.id.desc()).limit(bindparam("most"))
_OF_SECTOR = (
    _SELECT.join(_reach, _r.intervention_id == _c.id)
    .where(_r.sector == bindparam("place"), _c.ends_at >= bindparam("since"))
    .order_by(_c.starts_at, _c.id)
)
_UNTOLD = (
    _SELECT.where(
        _c.avisada_version < _c.version,
        or_(
            _c.estado.in_([fixed("PLANEADA"), fixed("AVISADA")]),
            and_(_c.estado == fixed("CANCELADA"), _c.avisada_version > 0),
        ),
    )
    .order_by(_c.id)
    .limit(bindparam("most"))
)
_ENDED = _SELECT.where(_c.estado == fixed("TERMINADA"), _c.terminada_at >= bindparam("since")).order_by(_c.id)
_SECTORS = select(_r.intervention_id, _r.sector).where(_r.intervention_id.in_(bindparam("which", expanding=True)))
_ADD_EVENT = insert(_events).inline()
_EVENTS = select(_e.at, _e.estado, _e.actor, _e.nota).where(_e.intervention_id == bindparam("wanted")).order_by(_e.id)
_SAY = {
    dialect: statement.on_conflict_do_update(
        index_elements=["intervention_id", "ronda", "conversation_id"],
        set_={name: statement.excluded[name] for name in ("papel", "resuelto", "motivo", "anexos", "at")},
    )
    for dialect, statement in upsert(_said).items()
}
_SAID = select(_said).where(_s.intervention_id == bindparam("wanted"), _s.ronda == bindparam("round")).order_by(_s.id)


class Interventions(Repo):
    """The tables of interventions, their sectors, their history and the answers of neighbours."""

    def add(self, work: InterventionRecord) -> int:
        """Keep a new intervention (its ``id`` is given here) and return its number."""
        values = {name: getattr(work, name) for name in _COLUMNS if name != "id"}
        values |= {
            "cuadrilla": list(work.cuadrilla),
            "anexos": list(work.anexos),
            "updated_at": work.updated_at or work.created_at,
        }
        number = int(self._run(_ADD, values).scalar_one())
        self._set_sectors(number, work.sectores)
        self.note(number, estado=work.estado, actor=work.autor, at=work.created_at)
        return number

    def get(self, intervention_id: int) -> InterventionRecord | None:
        """Return one intervention, or None."""
        found = self._records(_GET, {"wanted": intervention_id})
        return found[0] if found else None

    def open(self) -> list[InterventionRecord]:
        """Return what is planned, going on or waiting for the word of neighbours, the earliest first."""
        return self._records(_OPEN, {})

    def newest(self, most: int) -> list[InterventionRecord]:
        """Return interventions of every state, the latest first."""
        return self._records(_NEWEST, {"most": most})

    def of_sector(self, sector: str, since: datetime) -> list[InterventionRecord]:
        """Return the interventions of a sector that end at ``since`` or later, the earliest first."""
        return self._records(_OF_SECTOR, {"place": sector, "since": since})

    def untold(self, most: int) -> list[InterventionRecord]:
        """Return what neighbours were not told of as it stands now: new, changed, or cancelled after they were told."""
        return self._records(_UNTOLD, {"most": most})

    def ended_since(self, since: datetime) -> list[InterventionRecord]:
        """Return what ended at ``since`` or later and waits for the word of its sectors."""
        return self._records(_ENDED, {"since": since})

    def change(
        self,
        intervention_id: int,
        *,
        expected_version: int,
        at: datetime,
        actor: str,
        nota: str | None = None,
        **changes: Any,
    ) -> InterventionRecord:
        """Change fields, raise the version, write it into the history, and return how it stands then.

        Raises:
            NotFound: there is no such intervention.
            VersionConflict: somebody else changed it since ``expected_version``.
        """
        sectors = changes.pop("sectores", None)
        statement = (
            update(_works)
            .where(_c.id == intervention_id, _c.version == expected_version)
            .values(**changes, version=_c.version + 1, updated_at=at)
        )
        if self._run(statement).rowcount != 1:
            if self.get(intervention_id) is None:
                message = "there is no such intervention"
                raise NotFound(message)
            message = f"the intervention is no longer at version {expected_version}"
            raise VersionConflict(message)
        if sectors is not None:
            self._run(_FORGET_SECTORS, {"wanted": intervention_id})
            self._set_sectors(intervention_id, sectors)
        changed = self._records(_GET, {"wanted": intervention_id})[0]
        self.note(intervention_id, estado=changed.estado, actor=actor, at=at, nota=nota)
        return changed

    def told(self, intervention_id: int, version: int) -> None:
        """Note that neighbours were told of this version; it is no change of the work itself."""
        self._run(update(_works).where(_c.id == intervention_id).values(avisada_version=version))

    def note(self, intervention_id: int, *, estado: str, actor: str, at: datetime, nota: str | None = None) -> None:
        """Write a line into the history."""
        self._run(
            _ADD_EVENT,
            {"intervention_id": intervention_id, "at": at, "estado": estado, "actor": actor, "nota": nota},
        )

    def events(self, intervention_id: int) -> list[EventRecord]:
        """Return the history, oldest first."""
        return [
            EventRecord(at=row.at, estado=row.estado, actor=row.actor, nota=row.nota)
            for row in self._all(_EVENTS, {"wanted": intervention_id})
        ]

    def say(self, said: ConfirmationRecord) -> None:
        """Keep what a neighbour says of a round; saying it again replaces it. The reason is sealed."""
        place = _place(said.intervention_id, said.conversation_id)
        self._run(
            _SAY[self._dialect],
            {
                "intervention_id": said.intervention_id,
                "ronda": said.ronda,
                "conversation_id": said.conversation_id,
                "papel": said.papel,
                "resuelto": said.resuelto,
                "motivo": self._seal_text(said.motivo, place),
                "anexos": list(said.anexos),
                "at": said.at,
            },
        )

    def said(self, intervention_id: int, ronda: int) -> list[ConfirmationRecord]:
        """Return what neighbours said of a round, oldest first."""
        return [
            ConfirmationRecord(
                intervention_id=row.intervention_id,
                ronda=row.ronda,
                conversation_id=row.conversation_id,
                papel=row.papel,
                resuelto=row.resuelto,
                at=row.at,
                motivo=self._open_text(row.motivo, _place(row.intervention_id, row.conversation_id)),
                anexos=row.anexos,
            )
            for row in self._all(_SAID, {"wanted": intervention_id, "round": ronda})
        ]

    def _set_sectors(self, intervention_id: int, sectors: Sequence[str]) -> None:
        rows = [{"intervention_id": intervention_id, "sector": sector} for sector in dict.fromkeys(sectors)]
        if rows:
            self._run(_ADD_SECTORS, rows)

    def _records(self, statement: Any, values: dict[str, Any]) -> list[InterventionRecord]:
        rows = self._all(statement, values)
        sectors: dict[int, list[str]] = {row.id: [] for row in rows}
        if sectors:
            for intervention_id, sector in self._all(_SECTORS, {"which": list(sectors)}):
                sectors[intervention_id].append(sector)
        return [
            InterventionRecord(**row._mapping, sectores=tuple(sorted(sectors[row.id])))  # noqa: SLF001 - documented
            for row in rows
        ]


def _place(intervention_id: int, conversation_id: str) -> str:
    return f"confirmations:{intervention_id}:{conversation_id}:motivo"
