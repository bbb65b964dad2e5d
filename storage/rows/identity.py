"""Tables of who writes: persons, the conversations and accounts that are theirs, and the codes that prove it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index

from storage.rows.base import NEVER_AGAIN, Row, counted, moment, number, sealed, where, words, yes_no


class PersonRow(Row, table=True):
    """One human being, known by what was proved; the name is sealed, the document is a blind index only."""

    __tablename__ = "persons"
    __table_args__ = (Index("ix_persons_documento", "documento_index"),)

    id: str = words(key=True)
    nombre: bytes | None = sealed(null=True)
    documento_index: str | None = words(null=True)
    created_at: datetime = moment()
    updated_at: datetime = moment()


class PersonLinkRow(Row, table=True):
    """That a conversation is of a person: one person in each, several conversations for one person."""

    __tablename__ = "person_links"
    __table_args__ = (Index("ix_person_links_person_id", "person_id"),)

    conversation_id: str = words(key=True)
    person_id: str = words(to="persons.id")
    linked_at: datetime = moment()


class PersonAccountRow(Row, table=True):
    """An account that a person linked; ``verified`` when a code of the account's own contact was answered.

    ``relacion`` is what the person says to be (titular, usuario, autorizado, sin_decir); ``apodo`` the person's own
    word for it («la casa»), sealed.
    """

    __tablename__ = "person_accounts"
    __table_args__ = (Index("ix_person_accounts_cuenta", "cuenta"),)

    person_id: str = words(key=True, to="persons.id")
    cuenta: str = words(key=True)
    relacion: str = words()
    apodo: bytes | None = sealed(null=True)
    verified: bool = yes_no()
    linked_at: datetime = moment()
    verified_at: datetime | None = moment(null=True)


class OneTimeCodeRow(Row, table=True):
    """A code that was sent to prove something about an account in one conversation; only its keyed hash is kept.

    ``state``: open, right (answered, not yet used), used, over (replaced, or too many tries). ``last_call`` makes a
    repeated turn harmless: the same call is counted once.
    """

    __tablename__ = "one_time_codes"
    __table_args__ = (
        Index(
            "uq_one_time_codes_live",
            "conversation_id",
            "cuenta",
            "purpose",
            unique=True,
            **where("state in ('open', 'right')"),
        ),
        Index("ix_one_time_codes_cuenta", "cuenta", "at"),
        Index("ix_one_time_codes_at", "at"),
        NEVER_AGAIN,
    )

    id: int = counted()
    conversation_id: str = words()
    cuenta: str = words()
    purpose: str = words()
    medio: str = words()
    code_hash: str = words()
    at: datetime = moment()
    expires_at: datetime = moment()
    tries: int = number()
    state: str = words()
    last_call: str | None = words(null=True)
