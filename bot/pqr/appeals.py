"""An appeal and the case whose answer it is against: which one it is, whose, and since when its answer is known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.kernel.clock import local_date

if TYPE_CHECKING:
    from datetime import date

    from bot.pqr.law import Law
    from storage.repos.cases import CaseEvent, CaseRecord
    from storage.uow import UnitOfWork


def is_of(uow: UnitOfWork, case: CaseRecord, conversation_id: str) -> bool:
    """Tell whether whoever writes in ``conversation_id`` filed the case, there or in another talk of theirs."""
    return case.conversation_id is not None and case.conversation_id in uow.people.conversations_with(conversation_id)


def appealed_by(uow: UnitOfWork, appeal: CaseRecord, law: Law) -> CaseRecord | None:
    """Return the case that ``appeal`` names, when both come from one person or are about one account.

    Anybody may write a radicado: naming a stranger's leads nowhere.
    """
    read = law.template.read(str(appeal.datos.get("recurrido", "")))
    case = uow.cases.by_radicado(read.text) if read else None
    if case is None or case.id == appeal.id:
        return None
    same_account = case.cuenta is not None and case.cuenta == appeal.cuenta
    return case if same_account or is_of(uow, case, appeal.conversation_id or "") else None


def known_on(events: Sequence[CaseEvent]) -> date | None:
    """Return the day on which the answer of a case was notified, by its history; None when it is not on record."""
    notified = [event.at for event in events if event.data.get("a") == "NOTIFICADO"]
    return local_date(max(notified)) if notified else None
