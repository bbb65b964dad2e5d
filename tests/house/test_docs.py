"""The documents tell the truth: what exists is told, and what is told exists."""

import importlib
import re
from typing import get_args

import typer

from bot.cli import COMMANDS, build
from bot.turn.effects import HANDLERS
from dialogs.engine.commands import Command
from dialogs.engine.effects import Effect
from tests.house.repository import ROOT, files, short, text
from tests.support.rows import every_row

DOCS = files(".md", under=("docs",))
COMMAND = re.compile(r"(?<![\w/.-])atiende ([a-z-]+)")
TARGET = re.compile(r"(?<![\w-])make ([a-z-]+)")


@every_row("name", COMMANDS)
def test_every_command_is_in_the_manual_and_has_help(name):
    assert f"`atiende {name}`" in text("docs/operacion.md")
    app = typer.Typer()
    importlib.import_module(f"bot.cli.{name}").register(app)
    registered = [*app.registered_commands, *app.registered_groups]
    assert registered
    for one in app.registered_commands:
        assert one.callback is not None
        assert one.callback.__doc__


def code_of(path):
    """Return what a document says to type: its inline code and its shell."""
    words = path.read_text(encoding="utf-8")
    shell = re.findall(r"^```sh\n(.*?)^```", words, re.MULTILINE | re.DOTALL)
    words = re.sub(r"^```.*?^```", "", words, flags=re.MULTILINE | re.DOTALL)
    return "\n".join([*shell, *re.findall(r"`[^`\n]+`", words)])


def test_no_document_names_a_command_that_does_not_exist():
    for path in DOCS:
        for found in COMMAND.findall(code_of(path)):
            assert found in COMMANDS, f"{short(path)}: atiende {found}"


def test_the_command_line_starts():
    assert build().registered_commands


def test_every_chore_that_a_document_names_is_in_the_makefile():
    targets = set(re.findall(r"^([a-z-]+):", text("Makefile"), re.MULTILINE))
    for path in DOCS:
        for found in TARGET.findall(code_of(path)):
            assert found in targets, f"{short(path)}: make {found}"
    assert {"demo", "test", "bench", "lint", "lock"} <= targets


@every_row("kind", [*get_args(Command), *get_args(Effect)], ids=lambda kind: kind.__name__)
def test_every_command_and_effect_of_the_engine_is_in_the_architecture(kind):
    assert f"| `{kind.__name__}` |" in text("docs/architecture.md")


def test_the_facts_of_the_architecture_are_those_that_can_be_applied():
    told = text("docs/architecture.md").split("### Facts")[1].split("\n## ")[0]
    assert sorted(re.findall(r"^\| `(\w+)` \|", told, re.MULTILINE)) == sorted(HANDLERS)


def test_the_rooms_of_the_architecture_are_those_that_exist():
    told = text("docs/architecture.md").split("| Room of `bot` |")[1].split("**Foreseen")[0]
    named = {room for line in told.splitlines() for room in re.findall(r"`bot/(\w+)(?:\.py)?`", line.split(" | ")[0])}
    there = {path.stem for path in (ROOT / "bot").iterdir() if not path.name.startswith("_")}
    assert named == there
    foreseen = text("docs/architecture.md").split("**Foreseen")[1].split("\n\n")[0]
    for room in re.findall(r"`(\w+)` \(|, `(\w+)`\.", foreseen):
        assert not (ROOT / "bot" / "".join(room)).exists()


def test_every_figure_of_the_benchmarks_is_explained():
    told = text("docs/benchmarks.md").split("## What is measured")[1].split("## The last run")[0]
    named = re.findall(r"^\| ([^|]+?) \|", told, re.MULTILINE)[1:]
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests/benchmarks").glob("*.py"))
    measured = re.findall(r"Figure\(\s*\"([^\"]+)\"", sources)
    assert sorted(name for name in named if not name.startswith("--")) == sorted(measured)


def test_every_job_is_in_the_manual():
    jobs = {path.stem for path in (ROOT / "bot/scheduler/jobs").glob("*.py")} - {"__init__"}
    told = set(
        re.findall(r"^\| `([a-z_]+)` \|", text("docs/operacion.md").split("## Trabajos programados")[1], re.MULTILINE)
    )
    assert jobs == told


def test_every_link_of_a_document_leads_somewhere():
    for path in DOCS:
        words = re.sub(r"^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", words):
            if not target.startswith(("http:", "https:", "mailto:")):
                assert (path.parent / target).exists(), f"{short(path)}: {target}"


def test_decisions_are_numbered_without_gaps_and_dated():
    found = sorted((ROOT / "docs/adr").glob("*.md"))
    assert [int(path.name[:4]) for path in found] == list(range(len(found)))
    for path in found[1:]:
        words = path.read_text(encoding="utf-8")
        assert re.match(rf"# {int(path.name[:4])}\. ", words)
        assert re.search(r"^Status: (proposed|accepted|replaced by .+)\. Date: \d{4}-\d\d-\d\d\.", words, re.MULTILINE)
        for part in ("## Why it came up", "## What was decided", "## What follows", "## What else was possible"):
            assert part in words


def test_the_readme_promises_only_what_is_there():
    for folder in re.findall(r"^\| `([\w/]+)/` \|", text("README.md"), re.MULTILINE):
        assert (ROOT / folder).is_dir()
    assert "screenshot" not in text("README.md").lower()
