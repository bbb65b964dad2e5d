"""The states of a case (§1.5): which moves exist, who may make them, and what they do to the clock.

RADICADO → EN_TRAMITE → [REQUERIDO_USUARIO | EN_PRUEBAS | TRASLADADO] → DECIDIDO → CITADO → NOTIFICADO →
[RECURSO_ABIERTO] → EN_FIRME; and VENCIDO_SAP, DESISTIDO, ARCHIVADO. Only staff take a case out of EN_TRAMITE.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final, Literal

from bot.kernel import steps
from bot.kernel.clock import local_date
from bot.pqr import disputes
from bot.pqr.errors import MoveRefused

if TYPE_CHECKING:
    from bot.pqr.law import Law
    from storage.repos.cases import CaseRecord
    from storage.uow import UnitOfWork

Who = Literal["personal", "sistema", "ciudadano"]

#: States in which the company still owes the answer and its clock runs.
OPEN: Final = frozenset({"RADICADO", "EN_TRAMITE", "EN_PRUEBAS"})
#: The clock stands still until the person completes the request (CPACA art. 17).
PAUSED: Final = "REQUERIDO_USUARIO"
#: Why the due dates of a case moved, in its history.
RESUMED: Final = "reanudado"
EXTENDED: Final = "prorroga"
#: The legend that Ley 1581/2012 art. 15 asks for while a claim about data is decided.
DATA_CLAIM: Final = "reclamo_en_tramite"
NOTICES: Final = ("personal", "electronica", "aviso", "conducta_concluyente")

_STAFF: Final[frozenset[Who]] = frozenset({"personal"})
_HOUSE: Final[frozenset[Who]] = frozenset({"personal", "sistema"})
_ANYBODY: Final[frozenset[Who]] = frozenset({"personal", "sistema", "ciudadano"})

#: State → the states it may go to, and who may take it there.
MOVES: Final[Mapping[str, Mapping[str, frozenset[Who]]]] = {
    "RADICADO": {"EN_TRAMITE": _HOUSE},
    "EN_TRAMITE": {
        "REQUERIDO_USUARIO": _STAFF,
        "EN_PRUEBAS": _STAFF,
        "TRASLADADO": _STAFF,
        "DECIDIDO": _STAFF,
        "VENCIDO_SAP": _STAFF,
        "DESISTIDO": _STAFF,
        "ARCHIVADO": _STAFF,
    },
    "REQUERIDO_USUARIO": {"EN_TRAMITE": _ANYBODY, "DESISTIDO": _STAFF},
    "EN_PRUEBAS": {"EN_TRAMITE": _STAFF, "DECIDIDO": _STAFF, "VENCIDO_SAP": _STAFF},
    "TRASLADADO": {"EN_TRAMITE": _STAFF, "ARCHIVADO": _STAFF},
    "DECIDIDO": {"CITADO": _STAFF, "NOTIFICADO": _STAFF, "VENCIDO_SAP": _STAFF},
    "CITADO": {"NOTIFICADO": _STAFF, "VENCIDO_SAP": _STAFF},
    "NOTIFICADO": {"RECURSO_ABIERTO": _ANYBODY, "EN_FIRME": _HOUSE},
    "RECURSO_ABIERTO": {"DECIDIDO": _STAFF, "EN_FIRME": _STAFF, "VENCIDO_SAP": _STAFF},
    "VENCIDO_SAP": {"DECIDIDO": _STAFF, "NOTIFICADO": _STAFF, "EN_FIRME": _STAFF},
    "DESISTIDO": {"ARCHIVADO": _STAFF},
    "EN_FIRME": {"ARCHIVADO": _STAFF},
    "ARCHIVADO": {},
}
STATES: Final = tuple(MOVES)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who moves a case: a member of staff, the system or the person; ``name`` is an id, never personal data."""

    who: Who
    name: str

    @property
    def label(self) -> str:
        """How the history names the actor: ``personal:ana``."""
        return f"{self.who}:{self.name}" if self.name else self.who


SYSTEM: Final = Actor("sistema", "")


def allowed(state: str, who: Who) -> tuple[str, ...]:
    """Return the states to which ``who`` may take a case that is in ``state``."""
    return tuple(to for to, people in MOVES.get(state, {}).items() if who in people)


def check(state: str, to: str, who: Who) -> None:
    """Refuse a move that does not exist or that ``who`` may not make.

    Raises:
        MoveRefused: the text says what is possible from ``state``.
    """
    people = MOVES.get(state, {}).get(to)
    if people is None:
        if to not in MOVES:
            raise MoveRefused(steps.unknown("caso", to))
        raise MoveRefused(steps.refused("caso", state, to, MOVES.get(state, {})))
    if who not in people:
        message = (
            f"De {steps.named('caso', state)} a {steps.named('caso', to)} solo lo pasa: {', '.join(sorted(people))}. "
            f"No lo pasa: {who}."
        )
        raise MoveRefused(message)


def move(
    uow: UnitOfWork,
    case: CaseRecord,
    to: str,
    *,
    at: datetime,
    actor: Actor,
    law: Law,
    data: Mapping[str, Any] | None = None,
) -> CaseRecord:
    """Take ``case`` to the state ``to`` and append the move to its history, with ``data`` (JSON) beside it.

    Leaving REQUERIDO_USUARIO for EN_TRAMITE resumes the clock: the business days that were left are counted from the
    day after the completion (CPACA art. 17), and the due dates move. REQUERIDO_USUARIO needs ``data["requiere"]``, what
    is asked of the person; NOTIFICADO needs ``data["modo"]``, one of ``NOTICES``.

    Raises:
        MoveRefused: the move does not exist, is not for this actor, or lacks what it needs.
    """
    check(case.estado, to, actor.who)
    details = dict(data or {})
    if to == PAUSED and not str(details.get("requiere", "")).strip():
        message = f"Para dejar el caso {steps.named('caso', PAUSED)} diga qué se le pide (requiere), en palabras de la persona."
        raise MoveRefused(message)
    if to == "NOTIFICADO" and details.get("modo") not in NOTICES:
        message = f"Para dejar el caso {steps.named('caso', to)} diga el modo, uno de: {', '.join(NOTICES)}."
        raise MoveRefused(message)
    if case.estado == PAUSED and to == "EN_TRAMITE":
        promised, by_b = resumed(case, paused_on(uow, case), local_date(at), law)
        uow.cases.reschedule(case.id, promised, by_b, at, actor.label, RESUMED)
        details["vence_on"] = promised.isoformat()
    uow.cases.set_state(case.id, to, at, actor.label, details)
    disputes.settle(uow, case.id, to, at)
    if to in disputes.SETTLED and DATA_CLAIM in case.marcas:
        uow.cases.flag(case.id, [mark for mark in case.marcas if mark != DATA_CLAIM], at, actor.label)
    moved = uow.cases.get(case.id)
    if moved is None:
        message = "the case is not there any more"
        raise MoveRefused(message)
    return moved


def decide(uow: UnitOfWork, case: CaseRecord, respuesta: str, *, at: datetime, actor: Actor, law: Law) -> CaseRecord:
    """Keep the answer of the company and take the case to DECIDIDO; a case just filed passes through EN_TRAMITE.

    Raises:
        MoveRefused: the answer is empty, the actor is not staff, or the state allows no decision.
    """
    if not respuesta.strip():
        message = "a decision needs the text of the answer"
        raise MoveRefused(message)
    if case.estado == "RADICADO":
        case = move(uow, case, "EN_TRAMITE", at=at, actor=actor, law=law)
    check(case.estado, "DECIDIDO", actor.who)
    uow.cases.respond(case.id, respuesta, at, actor.label)
    return move(uow, case, "DECIDIDO", at=at, actor=actor, law=law)


def extend(uow: UnitOfWork, case: CaseRecord, why: str, *, at: datetime, actor: Actor, law: Law) -> CaseRecord:
    """Give the company the extension of the term, once, with its reasons, before it ends; the person must be told.

    The terms of Ley 142 art. 158 have none: there only ordered evidence stops the silence (EN_PRUEBAS).

    Raises:
        MoveRefused: the term has no extension, it ended or was extended before, the clock does not run, or no reason.
    """
    term = law.terms[case.termino]
    if actor.who != "personal" or case.estado not in OPEN or case.respondido_at is not None:
        message = f"only staff extend a case whose clock runs; this one is in {case.estado}"
        raise MoveRefused(message)
    if term.prorroga is None or term.prorroga.de != "respuesta":
        message = f"{case.termino} has no extension: order evidence (EN_PRUEBAS) before the term ends, or decide"
        raise MoveRefused(message)
    if not why.strip():
        message = "an extension needs its reasons, in words for the person"
        raise MoveRefused(message)
    promised = law.promised_on(case)
    if local_date(at) > promised:
        message = f"the term ended on {promised}: it can be extended no more"
        raise MoveRefused(message)
    if any(event.data.get("motivo") == EXTENDED for event in uow.cases.events(case.id)):
        message = "the term was extended before: once is the most"
        raise MoveRefused(message)
    longer = [law.calendar.add_business(day, term.prorroga.cantidad) for day in (promised, case.vence_b_on or promised)]
    uow.cases.reschedule(case.id, longer[0], longer[1], at, actor.label, EXTENDED)
    uow.cases.add_event(case.id, at, EXTENDED, actor.label, {"porque": why, "hasta": longer[0].isoformat()})
    moved = uow.cases.get(case.id)
    return moved or case


def requested(uow: UnitOfWork, case: CaseRecord) -> str:
    """Return what the person was last asked to complete (``requiere`` of that move), empty when nothing is pending."""
    if case.estado != PAUSED:
        return ""
    asked = [event.data.get("requiere", "") for event in uow.cases.events(case.id) if event.data.get("a") == PAUSED]
    return str(asked[-1]) if asked else ""


def paused_on(uow: UnitOfWork, case: CaseRecord) -> date:
    """Return the local day on which the case was last put in REQUERIDO_USUARIO (the day it was filed if never)."""
    stops = [event.at for event in uow.cases.events(case.id) if event.data.get("a") == PAUSED]
    return local_date(max(stops)) if stops else local_date(case.radicado_at)


def resumed(case: CaseRecord, stopped_on: date, completed_on: date, law: Law) -> tuple[date, date]:
    """Return the new due dates (modes A and B) when the person completes: what was left, from the day after.

    The day on which the company asked is a day used; a request made on the last day or later leaves none, and then the
    answer is due on the first business day after the completion.
    """
    promised = law.promised_on(case)

    def moved(due_on: date) -> date:
        return law.calendar.add_business(completed_on, max(1, law.calendar.between(stopped_on, due_on)))

    return moved(promised), moved(case.vence_b_on or promised)
