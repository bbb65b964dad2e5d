"""Cases as they were filed, their gap-free numbers and their history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, bindparam, insert, or_, select, update

from storage.errors import NotFound
from storage.repos.base import AnyRow, Repo, upsert
from storage.repos.case_records import CaseDue, CaseEvent, CaseRecord, NewCase
from storage.repos.files import WHILE_OPEN
from storage.rows.base import table
from storage.rows.cases import CaseEventRow, CaseRow, FileRow, RadicadoCounterRow

#: The states in which the company's clock of the answer runs (domain rules §1.5).
CLOCK_RUNS = ("RADICADO", "EN_TRAMITE", "EN_PRUEBAS")

__all__ = ["CLOCK_RUNS", "CaseDue", "CaseEvent", "CaseRecord", "Cases", "NewCase"]

_cases, _events, _files = table(CaseRow), table(CaseEventRow), table(FileRow)
_c, _e = _cases.c, _events.c
_counters = table(RadicadoCounterRow)


_PERSON = ("nombre", "tipo_documento", "documento", "correo", "telefono", "direccion")
_SEALED = {"relato", "persona", "datos", "respuesta"}
_INDEXES = {"documento_index": "documento", "correo_index": "correo", "telefono_index": "telefono"}
_PLAIN = [column.name for column in _c if column.name not in _SEALED | _INDEXES.keys()]

_NEXT = {
    dialect: statement.on_conflict_do_update(index_elements=["year"], set_={"last": _counters.c.last + 1}).returning(
        _counters.c.last
    )
    for dialect, statement in upsert(_counters).items()
}
_ADD = insert(_cases).inline()
_ATTACH = (
    update(_files)
    .where(
        _files.c.id.in_(bindparam("which", expanding=True)),
        or_(_files.c.case_id.is_(None), _files.c.case_id.startswith(WHILE_OPEN)),
    )
    .values(case_id=bindparam("whose"))
)
_SELECT = select(_cases)
_BY_RADICADO = _SELECT.where(_c.radicado == bindparam("wanted"))
_BY_ID = _SELECT.where(_c.id == bindparam("wanted"))
_OF_CONVERSATION = _SELECT.where(_c.conversation_id == bindparam("wanted")).order_by(_c.radicado_at.desc(), _c.id)
_NEWEST_OF_CONVERSATION = _OF_CONVERSATION.limit(bindparam("most"))
_NEWEST_OF_MANY = (
    _SELECT.where(_c.conversation_id.in_(bindparam("wanted", expanding=True)))
    .order_by(_c.radicado_at.desc(), _c.id)
    .limit(bindparam("most"))
)
_OF_ACCOUNT = _SELECT.where(_c.cuenta == bindparam("wanted")).order_by(_c.radicado_at.desc(), _c.id)
_DUE = (
    select(*(_c[name] for name in CaseDue.__dataclass_fields__))
    .where(
        _c.respondido_at.is_(None),
        _c.vence_on.between(bindparam("first"), bindparam("last")),
        _c.estado.in_(bindparam("states", expanding=True)),
    )
    .order_by(_c.vence_on, _c.radicado_at)
    .limit(bindparam("most"))
)
_CHANGE = update(_cases).where(_c.id == bindparam("wanted"))
_ADD_EVENT = insert(_events).inline()
_EVENTS = select(_events).where(_e.case_id == bindparam("wanted")).order_by(_e.id)


class Cases(Repo):
    """The ``cases`` and ``case_events`` tables."""

    def next_radicado_number(self, year: int) -> int:
        """Return the next number of ``year``, from 1 without gaps (AGN Acuerdo 060/2001 art. 5).

        The counter's row stays locked until this transaction ends: if it is undone, the number is given again.
        """
        return int(self._run(_NEXT[self._dialect], {"year": year, "last": 1}).scalar_one())

    def add(self, case: NewCase) -> CaseRecord:
        """File ``case``, tie its files to it and return it.

        Raises:
            Conflict: the id, the radicado or the number is already there.
        """
        person = {name: getattr(case, name) for name in _PERSON}
        values = {name: getattr(case, name, None) for name in _PLAIN}
        values |= {index: self._index(name, person[name]) for index, name in _INDEXES.items()}
        values |= {
            "marcas": list(case.marcas),
            "anexos": list(case.anexos),
            "relato": self._seal_text(case.relato, f"cases:{case.id}:relato"),
            "persona": self._seal(person, f"cases:{case.id}:persona"),
            "datos": self._seal(case.datos, f"cases:{case.id}:datos"),
        }
        self._run(_ADD, values)
        if case.anexos:
            self._run(_ATTACH, {"which": list(case.anexos), "whose": case.id})
        return self._expect(case.id)

    def attach(self, case_id: str, files: Sequence[str]) -> None:
        """Tie files that came later to a case; those of another case stay with it."""
        if files:
            self._run(_ATTACH, {"which": list(files), "whose": case_id})

    def get(self, case_id: str) -> CaseRecord | None:
        """Return one case, or None."""
        row = self._first(_BY_ID, {"wanted": case_id})
        return None if row is None else self._record(row)

    def by_radicado(self, radicado: str) -> CaseRecord | None:
        """Return the case of that exact radicado, or None."""
        row = self._first(_BY_RADICADO, {"wanted": radicado})
        return None if row is None else self._record(row)

    def of_conversation(self, conversation_id: str, limit: int | None = None) -> list[CaseRecord]:
        """Return what was filed in a conversation, the newest first, at most ``limit`` if it is given."""
        if limit is None:
            rows = self._all(_OF_CONVERSATION, {"wanted": conversation_id})
        else:
            rows = self._all(_NEWEST_OF_CONVERSATION, {"wanted": conversation_id, "most": limit})
        return [self._record(row) for row in rows]

    def of_conversations(self, conversation_ids: Sequence[str], limit: int) -> list[CaseRecord]:
        """Return the newest cases that were filed in any of the conversations of one person."""
        rows = self._all(_NEWEST_OF_MANY, {"wanted": list(conversation_ids), "most": limit})
        return [self._record(row) for row in rows]

    def of_account(self, cuenta: str) -> list[CaseRecord]:
        """Return what was filed about an account, the newest first."""
        return [self._record(row) for row in self._all(_OF_ACCOUNT, {"wanted": cuenta})]

    def due_between(
        self, first: date, last: date, *, states: Sequence[str] = CLOCK_RUNS, limit: int = 100_000
    ) -> list[CaseDue]:
        """Return the dates of unanswered cases whose clock runs and that fall due so; nothing sealed is opened."""
        values = {"first": first, "last": last, "states": list(states), "most": limit}
        return [CaseDue(*row) for row in self._all(_DUE, values)]

    def search(  # noqa: PLR0913 - each is a field of the form that staff fill in
        self,
        *,
        estado: str | None = None,
        tipo: str | None = None,
        servicio: str | None = None,
        cuenta: str | None = None,
        documento: str | None = None,
        correo: str | None = None,
        telefono: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        limit: int = 50,
        offset: int = 0,
    ) -> list[CaseRecord]:
        """Return the cases that fit everything given, the newest first.

        Document, e-mail and phone are found when they are exactly as filed (the case of letters and spaces do not
        count). ``since`` is included, ``until`` is not.
        """
        wanted: Select[Any] = _SELECT
        plain = {"estado": estado, "tipo": tipo, "servicio": servicio, "cuenta": cuenta}
        blind = {"documento": documento, "correo": correo, "telefono": telefono}
        for name, value in plain.items():
            if value is not None:
                wanted = wanted.where(_c[name] == value)
        for name, value in blind.items():
            if value is not None:
                wanted = wanted.where(_c[f"{name}_index"] == self._index(name, value))
        if since is not None:
            wanted = wanted.where(_c.radicado_at >= since)
        if until is not None:
            wanted = wanted.where(_c.radicado_at < until)
        wanted = wanted.order_by(_c.radicado_at.desc(), _c.id).limit(limit).offset(offset)
        return [self._record(row) for row in self._all(wanted)]

    def set_state(self, case_id: str, state: str, at: datetime, actor: str, data: Mapping[str, Any]) -> None:
        """Move a case and write it in its history (kind ``estado``, with the states it left and entered).

        Raises:
            NotFound: there is no such case.
        """
        before = self._expect(case_id).estado
        self._run(_CHANGE.values(estado=state), {"wanted": case_id})
        self.add_event(case_id, at, "estado", actor, {**data, "de": before, "a": state})

    def respond(self, case_id: str, respuesta: str, at: datetime, actor: str) -> None:
        """Keep the answer and write it in the history (kind ``respuesta``); the state is moved apart.

        Raises:
            NotFound: there is no such case.
        """
        self._expect(case_id)
        sealed = self._seal_text(respuesta, f"cases:{case_id}:respuesta")
        self._run(_CHANGE.values(respuesta=sealed, respondido_at=at), {"wanted": case_id})
        self.add_event(case_id, at, "respuesta", actor, {})

    def reschedule(
        self, case_id: str, vence_on: date | None, vence_b_on: date | None, at: datetime, actor: str, reason: str
    ) -> None:
        """Change the due dates and write both in the history (kind ``plazo``).

        Raises:
            NotFound: there is no such case.
        """
        before = self._expect(case_id)
        self._run(_CHANGE.values(vence_on=vence_on, vence_b_on=vence_b_on), {"wanted": case_id})
        data = {"de": before.vence_on, "a": vence_on, "motivo": reason}
        self.add_event(case_id, at, "plazo", actor, data)

    def flag(self, case_id: str, marcas: Sequence[str], at: datetime, actor: str) -> None:
        """Replace the flags of a case and write it in the history (kind ``marcas``).

        Raises:
            NotFound: there is no such case.
        """
        before = self._expect(case_id).marcas
        self._run(_CHANGE.values(marcas=list(marcas)), {"wanted": case_id})
        self.add_event(case_id, at, "marcas", actor, {"de": before, "a": list(marcas)})

    def add_event(self, case_id: str, at: datetime, kind: str, actor: str, data: Mapping[str, Any]) -> None:
        """Append to the history of a case.

        Raises:
            Conflict: there is no such case.
        """
        sealed = self._seal(data, f"case_events:{case_id}")
        self._run(_ADD_EVENT, {"case_id": case_id, "at": at, "kind": kind, "actor": actor, "data": sealed})

    def events(self, case_id: str) -> list[CaseEvent]:
        """Return the history of a case, oldest first."""
        return [
            CaseEvent(row.id, row.case_id, row.at, row.kind, row.actor, self._open(row.data, f"case_events:{case_id}"))
            for row in self._all(_EVENTS, {"wanted": case_id})
        ]

    def _index(self, name: str, value: str | None) -> str | None:
        plain = "".join((value or "").split()).casefold()
        return self._keys.blind(plain, f"cases:{name}") if plain else None

    def _expect(self, case_id: str) -> CaseRecord:
        record = self.get(case_id)
        if record is None:
            message = "there is no such case"
            raise NotFound(message)
        return record

    def _record(self, row: AnyRow) -> CaseRecord:
        place = f"cases:{row.id}"
        return CaseRecord(
            **{name: row._mapping[name] for name in _PLAIN},  # noqa: SLF001 - SQLAlchemy's documented way to a name
            **self._open(row.persona, f"{place}:persona"),
            relato=self._open_text(row.relato, f"{place}:relato") or "",
            datos=self._open(row.datos, f"{place}:datos"),
            respuesta=self._open_text(row.respuesta, f"{place}:respuesta"),
        )
