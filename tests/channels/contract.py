"""What every channel must do, as one set of demands; each channel brings a case that shows how to make it do them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Self

import yaml

from bot.channels import base
from bot.channels.base import Address, Channel, Inbound, Receipt, Say, Sent

Trouble = Literal[
    "slow_down",
    "provider_error",
    "unreadable_answer",
    "timeout_after_acceptance",
    "reset",
    "blocked",
    "halted",
    "closed_window",
]

#: Every demand; each channel's ``quality.yaml`` answers all of them with ``done`` or ``{exempt: reason}``.
DEMANDS = (
    "text",
    "buttons",
    "pressed",
    "stale_button",
    "long_list",
    "whole_labels",
    "long_text",
    "media_in",
    "media_out",
    "location_in",
    "location_ask",
    "duplicate",
    "batch",
    "out_of_order",
    "late",
    "signature",
    "malformed",
    "too_large",
    "slow_down",
    "provider_error",
    "unreadable_answer",
    "timeout_after_acceptance",
    "reset",
    "blocked",
    "halted",
    "closed_window",
    "secret_in_logs",
)

#: A file that every channel must carry.
PDF = b"%PDF-1.4 una constancia de prueba"


@dataclass(frozen=True)
class Payload:
    """One request as the provider would make it."""

    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Bubble:
    """One message as the person sees it."""

    text: str = ""
    options: tuple[str, ...] = ()
    file: str = ""
    asks: str = ""


class ChannelCase(ABC):
    """One channel under test, with whatever stands in for its provider; used with ``async with``."""

    channel: Channel
    to: Address
    #: What must never be logged.
    secrets: tuple[str, ...] = ()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        return None

    @abstractmethod
    def text(self, text: str, *, number: int = 1) -> Payload:
        """Return a person's message; the same ``number`` is the same message, delivered again."""

    @abstractmethod
    async def show(self, say: Say, our_key: str) -> tuple[Sent, Sequence[Bubble]]:
        """Send ``say`` and return the verdict and everything the person has seen since."""

    def sent_later(self, text: str, seconds: int) -> Payload:
        """Return a message that was sent ``seconds`` after those of ``text``; its number is 1 and the seconds."""
        raise NotImplementedError

    def choice(self, token: str) -> Payload:
        """Return the pressing of an option."""
        raise NotImplementedError

    def media(self) -> Payload:
        """Return a message with one file."""
        raise NotImplementedError

    async def media_bytes(self, ref: str) -> bytes:
        """Fetch that file."""
        fetch: Any = self.channel.fetch  # type: ignore[attr-defined]
        content: bytes = await fetch(ref)
        return content

    def location(self, lat: float, lon: float) -> Payload:
        """Return a place."""
        raise NotImplementedError

    async def batch(self, texts: Sequence[str]) -> Sequence[Inbound | Receipt]:
        """Return the events of several messages that came at once."""
        raise NotImplementedError

    def unsigned(self) -> Payload:
        """Return a request whose sender does not prove who it is."""
        raise NotImplementedError

    def malformed(self) -> Sequence[Payload]:
        """Return requests that are not what the channel promises."""
        raise NotImplementedError

    def too_large(self) -> Payload:
        """Return a request over the channel's own limit."""
        raise NotImplementedError

    def trouble(self, kind: Trouble) -> None:
        """Make the provider fail so at the next send."""
        raise NotImplementedError


def quality(name: str) -> dict[str, Any]:
    """Return the checklist of the channel ``name``."""
    path = Path(base.__file__).parent / name / "quality.yaml"
    document: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return document


def is_done(name: str, demand: str) -> bool:
    """Whether the channel ``name`` says that it meets ``demand``."""
    return quality(name).get(demand) == "done"
