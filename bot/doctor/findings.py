"""What the doctor writes down: a line for each thing looked at, clean of secrets and of other people's control codes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, SecretStr

from bot.channels.clean import terminal_text
from bot.kernel.config_problems import secret_paths
from bot.kernel.log import redact

if TYPE_CHECKING:
    from datetime import timedelta

    from bot.kernel.config import Settings

State = Literal["ok", "warning", "fault"]

_LONGEST = 300
_HIDDEN: Final = "«…»"
#: A shorter secret could be a word of any sentence.
_SECRET_LENGTH = 4


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: where it belongs, what was seen, and what to do if it is not well."""

    area: str
    topic: str
    state: State
    text: str
    remedy: str = ""


@dataclass
class Notes:
    """The notebook of one area; ``secrets`` are cut out of whatever is written into it."""

    area: str
    secrets: tuple[str, ...] = ()
    findings: list[Finding] = field(default_factory=list)

    def ok(self, topic: str, text: str) -> None:
        """Write that something is well."""
        self._write(topic, "ok", text, "")

    def warn(self, topic: str, text: str, remedy: str) -> None:
        """Write that something will not do for long, or only in part."""
        self._write(topic, "warning", text, remedy)

    def fault(self, topic: str, text: str, remedy: str) -> None:
        """Write that something keeps people from being attended."""
        self._write(topic, "fault", text, remedy)

    def _write(self, topic: str, state: State, text: str, remedy: str) -> None:
        self.findings.append(Finding(self.area, topic, state, self._clean(text), self._clean(remedy)))

    def _clean(self, text: str) -> str:
        for secret in self.secrets:
            text = text.replace(secret, _HIDDEN)
        text = " ".join(terminal_text(text).split())
        return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def quoted(words: object, *, longest: int = 120) -> str:
    """Return what somebody else said, fit to stand in a line of ours: one line, short, nobody's data."""
    text = " ".join(redact(str(words)).split())
    return f"«{text[:longest]}…»" if len(text) > longest else f"«{text}»"


def span(length: timedelta) -> str:
    """Return how long something is, as people say it: seconds, minutes, hours or days."""
    seconds = abs(length.total_seconds())
    for unit, size, most in (("s", 1, 120), ("min", 60, 120), ("h", 3_600, 48)):
        if seconds < size * most:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds / 86_400:.0f} días"


def counted(number: int, one: str, many: str = "") -> str:
    """Return ``number`` with its noun: ``1 aprobada``, ``3 aprobadas``."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def secrets_of(settings: Settings, *more: str) -> tuple[str, ...]:
    """Return every secret of ``settings``, and ``more``, the longest first."""
    found = set(more)
    for where in secret_paths(type(settings)):
        value: Any = settings
        for part in where:
            value = getattr(value, str(part), None) if isinstance(value, BaseModel) else None
        if isinstance(value, SecretStr):
            found.add(value.get_secret_value())
    password = _password(settings.database_url)
    return tuple(sorted((one for one in {*found, password} if len(one) >= _SECRET_LENGTH), key=len, reverse=True))


def _password(url: str) -> str:
    try:
        return urlsplit(url).password or ""
    except ValueError:
        return ""
