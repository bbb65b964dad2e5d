"""The shape of a rule of danger: concepts that stand near each other, and what speaks against them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """One way in which danger is told.

    ``window`` is in words; ``not_denied`` lets a "no" before it speak against; ``loose`` says that the words are also
    used for other things: a joke, a course, a name; ``unless_reported`` makes it too weak a sign where the message is
    about a fault that was reported before; ``always`` takes the rule at its word, however calm the learnt table finds it.
    """

    kind: str
    name: str
    groups: tuple[frozenset[str], ...]
    window: int = 7
    unless: frozenset[str] = frozenset()
    not_denied: bool = False
    loose: bool = False
    unless_reported: bool = False
    always: bool = False


def rule(
    kind: str,
    needs: str,
    window: int = 7,
    *,
    unless: str = "",
    not_denied: bool = False,
    loose: bool = False,
    unless_reported: bool = False,
    always: bool = False,
) -> Rule:
    """Return the rule of ``kind`` that needs one concept of each group of ``needs`` ("CABLE|RED_LUZ CAIDO")."""
    groups = tuple(frozenset(group.split("|")) for group in needs.split())
    against = frozenset(unless.split())
    return Rule(kind, f"{kind}: {needs}", groups, window, against, not_denied, loose, unless_reported, always)
