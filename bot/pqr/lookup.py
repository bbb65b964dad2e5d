"""Opening a case by radicado and code: a public number identifies, only the code proves (quality bar, §2.3)."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, Literal

from bot.pqr import code
from bot.pqr.radicado import bare

if TYPE_CHECKING:
    from storage.repos.cases import CaseRecord
    from storage.uow import UnitOfWork

#: Wrong tries allowed in ``WINDOW``, for each radicado and for each origin.
TRIES: Final = 5
WINDOW: Final = timedelta(hours=1)
_LONGEST_KEY: Final = 40
_CALL: Final = "codigo.llamada:"
_SEALED_VALUES: Final = 3
#: Compared against when there is no such case, so that the work is the same.
_NOBODY: Final = "0" * 64


def try_keys(radicado: str, origin: str) -> tuple[str, str]:
    """Return the keys under which a wrong try is counted: the radicado, however it was typed, and its origin."""
    who = hashlib.sha256(origin.encode("utf-8", "surrogatepass")).hexdigest()[:_LONGEST_KEY]
    return f"codigo.radicado:{bare(radicado)[:_LONGEST_KEY]}", f"codigo.origen:{who}"


def open_with_code(
    uow: UnitOfWork, radicado: str, typed_code: str, *, origin: str, now: datetime
) -> CaseRecord | Literal["no", "bloqueado"]:
    """Return the case, ``"no"`` when the radicado is unknown or the code is another, or ``"bloqueado"``.

    Unknown and wrong are the same answer after the same work. ``origin`` is who asks (a conversation). A radicado or
    an origin with five wrong tries in the last hour is closed, whether the radicado exists or not. It only reads: the
    caller counts a wrong try with ``count_wrong``, or uses ``try_code``, which does both.
    """
    if any(uow.attempts.count_since(key, now - WINDOW) >= TRIES for key in try_keys(radicado, origin)):
        return "bloqueado"
    number = bare(radicado)
    record = uow.cases.by_radicado(number)
    if record is None:
        _open_nothing(uow)
    is_right = code.fits(uow.keyring, number, typed_code, (record and record.codigo_hash) or _NOBODY)
    return record if record and is_right else "no"


def try_code(
    uow: UnitOfWork, radicado: str, typed_code: str, *, origin: str, now: datetime, call: str = ""
) -> CaseRecord | Literal["no", "bloqueado"]:
    """Do as ``open_with_code`` and count a wrong try in the same transaction, so that many at once pass no limit.

    ``call`` names the try: when a turn is thought again because the conversation moved, its try is counted once.
    """
    found = open_with_code(uow, radicado, typed_code, origin=origin, now=now)
    if found == "no" and not (call and uow.attempts.count_since(f"{_CALL}{call}", now - WINDOW)):
        count_wrong(uow, radicado, origin, now)
        if call:
            uow.attempts.add(f"{_CALL}{call}", now)
    return found


def count_wrong(uow: UnitOfWork, radicado: str, origin: str, now: datetime) -> None:
    """Count a wrong try against the radicado and against its origin."""
    for key in try_keys(radicado, origin):
        uow.attempts.add(key, now)


def _open_nothing(uow: UnitOfWork) -> None:
    """Open as many sealed values as a case has, so that a number that does not exist takes as long as one that does."""
    sealed = uow.keyring.seal(b"{}", _NOBODY)
    for _ in range(_SEALED_VALUES):
        uow.keyring.open(sealed, _NOBODY)
