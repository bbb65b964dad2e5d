"""Show what the dialogue says in a terminal: words first, options by number, nothing that only colour tells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.padding import Padding
from rich.text import Text

from bot.channels.base import Option, Say
from bot.channels.clean import terminal_text
from bot.channels.emphasis import runs

if TYPE_CHECKING:
    from rich.console import RenderableType

    from bot.channels.words import TerminalWords


def bubble(say: Say, speaker: str, words: TerminalWords, *, style: str = "bold green") -> RenderableType:
    """Return ``say`` as a block under the name of who says it.

    The text is never read as markup, nor by the terminal: a citizen's bracket stays a bracket.
    """
    lines: list[RenderableType] = [Text(speaker, style=style)]
    names = [terminal_text(media.name or media.kind) for media in say.media]
    body: list[RenderableType] = [Text(words.file.replace("{name}", name)) for name in names]
    if say.text:
        body.append(
            Text.assemble(*((piece, "bold" if is_bold else "") for piece, is_bold in runs(terminal_text(say.text))))
        )
    if say.options:
        body.append(Padding(Group(*_numbered(say.options)), (1, 0, 0, 0)))
    if say.ask:
        body.append(Text(words.share_location if say.ask == "location" else words.share_phone, style="italic"))
    lines.append(Padding(Group(*body), (0, 0, 1, 2)))
    return Group(*lines)


def _numbered(options: tuple[Option, ...]) -> list[Text]:
    width = len(str(len(options)))
    shown = []
    for number, option in enumerate(options, start=1):
        line = Text(f"{number:>{width}}. ", style="bold cyan")
        line.append(terminal_text(option.label), style="bold")
        if option.hint:
            line.append(f": {terminal_text(option.hint)}", style="not bold dim")
        if option.url:
            line.append(f" ({terminal_text(option.url)})", style="not bold dim")
        shown.append(line)
    return shown
