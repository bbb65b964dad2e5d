"""What can go wrong with the law's part; every text is fit for an operator and holds no personal data.

LawError
├── CatalogError      a file of dialogs/catalog is wrong; carries every problem with file and line
├── HolidaysMissing   the calendar does not know the holidays of a year it needs, or knows them wrongly
├── UnknownTerm       no such key in the terms matrix; the text lists the known ones
├── BadMoment         a text is not a moment or a date
├── BadTemplate       the template of the radicado cannot number cases
├── UnknownKind       no such type of PQR in the catalog
└── MoveRefused       a case may not go from its state to that one, or not by that person
"""

from __future__ import annotations

from bot.kernel import errors
from bot.kernel.errors import AtiendeError, Unreadable


class LawError(AtiendeError):
    """Root of the errors of the law's part."""


class CatalogError(errors.CatalogError, LawError):
    """A file of the catalog is wrong; see ``bot.kernel.errors.CatalogError``."""


class HolidaysMissing(LawError):
    """The calendar does not know, or knows wrongly, the holidays of a year it needs."""


class UnknownTerm(LawError, Unreadable):
    """No such key in the terms matrix."""


class BadMoment(LawError, Unreadable):
    """A text is neither a moment nor a date."""


class BadTemplate(LawError):
    """The template of the radicado cannot number cases."""


class UnknownKind(LawError):
    """No such type of PQR in the catalog."""


class MoveRefused(LawError):
    """A case may not go from its state to the wanted one, or not by that person."""
