"""Values of the wording of bills and payments, as VALUES of ``tests.dialogs.plain`` wants them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_DEBT = {
    "total": 130_000, "en_reclamo": 0, "financiado": 0, "acuerdo": None, "por_pagar": 80_000, "otras": 0, "vencidas": 1, "suspendida": False,
    "reconexion_horas": 24, "al": "2026-11-23T10:30:00-05:00", "cuenta": "0001",
    "facturas": [
        {"servicio": "agua", "periodo": f"2026-{month}", "valor": 65_000, "vencida": month == 10,
         "vence_on": f"2026-{month}-21"}
        for month in (10, 11)
    ],
}  # fmt: skip
_EXPLAINED = {
    "servicio": "agua", "unidad": "m3", "periodo": "2026-11", "cantidad": "46", "total": 200_280, "dias": 61,
    "es_largo": True, "lectura_anterior": "549", "lectura_actual": "595", "causa": "", "regla": "umbral",
    "promedio": "21,8", "cambio": 111, "porcentaje": 65, "hasta": "36", "sentido": "alto", "periodos": 6,
}  # fmt: skip

BILL_VALUES: Mapping[str, list[Any]] = {
    "deuda": [
        _DEBT,
        {**_DEBT, "en_reclamo": 50_000, "otras": 2, "suspendida": True},
        {**_DEBT, "facturas": [], "total": 0},
        {
            **_DEBT,
            "financiado": 50_000,
            "acuerdo": {"numero": "AP-2026-000001", "cuota": 0, "valor": 9_000, "vence_on": "2026-11-27"},
        },
        {
            **_DEBT,
            "en_reclamo": 9_000,
            "financiado": 50_000,
            "acuerdo": {"numero": "AP-2026-000001", "cuota": 2, "valor": 9_000, "vence_on": "2026-12-21"},
        },
    ],
    "consumo_vista": [
        {"servicio": "agua", "unidad": "m3", "filas": [{"periodo": "2026-11", "cantidad": "18", "estimado": False}]},
        {
            "servicio": "energia",
            "unidad": "kWh",
            "filas": [{"periodo": "2026-11", "cantidad": "9,5", "estimado": True}],
        },
    ],
    "explicacion": [
        _EXPLAINED,
        {**_EXPLAINED, "sentido": "", "cambio": -3, "es_largo": False},
        {**_EXPLAINED, "sentido": "bajo", "cambio": None, "causa": "El medidor no se pudo leer", "servicio": "gas"},
        {
            **_EXPLAINED,
            "regla": "sin_historia",
            "sentido": "",
            "promedio": None,
            "hasta": None,
            "dias": None,
            "total": None,
            "lectura_actual": None,
            "servicio": "energia",
            "unidad": "kWh",
        },
    ],
    "servicio_explicado": ["agua", "energia", "gas", None],
    "factura_vista": [
        {"servicio": "agua", "periodo": "2026-11", "saldo": saldo, "vence_on": "2026-11-21", "acuerdo": agreement}
        for saldo, agreement in ((85_000, ""), (0, ""), (85_000, "AP-2026-000001"))
    ],
    "medios_pago": [
        [],
        [
            {"nombre": "Pago en línea", "detalle": "A cualquier hora", "url": "https://pagos.example"},
            {"nombre": "Caja", "detalle": "CL 10 # 5-20", "url": ""},
        ],
    ],
    "pago_numero": ["P000012"],
    "pago_motivo": ["el comprobante es de otra empresa."],
    "pago_dias": [2],
    "reconexion_horas": [24],
    "servicio_suspendido": [True, False],
    "comprobantes": [[{"file_id": "f1"}], None],
    "valor_pago": [85_000],
    "fecha_pago": ["2026-11-20"],
    "lugar_pago": ["En la oficina", None],
}
