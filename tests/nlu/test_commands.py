"""The commands that train and explain say what they did, and what is wrong with file and line."""

from __future__ import annotations

import json

import pytest
import typer
from typer.testing import CliRunner

from bot.cli import parse as parse_command
from bot.cli import train as train_command
from tests.house.repository import ROOT

DATA = """
version: "3.1"
nlu:
  - intent: saludar
    examples: |
      - hola
      - buenas tardes
      - buenos dias
      - que mas
  - intent: consultar_factura
    examples: |
      - cuanto debo
      - mi factura
      - cuando vence el recibo
      - duplicado de la factura
"""


@pytest.fixture
def app(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ATIENDE_CONFIG", raising=False)
    application = typer.Typer()
    parse_command.register(application)
    train_command.register(application)
    (tmp_path / "nlu_data").mkdir()
    (tmp_path / "nlu_data" / "a.yml").write_text(DATA, encoding="utf-8")
    return application


def run(app, *words):
    return CliRunner().invoke(app, list(words))


def test_train_writes_a_model_and_shows_its_card(app, tmp_path):
    result = run(app, "train", "--data", "nlu_data", "--out", "out/m.npz")
    assert result.exit_code == 0, result.output
    assert "2 " in result.output
    assert "8 (4-4 an intent)" in result.output
    assert (tmp_path / "out" / "m.npz").exists()


def test_train_takes_the_places_of_a_checkout(app, tmp_path):
    result = run(app, "train", "--json")
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["labels"] == ["consultar_factura", "saludar"]
    assert (tmp_path / "var" / "modelo.npz").exists()


def test_train_tells_what_is_wrong_with_file_and_line(app, tmp_path):
    (tmp_path / "nlu_data" / "b.yml").write_text("nlu:\n  - intnt: x\n", encoding="utf-8")
    result = run(app, "train")
    assert result.exit_code != 0
    assert "b.yml:2" in result.output + str(result.exception)


def test_a_model_that_cannot_be_written_is_told_before_and_after_the_training(app, tmp_path):
    result = run(app, "train", "--out", str(tmp_path))
    assert (result.exit_code, "directory" in result.output) == (2, True)
    (tmp_path / "file").touch()
    result = run(app, "train", "--out", str(tmp_path / "file" / "m.npz"))
    assert (result.exit_code, result.output.startswith("the model cannot be written to")) == (1, True)


def test_parse_shortens_what_has_no_end_and_says_when_nothing_was_written(app):
    run(app, "train")
    for endless in ("x" * 10_000, "cuanto debo de luz " * 500):
        assert len(run(app, "parse", endless).output.splitlines()) < 150
    shown = run(app, "parse", "").output
    assert "nothing was written" in shown
    assert "out of scope" not in shown


def test_parse_explains_with_and_without_a_model(app):
    result = run(app, "parse", "uele agas en la cra 7 # 45-12")
    assert result.exit_code == 0, result.output
    assert "EMERGENCY gas" in result.output
    assert "KR 7 # 45-12" in result.output
    assert "atiende train" in result.output
    run(app, "train")
    result = run(app, "parse", "cuanto debo de luz")
    assert "consultar_factura" in result.output
    assert "energia" in result.output


def test_parse_as_json_has_the_shape_of_rasa(app):
    run(app, "train")
    result = run(app, "parse", "cuanto debo de luz", "--json")
    parsed = json.loads(result.stdout)
    assert parsed["intent"]["name"] == "consultar_factura"
    assert parsed["entities"][0]["value"] == "energia"


def test_parse_tells_the_words_the_runner_up_and_the_doubt_in_eighty_columns(app, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    run(app, "train")
    shown = run(app, "parse", "buenas, cuanto debo de la factura xyzzy " * 3).output
    assert max(len(line) for line in shown.splitlines()) <= 80
    lines = {line.split()[0]: line for line in reversed(shown.splitlines()) if line.strip()}
    lines |= {line.split()[0]: line for line in shown.splitlines() if " +" in line}
    assert "factura +" in lines["consultar_factura"]
    assert "buenas +" in lines["saludar"]
    assert float(lines["saludar"].split()[2]) > 0, "how far it is behind"
    assert "% out of scope; " in lines["doubt"]
    assert "unknown words: " in shown
    assert "xyzzy" in shown
    assert "faktura" in lines["features"], "features are words as they sound"


def test_parse_prints_no_command_to_the_terminal(app):
    run(app, "train")
    shown = run(app, "parse", "hola \x1b[31m factura \x1b]0;x\x07").output
    assert "\x1b" not in shown
    assert "\x07" not in shown


def test_parse_tells_what_the_engine_would_do(monkeypatch, tmp_path):
    monkeypatch.setenv("ATIENDE_CONFIG", str(ROOT / "config.yaml"))
    monkeypatch.setenv("ATIENDE_MODE", "test")
    monkeypatch.setenv("ATIENDE_DATA_DIR", str(tmp_path))
    application = typer.Typer()
    parse_command.register(application)
    shown = run(application, "uele agas").output
    assert "by the rule «gas" in shown
    assert "then     StartFlow flow=emergencia with tipo_emergencia=gas" in shown
