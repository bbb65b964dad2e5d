"""What a message means for a talk and what follows from it: heard, decided, advanced with actions; nothing is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

from bot.kernel.failpoint import failpoint
from bot.learning.doubts import KIND, Ear, Turn, listen
from bot.learning.mask import mask, tidy
from bot.nlu.emergencies import detect
from bot.notices.knock import FLOW as SEE
from bot.turn import edits
from bot.turn.effects import HANDLERS
from bot.turn.notice_buttons import button_of, left_while_with_a_person
from bot.turn.plan import Talk, Trigger, TurnPlan
from bot.turn.thresholds import thresholds_of
from dialogs.engine.advance import advance as step
from dialogs.engine.commands import ActionDone, ActionFailed, CannotHandle, SessionStart, StartFlow
from dialogs.engine.decide import decide
from dialogs.engine.effects import HandoffAsked, Happened, Reply
from dialogs.engine.patterns import idle, words_of
from dialogs.engine.turn import Limits

if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager
    from datetime import datetime

    from bot.channels.base import Inbound
    from bot.kernel.clock import Clock
    from bot.kernel.config import Settings
    from bot.nlu.understand import Understanding
    from bot.turn.intake import Intake
    from dialogs.engine.commands import Command
    from dialogs.engine.conversation import Conversation
    from dialogs.engine.effects import Effect
    from dialogs.engine.flow import Dialogs
    from dialogs.engine.heard import Heard
    from storage.db import Database

_ACTIONS_A_TURN = 24
#: The button of a message that says that another one waits.
SEE_WAITING = f"/{SEE}"
#: The outcome of a turn in which it was pressed and something waited.
SEEN = "window_opened"
FILE_NOT_OPENED = "patrones.archivo_malo"


class Actions(Protocol):
    """Runs one action by name and brings back what it decided."""

    async def run(
        self, call_id: str, name: str, conversation: Conversation, heard_text: str, sender_id: str, dialogs: Dialogs
    ) -> ActionDone | ActionFailed:
        """Return what the action decided, or why it failed; never raises."""
        ...


class Thinker:
    """Thinks turns; holds no state of any conversation."""

    def __init__(  # where everything that is needed to think meets
        self,
        *,
        database: Database,
        dialogs: Dialogs,
        understanding: Understanding,
        actions: Actions,
        intake: Intake,
        clock: Clock,
        settings: Settings,
    ) -> None:
        """Take the database (to read), the dialogs, who understands, who acts, who fetches files, the time and the settings."""
        self._database = database
        self.dialogs = dialogs
        self.understanding = understanding
        self.actions = actions
        self._intake = intake
        self._clock = clock
        self._settings = settings
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
        self._thresholds = thresholds_of(settings)
        #: Leaves the lane's place to others while a file is fetched; the lanes put theirs here.
        self.aside: Callable[[], AbstractAsyncContextManager[None]] = nullcontext

    async def think(self, trigger: Trigger, before: Talk, event: Inbound, taken: list[Mapping[str, Any]]) -> TurnPlan:
        """Think one turn; ``taken`` keeps the files, so that a turn thought again does not fetch them again."""
        failpoint("before_understand")
        if event.kind in {"opted_out", "deleted"}:
            # The person blocked us, or took something back: nothing may be said, and nothing needs to be.
            return TurnPlan(trigger, before, before.engine, is_silent=True, outcome=event.kind)
        now = self._clock.now()
        # Whoever writes of a danger waits for no file of theirs to be fetched.
        stickers = bool(event.media) and all(media.kind == "sticker" for media in event.media)
        if event.media and not taken and not stickers and not detect(event.text):
            async with self.aside():
                taken += await self._intake.take(trigger.conversation_id, event)
        files = tuple(file for file in taken if "file_id" in file)
        heard = self._hear(before, event, files, now, await button_of(self._database, before, event, now, self.dialogs))
        conversation = before.engine
        if heard.payload == SEE_WAITING:
            return await self._see_waiting(trigger, before)
        if before.mode == "with_person" and not heard.emergency:
            return await self._listen(trigger, before, heard, event)
        if stickers and not event.text.strip():
            smile: list[Command] = [CannotHandle("sticker")]
            conversation, effects = await self.advance(conversation, smile, "", trigger)
            return TurnPlan(trigger, before, conversation, smile, effects)
        if len(files) < len(taken) and not files and not event.text.strip():
            too_big = all(file.get("failed") == "grande" for file in taken)
            unread: list[Command] = [CannotHandle("media_too_big" if too_big else "media_failed")]
            conversation, effects = await self.advance(conversation, unread, "", trigger)
            return TurnPlan(trigger, before, conversation, unread, effects)
        edit = await self._edit(trigger, event, heard)
        if edit.manner == edits.UNCHANGED:
            return TurnPlan(trigger, before, before.engine, is_silent=True, outcome=edits.UNCHANGED)
        commands = self._commands(before, event, heard, edit, now)
        wanted, is_new = commands, self._is_new_session(before, now)
        if not heard.emergency and is_new:
            commands = _greet_first(commands)
        said = words_of(before.engine, commands, event.text)
        conversation, effects = await self.advance(conversation, commands, said, trigger)
        unopened = [Reply(FILE_NOT_OPENED)] if len(files) < len(taken) else []
        ear, doubts = self._doubts(Ear() if is_new else before.ear, before, heard, wanted, effects, now)
        return TurnPlan(trigger, before, conversation, commands, [*unopened, *effects, *doubts], ear=ear)

    async def _see_waiting(self, trigger: Trigger, before: Talk) -> TurnPlan:
        """Say nothing where something waits: it leaves with this turn, and words of ours would only stand in its way."""
        waits = await self._database.read(lambda uow: uow.waiting.of([trigger.conversation_id]))
        if waits or before.mode == "with_person":
            return TurnPlan(trigger, before, before.engine, is_silent=True, outcome=SEEN if waits else "for_person")
        begun: list[Command] = [StartFlow(SEE, explicit=True)]
        conversation, effects = await self.advance(before.engine, begun, "", trigger)
        return TurnPlan(trigger, before, conversation, begun, effects)

    async def _edit(self, trigger: Trigger, event: Inbound, heard: Heard) -> edits.Edit:
        """Return what is meant when the message is one that was changed; danger is heard whatever was changed."""
        if event.kind != "edited" or heard.emergency:
            return edits.Edit("new")
        return await edits.look_back(self._database, trigger.conversation_id, event)

    def _commands(self, before: Talk, event: Inbound, heard: Heard, edit: edits.Edit, now: datetime) -> list[Command]:
        if edit.manner != "new":
            return edits.corrections(
                edit, before, event, understanding=self.understanding, dialogs=self.dialogs, now=now
            )
        commands = list(decide(before.engine, heard, self.dialogs, self._thresholds))
        is_late = event.kind == "text" and before.heard_at is not None and event.sent_at < before.heard_at
        is_wish = any(isinstance(command, StartFlow) and command.explicit for command in commands)
        is_answer = not (is_wish or heard.emergency or event.text.startswith("/"))
        if is_late and before.engine.asked and is_answer:
            # It was sent before the message that the open question followed: it cannot be the answer. What answers
            # nothing («baja», «asesor», danger) holds whenever it comes.
            return [CannotHandle("arrived_late")]
        return commands

    def _doubts(
        self,
        ear: Ear,
        before: Talk,
        heard: Heard,
        commands: Sequence[Command],
        effects: Sequence[Effect],
        now: datetime,
    ) -> tuple[Ear, list[Effect]]:
        """Return what the talk remembers of words in doubt, and those to be kept, as facts."""
        if not self._settings.nlu.aprender.activo:
            return Ear(), []

        def masked() -> str:
            said = tidy(heard.text)
            slots = self.dialogs.domain.slots
            known = [
                str(value)
                for name, value in before.engine.slots.items()
                if name in slots and slots[name].personal and isinstance(value, str)
            ]
            return mask(said, self.understanding.things(said, now=now), known)

        model = self.understanding.taught_by
        ear, found = listen(ear, Turn(before.engine, heard, commands, effects, self.dialogs, masked, model))
        return ear, [Happened(KIND, doubt.to_json()) for doubt in found]

    async def _listen(self, trigger: Trigger, before: Talk, heard: Heard, event: Inbound) -> TurnPlan:
        """Keep silent while a person has the talk; what is said about an open danger still goes to its report."""
        left = left_while_with_a_person(event.text, self.dialogs)
        silent = TurnPlan(trigger, before, before.engine, effects=left, is_silent=True, outcome="for_person")
        wanted = decide(before.engine, heard, self.dialogs, self._thresholds)
        urgent = [one for one in wanted if isinstance(one, StartFlow) and one.flow in self.dialogs.domain.urgent]
        if urgent:
            # What passes every errand passes the adviser too: whom it is for must see it. The talk stays as it was.
            _, effects = await self.advance(before.engine, urgent, event.text, trigger)
            return replace(silent, effects=[*left, *(one for one in effects if isinstance(one, Happened))])
        running = {frame.flow for frame in before.engine.stack}
        if not before.engine.asked or self.dialogs.emergency not in running:
            return silent
        commands = list(wanted)
        conversation, effects = await self.advance(before.engine, commands, event.text, trigger)
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
        return self.understanding.hear(
            event.text,
            kind=event.kind,
            conversation=before.engine,
            dialogs=self.dialogs,
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
        return quiet > self._settings.dialogos.sesion_minutos * 60 and idle(before.engine, self.dialogs)

    async def advance(
        self, conversation: Conversation, commands: list[Any], text: str, trigger: Trigger
    ) -> tuple[Conversation, list[Effect]]:
        """Return the talk after ``commands`` and every action they led to, and what happened."""
        conversation, effects, pending = step(conversation, commands, self.dialogs, limits=self._limits)
        heard: list[Effect] = list(effects)
        for number in range(_ACTIONS_A_TURN):
            if pending is None:
                break
            failpoint("before_action")
            call_id = f"{trigger.conversation_id}.{trigger.inbox_id or trigger.timer_id}.{number}"
            result = await self.actions.run(
                pending.call_id or call_id, pending.action, conversation, text, trigger.conversation_id, self.dialogs
            )
            failpoint("after_action")
            if isinstance(result, ActionDone):
                strange = [kind for kind, _ in result.facts if kind not in HANDLERS]
                if strange:
                    result = ActionFailed(result.call_id, f"unknown facts: {', '.join(strange)}")
            conversation, effects, pending = step(conversation, [result], self.dialogs, limits=self._limits)
            heard.extend(effects)
        return conversation, heard


def _greet_first(commands: list[Command]) -> list[Command]:
    """Put the greeting before what was asked; a bare greeting or an unclear first message gets only the greeting."""
    rest = [
        command
        for command in commands
        if not (isinstance(command, StartFlow) and command.slots.get("intent") == "saludar")
        and not (isinstance(command, CannotHandle) and command.reason in {"not_understood", "empty"})
    ]
    return [SessionStart(), *rest]
