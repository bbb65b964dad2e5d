"""What is looked for only where its cues stand is never missed: every match of such a pattern holds one of them."""

from __future__ import annotations

import importlib
import pkgutil
from re import _constants as kinds
from re import _parser as parser

import pytest

import bot.nlu
from bot.nlu.cued import Cued

SURROUNDINGS = {kinds.AT, kinds.ASSERT, kinds.ASSERT_NOT}


def needs(parsed, cues, before: str = "") -> bool:
    """Whether nothing matches ``parsed``, which follows the letters ``before``, without one of ``cues`` in it."""
    for kind, what in parsed:
        if kind is kinds.LITERAL:
            before += chr(what)
            if any(cue in before for cue in cues):
                return True
            continue
        if kind in SURROUNDINGS:
            continue
        if kind is kinds.BRANCH and all(needs(way, cues, before) for way in what[1]):
            return True
        if kind is kinds.SUBPATTERN and needs(what[3], cues, before):
            return True
        if kind in {kinds.MAX_REPEAT, kinds.MIN_REPEAT} and what[0] and needs(what[2], cues):
            return True
        before = ""
    return False


def test_no_pattern_matches_without_one_of_its_cues():
    found = {}
    for module in pkgutil.walk_packages(bot.nlu.__path__, "bot.nlu."):
        for name, value in vars(importlib.import_module(module.name)).items():
            several = value if isinstance(value, tuple) else (value,)
            found |= {f"{module.name}.{name}": one for one in several if isinstance(one, Cued)}
    assert len(found) > 25
    assert [name for name, one in found.items() if not needs(parser.parse(one.pattern.pattern), one.cues)] == []


@pytest.mark.parametrize(
    ("pattern", "cues", "proved"),
    [
        (r"\bhace (\d+) dias", ("dias",), True),
        (r"\b(?:lunes|martes)\b", ("lunes", "martes"), True),
        (r"\b(?:lunes|martes)\b", ("lunes",), False),
        (r"\bpago(?: en cuotas)?", ("cuotas",), False),
        (r"(?:de )*mes", ("de",), False),
        (r"(?!mes)ano", ("mes",), False),
        (r"el|del", ("el",), True),
    ],
)
def test_the_proof_believes_nothing_that_may_be_left_out(pattern, cues, proved):
    assert needs(parser.parse(pattern), cues) is proved


def test_a_text_with_a_cue_is_searched_and_one_without_is_not():
    cued = Cued(r"\bhace (\d+) dias", "dias")
    assert cued.search("hace 3 dias")[1] == "3"
    assert [match[1] for match in cued.finditer("hace 3 dias, hace 4 dias")] == ["3", "4"]
    assert cued.search("hace 3 meses") is None
    assert list(cued.finditer("hace 3 meses")) == []
