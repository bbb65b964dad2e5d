"""Whether language data can teach anything: repeated, copied, leaked and missing examples, with file and line."""

from __future__ import annotations

from pathlib import Path

from bot.kernel.errors import DialogsError
from bot.nlu.data import Example, NluData, read_with_issues
from bot.nlu.normalise import squeeze
from dialogs.engine.flow import Issue
from dialogs.engine.yamlfile import Issues

#: Fewer examples than this cannot describe an intent.
FEWEST_EXAMPLES = 2


def read_valid(source: Path) -> NluData:
    """Read the training examples of ``source`` and refuse what cannot be learnt.

    Raises:
        DialogsError: something is wrong; the text lists every error with file, line and remedy.
    """
    data, issues = read_with_issues(source)
    errors = [issue for issue in (*issues, *check_examples(data)) if issue.severity == "error"]
    if errors:
        raise DialogsError("\n".join(str(issue) for issue in errors))
    return data


def key_of(text: str) -> str:
    """Return what two examples are the same by: words and numbers in one spelling, or the text if it has none."""
    return squeeze(text) or text


def check_examples(data: NluData) -> list[Issue]:
    """Return an error for each sentence in two intents and each intent too small, a warning for each repetition."""
    issues = Issues()
    seen: dict[str, Example] = {}
    counts: dict[str, int] = {}
    first: dict[str, Example] = {}
    for example in data.examples:
        counts[example.intent] = counts.get(example.intent, 0) + 1
        first.setdefault(example.intent, example)
        other = seen.setdefault(key_of(example.text), example)
        if other is example:
            continue
        where = f"intent {example.intent}"
        if other.intent == example.intent:
            issues.warning(example.place, where, f"«{example.text[:60]}» repeats {other.place}", "Remove one.")
        else:
            issues.error(
                example.place,
                where,
                f"«{example.text[:60]}» is also an example of {other.intent} ({other.place})",
                "Keep it where it belongs: nobody can tell them apart.",
            )
    for intent, count in counts.items():
        if count < FEWEST_EXAMPLES:
            place = first[intent].place
            issues.error(place, f"intent {intent}", f"it has only {count} example", "Write many, as people speak.")
    return list(issues)


def find_leaks(training: NluData, held_out: NluData) -> list[Issue]:
    """Return a warning for each held-out sentence that is also a training example: it proves nothing."""
    known = {key_of(example.text): example for example in training.examples}
    issues = Issues()
    for example in held_out.examples:
        other = known.get(key_of(example.text))
        if other is not None:
            what = f"«{example.text[:60]}» is a training example ({other.place})"
            issues.warning(example.place, f"intent {example.intent}", what, "Write another sentence.")
    return list(issues)


def check_names(data: NluData, *, intents: frozenset[str], entities: frozenset[str]) -> list[Issue]:
    """Return an error for each intent or entity of the data that the domain does not know."""
    issues = Issues()
    for example in data.examples:
        where = f"intent {example.intent}"
        if example.intent not in intents:
            issues.error(
                example.place, where, "the domain has no such intent", "Add it to the domain or correct the name."
            )
        for mark in example.annotations:
            if mark.entity not in entities:
                issues.error(example.place, where, f"the entity «{mark.entity}» is unknown", "Correct its name.")
    return list(issues)
