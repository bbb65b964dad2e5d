"""Promises of the company to a sector: made by staff, fulfilled with evidence, judged by who speaks for the sector."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.community import leaders
from bot.community.errors import NoSuchThing, StepRefused
from bot.kernel import steps
from bot.kernel.clock import local_date

if TYPE_CHECKING:
    from datetime import datetime

    from storage.repos.commitments import CommitmentRecord
    from storage.uow import UnitOfWork

OPEN, DONE, VOID = "ABIERTO", "CUMPLIDO", "ANULADO"


def get(uow: UnitOfWork, commitment_id: int) -> CommitmentRecord:
    """Return a promise.

    Raises:
        NoSuchThing: there is none under that number.
    """
    promise = uow.commitments.get(commitment_id)
    if promise is None:
        raise NoSuchThing(f"there is no commitment {commitment_id}")
    return promise


def fulfil(uow: UnitOfWork, commitment_id: int, evidence: str, *, actor: str, at: datetime) -> CommitmentRecord:
    """Note that a promise was kept, and how that can be seen.

    Raises:
        NoSuchThing: there is none under that number.
        StepRefused: it is not open, or there is no evidence.
    """
    if not evidence.strip():
        raise StepRefused("say how it can be seen that it was done")
    promise = get(uow, commitment_id)
    changes = {"evidencia": evidence.strip(), "cumplido_on": local_date(at), "autor": actor}
    if not uow.commitments.change(commitment_id, expected=OPEN, at=at, estado=DONE, **changes):
        raise StepRefused(steps.only("compromiso", promise.estado, [OPEN], "cumplir", which=str(commitment_id)))
    return get(uow, commitment_id)


def judge(uow: UnitOfWork, commitment_id: int, conversations: Sequence[str], *, content: bool, now: datetime) -> bool:
    """Keep the word of a leader; a no opens the promise again. Return False when the person may not, or it is not done."""
    promise = uow.commitments.get(commitment_id)
    if promise is None or promise.sector not in leaders.speaks_for(uow, conversations, local_date(now)):
        return False
    state = DONE if content else OPEN
    return uow.commitments.change(commitment_id, expected=DONE, at=now, estado=state, conforme=content, conforme_at=now)
