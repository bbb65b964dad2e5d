"""``atiende draw``: a flow as a picture, in Mermaid and SVG."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from dialogs.engine.flow import Flow

Name = Annotated[
    str, typer.Argument(help="Id of a flow, for example radicar_pqr; «all» draws every one.", metavar="FLOW")
]
Out = Annotated[Path, typer.Option("--out", help="Folder for FLOW.svg and FLOW.mmd; it is created.", file_okay=False)]
Folder = Annotated[
    Path | None,
    typer.Option(
        "--folder", help="Dialogs folder; else dialogos.carpeta of the settings.", exists=True, file_okay=False
    ),
]


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command("draw")(draw)


def draw(flow: Name, *, out: Out = Path("var"), folder: Folder = None) -> None:
    """Write a flow as FLOW.svg and FLOW.mmd (Mermaid) for people who do not read YAML."""
    from dialogs.engine.load import load_with_issues

    if folder is None:
        from bot.kernel.config import load_settings

        folder = load_settings().dialogos.carpeta
    dialogs, issues = load_with_issues(folder)
    if dialogs is None or (flow != "all" and flow not in dialogs.flows):
        known = list(dialogs.flows) if dialogs else []
        close = difflib.get_close_matches(flow, known, n=3)
        near = f" Did you mean {', '.join(close)}?" if close else f" Flows: {', '.join(known)}."
        typer.echo(f"There is no flow «{flow}» in {folder}.{near}", err=True)
        for issue in issues:
            typer.echo(str(issue), err=True)
        raise typer.Exit(1)
    out.mkdir(parents=True, exist_ok=True)
    for each in dialogs.flows.values() if flow == "all" else [dialogs.flows[flow]]:
        _write(each, out)


def _write(flow: Flow, out: Path) -> None:
    from dialogs.engine.draw import mermaid, svg

    for ending, content in (("svg", svg(flow)), ("mmd", mermaid(flow))):
        path = out / f"{flow.id}.{ending}"
        path.write_text(content, encoding="utf-8")
        typer.echo(str(path))
