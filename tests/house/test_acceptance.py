"""The ten acceptance tests of the domain document (§12) exist and are found by their number, «aceptación N»."""

import re

import pytest

from tests.house.repository import ROOT

_NAMED = re.compile(r"(?:test_case: |\"\"\")aceptación (\d+)\b", re.IGNORECASE)
_PLACES = ("conversations/es/*.yml", "*/test_*.py")


@pytest.fixture(scope="module")
def named():
    files = (path for place in _PLACES for path in (ROOT / "tests").glob(place))
    return {int(found) for path in files for found in _NAMED.findall(path.read_text(encoding="utf-8"))}


@pytest.mark.parametrize("number", range(1, 11))
def test_an_acceptance_test_stands_by_its_number(number, named):
    assert number in named
