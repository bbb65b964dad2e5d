"""Keeps and reads what the web needs, over the database and the sealed files."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from bot.web.services import LogItem, Session, Standing, StoredFile
from storage.errors import NotFound
from storage.repos.files import FileRecord
from storage.rows.base import table
from storage.rows.messages import ConversationRow

if TYPE_CHECKING:
    from storage.db import Database
    from storage.files import FileStore
    from storage.uow import UnitOfWork

_talks = table(ConversationRow).c


class StoredRecords:
    """``bot.web.services.Records`` over the database."""

    def __init__(self, database: Database, files: FileStore) -> None:
        """Take the database and the folder of sealed files."""
        self._database = database
        self._files = files

    async def open_session(self, secret_hash: str, conversation_id: str, *, at: datetime, origin: str) -> None:
        """Keep a new session."""
        await self._database.write(lambda uow: uow.web_sessions.add(secret_hash, conversation_id, at, origin))

    async def find_session(self, secret_hash: str) -> Session | None:
        """Return the session under the hash, or None."""
        record = await self._database.read(lambda uow: uow.web_sessions.find(secret_hash))
        return None if record is None else Session(record.conversation_id, record.seen_at)

    async def touch_session(self, secret_hash: str, *, at: datetime) -> None:
        """Note that the session is alive."""
        await self._database.write(lambda uow: uow.web_sessions.touch(secret_hash, at))

    async def log(self, conversation_id: str, *, after: int, limit: int) -> Sequence[LogItem]:
        """Return what both sides said after ``after``, oldest first."""
        items = await self._database.read(lambda uow: uow.outbox.transcript(conversation_id, after, limit))
        return [
            LogItem(item.seq, item.direction, item.kind, item.payload, item.at, item.key, item.state) for item in items
        ]

    async def standing(self, conversation_id: str) -> Standing | None:
        """Return where the conversation stands; its sealed state is not opened for this."""
        query = select(_talks.seq, _talks.mode).where(_talks.id == conversation_id)

        def read(uow: UnitOfWork) -> Standing | None:
            row = uow.conn.execute(query).first()
            return None if row is None else Standing(row.seq, row.mode)

        return await self._database.read(read)

    async def state(self, conversation_id: str) -> Mapping[str, Any]:
        """Return the engine's document of the conversation, empty before its first turn."""
        record = await self._database.read(lambda uow: uow.conversations.load(conversation_id))
        return {} if record is None else record.state

    async def last_seqs(self, conversation_ids: Sequence[str]) -> Mapping[str, int]:
        """Return the last ``seq`` of each conversation that exists."""
        query = select(_talks.id, _talks.seq).where(_talks.id.in_(conversation_ids))

        def read(uow: UnitOfWork) -> dict[str, int]:
            return {row.id: row.seq for row in uow.conn.execute(query)}

        return await self._database.read(read)

    async def replies(self, inbox_id: int) -> Sequence[LogItem]:
        """Return what was answered to one inbox row, in order."""
        rows = await self._database.read(lambda uow: uow.outbox.of_inbox(inbox_id))
        return [LogItem(row.seq, "out", row.kind, row.payload, row.created_at, row.key, row.state) for row in rows]

    async def add_file(self, file: StoredFile, data: bytes, *, conversation_id: str, at: datetime) -> None:
        """Seal the bytes on disk first, then write the row that points to them: a row never lacks its file."""
        digest = hashlib.sha256(data).hexdigest()
        path = await asyncio.to_thread(self._files.put, data)
        record = FileRecord(
            id=file.file_id,
            conversation_id=conversation_id,
            kind=file.kind,
            mime=file.mime,
            size=file.size,
            state="ok",
            created_at=at,
            sha256=digest,
            name=file.name,
            path=path,
        )
        await self._database.write(lambda uow: uow.files.add(record))

    async def bytes_since(self, conversation_id: str, since: datetime) -> int:
        """Return how many bytes the conversation sent since ``since``."""
        return await self._database.read(lambda uow: uow.files.bytes_since(conversation_id, since))

    async def find_file(self, file_id: str, *, conversation_id: str) -> StoredFile | None:
        """Return the file if it belongs to the conversation, else None."""
        found = await self._find(file_id, conversation_id)
        return None if found is None else found[0]

    async def read_file(self, file_id: str, *, conversation_id: str) -> tuple[StoredFile, bytes] | None:
        """Return the file and its bytes if it belongs to the conversation, else None."""
        found = await self._find(file_id, conversation_id)
        if found is None:
            return None
        file, path = found
        try:
            return file, await asyncio.to_thread(self._files.get, path)
        except NotFound:
            return None

    async def _find(self, file_id: str, conversation_id: str) -> tuple[StoredFile, str] | None:
        record = await self._database.read(lambda uow: uow.files.get(file_id))
        if record is None or record.conversation_id != conversation_id or record.state != "ok" or record.path is None:
            return None
        return StoredFile(record.id, record.kind, record.mime, record.size, record.name or ""), record.path
