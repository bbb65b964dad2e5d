"""The lexicon: values by their synonyms, words by lookups, shapes of numbers by regular expressions."""

from __future__ import annotations

import re
import time

import pytest

from tests.nlu_data import corpus
from tests.support.rows import every_row


def _of(kind: str) -> dict[str, list[str]]:
    return {
        entry[kind]: corpus.lines(entry["examples"])
        for path in corpus.lexicon_files()
        for entry in corpus.entries(path)
        if kind in entry
    }


def test_every_service_has_synonyms() -> None:
    synonyms = _of("synonym")

    assert {"agua", "alcantarillado", "aseo", "energia", "gas"} <= set(synonyms)
    assert "acueducto" in synonyms["agua"]
    assert "luz" in synonyms["energia"]


def test_every_type_of_request_and_yes_and_no_have_synonyms() -> None:
    assert {"peticion", "queja", "reclamo", "recurso", "si", "no"} <= set(_of("synonym"))


def test_no_word_is_a_synonym_of_two_values() -> None:
    owner: dict[str, str] = {}
    for value, words in _of("synonym").items():
        for word in words:
            assert owner.setdefault(corpus.key_of(word), value) == value, (
                f"{word}: {owner[corpus.key_of(word)]}, {value}"
            )


@pytest.mark.parametrize("kind", ["synonym", "lookup", "regex"])
def test_no_list_says_a_word_twice(kind: str) -> None:
    for name, words in _of(kind).items():
        assert sorted({word for word in words if words.count(word) > 1}) == [], name


@every_row(
    ("name", "text"),
    [
        ("radicado", "20260770001232"),
        ("radicado", "2026-077-000123-2"),
        ("cuenta", "póliza 445120"),
        ("cuenta", "contrato número 887401"),
        ("documento", "cédula 1.000.000.001"),
        ("telefono", "300 111 22 33"),
        ("telefono", "+573001112233"),
        ("telefono", "6011234567"),
        ("correo", "prueba@ejemplo.co"),
        ("dinero", "$120.000"),
        ("dinero", "2 palos"),
        ("cuotas", "6 cuotas"),
    ],
)
def test_a_shape_is_recognised(name: str, text: str) -> None:
    assert any(re.search(pattern, text, re.IGNORECASE) for pattern in _of("regex")[name])


@pytest.mark.parametrize("text", ["2026077000123", "202607700012321", "cuenta 445120"])
def test_what_has_not_fourteen_digits_is_no_radicado(text: str) -> None:
    assert not any(re.fullmatch(pattern, text) for pattern in _of("regex")["radicado"])


@pytest.mark.parametrize("hostile", ["1" * 4096, "1." * 2048, "a@" * 2048, "a." * 2048, "cuenta " * 500, "3 " * 2048])
def test_no_shape_can_be_made_slow(hostile: str) -> None:
    patterns = [re.compile(pattern, re.IGNORECASE) for group in _of("regex").values() for pattern in group]
    start = time.process_time()
    for pattern in patterns:
        list(pattern.finditer(hostile))

    assert time.process_time() - start < 0.5


def test_names_of_shapes_are_entities() -> None:
    assert set(_of("regex")) <= corpus.ENTITIES
