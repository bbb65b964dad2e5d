"""What the person may do with a case of theirs: add to it, ask to withdraw it, appeal its answer (§1.1, §1.3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.pqr import lifecycle
from bot.pqr.appeals import appealed_by, is_of, known_on
from bot.pqr.lifecycle import Actor

if TYPE_CHECKING:
    from datetime import date, datetime

    from bot.pqr.law import Law
    from storage.repos.cases import CaseRecord
    from storage.uow import UnitOfWork

PERSON: Final = Actor("ciudadano", "")

#: While a case is in one of these states nothing is decided: more may be added.
ADDABLE: Final = frozenset({*lifecycle.OPEN, lifecycle.PAUSED, "TRASLADADO", "RECURSO_ABIERTO"})
#: While a case is in one of these states there is still something to withdraw.
WITHDRAWABLE: Final = frozenset({*lifecycle.OPEN, lifecycle.PAUSED})
#: A case in one of these states has an answer that may be appealed against.
ANSWERED: Final = frozenset({"DECIDIDO", "CITADO", "NOTIFICADO", "RECURSO_ABIERTO", "EN_FIRME"})

ADDED: Final = "ampliacion"
WITHDRAWAL: Final = "desistimiento"
WITHDRAWAL_MARK: Final = "desistimiento_pedido"
APPEAL: Final = "recurso"
APPEAL_TERM: Final = "RECURSO_REPO_APEL"


@dataclass(frozen=True, slots=True)
class Added:
    """What became of an addition: the case as it is now, and whether its clock runs again because of it."""

    case: CaseRecord
    resumed: bool


def add(
    uow: UnitOfWork,
    case_id: str,
    text: str,
    files: Sequence[str],
    *,
    conversation_id: str,
    at: datetime,
    law: Law,
) -> Added | None:
    """Keep more facts and files with a case, for staff to see; None when it was decided meanwhile.

    Only files of the very conversation are taken. A case that waited for the person goes on: the clock runs from the
    day after (CPACA art. 17).
    """
    case = uow.cases.get(case_id)
    if case is None or case.estado not in ADDABLE:
        return None
    own = [one.id for one in uow.files.many(tuple(files)) if one.conversation_id == conversation_id]
    uow.cases.attach(case.id, own)
    uow.cases.add_event(case.id, at, ADDED, PERSON.label, {"texto": text, "anexos": own})
    uow.alerts.add(case.id, f"AMPLIADO {at.isoformat(timespec='seconds')}", at)
    if case.estado != lifecycle.PAUSED:
        return Added(case, resumed=False)
    return Added(lifecycle.move(uow, case, "EN_TRAMITE", at=at, actor=PERSON, law=law), resumed=True)


def ask_to_withdraw(uow: UnitOfWork, case_id: str, *, conversation_id: str, at: datetime) -> bool:
    """Note that its own author withdraws a case; False when there is nothing to withdraw, or another filed it.

    Only staff take a case out of EN_TRAMITE (§1.5): they close it, or go on with it for the public interest (CPACA
    art. 18).
    """
    case = uow.cases.get(case_id)
    if case is None or case.estado not in WITHDRAWABLE or not is_of(uow, case, conversation_id):
        return False
    if WITHDRAWAL_MARK not in case.marcas:
        uow.cases.flag(case.id, [*case.marcas, WITHDRAWAL_MARK], at, PERSON.label)
        uow.cases.add_event(case.id, at, WITHDRAWAL, PERSON.label, {})
        uow.alerts.add(case.id, "DESISTE", at)
    return True


def link_appeal(uow: UnitOfWork, appeal: CaseRecord, *, at: datetime, law: Law) -> None:
    """Tie an appeal to the case whose answer it is against, which stays open until the appeal is decided.

    Anybody may write a radicado: a stranger's case is not touched.
    """
    case = appealed_by(uow, appeal, law)
    if case is None:
        return
    uow.cases.add_event(case.id, at, APPEAL, PERSON.label, {"radicado": appeal.radicado})
    if case.estado == "NOTIFICADO":
        lifecycle.move(uow, case, "RECURSO_ABIERTO", at=at, actor=PERSON, law=law, data={"recurso": appeal.radicado})


def appeal_until(uow: UnitOfWork, case: CaseRecord, law: Law) -> date | None:
    """Return the last day on which the answer of ``case`` may be appealed in time, if its notice is on record."""
    start = known_on(uow.cases.events(case.id)) if case.estado in ANSWERED else None
    return law.due(APPEAL_TERM, start).due_on if start else None


def is_silent(case: CaseRecord, today: date, law: Law) -> bool:
    """Tell whether the term of the answer has passed without one (silence, Decreto 2150/1995 art. 123)."""
    runs = case.respondido_at is None and (case.estado in lifecycle.OPEN or case.estado == "VENCIDO_SAP")
    return runs and today > law.promised_on(case)
