"""The model of a checkout is trained when its examples changed, and by one process only."""

from __future__ import annotations

import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot import model_file
from tests.support.settings import make_settings


def test_of_two_that_ask_at_once_one_trains_and_the_other_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = make_settings(tmp_path)
    begun = []

    def train(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        begun.append(command)
        time.sleep(0.1)
        settings.nlu.modelo.touch()
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr("bot.model_file.subprocess.run", train)
    with ThreadPoolExecutor(2) as two:
        said = list(two.map(lambda _: model_file.fresh_model(settings), range(2)))

    assert len(begun) == 1
    assert sorted(said) == ["", "Modelo de comprensión entrenado."]
