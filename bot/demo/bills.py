"""The invented bills of the demo: itemised, with readings and a history that charts and rules can be seen on."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from bot.demo.people import accounts
from storage.repos.customers import AccountRecord, BillRecord

#: The newest and the seven before it: six to compare with, and one to spare.
PERIODS = 8
# Invented prices in whole pesos; a real company loads its own bills.
_FIXED, _CUBIC_METRE, _SEWER_FIXED, _SEWER_METRE, _WASTE = 9_800, 2_150, 4_900, 1_480, 18_600
_BASIC_M3 = 13
_SUBSIDY = {1: 50, 2: 30, 3: 10}
_COMMERCIAL = 50
_DUE_AFTER = timedelta(days=16)


def bills(today: date) -> Iterator[BillRecord]:
    """Yield the last monthly bills of each account up to ``today``; the newest is unpaid, some owe two.

    In every fifteenth account the newest consumption is far above the usual; in every fortieth it was not read.
    """
    chance = random.Random(1842)  # noqa: S311  # invented people, the same in every installation
    months = _months(today)
    for number, (account, _) in enumerate(accounts()):
        usual = chance.randint(8, 24)
        reading = chance.randint(100, 900)
        for age in reversed(range(PERIODS)):
            used = max(3, usual + chance.randint(-3, 3))
            if age == 0 and number % 15 == 4:  # noqa: PLR2004  # a handful, spread out
                used = usual * 2 + chance.randint(2, 6)
            cause = "El medidor no se pudo leer" if age == 0 and number % 40 == 11 else ""  # noqa: PLR2004  # as above
            is_paid = age > (1 if number % 9 == 0 else 0)
            yield _bill(account, months[age], used, before=reading, cause=cause, is_paid=is_paid)
            reading += used


def _months(today: date) -> list[date]:
    found = [today.replace(day=1)]
    while len(found) < PERIODS:
        found.append((found[-1] - timedelta(days=1)).replace(day=1))
    return found


def _bill(account: AccountRecord, month: date, used: int, *, before: int, cause: str, is_paid: bool) -> BillRecord:
    until = month - timedelta(days=1)
    since = until.replace(day=1)
    issued = month + timedelta(days=4)
    lines = _lines(account, used)
    consumption: dict[str, Any] = {
        "cantidad": used,
        "unidad": "m3",
        "dias": (until - since).days + 1,
        "desde_on": since.isoformat(),
        "hasta_on": until.isoformat(),
        "causa": cause,
    }
    if not cause:
        consumption |= {"lectura_anterior": before, "lectura_actual": before + used}
    return BillRecord(
        cuenta=account.cuenta,
        servicio="agua",
        periodo=f"{month:%Y-%m}",
        emitida_on=issued,
        vence_on=issued + _DUE_AFTER,
        total=sum(value for _, value in lines),
        numero=f"F{month:%Y%m}{account.cuenta}",
        pagada=is_paid,
        pagada_on=issued + timedelta(days=13) if is_paid else None,
        detalle={
            "consumo": consumption,
            "lineas": [{"concepto": label, "valor": value} for label, value in lines],
        },
    )


def _lines(account: AccountRecord, used: int) -> list[tuple[str, int]]:
    basic, more = min(used, _BASIC_M3), max(0, used - _BASIC_M3)
    is_commercial = account.uso == "comercial"
    subsidised = _FIXED + basic * _CUBIC_METRE
    lines = [
        ("Acueducto, cargo fijo", _FIXED),
        (f"Acueducto, consumo básico ({basic} m³)", basic * _CUBIC_METRE),
    ]
    if more:
        lines.append((f"Acueducto, consumo adicional ({more} m³)", more * _CUBIC_METRE))
    lines += [
        ("Alcantarillado", _SEWER_FIXED + used * _SEWER_METRE),
        ("Aseo", _WASTE),
    ]
    if is_commercial:
        lines.append((f"Contribución, uso comercial ({_COMMERCIAL} %)", subsidised * _COMMERCIAL // 100))
    elif account.estrato in _SUBSIDY:
        percent = _SUBSIDY[account.estrato]
        lines.append((f"Subsidio, estrato {account.estrato} ({percent} %)", -(subsidised * percent // 100)))
    return lines
