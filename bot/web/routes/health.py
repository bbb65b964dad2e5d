"""What machines ask: is it alive, is it ready, how much did it do; and what neighbours ask: is there an outage."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from bot.web.refusals import Refusal, sentence
from bot.web.security import is_from_this_machine

if TYPE_CHECKING:
    from starlette.requests import Request

    from bot.web.app import Web

_READY_SECONDS = 3.0
_STATUS_LIVES = timedelta(seconds=15)
_NO_STORE = {"Cache-Control": "no-store"}


class HealthRoutes:
    """``/live``, ``/health``, ``/metrics`` and ``/status``."""

    def __init__(self, web: Web) -> None:
        """Take the application's parts."""
        self._web = web
        self._outages: Sequence[Mapping[str, Any]] = ()
        self._outages_at: datetime | None = None

    def routes(self) -> list[BaseRoute]:
        """Return the routes."""
        return [
            Route("/live", self.live, methods=["GET"]),
            Route("/health", self.health, methods=["GET"]),
            Route("/metrics", self.metrics, methods=["GET"]),
            Route("/status", self.status, methods=["GET"]),
        ]

    async def live(self, _request: Request) -> Response:
        """Say that the process answers."""
        return JSONResponse({"status": "ok"}, headers=_NO_STORE)

    async def health(self, _request: Request) -> Response:
        """Say whether people can be attended: 200 when ready, else 503; names of checks only, no details."""
        try:
            async with asyncio.timeout(_READY_SECONDS):
                readiness = await self._web.services.ready()
        except Exception:  # noqa: BLE001 - whatever goes wrong while asking means: not ready
            return JSONResponse({"status": "down", "error": sentence("no_disponible")}, 503, _NO_STORE)
        document = {"status": "ok" if readiness.is_ready else "down", "checks": dict(readiness.checks)}
        return JSONResponse(document, 200 if readiness.is_ready else 503, _NO_STORE)

    async def metrics(self, request: Request) -> Response:
        """Answer Prometheus' text format; closed to the outside unless the settings open it."""
        web = self._web
        settings = web.services.settings
        if not settings.metrics_are_open:
            raise Refusal(404, "no_existe")
        if settings.metricas.activo == "auto" and not is_from_this_machine(request):
            raise Refusal(403, "sin_permiso")
        gauges = dict(await web.services.figures())
        gauges["atiende_streams"] = web.services.broadcaster.count
        return PlainTextResponse(web.metrics.text(gauges), media_type="text/plain; version=0.0.4")

    async def status(self, request: Request) -> Response:
        """List current outages for the banner, no chat needed; read from the database at most every 15 s."""
        web = self._web
        web.rates.check("page", web.proxies.client(request))
        now = web.services.clock.now()
        if self._outages_at is None or not timedelta(0) <= now - self._outages_at < _STATUS_LIVES:
            self._outages = [dict(outage) for outage in await web.services.outages()]
            self._outages_at = now
        wanted = request.query_params.get("sector", "").casefold()
        chosen = [item for item in self._outages if not wanted or str(item.get("sector", "")).casefold() == wanted]
        return JSONResponse({"interrupciones": chosen}, headers={"Cache-Control": "public, max-age=15"})
