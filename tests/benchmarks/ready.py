"""How soon the service answers, and how much memory it holds, against a Python that only imports the web server."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import psutil

from tests.benchmarks.figure import Figure

ROOT = Path(__file__).parents[2]
LIMIT_S, LIMIT_MB = 2.0, 250.0


def run() -> list[Figure]:
    """Start the demo twice; the second start is the one that counts."""
    with TemporaryDirectory(prefix="atiende-bench-") as folder:
        _start(Path(folder))
        ready, memory = _start(Path(folder))
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import starlette.applications, uvicorn"], check=True)
    bare = time.perf_counter() - began
    return [
        Figure(
            "second start until /health is 200",
            f"{ready:.2f} s",
            f"importing the web server alone: {bare:.2f} s",
            f"{ready / bare:.1f}",
            f"< {LIMIT_S:.0f} s",
            is_met=ready < LIMIT_S,
        ),
        Figure(
            "resident memory of the whole service",
            f"{memory:.0f} MB",
            f"limit {LIMIT_MB:.0f} MB",
            f"{memory / LIMIT_MB:.2f}",
            f"< {LIMIT_MB:.0f} MB",
            is_met=memory < LIMIT_MB,
        ),
    ]


def _start(folder: Path) -> tuple[float, float]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        "ATIENDE_PORT": str(port),
        "ATIENDE_DATA_DIR": str(folder),
        "ATIENDE_LOG_LEVEL": "error",
    }
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "demo"], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL
    )
    try:
        while True:
            if process.poll() is not None:
                message = f"the demo ended with {process.returncode}"
                raise RuntimeError(message)
            try:
                if httpx.get(f"http://127.0.0.1:{port}/health", timeout=0.5).status_code == 200:
                    break
            except httpx.HTTPError:
                time.sleep(0.02)
        ready = time.perf_counter() - began
        httpx.post(
            f"http://127.0.0.1:{port}/webhooks/rest/webhook", json={"sender": "medida", "message": "menú"}, timeout=10
        ).raise_for_status()
        return ready, psutil.Process(process.pid).memory_info().rss / 1e6
    finally:
        process.terminate()
        process.wait(15)
