"""What the web keeps and reads, on real databases of both kinds."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.kernel.clock import FrozenClock
from bot.web.records import StoredRecords
from bot.web.services import StoredFile
from storage.crypto import Keyring
from storage.db import Database
from storage.files import FileStore
from storage.repos.inbox import NewInbound
from storage.repos.outbox import NewOutbound
from storage.uow import UnitOfWork

TALK = "webchat:web:abc"
ADDRESS = {"channel": "webchat", "account": "web", "user": "abc"}


@pytest.fixture
def records(database: Database, tmp_path: Path, keyring: Keyring) -> StoredRecords:
    return StoredRecords(database, FileStore(tmp_path / "files", keyring))


async def talk(database: Database, clock: FrozenClock) -> int:
    """Write one turn as the room of turns does: heard as 1, answered as 2, said by staff as 3."""
    now = clock.now()

    def write(uow: UnitOfWork) -> int:
        inbox_id, _ = uow.inbox.accept(
            NewInbound("webchat", "web", "abc:m1", TALK, ADDRESS, "text", {"text": "hola"}, now, now)
        )
        record = uow.conversations.create(TALK, ADDRESS, now)
        out = [
            NewOutbound(
                key=f"k{seq}",
                conversation_id=TALK,
                channel="webchat",
                account="web",
                address=ADDRESS,
                seq=seq,
                kind=kind,
                payload={"text": text},
                priority=0,
                not_before=now,
                created_at=now,
                pull=True,
                inbox_id=inbox_id if kind == "reply" else None,
            )
            for seq, kind, text in ((2, "reply", "buenos días"), (3, "staff", "soy Ana"))
        ]
        uow.outbox.add(out)  # type: ignore[arg-type]  # kinds are literals above
        uow.inbox.finish(inbox_id, turn=1, seq=1, at=now, outcome="done")
        uow.conversations.save(
            TALK,
            expected_version=record.version,
            state={"slots": {"cuenta": "1"}},
            seq=3,
            mode="with_person",
            last_inbound_at=now,
            now=now,
        )
        return inbox_id

    return await database.write(write)


async def test_sessions_are_found_by_their_hash_and_touched(records: StoredRecords, clock: FrozenClock) -> None:
    assert await records.find_session("f" * 64) is None
    await records.open_session("f" * 64, TALK, at=clock.now(), origin="https://sitio.example")
    later = clock.now() + timedelta(days=2)
    await records.touch_session("f" * 64, at=later)
    session = await records.find_session("f" * 64)
    assert session is not None
    assert (session.conversation_id, session.seen_at) == (TALK, later)


async def test_the_log_has_both_sides_in_order_with_the_browsers_own_key(
    records: StoredRecords, database: Database, clock: FrozenClock
) -> None:
    assert await records.standing(TALK) is None
    assert await records.state(TALK) == {}
    inbox_id = await talk(database, clock)
    log = await records.log(TALK, after=0, limit=10)
    assert [(item.seq, item.direction, item.kind, item.payload["text"]) for item in log] == [
        (1, "in", "text", "hola"),
        (2, "out", "reply", "buenos días"),
        (3, "out", "staff", "soy Ana"),
    ]
    assert log[0].key == "abc:m1"
    assert [item.seq for item in await records.log(TALK, after=1, limit=1)] == [2]
    standing = await records.standing(TALK)
    assert standing is not None
    assert (standing.seq, standing.mode) == (3, "with_person")
    assert await records.state(TALK) == {"slots": {"cuenta": "1"}}
    assert await records.last_seqs([TALK, "nobody"]) == {TALK: 3}
    assert [item.payload["text"] for item in await records.replies(inbox_id)] == ["buenos días"]


async def test_files_belong_to_their_conversation_and_lie_sealed_on_disk(
    records: StoredRecords, clock: FrozenClock, tmp_path: Path
) -> None:
    file = StoredFile("file_1", "image", "image/png", 5, "fuga.png")
    await records.add_file(file, b"bytes", conversation_id=TALK, at=clock.now())
    assert await records.read_file("file_1", conversation_id=TALK) == (file, b"bytes")
    assert await records.find_file("file_1", conversation_id=TALK) == file
    assert await records.find_file("file_1", conversation_id="webchat:web:other") is None
    assert await records.read_file("file_2", conversation_id=TALK) is None
    assert await records.bytes_since(TALK, clock.now() - timedelta(days=1)) == 5
    kept = [path.read_bytes() for path in (tmp_path / "files").rglob("*") if path.is_file()]
    assert len(kept) == 1
    assert b"bytes" not in kept[0]
