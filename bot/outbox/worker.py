"""Who is sending: a name that tells, on the same machine, whether its process is still alive."""

from __future__ import annotations

import os
import socket
from typing import Final

_PARTS: Final = 3
#: Senders of this very process; any other that claims our process number lived before us.
_OURS: set[str] = set()


def worker_name(nonce: str) -> str:
    """Return the name of a new sender of this process: machine, process and ``nonce`` (unique, without colons)."""
    name = f"{socket.gethostname()}:{os.getpid()}:{nonce}"
    _OURS.add(name)
    return name


def forget_worker(name: str) -> None:
    """Say that the sender ``name`` of this process ended."""
    _OURS.discard(name)


def is_surely_dead(name: str | None) -> bool:
    """Whether the sender ``name`` cannot be alive; False when it ran elsewhere and only its lease can tell."""
    parts = (name or "").rsplit(":", 2)
    if len(parts) != _PARTS or not parts[1].isdecimal() or parts[0] != socket.gethostname():
        return False
    if int(parts[1]) == os.getpid():
        return name not in _OURS
    try:
        os.kill(int(parts[1]), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False
