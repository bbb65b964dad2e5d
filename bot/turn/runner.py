"""One turn: read, understand, advance with actions, and commit; again if the conversation moved meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import structlog

from bot.channels.wire import address_from_json, inbound_from_json
from bot.kernel.errors import AtiendeError
from bot.kernel.failpoint import failpoint
from bot.nlu.emergencies import detect
from bot.turn import bursts
from bot.turn.commit import AlreadyAnswered
from bot.turn.menus import Menus
from bot.turn.plan import Talk, Trigger, TurnOutcome, TurnPlan
from dialogs.engine.commands import StartFlow, Timeout
from dialogs.engine.conversation import Conversation
from dialogs.engine.effects import HandoffAsked, Happened, Reply
from dialogs.engine.patterns import idle
from storage.errors import CommitUnknown, DatabaseUnavailable, StorageClosed, VersionConflict

if TYPE_CHECKING:
    from datetime import datetime

    from bot.channels.base import Inbound
    from bot.kernel.clock import Clock
    from bot.turn.commit import Committer
    from bot.turn.thinker import Thinker
    from dialogs.engine.effects import Effect
    from storage.db import Database
    from storage.repos.inbox import InboxItem
    from storage.uow import UnitOfWork

log = structlog.get_logger(__name__)

_ACTIONS_A_TURN = 24
_REPEATS = 8
_TRIES_BEFORE_APOLOGY = 5
_TRIES_BEFORE_BURIAL = 8
APOLOGY = "general.error_interno"
EMERGENCY_TEXT = "emergencia.texto"
FILE_NOT_OPENED = "patrones.archivo_malo"


class TurnNeverCommitted(AtiendeError):
    """Other turns of the conversation were always faster; the message stays pending and is tried again."""


_NOT_ITS_FAULT = (DatabaseUnavailable, CommitUnknown, StorageClosed, TurnNeverCommitted)


class Runner:
    """Works the pending messages of a conversation, oldest first."""

    def __init__(  # the one place where the rooms of a turn meet
        self,
        *,
        database: Database,
        thinker: Thinker,
        committer: Committer,
        clock: Clock,
        on_commit: Callable[[TurnOutcome], None],
    ) -> None:
        """Take the rooms of a turn; ``on_commit`` is called after each commit, to wake senders and open pages."""
        self._database = database
        self.thinker = thinker
        self._committer = committer
        self._clock = clock
        self._on_commit = on_commit
        self.outcomes: list[TurnOutcome] | None = None

    async def work(self, conversation_id: str) -> list[int]:
        """Work everything pending of the conversation and return the settled inbox ids."""
        settled: list[int] = []
        while True:
            try:
                talk, items = await self._database.read(
                    lambda uow: (uow.conversations.load(conversation_id), uow.inbox.pending(conversation_id))
                )
            except _NOT_ITS_FAULT:
                raise
            except Exception:
                log.exception("conversation_not_readable", conversation=conversation_id)
                await self._count_death(conversation_id, None)
                return settled
            if not items:
                return settled
            left = list(items)
            while left:
                # The first of a batch can use what was just read; for the others the turn before has moved it.
                is_first = len(left) == len(items)
                if not is_first and len(left) > 1:
                    talk = await self._database.read(lambda uow: uow.conversations.load(conversation_id))
                breath = self._breath(left, talk)
                try:
                    await self._work_breath(breath, talk if is_first else None, is_read=is_first)
                except _NOT_ITS_FAULT:
                    raise
                except Exception:
                    log.exception("message_not_worked", conversation=conversation_id, inbox=breath[0].id)
                    await self._count_death(conversation_id, breath[0].id)
                    return settled
                settled += [item.id for item in breath]
                del left[: len(breath)]

    def _breath(self, items: Sequence[InboxItem], record: Any) -> Sequence[InboxItem]:
        """Return the items, from the first, that are one message; what broke a turn before is worked alone."""
        if len(items) == 1 or any(item.attempts for item in items):
            return items[:1]
        menus = Talk.from_record(record).menus if record else Menus()
        events = [_event(item) for item in items]
        return items[: bursts.breath(events, self.thinker.dialogs.domain.words, lambda text: bool(menus.said(text)))]

    async def _count_death(self, conversation_id: str, inbox_id: int | None) -> None:
        """Count one more try that broke; after a few, set the message aside for people, so that the next is heard."""
        now = self._clock.now()

        def write(uow: UnitOfWork) -> None:
            first = inbox_id if inbox_id is not None else uow.inbox.first_waiting(conversation_id)
            if first is not None and uow.inbox.bump(first) >= _TRIES_BEFORE_BURIAL:
                uow.inbox.bury(first, "not_workable", now)
                uow.handoffs.open(conversation_id, "internal_error", None, now)

        await self._database.write(write)

    async def time_out(self, trigger: Trigger, command: Timeout) -> None:
        """Run the turn of a timer that fired; nothing happens when the talk has moved on."""
        for _ in range(_REPEATS):
            record = await self._database.read(lambda uow: uow.conversations.load(trigger.conversation_id))
            if record is None:
                return
            before = Talk.from_record(record)
            silence = TurnPlan(trigger, before, before.engine, [command], is_silent=True, outcome="timer")
            plan = silence
            if before.mode != "with_person":
                try:
                    conversation, effects = await self.thinker.advance(before.engine, [command], "", trigger)
                    plan = TurnPlan(trigger, before, conversation, [command], effects, outcome="timer")
                except Exception:
                    log.exception("timer_failed", conversation=trigger.conversation_id)
            if await self._commit_or(plan, partial(replace, silence)):
                return

    async def begin(self, trigger: Trigger, command: StartFlow, *, quiet_since: datetime) -> bool:
        """Run the turn of an errand of ours; False when the talk is busy: an errand runs, or somebody just wrote.

        Raises:
            Exception: whatever broke; nothing was written and the errand waits still.
        """
        for _ in range(_REPEATS):
            record, waiting = await self._database.read(
                lambda uow: (
                    uow.conversations.load(trigger.conversation_id),
                    uow.inbox.pending(trigger.conversation_id, 1),
                )
            )
            if record is None or not record.state:
                return False
            before = Talk.from_record(record)
            heard = before.last_inbound_at
            is_quiet = heard is None or heard <= quiet_since
            if waiting or not is_quiet or before.mode != "bot" or not idle(before.engine, self.thinker.dialogs):
                return False
            conversation, effects = await self.thinker.advance(before.engine, [command], "", trigger)
            if await self._commit(TurnPlan(trigger, before, conversation, [command], effects, outcome="errand")):
                return True
        return False

    async def _work_breath(self, items: Sequence[InboxItem], record: Any, *, is_read: bool) -> None:
        item, last = items[0], items[-1]
        trigger = Trigger(
            conversation_id=item.conversation_id,
            channel=item.channel,
            account=item.account,
            address=item.address,
            # A provider may deliver late; the law counts from when the person sent it (CPACA art. 15 par. 1).
            received_at=min(item.sent_at, item.received_at),
            inbox_id=last.id,
            earlier=tuple(each.id for each in items[:-1]),
            # A pressed button is dated by us, and two clocks must not be compared.
            sent_at=None if last.kind == "choice" else last.sent_at,
        )
        event = bursts.joined([_event(each) for each in items])
        taken: list[Mapping[str, Any]] = []
        for _ in range(_REPEATS):
            if not is_read:
                record = await self._database.read(lambda uow: uow.conversations.load(item.conversation_id))
            is_read = False
            before = Talk.from_record(record) if record else Talk(Conversation(item.conversation_id))
            plan = await self._plan(trigger, before, event, taken, attempts=item.attempts)
            if await self._commit_or(plan, partial(self._apology, trigger, before, event.text)):
                return
        message = f"inbox row {item.id} met {_REPEATS} other turns in a row"
        raise TurnNeverCommitted(message)

    async def _plan(
        self, trigger: Trigger, before: Talk, event: Inbound, taken: list[Mapping[str, Any]], *, attempts: int
    ) -> TurnPlan:
        """Think the turn out; whatever breaks, the person gets a kind reply and staff get the case."""
        try:
            if attempts >= _TRIES_BEFORE_APOLOGY:
                return self._apology(trigger, before, event.text)
            return await self.thinker.think(trigger, before, event, taken)
        except Exception:
            log.exception("turn_failed", conversation=trigger.conversation_id, inbox=trigger.inbox_id)
            return self._apology(trigger, before, event.text)

    def _apology(self, trigger: Trigger, before: Talk, text: str) -> TurnPlan:
        """Plan the kind reply to what cannot be answered; a danger still gets its instructions and its report."""
        effects: tuple[Effect, ...] = (HandoffAsked("internal_error"), Reply(APOLOGY))
        kind = detect(text)
        if kind:
            report = Happened("EmergencyReported", {"kind": kind, "text": text})
            effects = (report, Reply(EMERGENCY_TEXT, {"tipo_emergencia": kind}))
        return TurnPlan(trigger, before, before.engine, (), effects, outcome="apology")

    async def _commit_or(self, plan: TurnPlan, instead: Callable[[], TurnPlan]) -> bool:
        """Write the plan; if it can never be written, write what ``instead`` gives, so that no message or timer stays for ever.

        Trouble of the database passes, and is raised: the row stays pending and is tried again.
        """
        try:
            return await self._commit(plan)
        except (DatabaseUnavailable, CommitUnknown, StorageClosed):
            raise
        except Exception:
            trigger = plan.trigger
            log.exception("turn_not_writable", conversation=trigger.conversation_id, inbox=trigger.inbox_id)
            return await self._commit(instead())

    async def _commit(self, plan: TurnPlan) -> bool:
        """Write the plan; False when the conversation moved and the turn must be thought again."""
        now = self._clock.now()
        try:
            outcome = await self._database.write(lambda uow: self._committer.commit(uow, plan, now))
        except VersionConflict:
            return False
        except AlreadyAnswered:
            return True
        failpoint("after_turn_commit")
        if self.outcomes is not None:
            self.outcomes.append(outcome)
        self._on_commit(outcome)
        return True


def _event(item: InboxItem) -> Inbound:
    return inbound_from_json(
        item.payload, key=item.key, sent_at=item.sent_at, address=address_from_json(item.address), kind=item.kind
    )
