"""Staff work the neighbourhood in the terminal, and what cannot be is refused with what can."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from bot.bootstrap import open_database
from bot.cli import build
from bot.demo import plant
from bot.kernel.config import load_settings
from tests.community.conftest import NOW
from tests.house.repository import ROOT


@pytest.fixture(scope="module")
def terminal(tmp_path_factory):
    """Run a command of the terminal in a demo utility planted once for all tests of this file."""
    variables = {
        "ATIENDE_CONFIG": str(ROOT / "config.yaml"),
        "ATIENDE_DATA_DIR": str(tmp_path_factory.mktemp("terminal")),
        "ATIENDE_MODE": "test",
        "ATIENDE_NOW": NOW.isoformat(),
        "COLUMNS": "200",
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in variables.items():
            patch.setenv(name, value)
        settings = load_settings()
        database = open_database(settings)
        database.upgrade()
        plant(database, now=NOW, settings=settings)
        database.close_now()

        def run(*words):
            result = CliRunner().invoke(build(), list(words))
            return result.exit_code, result.output if result.exception is None else f"{result.output}{result.exception}"

        yield run


def test_a_work_is_planned_moved_and_shown_with_its_history(terminal):
    code, said = terminal(
        "interventions", "plan", "--tipo", "obra", "--aspecto", "arreglo de la bomba", "--lugar", "CL 14",
        "--sector", "villa_verde", "--desde", "2026-03-25T08:00", "--hasta", "2026-03-25T12:00", "--as", "ana",
    )  # fmt: skip
    assert code == 0
    number = said.split()[1]
    assert (
        terminal("interventions", "move", number, "EN_CURSO", "--as", "ana")[1].strip()
        == f"{number}: PLANEADA → EN_CURSO."
    )
    shown = terminal("interventions", "show", number)[1]
    assert "arreglo de la bomba" in shown
    assert "Puede pasar a: TERMINADA, CANCELADA" in shown
    assert "arreglo de la bomba" in terminal("interventions", "list")[1]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (
            ("interventions", "move", "1", "CONFIRMADA", "--as", "ana"),
            "no puede pasar a confirmado por los vecinos (CONFIRMADA)",
        ),
        (("interventions", "show", "999"), "no intervention 999"),
        (("commitments", "fulfil", "3", "acta", "--as", "ana"), "Solo se puede cumplir cuando está abierto"),
        (("commitments", "add", "x", "--sector", "marte", "--responsable", "a", "--vence", "2026-04-01"), "no sector"),
        (("crews", "send", "centro", "ZZ1"), "no badge"),
        (("crews", "attend", "9", "--as", "ana"), "no open report"),
        (
            ("leaders", "verify", "1", "--desde", "2026-03-18", "--hasta", "2027-03-18", "--as", "ana"),
            "Solo se puede decidir cuando está solicitado",
        ),
        (("leaders", "show", "77"), "no leader 77"),
        (("agenda", "close", "9999"), "no time 9999"),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason(terminal, words, why):
    code, said = terminal(*words)
    assert code != 0
    assert why in said


def test_badges_promises_and_times_are_listed_and_added(terminal):
    assert (
        terminal("crews", "add", "av-099", "--nombre", "Rosa Inventada", "--oficio", "lectora", "--puede", "leer")[0]
        == 0
    )
    listed = terminal("crews", "list")[1]
    assert "AV099" in listed
    assert "Inventada" not in listed
    assert terminal("crews", "send", "centro", "AV099")[0] == 0
    assert terminal("crews", "retire", "AV099")[0] == 0
    assert "No hay reportes" in terminal("crews", "reports")[1]
    assert "Limpiar el sumidero" in terminal("commitments", "list")[1]
    words = ("agenda", "offer", "2026-03-26", "--oficina", "Sede", "--desde", "08:00", "--hasta", "09:00")
    assert terminal(*words)[1].strip() == "2 turnos nuevos."
    assert terminal(*words)[1].strip() == "0 turnos nuevos."
    assert "libres" in terminal("agenda", "list")[1]


def test_a_leader_is_listed_with_all_and_shown_without_markup(terminal):
    assert "No hay solicitudes" in terminal("leaders", "list")[1]
    assert "VERIFICADO" in terminal("leaders", "list", "--all")[1]
    assert "Vale del" in terminal("leaders", "show", "1")[1]
