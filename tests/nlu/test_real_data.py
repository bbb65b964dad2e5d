"""The language data that ship with Atiende: valid, trained in time, and heard well enough on the held-out sentences."""

from __future__ import annotations

import statistics
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.nlu.data import read_data, read_with_issues
from bot.nlu.emergencies import detect
from bot.nlu.model import OUT_OF_SCOPE, Model
from bot.nlu.train import train
from bot.nlu.validate import check_examples, check_registry

NLU_DATA = Path(__file__).resolve().parents[2] / "nlu_data"


@pytest.fixture(scope="module")
def said():
    """Every sentence with its intent: what is trained on and what is held out."""
    return [*read_data(NLU_DATA).examples, *read_data(NLU_DATA, tests=True).examples]


def test_the_data_are_valid_and_what_is_held_out_is_of_known_intents():
    data, issues = read_with_issues(NLU_DATA)
    held_out, more = read_with_issues(NLU_DATA, tests=True)
    everything = (*issues, *more, *check_examples(data, is_strict=True), *check_registry(NLU_DATA, data))
    assert [str(issue) for issue in everything if issue.severity == "error"] == []
    assert set(held_out.intents) <= set(data.intents)


def test_the_lexicon_alone_hears_nearly_every_emergency(said):
    emergencies = [example.text for example in said if example.intent == "emergencia"]
    missed = [text for text in emergencies if not detect(text)]
    assert len(missed) <= len(emergencies) // 50, missed


def test_the_lexicon_raises_few_false_alarms(said):
    others = [example for example in said if example.intent != "emergencia"]
    alarms = [(example.intent, example.text) for example in others if detect(example.text)]
    assert len(alarms) < len(others) / 100, alarms


@pytest.mark.slow
def test_the_model_is_quick_small_and_good_enough(tmp_path):
    started = time.process_time()
    train(NLU_DATA, tmp_path / "m.npz", now=datetime(2026, 3, 18, tzinfo=UTC))
    assert time.process_time() - started < 60
    assert (tmp_path / "m.npz").stat().st_size < 25_000_000
    model = Model.load(tmp_path / "m.npz")
    right, strangers, spent = [], [], []
    for example in read_data(NLU_DATA, tests=True).examples:
        before = time.perf_counter()
        ranking, beyond = model.rank(example.text)
        spent.append(time.perf_counter() - before)
        if example.intent == OUT_OF_SCOPE:
            strangers.append(beyond > 0.5)
        else:
            right.append(next(intent.name for intent in ranking if intent.name != OUT_OF_SCOPE) == example.intent)
    assert statistics.mean(right) >= 0.9
    assert statistics.mean(strangers) >= 0.6
    assert statistics.median(spent) < 0.002
