"""How often one may be wrong: counted durably against the conversation and against the account."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from bot.kernel.config import Settings
    from storage.uow import UnitOfWork

_WRONG_ACCOUNT = "identidad.cuenta_errada"
_WRONG_CODE = "identidad.codigo_errado"
_HOUR = timedelta(hours=1)
#: Codes that may be sent for one account, by whoever asks, for each that one conversation may ask for.
_ACCOUNT_FACTOR = 2


@dataclass(frozen=True, slots=True)
class Limits:
    """Settings of verification.

    ``tries`` wrong accounts or codes close the door for ``closed``; a code lives ``lives``, takes ``code_tries``
    answers and is ``digits`` long; a conversation is sent ``codes_an_hour``.
    """

    tries: int = 5
    closed: timedelta = _HOUR
    lives: timedelta = timedelta(minutes=10)
    code_tries: int = 3
    codes_an_hour: int = 3
    digits: int = 6

    @classmethod
    def from_settings(cls, settings: Settings) -> Limits:
        """Return the limits that the block ``identidad`` of the settings asks for."""
        asked = settings.identidad
        return cls(
            tries=asked.intentos,
            closed=timedelta(minutes=asked.bloqueo_minutos),
            lives=timedelta(minutes=asked.codigo_minutos),
            code_tries=asked.intentos_codigo,
            codes_an_hour=asked.codigos_por_hora,
        )


def count_wrong(
    uow: UnitOfWork, kind: Literal["cuenta", "codigo"], conversation_id: str, cuenta: str, now: datetime
) -> None:
    """Count a wrong account or a wrong code; a code counts against the account too, an invented number has none."""
    uow.attempts.add(_of_conversation(conversation_id), now)
    uow.attempts.add(f"{_WRONG_CODE if kind == 'codigo' else _WRONG_ACCOUNT}:{cuenta}", now)


def is_closed(uow: UnitOfWork, conversation_id: str, cuenta: str, limits: Limits, now: datetime) -> bool:
    """Tell whether the conversation, or the account from anywhere, has been wrong too often to go on now."""
    since = now - limits.closed
    if uow.attempts.count_since(_of_conversation(conversation_id), since) >= limits.tries:
        return True
    return bool(cuenta) and uow.attempts.count_since(f"{_WRONG_CODE}:{cuenta}", since) >= limits.tries


def may_send(uow: UnitOfWork, conversation_id: str, cuenta: str, limits: Limits, now: datetime) -> bool:
    """Tell whether one more code may be sent: nobody fills another's mailbox by asking."""
    mine, everybody = uow.codes.sent_since(conversation_id, cuenta, now - _HOUR)
    return mine < limits.codes_an_hour and everybody < limits.codes_an_hour * _ACCOUNT_FACTOR


def _of_conversation(conversation_id: str) -> str:
    return f"identidad.conversacion:{hashlib.sha256(conversation_id.encode()).hexdigest()[:40]}"
