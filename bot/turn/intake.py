"""Files that people send: fetched once, looked at, sealed on disk and given a name of ours."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

import structlog

from bot.kernel.errors import MediaUnavailable, TooLarge
from storage.repos.files import FileRecord

if TYPE_CHECKING:
    from bot.channels.base import Inbound, Media
    from bot.kernel.clock import Clock
    from bot.kernel.ids import Ids
    from storage.db import Database
    from storage.files import FileStore

log = structlog.get_logger(__name__)

OWN = "file:"
#: Why a file larger than we take was refused; ``bot.turn.media`` says so too.
TOO_BIG = "grande"
#: Seconds before a provider that is away is asked for the same file again, and once more.
_PAUSES_S = (0.5, 2.0)
Fetch = Callable[[str], Awaitable[bytes]]


class Intake:
    """Turns a channel's references into files of ours."""

    def __init__(
        self,
        *,
        database: Database,
        files: FileStore,
        fetch: Mapping[str, Fetch],
        clock: Clock,
        ids: Ids,
        max_bytes: int,
        parallel: int = 16,
        deadline_s: float = 45.0,
    ) -> None:
        """Take where files are kept and, by channel, how a reference is fetched; ``max_bytes`` a file.

        At most ``parallel`` files are on their way at once, each for ``deadline_s``: a provider that stalls costs
        memory and places of nobody else. One that is away for a moment is asked again, after a pause.
        """
        self._database = database
        self._files = files
        self._fetch = fetch
        self._clock = clock
        self._ids = ids
        self._max_bytes = max_bytes
        self._fetches = asyncio.Semaphore(parallel)
        self._deadline_s = deadline_s
        self._pauses_s: tuple[float, ...] = _PAUSES_S

    async def take(self, conversation_id: str, event: Inbound) -> tuple[Mapping[str, Any], ...]:
        """Return a document a file: ``{"file_id", "kind", "mime", "name"}``, or ``{"failed": reason}``.

        A file that cannot be had or is not acceptable never stops the message it came with.
        """
        return tuple([await self._one(conversation_id, event.address.channel, media) for media in event.media])

    async def _one(self, conversation_id: str, channel: str, media: Media) -> Mapping[str, Any]:
        if media.ref.startswith(OWN):
            return await self._own(conversation_id, media)
        fetch = self._fetch.get(channel)
        if (media.size or 0) > self._max_bytes:
            return {"failed": TOO_BIG, "kind": media.kind}
        if fetch is None:
            return {"failed": "no_fetch", "kind": media.kind}
        try:
            async with self._fetches, asyncio.timeout(self._deadline_s):
                content = await self._fetched(fetch, media.ref)
        except TooLarge:
            return {"failed": TOO_BIG, "kind": media.kind}
        except Exception as error:  # noqa: BLE001  # whatever the provider does, the message goes on
            log.warning("media_not_fetched", channel=channel, error=type(error).__name__)
            return {"failed": "missing", "kind": media.kind}
        return await self.keep(conversation_id, content, name=media.name or "", kind=media.kind)

    async def _fetched(self, fetch: Fetch, ref: str) -> bytes:
        for pause_s in self._pauses_s:
            try:
                return await fetch(ref)
            except MediaUnavailable as error:
                if not error.may_retry:
                    raise
            await asyncio.sleep(pause_s)
        return await fetch(ref)

    async def keep(self, conversation_id: str, content: bytes, *, name: str, kind: str) -> Mapping[str, Any]:
        """Look at ``content``, seal it on disk and write its row; refused content leaves nothing on disk."""
        from bot.turn.media import inspect  # the image library is loaded only when a file comes

        seen = await asyncio.to_thread(inspect, content, name=name, max_bytes=self._max_bytes)
        if not seen.ok:
            return {"failed": seen.reason, "kind": kind}
        file_id = self._ids.new("file")
        path = await asyncio.to_thread(self._files.put, seen.content)
        now = self._clock.now()
        await self._database.write(
            lambda uow: uow.files.add(
                FileRecord(
                    id=file_id,
                    conversation_id=conversation_id,
                    kind=seen.kind,
                    mime=seen.mime,
                    size=len(seen.content),
                    state="ok",
                    created_at=now,
                    sha256=seen.sha256,
                    name=seen.name or name,
                    path=path,
                )
            )
        )
        return {"file_id": file_id, "kind": seen.kind, "mime": seen.mime, "name": seen.name or name}

    async def _own(self, conversation_id: str, media: Media) -> Mapping[str, Any]:
        file_id = media.ref.removeprefix(OWN)
        record = await self._database.read(lambda uow: uow.files.get(file_id))
        if record is None or record.conversation_id != conversation_id:
            return {"failed": "missing", "kind": media.kind}
        return {"file_id": file_id, "kind": record.kind, "mime": record.mime, "name": record.name}
