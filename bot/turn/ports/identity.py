"""Who writes and what is theirs, read for actions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.identity import codes
from bot.identity.limits import Limits, may_send
from bot.identity.persons import is_proved
from dialogs.actions.ports import Destination, DoorView, LinkedAccount, OwnAccount, PersonView

if TYPE_CHECKING:
    from bot.kernel.clock import Clock
    from bot.kernel.config import Settings
    from bot.kernel.ids import Ids
    from dialogs.actions.ports.identity import Tried
    from storage.db import Database
    from storage.uow import UnitOfWork

NOBODY = PersonView("", "", ())


class StoredIdentity:
    """Persons as they are kept, and the tries of their codes."""

    def __init__(self, database: Database, settings: Settings, clock: Clock, ids: Ids) -> None:
        self._database = database
        self._ids = ids
        self._limits = Limits.from_settings(settings)
        self._senders = codes.Senders(settings.code_senders)
        self._clock = clock

    async def who(self, conversation_id: str) -> PersonView:
        """Return who writes in the conversation."""
        return await self._database.read(lambda uow: _view(uow, conversation_id))

    async def is_verified(self, conversation_id: str, cuenta: str) -> bool:
        """Tell whether the person who writes here proved the account."""
        return await self._database.read(lambda uow: is_proved(uow, conversation_id, cuenta))

    async def own_account(self, conversation_id: str, cuenta: str) -> OwnAccount | None:
        """Return an account that the person who writes here proved, or None."""

        def look(uow: UnitOfWork) -> OwnAccount | None:
            record = uow.customers.account(cuenta) if is_proved(uow, conversation_id, cuenta) else None
            if record is None:
                return None
            return OwnAccount(
                cuenta=record.cuenta,
                titular=record.titular,
                direccion=record.direccion,
                barrio=record.barrio or "",
                servicios=tuple(record.servicios),
                estrato=record.estrato,
                uso=record.uso,
                estado=record.estado,
            )

        return await self._database.read(look)

    async def door(self, conversation_id: str, cuenta: str) -> DoorView:
        """Tell whether the account may be proved from here now, and where its codes would go."""
        now = self._clock.now()

        def look(uow: UnitOfWork) -> DoorView:
            state, contacts = codes.door(
                uow, conversation_id, cuenta, senders=self._senders, limits=self._limits, now=now
            )
            destinations = tuple(Destination(each.medio, each.mask) for each in contacts)
            return DoorView(state, destinations, may_send(uow, conversation_id, cuenta, self._limits, now))

        return await self._database.read(look)

    async def try_code(self, conversation_id: str, cuenta: str, proposito: str, codigo: str, call_id: str) -> Tried:
        """Try a code; the second port that writes, for the reason of the first (``open_with_code``)."""
        now, limits = self._clock.now(), self._limits

        def attempt(uow: UnitOfWork) -> Tried:
            return codes.try_code(
                uow, conversation_id, cuenta, proposito, codigo, call=call_id, limits=limits, ids=self._ids, now=now
            )

        return await self._database.write(attempt)


def _view(uow: UnitOfWork, conversation_id: str) -> PersonView:
    person_id = uow.people.person_of(conversation_id)
    person = uow.people.get(person_id) if person_id else None
    if person is None:
        return NOBODY
    linked = []
    for each in uow.people.accounts_of(person.id):
        account = uow.customers.account(each.cuenta)
        barrio, sector = (account.barrio or "", account.sector or "") if account else ("", "")
        linked.append(LinkedAccount(each.cuenta, each.relacion, each.verified, barrio, sector, each.apodo or ""))
    return PersonView(person.id, person.nombre or "", tuple(linked), person.has_document)
