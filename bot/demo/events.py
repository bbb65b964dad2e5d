"""What has happened in the demo utility: a few requests filed at its office and its present outages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

#: (days ago, what was filed), oldest first so that numbers follow the order of arrival.
REQUESTS: Sequence[tuple[int, Mapping[str, Any]]] = (
    (
        18,
        {
            "tipo": "reclamo",
            "servicio": "agua",
            "cuenta": "1000010",
            "cuenta_en_base": True,
            "relato": "El consumo de la factura es el doble del mes pasado y nadie estuvo en la casa.",
            "nombre": "Persona de Prueba Uno",
            "documento": "10000334",
            "autorizado": True,
            "notificacion": "correo",
            "correo": "uno@correo.example",
        },
    ),
    (
        9,
        {
            "tipo": "queja",
            "servicio": "aseo",
            "cuenta": "1000021",
            "cuenta_en_base": True,
            "relato": "El camión de la basura no pasa los jueves desde hace un mes.",
            "nombre": "Persona de Prueba Dos",
            "autorizado": True,
        },
    ),
    (
        2,
        {
            "tipo": "peticion",
            "servicio": "agua",
            "relato": "Necesito un certificado de disponibilidad del servicio para un lote.",
            "anonimo": True,
            "autorizado": False,
        },
    ),
)


@dataclass(frozen=True, slots=True)
class DemoOutage:
    """An outage relative to the moment of planting, in hours; no ``ends_in_h`` means that nobody knows yet."""

    servicio: str
    tipo: str
    estado: str
    zona: str
    sectores: tuple[str, ...]
    causa: str
    indicaciones: str
    alcance: str
    starts_in_h: float
    ends_in_h: float | None


OUTAGES = (
    DemoOutage(
        "agua", "no_programada", "EN_CURSO", "La Esperanza, calles 3 a 5", ("la_esperanza",),
        "se rompió un tubo de la red principal", "Guarde agua de la que tenga y no abra las llaves.",
        "unas 40 casas", -2, 5,
    ),
    DemoOutage(
        "agua", "programada", "AVISADA", "Los Almendros y Villa Verde", ("los_almendros", "villa_verde"),
        "lavado del tanque de distribución", "Recoja agua desde la noche anterior.", "todo el sector", 40, 46,
    ),
)  # fmt: skip
