"""What the log of attempts keeps, and how a dead sender is told from a live one."""

from __future__ import annotations

import os
import socket
import subprocess
import sys

from sqlalchemy import select

from bot.channels.base import Sent, Verdict
from bot.kernel.clock import FrozenClock
from bot.kernel.ids import SequenceIds
from bot.outbox.ledger import Ledger, redacted
from bot.outbox.rules import Rules
from bot.outbox.worker import forget_worker, is_surely_dead, worker_name
from storage.db import Database
from storage.rows.base import table
from storage.rows.messages import OutboxAttemptRow
from tests.outbox.fakes import outbound, put


def dead_process() -> int:
    done = subprocess.Popen([sys.executable, "-c", ""])
    done.wait()
    return done.pid


def test_an_exchange_is_kept_without_tokens_and_numbers_of_people() -> None:
    kept = redacted("POST /bot123456789:AAFakeToken_0123456789-abcdef/sendMessage 573001112233 persona@example.org")

    assert "AAFake" not in kept
    assert "573001112233" not in kept
    assert "persona@example.org" not in kept


async def test_the_log_of_attempts_is_sealed(database: Database, clock: FrozenClock) -> None:
    put(database, outbound(1))
    ledger = Ledger(database, clock, SequenceIds(), Rules())
    (row,), _ = await ledger.claim("papel", "uno", 5, has_window=False)
    await ledger.settle(row, Sent(Verdict.OK, exchange="sendMessage -> 200"))

    columns = table(OutboxAttemptRow).c
    sealed = database.read_now(lambda uow: uow.conn.execute(select(columns.exchange)).scalar_one())

    assert b"sendMessage" not in bytes(sealed)


def test_a_sender_of_this_process_lives_until_it_says_that_it_ended() -> None:
    name = worker_name("n1")
    assert not is_surely_dead(name)

    forget_worker(name)
    assert is_surely_dead(name)


def test_a_sender_of_this_machine_is_dead_when_its_process_is_gone() -> None:
    assert is_surely_dead(f"{socket.gethostname()}:{dead_process()}:n1")
    assert not is_surely_dead(f"{socket.gethostname()}:{os.getppid()}:n1")


def test_of_a_sender_elsewhere_only_the_lease_can_tell() -> None:
    assert not is_surely_dead("another-machine:1:n1")
    assert not is_surely_dead(None)
    assert not is_surely_dead("an old name")


async def test_the_message_of_a_killed_process_does_not_wait_for_its_lease(
    database: Database, clock: FrozenClock
) -> None:
    put(database, outbound(1))
    dead = f"{socket.gethostname()}:{dead_process()}:n1"
    database.write_now(
        lambda uow: uow.outbox.claim(channel="papel", account="uno", now=clock.now(), lease_s=30, limit=5, worker=dead)
    )

    assert await Ledger(database, clock, SequenceIds(), Rules()).recover() == 1
