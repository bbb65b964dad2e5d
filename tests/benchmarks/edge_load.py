"""What ``edge`` sends: webhooks in the shapes of Meta and Telegram, over connections that stay open."""

from __future__ import annotations

import asyncio
import itertools
import json
import re
import time
from collections.abc import Iterator, Sequence
from typing import Any

from bot.channels.whatsapp.signature import sign
from tests.benchmarks.edge_servers import APP_SECRET, BOT_SECRET, NUMBER_ID

PEOPLE = 2_000
TEXTS = (
    "no hay agua desde ayer en la noche",
    "buenos días, quiero saber cuánto debo de la factura de este mes",
    "gracias",
    "¿a qué hora abren la oficina?",
    "el recibo me llegó muy caro y nadie contesta en la línea",
)
_LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)
_numbers = itertools.count(int(time.time()) * 1_000_000)


def whatsapp_message(number: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the contact and the message of a text, as Meta writes them; ``number`` makes its id."""
    phone = f"57300{number % PEOPLE:07d}"
    user = f"CO.1349{number % PEOPLE:016d}"
    contact = {"profile": {"name": "Persona de Prueba"}, "wa_id": phone, "user_id": user}
    message = {
        "from": phone,
        "from_user_id": user,
        "id": f"wamid.HBgMNTczMDAxMTEyMjMzFQIAEhgUM0E{number:024d}",
        "timestamp": str(int(time.time())),
        "text": {"body": TEXTS[number % len(TEXTS)]},
        "type": "text",
    }
    return contact, message


def whatsapp_body(changes: Sequence[Sequence[int]], *, entries: int = 1) -> bytes:
    """Return a webhook with a change for each group of numbers, spread over ``entries``."""
    listed = []
    for numbers in changes:
        both = [whatsapp_message(number) for number in numbers]
        value = {
            "messaging_product": "whatsapp",
            "metadata": {"display_phone_number": "576011234567", "phone_number_id": NUMBER_ID},
            "contacts": [contact for contact, _ in both],
            "messages": [message for _, message in both],
        }
        listed.append({"value": value, "field": "messages"})
    share = -(-len(listed) // entries)
    document = {
        "object": "whatsapp_business_account",
        "entry": [
            {"id": "1234567890987654321", "changes": listed[start : start + share]}
            for start in range(0, len(listed), share)
        ],
    }
    return json.dumps(document, separators=(",", ":")).encode()


def telegram_body(number: int) -> bytes:
    """Return one update with a text."""
    person = {"id": 100_000_000 + number % PEOPLE, "first_name": "Persona", "last_name": "de Prueba"}
    message = {
        "message_id": number % 1_000_000,
        "from": {**person, "is_bot": False, "username": f"persona{number % PEOPLE}", "language_code": "es"},
        "chat": {**person, "type": "private"},
        "date": int(time.time()),
        "text": TEXTS[number % len(TEXTS)],
    }
    return json.dumps({"update_id": number, "message": message}, separators=(",", ":")).encode()


def post(path: str, body: bytes, **headers: str) -> bytes:
    """Return one request, ready to be written."""
    lines = [
        f"POST {path} HTTP/1.1",
        "Host: 127.0.0.1",
        "Accept: */*",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items()),
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def whatsapp_post(body: bytes) -> bytes:
    """Return the signed request that Meta would send."""
    return post(
        "/webhooks/whatsapp/", body, User_Agent="facebookexternalua", X_Hub_Signature_256=sign(body, APP_SECRET)
    )


def requests(channel: str, path: str, count: int) -> list[bytes]:
    """Return ``count`` requests of a message each, with ids that were never used."""
    if channel == "Telegram":
        return [
            post(path, telegram_body(next(_numbers)), X_Telegram_Bot_Api_Secret_Token=BOT_SECRET) for _ in range(count)
        ]
    return [whatsapp_post(whatsapp_body([[next(_numbers)]])) for _ in range(count)]


def fresh(count: int) -> list[int]:
    """Return numbers that no other request has."""
    return list(itertools.islice(_numbers, count))


class _Line(asyncio.Protocol):
    """One connection that sends the next request as soon as the last one was answered."""

    def __init__(
        self, work: Iterator[bytes], times: list[float], bodies: list[bytes], done: asyncio.Future[None]
    ) -> None:
        self._work = work
        self._times = times
        self._bodies = bodies
        self._done = done
        self._buffer = b""
        self._began = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._next()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, mark, rest = self._buffer.partition(b"\r\n\r\n")
        if not mark:
            return
        length = _LENGTH.search(head)
        if len(rest) < (int(length[1]) if length else 0):
            return
        self._buffer = b""
        self._times.append(time.perf_counter() - self._began)
        if rest:
            self._bodies.append(rest)
        if not head.startswith(b"HTTP/1.1 20"):
            self._fail(f"answered {head.splitlines()[0].decode()}")
            return
        self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        self._fail("the connection was lost")

    def _next(self) -> None:
        request = next(self._work, None)
        if request is None:
            if not self._done.done():
                self._done.set_result(None)
            self._transport.close()
            return
        self._began = time.perf_counter()
        self._transport.write(request)

    def _fail(self, message: str) -> None:
        if not self._done.done():
            self._done.set_exception(RuntimeError(message))
            self._transport.close()


async def storm(
    port: int, work: Sequence[bytes], connections: int, bodies: list[bytes] | None = None
) -> tuple[float, list[float]]:
    """Send ``work`` over so many connections at once; return requests a second and the seconds that each took.

    What was answered besides the status is added to ``bodies``.

    Raises:
        RuntimeError: something else than a success was answered.
    """
    loop = asyncio.get_running_loop()
    left, times, said = iter(work), list[float](), [] if bodies is None else bodies
    ends = [loop.create_future() for _ in range(connections)]
    began = time.perf_counter()
    for end in ends:
        await loop.create_connection(lambda end=end: _Line(left, times, said, end), "127.0.0.1", port)
    await asyncio.gather(*ends)
    return len(work) / (time.perf_counter() - began), times
