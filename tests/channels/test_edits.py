"""A message that is changed in the app corrects the answer that it gave, whatever the provider calls it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from bot.kernel.clock import FrozenClock
from storage.db import Database
from tests.channels.case_whatsapp import signed
from tests.channels.contract import ChannelCase, Payload
from tests.support.databases import Databases
from tests.support.fake_whatsapp import message, value, webhook
from tests.turn.house import open_house

#: Each change is a message of its own.
NUMBERS = itertools.count(77)


@pytest.fixture
def database_url(databases: Databases) -> Iterator[str]:
    """Yield one kind of database: the providers differ, not the edits."""
    with databases.url("sqlite") as url:
        yield url


def changed_at_telegram(case: Any, sent: Payload, words: str) -> Payload:
    original = case.channel.parse(sent.body, sent.headers)[0].message
    return case._payload(case.fake.update("edited_message", message_id=int(original), text=words))


def changed_at_whatsapp(case: Any, sent: Payload, words: str) -> Payload:
    inside = {"type": "text", "text": {"body": words}}
    edit = {"original_message_id": case.channel.parse(sent.body, sent.headers)[0].key, "message": inside}
    return signed(webhook(value(message("edit", edit, number=next(NUMBERS)))))


@pytest.mark.parametrize(("channel", "change"), [("telegram", changed_at_telegram), ("whatsapp", changed_at_whatsapp)])
async def test_an_edit_in_the_app_corrects_the_answer(
    channel: str, change: Any, database: Database, clock: FrozenClock, tmp_path: Path
) -> None:
    case: ChannelCase = import_module(f"tests.channels.case_{channel}").Case()
    async with case, open_house(database, clock, tmp_path) as services:

        async def said(payload: Payload) -> list[Any]:
            events: Any = case.channel.parse(payload.body, payload.headers)
            ((inbox_id, _),) = await services.inbox.accept(events)
            assert await services.lanes.settled(inbox_id, 10)
            rows = await services.database.read(lambda uow: uow.outbox.of_inbox(inbox_id))
            return [row.payload for row in rows]

        await said(case.text("/radicar_queja", number=1))
        story = case.text("el medidor suena mucho", number=2)
        await said(story)
        replies = await said(change(case, story, "el medidor suena mucho desde el lunes"))
        again = await said(change(case, story, "el medidor suena mucho desde el lunes"))

    assert "desde el lunes" in replies[0]["text"]
    assert again == []
