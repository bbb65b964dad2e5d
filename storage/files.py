"""Keeps the bytes of photos and documents, sealed, in a folder."""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from storage.crypto import Keyring
from storage.errors import DatabaseFull, DatabaseUnavailable, NotFound

_NO_SPACE = {28, 122}  # ENOSPC, EDQUOT


class FileStore:
    """A folder of sealed files, named by a blind index of what they hold: the same bytes are kept once.

    Args:
        folder: where; created with mode 700.
        keyring: seals and opens.
    """

    def __init__(self, folder: Path, keyring: Keyring) -> None:
        self._folder = folder
        self._keyring = keyring

    def put(self, data: bytes) -> str:
        """Keep ``data`` and return its path inside the folder; it is on disk when this returns.

        Raises:
            DatabaseFull: no room is left on the volume.
            DatabaseUnavailable: the folder cannot be written.
        """
        name = self._keyring.blind(hashlib.sha256(data).hexdigest(), "file")
        path = f"{name[:2]}/{name}"
        place = self._folder / path
        if place.exists():
            # As young as a new one: what nobody names yet is swept only when it is old.
            os.utime(place)
            return path
        beside = place.with_name(f"{name}.{secrets.token_hex(4)}.new")
        try:
            place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with os.fdopen(os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
                file.write(self._keyring.seal(data, f"file:{path}"))
                file.flush()
                os.fsync(file.fileno())
            beside.replace(place)
            _sync_folder(place.parent)
            _sync_folder(self._folder)
        except OSError as error:
            beside.unlink(missing_ok=True)
            kind = DatabaseFull if error.errno in _NO_SPACE else DatabaseUnavailable
            message = f"the file cannot be kept: {error.strerror}"
            raise kind(message) from None
        return path

    def get(self, path: str) -> bytes:
        """Return what ``put`` kept.

        Raises:
            NotFound: nothing is kept there (any more).
            SealBroken: the file was altered, or its key is not at hand.
        """
        try:
            sealed = self._place(path).read_bytes()
        except OSError:
            message = "the file is not kept here"
            raise NotFound(message) from None
        return self._keyring.open(sealed, f"file:{path}")

    def erase(self, path: str) -> None:
        """Forget a file; one that is not there is no error."""
        self._place(path).unlink(missing_ok=True)

    def untouched(self, since: float) -> Iterator[str]:
        """Yield the paths of what was kept, or left half written, before a moment (seconds of the epoch)."""
        for place in self._folder.glob("??/*"):
            with contextlib.suppress(OSError):
                if place.is_file() and place.stat().st_mtime < since:
                    yield f"{place.parent.name}/{place.name}"

    def sweep(self, path: str, since: float) -> bool:
        """Erase what nobody names, if it still is as old as that; whole files and halves of them alike."""
        place = self._folder / path
        try:
            if place.stat().st_mtime >= since:
                return False
            place.unlink()
        except FileNotFoundError:
            return False
        return True

    def _place(self, path: str) -> Path:
        folder, _, name = path.partition("/")
        if not name.isalnum() or folder != name[:2]:
            message = "that is no path of this store"
            raise NotFound(message)
        return self._folder / folder / name


def _sync_folder(folder: Path) -> None:
    """Make the name of a new file as durable as its content."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
