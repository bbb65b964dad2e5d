"""Children to be killed, quickly: a process loads everything once and forks one for each order.

A kill test is about what a process leaves on the disk, not about its imports, which take most of the time of a fresh
interpreter. Before its first child the nursery lives one such life itself, to its end: what is read and built but once
in a process (catalogs, templates, the shapes of tables) is there for every child. When it forks, it has no database
open and one thread, so that forking is safe.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.support.settings import ROOT
from tests.support.shipped import load_once, shipped

KILLED = 137
_LONGEST_S = 60
_CHILDREN = (
    "tests.support.crash_child",
    "tests.outbox.crash_child",
    "tests.notices.crash_child",
    "tests.notices.waiting_child",
)


class Nursery:
    """The process that forks; one for each worker of the test run."""

    def __init__(self) -> None:
        """Start it; it is ready when its imports are done."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.nursery"],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, module: str, folder: Path, url: str, failpoint: str = "", **environment: str) -> int:
        """Run ``module.main(folder, url)`` in a child and return its exit code, 137 for a kill.

        Raises:
            AssertionError: it ended in any other way than well or killed; with what it said.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        said = folder / "said.txt"
        order = {
            "module": module,
            "folder": str(folder),
            "url": url,
            "failpoint": failpoint,
            "environment": environment,
            "said": str(said),
        }
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        code = int(self._process.stdout.readline())
        assert code in {0, KILLED}, f"{code}: {said.read_text()[-3000:]}"
        return code

    def close(self) -> None:
        """Let the process go."""
        self._process.communicate(timeout=10)


def _serve() -> None:
    """Load what children need, then fork one for each order until there are no more."""
    import psycopg  # noqa: F401  # loaded before forking
    import rasa_sdk.executor  # noqa: F401  # as above

    import bot.house
    from bot.kernel import failpoint

    bot.house.load = load_once
    shipped()
    for name in _CHILDREN:
        import_module(name)
    is_warm = False
    for line in sys.stdin:
        order = json.loads(line)
        # Children of the outbox need little, and a whole life costs more than it saves them.
        if not is_warm and order["module"] != "tests.outbox.crash_child":
            _live_once()
            is_warm = True
        child = os.fork()
        if child == 0:
            _live(order, failpoint)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)  # noqa: T201  # the answer to the order


def _live_once() -> None:
    """Live as a child does that nobody kills, and leave what it built to those that will be forked."""
    # What it says would stand among our answers; the streams themselves stay, for whoever keeps one of them.
    answers, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(sys.modules["tests.support.crash_child"].main(Path(folder), f"sqlite:///{folder}/once.db"))
    sys.stdout.flush()
    os.dup2(answers, 1)
    os.close(answers)
    os.close(nowhere)
    assert threading.active_count() == 1
    # A child that never looks through what it inherited does not copy it either.
    gc.collect()
    gc.freeze()


def _live(order: dict[str, Any], failpoint: Any) -> None:
    """Be the child: do what was ordered and end, without ever going back to the nursery's own code."""
    code = 1
    try:
        signal.alarm(_LONGEST_S)
        said = os.open(order["said"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(said, 1)
        os.dup2(said, 2)
        os.environ.update(order["environment"])
        failpoint._ARMED, _, failpoint._PASSAGE = order["failpoint"].partition("@")
        asyncio.run(sys.modules[order["module"]].main(Path(order["folder"]), order["url"]))
        code = 0
    except SystemExit as ended:
        code = int(ended.code or 0)
    except BaseException:  # noqa: BLE001  # whatever it is, it is told in the file
        import traceback

        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    _serve()
