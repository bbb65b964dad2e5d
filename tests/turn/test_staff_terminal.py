"""What staff read in the terminal: where a danger is, what is new of it, and the end of a long talk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.bootstrap import open_database
from bot.cli import build
from bot.cli.handoffs import _as_said
from bot.kernel.clock import FrozenClock
from bot.turn import handoffs
from storage.db import Database
from storage.uow import UnitOfWork
from tests.support.settings import ROOT, make_settings

Read = Callable[..., str]


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Database]:
    database = open_database(make_settings(tmp_path), safe=False)
    database.upgrade()
    yield database
    database.close_now()


@pytest.fixture
def read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Read:
    monkeypatch.chdir(ROOT)
    environment = {"ATIENDE_MODE": "test", "ATIENDE_DATA_DIR": str(tmp_path), "COLUMNS": "300"}

    def run(*arguments: str, group: str = "handoffs") -> str:
        result = CliRunner().invoke(build(), [group, *arguments], env=environment)
        assert result.exit_code == 0, result.output
        return result.output

    return run


@pytest.mark.parametrize(
    ("place", "shown"),
    [
        ({}, "sin lugar"),
        ({"direccion": "Calle Inventada 7"}, "Calle Inventada 7"),
        ({"point": [4.2052, -75.3101]}, "ubicación enviada (4.2052, -75.3101)"),
        ({"direccion": "junto al parque", "point": [4.2, -75.3]}, "junto al parque (4.2, -75.3)"),
    ],
)
def test_staff_read_where_a_danger_is(
    kept: Database, clock: FrozenClock, read: Read, place: dict[str, object], shown: str
) -> None:
    def report(uow: UnitOfWork) -> None:
        one = uow.emergencies.add("c1", "gas", "huele a gas", clock.now())
        uow.emergencies.set_address(one.id, place)

    kept.write_now(report)
    assert f" {shown} " in read("list")


def test_staff_read_the_last_news_of_a_danger(kept: Database, clock: FrozenClock, read: Read) -> None:
    def report(uow: UnitOfWork) -> None:
        one = uow.emergencies.add("c1", "gas", "huele a gas", clock.now())
        uow.emergencies.set_address(one.id, {"novedades": ["ya salimos", "hay un herido"]})

    kept.write_now(report)
    listed = read("list")
    assert "huele a gas" in listed
    assert "Última novedad: hay un herido" in listed
    assert "ya salimos" not in listed


def test_staff_read_the_end_of_a_long_talk_and_where_a_pin_points(
    kept: Database, clock: FrozenClock, read: Read
) -> None:
    now = clock.now()
    address = {"channel": "terminal", "account": "prueba", "user": "persona-1"}

    def talk(uow: UnitOfWork) -> int:
        uow.conversations.create("c1", address, now)
        record = uow.conversations.load("c1")
        assert record is not None
        for number in range(1, 503):
            handoffs.say(
                uow, record, f"burbuja {number}.", now=now, key=f"k{number}", pull_channels=frozenset({"terminal"})
            )
        return uow.handoffs.open("c1", "asked", None, now).id

    shown = read("show", str(kept.write_now(talk)))
    assert "burbuja 502." in shown
    assert "burbuja 3." in shown
    assert "burbuja 2." not in shown


def test_a_link_that_opens_somebodys_page_is_shown_to_nobody_else():
    assert str(_as_said("Aquí: https://a.example/preferencias/abc.DEF-12 por 24 horas")) == (
        "Aquí: https://a.example/preferencias/… por 24 horas"
    )


def test_staff_read_that_an_answer_waits_until_the_person_writes(
    kept: Database, clock: FrozenClock, read: Read
) -> None:
    now = clock.now()
    address = {"channel": "whatsapp", "account": "prueba", "user": "CO.1"}

    def ask(uow: UnitOfWork) -> int:
        uow.conversations.create("c1", address, now)
        return uow.handoffs.open("c1", "asked", None, now).id

    def hold(uow: UnitOfWork) -> None:
        (row,) = uow.outbox.claim(
            channel="whatsapp", account="prueba", now=clock.now() + timedelta(days=400), lease_s=30, limit=5, worker="w"
        )
        assert uow.waiting.hold(row.id, row.fence, until=row.not_before + timedelta(days=7), now=clock.now())

    number = kept.write_now(ask)
    assert "recibe un botón" in read("reply", str(number), "Ya revisamos su medidor.", "--as", "ana")
    assert "espera a que" not in read("show", str(number))
    kept.write_now(hold)
    assert "Asesor (espera a que la persona escriba)" in read("show", str(number))
    assert "falta que la persona escriba" in read("list")
    listed = read("list", group="outbox")
    assert "waiting: 1" in listed
    assert "window:waiting" in listed
