"""The language data that ship with Atiende: valid, and heard well enough on the held-out sentences."""

from __future__ import annotations

import statistics
from pathlib import Path

import pytest

from bot.nlu.data import read_data, read_with_issues
from bot.nlu.emergencies import detect
from bot.nlu.model import OUT_OF_SCOPE, Model
from bot.nlu.validate import check_examples, check_registry
from tests.support.settings import make_settings, with_model

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


def test_the_model_is_small_and_hears_people_whom_it_never_met(tmp_path):
    settings = with_model(make_settings(tmp_path))
    assert settings.nlu.modelo.stat().st_size < 25_000_000
    model = Model.load(settings.nlu.modelo)
    right, among3, ours, strange = [], [], [], []
    for example in read_data(NLU_DATA, tests=True, held_out="desarrollo").examples:
        ranking, beyond = model.rank(example.text)
        (strange if example.intent == OUT_OF_SCOPE else ours).append(beyond)
        if example.intent != OUT_OF_SCOPE:
            names = [intent.name for intent in ranking if intent.name != OUT_OF_SCOPE]
            right.append(names[0] == example.intent)
            among3.append(example.intent in names[:3])
    assert statistics.mean(right) >= 0.88
    assert statistics.mean(among3) >= 0.96
    refused_wrongly = statistics.quantiles(ours, n=20)[-1]
    assert statistics.mean(beyond > refused_wrongly for beyond in strange) >= 0.8
