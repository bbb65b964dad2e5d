"""What the books of the utility hold, by name, as the script counts them."""

from __future__ import annotations

from collections import Counter

from tests.day.world import Day

#: Name of the book → rows of (what, how many). The demo's own rows are taken off (see ``books``).
BOOKS = {
    "caso": "select tipo || ' ' || lower(estado), count(*) from cases group by 1",
    "anónimos": "select 'caso anónimo', count(*) from cases where anonimo",
    "permiso": "select topic || case when granted then ' sí' else ' no' end, count(*) from consents group by 1",
    "nota": "select mark, count(*) from ratings group by 1",
    "emergencia": "select kind, count(*) from emergencies group by 1",
    "fila": "select reason, count(*) from handoffs group by 1",
    "cuenta": "select 'vinculada', count(*) from person_accounts",
    "aviso": "select topic || ' ' || state, count(*) from subscriptions group by 1",
    "reporte": "select tipo, count(*) from reports group by 1",
    # Whoever confirms closes the report; whoever is asked of a work of the sector at the same time does not get to it.
    "estado": (
        "select 'reporte ' || case when estado in ('RESTABLECIDA', 'CERRADA') then 'arreglado' else lower(estado) end,"
        " count(*) from reports group by 1"
    ),
    "pregunta": "select flow || ' ' || state, count(*) from errands where flow = 'confirmar_regreso' group by 1",
    "sigue": "select 'corte', count(*) from outage_followers",
    "pago": "select case state when 'open' then 'por revisar' else state end, count(*) from payment_proofs group by 1",
    "acuerdo": "select lower(estado), count(*) from agreements group by 1",
    "disputa": "select case when closed_at is null then 'abierta' else 'cerrada' end, count(*) from disputes group by 1",
    "turno": "select case estado when 'activa' then 'reservado' else estado end, count(*) from agenda_bookings group by 1",
    "líder": "select lower(estado), count(*) from leaders group by 1",
    "sin respuesta": "select 'pregunta', count(*) from unanswered_questions",
}


async def books(day: Day) -> Counter[str]:
    """Return every book as ``name what`` → count; what is not there is not named."""
    found: Counter[str] = Counter()
    for name, sql in BOOKS.items():
        for what, number in (await day.count(sql)).items():
            if number:
                found[f"{name} {what}"] += number
    return found
