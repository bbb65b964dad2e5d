"""Where the lines of a terminal conversation come from: a person's keyboard or a pipe."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Protocol, TextIO

from bot.channels.clean import terminal_text

if TYPE_CHECKING:
    from rich.console import Console

    from bot.channels.words import TerminalWords


class Lines(Protocol):
    """A source of lines."""

    def shown(self) -> AbstractContextManager[object]:
        """Return the context in which other output does not break the line being typed."""
        ...

    async def next(self) -> str | None:
        """Return the next line, or None when the person is done."""
        ...


class TypedLines:
    """A prompt with history: what was said before comes back with the arrow keys, from the sealed log, not a file."""

    def __init__(self, words: TerminalWords, before: Iterable[str]) -> None:
        """Take the words of the prompt and what the person said before, oldest first."""
        from prompt_toolkit import PromptSession
        from prompt_toolkit.completion import WordCompleter
        from prompt_toolkit.history import InMemoryHistory

        commands = WordCompleter(["/adjuntar ", "/guardar ", "/ubicacion ", "/salir"], sentence=True)
        self._prompt = f"{words.prompt}: "
        self._session: PromptSession[str] = PromptSession(
            history=InMemoryHistory(list(before)), completer=commands, complete_while_typing=False
        )

    def shown(self) -> AbstractContextManager[object]:
        """Return the context in which replies appear above the prompt."""
        from prompt_toolkit.patch_stdout import patch_stdout

        return patch_stdout(raw=True)

    async def next(self) -> str | None:
        """Return what was typed; Ctrl-C and Ctrl-D end the conversation."""
        try:
            return await self._session.prompt_async(self._prompt)
        except (EOFError, KeyboardInterrupt):
            return None


class PipedLines:
    """Lines of a file or a pipe; each is shown, so that what comes out reads as a conversation."""

    def __init__(self, source: TextIO, words: TerminalWords, console: Console) -> None:
        """Take where the lines are and where to show them."""
        self._source = source
        self._words = words
        self._console = console

    def shown(self) -> AbstractContextManager[object]:
        """Return nothing special: nobody is typing."""
        return nullcontext()

    async def next(self) -> str | None:
        """Return the next line that is not empty, or None at the end."""
        while line := await asyncio.to_thread(self._source.readline):
            if line.strip():
                said = terminal_text(line.strip())
                self._console.print(f"{self._words.prompt}: {said}", markup=False, highlight=False)
                return line
        return None
