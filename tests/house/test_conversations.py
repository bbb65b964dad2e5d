"""Every errand has a conversation that is played through the true turn, and every setting is used by somebody."""

import ast
import asyncio

import pytest

from bot.e2e.read import read_cases
from bot.e2e.run import run
from bot.kernel.clock import BOGOTA
from bot.kernel.config import load_settings
from bot.kernel.config_model import Settings
from bot.model_file import fresh_model
from bot.simulator import DAY_OF_SCRIPTS, simulator
from tests.house.repository import PACKAGES, ROOT, files
from tests.support.settings import make_settings
from tests.support.shipped import shipped
from tests.support.witness import Witness, not_shown

SCRIPTS = ROOT / "tests" / "conversations"
#: A crash or an upgrade begins these, the lack of a flow `menu`, or a model or a table of danger that cannot decide (which sentence that is
#: changes with every example that is added), or only we begin them, after staff answered; tests/engine and tests/turn do.
NO_WORDS_BEGIN = {
    "calificar_caso", "pattern_internal_error", "pattern_code_change", "pattern_menu", "pattern_clarification",
    "ver_mensajes", "duda_de_peligro",
}  # fmt: skip


@pytest.fixture(scope="module")
def scripts():
    return read_cases([str(SCRIPTS)])


@pytest.fixture(scope="module")
def played(scripts, tmp_path_factory):
    """Every script, played once: the report, and what each of them caused."""
    return asyncio.run(play(scripts, tmp_path_factory.mktemp("guiones")))


async def play(scripts, folder):
    settings = make_settings(folder)
    # Training takes seconds, and the model of the examples is the same wherever it lies.
    trained = settings.nlu.model_copy(update={"modelo": load_settings(ROOT / "config.yaml", {}).nlu.modelo})
    settings = settings.model_copy(update={"nlu": trained})
    fresh_model(settings)
    steps = {flow.id: tuple(flow.steps) for flow in shipped().flows.values()}
    async with simulator(settings, DAY_OF_SCRIPTS) as talk:
        witness = Witness(talk)
        return await run(scripts, witness, steps), witness.seen


def test_every_script_goes_as_written_and_every_flow_has_one(played):
    report, _ = played
    assert not report.failed, "\n".join(
        f"{outcome.case.file}:{outcome.failure.line}: {outcome.case.name}: {outcome.failure.differences}"
        for outcome in report.failed
        if outcome.failure
    )
    visited = report.coverage.visited
    never = [flow for flow in shipped().flows if not visited.get(flow) and flow not in NO_WORDS_BEGIN]
    assert not never, f"no conversation goes through: {', '.join(never)}"


def test_a_script_shows_of_its_errand_what_it_declares(scripts, played):
    _, seen = played
    untrue = [
        f"{case.file}:{case.line}: {case.name}: {case.errand} shows no {', no '.join(missing)}"
        for case in scripts
        if case.shows and (missing := not_shown(case, seen.get((case.file, case.name), [])))
    ]
    assert not untrue, "\n".join(untrue)


def test_every_clock_of_a_script_is_read_in_bogota(scripts):
    assert all(case.now.tzinfo is not None for case in scripts if case.now)
    assert BOGOTA.key == "America/Bogota"


def sections(model, where=()):
    for name, field in model.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and hasattr(inner, "model_fields"):
            yield from sections(inner, (*where, name))
        else:
            yield (*where, name)


def test_every_setting_is_used_by_somebody():
    told_whole = {"empresa"}
    used = set()
    for path in files(".py", under=PACKAGES):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        used |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    unused = [".".join(where) for where in sections(Settings) if where[0] not in told_whole and where[-1] not in used]
    assert not unused
