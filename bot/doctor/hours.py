"""The clock of the machine: against those of the providers, and whether anything keeps it right."""

from __future__ import annotations

import ctypes
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot.doctor.findings import span

if TYPE_CHECKING:
    from bot.doctor.findings import Notes
    from bot.doctor.patient import Patient

_ODD_S, _WRONG_S = 5.0, 60.0
#: ``struct timex`` of Linux is smaller than this; asking with ``modes`` zero changes nothing and needs no rights.
_TIMEX_BYTES: Final = 512
_UNSYNCHRONISED: Final = 5


async def look_at_clock(patient: Patient, notes: Notes) -> None:
    """Compare our time with what the providers said; every deadline of the law is counted from it."""
    if patient.settings.now is not None:
        notes.warn(
            "hora", "el reloj de Atiende está movido a propósito", "quite now y ATIENDE_NOW antes de atender gente"
        )
    remedy = "active la hora por red: timedatectl set-ntp true"
    if not patient.drifts:
        notes.ok("hora", "no se comparó: ningún proveedor dijo la suya")
    for name, drift in sorted(patient.drifts.items()):
        ahead = "adelantado" if drift > 0 else "atrasado"
        if abs(drift) >= _ODD_S:
            text = f"el reloj está {ahead} {span(timedelta(seconds=drift))} frente al de {name}"
            (notes.fault if abs(drift) >= _WRONG_S else notes.warn)("hora", text, remedy)
        else:
            notes.ok("hora", f"igual a la de {name} (diferencia de menos de {_ODD_S:g} s)")
    if is_synchronised() is False:
        notes.warn("hora por red", "nadie corrige el reloj de esta máquina", remedy)


def is_synchronised() -> bool | None:
    """Ask the kernel whether something disciplines its clock (NTP); None where it does not say."""
    try:
        answer = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(_TIMEX_BYTES))
    except (AttributeError, OSError):
        return None
    return None if answer < 0 else answer != _UNSYNCHRONISED
