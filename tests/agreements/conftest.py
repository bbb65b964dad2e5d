"""An invented installation with an account that owes, and agreements made for it."""

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest

from bot.agreements import lifecycle, policy, words
from bot.agreements.eligibility import Standing
from bot.agreements.simulation import simulate
from bot.agreements.text import compose
from bot.kernel.config import load_settings
from bot.kernel.ids import SequenceIds
from bot.pqr.calendar import Calendar
from storage.db import Database
from tests.house.repository import ROOT

TODAY = date(2026, 3, 18)
NOW = datetime(2026, 3, 18, 15, 30, tzinfo=UTC)


@pytest.fixture(scope="session")
def company():
    return load_settings(ROOT / "config.yaml", {}).empresa


@pytest.fixture
def database(request, databases, keyring):
    """Yield a fresh database: SQLite, or the one that the test asks for."""
    with databases.url(getattr(request, "param", "sqlite")) as url:
        opened = Database.open(url, keyring, safe=False)
        yield opened
        opened.close_now()


@pytest.fixture
def house(database, company):
    """Return what agreements need: policy, words, calendar, and a way to ask for one."""
    rules, days, ids, say = policy.load(), Calendar(), SequenceIds(), words.load()
    now_policy = policy.on(rules, TODAY)

    def offer(count=3, debt=480_000, **changes):
        fields = {"en_reclamo": 0, "facturas_vencidas": 2, "dias_vencida": 45, "uso": "residencial", "estrato": 2}
        standing = Standing(deuda_total=debt, **(fields | changes))
        return simulate(now_policy, standing, count, today=TODAY, days=days)

    def written(terms, **changes):
        return compose(
            terms,
            cuenta="1000001",
            signer=changes.get("signer", "titular"),
            is_authorised=changes.get("is_authorised", False),
            is_protected=changes.get("is_protected", False),
            policy=now_policy,
            words=say,
            company=company,
        )

    def wanted(terms, **changes):
        fields = {
            "offer": terms,
            "cuenta": "1000001",
            "conversation_id": "c1",
            "channel": "terminal",
            "inbox_key": "1",
            "signer": "titular",
            "text": written(terms),
            "word": "ACEPTO",
            "otp_verified": True,
            "is_automatic": True,
        }
        return lifecycle.Request(**(fields | changes))

    def ask(now=NOW, **changes):
        terms = changes.pop("offer", None) or offer()
        return database.write_now(
            lambda uow: lifecycle.request(uow, wanted(terms, **changes), policy=now_policy, days=days, now=now, ids=ids)
        )

    return SimpleNamespace(
        database=database, policy=now_policy, days=days, ids=ids, words=say, company=company,
        offer=offer, written=written, wanted=wanted, ask=ask,
    )  # fmt: skip
