"""A file of commas or semicolons, read in a stream: its encoding, its separator, its columns, then line by line."""

from __future__ import annotations

import codecs
import csv
import hashlib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bot.billing.importing.shapes import Bad
from bot.kernel.errors import Unreadable

if TYPE_CHECKING:
    from bot.billing.importing.shapes import Shape

_PIECE = 1 << 20
#: A cell longer than this is a quote that was never closed.
_LONGEST_CELL = 20_000
_SEPARATORS = ";,\t"


@dataclass(frozen=True, slots=True)
class Source:
    """A file that was looked through once: where, how it is written, its hash, and how many lines it has."""

    path: Path
    encoding: str
    separator: str
    sha256: str
    lines: int
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of data, from 2 on: its cells by column, or why it cannot be read."""

    number: int
    cells: Mapping[str, str]
    trouble: Bad | None = None


def look(path: Path, shape: Shape) -> Source:
    """Look through the whole file once: UTF-8, with or without its mark, or else Latin-1.

    Raises:
        Unreadable: no such file, empty, or its first line does not name the columns of ``shape``.
    """
    try:
        opened = path.open("rb")
    except OSError as error:
        raise Unreadable(f"{path}: cannot be read ({error.strerror})") from None
    digest, decoder, encoding, lines, size = hashlib.sha256(), codecs.getincrementaldecoder("utf-8")(), "utf-8", 0, 0
    with opened:
        while piece := opened.read(_PIECE):
            digest.update(piece)
            lines += piece.count(b"\n")
            if size == 0 and piece.startswith(codecs.BOM_UTF8):
                encoding = "utf-8-sig"
            elif size == 0 and piece.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                raise Unreadable(f"{path}: is written in UTF-16; save it as CSV UTF-8")
            size += len(piece)
            if encoding != "latin-1":
                try:
                    decoder.decode(piece)
                except UnicodeDecodeError:
                    encoding = "latin-1"
        if encoding != "latin-1":
            try:
                decoder.decode(b"", final=True)
            except UnicodeDecodeError:
                encoding = "latin-1"
    with path.open(encoding=encoding, newline="") as text:
        head = text.readline(_LONGEST_CELL)
    if not head.strip():
        raise Unreadable(f"{path}: is empty; its first line names the columns: {', '.join(shape.columns)}")
    separator = max(_SEPARATORS, key=head.count)
    columns = tuple(_name(cell) for cell in next(csv.reader([head], delimiter=separator)))
    _check(path, columns, shape)
    return Source(path, encoding, separator, digest.hexdigest(), lines, columns)


def read(source: Source) -> Iterator[Line]:
    """Yield the lines of data; a broken one is yielded with its trouble and the next is read."""
    csv.field_size_limit(_LONGEST_CELL)
    wide = len(source.columns)
    with source.path.open(encoding=source.encoding, newline="") as text:
        rows = csv.reader(text, delimiter=source.separator, strict=True)
        next(rows, None)
        while True:
            number = rows.line_num + 1
            try:
                row = next(rows)
            except StopIteration:
                return
            except csv.Error:
                yield Line(number, {}, Bad("", "unas comillas están mal puestas"))
                continue
            if not any(cell.strip() for cell in row):
                continue
            if len(row) != wide:
                yield Line(number, {}, Bad("", f"tiene {len(row)} columnas y deben ser {wide}"))
                continue
            yield Line(number, dict(zip(source.columns, row, strict=True)))


def _name(cell: str) -> str:
    """Fold a header: no capitals, no accents, blanks as underscores."""
    bare = unicodedata.normalize("NFKD", cell.strip().casefold())
    return "_".join("".join(mark for mark in bare if not unicodedata.combining(mark)).split())


def _check(path: Path, columns: tuple[str, ...], shape: Shape) -> None:
    problems = [f"the column {name!r} is not known" for name in columns if name not in shape.columns]
    problems += [f"the column {name!r} stands twice" for name in sorted({n for n in columns if columns.count(n) > 1})]
    problems += [
        f"the column {name!r} is missing"
        for name, column in shape.columns.items()
        if column.needed and name not in columns
    ]
    if problems:
        known = ", ".join(f"{name}*" if column.needed else name for name, column in shape.columns.items())
        raise Unreadable(f"{path}:1: {'; '.join(problems)}. Columns of {shape.name} (* needed): {known}")
