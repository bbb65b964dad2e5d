"""Builds the web application from what it is given."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Protocol

import structlog
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware

from bot.web.metrics import Metrics
from bot.web.pages import PageRoutes
from bot.web.rates import Rates
from bot.web.refusals import Refusal, on_http_error, on_refusal
from bot.web.routes.cases import CaseRoutes
from bot.web.routes.chat import ChatRoutes
from bot.web.routes.files import FileRoutes
from bot.web.routes.health import HealthRoutes
from bot.web.routes.preferences import PreferenceRoutes
from bot.web.routes.rasa import RasaRoutes
from bot.web.routes.stream import StreamRoutes
from bot.web.security import Guard, Proxies
from bot.web.sessions import Sessions
from bot.web.webhooks import WebhookRoutes

if TYPE_CHECKING:
    from starlette.routing import BaseRoute

    from bot.web.services import WebServices

log = structlog.get_logger(__name__)


class Door(Protocol):
    """A group of routes."""

    def routes(self) -> list[BaseRoute]:
        """Return the routes."""
        ...


class Web:
    """The parts that routes share."""

    def __init__(self, services: WebServices) -> None:
        """Take what the web application was given."""
        self.services = services
        self.public_url = services.settings.server.public_url
        self.metrics = Metrics()
        self.rates = Rates(services.clock)
        self.proxies = Proxies(services.settings.server.trusted_proxies)
        self.sessions = Sessions(services)

    def log_stream_failure(self, error: Exception) -> None:
        """Note that a stream broke; the page will come back by itself."""
        self.metrics.count("atiende_refused_total", reason="stream_failed")
        log.error("stream_failed", error=type(error).__name__)


def create_app(services: WebServices) -> Starlette:
    """Return the application; its lifespan runs the broadcaster's look at other processes."""
    web = Web(services)
    # Looked through in this order for each request: the busiest first.
    doors: list[Door] = [
        WebhookRoutes(web),
        HealthRoutes(web),
        RasaRoutes(web),
        CaseRoutes(web),
        PreferenceRoutes(web),
        PageRoutes(web),
    ]
    if services.settings.canales.webchat.activo:
        doors += [ChatRoutes(web), StreamRoutes(web), FileRoutes(web)]

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        async with services.broadcaster.running(services.records.last_seqs):
            yield

    return Starlette(
        routes=[route for door in doors for route in door.routes()],
        middleware=[Middleware(Guard, metrics=web.metrics, has_tls=web.public_url.startswith("https://"))],
        exception_handlers={Refusal: on_refusal, HTTPException: on_http_error},
        lifespan=lifespan,
    )
