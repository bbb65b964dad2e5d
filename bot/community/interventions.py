"""What is done in the street, from the plan to the word of neighbours (GS-P03, §6).

PLANEADA → AVISADA → EN_CURSO → TERMINADA → CONFIRMADA | NO_CONFORME; NO_CONFORME goes back to the street: PLANEADA with
another date, or EN_CURSO at once. Anything not finished may be CANCELADA.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from bot.community.errors import NoSuchThing, StepRefused
from bot.kernel import steps
from bot.kernel.clock import local_date
from storage.repos.interventions import ConfirmationRecord

if TYPE_CHECKING:
    from datetime import datetime

    from storage.repos.interventions import InterventionRecord
    from storage.uow import UnitOfWork

MOVES: Final[Mapping[str, tuple[str, ...]]] = {
    # The same state again is a change of hours or place, which neighbours are told of.
    "PLANEADA": ("PLANEADA", "AVISADA", "EN_CURSO", "CANCELADA"),
    "AVISADA": ("AVISADA", "EN_CURSO", "TERMINADA", "CANCELADA"),
    "EN_CURSO": ("TERMINADA", "CANCELADA"),
    "TERMINADA": ("CONFIRMADA", "NO_CONFORME"),
    "NO_CONFORME": ("PLANEADA", "EN_CURSO", "TERMINADA", "CANCELADA"),
    "CONFIRMADA": ("NO_CONFORME",),
    "CANCELADA": (),
}
STATES: Final = tuple(MOVES)
#: What neighbours may still see coming.
COMING: Final = frozenset({"PLANEADA", "AVISADA", "EN_CURSO", "NO_CONFORME"})
#: What they are asked about.
DONE: Final = frozenset({"TERMINADA", "CONFIRMADA", "NO_CONFORME"})
#: The word of neighbours is taken for this long after the end.
ANSWERS_FOR: Final = timedelta(days=30)
_NEIGHBOUR, _LEADER, _REPORTER = "vecino", "lider", "reportante"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Who asks, as far as a work is concerned: the sectors of each quality. A work is theirs where these meet its own."""

    leads: frozenset[str] = frozenset()
    reported: frozenset[str] = frozenset()
    lives: frozenset[str] = frozenset()

    def role(self, sectors: Sequence[str]) -> str:
        """Return as what they may speak of a work in ``sectors``: lider, reportante, vecino, or empty: they may not."""
        for name, own in ((_LEADER, self.leads), (_REPORTER, self.reported), (_NEIGHBOUR, self.lives)):
            if own & frozenset(sectors):
                return name
        return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """What a neighbour says of a finished work: as what (``role``, see ``Standing``), yes or no, why, and with what proof."""

    conversation_id: str
    role: str
    solved: bool
    reason: str = ""
    files: Sequence[str] = ()


def move(
    uow: UnitOfWork,
    work: InterventionRecord,
    to: str,
    *,
    actor: str,
    at: datetime,
    nota: str | None = None,
    **changes: Any,
) -> InterventionRecord:
    """Take ``work`` to the state ``to``; ``changes`` are other fields (dates, place, files) that change with it.

    Raises:
        StepRefused: it cannot go there from its state.
        VersionConflict: somebody else changed it meanwhile.
    """
    if to not in MOVES.get(work.estado, ()):
        if to not in MOVES:
            raise StepRefused(steps.unknown("trabajo", to))
        raise StepRefused(steps.refused("trabajo", work.estado, to, MOVES[work.estado], which=str(work.id)))
    if to == "TERMINADA":
        changes["terminada_at"] = at
    if work.estado == "NO_CONFORME":
        changes["ronda"] = work.ronda + 1
    moved = uow.interventions.change(
        work.id, expected_version=work.version, at=at, actor=actor, nota=nota, estado=to, **changes
    )
    # The act and the photos of staff are the proof of the work: they stay as long as it does.
    uow.files.keep_with(moved.anexos, f"work:{work.id}")
    return moved


def get(uow: UnitOfWork, intervention_id: int) -> InterventionRecord:
    """Return a work.

    Raises:
        NoSuchThing: there is none under that number.
    """
    work = uow.interventions.get(intervention_id)
    if work is None:
        raise NoSuchThing(f"there is no intervention {intervention_id}")
    return work


def takes_answers(work: InterventionRecord, now: datetime) -> bool:
    """Whether neighbours may still say if ``work`` solved it."""
    is_done = work.estado in DONE and work.terminada_at is not None
    return is_done and work.terminada_at is not None and now <= work.terminada_at + ANSWERS_FOR


def confirm(uow: UnitOfWork, work: InterventionRecord, word: Word, *, at: datetime, enough: int) -> InterventionRecord:
    """Keep what a neighbour says and move the work by it; return it as it stands then.

    A "no" returns the work to staff at once (GS-P03, step 6). A "yes" of a leader, or of who reported it, confirms it
    when nobody of this round said no; so do ``enough`` neighbours.

    Raises:
        StepRefused: the person may not speak of it, it is not finished, or a "no" comes without its reason.
    """
    if not word.role:
        raise StepRefused("only people of the sector may say whether it was solved")
    if not takes_answers(work, at):
        raise StepRefused("this work is not waiting for the word of neighbours")
    if not word.solved and not word.reason.strip():
        raise StepRefused("a no needs its reason")
    uow.interventions.say(
        ConfirmationRecord(
            intervention_id=work.id,
            ronda=work.ronda,
            conversation_id=word.conversation_id,
            papel=word.role,
            resuelto=word.solved,
            at=at,
            motivo=word.reason.strip() or None,
            anexos=tuple(word.files),
        )
    )
    uow.files.keep_while_open(word.files, "work", work.id)
    to = _verdict(uow.interventions.said(work.id, work.ronda), enough)
    if not to or to == work.estado or to not in MOVES[work.estado]:
        return work
    return move(uow, work, to, actor=f"comunidad:{word.role}", at=at)


def _verdict(said: Sequence[ConfirmationRecord], enough: int) -> str:
    """Return the state that the answers of a round ask for; empty while they ask for none."""
    if any(not one.resuelto for one in said):
        return "NO_CONFORME"
    if any(one.papel in {_LEADER, _REPORTER} for one in said) or len(said) >= enough:
        return "CONFIRMADA"
    return ""


def crew_today(uow: UnitOfWork, sector: str, now: datetime) -> frozenset[str]:
    """Return the badges that the company sends to ``sector`` today, by its works and by its daily list."""
    today = local_date(now)
    sent = set(uow.crews.sent(sector, today))
    for work in uow.interventions.of_sector(sector, now - timedelta(days=1)):
        if work.estado in COMING and local_date(work.starts_at) <= today <= local_date(work.ends_at):
            sent.update(work.cuadrilla)
    return frozenset(sent)
