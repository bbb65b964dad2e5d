"""A push channel whose provider is a file: each message that arrives is one line, on disk before it is confirmed."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from bot.channels.base import Address, Caps, Inbound, Notice, Receipt, Say, Sent, Verdict
from tests.support.checker import Delivery

CAPS = Caps(text=4000, body_with_options=4000, buttons=10, button_len=40, rate_per_s=10_000.0)


class PaperChannel:
    """Confirms what it has written down."""

    name = "papel"
    account = "prueba"
    caps = CAPS

    def __init__(self, path: Path) -> None:
        self._path = path

    def parse(self, body: bytes, headers: Mapping[str, str]) -> Iterable[Inbound | Receipt]:
        raise NotImplementedError  # nothing comes in by paper: the script calls the inbox itself

    async def send(self, to: Address, what: Say | Notice, our_key: str) -> Sent:
        said = what.plain if isinstance(what, Notice) else what
        line = json.dumps({"key": our_key, "text": said.text}) + "\n"
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(descriptor, line.encode())
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        return Sent(Verdict.OK, ref=our_key)


def deliveries(path: Path) -> list[Delivery]:
    """Return everything that arrived, oldest first."""
    if not path.exists():
        return []
    return [Delivery(**json.loads(line)) for line in path.read_text().splitlines()]
