"""Who may import whom, what a file may be called, how long it may be."""

import ast
import logging
import re

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

from tests.house.repository import PACKAGES, ROOT, files, short
from tests.support.rows import every_row

PYTHON = [path for path in files(".py") if path.relative_to(ROOT).parts[0] in {*PACKAGES, "tests", "deploy"}]
OURS = [path for path in PYTHON if path.relative_to(ROOT).parts[0] in PACKAGES]
LINES = 400
LONG_DATA = {"nlu_data", "fixtures"}
VAGUE = {"utils", "util", "helpers", "helper", "common", "manager", "misc"}
ONLY_HERE = {
    "datetime.now": {"bot/kernel/clock.py"},
    "datetime.utcnow": set(),
    "date.today": set(),
    "time.time": set(),
    "secrets.": {"bot/kernel/ids.py", "storage/crypto.py", "storage/files.py"},
    "random.random": set(),
    "random.choice": set(),
    "random.randint": set(),
    "uuid.": set(),
}


@pytest.fixture(autouse=True)
def in_the_root(monkeypatch):
    monkeypatch.chdir(ROOT)


@pytest.fixture
def loggers_stay_as_they_are():
    """import-linter switches off every logger that exists; other tests read theirs."""
    known = [one for one in logging.root.manager.loggerDict.values() if isinstance(one, logging.Logger)]
    before = [one.disabled for one in known]
    yield
    for one, was in zip(known, before, strict=True):
        one.disabled = was


@pytest.mark.usefixtures("loggers_stay_as_they_are")
def test_the_arrows_between_packages_point_one_way(capsys):
    code = lint_imports(config_filename=str(ROOT / "pyproject.toml"))
    assert code == EXIT_STATUS_SUCCESS, capsys.readouterr().out


@every_row("path", OURS, ids=short)
def test_time_and_chance_come_through_the_kernel(path):
    code = path.read_text(encoding="utf-8")
    for call, allowed in ONLY_HERE.items():
        if short(path) not in allowed:
            pattern = rf"(?<![\w.]){re.escape(call)}" + (r"\w+\(" if call.endswith(".") else r"\(")
            assert not re.search(pattern, code), f"{call}… belongs in bot/kernel"


@every_row("path", PYTHON, ids=short)
def test_a_file_is_short_has_a_plain_name_and_says_what_it_is_for(path):
    code = path.read_text(encoding="utf-8")
    assert len(code.splitlines()) <= LINES
    assert path.stem not in VAGUE
    if code.strip():
        assert ast.get_docstring(ast.parse(code)), "a module begins with one sentence about its purpose"


def test_data_files_are_short_enough_to_review():
    long = [
        short(path)
        for path in files(".yml", ".yaml", ".md")
        if LONG_DATA.isdisjoint(path.parts) and len(path.read_text(encoding="utf-8").splitlines()) > LINES
    ]
    assert not long


FORBIDDEN = re.compile(r"/(?:work|root|home)/\w|(?<!\w)TODO[:(]|\bFIXME\b|\bXXX\b")
TEXT = [
    path
    for path in files(".py", ".yml", ".yaml", ".md", ".toml", ".sh", ".html", ".css", ".js", "")
    if "house" not in path.parts
]


@every_row("path", TEXT, ids=short)
def test_no_file_tells_of_the_machine_it_was_written_on_or_of_work_left(path):
    assert not [line for line in path.read_text(encoding="utf-8").splitlines() if FORBIDDEN.search(line)]


@every_row("path", OURS, ids=short)
def test_an_identifier_has_no_accents(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    names |= {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    assert all(name.isascii() for name in names)
