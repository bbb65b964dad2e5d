"""The JSON of the messages we send (``POST /{version}/{phone_number_id}/messages``)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bot.channels.emphasis import runs

if TYPE_CHECKING:
    from bot.channels.base import Address, Notice
    from bot.channels.whatsapp.caps import Step

Body = dict[str, Any]

_LETTER = re.compile(r"[A-Za-z]")
#: A parameter of a template may hold no line end, no tab and no run of spaces.
_SPACES = re.compile(r"\s+")


def receiver(to: Address) -> Body:
    """Return who gets the message: the phone where it is known, as Meta prefers, else the business-scoped id."""
    if to.phone:
        return {"recipient_type": "individual", "to": to.phone.lstrip("+")}
    if _LETTER.search(to.user):
        return {"recipient_type": "individual", "recipient": to.user}
    return {"recipient_type": "individual", "to": to.user}


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


def template_of(notice: Notice, language: str) -> Body:
    """Return the template that stands for ``notice``, its named parameters in the body."""
    template: Body = {"name": notice.template, "language": {"code": language}}
    if notice.params:
        parameters = [
            {"type": "text", "parameter_name": name, "text": _SPACES.sub(" ", value).strip()}
            for name, value in notice.params.items()
        ]
        template["components"] = [{"type": "body", "parameters": parameters}]
    return {"type": "template", "template": template}


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
