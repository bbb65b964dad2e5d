"""The database and the words, opened for a command of the terminal and closed after it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, NoReturn, Self

import typer

from bot.bootstrap import PULL_CHANNELS, make_clock, open_database
from bot.kernel.clock import local, local_date
from bot.kernel.config import load_settings
from bot.kernel.ids import RandomIds

if TYPE_CHECKING:
    from datetime import datetime
    from types import TracebackType

    from rich.console import Console

    from bot.notices.push import Notices
    from bot.pqr.law import Law
    from dialogs.engine.flow import Dialogs


class Opened:
    """What a short command needs: settings, database, clock, ids and a console. Use it with ``with``."""

    def __init__(self) -> None:
        """Read the settings and open the database.

        Raises:
            ConfigError: the settings are wrong.
        """
        self.settings = load_settings()
        self.clock = make_clock(self.settings)
        self.ids = RandomIds()
        self.database = open_database(self.settings)
        self.pull_channels = PULL_CHANNELS

    def __enter__(self) -> Self:
        """Bring the schema up to date and return the opened thing."""
        self.database.upgrade()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the database."""
        self.database.close_now()

    @cached_property
    def console(self) -> Console:
        """Where people read."""
        from rich.console import Console  # loaded when there is something to show

        return Console()

    @cached_property
    def dialogs(self) -> Dialogs:
        """The flows and their wording."""
        from dialogs.engine.load import load  # only commands that speak need it

        return load(self.settings.dialogos.carpeta)

    @cached_property
    def law(self) -> Law:
        """The law as this installation applies it."""
        from bot.pqr.law import Law  # only commands about cases count days

        return Law.from_settings(self.settings, today=local_date(self.clock.now()))

    @cached_property
    def notices(self) -> Notices:
        """What writes to people who did not write first."""
        from bot.notices.push import Notices  # only commands that tell people something need it

        known = {"empresa": self.settings.empresa.model_dump(mode="json")}
        return Notices.of(self.settings, self.dialogs, self.law.calendar, known=known, pull_channels=self.pull_channels)

    def wording(self, response: str, **values: Any) -> str:
        """Return the text of a response for people who write to the utility."""
        from dialogs.wording import render  # only commands that speak need it

        known = {"empresa": self.settings.empresa.model_dump(mode="json"), **values}
        return render(response, known, dialogs=self.dialogs, language=self.settings.dialogos.idioma).text

    def moment(self, at: datetime) -> str:
        """Return a moment as staff read it: ``23/11 14:05`` in Bogotá."""
        return local(at).strftime("%d/%m %H:%M")

    def fail(self, message: str) -> NoReturn:
        """Say what is wrong on stderr and end with exit code 1."""
        typer.echo(message, err=True)
        raise typer.Exit(1)

    def refuse(self, message: str) -> NoReturn:
        """Say on stderr why what was asked for cannot be read, and end with exit code 2."""
        typer.echo(message, err=True)
        raise typer.Exit(2)
