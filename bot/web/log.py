"""The log of a conversation as the page sees it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from bot.channels.clean import is_web_link

if TYPE_CHECKING:
    from bot.web.services import LogItem, WebServices
    from bot.web.sessions import Visitor

#: How much of an old conversation a page asks for when it opens, and how much one answer carries.
RECENT = 100
PAGE = 200
_AUTHORS = {"staff": "persona"}


async def read_log(services: WebServices, visitor: Visitor, after: int) -> dict[str, Any]:
    """Return ``{items, last_seq, mode}`` with everything after ``after``; -1 means the most recent items.

    ``last_seq`` is the number to ask after next time.
    """
    standing = await services.records.standing(visitor.conversation_id)
    if standing is None:
        return {"items": [], "last_seq": max(0, after), "mode": "bot"}
    if after < 0:
        after = max(0, standing.seq - RECENT)
    items = []
    if standing.seq > after:
        items = list(await services.records.log(visitor.conversation_id, after=after, limit=PAGE))
    last = items[-1].seq if items else max(after, 0)
    return {"items": [item_json(item, visitor.address.user) for item in items], "last_seq": last, "mode": standing.mode}


def item_json(item: LogItem, user: str) -> dict[str, Any]:
    """Return one item as the page reads it.

    ``{seq, from: usted | asistente | persona, kind, text, at, id?, point?, options?, media?, ask?}``; ``id`` is the
    page's own message id, ``media`` items are ``{kind, mime, name, size, href}``.
    """
    payload = item.payload
    document: dict[str, Any] = {
        "seq": item.seq,
        "from": "usted" if item.direction == "in" else _AUTHORS.get(item.kind, "asistente"),
        "kind": item.kind,
        "text": payload.get("text") or "",
        "at": item.at.isoformat(),
    }
    if item.direction == "in":
        prefix = f"{user}:"
        if item.key.startswith(prefix):
            document["id"] = item.key[len(prefix) :]
        if payload.get("point"):
            document["point"] = payload["point"]
    elif payload.get("options"):
        document["options"] = [
            _option_json(option) for option in payload["options"] if not option.get("url") or is_web_link(option["url"])
        ]
    if payload.get("ask"):
        document["ask"] = payload["ask"]
    if payload.get("media"):
        document["media"] = [_media_json(media) for media in payload["media"]]
    return document


def _option_json(option: Mapping[str, Any]) -> dict[str, Any]:
    document = {"token": option["token"], "label": option["label"]}
    if option.get("hint"):
        document["hint"] = option["hint"]
    if option.get("url"):
        document["url"] = option["url"]
    return document


def _media_json(media: Mapping[str, Any]) -> dict[str, Any]:
    kind, _, name = str(media["ref"]).partition(":")
    folder = "files" if kind == "file" else f"documents/{quote(kind, safe='')}"
    return {
        "kind": media["kind"],
        "mime": media.get("mime", ""),
        "name": media.get("name") or "",
        "size": media.get("size") or 0,
        "href": f"/chat/api/{folder}/{quote(name, safe='')}",
    }
