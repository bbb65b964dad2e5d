"""The only place from which identifiers and chance come."""

from __future__ import annotations

import itertools
import secrets
from typing import Protocol

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
#: What ``SequenceIds.digits`` gives: the one-time code of every scripted conversation begins so.
KNOWN_DIGITS = "482913"


class Ids(Protocol):
    """Source of identifiers, secrets and random fractions."""

    def new(self, kind: str) -> str:
        """Return a fresh identifier ``<kind>_<random>``, unique for ever."""
        ...

    def secret(self, size: int = 32) -> str:
        """Return ``size`` random bytes as URL-safe text, for session secrets."""
        ...

    def code(self, length: int = 8) -> str:
        """Return ``length`` random characters of Crockford's base 32 (5 bits each), for people to copy."""
        ...

    def digits(self, length: int = 6) -> str:
        """Return ``length`` random decimal digits, for people to type from another screen."""
        ...

    def fraction(self) -> float:
        """Return a random number in [0, 1), for jitter."""
        ...


class RandomIds:
    """Identifiers from the operating system's randomness."""

    def new(self, kind: str) -> str:
        """Return ``<kind>_`` and 96 random bits in hexadecimal."""
        return f"{kind}_{secrets.token_hex(12)}"

    def secret(self, size: int = 32) -> str:
        """Return ``size`` random bytes as URL-safe text."""
        return secrets.token_urlsafe(size)

    def code(self, length: int = 8) -> str:
        """Return ``length`` random characters of Crockford's base 32."""
        return "".join(secrets.choice(CROCKFORD) for _ in range(length))

    def digits(self, length: int = 6) -> str:
        """Return ``length`` random decimal digits."""
        return "".join(secrets.choice("0123456789") for _ in range(length))

    def fraction(self) -> float:
        """Return a random number in [0, 1)."""
        return secrets.randbelow(1 << 53) / (1 << 53)


class SequenceIds:
    """Identifiers that count up from one: the same in every run, for tests."""

    def __init__(self) -> None:
        self._count = itertools.count(1)

    def new(self, kind: str) -> str:
        """Return ``<kind>_`` and the next number in six digits."""
        return f"{kind}_{next(self._count):06d}"

    def secret(self, size: int = 32) -> str:
        """Return a predictable text of at least ``size`` characters."""
        return f"secret-{next(self._count):0{size}d}"

    def code(self, length: int = 8) -> str:
        """Return a predictable code of ``length`` characters of Crockford's base 32."""
        number, letters = next(self._count), ""
        for _ in range(length):
            number, digit = divmod(number, 32)
            letters = CROCKFORD[digit] + letters
        return letters

    def digits(self, length: int = 6) -> str:
        """Return the same digits every time, so that a written conversation can answer with them."""
        return (KNOWN_DIGITS * length)[:length]

    def fraction(self) -> float:
        """Return one half, always."""
        return 0.5
