"""Leaders speak for their sectors between their dates, and staff decide."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.community import leaders
from bot.community.errors import NoSuchThing, StepRefused
from tests.community.conftest import NOW, lead

TODAY = date(2026, 3, 18)


def request(uow, rol="vocal_control", conversation_id="c1", sectors=("s1",)):
    return uow.leaders.request(
        conversation_id=conversation_id,
        rol=rol,
        persona={"nombre": "Persona de Prueba", "documento": "52345678"},
        sectores=sectors,
        anexos=["file_1"],
        at=NOW,
    )


def test_a_request_is_kept_sealed_and_waits_for_staff(town):
    number = town.write_now(request)
    kept = town.read_now(lambda uow: uow.leaders.get(number))

    assert kept is not None
    assert (kept.estado, kept.sectores, kept.persona["documento"]) == ("SOLICITADO", ("s1",), "52345678")
    assert town.read_now(lambda uow: leaders.speaks_for(uow, ["c1"], TODAY)) == {}


def test_the_same_request_is_not_kept_twice_while_it_waits(town):
    assert town.write_now(request) is not None
    assert town.write_now(request) is None
    assert town.write_now(lambda uow: request(uow, rol="edil")) is not None


def test_a_verified_leader_speaks_from_the_first_day_to_the_last_both_included(town):
    number = town.write_now(request)
    town.write_now(
        lambda uow: leaders.verify(uow, number, since=TODAY, until=TODAY + timedelta(days=10), actor="ana", at=NOW)
    )
    spoken = {
        days: bool(town.read_now(lambda uow, days=days: leaders.speaks_for(uow, ["c1"], TODAY + timedelta(days=days))))
        for days in (-1, 0, 10, 11)
    }

    assert spoken == {-1: False, 0: True, 10: True, 11: False}


def test_a_role_is_verified_for_no_longer_than_the_law_gives_it(town):
    number = town.write_now(request)
    with pytest.raises(StepRefused, match="2 years at most"):
        town.write_now(
            lambda uow: leaders.verify(uow, number, since=TODAY, until=date(2028, 3, 19), actor="ana", at=NOW)
        )
    done = town.write_now(
        lambda uow: leaders.verify(uow, number, since=TODAY, until=date(2028, 3, 18), actor="ana", at=NOW)
    )
    assert done.estado == "VERIFICADO"


def test_a_veedor_has_no_longest_term(town):
    number = town.write_now(lambda uow: request(uow, rol="veedor"))
    done = town.write_now(
        lambda uow: leaders.verify(uow, number, since=TODAY, until=date(2040, 1, 1), actor="ana", at=NOW)
    )
    assert done.hasta_on == date(2040, 1, 1)


@pytest.mark.parametrize(
    ("since", "until", "why"),
    [
        (date(2026, 4, 1), date(2026, 3, 30), "comes before"),
        (date(2025, 1, 1), date(2026, 3, 17), "over already"),
    ],
)
def test_dates_that_cannot_be_are_refused(town, since, until, why):
    number = town.write_now(request)
    with pytest.raises(StepRefused, match=why):
        town.write_now(lambda uow: leaders.verify(uow, number, since=since, until=until, actor="ana", at=NOW))


def test_a_request_without_a_known_sector_cannot_be_verified(town):
    number = town.write_now(lambda uow: request(uow, sectors=()))
    with pytest.raises(StepRefused, match="no sector"):
        town.write_now(lambda uow: leaders.verify(uow, number, since=TODAY, until=TODAY, actor="ana", at=NOW))


def test_what_was_decided_is_not_decided_again(town):
    number = town.write_now(request)
    town.write_now(lambda uow: leaders.reject(uow, number, "falta el acta", actor="ana", at=NOW))
    with pytest.raises(StepRefused, match="RECHAZADO"):
        town.write_now(lambda uow: leaders.verify(uow, number, since=TODAY, until=TODAY, actor="ana", at=NOW))
    with pytest.raises(NoSuchThing):
        town.write_now(lambda uow: leaders.reject(uow, 999, "no", actor="ana", at=NOW))


def test_a_no_needs_its_reason(town):
    number = town.write_now(request)
    with pytest.raises(StepRefused):
        town.write_now(lambda uow: leaders.reject(uow, number, "  ", actor="ana", at=NOW))


def test_a_term_that_is_over_expires_once(town):
    town.write_now(lambda uow: lead(uow, days=2))
    later = NOW + timedelta(days=3)

    assert [one.conversation_id for one in town.write_now(lambda uow: leaders.expire(uow, later))] == ["c_lider"]
    assert town.write_now(lambda uow: leaders.expire(uow, later)) == []
    assert town.read_now(lambda uow: uow.leaders.get(1).estado) == "VENCIDO"
