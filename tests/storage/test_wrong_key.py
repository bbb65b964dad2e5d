"""A database that was sealed with other keys is refused before anything new is sealed beside what is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage.crypto import Keyring
from storage.db import Database
from storage.errors import WrongKey
from storage.health import require_our_keys
from tests.storage.samples import ADDRESS, NOW


def _with_people(url: str, keyring: Keyring, *names: str) -> None:
    database = Database.open(url, keyring)
    database.upgrade()
    for name in names:
        database.write_now(lambda uow, name=name: uow.conversations.create(name, ADDRESS, NOW))
    database.close_now()


def test_a_service_with_the_key_of_another_database_does_not_start(tmp_path: Path) -> None:
    url, ours, other = f"sqlite:///{tmp_path / 'a.db'}", Keyring.generate(), Keyring.generate()
    _with_people(url, ours)
    empty = Database.open(url, other)
    empty.read_now(require_our_keys)
    empty.close_now()
    _with_people(url, ours, "c1", "c2")

    strange = Database.open(url, other)
    with pytest.raises(WrongKey, match="ATIENDE_DATA_KEY"):
        strange.read_now(require_our_keys)
    strange.close_now()
    right = Database.open(url, ours)
    right.read_now(require_our_keys)
    right.close_now()


def test_what_was_sealed_while_another_key_was_set_does_not_condemn_the_right_one(tmp_path: Path) -> None:
    url, ours = f"sqlite:///{tmp_path / 'a.db'}", Keyring.generate()
    _with_people(url, ours, "c1", "c2")
    _with_people(url, Keyring.generate(), *(f"d{number}" for number in range(8)))

    right = Database.open(url, ours)
    right.read_now(require_our_keys)
    right.close_now()
