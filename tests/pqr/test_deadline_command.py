"""``atiende deadline``, as a person types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from bot.cli import deadline
from bot.pqr.errors import BadMoment, UnknownTerm
from tests.support.rows import every_row


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ATIENDE_CONFIG", raising=False)
    app = typer.Typer()
    deadline.register(app)
    app.command("other")(lambda: None)
    return lambda *words: CliRunner().invoke(app, ["deadline", *words])


def test_the_due_date_comes_with_the_days_skipped_and_why(run) -> None:
    result = run("2026-03-25T10:15", "PQR_CONTRATO")
    assert result.exit_code == 0
    assert "Vence:      viernes 17 de abril de 2026, 11:59\xa0p.\xa0m." in result.output
    assert "2 de abril        Jueves Santo" in result.output
    assert "28 de marzo       sábado" in result.output
    assert "Ley 142 de 1994, artículo 158" in result.output


def test_both_modes_are_told_when_they_differ(run) -> None:
    record = json.loads(run("2026-12-22T21:40", "PQR_CONTRATO", "--json").output)
    assert record["modos"]["A"]["vence_el"] == "2027-01-15"
    assert record["modos"]["B"]["vence_el"] == "2027-01-18"
    assert {
        "fecha": "2027-01-11",
        "motivo": "Día de los Reyes Magos, trasladado a lunes",
        "clase": "festivo",
    } in record["modos"]["A"]["omitidos"]


def test_a_term_of_the_person_has_no_mode_b(run) -> None:
    assert json.loads(run("2026-12-04", "RECURSO_REPO_APEL", "--json").output)["modos"]["B"] is None
    assert "Modo B:     no se aplica" in run("2026-12-04", "RECURSO_REPO_APEL").output


def test_the_end_of_hours_at_midnight_is_told_as_24_00(run) -> None:
    assert "lunes 20 de abril de 2026, 12:00 de la noche (24:00)" in run("2026-04-17", "SAP_RECONOCER").output


def test_the_extension_is_added_on_request(run) -> None:
    assert json.loads(run("2026-01-30", "COMPLETAR", "--prorroga", "--json").output)["modos"]["A"]["vence_el"] == (
        "2026-03-30"
    )


def test_an_unknown_term_is_answered_with_the_known_ones(run) -> None:
    error = run("2026-03-25", "PLAZO").exception
    assert isinstance(error, UnknownTerm)
    assert "PQR_CONTRATO" in str(error)


@every_row(
    "moment", ["ayer", "", "2026-02-30", "2026-03-25T25:00", "2026-03-25T24:01", "0001-01-01", "9999-12-31", "1" * 500]
)
def test_what_is_not_a_moment_is_told_so(run, moment: str) -> None:
    assert isinstance(run(moment, "PQR_CONTRATO").exception, BadMoment)


@pytest.mark.parametrize(
    "moment",
    ["2026-03-25 10:15", "25/03/2026 10:15", "2026-03-25T15:15Z", "2026-03-25T10:15-05:00", "2026-03-25T10:15:00.5"],
)
def test_a_moment_may_be_written_in_several_ways(run, moment: str) -> None:
    record = json.loads(run(moment, "PQR_CONTRATO", "--json").output)
    assert record["desde"] == "2026-03-25T10:15:00-05:00" or moment.endswith("Z")
    assert record["modos"]["A"]["vence_el"] == "2026-04-17"


def test_the_settings_of_the_company_are_used(run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (Path(__file__).parents[2] / "config.yaml").read_text(encoding="utf-8")
    start = text.index("\nley:") + 1
    end = start + text[start:].index("\n\n") if "\n\n" in text[start:] else len(text)
    (tmp_path / "config.yaml").write_text(text[:start] + "ley: {terminos: {PQR_CONTRATO: 14}}\n" + text[end:], "utf-8")
    monkeypatch.setenv("ATIENDE_DATA_DIR", str(tmp_path))
    assert json.loads(run("2026-03-25T10:15", "PQR_CONTRATO", "--json").output)["cantidad"] == 14
