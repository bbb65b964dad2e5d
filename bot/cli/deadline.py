"""``atiende deadline``: when a legal term ends, which days it skips and why."""

from __future__ import annotations

import json
import os
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from bot.kernel.config_company import Ley
    from bot.pqr.law import Law
    from bot.pqr.terms import Due

Moment = Annotated[
    str, typer.Argument(help="When: 2026-03-25T10:15 (Bogotá time), 2026-03-25 or 25/03/2026 10:15.", metavar="MOMENTO")
]
Key = Annotated[str, typer.Argument(help="Key of the terms matrix, for example PQR_CONTRATO.", metavar="TERMINO")]
AsJson = Annotated[bool, typer.Option("--json", help="Write the result as JSON.")]
Extended = Annotated[bool, typer.Option("--prorroga", help="Add the extension of the term, if it has one.")]


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command("deadline")(deadline)


def deadline(moment: Moment, term: Key, *, as_json: AsJson = False, extended: Extended = False) -> None:
    """Tell when a legal term ends, which days it skips and why, by both modes of counting."""
    from bot.pqr.law import Law
    from bot.pqr.moments import read_moment

    law = Law.of(_ley())
    when = read_moment(moment)
    mode_a = law.due(term, when, extended=extended)
    mode_b = law.due(term, when, mode="B", extended=extended)
    if as_json:
        typer.echo(json.dumps(_record(law, when, mode_a, mode_b), ensure_ascii=False, indent=2))
    else:
        typer.echo("\n".join(_lines(law, when, mode_a, mode_b)))


def _ley() -> Ley:
    """Return the ``ley`` block of the settings, or its defaults where there is no settings file."""
    from bot.kernel.config import CONFIG_FILE, load_settings
    from bot.kernel.config_company import Ley

    named = os.environ.get("ATIENDE_CONFIG")
    return load_settings().ley if named or Path(CONFIG_FILE).exists() else Ley()


def _record(law: Law, when: datetime | date, mode_a: Due, mode_b: Due) -> dict[str, Any]:
    term = law.terms[mode_a.term]
    return {
        "termino": mode_a.term,
        "nombre": term.nombre,
        "norma": term.norma,
        "cantidad": mode_a.amount,
        "unidad": mode_a.unit,
        "a_cargo": term.a_cargo,
        "al_vencer": term.al_vencer,
        "desde": when.isoformat(),
        "modo_en_uso": law.mode if mode_b.mode == "B" else "A",
        "modos": {"A": _mode(mode_a), "B": _mode(mode_b) if mode_b.mode == "B" else None},
        "lectura_estricta": mode_a.strict_on.isoformat() if mode_a.strict_on else None,
    }


def _mode(due: Due) -> dict[str, Any]:
    return {
        "dia0": due.day0.isoformat(),
        "vence_el": due.due_on.isoformat(),
        "vence_a": due.due_at.isoformat(),
        "omitidos": [
            {"fecha": skip.day.isoformat(), "motivo": skip.reason, "clase": skip.kind} for skip in due.skipped
        ],
    }


def _lines(law: Law, when: datetime | date, mode_a: Due, mode_b: Due) -> list[str]:
    from bot.pqr import moments

    words, say, term = law.catalog.words, law.catalog.words.plazo, law.terms[mode_a.term]
    lines = [
        say.titulo.format(clave=mode_a.term, nombre=term.nombre),
        "",
        say.desde.format(momento=_moment(when, law), hecho=term.hecho),
        say.termino.format(medida=words.unidades[mode_a.unit].of(mode_a.amount), a_cargo=term.a_cargo),
        say.norma.format(norma=term.norma),
        say.vence.format(momento=_end(mode_a, law)),
    ]
    day0 = moments.short_date(mode_a.day0, words)
    if mode_b.mode == "B":
        same = say.igual if mode_b.due_at == mode_a.due_at else ""
        lines.append(say.promesa.format(dia0=day0))
        lines.append(say.modo_b.format(momento=_end(mode_b, law), igual=same))
        lines.append(say.dia0_b.format(dia0=moments.short_date(mode_b.day0, words)))
    else:
        lines += [say.dia0.format(dia0=day0), say.sin_modo_b]
    if term.espera:
        lines.append(say.espera)
    if mode_a.strict_on:
        lines.append(say.estricta.format(fecha=moments.long_date(mode_a.strict_on, words)))
    lines += [say.al_vencer.format(texto=term.al_vencer), ""]
    if mode_a.unit == "horas":
        return [*lines, say.corridas]
    if not mode_a.skipped:
        return [*lines, say.sin_omitidos]
    lines.append(say.omitidos)
    return lines + [
        say.omitido.format(fecha=moments.short_date(skip.day, words).ljust(16), motivo=skip.reason)
        for skip in mode_a.skipped
    ]


def _moment(when: datetime | date, law: Law) -> str:
    from bot.kernel.clock import local_date
    from bot.pqr import moments

    words = law.catalog.words
    if not isinstance(when, datetime):
        return moments.long_date(when, words)
    return f"{moments.long_date(local_date(when), words)}, {moments.hour(when, words)}"


def _end(due: Due, law: Law) -> str:
    from bot.pqr import moments

    words = law.catalog.words
    at_midnight = due.due_at.date() != due.due_on
    hour = words.medianoche if at_midnight else moments.hour(due.due_at, words)
    return f"{moments.long_date(due.due_on, words)}, {hour}"
