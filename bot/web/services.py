"""Everything the web application is given; the bootstrap passes the real things and tests pass fakes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    from bot.channels.base import Inbound, News, Receipt
    from bot.kernel.clock import Clock
    from bot.kernel.config import Settings
    from bot.kernel.ids import Ids
    from bot.notices.preferences import Page
    from bot.web.broadcaster import Broadcaster
    from bot.web.webhooks import Webhook
    from dialogs.actions.ports import CaseView


@dataclass(frozen=True, slots=True)
class Session:
    """A person's browser: ``conversation_id`` is theirs, ``seen_at`` (aware) is when it last asked for something."""

    conversation_id: str
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class LogItem:
    """One line of a conversation's log; ``seq`` grows by commits, ``key`` is the inbound key or empty.

    ``kind`` is the inbound kind for ``in`` and ``reply``, ``notice`` or ``staff`` for ``out``. ``payload`` is the JSON
    of ``bot.channels.wire``.
    """

    seq: int
    direction: Literal["in", "out"]
    kind: str
    payload: Mapping[str, Any]
    at: datetime
    key: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a conversation stands: the last ``seq`` of its log and who answers (bot, queued, with_person)."""

    seq: int
    mode: str


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file of a conversation, as a message may refer to it; ``size`` in bytes."""

    file_id: str
    kind: str
    mime: str
    size: int
    name: str


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether people can be attended now; ``checks`` names what was looked at and whether it is well."""

    is_ready: bool
    checks: Mapping[str, bool] = field(default_factory=dict)


class Records(Protocol):
    """What the web keeps and reads; ``bot.web.records.StoredRecords`` does it over the database.

    Every method raises ``StorageError`` (or the driver's error) when the database cannot answer: the web says 503.
    """

    async def open_session(self, secret_hash: str, conversation_id: str, *, at: datetime, origin: str) -> None:
        """Keep a new session; only the hash (SHA-256, hexadecimal) of its secret is known to us."""
        ...

    async def find_session(self, secret_hash: str) -> Session | None:
        """Return the session under the hash, or None."""
        ...

    async def touch_session(self, secret_hash: str, *, at: datetime) -> None:
        """Note that the session is alive at ``at``."""
        ...

    async def log(self, conversation_id: str, *, after: int, limit: int) -> Sequence[LogItem]:
        """Return at most ``limit`` items with ``seq`` greater than ``after``, oldest first."""
        ...

    async def standing(self, conversation_id: str) -> Standing | None:
        """Return where the conversation stands, or None before its first turn."""
        ...

    async def state(self, conversation_id: str) -> Mapping[str, Any]:
        """Return the engine's document of the conversation, empty before its first turn."""
        ...

    async def last_seqs(self, conversation_ids: Sequence[str]) -> Mapping[str, int]:
        """Return the last ``seq`` of each conversation that exists."""
        ...

    async def replies(self, inbox_id: int) -> Sequence[LogItem]:
        """Return what was answered to one inbox row, in order."""
        ...

    async def add_file(self, file: StoredFile, data: bytes, *, conversation_id: str, at: datetime) -> None:
        """Keep a file durably, sealed, as part of the conversation."""
        ...

    async def bytes_since(self, conversation_id: str, since: datetime) -> int:
        """Return how many bytes of files the conversation sent since ``since`` (aware)."""
        ...

    async def find_file(self, file_id: str, *, conversation_id: str) -> StoredFile | None:
        """Return the file if it belongs to the conversation, else None."""
        ...

    async def read_file(self, file_id: str, *, conversation_id: str) -> tuple[StoredFile, bytes] | None:
        """Return the file and its bytes if it belongs to the conversation, else None."""
        ...


class InboxPort(Protocol):
    """The durable edge (``bot.turn.inbox.Inbox``)."""

    async def accept(self, events: Iterable[Inbound]) -> list[tuple[int, bool]]:
        """Store the events in one durable transaction; return inbox id and whether new, for each."""
        ...


class LanesPort(Protocol):
    """The lanes of ``bot.turn.lanes.Lanes``."""

    async def settled(self, inbox_id: int, timeout: float) -> bool:  # noqa: ASYNC109 - the lane's own contract
        """Wait at most ``timeout`` seconds until the message has been worked."""
        ...


class CaseDoor(Protocol):
    """Opens a case with its secret code (``CasesPort.open_with_code``)."""

    async def __call__(self, radicado: str, codigo: str, origin: str) -> CaseView | str:
        """Return the case, ``"no"`` (unknown or wrong code) or ``"bloqueado"`` (too many tries)."""
        ...


class PreferenceDoor(Protocol):
    """Opens and keeps the page of preferences behind a link; None when the link is not ours or its time is over."""

    async def open(self, token: str) -> Page | None:
        """Return what the page shows."""
        ...

    async def keep(self, token: str, form: Mapping[str, Sequence[str]]) -> Page | None:
        """Keep what the form says and return the page as it is then."""
        ...


class DocumentDoor(Protocol):
    """Draws a document that was offered in a talk."""

    async def __call__(self, ref: str, conversation_id: str) -> tuple[bytes, str, str] | None:
        """Return bytes, name and MIME type, or None unless ``kind:name`` is for this very conversation."""
        ...


async def _no_outages() -> Sequence[Mapping[str, Any]]:
    return ()


async def _no_figures() -> Mapping[str, float]:
    return {}


async def _no_news(news: Sequence[News]) -> None:
    """Let pass what providers say apart from messages: nobody keeps it yet."""


async def _no_receipts(receipts: Sequence[Receipt]) -> None:
    """Let receipts pass: nobody keeps them yet."""


@dataclass(frozen=True, slots=True)
class WebServices:
    """What ``bot.web.app.create_app`` needs.

    ``ready`` is asked by ``GET /health``. ``parse`` answers Rasa's ``POST /model/parse`` with
    ``{text, intent, intent_ranking, entities}``. ``open_case`` and ``document`` guard personal data themselves.
    ``outages`` lists current outages for ``GET /status`` as ``{servicio, sector, estado, desde, hasta, mensaje}``
    (ISO moments). ``figures`` adds gauges (name → value) to ``/metrics``; names carry no personal data. ``receipts``
    takes what providers report of our messages, ``news`` what else they say. ``conversation_id`` names a conversation by its address key.
    """

    settings: Settings
    records: Records
    inbox: InboxPort
    lanes: LanesPort
    broadcaster: Broadcaster
    clock: Clock
    ids: Ids
    ready: Callable[[], Awaitable[Readiness]]
    parse: Callable[[str], Awaitable[Mapping[str, Any]]]
    open_case: CaseDoor
    document: DocumentDoor
    outages: Callable[[], Awaitable[Sequence[Mapping[str, Any]]]] = _no_outages
    figures: Callable[[], Awaitable[Mapping[str, float]]] = _no_figures
    receipts: Callable[[Sequence[Receipt]], Awaitable[None]] = _no_receipts
    news: Callable[[Sequence[News]], Awaitable[None]] = _no_news
    webhooks: Sequence[Webhook] = ()
    preferences: PreferenceDoor | None = None
    conversation_id: Callable[[str], str] = str
