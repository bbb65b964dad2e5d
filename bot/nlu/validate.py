"""Whether language data can teach anything: repeated, copied, leaked, missing and thin examples, with file and line."""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

from bot.kernel.errors import DialogsError
from bot.nlu.data import CLOSING, Example, NluData, files_of, read_with_issues, sets_of
from bot.nlu.likeness import Likeness
from bot.nlu.normalise import squeeze
from dialogs.engine.flow import Issue, Place
from dialogs.engine.yamlfile import Issues, read

#: Fewer examples than this cannot describe an intent.
FEWEST_EXAMPLES = 2
#: Fewer examples or authors than these describe it thinly: people whom nobody imitated are understood worse.
ENOUGH_EXAMPLES, ENOUGH_AUTHORS = 150, 12

#: The file, at the root of a folder of language data, that says what each intent and entity means.
REGISTRY = "registro.yml"

_MOST, _LEAST = 5, 1 / 3
#: What is none of our business is larger than any intent, on purpose.
_OUT_OF_SCOPE = "fuera_de_alcance"
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Thin:
    """An intent that few sentences or few people describe."""

    intent: str
    examples: int
    authors: int


def read_valid(source: Path) -> NluData:
    """Read the training examples of ``source`` and refuse what cannot be learnt.

    Raises:
        DialogsError: something is wrong; the text lists every error with file, line and remedy.
    """
    data, issues = read_with_issues(source)
    errors = [
        issue for issue in (*issues, *check_examples(data, is_strict=has_registry(source))) if issue.severity == "error"
    ]
    if errors:
        raise DialogsError("\n".join(str(issue) for issue in errors))
    return data


def check_everything(source: Path) -> tuple[NluData, list[Issue]]:
    """Return the training examples of ``source`` and all that is wrong with them, by file and line.

    The held-out sentences are read too, the closing ones as well, but only to be compared: no issue shows their words.
    """
    data, issues = read_with_issues(source)
    issues += [
        *check_examples(data, is_strict=has_registry(source)),
        *check_likeness(data),
        *check_balance(data),
        *check_registry(source, data),
    ]
    closing = (CLOSING,) if CLOSING in sets_of(source) else ()
    for name in ("", *closing) if files_of(source, tests=True) else closing:
        held_out, found = read_with_issues(source, tests=True, held_out=name)
        issues += [*found, *find_leaks(data, held_out)]
    return data, sorted(issues, key=lambda issue: (issue.file, issue.line, issue.what))


def has_registry(source: Path) -> bool:
    """Tell whether ``source`` says what its names mean: such data are held to more than those of another assistant."""
    return source.is_dir() and (source / REGISTRY).exists()


def check_examples(data: NluData, *, is_strict: bool) -> list[Issue]:
    """Return an error for each sentence in two intents and each intent too small, a warning for each repetition.

    Unless ``is_strict`` they are warnings too: other people's assistants live with both, and are learnt as they are.
    """
    issues = Issues()
    complain = issues.error if is_strict else issues.warning
    seen: dict[str, Example] = {}
    for example in data.examples:
        other = seen.setdefault(_key(example), example)
        if other is example:
            continue
        where = f"intent {example.intent}"
        if other.intent == example.intent:
            issues.warning(example.place, where, f"«{example.text[:_SHOWN]}» repeats {other.place}", "Remove one.")
        else:
            complain(
                example.place,
                where,
                f"«{example.text[:_SHOWN]}» is also an example of {other.intent} ({other.place})",
                "Keep it where it belongs: nobody can tell them apart.",
            )
    for intent, examples in _by_intent(data).items():
        if len(examples) < FEWEST_EXAMPLES:
            what = f"it has only {len(examples)} example"
            complain(examples[0].place, f"intent {intent}", what, "Write many, as people speak.")
    return list(issues)


def check_likeness(data: NluData) -> list[Issue]:
    """Return a warning for each example that is nearly another one of its intent: it teaches next to nothing."""
    issues = Issues()
    for intent, examples in _by_intent(data).items():
        told: set[int] = set()
        for first, second in Likeness([example.text for example in examples]).pairs():
            one, other = examples[second], examples[first]
            if second not in told and _key(one) != _key(other):
                told.add(second)
                what = f"«{one.text[:_SHOWN]}» is nearly «{other.text[:_SHOWN]}» ({other.place})"
                issues.warning(one.place, f"intent {intent}", what, "Say it as somebody else would, or remove it.")
    return list(issues)


def check_balance(data: NluData) -> list[Issue]:
    """Return a warning for each intent with far more or far fewer examples than the others."""
    issues = Issues()
    groups = {intent: examples for intent, examples in _by_intent(data).items() if intent != _OUT_OF_SCOPE}
    if not groups:
        return []
    median = statistics.median(len(examples) for examples in groups.values())
    for intent, examples in groups.items():
        count = len(examples)
        if count > _MOST * median or count < _LEAST * median:
            what = f"it has {count} examples and the middle intent {median:g}"
            remedy = "Write more for it." if count < median else "Write more for the others, or split it."
            issues.warning(examples[0].place, f"intent {intent}", what, remedy)
    return list(issues)


def find_leaks(training: NluData, held_out: NluData) -> list[Issue]:
    """Return a warning for each example that is, or nearly is, a held-out sentence: what it measures proves nothing."""
    issues = Issues()
    equal: dict[str, list[Example]] = defaultdict(list)
    for example in training.examples:
        equal[_key(example)].append(example)
    likeness = Likeness([example.text for example in training.examples])
    for sentence in held_out.examples:
        same = equal.get(_key(sentence), [])
        near = [training.examples[place] for place in likeness.find(sentence.text)]
        for example in [*same, *(one for one in near if one not in same)]:
            is_same = "is" if example in same else "is nearly"
            what = f"«{example.text[:_SHOWN]}» {is_same} a held-out sentence ({sentence.place})"
            issues.warning(example.place, f"intent {example.intent}", what, "Keep one of them.")
    return list(issues)


def check_registry(source: Path, data: NluData) -> list[Issue]:
    """Compare ``data`` with the registry of ``source``, if it has one.

    A name that the registry lacks is an error, one without any example a warning.
    """
    path = source / REGISTRY
    issues = Issues()
    if not has_registry(source):
        return []
    root = read(path, str(path), issues)
    if root is None or root.kind != "map":
        return list(issues)
    said: dict[str, dict[str, Place]] = {"intents": {}, "entidades": {}}
    for example in data.examples:
        said["intents"].setdefault(example.intent, example.place)
        for mark in example.annotations:
            said["entidades"].setdefault(mark.entity, example.place)
    for section, kind in (("intents", "intent"), ("entidades", "entity")):
        node = root.value.get(section)
        known = node.keys if node is not None and node.kind == "map" else {}
        for name, place in said[section].items():
            if name not in known:
                issues.error(place, f"{kind} {name}", f"{path} does not name it", "Correct its name, or register it.")
        for name, place in known.items():
            if name not in said[section]:
                issues.warning(place, f"{kind} {name}", "it has no example", "Write some, or remove it.")
    return list(issues)


def thin_intents(data: NluData) -> tuple[Thin, ...]:
    """Return the intents with too few examples or authors to be understood from anybody, the thinnest first."""
    found = []
    for intent, examples in _by_intent(data).items():
        authors = Counter(example.author for example in examples if example.author)
        if len(examples) < ENOUGH_EXAMPLES or len(authors) < ENOUGH_AUTHORS:
            found.append(Thin(intent, len(examples), len(authors)))
    return tuple(sorted(found, key=lambda thin: (thin.examples, thin.authors, thin.intent)))


def _key(example: Example) -> str:
    """Return what two examples are the same by: words and numbers in one spelling, or the text if it has none."""
    return squeeze(example.text) or example.text


def _by_intent(data: NluData) -> dict[str, list[Example]]:
    found: dict[str, list[Example]] = {}
    for example in data.examples:
        found.setdefault(example.intent, []).append(example)
    return found
