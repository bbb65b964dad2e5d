"""Taking a request for an agreement back: only who made it, only before it is decided."""

from types import SimpleNamespace

import pytest

from bot.agreements import lifecycle
from bot.identity import persons
from bot.turn.effects import HANDLERS
from tests.agreements.conftest import NOW

CUENTA = "1000001"


@pytest.fixture
def withdraw(house):
    """Return a way to withdraw from a talk; ``c1`` and ``c2`` proved the account, each a person of their own."""
    for name in ("c1", "c2"):
        house.database.write_now(lambda uow, n=name: persons.verify(uow, n, CUENTA, ids=house.ids, now=NOW))

    def act(record, conversation_id="c1"):
        def write(uow):
            scene = SimpleNamespace(uow=uow, conversation_id=conversation_id, now=NOW)
            return HANDLERS["AgreementWithdrawn"](scene, {"acuerdo_id": record.id})

        return house.database.write_now(write)["acuerdo_retirado"]

    return act


def state(house, record):
    return house.database.read_now(lambda uow: uow.agreements.get(record.id)).estado


def test_who_asked_takes_it_back_and_the_history_says_who(house, withdraw):
    record = house.ask(is_automatic=False)
    assert withdraw(record)
    events = house.database.read_now(lambda uow: uow.agreements.events(record.id))
    assert (state(house, record), events[-1].actor) == ("ANULADO", "persona")
    assert not withdraw(record)


def test_somebody_else_of_the_house_takes_nothing_back(house, withdraw):
    record = house.ask(is_automatic=False)
    assert not withdraw(record, "c2")
    house.database.write_now(lambda uow: persons.unlink(uow, "c1", CUENTA))
    assert not withdraw(record)
    assert state(house, record) == "SOLICITADO"


def test_what_was_decided_is_not_taken_back(house, withdraw):
    record = house.ask(is_automatic=False)
    house.database.write_now(lambda uow: lifecycle.reject(uow, record, now=NOW, actor="ana", reason="x"))
    assert not withdraw(record)
    assert state(house, record) == "RECHAZADO"
