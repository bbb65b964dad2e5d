"""One-time codes: drawn, kept as a hash, and sent to a contact that the company already has (never into this chat)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from bot.channels.base import Address, Say
from bot.channels.wire import address_to_json, say_to_json
from bot.identity import persons
from bot.identity.contacts import Contact, contacts_of
from bot.identity.limits import count_wrong, is_closed, may_send
from storage.repos.outbox import NewOutbound

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from bot.identity.limits import Limits
    from bot.kernel.ids import Ids
    from storage.uow import UnitOfWork

#: Somebody is waiting for it with the chat open.
CODE_PRIORITY: Final = 0
_SHORT: Final = 24

Door = Literal["abierta", "no_encontrada", "sin_contacto", "bloqueada"]
Tried = Literal["bien", "mal", "vencido", "agotado", "bloqueada"]


@dataclass(frozen=True, slots=True)
class Senders:
    """The channels that can carry a code, each with our own side of it (``{"correo": "atencion@…"}``)."""

    accounts: Mapping[str, str]


def door(
    uow: UnitOfWork, conversation_id: str, cuenta: str, *, senders: Senders, limits: Limits, now: datetime
) -> tuple[Door, list[Contact]]:
    """Tell whether the account may be proved from here now, and where its codes would go."""
    if is_closed(uow, conversation_id, cuenta, limits, now):
        return "bloqueada", []
    account = uow.customers.account(cuenta)
    if account is None:
        return "no_encontrada", []
    contacts = contacts_of(account, senders.accounts)
    return ("abierta", contacts) if contacts else ("sin_contacto", [])


def send(  # noqa: PLR0913 - a code is bound to all of these
    uow: UnitOfWork,
    conversation_id: str,
    cuenta: str,
    purpose: str,
    medio: str,
    *,
    senders: Senders,
    limits: Limits,
    ids: Ids,
    now: datetime,
    words: Callable[[str], str],
) -> bool:
    """Draw a code and queue it for the contact; False when it may not be sent. ``words`` puts the code into a text."""
    state, contacts = door(uow, conversation_id, cuenta, senders=senders, limits=limits, now=now)
    contact = next((each for each in contacts if each.medio == medio), None)
    if state != "abierta" or contact is None or not may_send(uow, conversation_id, cuenta, limits, now):
        return False
    code = ids.digits(limits.digits)
    expires_at = now + limits.lives
    uow.codes.add(conversation_id, cuenta, purpose, code, medio=medio, at=now, expires_at=expires_at)
    address = Address(medio, senders.accounts[medio], contact.to)
    # A talk of its own: the code must never appear in the transcript of the chat that asked for it.
    apart = uow.keyring.blind(address.key, "codigos.destino")[:_SHORT]
    uow.outbox.add(
        [
            NewOutbound(
                key=ids.new("codigo"),
                conversation_id=f"k_{apart}",
                channel=medio,
                account=address.account,
                address=address_to_json(address),
                seq=0,
                kind="reply",
                payload=say_to_json(Say(words(code))),
                priority=CODE_PRIORITY,
                not_before=now,
                not_after=expires_at,
                created_at=now,
            )
        ]
    )
    return True


def try_code(  # noqa: PLR0913 - a code is bound to all of these
    uow: UnitOfWork,
    conversation_id: str,
    cuenta: str,
    purpose: str,
    typed: str,
    *,
    call: str,
    limits: Limits,
    ids: Ids,
    now: datetime,
) -> Tried:
    """Try what the person typed; a wrong one counts in the same transaction, so that many at once pass no limit.

    A right one for the purpose ``cuenta`` links the account at once, so that the errand of this very turn may tell what
    is the person's. For any other purpose whoever acts on it takes the proof with ``uow.codes.use``, once.
    """
    if is_closed(uow, conversation_id, cuenta, limits, now):
        return "bloqueada"
    digits = "".join(mark for mark in typed if mark.isdecimal())
    found = uow.codes.try_code(conversation_id, cuenta, purpose, digits, call=call, most=limits.code_tries, now=now)
    if found == "mal_ya_contado":
        return "mal"
    if found == "mal":
        count_wrong(uow, "codigo", conversation_id, cuenta, now)
        if is_closed(uow, conversation_id, cuenta, limits, now):
            return "bloqueada"
    if found == "bien" and purpose == persons.PURPOSE:
        persons.verify(uow, conversation_id, cuenta, ids=ids, now=now)
    return found
