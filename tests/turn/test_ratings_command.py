"""``atiende ratings`` shows what people think."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.bootstrap import open_database
from bot.cli import build
from storage.uow import UnitOfWork
from tests.support.settings import ROOT, make_settings


def test_marks_comments_and_complaints_are_summed_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    environment = {"ATIENDE_MODE": "test", "ATIENDE_DATA_DIR": str(tmp_path), "COLUMNS": "200"}
    database = open_database(make_settings(tmp_path), safe=False)
    database.upgrade()
    assert "Nadie ha calificado" in CliRunner().invoke(build(), ["ratings"], env=environment).output

    def write(uow: UnitOfWork) -> None:
        at = datetime.now(UTC) - timedelta(days=1)
        uow.ratings.add("c1", 5, at, flow="radicar_queja", comment="muy amables")
        uow.ratings.add("c2", 1, at, about="case", case_id="case_1")
        uow.ratings.add("c3", 3, at - timedelta(days=90))
        uow.ratings.complain("c4", "me repite lo mismo\x1b[31m", at)

    database.write_now(write)
    database.close_now()
    shown = CliRunner().invoke(build(), ["ratings"], env=environment)
    assert shown.exit_code == 0, shown.output
    for words in ("2 notas · promedio 3.00 · 50 % de 4 o 5", "radicar_queja", "muy amables", "me repite lo mismo"):
        assert words in shown.output
    assert "\x1b[31m" not in shown.output
