"""Seals personal columns (AES-256-GCM) and makes blind indexes for exact look-ups (HMAC-SHA256).

A sealed value is ``0x01 | length of key id | key id | 12 bytes nonce | ciphertext | 16 bytes tag``. The additional data
names the table and the row, so a value copied to another row does not open. A blind index tells whether two values are
equal and nothing else; its key is apart from the sealing keys, so old values stay findable when the keys are changed.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import os
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from storage.errors import BadKeyring, SealBroken

KEY_BYTES = 32
_NONCE_BYTES = 12
_FORMAT = b"\x01"
_INDEX = "index"
_LONGEST_KEY_ID = 32


class Keyring:
    """The keys of the house: several to open with, one to seal with, one for blind indexes.

    Args:
        keys: key id (ASCII, 1 to 32 characters) → 32 random bytes.
        current: the id of the key that seals from now on.
        index_key: 32 random bytes for the blind indexes; never changes in the life of a database.

    Raises:
        BadKeyring: a key has another size, an id is not acceptable, or ``current`` is missing.
    """

    def __init__(self, keys: Mapping[str, bytes], current: str, index_key: bytes) -> None:
        if current not in keys:
            message = f"the current key {current!r} is not among the keys"
            raise BadKeyring(message)
        for key_id, key in [*keys.items(), (_INDEX + "_key", index_key)]:
            if not (key_id.isascii() and 0 < len(key_id) <= _LONGEST_KEY_ID and key_id.replace("_", "").isalnum()):
                message = "a key id is 1 to 32 ASCII letters, digits or underscores"
                raise BadKeyring(message)
            if len(key) != KEY_BYTES:
                message = f"the key {key_id!r} has {len(key)} bytes instead of {KEY_BYTES}"
                raise BadKeyring(message)
        self._keys = dict(keys)
        self._ciphers = {key_id.encode(): AESGCM(key) for key_id, key in keys.items()}
        self._current = current
        self._cipher = self._ciphers[current.encode()]
        self._head = _FORMAT + bytes([len(current)]) + current.encode()
        self._index_key = index_key
        self._index = hmac.new(index_key, digestmod="sha256")

    def __repr__(self) -> str:
        """Name the key ids and never a key."""
        return f"Keyring(current={self._current!r}, ids={sorted(self._keys)})"

    @classmethod
    def generate(cls) -> Keyring:
        """Return a new ring with one fresh key, ``k1``, and a fresh index key."""
        return cls({"k1": os.urandom(KEY_BYTES)}, "k1", os.urandom(KEY_BYTES))

    @classmethod
    def from_text(cls, text: str) -> Keyring:
        """Read the form that ``to_text`` writes: ``id:base64,…,index:base64``; the first id seals.

        Raises:
            BadKeyring: the text has another shape; the message does not repeat it.
        """
        keys: dict[str, bytes] = {}
        for part in filter(None, (piece.strip() for piece in text.split(","))):
            key_id, mark, encoded = part.partition(":")
            try:
                key = base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4))
            except (binascii.Error, ValueError):
                key = b""
            if not mark or not key or key_id in keys:
                message = f"part {len(keys) + 1} of the data key is not readable; it is written «name:base64»"
                raise BadKeyring(message)
            keys[key_id] = key
        index_key = keys.pop(_INDEX, b"")
        if not keys or not index_key:
            message = "the data key needs at least one named key and one called «index»"
            raise BadKeyring(message)
        return cls(keys, next(iter(keys)), index_key)

    def to_text(self) -> str:
        """Return the whole ring as one line for an environment variable or a file of mode 600."""
        ordered = [self._current, *(key_id for key_id in self._keys if key_id != self._current)]
        pairs = [(key_id, self._keys[key_id]) for key_id in ordered] + [(_INDEX, self._index_key)]
        return ",".join(f"{name}:{base64.urlsafe_b64encode(key).decode().rstrip('=')}" for name, key in pairs)

    def rotated(self, key_id: str) -> Keyring:
        """Return a ring that seals with a fresh key called ``key_id`` and still opens with the old ones."""
        return Keyring({**self._keys, key_id: os.urandom(KEY_BYTES)}, key_id, self._index_key)

    def seal(self, plain: bytes, aad: str) -> bytes:
        """Encrypt ``plain``; ``aad`` names its place (``table:row:column``) and must be given again to open it."""
        nonce = os.urandom(_NONCE_BYTES)
        return self._head + nonce + self._cipher.encrypt(nonce, plain, aad.encode("utf-8", "surrogatepass"))

    def open(self, sealed: bytes, aad: str) -> bytes:
        """Decrypt what ``seal`` made for the same place.

        Raises:
            SealBroken: altered, moved to another place, or its key is not in this ring.
        """
        start = 2 + sealed[1] if len(sealed) > 1 and sealed[:1] == _FORMAT else 0
        cipher = self._ciphers.get(sealed[2:start]) if start else None
        if cipher is None:
            message = f"sealed with a key that is not at hand (in {aad.partition(':')[0]})"
            raise SealBroken(message)
        end = start + _NONCE_BYTES
        try:
            return cipher.decrypt(sealed[start:end], sealed[end:], aad.encode("utf-8", "surrogatepass"))
        except (InvalidTag, ValueError):
            message = f"a sealed value was altered or moved (in {aad.partition(':')[0]})"
            raise SealBroken(message) from None

    def blind(self, value: str, purpose: str) -> str:
        """Return 64 hexadecimal digits that are equal for equal values of the same ``purpose`` and tell no more."""
        # Not hmac.digest: it lets go of the interpreter each time, and the busy event loop waits to get it back.
        keyed = self._index.copy()
        keyed.update(f"{purpose}\x00{value}".encode("utf-8", "surrogatepass"))
        return keyed.hexdigest()
