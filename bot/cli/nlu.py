"""``atiende nlu review``: staff look at what was not understood, say what it means, and turn it into examples."""

from __future__ import annotations

import getpass
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from bot.cli.opened import Opened
    from bot.learning.groups import Group

_SHOWN = 3
_INDENT = 5
#: The largest number that the databases count to.
_LARGEST = 2**63 - 1

nlu = typer.Typer(no_args_is_help=True, help="Understanding, and what it learns from use.")
review = typer.Typer(invoke_without_command=True)
nlu.add_typer(review, name="review")

_Number = Annotated[
    int, typer.Argument(help="The number of a group in the list.", metavar="GRUPO", min=1, max=_LARGEST)
]
_Alone = Annotated[bool, typer.Option("--solo", help="Only this sentence and not its group.")]
_By = Annotated[str, typer.Option("--by", help="Who decides; by default, who is logged in here.")]


def register(app: typer.Typer) -> None:
    """Add ``atiende nlu``."""
    app.add_typer(nlu, name="nlu")


@review.callback()
def walk(context: typer.Context) -> None:
    """Look at what was not understood, group by group; without a subcommand, one after another with the keyboard."""
    if context.invoked_subcommand is not None:
        return
    from bot.cli.nlu_walk import Walk, keyboard

    with _open() as opened:
        intents = sorted(opened.dialogs.domain.intents)
        Walk(opened, intents, keyboard(intents), staff=getpass.getuser()).run()


@review.command("list")
def list_groups(
    *,
    reason: Annotated[str, typer.Option(help="Only what was kept for this reason.", metavar="MOTIVO")] = "",
    limit: Annotated[int, typer.Option(help="Show at most so many groups.", min=1, max=10_000)] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="Write every sentence as JSON.")] = False,
) -> None:
    """Show the groups that wait, those that were said most often first, with the intent that they seem to be."""
    from bot.learning.doubts import REASONS
    from bot.learning.review import groups_of

    with _open() as opened:
        if reason and reason not in REASONS:
            opened.refuse(f"«{reason[:40]}» no es un motivo. Hay: {', '.join(REASONS)}.")
        groups = opened.database.read_now(lambda uow: groups_of(uow, reason=reason))
        if as_json:
            typer.echo(json.dumps([_document(each) for each in groups[:limit]], ensure_ascii=False, indent=2))
            return
        counts = opened.database.read_now(lambda uow: uow.doubts.counts())
        for each in groups[:limit]:
            show(opened, each, _SHOWN)
        opened.console.print(_summary(groups, limit, counts), highlight=False)


@review.command()
def label(
    number: _Number,
    intent: Annotated[str, typer.Argument(help="The intent that it is.", metavar="INTENCIÓN")],
    *,
    alone: _Alone = False,
    by: _By = "",
) -> None:
    """Say which intent a group is."""
    from bot.learning.review import ids_of, known_intent

    with _open() as opened:
        known = known_intent(intent, opened.dialogs.domain.intents)
        now, staff = opened.clock.now(), by or getpass.getuser()
        ids = opened.database.read_now(lambda uow: ids_of(uow, number, alone=alone))
        done = opened.database.write_now(lambda uow: uow.doubts.decide(ids, "labelled", now, by=staff, label=known))
        opened.console.print(f"{_sentences(done)} de {known}. Falta: atiende nlu review export", highlight=False)


@review.command()
def discard(number: _Number, *, alone: _Alone = False, by: _By = "") -> None:
    """Set a group aside for good: it teaches nothing."""
    from bot.learning.review import ids_of

    with _open() as opened:
        now, staff = opened.clock.now(), by or getpass.getuser()
        ids = opened.database.read_now(lambda uow: ids_of(uow, number, alone=alone))
        done = opened.database.write_now(lambda uow: uow.doubts.decide(ids, "discarded", now, by=staff))
        opened.console.print(f"{_sentences(done)} fuera de la lista.", highlight=False)


@review.command()
def export(
    *,
    to: Annotated[
        Path | None,
        typer.Option(help="The file of examples; by default es/aprendido.yml of nlu.datos.", dir_okay=False),
    ] = None,
    dry: Annotated[bool, typer.Option("--dry", help="Only tell what would be written.")] = False,
) -> None:
    """Add what was labelled to the examples; whoever looks at the difference sees each new line, and nothing else."""
    from bot.learning.examples import fill, plain_of
    from bot.learning.review import export as run

    with _open() as opened:
        data = opened.settings.nlu.datos
        target = to or data / opened.settings.dialogos.idioma / "aprendido.yml"
        intents = opened.dialogs.domain.intents
        done = run(opened.database, data=data, target=target, intents=intents, now=opened.clock.now(), dry=dry)
        plan, out = done.plan, opened.console
        for record in plan.added:
            _line(opened, f"+ {record.label}: {plain_of(fill(record.said))}")
        for refused in plan.refused:
            _line(opened, f"No entra «{refused.record.said}»: {refused.why}.", style="yellow")
        for said, words in plan.unheard.items():
            _line(opened, f"¿Es un nombre? {', '.join(words)}, en «{said}»", style="bold")
        if plan.present:
            out.print(f"{_sentences(len(plan.present))} que ya estaban.", highlight=False)
        if not plan.added:
            out.print("Nada nuevo que agregar.")
        elif dry:
            out.print(f"Se agregarían a {target}: {_sentences(len(plan.added))}.", highlight=False, soft_wrap=True)
        else:
            out.print(f"Agregadas a {target}: {_sentences(len(plan.added))}.", highlight=False, soft_wrap=True)
            out.print("Mire la diferencia (git diff) y entrene: atiende train", highlight=False)


def show(opened: Opened, each: Group, most: int, *, numbered: bool = False) -> None:
    """Show a group: how often it was said and why it was kept, what it seems to be, and some of its sentences."""
    from rich.padding import Padding
    from rich.text import Text

    from bot.channels.clean import terminal_text

    title = Text(f"{each.id:>{_INDENT - 1}} ", style="bold")
    title.append(" · ".join([_times(each), _REASONS.get(each.reason, each.reason), _seems(each)]), style="not bold")
    opened.console.print(title)
    for place, member in enumerate(each.members[:most], 1):
        mark = f"{place}. " if numbered else "«"
        end = "" if numbered else "»"
        times = f" ×{member.heard}" if member.heard > 1 else ""
        words = Text(f"{mark}{terminal_text(member.said)}{end}{times}")
        opened.console.print(Padding(words, (0, 0, 0, _INDENT), expand=False))
    if len(each.members) > most:
        opened.console.print(
            Padding(Text(f"… y {len(each.members) - most} más", style="dim"), (0, 0, 0, _INDENT), expand=False)
        )


_REASONS = {
    "no_entendido": "no se entendió",
    "aclarado": "se tuvo que preguntar",
    "corregido": "se empezó otra cosa",
    "cancelado": "se dejó de una vez",
    "fuera_de_alcance": "pareció ajeno",
}


def _times(each: Group) -> str:
    times = "1 vez" if each.heard == 1 else f"{each.heard} veces"
    return times if len(each.members) == 1 else f"{times}, {len(each.members)} frases"


def _seems(each: Group) -> str:
    seems = each.suggestion
    if not seems.intent:
        return "no se sabe qué es"
    if seems.source == "people":
        times = "una vez" if seems.weight == 1 else f"{seems.weight:.0f} veces"
        return f"{seems.intent}, elegido {times}"
    return f"{seems.intent}? ({100 * seems.weight:.0f} %)"


def _document(each: Group) -> dict[str, Any]:
    seems = each.suggestion
    return {
        "group": each.id,
        "heard": each.heard,
        "reason": each.reason,
        "suggested": seems.intent,
        "suggested_by": seems.source,
        "sentences": [
            {
                "id": member.id,
                "text": member.said,
                "heard": member.heard,
                "reason": member.reason,
                "asked": member.asked,
                "ranking": [{"name": intent, "confidence": confidence} for intent, confidence in member.ranking],
                "chosen": dict(member.choices),
                "language": member.language,
                "model": member.model_sha256,
                "first_at": member.first_at.isoformat(),
                "last_at": member.touched_at.isoformat(),
            }
            for member in each.members
        ],
    }


def _summary(groups: list[Group], limit: int, counts: dict[str, int]) -> str:
    if not groups:
        waiting = counts.get("labelled", 0)
        return "No hay nada por revisar." + (f" Por exportar: {_sentences(waiting)}." if waiting else "")
    hidden = f" Se muestran {limit}; las demás, con --limit." if len(groups) > limit else ""
    said = f"{len(groups)} {'grupo' if len(groups) == 1 else 'grupos'} por revisar.{hidden}"
    if counts.get("labelled"):
        said += f" Por exportar: {_sentences(counts['labelled'])}."
    return f"{said}\natiende nlu review label GRUPO INTENCIÓN · discard GRUPO · export"


def _sentences(count: int) -> str:
    return "1 frase" if count == 1 else f"{count} frases"


def _line(opened: Opened, words: str, style: str = "") -> None:
    from rich.text import Text

    from bot.channels.clean import terminal_text

    opened.console.print(Text(terminal_text(words), style=style))


def _open() -> Opened:
    from bot.cli.opened import Opened

    return Opened()
