"""Tables of money that came in, of receipts that people sent, and of documents drawn on demand."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Index, UniqueConstraint

from storage.rows.base import NEVER_AGAIN, Row, counted, day, document, moment, number, sealed, where, words, yes_no


class PaymentRow(Row, table=True):
    """A payment that the company received, once by ``referencia``; ``aplicado`` is what found a bill. Whole pesos."""

    __tablename__ = "payments"
    __table_args__ = (
        UniqueConstraint("referencia"),
        Index("ix_payments_cuenta", "cuenta", "pagada_on"),
        NEVER_AGAIN,
    )

    id: int = counted()
    referencia: str = words()
    cuenta: str = words(to="accounts.cuenta")
    numero: str | None = words(null=True)
    pagada_on: date = day()
    valor: int = number()
    aplicado: int = number()
    lugar: str | None = words(null=True)
    at: datetime = moment()


class PaymentProofRow(Row, table=True):
    """A person's word that they paid, with their receipt: work for staff; ``state``: open, applied, refused."""

    __tablename__ = "payment_proofs"
    __table_args__ = (
        Index("ix_payment_proofs_open", "at", **where("state = 'open'")),
        Index("ix_payment_proofs_cuenta", "cuenta", "at"),
        Index("ix_payment_proofs_conversation_id", "conversation_id"),
        NEVER_AGAIN,
    )

    id: int = counted()
    conversation_id: str = words()
    cuenta: str = words()
    pagada_on: date = day()
    valor: int = number()
    lugar: bytes | None = sealed(null=True)
    files: list[str] = document()
    suspendida: bool = yes_no()
    state: str = words()
    at: datetime = moment()
    closed_at: datetime | None = moment(null=True)
    closed_by: str | None = words(null=True)
    nota: bytes | None = sealed(null=True)


class SuspensionRow(Row, table=True):
    """An order to suspend an account for non-payment and its end; one stands at most. ``deuda`` in whole pesos."""

    __tablename__ = "suspensions"
    __table_args__ = (Index("uq_suspensions_open", "cuenta", unique=True, **where("lifted_at is null")), NEVER_AGAIN)

    id: int = counted()
    cuenta: str = words(to="accounts.cuenta")
    deuda: int = number()
    avisada_on: date = day()
    ordered_at: datetime = moment()
    ordered_by: str = words()
    revision: bytes | None = sealed(null=True)
    lifted_at: datetime | None = moment(null=True)
    lifted_by: str | None = words(null=True)
    lifted_reason: str | None = words(null=True)


class PaperRow(Row, table=True):
    """What a document that was offered in a talk says, so that it can be drawn whenever it is fetched."""

    __tablename__ = "papers"
    __table_args__ = (Index("ix_papers_at", "at"),)

    id: str = words(key=True)
    kind: str = words()
    conversation_id: str = words()
    content: bytes = sealed()
    at: datetime = moment()


class ImportRow(Row, table=True):
    """How far the import of a file came, by the hash of its content, so that it can go on where it stopped."""

    __tablename__ = "imports"

    id: str = words(key=True)
    kind: str = words()
    lines: int = number()
    taken: int = number()
    refused: int = number()
    done: bool = yes_no()
    at: datetime = moment()
