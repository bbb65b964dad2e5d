"""Accounts and bills for tests of billing."""

from __future__ import annotations

from datetime import date
from typing import Any

from storage.repos.customers import AccountRecord, BillRecord

CUENTA = "1000001"


def account(cuenta: str = CUENTA, **changed: Any) -> AccountRecord:
    given: dict[str, Any] = {
        "cuenta": cuenta, "servicios": ["agua"], "titular": "Persona de Prueba", "direccion": "CL 5 # 3-20",
        "uso": "residencial", "estrato": 2,
    }  # fmt: skip
    return AccountRecord(**{**given, **changed})


def bill(periodo: str = "2026-10", **changed: Any) -> BillRecord:
    year, month = (int(part) for part in periodo.split("-"))
    given: dict[str, Any] = {
        "cuenta": CUENTA, "servicio": "agua", "periodo": periodo, "numero": f"F{periodo}", "total": 80_000,
        "emitida_on": date(year, month, 5), "vence_on": date(year, month, 21),
        "detalle": {
            "consumo": {"cantidad": 18, "unidad": "m3", "dias": 30, "lectura_anterior": 100, "lectura_actual": 118},
            "lineas": [{"concepto": "Cargo fijo", "valor": 12_000}, {"concepto": "Consumo", "valor": 68_000}],
        },
    }  # fmt: skip
    return BillRecord(**{**given, **changed})
