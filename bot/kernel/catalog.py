"""How a file of ``dialogs/catalog`` is read: strictly, every mistake told with its file and line, several at once."""

from __future__ import annotations

import string
from typing import TYPE_CHECKING, Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from bot.kernel.errors import CatalogError
from bot.kernel.source import Source, dotted, read

if TYPE_CHECKING:
    from pathlib import Path

Text = Annotated[str, Field(min_length=1, max_length=1_000)]
Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


def placeholders(text: str) -> frozenset[str]:
    """Return the names between braces in ``text``.

    Raises:
        ValueError: braces do not match, or hold more than a plain name.
    """
    names = set()
    for _, name, spec, conversion in string.Formatter().parse(text):
        if name is None:
            continue
        if spec or conversion or not name.isidentifier():
            message = f"only plain names may stand between braces, not {{{name}}}"
            raise ValueError(message)
        names.add(name)
    return frozenset(names)


def _plain_placeholders(text: str) -> str:
    placeholders(text)
    return text


Wording = Annotated[Text, AfterValidator(_plain_placeholders)]


class Entry(BaseModel):
    """A block of the catalog: unknown keys are refused, values never change after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=False)


class Versioned(Entry):
    """A file of the catalog; ``version`` goes into what is produced from it."""

    version: Text


FileT = TypeVar("FileT", bound=Versioned)


def read_file(path: Path, shape: type[FileT], problems: list[str]) -> FileT | None:
    """Return ``path`` as ``shape``, or None after adding each of its problems to ``problems`` as ``file:line: what``."""
    source = read(path)
    if source.problems:
        problems += [f"{path.name}:{line}: {text}" for line, text in source.problems]
        return None
    try:
        return shape.model_validate(source.tree)
    except ValidationError as error:
        problems += [_complaint(source, issue["loc"], issue["msg"]) for issue in error.errors()]
        return None


def read_whole(path: Path, shape: type[FileT]) -> FileT:
    """Return ``path`` as ``shape``.

    Raises:
        CatalogError: with every problem, each as ``file:line: what``.
    """
    problems: list[str] = []
    found = read_file(path, shape, problems)
    if found is None:
        raise CatalogError(problems)
    return found


def home_of(name: str, dialogs: Path, shipped: Path) -> Path:
    """Return the folder whose file ``name`` counts: the catalog of the installation's ``dialogs``, else ``shipped``."""
    own = dialogs / "catalog"
    return own if (own / name).is_file() else shipped


def _complaint(source: Source, where: tuple[int | str, ...], what: str) -> str:
    shown = dotted(where)
    return f"{source.name}:{source.line(where)}: {shown + ': ' if shown else ''}{what.removeprefix('Value error, ')}"
