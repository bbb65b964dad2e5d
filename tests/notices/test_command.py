"""``atiende notices``, as staff type it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from bot.cli import notices
from bot.kernel.config import load_settings
from bot.notices.waves import WaveRefused
from tests.storage.samples import inbound
from tests.support.settings import ROOT

Run = Callable[..., Any]
TEXT = (
    "--value", "servicio=agua", "--value", "sector=Norte", "--value", "cuando=mañana", "--value", "vuelve=a las 2:00 p. m.",
    "--value", "causa=una obra",
)  # fmt: skip


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    shutil.copy(ROOT / "config.yaml", tmp_path / "config.yaml")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ATIENDE_CONFIG", raising=False)
    monkeypatch.setenv("ATIENDE_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("ATIENDE_NOW", "2026-03-18T10:30:00-05:00")
    monkeypatch.setenv("COLUMNS", "160")
    app = typer.Typer()
    notices.register(app)
    app.command("other")(lambda: None)
    return lambda *words: CliRunner().invoke(app, ["notices", *words])


@pytest.fixture
def subscriber(run: Run) -> None:
    from bot.bootstrap import open_database

    now = datetime.fromisoformat("2026-03-18T10:00:00-05:00")
    database = open_database(load_settings(Path("config.yaml")))
    database.upgrade()

    def plant(uow: Any) -> None:
        uow.conversations.create("c_1", {"channel": "telegram", "account": "a", "user": "1"}, now)
        uow.subscriptions.turn_on("c_1", "cortes", "norte", now)

    database.write_now(plant)
    database.close_now()


def test_the_preview_shows_the_text_and_how_many_and_keeps_nothing(run: Run, subscriber: None) -> None:
    result = run("preview", "corte_programado", *TEXT)
    assert result.exit_code == 0, result.output
    assert "Corte de agua en Norte, mañana." in result.output
    assert "Elegidos: 1, de ellos 0 por una cuenta" in result.output
    assert "No hay envíos" in run("list").output


def test_a_sector_that_does_not_exist_is_refused_instead_of_reaching_nobody(run: Run, subscriber: None) -> None:
    for words in (("preview", "corte_programado"), ("draft", "corte_programado", "--by", "Ana Ruiz")):
        result = run(*words, *TEXT, "--sector", "narnia")
        assert result.exit_code == 2
        assert "There is no sector narnia" in result.output
    assert "No hay envíos" in run("list").output


@pytest.fixture
def by_whatsapp(subscriber: None) -> None:
    _plant(_whatsapp)


def _plant(what: Callable[[Any, datetime], None]) -> None:
    from bot.bootstrap import open_database

    now = datetime.fromisoformat("2026-03-18T10:00:00-05:00")
    database = open_database(load_settings(Path("config.yaml")))
    database.write_now(lambda uow: what(uow, now))
    database.close_now()


def _whatsapp(uow: Any, now: datetime) -> None:
    address = {"channel": "whatsapp", "account": "1", "user": "CO.1"}
    uow.conversations.create("c_2", address, now)
    uow.inbox.accept(inbound("k9", "c_2", channel="whatsapp", account="1", address=address))
    uow.subscriptions.turn_on("c_2", "cortes", "norte", now)


def test_the_preview_shows_what_goes_by_whatsapp_and_what_it_costs(run: Run, by_whatsapp: None) -> None:
    output = run("preview", "corte_programado", *TEXT).output

    assert "Por WhatsApp, siempre:\nCorte de agua en Norte, mañana." in output
    assert "Esperamos que vuelva a las 2:00 p. m. Gracias" in output
    assert "1 por WhatsApp, categoría UTILITY: su precio no está" in output


@pytest.mark.parametrize(("state", "what"), [("REJECTED", "no salen"), ("PAUSED", "esperan")])
def test_what_meta_says_of_the_template_is_told_before_anything_is_sent(
    run: Run, by_whatsapp: None, state: str, what: str
) -> None:
    _plant(lambda uow, now: uow.providers.tell_template("corte_programado_1", "es", {"state": state}, now))
    run("draft", "corte_programado", "--by", "Ana", *TEXT)

    assert f"{state}: por WhatsApp sus avisos {what}" in run("preview", "corte_programado", *TEXT).output
    refused = run("approve", "1", "--by", "Luis")
    assert refused.exit_code == 1
    assert f"corte_programado_1 is {state} at Meta" in refused.output
    assert "aprobado por Luis" in run("approve", "1", "--by", "Luis", "--anyway").output


def test_a_draft_is_approved_by_another_person_paused_resumed_and_cancelled(run: Run, subscriber: None) -> None:
    assert "1: borrador" in run("draft", "corte_programado", "--by", "Ana", *TEXT).output
    assert isinstance(run("approve", "1", "--by", "ana").exception, WaveRefused)
    assert "aprobado por Luis, lo escribió Ana" in run("approve", "1", "--by", "Luis").output
    assert "en pausa" in run("pause", "1").output
    assert "sigue" in run("resume", "1").output
    assert "cancelado; 0 personas" in run("cancel", "1").output
    shown = run("show", "1").output
    assert "Corte de agua en Norte" in shown
    assert "Elegidos: 0" in shown
    listed = run("list").output
    assert "cancelled" in listed
    assert "Luis" in listed


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("draft", "consejo", "--by", "Ana", "--value", "consejo"), "name=text"),
        (("draft", "consejo", "--by", "Ana", "--value", "consejo=x", "--until", "mañana"), "2026-11-27T14:00"),
    ],
)
def test_what_cannot_be_read_says_how_it_is_written(run: Run, words: tuple[str, ...], said: str) -> None:
    result = run(*words)
    assert result.exit_code == 2
    assert said in result.output


def test_a_number_that_is_not_there_is_said(run: Run) -> None:
    result = run("show", "9")
    assert result.exit_code == 1
    assert "There is no sending 9" in result.output
