"""Remembers which keys stood in a file before, in 16 bytes a key whatever their length."""

from __future__ import annotations

import hashlib
from array import array

_LEAST = 1_024


class Seen:
    """An open-addressed table of 64-bit hashes; two keys among a million meet by chance once in 30 million files."""

    def __init__(self, expected: int) -> None:
        """Make room for ``expected`` keys; it grows when more come."""
        self._count = 0
        self._slots = self._room(expected)

    def add(self, key: str) -> bool:
        """Remember ``key``; False when it was there already."""
        value = (
            int.from_bytes(hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big") or 1
        )
        if self._count * 3 > len(self._slots) * 2:
            self._grow()
        if not self._put(value):
            return False
        self._count += 1
        return True

    def _put(self, value: int) -> bool:
        slots, mask = self._slots, len(self._slots) - 1
        place = value & mask
        while (there := slots[place]) != 0:
            if there == value:
                return False
            place = (place + 1) & mask
        slots[place] = value
        return True

    def _grow(self) -> None:
        old, self._slots = self._slots, self._room(len(self._slots))
        for value in old:
            if value:
                self._put(value)

    @staticmethod
    def _room(keys: int) -> array[int]:
        size = _LEAST
        while size < keys * 3 // 2:
            size *= 2
        return array("Q", bytes(8 * size))
