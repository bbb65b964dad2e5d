"""The JSON of the messages we send (``POST /{version}/{phone_number_id}/messages``)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from bot.channels.emphasis import runs
from bot.channels.templates import values_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.channels.base import Address, Notice
    from bot.channels.templates import TemplateEntry
    from bot.channels.whatsapp.caps import Step

Body = dict[str, Any]

_LETTER = re.compile(r"[A-Za-z]")
#: A parameter of a template may hold no line end, no tab and no run of spaces.
_SPACES = re.compile(r"\s+")
#: No key of ours ends like this by itself.
_PART = re.compile(r"(.+)#\d{1,3}")


def receiver(to: Address) -> Body:
    """Return who gets the message: the phone where it is known, as Meta prefers, else the business-scoped id."""
    if to.phone:
        return {"recipient_type": "individual", "to": to.phone.lstrip("+")}
    if _LETTER.search(to.user):
        return {"recipient_type": "individual", "recipient": to.user}
    return {"recipient_type": "individual", "to": to.user}


def part_key(our_key: str, number: int) -> str:
    """Return what the statuses of message ``number`` of a saying echo, when it is not the last that the saying takes."""
    return f"{our_key}#{number}"


def whole_key(echoed: str) -> tuple[str, bool]:
    """Return our key for the saying, and whether what was echoed is about a part of it only."""
    found = _PART.fullmatch(echoed)
    return (found[1], True) if found else (echoed, False)


def envelope(to: Address, our_key: str, content: Body) -> Body:
    """Return the whole message; every status of it echoes ``our_key``."""
    return {
        "messaging_product": "whatsapp",
        **receiver(to),
        **content,
        "biz_opaque_callback_data": our_key,
    }


def content_of(step: Step, media_id: str | None, name: str | None) -> Body | None:
    """Return the content of ``step``; ``media_id`` is its uploaded file. None when nothing is left to send."""
    if step.piece is None:
        return None if media_id is None or step.media is None else _file(step, media_id, name, "")
    text = marked(step.piece.text)
    if step.piece.form in {"buttons", "list"} or step.piece.ask or step.link is not None:
        return _interactive(step, text, media_id, name)
    if media_id is not None and step.media is not None:
        return _file(step, media_id, name, text)
    return {"type": "text", "text": {"body": text, "preview_url": False}}


def template_of(notice: Notice, entry: TemplateEntry | None = None) -> Body:
    """Return the approved template that stands for ``notice``; ``entry`` says where its values and buttons stand.

    A quick reply carries the token of the notice's own button of the same title, so that pressing it means the same.
    """
    template: Body = {"name": notice.template, "language": {"code": notice.language}}
    values = {name: _SPACES.sub(" ", value).strip() for name, value in notice.params.items()}
    header = values_in(entry.encabezado or "") if entry else ()
    body = values_in(entry.texto) if entry else tuple(values)
    components = [
        {"type": kind, "parameters": [_named(name, values[name]) for name in names]}
        for kind, names in (("header", header), ("body", body))
        if names
    ]
    components += _template_buttons(notice, entry, values) if entry else []
    if components:
        template["components"] = components
    return {"type": "template", "template": template}


def _named(name: str, text: str) -> Body:
    return {"type": "text", "parameter_name": name, "text": text}


def _template_buttons(notice: Notice, entry: TemplateEntry, values: Mapping[str, str]) -> list[Body]:
    tokens = {option.label: option.token for option in notice.plain.options}
    found: list[Body] = []
    for index, button in enumerate(entry.botones):
        names = values_in(button.url or "")
        if names:
            # What is not written as it is in an address would end it.
            parameter = {"type": "text", "text": quote(values[names[0]], safe="-._~")}
        elif button.url is None and button.texto in tokens:
            parameter = {"type": "payload", "payload": tokens[button.texto]}
        else:
            continue
        kind = "url" if names else "quick_reply"
        found.append({"type": "button", "sub_type": kind, "index": str(index), "parameters": [parameter]})
    return found


def marked(text: str) -> str:
    """Return ``text`` with its emphasis as WhatsApp writes it: one asterisk on each side."""
    return "".join(f"*{piece}*" if is_bold else piece for piece, is_bold in runs(text))


def _file(step: Step, media_id: str, name: str | None, caption: str) -> Body:
    assert step.media is not None  # noqa: S101 - the caller has looked
    kind = step.media.kind
    file: Body = {"id": media_id}
    if caption:
        file["caption"] = caption
    if kind == "document" and name:
        file["filename"] = name
    return {"type": kind, kind: file}


def _interactive(step: Step, text: str, media_id: str | None, name: str | None) -> Body:
    assert step.piece is not None  # noqa: S101 - the caller has looked
    body: Body = {"body": {"text": text}}
    options = step.piece.options
    if step.link is not None:
        parameters = {"display_text": step.link.label, "url": step.link.url}
        body |= {"type": "cta_url", "action": {"name": "cta_url", "parameters": parameters}}
    elif step.piece.ask:
        body |= {"type": "location_request_message", "action": {"name": "send_location"}}
    elif step.piece.form == "list":
        rows = [
            {"id": option.token, "title": option.label} | ({"description": option.hint} if option.hint else {})
            for option in options
        ]
        body |= {"type": "list", "action": {"button": step.menu_label, "sections": [{"rows": rows}]}}
    else:
        buttons = [{"type": "reply", "reply": {"id": option.token, "title": option.label}} for option in options]
        body |= {"type": "button", "action": {"buttons": buttons}}
        if media_id is not None and step.media is not None:
            header = _file(step, media_id, name, "")
            body["header"] = header
    return {"type": "interactive", "interactive": body}
