"""Where a code may go: the contacts that the company already has of an account, shown under a mask."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from dialogs.filters import mascara_correo, mascara_telefono

if TYPE_CHECKING:
    from collections.abc import Collection

    from storage.repos.customers import AccountRecord

Medio = Literal["correo", "sms"]


@dataclass(frozen=True, slots=True)
class Contact:
    """One way to reach the holder: ``to`` is the whole address (never shown), ``mask`` what people see of it."""

    medio: Medio
    to: str
    mask: str


def contacts_of(account: AccountRecord, able: Collection[str]) -> list[Contact]:
    """Return the contacts of ``account`` on the channels that are switched on (``able``), the mail first."""
    found: list[Contact] = []
    if account.correo and "correo" in able:
        found.append(Contact("correo", account.correo, mascara_correo(account.correo)))
    if account.telefono and "sms" in able:
        found.append(Contact("sms", account.telefono, mascara_telefono(account.telefono)))
    return found
