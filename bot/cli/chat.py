"""``atiende chat``: the same conversation as everywhere, in the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from bot.kernel.config import Settings


def register(app: typer.Typer) -> None:
    """Add ``atiende chat``."""

    @app.command()
    def chat(
        person: Annotated[str, typer.Option("--as", help="Who talks; each name has a conversation of its own.")] = "",
        *,
        new: Annotated[bool, typer.Option("--new", help="Begin a conversation that nobody had before.")] = False,
    ) -> None:
        """Talk with the assistant here. Options go by number; /adjuntar, /guardar, /ubicacion and /salir help."""
        import asyncio

        from bot.kernel.config import load_settings
        from bot.kernel.log import setup
        from bot.model_file import fresh_model, is_fresh

        settings = load_settings()
        # A conversation is not the place for the day's log: only what went wrong is said, on standard error.
        setup("error", settings.log.format)
        if settings.mode == "demo" and not is_fresh(settings):
            typer.echo("Preparando: la comprensión aprende de los ejemplos (unos segundos)…", err=True)
            fresh_model(settings)
        asyncio.run(_talk(settings, person, new=new))


async def _talk(settings: Settings, person: str, *, new: bool) -> None:
    import getpass
    import sys

    from rich.console import Console

    from bot.bootstrap import open_services
    from bot.channels.terminal.channel import Terminal
    from bot.channels.words import load_words
    from bot.cli.chat_lines import PipedLines, TypedLines
    from bot.cli.chat_talk import Talk

    services = await open_services(settings)
    try:
        words = load_words(settings.dialogos.carpeta / "catalog" / "canales.yml").terminal
        user = services.ids.new("persona") if new else person or getpass.getuser()
        terminal = Terminal(services.clock)
        talk = Talk(services, terminal, terminal.address(user), words, Console())
        if sys.stdin.isatty():
            await talk.run(TypedLines(words, await talk.said_before()))
        else:
            await talk.run(PipedLines(sys.stdin, words, talk.console))
    finally:
        await services.close()
