"""``atiende notices``: texts of the catalog for a topic or a sector, approved by a second person, and what became of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.cli.opened import Opened
    from bot.notices.waves import Counts

_Number = Annotated[
    int, typer.Argument(help="Number as `atiende notices list` shows it.", metavar="ID", min=1, max=2**63 - 1)
]
_Template = Annotated[str, typer.Argument(help="A template of dialogs/catalog/avisos.yml.", metavar="TEMPLATE")]
_Values = Annotated[list[str] | None, typer.Option("--value", help="name=text, once for each value of the template.")]
_Sectors = Annotated[list[str] | None, typer.Option("--sector", help="Id of a sector; may be repeated. None: all.")]
_By = Annotated[str, typer.Option("--by", help="Your name; it is recorded.")]

#: Spanish words for what the record says of each count.
_COLUMNS = (
    ("chosen", "Elegidos"),
    ("waiting", "Faltan"),
    ("queued", "En cola"),
    ("sent", "Enviados"),
    ("failed", "Fallidos"),
    ("unknown", "En duda"),
    ("skipped", "Omitidos"),
    ("cancelled", "Cancelados"),
)

notices = typer.Typer(
    name="notices",
    help="Messages to many: preview, draft, approve, pause, resume, cancel, counts.",
    no_args_is_help=True,
)


def register(app: typer.Typer) -> None:
    """Add ``atiende notices``."""
    app.add_typer(notices)


@notices.command()
def preview(template: _Template, value: _Values = None, sector: _Sectors = None) -> None:
    """Show the text as people would read it, how many would be chosen, and what that costs; nothing is kept."""
    from bot.cli.prices import estimate
    from bot.notices import waves

    with _open() as opened:
        desk = opened.notices
        values = _pairs(opened, value)
        entry = waves.checked(desk, template, values)
        _know(opened, sector)
        audience = waves.audience_of(desk.catalog, entry.tema, sector or ())
        many, by_account = opened.database.read_now(lambda uow: uow.waves.count(audience))
        topic = desk.catalog.temas[entry.tema]
        opened.console.print(desk.words(entry.respuesta, {"aviso": values}), highlight=False, markup=False)
        opened.console.print(
            f"\nTema: {topic.titulo} · clase {topic.clase}\n"
            f"Elegidos: {many}, de ellos {by_account} por una cuenta suya en el sector.",
            highlight=False,
        )
        found = desk.templates.of_response(entry.respuesta)
        if approved := desk.approved_words(entry.respuesta, {"aviso": values}):
            when = "siempre" if found is not None and found[1].siempre else "pasadas 24 horas"
            opened.console.print(f"\nPor WhatsApp, {when}:\n{approved}", highlight=False, markup=False)
        by_whatsapp = opened.database.read_now(lambda uow: uow.waves.count_on(audience, "whatsapp"))
        if found is not None and by_whatsapp:
            opened.console.print(estimate(by_whatsapp, found[1].categoria, desk.templates.tarifas), highlight=False)
        name, state, waits = _template_trouble(opened, entry.respuesta)
        if state:
            what = "esperan" if waits else "no salen pasadas 24 horas"
            opened.console.print(f"En Meta {name} está {state}: por WhatsApp sus avisos {what}.", highlight=False)


@notices.command()
def draft(
    template: _Template,
    by: _By,
    value: _Values = None,
    sector: _Sectors = None,
    *,
    until: Annotated[str, typer.Option(help="Moment after which it is of no use, as 2026-11-27T14:00.")] = "",
    urgent: Annotated[
        bool, typer.Option("--urgent", help="Safety only: any hour, to whoever left the topic too.")
    ] = False,
) -> None:
    """Write a text down to be approved by another person."""
    from bot.notices import waves

    with _open() as opened:
        desk = opened.notices
        _know(opened, sector)
        wanted = waves.Draft(
            key=opened.ids.new("wave"),
            template=template,
            values=_pairs(opened, value),
            author=by,
            sectors=tuple(sector or ()),
            urgent=urgent,
            not_after=_moment(opened, until),
        )
        now = opened.clock.now()
        number = opened.database.write_now(lambda uow: waves.draft(uow, desk, wanted, now))
        opened.console.print(f"{number}: borrador. Otra persona: atiende notices approve {number} --by NOMBRE")


@notices.command()
def approve(
    number: _Number,
    by: _By,
    *,
    anyway: Annotated[bool, typer.Option("--anyway", help="Even if Meta does not take its template now.")] = False,
) -> None:
    """Approve a draft that another person wrote; the service begins to send it."""
    from bot.notices import waves

    with _open() as opened:
        now = opened.clock.now()
        wave = opened.database.read_now(lambda uow: uow.waves.get(number))
        name, state, _ = _template_trouble(opened, wave.response if wave else "")
        if state and not anyway:
            opened.fail(f"{name} is {state} at Meta, so nobody gets it by WhatsApp; the other channels: --anyway.")
        wave = opened.database.write_now(lambda uow: waves.approve(uow, number, by, now))
        opened.console.print(f"{number}: aprobado por {wave.approver}, lo escribió {wave.author}.", markup=False)


@notices.command()
def pause(number: _Number) -> None:
    """Stop sending; what has not left waits."""
    from bot.notices import waves

    _move(number, waves.pause, "en pausa; {} de vuelta a la espera.")


@notices.command()
def resume(number: _Number) -> None:
    """Go on with what was paused."""
    from bot.notices import waves

    _move(number, waves.resume, "sigue.")


@notices.command()
def cancel(number: _Number) -> None:
    """End it; whoever has not got it yet does not get it any more."""
    from bot.notices import waves

    _move(number, waves.cancel, "cancelado; {} personas ya no lo reciben.")


@notices.command("list")
def list_waves(
    limit: Annotated[int, typer.Option(help="Show at most so many, the newest first.", min=1, max=1000)] = 20,
) -> None:
    """Show the last sendings and what became of each."""
    from bot.cli.tables import Column, fitted
    from bot.notices import waves

    with _open() as opened:
        rows = opened.database.read_now(
            lambda uow: [(wave, waves.counts(uow, wave.id)) for wave in uow.waves.newest(limit)]
        )
        if not rows:
            opened.console.print("No hay envíos.")
            return
        columns = (
            Column("ID"),
            Column("Estado"),
            Column("Tema", spare=1),
            Column("Escribió", spare=3),
            Column("Aprobó", spare=2),
            *(Column(title, spare=4 if name in {"waiting", "unknown", "cancelled"} else 0) for name, title in _COLUMNS),
        )
        cells = [
            (
                (
                    str(wave.id),
                    wave.state,
                    wave.topic,
                    wave.author,
                    wave.approver or "—",
                    *(str(getattr(found, name)) for name, _ in _COLUMNS),
                ),
                "",
            )
            for wave, found in rows
        ]
        opened.console.print(fitted(opened.console, columns, cells))


@notices.command()
def show(number: _Number) -> None:
    """Show one sending: its text, its people, what it cost, and why some were left out."""
    from bot.cli.prices import price_lines
    from bot.notices import waves

    with _open() as opened:
        desk = opened.notices
        wave = opened.database.read_now(lambda uow: uow.waves.get(number))
        if wave is None:
            opened.fail(f"There is no sending {number}; see `atiende notices list`.")
        found = opened.database.read_now(lambda uow: waves.counts(uow, number))
        opened.console.print(desk.words(wave.response, {"aviso": wave.values}), highlight=False, markup=False)
        opened.console.print(f"\n{_told(found)}", highlight=False)
        if prices := opened.database.read_now(lambda uow: uow.providers.prices_of_wave(number)):
            for line in price_lines(prices, desk.templates.tarifas):
                opened.console.print(f"  {line}", highlight=False)
        failed = opened.database.read_now(lambda uow: uow.notices.failures(number))
        for code, many in sorted(failed.items()):
            opened.console.print(f"  no llegó, {code or 'sin motivo'}: {many}", highlight=False, markup=False)
        for reason, many in sorted((found.reasons or {}).items()):
            opened.console.print(f"  {reason}: {many}", highlight=False)


def _told(found: Counts) -> str:
    return " · ".join(f"{title}: {getattr(found, name)}" for name, title in _COLUMNS)


def _move(number: int, act: Callable[..., Any], said: str) -> None:
    with _open() as opened:
        now = opened.clock.now()
        many = opened.database.write_now(lambda uow: act(uow, number, now))
        opened.console.print(f"{number}: {said.format(many)}", highlight=False)


def _template_trouble(opened: Opened, response: str) -> tuple[str, str, bool]:
    """Return the template of a response, what Meta says that keeps it from being used, and whether that may pass."""
    from bot.outbox.rules import TEMPLATE
    from bot.outbox.window import trouble_of
    from storage.repos.receipts import WINDOW

    desk = opened.notices
    found = desk.templates.of_response(response)
    if found is None:
        return "", "", False
    name, entry = found
    facts = opened.database.read_now(lambda uow: uow.providers.templates())
    language = entry.idioma or opened.settings.canales.whatsapp.idioma
    trouble = trouble_of(entry.categoria, facts.get((name, language)))
    if trouble is None:
        return name, "", False
    state = trouble.code.removeprefix(TEMPLATE).removeprefix(f"{WINDOW}template_")
    return name, state, trouble.code.startswith(TEMPLATE)


def _pairs(opened: Opened, given: list[str] | None) -> dict[str, str]:
    pairs = [text.partition("=") for text in given or ()]
    if any(not mark or not name.strip() for name, mark, _ in pairs):
        opened.refuse("A value is written name=text, for example --value servicio=agua")
    return {name.strip(): text.strip() for name, _, text in pairs}


def _know(opened: Opened, sectors: list[str] | None) -> None:
    """Refuse a sector that is not in the records: its notice would be for nobody."""
    known = {sector.id for sector in opened.database.read_now(lambda uow: uow.customers.sectors())}
    strange = sorted(set(sectors or ()) - known)
    if strange:
        opened.refuse(f"There is no sector {', '.join(strange)[:80]}; known: {', '.join(sorted(known))}.")


def _moment(opened: Opened, text: str) -> Any:
    from datetime import datetime

    from bot.kernel.clock import BOGOTA

    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        opened.refuse("The last moment is written as 2026-11-27T14:00")
    return found if found.tzinfo else found.replace(tzinfo=BOGOTA)


def _open() -> Opened:
    from bot.cli.opened import Opened

    return Opened()
