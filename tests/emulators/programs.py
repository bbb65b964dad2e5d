"""The emulators as programs: begun on 127.0.0.1 when a test needs them, ended after it."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.support.settings import ROOT

HERE = Path(__file__).parent
PACKAGES = ROOT / "var" / "emulators"
_PATIENCE_S = 60.0


@asynccontextmanager
async def telegram_test_api() -> AsyncIterator[str]:
    """Run telegram-test-api (https://www.npmjs.com/package/telegram-test-api) and yield its address."""
    port = free_port()
    async with _program("node", str(HERE / "telegram_server.js"), str(PACKAGES), str(port), port=port):
        yield f"http://127.0.0.1:{port}"


@asynccontextmanager
async def prism(specification: Path) -> AsyncIterator[str]:
    """Run Prism (https://www.npmjs.com/package/@stoplight/prism-cli) over a specification and yield its address."""
    port = free_port()
    script = PACKAGES / "node_modules" / "@stoplight" / "prism-cli" / "dist" / "index.js"
    words = ("mock", "-h", "127.0.0.1", "-p", str(port), "--errors", str(specification))
    async with _program("node", str(script), *words, port=port):
        yield f"http://127.0.0.1:{port}"


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@asynccontextmanager
async def _program(*command: str, port: int) -> AsyncIterator[None]:
    PACKAGES.mkdir(parents=True, exist_ok=True)
    with (PACKAGES / f"{Path(command[1]).stem}-{port}.log").open("wb") as log:
        program = await asyncio.create_subprocess_exec(*command, stdout=log, stderr=log)
    try:
        await _listens(program, port)
        yield
        assert program.returncode is None, f"{command[1]} died: {log.name}"
    finally:
        with contextlib.suppress(ProcessLookupError):
            program.terminate()
        await program.wait()


async def _listens(program: asyncio.subprocess.Process, port: int) -> None:
    async with asyncio.timeout(_PATIENCE_S):
        while True:
            assert program.returncode is None, "the emulator ended before it listened"
            with contextlib.suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.close()
                return
            await asyncio.sleep(0.1)
