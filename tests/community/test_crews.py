"""Who knocks at the door: a badge and a sector, never a document, and guessing has a limit."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.community import crews
from storage.repos.crews import CrewRecord
from tests.community.conftest import NOW, work

TODAY = NOW.date()


@pytest.fixture
def street(town):
    def plant(uow):
        for code, name, changes in (
            ("AV014", "Jorge", {}),
            ("AV027", "Luisa", {"hasta_on": TODAY - timedelta(days=1)}),
            ("AV031", "Wilson", {"activo": False}),
        ):
            first = TODAY - timedelta(days=9)
            uow.crews.add(
                CrewRecord(codigo=code, nombre=name, oficio="fontanero", puede="trabajar", desde_on=first, **changes)
            )
        uow.interventions.add(
            work(
                estado="EN_CURSO",
                terminada_at=None,
                cuadrilla=["AV014", "AV027", "AV031"],
                ends_at=NOW + timedelta(hours=3),
            )
        )

    town.write_now(plant)
    return town


def check(street, said, sector="s1", origin="c1", at=NOW):
    return street.write_now(lambda uow: crews.check(uow, said, sector, origin=origin, now=at))


@pytest.mark.parametrize("said", ["AV014", "av-014", " Av 014 ", "Jorge", "se llama jorge"])
def test_who_is_sent_today_is_confirmed_with_the_first_name_only(street, said):
    found = check(street, said)
    assert (found.estado, found.nombre) == ("si", "Jorge")


@pytest.mark.parametrize(
    ("said", "sector", "estado"),
    [
        ("AV014", "s2", "otro_sector"),
        ("AV999", "s1", "no"),
        ("Gustavo", "s1", "no"),
        ("AV027", "s1", "no"),
        ("AV031", "s1", "no"),
        ("Jorge", "s2", "no"),
        ("1098765432", "s1", "documento"),
        ("1.098.765.432", "s1", "documento"),
    ],
)
def test_anything_else_tells_no_name(street, said, sector, estado):
    found = check(street, said, sector)
    assert (found.estado, found.nombre, found.puede) == (estado, "", "")


def test_a_badge_is_confirmed_on_its_days_only(street):
    assert check(street, "AV014", at=NOW + timedelta(days=2)).estado == "otro_sector"
    street.write_now(lambda uow: uow.crews.send(["AV014"], "s1", TODAY + timedelta(days=2)))
    assert check(street, "AV014", at=NOW + timedelta(days=2)).estado == "si"


def test_guessing_badges_is_stopped_for_who_guesses_alone(street):
    answers = [check(street, f"AV9{number:02d}").estado for number in range(crews.TRIES + 1)]

    assert answers == ["no"] * crews.TRIES + ["bloqueado"]
    assert check(street, "AV014").estado == "bloqueado"
    assert check(street, "AV014", origin="c2").estado == "si"
    assert check(street, "AV014", at=NOW + timedelta(hours=2)).estado in {"si", "otro_sector"}


def test_a_report_of_an_impostor_waits_until_somebody_attends_it(street):
    number = street.write_now(
        lambda uow: uow.crews.report(
            conversation_id="c1", sector="s1", codigo=None, pide_dinero=True, relato="pidió plata", at=NOW
        )
    )
    assert [(one.id, one.relato) for one in street.read_now(lambda uow: uow.crews.reports())] == [
        (number, "pidió plata")
    ]
    assert street.write_now(lambda uow: uow.crews.attend(number, NOW, "ana"))
    assert not street.write_now(lambda uow: uow.crews.attend(number, NOW, "ana"))
    assert street.read_now(lambda uow: uow.crews.reports()) == []
