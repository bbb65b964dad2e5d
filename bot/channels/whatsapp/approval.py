"""Our templates at Meta: asked for, compared, and created where they are missing."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from bot.channels.templates import filled, values_in
from bot.kernel.errors import AtiendeError
from bot.kernel.log import redact

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from bot.channels.templates import TemplateEntry, TemplateFile
    from bot.channels.whatsapp.client import Answer, CloudApi

Body = dict[str, Any]

_PAGE: Final = 100
#: An account has 6,000 templates at most; more pages than that are a loop.
_MOST_PAGES: Final = 100
_FIELDS: Final = "name,language,status,category,quality_score,rejected_reason,components,message_send_ttl_seconds"
_LONGEST_REASON: Final = 200
_PLACE: Final = re.compile(r"\{\{\s*(\w+)\s*\}\}")
#: Too many calls: the others wait for another day.
_TOO_FAST: Final = frozenset({4, 80007, 80008})


class TemplatesRefused(AtiendeError):
    """Meta does not answer about the templates of the account; the text says why, without the token."""


@dataclass(frozen=True, slots=True)
class Line:
    """How one of our templates stands at Meta after a look; ``done`` is what was done about it, ``differs`` what is not ours."""

    name: str
    language: str
    state: str = ""
    category: str = ""
    quality: str = ""
    reason: str = ""
    differs: tuple[str, ...] = ()
    done: str = ""
    is_ours: bool = True
    said: Mapping[str, str] = field(default_factory=dict)


def wanted(name: str, entry: TemplateEntry, language: str) -> Body:
    """Return what Meta is asked to approve."""
    components: list[Body] = []
    if entry.encabezado:
        components.append({"type": "HEADER", "format": "TEXT", "text": entry.encabezado} | _example("header", entry))
    components.append({"type": "BODY", "text": entry.texto.strip()} | _example("body", entry))
    if entry.pie:
        components.append({"type": "FOOTER", "text": entry.pie})
    if entry.botones:
        components.append({"type": "BUTTONS", "buttons": [_button(one, entry) for one in entry.botones]})
    body: Body = {
        "name": name,
        "language": entry.idioma or language,
        "category": entry.categoria,
        "parameter_format": "NAMED",
        "components": components,
    }
    if entry.vence_s is not None:
        body["message_send_ttl_seconds"] = entry.vence_s
    return body


def differences(ours: Body, theirs: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what of a template at Meta is not as we want it: category, words, buttons, how long it lives."""
    found = []
    if str(theirs.get("category", "")).upper() != ours["category"]:
        found.append("categoria")
    mine, others = _parts(ours.get("components")), _parts(theirs.get("components"))
    names = {"HEADER": "encabezado", "BODY": "texto", "FOOTER": "pie", "BUTTONS": "botones"}
    found += [said for kind, said in names.items() if mine.get(kind) != others.get(kind)]
    lives = theirs.get("message_send_ttl_seconds")
    # Meta writes no limit as nothing, as -1, or as the limit that everything has.
    if "message_send_ttl_seconds" in ours and lives != ours["message_send_ttl_seconds"]:
        found.append("vence_s")
    return tuple(found)


async def look(
    api: CloudApi, account_id: str, templates: TemplateFile, language: str, *, create: bool
) -> AsyncIterator[Line]:
    """Yield how every template of ours stands, and then those of the account that are not ours.

    Args:
        api: the calls.
        account_id: the WhatsApp Business account, which has the templates.
        templates: what we want.
        language: of templates that do not say theirs.
        create: ask Meta to approve those that are missing.

    Raises:
        TemplatesRefused: Meta refuses to list them.
        httpx.HTTPError: no answer came.
    """
    theirs = {(str(one.get("name")), str(one.get("language"))): one async for one in _listed(api, account_id)}
    may_create = create
    for name, entry in sorted(templates.plantillas.items()):
        ours = wanted(name, entry, language)
        found = theirs.pop((name, ours["language"]), None)
        if found is not None:
            yield _line(name, ours["language"], found, differences(ours, found))
        elif not may_create:
            yield Line(name, ours["language"], done="falta")
        else:
            line = _created(name, ours, await api.create_template(account_id, ours))
            may_create = line.done != "espera"
            yield line
    for (name, language_there), found in sorted(theirs.items()):
        yield _line(name, language_there, found, (), is_ours=False)


def as_read(entry: TemplateEntry) -> str:
    """Return a template with its examples, as people would see it: heading, words, foot, and a line for each button."""
    examples = entry.ejemplos
    heading = f"**{filled(entry.encabezado, examples)}**\n\n" if entry.encabezado else ""
    foot = f"\n\n{entry.pie}" if entry.pie else ""
    buttons = "".join(
        f"\n[ {one.texto} ]" + (f" {filled(one.url, examples)}" if one.url else "") for one in entry.botones
    )
    return f"{heading}{filled(entry.texto.strip(), examples)}{foot}" + (f"\n{buttons}" if buttons else "")


async def _listed(api: CloudApi, account_id: str) -> AsyncIterator[Mapping[str, Any]]:
    after = ""
    for _ in range(_MOST_PAGES):
        answer = await api.templates(account_id, fields=_FIELDS, limit=_PAGE, after=after)
        document = _document(answer)
        items = document.get("data")
        if answer.status != HTTPStatus.OK or not isinstance(items, list):
            raise TemplatesRefused(_why(answer, document))
        for item in items:
            if isinstance(item, dict):
                yield item
        paging = document.get("paging")
        cursors = paging.get("cursors") if isinstance(paging, dict) else None
        following = cursors.get("after") if isinstance(cursors, dict) else None
        if not isinstance(paging, dict) or not paging.get("next") or not isinstance(following, str):
            return
        if following == after:
            return
        after = following


def _line(
    name: str, language: str, found: Mapping[str, Any], differs: tuple[str, ...], *, is_ours: bool = True
) -> Line:
    score = found.get("quality_score")
    quality = score.get("score") if isinstance(score, dict) else score
    reason = str(found.get("rejected_reason") or "")
    state = str(found.get("status") or "").upper()
    category = str(found.get("category") or "").upper()
    said = {"state": state, "category": category, "quality": str(quality or ""), "differs": ",".join(differs)}
    return Line(
        name,
        language,
        state,
        category,
        said["quality"],
        "" if reason == "NONE" else reason[:_LONGEST_REASON],
        differs,
        is_ours=is_ours,
        said=said,
    )


def _created(name: str, ours: Body, answer: Answer) -> Line:
    document = _document(answer)
    if answer.status == HTTPStatus.OK and document.get("id"):
        state = str(document.get("status") or "PENDING").upper()
        category = str(document.get("category") or ours["category"]).upper()
        said = {"state": state, "category": category}
        differs = () if category == ours["category"] else ("categoria",)
        return Line(name, ours["language"], state, category, differs=differs, done="creada", said=said)
    error = document.get("error")
    code = error.get("code") if isinstance(error, dict) else None
    done = "espera" if code in _TOO_FAST or answer.status == HTTPStatus.TOO_MANY_REQUESTS else "rechazada"
    return Line(name, ours["language"], reason=_why(answer, document), done=done)


def _why(answer: Answer, document: Mapping[str, Any]) -> str:
    """Return why Meta refuses: its code and what it says to users; its own message may repeat the token."""
    error = document.get("error")
    if not isinstance(error, dict):
        return f"HTTP {answer.status}"
    told = error.get("error_user_msg")
    said = f": {redact(told)[:_LONGEST_REASON]}" if isinstance(told, str) else ""
    return f"error {error.get('code')}{said}"


def _example(part: str, entry: TemplateEntry) -> Body:
    names = values_in((entry.encabezado or "") if part == "header" else entry.texto)
    if not names:
        return {}
    examples = [{"param_name": name, "example": entry.ejemplos[name]} for name in names]
    return {"example": {f"{part}_text_named_params": examples}}


def _button(button: Any, entry: TemplateEntry) -> Body:
    if button.url is None:
        return {"type": "QUICK_REPLY", "text": button.texto}
    # Only in an address the place has no name.
    url: Body = {"type": "URL", "text": button.texto, "url": _PLACE.sub("{{1}}", button.url)}
    names = values_in(button.url)
    return url | ({"example": [filled(button.url, entry.ejemplos)]} if names else {})


def _parts(components: object) -> dict[str, Any]:
    """Return what can be compared of components, by kind: texts, and the kind, words and address of buttons."""
    found: dict[str, Any] = {}
    for part in components if isinstance(components, list) else ():
        kind = str(part.get("type", "")).upper() if isinstance(part, dict) else ""
        if kind == "BUTTONS":
            listed = part.get("buttons")
            buttons = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
            found[kind] = [(str(one.get("type")).upper(), one.get("text"), one.get("url")) for one in buttons]
        elif kind:
            found[kind] = str(part.get("text") or "").strip()
    return found


def _document(answer: Answer) -> Mapping[str, Any]:
    try:
        document = json.loads(answer.body)
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}
