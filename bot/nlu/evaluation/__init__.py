"""How well a model understands sentences that it has not seen: figures, errors by kind, pictures."""

from __future__ import annotations

from bot.nlu.evaluation.report import Report, evaluate
from bot.nlu.evaluation.sentences import held_out_sentences

__all__ = ["Report", "evaluate", "held_out_sentences"]
