"""Mounts the doors of channels that push to us: a channel gives routes and functions and never sees the web server."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import structlog
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from bot.channels.base import Inbound, News, Receipt
from bot.kernel.errors import InboundRefused
from bot.web.body import read_body
from bot.web.refusals import Refusal

if TYPE_CHECKING:
    from starlette.requests import Request

    from bot.web.app import Web

log = structlog.get_logger(__name__)

_SECONDS = 20.0

Parse = Callable[[bytes, Mapping[str, str]], Iterable[Inbound | Receipt | News]]
Greet = Callable[[Mapping[str, str]], str]


@dataclass(frozen=True, slots=True)
class Webhook:
    """One door of a channel: ``/webhooks/<channel>/<path>``.

    A POST door has ``parse`` (``Channel.parse``: raw body and lower-case headers → events, or ``InboundRefused``). A
    GET door has ``greet`` for the provider's handshake (query → plain text, or ``InboundRefused``).
    """

    channel: str
    path: str
    method: Literal["GET", "POST"]
    parse: Parse | None = None
    greet: Greet | None = None


def webhooks_of(channel: str, routes: Iterable[tuple[str, str, Parse | Greet]]) -> tuple[Webhook, ...]:
    """Return the doors a channel gives as ``(path, method, function)``.

    Raises:
        ValueError: a method that is neither GET nor POST.
    """
    doors = []
    for path, method, function in routes:
        if method == "POST":
            doors.append(Webhook(channel, path, "POST", parse=function))  # type: ignore[arg-type]  # told by the method
        elif method == "GET":
            doors.append(Webhook(channel, path, "GET", greet=function))  # type: ignore[arg-type]  # told by the method
        else:
            message = f"a webhook answers GET or POST, not {method}"
            raise ValueError(message)
    return tuple(doors)


class WebhookRoutes:
    """Size first, then the channel's own check of the sender, then one durable commit, and only then 200."""

    def __init__(self, web: Web) -> None:
        """Take the application's parts."""
        self._web = web

    def routes(self) -> list[BaseRoute]:
        """Return a route for each door."""
        return [self._route(webhook) for webhook in self._web.services.webhooks]

    def _route(self, webhook: Webhook) -> Route:
        async def answer(request: Request) -> Response:
            return await (self._take(webhook, request) if webhook.parse else self._greet(webhook, request))

        full = f"/webhooks/{webhook.channel}/{webhook.path.lstrip('/')}"
        return _Secret(full, answer, webhook)

    async def _take(self, webhook: Webhook, request: Request) -> Response:
        web = self._web
        assert webhook.parse is not None  # noqa: S101 - told by _route
        body = await read_body(request, limit=web.services.settings.server.max_body_bytes, seconds=_SECONDS)
        try:
            events = list(webhook.parse(body, dict(request.headers)))
        except InboundRefused as error:
            web.metrics.count("atiende_refused_total", reason=f"{webhook.channel}_{error.status}")
            raise Refusal(error.status, "mal_pedido" if error.status != 413 else "cuerpo_grande") from None  # noqa: PLR2004
        except RecursionError:
            raise Refusal(400, "json") from None
        inbound = [event for event in events if isinstance(event, Inbound)]
        receipts = [event for event in events if isinstance(event, Receipt)]
        news = [event for event in events if not isinstance(event, Inbound | Receipt)]
        # Who moved is known before what they write from the new place.
        await self._keep(webhook, web.services.news(news) if news else None)
        await self._keep(webhook, web.services.inbox.accept(inbound) if inbound else None)
        await self._keep(webhook, web.services.receipts(receipts) if receipts else None)
        if inbound:
            web.metrics.count("atiende_inbound_total", by=len(inbound), channel=webhook.channel, outcome="delivered")
        return Response(status_code=200)

    async def _keep(self, webhook: Webhook, work: Awaitable[object] | None) -> None:
        """Do the durable part; if it cannot be done the provider must keep the message and try again."""
        if work is None:
            return
        try:
            await work
        except Exception as error:  # noqa: BLE001 - whatever it is, nothing was kept
            log.error("webhook_not_kept", channel=webhook.channel, error=type(error).__name__)  # noqa: TRY400
            raise Refusal(503, "no_disponible", retry_after_s=5) from None

    async def _greet(self, webhook: Webhook, request: Request) -> Response:
        assert webhook.greet is not None  # noqa: S101 - a GET door greets
        try:
            return PlainTextResponse(webhook.greet(dict(request.query_params)))
        except InboundRefused as error:
            raise Refusal(error.status, "mal_pedido") from None


class _Secret(Route):
    """A route whose real path may be a secret: metrics and logs call it by its channel."""

    def __init__(self, path: str, endpoint: Callable[[Request], Awaitable[Response]], webhook: Webhook) -> None:
        super().__init__(path, endpoint, methods=[webhook.method])
        self.label = f"/webhooks/{webhook.channel}/…"
