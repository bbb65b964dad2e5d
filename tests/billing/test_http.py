"""The company's own system: slow, broken, half-spoken or gone. Never a figure that cannot be believed, never the account in a log."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest
from structlog.testing import capture_logs

from bot.billing.http import LARGEST_ANSWER, HttpBilling
from bot.kernel.clock import BOGOTA, FrozenClock
from bot.kernel.config_model import SistemaFacturacion
from bot.kernel.ids import SequenceIds
from dialogs.actions.ports import BillingDown
from tests.house.repository import ROOT
from tests.support.rows import every_row

NOW = datetime(2026, 11, 23, 10, 31, tzinfo=BOGOTA)
CUENTA = "1000001"
PAGE = (ROOT / "docs" / "how-to" / "connect-billing.md").read_text(encoding="utf-8")
EXAMPLES = {name: json.loads(text) for name, text in re.findall(r"```json file=(\w+)\.json\n(.*?)```", PAGE, re.DOTALL)}

Answer = httpx.Response | Exception | Callable[[httpx.Request], httpx.Response]


@dataclass
class System:
    """A billing system that answers as it is told, one answer after another, and remembers what it was asked."""

    answers: list[Answer] = field(default_factory=list)
    asked: list[httpx.Request] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    clock: FrozenClock = field(default_factory=lambda: FrozenClock(NOW))
    is_slow: bool = False

    async def handle(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        if self.is_slow:
            await asyncio.sleep(0.01)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer(request) if callable(answer) and not isinstance(answer, httpx.Response) else answer

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)

    def billing(self, **changed: Any) -> HttpBilling:
        settings = SistemaFacturacion(**{"url": "https://billing.example/v1/", "token": "s3cret", **changed})
        return HttpBilling(
            settings, self.clock, SequenceIds(), transport=httpx.MockTransport(self.handle), sleep=self.sleep
        )


def ok(what: str, **changed: Any) -> Callable[[httpx.Request], httpx.Response]:
    return lambda request: httpx.Response(200, json={**EXAMPLES[what], **changed})


def raw(content: bytes, kind: str = "application/json", status: int = 200) -> Callable[[httpx.Request], httpx.Response]:
    return lambda request: httpx.Response(status, content=content, headers={"content-type": kind})


# --- the contract


async def test_the_examples_of_the_page_are_what_is_understood() -> None:
    system = System([ok("deuda"), ok("facturas"), ok("consumos")])
    billing = system.billing()
    debt = await billing.debt(CUENTA)
    assert debt is not None
    assert (debt.total, [bill.vencida for bill in debt.bills]) == (80_000, [True])
    (bill,) = await billing.bills(CUENTA, 6)
    assert (bill.total, bill.lineas[1].valor, bill.consumo.cantidad if bill.consumo else None) == (
        80_000, 68_000, Decimal(18),
    )  # fmt: skip
    (used,) = await billing.consumptions(CUENTA, 13)
    assert (used.cantidad, used.lectura_actual) == (Decimal("18.5"), Decimal("567.5"))
    assert [request.url.path for request in system.asked] == ["/v1/deuda", "/v1/facturas", "/v1/consumos"]
    await billing.close()


async def test_the_account_and_the_token_travel_in_headers_and_never_in_the_address() -> None:
    system = System([ok("facturas")])
    await system.billing().bills(CUENTA, 6)
    (request,) = system.asked
    assert request.headers["x-cuenta"] == CUENTA
    assert request.headers["authorization"] == "Bearer s3cret"
    assert str(request.url) == "https://billing.example/v1/facturas?n=6"


async def test_an_unknown_account_is_no_trouble() -> None:
    billing = System([raw(b"nothing here", "text/html", 404)]).billing(corta_tras=1)
    assert await billing.debt(CUENTA) is None
    assert await billing.bills(CUENTA, 6) == ()
    assert await billing.consumptions(CUENTA, 6) == ()
    assert not billing.guard.is_open


# --- trouble that passes


@pytest.mark.parametrize(
    "trouble",
    [raw(b"", status=500), raw(b"", status=503), raw(b"", status=429), httpx.ConnectError("no"), httpx.ReadTimeout("slow"),
     httpx.RemoteProtocolError("cut")],
)  # fmt: skip
async def test_trouble_that_passes_is_tried_again_after_a_growing_wait(trouble: Answer) -> None:
    system = System([trouble, trouble, ok("deuda")])
    assert await system.billing().debt(CUENTA) is not None
    assert len(system.asked) == 3
    assert system.waits == pytest.approx([0.15 * 0.75, 0.3 * 0.75])


async def test_trouble_that_stays_is_down_after_the_last_try() -> None:
    system = System([raw(b"<h1>oops</h1>", "text/html", 500)])
    with pytest.raises(BillingDown):
        await system.billing(intentos=3).debt(CUENTA)
    assert len(system.asked) == 3


async def test_a_short_wait_that_was_asked_for_is_kept_and_a_long_one_is_not_waited_for() -> None:
    busy = httpx.Response(429, headers={"retry-after": "1"})
    system = System([busy, ok("deuda")])
    await system.billing().debt(CUENTA)
    assert system.waits == [1.0]
    system = System([httpx.Response(503, headers={"retry-after": "3600"})])
    with pytest.raises(BillingDown):
        await system.billing().debt(CUENTA)
    assert (len(system.asked), system.waits) == (1, [])


# --- answers that cannot be believed


UNBELIEVABLE = {
    "html": raw(b"<html>hola</html>", "text/html"),
    "html that says it is JSON": raw(b"<html>"),
    "half a JSON": raw(json.dumps(EXAMPLES["deuda"]).encode()[:90]),
    "a list": raw(b"[]"),
    "nothing": raw(b""),
    "money with decimals": ok("deuda", facturas=[{**EXAMPLES["deuda"]["facturas"][0], "valor": 80_000.5}]),
    "money as text": ok("deuda", facturas=[{**EXAMPLES["deuda"]["facturas"][0], "valor": "80.000"}]),
    "money below nothing": ok("deuda", facturas=[{**EXAMPLES["deuda"]["facturas"][0], "valor": -1}]),
    "a month that is none": ok("deuda", facturas=[{**EXAMPLES["deuda"]["facturas"][0], "periodo": "2026-13"}]),
    "without the moment": raw(json.dumps({"cuenta": CUENTA, "facturas": []}).encode()),
    "a moment without zone": ok("deuda", al_momento="2026-11-23T10:30:00"),
    "another account": ok("deuda", cuenta="1000002"),
    "yesterday's": ok("deuda", al_momento="2026-11-22T10:30:00-05:00"),
    "tomorrow's": ok("deuda", al_momento="2026-11-24T10:30:00-05:00"),
    "an error inside 200": raw(b'{"error": "database"}'),
    "refused": raw(b"{}", status=401),
    "sent elsewhere": lambda request: httpx.Response(302, headers={"location": "https://evil.example/"}),
    "endless": raw(b'{"cuenta": "' + b"x" * LARGEST_ANSWER + b'"}'),
    "another letter": raw(b'{"cuenta": "\xff\xfe"}'),
    "deep": raw(b'{"facturas":' * 5_000),
}


@every_row("answer", UNBELIEVABLE.values(), ids=list(UNBELIEVABLE))
async def test_an_answer_that_cannot_be_believed_is_no_figure(answer: Answer) -> None:
    system = System([answer])
    with pytest.raises(BillingDown):
        await system.billing().debt(CUENTA)
    assert len(system.asked) == 1


async def test_a_bill_of_another_account_among_ours_spoils_them_all() -> None:
    stranger = {**EXAMPLES["facturas"]["facturas"][0], "cuenta": "1000002"}
    system = System([ok("facturas", facturas=[*EXAMPLES["facturas"]["facturas"], stranger])])
    with pytest.raises(BillingDown):
        await system.billing().bills(CUENTA, 6)


# --- the breaker


async def test_a_sick_system_is_left_alone_and_one_probe_finds_it_well() -> None:
    system = System([raw(b"", status=500)])
    billing = system.billing(intentos=1, corta_tras=3, descanso_s=30)
    for _ in range(3):
        with pytest.raises(BillingDown):
            await billing.debt(CUENTA)
    assert billing.guard.is_open
    with pytest.raises(BillingDown):
        await billing.debt(CUENTA)
    assert len(system.asked) == 3
    # The probe finds it sick: it rests again, whole.
    system.clock.move(timedelta(seconds=31))
    with pytest.raises(BillingDown):
        await billing.debt(CUENTA)
    system.clock.move(timedelta(seconds=15))
    with pytest.raises(BillingDown):
        await billing.debt(CUENTA)
    assert len(system.asked) == 4
    system.clock.move(timedelta(seconds=16))
    system.answers = [ok("deuda")]
    assert await billing.debt(CUENTA) is not None
    assert not billing.guard.is_open
    assert await billing.debt(CUENTA) is not None


async def test_while_the_probe_is_under_way_nobody_else_asks() -> None:
    system = System([raw(b"", status=500)])
    billing = system.billing(intentos=1, corta_tras=1, descanso_s=1)
    with pytest.raises(BillingDown):
        await billing.debt(CUENTA)
    system.clock.move(timedelta(seconds=2))
    system.answers, system.is_slow = [ok("deuda")], True
    found = await asyncio.gather(*(billing.debt(CUENTA) for _ in range(5)), return_exceptions=True)
    assert sum(isinstance(one, BillingDown) for one in found) == 4
    assert len(system.asked) == 2


async def test_one_good_answer_forgets_the_bad_ones() -> None:
    system = System([raw(b"", status=500), raw(b"", status=500), ok("deuda"), raw(b"", status=500)])
    billing = system.billing(intentos=1, corta_tras=3)
    for _ in range(2):
        with pytest.raises(BillingDown):
            await billing.debt(CUENTA)
    await billing.debt(CUENTA)
    for _ in range(2):
        with pytest.raises(BillingDown):
            await billing.debt(CUENTA)
    assert not billing.guard.is_open


# --- what is written about it


async def test_no_log_and_no_error_tells_the_account_the_figures_or_the_token() -> None:
    every = [*UNBELIEVABLE.values(), raw(b"", status=500), httpx.ConnectError(f"no road to {CUENTA}")]
    with capture_logs() as logs:
        for answer in every:
            with pytest.raises(BillingDown) as caught:
                await System([answer]).billing().debt(CUENTA)
            assert CUENTA not in repr(caught.value)
            assert caught.value.__cause__ is None
    text = repr(logs)
    assert "billing_down" in text
    for secret in (CUENTA, "1000002", "80000", "s3cret"):
        assert secret not in text


# --- a real socket


@asynccontextmanager
async def server(speak: Callable[[asyncio.StreamWriter], Any]) -> AsyncIterator[str]:
    """Serve one machine's port: each request is read and answered by ``speak``."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readuntil(b"\r\n\r\n")
            await speak(writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    finally:
        listening.close()
        await listening.wait_closed()


def head(length: int) -> bytes:
    return f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n".encode()


BODY = json.dumps(EXAMPLES["deuda"]).encode()


async def good(writer: asyncio.StreamWriter) -> None:
    writer.write(head(len(BODY)) + BODY)
    await writer.drain()


async def half(writer: asyncio.StreamWriter) -> None:
    writer.write(head(len(BODY)) + BODY[:40])
    await writer.drain()


async def silent(writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(5)


async def drips(writer: asyncio.StreamWriter) -> None:
    """One byte at a time: no single read is slow, the whole is."""
    writer.write(head(len(BODY)))
    for byte in BODY:
        writer.write(bytes([byte]))
        await writer.drain()
        await asyncio.sleep(0.02)


async def hangs_up(writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


def real(url: str, **changed: Any) -> HttpBilling:
    settings = SistemaFacturacion(**{"url": url, "plazo_s": 0.2, "plazo_total_s": 0.5, "intentos": 2, **changed})
    return HttpBilling(settings, FrozenClock(NOW), SequenceIds())


async def test_over_a_real_socket_a_good_answer_is_understood() -> None:
    async with server(good) as url:
        billing = real(url, plazo_s=4, plazo_total_s=4.5)
        debt = await billing.debt(CUENTA)
        await billing.close()
    assert debt is not None
    assert debt.total == 80_000


@pytest.mark.parametrize("speak", [half, silent, drips, hangs_up])
async def test_over_a_real_socket_a_bad_one_is_down_in_time(speak: Callable[[asyncio.StreamWriter], Any]) -> None:
    async with server(speak) as url:
        billing = real(url)
        began = asyncio.get_running_loop().time()
        with pytest.raises(BillingDown):
            await billing.debt(CUENTA)
        assert asyncio.get_running_loop().time() - began < 1.5
        await billing.close()


async def test_nobody_listening_is_down() -> None:
    async with server(good) as url:
        pass
    billing = real(url)
    with pytest.raises(BillingDown):
        await billing.debt(CUENTA)
    await billing.close()
