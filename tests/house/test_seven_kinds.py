"""Each errand has at least six scripts, and one of every kind: that it goes well, and the six ways it goes otherwise."""

from typing import get_args

import pytest

from bot.e2e.model import Shown
from bot.e2e.read import read_cases
from bot.kernel.source import read
from tests.house.repository import ROOT
from tests.support.errands import asks_something, errands
from tests.support.rows import every_row

LEAST = 6
#: An errand that asks nothing has no answer to correct or refuse and nothing to wait for: it goes well, also in the middle of another.
OF_ONE_THAT_ONLY_TELLS = {"feliz", "digresion"}
KINDS = get_args(Shown)
#: errand → kind → why no script can show it.
EXCEPTIONS = read(ROOT / "tests" / "house" / "kinds_not_shown.yml").tree


@pytest.fixture(scope="module")
def shown():
    """The scripts of each errand: how many, and the kinds they show."""
    found = {errand: (0, set()) for errand in errands()}
    for case in read_cases([str(ROOT / "tests" / "conversations")]):
        if case.errand:
            assert case.errand in found, f"{case.file}:{case.line}: «{case.errand}» is no errand that people may begin"
            count, kinds = found[case.errand]
            found[case.errand] = (count + 1, kinds | set(case.shows))
    return found


def needed(errand):
    kinds = set(KINDS) if asks_something(errand) else OF_ONE_THAT_ONLY_TELLS
    return kinds - set(EXCEPTIONS.get(errand, {}))


@every_row("errand", errands())
def test_an_errand_has_six_scripts_and_one_of_every_kind(shown, errand):
    count, kinds = shown[errand]
    missing = [kind for kind in KINDS if kind in needed(errand) - kinds]
    assert not missing, f"«{errand}» has no script (x-errand, x-shows) of: {', '.join(missing)}"
    assert count >= LEAST, f"«{errand}» has {count} scripts; write {LEAST - count} more with x-errand: {errand}"


def test_an_exception_names_an_errand_a_kind_and_a_reason_and_is_still_one(shown):
    for errand, kinds in EXCEPTIONS.items():
        assert errand in shown, f"«{errand}» is no errand"
        for kind, reason in kinds.items():
            assert kind in KINDS, f"{errand}: {kind}"
            assert len(str(reason).split()) > 3, f"{errand}: {kind}: say why"
            assert kind not in shown[errand][1], f"«{errand}» shows {kind} by now: take the exception out"
