"""What goes over the wire to a fake Bot API: requests read, refusals written, failures ordered by a test."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any
from urllib.parse import parse_qsl


@dataclass(frozen=True)
class Call:
    """One request as it arrived; ``answered`` is the status sent back, 0 when the connection was cut or stalled."""

    method: str
    fields: dict[str, str]
    files: dict[str, tuple[str, bytes]]
    at: float
    answered: int = 0
    accepted: bool = False

    def json(self, name: str) -> Any:
        return json.loads(self.fields[name])


@dataclass
class Failure:
    """What to do instead of a good answer. ``accept`` first does what was asked, as a provider that then fails."""

    status: int = 200
    body: bytes | None = None
    error: str = ""
    parameters: dict[str, Any] = field(default_factory=dict)
    accept: bool = False
    stall_s: float = 0.0
    cut: bool = False

    @classmethod
    def too_many(cls, seconds: int) -> Failure:
        return cls(429, error=f"Too Many Requests: retry after {seconds}", parameters={"retry_after": seconds})

    @classmethod
    def server_error(cls, status: int = 502) -> Failure:
        return cls(status, body=b"<html><body>Bad Gateway</body></html>")

    @classmethod
    def blocked(cls) -> Failure:
        return cls(403, error="Forbidden: bot was blocked by the user")

    @classmethod
    def bad_request(cls, what: str) -> Failure:
        return cls(400, error=f"Bad Request: {what}")

    @classmethod
    def unauthorized(cls) -> Failure:
        return cls(401, error="Unauthorized")

    @classmethod
    def html(cls) -> Failure:
        return cls(200, body=b"<html>captive portal</html>", accept=True)

    @classmethod
    def half_json(cls) -> Failure:
        return cls(200, body=b'{"ok": true, "result": {"mess', accept=True)

    @classmethod
    def error_in_200(cls, code: int, description: str) -> Failure:
        document = {"ok": False, "error_code": code, "description": description}
        return cls(200, body=json.dumps(document).encode())

    @classmethod
    def stall(cls, seconds: float = 30.0) -> Failure:
        return cls(accept=True, stall_s=seconds)

    @classmethod
    def reset(cls) -> Failure:
        return cls(accept=True, cut=True)


def refusal(code: int, description: str, parameters: dict[str, Any] | None = None) -> bytes:
    document: dict[str, Any] = {"ok": False, "error_code": code, "description": description}
    if parameters:
        document["parameters"] = parameters
    return json.dumps(document).encode()


async def read_request(reader: asyncio.StreamReader) -> tuple[str, dict[str, str], bytes] | None:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return first.split(" ")[1], headers, body


def read_form(headers: dict[str, str], body: bytes) -> tuple[dict[str, str], dict[str, tuple[str, bytes]]]:
    kind = headers.get("content-type", "")
    if not kind.startswith("multipart/"):
        return dict(parse_qsl(body.decode(), keep_blank_values=True)), {}
    fields: dict[str, str] = {}
    files: dict[str, tuple[str, bytes]] = {}
    message = BytesParser(policy=HTTP).parsebytes(f"content-type: {kind}\r\n\r\n".encode() + body)
    for part in message.iter_parts():  # type: ignore[attr-defined]
        name = str(part.get_param("name", header="content-disposition"))
        content = part.get_payload(decode=True)
        if part.get_filename() is None:
            fields[name] = content.decode()
        else:
            files[name] = (part.get_filename(), content)
    return fields, files
