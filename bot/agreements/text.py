"""The text of an agreement as a person reads and accepts it; its hash is the proof."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from dialogs.filters import dinero, fecha

if TYPE_CHECKING:
    from bot.agreements.policy_model import Policy, Signer
    from bot.agreements.simulation import Offer
    from bot.agreements.words import AgreementWords
    from bot.kernel.config_company import Empresa


def compose(  # an agreement has these parts
    offer: Offer,
    *,
    cuenta: str,
    signer: Signer,
    is_authorised: bool,
    is_protected: bool,
    policy: Policy,
    words: AgreementWords,
    company: Empresa,
) -> str:
    """Return the whole text: parties, account, debt, dates, interest, default, warnings, copy."""
    values: dict[str, Any] = {
        "empresa": company.nombre,
        "nit": company.nit,
        "cuenta": cuenta,
        "base": dinero(offer.base),
        "en_reclamo": dinero(offer.en_reclamo),
        "inicial": dinero(offer.inicial),
        "dias_inicial": policy.dias_habiles_para_inicial,
        "cuotas": len(offer.cuotas),
        "dia": offer.dia_pago,
        "capital": dinero(offer.capital),
        "tasa": percent(offer.tasa_mensual_pct),
        "interes": dinero(offer.interes),
        "total": dinero(offer.total),
        "mora": percent(offer.mora_anual_pct),
        "incumplidas": policy.incumplidas,
        "norma": policy.norma,
    }
    as_tenant = words.firmantes.arrendatario_autorizado if is_authorised else words.firmantes.arrendatario
    lines = [
        words.titulo,
        words.partes,
        words.firmantes.titular if signer == "titular" else as_tenant,
        words.deuda,
        *([words.reclamo] if offer.en_reclamo else []),
        words.inicial if offer.inicial else words.sin_inicial,
        words.una_cuota if len(offer.cuotas) == 1 else words.cuotas,
        *(
            words.cuota.format(numero=one.numero, valor=dinero(one.valor), fecha=fecha(day))
            for one, day in zip(offer.cuotas, offer.fechas, strict=True)
        ),
        words.con_interes if offer.interes else words.sin_interes,
        words.mora,
        words.reconoce,
        words.incumple,
        words.suspension,
        words.nuevas,
        *([words.proteccion] if is_protected else []),
        words.copia,
        words.politica,
    ]
    return "\n".join(line.format_map(values) for line in lines)


def fingerprint(text: str) -> str:
    """Return the SHA-256 of a text, by which it can be shown that nobody changed it."""
    return hashlib.sha256(text.encode()).hexdigest()


def percent(value: Decimal | str) -> str:
    """Write a percentage as people do: ``0,5``."""
    plain = format(Decimal(value).normalize(), "f")
    return plain.replace(".", ",")
