"""What a person is told of a case of theirs when staff move it: that there is an answer, a question, more time (§1.6).

The chat tells that something exists and where; it is not the legal notice, which needs its own means.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bot.pqr import lifecycle, own

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bot.notices.push import Notices, Pushed
    from bot.pqr.law import Law
    from storage.repos.cases import CaseRecord
    from storage.uow import UnitOfWork

#: The state a case came into → what is said about it.
NEWS: Final[Mapping[str, str]] = {
    "DECIDIDO": "aviso_caso.respondida",
    "NOTIFICADO": "aviso_caso.notificada",
    "REQUERIDO_USUARIO": "aviso_caso.requiere",
    "DESISTIDO": "aviso_caso.retirada",
    "TRASLADADO": "aviso_caso.trasladada",
}
EXTENDED: Final = "aviso_caso.prorroga"


def tell_move(uow: UnitOfWork, notices: Notices, case: CaseRecord, *, now: datetime, law: Law) -> Pushed | None:
    """Tell the person that ``case`` has just come into its state; None when that state says nothing to anybody."""
    response = NEWS.get(case.estado)
    if response is None:
        return None
    until = own.appeal_until(uow, case, law) if case.estado == "NOTIFICADO" and _is_appealable(case, law) else None
    complete_by = law.due("COMPLETAR", now).due_on if case.estado == lifecycle.PAUSED else None
    return _tell(
        uow,
        notices,
        case,
        response,
        now=now,
        requiere=lifecycle.requested(uow, case),
        recurso_hasta=until.isoformat() if until else "",
        completar_hasta=complete_by.isoformat() if complete_by else "",
    )


def tell_extension(
    uow: UnitOfWork, notices: Notices, case: CaseRecord, why: str, *, now: datetime, law: Law
) -> Pushed | None:
    """Tell the person the new date and the reasons, as the law asks, before the first date passes."""
    return _tell(uow, notices, case, EXTENDED, now=now, porque=why, vence_on=law.promised_on(case).isoformat())


def _is_appealable(case: CaseRecord, law: Law) -> bool:
    return law.catalog.kind(case.tipo).recursos


def _tell(
    uow: UnitOfWork, notices: Notices, case: CaseRecord, response: str, *, now: datetime, **values: Any
) -> Pushed | None:
    if case.conversation_id is None:
        return None
    return notices.push(
        uow,
        conversation_id=case.conversation_id,
        response=response,
        values={"noticia_caso": {"radicado": case.radicado, **values}},
        clase="SERVICIO",
        key=f"{response}:{case.id}:{now.isoformat()}",
        now=now,
    )
