"""``atiende config``: the settings in force, or everything that is wrong with them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""

    @app.command("config")
    def config(
        path: Annotated[Path | None, typer.Argument(help="Settings file; else ATIENDE_CONFIG or config.yaml.")] = None,
    ) -> None:
        """Show the settings in force, with defaults and environment, without secrets; exit 1 with every mistake."""
        import yaml

        from bot.kernel.config import load_settings, without_secrets

        shown = without_secrets(load_settings(path))
        typer.echo(yaml.safe_dump(shown, allow_unicode=True, sort_keys=False, width=120), nl=False)
