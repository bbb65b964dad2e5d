"""An in-memory house for the web server: it keeps what it is told and answers every message with an echo."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx

from bot.channels.base import Inbound, News, Receipt
from bot.channels.wire import inbound_to_json
from bot.kernel.clock import Clock, SystemClock
from bot.kernel.config import Settings
from bot.kernel.ids import Ids, RandomIds
from bot.notices.preferences import Choice, Hours, Page, Place
from bot.web.app import create_app
from bot.web.broadcaster import Broadcaster
from bot.web.services import LogItem, Readiness, Session, Standing, StoredFile, WebServices
from bot.web.webhooks import Webhook
from dialogs.actions.ports import CaseView

CASE = CaseView(
    caso_id="caso_1",
    radicado="20260010000012",
    tipo="reclamo",
    servicio="agua",
    estado="EN_TRAMITE",
    radicado_at="2026-03-18T15:30:00+00:00",
    vence_on="2026-04-10",
    dias=15,
)
CODE = "7K3M9QXZ"

_PRADO, _CENTRO = Place("prado", "El Prado"), Place("centro", "Centro")
#: A page of preferences with one of everything, whose link is this word.
WISHES_LINK = "enlace-bueno"
WISHES = Page(
    (
        Choice("cortes", "Cortes", "Avisos de su sector.", True, True, (_PRADO,), "avisos", "Autorizo avisos.", True),
        Choice("factura", "Factura", "Cuando sale.", False, False, (), "factura", "Autorizo avisos de factura.", False),
    ),
    (_PRADO, _CENTRO),
    (Hours("manana", "Por la mañana", "de 8 a 12"),),
    "manana",
    False,
)


class FakeWishes:
    """The door of the page of preferences: it shows and keeps nothing."""

    async def open(self, token: str) -> Page | None:
        return WISHES if token == WISHES_LINK else None

    async def keep(self, token: str, form: Mapping[str, Sequence[str]]) -> Page | None:
        return await self.open(token) if form else None


class DatabaseAway(OSError):
    """The database cannot be reached."""


class FakeRecords:
    """Everything the web keeps, in dictionaries; survives a restart of the server, as a database does."""

    def __init__(self) -> None:
        self.sessions: dict[str, Session] = {}
        self.logs: dict[str, list[LogItem]] = {}
        self.modes: dict[str, str] = {}
        self.files: dict[str, tuple[str, StoredFile, bytes]] = {}
        self.answers: dict[int, list[LogItem]] = {}
        self.states: dict[str, Mapping[str, Any]] = {}
        self.is_away = False
        self.reads = 0

    async def open_session(self, secret_hash: str, conversation_id: str, *, at: datetime, origin: str) -> None:
        self._check()
        self.sessions[secret_hash] = Session(conversation_id, at)

    async def find_session(self, secret_hash: str) -> Session | None:
        self._check()
        self.reads += 1
        return self.sessions.get(secret_hash)

    async def touch_session(self, secret_hash: str, *, at: datetime) -> None:
        self.sessions[secret_hash] = Session(self.sessions[secret_hash].conversation_id, at)

    async def log(self, conversation_id: str, *, after: int, limit: int) -> Sequence[LogItem]:
        self._check()
        return [item for item in self.logs.get(conversation_id, []) if item.seq > after][:limit]

    async def standing(self, conversation_id: str) -> Standing | None:
        self._check()
        log = self.logs.get(conversation_id)
        return Standing(log[-1].seq, self.modes.get(conversation_id, "bot")) if log else None

    async def state(self, conversation_id: str) -> Mapping[str, Any]:
        return self.states.get(conversation_id, {})

    async def last_seqs(self, conversation_ids: Sequence[str]) -> Mapping[str, int]:
        self._check()
        return {name: self.logs[name][-1].seq for name in conversation_ids if self.logs.get(name)}

    async def replies(self, inbox_id: int) -> Sequence[LogItem]:
        return self.answers.get(inbox_id, [])

    async def add_file(self, file: StoredFile, data: bytes, *, conversation_id: str, at: datetime) -> None:
        self._check()
        self.files[file.file_id] = (conversation_id, file, data)

    async def bytes_since(self, conversation_id: str, since: datetime) -> int:
        return sum(file.size for owner, file, _ in self.files.values() if owner == conversation_id)

    async def find_file(self, file_id: str, *, conversation_id: str) -> StoredFile | None:
        found = await self.read_file(file_id, conversation_id=conversation_id)
        return found[0] if found else None

    async def read_file(self, file_id: str, *, conversation_id: str) -> tuple[StoredFile, bytes] | None:
        found = self.files.get(file_id)
        return (found[1], found[2]) if found and found[0] == conversation_id else None

    def _check(self) -> None:
        if self.is_away:
            raise DatabaseAway


@dataclass
class EchoHouse:
    """Inbox, lanes and a turn in one: every new message gets an echo, and a menu when somebody says «menú»."""

    records: FakeRecords
    broadcaster: Broadcaster
    clock: Clock
    delay_s: float = 0.0
    is_silent: bool = False
    seen: dict[tuple[str, str, str], int] = field(default_factory=dict)
    accepted: list[Inbound] = field(default_factory=list)
    receipts: list[Receipt] = field(default_factory=list)
    news: list[News] = field(default_factory=list)
    _ids: Any = field(default_factory=lambda: itertools.count(1))
    _settled: dict[int, asyncio.Event] = field(default_factory=dict)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def accept(self, events: Iterable[Inbound]) -> list[tuple[int, bool]]:
        if self.records.is_away:
            raise DatabaseAway
        answers = []
        for event in events:
            name = (event.address.channel, event.address.account, event.key)
            if name in self.seen:
                answers.append((self.seen[name], False))
                continue
            number = self.seen[name] = next(self._ids)
            self.accepted.append(event)
            self._settled[number] = asyncio.Event()
            answers.append((number, True))
            if not self.is_silent:
                task = asyncio.create_task(self._turn(number, event))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)
        return answers

    async def settled(self, inbox_id: int, timeout: float) -> bool:  # noqa: ASYNC109
        try:
            await asyncio.wait_for(self._settled[inbox_id].wait(), timeout)
        except TimeoutError:
            return False
        return True

    async def take_news(self, news: Sequence[News]) -> None:
        assert not self.accepted, "who moved is known before what they write"
        self.news += news

    async def take_receipts(self, receipts: Sequence[Receipt]) -> None:
        self.receipts += receipts

    def say(self, conversation_id: str, payload: Mapping[str, Any], kind: str = "reply") -> None:
        """Write something to a conversation and wake whoever watches it."""
        log = self.records.logs.setdefault(conversation_id, [])
        seq = log[-1].seq + 1 if log else 1
        log.append(LogItem(seq, "out", kind, payload, self.clock.now(), f"out{seq}", "sent"))
        self.broadcaster.notify(conversation_id)

    async def _turn(self, number: int, event: Inbound) -> None:
        if self.delay_s:
            await asyncio.sleep(self.delay_s)
        conversation_id = event.address.key
        log = self.records.logs.setdefault(conversation_id, [])
        seq = log[-1].seq + 1 if log else 1
        heard = LogItem(seq, "in", event.kind, inbound_to_json(event), event.sent_at, event.key, "done")
        said = LogItem(seq + 1, "out", "reply", _answer(event), self.clock.now(), f"out{number}", "sent")
        log += [heard, said]
        self.records.answers[number] = [said]
        self._settled[number].set()
        self.broadcaster.notify(conversation_id)


def _answer(event: Inbound) -> dict[str, Any]:
    if event.kind == "choice":
        return {"text": f"Usted eligió {event.text}."}
    if event.kind == "location":
        return {"text": "Recibimos su ubicación."}
    if event.kind == "media":
        return {
            "text": "Recibimos su archivo. Esta es la constancia.",
            "media": [
                {
                    "kind": "document",
                    "ref": "constancia:caso_1",
                    "mime": "application/pdf",
                    "size": 4,
                    "name": "constancia.pdf",
                }
            ],
        }
    if event.text.lower().startswith("men"):
        return {
            "text": "¿Qué servicio es?",
            "options": [
                {"token": "o1-1", "label": "Acueducto", "hint": "", "url": None},
                {"token": "o1-2", "label": "Alcantarillado", "hint": "Aguas negras y de lluvia", "url": None},
                {"token": "o1-3", "label": "Ver oficinas", "hint": "", "url": "https://empresa.example/oficinas"},
                {"token": "o1-4", "label": "Trampa", "hint": "", "url": "javascript:alert(1)"},
            ],
        }
    return {"text": f"Usted escribió: {event.text}"}


@dataclass
class House:
    """A whole fake house and the services it gives to the web."""

    services: WebServices
    records: FakeRecords
    echo: EchoHouse
    is_ready: bool = True
    outages: list[Mapping[str, Any]] = field(default_factory=list)
    tries: list[str] = field(default_factory=list)


def tuned(settings: Settings, **changes: Mapping[str, Any]) -> Settings:
    """Return ``settings`` with other values in the blocks webchat, rest, server or metricas."""
    channels = {
        name: getattr(settings.canales, name).model_copy(update=changes[name])
        for name in ("webchat", "rest")
        if name in changes
    }
    blocks: dict[str, Any] = {
        name: getattr(settings, name).model_copy(update=changes[name])
        for name in ("server", "metricas")
        if name in changes
    }
    return settings.model_copy(update={**blocks, "canales": settings.canales.model_copy(update=channels)})


def make_house(
    settings: Settings,
    *,
    records: FakeRecords | None = None,
    clock: Clock | None = None,
    ids: Ids | None = None,
    webhooks: Sequence[Webhook] = (),
    seen: dict[tuple[str, str, str], int] | None = None,
) -> House:
    """Build a house; pass the ``records`` of another one to restart on the same data."""
    records = records or FakeRecords()
    clock = clock or SystemClock()
    broadcaster = Broadcaster()
    echo = EchoHouse(records, broadcaster, clock)
    if seen is not None:
        echo.seen = seen
        echo._ids = itertools.count(len(seen) + 1)

    async def ready() -> Readiness:
        return Readiness(house.is_ready, {"base_de_datos": house.is_ready})

    async def parse(text: str) -> Mapping[str, Any]:
        intent = {"name": "saludar", "confidence": 0.9}
        return {"text": text, "intent": intent, "intent_ranking": [intent], "entities": []}

    async def open_case(radicado: str, codigo: str, origin: str) -> CaseView | str:
        house.tries.append(origin)
        if len(house.tries) > 5:
            return "bloqueado"
        return CASE if (radicado, codigo.upper()) == (CASE.radicado, CODE) else "no"

    async def document(ref: str, conversation_id: str) -> tuple[bytes, str, str] | None:
        is_mine = ref == "constancia:caso_1" and conversation_id in records.logs
        return (b"%PDF", "constancia.pdf", "application/pdf") if is_mine else None

    async def outages() -> Sequence[Mapping[str, Any]]:
        return house.outages

    async def figures() -> Mapping[str, float]:
        return {'atiende_outbox_rows{state="queued"}': 3.0}

    services = WebServices(
        settings=settings,
        records=records,
        inbox=echo,
        lanes=echo,
        broadcaster=broadcaster,
        clock=clock,
        ids=ids or RandomIds(),
        ready=ready,
        parse=parse,
        open_case=open_case,
        document=document,
        outages=outages,
        figures=figures,
        receipts=echo.take_receipts,
        news=echo.take_news,
        webhooks=webhooks,
        preferences=FakeWishes(),
    )
    house = House(services, records, echo)
    return house


def client_of(house: House, peer: str = "127.0.0.1", host: str = "localhost:8080") -> httpx.AsyncClient:
    """Return a client of the house's web server that comes from ``peer`` and calls it ``host``."""
    transport = httpx.ASGITransport(create_app(house.services), client=(peer, 5000))
    return httpx.AsyncClient(transport=transport, base_url=f"http://{host}")
