"""The page of preferences: a plain form that works without scripts; the link in its address is all the key there is."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.web.body import read_body
from bot.web.pages import STATIC, dial
from bot.web.refusals import Refusal
from bot.web.security import check_origin, page_policy
from bot.web.texts import catalog_in, load_texts

if TYPE_CHECKING:
    from starlette.requests import Request

    from bot.notices.preferences import Page
    from bot.web.app import Web

_FORM_BYTES = 20_000
_FORM_SECONDS = 15.0
_MOST_FIELDS = 300
_GONE = 410
#: The form posts to its own address: with «no-referrer» browsers would hide where it comes from, even from us.
_HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "same-origin", "X-Robots-Tag": "noindex"}


class PreferenceRoutes:
    """``GET`` shows, ``POST`` keeps and shows again; a link whose time is over says how to get another."""

    def __init__(self, web: Web) -> None:
        """Take the application's parts."""
        self._web = web
        settings = web.services.settings
        self._texts = load_texts(catalog_in(settings.dialogos.carpeta))
        pages = Environment(
            loader=FileSystemLoader(STATIC), autoescape=True, undefined=StrictUndefined, trim_blocks=True
        )
        self._template = pages.get_template("preferencias.html")

    def routes(self) -> list[BaseRoute]:
        """Return the routes; none where nobody keeps preferences."""
        if self._web.services.preferences is None:
            return []
        return [Route("/preferencias/{token}", self.page, methods=["GET", "POST"])]

    async def page(self, request: Request) -> Response:
        """Show the page of whoever brings the link, or keep what they chose."""
        web, door = self._web, self._web.services.preferences
        if door is None:
            raise Refusal(404, "no_existe")
        web.rates.check("preferences", web.proxies.client(request))
        token = request.path_params["token"]
        if request.method != "POST":
            return self._show(request, await door.open(token), is_kept="listo" in request.query_params)
        check_origin(request, web.public_url)
        body = await read_body(request, limit=_FORM_BYTES, seconds=_FORM_SECONDS)
        try:
            form = parse_qs(body.decode("ascii"), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
        except ValueError:
            raise Refusal(400, "mal_pedido") from None
        kept = await door.keep(token, form)
        if kept is None or kept.falta:
            return self._show(request, kept, is_kept=False)
        # What a reload repeats is the look, not the change.
        return RedirectResponse(f"/preferencias/{token}?listo=1", 303, headers=_HEADERS)

    def _show(self, request: Request, page: Page | None, *, is_kept: bool) -> Response:
        settings = self._web.services.settings
        phone = settings.empresa.lineas.atencion or settings.empresa.lineas.general
        html = self._template.render(
            empresa=settings.empresa,
            textos=self._texts["preferencias"],
            chat=self._texts["chat"],
            telefono=phone,
            telefono_enlace=dial(phone),
            pagina=asdict(page) if page else None,
            guardado=is_kept,
        )
        policy = page_policy(request, ancestors=())
        headers = {**_HEADERS, "Content-Security-Policy": policy}
        status = _GONE if page is None else 422 if page.falta else 200
        return Response(html, status, headers, media_type="text/html; charset=utf-8")
