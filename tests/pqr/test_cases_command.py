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


@pytest.fixture
def talk(run, radicado: str, monkeypatch) -> str:
    """The person of the case has a conversation, so that they can be told."""
    from bot.bootstrap import open_database

    database = open_database(load_settings(Path("config.yaml")))
    address = {"channel": "terminal", "account": "prueba", "user": "u-1"}
    database.write_now(lambda uow: uow.conversations.create("c_1", address, NOW))
    database.close_now()
    return radicado


def told() -> list[str]:
    """Return what was queued for people, oldest first."""
    from bot.bootstrap import open_database

    database = open_database(load_settings(Path("config.yaml")))
    try:
        items = database.read_now(lambda uow: uow.outbox.transcript("c_1"))
        return [str(item.payload.get("text")) for item in items if item.direction == "out"]
    finally:
        database.close_now()


def test_the_person_is_told_of_the_question_the_answer_and_the_term_to_appeal(run, talk: str) -> None:
    assert "Se le avisa" in run("require", talk, "La foto del medidor.", "--as", "ana").output
    run("move", talk, "EN_TRAMITE", "--as", "ana")
    run("answer", talk, "Le devolvemos lo cobrado.", "--as", "ana")
    assert "DECIDIDO → NOTIFICADO" in run("notify", talk, "electronica", "--as", "ana").output
    asked, answered, notified = told()
    assert "nos falta algo: La foto del medidor." in asked
    assert "martes 22 de diciembre de 2026" in asked
    assert "Ya hay respuesta" in answered
    assert "Le devolvemos" not in answered
    assert "puede presentar un recurso hasta el viernes 27 de noviembre de 2026" in notified


def test_a_case_without_a_talk_is_moved_all_the_same(run, radicado: str) -> None:
    result = run("answer", radicado, "Le devolvemos lo cobrado.")
    assert "RADICADO → DECIDIDO" in result.output
    assert "Se le avisa" not in result.output


def test_a_claim_has_no_extension_and_says_what_there_is(run, radicado: str) -> None:
    result = run("extend", radicado, "Falta el laboratorio.")
    assert isinstance(result.exception, MoveRefused)
    assert "EN_PRUEBAS" in str(result.exception)


def test_a_request_about_data_is_extended_once_with_its_reasons(run, talk: str, law: Law) -> None:
    from bot.bootstrap import open_database

    database = open_database(load_settings(Path("config.yaml")))
    request = Filing.from_fact(
        fact(tipo="habeas_data", subtipo="consulta"), conversation_id="c_1", canal="webchat", recibido_at=NOW
    )
    filed = database.write_now(lambda uow: filing.file(uow, request, now=NOW, ids=RandomIds(), law=law))
    database.close_now()
    assert filed.fecha_limite.isoformat() == "2026-12-04"
    assert "Vence el 14/12/2026" in run("extend", filed.radicado, "Hay que buscar en el archivo.").output
    (news,) = told()
    assert "Hay que buscar en el archivo." in news
    assert "lunes 14 de diciembre de 2026" in news
    assert "extended before" in str(run("extend", filed.radicado, "Otra vez.").exception)


def test_staff_see_the_suggested_code_and_confirm_another(run, radicado: str) -> None:
    assert "SUI: Reclamación · detalle sugerido: ninguno, sin confirmar" in run("show", radicado).output
    run("sui", radicado, "102", "--as", "ana")
    assert "confirmado: 102 F Inconformidad con la medición" in run("show", radicado).output


def test_a_denuncia_opens_only_on_purpose_and_keeps_who_opened_it(run, radicado: str, law: Law) -> None:
    from bot.bootstrap import open_database

    database = open_database(load_settings(Path("config.yaml")))
    request = Filing.from_fact(
        fact(tipo="denuncia", relato="Mi vecino está pegado."), conversation_id="c_1", canal="webchat", recibido_at=NOW
    )
    filed = database.write_now(lambda uow: filing.file(uow, request, now=NOW, ids=RandomIds(), law=law))
    database.close_now()
    shut = run("show", filed.radicado)
    assert shut.exit_code == 1
    assert "vecino" not in shut.output
    opened = run("show", filed.radicado, "--reservada", "--as", "eva").output
    assert "Mi vecino está pegado." in opened
    assert "consulta_reservada  personal:eva" in opened


def test_the_alerts_are_listed_until_somebody_saw_them(run, radicado: str) -> None:
    from bot.bootstrap import open_database

    database = open_database(load_settings(Path("config.yaml")))
    database.write_now(lambda uow: uow.alerts.add(uow.cases.by_radicado(radicado).id, "DESISTE", NOW))
    database.close_now()
    assert f"DESISTE  {radicado}" in run("alerts", "--vistas").output
    assert "No hay alertas." in run("alerts").output
