"""``atiende codes``: the letters that the demo left in its folder, because nobody sends them."""

from __future__ import annotations

from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add ``atiende codes``."""

    @app.command()
    def codes(
        last: Annotated[int, typer.Option(help="Show at most so many, the newest last.", min=1, max=1000)] = 5,
    ) -> None:
        """Show the newest letters with one-time codes of a demo or a test (mail in mode «carpeta»)."""
        import mailbox

        from bot.channels.registry import MAIL_FOLDER
        from bot.kernel.config import load_settings
        from bot.kernel.errors import ConfigError

        settings = load_settings()
        if settings.is_production or settings.canales.correo.modo != "carpeta":
            raise ConfigError(["canales.correo.modo: letters are kept in a folder only outside production"])
        folder = settings.data_dir / MAIL_FOLDER
        letters = list(mailbox.Maildir(folder, create=False)) if folder.is_dir() else []
        if not letters:
            typer.echo("Todavía no se ha enviado ningún código.")
        for letter in sorted(letters, key=lambda one: one.get_date())[-last:]:
            body = letter.get_payload(decode=True)
            typer.echo(f"{letter['Date']} · {letter['To']}\n{bytes(body or b'').decode('utf-8', 'replace')}")
