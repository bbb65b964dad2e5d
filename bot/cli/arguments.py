"""Says in plain words why an argument of the command line could not be read, with an example of the right form."""

from __future__ import annotations

from typing import Any

import typer
from typer.core import TyperGroup

#: What is shown of what was typed, in characters.
_SHOWN = 40


class Commands(TyperGroup):
    """The group of every command; a bad argument of any of them is told by ``plainly`` and ends with exit code 2."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except typer.BadParameter as error:
            error.message = plainly(error)
            raise


def plainly(error: typer.BadParameter) -> str:
    """Return the message of ``error`` without the words of the library that checks numbers.

    A number gets the limits it broke and an example: its default, or the least that is allowed. Other messages are
    returned as they are.
    """
    from pydantic import ValidationError

    cause = error.__cause__
    if not isinstance(cause, ValidationError):
        return error.message
    first = cause.errors(include_url=False)[0]
    typed = repr(str(first["input"])[:_SHOWN])
    limits = first.get("ctx", {})
    default = getattr(error.param, "default", None)
    example = default if isinstance(default, int) else limits.get("ge", 1)
    match first["type"]:
        case "greater_than_equal":
            return f"{typed} is not allowed: the least is {limits['ge']}. For example: {example}"
        case "less_than_equal":
            return f"{typed} is not allowed: the most is {limits['le']}. For example: {example}"
        case kind if kind.startswith("int_"):
            return f"{typed} is not a whole number. For example: {example}"
    return error.message
