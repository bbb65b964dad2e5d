"""Follows a page of the documents: writes what it says to write, where it says, into a copy of the repository."""

import re
import shutil
from dataclasses import dataclass

from tests.house.repository import ROOT

COPIED = ("bot", "dialogs", "storage", "nlu_data", "tests", "docs", "deploy")
_BLOCK = re.compile(r"^```\w+ file=(\S+)(?: after=([^\n]+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A fenced piece of a page: the file it belongs to and, if it is an insertion, the line it goes below."""

    file: str
    after: str
    content: str


def blocks(page):
    """Return the pieces of ``page`` (a path below docs) that are to be written."""
    words = (ROOT / "docs" / page).read_text(encoding="utf-8")
    return [Block(file, after or "", content) for file, after, content in _BLOCK.findall(words)]


def copy_of_the_repository(folder):
    """Copy what is needed to run and test into ``folder``."""
    for name in COPIED:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for path in ROOT.iterdir():
        if path.is_file() and path.suffix in {".toml", ".yaml", ".md"}:
            shutil.copy(path, folder / path.name)
    return folder


def follow(page, folder):
    """Do in ``folder`` what ``page`` says."""
    found = blocks(page)
    assert found, f"{page} has nothing to follow"
    for block in found:
        path = folder / block.file
        if block.after:
            lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
            places = [number for number, line in enumerate(lines) if line.strip() == block.after.strip()]
            assert len(places) == 1, f"{page}: {block.after!r} is {len(places)} times in {block.file}"
            lines.insert(places[0] + 1, block.content)
            path.write_text("".join(lines), encoding="utf-8")
        else:
            assert not path.exists(), f"{page}: {block.file} is there already"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.content, encoding="utf-8")
    return found
