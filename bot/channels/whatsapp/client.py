"""The few calls of the Cloud API that we make; a token travels only to Meta, and only in a header."""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import hmac
import json
import logging
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import httpx

from bot.kernel.errors import MediaUnavailable, TooLarge

if TYPE_CHECKING:
    from collections.abc import Mapping

#: What we take of a file that a person sent, in bytes.
SIZE_LIMIT: Final = 20_000_000
#: What Meta takes of a file of ours, in bytes, by kind.
UPLOAD_LIMITS: Final[Mapping[str, int]] = {
    "image": 5_000_000,
    "audio": 16_000_000,
    "video": 16_000_000,
    "document": 100_000_000,
    "sticker": 500_000,
}
_DEADLINE_S = 40.0
_ANSWER_LIMIT = 1_000_000
_LOOPBACK = {"127.0.0.1", "::1", "localhost"}
#: Files lie on these hosts of Meta; the token is shown to nobody else.
_META = (".fbsbx.com", ".facebook.com", ".whatsapp.net", ".fbcdn.net")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; ``retry_after`` is the header as it stood."""

    status: int
    body: bytes
    retry_after: str = ""


class CloudApi:
    """Calls for one phone number. Methods raise ``httpx.HTTPError`` when no answer came."""

    def __init__(
        self,
        *,
        url: str,
        version: str,
        number_id: str,
        token: str,
        read_timeout_s: float = 15.0,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """Take the address without its version, the version (``v23.0``), our phone-number id and the access token."""
        # These libraries write addresses into the log, and Meta's addresses of files are keys to them.
        for name in ("httpx", "httpcore"):
            logging.getLogger(name).setLevel(logging.WARNING)
        self._host = urlsplit(url).hostname or ""
        self._number_id = number_id
        self._client = httpx.AsyncClient(
            base_url=f"{url.rstrip('/')}/{version}/",
            headers={"Authorization": f"Bearer {token}", "User-Agent": "atiende/1.0.0"},
            timeout=httpx.Timeout(15.0, connect=5.0, read=read_timeout_s, pool=5.0),
            limits=httpx.Limits(max_connections=64),
            transport=transport,
            # A proxy of the environment is never meant for a server on this machine.
            trust_env=self._host not in _LOOPBACK,
        )

    async def message(self, body: Mapping[str, Any]) -> Answer:
        """Post one message, or the mark that one was read."""
        return await self._answer("POST", f"{self._number_id}/messages", json=body)

    async def mark_read(self, message_id: str) -> Answer:
        """Show that ``message_id`` was read and that an answer is being written (for 25 s at most)."""
        typing = {"type": "text"}
        return await self.message(
            {
                "messaging_product": "whatsapp",
                "status": "read",
                "message_id": message_id,
                "typing_indicator": typing,
            }
        )

    async def upload(self, content: bytes, name: str, mime: str) -> tuple[str | None, Answer]:
        """Give Meta a file; return its id (good for 30 days), or None and the answer that says why not."""
        answer = await self._answer(
            "POST",
            f"{self._number_id}/media",
            data={"messaging_product": "whatsapp", "type": mime},
            files={"file": (name, content, mime)},
        )
        found = _object(answer.body).get("id")
        is_good = answer.status < HTTPStatus.BAD_REQUEST and isinstance(found, str) and found
        return (str(found) if is_good else None), answer

    async def download(self, media_id: str, *, limit: int = SIZE_LIMIT) -> bytes:
        """Return a file that a person sent, of at most ``limit`` bytes.

        Raises:
            TooLarge: more than that, announced or real.
            MediaUnavailable: expired, unknown, damaged, or Meta cannot be reached (then ``may_retry``).
        """
        try:
            async with asyncio.timeout(_DEADLINE_S):
                return await self._download(media_id, limit)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            # The cause may hold the address of the file: it stays out of the chain.
            message = f"Meta cannot be reached for the file ({type(error).__name__})"
            raise MediaUnavailable(message, may_retry=True) from None

    async def templates(self, account_id: str, *, fields: str, limit: int, after: str = "") -> Answer:
        """Return a page of the templates of the WhatsApp Business account ``account_id``."""
        params = {"fields": fields, "limit": str(limit)} | ({"after": after} if after else {})
        return await self._answer("GET", f"{account_id}/message_templates", params=params)

    async def create_template(self, account_id: str, body: Mapping[str, Any]) -> Answer:
        """Ask Meta to approve a template."""
        return await self._answer("POST", f"{account_id}/message_templates", json=body)

    async def close(self) -> None:
        """Close every connection."""
        await self._client.aclose()

    async def _download(self, media_id: str, limit: int) -> bytes:
        if not (media_id.isascii() and media_id.replace("-", "").replace("_", "").isalnum()):
            message = "that is no id of a file"
            raise MediaUnavailable(message)
        answer = await self._answer("GET", media_id, params={"phone_number_id": self._number_id})
        _check_status(answer.status)
        document = _object(answer.body)
        size, url = document.get("file_size"), document.get("url")
        if isinstance(size, str | int) and str(size).isdecimal() and int(size) > limit:
            raise _too_large(limit)
        if not isinstance(url, str) or not self._is_meta(url):
            message = "Meta gave no address for the file"
            raise MediaUnavailable(message)
        content = await self._bytes(url, limit)
        if not _is_whole(content, document.get("sha256")):
            message = "the file arrived damaged"
            raise MediaUnavailable(message, may_retry=True)
        return content

    async def _bytes(self, url: str, limit: int) -> bytes:
        content = bytearray()
        async with self._client.stream("GET", url, follow_redirects=False) as answer:
            _check_status(answer.status_code)
            async for chunk in answer.aiter_bytes():
                content += chunk
                if len(content) > limit:
                    raise _too_large(limit)
        return bytes(content)

    async def _answer(self, method: str, path: str, **content: Any) -> Answer:
        body = bytearray()
        async with self._client.stream(method, path, **content) as answer:
            async for chunk in answer.aiter_bytes():
                body += chunk
                if len(body) > _ANSWER_LIMIT:
                    break
            return Answer(answer.status_code, bytes(body), answer.headers.get("retry-after", ""))

    def _is_meta(self, url: str) -> bool:
        try:
            parts = urlsplit(url)
        except ValueError:
            return False
        host = (parts.hostname or "").lower()
        if host == self._host:
            return True
        return parts.scheme == "https" and host.endswith(_META)


def _is_whole(content: bytes, claimed: object) -> bool:
    """Compare with Meta's SHA-256, which comes as hex or as base64; what is neither proves nothing."""
    if not isinstance(claimed, str):
        return True
    digest = hashlib.sha256(content).digest()
    try:
        wanted = bytes.fromhex(claimed) if len(claimed) == 2 * len(digest) else base64.b64decode(claimed, validate=True)
    except (ValueError, binascii.Error):
        return True
    return len(wanted) != len(digest) or hmac.compare_digest(wanted, digest)


def _check_status(status: int) -> None:
    if status == HTTPStatus.OK:
        return
    message = f"Meta answered {status} for the file"
    may_retry = status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.TOO_MANY_REQUESTS
    raise MediaUnavailable(message, may_retry=may_retry)


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}


def _too_large(limit: int) -> TooLarge:
    return TooLarge(f"the file is larger than {limit} bytes")
