"""The Cloud API in memory: checks what we send by Meta's limits and examples, misbehaves on order, remembers every call."""

from __future__ import annotations

import hashlib
import itertools
import json
import re
from collections import deque
from typing import Any

import httpx

from tests.support.meta_spec import strange

NUMBER_ID = "106540352242922"
TOKEN = "EAAFakeTokenThatNoServerKnows0123456789"
PERSON = "CO.1349120865530274"  # a business-scoped id, invented
PHONE = "573001112233"
URL = "https://graph.example"
_MOMENT = "1773848000"  # 2026-03-18, in seconds


def failure(status: int, code: int, details: str = "") -> httpx.Response:
    """Return an error as Meta writes it; its words repeat the token, as Meta's sometimes do."""
    error = {
        "message": f"(#{code}) Malformed access token {TOKEN} for {PHONE}",
        "type": "OAuthException",
        "code": code,
        "error_data": {"messaging_product": "whatsapp", "details": details},
        "fbtrace_id": "Az8or2yhqkZfEZ",
    }
    return httpx.Response(status, json={"error": error})


class FakeWhatsApp:
    """Give ``transport`` to the channel under test; ``problems`` must stay empty."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.read: list[dict[str, Any]] = []
        self.uploads: list[str] = []
        self.files: dict[str, bytes] = {}
        self.problems: list[str] = []
        self.authorizations: list[tuple[str, str]] = []
        self.file_host = "https://lookaside.fbsbx.com"
        self.next: deque[httpx.Response | Exception] = deque()
        self.next_file: deque[httpx.Response] = deque()
        self.templates: list[dict[str, Any]] = []
        self.page = 100
        self._ids = itertools.count(1)
        self.transport = httpx.MockTransport(self._answer)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.authorizations.append((request.url.host, request.headers.get("authorization", "")))
        path = request.url.path
        if path.endswith("/messages"):
            return self._message(json.loads(request.content))
        if path.endswith("/message_templates"):
            return self._templates(request)
        if path.endswith("/media"):
            return self._upload(request)
        if path.startswith("/file/"):
            return httpx.Response(200, content=self.files[path.removeprefix("/file/")])
        return self._file(path.rpartition("/")[2])

    def _message(self, body: dict[str, Any]) -> httpx.Response:
        if self.next:
            answer = self.next.popleft()
            if isinstance(answer, Exception):
                self.sent.append(body)
                raise answer
            return answer
        self.problems += strange(body)
        if body.get("status") == "read":
            self.read.append(body)
            return httpx.Response(200, json={"success": True})
        self.problems += check(body)
        self.sent.append(body)
        return httpx.Response(
            200, json={"messaging_product": "whatsapp", "messages": [{"id": f"wamid.{next(self._ids)}"}]}
        )

    def _templates(self, request: httpx.Request) -> httpx.Response:
        if self.next:
            answer = self.next.popleft()
            if isinstance(answer, Exception):
                raise answer
            return answer
        if request.method == "POST":
            body = json.loads(request.content)
            self.problems += check_template(body)
            made = body | {"id": str(next(self._ids)), "status": "PENDING"}
            self.templates.append(made)
            return httpx.Response(200, json={name: made[name] for name in ("id", "status", "category")})
        begin = int(request.url.params.get("after") or 0)
        end = begin + min(self.page, int(request.url.params["limit"]))
        paging: dict[str, Any] = {"cursors": {"before": str(begin), "after": str(end)}}
        if end < len(self.templates):
            paging["next"] = f"{URL}/next"
        return httpx.Response(200, json={"data": self.templates[begin:end], "paging": paging})

    def _upload(self, request: httpx.Request) -> httpx.Response:
        if self.next_file:
            return self.next_file.popleft()
        name = request.content.partition(b'filename="')[2].partition(b'"')[0].decode()
        media_id = str(900 + len(self.uploads))
        self.uploads.append(name)
        return httpx.Response(200, json={"id": media_id})

    def _file(self, media_id: str) -> httpx.Response:
        if self.next_file:
            return self.next_file.popleft()
        if media_id not in self.files:
            return failure(400, 100)
        content = self.files[media_id]
        document = {
            "url": f"{self.file_host}/file/{media_id}",
            "sha256": hashlib.sha256(content).hexdigest(),
            "file_size": len(content),
        }
        return httpx.Response(200, json=document)


def check(body: dict[str, Any]) -> list[str]:
    """Return what Meta would say against a message."""
    problems = []
    if body.get("messaging_product") != "whatsapp" or not (body.get("to") or body.get("recipient")):
        problems.append("no product or nobody to send to")
    if not body.get("biz_opaque_callback_data"):
        problems.append("a message without our key")
    kind = body.get("type")
    if kind == "text" and not 0 < len(body["text"]["body"]) <= 4096:
        problems.append("text of a wrong length")
    if kind == "interactive":
        problems += _check_interactive(body["interactive"])
    if kind in {"image", "document", "video"} and len(body[kind].get("caption", "")) > 1024:
        problems.append("caption too long")
    return problems


def check_template(body: dict[str, Any]) -> list[str]:
    """Return what Meta would say against a template that is to be approved."""
    problems = [f"no {name}" for name in ("name", "language", "category", "components") if not body.get(name)]
    kinds = [part["type"] for part in body["components"]]
    problems += (
        ["parts"] if kinds != [kind for kind in ("HEADER", "BODY", "FOOTER", "BUTTONS") if kind in kinds] else []
    )
    for part in body["components"]:
        places = set(re.findall(r"\{\{(\w+)\}\}", part.get("text", "")))
        examples = part.get("example", {}).get(f"{part['type'].lower()}_text_named_params", ())
        problems += ["examples"] if places != {one["param_name"] for one in examples} else []
    life = body.get("message_send_ttl_seconds")
    if life is not None and not (body["category"] == "UTILITY" and 30 <= life <= 43_200):
        problems.append("time to live")
    return problems


def _check_interactive(body: dict[str, Any]) -> list[str]:
    action = body["action"]
    problems = [] if 0 < len(body["body"]["text"]) <= 1024 else ["body of a wrong length"]
    titles: list[str] = []
    if body["type"] == "button":
        titles = [button["reply"]["title"] for button in action["buttons"]]
        problems += ["buttons"] if not 1 <= len(titles) <= 3 or any(len(title) > 20 for title in titles) else []
    elif body["type"] == "list":
        rows = [row for section in action["sections"] for row in section["rows"]]
        titles = [row["title"] for row in rows]
        problems += ["rows"] if not 1 <= len(rows) <= 10 or any(len(title) > 24 for title in titles) else []
        problems += ["hints"] if any(len(row.get("description", "")) > 72 for row in rows) else []
        problems += ["menu label"] if not 0 < len(action["button"]) <= 20 else []
    elif body["type"] == "cta_url":
        problems += ["link"] if len(action["parameters"]["display_text"]) > 20 else []
    elif body["type"] != "location_request_message" or action != {"name": "send_location"}:
        problems.append(f"unknown interactive message {body['type']}")
    return problems + (["two options with the same title"] if len(titles) != len(set(titles)) else [])


def message(kind: str, content: object, *, number: int = 1, **more: Any) -> dict[str, Any]:
    """Return an item of ``messages`` from ``PERSON``."""
    return {
        "from": PHONE,
        "from_user_id": PERSON,
        "id": f"wamid.entra{number}",
        "timestamp": _MOMENT,
        "type": kind,
        kind: content,
        **more,
    }


def value(*messages: dict[str, Any], number_id: str = NUMBER_ID, **more: Any) -> dict[str, Any]:
    """Return the value of a change."""
    contact = {"profile": {"name": "Persona de Prueba"}, "wa_id": PHONE, "user_id": PERSON}
    metadata = {"display_phone_number": "576011234567", "phone_number_id": number_id}
    found = {"messaging_product": "whatsapp", "metadata": metadata, "contacts": [contact], **more}
    return found | ({"messages": list(messages)} if messages else {})


def webhook(*values: dict[str, Any], field: str = "messages") -> dict[str, Any]:
    """Return a webhook with an entry for each of ``values``."""
    entries = [{"id": "waba", "changes": [{"field": field, "value": one}]} for one in values]
    return {"object": "whatsapp_business_account", "entry": entries}
