"""The whole installation over a database of the test, its web doors, and a log that is read afterwards."""

from __future__ import annotations

import io
import json
import logging
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import structlog
from sqlalchemy import text
from starlette.applications import Starlette

from bot.bootstrap import Services
from bot.kernel import log
from bot.kernel.clock import FrozenClock
from bot.service import make_web_server
from bot.turn.plan import Talk
from storage.db import Database
from tests.attack.corpus import planted, texts
from tests.channels import case_telegram, case_whatsapp
from tests.channels.case_telegram import SECRET
from tests.support import fake_telegram, fake_whatsapp
from tests.support.fake_telegram import FakeTelegram
from tests.support.fake_whatsapp import FakeWhatsApp
from tests.turn.house import open_house

#: What a command in a hostile text would leave behind if anything ran it.
EXECUTED = Path("/tmp/atiende-ejecutado")
#: A text is looked for in the log only when it is long enough to be nobody else's.
_TELLING = 12
#: What lets anybody in, or act as us: in no log, whatever happens.
SECRETS = (fake_telegram.TOKEN, SECRET, fake_whatsapp.TOKEN, *case_whatsapp.Case.secrets)
_REST = "http://127.0.0.1:8080"


@dataclass
class Place:
    """An open installation, a client of its doors and the log it writes."""

    services: Services
    app: Starlette
    client: httpx.AsyncClient
    clock: FrozenClock
    log: io.StringIO
    telegram: FakeTelegram
    whatsapp: FakeWhatsApp
    folder: Path
    sent: list[str] = field(default_factory=list)

    async def rest(self, sender: str, message: str, **more: Any) -> httpx.Response:
        """Post one message to Rasa's door."""
        self.sent.append(message)
        self.clock.move(timedelta(seconds=1))
        body = json.dumps({"sender": sender, "message": message, **more})
        return await self.client.post("/webhooks/rest/webhook", content=body)

    async def session(self) -> dict[str, str]:
        """Open a session of the web chat and return the header that proves it."""
        self.clock.move(timedelta(seconds=5))
        answer = await self.client.post("/chat/api/sessions")
        assert answer.status_code == 201
        return {"Authorization": f"Bearer {answer.json()['session']}"}

    async def chat(self, bearer: dict[str, str], **document: Any) -> httpx.Response:
        """Post one message of the web chat and wait until it has been worked."""
        self.sent.append(str(document.get("text", "")))
        self.clock.move(timedelta(seconds=3))
        body = json.dumps({"client_msg_id": str(uuid.uuid4()), **document})
        answer = await self.client.post("/chat/api/messages", content=body, headers=bearer)
        if answer.status_code == 200:
            assert await self.services.lanes.settled(answer.json()["id"], 10)
        return answer

    async def events(self, bearer: dict[str, str], after: int = -1) -> list[dict[str, Any]]:
        """Return what the page would show."""
        self.clock.move(timedelta(seconds=3))
        answer = await self.client.get(f"/chat/api/events?after={after}", headers=bearer)
        assert answer.status_code == 200, answer.text
        items: list[dict[str, Any]] = answer.json()["items"]
        return items

    async def is_well(self) -> bool:
        """Tell whether a new person is still attended."""
        answer = await self.rest(f"sano-{uuid.uuid4()}", "/oficinas_horarios")
        return (
            answer.status_code == 200 and bool(answer.json()) and (await self.client.get("/health")).status_code == 200
        )

    def troubles(self) -> list[str]:
        """Return the lines of the log that tell of a failure of ours."""
        lines = [json.loads(line) for line in self.log.getvalue().splitlines()]
        return [json.dumps(line) for line in lines if line["level"] in {"error", "critical"}]

    def leaks(self) -> list[str]:
        """Return what people wrote or who they are, found in the log."""
        written = self.log.getvalue()
        telling = {part.strip() for sent in self.sent for part in sent.splitlines() if len(part.strip()) >= _TELLING}
        names = [part for part in (*planted().values(), *SECRETS, *telling) if part[:200] in written]
        return [name[:80] for name in names if not name.startswith("/oficinas")]

    def count(self, query: str) -> int:
        """Return the one number that ``query`` asks for."""
        return self.services.database.read_now(lambda uow: int(uow.conn.execute(text(query)).scalar_one()))


async def judge(place: Place) -> None:
    """Assert what every attack must leave behind: all answered once, nothing executed or leaked, and still attending."""
    await place.services.lanes.idle()
    assert await place.is_well()
    await place.services.lanes.idle()
    count = place.count
    assert count("select count(*) from inbox where state <> 'done'") == 0, "a message was never worked"
    assert count("select count(*) from inbox where outcome = 'apology'") == 0, "a message was too much for a turn"
    # Messages of one breath are one turn, and its answer is theirs together.
    unanswered = (
        "select count(*) from inbox i where not exists (select 1 from outbox o join inbox j on o.inbox_id = j.id"
        " where j.conversation_id = i.conversation_id and j.turn = i.turn)"
    )
    assert count(unanswered) == count(
        "select count(*) from inbox where outcome in ('for_person', 'opted_out', 'deleted', 'unchanged')"
    )
    breaths = "select count(*) from (select distinct conversation_id, turn from inbox) as breaths"
    assert count("select count(*) from turns where inbox_id is not null") == count(breaths)
    assert count("select coalesce(max(number), 0) from cases") == count("select count(*) from cases")
    for row in place.services.database.read_now(
        lambda uow: list(uow.conn.execute(text("select id from conversations")))
    ):
        record = place.services.database.read_now(lambda uow, wanted=row[0]: uow.conversations.load(wanted))
        Talk.from_record(record)
    assert place.troubles() == []
    assert place.leaks() == []
    assert not was_executed(), "something a person wrote was executed"


def was_executed() -> bool:
    """Tell whether a command in a hostile text was run by anything."""
    return EXECUTED.exists()


def forget_executed() -> None:
    """Remove what an earlier attack may have left."""
    EXECUTED.unlink(missing_ok=True)


@contextmanager
def captured_log() -> Iterator[io.StringIO]:
    """Write the logs of this process as JSON to the stream that is yielded."""
    stream = io.StringIO()
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    log.setup("debug", "json", stream, keep=False)
    try:
        yield stream
    finally:
        structlog.reset_defaults()
        root.handlers[:] = handlers
        root.setLevel(level)


@asynccontextmanager
async def open_place(database: Database, clock: FrozenClock, folder: Path) -> AsyncIterator[Place]:
    """Open everything, with the webhooks of Telegram and WhatsApp among the doors; nothing leaves: no sender runs."""
    forget_executed()
    meta = FakeWhatsApp()
    async with FakeTelegram() as telegram:
        channels = {
            "telegram": case_telegram.make_channel(
                telegram, mode="webhook", public_url="https://agua.example", clock=clock
            ),
            "whatsapp": case_whatsapp.make_channel(meta, clock=clock),
        }
        with captured_log() as stream:
            async with open_house(database, clock, folder, channels=channels) as services:
                app = make_web_server(services).config.app
                assert isinstance(app, Starlette)
                transport = httpx.ASGITransport(app, client=("127.0.0.1", 5000))
                async with httpx.AsyncClient(transport=transport, base_url=_REST) as client:
                    yield Place(services, app, client, clock, stream, telegram, meta, folder)
            for channel in channels.values():
                await channel.close()


def telegram_path(place: Place) -> str:
    """Return the secret door of Telegram's webhook."""
    channel: Any = place.services.channels["telegram"]
    return f"/webhooks/telegram/{channel._path()}"


TELEGRAM = {"X-Telegram-Bot-Api-Secret-Token": SECRET}


def corpus_for(database: Database) -> dict[str, str]:
    """Return the hostile texts: all on SQLite, and on PostgreSQL those that a database could stumble over."""
    if database.dialect == "sqlite":
        return texts()
    kinds = (
        "sql",
        "nul",
        "controls",
        "surrogate",
        "noncharacters",
        "emoji",
        "line",
        "template_percent",
        "amount",
        "too",
    )
    return {name: words for name, words in texts().items() if name.startswith(kinds)}


def acceptable(database: Database) -> dict[str, str]:
    """Return those of them that are short enough for a message."""
    return {name: words for name, words in corpus_for(database).items() if len(words) <= 10_000}
