"""Telegram before the contract: the real library against the fake Bot API, everything checked by its specification."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Self

from bot.channels.base import Address, Inbound, Receipt, Say, Sent
from bot.channels.telegram.channel import SECRET_HEADER, TelegramChannel
from bot.channels.words import load_words
from bot.kernel.clock import SystemClock
from tests.channels.contract import PDF, Bubble, ChannelCase, Payload, Trouble
from tests.support.bot_api_spec import bot_api_if_here
from tests.support.fake_telegram import PERSON, TOKEN, Failure, FakeTelegram

WORDS = load_words(Path(__file__).parents[2] / "dialogs" / "catalog" / "canales.yml").telegram
SECRET = "un-secreto_de-prueba"
READ_TIMEOUT_S = 0.04


def make_channel(fake: FakeTelegram, **changes: Any) -> TelegramChannel:
    settings: dict[str, Any] = {
        "token": TOKEN,
        "words": WORDS,
        "documents": lambda ref: (PDF, "constancia.pdf", "application/pdf"),
        "clock": SystemClock(),
        "api_url": fake.url,
        "secret": SECRET,
        "poll_wait_s": 1,
        "first_pause_s": 0.01,
        **changes,
    }
    return TelegramChannel(**settings)


async def hurry(channel: TelegramChannel) -> None:
    """Let calls time out soon, so that a stalling provider costs a test no seconds."""
    bot = await channel.bot()
    client = bot._request[1]._client
    client.timeout = client.timeout.__class__(5.0, read=READ_TIMEOUT_S)


class Case(ChannelCase):
    def __init__(self) -> None:
        self.fake = FakeTelegram(bot_api_if_here())
        self.secrets = (TOKEN, TOKEN.partition(":")[2], SECRET)

    async def __aenter__(self) -> Self:
        await self.fake.__aenter__()
        self.channel = self.telegram = make_channel(self.fake)
        await hurry(self.telegram)
        self.to = Address("telegram", self.telegram.account, str(PERSON))
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.telegram.close()
        await self.fake.__aexit__()
        assert self.fake.problems == []

    def _payload(self, update: dict[str, Any]) -> Payload:
        return Payload(json.dumps(update).encode(), {SECRET_HEADER: SECRET})

    def text(self, text: str, *, number: int = 1) -> Payload:
        update = self.fake.update(text=text)
        return self._payload({**update, "update_id": 900_000 + number})

    def sent_later(self, text: str, seconds: int) -> Payload:
        update = self.fake.update(text=text)
        update["message"]["date"] += seconds
        return self._payload({**update, "update_id": 900_001 + seconds})

    def choice(self, token: str) -> Payload:
        return self._payload(self.fake.pressed(token))

    def media(self) -> Payload:
        self.fake.files["documents/recibo"] = PDF
        document = {
            "file_id": "recibo",
            "file_unique_id": "u",
            "file_name": "recibo.pdf",
            "mime_type": "application/pdf",
            "file_size": len(PDF),
        }
        return self._payload(self.fake.update(document=document, caption="mi recibo"))

    def location(self, lat: float, lon: float) -> Payload:
        return self._payload(self.fake.update(location={"latitude": lat, "longitude": lon}))

    async def batch(self, texts: Sequence[str]) -> Sequence[Inbound | Receipt]:
        from bot.channels.telegram.poll import LongPoll

        got: list[Inbound] = []

        async def accept(events: Iterable[Inbound]) -> None:
            got.extend(events)

        for text in texts:
            self.fake.push(self.fake.update(text=text))
        await LongPoll(await self.telegram.bot(), self.telegram.parse_update, accept, wait_s=1).once()
        return got

    def unsigned(self) -> Payload:
        return Payload(self.text("hola").body, {SECRET_HEADER: SECRET[:-1] + "x"})

    def malformed(self) -> Sequence[Payload]:
        bodies = [
            b"",
            b"{",
            b"[]",
            b"null",
            b'{"a": 1}',
            b'{"update_id": "1"}',
            b'{"update_id": true}',
            b"[" * 20_000,
            b"\xff",
        ]
        return [Payload(body, {SECRET_HEADER: SECRET}) for body in bodies]

    def too_large(self) -> Payload:
        return Payload(b'{"update_id": 1, "message": "' + b"x" * 1_000_000 + b'"}', {SECRET_HEADER: SECRET})

    def trouble(self, kind: Trouble) -> None:
        failure = {
            "slow_down": Failure.too_many(7),
            "provider_error": Failure.server_error(503),
            "unreadable_answer": Failure.html(),
            "timeout_after_acceptance": Failure.stall(),
            "reset": Failure.reset(),
            "blocked": Failure.blocked(),
            "halted": Failure.unauthorized(),
        }[kind]
        self.fake.fail("sendMessage", failure)

    async def show(self, say: Say, our_key: str) -> tuple[Sent, Sequence[Bubble]]:
        known = len(self.fake.delivered[PERSON])
        asked = len(self.fake.calls)
        sent = await self.channel.send(self.to, say, our_key)
        keyboards = [
            json.loads(call.fields.get("reply_markup", "null")) for call in self.fake.calls[asked:] if call.accepted
        ]
        return sent, [
            _bubble(message, keyboard)
            for message, keyboard in zip(self.fake.delivered[PERSON][known:], keyboards, strict=True)
        ]


def _bubble(message: dict[str, Any], keyboard: dict[str, Any] | None) -> Bubble:
    inline = (keyboard or {}).get("inline_keyboard", [])
    keys = [button for row in (keyboard or {}).get("keyboard", []) for button in row]
    asks = "location" if any("request_location" in key for key in keys) else ""
    return Bubble(
        text=message.get("text", ""),
        options=tuple(button["text"] for row in inline for button in row),
        file=message.get("document", {}).get("file_name", ""),
        asks=asks,
    )
