"""One person, however many channels: made at the first proof, found again by account, contact and document.

Two people of one house answer codes that arrive at the same contact, so the contact alone proves the account and never
the person. Only whoever also gives the document that the other conversation gave is the same person (ADR 10).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime

    from bot.kernel.ids import Ids
    from storage.uow import UnitOfWork

RELATIONS: Final = ("titular", "usuario", "autorizado", "sin_decir")
PURPOSE: Final = "cuenta"


def person_for(uow: UnitOfWork, conversation_id: str, *, ids: Ids, now: datetime) -> str:
    """Return the person who writes in the conversation, beginning one when nobody is known there."""
    known = uow.people.person_of(conversation_id)
    if known is not None:
        return known
    fresh = ids.new("persona")
    uow.people.add(fresh, now)
    uow.people.link(conversation_id, fresh, now)
    return fresh


def verify(uow: UnitOfWork, conversation_id: str, cuenta: str, *, ids: Ids, now: datetime) -> None:
    """Link the account as proved; called by whoever has just seen its code answered rightly, and by nobody else."""
    person = person_for(uow, conversation_id, ids=ids, now=now)
    known = uow.people.account_of(person, cuenta)
    relacion = known.relacion if known else "sin_decir"
    uow.people.link_account(person, cuenta, now, relacion=relacion, verified=True)


def is_proved(uow: UnitOfWork, conversation_id: str, cuenta: str) -> bool:
    """Tell whether the person who writes in the conversation proved the account, and it is theirs still."""
    person = uow.people.person_of(conversation_id)
    account = uow.people.account_of(person, cuenta) if person else None
    return account is not None and account.verified


def describe(
    uow: UnitOfWork,
    conversation_id: str,
    cuenta: str,
    now: datetime,
    *,
    relacion: str | None = None,
    apodo: str | None = None,
) -> None:
    """Keep what an account of the person is to them, and their word for it; saying it proves nothing."""
    person = uow.people.person_of(conversation_id)
    known = uow.people.account_of(person, cuenta) if person else None
    if person is not None and known is not None:
        said = relacion if relacion in RELATIONS else known.relacion
        uow.people.link_account(person, cuenta, now, relacion=said, apodo=apodo, verified=False)
        if said == "titular" and known.verified:
            _call_by_account(uow, person, cuenta, now)


def first_name(uow: UnitOfWork, conversation_id: str) -> str:
    """Return what to call the person who writes here, or nothing while nobody is proved or named."""
    person = uow.people.person_of(conversation_id)
    record = uow.people.get(person) if person else None
    words = (record.nombre or "").split() if record else []
    return words[0].capitalize() if words else ""


def _call_by_account(uow: UnitOfWork, person: str, cuenta: str, now: datetime) -> None:
    """Take the holder's name from the account for a person who has not told one."""
    record, account = uow.people.get(person), uow.customers.account(cuenta)
    if record is not None and account is not None and not record.nombre and account.uso == "residencial":
        uow.people.know(person, now, nombre=account.titular)


def unlink(uow: UnitOfWork, conversation_id: str, cuenta: str) -> None:
    """Cut the account from the person who writes here; a proof under way is worth nothing any more."""
    person = uow.people.person_of(conversation_id)
    if person is not None:
        uow.people.unlink_account(person, cuenta)
    uow.codes.close(conversation_id, cuenta, PURPOSE)


def forget(uow: UnitOfWork, conversation_id: str) -> None:
    """Erase the person who writes here, with every link and every code of their conversations."""
    for each in uow.people.conversations_with(conversation_id):
        uow.codes.forget(each)
    person = uow.people.person_of(conversation_id)
    if person is not None:
        uow.people.forget(person)


def know(
    uow: UnitOfWork,
    conversation_id: str,
    cuenta: str,
    now: datetime,
    *,
    nombre: str | None = None,
    documento: str | None = None,
) -> bool:
    """Keep what a verified person tells of themselves; return whether another conversation turned out to be theirs.

    A document that differs from the one already known changes nothing: whoever writes here now is taken for nobody else.
    """
    person = uow.people.person_of(conversation_id)
    if person is None:
        return False
    record = uow.people.get(person)
    if record is None or (documento and record.has_document and not uow.people.has_document(person, documento)):
        return False
    uow.people.know(person, now, nombre=nombre, documento=documento)
    account = uow.people.account_of(person, cuenta)
    if not documento or account is None or not account.verified:
        return False
    # The elder stays, so that what was known under it keeps its name.
    elder, *others = sorted({person, *uow.people.same_person(cuenta, documento)}, key=lambda each: _age(uow, each))
    for each in others:
        uow.people.merge(each, elder)
    return bool(others)


def _age(uow: UnitOfWork, person_id: str) -> tuple[datetime, str]:
    record = uow.people.get(person_id)
    assert record is not None  # noqa: S101 - it was listed in this transaction
    return record.created_at, person_id
