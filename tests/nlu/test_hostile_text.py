"""No text, however hostile, stops or slows the understanding, and each has a defined answer."""

from __future__ import annotations

import importlib
import pkgutil
import re
import time
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bot.nlu
from bot.nlu.cued import Cued
from bot.nlu.entities.found import MOST_THINGS
from bot.nlu.normalise import LONGEST, fold
from bot.nlu.understand import LONGEST_KEPT, Understanding
from tests.nlu.bait import BAIT, MAIL, PIECES, grown
from tests.nlu.world import SLOTS, Option, answer_to, hear
from tests.support.rows import every_row

MENU = (Option("Agua", "/SetSlots(servicio=agua)"), Option("Hablar", "/hablar_con_asesor"))
SIZES = (512, 2_048)
#: Four times the text may take so many times as long; a pattern that looks at every pair of places takes sixteen.
MOST_GROWTH = 9
#: Seconds below which a measure is noise.
NOISE = 0.001

#: Patterns that are never run over a whole message, and what they are run over instead.
BOUNDED = {
    "bot.nlu.normalise._DRAWN_OUT_LR": "a word of 64 letters",
    "bot.nlu.clauses._CUT": "a text whose runs of spaces are one space",
    "bot.nlu.noise._WORD": "whole words of examples",
    "bot.nlu.options._BELOW_ZERO": "the beginning of a text",
}


def growth(work, text_of):
    """How many times as long ``work`` takes over the longer text; at best of five, and 0 when it is too quick to tell."""
    best = float("inf")
    for attempt in range(5):
        spent = []
        for size in SIZES:
            text = text_of(size) + " " * attempt
            started = time.process_time()
            work(text)
            spent.append(time.process_time() - started)
        if spent[1] < NOISE:
            return 0
        best = min(best, spent[1] / max(spent[0], NOISE / 16))
        if best <= MOST_GROWTH:
            break
    return best


def patterns():
    """Every compiled pattern of the understanding, by the name of the module and variable that holds it."""
    found = {}

    def look(value, where, depth=0):
        if isinstance(value, Cued):
            value = value.pattern
        if isinstance(value, re.Pattern):
            found.setdefault(value, where)
        elif depth < 4 and isinstance(value, (tuple, list, set, frozenset)):
            for inner in value:
                look(inner, where, depth + 1)
        elif depth < 4 and isinstance(value, dict):
            look(list(value.values()), where, depth)

    for module in pkgutil.walk_packages(bot.nlu.__path__, "bot.nlu."):
        for name, value in vars(importlib.import_module(module.name)).items():
            look(value, f"{module.name}.{name}")
    return found


def test_no_pattern_looks_at_every_pair_of_places():
    found = patterns()
    assert len(found) > 80
    assert set(BOUNDED) <= set(found.values())
    slow = []
    for pattern, where in found.items():
        if where in BOUNDED:
            continue
        for piece in PIECES:
            for end in ("", "!"):
                text = fold(grown(piece, SIZES[1]) + end).text
                if not text:
                    continue

                def work(said, pattern=pattern):
                    for _ in pattern.finditer(said):
                        pass

                if growth(work, lambda size, text=text, end=end: text[:size] + end) > MOST_GROWTH:
                    slow.append((where, piece, end))
    assert slow == []


@every_row("piece", PIECES, ids=repr)
def test_the_time_of_hearing_grows_with_the_length_and_not_with_its_square(piece):
    understanding = Understanding()
    for asked in ("", "lugar"):
        heard = partial(hear, asked=asked, understanding=understanding, menu=MENU)
        assert growth(heard, partial(grown, piece)) <= MOST_GROWTH, asked


@every_row("text", BAIT.values(), ids=BAIT.keys())
def test_whatever_is_written_is_heard_and_no_longer_than_it_is_kept(text):
    for asked in ("", "confirma"):
        heard = hear(text, asked, menu=MENU)
        assert len(heard.text) <= LONGEST_KEPT
        assert heard.extra.get("too_long", False) == (len(text[:LONGEST_KEPT]) > LONGEST and bool(text.strip()))
        assert all(entity.end <= LONGEST for entity in heard.entities)


@every_row("text", ["", " ", "\n\t", "\u200b\u200c", "\u202e\u2066", "\x00\x07", "\ufeff", "\u3164\u2800"])
def test_a_message_of_nothing_that_can_be_seen_says_nothing(text):
    heard = hear(text, "relato")
    assert (heard.ranking, heard.entities, heard.emergency, heard.answer) == ((), (), "", None)


@every_row("text", ["😀", "🦄🦄", "привет как дела", "你好吗", "مرحبا", "Ω≈ç√∫", "?¿?", "...", "ᚠᚢᚦ"])
def test_what_cannot_be_read_is_doubted_and_is_nobodys_errand(text):
    heard = hear(text)
    assert (heard.ranking, heard.entities, heard.emergency) == ((), (), "")
    assert heard.out_of_scope >= 0.5


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("hu\u200bele a g\u200bas", "huele a gas"),
        ("\u202ehuele\u202c a gas", "huele a gas"),
        ("\uff48\uff55\uff45\uff4c\uff45 a gas", "huele a gas"),
        ("h\u0301u\u0301ele a gas", "huele a gas"),
        ("no\ufeff hay\u00a0agua", "no hay agua"),
        ("\U0001d421\U0001d42e\U0001d41e\U0001d425\U0001d41e a gas", "huele a gas"),
    ],
)
def test_what_cannot_be_seen_changes_nothing(text, plain):
    heard, expected = hear(text), hear(plain)
    assert heard.ranking == expected.ranking
    assert heard.emergency == expected.emergency
    assert [(entity.name, entity.value) for entity in heard.entities] == [
        (entity.name, entity.value) for entity in expected.entities
    ]


@every_row("text", ["0", "7", "12345", "2026", "\uff11\uff12\uff13", "٣٤٥", "1" * 40, "99999999999999999999"])
def test_numbers_alone_are_no_errand_and_no_danger(text):
    heard = hear(text)
    assert heard.ranking == ()
    assert heard.emergency == ""


@pytest.mark.parametrize("first", ["0", "\uff10", "\u0660", "\u0966"], ids=["ours", "wide", "arabic", "devanagari"])
def test_digits_of_every_script_are_digits(first):
    said = "".join(chr(ord(first) + digit) for digit in (1, 2, 3, 4, 5, 6))
    assert answer_to("cuenta", said) == "123456"
    assert answer_to("valor", said) == 123456


def test_of_a_pasted_thread_what_was_written_first_is_read():
    heard = hear(MAIL * 40)
    assert {(entity.name, entity.value) for entity in heard.entities} >= {
        ("correo", "juan@ejemplo.co"),
        ("dinero", 120_000),
        ("fecha", "2026-03-16T08:30-05:00"),
    }
    assert len(heard.entities) <= MOST_THINGS
    assert heard.extra["too_long"]
    assert heard.emergency == ""


@settings(max_examples=150, deadline=None)
@given(
    text=st.one_of(
        st.text(max_size=200),
        st.lists(
            st.sampled_from(
                "no es el la cra 7 # 45 - 12 $ 1.234 mil palos y medio lunes 8 : 30 a las @ . , gas huele 2026 03 / sí uno"
                " en quince días cuenta nit 890903938 hace barrio soy María".split()
            ),
            max_size=25,
        ).map(" ".join),
    ),
    asked=st.sampled_from(["", *SLOTS]),
    menu=st.sampled_from([(), MENU]),
)
def test_hearing_never_fails_and_offsets_are_true(text, asked, menu):
    heard = hear(text, asked, menu=menu)
    for entity in heard.entities:
        assert 0 <= entity.start < entity.end <= len(text)
        assert text[entity.start : entity.end] == entity.text
    assert 0 <= heard.out_of_scope <= 1


@settings(max_examples=60, deadline=None)
@given(
    st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=80),
    st.sampled_from(["relato", "nombre", "lugar"]),
)
def test_answers_are_json_and_never_empty(text, asked):
    import json

    answer = hear(text, asked).answer
    if answer is not None:
        assert json.loads(json.dumps(answer.value)) == answer.value
        assert answer.value != ""
