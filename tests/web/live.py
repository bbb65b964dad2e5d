"""A real server in a thread, and a real browser, for tests that look at the page as people do."""

from __future__ import annotations

import asyncio
import shutil
import socket
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot.kernel.config import Settings
from bot.web.app import create_app
from bot.web.server import WebServer, make_server
from bot.web.webhooks import Webhook
from tests.web.fakes import FakeRecords, House, make_house, tuned

CHROMIUM = shutil.which("chromium")
#: Quiet and self-contained: without them the browser looks for its maker's hosts at every start.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class LiveServer:
    """The web application over a fake house, on a real port; ``restart`` keeps data and port."""

    def __init__(self, settings: Settings, **webchat: Any) -> None:
        """Take the settings; nothing runs yet."""
        self.port = free_port()
        self.settings = tuned(settings, server={"port": self.port}, webchat=webchat)
        self.records = FakeRecords()
        self.seen: dict[tuple[str, str, str], int] = {}
        self.webhooks: Sequence[Webhook] = ()
        self.house: House
        self._server: WebServer | None = None
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def url(self) -> str:
        """Where people find it."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Serve, and return once the door is open."""
        self.house = make_house(self.settings, records=self.records, seen=self.seen, webhooks=self.webhooks)
        self._server = make_server(create_app(self.house.services), self.settings, self.house.services.broadcaster)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        end = time.monotonic() + 10
        while not self._server.started:
            assert time.monotonic() < end, "the server did not start"
            time.sleep(0.01)

    def stop(self) -> None:
        """End as SIGTERM would."""
        assert self._server is not None
        assert self._thread is not None
        self._server.should_exit = True
        self._thread.join(15)
        assert not self._thread.is_alive(), "the server did not stop"

    def call(self, function: Any, *arguments: Any) -> None:
        """Run ``function`` in the server's loop."""
        assert self._loop is not None
        self._loop.call_soon_threadsafe(function, *arguments)

    def _run(self) -> None:
        with asyncio.Runner() as runner:
            self._loop = runner.get_loop()
            assert self._server is not None
            runner.run(self._server.serve())


def static_folder() -> Path:
    """Return where the page's files are."""
    import bot.channels.webchat

    return Path(bot.channels.webchat.__file__).with_name("static")
