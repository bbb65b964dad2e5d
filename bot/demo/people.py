"""The invented customers of the demo: the same three hundred in every installation."""

from __future__ import annotations

import random
from collections.abc import Iterator

from bot.demo.territory import MUNICIPIO, PLACES
from storage.repos.customers import AccountRecord

FIRST_ACCOUNT, ACCOUNTS = 1_000_001, 300
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
