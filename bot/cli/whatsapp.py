"""``atiende whatsapp``: templates as Meta has them, and what messages cost."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.channels.whatsapp.approval import Line
    from bot.channels.whatsapp.client import CloudApi
    from bot.cli.opened import Opened
    from bot.kernel.config import Settings
    from storage.uow import UnitOfWork

_Name = Annotated[str, typer.Argument(help="A template of dialogs/catalog/plantillas.", metavar="NAME")]

whatsapp = typer.Typer(name="whatsapp", help="WhatsApp: templates and costs.", no_args_is_help=True)
templates = typer.Typer(name="templates", help="Templates: list, preview, sync.", no_args_is_help=True)
whatsapp.add_typer(templates)


def register(app: typer.Typer) -> None:
    """Add ``atiende whatsapp``."""
    app.add_typer(whatsapp)


@templates.command()
def preview(name: _Name) -> None:
    """Show a template with its examples, as people would see it."""
    from rich.console import Console

    from bot.channels.templates import load
    from bot.channels.whatsapp.approval import as_read
    from bot.doctor.findings import span
    from bot.kernel.config import load_settings

    settings = load_settings()
    found = load(settings.dialogos.carpeta / "catalog").plantillas
    entry = found.get(name)
    if entry is None:
        typer.echo(f"There is no template {name}; there are {', '.join(sorted(found))}.", err=True)
        raise typer.Exit(1)
    console = Console()
    console.print(as_read(entry), highlight=False, markup=False)
    life = f"vence en {span(timedelta(seconds=entry.vence_s))}" if entry.vence_s else "no vence"
    always = " · siempre como plantilla" if entry.siempre else ""
    language = entry.idioma or settings.canales.whatsapp.idioma
    console.print(f"\n{entry.categoria} · {language} · {life}{always}", highlight=False)
    console.print(f"Reemplaza: {', '.join(entry.respuestas)}", highlight=False)


@templates.command("list")
def list_templates() -> None:
    """Show every template and the last that Meta said of it; nobody is called."""
    from bot.channels.whatsapp.approval import Line

    with _open() as opened:
        catalog = opened.notices.templates
        facts = opened.database.read_now(lambda uow: uow.providers.templates())
        lines = []
        for name, entry in sorted(catalog.plantillas.items()):
            language = entry.idioma or opened.settings.canales.whatsapp.idioma
            said = facts[name, language].said if (name, language) in facts else {}
            # What Meta changed in its console is seen at once, without asking.
            changed = [*filter(None, said.get("differs", "").split(","))]
            changed += ["categoria"] * (said.get("category", entry.categoria) != entry.categoria)
            changed += ["texto"] * (said.get("words", entry.texto).strip() != entry.texto.strip())
            lines.append(
                Line(
                    name,
                    language,
                    said.get("state", ""),
                    said.get("category", ""),
                    said.get("quality", ""),
                    "" if said.get("reason") == "NONE" else said.get("reason", ""),
                    tuple(dict.fromkeys(changed)),
                )
            )
        _table(opened, lines)
        if not facts:
            opened.console.print(
                "Meta no ha dicho nada todavía: atiende whatsapp templates sync --dry-run", highlight=False
            )


@templates.command()
def sync(
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only compare; create nothing.")] = False,
) -> None:
    """Create at Meta the templates that are missing, compare the others, and note how all of them stand."""
    with _open() as opened:
        lines = asyncio.run(_sync(opened, create=not dry_run))
        now = opened.clock.now()

        def keep(uow: UnitOfWork) -> None:
            for line in lines:
                uow.providers.tell_template(line.name, line.language, line.said, now)

        opened.database.write_now(keep)
        _table(opened, lines)
        if any(line.differs or line.done in {"rechazada", "espera"} for line in lines):
            raise typer.Exit(1)


@whatsapp.command()
def costs(
    days: Annotated[int, typer.Option(help="Of the last so many days.", min=1, max=366)] = 30,
) -> None:
    """Show how many messages Meta charges, by category, and what they cost where their price is known."""
    from bot.cli.prices import price_lines

    with _open() as opened:
        now = opened.clock.now()
        counts = opened.database.read_now(lambda uow: uow.providers.prices_between(now - timedelta(days=days), now))
        for line in price_lines(counts, opened.notices.templates.tarifas):
            opened.console.print(line, highlight=False)


async def _sync(opened: Opened, *, create: bool) -> list[Line]:
    import httpx

    from bot.channels.whatsapp.approval import look

    settings = opened.settings
    asked = settings.canales.whatsapp
    if not asked.cuenta_id or asked.token is None:
        opened.fail("canales.whatsapp: cuenta_id and token are needed to see the templates.")
    api = make_api(settings)
    try:
        return [
            line async for line in look(api, asked.cuenta_id, opened.notices.templates, asked.idioma, create=create)
        ]
    except httpx.HTTPError as error:
        opened.fail(f"Meta cannot be reached ({type(error).__name__}).")
    finally:
        await api.close()


def make_api(settings: Settings) -> CloudApi:
    """Return the calls to Meta that the settings ask for."""
    from bot.channels.whatsapp.client import CloudApi

    asked = settings.canales.whatsapp
    token = asked.token.get_secret_value() if asked.token else ""
    return CloudApi(url=asked.url, version=asked.version, number_id=asked.numero_id, token=token)


def _table(opened: Opened, lines: Sequence[Line]) -> None:
    from bot.cli.tables import Column, fitted

    columns = (
        Column("Plantilla"),
        Column("Idioma", spare=2),
        Column("En Meta"),
        Column("Categoría", spare=1),
        Column("Calidad", spare=3),
        Column("Qué pasa", folds=True),
    )
    cells = [
        (
            (
                line.name,
                line.language,
                line.state or "—",
                line.category or "—",
                line.quality or "—",
                _told(line),
            ),
            "" if line.is_ours and line.state == "APPROVED" and not line.differs else "yellow",
        )
        for line in lines
    ]
    opened.console.print(fitted(opened.console, columns, cells))


def _told(line: Line) -> str:
    parts = [line.done, line.reason, f"distinto: {', '.join(line.differs)}" if line.differs else ""]
    parts += [] if line.is_ours else ["no es de estos archivos"]
    return " · ".join(filter(None, parts)) or ("igual" if line.state else "sin comparar")


def _open() -> Opened:
    from bot.cli.opened import Opened

    return Opened()
