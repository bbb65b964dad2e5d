"""A bad argument of any command is told in plain words, with the right form, and ends with exit code 2."""

import subprocess
import sys

import pytest
import typer
from typer.testing import CliRunner

from bot.cli import build
from tests.house.repository import ROOT
from tests.support.rows import every_row

#: Words by which a library would tell an operator about its own insides.
JARGON = ("Input should", "unable to parse", "Traceback", "pydantic", "ValidationError", "errors.pydantic")


def leaves(command, words=()):
    for name, inner in getattr(command, "commands", {}).items():
        yield from leaves(inner, (*words, name)) if hasattr(inner, "commands") else [((*words, name), inner)]


LEAVES = dict(leaves(typer.main.get_command(build())))
NUMBERS = [
    (words, param)
    for words, command in LEAVES.items()
    for param in command.params
    if "int" in str(param.type_descriptor.annotation)
]


@pytest.fixture
def run(tmp_path):
    where = {"ATIENDE_MODE": "test", "ATIENDE_DATA_DIR": str(tmp_path), "COLUMNS": "200"}
    where["ATIENDE_CONFIG"] = str(ROOT / "config.yaml")
    return lambda *words: CliRunner().invoke(build(), list(words), env=where)


def called(words, bad):
    """Return the whole call of a command with ``bad`` as its one number."""
    param = dict(NUMBERS)[words]
    return [*words, *([param.opts[0], bad] if param.param_type_name == "option" else ["--", bad])]


@every_row("words", LEAVES, ids=" ".join)
def test_an_option_that_does_not_exist_is_named(run, words):
    result = run(*words, "--no-existe")
    assert result.exit_code == 2
    assert "--no-existe" in result.output


@every_row("words", [words for words, one in LEAVES.items() if any(p.required for p in one.params)], ids=" ".join)
def test_an_argument_that_is_missing_is_named(run, words):
    result = run(*words)
    assert result.exit_code == 2
    needed = next(param for param in LEAVES[words].params if param.required)
    assert (needed.metavar or needed.name).lower() in result.output.lower()


@every_row("bad", ["abc", "1.5", "-3", "99999999999999999999999", ""])
@every_row("words", [words for words, _ in NUMBERS], ids=" ".join)
def test_what_is_not_a_good_number_is_answered_with_one(run, words, bad):
    result = run(*called(words, bad))
    assert result.exit_code == 2, result.output
    assert "For example: " in result.output
    assert repr(bad) in result.output
    for word in JARGON:
        assert word not in result.output


@every_row(
    ("words", "says"),
    [
        (["cases", "show", "abc"], "for example 2026001"),
        (["cases", "answer", "abc", "x"], "for example 2026001"),
        (["cases", "move", "abc", "EN_TRAMITE"], "for example 2026001"),
        (["cases", "list", "--estado", "nada"], "known: RADICADO"),
        (["cases", "list", "--tipo", "nada"], "known: peticion"),
        (["outbox", "list", "--state", "nada"], "queued, sending"),
        (["train", "--data", "/no/existe"], "'/no/existe' does not exist"),
        (["draw", "ayuda", "--folder", "/no/existe"], "'/no/existe' does not exist"),
        (["parse", "hola", "--model", "/no/existe"], "'/no/existe' does not exist"),
        (["test", "/no/existe"], "/no/existe: no such file"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_cannot_be_read_is_answered_with_what_can(run, words, says):
    result = run(*words)
    assert result.exit_code == 2, result.output
    assert says in " ".join(result.output.split())


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["deadline", "2026-13-25", "PQR_CONTRATO"], 2, "write for example 2026-03-25T10:15"),
        (["deadline", "ayer", "PQR_CONTRATO"], 2, "write for example 2026-03-25T10:15"),
        (["deadline", "2026-03-25", "X"], 2, "known: PQR_CONTRATO"),
        (["config", "no-existe.yaml"], 1, "cannot be read"),
        (["check", "no-existe"], 1, "there is no such folder"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_the_whole_program_ends_with_the_code_of_the_manual(words, code, says):
    done = subprocess.run(
        [sys.executable, "-m", "bot", *words], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == code
    assert says in done.stdout + done.stderr
    assert len((done.stdout + done.stderr).splitlines()) <= 2
    assert "Traceback" not in done.stderr
