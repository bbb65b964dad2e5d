"""Values with which the wording of payment agreements is rendered, several where it branches on them."""

from datetime import date
from typing import Any

from bot.agreements import policy, words
from bot.agreements.eligibility import Standing
from bot.agreements.simulation import Offer, simulate
from bot.agreements.text import compose
from bot.kernel.config import load_settings
from bot.pqr.calendar import Calendar
from tests.support.settings import ROOT

_TODAY = date(2026, 3, 18)
_RULES = policy.on(policy.load(), _TODAY)


def _text() -> str:
    standing = Standing(
        deuda_total=5_400_000, en_reclamo=120_000, facturas_vencidas=2, dias_vencida=45, uso="comercial"
    )
    assert _RULES
    offer = simulate(_RULES, standing, 12, today=_TODAY, days=Calendar())
    assert isinstance(offer, Offer)
    return compose(
        offer,
        cuenta="1000001",
        signer="arrendatario",
        is_authorised=False,
        is_protected=True,
        policy=_RULES,
        words=words.load(),
        company=load_settings(ROOT / "config.yaml", env={}).empresa,
    )


_PLAN = {
    "puede": True,
    "motivo": "",
    "salida": "",
    "deuda": 480_000,
    "en_reclamo": 0,
    "inicial": 96_000,
    "tasa": "0",
    "opciones": [{"cuotas": count, "valor": 384_000 // count, "ultima": 384_000 // count} for count in (1, 3, 6, 12)],
    "mas": 12,
    "de_asesor": 24,
    "dias": [5, 20],
}
_OFFER = {"cuotas": 12, "valor": 32_000, "ultima": 32_000, "inicial": 96_000, "primera_on": "2026-12-21"}
_AGREEMENT = {
    "id": "agr_1",
    "numero": "AP-2026-000001",
    "estado": "VIGENTE",
    "cuotas": 12,
    "base": 480_000,
    "pagado": 128_000,
    "saldo": 352_000,
    "mora": 0,
    "motivo": "Falta la autorización del dueño.",
    "solicitado_at": "2026-11-20T10:00:00-05:00",
    "proxima": 2,
    "proxima_valor": 32_000,
    "proxima_on": "2026-12-21",
    "atrasadas": 0,
}
_TOLD = {
    "numero": "AP-2026-000001",
    "cuota": 2,
    "cuotas": 12,
    "valor": 32_000,
    "vence_on": "2026-12-21",
    "dias": 3,
    "limite": 2,
    "incumplidas": 2,
    "saldo": 352_000,
    "motivo": "Falta la autorización del dueño.",
}

AGREEMENT_VALUES: dict[str, list[Any]] = {
    "plan": [
        _PLAN,
        {**_PLAN, "en_reclamo": 120_000, "inicial": 0, "tasa": "1,9"},
        *({**_PLAN, "motivo": rule.texto} for rule in (_RULES.reglas if _RULES else ())),
    ],
    "plan_estado": ["muchas", "pequenas", "imposible"],
    "oferta": [_OFFER, {**_OFFER, "cuotas": 1, "inicial": 0}, {**_OFFER, "ultima": 32_150}],
    "quien_firma": ["titular", "usuario", "autorizado"],
    "acuerdo_texto": [_text()],
    "acuerdo_resultado": ["aprobado", "solicitado", "ya_hay", "cambio", "sin_codigo"],
    "acuerdo_numero": ["AP-2026-000001"],
    "acuerdo_retirado": [True, False],
    "acuerdo_inicial_on": ["2026-11-30"],
    "acuerdo": [
        _AGREEMENT,
        {**_AGREEMENT, "proxima": 0},
        {**_AGREEMENT, "atrasadas": 1, "mora": 947},
        {**_AGREEMENT, "atrasadas": 2, "mora": 1_263},
        *(
            {**_AGREEMENT, "estado": state}
            for state in ("SOLICITADO", "RECHAZADO", "CUMPLIDO", "INCUMPLIDO", "ANULADO")
        ),
    ],
    "acuerdo_aviso": [
        _TOLD,
        {**_TOLD, "cuota": 0, "dias": 0},
        {**_TOLD, "dias": 1, "valor": 0},
    ],
}
