"""``atiende demo``: an invented utility, ready to talk to in one command."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    import typer

    from bot.bootstrap import Services


def register(app: typer.Typer) -> None:
    """Add ``atiende demo``."""

    @app.command()
    def demo() -> None:
        """Prepare the demo utility (once), train the understanding (when its data changed) and serve."""
        import asyncio

        import typer

        from bot.bootstrap import make_clock, open_database
        from bot.kernel.config import load_settings
        from bot.kernel.errors import ConfigError
        from bot.kernel.log import configure
        from bot.model_file import fresh_model, is_fresh
        from bot.service import run

        settings = load_settings()
        if settings.is_production:
            raise ConfigError(["mode: `atiende demo` plants invented customers and refuses to run in production"])
        configure(settings)
        if not is_fresh(settings):
            typer.echo("Preparando: la comprensión aprende de los ejemplos (unos segundos, solo la primera vez)…")
        model = fresh_model(settings)
        database = open_database(settings)
        try:
            database.upgrade()
            from bot.demo import plant

            planted = plant(database, now=make_clock(settings).now(), settings=settings)
        finally:
            database.close_now()
        asyncio.run(run(settings, on_ready=lambda services: _welcome(services, model=model, planted=planted)))


def _chosen(environment: Mapping[str, str]) -> list[str]:
    """Return what of the environment says where this demo is kept: another terminal has to say the same."""
    names = ("ATIENDE_CONFIG", "ATIENDE_DATA_DIR", "ATIENDE_PORT")
    return [f"{name}={shlex.quote(environment[name])}" for name in names if environment.get(name)]


def _welcome(services: Services, *, model: str, planted: str) -> None:
    import os

    from rich.console import Console
    from rich.markup import escape
    from rich.panel import Panel

    server = services.settings.server
    url, here = server.public_url, f"http://{server.host}:{server.port}"
    lines = [
        f"[bold]{services.settings.empresa.nombre}[/bold] atiende en [bold cyan]{url}/[/bold cyan]",
        "",
        "Pruebe a escribir en el chat:",
        "  • me llegó muy caro el recibo del agua y no estoy de acuerdo con el cobro",
        "  • uele agas en mi casa",
        "  • en qué va mi radicado",
        "  • a qué hora abren la oficina",
        "  • quiero registrar mi cuenta 1000003 (código: [bold].venv/bin/atiende codes[/bold])",
        "  • quiero hablar con una persona (fila: [bold].venv/bin/atiende handoffs list[/bold])",
        "",
        "Cuentas de la demostración: 1000001 a 1000300.",
        f"Otra puerta: POST {here}/webhooks/rest/webhook",
        f"Cómo está: {here}/health  ·  {here}/metrics",
        "En la terminal: [bold].venv/bin/atiende chat[/bold]. Para terminar: Ctrl+C.",
    ]
    if chosen := _chosen(os.environ):
        lines += ["En otra terminal, primero:", *(f"  [bold]export {escape(each)}[/bold]" for each in chosen)]
    if model or planted:
        lines += ["", " · ".join(text for text in (planted, model) if text)]
    Console().print(Panel("\n".join(lines), title="Atiende, demostración", border_style="green", expand=False))
