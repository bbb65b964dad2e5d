"""What can go wrong with the neighbourhood's part; every text is fit for an operator and holds no personal data.

CommunityError
├── NoSuchThing      there is no leader, work, commitment, time or badge under that number
└── StepRefused      it cannot be done from how things stand; the text says what can
"""

from __future__ import annotations

from bot.kernel.errors import AtiendeError


class CommunityError(AtiendeError):
    """Root of the errors of the neighbourhood's part."""


class NoSuchThing(CommunityError):
    """There is nothing under that number."""


class StepRefused(CommunityError):
    """It cannot be done from how things stand."""
