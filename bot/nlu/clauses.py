"""Cut a message into clauses, so that "sí, y cuánto debo" can be an answer and an errand."""

from __future__ import annotations

import re

from bot.nlu.normalise import fold

#: A message with more words than this tells a story; its parts are not errands of their own.
LONGEST_STORY = 40

_MOST = 4
_FEWEST_WORDS = 2
_CUT = re.compile(
    r"(?:[;!?\n]|\.(?!\d))+\s*|,\s+(?=(?:y|e|pero|tambien|ademas|aparte|cuando|cuanto|como|quiero|necesito|que|me)\b)|"
    r"\s+(?:y de paso|y tambien|y ademas|y aparte|y|pero tambien|ademas|tambien)\s+"
    r"(?=(?:quiero|quisiera|necesito|cuanto|cuando|como|donde|que|me|a que|por que|no|se|ya|hay|vengo|quien|saber|consultar|preguntar|averiguar)\b)"
)


def clauses_of(text: str) -> tuple[str, ...]:
    """Return the clauses of ``text`` (two to four, folded) that can stand alone, or nothing when it is one thought."""
    lines = [" ".join(line.split()) for line in fold(text).text.split("\n")]
    folded = "\n".join(line for line in lines if line)
    if len(folded.split()) > LONGEST_STORY:
        return ()
    parts = [part.strip(" ,¡¿") for part in _CUT.split(folded) if part]
    parts = [part for part in parts if len(part.split()) >= _FEWEST_WORDS][:_MOST]
    return tuple(parts) if len(parts) > 1 or (parts and parts[0] != folded.strip(" ,.;!?¡¿")) else ()
