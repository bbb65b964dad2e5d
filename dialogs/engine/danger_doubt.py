"""Where a message may speak of danger and nobody can be sure, one short question goes before what it also asks for."""

from __future__ import annotations

from collections.abc import Sequence

from dialogs.engine import patterns
from dialogs.engine.commands import Command, StartFlow
from dialogs.engine.conversation import Conversation
from dialogs.engine.flow import Dialogs
from dialogs.engine.heard import Heard

#: The flow that asks; without it nothing is asked.
FLOW = "duda_de_peligro"
#: The slot that keeps the words in doubt for the report, should they be a danger.
DOUBTED_WORDS = "aviso_dudoso"


def asked_about(
    found: Sequence[Command], talk: Conversation, heard: Heard, dialogs: Dialogs, *, is_asked: bool
) -> tuple[Command, ...]:
    """Return the commands of a message, with the question about danger on top where ``heard`` is in doubt.

    Errands that the message begins follow after a no. While an answer is awaited (``is_asked``) nothing is asked: «no sé,
    no estoy en la casa» is an answer too.
    """
    kind = str(heard.extra.get("danger_doubt") or "")
    if not kind or FLOW not in dialogs.flows or heard.payload or heard.media:
        return tuple(found)
    if is_asked and not patterns.idle(talk, dialogs):
        return tuple(found)
    errands = tuple(command for command in found if isinstance(command, StartFlow))
    if any(
        dialogs.flows[each.flow].priority in ("emergency", "first") for each in errands if each.flow in dialogs.flows
    ):
        return tuple(found)
    told = {"tipo_emergencia": kind, DOUBTED_WORDS: heard.text.strip(), "hay_peligro": None}
    return (*errands, StartFlow(FLOW, told, explicit=True))
