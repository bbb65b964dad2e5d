"""``atiende check`` and ``atiende draw``: what people at a terminal and machines in CI get."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from bot.cli import check, draw
from bot.inspection import inspect_folder
from dialogs.engine.load import SHIPPED
from tests.engine.support import WORLD, write

NLU_DATA = Path(__file__).parents[2] / "nlu_data"


@pytest.fixture
def app() -> typer.Typer:
    app = typer.Typer()
    check.register(app)
    draw.register(app)
    return app


def test_check_says_where_and_what_to_do_and_fails(app: typer.Typer, tmp_path: Path) -> None:
    write(
        tmp_path,
        flows="flows: {f: {description: x, if: false, steps: [{id: a, collect: dato}, {id: b, action: f.di}]}}",
    )

    result = CliRunner().invoke(app, ["check", str(tmp_path)])

    assert result.exit_code == 1
    assert "f.yml:1: error: flow f, step a: nothing asks for «dato». Add the response «f.pide_dato»." in result.output
    assert "f.yml:1: error: flow f, step b: the response «f.di» does not exist." in result.output
    assert "3 errors" in result.output


def test_check_passes_on_a_sound_folder(app: typer.Typer) -> None:
    result = CliRunner().invoke(app, ["check", str(WORLD)])

    assert result.exit_code == 0, result.output
    assert "0 errors" in result.output


def test_check_as_json_is_for_machines(app: typer.Typer, tmp_path: Path) -> None:
    write(tmp_path, flows="flows: {f: {description: x, steps: []}}")

    document = json.loads(CliRunner().invoke(app, ["check", "--json", str(tmp_path)]).output)

    assert document["ok"] is False
    assert {"file", "line", "severity", "where", "what", "remedy"} == set(document["issues"][0])


def test_our_own_dialogs_have_no_errors() -> None:
    found = inspect_folder(SHIPPED, NLU_DATA)

    assert [str(issue) for issue in found.errors] == []


def test_draw_writes_both_pictures(app: typer.Typer, tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["draw", "pedir", "--folder", str(WORLD), "--out", str(tmp_path / "new")])

    assert result.exit_code == 0
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == ["pedir.mmd", "pedir.svg"]


def test_draw_all_writes_every_flow(app: typer.Typer, tmp_path: Path) -> None:
    CliRunner().invoke(app, ["draw", "all", "--folder", str(WORLD), "--out", str(tmp_path)])

    assert len(list(tmp_path.glob("*.svg"))) > 20


def test_drawing_what_does_not_exist_says_what_was_meant(app: typer.Typer, tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["draw", "quejars", "--folder", str(WORLD), "--out", str(tmp_path)])

    assert result.exit_code == 1
    assert "Did you mean quejarse?" in result.output
    assert not list(tmp_path.iterdir())
