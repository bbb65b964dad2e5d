"""Works go from the plan to the word of neighbours, and only those of the sector have one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.community import interventions
from bot.community.errors import StepRefused
from bot.community.interventions import Word
from bot.community.standing import standing_of
from bot.identity import persons
from bot.kernel.ids import SequenceIds
from storage.errors import VersionConflict
from tests.community.conftest import NOW, lead, work


def say(uow, number, solved, *, role="vecino", who="c1", reason="sigue igual", at=NOW):
    word = Word(conversation_id=who, role=role, solved=solved, reason=reason)
    return interventions.confirm(uow, interventions.get(uow, number), word, at=at, enough=2)


def test_a_yes_of_a_leader_confirms_the_work(town):
    number = town.write_now(lambda uow: uow.interventions.add(work()))
    assert town.write_now(lambda uow: say(uow, number, True, role="lider")).estado == "CONFIRMADA"


def test_one_neighbour_does_not_confirm_and_enough_of_them_do(town):
    number = town.write_now(lambda uow: uow.interventions.add(work()))
    assert town.write_now(lambda uow: say(uow, number, True, who="c1")).estado == "TERMINADA"
    assert town.write_now(lambda uow: say(uow, number, True, who="c1")).estado == "TERMINADA"
    assert town.write_now(lambda uow: say(uow, number, True, who="c2")).estado == "CONFIRMADA"


def test_a_no_of_anybody_of_the_sector_returns_the_work_to_staff(town):
    number = town.write_now(lambda uow: uow.interventions.add(work()))
    town.write_now(lambda uow: say(uow, number, True, role="lider"))
    after = town.write_now(lambda uow: say(uow, number, False, who="c2"))

    assert after.estado == "NO_CONFORME"
    said = town.read_now(lambda uow: uow.interventions.said(number, 1))
    assert [(one.papel, one.resuelto, one.motivo) for one in said] == [
        ("lider", True, "sigue igual"),
        ("vecino", False, "sigue igual"),
    ]


def test_a_work_that_went_back_is_asked_about_again_from_nothing(town):
    number = town.write_now(lambda uow: uow.interventions.add(work()))
    town.write_now(lambda uow: say(uow, number, False))
    for state in ("EN_CURSO", "TERMINADA"):
        town.write_now(
            lambda uow, state=state: interventions.move(uow, interventions.get(uow, number), state, actor="ana", at=NOW)
        )
    again = town.read_now(lambda uow: interventions.get(uow, number))

    assert (again.ronda, again.estado) == (2, "TERMINADA")
    assert town.write_now(lambda uow: say(uow, number, True, role="reportante")).estado == "CONFIRMADA"


@pytest.mark.parametrize(
    ("solved", "role", "reason", "why"),
    [(False, "vecino", "  ", "reason"), (True, "", "", "people of the sector")],
)
def test_what_may_not_be_said_changes_nothing(town, solved, role, reason, why):
    number = town.write_now(lambda uow: uow.interventions.add(work()))
    with pytest.raises(StepRefused, match=why):
        town.write_now(lambda uow: say(uow, number, solved, role=role, reason=reason))
    assert town.read_now(lambda uow: uow.interventions.said(number, 1)) == []


def test_the_word_of_neighbours_is_not_taken_before_the_end_nor_a_month_after(town):
    planned = town.write_now(lambda uow: uow.interventions.add(work(estado="EN_CURSO", terminada_at=None)))
    ended = town.write_now(lambda uow: uow.interventions.add(work()))
    with pytest.raises(StepRefused, match="not waiting"):
        town.write_now(lambda uow: say(uow, planned, True))
    with pytest.raises(StepRefused, match="not waiting"):
        town.write_now(lambda uow: say(uow, ended, True, at=NOW + timedelta(days=31)))


def test_who_may_speak_is_a_leader_in_force_or_who_proved_an_account_there(town):
    town.write_now(lambda uow: lead(uow, "c_lider", ("s1",)))
    town.write_now(lambda uow: lead(uow, "c_vencido", ("s1",), days=-1))
    town.write_now(lambda uow: lead(uow, "c_otro", ("s2",)))
    town.write_now(lambda uow: persons.verify(uow, "c_vecina", "1000001", ids=SequenceIds(), now=NOW))

    def role(uow, who):
        return standing_of(uow, who, NOW).role(("s1",))

    roles = {
        who: town.read_now(lambda uow, who=who: role(uow, who))
        for who in ("c_lider", "c_vencido", "c_otro", "c_vecina", "c_nadie")
    }
    assert roles == {"c_lider": "lider", "c_vencido": "", "c_otro": "", "c_vecina": "vecino", "c_nadie": ""}


def test_a_state_that_does_not_follow_is_refused_with_those_that_do(town):
    number = town.write_now(lambda uow: uow.interventions.add(work(estado="PLANEADA", terminada_at=None)))
    with pytest.raises(StepRefused, match="EN_CURSO"):
        town.write_now(
            lambda uow: interventions.move(uow, interventions.get(uow, number), "CONFIRMADA", actor="ana", at=NOW)
        )


def test_two_who_change_a_work_at_once_do_not_overwrite_each_other(town):
    number = town.write_now(lambda uow: uow.interventions.add(work(estado="PLANEADA", terminada_at=None)))
    seen = town.read_now(lambda uow: interventions.get(uow, number))
    town.write_now(lambda uow: interventions.move(uow, seen, "EN_CURSO", actor="ana", at=NOW))
    with pytest.raises(VersionConflict):
        town.write_now(lambda uow: interventions.move(uow, seen, "CANCELADA", actor="luis", at=NOW))
    history = town.read_now(lambda uow: uow.interventions.events(number))
    assert [(one.estado, one.actor) for one in history] == [("PLANEADA", "ana"), ("EN_CURSO", "ana")]
