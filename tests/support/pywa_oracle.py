"""pywa, a library for WhatsApp that others wrote, as an oracle: what it would send, and what it reads.

It is loaded by the first call: most tests never pay for it.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Mapping
from email import message_from_bytes
from functools import cache
from typing import Any

import httpx

#: A request as it can be compared: method, path below the version of the API, query and body.
Asked = tuple[str, str, dict[str, str], Any]
#: What pywa offers that tells Meta something about a message, by the beginning of its name.
_TELLING = ("send_", "request_", "mark_", "indicate_", "remove_reaction", "upload_media", "get_media_url")
_TELLING_ALSO = ("create_template",)
#: Not messages: the number is confirmed once, by hand.
_NOT_MESSAGES = frozenset({"request_verification_code"})


class Wire:
    """A transport for both sides: everything is accepted and remembered."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.transport = httpx.MockTransport(self._answer)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        _, _, path = request.url.path.removeprefix("/").partition("/")
        self.asked.append((request.method, path, dict(request.url.params), _body(request)))
        answer = {
            "messaging_product": "whatsapp",
            "contacts": [{"input": "573001112233", "wa_id": "573001112233"}],
            "messages": [{"id": "wamid.1", "message_status": "accepted"}],
            "success": True,
            "id": "900",
            "status": "PENDING",
            "category": "UTILITY",
            "url": "https://lookaside.fbsbx.com/file/7",
            "mime_type": "application/pdf",
            "sha256": "",
            "file_size": 7,
        }
        return httpx.Response(200, json=answer)


class Caller:
    """pywa's client; remembers which of its methods were called, and with which arguments by name."""

    def __init__(self, wire: Wire, number_id: str) -> None:
        from pywa import WhatsApp

        self._client = WhatsApp(number_id, "token", session=httpx.Client(transport=wire.transport), waba_id="7")
        self.used: dict[str, set[str]] = {}

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method = getattr(self._client, name)

        def call(*args: Any, **kwargs: Any) -> Any:
            given = inspect.signature(method).bind(*args, **kwargs).arguments
            self.used.setdefault(name, set()).update(given)
            return method(*args, **kwargs)

        return call


def offered() -> dict[str, set[str]]:
    """Return every method of pywa's client that tells something about a message, with its arguments."""
    from pywa import WhatsApp

    names = [
        name for name, _ in inspect.getmembers(WhatsApp, callable) if name.startswith(_TELLING) or name in _TELLING_ALSO
    ]
    return {
        name: set(inspect.signature(getattr(WhatsApp, name)).parameters) - {"self"}
        for name in names
        if name not in _NOT_MESSAGES
    }


def updates(document: Mapping[str, Any]) -> list[Any]:
    """Return what pywa makes of one webhook: its own objects, or nothing where it gives up."""
    found: list[Any] = []
    reader = _reader()
    reader._invoke_callbacks = lambda _handler, update: found.append(update)
    reader._call_raw_update_handler = lambda _update: None
    reader.webhook_update_handler(json.dumps(document).encode())
    return found


@cache
def _reader() -> Any:
    from pywa import WhatsApp

    return WhatsApp(filter_updates=False, validate_updates=False, skip_duplicate_updates=False)


def _body(request: httpx.Request) -> Any:
    kind = request.headers.get("content-type", "")
    if kind == "application/json":
        return json.loads(request.content)
    if not kind.startswith("multipart/"):
        return None
    form = message_from_bytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + request.content)
    return {
        part.get_param("name", header="content-disposition"): (
            part.get_filename(),
            part.get_content_type() if part.get_filename() else None,
            part.get_payload(decode=True),
        )
        for part in form.walk()
        if not part.is_multipart()
    }
