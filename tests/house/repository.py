"""What the tests of the house look at: the files of the repository, as git would keep them."""

from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("bot", "dialogs", "storage")
_SKIPPED = {"__pycache__", "node_modules", "vendor", ".git"}


@cache
def files(*suffixes, under=("bot", "dialogs", "storage", "nlu_data", "tests", "docs", "deploy", ".ci")):
    """Return the files with these suffixes in these folders and in the root."""
    found = [path for path in ROOT.iterdir() if path.is_file() and path.suffix in suffixes]
    for folder in under:
        found += [path for path in (ROOT / folder).rglob("*") if path.is_file() and path.suffix in suffixes]
    return sorted(path for path in found if _SKIPPED.isdisjoint(path.parts))


@cache
def text(name):
    """Return the text of a file of the repository."""
    return (ROOT / name).read_text(encoding="utf-8")


def short(path):
    """Return the path as people write it."""
    return path.relative_to(ROOT).as_posix()
