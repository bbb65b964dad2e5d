"""``atiende agreements``, as the collection office types it."""

import shutil
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from bot.agreements.errors import StepRefused
from bot.bootstrap import open_database
from bot.cli import agreements
from bot.kernel.config import load_settings
from tests.agreements.conftest import NOW
from tests.house.repository import ROOT


@pytest.fixture
def run(tmp_path, monkeypatch):
    shutil.copy(ROOT / "config.yaml", tmp_path / "config.yaml")
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("ATIENDE_CONFIG", str(ROOT / "config.yaml"))
    monkeypatch.setenv("ATIENDE_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("ATIENDE_MODE", "test")
    monkeypatch.setenv("ATIENDE_NOW", NOW.isoformat())
    monkeypatch.setenv("COLUMNS", "120")
    app = typer.Typer()
    agreements.register(app)
    app.command("other")(lambda: None)
    return lambda *words: CliRunner().invoke(app, ["agreements", *words])


@pytest.fixture
def database(run):
    """Yield the very database that the command opens."""
    opened = open_database(load_settings(Path(ROOT / "config.yaml")))
    opened.upgrade()
    yield opened
    opened.close_now()


def test_what_waits_is_listed_shown_and_approved_with_its_history(run, house):
    record = house.ask(is_automatic=False)
    listed = run("list", "--estado", "solicitado")
    assert listed.exit_code == 0, listed.output
    assert record.numero in listed.output
    shown = run("show", record.numero)
    for words in ("Acuerdo de pago", "código verificado", "Cuotas:", "Inicial", "SOLICITADO"):
        assert words in shown.output, shown.output
    done = run("approve", "ap 2026 1", "--as", "ana", "--motivo", "Cumple la política.")
    assert f"{record.numero}: SOLICITADO → APROBADO." in done.output
    assert "ana" in run("show", record.numero).output
    assert "No hay acuerdos." in run("list", "--estado", "SOLICITADO").output
    assert isinstance(run("approve", record.numero).exception, StepRefused)


def test_a_payment_is_applied_once_and_what_is_left_over_is_told(run, house):
    record = house.ask()
    paid = run("pay", record.numero, "--valor", "96000", "--ref", "banco-1", "--on", "2026-03-18")
    assert "Estado: VIGENTE." in paid.output, paid.output
    assert "ya estaba aplicado" in run("pay", record.numero, "--valor", "96000", "--ref", "banco-1").output
    rest = run("pay", record.numero, "--valor", "400000", "--ref", "banco-2")
    assert "Sobran $ 16.000" in rest.output.replace("\u00a0", " ")
    assert "Estado: CUMPLIDO." in rest.output


def test_a_rejection_and_a_cancellation_need_a_reason(run, house):
    record = house.ask(is_automatic=False)
    assert run("reject", record.numero).exit_code == 2
    assert "SOLICITADO → RECHAZADO" in run("reject", record.numero, "Falta el permiso.", "--as", "ana").output
    other = house.ask()
    assert "APROBADO → ANULADO" in run("cancel", other.numero, "La persona lo pidió.", "--as", "ana").output


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["show", "nada"], 2, "write it as AP-2026-000001"),
        (["show", "AP-2026-000999"], 1, "atiende agreements list"),
        (["list", "--estado", "nada"], 2, "known: SOLICITADO"),
        (["pay", "AP-2026-000001", "--valor", "1", "--ref", "a", "--on", "ayer"], 2, "write for example 2026-03-25"),
        (["pay", "AP-2026-000001", "--valor", "1", "--ref", "a", "--on", "2027-01-01"], 2, "in the future"),
    ],
)
def test_what_cannot_be_read_is_told_with_what_can(run, database, words, code, says):
    result = run(*words)
    assert result.exit_code == code, result.output
    assert says in " ".join(result.output.split())
