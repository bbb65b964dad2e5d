"""Says in one sentence what is wrong with a setting: what was seen, what is allowed, and an example."""

from __future__ import annotations

import difflib
import re
import types
from typing import TYPE_CHECKING, Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, SecretStr

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pydantic.fields import FieldInfo
    from pydantic_core import ErrorDetails

    from bot.kernel.source import Where

_ALLOWED = {
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "finite_number": "a number",
    "string_type": "text (write numbers and dates in quotes)",
    "tuple_type": "a list",
    "dict_type": "a block of keys",
    "model_type": "a block of keys",
    "model_attributes_type": "a block of keys",
    "date_from_datetime_parsing": "a date YYYY-MM-DD",
    "date_type": "a date YYYY-MM-DD",
    "timezone_aware": "a moment with its time zone",
    "too_short": "at least one element",
    "string_too_short": "text that is not empty",
}
_SHOWN = 60
#: The user and password of a URL: a database's address is no secret, its password is.
_CREDENTIALS = re.compile(r"://[^\s/@]+@")


def is_secret(field: FieldInfo | None) -> bool:
    """Whether the values of ``field`` must never be shown."""
    return field is not None and SecretStr in (field.annotation, *get_args(field.annotation))


def field_at(model: type[BaseModel], where: Where) -> tuple[type[BaseModel], FieldInfo | None]:
    """Return the innermost model around ``where`` and the field it belongs to (None for an unknown key)."""
    owner, field = model, None
    for part in where:
        if isinstance(part, str) and part in owner.model_fields:
            field = owner.model_fields[part]
            inner = next(_models(field.annotation), None)
            if inner is not None:
                owner = inner
        elif isinstance(part, str) and field is not None and next(_models(field.annotation), None) is not None:
            return owner, None
    return owner, field


def secret_paths(model: type[BaseModel], where: Where = ()) -> Iterator[Where]:
    """Yield the path of every setting that holds a secret."""
    for name, field in model.model_fields.items():
        if is_secret(field):
            yield (*where, name)
        for inner in _models(field.annotation):
            yield from secret_paths(inner, (*where, name))


def describe(error: ErrorDetails, model: type[BaseModel], seen: object) -> str:
    """Return what was seen, what is allowed and an example for one validation ``error``."""
    where: Where = tuple(error["loc"])
    kind = error["type"]
    if kind == "extra_forbidden":
        return _unknown(model, where)
    _, field = field_at(model, where)
    example = _example(field)
    if kind == "missing":
        return f"is missing{example}"
    allowed = _allowed(kind, error.get("ctx") or {}, error["msg"])
    if "for example" in allowed:
        example = ""
    elif kind == "string_pattern_mismatch" and example:
        # An example says it to everybody; a pattern only to those who read them.
        allowed, example = f"something like {example.removeprefix(', for example ')}", ""
    return f"{_seen(seen, field)} is not allowed; expected {allowed}{example}"


def _unknown(model: type[BaseModel], where: Where) -> str:
    owner = model
    for part in where[:-1]:
        if isinstance(part, str) and part in owner.model_fields:
            owner = next(_models(owner.model_fields[part].annotation), owner)
    keys = list(owner.model_fields)
    close = difflib.get_close_matches(str(where[-1]), keys, n=1)
    hint = f"did you mean {close[0]!r}? " if close else ""
    return f"unknown key; {hint}allowed here: {', '.join(keys)}"


def _allowed(kind: str, context: Mapping[str, Any], message: str) -> str:
    if kind in _ALLOWED:
        return _ALLOWED[kind]
    if kind == "literal_error":
        return f"one of {context['expected']}".replace("True", "true").replace("False", "false")
    if kind == "string_pattern_mismatch":
        return f"text like {context['pattern']}"
    if kind == "value_error":
        return str(context["error"])
    return message.removeprefix("Input should be ").removeprefix("Input should ")


def _seen(value: object, field: FieldInfo | None) -> str:
    if is_secret(field):
        return "the value (hidden)"
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return "a block of keys"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    if isinstance(value, bool):
        return "true" if value else "false"
    text = _CREDENTIALS.sub("://…@", repr(value))
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _example(field: FieldInfo | None) -> str:
    return f", for example {field.examples[0]}" if field is not None and field.examples else ""


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    elif get_origin(annotation) in (tuple, dict, Union, types.UnionType, Annotated):
        for part in get_args(annotation):
            yield from _models(part)
