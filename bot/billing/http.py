"""Bills out of the company's own system, over HTTP; docs/how-to/connect-billing.md is the contract.

The account travels in a header and never in the address, so that no log of addresses holds it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar

import structlog
from pydantic import BaseModel, ValidationError

from bot.billing.contract import BillsDocument, ConsumptionsDocument, DebtDocument
from bot.billing.guard import Again, Guard, Never, Patience, Resting
from bot.kernel.clock import local_date
from dialogs.actions.ports import BillingDown

if TYPE_CHECKING:
    import httpx

    from bot.kernel.clock import Clock
    from bot.kernel.config_model import SistemaFacturacion
    from bot.kernel.ids import Ids
    from dialogs.actions.ports import BillView, Consumption, DebtView

log = structlog.get_logger(__name__)

ACCOUNT_HEADER = "X-Cuenta"
LARGEST_ANSWER = 1_000_000
#: Clocks of two machines differ by no more.
_SKEW = timedelta(minutes=5)
_MOST = 60
_SERVER_TROUBLE = 500
_OK, _UNKNOWN, _TOO_MANY = 200, 404, 429

Document = TypeVar("Document", bound=BaseModel)


class HttpBilling:
    """``BillingPort`` over the company's system. Whatever goes wrong is ``BillingDown``: nothing is remembered or guessed."""

    def __init__(  # what a connection is made of
        self,
        settings: SistemaFacturacion,
        clock: Clock,
        ids: Ids,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Take where and how to ask; ``transport`` and ``sleep`` are for tests."""
        self._settings, self._clock, self._transport = settings, clock, transport
        self._client: httpx.AsyncClient | None = None
        self.guard = Guard(
            Patience(
                tries=settings.intentos,
                total_s=settings.plazo_total_s,
                opens_after=settings.corta_tras,
                rests_s=settings.descanso_s,
            ),
            clock,
            ids,
            sleep,
        )

    async def debt(self, cuenta: str) -> DebtView | None:
        """Return what the account owes now, or None when the system does not know it.

        Raises:
            BillingDown: no answer that can be believed; an old one cannot.
        """
        found = await self._ask("deuda", cuenta, {}, DebtDocument)
        if found is None:
            return None
        now = self._clock.now()
        oldest = now - timedelta(hours=self._settings.antiguedad_max_h)
        if found.cuenta != cuenta or not oldest <= found.al_momento <= now + _SKEW:
            log.warning("billing_answer_refused", what="deuda", is_other=found.cuenta != cuenta)
            raise BillingDown("stale")
        return found.view(local_date(now))

    async def bills(self, cuenta: str, n: int) -> tuple[BillView, ...]:
        """Return the last ``n`` bills, the newest first.

        Raises:
            BillingDown: no answer that can be believed.
        """
        found = await self._ask("facturas", cuenta, {"n": min(n, _MOST)}, BillsDocument)
        bills = [bill.view() for bill in found.facturas] if found else []
        if any(bill.cuenta != cuenta for bill in bills):
            log.warning("billing_answer_refused", what="facturas", is_other=True)
            raise BillingDown("another account")
        return tuple(sorted(bills, key=lambda bill: bill.periodo, reverse=True)[:n])

    async def consumptions(self, cuenta: str, n: int) -> tuple[Consumption, ...]:
        """Return the last ``n`` consumptions of each service of the account, the newest first.

        Raises:
            BillingDown: no answer that can be believed.
        """
        found = await self._ask("consumos", cuenta, {"n": min(n, _MOST)}, ConsumptionsDocument)
        kept: list[Consumption] = []
        every = sorted(found.consumos, key=lambda one: one.periodo, reverse=True) if found else []
        for one in every:
            if sum(1 for other in kept if other.servicio == one.servicio) < n:
                kept.append(one.view())
        return tuple(kept)

    async def close(self) -> None:
        """Close the connections."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    async def _ask(self, what: str, cuenta: str, query: dict[str, Any], shape: type[Document]) -> Document | None:
        try:
            return await self.guard.call(lambda: self._once(what, cuenta, query, shape))
        except Resting:
            raise BillingDown("resting") from None
        except (Again, Never, TimeoutError) as trouble:
            reason = str(trouble) or type(trouble).__name__
            log.warning("billing_down", what=what, reason=reason, rests=self.guard.is_open)
            raise BillingDown(reason) from None

    async def _once(self, what: str, cuenta: str, query: dict[str, Any], shape: type[Document]) -> Document | None:
        import httpx

        try:
            async with self._open().stream("GET", what, params=query, headers={ACCOUNT_HEADER: cuenta}) as answer:
                status = answer.status_code
                if status == _UNKNOWN:
                    return None
                if status == _TOO_MANY or status >= _SERVER_TROUBLE:
                    raise Again(f"status {status}", _wait_of(answer.headers.get("retry-after", "")))
                if status != _OK:
                    raise Never(f"status {status}")
                return _read(await _body(answer), answer.headers.get("content-type", ""), shape)
        except httpx.TransportError as trouble:
            # The text of an error may hold the address; its kind is enough.
            raise Again(type(trouble).__name__) from None
        except httpx.HTTPError as trouble:
            raise Never(type(trouble).__name__) from None

    def _open(self) -> httpx.AsyncClient:
        import httpx

        if self._client is None:
            token = self._settings.token.get_secret_value() if self._settings.token else ""
            headers = {"Accept": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
            self._client = httpx.AsyncClient(
                base_url=self._settings.url.rstrip("/") + "/",
                headers=headers,
                timeout=self._settings.plazo_s,
                follow_redirects=False,
                transport=self._transport,
                trust_env=False,
            )
        return self._client


async def _body(answer: httpx.Response) -> bytes:
    pieces, size = [], 0
    async for piece in answer.aiter_bytes():
        size += len(piece)
        if size > LARGEST_ANSWER:
            raise Never("too large")
        pieces.append(piece)
    return b"".join(pieces)


def _read(body: bytes, kind: str, shape: type[Document]) -> Document:
    if "json" not in kind.lower():
        raise Never("not JSON")
    try:
        return shape.model_validate_json(body)
    except ValidationError as trouble:
        # Where, never what: the values are personal.
        first = trouble.errors(include_url=False, include_input=False, include_context=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the whole"
        raise Never(f"{where}: {first['type']}") from None


def _wait_of(header: str) -> float:
    return float(header) if header.isdecimal() else 0.0
