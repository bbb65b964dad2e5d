"""What is looked at: one installation, opened as far as that can be done without changing anything."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.doctor.findings import Notes, secrets_of
from bot.kernel.errors import AtiendeError
from storage.errors import StorageError

if TYPE_CHECKING:
    from bot.doctor.findings import Finding
    from bot.doctor.wire import Wire
    from bot.kernel.clock import Clock
    from bot.kernel.config import Settings
    from storage.db import Database

#: What looks at one area of an installation and writes into its notebook.
Look = Callable[["Patient", Notes], Awaitable[None]]

_AREA_S = 45.0


@dataclass
class Patient:
    """The installation, and what was learned of it on the way.

    ``clock`` is the machine's own time and ``now`` that of the installation (a demo's may be moved). ``answers`` tells
    whether the running service can be asked at its public address; None until that is known. ``drifts`` are clock
    differences in seconds, by who said the time.
    """

    settings: Settings
    wire: Wire
    clock: Clock
    database: Database | None = None
    answers: bool | None = None
    is_running_here: bool = False
    drifts: dict[str, float] = field(default_factory=dict)
    more_secrets: tuple[str, ...] = ()

    @property
    def public_url(self) -> str:
        """The address that people and providers see."""
        return self.settings.server.public_url

    async def look(self, area: str, look: Look) -> list[Finding]:
        """Return what ``look`` finds; whatever breaks in it is one more finding, never a traceback."""
        notes = Notes(area, secrets_of(self.settings, *self.more_secrets))
        try:
            async with asyncio.timeout(_AREA_S):
                await look(self, notes)
        except (AtiendeError, StorageError) as error:
            notes.fault("revisión", f"no se pudo seguir: {error}", "corrija eso y repita")
        except TimeoutError:
            notes.fault("revisión", f"tomó más de {_AREA_S:g} s y se dejó", "repita; si pasa otra vez, mire la red")
        except Exception as error:  # noqa: BLE001 - a doctor that dies helps nobody
            notes.fault(
                "revisión", f"no se pudo revisar ({type(error).__name__})", "repórtelo a quien mantiene Atiende"
            )
        return notes.findings

    async def close(self) -> None:
        """Close the database."""
        if self.database is not None:
            with suppress(StorageError):
                await self.database.close()
