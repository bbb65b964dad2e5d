"""The socket that people come in by, and how many of them the system lets in."""

from __future__ import annotations

import asyncio
import resource
import socket
from pathlib import Path

from bot.service import bind, raise_file_limit
from tests.support.settings import make_settings


async def test_a_small_answer_leaves_at_once(tmp_path: Path) -> None:
    settings = make_settings(tmp_path)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    door = bind(settings.model_copy(update={"server": settings.server.model_copy(update={"port": port})}))
    is_at_once: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def came(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        accepted = writer.get_extra_info("socket")
        is_at_once.set_result(accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        writer.close()

    async with await asyncio.start_server(came, sock=door):
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        assert await is_at_once
        writer.close()


def test_the_service_takes_as_many_sockets_as_the_system_grants() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(soft, 1_024), hard))
        raise_file_limit()
        most = 65_536 if hard == resource.RLIM_INFINITY else min(hard, 65_536)
        assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] == most
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
