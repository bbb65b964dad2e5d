"""Noise spells as people spell: each kind alone, the same in every run, numbers untouched."""

from __future__ import annotations

import random
import re

import pytest

from bot.nlu.features import words_of
from bot.nlu.noise import KINDS, SLIPS, noisy
from tests.support.rows import every_row

SAID = (
    "Buenas, se fue la luz desde anoche también por favor",
    "quiero hacer un reclamo porque me llegó muy cara la factura",
    "hay un olor a gas en la casa de mi vecino, qué hago",
    "el radicado 20260010004572 de la calle 5 # 4-20, valor $120.000",
    "holi",
)


def spellings(kind, text, tries=200):
    """Every spelling that one kind gives a text in many tries."""
    chance = random.Random(1)
    return {" ".join(KINDS[kind](text.split(), chance)) for _ in range(tries)}


@every_row(
    ("kind", "text", "some"),
    [
        ("accents_lost", "mañana llegó el camión", {"manana llego el camion"}),
        ("accents_added", "agua", {"água", "agúa", "aguá"}),
        ("keyboard", "recibo", {"recbio", "recio", "recino", "reccibo"}),
        ("phonetic", "vaca", {"baca", "vaka"}),
        ("phonetic", "hueso", {"ueso", "weso", "huezo"}),
        ("phonetic", "llego ayer", {"yego ayer", "llego aller"}),
        ("phonetic", "quiso", {"kiso"}),
        ("phonetic", "gente", {"jente"}),
        ("phonetic", "cena", {"sena"}),
        ("phonetic", "zapato", {"sapato"}),
        ("abbreviations", "que", {"q", "k"}),
        ("abbreviations", "por", {"x"}),
        ("abbreviations", "también", {"tmb", "tbn"}),
        ("abbreviations", "por favor", {"porfa", "xfa"}),
        ("spaces", "no hay luz", {"nohay luz", "no hayluz"}),
        ("drawn_out", "hola", {"holaaa", "holaaaaa"}),
    ],
)
def test_each_kind_spells_in_its_own_way(kind, text, some):
    assert some <= spellings(kind, text)


@every_row("kind", KINDS)
@every_row("text", ["", "😀", "12345", "a", "привет как дела", "?¿", "h", "ñ"])
def test_any_text_can_be_spelled(kind, text):
    assert all(isinstance(found, str) for found in spellings(kind, text, tries=20))


@pytest.mark.parametrize("kind", KINDS)
def test_a_number_stays_the_same_number(kind):
    for found in spellings(kind, SAID[3]):
        assert re.findall(r"\d+", found) == re.findall(r"\d+", SAID[3])


@pytest.mark.parametrize("kind", KINDS)
def test_one_kind_alone_can_be_switched_on(kind):
    changed = [noisy(text, random.Random(3), [kind]) != text for text in SAID]
    assert any(changed)


def test_the_same_chance_gives_the_same_spelling():
    for text in SAID:
        assert noisy(text, random.Random(9), list(KINDS)) == noisy(text, random.Random(9), list(KINDS))
    assert len({noisy(SAID[0], random.Random(seed), list(KINDS)) for seed in range(50)}) > 20


def test_long_messages_slip_more_often_than_short_ones():
    def wrong(text):
        chance = random.Random(2)
        pairs = [zip(text.split(), noisy(text, chance, ["keyboard"]).split(), strict=True) for _ in range(200)]
        return sum(left != right for pair in pairs for left, right in pair) / 200

    assert wrong("recibo") == pytest.approx(1, abs=0.2)
    assert 2 < wrong("quiero " * 20) < 5


def test_slips_of_the_finger_are_what_training_adds():
    chance = random.Random(4)
    said = [noisy(SAID[1], chance) for _ in range(300)]
    lost = sum(len(one.split()) < len(SAID[1].split()) for one in said)
    assert set(SLIPS) == {"keyboard", "spaces"}
    assert 0.1 < lost / 300 < 0.5
    assert sum(one != SAID[1] for one in said) > 250


@pytest.mark.parametrize("kind", ["accents_lost", "accents_added", "drawn_out"])
def test_what_normalising_undoes_teaches_nothing(kind):
    for text in SAID:
        for found in spellings(kind, text, tries=30):
            assert words_of(found) == words_of(text)


@pytest.mark.parametrize(("kind", "least"), [("phonetic", 0.9), ("abbreviations", 0.95)])
def test_most_of_what_is_written_by_ear_or_shortened_is_read_back(kind, least):
    same = [words_of(found) == words_of(text) for text in SAID for found in spellings(kind, text)]
    assert sum(same) / len(same) >= least
