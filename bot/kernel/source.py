"""Reads YAML that people write into plain values and remembers the line of each, so that a complaint can point at it."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from pathlib import Path

Where = tuple[str | int, ...]

_MAX_BYTES = 1_000_000
_MAX_DEPTH = 50
#: An address without quotes, «CL 10 # 5-20», loses its number: YAML takes it for a comment.
_LOST_NUMBER = re.compile(r"[ \t]+#[ \t]*\d+[A-Za-z]? *-")


@dataclass(slots=True)
class Source:
    """What a file says: ``tree`` of JSON values, the line of each path, and what could not be read.

    ``is_read`` is False when nothing of the file could be read: its settings are unknown, not missing.
    """

    name: str
    is_read: bool = False
    tree: dict[str, Any] = field(default_factory=dict)
    lines: dict[Where, int] = field(default_factory=dict)
    problems: list[tuple[int, str]] = field(default_factory=list)

    def line(self, where: Where) -> int:
        """Return the line of ``where``, or of the nearest block around it."""
        while where and where not in self.lines:
            where = where[:-1]
        return self.lines.get(where, 1)


def dotted(where: Where) -> str:
    """Write a path as people do: ``empresa.oficinas[0].lat``."""
    text = ""
    for part in where:
        text += f"[{part}]" if isinstance(part, int) else f"{'.' if text else ''}{part}"
    return text


def read(path: Path) -> Source:
    """Read ``path``; whatever is wrong with it as YAML is in ``problems``, never raised."""
    source = Source(path.name)
    try:
        raw = path.read_bytes()
    except OSError as error:
        source.problems.append((1, f"the file cannot be read ({error.strerror}): {path}"))
        return source
    if len(raw) > _MAX_BYTES:
        source.problems.append((1, f"the file has {len(raw)} bytes; at most {_MAX_BYTES} are allowed"))
        return source
    try:
        node = yaml.compose(raw.decode("utf-8"), Loader=yaml.SafeLoader)
        tree = {} if node is None else _Reader(source).value(node, ())
        source.is_read = isinstance(tree, dict)
        if source.is_read:
            source.tree = tree
        else:
            source.problems.append((1, "the file must hold keys and values, for example mode: demo"))
    except UnicodeDecodeError as error:
        source.problems.append((raw.count(b"\n", 0, error.start) + 1, "the file is not UTF-8 text: save it as UTF-8"))
    except yaml.MarkedYAMLError as error:
        # What is never closed or never finished began at the context; all else is wrong where the problem is.
        is_unfinished = isinstance(error, yaml.scanner.ScannerError) and error.context_mark is not None
        mark = error.context_mark if is_unfinished else error.problem_mark or error.context_mark
        what = " ".join(str(part) for part in (error.context, error.problem) if part)
        source.problems.append((mark.line + 1 if mark else 1, f"not valid YAML: {what}; check indentation and quotes"))
    except (yaml.YAMLError, RecursionError) as error:
        source.problems.append((1, f"not valid YAML: {type(error).__name__}"))
    return source


class _Reader:
    """Turns YAML nodes into JSON values, one path at a time."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._seen: set[int] = set()
        self._scalars = yaml.SafeLoader("")

    def value(self, node: yaml.Node, where: Where) -> Any:
        line = node.start_mark.line + 1
        self._source.lines.setdefault(where, line)
        if isinstance(node, yaml.CollectionNode):
            if id(node) in self._seen:
                self._complain(line, where, "aliases (*name) are not supported: write the value out")
                return None
            self._seen.add(id(node))
            if len(where) > _MAX_DEPTH:
                self._complain(line, where[:3], f"nested deeper than {_MAX_DEPTH} levels")
                return None
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, where)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*where, index)) for index, item in enumerate(node.value)]
        return self._scalar(node, where) if isinstance(node, yaml.ScalarNode) else None

    def _mapping(self, node: yaml.MappingNode, where: Where) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode) or key_node.tag != "tag:yaml.org,2002:str":
                seen = getattr(key_node, "value", "")
                self._complain(line, where, f"the key {seen!r} is not text: write it in quotes")
                continue
            key = str(key_node.value)
            path = (*where, key)
            if key in result:
                self._complain(line, path, f"written twice (first in line {self._source.lines[path]}): keep one")
                continue
            self._source.lines[path] = line
            result[key] = self.value(value_node, path)
        return result

    def _scalar(self, node: yaml.ScalarNode, where: Where) -> Any:
        try:
            value = self._scalars.construct_object(node)
        except (yaml.YAMLError, ValueError):
            line = node.start_mark.line + 1
            self._complain(line, where, f"{node.value!r} cannot be read as {node.tag}: write it in quotes")
            return None
        if (
            isinstance(value, str)
            and not node.style
            and _LOST_NUMBER.match(node.end_mark.buffer or "", node.end_mark.pointer)
        ):
            line = node.start_mark.line + 1
            self._complain(
                line, where, f"the text after {value!r} is lost as a comment (#): write the whole value in quotes"
            )
        if isinstance(value, dt.date | dt.datetime):
            return value.isoformat()
        return value if value is None or isinstance(value, bool | int | float | str) else str(value)

    def _complain(self, line: int, where: Where, what: str) -> None:
        self._source.problems.append((line, f"{dotted(where)}: {what}" if where else what))
