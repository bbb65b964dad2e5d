"""``atiende suspensions``, as the collection office types it."""

import shutil
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from bot.agreements.errors import SuspensionRefused
from bot.bootstrap import open_database
from bot.cli import suspensions
from bot.kernel.config import load_settings
from tests.agreements.test_suspensions import CUENTA, account, bill
from tests.house.repository import ROOT


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Return a way to type the command on a Tuesday, over an account with two overdue bills."""
    shutil.copy(ROOT / "config.yaml", tmp_path / "config.yaml")
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("ATIENDE_CONFIG", str(ROOT / "config.yaml"))
    monkeypatch.setenv("ATIENDE_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("ATIENDE_MODE", "test")
    monkeypatch.setenv("ATIENDE_NOW", "2026-03-17T10:00:00-05:00")
    monkeypatch.setenv("COLUMNS", "160")
    opened = open_database(load_settings(Path(ROOT / "config.yaml")))
    opened.upgrade()
    opened.write_now(
        lambda uow: (uow.customers.add_account(account()), uow.customers.add_bills([bill(), bill(month=2)]))
    )
    opened.close_now()
    app = typer.Typer()
    suspensions.register(app)
    app.command("other")(lambda: None)
    return lambda *words: CliRunner().invoke(app, ["suspensions", *words])


def test_a_suspension_from_the_list_of_candidates_to_its_end(run):
    shown = run("candidates")
    assert (shown.exit_code, CUENTA in shown.output, "180.000" in shown.output) == (0, True, True), shown.output
    early = run("order", CUENTA, "--avisada", "2026-03-16", "--as", "ana")
    assert isinstance(early.exception, SuspensionRefused)
    assert "ordenada" in run("order", CUENTA, "--avisada", "2026-03-10", "--as", "ana").output
    assert "No hay cuentas por suspender" in run("candidates", "--todas").output
    assert "ana" in run("list").output
    lifted = run("lift", CUENTA, "pagó en el banco", "--as", "ana")
    assert "Reconecte a más tardar el miércoles 18 de marzo de 2026, 10:00" in lifted.output
    assert "No hay suspensiones ordenadas" in run("list").output


def test_what_cannot_be_read_is_said_with_an_example(run):
    assert run("order", "diez", "--avisada", "2026-03-10").exit_code == 2
    assert run("order", CUENTA, "--avisada", "ayer").exit_code == 2
