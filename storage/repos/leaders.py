"""Community leaders: who asked to be one, what staff decided, and for which sectors until when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from storage.repos.base import AnyRow, Repo, fixed, upsert
from storage.rows.base import table
from storage.rows.community import LeaderRow, LeaderSectorRow

_leaders, _reach = table(LeaderRow), table(LeaderSectorRow)
_c, _r = _leaders.c, _reach.c


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaderRecord:
    """A leader; ``persona`` holds ``nombre``, ``documento`` and ``acto`` as told. Dates are inclusive, in Bogotá."""

    id: int
    conversation_id: str
    rol: str
    persona: Mapping[str, Any]
    anexos: Sequence[str]
    estado: str
    created_at: datetime
    updated_at: datetime
    sectores: Sequence[str] = ()
    desde_on: date | None = None
    hasta_on: date | None = None
    motivo: str | None = None
    autor: str | None = None


_ADD = {
    dialect: statement.on_conflict_do_nothing(
        index_elements=["conversation_id", "rol"], index_where=_c.estado == fixed("SOLICITADO")
    ).returning(_c.id)
    for dialect, statement in upsert(_leaders).items()
}
_ADD_SECTORS = insert(_reach).inline()
_GET = select(_leaders).where(_c.id == bindparam("wanted"))
_OF = select(_leaders).where(_c.conversation_id.in_(bindparam("whose", expanding=True))).order_by(_c.id.desc())
_BY_STATE = select(_leaders).where(_c.estado == bindparam("wanted")).order_by(_c.id)
_ALL = select(_leaders).order_by(_c.id.desc()).limit(bindparam("most"))
_OF_SECTORS = (
    select(_leaders)
    .where(
        _c.estado == bindparam("wanted"),
        _c.id.in_(select(_r.leader_id).where(_r.sector.in_(bindparam("places", expanding=True)))),
    )
    .order_by(_c.id)
)
_SECTORS = select(_r.leader_id, _r.sector).where(_r.leader_id.in_(bindparam("which", expanding=True)))


class Leaders(Repo):
    """The ``leaders`` and ``leader_sectors`` tables."""

    def request(
        self,
        *,
        conversation_id: str,
        rol: str,
        persona: Mapping[str, Any],
        sectores: Sequence[str],
        anexos: Sequence[str],
        at: datetime,
    ) -> int | None:
        """Keep a request and return its number; None when the same one is already waiting."""
        values = {
            "conversation_id": conversation_id,
            "rol": rol,
            "persona": self._seal(dict(persona), f"leaders:{conversation_id}:persona"),
            "anexos": list(anexos),
            "estado": "SOLICITADO",
            "created_at": at,
            "updated_at": at,
        }
        number: int | None = self._run(_ADD[self._dialect], values).scalar()
        if number is not None and sectores:
            self._run(_ADD_SECTORS, [{"leader_id": number, "sector": one} for one in dict.fromkeys(sectores)])
        return number

    def get(self, leader_id: int) -> LeaderRecord | None:
        """Return one leader, or None."""
        found = self._records(_GET, {"wanted": leader_id})
        return found[0] if found else None

    def of_conversations(self, conversations: Sequence[str]) -> list[LeaderRecord]:
        """Return what these conversations asked for, the newest first."""
        return self._records(_OF, {"whose": list(conversations)})

    def in_state(self, estado: str) -> list[LeaderRecord]:
        """Return the leaders in a state, the oldest first."""
        return self._records(_BY_STATE, {"wanted": estado})

    def newest(self, most: int) -> list[LeaderRecord]:
        """Return the leaders of every state, the newest first."""
        return self._records(_ALL, {"most": most})

    def of_sectors(self, sectores: Sequence[str]) -> list[LeaderRecord]:
        """Return who was verified for any of these sectors; whether they still are is for the caller to see."""
        return self._records(_OF_SECTORS, {"wanted": "VERIFICADO", "places": list(sectores)})

    def decide(self, leader_id: int, *, expected: str, estado: str, at: datetime, **changes: Any) -> bool:
        """Take a leader from the state ``expected`` to another; return False when it was no longer there."""
        statement = (
            update(_leaders)
            .where(_c.id == leader_id, _c.estado == expected)
            .values(estado=estado, updated_at=at, **changes)
        )
        return self._run(statement).rowcount == 1

    def _records(self, statement: Any, values: dict[str, Any]) -> list[LeaderRecord]:
        rows = self._all(statement, values)
        sectors: dict[int, list[str]] = {row.id: [] for row in rows}
        if sectors:
            for leader_id, sector in self._all(_SECTORS, {"which": list(sectors)}):
                sectors[leader_id].append(sector)
        return [self._record(row, sectors[row.id]) for row in rows]

    def _record(self, row: AnyRow, sectors: Sequence[str]) -> LeaderRecord:
        values = {name: row._mapping[name] for name in LeaderRecord.__dataclass_fields__ if name != "sectores"}  # noqa: SLF001 - documented
        values["persona"] = self._open(row.persona, f"leaders:{row.conversation_id}:persona")
        return LeaderRecord(**values, sectores=tuple(sorted(sectors)))
