"""Who is asking, from where, and under which headers pages leave."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Sequence
from traceback import extract_tb
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import structlog
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.web.refusals import Refusal, refusal_response
from storage.errors import StorageError

if TYPE_CHECKING:
    from bot.web.metrics import Metrics

log = structlog.get_logger(__name__)

#: What everything that is not a page gets: a browser may do nothing with it.
BARE_POLICY = "default-src 'none'; frame-ancestors 'none'"
_HOST = re.compile(r"[A-Za-z0-9.\-]{1,253}(:\d{1,5})?|\[[0-9A-Fa-f:]{2,45}\](:\d{1,5})?")
_LOOPBACK_NAMES = {"127.0.0.1", "localhost", "[::1]", "testserver"}

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Proxies:
    """The proxies of the house, whose forwarding headers are believed; nobody else's are."""

    def __init__(self, names: Iterable[str]) -> None:
        """Take addresses or networks (``10.0.0.0/8``); anything unreadable is left out, so not believed."""
        self._networks: list[Network] = []
        for name in names:
            try:
                self._networks.append(ipaddress.ip_network(name, strict=False))
            except ValueError:
                log.warning("proxy_not_an_address")

    def client(self, connection: HTTPConnection) -> str:
        """Return the address of whoever asks: the last one in ``X-Forwarded-For`` that is not a proxy of ours."""
        peer = connection.client.host if connection.client else "unknown"
        if not self._trusts(peer):
            return peer
        hops = [hop.strip() for hop in connection.headers.get("x-forwarded-for", "").split(",") if hop.strip()]
        for hop in reversed(hops):
            if not self._trusts(hop):
                return hop[:45]
        return peer

    def _trusts(self, name: str) -> bool:
        if not self._networks:
            return False
        try:
            address = ipaddress.ip_address(name)
        except ValueError:
            return False
        return any(address in network for network in self._networks)


def check_origin(connection: HTTPConnection, public_url: str) -> None:
    """Refuse a browser that comes from another site.

    The widget's iframe is ours, so its origin is ours too. Programs send no ``Origin``; they bring a session secret or
    nothing, and there are no cookies to ride on.

    Raises:
        Refusal: 403.
    """
    origin = connection.headers.get("origin")
    if origin is None:
        if connection.headers.get("sec-fetch-site") == "cross-site":
            raise Refusal(403, "origen")
        return
    try:
        parts = urlsplit(origin)
    except ValueError:  # half an IPv6 address, for example
        raise Refusal(403, "origen") from None
    if parts.scheme in {"http", "https"} and parts.netloc:
        if parts.netloc == connection.headers.get("host"):
            return
        if public_url and parts[:2] == urlsplit(public_url)[:2]:
            return
    raise Refusal(403, "origen")


def is_from_this_machine(connection: HTTPConnection) -> bool:
    """Tell whether a program on this machine asks directly: no proxy before it, no foreign name (DNS rebinding)."""
    headers = connection.headers
    if "x-forwarded-for" in headers or "forwarded" in headers or "x-real-ip" in headers:
        return False
    host = headers.get("host", "")
    name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
    return name in _LOOPBACK_NAMES


def page_policy(connection: HTTPConnection, *, ancestors: Sequence[str], images: Sequence[str] = ()) -> str:
    """Return the Content-Security-Policy of a page of ours.

    ``connect-src`` names the WebSocket too, because older Safari does not count it under 'self'.
    """
    host = connection.headers.get("host", "")
    sockets = f" ws://{host} wss://{host}" if _HOST.fullmatch(host) else ""
    return "; ".join(
        [
            "default-src 'self'",
            f"connect-src 'self'{sockets}",
            " ".join(["img-src 'self' blob:", *images]),
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            " ".join(["frame-ancestors 'self'", *ancestors]),
        ]
    )


class Guard:
    """The outermost layer: safe headers on every answer, and no exception ever reaches a person."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics, has_tls: bool) -> None:
        """Wrap ``app``; ``has_tls`` says that people reach us by https."""
        self._app = app
        self._metrics = metrics
        dress = {
            "x-content-type-options": "nosniff",
            "referrer-policy": "no-referrer",
            "content-security-policy": BARE_POLICY,
            "cross-origin-resource-policy": "same-origin",
            **({"strict-transport-security": "max-age=31536000"} if has_tls else {}),
        }
        self._dress = [(name.encode(), value.encode()) for name, value in dress.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 0

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = message["headers"]
                named = {name for name, _ in headers}
                message["headers"] = [*headers, *(pair for pair in self._dress if pair[0] not in named)]
            await send(message)

        try:
            await self._app(scope, receive, sending)
        except Exception as error:
            if status:
                log.exception("response_broken", route=_route(scope))
                raise
            refusal = _last_resort(error)
            # An error's own text may quote what the person wrote: keep its kind and its place, not its words.
            where = [f"{frame.name}:{frame.lineno}" for frame in extract_tb(error.__traceback__)[-4:]]
            log.error("request_failed", route=_route(scope), error=type(error).__name__, where=where)  # noqa: TRY400
            await refusal_response(refusal)(scope, receive, sending)
        finally:
            self._metrics.request(_route(scope), status)


def _last_resort(error: Exception) -> Refusal:
    """Trouble of the database or the disk passes, so it is 503; anything else is a mistake of ours."""
    if isinstance(error, (StorageError, OSError, TimeoutError)):
        return Refusal(503, "no_disponible", retry_after_s=5)
    return Refusal(500, "interno")


def _route(scope: Scope) -> str:
    """Return the pattern of the route, which holds no identifiers; unknown paths share one name."""
    route = scope.get("route")
    path = getattr(route, "label", None) or getattr(route, "path", None)
    return path if isinstance(path, str) else "other"
