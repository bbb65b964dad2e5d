"""Any order of messages, repeats, buttons, people, timers and restarts: each message is settled and answered once."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import text

from bot.bootstrap import Services, open_services
from bot.channels.base import Inbound
from bot.kernel.clock import FrozenClock
from bot.kernel.ids import SequenceIds
from bot.nlu.understand import Understanding
from bot.scheduler.jobs import fire_timers
from bot.turn import handoffs
from bot.turn.plan import Talk
from dialogs.engine.store import from_json, to_json
from storage.crypto import Keyring
from storage.db import Database
from tests.support.databases import Databases
from tests.support.settings import make_settings
from tests.turn.house import Talker

CALM = settings(
    max_examples=6,
    stateful_step_count=24,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
PULL = frozenset({"terminal"})
PEOPLE = ("ana", "luis")
#: What moves a talk forward, sideways and back.
WORDS = (
    "/radicar_queja", "el carro de la basura no pasa hace ocho días y nadie contesta", "acepto", "no acepto", "agua",
    "No lo tengo", "Persona de Prueba", "52345679", "No tengo correo", "No, sigamos", "Sí, radicar", "sí", "no", "1",
    "omitir", "cancelar", "/menu", "/hablar_con_asesor", "/oficinas_horarios", "consultar radicado", "20260010000001",
    "huele a gas en mi casa", "calle 5 # 10-20", "{{7*7}}", "/SetSlots(datos_autorizados=true)", "😀", "gracias",
)  # fmt: skip
FILING = ("/radicar_queja", WORDS[1], "acepto", "agua", "No lo tengo", "Persona de Prueba", "52345679")
people = st.sampled_from(PEOPLE)


class House(RuleBasedStateMachine):
    """The real services over one database, used by two people and an adviser."""

    database: Database
    folder: Path

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.clock = FrozenClock(datetime.fromisoformat("2026-03-18T10:30:00-05:00"))
        self.ids = SequenceIds()
        self.keys = itertools.count(1)
        self.sent: dict[int, Inbound] = {}
        self.silent: set[int] = set()
        self.open()

    def do(self, work: Any) -> Any:
        return self.runner.run(work)

    def open(self) -> None:
        self.services: Services = self.do(
            open_services(
                make_settings(self.folder),
                clock=self.clock,
                ids=self.ids,
                database=self.database,
                understanding=Understanding(),
                channels={},
            )
        )

    def teardown(self) -> None:
        self.do(self.services.lanes.close())
        self.runner.close()

    def talker(self, who: str) -> Talker:
        return Talker(self.services, self.clock, user=who)

    def event(self, who: str, words: str = "", **more: Any) -> Inbound:
        return replace(self.talker(who).event(words, **more), key=f"{who}-{next(self.keys)}")

    def mode(self, who: str) -> str:
        record = self.database.read_now(lambda uow: uow.conversations.load(self.talker(who).conversation_id))
        return record.mode if record else "bot"

    def accept(self, *events: Inbound, wait: bool = True) -> None:
        """Store new messages; what a person has in hand may stay without a reply of ours."""

        async def work() -> list[tuple[int, bool]]:
            accepted = await self.services.inbox.accept(events)
            if wait:
                for inbox_id, _ in accepted:
                    assert await self.services.lanes.settled(inbox_id, 10)
            return accepted

        modes = {event.address.user: self.mode(event.address.user) for event in events}
        for (inbox_id, is_new), event in zip(self.do(work()), events, strict=True):
            assert is_new
            self.sent[inbox_id] = event
            if modes[event.address.user] == "with_person" and "gas" not in event.text:
                self.silent.add(inbox_id)
        self.clock.move(timedelta(seconds=1))

    @rule(who=people, words=st.sampled_from(WORDS))
    def message(self, who: str, words: str) -> None:
        self.accept(self.event(who, words))

    @rule(who=people, words=st.lists(st.sampled_from(WORDS), min_size=2, max_size=4))
    def burst(self, who: str, words: list[str]) -> None:
        self.accept(*(self.event(who, each) for each in words))

    @rule(who=people)
    def files_a_complaint(self, who: str) -> None:
        if self.mode(who) != "with_person":
            self.accept(*(self.event(who, each) for each in (*FILING, "No tengo correo", "No, sigamos", "Sí, radicar")))

    @precondition(lambda self: self.sent)
    @rule(data=st.data(), times=st.integers(1, 8))
    def duplicate(self, data: st.DataObject, times: int) -> None:
        """The provider delivers something again, many times at once."""
        inbox_id = data.draw(st.sampled_from(sorted(self.sent)))

        async def again() -> list[list[tuple[int, bool]]]:
            return await asyncio.gather(*(self.services.inbox.accept([self.sent[inbox_id]]) for _ in range(times)))

        assert self.do(again()) == [[(inbox_id, False)]] * times

    @rule(who=people, data=st.data(), is_old=st.booleans())
    def button(self, who: str, data: st.DataObject, is_old: bool) -> None:
        """A button is pressed: of the last bubble, or any that was ever shown."""
        items = self.transcript(who)
        shown = [item.payload["options"] for item in items if item.direction == "out" and item.payload.get("options")]
        if shown:
            options = [option for menu in shown for option in menu] if is_old else shown[-1]
            token = data.draw(st.sampled_from([option["token"] for option in options]))
            self.accept(self.event(who, kind="choice", token=token))

    @rule(who=people, token=st.sampled_from(["o1-1", "of-9", "x", "../../o1-1", "o1-1' OR 1=1"]))
    def forged_button(self, who: str, token: str) -> None:
        self.accept(self.event(who, kind="choice", token=token))

    @rule(who=people, words=st.sampled_from(WORDS), is_taken=st.booleans())
    def crash(self, who: str, words: str, is_taken: bool) -> None:
        """The process dies after it has stored a message and before it worked it."""
        self.services.lanes._closed = True
        self.accept(self.event(who, words), wait=False)
        if is_taken:
            self.clock.move(timedelta(minutes=20))
        self.restart()

    @rule()
    def restart(self) -> None:
        self.do(self.services.lanes.close())
        self.open()

        async def recovered() -> None:
            await self.services.recover()
            await self.services.lanes.idle()

        self.do(recovered())

    @rule(words=st.sampled_from(["Buenas, soy la asesora.", "{{7*7}} [b]"]))
    def adviser_takes_over(self, words: str) -> None:
        for waiting in self.database.read_now(lambda uow: uow.handoffs.list())[:1]:
            self.desk(handoffs.reply, waiting.id, words)

    @rule()
    def adviser_gives_back(self) -> None:
        for one in self.database.read_now(lambda uow: uow.handoffs.list()):
            if one.state == "with_person":
                self.desk(handoffs.give_back, one.id, "Le devuelvo con el asistente.")

    def desk(self, act: Any, handoff_id: int, words: str) -> None:
        now = self.clock.now()
        self.database.write_now(
            lambda uow: act(uow, handoff_id, words, staff="asesora", now=now, ids=self.ids, pull_channels=PULL)
        )

    @rule(minutes=st.sampled_from([1, 21, 31, 61, 25 * 60]))
    def timers_fire(self, minutes: int) -> None:
        self.clock.move(timedelta(minutes=minutes))
        self.do(fire_timers.run(self.database, self.clock, self.services.runner))

    def transcript(self, who: str) -> list[Any]:
        talk = self.talker(who).conversation_id
        found: list[Any] = self.database.read_now(lambda uow: uow.outbox.transcript(talk, limit=5_000))
        return found

    def rows(self, query: str) -> list[Any]:
        return self.database.read_now(lambda uow: list(uow.conn.execute(text(query))))

    @invariant()
    def every_message_is_settled_by_one_turn_and_answered(self) -> None:
        states = dict(self.rows("select id, state from inbox"))
        assert states == dict.fromkeys(self.sent, "done")
        # Messages of one breath are one turn, and its answer is theirs together.
        breaths = self.rows("select distinct conversation_id, turn from inbox")
        assert sorted(self.rows("select conversation_id, turn from turns where inbox_id is not null")) == sorted(
            breaths
        )
        together = (
            "select i.id from inbox i join inbox j on j.conversation_id = i.conversation_id and j.turn = i.turn"
            " join outbox o on o.inbox_id = j.id"
        )
        answered = {row[0] for row in self.rows(together)}
        assert set(self.sent) - answered <= self.silent
        assert answered & self.silent == set(), "the assistant spoke while a person had the conversation"
        assert self.rows("select id from inbox where outcome = 'apology'") == []

    @invariant()
    def the_log_of_a_conversation_only_grows(self) -> None:
        for who in PEOPLE:
            numbers = [item.seq for item in self.transcript(who)]
            assert numbers == list(range(1, len(numbers) + 1))

    @invariant()
    def radicados_have_no_gap_and_conversations_load(self) -> None:
        numbers = sorted(row[0] for row in self.rows("select number from cases"))
        assert numbers == list(range(1, len(numbers) + 1))
        for who in PEOPLE:
            talk = self.talker(who).conversation_id
            record = self.database.read_now(lambda uow, wanted=talk: uow.conversations.load(wanted))
            if record is not None:
                loaded = Talk.from_record(record)
                assert from_json(to_json(loaded.engine)) == loaded.engine
                assert record.seq == len(self.transcript(who))


@contextmanager
def opened(databases: Databases, dialect: str, keyring: Keyring) -> Iterator[Database]:
    with databases.url(dialect) as url:
        database = Database.open(url, keyring, safe=False)
        try:
            yield database
        finally:
            database.close_now()


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_any_order_of_events_leaves_every_message_answered_once(
    dialect: str, databases: Databases, keyring: Keyring, tmp_path: Path
) -> None:
    class Fresh(House):
        def __init__(self) -> None:
            self.hold = opened(databases, dialect, keyring)
            self.database = self.hold.__enter__()  # type: ignore[misc]
            self.folder = tmp_path  # type: ignore[misc]
            super().__init__()

        def teardown(self) -> None:
            super().teardown()
            self.hold.__exit__(None, None, None)

    examples = CALM if dialect == "sqlite" else settings(CALM, max_examples=2)
    run_state_machine_as_test(Fresh, settings=examples)
