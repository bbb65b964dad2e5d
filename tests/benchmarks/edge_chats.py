"""Thousands of idle web chats: what each holds in memory, and whether one of them is still served at once."""

from __future__ import annotations

import asyncio
import json
import os
import time
import uuid
from collections.abc import Sequence

import psutil
from websockets.asyncio.client import ClientConnection, connect

from tests.benchmarks.edge_load import post, storm

CHATS, TALKS, AT_ONCE = 5_000, 100, 50
_SECONDS = 60.0


async def sessions(port: int, count: int) -> list[str]:
    """Open ``count`` sessions of the web chat as ``count`` people behind our proxy; return their secrets."""
    work = [post("/chat/api/sessions", b"", X_Forwarded_For=_address(number)) for number in range(count)]
    bodies: list[bytes] = []
    await storm(port, work, AT_ONCE, bodies)
    return [json.loads(body)["session"] for body in bodies]


async def opened(port: int, secrets: Sequence[str], first: int) -> tuple[list[ClientConnection], float]:
    """Open a socket for each secret and hear its first word; return the sockets and the seconds that all took."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(number: int, secret: str) -> ClientConnection:
        async with gate:
            socket = await connect(
                f"ws://127.0.0.1:{port}/chat/api/ws",
                additional_headers={"X-Forwarded-For": _address(number)},
                # Ports of one address are not enough for every machine.
                local_addr=(f"127.0.0.{2 + number % 8}", 0),
                compression=None,
                ping_interval=None,
                proxy=None,
                open_timeout=_SECONDS,
            )
            await socket.send(json.dumps({"session": secret, "after": -1}))
            await asyncio.wait_for(socket.recv(), _SECONDS)
            return socket

    began = time.perf_counter()
    sockets = await asyncio.gather(*(one(first + number, secret) for number, secret in enumerate(secrets)))
    return list(sockets), time.perf_counter() - began


async def talk(port: int, sockets: Sequence[ClientConnection], secrets: Sequence[str]) -> list[float]:
    """Let each write once, one after the other; return the seconds from the POST to the reply on the socket."""
    took = []
    for socket, secret in zip(sockets, secrets, strict=True):
        body = json.dumps({"client_msg_id": str(uuid.uuid4()), "text": "/menu"}).encode()
        request = post("/chat/api/messages", body, Authorization=f"Bearer {secret}")
        began = time.perf_counter()
        await storm(port, [request], 1)
        while not _is_reply(await asyncio.wait_for(socket.recv(), _SECONDS)):
            continue
        took.append(time.perf_counter() - began)
    return took


async def closed(sockets: Sequence[ClientConnection]) -> None:
    """Say goodbye."""
    for start in range(0, len(sockets), AT_ONCE):
        await asyncio.gather(*(socket.close() for socket in sockets[start : start + AT_ONCE]))


def resident(pid: int) -> int:
    """Return the bytes that a process holds in memory."""
    return int(psutil.Process(pid).memory_info().rss)


def can_hold(count: int) -> bool:
    """Tell whether this machine lets a process open so many sockets."""
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    return hard == resource.RLIM_INFINITY or hard > count + 500


def _is_reply(frame: str | bytes) -> bool:
    return any(item["from"] == "asistente" for item in json.loads(frame).get("items", ()))


def _address(number: int) -> str:
    return f"10.{number // 65_536}.{number // 256 % 256}.{number % 256}"


def pin_away() -> None:
    """Keep the measuring process off the core that the measured one is held to, where there are two."""
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) > 1:
        os.sched_setaffinity(0, set(cores[1:]))
