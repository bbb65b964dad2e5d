"""What comes in: webhooks until they are durable, batches in one request, and thousands of idle web chats.

It takes minutes and needs two cores to mean much, so it runs only when named: ``python -m tests.benchmarks edge``.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import signal
import socket
import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.service import raise_file_limit
from tests.benchmarks import edge_chats as chats
from tests.benchmarks.edge_load import fresh, requests, storm, whatsapp_body, whatsapp_post
from tests.benchmarks.edge_servers import BOT_SECRET
from tests.benchmarks.figure import Figure, percentile

ROOT = Path(__file__).parents[2]
CONNECTIONS = (1, 16, 64)
POSTS, ROUNDS = 600, 5
BATCH, CHANGES, ENTRIES = 1_000, 10, 5
LEAST_SHARE, MOST_MEMORY, MOST_LATENCY = 0.7, 2.0, 1.5
_WITH_TURNS = "turns running"
_TELEGRAM = "/webhooks/telegram/" + hashlib.sha256(f"telegram webhook {BOT_SECRET}".encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Server:
    """A server in a process of its own."""

    pid: int
    port: int
    folder: Path


async def run() -> list[Figure]:
    """Measure with the servers held to one core and the load on another; what is compared alternates."""
    raise_file_limit()
    cores = os.sched_getaffinity(0)
    figures: list[Figure] = []
    with _server("bare") as bare, _server("deaf") as deaf:
        chats.pin_away()
        for channel in ("WhatsApp", "Telegram"):
            figures += await _webhooks(channel, bare, deaf, "no turns")
        figures += await _batch(deaf)
    os.sched_setaffinity(0, cores)
    with _server("bare") as bare, _server("ours") as ours:
        chats.pin_away()
        figures += await _webhooks("WhatsApp", bare, ours, _WITH_TURNS, connections=(16,))
    os.sched_setaffinity(0, cores)
    with _server("bare") as bare, _server("ours") as ours:
        chats.pin_away()
        figures += await _idle(bare, ours)
    os.sched_setaffinity(0, cores)
    return figures


async def _webhooks(
    channel: str, bare: Server, ours: Server, what: str, *, connections: tuple[int, ...] = CONNECTIONS
) -> list[Figure]:
    figures = []
    for server in (bare, ours):
        await storm(server.port, requests(channel, _TELEGRAM, 300), 16)
    for count in connections:
        floors, rates, times, floor_times = [], [], [], []
        for _ in range(ROUNDS):
            # They share a core: what one still works would be counted as the other's slowness.
            await _worked(ours, what)
            rate, took = await storm(bare.port, requests(channel, _TELEGRAM, POSTS), count)
            floors.append(rate)
            floor_times += took
            rate, took = await storm(ours.port, requests(channel, _TELEGRAM, POSTS), count)
            rates.append(rate)
            times += took
        share = statistics.median(rate / floor for rate, floor in zip(rates, floors, strict=True))
        is_aimed = what != _WITH_TURNS
        figures.append(
            Figure(
                "a webhook until it is durable and answered",
                f"{channel}, {count} at once, {what}: {statistics.median(rates):.0f}/s, p50 / p99 {_ms(times)}",
                f"bare server, one commit each: {statistics.median(floors):.0f}/s, {_ms(floor_times)}",
                f"{share:.2f}",
                f"≥ {LEAST_SHARE}" if is_aimed else "—",
                is_met=share >= LEAST_SHARE or not is_aimed,
            )
        )
    return figures


async def _batch(ours: Server) -> list[Figure]:
    singles, _ = await storm(ours.port, requests("WhatsApp", "", BATCH), 1)
    numbers = fresh(BATCH)
    share = BATCH // CHANGES
    groups = [numbers[start : start + share] for start in range(0, BATCH, share)]
    request = whatsapp_post(whatsapp_body(groups, entries=ENTRIES))
    before = _kept(ours)
    _, (first,) = await storm(ours.port, [request], 1)
    once = _kept(ours) - before
    _, (again,) = await storm(ours.port, [request], 1)
    doubled = _kept(ours) - before - once
    ratio = first / BATCH * singles
    return [
        Figure(
            "1,000 messages in one POST",
            f"{first * 1000:.0f} ms, {len(request) / 1000:.0f} kB; {once} kept; again {again * 1000:.0f} ms, {doubled} more",
            f"one POST a message: {1000 / singles:.2f} ms each",
            f"{ratio:.2f}",
            "each kept once",
            is_met=once == BATCH and doubled == 0,
        )
    ]


async def _idle(bare: Server, ours: Server) -> list[Figure]:
    if not chats.can_hold(chats.CHATS):
        message = f"this machine does not let a process open {chats.CHATS} sockets (ulimit -Hn)"
        raise RuntimeError(message)
    few = await chats.sessions(ours.port, 2 * chats.TALKS)
    # What is loaded by the first message, and by the first sockets, is not what a chat costs.
    warm, _ = await chats.opened(ours.port, few[: chats.TALKS], 0)
    await chats.talk(ours.port, warm, few[: chats.TALKS])
    await chats.closed(warm)
    alone = []
    for number, secret in enumerate(few[chats.TALKS :]):
        one, _ = await chats.opened(ours.port, [secret], number)
        alone += await chats.talk(ours.port, one, [secret])
        await chats.closed(one)
    await chats.closed((await chats.opened(bare.port, few, 0))[0])
    floor, floor_s = await _grown(bare, few * (chats.CHATS // len(few)))
    await chats.closed(floor[0])
    empty = chats.resident(ours.pid)
    secrets = await chats.sessions(ours.port, chats.CHATS)
    with_sessions = chats.resident(ours.pid)
    (sockets, grown), seconds = await _grown(ours, secrets)
    step = chats.CHATS // chats.TALKS
    crowded = await chats.talk(ours.port, sockets[::step], secrets[::step])
    await chats.closed(sockets)
    each, bare_each = grown / chats.CHATS / 1000, floor[1] / chats.CHATS / 1000
    ratio = percentile(crowded, 0.5) / percentile(alone, 0.5)
    return [
        Figure(
            "memory of an idle web chat, of 5,000",
            f"{each:.1f} kB, and {(with_sessions - empty) / chats.CHATS / 1000:.1f} kB its session",
            f"bare Starlette sockets: {bare_each:.1f} kB",
            f"{each / bare_each:.2f}",
            f"≤ {MOST_MEMORY}",
            is_met=each <= MOST_MEMORY * bare_each,
        ),
        Figure(
            "time to open 5,000 web chats",
            f"{seconds:.1f} s",
            f"bare Starlette sockets: {floor_s:.1f} s",
            f"{seconds / floor_s:.2f}",
            "—",
            is_met=True,
        ),
        Figure(
            "a reply to one web chat among 5,000, p50 / p95",
            f"{percentile(crowded, 0.5) * 1000:.1f} / {percentile(crowded, 0.95) * 1000:.1f} ms",
            f"with no other open: {percentile(alone, 0.5) * 1000:.1f} / {percentile(alone, 0.95) * 1000:.1f} ms",
            f"{ratio:.2f}",
            f"≤ {MOST_LATENCY}",
            is_met=ratio <= MOST_LATENCY,
        ),
    ]


async def _grown(server: Server, secrets: list[str]) -> tuple[tuple[list[chats.ClientConnection], int], float]:
    """Open a chat for each secret; return the sockets, by how many bytes the server grew, and the seconds."""
    before = chats.resident(server.pid)
    sockets, seconds = await chats.opened(server.port, secrets, 1_000)
    return (sockets, chats.resident(server.pid) - before), seconds


async def _worked(ours: Server, what: str) -> None:
    while what == _WITH_TURNS and _kept(ours, "where state = 'new'"):  # noqa: ASYNC110 - another process works them
        await asyncio.sleep(0.2)


def _kept(ours: Server, which: str = "") -> int:
    """Return how many messages are in the inbox, as another process sees them."""
    connection = sqlite3.connect(f"file:{next(ours.folder.glob('*.db'))}?mode=ro", uri=True)
    try:
        return int(connection.execute(f"select count(*) from inbox {which}").fetchone()[0])
    finally:
        connection.close()


@contextmanager
def _server(kind: str) -> Iterator[Server]:
    with TemporaryDirectory(prefix="atiende-bench-") as folder, socket.socket() as free:
        free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.benchmarks.edge_servers", kind, folder, str(port)],
            cwd=ROOT,
            stderr=subprocess.DEVNULL,
        )
        try:
            _await(process, port)
            yield Server(process.pid, port, Path(folder))
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _await(process: subprocess.Popen[bytes], port: int) -> None:
    while process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    message = f"the server ended with {process.returncode}"
    raise RuntimeError(message)


def _ms(times: list[float]) -> str:
    return f"{percentile(times, 0.5) * 1000:.1f} / {percentile(times, 0.99) * 1000:.1f} ms"
