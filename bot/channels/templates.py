"""Messages that a provider approves beforehand, as staff write them in ``dialogs/catalog/plantillas/*.yml``.

Outside the window in which a person may be answered freely, WhatsApp takes nothing else. The limits are Meta's.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal

from pydantic import Field, ValidationError, model_validator

from bot.kernel.catalog import Entry, Text, Versioned, read_file
from bot.kernel.errors import CatalogError

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER: Final = Path(__file__).resolve().parents[2] / "dialogs" / "catalog"
#: The folder below the catalog whose files hold them.
BELOW: Final = "plantillas"
#: The channel whose notices need approved templates.
CHANNEL: Final = "whatsapp"
LANGUAGE: Final = r"^[a-z]{2,3}(_[A-Z]{2})?$"

Category = Literal["UTILITY", "MARKETING"]
#: What a template is called at Meta, and what its values are called.
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,511}$")]
Value = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]

_PLACE: Final = re.compile(r"\{\{([^{}]*)\}\}")
_VALUE: Final = re.compile(r"[a-z][a-z0-9_]*")
#: Meta refuses values without words between them.
_TOUCHING: Final = re.compile(r"\}\}\s*\{\{")
_BODY, _HEADER, _FOOTER = 1024, 60, 60
_MOST_BUTTONS: Final = 10
_MOST_LINKS: Final = 2


def values_in(text: str) -> tuple[str, ...]:
    """Return the values that ``text`` has places for, in order, each once.

    Raises:
        ValueError: a place has no plain name, or braces do not match.
    """
    names = [name.strip() for name in _PLACE.findall(text)]
    wrong = [name for name in names if not _VALUE.fullmatch(name)]
    if wrong or "{" in _PLACE.sub("", text) or "}" in _PLACE.sub("", text):
        message = f"a place is written {{{{nombre}}}}, in small letters: {', '.join(wrong) or text[:40]}"
        raise ValueError(message)
    return tuple(dict.fromkeys(names))


def filled(text: str, values: Mapping[str, str]) -> str:
    """Return ``text`` with ``values`` in its places; «5:00 p. m.» brings the stop that stands after it."""

    def written(place: re.Match[str]) -> str:
        value = values[place.group(1).strip()]
        return value.removesuffix(".") if text[place.end() :].startswith(".") else value

    return _PLACE.sub(written, text)


class ButtonEntry(Entry):
    """A button: ``respuesta`` is one of the notice's own, by its title; ``enlace`` opens a page.

    The address of a page may end in one value: ``https://empresa.example/casos/{{radicado}}``.
    """

    tipo: Literal["respuesta", "enlace"] = "respuesta"
    texto: Annotated[str, Field(min_length=1, max_length=20)]
    url: Annotated[str, Field(pattern=r"^https://[^\s]+$", max_length=2000)] | None = None

    @model_validator(mode="after")
    def _fits(self) -> ButtonEntry:
        if (self.url is not None) != (self.tipo == "enlace"):
            message = "an enlace has a url, and nothing else has one"
            raise ValueError(message)
        values = values_in(self.url or "")
        if len(values) > 1 or (values and not str(self.url).endswith("}}")):
            message = "an address has at most one value, at its end"
            raise ValueError(message)
        return self


class TemplateEntry(Entry):
    """One template: the responses it stands for, its words, and what Meta is told of it.

    ``vence_s``: Meta gives up delivering it after so long, so that no old outage arrives next week; only a UTILITY
    template may have it. ``siempre``: it goes as a template inside the window too, because only a template expires.
    ``datos`` says what is written for each value, as in any response; without it, ``aviso.<valor>``.
    """

    respuestas: tuple[Text, ...] = Field(min_length=1)
    categoria: Category
    idioma: Annotated[str, Field(pattern=LANGUAGE)] | None = None
    vence_s: int | None = Field(None, ge=30, le=12 * 3600)
    siempre: bool = False
    encabezado: Annotated[str, Field(min_length=1, max_length=_HEADER)] | None = None
    texto: Annotated[str, Field(min_length=1, max_length=_BODY)]
    pie: Annotated[str, Field(min_length=1, max_length=_FOOTER)] | None = None
    botones: tuple[ButtonEntry, ...] = Field((), max_length=_MOST_BUTTONS)
    datos: dict[Value, Text] = Field(default_factory=dict)
    ejemplos: dict[Value, Text] = Field(default_factory=dict)

    @property
    def values(self) -> tuple[str, ...]:
        """Every value that it has a place for."""
        texts = (self.encabezado or "", self.texto, *(button.url or "" for button in self.botones))
        return tuple(dict.fromkeys(name for text in texts for name in values_in(text)))

    def source(self, value: str) -> str:
        """Return what is written for ``value``, as a text of the dialogs."""
        return self.datos.get(value) or f"{{{{ aviso.{value} }}}}"

    @model_validator(mode="after")
    def _approvable(self) -> TemplateEntry:
        problems = [*self._words(), *self._values(), *self._buttons()]
        if self.vence_s is not None and self.categoria != "UTILITY":
            problems.append("vence_s: only a UTILITY template may expire so soon")
        if problems:
            raise ValueError("; ".join(problems))
        return self

    def _words(self) -> list[str]:
        body = self.texto.strip()
        problems = ["texto: a value may neither open nor close it"] if _opens_or_closes(body) else []
        problems += ["texto: there must be words between two values"] if _TOUCHING.search(body) else []
        # Meta calls a body too thin whose words are not more than twice its values.
        thin = len(re.findall(r"\w+", _PLACE.sub("", body))) <= 2 * len(_PLACE.findall(body))
        problems += ["texto: too few words for its values"] if thin else []
        problems += ["texto: more than two line ends together"] if "\n\n\n" in body else []
        many = len(values_in(self.encabezado or "")) > 1
        problems += ["encabezado: at most one value"] if many else []
        problems += ["encabezado: one line, without emphasis"] if re.search(r"[\n*_~`]", _bare(self.encabezado)) else []
        return problems + (["pie: no values"] if values_in(self.pie or "") else [])

    def _values(self) -> list[str]:
        own = set(self.values)
        problems = [f"ejemplos: {name} is missing" for name in sorted(own - self.ejemplos.keys())]
        problems += [f"ejemplos: there is no place {{{{{name}}}}}" for name in sorted(self.ejemplos.keys() - own)]
        problems += [f"datos: there is no place {{{{{name}}}}}" for name in sorted(self.datos.keys() - own)]
        if not problems and len(filled(self.texto, self.ejemplos)) > _BODY:
            problems.append(f"texto: longer than {_BODY} characters with its ejemplos")
        return problems

    def _buttons(self) -> list[str]:
        titles = [button.texto for button in self.botones]
        kinds = [button.tipo for button in self.botones]
        problems = ["botones: two have the same words"] if len(set(titles)) < len(titles) else []
        problems += [f"botones: at most {_MOST_LINKS} enlaces"] if kinds.count("enlace") > _MOST_LINKS else []
        changes = sum(one != other for one, other in pairwise(kinds))
        return problems + (["botones: respuestas and enlaces must not be mixed"] if changes > 1 else [])


class TariffEntry(Entry):
    """What Meta charges for a delivered message, by its category; ``moneda`` as on Meta's rate card."""

    moneda: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "USD"
    precios: dict[Literal["utility", "marketing", "service", "authentication"], float] = Field(default_factory=dict)


class TemplateFile(Versioned):
    """One file, or all of them together."""

    tarifas: TariffEntry = TariffEntry()
    plantillas: dict[Name, TemplateEntry] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _whole(self) -> TemplateFile:
        seen: dict[str, str] = {}
        for name, entry in self.plantillas.items():
            for response in entry.respuestas:
                if response in seen:
                    message = f"plantillas: {response} has two: {seen[response]} and {name}"
                    raise ValueError(message)
                seen[response] = name
        return self

    def of_response(self, response: str) -> tuple[str, TemplateEntry] | None:
        """Return the template that stands for a response, with its name; None when none does."""
        return next(((name, one) for name, one in self.plantillas.items() if response in one.respuestas), None)


@lru_cache(maxsize=8)
def load(folder: Path = FOLDER) -> TemplateFile:
    """Read the files below the catalog ``folder``, or those that come with Atiende if it has none, as if they were one.

    Raises:
        CatalogError: with every problem, each as ``file:line: what``.
    """
    paths = files_of(folder) or files_of(FOLDER)
    problems: list[str] = []
    found = [one for path in paths if (one := read_file(path, TemplateFile, problems)) is not None]
    twice = [name for name, many in Counter(name for one in found for name in one.plantillas).items() if many > 1]
    problems += [f"{BELOW}: {name} stands in two files" for name in twice]
    if not problems:
        try:
            return TemplateFile(
                version=max((one.version for one in found), default="0"),
                tarifas=next((one.tarifas for one in found if one.tarifas.precios), TariffEntry()),
                plantillas={name: entry for one in found for name, entry in one.plantillas.items()},
            )
        except ValidationError as error:
            problems = [f"{BELOW}: {issue['msg'].removeprefix('Value error, ')}" for issue in error.errors()]
    raise CatalogError(problems)


def files_of(folder: Path) -> list[Path]:
    """Return the files with templates below a catalog, by name."""
    return sorted((folder / BELOW).glob("*.yml"))


def _opens_or_closes(body: str) -> bool:
    places = list(_PLACE.finditer(body))
    # A value that only a full stop follows closes the body all the same.
    return bool(places) and (places[0].start() == 0 or not re.search(r"\w", body[places[-1].end() :]))


def _bare(text: str | None) -> str:
    return _PLACE.sub("", text or "")
