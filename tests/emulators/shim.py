"""What telegram-test-api 4.2.1 does otherwise than Telegram, mended between it and our client; only here.

``DIFFERENCES`` is the whole list of what the service meets. Nothing of what we send is changed but the address of the
webhook.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from telegram.request import HTTPXRequest, RequestData

from bot.channels.telegram.channel import SECRET_HEADER

#: What the emulator does, and what Telegram does.
DIFFERENCES = {
    "milliseconds": "dates are in milliseconds: the year 58861",
    "chat_instance": "a pressed button comes without its chat_instance",
    "echo": "what was sent comes back as it was asked for: link_preview_options stays a text",
    "refusal": "a refusal is not written as Telegram writes it: no ok, no error_code",
    "no long poll": "getUpdates answers at once, though it was asked to wait",
    "no TLS": "a webhook cannot have an https address",
    "no secret": "a webhook is called without the secret that was agreed (the emulator dies if it is refused)",
}
_LATEST_S = 4_000_000_000


class Shim:
    """Put it on with ``monkeypatch``; ``used`` counts what was mended, ``asked`` what our client asked for."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.used: Counter[str] = Counter()
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.webhook = ""
        self.relay = ""
        original = HTTPXRequest.do_request

        async def do_request(request: HTTPXRequest, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
            return await self._ask(original, request, kwargs | dict(zip(_PARAMETERS, args, strict=False)))

        monkeypatch.setattr(HTTPXRequest, "do_request", do_request)

    def calls(self, method: str) -> list[dict[str, str]]:
        """Return what our client sent to ``method``."""
        return [fields for name, fields in self.asked if name == method]

    async def _ask(self, original: Any, request: HTTPXRequest, asked: dict[str, Any]) -> tuple[int, bytes]:
        method = urlsplit(asked["url"]).path.rpartition("/")[2]
        data: RequestData | None = asked.get("request_data")
        fields = dict(data.json_parameters) if data is not None else {}
        self.asked.append((method, fields))
        if method == "setWebhook":
            self.webhook = fields["url"]
            self.used["no TLS"] += 1
            async with httpx.AsyncClient(trust_env=False) as client:
                answer = await client.post(asked["url"], json=fields | {"url": self.relay})
            return answer.status_code, answer.content
        status, body = await original(request, **asked)
        document = json.loads(body)
        if method == "getUpdates" and not document.get("result"):
            self.used["no long poll"] += 1
            await asyncio.sleep(0.05)
        return status, json.dumps(self._mended(method, status, document)).encode()

    def _mended(self, method: str, status: int, document: dict[str, Any]) -> dict[str, Any]:
        if "ok" not in document:
            self.used["refusal"] += 1
            return {"ok": False, "error_code": status, "description": document.get("message", "")}
        result = document.get("result")
        if method == "sendMessage" and isinstance(result.get("link_preview_options"), str):
            self.used["echo"] += 1
            result["link_preview_options"] = json.loads(result["link_preview_options"])
        for update in result if method == "getUpdates" else ():
            self.mended_update(update)
        self._dates(result)
        return document

    def mended_update(self, update: dict[str, Any]) -> dict[str, Any]:
        """Return an update as Telegram would give it."""
        query = update.get("callback_query")
        if query is not None and "chat_instance" not in query:
            self.used["chat_instance"] += 1
            query["chat_instance"] = "-1"
        return update

    def _dates(self, node: Any) -> None:
        if isinstance(node, list):
            for inner in node:
                self._dates(inner)
        elif isinstance(node, dict):
            if isinstance(node.get("date"), int) and node["date"] > _LATEST_S:
                self.used["milliseconds"] += 1
                node["date"] //= 1000
            for inner in node.values():
                self._dates(inner)


def relay_app(shim: Shim, target: str, secret: str, statuses: list[int]) -> Starlette:
    """Return what stands before our door as Telegram's own machines do: it carries the secret and speaks TLS.

    The emulator always hears 200: it dies of anything else. ``statuses`` gets what our door said.
    """

    async def carry(request: Request) -> PlainTextResponse:
        assert SECRET_HEADER not in request.headers
        shim.used["no secret"] += 1
        async with httpx.AsyncClient(trust_env=False) as client:
            path = urlsplit(shim.webhook).path
            headers = {SECRET_HEADER: secret}
            update = shim.mended_update(await request.json())
            answer = await client.post(target + path, json=update, headers=headers)
        statuses.append(answer.status_code)
        return PlainTextResponse("")

    return Starlette(routes=[Route("/", carry, methods=["POST"])])


_PARAMETERS = ("url", "method", "request_data", "read_timeout", "write_timeout", "connect_timeout", "pool_timeout")
