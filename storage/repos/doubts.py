"""What understanding got wrong, until staff have labelled it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from sqlalchemy import bindparam, case, delete, func, select, update

from storage.repos.base import AnyRow, Repo, upsert
from storage.rows.base import table
from storage.rows.learning import NluDoubtChoiceRow, NluDoubtRow

State = Literal["open", "labelled", "discarded", "exported"]

_doubts, _choices = table(NluDoubtRow), table(NluDoubtChoiceRow)
_d, _k = _doubts.c, _choices.c

_KEEP = {
    dialect: statement.on_conflict_do_update(
        index_elements=["text_index"],
        set_={
            "heard": _d.heard + 1,
            "reason": statement.excluded.reason,
            "asked": statement.excluded.asked,
            "ranking": statement.excluded.ranking,
            "model_sha256": statement.excluded.model_sha256,
            "touched_at": statement.excluded.touched_at,
            # Words of two people are of nobody.
            "only_by": case((_d.only_by == statement.excluded.only_by, _d.only_by), else_=None),
        },
    )
    for dialect, statement in upsert(_doubts).items()
}
_CHOOSE = {
    dialect: statement.on_conflict_do_update(index_elements=["doubt_id", "intent"], set_={"times": _k.times + 1})
    for dialect, statement in upsert(_choices).items()
}
_ID = select(_d.id).where(_d.text_index == bindparam("wanted"))
_IN_STATE = (
    select(_doubts).where(_d.state == bindparam("wanted")).order_by(_d.heard.desc(), _d.id).limit(bindparam("most"))
)
_CHOICES = (
    select(_choices)
    .join(_doubts, _d.id == _k.doubt_id)
    .where(_d.state == bindparam("wanted"))
    .order_by(_k.times.desc(), _k.intent)
)
_COUNTS = select(_d.state, func.count()).group_by(_d.state)
_REASON = update(_doubts).where(_d.id == bindparam("which")).values(reason=bindparam("why"))
_OF_ONE = select(_d.id).where(_d.only_by == bindparam("whose"))
#: As many ids as one statement names; SQLite takes no more than some thousands.
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class DoubtRecord:
    """Masked words with what was heard in them.

    ``ranking`` is (intent, confidence), best first; ``choices`` how often people began an errand of each intent next;
    ``asked`` the slot whose question was open, or empty; ``heard`` how often the words were said.
    """

    id: int
    said: str
    reason: str
    asked: str
    ranking: tuple[tuple[str, float], ...]
    heard: int
    language: str
    model_sha256: str
    state: State
    label: str | None
    decided_by: str | None
    first_at: datetime
    touched_at: datetime
    choices: Mapping[str, int] = field(default_factory=dict)


class Doubts(Repo):
    """The ``nlu_doubts`` and ``nlu_doubt_choices`` tables; nothing in them tells who said something."""

    def keep(  # noqa: PLR0913 - a doubt has this many sides
        self,
        said: str,
        key: str,
        at: datetime,
        *,
        reason: str,
        ranking: Sequence[tuple[str, float]],
        conversation_id: str,
        language: str,
        asked: str = "",
        model_sha256: str = "",
        chosen: str = "",
    ) -> None:
        """Keep masked words once more; ``key`` are the words in one spelling, ``chosen`` the intent begun next."""
        index = self._keys.blind(key, "nlu_doubts:text")
        values = {
            "text_index": index,
            "said": self._seal_text(said, _place(index)),
            "reason": reason,
            "asked": asked,
            "ranking": [list(one) for one in ranking],
            "heard": 1,
            "only_by": self._whose(conversation_id),
            "language": language,
            "model_sha256": model_sha256,
            "state": "open",
            "first_at": at,
            "touched_at": at,
        }
        self._run(_KEEP[self._dialect], values)
        if chosen:
            self.choose(key, chosen, reason)

    def choose(self, key: str, intent: str, reason: str) -> None:
        """Note what the person who said something began next, and why it is kept now; unknown words are let be."""
        doubt_id = self._run(_ID, {"wanted": self._keys.blind(key, "nlu_doubts:text")}).scalar()
        if doubt_id is not None:
            self._run(_REASON, {"which": doubt_id, "why": reason})
            self._run(_CHOOSE[self._dialect], {"doubt_id": doubt_id, "intent": intent, "times": 1})

    def in_state(self, state: State, limit: int = 10_000) -> list[DoubtRecord]:
        """Return what stands in a state, the most frequent first."""
        chosen: dict[int, dict[str, int]] = {}
        for row in self._all(_CHOICES, {"wanted": state}):
            chosen.setdefault(row.doubt_id, {})[row.intent] = row.times
        rows = self._all(_IN_STATE, {"wanted": state, "most": limit})
        return [self._record(row, chosen.get(row.id, {})) for row in rows]

    def counts(self) -> dict[str, int]:
        """Return how many rows stand in each state."""
        return {str(state): int(count) for state, count in self._all(_COUNTS)}

    def decide(
        self, ids: Collection[int], state: State, at: datetime, *, by: str = "", label: str | None = None
    ) -> int:
        """Move rows to a state, with their intent (``label``) and who decided; return how many."""
        values: dict[str, object] = {"state": state, "touched_at": at}
        if state != "exported":
            values |= {"label": label, "decided_by": by or None}
        wanted = sorted(ids)
        moved = 0
        for start in range(0, len(wanted), _AT_ONCE):
            some = wanted[start : start + _AT_ONCE]
            moved += self._run(update(_doubts).where(_d.id.in_(some)).values(**values)).rowcount
        return moved

    def forget(self, conversation_id: str) -> int:
        """Erase what nobody but this conversation said; return how many rows."""
        ids = list(self._run(_OF_ONE, {"whose": self._whose(conversation_id)}).scalars())
        if ids:
            self._run(delete(_choices).where(_k.doubt_id.in_(ids)))
            self._run(delete(_doubts).where(_d.id.in_(ids)))
        return len(ids)

    def _whose(self, conversation_id: str) -> str:
        return self._keys.blind(conversation_id, "nlu_doubts:who")

    def _record(self, row: AnyRow, choices: Mapping[str, int]) -> DoubtRecord:
        return DoubtRecord(
            id=row.id,
            said=self._open_text(row.said, _place(row.text_index)) or "",
            reason=row.reason,
            asked=row.asked,
            ranking=tuple((str(intent), float(confidence)) for intent, confidence in row.ranking),
            heard=row.heard,
            language=row.language,
            model_sha256=row.model_sha256,
            state=row.state,
            label=row.label,
            decided_by=row.decided_by,
            first_at=row.first_at,
            touched_at=row.touched_at,
            choices=choices,
        )


def _place(index: str) -> str:
    return f"nlu_doubts:{index}:said"
