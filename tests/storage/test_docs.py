"""The page about the storage names every table and says truly what is sealed and what is never changed."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import LargeBinary

from storage.rows import METADATA
from tests.storage.test_append_only import TABLES
from tests.support.rows import every_row

PAGE = (Path(__file__).parents[2] / "docs" / "almacenamiento.md").read_text(encoding="utf-8")
LINES = {line.split("`")[1]: line.split("|")[1:-1] for line in PAGE.splitlines() if line.startswith("| `")}


@every_row("name", sorted(METADATA.tables))
def test_the_page_describes_the_table(name: str) -> None:
    _, purpose, sealed, append_only = (cell.strip() for cell in LINES[name])
    assert purpose
    is_sealed = any(isinstance(column.type, LargeBinary) for column in METADATA.tables[name].columns)
    assert bool(sealed) == is_sealed
    assert (append_only == "sí") == (name in TABLES)


def test_the_page_describes_no_table_that_does_not_exist() -> None:
    assert set(LINES) == set(METADATA.tables)
