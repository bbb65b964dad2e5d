"""Everything that can go wrong, as one tree.

AtiendeError
├── Unreadable             what was asked for on the command line cannot be read; it ends with exit code 2
├── ConfigError            settings are wrong; carries every problem with file and line
├── CatalogError           a file of dialogs/catalog is wrong; carries every problem with file and line
├── DialogsError           flows, domain or language data are wrong; carries every issue found
├── InboundRefused         a channel's payload is not acceptable
│   ├── BadSignature       the sender could not prove who it is
│   │   └── BadHandshake   a provider's greeting without the word that was agreed
│   ├── TooLarge           larger than the channel allows
│   └── Malformed          not the shape the channel promises
├── MediaUnavailable       a file that a person sent cannot be had from the channel
├── ConversationMoved      another turn committed first: repeat the turn
├── ActionError            an action failed, was late or returned something it may not
└── ModelError             the understanding model is missing, damaged or does not fit the domain
"""

from __future__ import annotations


class AtiendeError(Exception):
    """Root of every error this project raises on purpose; its text is fit for an operator."""


class Unreadable(AtiendeError):
    """What was asked for cannot be read; the text shows how it is written, with an example."""


class ConfigError(AtiendeError):
    """Settings are wrong.

    Args:
        problems: one sentence each, with file, line, value seen and what is allowed.
    """

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


class CatalogError(AtiendeError):
    """A file of the catalog is wrong.

    Args:
        problems: one sentence each, beginning with ``file:line:``.
    """

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


class DialogsError(AtiendeError):
    """Flows, domain or language data are wrong; the text lists every issue."""


class InboundRefused(AtiendeError):
    """A channel's payload is not acceptable; carries the HTTP ``status`` to answer with."""

    status = 400


class BadSignature(InboundRefused):
    """The sender could not prove who it is."""

    status = 401


class BadHandshake(BadSignature):
    """A greeting of a provider does not bring the word that was agreed with it."""

    status = 403


class TooLarge(InboundRefused):
    """The payload is larger than the channel allows."""

    status = 413


class Malformed(InboundRefused):
    """The payload does not have the shape the channel promises."""

    status = 400


class MediaUnavailable(AtiendeError):
    """A file that a person sent cannot be had: gone, refused, or the channel is down (``may_retry``)."""

    def __init__(self, message: str, *, may_retry: bool = False) -> None:
        self.may_retry = may_retry
        super().__init__(message)


class ConversationMoved(AtiendeError):
    """Another turn of the same conversation committed first; the caller repeats its turn."""


class ActionError(AtiendeError):
    """An action failed, took too long or returned something it may not."""


class ModelError(AtiendeError):
    """The understanding model is missing, damaged or does not fit the domain."""
