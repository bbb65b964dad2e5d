"""Payment agreements, simulated and read for actions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.agreements import clock as days_clock
from bot.agreements import financed, lifecycle, policy, words
from bot.agreements.eligibility import obstacle
from bot.agreements.policy import profile_of
from bot.agreements.simulation import Offer, choices, for_purse, most_for, simulate
from bot.agreements.standing import Owed, standing_of
from bot.agreements.text import compose, percent
from bot.kernel.clock import local_date
from dialogs.actions.ports import AgreementView, ChoiceView, FinancedView, OfferView, ProspectView

if TYPE_CHECKING:
    from datetime import date

    from bot.agreements.eligibility import Standing
    from bot.agreements.policy_model import Policy, Signer
    from bot.kernel.clock import Clock
    from bot.kernel.config import Settings
    from bot.pqr.law import Law
    from dialogs.actions.ports import DebtView
    from dialogs.actions.ports.agreements import PlanRefusal
    from storage.db import Database
    from storage.repos.agreements import AgreementRecord
    from storage.uow import UnitOfWork


class StoredAgreements:
    """Simulates under the policy of the day and reads what is kept."""

    def __init__(self, database: Database, settings: Settings, law: Law, clock: Clock) -> None:
        self._database = database
        self._policies = policy.of_settings(settings)
        self._words = words.of_settings(settings)
        self._company = settings.empresa
        self._days = law.calendar
        self._clock = clock

    async def prospect(self, cuenta: str, debt: DebtView) -> ProspectView | None:
        """Return what the account could be offered for ``debt``; None when no policy holds today."""
        rules = self._rules()
        if rules is None:
            return None
        standing, today = await self._standing(cuenta, debt, rules), self._today()
        rule = obstacle(rules, standing)
        found = () if rule else choices(rules, standing, today=today, days=self._days)
        profile = profile_of(rules, standing.uso, standing.estrato)
        return ProspectView(
            puede=bool(found),
            motivo=rule.texto if rule else "",
            salida=rule.salida if rule else "" if found else "pagar",
            deuda=standing.deuda,
            en_reclamo=standing.en_reclamo,
            inicial=found[0].inicial if found else 0,
            tasa=percent(profile.tasa_mensual_pct),
            opciones=tuple(_choice(one) for one in found),
            mas=most_for(rules, standing, today=today, days=self._days) if found else 0,
            de_asesor=rules.cuotas.asesor,
            dias=rules.dias_de_pago,
            arriendo_personal=rules.arrendatario.plan_personal,
        )

    async def offer(
        self, cuenta: str, debt: DebtView, cuotas: int, *, dia: int | None, firma: str, autorizado: bool, cuidado: bool
    ) -> OfferView | PlanRefusal:
        """Return the terms of ``cuotas`` instalments with the whole text, or why not."""
        rules = self._rules()
        if rules is None:
            return "imposible"
        standing = await self._standing(cuenta, debt, rules)
        day = dia if dia in rules.dias_de_pago else None
        found = simulate(rules, standing, cuotas, today=self._today(), days=self._days, day=day)
        if not isinstance(found, Offer):
            return found
        owed = Owed.of(debt, self._today())
        signer: Signer = "arrendatario" if firma == "usuario" else "titular"
        text = compose(
            found,
            cuenta=cuenta,
            signer=signer,
            is_authorised=autorizado,
            is_protected=cuidado,
            policy=rules,
            words=self._words,
            company=self._company,
        )
        return OfferView(
            cuotas=cuotas,
            valor=found.cuotas[0].valor,
            ultima=found.cuotas[-1].valor,
            inicial=found.inicial,
            primera_on=found.fechas[0].isoformat(),
            interes=found.interes,
            total=found.total,
            terminos=found.terms(),
            debe={"total": owed.total, "vencidas": owed.overdue, "dias": owed.days},
            texto=text,
            facturas=tuple(bill.clave for bill in debt.bills),
        )

    async def for_purse(self, cuenta: str, debt: DebtView, al_mes: int) -> int | PlanRefusal:
        """Return the fewest instalments of at most ``al_mes`` pesos, or why there are none."""
        rules = self._rules()
        standing = await self._standing(cuenta, debt, rules) if rules else None
        found = for_purse(rules, standing, al_mes) if rules and standing else None
        return "imposible" if found is None else found

    async def of_account(self, cuenta: str) -> AgreementView | None:
        """Return the agreement of the account that is open, else its newest, else None."""
        today = self._today()

        def look(uow: UnitOfWork) -> AgreementView | None:
            record = uow.agreements.open_of(cuenta) or next(iter(uow.agreements.of_account(cuenta)), None)
            return None if record is None else _view(uow, record, today)

        return await self._database.read(look)

    async def financed(self, cuenta: str, debt: DebtView) -> FinancedView | None:
        """Return what of ``debt`` an agreement that runs pays by instalments; None when none runs."""
        today = self._today()

        def look(uow: UnitOfWork) -> FinancedView | None:
            record = financed.running_of(uow, cuenta)
            if record is None:
                return None
            return FinancedView(
                acuerdo=_view(uow, record, today),
                valor=financed.amount_of(uow, record, debt),
                facturas=financed.keys_of(record, debt),
            )

        return await self._database.read(look)

    async def _standing(self, cuenta: str, debt: DebtView, rules: Policy) -> Standing:
        now = self._clock.now()
        owed = Owed.of(debt, local_date(now))
        return await self._database.read(lambda uow: standing_of(uow, cuenta, owed, policy=rules, now=now))

    def _rules(self) -> Policy | None:
        return policy.on(self._policies, self._today())

    def _today(self) -> date:
        return local_date(self._clock.now())


def _choice(offer: Offer) -> ChoiceView:
    return ChoiceView(
        cuotas=len(offer.cuotas), valor=offer.cuotas[0].valor, ultima=offer.cuotas[-1].valor, interes=offer.interes
    )


def _view(uow: UnitOfWork, record: AgreementRecord, today: date) -> AgreementView:
    parts = uow.agreements.parts(record.id)
    is_running = record.estado in lifecycle.RUNNING
    coming = next((part for part in parts if part.pagada_on is None), None) if is_running else None
    return AgreementView(
        id=record.id,
        numero=record.numero,
        estado=record.estado,
        cuotas=record.cuotas,
        base=record.base,
        pagado=sum(part.pagado for part in parts),
        saldo=lifecycle.balance(parts),
        mora=days_clock.mora_of(record, parts[1:], today) if is_running else 0,
        motivo=lifecycle.reason_of(uow, record),
        solicitado_at=record.solicitado_at.isoformat(),
        proxima=coming.numero if coming else None,
        proxima_valor=coming.falta if coming else 0,
        proxima_on=coming.vence_on.isoformat() if coming and coming.vence_on else "",
        atrasadas=len(days_clock.overdue(parts[1:], today)) if is_running else 0,
    )
