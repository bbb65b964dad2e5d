"""One-time codes: only a keyed hash is kept, bound to one conversation, one account and one purpose."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from sqlalchemy import bindparam, delete, func, insert, select, update

from storage.repos.base import Repo, fixed
from storage.rows.base import table
from storage.rows.identity import OneTimeCodeRow

_codes = table(OneTimeCodeRow)
_c = _codes.c

Tried = Literal["bien", "mal", "mal_ya_contado", "vencido", "agotado"]

_LIVE_STATES = (fixed("open"), fixed("right"))
_WHICH = (
    _c.conversation_id == bindparam("whose"),
    _c.cuenta == bindparam("of_account"),
    _c.purpose == bindparam("what"),
    _c.state.in_(_LIVE_STATES),
)
_LIVE = select(_codes).where(*_WHICH)
#: Held until the transaction ends, so that guesses made at once are judged one after another.
_LIVE_HELD = _LIVE.with_for_update()
_CLOSE = update(_codes).where(*_WHICH).values(state=fixed("over"))
_ADD = insert(_codes).inline()
_COUNT = (
    update(_codes)
    .where(_c.id == bindparam("which"), _c.state == fixed("open"))
    .values(tries=_c.tries + 1, state=bindparam("becomes"), last_call=bindparam("by"))
)
_USE = (
    update(_codes)
    .where(*_WHICH, _c.state == fixed("right"), _c.expires_at > bindparam("now"))
    .values(state=fixed("used"))
)
_SENT = select(func.count()).where(_c.conversation_id == bindparam("whose"), _c.at >= bindparam("since"))
_SENT_FOR = select(func.count()).where(_c.cuenta == bindparam("of_account"), _c.at >= bindparam("since"))
_FORGET = delete(_codes).where(_c.conversation_id == bindparam("whose"))


@dataclass(frozen=True, slots=True)
class CodeRecord:
    """A code that may still be answered; ``tries`` were made so far."""

    id: int
    medio: str
    at: datetime
    expires_at: datetime
    tries: int
    state: str


class Codes(Repo):
    """The ``one_time_codes`` table."""

    def live(self, conversation_id: str, cuenta: str, purpose: str) -> CodeRecord | None:
        """Return the code that is awaited, expired or not, or None."""
        row = self._first(_LIVE, {"whose": conversation_id, "of_account": cuenta, "what": purpose})
        return None if row is None else CodeRecord(row.id, row.medio, row.at, row.expires_at, row.tries, row.state)

    def add(
        self,
        conversation_id: str,
        cuenta: str,
        purpose: str,
        code: str,
        *,
        medio: str,
        at: datetime,
        expires_at: datetime,
    ) -> None:
        """Keep the hash of a fresh code; the one before it is worth nothing from now on."""
        self.close(conversation_id, cuenta, purpose)
        self._run(
            _ADD,
            {
                "conversation_id": conversation_id,
                "cuenta": cuenta,
                "purpose": purpose,
                "medio": medio,
                "code_hash": self._hash(conversation_id, cuenta, purpose, at, code),
                "at": at,
                "expires_at": expires_at,
                "tries": 0,
                "state": "open",
            },
        )

    def try_code(
        self, conversation_id: str, cuenta: str, purpose: str, typed: str, *, call: str, most: int, now: datetime
    ) -> Tried:
        """Count a try and say what came of it; the same ``call`` again gets the same answer and counts once.

        ``mal_ya_contado`` is a wrong try that this call made before. ``agotado`` when there is no code left to answer: none was sent, it was used, or ``most`` tries were made.
        """
        row = self._first(_LIVE_HELD, {"whose": conversation_id, "of_account": cuenta, "what": purpose})
        if row is None:
            return "agotado"
        if row.expires_at <= now:
            return "vencido"
        if row.last_call == call:
            return "bien" if row.state == "right" else "mal_ya_contado"
        fits = hmac.compare_digest(row.code_hash, self._hash(conversation_id, cuenta, purpose, row.at, typed))
        becomes = "right" if fits else "over" if row.tries + 1 >= most else "open"
        if self._run(_COUNT, {"which": row.id, "becomes": becomes, "by": call}).rowcount != 1:
            return "agotado"
        return "bien" if fits else "mal"

    def use(self, conversation_id: str, cuenta: str, purpose: str, now: datetime) -> bool:
        """Take the proof of a code answered rightly; it is given once."""
        values = {"whose": conversation_id, "of_account": cuenta, "what": purpose, "now": now}
        return self._run(_USE, values).rowcount == 1

    def sent_since(self, conversation_id: str, cuenta: str, since: datetime) -> tuple[int, int]:
        """Return how many codes were asked for in the conversation, and how many for the account, from ``since`` on."""
        mine = self._run(_SENT, {"whose": conversation_id, "since": since}).scalar_one()
        everybody = self._run(_SENT_FOR, {"of_account": cuenta, "since": since}).scalar_one()
        return int(mine), int(everybody)

    def close(self, conversation_id: str, cuenta: str, purpose: str) -> None:
        """Make the code that is awaited worth nothing."""
        self._run(_CLOSE, {"whose": conversation_id, "of_account": cuenta, "what": purpose})

    def forget(self, conversation_id: str) -> None:
        """Erase the codes of a conversation."""
        self._run(_FORGET, {"whose": conversation_id})

    def _hash(self, conversation_id: str, cuenta: str, purpose: str, at: datetime, code: str) -> str:
        return self._keys.blind(
            "\x00".join((conversation_id, cuenta, purpose, at.astimezone(UTC).isoformat(), code)), "one_time_codes"
        )
