"""A notice in the words that the provider approved: its values written, or none where they do not fit."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import structlog

from bot.channels.templates import CHANNEL, filled, values_in
from bot.channels.wire import template_to_json
from dialogs.wording import WordingError, snippet

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.channels.templates import TemplateEntry, TemplateFile
    from dialogs.engine.flow import Dialogs

log = structlog.get_logger(__name__)

_SPACES: Final = re.compile(r"\s+")
_BODY, _HEADER = 1024, 60


class Approved:
    """Writes the values of templates; holds no state."""

    def __init__(self, templates: TemplateFile, dialogs: Dialogs, *, language: str, default: str) -> None:
        """Take the templates, the wording, its language, and the language of templates that do not say theirs."""
        self._templates = templates
        self._dialogs = dialogs
        self._language = language
        self._default = default

    def of(self, response: str, values: Mapping[str, Any], channel: str) -> dict[str, Any] | None:
        """Return what the outbox row of a notice keeps of its template; None when it has none, or it cannot be written.

        What is wrong with a template never keeps the notice itself from being said.
        """
        found = self._templates.of_response(response) if channel == CHANNEL else None
        if found is None:
            return None
        name, entry = found
        try:
            written = {value: self._written(entry, value, values) for value in entry.values}
        except WordingError as trouble:
            log.error("template_not_written", template=name, reason=str(trouble))  # noqa: TRY400 - a text, not a fault of ours
            return None
        if problem := misfit(entry, written):
            log.error("template_not_written", template=name, reason=problem)
            return None
        language = entry.idioma or self._default
        return template_to_json(name, language, written, category=entry.categoria, always=entry.siempre)

    def _written(self, entry: TemplateEntry, value: str, values: Mapping[str, Any]) -> str:
        said = snippet(entry.source(value), values, dialogs=self._dialogs, language=self._language)
        said = _SPACES.sub(" ", said).strip()
        # «a las 5:00 p. m.» brings the stop that the template writes after it.
        ends = re.findall(rf"\{{\{{\s*{value}\s*\}}\}}(.?)", entry.texto)
        return said.removesuffix(".") if ends and all(end == "." for end in ends) else said


def misfit(entry: TemplateEntry, values: Mapping[str, str]) -> str:
    """Return why a template cannot be sent with these values, or an empty text."""
    empty = [name for name in entry.values if not values[name]]
    if empty:
        return f"{empty[0]} is empty"
    if len(filled(entry.texto, values)) > _BODY:
        return "its text is too long"
    if values_in(entry.encabezado or "") and len(filled(entry.encabezado or "", values)) > _HEADER:
        return "its heading is too long"
    return ""
