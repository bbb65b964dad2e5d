"""The pages and their files: built once at the start, sent compressed, checked by their fingerprint."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

import bot.channels.webchat
from bot.channels.webchat.parse import MAX_TEXT
from bot.web.refusals import Refusal
from bot.web.security import page_policy
from bot.web.texts import catalog_in, load_labels, load_texts
from bot.web.theme import theme_css

if TYPE_CHECKING:
    from starlette.requests import Request

    from bot.web.app import Web

STATIC = Path(bot.channels.webchat.__file__).with_name("static")
_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".html": "text/html; charset=utf-8",
}
_PERMISSIONS = "geolocation=(self), camera=(self), microphone=()"


@dataclass(frozen=True, slots=True)
class Asset:
    """One thing to send: plain, compressed, and its fingerprint."""

    body: bytes
    packed: bytes
    mime: str
    tag: str

    @classmethod
    def of(cls, body: bytes, mime: str) -> Asset:
        """Prepare ``body``."""
        return cls(body, gzip.compress(body, 9, mtime=0), mime, f'"{hashlib.sha256(body).hexdigest()[:20]}"')

    def answer(self, request: Request, headers: Mapping[str, str]) -> Response:
        """Send it, or 304 when the browser has it."""
        head = {"ETag": self.tag, "Vary": "Accept-Encoding", "Cache-Control": "no-cache", **headers}
        if request.headers.get("if-none-match") == self.tag:
            return Response(status_code=304, headers=head)
        if "gzip" in request.headers.get("accept-encoding", ""):
            return Response(self.packed, headers={**head, "Content-Encoding": "gzip"}, media_type=self.mime)
        return Response(self.body, headers=head, media_type=self.mime)


class PageRoutes:
    """The chat, the page behind a constancia's QR, the widget and their files."""

    def __init__(self, web: Web) -> None:
        """Render every page from the settings and the texts."""
        self._web = web
        settings = web.services.settings
        self._webchat = settings.canales.webchat
        self._catalog = catalog_in(settings.dialogos.carpeta)
        self._origins = tuple(self._webchat.origenes)
        logo = urlsplit(self._webchat.logo) if self._webchat.logo else None
        self._images = (f"{logo.scheme}://{logo.netloc}",) if logo else ()
        self._files = {
            path.name: Asset.of(_light(path.read_text(encoding="utf-8")).encode(), _TYPES[path.suffix])
            for path in sorted(STATIC.iterdir())
            if path.suffix in _TYPES and path.suffix != ".html"
        }
        self._files["widget.js"] = Asset.of(
            self._widget(_light((STATIC / "widget.js").read_text(encoding="utf-8"))), _TYPES[".js"]
        )
        self._files["tema.css"] = Asset.of(theme_css(self._webchat.color).encode(), _TYPES[".css"])
        pages = Environment(
            loader=FileSystemLoader(STATIC), autoescape=True, undefined=StrictUndefined, trim_blocks=True
        )
        self._chat = self._page(pages, "chat.html")
        self._constancia = self._page(pages, "constancia.html")

    def routes(self) -> list[BaseRoute]:
        """Return the routes."""
        routes: list[BaseRoute] = [
            Route("/constancia", self.constancia, methods=["GET"]),
            Route("/chat/static/{name}", self.file, methods=["GET"]),
        ]
        if self._webchat.activo:
            routes += [
                Route("/", self.chat, methods=["GET"]),
                Route("/chat", self.chat, methods=["GET"]),
                Route("/widget.js", self.widget, methods=["GET"]),
            ]
        return routes

    async def chat(self, request: Request) -> Response:
        """Show the chat; the sites of the settings may frame it."""
        return self._show(self._chat, request, self._origins)

    async def constancia(self, request: Request) -> Response:
        """Show the page that opens a case with its code; nobody may frame it."""
        return self._show(self._constancia, request, ())

    async def widget(self, request: Request) -> Response:
        """Hand out the script that other sites embed."""
        return self._files["widget.js"].answer(request, {"Cross-Origin-Resource-Policy": "cross-origin"})

    async def file(self, request: Request) -> Response:
        """Hand out a script or a style sheet of ours."""
        asset = self._files.get(request.path_params["name"])
        if asset is None:
            raise Refusal(404, "no_existe")
        return asset.answer(request, {})

    def _show(self, asset: Asset, request: Request, ancestors: tuple[str, ...]) -> Response:
        policy = page_policy(request, ancestors=ancestors, images=self._images)
        return asset.answer(request, {"Content-Security-Policy": policy, "Permissions-Policy": _PERMISSIONS})

    def _widget(self, script: str) -> bytes:
        """Write the settings into the widget: JSON in ASCII is also JavaScript."""
        values = {
            "color": self._webchat.color,
            "nombre": self._webchat.nombre,
            "textos": load_texts(self._catalog)["chat"]["boton"],
        }
        return script.replace("'__AJUSTES__'", json.dumps(values)).encode()

    def _page(self, pages: Environment, name: str) -> Asset:
        settings = self._web.services.settings
        texts = load_texts(self._catalog)
        labels = load_labels(self._catalog)
        company = settings.empresa
        phone = company.lineas.atencion or company.lineas.general
        values: dict[str, Any] = {
            "empresa": company,
            "chat": self._webchat,
            "textos": texts["chat"],
            "constancia": texts["constancia"],
            "telefono": phone,
            "telefono_enlace": dial(phone),
            "largo": MAX_TEXT,
            "ajustes": json.dumps(
                {
                    "textos": {
                        **texts["chat"]["pagina"],
                        "servicios": {name: labels[name] for name in company.servicios if name in labels},
                    },
                    "atajos": {one["envia"]: one["texto"] for one in texts["chat"]["bienvenida"]["opciones"]},
                    "nombre": self._webchat.nombre,
                    "empresa": company.nombre,
                    "origenes": list(self._origins),
                    "maximo": settings.server.max_upload_bytes,
                },
                ensure_ascii=False,
            ),
            "ajustes_constancia": json.dumps(
                {**texts["constancia"]["pagina"], "etiquetas": labels}, ensure_ascii=False
            ),
            "version": {name: asset.tag.strip('"')[:8] for name, asset in self._files.items()},
        }
        return Asset.of(_light(pages.get_template(name).render(values)).encode(), _TYPES[".html"])


def _light(text: str) -> str:
    """Return a page, script or style sheet without indentation and lines that only comment: phones pay by the byte."""
    lines = (line.strip() for line in text.splitlines())
    comments = (("//", ""), ("/*", "*/"))
    kept = (line for line in lines if line and not any(line.startswith(a) and line.endswith(z) for a, z in comments))
    return "\n".join(kept) + "\n"


def dial(phone: str) -> str:
    """Return the ``tel:`` link of a number as written for people."""
    return "tel:" + "".join(letter for letter in phone if letter.isdigit() or letter in "+*#")
