"""The pages that teach are followed to the letter, in a copy of the repository."""

import os
import re
import subprocess
import sys

import pytest

from bot.e2e.read import read_cases
from bot.e2e.run import run
from bot.inspection import inspect_folder
from bot.kernel.config import load_settings
from bot.nlu.understand import Understanding
from bot.simulator import simulator
from tests.house.pages import blocks, copy_of_the_repository, follow


@pytest.fixture
def copy(tmp_path):
    return copy_of_the_repository(tmp_path / "copia")


def house(copy):
    """Return the environment of a process that works in the copy and not in the original."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("ATIENDE_")}
    return env | {"PYTHONPATH": str(copy), "ATIENDE_MODE": "test", "ATIENDE_DATA_DIR": str(copy / "var")}


def pytest_in(copy, *words):
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *words],
        cwd=copy,
        env=house(copy),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


@pytest.mark.parametrize("page", ["guia-de-flujos.md", "how-to/add-a-dialog.md"])
async def test_a_page_about_dialogs_gives_a_dialog_that_loads_and_talks(page, copy, clock):
    written = follow(page, copy)
    found = inspect_folder(copy / "dialogs", copy / "nlu_data")
    dialogs = found.dialogs
    assert dialogs is not None
    mine = tuple(block.file.split("/", 1)[1] for block in written)
    assert not [str(issue) for issue in found.issues if issue.file.endswith(mine)]
    settings = load_settings(copy / "config.yaml", {"ATIENDE_MODE": "test"})
    cases = read_cases([str(copy / block.file) for block in written if block.file.startswith("tests/conversations/")])
    steps = {flow.id: tuple(flow.steps) for flow in dialogs.flows.values()}
    flows = settings.dialogos.model_copy(update={"carpeta": copy / "dialogs"})
    settings = settings.model_copy(update={"dialogos": flows})
    async with simulator(settings, clock.now(), understanding=Understanding()) as talk:
        report = await run(cases, talk, steps)
    assert not report.failed, [outcome.failure for outcome in report.failed]


def test_the_page_about_channels_gives_a_channel_that_keeps_the_contract(copy):
    follow("how-to/add-a-channel.md", copy)
    done = pytest_in(
        copy, "tests/channels/test_contract.py", "tests/house/test_config.py", "-k", "mensajes or settings or setting"
    )
    assert done.returncode == 0, done.stdout[-4000:]
    ran = int(re.search(r"(\d+) passed", done.stdout)[1])
    assert ran > len(re.findall(": done$", (copy / "bot/channels/mensajes/quality.yaml").read_text(), re.MULTILINE))


def test_the_page_about_dialogs_gives_enough_examples_to_be_heard():
    """Fewer do not stand out among the thousands there are; with these, `atiende parse` puts the new intent first."""
    (examples,) = [block.content for block in blocks("how-to/add-a-dialog.md") if block.file.startswith("nlu_data/es/")]
    assert len(set(re.findall(r"^ +- (?!intent)(.+)$", examples, re.MULTILINE))) >= 40


def test_what_the_pages_write_is_new():
    for page in ("guia-de-flujos.md", "how-to/add-a-dialog.md", "how-to/add-a-channel.md"):
        assert blocks(page)
