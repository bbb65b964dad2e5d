"""Telegram as it runs: polling, webhook, courtesies, the menu of commands, and troubles of all these."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

import bot.channels.telegram
from bot.channels.base import Address, Inbound, Media, Option, Say
from bot.channels.registry import webhook_routes
from bot.channels.telegram.channel import SECRET_HEADER, TelegramChannel
from bot.channels.telegram.parse import ALLOWED_UPDATES, AnswerCallback, RefuseGroup
from bot.channels.telegram.poll import LongPoll
from bot.channels.telegram.setup import show_commands, use_polling, use_webhook
from bot.kernel.clock import SystemClock
from bot.nlu.understand import Understanding
from dialogs.engine.commands import CancelFlow, HumanHandoff, StartFlow
from dialogs.engine.conversation import Conversation
from dialogs.engine.decide import decide
from tests.channels.case_telegram import SECRET, WORDS, make_channel
from tests.support.bot_api_spec import bot_api
from tests.support.fake_telegram import PERSON, Failure, FakeTelegram
from tests.support.settings import ROOT, make_settings, with_model
from tests.support.shipped import load_once


class FakeInbox:
    """Keeps events by key, as the inbox does; ``fails`` many times first."""

    def __init__(self, fails: int = 0) -> None:
        self.fails = fails
        self.kept: dict[str, Inbound] = {}
        self._came = asyncio.Event()

    async def accept(self, events: Iterable[Inbound]) -> None:
        if self.fails:
            self.fails -= 1
            raise OSError("the database is away")
        self.kept.update({event.key: event for event in events})
        self._came.set()

    async def texts(self, count: int) -> list[str]:
        async with asyncio.timeout(5):
            while len(self.kept) < count:
                self._came.clear()
                await self._came.wait()
        return [event.text for event in self.kept.values()]


class Running:
    """A channel that serves while the block lasts."""

    def __init__(self, channel: TelegramChannel, inbox: FakeInbox) -> None:
        self._channel, self._inbox = channel, inbox
        self._stop = asyncio.Event()

    async def __aenter__(self) -> FakeInbox:
        self._task = asyncio.create_task(self._channel.serve(self._inbox.accept, self._stop))
        return self._inbox

    async def __aexit__(self, *_: object) -> None:
        self._stop.set()
        await asyncio.wait_for(self._task, 5)


async def until(condition: Callable[[], Any]) -> None:
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110 - the fake has no event for everything
            await asyncio.sleep(0.002)


def methods(fake: FakeTelegram) -> list[str]:
    return [call.method for call in fake.calls]


async def test_polling_brings_updates_and_confirms_them_only_after_their_commit(
    telegram: TelegramChannel, fake: FakeTelegram
) -> None:
    first, second = fake.push(fake.update(text="uno")), fake.push(fake.update(text="dos"))
    async with Running(telegram, FakeInbox(fails=2)) as inbox:
        assert await inbox.texts(2) == ["uno", "dos"]
        fake.push(fake.update(text="tres"))
        assert await inbox.texts(3) == ["uno", "dos", "tres"]

    offsets = [call.fields.get("offset") for call in fake.calls if call.method == "getUpdates"]
    assert offsets[:3] == [None, None, None]
    assert str(second["update_id"] + 1) in offsets
    assert str(first["update_id"] + 1) not in offsets
    assert json.loads(fake.calls[-1].fields["allowed_updates"]) == list(ALLOWED_UPDATES)


async def test_polling_gives_up_a_webhook_and_sets_the_menu_of_commands(
    telegram: TelegramChannel, fake: FakeTelegram
) -> None:
    async with Running(telegram, FakeInbox()):
        await until(lambda: fake.commands)

    assert methods(fake)[0] == "deleteWebhook"
    assert [command["command"] for command in fake.commands] == [command.name for command in WORDS.commands]


async def test_one_strange_update_does_not_hold_up_those_behind_it(
    telegram: TelegramChannel, fake: FakeTelegram, caplog: pytest.LogCaptureFixture
) -> None:
    fake.push({"message": {"message_id": 1, "date": "ayer", "chat": 5}})
    fake.push({"my_chat_member": []})
    fake.push(fake.update(text="después"))
    async with Running(telegram, FakeInbox()) as inbox:
        assert "después" in await inbox.texts(1)

    fake.problems.clear()  # the description of the API finds them strange, too
    assert "después" not in caplog.text


@pytest.mark.parametrize(
    "failure",
    [Failure.server_error(), Failure.too_many(1), Failure.html(), Failure.half_json(), Failure.reset()],
    ids=["502", "429", "html", "half json", "reset"],
)
async def test_polling_waits_trouble_out(telegram: TelegramChannel, fake: FakeTelegram, failure: Failure) -> None:
    failure.accept = False
    if failure.parameters:
        failure.parameters = {"retry_after": 0.01}
        failure.status = 500
    fake.fail("getUpdates", failure, failure)
    fake.push(fake.update(text="al fin"))
    async with Running(telegram, FakeInbox()) as inbox:
        assert await inbox.texts(1) == ["al fin"]


async def test_a_setup_that_fails_is_tried_until_it_works(telegram: TelegramChannel, fake: FakeTelegram) -> None:
    fake.fail("deleteWebhook", Failure.server_error(), Failure.unauthorized())
    fake.fail("setMyCommands", Failure.server_error())
    fake.push(fake.update(text="hola"))
    async with Running(telegram, FakeInbox()) as inbox:
        assert await inbox.texts(1) == ["hola"]
        await until(lambda: fake.commands)


async def test_a_pressed_button_is_answered_so_that_it_stops_turning(
    telegram: TelegramChannel, fake: FakeTelegram
) -> None:
    fake.push(fake.pressed("o1-1"))
    async with Running(telegram, FakeInbox()):
        await until(lambda: fake.sent("answerCallbackQuery"))

    assert fake.sent("answerCallbackQuery")[0].fields["callback_query_id"] == "4382bfdwdsb323b2d9"


async def test_a_courtesy_that_fails_is_forgotten(telegram: TelegramChannel, fake: FakeTelegram) -> None:
    fake.fail("answerCallbackQuery", Failure.bad_request("query is too old and response timeout expired"))
    fake.push(fake.pressed("o1-1"))
    async with Running(telegram, FakeInbox()) as inbox:
        assert await inbox.texts(1) == ["Sí"]
        await until(lambda: "answerCallbackQuery" in methods(fake))
        fake.push(fake.pressed("o1-2"))
        await until(lambda: fake.sent("answerCallbackQuery"))


async def test_a_group_is_told_once_why_and_left(telegram: TelegramChannel, fake: FakeTelegram) -> None:
    group = {"id": -100_500, "type": "group", "title": "Vecinos"}
    fake.push(fake.member("member", "group"))
    fake.push(fake.update(text="/menu", chat=group))
    async with Running(telegram, FakeInbox()) as inbox:
        await until(lambda: fake.left)
        await telegram.pay_courtesies()

    assert inbox.kept == {}
    assert fake.texts(-100_500) == [WORDS.group]
    assert fake.left == [-100_500]


async def test_a_group_where_we_may_not_write_is_left_all_the_same(
    telegram: TelegramChannel, fake: FakeTelegram
) -> None:
    fake.fail("sendMessage", Failure.bad_request("not enough rights to send text messages to the chat"))
    fake.push(fake.member("member", "supergroup"))
    async with Running(telegram, FakeInbox()):
        await until(lambda: fake.left)


async def test_a_webhook_is_set_with_its_secret_under_a_path_that_nobody_guesses(fake: FakeTelegram) -> None:
    telegram = make_channel(fake, mode="webhook", public_url="https://atencion.empresa.example/")
    ((path, method, parse),) = webhook_routes(telegram)
    async with Running(telegram, FakeInbox()):
        await until(lambda: fake.webhook and fake.commands)
    await telegram.close()

    assert fake.webhook is not None
    assert fake.webhook["url"] == f"https://atencion.empresa.example/webhooks/telegram/{path}"
    assert fake.webhook["secret_token"] == SECRET
    assert json.loads(fake.webhook["allowed_updates"]) == list(ALLOWED_UPDATES)
    assert (method, len(path)) == ("POST", 32)
    assert SECRET not in path
    body = json.dumps(fake.update(text="hola")).encode()
    assert [event.text for event in parse(body, {SECRET_HEADER.title(): SECRET})] == ["hola"]
    assert "getUpdates" not in methods(fake)


def test_a_channel_that_polls_opens_no_door(fake: FakeTelegram) -> None:
    assert webhook_routes(make_channel(fake)) == []


def test_without_a_secret_nobody_may_push(fake: FakeTelegram) -> None:
    from bot.kernel.errors import BadSignature

    with pytest.raises(BadSignature):
        make_channel(fake, secret="").parse(b"{}", {SECRET_HEADER: ""})


async def test_a_poll_ends_at_once_when_the_service_stops(telegram: TelegramChannel, fake: FakeTelegram) -> None:
    telegram._poll_wait_s = 50
    async with Running(telegram, FakeInbox()):
        await until(lambda: fake.commands)


def test_every_link_and_command_begins_something_and_keeps_to_what_telegram_allows() -> None:
    """Links stand on posters and bills for years: each must say what the understanding of the house takes up."""
    dialogs, understanding = load_once(ROOT / "dialogs"), Understanding.open(with_model(make_settings(ROOT / "var")))
    lost = []
    for name, text in [*((link.name, link.text) for link in WORDS.links), *((c.name, c.text) for c in WORDS.commands)]:
        said = text.replace("{valor}", "20260010000012" if name == "caso" else "la esperanza")
        heard = understanding.hear(said, conversation=Conversation("c"), dialogs=dialogs, now=SystemClock().now())
        found = decide(Conversation("c"), heard, dialogs)
        if not any(isinstance(command, StartFlow | HumanHandoff | CancelFlow) for command in found):
            lost.append((name, found))
    assert lost == []
    assert len({link.name for link in WORDS.links}) == len(WORDS.links)


async def test_every_method_that_we_call_is_checked_by_the_description_of_the_api(
    telegram: TelegramChannel, fake: FakeTelegram
) -> None:
    """The fake holds each request, with its files, and each answer against the description; here are all of them."""
    source = "".join(
        path.read_text(encoding="utf-8") for path in Path(bot.channels.telegram.__file__).parent.glob("*.py")
    )
    called = {_camel(name) for name in re.findall(r"bot\.([a-z]+(?:_[a-z]+)+)\(", source)}
    fake.files["documents/foto"] = b"x"
    address = Address("telegram", telegram.account, str(PERSON))
    media = (Media("image", "a", "image/png"), Media("document", "b", "application/pdf"))
    telegram._documents = lambda ref: (b"x", "a.png", "image/png" if ref == "a" else "application/pdf")
    await telegram.send(address, Say("hola", (Option("o1-1", "Sí"),), media), "k1")
    await telegram.fetch("foto")
    inner = await telegram.bot()
    await use_polling(inner)
    await use_webhook(inner, "https://agua.example/webhooks/telegram/x", SECRET)
    await show_commands(inner, WORDS)
    telegram._owe([AnswerCallback("1"), RefuseGroup(-5)])
    await telegram.pay_courtesies()
    fake.push(fake.update(text="hola"))
    await LongPoll(inner, telegram.parse_update, FakeInbox().accept, wait_s=1).once()

    assert {call.method for call in fake.calls} == called
    assert {call.answered for call in fake.calls} == {200}
    assert fake.problems == []
    # And each of them would be caught: without what it requires, with what it does not know, with another type.
    spec = bot_api()
    for call in fake.calls:
        files = {name: content for name, (_, content) in call.files.items()}
        assert spec.check_request(call.method, {**call.fields, "no_existe": "1"}, files)
        for field in spec.methods[call.method].get("fields", ()):
            if field["required"]:
                rest = {name: value for name, value in call.fields.items() if name != field["name"]}
                assert spec.check_request(call.method, rest, {name: b"" for name in files if name != field["name"]})


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.title() for part in rest)
