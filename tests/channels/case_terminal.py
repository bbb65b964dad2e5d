"""The terminal before the contract: lines in, what Rich prints out."""

from __future__ import annotations

import io
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Self

from rich.console import Console

from bot.channels.base import Say, Sent
from bot.channels.terminal.channel import ID_HEADER, SIZE_LIMIT, USER_HEADER, Terminal
from bot.channels.terminal.render import bubble
from bot.channels.words import load_words
from bot.kernel.clock import SystemClock
from tests.channels.contract import PDF, Bubble, ChannelCase, Payload

WORDS = load_words(Path(__file__).parents[2] / "dialogs" / "catalog" / "canales.yml").terminal


class Case(ChannelCase):
    async def __aenter__(self) -> Self:
        self.channel = self.terminal = Terminal(SystemClock())
        self.to = self.terminal.address("persona")
        self._folder = tempfile.TemporaryDirectory()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._folder.cleanup()

    def text(self, text: str, *, number: int = 1) -> Payload:
        return Payload(text.encode(), {USER_HEADER: "persona", ID_HEADER: str(number)})

    def media(self) -> Payload:
        path = Path(self._folder.name, "mi recibo.pdf")
        path.write_bytes(PDF)
        return self.text(f"/adjuntar '{path}'")

    def location(self, lat: float, lon: float) -> Payload:
        return self.text(f"/ubicacion {lat}, {lon}")

    def malformed(self) -> Sequence[Payload]:
        lines = (
            "",
            "  \x00 ",
            "x" * 10_001,
            "/adjuntar",
            "/adjuntar /no/hay",
            "/ubicacion",
            "/ubicacion 91 0",
            "/ubicacion nan 1",
        )
        return [self.text(line) for line in lines]

    def too_large(self) -> Payload:
        path = Path(self._folder.name, "grande.bin")
        with path.open("wb") as file:
            file.truncate(SIZE_LIMIT + 1)
        return self.text(f"/adjuntar {path}")

    async def show(self, say: Say, our_key: str) -> tuple[Sent, Sequence[Bubble]]:
        sent = await self.channel.send(self.to, say, our_key)
        console = Console(file=io.StringIO(), width=20_000, color_system=None)
        console.print(bubble(say, WORDS.assistant, WORDS))
        shown = console.file.getvalue()  # type: ignore[attr-defined]
        numbered = tuple(found.strip() for found in re.findall(r"^ +\d+\. (.+)$", shown, re.MULTILINE))
        return sent, [
            Bubble(
                text=shown.strip(),
                options=numbered,
                file=say.media[0].name or "" if say.media and (say.media[0].name or "?") in shown else "",
                asks="location" if WORDS.share_location in shown else "",
            )
        ]
