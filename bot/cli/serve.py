"""``atiende serve``: the whole installation in one process."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import typer


def register(app: typer.Typer) -> None:
    """Add ``atiende serve``."""

    @app.command()
    def serve() -> None:
        """Attend people: web chat, webhooks, REST face, sending and scheduled work, until it is told to stop."""
        import asyncio

        from bot.kernel.config import load_settings
        from bot.kernel.log import configure
        from bot.service import run

        settings = load_settings()
        configure(settings)
        asyncio.run(run(settings))
