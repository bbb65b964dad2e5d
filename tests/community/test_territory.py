"""Figures of a sector tell of nobody; a point is in a sector or in none; promises are judged by who speaks for it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.community import commitments, territory
from bot.community.errors import StepRefused
from bot.community.places import sector_at
from bot.kernel.ids import SequenceIds
from bot.pqr import filing
from bot.pqr.law import Law
from bot.pqr.request import Filing
from storage.repos.commitments import CommitmentRecord
from storage.repos.customers import SectorRecord
from tests.community.conftest import NOW, SQUARE, lead, work
from tests.support.settings import make_settings


@pytest.mark.parametrize(("cases", "told"), [(0, None), (4, None), (5, 5), (6, 6)])
def test_a_count_of_fewer_than_five_is_not_told(town, tmp_path, cases, told):
    law = Law.from_settings(make_settings(tmp_path), today=NOW.date())
    ids = SequenceIds()

    def file(uow):
        for _ in range(cases):
            data = {"tipo": "queja", "relato": "no pasó el carro", "cuenta": "1000001", "cuenta_en_base": True}
            request = Filing.from_fact(data, conversation_id="c1", canal="terminal", recibido_at=NOW)
            filing.file(uow, request, now=NOW, ids=ids, law=law)

    town.write_now(file)
    known = town.read_now(lambda uow: territory.figures(uow, "s1", NOW, least=5))
    other = town.read_now(lambda uow: territory.figures(uow, "s2", NOW, least=1))

    assert known.solicitudes == told
    assert known.dias_respuesta is None
    assert other.solicitudes is None


def test_works_are_public_and_counted_as_they_are(town):
    town.write_now(lambda uow: uow.interventions.add(work(estado="PLANEADA", ends_at=NOW + timedelta(days=1))))
    assert town.read_now(lambda uow: territory.figures(uow, "s1", NOW, least=5)).obras == 1


def test_a_point_lies_in_its_sector_in_a_hole_of_none_and_the_sea_is_no_sector():
    ring = SQUARE["coordinates"][0]
    hole = [[-75.296, 4.204], [-75.294, 4.204], [-75.294, 4.206], [-75.296, 4.206], [-75.296, 4.204]]
    whole = SectorRecord("s1", "La Esperanza", "Valle Verde", SQUARE)
    holed = SectorRecord("s2", "Con hueco", "Valle Verde", {"type": "MultiPolygon", "coordinates": [[ring, hole]]})

    assert sector_at([whole], 4.205, -75.295) is whole
    assert sector_at([holed], 4.205, -75.295) is None
    assert sector_at([holed], 4.202, -75.295) is holed
    assert sector_at([whole, holed], 11.25, -74.9) is None


def promise():
    return CommitmentRecord(
        id=0, que="Podar el parque", sector="s1", responsable="el área de aseo", acordado_on=date(2026, 3, 1),
        vence_on=date(2026, 3, 30), estado="ABIERTO", autor="ana", created_at=NOW, updated_at=NOW,
    )  # fmt: skip


def test_a_promise_is_kept_with_evidence_and_judged_by_a_leader_of_its_sector(town):
    number = town.write_now(lambda uow: uow.commitments.add(promise()))
    town.write_now(lambda uow: lead(uow, "c_lider", ("s1",)))
    town.write_now(lambda uow: lead(uow, "c_otro", ("s2",)))
    with pytest.raises(StepRefused, match="seen"):
        town.write_now(lambda uow: commitments.fulfil(uow, number, " ", actor="ana", at=NOW))
    town.write_now(lambda uow: commitments.fulfil(uow, number, "acta", actor="ana", at=NOW))

    assert not town.write_now(lambda uow: commitments.judge(uow, number, ["c_otro"], content=True, now=NOW))
    assert town.write_now(lambda uow: commitments.judge(uow, number, ["c_lider"], content=False, now=NOW))
    again = town.read_now(lambda uow: commitments.get(uow, number))
    assert (again.estado, again.conforme) == ("ABIERTO", False)
    assert not town.write_now(lambda uow: commitments.judge(uow, number, ["c_lider"], content=True, now=NOW))
