"""How far the import of each file came."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from storage.repos.base import Repo, upsert
from storage.rows.base import table
from storage.rows.billing import ImportRow

_imports = table(ImportRow)
_c = _imports.c

_GET = select(_imports).where(_c.id == bindparam("wanted"))
_SAVE = {
    dialect: statement.on_conflict_do_update(
        index_elements=["id"], set_={c.name: statement.excluded[c.name] for c in _c if c.name != "id"}
    )
    for dialect, statement in upsert(_imports).items()
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRecord:
    """A file by the hash of its content: ``lines`` of it are worked, of which so many were taken and refused."""

    id: str
    kind: str
    lines: int
    taken: int
    refused: int
    done: bool
    at: datetime


class Imports(Repo):
    """The ``imports`` table."""

    def get(self, import_id: str) -> ImportRecord | None:
        """Return how far a file came, or None when it was never begun."""
        row = self._first(_GET, {"wanted": import_id})
        return None if row is None else ImportRecord(**row._mapping)  # noqa: SLF001 - SQLAlchemy's documented way

    def save(self, record: ImportRecord) -> None:
        """Note how far a file came."""
        names = ImportRecord.__dataclass_fields__
        self._run(_SAVE[self._dialect], {name: getattr(record, name) for name in names})
