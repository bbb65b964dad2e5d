"""The people who are imitated are written down, and every one of them speaks of everything."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import yaml

from tests.nlu_data import corpus
from tests.support.rows import every_row

LIVES = sorted((corpus.SPANISH / "vidas").glob("*.yml"))
#: A life with fewer sentences of an intent than these cannot show how that person says it. Six and more are written; the
#: courtesies that somebody else, or a held-out sentence, says in the same words are dropped.
FEWEST = 4


def _registry() -> dict[str, dict[str, Any]]:
    document = yaml.safe_load((corpus.NLU_DATA / "vidas.yml").read_text(encoding="utf-8"))
    return dict(document["vidas"])


def test_every_life_has_a_file_and_every_file_a_life() -> None:
    assert set(_registry()) == {path.stem for path in LIVES}


def test_a_life_says_where_how_old_what_schooling_what_device_and_what_manner() -> None:
    for name, life in _registry().items():
        assert list(life) == ["region", "edad", "estudios", "aparato", "manera"], name
        assert 10 <= life["edad"] <= 100, name
        for field in ("region", "estudios", "aparato", "manera"):
            assert 0 < len(life[field]) <= 100, f"{name}: {field} is one short line"
            assert "\n" not in life[field], name


def test_the_lives_differ_in_age_and_place() -> None:
    lives = _registry().values()

    assert min(life["edad"] for life in lives) < 25
    assert max(life["edad"] for life in lives) > 75
    assert len({life["region"] for life in lives}) == len(lives)


@every_row("path", LIVES, ids=lambda path: path.stem)
def test_a_life_speaks_of_every_intent(path: Path) -> None:
    said = Counter[str]()
    for entry in corpus.entries(path):
        said[entry["intent"]] += len(corpus.lines(entry["examples"]))

    assert set(said) == corpus.INTENTS
    assert {intent: number for intent, number in said.items() if number < FEWEST} == {}
