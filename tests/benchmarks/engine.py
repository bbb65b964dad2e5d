"""What a step of a flow costs in the pure engine, against writing the conversation as JSON."""

from __future__ import annotations

import json
import time
from pathlib import Path

from dialogs.engine.advance import advance
from dialogs.engine.commands import SetSlot, StartFlow
from dialogs.engine.conversation import Conversation
from dialogs.engine.effects import StepVisited
from dialogs.engine.load import load
from dialogs.engine.store import to_json
from tests.benchmarks.figure import Figure

ROUNDS = 2000


def run() -> list[Figure]:
    """Measure starting a flow and answering its first question."""
    dialogs = load(Path(__file__).parents[2] / "dialogs")
    began, steps = time.perf_counter(), 0
    conversation = Conversation("c")
    for _ in range(ROUNDS):
        conversation, effects, _ = advance(Conversation("c"), [StartFlow("elegir_pqr", explicit=True)], dialogs)
        steps += sum(isinstance(effect, StepVisited) for effect in effects)
        conversation, effects, _ = advance(conversation, [SetSlot("tipo_pqr", "queja")], dialogs)
        steps += sum(isinstance(effect, StepVisited) for effect in effects)
    step = (time.perf_counter() - began) / steps
    began = time.perf_counter()
    for _ in range(ROUNDS):
        json.dumps(to_json(conversation))
    base = (time.perf_counter() - began) / ROUNDS
    return [
        Figure(
            "one step of a flow",
            f"{step * 1e6:.0f} µs",
            f"the conversation as JSON: {base * 1e6:.0f} µs",
            f"{step / base:.2f}",
            "< 100 µs",
            is_met=step < 100e-6,
        )
    ]
