"""The invented customers of the demo: the same three hundred in every installation."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta

from bot.demo.territory import MUNICIPIO, PLACES
from storage.repos.customers import AccountRecord, BillRecord

FIRST_ACCOUNT, ACCOUNTS, PERIODS = 1_000_001, 300, 6
_GIVEN = (
    "Amparo", "Benito", "Carmenza", "Delio", "Eulalia", "Fermín", "Graciela", "Hernando", "Inés", "Jairo", "Ligia",
    "Manuel", "Nubia", "Octavio", "Pureza", "Ramiro", "Socorro", "Tulio", "Ulda", "Vidal",
)  # fmt: skip
_FAMILY = (
    "Arbolada", "Brisas", "Cañaveral", "Delmonte", "Esteros", "Florida", "Guadual", "Huertas", "Islas", "Jardines",
    "Lomas", "Manantial", "Nevado", "Olivares", "Piedrahonda", "Quebrada", "Riachuelo", "Sabanas", "Tierradentro",
    "Valleverde",
)  # fmt: skip
_SERVICES = ("agua", "alcantarillado", "aseo")
_BASE_PRICE, _STEP_PRICE = 38_000, 100


def accounts() -> Iterator[tuple[AccountRecord, str]]:
    """Yield each account with the (invented) identity document of its holder."""
    chance = random.Random(2026)  # noqa: S311  # invented people, the same in every installation
    for number in range(ACCOUNTS):
        place = PLACES[number % len(PLACES)]
        via = chance.choice(place.vias)
        yield (
            AccountRecord(
                cuenta=str(FIRST_ACCOUNT + number),
                servicios=_SERVICES,
                titular=f"{chance.choice(_GIVEN)} {chance.choice(_FAMILY)} {chance.choice(_FAMILY)}",
                direccion=f"{via} # {chance.randint(1, 30)}-{chance.randint(1, 99):02d}",
                uso="comercial" if number % 25 == 0 else "residencial",
                barrio=place.nombre,
                municipio=MUNICIPIO,
                sector=place.id,
                estrato=place.estrato,
                estado="suspendida" if number % 60 == 7 else "activa",  # noqa: PLR2004  # a handful, spread out
                correo=None if number % 10 == 9 else f"cliente{FIRST_ACCOUNT + number}@correo.example",  # noqa: PLR2004  # some have none
                telefono=f"+57300000{number:04d}" if number % 3 == 1 else None,
            ),
            str(10_000_001 + number * 37),
        )


def bills(today: date) -> Iterator[BillRecord]:
    """Yield the last six monthly bills of each account up to ``today``; the last one is unpaid, some owe two."""
    chance = random.Random(1842)  # noqa: S311  # as above
    first_of_month = today.replace(day=1)
    months = [first_of_month]
    for _ in range(PERIODS - 1):
        months.append((months[-1] - timedelta(days=1)).replace(day=1))
    for number in range(ACCOUNTS):
        usual = _BASE_PRICE + chance.randrange(0, 400) * _STEP_PRICE
        for age, month in enumerate(months):
            total = usual + chance.randrange(-30, 60) * _STEP_PRICE
            is_paid = age > (1 if number % 9 == 0 else 0)
            due = month + timedelta(days=20)
            yield BillRecord(
                cuenta=str(FIRST_ACCOUNT + number),
                servicio="agua",
                periodo=f"{month:%Y-%m}",
                emitida_on=month + timedelta(days=4),
                vence_on=due,
                total=total,
                numero=f"F{month:%Y%m}{FIRST_ACCOUNT + number}",
                pagada=is_paid,
                pagada_on=due - timedelta(days=3) if is_paid else None,
                detalle={"metros_cubicos": max(4, total // 3_000), "consumo": total - 12_000, "fijo": 12_000},
            )
