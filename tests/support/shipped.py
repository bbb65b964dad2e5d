"""The dialogs of this repository, read once: they do not change while tests run, and reading them takes half a second."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from dialogs.engine.flow import Dialogs
from dialogs.engine.load import load
from tests.support.settings import ROOT

FOLDER = ROOT / "dialogs"


@cache
def shipped() -> Dialogs:
    """Return the dialogs of the repository."""
    return load(FOLDER)


def load_once(folder: Path) -> Dialogs:
    """Load a folder of dialogs; that of the repository only the first time."""
    return shipped() if Path(folder).resolve() == FOLDER else load(folder)
