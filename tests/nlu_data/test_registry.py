"""The registry says of every intent and entity what it means, where it ends and what a mistake costs."""

from __future__ import annotations

from typing import Any

import yaml

from tests.nlu_data import corpus

IMPORTANCE = {"vital", "alta", "media", "baja"}


def _registry() -> dict[str, Any]:
    return dict(yaml.safe_load((corpus.NLU_DATA / "registro.yml").read_text(encoding="utf-8")))


def test_the_registry_names_every_intent_and_no_other() -> None:
    assert set(_registry()["intents"]) == corpus.INTENTS


def test_the_registry_names_every_entity_and_no_other() -> None:
    assert set(_registry()["entidades"]) == corpus.ENTITIES


def test_every_intent_says_what_it_is_what_it_is_not_and_its_importance() -> None:
    for name, intent in _registry()["intents"].items():
        assert set(intent) == {"grupo", "importancia", "es", "no_es", "confundible_con"}, name
        assert intent["importancia"] in IMPORTANCE, name
        assert intent["es"].strip(), name
        assert intent["no_es"].strip(), name


def test_confusable_intents_exist_and_are_not_the_intent_itself() -> None:
    for name, intent in _registry()["intents"].items():
        assert set(intent["confundible_con"]) <= corpus.INTENTS - {name}, name


def test_every_entity_has_a_meaning_and_an_example_of_its_value() -> None:
    for name, entity in _registry()["entidades"].items():
        assert set(entity) == {"importancia", "es", "ejemplo"}, name
        assert entity["importancia"] in IMPORTANCE, name
        assert entity["ejemplo"], name


def test_only_emergencies_are_vital() -> None:
    assert [name for name, intent in _registry()["intents"].items() if intent["importancia"] == "vital"] == [
        "emergencia"
    ]
