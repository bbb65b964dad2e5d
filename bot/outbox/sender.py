"""Send what was committed: claim under a lease, pace, send, mark under a fence; one loop per channel account."""

from __future__ import annotations

import asyncio
import contextlib
import math
from typing import TYPE_CHECKING

import structlog

from bot.channels.base import Channel, Notice, Say, Sent, Verdict
from bot.channels.wire import address_from_json, notice_from_json, say_from_json
from bot.kernel.failpoint import failpoint
from bot.outbox.account import Account, Health
from bot.outbox.ledger import Ledger
from bot.outbox.rules import HELD, Rules
from bot.outbox.window import Standing, choose

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping

    from bot.kernel.clock import Clock
    from bot.kernel.ids import Ids
    from bot.outbox.doorstep import Doorstep
    from storage.db import Database
    from storage.repos.outbox import Outbound

log = structlog.get_logger(__name__)

_MARK_TRIES = 5
_PARALLEL = 32
_SLOW_ANSWER_S = 0.5


class Sender:
    """Sends for every channel that pushes (``caps.pull`` channels are read by their clients).

    Order per person and replies before notices are the claim's; the pace of an account is shared by all it sends. A
    slow person holds up nobody else: several messages of an account are under way at once.
    """

    def __init__(  # noqa: PLR0913 - settings, all by keyword
        self,
        database: Database,
        channels: Mapping[str, Channel],
        clock: Clock,
        ids: Ids,
        *,
        rules: Rules | None = None,
        doorstep: Doorstep | None = None,
        parallel: int | None = None,
        look_s: float = 1.0,
        time: Callable[[], float] | None = None,
    ) -> None:
        """Take what sending needs.

        Args:
            database: where the outbox is.
            channels: by name; those with ``caps.pull`` are passed over.
            clock: for the moments that are written.
            ids: for jitter and this sender's name.
            rules: how patient to be.
            doorstep: where messages wait that came to a closed window; unless told, nobody is knocked for.
            parallel: messages of one account that may be under way at once; unless told 32, or half a second's worth.
            look_s: how often to look for due messages when nobody wakes us, in seconds.
            time: a clock in seconds that never goes back, for pacing; the event loop's unless told.

        Raises:
            ValueError: a channel that pushes does not say which account is ours.
        """
        self._rules = rules or Rules()
        self._clock = clock
        self._ledger = Ledger(database, clock, ids, self._rules, doorstep)
        self._channels = {name: channel for name, channel in channels.items() if not channel.caps.pull}
        for channel in self._channels.values():
            account_of(channel)
        self._parallel = parallel
        self._look_s = look_s
        self._time = time
        self._accounts: list[Account] | None = None
        self._recovered = False

    async def run(self, stop: asyncio.Event) -> None:
        """Send until ``stop``; then let what is under way come to its mark, for at most a lease."""
        accounts = self._open()
        await self._begin(stop)
        await asyncio.gather(self._tend(stop), *(self._serve(account, stop) for account in accounts))
        running = [task for account in accounts for task in account.running]
        if running:
            _, late = await asyncio.wait(running, timeout=self._rules.lease_s)
            for task in late:
                # Its row stays claimed; the lease ends and the next sender decides.
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        self._ledger.close()

    def wake(self) -> None:
        """Look for due messages now: a turn has committed some."""
        for account in self._accounts or ():
            account.changed.set()

    async def drain_once(self) -> int:
        """Send one round of what is due and wait for its marks; return how many attempts were made.

        Accounts that are held by their provider are passed over; the pace is kept.
        """
        accounts = self._open()
        await self._at_start()
        tried = 0
        for account in accounts:
            if account.is_held or not await self._has_due(account):
                continue
            await asyncio.sleep(account.ready_in())
            started = await self._start_round(account)
            tried += len(started)
            await asyncio.gather(*started)
        return tried

    def health(self) -> list[Health]:
        """Return how every account does, for ``/health`` and staff."""
        return [account.health for account in self._open()]

    def _open(self) -> list[Account]:
        if self._accounts is None:
            time = self._time or asyncio.get_running_loop().time
            self._accounts = [
                Account(channel, account_of(channel), self._rules, time=time) for channel in self._channels.values()
            ]
        return self._accounts

    async def _at_start(self) -> None:
        if not self._recovered:
            while found := await self._ledger.recover():
                log.warning("outbox_recovered", messages=found)
            self._recovered = True

    async def _begin(self, stop: asyncio.Event) -> None:
        """Take up what a crash left before anything else is sent, however long the database keeps us waiting."""
        while not stop.is_set():
            try:
                await self._at_start()
            except Exception:
                log.exception("outbox_start_failed")
                await _first_of(stop.wait(), timeout_s=self._look_s)
            else:
                return

    async def _serve(self, account: Account, stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                await self._look(account, stop)
            except Exception:
                # A database that is away for a minute must not end the sending for good.
                log.exception("outbox_look_failed", channel=account.channel.name)
                await _first_of(stop.wait(), timeout_s=self._look_s)

    async def _look(self, account: Account, stop: asyncio.Event) -> None:
        account.changed.clear()
        wait_s = account.ready_in()
        if wait_s > 0:
            await _first_of(stop.wait(), timeout_s=wait_s)
            return
        has_room = account.room(self._most_under_way(account)) > 0
        if has_room and await self._has_due(account) and await self._start_round(account):
            return
        await _first_of(stop.wait(), account.changed.wait(), timeout_s=self._look_s)

    def _most_under_way(self, account: Account) -> int:
        if self._parallel is not None:
            return self._parallel
        # A fast account needs as many at once as leave during a slow answer of its provider.
        return max(_PARALLEL, math.ceil(account.channel.caps.rate_per_s * _SLOW_ANSWER_S))

    async def _has_due(self, account: Account) -> bool:
        return await self._ledger.has_due(account.channel.name, account.name)

    async def _start_round(self, account: Account) -> list[asyncio.Task[None]]:
        failpoint("before_claim")
        time = asyncio.get_running_loop().time
        began = time()
        room = account.room(self._most_under_way(account))
        rows, standing = await self._ledger.claim(
            account.channel.name, account.name, max(1, room), has_window=account.channel.caps.window_s is not None
        )
        account.claimed(time() - began)
        started = []
        for row in rows:
            task = asyncio.create_task(self._deliver(account, row, standing))
            account.running.add(task)
            task.add_done_callback(account.running.discard)
            task.add_done_callback(lambda _: account.changed.set())
            started.append(task)
        return started

    async def _deliver(self, account: Account, row: Outbound, standing: Standing | None) -> None:
        failpoint("after_claim_before_send")
        what = self._what(account, row, standing)
        if isinstance(what, Sent):
            # Nobody was called, so nothing was learnt of the provider.
            await self._mark(row, what)
            return
        if (early_s := account.charge(what)) > 0:
            await asyncio.sleep(early_s)
        if (held_s := account.held_s()) > 0:
            # The one before it brought the pause: it goes back to the outbox, and counts as no try.
            await self._mark(row, Sent(Verdict.RETRY, retry_after_s=held_s, code=HELD))
            return
        sent = await self._attempt(account, row, what)
        failpoint("after_send_before_mark")
        account.note(sent)
        await self._mark(row, sent)
        failpoint("after_mark")

    def _what(self, account: Account, row: Outbound, standing: Standing | None) -> Say | Notice | Sent:
        """Return what the row leaves as, or why it does not."""
        try:
            say = say_from_json(row.payload)
            window_s = account.channel.caps.window_s
            if standing is None or window_s is None:
                return say
            now = self._clock.now()
            notice = notice_from_json(row.payload, row.not_after or now) if row.kind == "notice" else None
            return choose(row, say, notice, standing, window_s=window_s, now=now)
        except (KeyError, TypeError, ValueError) as error:
            return Sent(Verdict.BUG, code=f"payload:{type(error).__name__}")

    async def _attempt(self, account: Account, row: Outbound, what: Say | Notice) -> Sent:
        try:
            to = address_from_json(row.address)
        except (KeyError, TypeError, ValueError) as error:
            return Sent(Verdict.BUG, code=f"payload:{type(error).__name__}")
        try:
            # The answer must be known before the lease is over, or another sender would begin.
            async with asyncio.timeout(self._rules.lease_s * 0.8):
                return await account.channel.send(to, what, row.key)
        except TimeoutError:
            return Sent(Verdict.UNKNOWN, code="deadline")
        except Exception as error:
            log.exception("channel_raised", channel=row.channel, outbox=row.id)
            return Sent(Verdict.UNKNOWN, code=f"raised:{type(error).__name__}")

    async def _mark(self, row: Outbound, sent: Sent) -> None:
        for attempt in range(1, _MARK_TRIES + 1):
            try:
                outcome = await self._ledger.settle(row, sent)
                break
            except Exception:
                # What was sent must be noted: while the database is away we hold on as long as the lease does.
                if attempt == _MARK_TRIES:
                    log.exception("outbox_mark_failed", outbox=row.id, verdict=sent.verdict.value)
                    return
                await asyncio.sleep(self._rules.lease_s * 0.1 * attempt / _MARK_TRIES)
        if not outcome.written:
            log.warning("outbox_fence_moved", outbox=row.id, verdict=sent.verdict.value)
        elif outcome.decision.state in {"dead", "failed", "unknown"}:
            log.error("outbox_not_delivered", outbox=row.id, state=outcome.decision.state, error_code=sent.code)
        elif outcome.decision.waits:
            log.info("outbox_waits_for_person", outbox=row.id, error_code=sent.code)
        elif sent.verdict is Verdict.UNKNOWN:
            log.warning("outbox_will_repeat", outbox=row.id, error_code=sent.code)

    async def _tend(self, stop: asyncio.Event) -> None:
        """Look after what no loop sees: senders that died elsewhere, and notices whose time is over."""
        while not stop.is_set():
            await _first_of(stop.wait(), timeout_s=self._rules.lease_s / 3)
            if stop.is_set():
                return
            try:
                if await self._ledger.recover():
                    self.wake()
                await self._ledger.lapse()
            except Exception:
                log.exception("outbox_tending_failed")


def account_of(channel: Channel) -> str:
    """Return our own side of a channel that pushes: its attribute ``account``, as in every ``Address`` it makes.

    Raises:
        ValueError: it has none, so nobody could find its messages in the outbox.
    """
    account: str = getattr(channel, "account", "")
    if not account:
        message = (
            f"the channel {channel.name} pushes, so it needs an attribute `account`: our own side of its addresses"
        )
        raise ValueError(message)
    return account


async def _first_of(*waits: Coroutine[None, None, object], timeout_s: float) -> None:
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    with contextlib.suppress(TimeoutError):
        await asyncio.wait(tasks, timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
