"""``atiende actions``: our actions for a Rasa assistant, by rasa-sdk's HTTP contract."""

from __future__ import annotations

from typing import Annotated

import typer

Host = Annotated[str, typer.Option("--host", help="Address to listen on; it has no authentication, so keep it local.")]
Port = Annotated[int, typer.Option("--port", min=1, max=65_535, help="Port to listen on.")]


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command("actions")(actions)


def actions(*, host: Host = "127.0.0.1", port: Port = 5055) -> None:
    """Serve our actions: POST /webhook, GET /actions, GET /health."""
    import asyncio

    from bot.kernel.config import load_settings

    asyncio.run(_serve(load_settings(), host, port))


async def _serve(settings: object, host: str, port: int) -> None:
    import uvicorn

    from bot.bootstrap import open_services
    from dialogs.actions.base import ActionBox
    from dialogs.actions.serving import application
    from dialogs.actions.table import ACTIONS

    services = await open_services(settings)  # type: ignore[arg-type]
    try:
        box = ActionBox(ACTIONS, services.ports)
        typer.echo(f"Actions at http://{host}:{port}/webhook")
        config = uvicorn.Config(application(box), host=host, port=port, log_level="warning")
        await uvicorn.Server(config).serve()
    finally:
        await services.close()
