"""Runs the web application on uvicorn with limits fit for a public door."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import uvicorn

from bot.web.edge import BoundedHead

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from bot.kernel.config import Settings
    from bot.web.broadcaster import Broadcaster

_GRACE_SECONDS = 10

#: What uvicorn may spend on a stranger, and says of them; the benchmark serves its floor with the same.
LIMITS: Final[Mapping[str, Any]] = {
    "log_config": None,
    "log_level": "warning",
    "access_log": False,
    "server_header": False,
    "proxy_headers": False,
    "ws_max_size": 16_384,
    "ws_max_queue": 4,
    "ws_ping_interval": 20.0,
    "ws_ping_timeout": 20.0,
    "ws_per_message_deflate": False,
    "timeout_keep_alive": 20,
}


class WebServer(uvicorn.Server):
    """A uvicorn server that ends the open streams first when it is told to stop."""

    def __init__(self, config: uvicorn.Config, broadcaster: Broadcaster) -> None:
        """Take uvicorn's settings and the broadcaster whose listeners have to be let go."""
        super().__init__(config)
        self._broadcaster = broadcaster

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let streams and long polls go, then wait for what is being answered."""
        self._broadcaster.close()
        await super().shutdown(sockets)


def make_server(app: Starlette, settings: Settings, broadcaster: Broadcaster) -> WebServer:
    """Return a server for ``app``: ``await server.serve()`` runs it until SIGTERM or ``server.should_exit = True``.

    Names of callers come from our own reading of forwarding headers, so uvicorn's is off; its information about each
    socket would put people's addresses into the logs, so it only warns.
    """
    config = uvicorn.Config(
        app,
        host=settings.server.host,
        port=settings.server.port,
        timeout_graceful_shutdown=_GRACE_SECONDS,
        http=BoundedHead,
        **LIMITS,
    )
    return WebServer(config, broadcaster)
