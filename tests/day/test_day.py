"""A whole day: three hundred citizens, all errands, mixed channels; at night the books are what the script expects."""

from datetime import datetime

import pytest

from bot.kernel.clock import BOGOTA
from bot.kernel.config import load_settings
from bot.model_file import fresh_model
from tests.day.books import books
from tests.day.script import expected, kinds, moments, play
from tests.day.world import open_day
from tests.house.repository import ROOT
from tests.support.settings import make_settings

#: A Monday before the office opens.
DAWN = datetime(2026, 11, 23, 6, 0, tzinfo=BOGOTA)
NIGHT = DAWN.replace(hour=22)


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    mine = make_settings(tmp_path_factory.mktemp("dia"))
    trained = mine.nlu.model_copy(update={"modelo": load_settings(ROOT / "config.yaml", {}).nlu.modelo})
    mine = mine.model_copy(update={"nlu": trained})
    fresh_model(mine)
    return mine


def differences(found, wanted):
    names = sorted(found.keys() | wanted.keys())
    return [f"{name}: {found[name]} ≠ {wanted[name]}" for name in names if found[name] != wanted[name]]


async def test_a_day_of_three_hundred_citizens_ends_with_the_books_in_order(settings):
    every = kinds()
    async with open_day(settings, DAWN) as day:
        before = await books(day)
        wrong = await play(day, moments(DAWN, every))
        await day.until(NIGHT)
        after = await books(day)
        assert not wrong, "\n".join(wrong[:20])
        after.subtract(before)
        assert differences(after, expected(every)) == []
        assert await day.count("select state, count(*) from inbox group by 1 having state <> 'done'") == {}
        lost = "select state, count(*) from outbox where state not in ('sent', 'delivered', 'read') group by 1"
        assert await day.count(lost) == {}
        assert all(times == 1 for channel in day.channels.values() for times in channel.sent.values())
