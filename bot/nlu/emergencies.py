"""Hear danger to life in any spelling, before anything else and without the model: recall first."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from bot.nlu.danger_reading import LONGEST_WORD, Reading, read
from bot.nlu.danger_rule import Rule
from bot.nlu.danger_rules import CALM, CRY, CRY_BESIDE, CRY_NOW, JOINED, NAMES, NOT_LEARNT, RULES, SOFT, TELLING
from bot.nlu.danger_scores import features_of, shipped
from bot.nlu.danger_signs import SIGN_RULES
from bot.nlu.normalise import fold
from bot.nlu.phonetic import sound

#: Every kind of danger; the answers are fixed texts of the same names (domain of the company, §7.6).
KINDS = ("gas", "monoxido", "electrica", "agua", "agua_mala", "fuego", "vida")

#: From which confidence in the intent ``emergencia`` a model is believed, by what the table says.
LIKELY_CONFIDENCE, EMERGENCY_CONFIDENCE, UNLIKELY_CONFIDENCE = 0.4, 0.6, 0.8

_UNLIKELY = 2.0
_DISMISSING = frozenset("YA_NO MENDADO".split())
_BETWEEN = frozenset(
    "se me ha han esta estan hay es fue salio resulto quedo le nos les he una un tiene tienen tengo veo vemos nada na".split()
)
_ARTICLES = frozenset("el la los las ese esa un una al todo toda mi".split())
_CRY_LONGEST = 8
#: Below these scores of the table a rule is not believed in a message of so many words: (loose, certain), and the same
#: where the message is about money, papers, a course or something long past.
_CALM_SCORES, _CALM_ERRAND_SCORES, _LONG = (-2.3, -4.5), (-0.5, -1.5), 5
_ASKED_COOLLY = frozenset("DINERO RUTINA TEMA".split())
_ERRAND = frozenset("DINERO RUTINA TEMA DILIGENCIA ENTONCES".split())
_NEVER_LEARNT = frozenset("LEJOS TEMA FIGURADO COMIDA".split())
_GONE = frozenset("HUELE HAY SALE BOTA CHISPA HUMO CANDELA".split())
_REASONS = 3
#: Few words ("el gas", "agua y gas") answer a question; the table alone never makes a danger of them.
_FEWEST_LEARNT = 5
_FEWEST_SURE, _SURER = 3, 1.2
#: Broad rules: what speaks against one of them says nothing of the rest of the message.
_SIGNS = frozenset(rule.name for rule in SIGN_RULES)
#: Places at which a rule is tried in one message.
_MOST_TRIED = 30


#: Words that point at a report that exists here: its number, «del reporte», «mi reporte de la fuga sigue igual». «La fuga
#: que reporté» does not: it may have been reported to anybody.
_REPORTED = re.compile(
    r"\br ?-? ?20\d\d ?-? ?\d+|\b(?:de(?:l| mi| ese| este)|sobre (?:el|mi)) reporte\b"
    r"|\bmi reporte de (?:la|esa|una) \w+ (?:sigue|no|esta)\b"
)


@dataclass(frozen=True, slots=True)
class Danger:
    """What was found: the kind of danger, the rule that said so and the words that made it speak."""

    kind: str
    rule: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Heard:
    """What the detector made of a message; ``is_dismissed``: danger was named, and that it is not there or is over."""

    danger: Danger | None
    is_dismissed: bool = False
    score: float = float("-inf")


@lru_cache(maxsize=64)
def _hear(text: str) -> _Heard:
    reading = read(text)
    if not reading.words:
        return _Heard(None)
    cry = _by_cry(reading, text)
    if cry is not None or any(_speaks(rule, reading) for rule in CALM):
        return _Heard(cry, is_dismissed=cry is None)
    score, is_reported = shipped().score(reading), speaks_of_report(text)
    found, is_taken_back = _by_rule(reading, score, is_reported=is_reported)
    found = found or _by_joined_words(reading)
    is_taken_back = is_taken_back or any(_speaks(rule, reading) for rule in NOT_LEARNT)
    if found is None and not is_reported and not is_taken_back:
        found = _by_table(reading, score)
    is_over = "SIGUE" not in reading.places and not _DISMISSING.isdisjoint(reading.places)
    return _Heard(found, is_taken_back or is_reported or is_over, score)


def explain(text: str) -> Danger | None:
    """Return the danger that ``text`` speaks of and why, or None. Never raises; time grows with the length only."""
    return _hear(text).danger


def speaks_of_report(text: str) -> bool:
    """Tell whether ``text`` is about a fault that somebody reported before."""
    return _REPORTED.search(fold(text).text) is not None


def is_believed(text: str, confidence: float) -> bool:
    """Whether a model of intents that takes ``text`` for danger with ``confidence`` is believed, though no rule spoke.

    Where the detector heard that danger is over or not there, never; else the surer the table, the sooner.
    """
    heard = _hear(text)
    if heard.is_dismissed:
        return False
    table = shipped()
    if heard.score >= table.maybe:
        return confidence >= LIKELY_CONFIDENCE
    return confidence >= (EMERGENCY_CONFIDENCE if heard.score >= table.maybe - _UNLIKELY else UNLIKELY_CONFIDENCE)


def doubt(text: str) -> str:
    """Return the kind of danger that ``text`` may speak of, where that is likely and not sure; else an empty text."""
    heard = _hear(text)
    if heard.danger is not None or heard.is_dismissed or heard.score < shipped().maybe:
        return ""
    reading = read(text)
    if (
        len(reading.words) < _FEWEST_LEARNT
        or _names(_NEVER_LEARNT, reading)
        or not _ASKED_COOLLY.isdisjoint(reading.places)
    ):
        return ""
    return _kind_told(reading)


def _kind_told(reading: Reading) -> str:
    return next((kind for concept, kind in TELLING if concept in reading.places), "vida")


def detect(text: str) -> str:
    """Return the kind of danger in ``text`` (one of ``KINDS``), or an empty text."""
    found = explain(text)
    return found.kind if found else ""


def _within(
    places: Mapping[str, list[int]], groups: tuple[frozenset[str], ...], window: int
) -> Iterator[tuple[int, ...]]:
    """Yield one place for each group, all within ``window`` words of the first group's."""
    options, tried = [], 0
    for group in groups:
        found = {place for name in group if name in places for place in places[name]}
        if not found:
            return
        options.append(sorted(found))
    for anchor in options[0]:
        chosen = [anchor]
        for other in options[1:]:
            middle = bisect_left(other, anchor)
            around = other[max(0, middle - len(groups)) : middle + len(groups)]
            free = [place for place in around if place not in chosen and abs(place - anchor) <= window]
            if not free:
                break
            chosen.append(min(free, key=lambda place: abs(place - anchor)))
        else:
            yield tuple(chosen)
            tried += 1
            if tried == _MOST_TRIED:
                return


def _speaks(rule: Rule, reading: Reading) -> tuple[int, ...] | None:
    """Return the places of the words by which ``rule`` speaks, or None."""
    return next(_within(reading.places, rule.groups, rule.window), None) if _may_speak(rule, reading) else None


def _is_named(rule: Rule, reading: Reading) -> bool:
    return all(any(name in reading.places for name in group) for group in rule.groups)


def _may_speak(rule: Rule, reading: Reading) -> bool:
    """Whether every group of ``rule`` is named, and nothing that speaks against it."""
    return _is_named(rule, reading) and not any(name in reading.places for name in rule.unless)


def _is_taken_back(rule: Rule, chosen: tuple[int, ...], reading: Reading) -> bool:
    """Whether the message says that this danger is not there, is over, or is only a way of speaking."""
    if rule.loose and "SIGUE" not in reading.places and _names(SOFT, reading):
        return True
    if rule.loose and _is_gone(reading):
        return True
    if rule.not_denied and any(_is_denied(place, reading) for place in chosen):
        return True
    return _is_mended(min(chosen), reading) or (rule.loose and _is_name(chosen[0], reading))


def _names(concepts: frozenset[str], reading: Reading) -> bool:
    """Whether one of ``concepts`` is named and not denied: "no es chiste" is none."""
    return any(not _is_denied(place, reading) for name in concepts for place in reading.places.get(name, ()))


def _is_denied(place: int, reading: Reading) -> bool:
    """Whether a "no" stands right before: "no sale", "no se ha caído", but not "no, cable…" nor "no sé huele…"."""
    is_smell = "HUELE" in reading.concepts[place]
    while place > 0 and place not in reading.begun:
        place -= 1
        if place in reading.denials:
            return True
        if is_smell or reading.words[place] not in _BETWEEN:
            return False
    return False


def _is_mended(place: int, reading: Reading) -> bool:
    """Whether the danger is what somebody mended: "ya apagaron el incendio", unless the message goes on."""
    if "MENDADO" not in reading.places or "SIGUE" in reading.places or "NO" in reading.places:
        return False
    while place > 0 and reading.words[place - 1] in _ARTICLES:
        place -= 1
    return place - 1 in reading.places["MENDADO"]


def _is_name(place: int, reading: Reading) -> bool:
    """Whether the word is a name: "barrio El Incendio", "doña Socorro"."""
    while place > 0 and reading.words[place - 1] in _ARTICLES:
        place -= 1
    return place > 0 and reading.words[place - 1] in NAMES and place not in reading.begun


def _by_rule(reading: Reading, score: float, *, is_reported: bool) -> tuple[Danger | None, bool]:
    """Return (the danger of the first rule that speaks, whether the word of a rule was taken back)."""
    is_taken_back = False
    is_errand = "ACABA" not in reading.places and not _ERRAND.isdisjoint(reading.places)
    calm_scores = _CALM_ERRAND_SCORES if is_errand else _CALM_SCORES
    calm_loose, calm_certain = (score < least and len(reading.words) >= _LONG for least in calm_scores)
    for rule in RULES:
        is_calm = not rule.always and (calm_loose if rule.loose else calm_certain)
        if is_calm or (is_reported and rule.unless_reported) or not _is_named(rule, reading):
            continue
        if any(name in reading.places for name in rule.unless):
            is_taken_back = is_taken_back or (rule.loose and rule.name not in _SIGNS)
            continue
        for chosen in _within(reading.places, rule.groups, rule.window):
            if _is_taken_back(rule, chosen, reading):
                is_taken_back = True
                continue
            return Danger(rule.kind, rule.name, tuple(reading.words[place] for place in sorted(chosen))), False
    return None, is_taken_back


def _is_gone(reading: Reading) -> bool:
    """Whether a sign of danger is said to be there no more: "ya no huele"; "ya no me contesta" is another thing."""
    after = (place + 2 for place in reading.places.get("YA_NO", ()))
    return any(place < len(reading.words) and not _GONE.isdisjoint(reading.concepts[place]) for place in after)


def _by_table(reading: Reading, score: float) -> Danger | None:
    """Hear what no rule foresaw; of cables of the television, "ya no huele" or lessons the table alone is not believed."""
    table = shipped()
    least = table.sure if len(reading.words) >= _FEWEST_LEARNT else table.sure + _SURER
    if score < least or len(reading.words) < _FEWEST_SURE or _names(_NEVER_LEARNT, reading) or _is_gone(reading):
        return None
    weights = {name: table.weights.get(name, 0.0) for name in features_of(reading)}
    spoke = sorted(weights, key=lambda name: (-weights[name], name))[:_REASONS]
    return Danger(_kind_told(reading), "learnt", tuple(spoke))


def _by_cry(reading: Reading, text: str) -> Danger | None:
    """Hear a message that is nothing but a cry: for help, or of one word that says all ("gas!!!", "gas gas")."""
    words = reading.words
    if all("GAS" in named for named in reading.concepts):
        return Danger("gas", "cry of gas", words) if len(words) > 1 or "!!" in text else None
    cries = tuple(word for word in words if word in CRY or (word in CRY_NOW and "ya" in words))
    if cries and len(words) <= _CRY_LONGEST and all(word in CRY or word in CRY_BESIDE for word in words):
        return Danger("vida", "cry for help", cries) if "NO" not in reading.places else None
    return None


def _by_joined_words(reading: Reading) -> Danger | None:
    """Hear the phrases that matter most through lost or misplaced spaces."""
    sounds = [sound(word) for word in reading.words if len(word) <= LONGEST_WORD]
    squashed = "".join(sounds)
    for phrase, joined, kind in _JOINED:
        at = squashed.find(joined)
        # With its spaces in place it was the rules' to say.
        if at >= 0 and not squashed.endswith("no", 0, at) and phrase not in f" {' '.join(sounds)} ":
            return Danger(kind, "joined", (joined,))
    return None


def _sounding(phrase: str) -> tuple[str, str]:
    sounds = [sound(word) for word in phrase.split()]
    return f" {' '.join(sounds)} ", "".join(sounds)


_JOINED = tuple((*_sounding(phrase), kind) for phrase, kind in JOINED)
