"""The command ``atiende``: one file a command, each loading what it needs only when it runs."""

from __future__ import annotations

import sys
from importlib import import_module

import typer

from bot.cli.arguments import Commands
from bot.kernel.errors import AtiendeError, Unreadable

#: Every command's module, in the order in which ``atiende --help`` shows them.
COMMANDS = (
    "demo",
    "serve",
    "chat",
    "check",
    "doctor",
    "draw",
    "test",
    "train",
    "evaluate",
    "parse",
    "nlu",
    "deadline",
    "cases",
    "agreements",
    "handoffs",
    "leaders",
    "interventions",
    "commitments",
    "crews",
    "agenda",
    "knowledge",
    "outages",
    "reports",
    "outbox",
    "notices",
    "whatsapp",
    "ratings",
    "payments",
    "suspensions",
    "import",
    "codes",
    "actions",
    "config",
)

app = typer.Typer(
    name="atiende",
    cls=Commands,
    help="The attention line of a public utility, on the messaging apps that people already use.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def build() -> typer.Typer:
    """Return the application with every command registered."""
    if not app.registered_commands and not app.registered_groups:
        for name in COMMANDS:
            import_module(f"bot.cli.{name}").register(app)
    return app


def main() -> None:
    """Run the command line; an expected error is one clear text on stderr, never a traceback.

    The exit code is 0 when all went well, 2 when what was asked for could not be read, 1 for everything else.
    """
    try:
        build()()
    except Exception as error:
        if not is_expected(error):
            raise
        sys.stderr.write(f"{error}\n")
        raise SystemExit(2 if isinstance(error, Unreadable) else 1) from None


def is_expected(error: BaseException) -> bool:
    """Tell whether ``error`` was raised on purpose, so that its own text is all an operator needs.

    The storage's errors live apart from ours and load the database library: whoever raised one has it loaded.
    """
    storage = sys.modules.get("storage.errors")
    return isinstance(error, AtiendeError) or (storage is not None and isinstance(error, storage.StorageError))
