"""Every state that a thing may be in has its name for staff, and a step that is not possible is said with it."""

import pytest

from bot.agreements import lifecycle as agreements
from bot.community import commitments, interventions, leaders
from bot.kernel import steps
from bot.outages import states as outages
from bot.pqr import lifecycle as cases

EVERY = {
    "caso": set(cases.STATES),
    "reporte": set(outages.REPORT_WAYS),
    "corte": set(outages.OUTAGE_WAYS),
    "trabajo": set(interventions.STATES),
    "acuerdo": set(agreements.STATES),
    "registro": {leaders.REQUESTED, "VERIFICADO", "RECHAZADO", "VENCIDO"},
    "compromiso": {commitments.OPEN, commitments.DONE, commitments.VOID},
}


@pytest.mark.parametrize("thing", EVERY)
def test_every_state_has_its_name(thing):
    assert set(steps.load().estados[thing]) == EVERY[thing]


def test_a_wrong_step_says_where_it_is_and_where_it_may_go():
    with pytest.raises(cases.MoveRefused) as trouble:
        cases.check("ARCHIVADO", "DECIDIDO", "personal")
    assert str(trouble.value) == (
        "El caso está archivado (ARCHIVADO) y no puede pasar a decidido (DECIDIDO). Desde ahí ya no pasa a otro estado."
    )
    with pytest.raises(outages.NotThatWay, match="No hay un estado «ARREGLADA». Los del corte son: programado"):
        outages.check(outages.OUTAGE_WAYS, "EN_CURSO", "ARREGLADA")
