"""Cases, read for actions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.kernel.clock import local_date
from bot.pqr import lifecycle, own
from bot.pqr.appeals import is_of
from bot.pqr.lookup import try_code
from bot.pqr.radicado import bare
from dialogs.actions.ports import CaseView

if TYPE_CHECKING:
    from bot.kernel.clock import Clock
    from bot.pqr.law import Law
    from storage.db import Database
    from storage.repos.cases import CaseRecord
    from storage.uow import UnitOfWork


class StoredCases:
    """Cases, shown to their own authors only."""

    def __init__(self, database: Database, law: Law, clock: Clock) -> None:
        self._database = database
        self._law = law
        self._clock = clock

    async def of_conversation(self, conversation_id: str, limit: int = 5) -> Sequence[CaseView]:
        """Return the newest cases of whoever writes here, on whichever channel they were filed."""

        def look(uow: UnitOfWork) -> list[CaseView]:
            own = uow.people.conversations_with(conversation_id)
            return [self._view(uow, record) for record in uow.cases.of_conversations(own, limit)]

        return await self._database.read(look)

    async def mine(self, radicado: str, conversation_id: str) -> CaseView | None:
        """Return the case if the person filed it, from this channel identity or another of theirs, else None."""
        number = bare(radicado)

        def look(uow: UnitOfWork) -> CaseView | None:
            record = uow.cases.by_radicado(number)
            is_mine = record is not None and is_of(uow, record, conversation_id)
            return self._view(uow, record) if record is not None and is_mine else None

        return await self._database.read(look)

    async def open_with_code(self, radicado: str, codigo: str, origin: str, call: str = "") -> CaseView | str:
        """Return the case, ``"no"`` or ``"bloqueado"``; see ``bot.pqr.lookup``.

        The one port that writes: a wrong try counts in the same transaction that finds it wrong, so that many guesses
        at once pass no limit.
        """
        now = self._clock.now()

        def look(uow: UnitOfWork) -> CaseView | str:
            found = try_code(uow, radicado, codigo, origin=origin, now=now, call=call)
            return found if isinstance(found, str) else self._view(uow, found)

        return await self._database.write(look)

    def _view(self, uow: UnitOfWork, record: CaseRecord) -> CaseView:
        today, until = local_date(self._clock.now()), own.appeal_until(uow, record, self._law)
        return CaseView(
            caso_id=record.id,
            radicado=record.radicado,
            tipo=record.tipo,
            servicio=record.servicio or "",
            estado=record.estado.lower(),
            radicado_at=record.radicado_at.isoformat(),
            vence_on=record.vence_on.isoformat() if record.vence_on else "",
            dias=self._law.business_days_left(record.vence_on, today) if record.vence_on else 0,
            respuesta=record.respuesta or "",
            respondido_at=record.respondido_at.isoformat() if record.respondido_at else "",
            anexos=len(record.anexos),
            requiere=lifecycle.requested(uow, record),
            cuenta=record.cuenta or "",
            recurso_hasta=until.isoformat() if until else "",
            recurso_tarde=until is not None and until < today,
            retiro_pedido=own.WITHDRAWAL_MARK in record.marcas,
        )
