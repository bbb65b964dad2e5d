"""What staff see of messages that did not arrive, and what they can do."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.channels.base import Sent, Verdict
from bot.kernel.clock import FrozenClock
from bot.kernel.ids import SequenceIds
from bot.outbox import desk
from bot.outbox.sender import Sender
from storage.db import Database
from tests.outbox.fakes import FakeChannel, later, outbound, put, row


async def send(database: Database, clock: FrozenClock, *script: Sent) -> FakeChannel:
    channel = FakeChannel(*script)
    sender = Sender(database, {"papel": channel}, clock, SequenceIds(), parallel=1)
    while await sender.drain_once():
        pass
    return channel


async def test_the_list_shows_what_did_not_arrive_the_oldest_first(database: Database, clock: FrozenClock) -> None:
    put(database, *(outbound(number, user=f"persona-{number}") for number in range(1, 5)))
    blocked, bug = Sent(Verdict.DEAD_ADDRESS, code="403"), Sent(Verdict.BUG, code="400", exchange="sendMessage -> 400")
    await send(database, clock, blocked, bug, Sent(Verdict.UNKNOWN, code="ReadTimeout"))

    found = database.read_now(lambda uow: desk.find(uow, desk.UNDELIVERED, 10))
    waiting = database.read_now(lambda uow: desk.find(uow, ["queued"], 10))

    assert [(one.row.id, one.row.state, one.row.code) for one in found] == [(1, "failed", "403"), (2, "dead", "400")]
    assert [(one.row.id, one.doubts) for one in waiting] == [(3, 1)]
    (attempt,) = database.read_now(lambda uow: desk.attempts(uow, 2))
    assert (attempt.verdict, attempt.code, attempt.exchange) == ("bug", "400", "sendMessage -> 400")


async def test_a_message_that_is_sent_again_says_the_same_and_starts_from_a_clean_slate(
    database: Database, clock: FrozenClock
) -> None:
    put(database, outbound(1, text="Su radicado es 20260000001"))
    await send(database, clock, Sent(Verdict.DEAD_ADDRESS, code="403"))

    assert database.write_now(lambda uow: desk.retry(uow, 1, now=clock.now())) == ""
    assert (row(database, 1).state, row(database, 1).attempts) == ("queued", 0)
    channel = await send(database, clock)

    assert channel.texts() == ["Su radicado es 20260000001"]
    assert row(database, 1).state == "sent"


async def test_what_arrived_or_does_not_exist_cannot_be_sent_again(database: Database, clock: FrozenClock) -> None:
    put(database, outbound(1), outbound(2, kind="notice", not_after=later(60)))
    await send(database, clock, Sent(Verdict.OK), Sent(Verdict.BUG))
    clock.move(timedelta(seconds=120))

    def retry(number: int) -> str:
        return database.write_now(lambda uow: desk.retry(uow, number, now=clock.now()))

    assert [retry(number) for number in (1, 2, 99)] == ["it is sent", "its time is over", "there is no such message"]


async def test_a_dropped_message_does_not_leave_and_stays_in_the_record(database: Database, clock: FrozenClock) -> None:
    put(database, outbound(1), outbound(2))

    assert database.write_now(lambda uow: desk.drop(uow, 1, now=clock.now())) == ""
    channel = await send(database, clock)

    assert channel.texts() == ["mensaje 2"]
    assert (row(database, 1).state, row(database, 1).code) == ("dead", "dropped")


async def test_what_a_sender_has_just_taken_is_left_to_it(database: Database, clock: FrozenClock) -> None:
    put(database, outbound(1))
    database.write_now(
        lambda uow: uow.outbox.claim(channel="papel", account="uno", now=clock.now(), lease_s=30, limit=5, worker="w")
    )

    assert database.write_now(lambda uow: desk.drop(uow, 1, now=clock.now())) == "it is sending"


@pytest.mark.parametrize(
    ("words", "status", "text"),
    [
        (["list"], 0, "dead: 1"),
        (["list", "--state", "nada"], 2, "There is no state nada"),
        (["show", "1"], 0, "bug"),
        (["show", "99"], 1, "There is no message 99"),
        (["retry", "1"], 0, "1: puesto en cola"),
        (["drop", "1", "99"], 1, "99: there is no such message"),
    ],
)
async def test_the_command_shows_and_decides(
    database: Database,
    clock: FrozenClock,
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
    status: int,
    text: str,
) -> None:
    import asyncio

    import typer
    from typer.testing import CliRunner

    from bot.cli import opened, outbox

    put(database, outbound(1))
    await send(database, clock, Sent(Verdict.BUG, code="400", exchange="sendMessage -> 400 Bad Request"))

    class OpenedForTest(opened.Opened):
        def __init__(self) -> None:
            self.database, self.clock = database, clock

        def __exit__(self, *_: object) -> None:
            return None

    monkeypatch.setattr(opened, "Opened", OpenedForTest)
    app = typer.Typer()
    outbox.register(app)
    result = await asyncio.to_thread(CliRunner().invoke, app, ["outbox", *words])

    assert result.exit_code == status, result.output
    assert text in result.output
