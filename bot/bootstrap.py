"""The one place where real things are built and joined; tests and scripts build the same house with other clocks."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import structlog

from bot.kernel.background import Background, Work
from bot.kernel.clock import Clock, ShiftedClock, SystemClock, local_date
from bot.kernel.config import data_key_text
from bot.kernel.ids import Ids, RandomIds
from storage.crypto import Keyring
from storage.db import Database
from storage.files import FileStore
from storage.health import require_our_keys

if TYPE_CHECKING:
    from datetime import datetime

    from bot.channels.base import Channel
    from bot.kernel.config import Settings
    from bot.nlu.understand import Understanding
    from bot.notices.push import Notices
    from bot.outbox.doorstep import Doorstep
    from bot.outbox.sender import Sender
    from bot.pqr.desk import Desk
    from bot.pqr.law import Law
    from bot.simulator import TrueSimulator
    from bot.turn.documents import DocumentRoom
    from bot.turn.inbox import Inbox
    from bot.turn.intake import Intake
    from bot.turn.lanes import Lanes
    from bot.turn.runner import Runner
    from bot.web.broadcaster import Broadcaster
    from dialogs.actions.ports import Ports
    from dialogs.engine.flow import Dialogs

log = structlog.get_logger(__name__)

_SWITCH_S = 0.0005

#: Channels whose clients read the log themselves: their replies are sent by being committed.
PULL_CHANNELS = frozenset({"webchat", "rest", "terminal"})


def make_clock(settings: Settings) -> Clock:
    """Return the system's clock, or one that starts at ``ATIENDE_NOW``."""
    return SystemClock() if settings.now is None else ShiftedClock(settings.now)


def make_keyring(settings: Settings) -> Keyring:
    """Return the keys of the personal columns.

    Raises:
        ConfigError: production without ``ATIENDE_DATA_KEY``.
    """
    return Keyring.from_text(data_key_text(settings, lambda: Keyring.generate().to_text()))


def open_database(settings: Settings, *, safe: bool = True) -> Database:
    """Open the configured database, or the embedded one in the data folder.

    Raises:
        DatabaseUnavailable: the address is wrong or the file cannot be opened.
    """
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    return Database.open(settings.database_url, make_keyring(settings), safe=safe)


def conversation_namer(keyring: Keyring) -> Callable[[str], str]:
    """Return the naming of conversations: a keyed hash, so that no log or URL ever holds an address."""

    def name(address_key: str) -> str:
        return f"c_{keyring.blind(address_key, 'conversation')[:24]}"

    return name


@dataclass
class Services:
    """Everything a running installation is made of."""

    settings: Settings
    clock: Clock
    ids: Ids
    database: Database
    files: FileStore
    law: Law
    dialogs: Dialogs
    understanding: Understanding
    ports: Ports
    desk: Desk
    actions: Any
    intake: Intake
    documents: DocumentRoom
    runner: Runner
    notices: Notices
    lanes: Lanes
    inbox: Inbox
    broadcaster: Broadcaster
    channels: dict[str, Channel] = field(default_factory=dict)
    sender: Sender | None = None
    doorstep: Doorstep | None = None
    conversation_id: Callable[[str], str] = str
    background: Background = field(default_factory=Background)

    def run(self, work: Work, name: str, *, is_needed: bool = True) -> None:
        """Keep ``work`` running until the services close; it is given the event that says so.

        What breaks is logged and begun again; meanwhile, if it ``is_needed``, ``is_well`` says no.
        """
        self.background.run(work, name, is_needed=is_needed)

    def is_well(self) -> bool:
        """Tell whether everything that has to run beside people runs."""
        return self.background.is_well()

    async def recover(self) -> int:
        """Take up what a crash left: messages that were accepted and never worked. Returns how many conversations."""
        waiting = await self.database.read(lambda uow: uow.inbox.waiting(10_000))
        if waiting:
            await self.database.write(lambda uow: _count_deaths(uow, waiting))
            log.info("recovered", conversations=len(waiting))
        for conversation_id in waiting:
            self.lanes.wake(conversation_id)
        return len(waiting)

    async def close(self) -> None:
        """Let running turns and sends come to their commit, then close the database."""
        self.background.stop()
        await self.lanes.close()
        await self.background.close()
        for channel in self.channels.values():
            close = getattr(channel, "close", None)
            if close is not None:
                await close()
        close_billing = getattr(self.ports.billing, "close", None)
        if close_billing is not None:
            await close_billing()
        await self.database.close()


def _count_deaths(uow: Any, waiting: Sequence[str]) -> None:
    for conversation_id in waiting:
        pending = uow.inbox.pending(conversation_id, 1)
        if pending:
            uow.inbox.bump(pending[0].id)


async def open_services(
    settings: Settings,
    *,
    clock: Clock | None = None,
    ids: Ids | None = None,
    database: Database | None = None,
    understanding: Understanding | None = None,
    actions: Any = None,
    channels: Mapping[str, Channel] | None = None,
) -> Services:
    """Build an installation over its database, ready to accept messages; nothing is listening yet.

    What is passed in replaces what the settings ask for: a frozen clock, a database of the test, a fake channel.

    Raises:
        ConfigError, DialogsError, LawError, ModelError, StorageError: something is not fit to serve people.
    """
    from bot.house import build  # the short commands of the terminal do not load the whole house

    # The database works in threads beside the event loop: a shorter turn of the interpreter's lock nearly doubled the
    # rate on SQLite while another thread computes (docs/adr/0009).
    sys.setswitchinterval(_SWITCH_S)

    clock = clock or make_clock(settings)
    if database is None:
        database = open_database(settings)
        database.upgrade()
        database.read_now(require_our_keys)
    return await build(
        settings,
        clock=clock,
        ids=ids or RandomIds(),
        database=database,
        today=local_date(clock.now()),
        understanding=understanding,
        actions=actions,
        channels=channels,
    )


def simulator(settings: Settings, now: datetime) -> AbstractAsyncContextManager[TrueSimulator]:
    """Open the simulator that plays scripted conversations; see ``bot.simulator``."""
    from bot.simulator import simulator as open_simulator

    return open_simulator(settings, now)
