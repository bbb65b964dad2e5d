"""Column types that are the same in both databases, and the JSON that goes into sealed columns."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from pydantic_core import PydanticSerializationError, from_json, to_json
from sqlalchemy import BigInteger, DateTime, Dialect, Integer, Text
from sqlalchemy.types import TypeDecorator

from storage.errors import NaiveMoment

#: A whole number that fills itself: SQLite only counts by itself in a column that is exactly INTEGER.
Counted = BigInteger().with_variant(Integer(), "sqlite")


class Moment(TypeDecorator[datetime]):
    """An aware datetime, kept in UTC with microseconds; a naive one is refused.

    PostgreSQL keeps ``timestamp with time zone``; SQLite keeps text whose order is the order in time.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Bring ``value`` to UTC.

        Raises:
            NaiveMoment: it has no time zone.
        """
        if value is None:
            return None
        if value.tzinfo is None:
            message = "a moment without time zone cannot be kept"
            raise NaiveMoment(message)
        return value if value.tzinfo is UTC else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment as an aware datetime in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def keepable(value: str) -> str:
    """Return ``value`` with NUL and halves of surrogate pairs replaced by U+FFFD."""
    if "\x00" in value:
        value = value.replace("\x00", "\ufffd")
    return value if value.isascii() else value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


class Words(TypeDecorator[str]):
    """Text that both databases accept: NUL and halves of surrogate pairs become U+FFFD (PostgreSQL refuses them)."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Replace what cannot be kept."""
        return None if value is None else keepable(value)


class Document(TypeDecorator[Any]):
    """A JSON document without personal data, kept as readable text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Write the document."""
        return None if value is None else pack(value).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """Read the document."""
        return None if value is None else unpack(value.encode())


def pack(value: Any) -> bytes:
    """Return ``value`` (JSON-compatible) as JSON in UTF-8; halves of surrogate pairs survive as escapes."""
    try:
        return to_json(value)
    except (PydanticSerializationError, UnicodeEncodeError):
        return json.dumps(value).encode()


def unpack(data: bytes) -> Any:
    """Return the value that ``pack`` wrote."""
    try:
        return from_json(data)
    except ValueError:
        return json.loads(data)
