"""No text, however hostile, stops or slows the understanding."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.nlu.understand import Understanding
from tests.nlu.world import SLOTS, Option, hear

MENU = (Option("Agua", "/SetSlots(servicio=agua)"), Option("Hablar", "/hablar_con_asesor"))
BAIT = {
    "emoji": "😀" * 10_000,
    "one letter": "a" * 4_096,
    "letters apart": "a " * 2_048,
    "one digit": "1" * 4_096,
    "digits apart": "1 " * 2_048,
    "spaces": " " * 10_000 + "y" + " " * 10_000,
    "brackets": "((((" * 1_000,
    "prices": "$1." * 1_300,
    "thousands": "1.234.567 " * 400,
    "mail": "a.a@" * 1_000,
    "spoken mail": "a punto " * 500,
    "streets": "cra 7 # " * 500,
    "street halves": "cra 7 1 " * 500,
    "blocks": "mz c " * 800,
    "roads": "km 5 via tunja " * 250,
    "places": "barrio la " * 400,
    "dates": "el 1 " * 800,
    "slashes": "12/" * 1_300,
    "days": "lunes " * 600,
    "numbers": "uno dos " * 500,
    "thousand": "mil " * 1_000,
    "not": "no es " * 800,
    "and": "y " * 2_000,
    "yes": "si " * 1_300,
    "names": "soy maria " * 400,
    "danger": "cable " * 300 + "casa " * 100 + "caido " * 300,
    "invisible": "\u202e\u200b" * 2_000,
    "ligatures": "ﷺ" * 4_096,
    "markup": "<script>{{7*7}}</script>" * 150,
    "sql": "'; DROP TABLE cases; --" * 150,
    "other script": "привет как дела " * 250,
    "surrogates": "\ud800" * 2_000,
    "newlines": "\n" * 4_096,
}


@pytest.mark.parametrize("text", BAIT.values(), ids=BAIT.keys())
def test_hostile_text_is_heard_in_bounded_time(text):
    understanding = Understanding()
    hear("hola", understanding=understanding)
    spent = []
    for asked in ("cuenta", "relato", "dia", "lugar", "valor"):
        started = time.process_time()
        hear(text, asked, understanding=understanding, menu=MENU)
        spent.append(time.process_time() - started)
    # Not a measure of speed (see tests/benchmarks): a pattern that backtracks without end takes minutes.
    assert min(spent) < 1


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
