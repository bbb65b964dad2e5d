"""One transaction a turn: facts become rows, the radicado is born, wording is rendered, replies are queued."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from bot.channels.base import Option, Say
from bot.channels.wire import say_to_json
from bot.identity import persons
from bot.kernel.failpoint import failpoint
from bot.notices.knock import let_go
from bot.notices.push import NOTICE_PRIORITY, URGENT_PRIORITY
from bot.outbox.doorstep import PASSES
from bot.outbox.window import is_open
from bot.turn.bubbles import joined
from bot.turn.documents import attached
from bot.turn.effects import HANDLERS, Scene
from bot.turn.effects.message_doubted import release
from bot.turn.menus import Choice, choices_of
from bot.turn.plan import Said, Talk, TurnOutcome
from dialogs.engine.effects import ActionBroke, HandoffAsked, Happened, Reply, TimerSet
from dialogs.wording import render
from storage.repos.outbox import NewOutbound

if TYPE_CHECKING:
    from datetime import datetime

    from bot.channels.base import Caps
    from bot.kernel.config import Settings
    from bot.kernel.ids import Ids
    from bot.notices.push import Notices
    from bot.pqr.desk import Desk
    from bot.turn.plan import Begun, Trigger, TurnPlan
    from dialogs.engine.flow import Dialogs
    from storage.uow import UnitOfWork

REPLY_PRIORITY = 0
#: Instructions for people in danger pass whatever else waits to be sent, to them and to everybody.
EMERGENCY_PRIORITY = -1
#: The outcome of a turn in which the person blocked us.
OPTED_OUT = "opted_out"
#: The outcome of a turn in which the person took back a message.
DELETED = "deleted"
#: The one text that calls people by their name: once a session, and only whom a code has proved.
GREETING = "patrones.bienvenida"
CONSENT_TEXT = "pedir_autorizacion.pide_decision_datos"


class AlreadyAnswered(Exception):  # a fact about the row, not a fault
    """The message was answered by another turn; nothing is left to do."""


class Committer:
    """Writes planned turns; holds what every one of them needs."""

    def __init__(
        self,
        *,
        dialogs: Dialogs,
        settings: Settings,
        desk: Desk,
        ids: Ids,
        pull_channels: frozenset[str],
        notices: Notices,
        caps: Mapping[str, Caps] | None = None,
    ) -> None:
        """Take the loaded dialogs, the settings, the PQR desk, the channels whose clients pull, and the notices.

        ``caps`` tells by channel what it can show; what a channel without them says is never joined.
        """
        self._dialogs = dialogs
        self._settings = settings
        self._desk = desk
        self._ids = ids
        self._pull = pull_channels
        self._notices = notices
        self._caps = caps or {}
        notice = render(CONSENT_TEXT, desk.known, dialogs=dialogs, language=settings.dialogos.idioma)
        self._consent_sha256 = hashlib.sha256(notice.text.encode()).hexdigest()

    def commit(self, uow: UnitOfWork, plan: TurnPlan, now: datetime) -> TurnOutcome:
        """Write the whole turn inside ``uow``.

        Raises:
            AlreadyAnswered: the inbound row is no longer pending.
            VersionConflict: the conversation moved since the plan was made; plan again.
        """
        trigger, before = plan.trigger, plan.before
        turn = before.version + 1
        seq = before.seq
        failpoint("before_turn_commit")
        for inbox_id in trigger.rows:
            seq += 1
            if not uow.inbox.finish(inbox_id, turn=turn, seq=seq, at=now, outcome=plan.outcome):
                raise AlreadyAnswered
        # A timer that is gone was fired by another process, or dropped because the person answered.
        if trigger.timer_id is not None and not uow.timers.done(trigger.timer_id):
            raise AlreadyAnswered
        if trigger.errand is not None:
            self._begin(uow, trigger.errand, now)
        if before.version == 0:
            uow.conversations.create(trigger.conversation_id, dict(trigger.address), now)
        scene = Scene(
            uow=uow,
            trigger=trigger,
            turn=turn,
            now=now,
            ids=self._ids,
            settings=self._settings,
            desk=self._desk,
            mode=before.mode,
            notices=self._notices,
            consent_sha256=self._consent_sha256,
            words=self._text,
            ear=before.ear if plan.ear is None else plan.ear,
        )
        if plan.outcome == OPTED_OUT:
            uow.subscriptions.set_blocked(trigger.conversation_id, now)
        results = self._apply(scene, plan)
        release(scene)
        if any(isinstance(effect, Reply) and effect.response == GREETING for effect in plan.effects):
            results["nombre_persona"] = persons.first_name(uow, trigger.conversation_id)
        failpoint("inside_turn_commit")
        said, choices, rows = self._say(plan, results, turn=turn, seq=seq, now=now)
        uow.outbox.add(rows)
        slots = self._slots_after(plan, results)
        has_timers = self._timers(scene, plan)
        after = Talk(
            engine=replace(plan.after, slots=slots),
            menus=before.menus.after(choices, now) if rows else before.menus,
            version=turn,
            seq=seq + len(rows),
            mode=scene.mode,
            has_timers=has_timers,
            ear=scene.ear,
            heard_at=_newest(before.heard_at, trigger.sent_at, now),
        )
        uow.turns.add(
            trigger.conversation_id,
            turn,
            trigger.inbox_id,
            [_plain(command) for command in plan.commands],
            [_plain(effect) for effect in plan.effects],
            now,
        )
        # Taking something back is no message: it opens no window.
        is_here = trigger.inbox_id is not None and plan.outcome != DELETED
        uow.conversations.save(
            trigger.conversation_id,
            expected_version=before.version,
            state=after.to_json(),
            seq=after.seq,
            mode=after.mode,
            last_inbound_at=now if is_here else before.last_inbound_at,
            now=now,
        )
        if is_here and self._window_s(trigger.channel) is not None:
            # After the conversation is saved: whoever makes a message wait locks it first.
            let_go(uow, trigger.conversation_id, now)
        return TurnOutcome(
            conversation_id=trigger.conversation_id,
            channel=trigger.channel,
            inbox_id=trigger.inbox_id,
            replies=said,
            effects=plan.effects,
            slots=slots,
            is_pull=trigger.channel in self._pull,
        )

    def _window_s(self, channel: str) -> int | None:
        caps = self._caps.get(channel)
        return None if caps is None else caps.window_s

    def _is_late(self, plan: TurnPlan, now: datetime) -> bool:
        """Tell whether a reminder comes when its person can no more be written to freely: nobody opens a door for it."""
        window_s = self._window_s(plan.trigger.channel)
        if plan.trigger.timer_id is None or window_s is None:
            return False
        return not is_open(plan.before.last_inbound_at, window_s, now)

    def _begin(self, uow: UnitOfWork, begun: Begun, now: datetime) -> None:
        """Finish the row of an errand of ours and count its message; another process may have been faster."""
        if not uow.errands.begin(begun.errand.id, now):
            raise AlreadyAnswered
        key = f"errand.{begun.errand.key}"
        if not self._notices.note(
            uow, begun.asked, begun.judged, key=key, response=begun.errand.flow, reach=begun.reach
        ):
            raise AlreadyAnswered

    def _text(self, response: str, values: Mapping[str, Any], channel: str) -> str:
        """Render a response that is said elsewhere than in the conversation of the turn."""
        known = {**self._desk.known, **values}
        language = self._settings.dialogos.idioma
        return render(response, known, dialogs=self._dialogs, language=language, channel=channel).text

    def _apply(self, scene: Scene, plan: TurnPlan) -> dict[str, Any]:
        results: dict[str, Any] = {}
        for effect in plan.effects:
            if isinstance(effect, Happened):
                results.update(HANDLERS[effect.kind](scene, effect.data))
            elif isinstance(effect, HandoffAsked):
                asked = {"reason": effect.reason, "preferencial": plan.after.slots.get("preferencial")}
                results.update(HANDLERS["HandoffAsked"](scene, asked))
            elif isinstance(effect, ActionBroke):
                results.update(HANDLERS["CaseForPerson"](scene, {"reason": effect.reason}))
        return results

    def _slots_after(self, plan: TurnPlan, results: Mapping[str, Any]) -> Mapping[str, Any]:
        known = {name: value for name, value in results.items() if name in self._dialogs.domain.slots}
        return {**plan.after.slots, **known} if known else plan.after.slots

    def _timers(self, scene: Scene, plan: TurnPlan) -> bool:
        wanted = [effect for effect in plan.effects if isinstance(effect, TimerSet)]
        # A message that did not move the talk (an apology, a person has it) leaves its open question as it was.
        moved = scene.trigger.inbox_id is not None and bool(plan.commands)
        if plan.before.has_timers and moved:
            scene.uow.timers.clear(scene.conversation_id)
        for timer in wanted:
            scene.uow.timers.set(
                scene.conversation_id,
                kind=timer.kind,
                slot=timer.slot,
                turn=plan.after.turn,
                due_at=scene.now + timedelta(seconds=timer.after_seconds),
            )
        return bool(wanted) or (plan.before.has_timers and not moved)

    def _say(
        self, plan: TurnPlan, results: Mapping[str, Any], *, turn: int, seq: int, now: datetime
    ) -> tuple[list[Said], list[Choice], list[NewOutbound]]:
        trigger = plan.trigger
        in_danger = any(isinstance(effect, Happened) and effect.kind == "EmergencyReported" for effect in plan.effects)
        priority = EMERGENCY_PRIORITY if in_danger else REPLY_PRIORITY
        begun = trigger.errand
        if begun is not None:
            priority = URGENT_PRIORITY if begun.errand.urgent else NOTICE_PRIORITY
        said: list[Said] = []
        choices: list[Choice] = []
        says: list[tuple[str, Say]] = []
        values: dict[str, Mapping[str, Any]] = {}
        replies = () if self._is_late(plan, now) else [one for one in plan.effects if isinstance(one, Reply)]
        for number, effect in enumerate(replies):
            seed = f"{trigger.conversation_id}.{turn}.{number}"
            plain, buttons = self._words(effect, plan.after.slots, results, trigger.channel, seed)
            own = choices_of(turn, [(label, payload) for label, payload, _ in buttons], start=len(choices) + 1)
            choices.extend(own)
            options = tuple(
                Option(choice.token, choice.label, hint) for choice, (_, _, hint) in zip(own, buttons, strict=True)
            )
            say = replace(plain, options=options)
            said.append(
                Said(
                    effect.response,
                    say.text,
                    tuple((label, pay) for label, pay, _ in buttons),
                    {**say_to_json(say), "response": effect.response},
                )
            )
            says.append((effect.response, say))
            values[effect.response] = effect.values
        caps = self._caps.get(trigger.channel)
        rows = [
            NewOutbound(
                key=f"{trigger.conversation_id}.{turn}.{number}",
                conversation_id=trigger.conversation_id,
                channel=trigger.channel,
                account=trigger.account,
                address=dict(trigger.address),
                seq=seq + 1 + number,
                kind="reply" if begun is None else "notice",
                payload={
                    **say_to_json(say),
                    "response": response,
                    **({} if trigger.timer_id is None else {PASSES: True}),
                    **self._approved(trigger, response, values, results),
                },
                priority=priority,
                not_before=now,
                not_after=None if begun is None else begun.judged.not_after,
                pull=trigger.channel in self._pull,
                created_at=now,
                inbox_id=trigger.inbox_id,
            )
            for number, (response, say) in enumerate(says if caps is None else joined(says, caps))
        ]
        return said, choices, rows

    def _approved(
        self, trigger: Trigger, response: str, values: Mapping[str, Mapping[str, Any]], results: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Return the template of a question that we begin, which may have to leave outside the window."""
        if trigger.errand is None:
            return {}
        known = {**self._desk.known, **values[response], **results}
        found = self._notices.approved.of(response, known, trigger.channel)
        return self._notices.waiting(trigger.errand.asked, trigger.channel) if found is None else {"template": found}

    def _words(
        self, reply: Reply, slots: Mapping[str, Any], results: Mapping[str, Any], channel: str, key: str
    ) -> tuple[Say, Sequence[tuple[str, str, str]]]:
        """Return what a reply says, without its options, and the label, payload and hint of each of them."""
        if reply.text:
            return Say(reply.text), [(label, payload, "") for label, payload in reply.buttons]
        rendered = render(
            reply.response,
            {**self._desk.known, "canal": channel, **reply.values, **results},
            dialogs=self._dialogs,
            language=self._settings.dialogos.idioma,
            channel=channel,
            turn_seed=key,
        )
        buttons = [*((label, payload, "") for label, payload in reply.buttons), *rendered.buttons]
        say = Say(rendered.text, media=attached(rendered.attachment, {**slots, **results}), ask=rendered.ask)
        return (replace(say, menu_label=rendered.menu_label) if rendered.menu_label else say), buttons


def _newest(known: datetime | None, sent_at: datetime | None, now: datetime) -> datetime | None:
    """Return when the newest message was sent; a provider's clock that is ahead makes nobody late for ever."""
    moments = [moment for moment in (known, sent_at) if moment is not None]
    return min(now, max(moments)) if moments else None


def _plain(thing: Any) -> dict[str, Any]:
    """Return a command or effect as a JSON object that names its kind; values known from slots are left out."""
    document = {"is": type(thing).__name__, **asdict(thing)}
    if isinstance(thing, Reply):
        document.pop("values", None)
    return document
