"""From a response key and values to the words a citizen reads: strict, sandboxed, the same every time.

Texts are Jinja2 (``{{ valor }}``, ``{% if %}``); Rasa's ``{slot}`` works too. A value that is missing is an error, never
a hole in a sentence.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

from jinja2 import StrictUndefined, Template, TemplateError, UndefinedError, meta, pass_context
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from dialogs.filters import FILTERS, shown

if TYPE_CHECKING:
    from dialogs.engine.flow import Dialogs, Response, ResponseVariant

#: Longest text one reply may have, in characters, so that a value cannot make a reply endless.
LONGEST = 8_000

_LINE_ENDS = re.compile(r"[ \t]+\n")
_STOPS = re.compile(r"(?<!\.)\.\.(?!\.)")
_GAPS = re.compile(r"\n{3,}")
_RASA_VARIABLE = re.compile(r"(?<![{%#])\{([A-Za-z_][A-Za-z0-9_]*)\}(?!\})")


class WordingError(Exception):
    """A response cannot be said: unknown key, missing value, or a template that fails."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A reply in words: ``buttons`` are (title, payload, hint); ``ask`` wants a native location or phone button."""

    text: str
    buttons: tuple[tuple[str, str, str], ...] = ()
    image: str = ""
    attachment: Mapping[str, Any] | None = None
    ask: Literal["", "location", "phone"] = ""
    menu_label: str = ""


def _finish(value: Any) -> Any:
    """Refuse to print a missing value; show lists and booleans as people write them."""
    if value is None:
        raise WordingError("a missing value would be printed")
    return value if isinstance(value, str) else shown(value)


#: The value under which a template finds what ids are called.
_LABELS = "_etiquetas"


@pass_context
def etiqueta(context: Context, value: Any) -> str:
    """Return what people read for an id: the response ``etiqueta.<id>``, else the value shown."""
    if value is None:
        raise WordingError("a missing value would be labelled")
    labels: Mapping[str, str] = context.get(_LABELS) or {}
    return labels.get(str(value)) or shown(value)


def _environment() -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, finalize=_finish, autoescape=False)
    environment.filters = {name: environment.filters[name] for name in _JINJA_FILTERS} | FILTERS
    environment.filters["etiqueta"] = etiqueta
    environment.globals.clear()
    return environment


#: Jinja's own filters that texts may use; none of them computes or grows a text.
_JINJA_FILTERS = ("default", "first", "last", "length", "lower", "upper", "capitalize", "trim", "int", "abs")
_ENVIRONMENT = _environment()


def source(text: str) -> str:
    """Return ``text`` with Rasa's ``{slot}`` written as Jinja."""
    return _RASA_VARIABLE.sub(r"{{ \1 }}", text) if "{" in text else text


def names_in(text: str) -> frozenset[str]:
    """Return the values that ``text`` reads.

    Raises:
        ValueError: not a template; the text says why.
    """
    if "{" not in text:
        return frozenset()
    try:
        return frozenset(meta.find_undeclared_variables(_ENVIRONMENT.parse(source(text))))
    except TemplateError as trouble:
        raise ValueError(str(trouble)) from trouble


@lru_cache(maxsize=4_096)
def _template(text: str) -> Template:
    return _ENVIRONMENT.from_string(source(text))


def fill(text: str, values: Mapping[str, Any]) -> str:
    """Return ``text`` with its values.

    Raises:
        WordingError: a value is missing or the template fails.
    """
    if "{" not in text:
        return text
    try:
        return _template(text).render(values)[:LONGEST]
    except WordingError:
        raise
    except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError) as trouble:
        # An undefined name is ours to read; what other errors say may quote a value, which may be a person's.
        said = str(trouble) if isinstance(trouble, UndefinedError) else type(trouble).__name__
        message = f"«{text[:60]}» cannot be written: {said}"
        raise WordingError(message) from trouble


def render(
    response: str,
    values: Mapping[str, Any],
    *,
    dialogs: Dialogs,
    language: str = "es",
    channel: str = "",
    turn_seed: str = "",
) -> Rendered:
    """Say ``response`` with ``values`` in ``language`` (falling back to the default one) for ``channel``.

    The variant is chosen in Rasa's order: condition and channel, channel, condition, neither. Equal ones are told
    apart by a hash of ``turn_seed``, never by chance.

    Raises:
        WordingError: the key is unknown, a value is missing or no variant fits.
    """
    languages = dialogs.domain.responses
    found = languages.get(language, {}).get(response) or languages.get(dialogs.language, {}).get(response)
    if found is None:
        message = f"the response «{response}» does not exist"
        raise WordingError(message)
    variant = choose(found, values, channel=channel, seed=turn_seed)
    known: Mapping[str, Any] = {
        **dict.fromkeys(found.names & dialogs.domain.slots.keys()),
        **values,
        _LABELS: _labels(dialogs, language),
    }
    return Rendered(
        text=_tidy(fill(variant.text, known)),
        buttons=tuple(
            (fill(button.title, known), fill_payload(button.payload, known), fill(button.hint, known))
            for button in variant.buttons
        ),
        image=fill(variant.image, known),
        attachment=variant.attachment,
        ask=variant.ask,
        menu_label=variant.menu_label,
    )


def snippet(text: str, values: Mapping[str, Any], *, dialogs: Dialogs, language: str = "es") -> str:
    """Return a piece of text that stands outside the responses, written as they are; a slot may be empty.

    Raises:
        WordingError: a value is missing or the template fails.
    """
    empty = dict.fromkeys(names_in(text) & dialogs.domain.slots.keys())
    return _tidy(fill(text, {**empty, **values, _LABELS: _labels(dialogs, language)}))


def _labels(dialogs: Dialogs, language: str) -> Mapping[str, str]:
    return dialogs.labels.get(language) or dialogs.labels.get(dialogs.language) or {}


def _tidy(text: str) -> str:
    """Remove the blank lines and outer spaces that ``{% if %}`` lines leave behind, and a stop after another stop.

    «4:10 p. m.» and «E.S.P.» bring their own stop to the end of a sentence; three dots stay.
    """
    return _GAPS.sub("\n\n", _LINE_ENDS.sub("\n", _STOPS.sub(".", text))).strip()


def choose(response: Response, values: Mapping[str, Any], *, channel: str, seed: str) -> ResponseVariant:
    """Return the variant of ``response`` that fits best.

    Raises:
        WordingError: none fits.
    """
    ranked: dict[int, list[ResponseVariant]] = {}
    for variant in response.variants:
        if variant.channel not in ("", channel):
            continue
        if variant.condition is not None and not variant.condition.holds(values, values):
            continue
        rank = (0 if variant.channel else 2) + (0 if variant.condition else 1)
        ranked.setdefault(rank, []).append(variant)
    if not ranked:
        message = f"no wording of «{response.key}» fits"
        raise WordingError(message)
    best = ranked[min(ranked)]
    if len(best) == 1:
        return best[0]
    digest = hashlib.blake2b(f"{seed}:{response.key}".encode(), digest_size=4).digest()
    return best[int.from_bytes(digest, "big") % len(best)]


def fill_payload(payload: str, values: Mapping[str, Any]) -> str:
    """Return a button's payload with its values; ``/intent{{"a": "b"}}`` keeps its braces (Rasa doubles them)."""
    if payload.startswith("/") and "{{" in payload and ('{{"' in payload or "{{'" in payload):
        return payload.replace("{{", "{").replace("}}", "}")
    if payload.startswith("/") and "{" in payload and "{{" not in payload:
        return payload
    return fill(payload, values)


def label(slot: str, value: Any, *, dialogs: Dialogs) -> str:
    """Return how a person knows ``value`` of ``slot``: the title of the button that sets it, else the value shown."""
    if isinstance(value, str) and value in dialogs.labels.get(dialogs.language, {}):
        return dialogs.labels[dialogs.language][value]
    wanted = f"/SetSlots({slot}={_payload_text(value)})"
    for title, payload in _titles(dialogs):
        if payload == wanted:
            return title
    kind = dialogs.domain.slots[slot].type if slot in dialogs.domain.slots else "text"
    return shown(value, kind)


def _payload_text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _titles(dialogs: Dialogs) -> Iterable[tuple[str, str]]:
    for response in dialogs.domain.responses.get(dialogs.language, {}).values():
        for variant in response.variants:
            for button in variant.buttons:
                if button.payload.startswith("/SetSlots("):
                    yield button.title, button.payload.replace(" ", "")
