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

#: Folder of held-out sentences, and the set in it that is read only when it is named: the closing figure needs sentences
#: that nobody has looked at.
HELD_OUT, CLOSING = "tests", "final"

#: Folders whose files are called after the life that wrote them.
_AUTHORED = frozenset({"vidas", "desarrollo", "segundas", "final"})
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
_MARK = re.compile(
    r"\[(?P<text>[^\[\]]*)\](?:\((?P<entity>[^():]*)(?::(?P<value>[^()]*))?\)|(?P<mapping>\{[^{}]*\})|(?P<several>\[\{[^\[\]]*\}\]))"
)
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
    """One thing people say for an intent, without its marks.

    ``place`` is its file and line, ``author`` the life that wrote it (empty when nobody says).
    """

    intent: str
    text: str
    annotations: tuple[Annotation, ...]
    place: Place
    author: str = ""


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
    author: str = ""


def files_of(source: Path, *, tests: bool = False, held_out: str = "") -> list[Path]:
    """Return the YAML files of ``source`` (a folder or one file), sorted; see ``read_data`` for what is chosen."""
    if source.is_file():
        return [source]
    found = sorted([*source.rglob("*.yml"), *source.rglob("*.yaml")])
    return [path for path in found if _is_chosen(path, source, tests or bool(held_out), held_out)]


def _is_chosen(path: Path, source: Path, tests: bool, held_out: str) -> bool:  # noqa: FBT001 - two sides of one question
    folders = path.relative_to(source).parts[:-1]
    if (HELD_OUT in folders) != tests:
        return False
    if held_out:
        return folders[folders.index(HELD_OUT) + 1 :][:1] == (held_out,)
    is_closing = path.parent.name == CLOSING and path.parent.parent.name == HELD_OUT
    return not (is_closing and folders)


def sets_of(source: Path) -> tuple[str, ...]:
    """Return the names of the held-out sets of ``source``: the folders below its folders called ``tests``."""
    if source.is_file():
        return ()
    return tuple(
        sorted({inner.name for tests in source.rglob(HELD_OUT) for inner in tests.iterdir() if inner.is_dir()})
    )


def read_data(source: Path, *, tests: bool = False, held_out: str = "") -> NluData:
    """Read every language file of ``source``.

    Args:
        source: a folder (``nlu_data``) or one file.
        tests: read the held-out sentences (folders called ``tests``) and not the training ones; all but the closing
            set ``tests/final``.
        held_out: read only this set (``desarrollo``, ``final``…): the folder of that name below ``tests``.

    Raises:
        DialogsError: something is wrong; the text lists every error with file, line and remedy.
    """
    data, issues = read_with_issues(source, tests=tests, held_out=held_out)
    errors = [issue for issue in issues if issue.severity == "error"]
    if errors:
        raise DialogsError("\n".join(str(issue) for issue in errors))
    return data


def read_with_issues(source: Path, *, tests: bool = False, held_out: str = "") -> tuple[NluData, list[Issue]]:
    """Read every language file of ``source`` and return the data with all issues, errors and warnings."""
    draft = _Draft()
    digest = hashlib.sha256()
    for path in files_of(source, tests=tests, held_out=held_out):
        root = read(path, str(path), draft.issues)
        if root is None:
            continue
        if root.kind == "map" and "nlu" in root.value:
            digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
            draft.author = path.stem if path.parent.name in _AUTHORED else ""
            _read_file(root, draft)
    # Other people keep conversations below «tests», and no sentences.
    if not draft.examples and not draft.issues.errors and not (tests or held_out):
        draft.issues.error(
            Place(str(source), 1),
            "language data",
            "there is no intent with examples",
            "Add files with «nlu: - intent: …».",
        )
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
    author = _author(fields.get("metadata"), draft.author)
    lines = list(_lines(fields, author, draft.issues))
    fields.done()
    if not lines:
        fields.error("examples", "there are no examples", "Add lines «- …» below «examples: |».")
        return
    if kind == "intent":
        for line in lines:
            example = _example(name, line, fields.where, draft.issues)
            if example:
                draft.examples.append(example)
    elif kind == "regex":
        draft.regexes.setdefault(name, []).extend(_patterns(lines, fields.where, draft.issues))
    else:
        target = draft.synonyms if kind == "synonym" else draft.lookups
        target.setdefault(name, []).extend(line.text for line in lines)


@dataclass(frozen=True, slots=True)
class _Line:
    """One example as it is written."""

    text: str
    place: Place
    author: str


def _author(metadata: Node | None, otherwise: str) -> str:
    """Return who wrote an example: as its metadata say, else as its intent's or its file's name says."""
    said = metadata.value.get("author") if metadata is not None and metadata.kind == "map" else None
    return str(said.value).strip() if said is not None and said.kind == "text" and said.value else otherwise


def _lines(fields: Fields, author: str, issues: Issues) -> Iterable[_Line]:
    """Yield the examples of an entry: lines of a block that begin with a dash, or a list of texts or mappings."""
    node = fields.get("examples")
    if node is None:
        return
    if node.kind == "list":
        for item in node.value:
            is_map = item.kind == "map"
            text = item.value.get("text") if is_map else item
            # Rasa lets «text» be a block that begins with a dash.
            said = (
                str(text.value).strip().removeprefix("- ").strip() if text is not None and text.kind == "text" else ""
            )
            if not said or text.value is None:
                issues.error(item.place, fields.where, "an example must be a text or have «text»", "Write «- text: …».")
            else:
                yield _Line(said, text.place, _author(item.value.get("metadata"), author) if is_map else author)
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
        yield _Line(said[2:].strip(), place, author)


def _patterns(lines: list[_Line], where: str, issues: Issues) -> list[str]:
    good: list[str] = []
    for line in lines:
        try:
            re.compile(line.text)
        except re.error as trouble:
            what = f"the regular expression is wrong: {trouble}"
            issues.error(line.place, where, what, "Check brackets and backslashes.")
        else:
            good.append(line.text)
    return good


def _example(intent: str, line: _Line, where: str, issues: Issues) -> Example | None:
    raw, place = line.text, line.place
    plain: list[str] = []
    marks: list[Annotation] = []
    at = 0
    length = 0
    for match in _MARK.finditer(raw):
        before = raw[at : match.start()]
        plain.append(before)
        length += len(before)
        described = _described(match, place, where, issues)
        if not described:
            return None
        text = match["text"]
        marks.extend(Annotation(entity, length, length + len(text), text, value) for entity, value in described)
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
    return Example(intent, text, tuple(marks), place, line.author)


def _described(match: re.Match[str], place: Place, where: str, issues: Issues) -> list[tuple[str, str | None]]:
    """Return each (entity, value) of a mark, or nothing after noting what is wrong with it."""
    if not match["text"].strip():
        issues.error(place, where, "a mark holds no words", "Put the words of the entity between [ and ].")
        return []
    if match["entity"] is not None:
        entity, value = match["entity"].strip(), (match["value"] or "").strip()
        if not re.fullmatch(r"[\w.-]+", entity):
            remedy = 'Write [words]{"entity": "name", "value": "…"} for a value.'
            issues.error(place, where, f"«{entity}» is not the name of an entity", remedy)
            return []
        return [(entity, value or None)]
    written = match["mapping"] or match["several"]
    try:
        mappings = json.loads(written)
    except json.JSONDecodeError:
        issues.error(place, where, f"{written[:60]} is not JSON", 'Use double quotes: {"entity": "name"}.')
        return []
    found: list[tuple[str, str | None]] = []
    for mapping in mappings if isinstance(mappings, list) else [mappings]:
        unknown = set(mapping) - _FIELDS
        if unknown or not isinstance(mapping.get("entity"), str):
            what = f"unknown keys {', '.join(sorted(unknown))}" if unknown else "«entity» is missing"
            issues.error(place, where, f"the mark is wrong: {what}", f"Known: {', '.join(sorted(_FIELDS))}.")
            return []
        value = mapping.get("value")
        found.append((mapping["entity"], None if value is None else str(value)))
    return found
