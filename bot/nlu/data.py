"""Read and check language data: Rasa NLU YAML 3.1, every issue with its file and line."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from bot.kernel.errors import DialogsError
from bot.nlu.normalise import squeeze
from dialogs.engine.flow import Issue, Place
from dialogs.engine.yamlfile import Fields, Issues, Node, read

#: Fewer examples than this cannot describe an intent.
FEWEST_EXAMPLES = 2

_VERSIONS = ("2.0", "3.0", "3.1")
_OTHER_SECTIONS = (
    "stories",
    "rules",
    "responses",
    "intents",
    "entities",
    "slots",
    "forms",
    "actions",
    "session_config",
    "e2e_actions",
)
_MARK = re.compile(r"\[(?P<text>[^\[\]]*)\](?:\((?P<entity>[^()]*)\)|(?P<mapping>\{[^{}]*\}))")
_FIELDS = frozenset({"entity", "value", "role", "group"})


@dataclass(frozen=True, slots=True)
class Annotation:
    """A marked stretch ``[start, end)`` of an example: the entity and, if written, its value."""

    entity: str
    start: int
    end: int
    text: str
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """One thing people say for an intent, without its marks; ``place`` is its file and line."""

    intent: str
    text: str
    annotations: tuple[Annotation, ...]
    place: Place


@dataclass(frozen=True)
class NluData:
    """Everything that language files hold.

    ``synonyms`` is canonical value → phrases, ``lookups`` and ``regexes`` name → lines.
    """

    examples: tuple[Example, ...]
    synonyms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    lookups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    regexes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sha256: str = ""

    @cached_property
    def intents(self) -> tuple[str, ...]:
        """The names of all intents, sorted."""
        return tuple(sorted({example.intent for example in self.examples}))

    @cached_property
    def synonym_of(self) -> Mapping[str, str]:
        """Squeezed phrase → canonical value; also from annotations that write a value."""
        found: dict[str, str] = {}
        for value, phrases in self.synonyms.items():
            for phrase in phrases:
                found.setdefault(squeeze(phrase), value)
        found.pop("", None)
        return found


@dataclass(slots=True)
class _Draft:
    examples: list[Example] = field(default_factory=list)
    synonyms: dict[str, list[str]] = field(default_factory=dict)
    lookups: dict[str, list[str]] = field(default_factory=dict)
    regexes: dict[str, list[str]] = field(default_factory=dict)
    issues: Issues = field(default_factory=Issues)


def files_of(source: Path, *, tests: bool = False) -> list[Path]:
    """Return the YAML files of ``source`` (a folder or one file), sorted; folders called ``tests`` are held out."""
    if source.is_file():
        return [source]
    found = sorted([*source.rglob("*.yml"), *source.rglob("*.yaml")])
    return [path for path in found if ("tests" in path.relative_to(source).parts[:-1]) == tests]


def read_data(source: Path, *, tests: bool = False) -> NluData:
    """Read every language file of ``source``.

    Args:
        source: a folder (``nlu_data``) or one file.
        tests: read the held-out sentences (folders called ``tests``) and not the training ones.

    Raises:
        DialogsError: something is wrong; the text lists every error with file, line and remedy.
    """
    data, issues = read_with_issues(source, tests=tests)
    errors = [issue for issue in issues if issue.severity == "error"]
    if errors:
        raise DialogsError("\n".join(str(issue) for issue in errors))
    return data


def read_with_issues(source: Path, *, tests: bool = False) -> tuple[NluData, list[Issue]]:
    """Read every language file of ``source`` and return the data with all issues, errors and warnings."""
    draft = _Draft()
    digest = hashlib.sha256()
    paths = files_of(source, tests=tests)
    for path in paths:
        name = str(path)
        root = read(path, name, draft.issues)
        if root is None:
            continue
        if root.kind == "map" and "nlu" in root.value:
            digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
            _read_file(root, draft)
    if not draft.examples and not draft.issues.errors:
        draft.issues.error(
            Place(str(source), 1),
            "language data",
            "there is no intent with examples",
            "Add files with «nlu: - intent: …».",
        )
    _check_intents(draft)
    data = NluData(
        tuple(draft.examples),
        {name: tuple(lines) for name, lines in draft.synonyms.items()},
        {name: tuple(lines) for name, lines in draft.lookups.items()},
        {name: tuple(lines) for name, lines in draft.regexes.items()},
        digest.hexdigest(),
    )
    return data, list(draft.issues)


def _read_file(root: Node, draft: _Draft) -> None:
    fields = Fields(root, "file", draft.issues)
    version = fields.text("version")
    if version and version not in _VERSIONS:
        fields.error("version", f"the version «{version}» is unknown", 'Write version: "3.1".')
    for section in _OTHER_SECTIONS:
        fields.ignore(section, "only «nlu» is read from language files")
    for entry in fields.items("nlu"):
        _read_entry(entry, draft)
    fields.done()


def _read_entry(node: Node, draft: _Draft) -> None:
    kinds = [kind for kind in ("intent", "synonym", "regex", "lookup") if node.kind == "map" and kind in node.value]
    if len(kinds) != 1:
        draft.issues.error(
            node.place, "nlu", "an entry is exactly one of intent, synonym, regex, lookup", "Write «- intent: name»."
        )
        return
    kind = kinds[0]
    fields = Fields(node, kind, draft.issues)
    name = fields.text(kind, required=True)
    fields.where = f"{kind} {name}"
    fields.get("metadata")
    lines = list(_lines(fields, draft.issues))
    fields.done()
    if not lines:
        fields.error("examples", "there are no examples", "Add lines «- …» below «examples: |».")
        return
    if kind == "intent":
        for text, place in lines:
            example = _example(name, text, place, fields.where, draft.issues)
            if example:
                draft.examples.append(example)
    elif kind == "regex":
        draft.regexes.setdefault(name, []).extend(_patterns(lines, fields.where, draft.issues))
    else:
        target = draft.synonyms if kind == "synonym" else draft.lookups
        target.setdefault(name, []).extend(text for text, _ in lines)


def _lines(fields: Fields, issues: Issues) -> Iterable[tuple[str, Place]]:
    """Yield the examples of an entry with their places: lines of a block that begin with a dash, or a list."""
    node = fields.get("examples")
    if node is None:
        return
    if node.kind == "list":
        for item in node.value:
            text = item.value.get("text") if item.kind == "map" else item
            if text is None or text.kind != "text" or not str(text.value).strip():
                issues.error(item.place, fields.where, "an example must be a text or have «text»", "Write «- text: …».")
            else:
                yield str(text.value).strip(), text.place
        return
    if node.kind != "text":
        issues.error(node.place, fields.where, "«examples» must be a block of lines or a list", "Write «examples: |».")
        return
    lines = str(node.value).split("\n")
    # The lines of a block stand below the mark that opens it; a text of one line stands where it is.
    for number, line in enumerate(lines, start=1 if len(lines) > 1 else 0):
        place = Place(node.place.file, node.place.line + number)
        said = line.strip()
        if not said:
            continue
        if not said.startswith("- ") or not said[2:].strip():
            issues.error(
                place, fields.where, f"the line «{said[:40]}» is not an example", "Begin it with «- » and some text."
            )
            continue
        yield said[2:].strip(), place


def _patterns(lines: list[tuple[str, Place]], where: str, issues: Issues) -> list[str]:
    good: list[str] = []
    for text, place in lines:
        try:
            re.compile(text)
        except re.error as trouble:
            issues.error(place, where, f"the regular expression is wrong: {trouble}", "Check brackets and backslashes.")
        else:
            good.append(text)
    return good


def _example(intent: str, raw: str, place: Place, where: str, issues: Issues) -> Example | None:
    plain: list[str] = []
    marks: list[Annotation] = []
    at = 0
    length = 0
    for match in _MARK.finditer(raw):
        before = raw[at : match.start()]
        plain.append(before)
        length += len(before)
        described = _described(match, place, where, issues)
        if described is None:
            return None
        entity, value = described
        text = match["text"]
        marks.append(Annotation(entity, length, length + len(text), text, value))
        plain.append(text)
        length += len(text)
        at = match.end()
    plain.append(raw[at:])
    text = "".join(plain)
    if re.search(r"\]\(|\]\{|\[[^\]]*\Z", text):
        issues.error(
            place, where, f"a mark is not closed in «{raw[:60]}»", 'Write [words](entity) or [words]{"entity": "…"}.'
        )
        return None
    return Example(intent, text, tuple(marks), place)


def _described(match: re.Match[str], place: Place, where: str, issues: Issues) -> tuple[str, str | None] | None:
    """Return (entity, value) of a mark, or None after noting what is wrong with it."""
    if not match["text"].strip():
        issues.error(place, where, "a mark holds no words", "Put the words of the entity between [ and ].")
        return None
    if match["mapping"] is None:
        entity = match["entity"].strip()
        if not re.fullmatch(r"[\w-]+", entity):
            remedy = 'Write [words]{"entity": "name", "value": "…"} for a value.'
            issues.error(place, where, f"«{entity}» is not the name of an entity", remedy)
            return None
        return entity, None
    try:
        mapping = json.loads(match["mapping"])
    except json.JSONDecodeError:
        issues.error(place, where, f"{match['mapping'][:60]} is not JSON", 'Use double quotes: {"entity": "name"}.')
        return None
    unknown = set(mapping) - _FIELDS
    if unknown or not isinstance(mapping.get("entity"), str):
        what = f"unknown keys {', '.join(sorted(unknown))}" if unknown else "«entity» is missing"
        issues.error(place, where, f"the mark is wrong: {what}", f"Known: {', '.join(sorted(_FIELDS))}.")
        return None
    value = mapping.get("value")
    return mapping["entity"], None if value is None else str(value)


def _check_intents(draft: _Draft) -> None:
    seen: dict[str, Example] = {}
    counts: dict[str, int] = {}
    first: dict[str, Example] = {}
    for example in draft.examples:
        counts[example.intent] = counts.get(example.intent, 0) + 1
        first.setdefault(example.intent, example)
        key = squeeze(example.text) or example.text
        other = seen.setdefault(key, example)
        if other is example:
            continue
        where = f"intent {example.intent}"
        if other.intent == example.intent:
            draft.issues.warning(example.place, where, f"«{example.text[:60]}» repeats {other.place}", "Remove one.")
        else:
            draft.issues.warning(
                example.place,
                where,
                f"«{example.text[:60]}» is also an example of {other.intent} ({other.place})",
                "Keep it where it belongs: nobody can tell them apart.",
            )
    for intent, count in counts.items():
        if count < FEWEST_EXAMPLES:
            place = first[intent].place
            draft.issues.error(
                place, f"intent {intent}", f"it has only {count} example", "Write many, as people speak."
            )


def find_leaks(training: NluData, held_out: NluData) -> list[Issue]:
    """Return a warning for each held-out sentence that is also a training example: it proves nothing."""
    known = {squeeze(example.text) or example.text: example for example in training.examples}
    issues = Issues()
    for example in held_out.examples:
        other = known.get(squeeze(example.text) or example.text)
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
