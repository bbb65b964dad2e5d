"""What actions may look at, read from the database, the law and the settings."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bot.kernel.clock import local_date
from bot.pqr import lifecycle
from bot.pqr.lookup import try_code
from bot.pqr.radicado import bare
from dialogs.actions.ports import (
    AccountView,
    CaseView,
    ConsentState,
    DueView,
    OfficeView,
    OutageView,
    Ports,
    QueueView,
)

if TYPE_CHECKING:
    from bot.kernel.clock import Clock
    from bot.kernel.config import Settings
    from bot.pqr.law import Law
    from bot.turn.hours import OfficeHours
    from storage.db import Database
    from storage.repos.cases import CaseRecord
    from storage.repos.customers import AccountRecord
    from storage.uow import UnitOfWork

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
        """Tell whether ``cuenta`` has the configured shape of an account of the service."""
        return re.fullmatch(self._settings.ley.account_pattern(servicio), cuenta) is not None


class StoredCases:
    """Cases, shown to their own authors only."""

    def __init__(self, database: Database, law: Law, clock: Clock) -> None:
        self._database = database
        self._law = law
        self._clock = clock

    async def of_conversation(self, conversation_id: str, limit: int = 5) -> Sequence[CaseView]:
        """Return the newest cases filed from this channel identity."""
        return await self._database.read(
            lambda uow: [self._view(uow, record) for record in uow.cases.of_conversation(conversation_id, limit)]
        )

    async def mine(self, radicado: str, conversation_id: str) -> CaseView | None:
        """Return the case if it was filed from this channel identity, else None."""
        number = bare(radicado)

        def look(uow: UnitOfWork) -> CaseView | None:
            record = uow.cases.by_radicado(number)
            is_mine = record is not None and record.conversation_id == conversation_id
            return self._view(uow, record) if record is not None and is_mine else None

        return await self._database.read(look)

    async def open_with_code(self, radicado: str, codigo: str, origin: str) -> CaseView | str:
        """Return the case, ``"no"`` or ``"bloqueado"``; see ``bot.pqr.lookup``.

        The one port that writes: a wrong try counts in the same transaction that finds it wrong, so that many guesses
        at once pass no limit.
        """
        now = self._clock.now()

        def look(uow: UnitOfWork) -> CaseView | str:
            found = try_code(uow, radicado, codigo, origin=origin, now=now)
            return found if isinstance(found, str) else self._view(uow, found)

        return await self._database.write(look)

    def _view(self, uow: UnitOfWork, record: CaseRecord) -> CaseView:
        return CaseView(
            caso_id=record.id,
            radicado=record.radicado,
            tipo=record.tipo,
            servicio=record.servicio or "",
            estado=record.estado.lower(),
            radicado_at=record.radicado_at.isoformat(),
            vence_on=record.vence_on.isoformat() if record.vence_on else "",
            dias=self._law.business_days_left(record.vence_on, local_date(self._clock.now())) if record.vence_on else 0,
            respuesta=record.respuesta or "",
            respondido_at=record.respondido_at.isoformat() if record.respondido_at else "",
            anexos=len(record.anexos),
            requiere=lifecycle.requested(uow, record),
        )


class LawCalendar:
    """Legal terms, for wording that must name a date before anything is filed."""

    def __init__(self, law: Law) -> None:
        self._law = law

    def due(self, term: str, moment: datetime) -> DueView:
        """Return the end of ``term`` counted from ``moment``."""
        due = self._law.due(term, moment)
        return DueView(due.due_on.isoformat(), due.amount, due.unit)


class CompanyFacts:
    """The utility as configured, its hours and its queue."""

    def __init__(self, database: Database, settings: Settings, hours: OfficeHours) -> None:
        self._database = database
        self._info = settings.empresa.model_dump(mode="json")
        self._minutes = settings.atencion.minutos_por_turno
        self._hours = hours

    def info(self) -> Mapping[str, Any]:
        """Return the ``empresa`` block of the settings."""
        return self._info

    def office(self, moment: datetime) -> OfficeView:
        """Tell whether the offices are open at ``moment`` and when they open next."""
        return self._hours.at(moment)

    async def queue(self) -> QueueView:
        """Return how many people wait for an adviser."""
        waiting = await self._database.read(lambda uow: uow.handoffs.list())
        count = sum(1 for handoff in waiting if handoff.state == "queued")
        return QueueView(count, count * self._minutes)


class StoredConsents:
    """What the person has authorised, under the version of the text in force."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._version = settings.consentimiento.version

    async def state(self, conversation_id: str, topic: str = "datos") -> ConsentState:
        """Return the decision about ``topic``; one taken under another version of the text counts for nothing."""
        current = await self._database.read(lambda uow: uow.consents.current(conversation_id, topic))
        if current is None or current.version != self._version:
            return ConsentState(self._version, None)
        return ConsentState(self._version, current.granted)


class StoredOutages:
    """The outages that are open now."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def open(self, *, sector: str = "", servicio: str = "", limit: int = 3) -> Sequence[OutageView]:
        """Return the open outages, perhaps of one sector or service only."""
        records = await self._database.read(
            lambda uow: uow.outages.open_for_sector(sector) if sector else uow.outages.open()
        )
        wanted = [record for record in records if not servicio or record.servicio == servicio]
        return [
            OutageView(
                record.servicio,
                record.zona,
                record.causa or "",
                record.ends_at.isoformat() if record.ends_at else "",
                record.estado.lower(),
                record.starts_at.isoformat() if record.starts_at else "",
            )
            for record in wanted[:limit]
        ]


def make_ports(database: Database, settings: Settings, law: Law, clock: Clock, hours: OfficeHours) -> Ports:
    """Return the doors that actions are given."""
    return Ports(
        accounts=StoredAccounts(database, settings),
        cases=StoredCases(database, law, clock),
        calendar=LawCalendar(law),
        company=CompanyFacts(database, settings, hours),
        consents=StoredConsents(database, settings),
        outages=StoredOutages(database),
        clock=clock,
    )


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
