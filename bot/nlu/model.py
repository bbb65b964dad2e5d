"""The trained model, served from plain arrays: no code is loaded from disk and no learning library is needed."""

from __future__ import annotations

import json
import math
import zipfile
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.kernel.errors import ModelError
from bot.nlu.features import SIGNATURE, pieces_of, word_features, words_of
from dialogs.engine.heard import Intent

#: The intent that means "not our business"; the model gives its probability apart.
OUT_OF_SCOPE = "fuera_de_alcance"

#: Shape of the file; another number is refused.
FORMAT = 2

_EXPLAINED = 8
#: Words whose pieces are remembered; people say most of theirs again.
_REMEMBERED = 16384
#: Words that are ranked; the longest message in earnest has fewer, and a wall of signs must not take long.
_MOST_WORDS = 700
#: Probability of being out of scope when there is no word to read (an emoji, another script).
_NOTHING_READ = 0.9
#: What is left of the confidences of a message of numbers alone: outside a question it may be anything.
_NUMBERS_ALONE = 0.4


@dataclass(frozen=True, slots=True)
class Card:
    """What a model is: where it comes from and how good it was when it was made.

    ``figures`` are numbers by name (accuracies and probabilities in [0, 1], seconds, bytes), ``trained_at`` is ISO 8601.
    """

    labels: tuple[str, ...]
    data_sha256: str
    trained_at: str
    examples: int
    features: int
    figures: Mapping[str, float] = field(default_factory=dict)
    per_intent: Mapping[str, int] = field(default_factory=dict)
    synonyms: Mapping[str, str] = field(default_factory=dict)
    lookups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    signature: str = SIGNATURE
    format: int = FORMAT

    def to_json(self) -> dict[str, Any]:
        """Return the card as a JSON object."""
        return {
            "format": self.format,
            "signature": self.signature,
            "trained_at": self.trained_at,
            "data_sha256": self.data_sha256,
            "labels": list(self.labels),
            "examples": self.examples,
            "features": self.features,
            "figures": dict(self.figures),
            "per_intent": dict(self.per_intent),
            "synonyms": dict(self.synonyms),
            "lookups": {name: list(lines) for name, lines in self.lookups.items()},
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Card:
        """Return the card in ``document``.

        Raises:
            ModelError: something is missing, or the file was made by another version.
        """
        try:
            card = cls(
                labels=tuple(document["labels"]),
                data_sha256=document["data_sha256"],
                trained_at=document["trained_at"],
                examples=int(document["examples"]),
                features=int(document["features"]),
                figures=dict(document["figures"]),
                per_intent=dict(document["per_intent"]),
                synonyms=dict(document["synonyms"]),
                lookups={name: tuple(lines) for name, lines in document["lookups"].items()},
                signature=document["signature"],
                format=int(document["format"]),
            )
        except (KeyError, TypeError, ValueError, AttributeError) as trouble:
            message = f"the card of the model is damaged ({trouble!r}); train it again: atiende train"
            raise ModelError(message) from None
        if card.format != FORMAT or card.signature != SIGNATURE:
            message = (
                f"the model has format {card.format} and features {card.signature}, this version reads {FORMAT} and "
                f"{SIGNATURE}; train it again: atiende train"
            )
            raise ModelError(message)
        return card


@dataclass(frozen=True, slots=True)
class Arrays:
    """The numbers of a model; the weights stay in sixteen bits, for they are most of its memory.

    ``idf`` and ``weights`` have a row for each feature of ``names``; ``weights`` and ``bias`` a column for each label.
    The first ``words`` features are words and pairs, the rest pieces. ``temperature`` softens the scores into honest
    probabilities; ``beyond`` holds the weights of the out-of-scope detector over ``doubts`` and then its bias, ``sure``
    those of the chance that the best intent is right.
    """

    names: tuple[str, ...]
    words: int
    idf: npt.NDArray[np.float32]
    weights: npt.NDArray[np.float16]
    bias: npt.NDArray[np.float32]
    temperature: float
    beyond: npt.NDArray[np.float64]
    sure: npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Reason:
    """One feature that spoke for an intent, and how loudly (in units of the score)."""

    feature: str
    weight: float


class Model:
    """Ranks intents; made by ``bot.nlu.train`` and read from a file."""

    def __init__(self, arrays: Arrays, card: Card) -> None:
        """Check that the numbers belong together.

        Raises:
            ModelError: sizes or labels do not fit.
        """
        features, labels = len(arrays.names), len(card.labels)
        fits = (
            arrays.weights.shape == (features, labels)
            and arrays.idf.shape == (features,)
            and arrays.bias.shape == (labels,)
            and arrays.beyond.shape == arrays.sure.shape == (DOUBTS + 1,)
            and 0 <= arrays.words <= features
            and labels > 1
            and bool(np.isfinite(arrays.weights).all())
        )
        if not fits:
            message = "the arrays of the model do not fit each other; train it again: atiende train"
            raise ModelError(message)
        self.card = card
        self._arrays = arrays
        self._places = {name: place for place, name in enumerate(arrays.names)}
        self._pieces = lru_cache(maxsize=_REMEMBERED)(self._place_pieces)
        self._beyond = card.labels.index(OUT_OF_SCOPE) if OUT_OF_SCOPE in card.labels else -1
        inside = [place for place in range(labels) if place != self._beyond]
        self._inside = np.array(inside)
        self._inside_labels = [card.labels[place] for place in inside]

    @property
    def labels(self) -> tuple[str, ...]:
        """The intents it knows."""
        return self.card.labels

    @property
    def synonyms(self) -> Mapping[str, str]:
        """Squeezed phrase → canonical value, from the language data."""
        return self.card.synonyms

    @classmethod
    def load(cls, path: Path, intents: Iterable[str] | None = None) -> Model:
        """Read a model file (numbers and JSON; nothing in it is executed).

        Args:
            path: the ``.npz`` file that ``save`` wrote.
            intents: the intents of the domain; a model that answers with others is refused.

        Raises:
            ModelError: the file is missing, damaged, of another version, or does not fit the domain.
        """
        try:
            with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
                card = Card.from_json(json.loads(file["card"].tobytes().decode("utf-8")))
                arrays = Arrays(
                    names=tuple(file["names"].tobytes().decode("utf-8").split("\n")),
                    words=int(file["words"]),
                    idf=file["idf"].astype(np.float32),
                    weights=file["weights"].astype(np.float16),
                    bias=file["bias"].astype(np.float32),
                    temperature=float(file["temperature"]),
                    beyond=file["beyond"].astype(np.float64),
                    sure=file["sure"].astype(np.float64),
                )
        except FileNotFoundError:
            message = f"there is no model at {path}; make it: atiende train"
            raise ModelError(message) from None
        except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as trouble:
            message = f"the model at {path} cannot be read ({type(trouble).__name__}); train it again: atiende train"
            raise ModelError(message) from None
        model = cls(arrays, card)
        if intents is not None:
            model.require(intents)
        return model

    def require(self, intents: Iterable[str]) -> None:
        """Refuse a domain that lacks an intent of the model.

        Raises:
            ModelError: with the intents that do not fit.
        """
        unknown = sorted(set(self.labels) - set(intents))
        if unknown:
            message = (
                f"the model answers with intents that the domain does not have: {', '.join(unknown)}; train it again"
            )
            raise ModelError(message)

    def save(self, path: Path) -> None:
        """Write the model to ``path`` (``.npz``) and its card beside it (``.json``), the file in one step."""
        arrays = self._arrays
        card = json.dumps(self.card.to_json(), ensure_ascii=False)
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(path.name + ".new")
        with partial.open("wb") as file:
            np.savez(
                file,
                card=np.frombuffer(card.encode("utf-8"), dtype=np.uint8),
                names=np.frombuffer("\n".join(arrays.names).encode("utf-8"), dtype=np.uint8),
                words=np.array(arrays.words),
                idf=arrays.idf.astype(np.float32),
                weights=arrays.weights,
                bias=arrays.bias.astype(np.float32),
                temperature=np.array(arrays.temperature),
                beyond=arrays.beyond,
                sure=arrays.sure,
            )
        partial.replace(path)
        shown = {key: value for key, value in self.card.to_json().items() if key not in {"synonyms", "lookups"}}
        path.with_suffix(".json").write_text(json.dumps(shown, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")

    def rank(self, text: str) -> tuple[tuple[Intent, ...], float]:
        """Return (intents, best first; probability that the text is none of our business).

        The confidences add up to at most one; that of ``fuera_de_alcance`` is the second result.
        """
        words = words_of(text)[:_MOST_WORDS]
        scores, known = self._scores(words)
        inside = softmax_rows(scores[None, self._inside] / self._arrays.temperature)[0]
        said = float(scores[self._beyond]) if self._beyond >= 0 else 0.0
        signs = doubts(said, scores[self._inside], inside, known, len(words))
        beyond = _chance(signs, self._arrays.beyond) if known or words else _NOTHING_READ
        # Shares say which intent fits best, not whether any fits: a text that fits none is heard with less confidence.
        inside = inside * np.float32(min(1.0, _chance(signs, self._arrays.sure) / float(inside.max())))
        if words and not any(character.isalpha() for word in words for character in word):
            inside = inside * np.float32(_NUMBERS_ALONE)
        confidences = inside * (1.0 - beyond)
        order = np.argsort(-confidences)
        ranking = [Intent(self._inside_labels[place], float(confidences[place])) for place in order]
        if self._beyond >= 0:
            ranking.append(Intent(OUT_OF_SCOPE, beyond))
            ranking.sort(key=lambda intent: -intent.confidence)
        return tuple(ranking), beyond

    def explain(self, text: str, intent: str) -> tuple[Reason, ...]:
        """Return the features that spoke loudest for ``intent`` in ``text``, against the average of all intents."""
        places, values, _ = self._vector(words_of(text))
        if intent not in self.labels or not len(places):
            return ()
        rows = self._arrays.weights[places].astype(np.float32)
        said = values * (rows[:, self.labels.index(intent)] - rows.mean(axis=1))
        return tuple(
            Reason(self._arrays.names[places[place]], float(said[place])) for place in np.argsort(-said)[:_EXPLAINED]
        )

    def knows(self, word: str) -> bool:
        """Tell whether any word of ``word`` was in the examples, by its sound."""
        return any(one in self._places for one in words_of(word))

    def _vector(self, words: list[str]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float32], float]:
        """Return (places, values, share of known words): TF-IDF, each half scaled to length one."""
        known = sum(1 for word in words if word in self._places) / len(words) if words else 0.0
        halves = (
            self._half(map(self._places.get, word_features(words))),
            self._half(chain.from_iterable(map(self._pieces, words))),
        )
        return np.concatenate([half[0] for half in halves]), np.concatenate([half[1] for half in halves]), known

    def _half(self, found: Iterable[int | None]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]:
        """Return (places, values) of the features whose places are ``found``; None is a feature nobody knows."""
        counts = Counter(found)
        counts.pop(None, None)
        places = np.fromiter(counts, dtype=np.int64, count=len(counts))
        often = np.fromiter(counts.values(), dtype=np.float64, count=len(counts))
        weights = (1.0 + np.log(often)) * self._arrays.idf[places]
        length = math.sqrt(float(weights @ weights)) or 1.0
        return places, (weights / length).astype(np.float32)

    def _place_pieces(self, word: str) -> tuple[int, ...]:
        """Return the places of the pieces of ``word`` that are known, repeats included."""
        return tuple(place for piece in pieces_of(word) if (place := self._places.get(piece)) is not None)

    def _scores(self, words: list[str]) -> tuple[npt.NDArray[np.float32], float]:
        places, values, known = self._vector(words)
        if not len(places):
            return self._arrays.bias, 0.0
        scores: npt.NDArray[np.float32] = values @ self._arrays.weights[places].astype(np.float32) + self._arrays.bias
        return scores, known


def _chance(signs: npt.NDArray[np.float64], weights: npt.NDArray[np.float64]) -> float:
    """Return the probability that ``weights`` (and their bias, the last) give to ``signs``."""
    logit = float(np.dot(signs, weights[:-1]) + weights[-1])
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, logit))))


#: How many signs of doubt the out-of-scope detector weighs.
DOUBTS = 7


def doubts(
    said: float, scores: npt.NDArray[np.float32], inside: npt.NDArray[np.float32], known: float, words: int
) -> npt.NDArray[np.float64]:
    """Return the signs that a text is out of scope.

    Args:
        said: the score of its own class.
        scores: the scores of the intents that are our business.
        inside: their probabilities.
        known: share of the words that the model knows.
        words: how many words there are.

    Returns:
        Its own class's score and whether that beats all others; the best score, how unsure the intents are (best
        probability, entropy), how many words are unknown, and how short the text is.
    """
    best, score = float(inside.max()), float(scores.max())
    entropy = float(-(inside * np.log(inside + 1e-9)).sum())
    return np.array([said, said - score, score, math.log(best + 1e-9), entropy, 1.0 - known, 1.0 / (1 + words)])


def softmax_rows(scores: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Return, for each row of ``scores`` (texts x labels), probabilities in the proportion of their exponentials."""
    exponentials = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares: npt.NDArray[np.float32] = exponentials / exponentials.sum(axis=1, keepdims=True)
    return shares
