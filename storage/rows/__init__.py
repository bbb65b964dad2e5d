"""The tables, one class a table; a row knows columns and no behaviour."""

from storage.rows import (
    agreements,
    billing,
    cases,
    community,
    company,
    disputes,
    identity,
    knowledge,
    learning,
    messages,
    notices,
    people,
    providers,
    reports,
    work,
)
from storage.rows.base import Row

#: Every table, for the migrations and their test.
METADATA = Row.metadata
__all__ = [
    "METADATA",
    "Row",
    "agreements",
    "billing",
    "cases",
    "community",
    "company",
    "disputes",
    "identity",
    "knowledge",
    "learning",
    "messages",
    "notices",
    "people",
    "providers",
    "reports",
    "work",
]
