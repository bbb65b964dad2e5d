"""Why a message was heard as it was: which words spoke for an intent or for doubt, and which rules acted."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from bot.nlu.correction import find_correction
from bot.nlu.letter import is_letter
from bot.nlu.model import OUT_OF_SCOPE, Model
from bot.nlu.normalise import LONGEST, fold, spellings, tokens
from dialogs.engine.heard import Heard, Intent

_MOST_WORDS = 40
_SHOWN = 60
_TINY = 1e-4


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the message, and what it adds: how much the log-odds fall when it is left out."""

    text: str
    weight: float


@dataclass(frozen=True, slots=True)
class Spoken:
    """An intent of the ranking: how far behind the first it is (in [0, 1]), and the words for it, the loudest first."""

    intent: Intent
    behind: float
    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a message may be none of our business: the words that say so, and the words that no example has."""

    probability: float
    words: tuple[Word, ...]
    unknown: tuple[str, ...]


def spoken(model: Model, heard: Heard, most: int) -> tuple[Spoken, ...]:
    """Return the first ``most`` intents of the ranking with the words that spoke for each."""
    if not heard.ranking:
        return ()
    first = heard.ranking[0].confidence
    left_out = _left_out(model, heard.text)
    whole = {intent.name: intent.confidence for intent in model.rank(heard.text)[0]}
    found = []
    for intent in heard.ranking[:most]:
        words = [
            Word(text, _logit(whole.get(intent.name, 0.0)) - _logit(without.get(intent.name, 0.0)))
            for text, without, _ in left_out
        ]
        found.append(Spoken(intent, first - intent.confidence, _loudest(words)))
    return tuple(found)


def doubt(model: Model, heard: Heard) -> Doubt:
    """Return what makes the message look like none of our business."""
    left_out = _left_out(model, heard.text)
    words = [Word(text, _logit(heard.out_of_scope) - _logit(beyond)) for text, _, beyond in left_out]
    unknown = [text for text, _, _ in left_out if text.isalpha() and not model.knows(text)]
    return Doubt(heard.out_of_scope, _loudest(words), tuple(dict.fromkeys(unknown)))


def _left_out(model: Model, text: str) -> list[tuple[str, dict[str, float], float]]:
    """Return, for each word, (the word, the confidences without it, the doubt without it)."""
    text = text[:LONGEST]
    spans = dict.fromkeys((token.start, token.end) for token in tokens(text) if token.text[0].isalnum())
    found = []
    for start, end in list(spans)[:_MOST_WORDS]:
        ranking, beyond = model.rank(text[:start] + " " + text[end:])
        found.append((text[start:end].lower(), {intent.name: intent.confidence for intent in ranking}, beyond))
    return found


def _logit(probability: float) -> float:
    kept = min(max(probability, _TINY), 1 - _TINY)
    return math.log(kept / (1 - kept))


def _loudest(words: Sequence[Word]) -> tuple[Word, ...]:
    """Return the words that spoke for it, loudest first; a word that was said twice once."""
    loudest: dict[str, Word] = {}
    for word in sorted((word for word in words if word.weight > 0), key=lambda word: -word.weight):
        loudest.setdefault(word.text, word)
    return tuple(loudest.values())


def rules(heard: Heard, *, has_model: bool) -> tuple[str, ...]:
    """Return, in words, each rule beside the model that changed how the message was heard."""
    folded = fold(heard.text)
    words = [word for word in spellings(heard.text) if word[0].isalnum()]
    found = []
    if not has_model and heard.ranking:
        found.append("there is no model: intents are guessed by keywords (atiende train)")
    elif not heard.text.strip():
        found.append("nothing was written")
    elif not words:
        found.append("no word could be read: taken for none of our business")
    elif all(word.isdigit() for word in words):
        found.append("numbers alone: every confidence is lowered")
    if heard.ranking and len(heard.ranking) == 1 and is_letter(heard.text, folded.text):
        found.append("a letter: heard whole, as a filing")
    correction = find_correction(folded)
    if heard.correction and correction is not None:
        value = folded.text[correction.start :].strip()
        found.append(f"a correction; what is new: «{value[:_SHOWN]}»" if value else "a correction, without what is new")
    clauses = [ranking[0] for ranking in heard.extra.get("clauses", ()) if ranking]
    if clauses:
        found.append("clauses apart: " + ", ".join(f"{one.name} {one.confidence:.0%}" for one in clauses))
    if heard.extra.get("said_no"):
        found.append("a plain no")
    if heard.extra.get("too_long"):
        found.append(f"too long: only {LONGEST} characters were read")
    return tuple(found)


def refusal(heard: Heard, limit: float) -> str:
    """Say in words whether the message is refused as none of our business, and why or why not."""
    best = next((intent for intent in heard.ranking if intent.name != OUT_OF_SCOPE), None)
    if heard.out_of_scope < limit:
        return f"not refused: it would be from {limit:.0%} on"
    if best is not None and heard.out_of_scope < best.confidence:
        return f"over {limit:.0%}, but {best.name} is surer"
    return f"refused: {limit:.0%} or more, and surer than any errand"
