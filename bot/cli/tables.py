"""Tables that fit the terminal: what a person has to copy is never cut, and what matters least goes first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

_GAP = 1
_ROOMY = 24


@dataclass(frozen=True, slots=True)
class Column:
    """A column: ``folds`` lets its text go over several lines; ``spare`` (1 first) lets it be left out, in that order."""

    title: str
    folds: bool = False
    spare: int = 0


def fitted(console: Console, columns: Sequence[Column], rows: Sequence[tuple[Sequence[str | Text], str]]) -> Table:
    """Return a table of ``rows`` (cells and style) no wider than ``console``, as far as leaving out columns allows.

    Columns that do not fold are shown whole; those that do keep room for their longest word.
    """
    needed = [_needed(column, [cells[place] for cells, _ in rows]) for place, column in enumerate(columns)]
    kept = list(range(len(columns)))
    for place in sorted((place for place in kept if columns[place].spare), key=lambda place: columns[place].spare):
        if sum(needed[one] + _GAP for one in kept) - _GAP <= console.width:
            break
        kept.remove(place)
    table = Table(box=None, padding=(0, _GAP, 0, 0), pad_edge=False, header_style="bold underline")
    for place in kept:
        folds = columns[place].folds
        table.add_column(
            columns[place].title, no_wrap=not folds, min_width=needed[place], overflow="fold" if folds else "ignore"
        )
    for cells, style in rows:
        table.add_row(*(cells[place] for place in kept), style=style)
    return table


def _needed(column: Column, cells: Sequence[str | Text]) -> int:
    lines = [column.title, *(str(cell) for cell in cells)]
    if not column.folds:
        return max(cell_len(line) for line in lines)
    return min(_ROOMY, max((cell_len(word) for line in lines for word in line.split()), default=1))
