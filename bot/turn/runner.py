"""One turn: read, understand, advance with actions, and commit; again if the conversation moved meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

import structlog

from bot.channels.wire import address_from_json, inbound_from_json
from bot.kernel.errors import AtiendeError
from bot.kernel.failpoint import failpoint
from bot.nlu.emergencies import detect
from bot.turn import bursts
from bot.turn.commit import OPTED_OUT, AlreadyAnswered
from bot.turn.effects import HANDLERS
from bot.turn.menus import Menus
from bot.turn.notice_buttons import button_of, left_while_with_a_person
from bot.turn.plan import Talk, Trigger, TurnOutcome, TurnPlan
from dialogs.engine.advance import advance
from dialogs.engine.commands import ActionDone, ActionFailed, CannotHandle, SessionStart, StartFlow, Timeout
from dialogs.engine.conversation import Conversation
from dialogs.engine.decide import Thresholds, decide
from dialogs.engine.effects import HandoffAsked, Happened, Reply
from dialogs.engine.patterns import idle, words_of
from dialogs.engine.turn import Limits
from storage.errors import CommitUnknown, DatabaseUnavailable, StorageClosed, VersionConflict

if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager
    from datetime import datetime

    from bot.channels.base import Inbound
    from bot.kernel.clock import Clock
    from bot.kernel.config import Settings
    from bot.nlu.understand import Understanding
    from bot.turn.commit import Committer
    from bot.turn.intake import Intake
    from dialogs.engine.commands import Command
    from dialogs.engine.effects import Effect
    from dialogs.engine.flow import Dialogs
    from dialogs.engine.heard import Heard
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


class Actions(Protocol):
    """Runs one action by name and brings back what it decided."""

    async def run(
        self, call_id: str, name: str, conversation: Conversation, heard_text: str, sender_id: str, dialogs: Dialogs
    ) -> ActionDone | ActionFailed:
        """Return what the action decided, or why it failed; never raises."""
        ...


class Runner:
    """Works the pending messages of a conversation, oldest first."""

    def __init__(  # noqa: PLR0913  # the one place where the rooms of a turn meet
        self,
        *,
        database: Database,
        dialogs: Dialogs,
        understanding: Understanding,
        actions: Actions,
        committer: Committer,
        intake: Intake,
        clock: Clock,
        settings: Settings,
        on_commit: Callable[[TurnOutcome], None],
    ) -> None:
        """Take the rooms of a turn; ``on_commit`` is called after each commit, to wake senders and open pages."""
        self._database = database
        self._dialogs = dialogs
        self._understanding = understanding
        self.actions = actions
        self._committer = committer
        self._intake = intake
        self._clock = clock
        self._settings = settings
        self._on_commit = on_commit
        asked = settings.dialogos.limites
        talks = settings.dialogos
        self._limits = Limits(
            steps=asked.pasos,
            tries=asked.intentos,
            depth=asked.profundidad,
            remind=talks.recordar_minutos * 60,
            expire=talks.cerrar_horas * 3_600,
            resume=talks.retomar_dias * 86_400,
        )
        sure = settings.nlu.umbrales
        self._thresholds = Thresholds(
            start=sure.intencion,
            digress=sure.cambio,
            margin=sure.margen,
            free_text=sure.interrupcion,
            out_of_scope=sure.fuera_de_alcance,
        )
        self.outcomes: list[TurnOutcome] | None = None
        #: Leaves the lane's place to others while a file is fetched; the lanes put theirs here.
        self.aside: Callable[[], AbstractAsyncContextManager[None]] = nullcontext

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
        return items[: bursts.breath(events, self._dialogs.domain.words, lambda text: bool(menus.said(text)))]

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
                    conversation, effects = await self._advance(before.engine, [command], "", trigger)
                    plan = TurnPlan(trigger, before, conversation, [command], effects, outcome="timer")
                except Exception:
                    log.exception("timer_failed", conversation=trigger.conversation_id)
            if await self._commit_or(plan, silence):
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
            if waiting or not is_quiet or before.mode != "bot" or not idle(before.engine, self._dialogs):
                return False
            conversation, effects = await self._advance(before.engine, [command], "", trigger)
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
        )
        event = bursts.joined([_event(each) for each in items])
        taken: list[Mapping[str, Any]] = []
        for _ in range(_REPEATS):
            if not is_read:
                record = await self._database.read(lambda uow: uow.conversations.load(item.conversation_id))
            is_read = False
            before = Talk.from_record(record) if record else Talk(Conversation(item.conversation_id))
            plan = await self._plan(trigger, before, event, taken, attempts=item.attempts)
            if await self._commit_or(plan, self._apology(trigger, before, event.text)):
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
            return await self._think(trigger, before, event, taken)
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

    async def _think(self, trigger: Trigger, before: Talk, event: Inbound, taken: list[Mapping[str, Any]]) -> TurnPlan:
        """Think one turn; ``taken`` keeps the files, so that a turn thought again does not fetch them again."""
        failpoint("before_understand")
        if event.kind == "opted_out":
            # The person blocked us: nothing may be said, and nothing needs to be.
            return TurnPlan(trigger, before, before.engine, is_silent=True, outcome=OPTED_OUT)
        now = self._clock.now()
        # Whoever writes of a danger waits for no file of theirs to be fetched.
        if event.media and not taken and not detect(event.text):
            async with self.aside():
                taken += await self._intake.take(trigger.conversation_id, event)
        files = tuple(file for file in taken if "file_id" in file)
        heard = self._hear(
            before, event, files, now, await button_of(self._database, before, event, now, self._dialogs)
        )
        conversation = before.engine
        if before.mode == "with_person" and not heard.emergency:
            return await self._listen(trigger, before, heard, event)
        if len(files) < len(taken) and not files and not event.text.strip():
            too_big = all(file.get("failed") == "grande" for file in taken)
            unread: list[Command] = [CannotHandle("media_too_big" if too_big else "media_failed")]
            conversation, effects = await self._advance(conversation, unread, "", trigger)
            return TurnPlan(trigger, before, conversation, unread, effects)
        commands: list[Command] = list(decide(conversation, heard, self._dialogs, self._thresholds))
        if not heard.emergency and self._is_new_session(before, now):
            commands = _greet_first(commands)
        said = words_of(before.engine, commands, event.text)
        conversation, effects = await self._advance(conversation, commands, said, trigger)
        unopened = [Reply(FILE_NOT_OPENED)] if len(files) < len(taken) else []
        return TurnPlan(trigger, before, conversation, commands, [*unopened, *effects])

    async def _listen(self, trigger: Trigger, before: Talk, heard: Heard, event: Inbound) -> TurnPlan:
        """Keep silent while a person has the talk; what is said about an open danger still goes to its report."""
        left = left_while_with_a_person(event.text, self._dialogs)
        silent = TurnPlan(trigger, before, before.engine, effects=left, is_silent=True, outcome="for_person")
        wanted = decide(before.engine, heard, self._dialogs, self._thresholds)
        urgent = [one for one in wanted if isinstance(one, StartFlow) and one.flow in self._dialogs.domain.urgent]
        if urgent:
            # What passes every errand passes the adviser too: whom it is for must see it. The talk stays as it was.
            _, effects = await self._advance(before.engine, urgent, event.text, trigger)
            return replace(silent, effects=[*left, *(one for one in effects if isinstance(one, Happened))])
        running = {frame.flow for frame in before.engine.stack}
        if not before.engine.asked or self._dialogs.emergency not in running:
            return silent
        commands = list(wanted)
        conversation, effects = await self._advance(before.engine, commands, event.text, trigger)
        unsaid = [effect for effect in effects if not isinstance(effect, Reply | HandoffAsked)]
        return replace(silent, after=conversation, commands=commands, effects=unsaid)

    def _hear(
        self, before: Talk, event: Inbound, files: tuple[Mapping[str, Any], ...], now: datetime, of_notice: str
    ) -> Heard:
        payload, stale = "", False
        if of_notice:
            payload = of_notice
        elif event.token is not None:
            pressed = before.menus.press(event.token, now)
            payload, stale = pressed.payload, pressed.stale
        elif event.text:
            payload = before.menus.said(event.text)
            # Clients of the REST face press by sending the payload back: one that is not on screen is an old button.
            stale = not payload and event.text.startswith("/SetSlots(")
        return self._understanding.hear(
            event.text,
            kind=event.kind,
            conversation=before.engine,
            dialogs=self._dialogs,
            now=now,
            menu=before.menus.current,
            media=files,
            point=event.point,
            payload=payload,
            stale=stale,
        )

    def _is_new_session(self, before: Talk, now: datetime) -> bool:
        if before.version == 0 or before.last_inbound_at is None:
            return True
        quiet = (now - before.last_inbound_at).total_seconds()
        return quiet > self._settings.dialogos.sesion_minutos * 60 and idle(before.engine, self._dialogs)

    async def _advance(
        self, conversation: Conversation, commands: list[Any], text: str, trigger: Trigger
    ) -> tuple[Conversation, list[Effect]]:
        conversation, effects, pending = advance(conversation, commands, self._dialogs, limits=self._limits)
        heard: list[Effect] = list(effects)
        for number in range(_ACTIONS_A_TURN):
            if pending is None:
                break
            failpoint("before_action")
            call_id = f"{trigger.conversation_id}.{trigger.inbox_id or trigger.timer_id}.{number}"
            result = await self.actions.run(
                pending.call_id or call_id, pending.action, conversation, text, trigger.conversation_id, self._dialogs
            )
            failpoint("after_action")
            if isinstance(result, ActionDone):
                strange = [kind for kind, _ in result.facts if kind not in HANDLERS]
                if strange:
                    result = ActionFailed(result.call_id, f"unknown facts: {', '.join(strange)}")
            conversation, effects, pending = advance(conversation, [result], self._dialogs, limits=self._limits)
            heard.extend(effects)
        return conversation, heard

    async def _commit_or(self, plan: TurnPlan, instead: TurnPlan) -> bool:
        """Write the plan; if it can never be written, write ``instead``, so that no message or timer stays for ever.

        Trouble of the database passes, and is raised: the row stays pending and is tried again.
        """
        try:
            return await self._commit(plan)
        except (DatabaseUnavailable, CommitUnknown, StorageClosed):
            raise
        except Exception:
            trigger = plan.trigger
            log.exception("turn_not_writable", conversation=trigger.conversation_id, inbox=trigger.inbox_id)
            return await self._commit(instead)

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


def _greet_first(commands: list[Command]) -> list[Command]:
    """Put the greeting before what was asked; a bare greeting or an unclear first message gets only the greeting."""
    rest = [
        command
        for command in commands
        if not (isinstance(command, StartFlow) and command.slots.get("intent") == "saludar")
        and not (isinstance(command, CannotHandle) and command.reason in {"not_understood", "empty"})
    ]
    return [SessionStart(), *rest]


def _event(item: InboxItem) -> Inbound:
    return inbound_from_json(
        item.payload, key=item.key, sent_at=item.sent_at, address=address_from_json(item.address), kind=item.kind
    )
