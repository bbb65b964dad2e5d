"""The customer base, read for actions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dialogs.actions.ports import AccountView

if TYPE_CHECKING:
    from bot.kernel.config import Settings
    from storage.db import Database
    from storage.repos.customers import AccountRecord

_DIGITS = re.compile(r"\d")


class StoredAccounts:
    """The customer base, seen through a mask."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._settings = settings

    async def find(self, cuenta: str) -> AccountView | None:
        """Return the account under ``cuenta``, masked, or None."""
        record = await self._database.read(lambda uow: uow.customers.account(cuenta))
        return None if record is None else masked_account(record)

    def is_account(self, cuenta: str, servicio: str = "") -> bool:
        """Tell whether ``cuenta`` has the configured shape of an account of the service, or of any when it is empty."""
        ley, served = self._settings.ley, self._settings.empresa.servicios
        patterns = {ley.account_pattern(name) for name in ([servicio] if servicio else served)}
        return any(re.fullmatch(pattern, cuenta) for pattern in patterns)


def masked_account(record: AccountRecord) -> AccountView:
    """Return what anybody who typed the number may see: enough to recognise one's own, too little to learn another's."""
    return AccountView(
        cuenta=record.cuenta,
        servicios=tuple(record.servicios),
        direccion=_DIGITS.sub("*", record.direccion or ""),
        barrio=record.barrio or "",
        sector=record.sector or "",
        titular=" ".join(f"{word[0]}***" for word in (record.titular or "").split()),
    )
