"""A start refuses what cannot serve people, with file, line and remedy."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from bot.house import load_dialogs, refuse_misfits
from bot.kernel.errors import DialogsError
from bot.nlu.understand import Understanding
from tests.support.settings import ROOT, make_settings

BRANCH_WITHOUT_ELSE = """\
      - id: uno
        noop: true
        next:
          - if: slots.servicio = "gas"
            then: END
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy = tmp_path / "dialogs"
    shutil.copytree(ROOT / "dialogs", copy, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return copy


def start(tmp_path: Path, folder: Path) -> None:
    settings = make_settings(tmp_path)
    changed = settings.model_copy(update={"dialogos": settings.dialogos.model_copy(update={"carpeta": folder})})
    refuse_misfits(load_dialogs(changed), Understanding(), remote_actions=False)


def add_flow(folder: Path, steps: str) -> None:
    (folder / "flows" / "nuevo.yml").write_text(
        'version: "3.1"\nflows:\n  nuevo:\n    name: algo nuevo\n    description: Prueba.\n    steps:\n' + steps,
        encoding="utf-8",
    )


def test_the_dialogs_of_the_house_may_serve(tmp_path: Path, folder: Path) -> None:
    start(tmp_path, folder)


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ("      - id: uno\n        action: accion_que_no_existe\n", "accion_que_no_existe"),
        ("      - id: uno\n        link: flujo_que_no_existe\n", "flujo_que_no_existe"),
        ("      - id: uno\n        accion: menu.opciones\n", "accion"),
        ("      - id: uno\n        collect: dato_que_no_existe\n", "dato_que_no_existe"),
        (BRANCH_WITHOUT_ELSE, "else"),
    ],
)  # fmt: skip
def test_a_flow_that_cannot_work_stops_the_start_with_its_line(
    tmp_path: Path, folder: Path, steps: str, said: str
) -> None:
    add_flow(folder, steps)
    with pytest.raises(DialogsError) as refused:
        start(tmp_path, folder)
    lines = [line for line in str(refused.value).splitlines() if said in line]
    assert lines, str(refused.value)
    assert re.search(r"nuevo\.yml:\d+: error: ", lines[0])


def test_services_that_the_utility_does_not_have_are_not_offered(tmp_path: Path) -> None:
    settings = make_settings(tmp_path)
    offered = load_dialogs(settings).domain.responses["es"]["pide_servicio"].variants[0].buttons
    assert settings.empresa.servicios == ("agua", "alcantarillado", "aseo")
    assert [button.title for button in offered] == ["Agua", "Alcantarillado", "Aseo"]
