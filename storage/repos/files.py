"""What is known of each photo or document; the bytes are in ``storage.files``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from sqlalchemy import bindparam, func, insert, or_, select, update

from storage.errors import NotFound
from storage.repos.base import AnyRow, Repo
from storage.rows.base import table
from storage.rows.cases import FileRow

FileState = Literal["ok", "refused", "missing"]
OpenKind = Literal["report", "payment", "work", "leader"]
#: How the owner of a file begins that keeps it only while something is open; a case or an agreement takes it over.
WHILE_OPEN: Final = "open:"

_files = table(FileRow)
_c = _files.c


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRecord:
    """A file: ``path`` is its place in the file store, None when its bytes never came or were refused."""

    id: str
    conversation_id: str
    kind: str
    mime: str
    size: int
    state: FileState
    created_at: datetime
    sha256: str | None = None
    name: str | None = None
    path: str | None = None
    reason: str | None = None
    case_id: str | None = None


_ADD = insert(_files).inline()
_GET = select(_files).where(_c.id == bindparam("wanted"))
_MANY = select(_files).where(_c.id.in_(bindparam("wanted", expanding=True)))
_OF_CONVERSATION = select(_files).where(_c.conversation_id == bindparam("wanted")).order_by(_c.created_at, _c.id)
_KEEP = update(_files).where(_c.id.in_(bindparam("wanted", expanding=True))).values(case_id=bindparam("owner"))
_IS_LOOSE = _c.case_id.is_(None)
_KEEP_OPEN = _KEEP.where(_IS_LOOSE)
_KEEP_LONG = _KEEP.where(or_(_IS_LOOSE, _c.case_id.startswith(WHILE_OPEN)))
_KNOWN_PATHS = select(_c.path).where(_c.path.in_(bindparam("wanted", expanding=True)))
_SIZE = select(func.coalesce(func.sum(_c.size), 0)).where(
    _c.conversation_id == bindparam("wanted"), _c.created_at >= bindparam("since")
)


class Files(Repo):
    """The ``files`` table."""

    def add(self, file: FileRecord) -> None:
        """Keep what is known of a file.

        Raises:
            Conflict: the id is already there.
        """
        values = {name: getattr(file, name) for name in FileRecord.__dataclass_fields__}
        self._run(_ADD, {**values, "name": self._seal_text(file.name, f"files:{file.id}:name")})

    def get(self, file_id: str) -> FileRecord | None:
        """Return one file, or None."""
        row = self._first(_GET, {"wanted": file_id})
        return None if row is None else self._record(row)

    def many(self, file_ids: Sequence[str]) -> list[FileRecord]:
        """Return the files that exist among ``file_ids``, in that order."""
        found = {row.id: self._record(row) for row in self._all(_MANY, {"wanted": list(file_ids)})}
        return [found[file_id] for file_id in file_ids if file_id in found]

    def of_conversation(self, conversation_id: str) -> list[FileRecord]:
        """Return what was sent in a conversation, oldest first."""
        return [self._record(row) for row in self._all(_OF_CONVERSATION, {"wanted": conversation_id})]

    def keep_with(self, file_ids: Sequence[str], owner_id: str) -> None:
        """Keep files for as long as what they belong to (``case_id`` holds its id): those that nothing keeps for longer."""
        if file_ids:
            self._run(_KEEP_LONG, {"wanted": list(file_ids), "owner": owner_id})

    def keep_while_open(self, file_ids: Sequence[str], kind: OpenKind, number: str | int) -> None:
        """Keep loose files while a report, a reported payment, a work or a leader is open; then they are loose again."""
        if file_ids:
            self._run(_KEEP_OPEN, {"wanted": list(file_ids), "owner": f"{WHILE_OPEN}{kind}:{number}"})

    def known_paths(self, paths: Sequence[str]) -> set[str]:
        """Return those of ``paths`` that some file has."""
        return {row.path for row in self._all(_KNOWN_PATHS, {"wanted": list(paths)})} if paths else set()

    def bytes_since(self, conversation_id: str, since: datetime) -> int:
        """Return how many bytes a conversation sent since a moment, for its quota."""
        return int(self._run(_SIZE, {"wanted": conversation_id, "since": since}).scalar_one())

    def set_state(
        self,
        file_id: str,
        state: FileState,
        *,
        reason: str | None = None,
        path: str | None = None,
        size: int | None = None,
        sha256: str | None = None,
    ) -> None:
        """Note that the bytes came, were refused or are gone; what is None stays as it was.

        Raises:
            NotFound: there is no such file.
        """
        news = {"reason": reason, "path": path, "size": size, "sha256": sha256}
        changes = {name: value for name, value in news.items() if value is not None}
        changed = self._run(update(_files).where(_c.id == file_id).values(state=state, **changes)).rowcount
        if changed != 1:
            message = "there is no such file"
            raise NotFound(message)

    def _record(self, row: AnyRow) -> FileRecord:
        values = {name: row._mapping[name] for name in FileRecord.__dataclass_fields__}  # noqa: SLF001 - documented
        return FileRecord(**{**values, "name": self._open_text(row.name, f"files:{row.id}:name")})
