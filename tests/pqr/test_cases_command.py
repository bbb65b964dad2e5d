"""``atiende cases``, as staff type it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from bot.cli import cases
from bot.kernel.config import load_settings
from bot.kernel.ids import RandomIds
from bot.pqr import filing
from bot.pqr.errors import MoveRefused
from bot.pqr.law import Law
from bot.pqr.request import Filing
from tests.pqr.conftest import CONFIG, PERSON, bogota, fact

NOW = bogota("2026-11-22T07:51")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    shutil.copy(CONFIG, tmp_path / "config.yaml")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ATIENDE_CONFIG", raising=False)
    monkeypatch.setenv("ATIENDE_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("ATIENDE_NOW", NOW.isoformat())
    monkeypatch.setenv("COLUMNS", "160")
    app = typer.Typer()
    cases.register(app)
    app.command("other")(lambda: None)
    return lambda *words: CliRunner().invoke(app, ["cases", *words])


@pytest.fixture
def radicado(run, law: Law) -> str:
    from bot.bootstrap import open_database

    database = open_database(load_settings(Path("config.yaml")))
    database.upgrade()
    request = Filing.from_fact(
        fact(relato="Cobro [bold]raro[/bold] \x1b[2J", cuenta_en_base=False),
        conversation_id="c_1",
        canal="webchat",
        recibido_at=NOW,
    )
    filed = database.write_now(lambda uow: filing.file(uow, request, now=NOW, ids=RandomIds(), law=law))
    database.close_now()
    return filed.radicado


def test_the_list_shows_due_dates_days_left_and_flags(run, radicado: str) -> None:
    result = run("list")
    assert result.exit_code == 0, result.output
    for expected in (radicado, "reclamo", "14/12/2026", "15", "cuenta_no_encontrada"):
        assert expected in result.output
    assert "No hay casos" in run("list", "--estado", "decidido").output
    assert "known: RADICADO" in run("list", "--estado", "perdido").output
    assert "known: peticion" in run("list", "--tipo", "nada").output


@pytest.mark.parametrize("columns", [60, 80, 100])
def test_a_narrow_list_never_cuts_a_radicado_nor_a_flag(run, radicado: str, monkeypatch, columns: int) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    lines = run("list").output.splitlines()
    for expected in (radicado, "reclamo", "RADICADO"):
        assert any(expected in line for line in lines)
    if columns >= 80:
        assert max(len(line) for line in lines) <= columns
        for expected in ("14/12/2026", "cuenta_no_encontrada"):
            assert any(expected in line for line in lines)
    assert "…" not in "".join(lines)


def test_a_case_is_shown_without_personal_data_and_without_tricks_for_the_terminal(run, radicado: str) -> None:
    result = run("show", f"{radicado[:4]}-{radicado[4:]}")
    assert result.exit_code == 0, result.output
    for name in ("documento", "correo", "telefono"):
        assert PERSON[name] not in result.output
    assert "\x1b" not in result.output
    assert "Cobro [bold]raro[/bold] \ufffd[2J" in result.output
    assert "Huella del contenido: intacta" in result.output
    assert "Puede pasar a: EN_TRAMITE" in result.output


def test_staff_move_and_answer_a_case(run, radicado: str) -> None:
    assert "RADICADO → EN_TRAMITE" in run("move", radicado, "en_tramite", "--as", "ana").output
    assert isinstance(run("move", radicado, "REQUERIDO_USUARIO").exception, MoveRefused)
    assert "DECIDIDO" in run("answer", radicado, "Le devolvemos lo cobrado.", "--as", "ana").output
    shown = run("show", radicado).output
    assert "Le devolvemos lo cobrado." in shown
    assert "personal:ana" in shown


def test_an_unknown_radicado_is_told_so(run) -> None:
    result = run("show", "20260019999992")
    assert result.exit_code == 1
    assert "There is no case '20260019999992'" in result.output


@pytest.mark.parametrize("typed", ["20269999999992", "hola", "", "\x00"])
def test_what_is_not_a_radicado_is_answered_with_one(run, typed: str) -> None:
    result = run("show", typed)
    assert result.exit_code == 2
    assert "is not a radicado: write its digits, for example 20260010000012" in result.output
