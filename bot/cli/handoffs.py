"""``atiende handoffs``: the queue of people who asked for a person, in the terminal."""

from __future__ import annotations

import getpass
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.channels.clean import terminal_text

if TYPE_CHECKING:
    from rich.text import Text

    from bot.cli.opened import Opened
    from storage.repos.transcripts import TranscriptItem
    from storage.uow import UnitOfWork

_Id = Annotated[
    int,
    typer.Argument(help="Number, as `atiende handoffs list` shows it.", metavar="ID", min=1, max=2**63 - 1),
]
_Staff = Annotated[str, typer.Option("--as", help="Who answers.", default_factory=getpass.getuser)]

#: A link to somebody's own page opens it for whoever has it: staff see that one was sent, and not the link.
_BEARER = re.compile(r"(/preferencias/)\S+")

#: What staff read where the queue keeps a word of the code.
_REASONS = {
    "asked": "lo pidió",
    "frustration": "molestia",
    "limit": "no le entendimos",
    "internal_error": "falla nuestra",
    "emergencia": "EMERGENCIA",
    "impostor": "POSIBLE IMPOSTOR",
    "tutela": "TUTELA (jurídica)",
}
_STATES = {"queued": "en espera", "with_person": "con una persona"}
#: What was said to the person waits outside the 24 hours of WhatsApp.
_UNSEEN = " · falta que la persona escriba"

_SHOWN = 500

handoffs = typer.Typer(
    name="handoffs", help="People who wait for a person: list, show, reply, return, attend.", no_args_is_help=True
)


def register(app: typer.Typer) -> None:
    """Add ``atiende handoffs``."""
    app.add_typer(handoffs)


@handoffs.command("list")
def list_open() -> None:
    """Show emergencies and everybody who waits or is being attended, the oldest first."""
    from rich.table import Table

    with _open() as opened:
        emergencies = opened.database.read_now(lambda uow: uow.emergencies.open())
        waiting = opened.database.read_now(lambda uow: uow.handoffs.list())
        unseen = opened.database.read_now(lambda uow: uow.waiting.of([each.conversation_id for each in waiting]))
        if emergencies:
            table = Table(title="Emergencias abiertas", title_style="bold red")
            for column in ("N.º", "Hora", "Tipo", "Lugar", "Palabras", "Fila"):
                table.add_column(column, no_wrap=column in {"N.º", "Hora"})
            queue = {handoff.conversation_id: str(handoff.id) for handoff in waiting}
            for one in emergencies:
                table.add_row(
                    str(one.id),
                    opened.moment(one.at),
                    one.kind,
                    _as_said(_place(one.place or {})),
                    _as_said(_told(one.text, one.place or {})),
                    queue.get(one.conversation_id, "—"),
                )
            opened.console.print(table)
            opened.console.print(
                "atiende handoffs reply FILA «texto» · atiende handoffs attend N.º cuando esté atendida"
            )
        if not waiting:
            opened.console.print("Nadie espera por una persona.")
            return
        table = Table(title="Personas en espera")
        for column in ("ID", "Desde", "Motivo", "Estado", "Atiende"):
            table.add_column(column)
        for handoff in waiting:
            table.add_row(
                str(handoff.id),
                opened.moment(handoff.opened_at),
                _REASONS.get(handoff.reason, handoff.reason) + (" · preferencial" if handoff.preferential else ""),
                _STATES.get(handoff.state, handoff.state) + (_UNSEEN if handoff.conversation_id in unseen else ""),
                handoff.actor or "—",
            )
        opened.console.print(table)
        opened.console.print("atiende handoffs show ID · reply ID «texto» · return ID")


@handoffs.command()
def show(handoff_id: _Id) -> None:
    """Show the conversation of one handoff, with what was said last on both sides."""
    with _open() as opened:
        handoff = opened.database.read_now(lambda uow: uow.handoffs.get(handoff_id))
        if handoff is None:
            opened.fail(f"There is no handoff {handoff_id}; see `atiende handoffs list`.")
        for item in opened.database.read_now(lambda uow: _said_last(uow, handoff.conversation_id)):
            waits = item.direction == "out" and item.is_waiting
            who = "Persona" if item.direction == "in" else ("Asesor" if item.kind == "staff" else "Asistente")
            style = {"Persona": "bold", "Asesor": "green"}.get(who, "dim")
            note = " (espera a que la persona escriba)" if waits else ""
            opened.console.print(f"[{opened.moment(item.at)}] {who}{note}:", style=style, markup=False)
            opened.console.print(_as_said(_bubble(item)))


@handoffs.command()
def reply(
    handoff_id: _Id,
    text: Annotated[str, typer.Argument(help="What the person will read.", metavar="TEXTO")],
    staff: _Staff,
) -> None:
    """Answer as a person; from then on the assistant is silent there until `return`."""
    from bot.channels.templates import CHANNEL
    from bot.channels.whatsapp.caps import CAPS as WHATSAPP
    from bot.outbox.window import is_open
    from bot.turn import handoffs as desk

    with _open() as opened:
        now = opened.clock.now()
        opened.database.write_now(
            lambda uow: desk.reply(
                uow, handoff_id, text, staff=staff, now=now, ids=opened.ids, pull_channels=opened.pull_channels
            )
        )
        handoff = opened.database.read_now(lambda uow: uow.handoffs.get(handoff_id))
        reach = opened.database.read_now(lambda uow: uow.notices.reach(handoff.conversation_id)) if handoff else None
        window_s = WHATSAPP.window_s if reach and reach.address["channel"] == CHANNEL else None
        if reach and window_s is not None and not is_open(reach.last_inbound_at, window_s, now):
            opened.console.print(
                "La persona no escribe hace más de 24 horas: recibe un botón, y su respuesta cuando lo toque."
            )
        opened.console.print(
            f"Guardado para enviar. El asistente guarda silencio hasta `atiende handoffs return {handoff_id}`."
        )


@handoffs.command("return")
def give_back(handoff_id: _Id, staff: _Staff) -> None:
    """Give the conversation back to the assistant and tell the person."""
    from bot.turn import handoffs as desk

    with _open() as opened:
        now = opened.clock.now()
        text = opened.wording("general.devuelto")
        opened.database.write_now(
            lambda uow: desk.give_back(
                uow, handoff_id, text, staff=staff, now=now, ids=opened.ids, pull_channels=opened.pull_channels
            )
        )
        opened.console.print("Devuelto: el asistente vuelve a responder.")


def _said_last(uow: UnitOfWork, conversation_id: str) -> list[TranscriptItem]:
    talk = uow.conversations.load(conversation_id)
    return uow.outbox.transcript(conversation_id, max(0, talk.seq - _SHOWN) if talk else 0, _SHOWN)


def _bubble(item: TranscriptItem) -> str:
    words = item.payload.get("text") or f"({item.kind})"
    point = item.payload.get("point")
    return f"{words} {_coordinates(point)}" if point else words


def _place(place: Mapping[str, Any]) -> str:
    """Return where a danger is: the person's words, and the coordinates (degrees, latitude first) of a point sent."""
    words, point = place.get("direccion"), place.get("point")
    if not point:
        return words or "sin lugar"
    return f"{words or 'ubicación enviada'} ({_coordinates(point)})"


def _told(text: str, place: Mapping[str, Any]) -> str:
    """Return what was told of a danger first, and the last thing told since."""
    news = place.get("novedades")
    return f"{text}\nÚltima novedad: {news[-1]}" if news else text


def _coordinates(point: Sequence[float]) -> str:
    return ", ".join(str(round(number, 6)) for number in point)


def _as_said(words: str) -> Text:
    """Return what a person wrote, for staff to read: no bracket of it is markup and nothing in it acts on the screen."""
    from rich.text import Text

    return Text(terminal_text(_BEARER.sub(r"\1…", words)))


@handoffs.command()
def attend(
    emergency_id: Annotated[
        int,
        typer.Argument(
            help="Number of the emergency, as `atiende handoffs list` shows it.", metavar="N", min=1, max=2**63 - 1
        ),
    ],
    staff: _Staff,
) -> None:
    """Note that an emergency was attended: it leaves the list, and its report stays."""
    with _open() as opened:
        now = opened.clock.now()
        if not opened.database.write_now(lambda uow: uow.emergencies.attend(emergency_id, now, staff)):
            opened.fail(f"There is no open emergency {emergency_id}; see `atiende handoffs list`.")
        opened.console.print("Atendida: sale de la lista y su reporte queda guardado.")


def _open() -> Opened:
    from bot.cli.opened import Opened

    return Opened()
