"""A conversation in the terminal: lines go to the inbox, replies come from the log."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from bot.channels.clean import terminal_text
from bot.channels.terminal.channel import ID_HEADER, USER_HEADER
from bot.channels.terminal.render import bubble
from bot.channels.wire import say_from_json
from bot.kernel.errors import InboundRefused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from rich.console import Console

    from bot.channels.base import Address, Inbound, Media
    from bot.channels.terminal.channel import Terminal
    from bot.channels.words import TerminalWords
    from bot.cli.chat_lines import Lines
    from bot.kernel.ids import Ids
    from storage.db import Database
    from storage.repos.transcripts import TranscriptItem

QUIT = ("/salir", "/quit", "/exit")
SAVE = "/guardar"
_SHOWN_BEFORE = 6
_REMEMBERED = 100


class Accepting(Protocol):
    """Stores what people do (``bot.turn.inbox.Inbox``)."""

    async def accept(self, events: Iterable[Inbound]) -> list[tuple[int, bool]]:
        """Store ``events``; return the inbox id of each and whether it is new."""
        ...


class Settling(Protocol):
    """Works conversations (``bot.turn.lanes.Lanes``)."""

    async def settled(self, inbox_id: int, timeout: float) -> bool:  # noqa: ASYNC109 - the lanes' own signature
        """Wait until a message was worked; False when ``timeout`` seconds were not enough."""
        ...


class Documents(Protocol):
    """Finds files by reference (``bot.turn.documents.DocumentRoom``)."""

    async def for_channel(self, ref: str) -> tuple[bytes, str, str]:
        """Return ``(bytes, name, MIME type)``; raises LookupError."""
        ...


class Services(Protocol):
    """What a conversation needs of a running installation (``bot.bootstrap.Services``)."""

    @property
    def inbox(self) -> Accepting:
        """Where lines go."""
        ...

    @property
    def lanes(self) -> Settling:
        """Who works them."""
        ...

    @property
    def database(self) -> Database:
        """Where replies are read."""
        ...

    @property
    def documents(self) -> Documents:
        """Where files are found."""
        ...

    @property
    def ids(self) -> Ids:
        """Names of lines."""
        ...

    @property
    def conversation_id(self) -> Callable[[str], str]:
        """The name of the conversation of an address key."""
        ...


class Talk:
    """One person at this terminal."""

    def __init__(
        self,
        services: Services,
        terminal: Terminal,
        address: Address,
        words: TerminalWords,
        console: Console,
        *,
        patience_s: float = 30.0,
        look_s: float = 1.0,
    ) -> None:
        """Take the installation, who talks, the words around the talk and where to show it.

        ``patience_s`` is how long to wait for a reply, ``look_s`` how often to look for what others say.
        """
        self.console = console
        self._services = services
        self._terminal = terminal
        self._address = address
        self._words = words
        self._patience_s = patience_s
        self._look_s = look_s
        self._conversation_id = services.conversation_id(address.key)
        self._seq = 0
        self._files: tuple[Media, ...] = ()
        self._showing = asyncio.Lock()

    async def said_before(self) -> list[str]:
        """Return what the person said last, oldest first, for the prompt's history."""
        items = await self._log(max(0, await self._last_seq() - _REMEMBERED))
        texts = [str(item.payload.get("text", "")) for item in items if item.direction == "in"]
        return [text for text in texts if text]

    async def run(self, lines: Lines) -> None:
        """Talk until the person is done."""
        self._say(self._words.welcome)
        self._seq = max(0, await self._last_seq() - _SHOWN_BEFORE)
        with lines.shown():
            await self._show_news(both_sides=True)
            watching = asyncio.create_task(self._watch())
            try:
                while (line := await lines.next()) is not None and line.strip().lower() not in QUIT:
                    await self._line(line.strip())
            finally:
                watching.cancel()
                await asyncio.gather(watching, return_exceptions=True)
        self._say(self._words.farewell)

    async def _line(self, line: str) -> None:
        verb, _, rest = line.partition(" ")
        if verb == SAVE:
            await self._save(rest.strip())
            return
        headers = {USER_HEADER: self._address.user, ID_HEADER: self._services.ids.new("linea")}
        try:
            events = self._terminal.parse(line.encode("utf-8", "replace"), headers)
        except InboundRefused as refusal:
            if sentence := self._words.about(str(refusal)):
                self._say(sentence)
            return
        for media in (media for event in events for media in event.media):
            self._say(self._words.attached.replace("{name}", media.name or ""))
        for inbox_id, _ in await self._services.inbox.accept(events):
            is_settled = await self._services.lanes.settled(inbox_id, self._patience_s)
            await self._show_news()
            if not is_settled:
                self._say(self._words.late)

    async def _watch(self) -> None:
        """Show what comes without being asked for: a person's answer, a reminder."""
        while True:
            await asyncio.sleep(self._look_s)
            await self._show_news()

    async def _show_news(self, *, both_sides: bool = False) -> None:
        async with self._showing:
            for item in await self._log(self._seq):
                self._seq = item.seq
                if item.direction == "out":
                    self._show(item)
                elif both_sides and item.payload.get("text"):
                    self._say(f"{self._words.prompt}: {item.payload['text']}")

    def _show(self, item: TranscriptItem) -> None:
        say = say_from_json(item.payload)
        self._files = say.media or self._files
        is_staff = item.kind == "staff"
        speaker = self._words.advisor if is_staff else self._words.assistant
        self.console.print(bubble(say, speaker, self._words, style="bold magenta" if is_staff else "bold green"))

    async def _save(self, folder: str) -> None:
        if not self._files:
            self._say(self._words.nothing_to_save)
        for media in self._files:
            try:
                content, name, _ = await self._services.documents.for_channel(media.ref)
                path = await asyncio.to_thread(_write, folder or ".", name, content)
            except (LookupError, OSError):
                self._say(self._words.not_saved)
            else:
                self._say(self._words.saved.replace("{path}", str(path)))

    async def _log(self, after_seq: int) -> list[TranscriptItem]:
        return await self._services.database.read(lambda uow: uow.outbox.transcript(self._conversation_id, after_seq))

    async def _last_seq(self) -> int:
        record = await self._services.database.read(lambda uow: uow.conversations.load(self._conversation_id))
        return 0 if record is None else record.seq

    def _say(self, sentence: str) -> None:
        self.console.print(terminal_text(sentence), style="italic", markup=False, highlight=False)


def _write(folder: str, name: str, content: bytes) -> Path:
    """Write without ever replacing a file that is there."""
    inside = Path(folder).expanduser()
    stem, dot, ending = Path(name).name.rpartition(".")
    for number in range(1, 1000):
        path = inside / (Path(name).name if number == 1 else f"{stem or ending}-{number}{dot}{ending if stem else ''}")
        try:
            with path.open("xb") as file:
                file.write(content)
        except FileExistsError:
            continue
        return path.resolve()
    raise FileExistsError(name)
