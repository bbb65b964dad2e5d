"""YAML files with their line numbers: nodes that know where they stand, and fields that refuse what they do not know.

Plain scalars follow YAML 1.2: only ``true`` and ``false`` are booleans, so the slot value ``no`` stays a text.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import yaml

from dialogs.engine.flow import Issue, Place

_INTEGER = re.compile(r"[-+]?\d+\Z")
_DECIMAL = re.compile(r"[-+]?(?:\d+\.\d*|\.\d+|\d+(?:\.\d*)?[eE][-+]?\d+)\Z")
_DURATION = re.compile(r"(\d+)\s*(s|m|h|d)?\Z")
_SECONDS = {None: 1, "s": 1, "m": 60, "h": 3_600, "d": 86_400}
_CONSTANTS = {"true": True, "false": False, "null": None, "~": None, "": None}
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

#: Most nodes that one file may hold, aliases counted where they are used.
MOST_NODES = 200_000


class Issues(list[Issue]):
    """The issues found so far, with short ways to add one."""

    def error(self, place: Place, where: str, what: str, remedy: str = "") -> None:
        """Add an error at ``place``."""
        self.append(Issue(place.file, place.line, "error", where, what, remedy))

    def warning(self, place: Place, where: str, what: str, remedy: str = "") -> None:
        """Add a warning at ``place``."""
        self.append(Issue(place.file, place.line, "warning", where, what, remedy))

    @property
    def errors(self) -> list[Issue]:
        """Only the errors."""
        return [issue for issue in self if issue.severity == "error"]


class Node:
    """One YAML value and its place: ``value`` is a scalar, a list of nodes or a dict of nodes by key."""

    __slots__ = ("keys", "place", "value")

    def __init__(self, value: Any, place: Place, keys: dict[str, Place] | None = None) -> None:
        """Keep ``value`` and where it stands; ``keys`` has the place of each key of a dict."""
        self.value = value
        self.place = place
        self.keys = keys or {}

    @property
    def kind(self) -> Literal["text", "map", "list"]:
        """``map``, ``list`` or ``text`` (any scalar)."""
        return "map" if isinstance(self.value, dict) else "list" if isinstance(self.value, list) else "text"

    def plain(self) -> Any:
        """Return the value without places, as ``json`` would have it."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value


def read(path: Path, name: str, issues: Issues) -> Node | None:
    """Return the tree of a file, or None after noting in ``issues`` why it cannot be read; ``name`` is shown."""
    start = Place(name, 1)
    try:
        text = path.read_text(encoding="utf-8-sig")
        root = yaml.compose(text, Loader=_LOADER)
    except UnicodeDecodeError:
        issues.error(start, "file", "it is not UTF-8 text", "Save it as UTF-8.")
    except OSError as trouble:
        issues.error(start, "file", f"it cannot be opened ({trouble.strerror})")
    except yaml.MarkedYAMLError as trouble:
        mark = trouble.problem_mark or trouble.context_mark
        what = " ".join(part for part in (trouble.context, trouble.problem) if part)
        place = Place(name, mark.line + 1) if mark else start
        issues.error(place, "file", f"it is not YAML: {what}", "Check the indentation, colons and quotes of this line.")
    except (yaml.YAMLError, RecursionError, ValueError) as trouble:
        issues.error(start, "file", f"it is not YAML: {str(trouble)[:120] or 'nested too deep'}")
    else:
        if root is not None:
            try:
                return _Grower(name, issues).grow(root)
            except RecursionError:
                issues.error(start, "file", "it is nested too deep", "Write it flatter.")
    return None


class _Grower:
    """Turns the parser's nodes into ours; counts them so that nested aliases cannot explode."""

    def __init__(self, name: str, issues: Issues) -> None:
        self._name = name
        self._issues = issues
        self._left = MOST_NODES

    def grow(self, node: yaml.Node) -> Node:
        self._left -= 1
        place = Place(self._name, node.start_mark.line + 1)
        if self._left <= 0:
            if self._left == 0:
                self._issues.error(place, "file", f"it holds more than {MOST_NODES} values", "Split it.")
            return Node(None, place)
        if isinstance(node, yaml.MappingNode):
            return self._map(node, place)
        if isinstance(node, yaml.SequenceNode):
            return Node([self.grow(each) for each in node.value], place)
        return Node(_scalar(node), place)

    def _map(self, node: yaml.MappingNode, place: Place) -> Node:
        values: dict[str, Node] = {}
        keys: dict[str, Place] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            key_place = Place(self._name, key_node.start_mark.line + 1)
            if key in values:
                self._issues.error(key_place, "file", f"the key «{key}» is written twice", "Keep one of them.")
            values[key] = self.grow(value_node)
            keys[key] = key_place
        return Node(values, place, keys)


def _scalar(node: yaml.Node) -> Any:
    text = str(node.value)
    if getattr(node, "style", None):
        return text
    lowered = text.lower()
    if lowered in _CONSTANTS:
        return _CONSTANTS[lowered]
    if _INTEGER.match(text) and len(text) < 19:  # noqa: PLR2004 - longer numbers are identifiers, not quantities
        return int(text)
    return float(text) if _DECIMAL.match(text) else text


class Fields:
    """The keys of one mapping, read one by one; ``done`` refuses those that nobody asked for."""

    def __init__(self, node: Node, where: str, issues: Issues) -> None:
        """Read ``node``, called ``where`` in issues; something else than a mapping is an issue and reads as empty."""
        self.node = node
        self.where = where
        self.place = node.place
        self.issues = issues
        self._asked: set[str] = set()
        self._values: dict[str, Node] = node.value if node.kind == "map" else {}
        if node.kind != "map":
            issues.error(node.place, where, "keys with values are expected here", "Write «key: value» lines.")

    def __contains__(self, key: str) -> bool:
        """Return whether ``key`` is written."""
        return key in self._values

    def at(self, key: str) -> Place:
        """Return the place of ``key``, or of the mapping."""
        return self.node.keys.get(key, self.place)

    def error(self, key: str, what: str, remedy: str = "") -> None:
        """Note an error at ``key``."""
        self.issues.error(self.at(key), self.where, what, remedy)

    def warning(self, key: str, what: str, remedy: str = "") -> None:
        """Note a warning at ``key``."""
        self.issues.warning(self.at(key), self.where, what, remedy)

    def get(self, key: str) -> Node | None:
        """Return the node of ``key``, or None; ``key: null`` counts as absent."""
        self._asked.add(key)
        node = self._values.get(key)
        return None if node is None or (node.kind == "text" and node.value is None) else node

    def text(self, key: str, default: str = "", *, required: bool = False) -> str:
        """Return a text (numbers are taken as written)."""
        node = self.get(key)
        if node is None:
            if required:
                self.error(key, f"«{key}» is missing", f"Add «{key}: …».")
            return default
        if node.kind != "text" or isinstance(node.value, bool):
            self.error(key, f"«{key}» must be a text", "Put it between quotes.")
            return default
        return str(node.value)

    def flag(self, key: str, *, default: bool = False) -> bool:
        """Return true or false."""
        node = self.get(key)
        if node is None:
            return default
        if not isinstance(node.value, bool):
            self.error(key, f"«{key}» must be true or false")
            return default
        return node.value

    def number(self, key: str) -> float | None:
        """Return a number, or None."""
        node = self.get(key)
        if node is None:
            return None
        if isinstance(node.value, bool) or not isinstance(node.value, (int, float)):
            self.error(key, f"«{key}» must be a number")
            return None
        return node.value

    def count(self, key: str) -> int | None:
        """Return a whole number of at least one, or None."""
        number = self.number(key)
        if number is not None and (number < 1 or number != int(number)):
            self.error(key, f"«{key}» must be a whole number of at least 1")
            return None
        return None if number is None else int(number)

    def seconds(self, key: str) -> int | None:
        """Return a time in seconds from ``90``, ``20m``, ``24h`` or ``2d``, or None."""
        node = self.get(key)
        if node is None:
            return None
        match = _DURATION.match(str(node.value)) if node.kind == "text" else None
        if match is None or int(match[1]) == 0:
            self.error(key, f"«{key}» is not a time", "Write seconds, or for example 20m, 24h, 2d.")
            return None
        return int(match[1]) * _SECONDS[match[2]]

    def items(self, key: str) -> list[Node]:
        """Return the nodes of a list."""
        node = self.get(key)
        if node is None:
            return []
        if node.kind != "list":
            self.error(key, f"«{key}» must be a list", "Start each line below it with «- ».")
            return []
        return list(node.value)

    def texts(self, key: str) -> list[str]:
        """Return a list of texts."""
        return [str(node.value) for node in self.items(key) if self._is_text(key, node)]

    def _is_text(self, key: str, node: Node) -> bool:
        if node.kind == "text" and node.value is not None:
            return True
        self.issues.error(node.place, self.where, f"«{key}» must hold texts only")
        return False

    def entries(self, key: str) -> Iterator[tuple[str, Node, Place]]:
        """Yield the name, node and place of each entry of a mapping."""
        node = self.get(key)
        if node is None:
            return
        if node.kind != "map":
            self.error(key, f"«{key}» must hold names with their contents", "Write «name:» lines below it.")
            return
        for name, child in node.value.items():
            yield name, child, node.keys[name]

    def ignore(self, key: str, why: str) -> None:
        """Accept ``key`` with a warning that says why it does nothing here."""
        self._asked.add(key)
        if key in self._values:
            self.warning(key, f"«{key}» is ignored: {why}")

    def refuse(self, key: str, remedy: str) -> None:
        """Refuse ``key``, a known one of the format that this profile does not have."""
        self._asked.add(key)
        if key in self._values:
            self.error(key, f"«{key}» is not part of this profile", remedy)

    def done(self) -> None:
        """Refuse every key that was not asked for."""
        for key in self._values:
            if key in self._asked:
                continue
            close = difflib.get_close_matches(key, self._asked, n=1)
            remedy = f"Did you mean «{close[0]}»?" if close else f"Known here: {', '.join(sorted(self._asked))}."
            self.error(key, f"the key «{key}» is unknown", remedy)
