"""Tables of payment agreements: what was agreed, its instalments, its payments, its history and its proof."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Index, UniqueConstraint

from storage.rows.base import NEVER_AGAIN, Row, counted, day, moment, number, sealed, where, words, yes_no

#: An account has at most one agreement in one of these states.
OPEN = "estado in ('SOLICITADO', 'APROBADO', 'VIGENTE')"


class AgreementCounterRow(Row, table=True):
    """The last number given to an agreement in a year."""

    __tablename__ = "agreement_counters"

    year: int = number(key=True)
    last: int = number()


class AgreementRow(Row, table=True):
    """An agreement as it was asked for and what became of it; money in whole pesos, rates as decimal text.

    ``base`` is the undisputed debt (``inicial`` + ``capital``). The text that was accepted and what was told of the
    household are sealed.
    """

    __tablename__ = "agreements"
    __table_args__ = (
        UniqueConstraint("numero"),
        Index("uq_agreements_open", "cuenta", unique=True, **where(OPEN)),
        Index("ix_agreements_cuenta", "cuenta", "solicitado_at"),
        Index("ix_agreements_conversation_id", "conversation_id"),
        Index("ix_agreements_estado", "estado", "solicitado_at"),
    )

    id: str = words(key=True)
    numero: str = words()
    cuenta: str = words()
    conversation_id: str = words()
    estado: str = words()
    politica: str = words()
    perfil: str = words()
    quien: str = words()
    base: int = number()
    en_reclamo: int = number()
    inicial: int = number()
    capital: int = number()
    interes: int = number()
    cuotas: int = number()
    dia_pago: int = number()
    tasa_mensual_pct: str = words()
    mora_anual_pct: str = words()
    reacuerdo: bool = yes_no()
    automatico: bool = yes_no()
    texto: bytes = sealed()
    datos: bytes = sealed()
    solicitado_at: datetime = moment()
    decidido_at: datetime | None = moment(null=True)
    vigente_at: datetime | None = moment(null=True)
    terminado_at: datetime | None = moment(null=True)


class InstalmentRow(Row, table=True):
    """A part of an agreement and its date; number 0 is the initial payment, whose date comes with the approval."""

    __tablename__ = "agreement_instalments"
    __table_args__ = (Index("ix_agreement_instalments_due", "vence_on", **where("pagada_on is null")),)

    agreement_id: str = words(key=True, to="agreements.id")
    numero: int = number(key=True)
    vence_on: date | None = day(null=True)
    valor: int = number()
    capital: int = number()
    interes: int = number()
    saldo: int = number()
    pagado: int = number()
    pagada_on: date | None = day(null=True)
    incumplida_at: datetime | None = moment(null=True)


class AgreementPaymentRow(Row, table=True):
    """Money applied to an agreement, once per reference; append-only."""

    __tablename__ = "agreement_payments"
    __table_args__ = (UniqueConstraint("agreement_id", "ref"), NEVER_AGAIN)

    id: int = counted()
    agreement_id: str = words(to="agreements.id")
    ref: str = words()
    valor: int = number()
    pagado_on: date = day()
    actor: str = words()
    at: datetime = moment()


class AgreementEventRow(Row, table=True):
    """Something that happened to an agreement; append-only."""

    __tablename__ = "agreement_events"
    __table_args__ = (Index("ix_agreement_events_agreement_id", "agreement_id", "id"), NEVER_AGAIN)

    id: int = counted()
    agreement_id: str = words(to="agreements.id")
    at: datetime = moment()
    kind: str = words()
    actor: str = words()
    data: bytes = sealed()


class AcceptanceRow(Row, table=True):
    """The proof that a person accepted: which text, when, by which channel and message, with which code; append-only."""

    __tablename__ = "agreement_acceptances"
    __table_args__ = (UniqueConstraint("agreement_id"), NEVER_AGAIN)

    id: int = counted()
    agreement_id: str = words(to="agreements.id")
    text_sha256: str = words()
    palabra: str = words()
    otp_verificado: bool = yes_no()
    conversation_id: str = words()
    channel: str = words()
    inbox_key: str = words()
    at: datetime = moment()
