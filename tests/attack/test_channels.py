"""The attack corpus through every channel, in and out: each item is shown as text or refused with a stated reason."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from rich.console import Console

from bot.channels.base import Media, Option, Say, Verdict
from bot.channels.clean import clean_text, terminal_text
from bot.channels.registry import CHANNELS
from bot.channels.terminal.render import bubble
from bot.channels.words import load_words
from tests.attack.corpus import texts
from tests.attack.corpus.files import hostile_files
from tests.attack.doors import DOORS, LONGEST, ChatDoor, Door, Sent
from tests.attack.place import Place, corpus_for
from tests.channels.contract import ChannelCase
from tests.support.databases import Databases
from tests.support.settings import ROOT

WORDS = load_words(ROOT / "dialogs" / "catalog" / "canales.yml").terminal
#: Escape, bell, C1 introducers, delete, and the marks that turn the direction of a line.
CURSOR_MOVERS = set("\x1b\x07\x08\x7f\x9b\x9d\x90\x9c\u202e\u202d\u2066\u2067\u2068\ud83d\udc00")
#: What 7*191 and 3*191 are: a reply that says it has calculated what it should have quoted.
RESULTS = ("1337", "573 ")
SLOW_S = 2.0
#: Channels by which nothing comes in.
ONLY_OUT = {"sms", "correo"}

through_every_door = pytest.mark.parametrize("channel", sorted(DOORS))


def test_every_channel_of_the_house_has_its_door_here() -> None:
    assert set(CHANNELS) == set(DOORS) | ONLY_OUT


def executed(said: Any, written: str) -> bool:
    """Tell whether a reply holds the result of what the person wrote."""
    spoken = " ".join(reply.get("text") or "" for reply in said)
    return any(result in spoken and result not in written for result in RESULTS)


def wrong(words: str, sent: Sent, *, limits: bool) -> str:
    """Return what is wrong with what became of a hostile text; empty when it ended as it must."""
    refused = limits and (len(words) > LONGEST or not clean_text(words))
    if refused:
        return "" if 400 <= sent.status < 500 and len(sent.why) > 5 else f"{sent.status} instead of a reason"
    if sent.status != 200:
        return f"{sent.status} {sent.why}"
    if not sent.said:
        return "nobody answered"
    return "executed" if executed(sent.said, words) else ""


@through_every_door
async def test_every_hostile_text_is_kept_as_written_and_answered_or_refused_with_a_reason(
    place: Place, channel: str
) -> None:
    door, odd = DOORS[channel](place), []
    for number, (name, words) in enumerate(corpus_for(place.services.database).items(), start=1):
        who = await door.open(number)
        start = time.process_time()
        sent = await door.outcome(await door.say(who, words))
        if time.process_time() - start > SLOW_S:
            odd.append((name, "slow"))
        worn = [await door.outcome(each) for each in await door.wear(who, words, number)]
        again = await door.say(who, words)
        odd += [(name, problem) for each in (sent, *worn) if (problem := wrong(words, each, limits=door.limits))]
        kept = [await place.services.database.read(lambda uow, wanted=one: uow.inbox.get(wanted)) for one in sent.inbox]
        odd += [(name, "changed") for row in kept if row is None or row.payload["text"] != door.heard(words)]
        if again.inbox and again.inbox != sent.inbox:
            odd.append((name, "taken twice"))
        if isinstance(door, ChatDoor) and sent.inbox:
            shown = await place.events(who)
            mine = [item["text"] for item in shown if item["from"] == "usted"]
            if mine != [clean_text(words)] or any(item["from"] == "persona" for item in shown):
                odd.append((name, f"shown as {mine!r:.80}"))
    assert odd == []
    assert place.count("select count(*) from outbox where kind = 'staff'") == 0


@pytest.fixture
def sqlite_alone(databases: Databases) -> Iterator[str]:
    """Yield one kind of database: what is in a file never reaches any."""
    with databases.url("sqlite") as url:
        yield url


class TestFiles:
    """Files, on one kind of database."""

    @pytest.fixture
    def database_url(self, sqlite_alone: str) -> str:
        return sqlite_alone

    @pytest.mark.parametrize("channel", sorted(set(DOORS) - {"rest"}))
    async def test_every_hostile_file_is_kept_without_its_sting_or_refused_with_a_reason(
        self, place: Place, channel: str
    ) -> None:
        door, odd = DOORS[channel](place), []
        for number, (name, file) in enumerate(hostile_files().items(), start=1):
            who = await door.open(number)
            taken = await door.file(who, file.name, file.mime, file.content)
            assert taken is not None
            sent = await door.outcome(taken)
            odd += [(name, problem) for problem in await self._wrong(place, door, sent, file.status, file.gone)]
        assert odd == []

    async def _wrong(self, place: Place, door: Door, sent: Sent, status: int, gone: tuple[bytes, ...]) -> list[str]:
        if sent.status != 200:
            return [] if sent.status == status and sent.why.endswith(".") else [f"{sent.status} {sent.why}"]
        row = await place.services.database.read(lambda uow: uow.inbox.get(sent.inbox[0]))
        assert row is not None
        kept = await place.services.database.read(lambda uow: uow.files.of_conversation(row.conversation_id))
        answers = {payload["response"] for payload in sent.said}
        if status != 201:
            says_why = bool(answers & {"patrones.archivo_malo", "patrones.archivo_grande"})
            return [] if says_why and not kept else [f"{answers} and {len(kept)} files"]
        if len(kept) != 1 or not answers:
            return [f"{len(kept)} files, {answers}"]
        content, _, _ = await place.services.documents.for_channel(f"file:{kept[0].id}")
        return [f"kept {mark!r}" for mark in gone if mark in content]


@pytest.mark.parametrize("channel", sorted(CHANNELS))
async def test_every_hostile_text_that_we_quote_goes_out_as_text(channel: str) -> None:
    """What a person wrote comes back in a summary, on a button or as the name of a file: it must harm no reader."""
    case: ChannelCase = import_module(f"tests.channels.case_{channel}").Case()
    odd = []
    async with case:
        for number, (name, raw) in enumerate(texts().items()):
            words = clean_text(raw)[:700]
            if channel == "terminal":
                words = terminal_text(words)
            if not words:
                continue
            sent, bubbles = await case.show(Say(f"Usted escribió: {words}", quoted(words)), f"k{number}")
            shown = "".join(part.text for part in bubbles)
            if sent.verdict is not Verdict.OK or squeezed(words) not in squeezed(shown):
                odd.append((name, sent.verdict, sent.code, shown[:80]))
    assert odd == []


def quoted(words: str) -> tuple[Option, ...]:
    """Return options that carry the words."""
    return (Option("o1-1", words[:20].strip() or "a", words[:70].strip()), Option("o1-2", "Ninguna"))


def squeezed(words: str) -> str:
    """Return the words without spaces: every channel breaks lines where it likes."""
    return "".join(words.split())


def test_a_terminal_shows_every_text_without_moving_the_cursor() -> None:
    paper = io.StringIO()
    screen = Console(width=100, file=paper)
    for words in texts().values():
        media = (Media("document", "file:1", "image/png", 1, words[:100]),)
        said = Say(words, (Option("o1-1", words[:40], words[:40], words[:40]),), media)
        screen.print(bubble(said, "Asistente", WORDS, style="bold"))
    assert not set(paper.getvalue()) & CURSOR_MOVERS
