"""The runner says exactly what differed, goes on after a failure, and counts the steps visited."""

import io
import json
import time
from dataclasses import replace

from rich.console import Console

from bot.e2e import report as reports
from bot.e2e.model import GivenMedia, ReplySeen, TurnSeen
from bot.e2e.read import read_cases
from bot.e2e.run import run
from dialogs.engine.effects import (
    ActionRan,
    FlowCancelled,
    FlowCompleted,
    FlowStarted,
    Reply,
    SlotCorrected,
    SlotFilled,
    StepVisited,
)
from tests.e2e.fake import FakeSimulator
from tests.support.rows import every_row

ASK = ReplySeen("radicar_pqr.pide_tipo", "¿Qué quiere radicar?\nElija una.", (("Queja", "/SetSlots(tipo=queja)"),))
SEEN = TurnSeen(
    replies=(ReplySeen("saludo", "Hola, soy\u00a0Atiende."), ASK),
    effects=(
        FlowStarted("radicar_pqr"),
        StepVisited("radicar_pqr", "inicio"),
        SlotFilled("servicio", "agua", "radicar_pqr"),
        Reply("saludo"),
        ActionRan("action_buscar_cuenta"),
        SlotCorrected("valor", 45),
        StepVisited("radicar_pqr", "tipo"),
        Reply("radicar_pqr.pide_tipo", asks="tipo"),
        FlowCompleted("otro", "fin"),
        FlowCancelled("tercero", "medio"),
    ),
    slots={"servicio": "agua", "valor": 45, "nombre": None, "acepta": True},
)
STEPS = {"radicar_pqr": ("inicio", "tipo", "relato"), "otro": ("fin",)}


def scripts(tmp_path, steps, extra=""):
    path = tmp_path / "casos.yml"
    path.write_text(
        f"test_cases:\n  - test_case: uno\n    steps:\n      - user: hola\n{steps}{extra}", encoding="utf-8"
    )
    return read_cases([str(path)])


def assertions(text):
    return "        assertions:\n" + "".join(f"          - {line}\n" for line in text.splitlines())


async def played(tmp_path, steps, turns=None, **options):
    simulator = FakeSimulator({"hola": SEEN, **(turns or {})})
    return await run(scripts(tmp_path, steps), simulator, STEPS, **options), simulator


@every_row(
    "steps",
    [
        "      - utter: saludo\n      - utter: radicar_pqr.pide_tipo\n",
        "      - utter: radicar_pqr.pide_tipo\n",
        "      - bot: 'Hola, soy Atiende.'\n      - bot: '¿Qué quiere radicar? Elija una.'\n",
        "      - slot_was_set: [servicio, valor: 45, acepta: true]\n",
        "      - slot_was_set: [{name: servicio, value: agua}]\n",
        "      - slot_was_set: [valor: '45']\n",
        "      - slot_was_set: [nombre: null, jamas: null]\n",
        "      - slot_was_not_set: [nombre, acepta, servicio: gas]\n",
        assertions("flow_started: radicar_pqr"),
        assertions("flow_started: {operator: any, flow_ids: [radicar_pqr, nada]}"),
        assertions("flow_completed: {flow_id: otro, flow_step_id: fin}\nflow_cancelled: {flow_id: tercero}"),
        assertions("action_executed: action_buscar_cuenta\naction_executed: saludo"),
        assertions(
            "bot_uttered: {utter_name: radicar_pqr.pide_tipo, text_matches: '^¿Qué', buttons: [{title: Queja}]}"
        ),
        assertions("bot_uttered: {buttons: [{payload: /SetSlots(tipo=queja)}]}"),
        assertions("bot_did_not_utter: {utter_name: adios}\nbot_did_not_utter: {text_matches: adiós}"),
        assertions("slot_was_set: [{name: servicio, value: agua}]\nslot_was_not_set: [{name: servicio, value: gas}]"),
        "        assertion_order_enabled: true\n"
        + assertions("flow_started: radicar_pqr\nslot_was_set: [{name: servicio}]\nbot_uttered: {utter_name: saludo}"),
    ],
)
async def test_what_happened_as_written_passes(tmp_path, steps):
    report, _ = await played(tmp_path, steps)
    assert report.outcomes[0].failure is None


@every_row(
    ("steps", "line", "words"),
    [
        ("      - utter: adios\n", 5, "utter: adios"),
        ("      - utter: radicar_pqr.pide_tipo\n      - utter: saludo\n", 6, "utter: saludo"),
        ("      - utter: saludo\n      - utter: saludo\n", 6, "utter: saludo"),
        ("      - bot: Hola\n", 5, "bot: Hola"),
        ("      - slot_was_set: [nombre]\n", 5, "slot_was_set: nombre"),
        ("      - slot_was_set: [servicio: gas]\n", 5, "slot_was_set: servicio: 'gas'"),
        ("      - slot_was_set: [acepta: 1]\n", 5, "slot_was_set: acepta: 1"),
        ("      - slot_was_not_set: [servicio]\n", 5, "slot_was_not_set: servicio"),
        (assertions("flow_started: nada"), 6, "flow_started: nada"),
        (assertions("flow_started: {operator: all, flow_ids: [radicar_pqr, nada]}"), 6, "radicar_pqr, nada"),
        (assertions("flow_started: {operator: any, flow_ids: [a, b]}"), 6, "a or b"),
        (assertions("flow_completed: {flow_id: otro, flow_step_id: otro}"), 6, "flow_completed: otro at otro"),
        (assertions("flow_cancelled: {flow_id: radicar_pqr}"), 6, "flow_cancelled"),
        (assertions("pattern_clarification_contains: [radicar]"), 6, "pattern_clarification_contains: radicar"),
        (assertions("action_executed: action_nada"), 6, "action_executed: action_nada"),
        (assertions("bot_uttered: {utter_name: saludo, text_matches: adiós}"), 6, "bot_uttered: saludo /adiós/"),
        (assertions("bot_uttered: {buttons: [{title: Reclamo}]}"), 6, "[Reclamo]"),
        (assertions("bot_did_not_utter: {utter_name: saludo}"), 6, "bot_did_not_utter: saludo"),
        ("        assertion_order_enabled: true\n"
         + assertions("bot_uttered: {utter_name: saludo}\nflow_started: radicar_pqr"), 8, "after the assertions above"),
    ],
)  # fmt: skip
async def test_what_happened_otherwise_is_told_with_its_line(tmp_path, steps, line, words):
    report, _ = await played(tmp_path, steps)
    assert report.outcomes[0].failure is not None
    difference = report.outcomes[0].failure.differences[0]
    assert difference.line == line
    assert words in difference.expected


async def test_a_clarification_is_read_from_what_was_offered(tmp_path):
    asked = ReplySeen(
        "patron.aclara", "¿Cuál?", (("Radicar un reclamo", "/radicar_reclamo"), ("Consultar", "/consultar"))
    )
    seen = TurnSeen((asked,), (FlowStarted("pattern_clarification"), Reply("patron.aclara")))
    good = assertions("pattern_clarification_contains: [radicar_reclamo, Consultar]")
    report, _ = await played(tmp_path, good, {"hola": seen})
    assert not report.failed
    report, _ = await played(tmp_path, assertions("pattern_clarification_contains: [pagar]"), {"hola": seen})
    assert report.failed


async def test_buttons_places_and_files_reach_the_simulator(tmp_path):
    steps = (
        "      - user: Queja\n        x-kind: button\n"
        "      - user: '4.2052, -75.3101'\n        x-kind: location\n"
        "      - user: foto.jpg, recibo.pdf\n        x-kind: media\n"
    )
    report, simulator = await played(tmp_path, steps)
    assert not report.failed
    assert simulator.said[1:] == [
        ("", "/SetSlots(tipo=queja)", (), None, None),
        ("", "", (), (4.2052, -75.3101), None),
        ("", "", (GivenMedia("foto.jpg", "image/jpeg"), GivenMedia("recibo.pdf", "application/pdf")), None, None),
    ]


async def test_a_button_that_was_not_offered_is_a_failure(tmp_path):
    report, _ = await played(tmp_path, "      - user: Reclamo\n        x-kind: button\n")
    assert report.outcomes[0].failure is not None
    assert report.outcomes[0].failure.differences[0].seen == ("[Queja]",)


SECOND = "  - test_case: dos\n    steps:\n      - user: hola\n"


async def test_a_case_that_breaks_does_not_hide_the_next(tmp_path):
    cases = scripts(tmp_path, "      - user: bomba\n", SECOND)
    simulator = FakeSimulator({"bomba": ZeroDivisionError("x")})
    report = await run(cases, simulator, STEPS)
    assert [outcome.passed for outcome in report.outcomes] == [False, True]
    assert "ZeroDivisionError" in report.failed[0].failure.differences[0].seen[0]
    fast = await run(cases, simulator, STEPS, fail_fast=True)
    assert len(fast.outcomes) == 1


async def test_the_report_shows_expected_and_seen_and_the_coverage(tmp_path):
    report, _ = await played(tmp_path, "      - utter: adios\n")
    out = io.StringIO()
    console = Console(file=out, width=200)
    reports.show_outcome(console, report.outcomes[0])
    reports.show_summary(console, report)
    text = out.getvalue()
    for word in ("✗ uno", "casos.yml:2", "- utter: adios", "+ utter: saludo - «Hola, soy Atiende.»", "[Queja]"):
        assert word in text
    assert "Steps visited: 2 of 4" in text
    assert "relato" in text
    assert "0 passed, 1 failed" in text


async def test_a_run_of_one_file_shows_what_it_touched_and_names_the_rest(tmp_path):
    report, _ = await played(tmp_path, "")
    steps = dict(report.coverage.steps) | {"otro": ("a", "b"), "ajeno": ("c",)}
    report = replace(report, coverage=replace(report.coverage, steps=steps))
    out = io.StringIO()
    reports.show_summary(Console(file=out, width=80), report, every_flow=False)
    assert "2 flows not visited: otro, ajeno" in out.getvalue()
    assert "Steps visited: 2 of 3, in 1 of 3 flows" in out.getvalue()
    whole = io.StringIO()
    reports.show_summary(Console(file=whole, width=80), report)
    assert "Steps visited: 2 of 6" in whole.getvalue()
    assert "0/2" in whole.getvalue()


async def test_a_green_case_is_one_line(tmp_path):
    report, _ = await played(tmp_path, "")
    out = io.StringIO()
    reports.show_outcome(Console(file=out, width=200), report.outcomes[0])
    assert out.getvalue().startswith("✓ uno")
    assert len(out.getvalue().splitlines()) == 1


async def test_programs_read_the_same_report_as_json(tmp_path):
    report, _ = await played(tmp_path, "      - utter: adios\n")
    document = json.loads(reports.as_json(report))
    assert (document["passed"], document["failed"]) == (0, 1)
    assert document["cases"][0]["differences"][0]["expected"] == "utter: adios"
    assert document["coverage"]["radicar_pqr"] == {"steps": 3, "not_visited": ["relato"]}


async def test_hundreds_of_cases_take_a_moment(tmp_path):
    text = "".join(f"  - test_case: c{n}\n    steps:\n      - user: hola\n      - utter: saludo\n" for n in range(400))
    cases = scripts(tmp_path, "", text)
    simulator = FakeSimulator({"hola": SEEN})
    began = time.process_time()
    report = await run(cases, simulator, STEPS)
    assert len(report.outcomes) == 401
    assert not report.failed
    assert time.process_time() - began < 1
    assert [case.name for case in simulator.started[:2]] == ["uno", "c0"]


async def test_silence_and_bursts_reach_the_simulator(tmp_path):
    steps = "      - x-wait: 2h\n      - utter: recuerda\n      - x-burst: [uno, dos]\n      - utter: listo\n"
    told = {7_200: TurnSeen((ReplySeen("recuerda", ""),)), ("uno", "dos"): TurnSeen((ReplySeen("listo", ""),))}
    report, simulator = await played(tmp_path, steps, told)
    assert not report.failed
    assert simulator.said[1:] == [7_200, ("uno", "dos")]
