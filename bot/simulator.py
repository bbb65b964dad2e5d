"""Scripted conversations through the true turn: real database, real actions, a clock that stands still."""

from __future__ import annotations

import re
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete

from bot.bootstrap import Services, make_keyring, open_services
from bot.channels.base import Address, Inbound, Media
from bot.demo import community
from bot.e2e.model import Case, GivenMedia, ReplySeen, TurnSeen
from bot.identity import persons
from bot.kernel.clock import BOGOTA, FrozenClock, local_date
from bot.kernel.ids import SequenceIds
from bot.turn.plan import Talk
from dialogs.actions.base import BrokenContractError, checked_answer
from dialogs.engine.commands import ActionDone, ActionFailed
from dialogs.engine.conversation import Conversation
from storage.db import Database
from storage.rows.base import table
from storage.rows.identity import OneTimeCodeRow, PersonAccountRow, PersonLinkRow, PersonRow
from storage.rows.work import AttemptRow

if TYPE_CHECKING:
    from bot.channels.base import InboundKind, MediaKind
    from bot.kernel.config import Settings
    from bot.nlu.understand import Understanding
    from bot.turn.thinker import Actions
    from dialogs.engine.flow import Dialogs
    from storage.uow import UnitOfWork

#: When scripts begin unless they say another moment: what they expect of the demo must not depend on today.
DAY_OF_SCRIPTS = datetime(2026, 3, 18, 10, 30, tzinfo=BOGOTA)
_CHANNEL, _ACCOUNT = "terminal", "guion"
#: Time passes in at most so many hops, and never in shorter ones; jobs run at each.
_HOPS, _LEAST_HOP = 24, timedelta(minutes=5)
_MOST_TOLD = 500
#: The smallest photo: one grey pixel, so that scripts can send a file without carrying one.
_PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a49444154789c6360000000020001"
    "48afa4710000000049454e44ae426082"
)
#: An empty voice note: the first page of an Ogg stream that says Opus.
_OGG = b"OggS\x00\x02" + bytes(22) + b"\x01\x13OpusHead\x01\x01" + bytes(9)
_PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
_FILES: dict[str, tuple[bytes, MediaKind]] = {
    "application/pdf": (_PDF, "document"),
    "audio/ogg": (_OGG, "audio"),
    "image/webp": (_PIXEL, "sticker"),
}


class StubbedActions:
    """Runs the real actions, except those that the case at hand replaces."""

    def __init__(self, box: Actions) -> None:
        """Take the real ones."""
        self._box = box
        self.case: Case | None = None

    async def run(
        self, call_id: str, name: str, conversation: Conversation, heard_text: str, sender_id: str, dialogs: Dialogs
    ) -> ActionDone | ActionFailed:
        """Return what the stub says, or run the action."""
        stub = self.case.stubs.get(name) if self.case else None
        if stub is None:
            return await self._box.run(call_id, name, conversation, heard_text, sender_id, dialogs)
        answer = {
            "events": [dict(event) for event in stub.events],
            "responses": [dict(said) for said in stub.responses],
        }
        try:
            return checked_answer(call_id, answer, dialogs)
        except BrokenContractError as error:
            return ActionFailed(call_id, str(error))


class TrueSimulator:
    """One installation for many cases; every case is another person."""

    def __init__(self, services: Services, clock: FrozenClock, stubs: StubbedActions) -> None:
        """Take an installation over a database of its own."""
        self._services = services
        self._clock = clock
        self._start = clock.now()
        self._stubs = stubs
        self._person = 0
        self._message = 0

    async def start(self, case: Case) -> None:
        """Begin a fresh conversation with the slots, clock and stubs of ``case``."""
        self._person += 1
        self._stubs.case = case
        self._clock.set(case.now or self._start)
        # Who proved an account, and who guessed at one, are of other scripts.
        await self._services.database.write(_forget_people)
        await self._services.database.write(community.reset)
        if case.slots:
            await self._remember(case.slots)

    async def say(
        self,
        text: str = "",
        *,
        payload: str = "",
        media: tuple[GivenMedia, ...] = (),
        point: tuple[float, float] | None = None,
        metadata: Mapping[str, Any] | None = None,
    ) -> TurnSeen:
        """Give one message and report the turn."""
        del metadata
        files = tuple([await self._file(given) for given in media])
        kind: InboundKind = "media" if files else "location" if point else "text"
        return await self._hear([self._event(payload or text, kind, files, point)])

    async def burst(self, texts: Sequence[str]) -> TurnSeen:
        """Give several messages that are all there before the first is read."""
        return await self._hear([self._event(text) for text in texts])

    async def wait(self, seconds: int) -> TurnSeen:
        """Let time pass in a few hops, each with the jobs that are due, and report what the person was told unasked."""
        from bot.service import make_clockwork  # the whole service: only a script in which time passes needs it

        clockwork = make_clockwork(self._services)
        services, end = self._services, self._clock.now() + timedelta(seconds=seconds)
        hop = max(_LEAST_HOP, timedelta(seconds=seconds) / _HOPS)
        before = await services.database.read(lambda uow: uow.conversations.load(self._conversation_id))
        services.runner.outcomes = []
        while (now := self._clock.now()) < end:
            self._clock.set(min(now + hop, end))
            await clockwork.fire_all()
            await services.lanes.idle()
        seen = self._seen()
        told = await self._told_besides(before.seq if before else 0, seen)
        return replace(seen, replies=(*seen.replies, *told))

    async def _hear(self, events: list[Inbound]) -> TurnSeen:
        services = self._services
        services.runner.outcomes = []
        await services.inbox.accept(events)
        await services.lanes.idle()
        return self._seen()

    def _event(
        self,
        text: str,
        kind: InboundKind = "text",
        media: tuple[Media, ...] = (),
        point: tuple[float, float] | None = None,
    ) -> Inbound:
        self._message += 1
        return Inbound(
            key=f"m{self._message}",
            sent_at=self._clock.now(),
            address=self._address,
            kind=kind,
            text=text,
            media=media,
            point=point,
        )

    def _seen(self) -> TurnSeen:
        """Report the turns of this conversation since the last look."""
        every, self._services.runner.outcomes = self._services.runner.outcomes or [], None
        outcomes = [each for each in every if each.conversation_id == self._conversation_id]
        return TurnSeen(
            replies=tuple(
                ReplySeen(said.response, said.text, said.buttons) for outcome in outcomes for said in outcome.replies
            ),
            effects=tuple(effect for outcome in outcomes for effect in outcome.effects),
            slots=outcomes[-1].slots if outcomes else {},
        )

    async def _told_besides(self, after_seq: int, seen: TurnSeen) -> tuple[ReplySeen, ...]:
        """Return what was queued for the person outside any turn: notices, and what staff wrote."""
        items = await self._services.database.read(
            lambda uow: uow.outbox.transcript(self._conversation_id, after_seq, _MOST_TOLD)
        )
        known = {reply.text for reply in seen.replies}
        return tuple(
            ReplySeen(str(item.payload.get("response", "")), str(item.payload.get("text", "")))
            for item in items
            if item.direction == "out" and item.payload.get("text") not in known
        )

    @property
    def _address(self) -> Address:
        return Address(_CHANNEL, _ACCOUNT, f"persona-{self._person}")

    @property
    def _conversation_id(self) -> str:
        return self._services.conversation_id(self._address.key)

    async def _file(self, given: GivenMedia) -> Media:
        """Keep a small file of the kind that its name tells: «foto-40MB.jpg» is too large, «risa.webp» a sticker."""
        size = re.search(r"(\d+)MB", given.name)
        if size:
            return Media("image", "heavy", given.mime, int(size[1]) * 1_000_000, given.name)
        content, kind = _FILES.get(given.mime, (_PIXEL, "image"))
        kept = await self._services.intake.keep(self._conversation_id, content, name=given.name, kind=kind)
        return Media(kind, f"file:{kept.get('file_id', 'none')}", given.mime, len(content), given.name)

    async def _remember(self, slots: Mapping[str, Any]) -> None:
        name, now = self._conversation_id, self._clock.now()
        talk = Talk(Conversation(name, slots=dict(slots)))
        address = {"channel": _CHANNEL, "account": _ACCOUNT, "user": self._address.user}

        def write(uow: Any) -> None:
            uow.conversations.create(name, address, now)
            if slots.get("cuenta_verificada") and slots.get("cuenta"):
                # A script that says so is about somebody who has proved the account before.
                persons.verify(uow, name, str(slots["cuenta"]), ids=self._services.ids, now=now)
            if slots.get("lider_estado") == "verificado":
                _verified_leader(uow, name, slots.get("sectores_lider") or (), now)
            uow.conversations.save(
                name, expected_version=0, state=talk.to_json(), seq=0, mode="bot", last_inbound_at=now, now=now
            )

        await self._services.database.write(write)


def _forget_people(uow: UnitOfWork) -> None:
    for row in (PersonAccountRow, PersonLinkRow, PersonRow, OneTimeCodeRow, AttemptRow):
        uow.conn.execute(delete(table(row)))


def _verified_leader(uow: UnitOfWork, conversation_id: str, sectors: Sequence[str], now: datetime) -> None:
    """Note that whoever writes here was verified as a leader before, as a fixture says."""
    number = uow.leaders.request(
        conversation_id=conversation_id, rol="jac", persona={}, sectores=list(sectors), anexos=(), at=now
    )
    if number is not None:
        until = local_date(now) + timedelta(days=300)
        uow.leaders.decide(
            number, expected="SOLICITADO", estado="VERIFICADO", at=now, desde_on=local_date(now), hasta_on=until
        )


@asynccontextmanager
async def simulator(
    settings: Settings, now: datetime, *, understanding: Understanding | None = None
) -> AsyncIterator[TrueSimulator]:
    """Open a simulator over a database of its own, with the demo utility in it; all of it is gone at the end."""
    from bot.demo import plant

    with tempfile.TemporaryDirectory(prefix="atiende-") as folder:
        mine = settings.model_copy(
            update={"data_dir": Path(folder), "database_url": f"sqlite:///{folder}/atiende.db", "mode": "test"}
        )
        clock = FrozenClock(now)
        database = Database.open(mine.database_url, make_keyring(mine), safe=False)
        database.upgrade()
        plant(database, now=now, settings=mine)
        services = await open_services(
            mine, clock=clock, ids=SequenceIds(), database=database, understanding=understanding, channels={}
        )
        stubs = StubbedActions(services.actions)
        services.runner.thinker.actions = stubs
        try:
            yield TrueSimulator(services, clock, stubs)
        finally:
            await services.close()
