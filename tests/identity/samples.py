"""Accounts with contacts, limits and one way to send and read a code."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.identity import codes
from bot.identity.limits import Limits
from bot.kernel.ids import RandomIds
from storage.repos.customers import AccountRecord
from storage.uow import UnitOfWork

NOW = datetime(2026, 3, 18, 15, 30, tzinfo=UTC)
LIMITS = Limits()
SENDERS = codes.Senders({"correo": "atencion@empresa.example", "sms": "Empresa"})
HOUSE, SHOP, SILENT = "1000001", "1000002", "1000003"


def account(cuenta: str, correo: str | None, telefono: str | None = None) -> AccountRecord:
    """Return an invented account with these contacts."""
    return AccountRecord(
        cuenta=cuenta,
        servicios=("agua",),
        titular="Persona de Prueba",
        direccion="CL 5 # 3-20",
        uso="residencial",
        barrio="La Esperanza",
        sector="s1",
        correo=correo,
        telefono=telefono,
    )


def plant(uow: UnitOfWork) -> None:
    """Write a house with both contacts, a shop with a mail and an account that nobody can be reached by."""
    people = [(HOUSE, "maria@casa.example", "+573000000067"), (SHOP, "tienda@casa.example", None), (SILENT, None, None)]
    uow.customers.add_accounts([(account(*each), None) for each in people])


@dataclass
class Post:
    """Sends codes and knows them, as the mailbox of the account does."""

    ids: RandomIds = field(default_factory=RandomIds)
    codes: list[str] = field(default_factory=list)

    def send(
        self,
        uow: UnitOfWork,
        talk: str,
        cuenta: str = HOUSE,
        *,
        medio: str = "correo",
        at: datetime = NOW,
        purpose: str = "cuenta",
    ) -> bool:
        """Have a code sent; return whether it was."""
        return codes.send(
            uow, talk, cuenta, purpose, medio,
            senders=SENDERS, limits=LIMITS, ids=self.ids, now=at, words=self._keep,
        )  # fmt: skip

    def _keep(self, code: str) -> str:
        self.codes.append(code)
        return f"Su código es {code}"


def answer(
    uow: UnitOfWork,
    talk: str,
    typed: str,
    cuenta: str = HOUSE,
    *,
    call: str = "",
    at: datetime = NOW,
    purpose: str = "cuenta",
) -> str:
    """Try a code as the person of the conversation ``talk``."""
    call = call or RandomIds().new("call")
    return codes.try_code(
        uow, talk, cuenta, purpose, typed, call=call, limits=LIMITS, ids=RandomIds(), now=at
    )  # fmt: skip


def prove(uow: UnitOfWork, talk: str, cuenta: str = HOUSE, *, at: datetime = NOW) -> None:
    """Let the person of ``talk`` prove the account."""
    post = Post()
    assert post.send(uow, talk, cuenta, at=at)
    assert answer(uow, talk, post.codes[-1], cuenta, at=at + timedelta(seconds=5)) == "bien"


def other_than(code: str) -> str:
    """Return six digits that are not ``code``."""
    return f"{(int(code) + 1) % 1_000_000:06d}"
