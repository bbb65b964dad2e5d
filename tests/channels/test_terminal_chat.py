"""The conversation in the terminal: lines in, replies from the log, files both ways, a kind end."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from bot.channels.base import Inbound, Media, Option, Say
from bot.channels.terminal.channel import Terminal
from bot.channels.terminal.render import bubble
from bot.channels.wire import address_to_json, inbound_to_json, say_to_json
from bot.cli.chat_lines import PipedLines, TypedLines
from bot.cli.chat_talk import Talk
from bot.kernel.clock import FrozenClock
from bot.kernel.ids import SequenceIds
from storage.db import Database
from storage.repos.inbox import NewInbound
from storage.repos.outbox import NewOutbound
from storage.uow import UnitOfWork
from tests.channels.case_terminal import WORDS

MENU = Say("¿Qué desea?", (Option("o1", "Radicar", "una PQR"), Option("o2", "Consultar")))


class FakeServices:
    """An installation that answers every line with the next of ``replies``, through the real log."""

    def __init__(self, database: Database, clock: FrozenClock, *replies: Say, is_late: bool = False) -> None:
        self.database = database
        self.ids = SequenceIds()
        self.heard: list[Inbound] = []
        self.replies = list(replies)
        self.is_late = is_late
        self._clock = clock
        self._seq = 0

    @property
    def inbox(self) -> FakeServices:
        return self

    lanes = documents = inbox

    @property
    def conversation_id(self) -> Callable[[str], str]:
        return lambda key: f"c-{key}"

    async def accept(self, events: Iterable[Inbound]) -> list[tuple[int, bool]]:
        accepted = []
        for event in events:
            self.heard.append(event)
            number = await self.database.write(lambda uow, e=event: self._turn(uow, e))
            accepted.append((number, True))
        return accepted

    async def settled(self, inbox_id: int, timeout: float) -> bool:  # noqa: ASYNC109
        return not self.is_late

    async def for_channel(self, ref: str) -> tuple[bytes, str, str]:
        if ref != "constancia:7":
            raise LookupError(ref)
        return b"%PDF", "../constancia.pdf", "application/pdf"

    def say(self, say: Say, *, kind: str = "reply") -> None:
        self._seq += 1
        self.database.write_now(lambda uow: uow.outbox.add([self._row(say, kind)]))

    def _turn(self, uow: UnitOfWork, event: Inbound) -> int:
        now = self._clock.now()
        conversation_id = f"c-{event.address.key}"
        number, _ = uow.inbox.accept(
            NewInbound(
                channel="terminal",
                account="local",
                key=event.key,
                conversation_id=conversation_id,
                address=address_to_json(event.address),
                kind=event.kind,
                payload=inbound_to_json(event),
                sent_at=now,
                received_at=now,
            )
        )
        record = uow.conversations.create(conversation_id, address_to_json(event.address), now)
        self._seq += 1
        uow.inbox.finish(number, turn=self._seq, seq=self._seq, at=now, outcome="answered")
        if self.replies and not self.is_late:
            say = self.replies.pop(0)
            self._seq += 1
            uow.outbox.add([self._row(say, "reply")])
        uow.conversations.save(
            record.id,
            expected_version=record.version,
            state={},
            seq=self._seq,
            mode="bot",
            last_inbound_at=now,
            now=now,
        )
        return number

    def _row(self, say: Say, kind: Any) -> NewOutbound:
        now = self._clock.now()
        return NewOutbound(
            key=f"r{self._seq}",
            conversation_id="c-terminal:local:persona",
            channel="terminal",
            account="local",
            address={"channel": "terminal", "account": "local", "user": "persona"},
            seq=self._seq,
            kind=kind,
            payload=say_to_json(say),
            priority=0,
            not_before=now,
            created_at=now,
            pull=True,
        )


@pytest.fixture
def console() -> Console:
    return Console(file=io.StringIO(), width=200, color_system=None)


@pytest.fixture(params=["sqlite"])
def database_url(request: pytest.FixtureRequest, databases: Any) -> Any:
    with databases.url(request.param) as url:
        yield url


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def written(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def make_talk(services: FakeServices, console: Console, clock: FrozenClock) -> Talk:
    terminal = Terminal(clock)
    return Talk(services, terminal, terminal.address("persona"), WORDS, console, look_s=0.01)


async def talk(services: FakeServices, console: Console, clock: FrozenClock, *lines: str) -> str:
    source = io.StringIO("".join(f"{line}\n" for line in lines))
    await make_talk(services, console, clock).run(PipedLines(source, WORDS, console))
    return written(console)


async def test_lines_are_heard_and_replies_shown_with_numbers(
    database: Database, clock: FrozenClock, console: Console
) -> None:
    services = FakeServices(database, clock, MENU, Say("Con gusto."))
    shown = await talk(services, console, clock, "hola", "", "2")

    assert [event.text for event in services.heard] == ["hola", "2"]
    assert len({event.key for event in services.heard}) == 2
    assert shown.index("Usted: hola") < shown.index("1. Radicar: una PQR") < shown.index("2. Consultar")
    assert shown.index("Usted: 2") < shown.index("Con gusto.")
    assert shown.strip().endswith(WORDS.farewell)


async def test_the_talk_ends_kindly_when_the_person_says_so(
    database: Database, clock: FrozenClock, console: Console
) -> None:
    services = FakeServices(database, clock)
    shown = await talk(services, console, clock, "/salir", "nunca")

    assert services.heard == []
    assert WORDS.farewell in shown


async def test_brackets_and_emoji_are_shown_as_they_are(
    database: Database, clock: FrozenClock, console: Console
) -> None:
    services = FakeServices(database, clock, Say("[bold]no[/bold] :smile: [/] 👋🏽"))

    assert "[bold]no[/bold] :smile: [/] 👋🏽" in await talk(services, console, clock, "[red]hola[/red]")


async def test_a_file_is_attached_by_its_path_and_read_from_there(
    database: Database, clock: FrozenClock, console: Console, tmp_path: Path
) -> None:
    path = tmp_path / "mi recibo.pdf"
    path.write_bytes(b"%PDF")
    services = FakeServices(database, clock, Say("Recibido."))
    shown = await talk(services, console, clock, f"/adjuntar {path}")

    (media,) = services.heard[0].media
    assert (media.name, media.mime) == ("mi recibo.pdf", "application/pdf")
    assert await Terminal(clock).fetch(media.ref) == b"%PDF"
    assert "Adjunto: mi recibo.pdf" in shown


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("/adjuntar", WORDS.attach_usage),
        ("/adjuntar /no/hay.pdf", WORDS.attach_missing),
        ("/ubicacion aquí", WORDS.location_usage),
        ("x" * 10_001, WORDS.long_message),
        ("/guardar", WORDS.nothing_to_save),
    ],
)
async def test_a_line_that_cannot_be_used_is_explained_and_not_sent(
    database: Database, clock: FrozenClock, console: Console, line: str, sentence: str
) -> None:
    services = FakeServices(database, clock)
    shown = await talk(services, console, clock, line)

    assert sentence in shown
    assert services.heard == []


async def test_a_place_is_sent_as_a_point(database: Database, clock: FrozenClock, console: Console) -> None:
    services = FakeServices(database, clock, Say("Gracias."))
    await talk(services, console, clock, "/ubicacion 3.4516 -76.5320")

    assert services.heard[0].point == (3.4516, -76.532)


async def test_a_received_document_is_saved_inside_the_folder_and_replaces_nothing(
    database: Database, clock: FrozenClock, console: Console, tmp_path: Path
) -> None:
    say = Say("Su constancia.", media=(Media("document", "constancia:7", "application/pdf", name="constancia.pdf"),))
    services = FakeServices(database, clock, say)
    shown = await talk(services, console, clock, "radicar", f"/guardar {tmp_path}", f"/guardar {tmp_path}")

    assert "Archivo: constancia.pdf" in shown
    assert names(tmp_path) == ["constancia-2.pdf", "constancia.pdf"]


async def test_a_document_that_is_gone_is_explained(
    database: Database, clock: FrozenClock, console: Console, tmp_path: Path
) -> None:
    services = FakeServices(database, clock, Say("x", media=(Media("document", "file:1", "a/b"),)))

    assert WORDS.not_saved in await talk(services, console, clock, "hola", f"/guardar {tmp_path}")


async def test_a_reply_that_is_late_is_promised_and_shown_when_it_comes(
    database: Database, clock: FrozenClock, console: Console
) -> None:
    services = FakeServices(database, clock, is_late=True)
    lines = Held("hola")
    running = asyncio.create_task(make_talk(services, console, clock).run(lines))
    await asyncio.wait_for(lines.asked_again.wait(), 2)
    assert WORDS.late in written(console)

    services.say(Say("Aquí estoy."), kind="staff")
    async with asyncio.timeout(2):
        while "Aquí estoy." not in written(console):  # noqa: ASYNC110 - the screen has no event
            await asyncio.sleep(0.005)
    lines.end.set()
    await running

    assert written(console).index(WORDS.advisor) < written(console).index("Aquí estoy.")


async def test_who_comes_back_sees_where_the_talk_was_and_finds_what_was_typed(
    database: Database, clock: FrozenClock, console: Console
) -> None:
    services = FakeServices(database, clock, MENU, Say("Con gusto."))
    await talk(services, console, clock, "hola", "2")
    again = Console(file=io.StringIO(), width=200, color_system=None)
    returned = make_talk(services, again, clock)

    assert await returned.said_before() == ["hola", "2"]
    await returned.run(Held())
    assert written(again).index("Usted: hola") < written(again).index("Con gusto.")


def test_what_is_asked_for_is_explained_in_words(console: Console) -> None:
    console.print(bubble(Say("¿Dónde?", ask="location"), "Asistente", WORDS))
    console.print(bubble(Say("¿Su número?", ask="phone"), "Asistente", WORDS))
    console.print(bubble(Say("Pague", (Option("o1", "Pagar", url="https://example.org"),)), "Asistente", WORDS))

    assert WORDS.share_location in written(console)
    assert WORDS.share_phone in written(console)
    assert "1. Pagar (https://example.org)" in written(console)


async def test_at_a_keyboard_the_arrow_up_brings_back_what_was_said_and_ctrl_d_ends() -> None:
    from prompt_toolkit.application import create_app_session
    from prompt_toolkit.input import create_pipe_input
    from prompt_toolkit.output import DummyOutput

    with create_pipe_input() as keyboard, create_app_session(input=keyboard, output=DummyOutput()):
        lines = TypedLines(WORDS, ["no tengo agua"])
        keyboard.send_text("\x1b[A\r")
        assert await lines.next() == "no tengo agua"
        keyboard.send_text("\x04")
        assert await lines.next() is None


class Held:
    """Lines that end when told."""

    def __init__(self, *lines: str) -> None:
        self._lines = list(lines)
        self.asked_again = asyncio.Event()
        self.end = asyncio.Event()
        if not lines:
            self.end.set()

    def shown(self) -> AbstractContextManager[object]:
        return nullcontext()

    async def next(self) -> str | None:
        if self._lines:
            return self._lines.pop(0)
        self.asked_again.set()
        await self.end.wait()
        return None
