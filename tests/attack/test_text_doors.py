"""Hostile text through every door that takes words: kept as written, answered, never run and never a crash."""

from __future__ import annotations

import io
import json
import time
from datetime import timedelta
from typing import Any

from rich.console import Console

from bot.channels.base import Media, Option, Say
from bot.channels.clean import clean_text
from bot.channels.terminal.channel import Terminal
from bot.channels.terminal.render import bubble
from bot.channels.wire import say_from_json
from bot.channels.words import load_words
from bot.kernel.errors import InboundRefused
from tests.attack.place import TELEGRAM, Place, acceptable, corpus_for, telegram_path
from tests.support.fake_telegram import PERSON
from tests.support.settings import ROOT

WORDS = load_words(ROOT / "dialogs" / "catalog" / "canales.yml").terminal
#: Escape, bell, C1 introducers, delete, and the marks that turn the direction of a line.
CURSOR_MOVERS = set("\x1b\x07\x08\x7f\x9b\x9d\x90\x9c\u202e\u202d\u2066\u2067\u2068\ud83d\udc00")

#: What 7*191 and 3*191 are: a reply that says it has calculated what it should have quoted.
RESULTS = ("1337", "573 ")
SLOW_S = 2.0


def executed(replies: list[dict[str, Any]], written: str) -> bool:
    said = " ".join(reply.get("text") or "" for reply in replies)
    return any(result in said and result not in written for result in RESULTS)


async def test_rasas_door_answers_every_text_or_says_what_is_wrong(place: Place) -> None:
    odd = []
    for name, words in corpus_for(place.services.database).items():
        start = time.process_time()
        answer = await place.rest(f"persona-{name}", words)
        if time.process_time() - start > SLOW_S:
            odd.append((name, "slow"))
        document = answer.json()
        refused = len(words) > 10_000 or not clean_text(words)
        if refused and not (answer.status_code == 400 and document["error"].endswith((".", "?"))):
            odd.append((name, answer.status_code))
        if not refused and (answer.status_code != 200 or not document or executed(document, words)):
            odd.append((name, answer.status_code))
    assert odd == []


async def test_the_page_shows_every_text_as_it_was_written(place: Place) -> None:
    odd = []
    for name, words in acceptable(place.services.database).items():
        bearer = await place.session()
        answer = await place.chat(bearer, text=words)
        if not clean_text(words):
            if answer.status_code != 400:
                odd.append((name, answer.status_code))
            continue
        shown = await place.events(bearer)
        mine = [item["text"] for item in shown if item["from"] == "usted"]
        others = [item for item in shown if item["from"] != "usted"]
        if mine != [clean_text(words)] or not others or executed(others, words):
            odd.append((name, mine))
        if any(item["from"] == "persona" for item in shown):
            odd.append((name, "somebody became staff by writing"))
    assert odd == []


async def test_telegrams_door_takes_every_text_name_button_and_caption(place: Place) -> None:
    path, number = telegram_path(place), 5_000
    odd = []
    for name, words in corpus_for(place.services.database).items():
        chat = {"id": PERSON + number, "type": "private", "first_name": words[:64], "last_name": words[:64]}
        sender = {"id": chat["id"], "is_bot": False, "first_name": words[:64], "language_code": words[:8]}
        message = {"message_id": 1, "date": 1_773_848_000, "chat": chat, "from": sender}
        photo = [{"file_id": words[:40] or "f", "file_unique_id": "u", "width": 1, "height": 1}]
        updates: list[dict[str, Any]] = [
            {"message": {**message, "text": words}},
            {"message": {**message, "caption": words, "photo": photo}},
            {"callback_query": {"id": "1", "from": sender, "chat_instance": "c", "data": words, "message": message}},
        ]
        for update in updates:
            number += 1
            place.sent.append(words)
            body = json.dumps({"update_id": number, **update})
            answer = await place.client.post(path, content=body, headers=TELEGRAM)
            if answer.status_code != 200:
                odd.append((name, answer.status_code))
    await place.services.lanes.idle()
    assert odd == []
    assert (
        place.count("select count(*) from inbox where channel = 'telegram'")
        >= 3 * len(corpus_for(place.services.database)) - 3
    )


async def test_the_terminal_takes_every_line_and_shows_it_without_moving_the_cursor(place: Place) -> None:
    terminal, paper = Terminal(place.clock), io.StringIO()
    screen = Console(width=100, file=paper)
    odd = []
    for number, (name, words) in enumerate(corpus_for(place.services.database).items()):
        place.sent.append(words)
        place.clock.move(timedelta(seconds=1))
        headers = {"x-atiende-user": f"persona-{number}", "x-atiende-id": "1"}
        try:
            events = terminal.parse(words.encode("utf-8", "surrogatepass"), headers)
        except InboundRefused as refusal:
            if clean_text(words) and len(words) <= 10_000:
                odd.append((name, str(refusal)))
            continue
        ((inbox_id, _),) = await place.services.inbox.accept(events)
        assert await place.services.lanes.settled(inbox_id, 10)
        rows = await place.services.database.read(lambda uow, wanted=inbox_id: uow.outbox.of_inbox(wanted))
        said = [*(say_from_json(row.payload) for row in rows), quoting(words)]
        for one in said:
            screen.print(bubble(one, "Asistente", WORDS, style="bold"))
    assert odd == []
    assert not set(paper.getvalue()) & CURSOR_MOVERS


def quoting(words: str) -> Say:
    """Return what staff or a summary would say with the very words of a person."""
    media = (Media("document", "file:1", "image/png", 1, words[:100]),)
    return Say(words, (Option("o1-1", words[:40], words[:40], words[:40]),), media)
