"""The states of reports and outages (domain rules §3) and the ways between them."""

from __future__ import annotations

from collections.abc import Mapping

from bot.kernel import steps
from bot.kernel.errors import AtiendeError

#: A report: told, checked, given to a crew, worked on, restored, over.
REPORT_WAYS: Mapping[str, frozenset[str]] = {
    "REPORTADA": frozenset({"CONFIRMADA", "ASIGNADA", "EN_REPARACION", "RESTABLECIDA", "CANCELADA"}),
    "CONFIRMADA": frozenset({"ASIGNADA", "EN_REPARACION", "RESTABLECIDA", "CANCELADA"}),
    "ASIGNADA": frozenset({"CONFIRMADA", "EN_REPARACION", "RESTABLECIDA", "CANCELADA"}),
    "EN_REPARACION": frozenset({"ASIGNADA", "RESTABLECIDA", "CANCELADA"}),
    "RESTABLECIDA": frozenset({"CONFIRMADA", "CERRADA"}),
    "CERRADA": frozenset({"CONFIRMADA"}),
    "CANCELADA": frozenset(),
}
#: An outage: planned or met by chance; extended as often as needed.
OUTAGE_WAYS: Mapping[str, frozenset[str]] = {
    "PROGRAMADA": frozenset({"AVISADA", "EN_CURSO", "CANCELADA"}),
    "AVISADA": frozenset({"EN_CURSO", "CANCELADA"}),
    "EN_CURSO": frozenset({"EXTENDIDA", "RESTABLECIDA", "CANCELADA"}),
    "EXTENDIDA": frozenset({"EXTENDIDA", "RESTABLECIDA", "CANCELADA"}),
    "REPORTADA": frozenset({"CONFIRMADA", "EN_CURSO", "RESTABLECIDA", "CANCELADA"}),
    "CONFIRMADA": frozenset({"ASIGNADA", "EN_CURSO", "RESTABLECIDA", "CANCELADA"}),
    "ASIGNADA": frozenset({"EN_REPARACION", "EN_CURSO", "RESTABLECIDA", "CANCELADA"}),
    "EN_REPARACION": frozenset({"EXTENDIDA", "RESTABLECIDA", "CANCELADA"}),
    "RESTABLECIDA": frozenset({"EN_CURSO", "CERRADA"}),
    "CERRADA": frozenset(),
    "CANCELADA": frozenset(),
}
#: Nothing is worked on any more.
OVER = frozenset({"RESTABLECIDA", "CERRADA", "CANCELADA"})


class NotThatWay(AtiendeError):
    """A report or an outage cannot go from one state to the other."""


def check(ways: Mapping[str, frozenset[str]], now: str, wanted: str) -> None:
    """Refuse a step that the table does not have.

    Raises:
        NotThatWay: with the states that are possible, in the words of staff.
    """
    thing: steps.Thing = "reporte" if ways is REPORT_WAYS else "corte"
    if wanted not in ways:
        raise NotThatWay(steps.unknown(thing, wanted))
    if wanted not in ways[now]:
        raise NotThatWay(steps.refused(thing, now, wanted, sorted(ways[now])))
