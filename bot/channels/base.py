"""The contract between Atiende and every messaging channel."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any, Literal, Protocol

#: ``opted_out``: the person blocked us or left; ``deleted``: they took back the message ``reply_to``. Both are kept and
#: never answered.
InboundKind = Literal[
    "text", "choice", "location", "media", "contact", "form", "edited", "deleted", "unsupported", "opted_out"
]
MediaKind = Literal["image", "document", "audio", "video", "sticker"]
Form = Literal["plain", "buttons", "list", "numbered"]


@dataclass(frozen=True, slots=True)
class Address:
    """One person on one channel; a person may own several.

    ``account`` is our own side (bot id, phone-number id, site), ``user`` the person's id there. ``phone`` is an
    attribute that may be absent and is never the key (E.164).
    """

    channel: str
    account: str
    user: str
    phone: str | None = None
    name: str | None = None

    @property
    def key(self) -> str:
        """The text under which the address is unique: ``channel:account:user``."""
        return f"{self.channel}:{self.account}:{self.user}"


@dataclass(frozen=True, slots=True)
class Media:
    """A file that came in or goes out; ``ref`` is the channel's id or our file id, ``size`` in bytes."""

    kind: MediaKind
    ref: str
    mime: str
    size: int | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Inbound:
    """One thing a person did; ``key`` is unique within (channel, account) and makes repeats harmless.

    ``point`` is (latitude, longitude) in degrees, WGS 84. ``sent_at`` is when the person sent it (aware). ``message`` is
    the provider's id of the message itself where ``key`` is another; ``reply_to`` names what an answer or an edit is about.
    """

    key: str
    sent_at: datetime
    address: Address
    kind: InboundKind
    text: str = ""
    token: str | None = None
    reply_to: str | None = None
    point: tuple[float, float] | None = None
    media: tuple[Media, ...] = ()
    message: str | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a provider says about a message of ours; late, repeated and unordered by nature.

    ``price`` is what it costs, in the provider's words; ``why`` is the code of a failure as the outbox keeps it.
    ``is_part``: it is about one of several messages that a saying took, and not the last, so the saying has not arrived.
    """

    ref: str
    state: Literal["sent", "delivered", "read", "failed"]
    at: datetime
    our_key: str | None = None
    code: int | None = None
    price: Mapping[str, Any] | None = None
    why: str = ""
    is_part: bool = False


@dataclass(frozen=True, slots=True)
class TemplateNews:
    """What a provider says of a template of ours, by what it is about: state, category, quality, reason, words."""

    name: str
    language: str
    said: Mapping[str, str]
    at: datetime


@dataclass(frozen=True, slots=True)
class Moved:
    """A person goes on under another address; who has ``was`` afterwards is somebody else."""

    was: Address
    now: Address
    key: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Stopped:
    """A person told the provider that they want no advertising from us."""

    address: Address
    key: str
    at: datetime


#: What a provider says apart from messages and their receipts.
News = TemplateNews | Moved | Stopped


@dataclass(frozen=True, slots=True)
class Option:
    """A thing to press; ``token`` is opaque ASCII of at most 40 bytes whose meaning we keep."""

    token: str
    label: str
    hint: str = ""
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Say:
    """What the dialogue wants to say, in no channel's words."""

    text: str
    options: tuple[Option, ...] = ()
    media: tuple[Media, ...] = ()
    ask: Literal["", "location", "phone"] = ""
    menu_label: str = "Ver opciones"


@dataclass(frozen=True, slots=True)
class Notice:
    """A message we start, in words that the provider approved; it may leave outside a service window.

    ``not_after`` (aware) is when it expires. ``plain`` says the same in our own words and with our buttons.
    """

    template: str
    params: Mapping[str, str]
    plain: Say
    not_after: datetime
    topic: str
    language: str = "es"


@dataclass(frozen=True, slots=True)
class Caps:
    """What a channel can show: lengths in characters, ``window_s`` in seconds, ``rate_per_s`` in messages.

    ``pull`` channels hold no connection to a provider: the outbox itself is the log the client reads. Where every
    message is ``paid``, what a turn says goes as few of them as can carry it.
    """

    text: int
    body_with_options: int
    buttons: int
    button_len: int
    rows: int = 0
    row_len: int = 0
    hint_len: int = 0
    ask: frozenset[str] = frozenset()
    window_s: int | None = None
    rate_per_s: float = 1.0
    pull: bool = False
    paid: bool = False


class Verdict(Enum):
    """What became of one attempt to send."""

    OK = "ok"
    RETRY = "retry"
    UNKNOWN = "unknown"
    CLOSED_WINDOW = "closed_window"
    DEAD_ADDRESS = "dead_address"
    NEEDS_PHONE = "needs_phone"
    OPTED_OUT = "opted_out"
    HALT = "halt"
    BUG = "bug"


@dataclass(frozen=True, slots=True)
class Sent:
    """The outcome of one attempt: provider's ``ref``, seconds to wait before another, a code for staff.

    ``slower``: the whole account sends too fast, so its pace is halved for a while.
    """

    verdict: Verdict
    ref: str | None = None
    retry_after_s: float = 0.0
    code: str = ""
    exchange: str = ""
    slower: bool = False


class Channel(Protocol):
    """What every channel offers; it never imports the web server.

    A channel that pushes (``caps.pull`` is false) also has ``account: str``, our own side of its addresses. Some have
    more, found by name: ``fetch(ref) -> bytes`` for files that come in, ``cost(what) -> int`` when a message takes
    several calls, ``webhook_routes()``, ``serve(accept, stop)`` and ``close()``.
    """

    name: str
    caps: Caps

    def parse(self, body: bytes, headers: Mapping[str, str]) -> Iterable[Inbound | Receipt | News]:
        """Return every event of one payload.

        Raises:
            InboundRefused: bad signature, too large, malformed.
        """
        ...

    async def send(self, to: Address, what: Say | Notice, our_key: str) -> Sent:
        """Try once to deliver ``what``; never raises for trouble of the provider or the network."""
        ...


def form(say: Say, caps: Caps) -> Form:
    """Choose the richest form a channel can show: buttons, then list, then numbered text."""
    options = say.options
    if not options:
        return "plain"
    if len(say.text) > caps.body_with_options:
        return "numbered"
    if len(options) <= caps.buttons and all(
        len(option.label) <= caps.button_len and not (option.hint and caps.rows) for option in options
    ):
        return "buttons"
    if len(options) <= caps.rows and all(
        len(option.label) <= caps.row_len and len(option.hint) <= caps.hint_len for option in options
    ):
        return "list"
    return "numbered"


def numbered(say: Say) -> str:
    """Return the text of ``say`` with its options as numbered lines, for channels without buttons."""
    lines = [
        f"{number}. {option.label}" + (f": {option.hint}" if option.hint else "")
        for number, option in enumerate(say.options, start=1)
    ]
    return "\n".join([say.text, "", *lines]) if lines else say.text


def split(text: str, limit: int) -> list[str]:
    """Cut ``text`` into parts of at most ``limit`` characters, at paragraphs, then lines, then spaces."""
    parts: list[str] = []
    rest = text
    while len(rest) > limit:
        cut = max(rest.rfind(mark, 1, limit + 1) for mark in ("\n\n", "\n", " "))
        for mark in ("\n\n", "\n", " "):
            place = rest.rfind(mark, limit // 2, limit + 1)
            if place > 0:
                cut = place
                break
        if cut <= 0:
            cut = limit
        parts.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*parts, rest] if rest or not parts else parts
