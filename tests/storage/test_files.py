"""Photos and documents are kept sealed, once, and come back as they were."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from storage.crypto import Keyring
from storage.errors import DatabaseFull, DatabaseUnavailable, NotFound, SealBroken
from storage.files import FileStore

PHOTO = b"\xff\xd8 a photo of the bill of Persona de Prueba " * 100


@pytest.fixture
def store(tmp_path: Path, keyring: Keyring) -> FileStore:
    return FileStore(tmp_path / "files", keyring)


def test_a_file_comes_back_and_is_sealed_on_disk(store: FileStore, tmp_path: Path) -> None:
    path = store.put(PHOTO)
    assert store.get(path) == PHOTO
    kept = tmp_path / "files" / path
    assert b"Persona de Prueba" not in kept.read_bytes()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_the_same_bytes_are_kept_once(store: FileStore, tmp_path: Path) -> None:
    assert store.put(PHOTO) == store.put(PHOTO)
    assert store.put(PHOTO) != store.put(PHOTO + b".")
    assert len([path for path in (tmp_path / "files").rglob("*") if path.is_file()]) == 2


def test_a_file_that_was_altered_or_moved_does_not_open(store: FileStore, tmp_path: Path) -> None:
    first, second = store.put(PHOTO), store.put(b"another")
    (tmp_path / "files" / first).write_bytes((tmp_path / "files" / second).read_bytes())
    with pytest.raises(SealBroken):
        store.get(first)


def test_a_forgotten_file_is_not_found(store: FileStore) -> None:
    path = store.put(PHOTO)
    store.erase(path)
    store.erase(path)
    with pytest.raises(NotFound):
        store.get(path)


@pytest.mark.parametrize("path", ["../../etc/passwd", "/etc/passwd", "aa/../../x", "", "aa/bb", "aa/aa.new"])
def test_a_path_that_is_not_ours_is_refused(store: FileStore, path: str) -> None:
    with pytest.raises(NotFound):
        store.get(path)
    with pytest.raises(NotFound):
        store.erase(path)


@pytest.mark.parametrize(("number", "kind"), [(errno.ENOSPC, DatabaseFull), (errno.EIO, DatabaseUnavailable)])
def test_a_volume_without_room_is_a_clear_error_and_leaves_nothing(
    store: FileStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, kind: type[Exception]
) -> None:
    def fail(_: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(kind):
        store.put(PHOTO)
    assert [path for path in (tmp_path / "files").rglob("*") if path.is_file()] == []
