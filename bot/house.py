"""Joins the rooms: dialogs, law, understanding, actions, the rooms of a turn, channels and the sender."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

from bot.agreements.document import draw_pdf as draw_agreement
from bot.billing import papers as billing_papers
from bot.billing import rules as billing_rules
from bot.billing.choose import billing_of
from bot.bootstrap import PULL_CHANNELS, Services, conversation_namer
from bot.channels.registry import build_channels
from bot.fitting import fit
from bot.kernel.errors import DialogsError
from bot.knowledge.load import legal_terms
from bot.nlu.entities import ENTITIES
from bot.nlu.entities.sector import Gazetteer
from bot.nlu.understand import Understanding
from bot.notices.elsewhere import Elsewhere
from bot.notices.knock import Knock
from bot.notices.push import Notices
from bot.outbox.doorstep import Doorstep
from bot.outbox.rules import Rules
from bot.outbox.sender import Sender
from bot.pqr.constancia import draw_pdf
from bot.pqr.desk import Desk
from bot.pqr.law import Law
from bot.turn.bursts import hold_of
from bot.turn.commit import Committer
from bot.turn.documents import DocumentRoom
from bot.turn.drawers import make_drawers
from bot.turn.hours import OfficeHours
from bot.turn.inbox import Inbox
from bot.turn.intake import Intake
from bot.turn.lanes import Lanes
from bot.turn.ports import make_ports
from bot.turn.runner import Runner
from bot.turn.thinker import Thinker
from bot.web.broadcaster import Broadcaster
from dialogs.actions.base import ActionBox, names_of
from dialogs.actions.table import ACTIONS
from dialogs.engine.inspect import inspect
from dialogs.engine.load import LoadErrors, load
from storage.files import FileStore

if TYPE_CHECKING:
    from datetime import date

    from bot.channels.base import Channel
    from bot.kernel.clock import Clock
    from bot.kernel.config import Settings
    from bot.kernel.ids import Ids
    from bot.turn.plan import TurnOutcome
    from dialogs.engine.flow import Dialogs
    from storage.db import Database

FILES_FOLDER = "files"


async def build(  # what the bootstrap was given
    settings: Settings,
    *,
    clock: Clock,
    ids: Ids,
    database: Database,
    today: date,
    understanding: Understanding | None,
    actions: Any,
    channels: Mapping[str, Channel] | None,
) -> Services:
    """Return every part, joined; see ``bot.bootstrap.open_services``."""
    dialogs = load_dialogs(settings)
    law = Law.from_settings(settings, today=today)
    hours = OfficeHours(settings.empresa, law.calendar)
    ports = make_ports(database, settings, law, clock, hours, ids, billing_of(settings, database, clock, ids))
    desk = Desk(law, settings, hours, keyring=database.keyring, terms=legal_terms())
    files = FileStore(settings.data_dir / FILES_FOLDER, database.keyring)
    documents = DocumentRoom(
        make_drawers(
            database,
            files,
            agreement=lambda record, parts, proof: draw_agreement(record, parts, proof, settings=settings),
            constancia=lambda record: draw_pdf(record, desk.code_of(record.id), law=law, settings=settings),
            papers=billing_papers.makers(billing_rules.of_settings(settings), settings),
        )
    )
    if understanding is None:
        understanding = Understanding.open(settings, dialogs.domain.intents)
    sectors = await database.read(lambda uow: uow.customers.sectors())
    understanding.know_places(Gazetteer({sector.nombre: sector.id for sector in sectors}))
    refuse_misfits(dialogs, understanding, remote_actions=settings.action_endpoint is not None)
    if actions is None:
        actions = _actions(settings, ports)
    if channels is None:
        channels = build_channels(settings, documents=documents.for_channel, clock=clock, ids=ids)
    broadcaster = Broadcaster()
    notices = Notices.of(settings, dialogs, law.calendar, known=desk.known, pull_channels=PULL_CHANNELS)
    rules = Rules.from_settings(settings.envios)
    doorstep = Doorstep(rules, Knock(notices), Elsewhere(notices))
    sender = (
        Sender(database, channels, clock, ids, rules=rules, doorstep=doorstep)
        if any(not one.caps.pull for one in channels.values())
        else None
    )
    name = conversation_namer(database.keyring)

    def on_commit(outcome: TurnOutcome) -> None:
        if outcome.is_pull:
            broadcaster.notify(outcome.conversation_id)
        elif sender is not None:
            sender.wake()

    intake = Intake(
        database=database,
        files=files,
        fetch=_fetchers(channels),
        clock=clock,
        ids=ids,
        max_bytes=settings.server.max_upload_bytes,
    )
    thinker = Thinker(
        database=database,
        dialogs=dialogs,
        understanding=understanding,
        actions=actions,
        intake=intake,
        clock=clock,
        settings=settings,
    )
    runner = Runner(
        database=database,
        thinker=thinker,
        committer=Committer(
            dialogs=dialogs,
            settings=settings,
            desk=desk,
            ids=ids,
            pull_channels=PULL_CHANNELS,
            notices=notices,
            caps={name: channel.caps for name, channel in channels.items()},
        ),
        clock=clock,
        on_commit=on_commit,
    )
    burst, words = settings.atencion.rafaga, dialogs.domain.words
    lanes = Lanes(runner, is_settled=lambda inbox_id: _is_settled(database, inbox_id), most_held_s=burst.maximo_s)
    thinker.aside = lanes.aside
    inbox = Inbox(
        database,
        clock,
        conversation_id=name,
        wake=lanes.wake,
        hold_of=lambda event: hold_of(event, words, burst.espera_s),
    )
    return Services(
        settings=settings,
        clock=clock,
        ids=ids,
        database=database,
        files=files,
        law=law,
        dialogs=dialogs,
        understanding=understanding,
        ports=ports,
        desk=desk,
        actions=actions,
        intake=intake,
        documents=documents,
        runner=runner,
        notices=notices,
        lanes=lanes,
        inbox=inbox,
        broadcaster=broadcaster,
        channels=dict(channels),
        sender=sender,
        doorstep=doorstep,
        conversation_id=name,
    )


def load_dialogs(settings: Settings) -> Dialogs:
    """Read flows, domain and wording, fitted to what the utility serves.

    Raises:
        DialogsError: with every error, its file and line.
    """
    try:
        return fit(load(settings.dialogos.carpeta), settings.empresa.servicios)
    except LoadErrors as error:
        raise DialogsError(str(error)) from None


def refuse_misfits(dialogs: Dialogs, understanding: Understanding, *, remote_actions: bool) -> None:
    """Inspect the dialogs against what this process can hear and do; what ``atiende check`` shows stops a start too.

    Raises:
        DialogsError: with every error, its file and line.
    """
    labels = getattr(understanding.model, "labels", None)
    issues = inspect(
        dialogs,
        intents=labels,
        actions=None if remote_actions else names_of(ACTIONS),
        entities=ENTITIES,
    )
    errors = [str(issue) for issue in issues if issue.severity == "error"]
    if errors:
        raise DialogsError("\n".join(errors))


def _actions(settings: Settings, ports: Any) -> ActionBox:
    endpoint = settings.action_endpoint
    if endpoint is None:
        return ActionBox(ACTIONS, ports)
    token = endpoint.token.get_secret_value() if endpoint.token else ""
    return ActionBox(ACTIONS, ports, deadline_s=endpoint.plazo_s, url=endpoint.url, token=token)


def _fetchers(channels: Mapping[str, Channel]) -> dict[str, Callable[[str], Awaitable[bytes]]]:
    found = {name: getattr(channel, "fetch", None) for name, channel in channels.items()}
    return {name: fetch for name, fetch in found.items() if fetch is not None}


async def _is_settled(database: Database, inbox_id: int) -> bool:
    item = await database.read(lambda uow: uow.inbox.get(inbox_id))
    return item is None or item.state != "new"
