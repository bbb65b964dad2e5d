"""A message that we begin, written in the caller's transaction: judged, rendered, queued, or skipped with a reason."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, Literal

from bot.channels.base import Media, Option, Say
from bot.channels.templates import CHANNEL, filled
from bot.channels.templates import load as load_templates
from bot.channels.wire import say_to_json
from bot.notices.approved import Approved
from bot.notices.catalog import load
from bot.notices.gate import Gate
from bot.notices.judge import Asked, Judge, Judged
from bot.outbox.doorstep import WAITS
from dialogs.wording import render
from storage.repos.notices import OUTBOX_PREFIX, NewNotice
from storage.repos.outbox import NewOutbound

if TYPE_CHECKING:
    from datetime import datetime

    from bot.channels.templates import TemplateFile
    from bot.kernel.config import Settings
    from bot.notices.catalog import Clase, NoticeFile
    from bot.pqr.calendar import Calendar
    from dialogs.engine.flow import Dialogs
    from dialogs.wording import Rendered
    from storage.repos.notices import Reach
    from storage.uow import UnitOfWork

#: Replies leave first: they are few, and somebody waits for them. Then notices of safety, then the rest.
NOTICE_PRIORITY: Final = 10
URGENT_PRIORITY: Final = 1
#: How long a button of a notice still begins its errand.
BUTTONS_LIVE: Final = timedelta(days=10)
#: A typed text longer than this is no label of a button.
LONGEST_LABEL: Final = 24
_TOKEN = re.compile(r"(n[0-9a-f]{16})-(\d{1,2})")


@dataclass(frozen=True, slots=True)
class Pushed:
    """What became of it; ``repeated`` says that the key was used before and nothing was done."""

    state: Literal["queued", "skipped", "repeated"]
    reason: str = ""
    not_before: datetime | None = None


class Notices:
    """Writes messages that we begin; holds what every one of them needs, and no state."""

    def __init__(
        self,
        *,
        catalog: NoticeFile,
        calendar: Calendar,
        dialogs: Dialogs,
        known: Mapping[str, Any],
        language: str,
        pull_channels: frozenset[str],
        templates: TemplateFile | None = None,
        template_language: str = "es",
    ) -> None:
        """Take the rules, the holidays, the wording with what it always knows, and the channels whose clients pull.

        ``templates`` are the words that providers approve; ``template_language`` is theirs unless they say it.
        """
        self.catalog = catalog
        self.gate = Gate(catalog, calendar)
        self.judge = Judge(catalog, self.gate)
        self.pull_channels = pull_channels
        self._dialogs = dialogs
        self._known = known
        self._language = language
        self.templates = templates or load_templates()
        self.approved = Approved(self.templates, dialogs, language=language, default=template_language)

    def push(  # noqa: PLR0913 - what a message is made of
        self,
        uow: UnitOfWork,
        *,
        conversation_id: str,
        response: str,
        values: Mapping[str, Any],
        clase: Clase,
        key: str,
        now: datetime,
        urgent: bool = False,
        topic: str | None = None,
        not_after: datetime | None = None,
        media: Sequence[Media] = (),
        wave_id: int | None = None,
        by_account: bool = False,
        cuenta: str = "",
    ) -> Pushed:
        """Say ``response`` to a conversation without touching its talk, once for ever under ``key``.

        ``urgent`` is for safety alone: any hour, whatever was opted out of. ``topic`` is one of ``avisos.yml``; without
        one it is the follow-up of what the person asked for. Its buttons may only begin errands (``/name``): they are
        pressed days later, when no question of this message is open any more. Never call it for the conversation whose
        own turn is being committed: that turn answers by itself. ``wave_id`` settles somebody whom a wave has chosen.
        ``cuenta``: what a message of collection is about; while it is under claim, nothing of that class leaves.

        Raises:
            KeyError: there is no such class or topic.
            ValueError: a button does not begin an errand.
            WordingError: the response is unknown or a value is missing.
        """
        reach = uow.notices.reach(conversation_id, now)
        asked = Asked(conversation_id, clase, now, topic, urgent, not_after, by_account, cuenta)
        write = uow.notices.add if wave_id is None else uow.notices.settle
        judged = self.judge.judge(uow, asked, reach)
        if judged.reason or reach is None:
            added = write(self._row(asked, judged, key, response, reach, wave_id=wave_id))
            return Pushed("skipped", judged.reason) if added else Pushed("repeated")
        rendered = render(
            response,
            {**self._known, **values},
            dialogs=self._dialogs,
            language=self._language,
            channel=reach.address["channel"],
            turn_seed=key,
        )
        row = self._row(asked, judged, key, response, reach, wave_id=wave_id, rendered=rendered)
        if not write(row):
            return Pushed("repeated")
        approved = self.approved.of(response, {**self._known, **values}, reach.address["channel"])
        uow.outbox.add([self._outbound(uow, asked, judged, row, rendered, reach.address, media, approved)])
        return Pushed("queued", not_before=judged.not_before)

    def preferred(  # whose, of what, about which account and until when
        self,
        uow: UnitOfWork,
        conversation_id: str,
        clase: Clase,
        *,
        now: datetime,
        cuenta: str = "",
        not_after: datetime | None = None,
    ) -> str:
        """Return where the person of this conversation is best written to: of those that allow it, the one used last.

        Where none does it is this one, so that what became of the message is noted there.
        """
        reached = [(each, uow.notices.reach(each, now)) for each in uow.people.conversations_with(conversation_id)]
        used = [(reach.last_inbound_at, each, reach) for each, reach in reached if reach and reach.last_inbound_at]
        for _, each, reach in sorted(used, key=lambda one: (one[0], one[1] == conversation_id), reverse=True):
            asked = Asked(each, clase, now, not_after=not_after, cuenta=cuenta)
            if not self.judge.judge(uow, asked, reach).reason:
                return each
        return conversation_id

    @classmethod
    def of(
        cls,
        settings: Settings,
        dialogs: Dialogs,
        calendar: Calendar,
        *,
        known: Mapping[str, Any],
        pull_channels: frozenset[str],
    ) -> Notices:
        """Return what the settings ask for.

        Raises:
            CatalogError: ``avisos.yml`` is wrong.
        """
        return cls(
            catalog=load(settings.dialogos.carpeta / "catalog"),
            calendar=calendar,
            dialogs=dialogs,
            known=known,
            language=settings.dialogos.idioma,
            pull_channels=pull_channels,
            templates=load_templates(settings.dialogos.carpeta / "catalog"),
            template_language=settings.canales.whatsapp.idioma,
        )

    @property
    def limited_classes(self) -> tuple[str, ...]:
        """The classes that Ley 2300 counts."""
        return tuple(name for name, entry in self.catalog.clases.items() if entry.is_limited)

    def words(self, response: str, values: Mapping[str, Any]) -> str:
        """Return the text of a response with what every text knows."""
        return render(response, {**self._known, **values}, dialogs=self._dialogs, language=self._language).text

    def approved_words(self, response: str, values: Mapping[str, Any]) -> str:
        """Return what a response says outside the window, in the words that the provider approved; empty without any."""
        found = self.approved.of(response, {**self._known, **values}, CHANNEL)
        if found is None:
            return ""
        entry = self.templates.plantillas[found["name"]]
        return "\n".join(filter(None, (filled(entry.texto.strip(), found["values"]), entry.pie)))

    def knows(self, flow: str) -> bool:
        """Tell whether there is such a flow to begin."""
        return flow in self._dialogs.flows

    def waiting(self, asked: Asked, channel: str) -> dict[str, Any]:
        """Return what a row without approved words keeps when it is worth knocking for: what the person asked for is."""
        is_own = asked.topic is None and not self.catalog.clases[asked.clase].is_limited
        return {WAITS: True} if channel == CHANNEL and is_own and not asked.urgent else {}

    def note(self, uow: UnitOfWork, asked: Asked, judged: Judged, *, key: str, response: str, reach: Reach) -> bool:
        """Note a message that leaves by another road (the first words of an errand), so that limits count it.

        Returns False when it may not leave after all: something else was written to the person in between.
        """
        if judged.contact_on is not None and self.judge.judge(uow, asked, reach).contact_on != judged.contact_on:
            return False
        return uow.notices.add(self._row(asked, judged, key, response, reach, wave_id=None))

    def _row(
        self,
        asked: Asked,
        judged: Judged,
        key: str,
        response: str,
        reach: Reach | None,
        *,
        wave_id: int | None,
        rendered: Rendered | None = None,
    ) -> NewNotice:
        buttons = tuple((title, payload) for title, payload, _ in rendered.buttons) if rendered else ()
        for title, payload in buttons:
            if not payload.startswith("/") or payload.startswith("/SetSlots"):
                message = f"{response}: the button «{title}» of a notice has to begin an errand (/name)"
                raise ValueError(message)
        return NewNotice(
            key=key,
            conversation_id=asked.conversation_id,
            person=judged.person,
            channel=reach.address["channel"] if reach else "",
            clase=asked.clase,
            response=response,
            state="skipped" if judged.reason else "queued",
            reason=judged.reason or None,
            not_before=judged.not_before,
            created_at=asked.now,
            topic=asked.topic,
            wave_id=wave_id,
            contact_on=judged.contact_on,
            token=token_stem(key) if buttons else None,
            choices=buttons,
        )

    def _outbound(
        self,
        uow: UnitOfWork,
        asked: Asked,
        judged: Judged,
        row: NewNotice,
        rendered: Rendered,
        address: Mapping[str, Any],
        media: Sequence[Media],
        approved: Mapping[str, Any] | None,
    ) -> NewOutbound:
        options = tuple(
            Option(f"{row.token}-{number}", title, hint)
            for number, (title, _, hint) in enumerate(rendered.buttons, start=1)
        )
        payload = say_to_json(Say(rendered.text, options, tuple(media), rendered.ask))
        payload["response"] = row.response
        if approved is not None:
            payload["template"] = approved
        elif row.wave_id is None:
            payload |= self.waiting(asked, address["channel"])
        is_now = judged.not_before <= asked.now
        pulls = address["channel"] in self.pull_channels
        # A client that reads the log must not read tomorrow's notice today: it gets its place when its moment comes.
        seq = 0 if pulls and not is_now else uow.conversations.take_seq(asked.conversation_id, 1, asked.now) or 0
        return NewOutbound(
            key=OUTBOX_PREFIX + row.key,
            conversation_id=asked.conversation_id,
            channel=address["channel"],
            account=address["account"],
            address=dict(address),
            seq=seq,
            kind="notice",
            payload=payload,
            priority=URGENT_PRIORITY if asked.urgent else NOTICE_PRIORITY,
            not_before=judged.not_before,
            not_after=judged.not_after,
            pull=pulls and is_now,
            created_at=asked.now,
        )


def token_stem(key: str) -> str:
    """Return what the tokens of a notice's buttons begin with: short, and telling nothing of the key."""
    return "n" + hashlib.blake2b(key.encode(), digest_size=8).hexdigest()


def is_notice_token(token: str) -> bool:
    """Tell whether a pressed button may be that of a notice."""
    return _TOKEN.fullmatch(token) is not None


def pressed(uow: UnitOfWork, conversation_id: str, token: str, now: datetime) -> str:
    """Return the payload of a pressed button of a notice, or an empty text when it is none or too old."""
    found = _TOKEN.fullmatch(token)
    if found is None:
        return ""
    for stem, choices in uow.notices.buttons(conversation_id, now - BUTTONS_LIVE):
        if stem == found.group(1) and 1 <= int(found.group(2)) <= len(choices):
            return choices[int(found.group(2)) - 1][1]
    return ""


def typed(uow: UnitOfWork, conversation_id: str, text: str, now: datetime) -> str:
    """Return the payload of the button whose label, or number in the newest notice, was typed; else an empty text."""
    said = text.strip().casefold()
    for place, (_, choices) in enumerate(uow.notices.buttons(conversation_id, now - BUTTONS_LIVE)):
        for number, (label, payload) in enumerate(choices, start=1):
            if said == label.casefold() or (place == 0 and said == str(number)):
                return payload
    return ""
