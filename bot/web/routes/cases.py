"""The page behind the QR of a constancia: radicado and secret code open one case, and nothing else does."""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot.web.body import read_json
from bot.web.refusals import Refusal
from bot.web.security import check_origin

if TYPE_CHECKING:
    from starlette.requests import Request

    from bot.web.app import Web

_NOT_DIGITS = re.compile(r"[\s\-.]")
_RADICADO = re.compile(r"\d{6,20}")
_CODE = re.compile(r"[0-9A-Za-z]{4,20}")


class CaseRoutes:
    """``POST /constancia/api/consulta``; the code travels in the body, never in an address."""

    def __init__(self, web: Web) -> None:
        """Take the application's parts."""
        self._web = web

    def routes(self) -> list[BaseRoute]:
        """Return the routes."""
        return [Route("/constancia/api/consulta", self.open_case, methods=["POST"])]

    async def open_case(self, request: Request) -> Response:
        """Show the case under ``{radicado, codigo}``: kind, state, dates, answer.

        An unknown number and a wrong code get the same answer; after five tries an hour there is no answer at all
        (quality.md §2.3; the look-up counts them).
        """
        web = self._web
        check_origin(request, web.public_url)
        origin = web.proxies.client(request)
        web.rates.check("case", origin)
        document = await read_json(request, limit=4_000)
        radicado, codigo = document.get("radicado"), document.get("codigo")
        if not isinstance(radicado, str) or not isinstance(codigo, str):
            raise Refusal(400, "radicado_datos")
        radicado, codigo = _NOT_DIGITS.sub("", radicado), _NOT_DIGITS.sub("", codigo)
        if not _RADICADO.fullmatch(radicado) or not _CODE.fullmatch(codigo):
            raise Refusal(400, "radicado_datos")
        found = await web.services.open_case(radicado, codigo, f"web:{origin}")
        if isinstance(found, str):
            if found == "bloqueado":
                raise Refusal(429, "muchos_intentos", retry_after_s=3_600)
            raise Refusal(404, "no_coincide")
        return JSONResponse(asdict(found), headers={"Cache-Control": "no-store"})
