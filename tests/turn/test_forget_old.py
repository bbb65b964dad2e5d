"""Forgetting leaves no sealed file behind that nobody names, and takes none that is being kept right now."""

import os
from datetime import timedelta

from bot.scheduler.jobs import forget_old
from storage.files import FileStore
from storage.repos.files import FileRecord
from tests.support.settings import make_settings


async def test_what_a_crash_left_on_the_disk_is_swept_a_day_later(database, clock, tmp_path, keyring):
    store = FileStore(tmp_path / "files", keyring)
    named, orphan, fresh = (store.put(word) for word in (b"named", b"orphan", b"fresh"))
    half = tmp_path / "files" / orphan[:2] / f"{orphan[3:]}.0a1b2c3d.new"
    half.write_bytes(b"half")
    kept = FileRecord(
        id="f1", conversation_id="c1", kind="image", mime="image/png", size=1, state="ok", created_at=clock.now(),
        path=named,
    )  # fmt: skip
    await database.write(lambda uow: uow.files.add(kept))
    now = clock.now().timestamp()
    for path, age in ((named, 3), (orphan, 3), (half.relative_to(tmp_path / "files"), 3), (fresh, 0)):
        os.utime(tmp_path / "files" / path, (now - age * 86_400,) * 2)
    again = forget_old.run(database, clock, make_settings(tmp_path), store)
    assert await again == "0 rows, 2 files"
    left = {f"{one.parent.name}/{one.name}" for one in (tmp_path / "files").glob("??/*")}
    assert left == {named, fresh}


async def test_what_is_kept_again_meanwhile_is_not_swept(clock, tmp_path, keyring):
    store = FileStore(tmp_path / "files", keyring)
    path = store.put(b"again")
    since = (clock.now() - timedelta(days=1)).timestamp()
    os.utime(tmp_path / "files" / path, (since - 60,) * 2)
    assert list(store.untouched(since)) == [path]
    os.utime(tmp_path / "files" / path, (since + 60,) * 2)
    assert not store.sweep(path, since)
    assert store.get(path) == b"again"
