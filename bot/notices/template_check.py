"""What is wrong between approved templates and the dialogs: responses, buttons, values; for ``atiende check``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.channels.templates import BELOW, TemplateEntry, TemplateFile, files_of, load
from bot.kernel.catalog import read_file
from bot.kernel.errors import CatalogError
from bot.kernel.source import read
from bot.notices.catalog import FILE as NOTICES
from bot.notices.catalog import NoticeFile
from dialogs.engine.parts import Issue
from dialogs.wording import names_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from dialogs.engine.flow import Dialogs

_COMPLAINT: Final = re.compile(r"([^:]+):(\d+): (.*)", re.DOTALL)


def check_templates(folder: Path, dialogs: Dialogs) -> list[Issue]:
    """Return the issues of the templates of the dialogs folder ``folder``; none where it has no templates."""
    catalog = folder / "catalog"
    paths = files_of(catalog)
    if not paths:
        return []
    notices = _notices(folder)
    issues: list[Issue] = []
    for path in paths:
        issues += _of_file(path, dialogs, notices)
    if issues:
        return issues
    try:
        found = load(catalog)
    except CatalogError as error:
        return [_complaint(str(catalog / BELOW), problem) for problem in error.problems]
    for name, notice in notices.plantillas.items() if notices else ():
        if found.of_response(notice.respuesta) is None:
            what = f"the notice {name} ({notice.respuesta}) has no template: on WhatsApp it only leaves inside 24 hours"
            remedy = f"Add one below dialogs/catalog/{BELOW}"
            issues.append(Issue(str(catalog / NOTICES), 1, "warning", "templates", what, remedy))
    return issues


def _of_file(path: Path, dialogs: Dialogs, notices: NoticeFile | None) -> Iterator[Issue]:
    problems: list[str] = []
    found = read_file(path, TemplateFile, problems)
    yield from (_complaint(str(path), problem) for problem in problems)
    source = read(path)
    for name, entry in found.plantillas.items() if found else ():
        line = source.line(("plantillas", name))
        for what, remedy in _of_one(entry, dialogs, notices):
            yield Issue(str(path), line, "error", f"template {name}", what, remedy)


def _of_one(entry: TemplateEntry, dialogs: Dialogs, notices: NoticeFile | None) -> Iterator[tuple[str, str]]:
    responses = dialogs.domain.responses.get(dialogs.language, {})
    wanted = {button.texto for button in entry.botones if button.tipo == "respuesta"}
    for name in entry.respuestas:
        response = responses.get(name)
        if response is None:
            yield f"there is no response {name}", "Write it in dialogs/domain/responses"
            continue
        titles = {button.title for variant in response.variants for button in variant.buttons}
        for title in sorted(wanted - titles):
            yield f"{name} has no button «{title}»", "A quick reply does what the notice's button of that title does"
        given = (
            {value for one in notices.plantillas.values() if one.respuesta == name for value in one.valores}
            if notices
            else set()
        )
        for value in entry.values:
            if value not in entry.datos and value not in given:
                yield f"nothing says what {{{{{value}}}}} is in {name}", "Write it under datos"
    for value, text in entry.datos.items():
        try:
            names_in(text)
        except ValueError as trouble:
            yield f"datos.{value}: {trouble}", "Write it as in a response"


def _notices(folder: Path) -> NoticeFile | None:
    path = folder / "catalog" / NOTICES
    return read_file(path, NoticeFile, []) if path.is_file() else None


def _complaint(path: str, problem: str) -> Issue:
    found = _COMPLAINT.match(problem)
    line, what = (int(found[2]), found[3]) if found else (1, problem)
    return Issue(path, line, "error", "templates", what.strip())
