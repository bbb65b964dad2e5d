"""Every expression of the table is read as it is meant; ``python -m tests.benchmarks entities`` counts them by kind."""

from __future__ import annotations

from bot.nlu.entities import ENTITIES
from tests.nlu.expressions import failures, table
from tests.support.rows import every_row

_FEWEST, _FEWEST_NEGATIVES = 400, 60
#: A pin is no words; the others only say how a slot is answered.
_WORDLESS = {"punto", "respuesta", "cuando"}


@every_row("kind", table())
def test_what_people_say_is_read_as_they_mean_it(kind):
    assert failures(kind) == []


def test_the_table_has_every_kind_and_much_that_only_looks_like_one():
    rows = [row for found in table().values() for row in found]
    assert set(table()) == set(ENTITIES) - _WORDLESS
    assert len(rows) >= _FEWEST
    assert sum(not row.values for row in rows) >= _FEWEST_NEGATIVES
