"""Places where a test may kill the process: ``ATIENDE_FAILPOINT=name`` arms exactly one.

``name@3`` spares the first two passages and kills at the third.
"""

from __future__ import annotations

import itertools
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

_ARMED, _, _PASSAGE = os.environ.get("ATIENDE_FAILPOINT", "").partition("@")
_EXIT_LIKE_KILL_9 = 137
_passages = itertools.count(1)


def failpoint(name: str) -> None:
    """Die at once, without cleaning up, if the environment armed ``name`` (one of ``FAILPOINTS``)."""
    if _ARMED and name == _ARMED and next(_passages) >= int(_PASSAGE or 1):
        os._exit(_EXIT_LIKE_KILL_9)
