"""Places where a test may kill the process: ``ATIENDE_FAILPOINT=name`` arms exactly one."""

from __future__ import annotations

import os

#: Every boundary a turn crosses, in the order in which it crosses them.
FAILPOINTS = (
    "before_accept_commit",
    "after_accept_commit",
    "before_understand",
    "before_action",
    "after_action",
    "before_turn_commit",
    "inside_turn_commit",
    "after_turn_commit",
    "before_claim",
    "after_claim_before_send",
    "after_send_before_mark",
    "after_mark",
)

_ARMED = os.environ.get("ATIENDE_FAILPOINT", "")
_EXIT_LIKE_KILL_9 = 137


def failpoint(name: str) -> None:
    """Die at once, without cleaning up, if the environment armed ``name`` (one of ``FAILPOINTS``)."""
    if _ARMED and _ARMED == name:
        os._exit(_EXIT_LIKE_KILL_9)
