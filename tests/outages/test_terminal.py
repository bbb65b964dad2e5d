"""Staff see and move reports and outages in the terminal; what cannot be read is told with an example."""

import pytest
from typer.testing import CliRunner

from bot.bootstrap import open_database
from bot.cli import build
from bot.kernel.config_outages import Cortes
from bot.kernel.ids import RandomIds
from bot.outages import reports
from storage.repos.customers import SectorRecord
from tests.support.settings import ROOT, make_settings


@pytest.fixture
def kept(tmp_path):
    database = open_database(make_settings(tmp_path), safe=False)
    database.upgrade()
    database.write_now(lambda uow: uow.customers.add_sector(SectorRecord("centro", "Centro", "Valle Verde", {})))
    yield database
    database.close_now()


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(ROOT)
    environment = {
        "ATIENDE_MODE": "test",
        "ATIENDE_DATA_DIR": str(tmp_path),
        "ATIENDE_NOW": "2026-03-18T10:30-05:00",
        "COLUMNS": "300",
    }

    def go(*arguments, code=0):
        result = CliRunner().invoke(build(), arguments, env=environment)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            return str(result.exception)
        assert result.exit_code == code, result.output
        return result.output

    return go


def file(database, clock, **changes):
    new = reports.NewReport(
        **{
            "servicio": "agua",
            "tipo": "fuga",
            "canal": "web",
            "conversation_id": "c1",
            "sector": "centro",
            "direccion": "CL 5 # 4-20",
            "story": "se bota el agua",
            **changes,
        }
    )
    return database.write_now(lambda uow: reports.file(uow, new, now=clock.now(), ids=RandomIds(), rules=Cortes()))


def test_reports_are_listed_shown_and_moved(kept, clock, run):
    file(kept, clock)
    file(kept, clock, tipo="sin_servicio", critico=True, conversation_id="c2")
    listed = run("reports", "list")
    assert listed.index("R-2026-000002") < listed.index("R-2026-000001")  # the critical one first
    assert "CL 5 # 4-20" in listed
    assert run("reports", "move", "r 2026 1", "asignada", "--as", "cuadrilla 3").strip() == (
        "R-2026-000001: REPORTADA → ASIGNADA."
    )
    shown = run("reports", "show", "R-2026-000001")
    assert "se bota el agua" in shown
    assert "cuadrilla 3" in shown
    assert "Puede pasar a: CANCELADA, CONFIRMADA, EN_REPARACION, RESTABLECIDA" in shown
    assert "R-2026-000001" not in run("reports", "list", "--servicio", "aseo")


def test_a_step_that_is_not_possible_says_which_are(kept, clock, run):
    file(kept, clock)
    assert "puede pasar a: asignado a una cuadrilla (ASIGNADA), cancelado (CANCELADA)" in run(
        "reports", "move", "R-2026-000001", "CERRADA"
    )
    assert "is not the number of a report, for example R-2026-000123" in run("reports", "show", "x", code=2)
    assert "There is no report R-2026-000009" in run("reports", "show", "R-2026-000009", code=1)


def test_an_outage_is_opened_changed_and_restored(kept, clock, run):
    made = run(
        "outages", "open", "--servicio", "agua", "--zona", "Centro, calles 3 a 5", "--sector", "centro", "--as", "ops"
    )
    corte = made.split(":")[0]
    assert "CONFIRMADA" in made
    file(kept, clock)
    run("reports", "attach", "R-2026-000001", corte)
    assert "Próxima noticia: 18/03 12:30" in run("outages", "show", corte)
    run("outages", "update", corte, "--estado", "en_curso", "--hasta", "2026-03-18T15:00", "--causa", "una bomba")
    shown = run("outages", "show", corte)
    assert "Vuelve: 18/03 15:00" in shown
    assert "R-2026-000001" in shown
    assert "Siguen: 1 personas" in shown
    assert "EN_CURSO" in run("outages", "list")
    assert "EN_CURSO → RESTABLECIDA" in run("outages", "restore", corte)
    assert run("outages", "list").strip() == "No hay cortes abiertos."
    assert kept.read_now(lambda uow: uow.reports.newest())[0].estado == "RESTABLECIDA"


def test_a_proposal_is_accepted_or_dismissed(kept, clock, run):
    for number in range(3):
        file(kept, clock, conversation_id=f"c{number}")
    assert "agua  centro  3 personas" in run("outages", "proposals")
    run("outages", "accept", "1", "--zona", "Centro")
    assert run("outages", "proposals").strip() == "No hay cortes por confirmar."
    assert "there is no open proposal 1" in run("outages", "dismiss", "1")
    assert "There is no proposal 7" in run("outages", "accept", "7", "--zona", "x", code=1)


def test_what_cannot_be_read_is_told_with_what_is_known(kept, run):
    asked = ("outages", "open", "--servicio", "agua", "--zona", "x")
    assert "There is no sector luna; known: centro" in run(*asked, "--sector", "luna", code=2)
    assert "for example 2026-11-23T08:00" in run(*asked, "--hasta", "mañana", code=2)
    assert "There is no service 'internet'" in run("outages", "open", "--servicio", "internet", "--zona", "x", code=2)
    assert "There is no outage 'x'" in run("outages", "restore", "x", code=1)
