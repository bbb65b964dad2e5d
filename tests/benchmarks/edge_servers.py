"""The servers that ``edge`` measures, each in a process of its own: ``python -m tests.benchmarks.edge_servers ours FOLDER PORT``.

``ours`` is what ``atiende serve`` runs without clockwork and senders; ``deaf`` is the same with its lanes closed, so that
messages are kept and not worked. ``bare`` is Starlette on the same uvicorn that commits one row for each POST.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.bootstrap import open_services
from bot.kernel.config import Settings, load_settings
from bot.kernel.log import configure
from bot.service import bind, make_web_server, raise_file_limit, settle
from bot.web.server import LIMITS
from tests.support.settings import ROOT, with_model

if TYPE_CHECKING:
    from starlette.requests import Request

NUMBER_ID = "106540352242922"
APP_SECRET = "clave-de-la-medida"
BOT_TOKEN = "123456789:AAFakeTokenThatNoServerKnows0123456789"
BOT_SECRET = "secreto-de-la-medida"


def settings_for(folder: Path, port: int) -> Settings:
    """Return the settings as shipped, with both webhooks on and the measuring machine as its proxy."""
    environment = {
        "ATIENDE_MODE": "test",
        "ATIENDE_DATA_DIR": str(folder),
        "ATIENDE_PORT": str(port),
        "ATIENDE_LOG_LEVEL": "info",
        "ATIENDE_LOG_FORMAT": "json",
    }
    settings = with_model(load_settings(ROOT / "config.yaml", env=environment))
    channels = settings.canales
    telegram = channels.telegram.model_copy(
        update={
            "activo": True,
            "modo": "webhook",
            "token": SecretStr(BOT_TOKEN),
            "secreto": SecretStr(BOT_SECRET),
            "url": "http://127.0.0.1:9",
        }
    )
    whatsapp = channels.whatsapp.model_copy(
        update={
            "activo": True,
            "numero_id": NUMBER_ID,
            "token": SecretStr("EAAFakeTokenThatNoServerKnows0123456789"),
            "secreto": SecretStr(APP_SECRET),
            "verificacion": SecretStr("medida"),
            "url": "http://127.0.0.1:9",
        }
    )
    return settings.model_copy(
        update={
            "canales": channels.model_copy(update={"telegram": telegram, "whatsapp": whatsapp}),
            "server": settings.server.model_copy(
                update={
                    "max_body_bytes": 3_000_000,
                    "trusted_proxies": ("127.0.0.1",),
                    "public_url": "https://atencion.empresa.example",
                }
            ),
        }
    )


async def ours(folder: Path, port: int, *, works: bool) -> None:
    """Serve the house until SIGTERM."""
    settings = settings_for(folder, port)
    if works:
        # Turns begin at once, beside the next POSTs, and not when the person's breath is over.
        at_once = settings.atencion.rafaga.model_copy(update={"espera_s": 0.0})
        settings = settings.model_copy(update={"atencion": settings.atencion.model_copy(update={"rafaga": at_once})})
    configure(settings)
    door = bind(settings)
    services = await open_services(settings)
    if not works:
        await services.lanes.close()
    server = make_web_server(services)
    await asyncio.to_thread(services.actions.executor)
    settle()
    try:
        await server.serve(sockets=[door])
    finally:
        await services.close()


async def bare(folder: Path, port: int) -> None:
    """Serve the floor until SIGTERM: one row, one flushed commit, 200; sockets that are accepted and idle."""
    connection = sqlite3.connect(folder / "bare.db", isolation_level=None)
    for pragma in ("journal_mode=wal", "synchronous=full", "wal_autocheckpoint=2000", "cache_size=-16000"):
        connection.execute(f"pragma {pragma}")
    connection.execute("create table t (id integer primary key, body blob)")

    async def post(request: Request) -> Response:
        body = await request.body()
        connection.execute("begin immediate")
        connection.execute("insert into t (body) values (?)", (body,))
        connection.execute("commit")
        return Response(status_code=200)

    async def socket(websocket: WebSocket) -> None:
        await websocket.accept()
        try:
            while True:
                await websocket.receive_text()
                await websocket.send_json({"items": [], "last_seq": 0, "mode": "bot"})
        except WebSocketDisconnect:
            return

    app = Starlette(routes=[Route("/{rest:path}", post, methods=["POST"]), WebSocketRoute("/chat/api/ws", socket)])
    # As ours in everything that costs: no access log, the same parser, the same pings.
    await uvicorn.Server(uvicorn.Config(app, port=port, http="httptools", **LIMITS)).serve()


def main(kind: str, folder: str, port: str) -> None:
    """Hold this process to one core and serve."""
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {cores[0]})
    raise_file_limit()
    place = Path(folder)
    asyncio.run(bare(place, int(port)) if kind == "bare" else ours(place, int(port), works=kind == "ours"))


if __name__ == "__main__":
    main(*sys.argv[1:])
