"""Messages in one breath are one turn; danger, buttons, orders and numbers are answers of their own."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from bot.channels.base import Address, Inbound, Media
from bot.turn.bursts import breath, hold_of, joined
from bot.turn.lanes import Lanes
from tests.turn.house import Talker

WORDS = {"cancelar": frozenset({"cancelar", "dejemos asi"})}
PHOTO = Media("image", "a", "image/png")


def event(clock: Any, text: str = "", *, after_s: float = 0, channel: str = "telegram", **more: Any) -> Inbound:
    given = {"key": text, "address": Address(channel, "b", "1"), "kind": "text", "text": text}
    return Inbound(sent_at=clock.now() + timedelta(seconds=after_s), **{**given, **more})


def count(clock: Any, *texts: str, **more: Any) -> int:
    return breath([event(clock, text, **more) for text in texts], WORDS, lambda text: text == "Agua")


def test_words_in_a_row_are_one_breath(clock: Any) -> None:
    assert count(clock, "no hay agua", "desde ayer", "en la esperanza") == 3


@pytest.mark.parametrize("alone", ["Dejemos así", "2", "/menu", "Agua", "huele mucho a gas", ""])
def test_what_is_an_answer_of_its_own_is_not_joined_to_words(clock: Any, alone: str) -> None:
    assert count(clock, "no hay agua", alone, "desde ayer") == 1
    assert count(clock, alone, "no hay agua") == 1


def test_what_was_written_minutes_apart_is_not_one_breath(clock: Any) -> None:
    assert breath([event(clock, "hola"), event(clock, "ya pagué", after_s=21)], {}, bool) == 1
    assert breath([event(clock, "hola"), event(clock, "ya vi", after_s=19)], {}, lambda _: False) == 2


def test_an_album_is_one_message_and_a_caption_is_not_swallowed(clock: Any) -> None:
    photo = event(clock, kind="media", media=(PHOTO,))
    captioned = event(clock, "este es el daño", kind="media", media=(PHOTO,))
    assert breath([photo, photo, captioned, photo], {}, bool) == 2
    assert joined([photo, photo]).media == (PHOTO, PHOTO)


def test_forty_times_the_same_is_said_once(clock: Any) -> None:
    same = [event(clock, "no hay agua") for _ in range(40)]
    assert breath(same, {}, lambda _: False) == 12
    assert joined(same[:12]).text == "no hay agua"


def test_only_who_may_still_be_typing_is_waited_for(clock: Any) -> None:
    assert hold_of(event(clock, "no hay agua"), WORDS, 1.5) == 1.5
    assert hold_of(event(clock, kind="media", media=(PHOTO,)), WORDS, 1.5) == 1.5
    for text in ("hay un cable caído echando chispas", "cancelar", "3", "/menu"):
        assert hold_of(event(clock, text), WORDS, 1.5) == 0
    assert hold_of(event(clock, "Agua", kind="choice", token="o1-1"), WORDS, 1.5) == 0
    assert hold_of(event(clock, "no hay agua", channel="rest"), WORDS, 1.5) == 0
    assert hold_of(event(clock, "no hay agua"), WORDS, 0) == 0


class Worker:
    def __init__(self) -> None:
        self.at: list[float] = []

    async def work(self, conversation_id: str) -> list[int]:
        self.at.append(asyncio.get_running_loop().time())
        return []


async def settled(_: int) -> bool:
    return True


async def test_a_lane_waits_for_the_end_of_a_breath_but_not_for_ever() -> None:
    worker, began = Worker(), asyncio.get_running_loop().time()
    lanes = Lanes(worker, is_settled=settled, most_held_s=0.12)
    for _ in range(6):
        lanes.wake("c", 0.05)
        await asyncio.sleep(0.03)
    await lanes.idle()
    assert worker.at[0] - began >= 0.11
    assert len(worker.at) <= 2


async def test_what_cannot_wait_ends_the_wait_and_recovery_does_not() -> None:
    worker, began = Worker(), asyncio.get_running_loop().time()
    lanes = Lanes(worker, is_settled=settled, most_held_s=30)
    lanes.wake("c", 30)
    lanes.wake("c")
    await asyncio.sleep(0.02)
    assert worker.at == []
    lanes.wake("c", 0)
    await lanes.idle()
    assert worker.at
    assert worker.at[0] - began < 5


async def test_closing_works_what_was_held_back() -> None:
    worker = Worker()
    lanes = Lanes(worker, is_settled=settled, most_held_s=30)
    lanes.wake("c", 30)
    await lanes.close()
    assert len(worker.at) == 1


async def test_a_breath_is_one_turn_and_every_message_is_settled_in_order(talker: Talker) -> None:
    await talker.say("/radicar_queja")
    texts = ("el carro de la basura no pasó", "ni ayer ni antier", "barrio la esperanza")
    accepted = await talker.services.inbox.accept([talker.event(text) for text in texts])
    await talker.services.lanes.idle()

    rows = await talker.services.database.read(lambda uow: [uow.inbox.get(inbox_id) for inbox_id, _ in accepted])
    assert {(row.state, row.turn) for row in rows if row} == {("done", 2)}
    replies = await talker.services.database.read(lambda uow: uow.outbox.of_inbox(accepted[-1][0]))
    assert [reply.payload["response"] for reply in replies] == ["pedir_autorizacion.pide_decision_datos"]
    items = await talker.services.database.read(lambda uow: uow.outbox.transcript(talker.conversation_id))
    assert [item.payload["text"] for item in items if item.direction == "in"] == ["/radicar_queja", *texts]
    assert [item.seq for item in items] == sorted({item.seq for item in items})


async def test_danger_in_the_middle_of_a_breath_is_a_turn_of_its_own(talker: Talker) -> None:
    texts = ("hola buenas", "una pregunta", "huele a gas en la cocina")
    accepted = await talker.services.inbox.accept([talker.event(text) for text in texts])
    await talker.services.lanes.idle()
    replies = await talker.services.database.read(lambda uow: uow.outbox.of_inbox(accepted[-1][0]))
    assert replies[0].payload["response"] == "emergencia.texto"
