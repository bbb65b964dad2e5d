"""The running service: builds the house, opens its doors, and closes them in order."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import gc
import resource
import socket
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import structlog

from bot.bootstrap import Services, open_services
from bot.channels.registry import webhook_routes
from bot.kernel.errors import ConfigError
from bot.notices.links import Links
from bot.notices.preferences import Preferences
from bot.notices.provider import Provider
from bot.notices.subscribing import Subscribing
from bot.outbox.receipts import keep as keep_receipts
from bot.scheduler.clockwork import Clockwork, Job
from bot.scheduler.jobs import (
    agreement_clock,
    ask_case_marks,
    begin_errands,
    fire_timers,
    forget_old,
    raise_case_alerts,
    release_notices,
    remind_turns,
    send_waves,
    tell_neighbours,
    tell_outages,
    wake_waiting,
)
from bot.web.app import create_app
from bot.web.records import StoredRecords
from bot.web.server import make_server
from bot.web.services import Readiness, WebServices
from bot.web.webhooks import webhooks_of
from dialogs.actions.ports import OutageView

if TYPE_CHECKING:
    from bot.channels.base import Receipt
    from bot.kernel.config import Settings
    from bot.web.server import WebServer

log = structlog.get_logger(__name__)

_DAY_S = 86_400.0
#: Open files and sockets that are asked of the system.
_FILES = 65_536


async def run(settings: Settings, *, on_ready: Callable[[Services], None] | None = None) -> None:
    """Serve until SIGTERM or SIGINT.

    Raises:
        ConfigError, DialogsError, LawError, ModelError, StorageError: it is not fit to serve people and says why.
    """
    raise_file_limit()
    door = bind(settings)
    services = await open_services(settings)
    clockwork = make_clockwork(services)
    server = make_web_server(services)
    try:
        await services.recover()
        start_channels(services)
        clockwork.start()
        services.run(partial(_warm_up, services), "warm-up", is_needed=False)
        log.info("serving", url=settings.server.public_url, channels=sorted(services.channels))
        if on_ready is not None:
            on_ready(services)
        await server.serve(sockets=[door])
    finally:
        door.close()
        clockwork.stop()
        await services.close()


def bind(settings: Settings) -> socket.socket:
    """Take the door before anything says that it is open.

    Raises:
        ConfigError: the address is taken or may not be used.
    """
    host, port = settings.server.host, settings.server.port
    # The protocol is named because asyncio only sends small answers at once (TCP_NODELAY) where it can read it: without,
    # a reply to an open chat waits 40 ms for the page's acknowledgement.
    door = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind((host, port))
    except OSError as error:
        door.close()
        reason = "another program is using it" if error.errno == errno.EADDRINUSE else (error.strerror or "refused")
        raise ConfigError(
            [
                f"server.port: {host}:{port} cannot be used: {reason}; choose another, for example ATIENDE_PORT={port + 1}"
            ]
        ) from None
    return door


def raise_file_limit() -> None:
    """Let this process hold many open sockets, as far as the system grants it: each open chat is one; 1,024 is usual."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _FILES if hard == resource.RLIM_INFINITY else min(_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def start_channels(services: Services) -> None:
    """Begin to send, and to ask those channels that have to be asked."""
    if services.sender is not None:
        services.run(services.sender.run, "sender")
    for name, channel in services.channels.items():
        serve = getattr(channel, "serve", None)
        if serve is not None:
            services.run(partial(serve, services.inbox.accept), f"channel-{name}")


def make_clockwork(services: Services) -> Clockwork:
    """Return the scheduler with every job of the house."""
    settings, database, clock = services.settings, services.database, services.clock
    every = settings.programador.cada_s
    jobs = [
        Job(
            "fire_timers",
            settings.programador.temporizadores_s,
            lambda: fire_timers.run(database, clock, services.runner),
        ),
        Job(
            "wake_waiting",
            settings.programador.temporizadores_s,
            lambda: wake_waiting.run(database, services.lanes.wake),
        ),
        Job(
            "begin_errands",
            settings.programador.temporizadores_s,
            lambda: begin_errands.run(database, clock, settings, services.runner, services.notices),
        ),
        Job(
            "release_notices",
            settings.programador.temporizadores_s,
            lambda: release_notices.run(database, clock, services.notices.pull_channels, services.broadcaster.notify),
        ),
        Job(
            "send_waves",
            settings.programador.temporizadores_s,
            lambda: send_waves.run(database, clock, services.notices),
        ),
        Job(
            "agreement_clock",
            every,
            lambda: agreement_clock.run(database, clock, settings, services.notices),
            is_shared=True,
        ),
        Job(
            "tell_outages",
            settings.programador.temporizadores_s,
            lambda: tell_outages.run(database, clock, settings, services.notices),
        ),
        Job(
            "tell_neighbours",
            every,
            lambda: tell_neighbours.run(database, clock, settings, services.notices),
            is_shared=True,
        ),
        Job(
            "remind_turns",
            every,
            lambda: remind_turns.run(database, clock, settings, services.notices),
            is_shared=True,
        ),
        Job("raise_case_alerts", every, lambda: raise_case_alerts.run(database, clock, services.law), is_shared=True),
        Job("ask_case_marks", every, lambda: ask_case_marks.run(database, clock, settings), is_shared=True),
        Job("forget_old", _DAY_S, lambda: forget_old.run(database, clock, settings, services.files), is_shared=True),
    ]
    return Clockwork(jobs, database=database, clock=clock)


def make_web_server(services: Services) -> WebServer:
    """Return the web server over the services."""
    web = WebServices(
        settings=services.settings,
        records=StoredRecords(services.database, services.files),
        inbox=services.inbox,
        lanes=services.lanes,
        broadcaster=services.broadcaster,
        clock=services.clock,
        ids=services.ids,
        ready=partial(_ready, services),
        parse=partial(_parse, services),
        open_case=partial(_open_case, services),
        document=partial(_document, services),
        preferences=Preferences(
            services.database,
            services.clock,
            services.notices,
            Links(services.database.keyring, services.settings),
            version=services.settings.consentimiento.version,
        ),
        outages=partial(_outages, services),
        figures=partial(_figures, services),
        receipts=partial(_receipts, services),
        news=Provider(
            services.database,
            services.notices,
            Subscribing(services.notices, version=services.settings.consentimiento.version),
            services.conversation_id,
        ).keep,
        webhooks=[
            hook for name, channel in services.channels.items() for hook in webhooks_of(name, webhook_routes(channel))
        ],
        conversation_id=services.conversation_id,
    )
    return make_server(create_app(web), services.settings, services.broadcaster)


async def _warm_up(services: Services, _stop: asyncio.Event) -> None:
    """Load what the first action would wait for (rasa-sdk: 0.2 s), beside people and not before them."""
    if services.settings.action_endpoint is None:
        await asyncio.to_thread(services.actions.executor)
    settle()


def settle() -> None:
    """Tell the garbage collector that what is loaded by now stays: else it looks at it again, 30 ms inside a turn."""
    gc.collect()
    gc.freeze()


async def _ready(services: Services) -> Readiness:
    try:
        await services.database.read(lambda uow: uow.outbox.counts())
    except Exception as error:  # noqa: BLE001  # not ready, whatever the reason
        log.warning("database_not_ready", error=type(error).__name__)
        return Readiness(is_ready=False, checks={"database": False})
    is_well = services.is_well()
    return Readiness(
        is_ready=is_well,
        checks={"database": True, "model": services.understanding.has_model, "background": is_well},
    )


async def _parse(services: Services, text: str) -> Mapping[str, Any]:
    return services.understanding.parse(text, now=services.clock.now())


async def _open_case(services: Services, radicado: str, codigo: str, origin: str) -> Any:
    return await services.ports.cases.open_with_code(radicado, codigo, origin)


async def _document(services: Services, ref: str, conversation_id: str) -> tuple[bytes, str, str] | None:
    drawn = await services.documents.of(ref, conversation_id)
    return None if drawn is None else (drawn.content, drawn.name, drawn.mime)


async def _outages(services: Services) -> Sequence[Mapping[str, Any]]:
    found: Sequence[OutageView] = await services.ports.outages.open(limit=20)
    return [
        {
            "servicio": one.servicio,
            "sector": one.sector,
            "estado": one.estado,
            "desde": one.desde_at,
            "hasta": one.vuelve_at,
            "mensaje": one.causa,
        }
        for one in found
    ]


async def _figures(services: Services) -> Mapping[str, float]:
    counts = await services.database.read(lambda uow: uow.outbox.counts())
    waiting = await services.database.read(lambda uow: uow.inbox.waiting(10_000))
    return {
        "atiende_inbox_waiting": float(len(waiting)),
        **{f"atiende_outbox_{state}": float(count) for state, count in counts.items()},
    }


async def _receipts(services: Services, receipts: Sequence[Receipt]) -> None:
    await keep_receipts(services.database, receipts, doorstep=services.doorstep, now=services.clock.now)
    if services.sender is not None:
        services.sender.wake()
