"""WhatsApp before the contract: our own client against the Cloud API in memory."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Self

import httpx

from bot.channels.base import Address, Inbound, Receipt, Say, Sent
from bot.channels.whatsapp.channel import BODY_LIMIT, WhatsAppChannel
from bot.channels.whatsapp.signature import SIGNATURE_HEADER, sign
from bot.kernel.clock import SystemClock
from tests.channels.contract import PDF, Bubble, ChannelCase, Payload, Trouble
from tests.support.fake_whatsapp import (
    NUMBER_ID,
    PERSON,
    PHONE,
    TOKEN,
    URL,
    FakeWhatsApp,
    failure,
    message,
    value,
    webhook,
)

SECRET = "clave-de-la-aplicacion"
OLD_SECRET = "clave-anterior"
VERIFY = "palabra-de-verificacion"


def make_channel(fake: FakeWhatsApp, **changes: Any) -> WhatsAppChannel:
    settings: dict[str, Any] = {
        "number_id": NUMBER_ID,
        "token": TOKEN,
        "secrets": (SECRET, OLD_SECRET),
        "verify_token": VERIFY,
        "documents": lambda ref: (PDF, "constancia.pdf", "application/pdf"),
        "clock": SystemClock(),
        "api_url": URL,
        "transport": fake.transport,
        **changes,
    }
    return WhatsAppChannel(**settings)


def signed(document: object, secret: str = SECRET) -> Payload:
    body = document if isinstance(document, bytes) else json.dumps(document, ensure_ascii=False).encode()
    return Payload(body, {SIGNATURE_HEADER: sign(body, secret)})


class Case(ChannelCase):
    secrets = (TOKEN, SECRET, OLD_SECRET, VERIFY)

    async def __aenter__(self) -> Self:
        self.fake = FakeWhatsApp()
        self.channel = self.whatsapp = make_channel(self.fake)
        self.to = Address("whatsapp", NUMBER_ID, PERSON, phone=f"+{PHONE}")
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.whatsapp.close()
        assert self.fake.problems == []
        assert {authorization for _, authorization in self.fake.authorizations} <= {f"Bearer {TOKEN}"}

    def text(self, text: str, *, number: int = 1) -> Payload:
        body = json.dumps(webhook(value(message("text", {"body": text}, number=number))), ensure_ascii=False).encode()
        # The contract puts broken characters into the body; Meta would sign what it sends.
        return signed(body.replace(b"hola", rb"ho\u0000la \ud83d") if text == "hola" else body)

    def sent_later(self, text: str, seconds: int) -> Payload:
        later = message("text", {"body": text}, number=1 + seconds)
        return signed(webhook(value({**later, "timestamp": str(int(later["timestamp"]) + seconds)})))

    def choice(self, token: str) -> Payload:
        reply = {"type": "button_reply", "button_reply": {"id": token, "title": "No, corregir"}}
        return signed(webhook(value(message("interactive", reply, context={"id": "wamid.sale"}))))

    def media(self) -> Payload:
        self.fake.files["2754859441498128"] = PDF
        document = {
            "id": "2754859441498128",
            "mime_type": "application/pdf",
            "filename": "recibo.pdf",
            "caption": "mi recibo",
        }
        return signed(webhook(value(message("document", document))))

    def location(self, lat: float, lon: float) -> Payload:
        return signed(webhook(value(message("location", {"latitude": lat, "longitude": lon}))))

    async def batch(self, texts: Sequence[str]) -> Sequence[Inbound | Receipt]:
        first, *rest = [message("text", {"body": text}, number=number) for number, text in enumerate(texts)]
        payload = signed(webhook(value(first), value(*rest)))
        return self.whatsapp.parse(payload.body, payload.headers)

    def unsigned(self) -> Payload:
        return Payload(self.text("buenas").body, {SIGNATURE_HEADER: "sha256=" + "0" * 64})

    def malformed(self) -> Sequence[Payload]:
        bodies = [b"", b"{", b"[]", b"null", b"{}", b"[" * 20_000, b"\xff", b'{"object": "page", "entry": []}']
        return [signed(body) for body in (*bodies, b'{"object": "whatsapp_business_account", "entry": {}}')]

    def too_large(self) -> Payload:
        return signed(b" " * (BODY_LIMIT + 1))

    def trouble(self, kind: Trouble) -> None:
        slow = failure(429, 130429)
        slow.headers["retry-after"] = "7"
        self.fake.next.append(
            {
                "slow_down": slow,
                "provider_error": httpx.Response(503, text="<html>"),
                "unreadable_answer": httpx.Response(200, text='{"messages": [{"id": "wam'),
                "timeout_after_acceptance": httpx.ReadTimeout("no answer"),
                "reset": httpx.ReadError("reset"),
                "blocked": failure(400, 131026),
                "halted": failure(401, 190),
                "closed_window": failure(400, 131047),
            }[kind]
        )

    async def show(self, say: Say, our_key: str) -> tuple[Sent, Sequence[Bubble]]:
        known = len(self.fake.sent)
        sent = await self.channel.send(self.to, say, our_key)
        return sent, [_bubble(body) for body in self.fake.sent[known:]]


def _bubble(body: dict[str, Any]) -> Bubble:
    kind = body["type"]
    if kind == "text":
        return Bubble(text=body["text"]["body"])
    if kind != "interactive":
        return Bubble(text=body[kind].get("caption", ""), file=body[kind].get("filename", ""))
    interactive = body["interactive"]
    action = interactive["action"]
    rows = [row for section in action.get("sections", ()) for row in section["rows"]]
    return Bubble(
        text=interactive["body"]["text"],
        options=tuple(button["reply"]["title"] for button in action.get("buttons", ()))
        + tuple(row["title"] for row in rows),
        file=interactive.get("header", {}).get("document", {}).get("filename", ""),
        asks="location" if interactive["type"] == "location_request_message" else "",
    )
