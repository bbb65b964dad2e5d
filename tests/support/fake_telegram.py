"""A Bot API server on loopback that misbehaves on order and remembers every call: the history of a test."""

# ruff: noqa: N802 - methods that do what the API's methods do carry their names

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import re
from collections import defaultdict, deque
from collections.abc import Callable
from typing import Any, Self

from tests.support.bot_api_spec import BotApi
from tests.support.telegram_wire import Call, Failure, read_form, read_request, refusal

TOKEN = "123456789:AAFakeTokenThatNoServerKnows_0123456789"
BOT_ID = 123456789
PERSON = 573001112233  # a chat id, invented
_NOW = 1_773_848_000  # 2026-03-18, in seconds


class FakeTelegram:
    """Use it with ``async with``; ``url`` is the ``canales.telegram.url`` of the channel under test.

    With a ``spec``, every request and every answer is checked against it; ``problems`` must stay empty.
    """

    def __init__(self, spec: BotApi | None = None, *, cap_per_s: float | None = None) -> None:
        self.calls: list[Call] = []
        self.problems: list[str] = []
        self.delivered: dict[int, list[dict[str, Any]]] = defaultdict(list)
        self.files: dict[str, bytes] = {}
        self.uploaded: dict[str, tuple[str, bytes]] = {}
        self.lies_about_size = False
        self.left: list[int] = []
        self.webhook: dict[str, str] | None = None
        self.commands: list[dict[str, str]] = []
        self.me: dict[str, Any] = {}
        self.hook: dict[str, Any] = {}
        self.token = TOKEN
        self._spec = spec
        self._cap = cap_per_s
        self._failures: dict[str, deque[Failure | None]] = defaultdict(deque)
        self._always: dict[str, Failure] = {}
        self._updates: list[dict[str, Any]] = []
        self._came = asyncio.Event()
        self._ids = itertools.count(1)
        self._update_ids = itertools.count(700_001)
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._recent: deque[float] = deque()
        self.url = ""

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    # What a test arranges and asks

    def fail(self, method: str, *failures: Failure | None) -> None:
        """Answer the next calls of ``method`` with ``failures``, one each; None is a good answer."""
        self._failures[method].extend(failures)

    def fail_always(self, method: str, failure: Failure | None) -> None:
        """Answer every call of ``method`` with ``failure``, until told None."""
        if failure is None:
            self._always.pop(method, None)
        else:
            self._always[method] = failure

    def sent(self, method: str = "sendMessage") -> list[Call]:
        """Return the calls of ``method`` that were accepted, in order."""
        return [call for call in self.calls if call.method == method and call.accepted]

    def texts(self, chat: int = PERSON) -> list[str]:
        """Return what the person in ``chat`` has read."""
        return [message["text"] for message in self.delivered[chat] if "text" in message]

    def push(self, update: dict[str, Any]) -> dict[str, Any]:
        """Give an update to the bot's poll and return it; a missing ``update_id`` is the next one."""
        update = {"update_id": next(self._update_ids), **update}
        self._updates.append(update)
        self._came.set()
        return update

    def update(self, kind: str = "message", **content: Any) -> dict[str, Any]:
        """Return an update of a private chat, checked against the specification."""
        body = {
            "message_id": next(self._ids),
            "date": _NOW,
            "chat": {"id": PERSON, "type": "private", "first_name": "Persona", "last_name": "de Prueba"},
            "from": {"id": PERSON, "is_bot": False, "first_name": "Persona", "last_name": "de Prueba"},
            **content,
        }
        if kind == "edited_message":
            body["edit_date"] = _NOW + 5
        return self.checked({"update_id": next(self._update_ids), kind: body})

    def pressed(self, data: str, label: str = "Sí", message_id: int = 5) -> dict[str, Any]:
        """Return the update of a pressed inline button."""
        message = {
            "message_id": message_id,
            "date": _NOW,
            "chat": {"id": PERSON, "type": "private", "first_name": "Persona"},
            "text": "¿Es correcto?",
            "reply_markup": {"inline_keyboard": [[{"text": label, "callback_data": data}]]},
        }
        query = {
            "id": "4382bfdwdsb323b2d9",
            "from": {"id": PERSON, "is_bot": False, "first_name": "Persona", "last_name": "de Prueba"},
            "chat_instance": "-1",
            "message": message,
            "data": data,
        }
        return self.checked({"update_id": next(self._update_ids), "callback_query": query})

    def member(self, status: str, chat_type: str = "private") -> dict[str, Any]:
        """Return the update that tells of our own membership."""
        chat = {"id": PERSON if chat_type == "private" else -100_500, "type": chat_type, "first_name": "Persona"}
        if chat_type != "private":
            chat = {"id": -100_500, "type": chat_type, "title": "Vecinos"}
        bot = {"id": BOT_ID, "is_bot": True, "first_name": "Atiende"}
        new: dict[str, Any] = {"status": status, "user": bot}
        if status == "kicked":
            new["until_date"] = 0
        change = {
            "chat": chat,
            "from": {"id": PERSON, "is_bot": False, "first_name": "Persona"},
            "date": _NOW,
            "old_chat_member": {"status": "member", "user": bot},
            "new_chat_member": new,
        }
        return self.checked({"update_id": next(self._update_ids), "my_chat_member": change})

    def checked(self, update: dict[str, Any]) -> dict[str, Any]:
        """Note what the specification says against an update of ours, and return it."""
        if self._spec is not None:
            self.problems += self._spec.check_update(update)
        return update

    # The server

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while (request := await read_request(reader)) is not None:
                path, headers, body = request
                answer = await self._answer(path, headers, body)
                if answer is None:
                    break
                status, content = answer
                writer.write(
                    f"HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {len(content)}\r\n\r\n".encode()
                )
                writer.write(content)
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _answer(self, path: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes] | None:
        if found := re.fullmatch(r"/file/bot([^/]+)/(.+)", path):
            content = self.files.get(found.group(2))
            return (200, content) if content is not None and found.group(1) == self.token else (404, b"")
        found = re.fullmatch(r"/bot([^/]+)/(\w+)", path)
        if not found:
            return 404, refusal(404, "Not Found")
        token, method = found.groups()
        fields, files = read_form(headers, body)
        if token != self.token:
            self._note(method, fields, files, 401, accepted=False)
            return 401, refusal(401, "Unauthorized")
        if self._spec is not None:
            self.problems += self._spec.check_request(method, fields, {name: data for name, (_, data) in files.items()})
        failure = self._failure(method)
        if failure is not None:
            return await self._misbehave(failure, method, fields, files)
        result = await self._do(method, fields, files)
        if isinstance(result, Failure):
            return await self._misbehave(result, method, fields, files)
        if self._spec is not None and method in self._spec.methods:
            self.problems += self._spec.check_result(method, result)
        self._note(method, fields, files, 200, accepted=True)
        return 200, json.dumps({"ok": True, "result": result}).encode()

    def _failure(self, method: str) -> Failure | None:
        if self._failures[method]:
            return self._failures[method].popleft()
        if method in self._always:
            return self._always[method]
        if self._cap is not None and method.startswith("send"):
            now = asyncio.get_running_loop().time()
            while self._recent and self._recent[0] <= now - 1.0:
                self._recent.popleft()
            if len(self._recent) >= self._cap:
                return Failure.too_many(1)
            self._recent.append(now)
        return None

    async def _misbehave(
        self, failure: Failure, method: str, fields: dict[str, str], files: dict[str, tuple[str, bytes]]
    ) -> tuple[int, bytes] | None:
        if failure.accept:
            await self._do(method, fields, files)
        silent = failure.cut or bool(failure.stall_s)
        self._note(method, fields, files, 0 if silent else failure.status, accepted=failure.accept)
        if failure.stall_s:
            await asyncio.sleep(failure.stall_s)
            return None
        if failure.cut:
            return None
        body = failure.body if failure.body is not None else refusal(failure.status, failure.error, failure.parameters)
        return failure.status, body

    def _note(
        self, method: str, fields: dict[str, str], files: dict[str, tuple[str, bytes]], status: int, *, accepted: bool
    ) -> None:
        self.calls.append(Call(method, fields, files, asyncio.get_running_loop().time(), status, accepted))

    async def _do(self, method: str, fields: dict[str, str], files: dict[str, tuple[str, bytes]]) -> Any:
        handler: Callable[..., Any] | None = getattr(self, f"_{method}", None)
        if handler is None:
            return Failure(404, error="Not Found")
        result = handler(fields, files)
        return await result if asyncio.iscoroutine(result) else result

    def _getMe(self, *_: Any) -> Any:
        return {
            "id": BOT_ID,
            "is_bot": True,
            "first_name": "Atiende",
            "username": "atiende_prueba_bot",
            "can_join_groups": False,
            **self.me,
        }

    def _getWebhookInfo(self, *_: Any) -> Any:
        url = self.webhook["url"] if self.webhook else ""
        return {"url": url, "has_custom_certificate": False, "pending_update_count": 0, **self.hook}

    def _sendMessage(self, fields: dict[str, str], _: Any) -> Any:
        if fields.get("parse_mode") == "HTML" and re.search(
            r"<(?!/?(?:b|i|u|s|code|pre|a)\b)|&(?!\w+;|#\d+;)", fields["text"]
        ):
            return Failure.bad_request("can't parse entities: unsupported start tag")
        return self._message(fields, text=_unescaped(fields))

    def _sendDocument(self, fields: dict[str, str], files: dict[str, tuple[str, bytes]]) -> Any:
        known = fields.get("document", "")
        if not files and known not in self.uploaded:
            return Failure.bad_request("wrong file identifier/HTTP URL specified")
        name, content = next(iter(files.values())) if files else self.uploaded[known]
        file_id = f"sent-{next(self._ids)}" if files else known
        self.uploaded[file_id] = (name, content)
        document = {
            "file_id": file_id,
            "file_unique_id": "u",
            "file_name": name,
            "file_size": len(content),
        }
        return self._message(fields, document=document)

    def _sendPhoto(self, fields: dict[str, str], files: dict[str, tuple[str, bytes]]) -> Any:
        known = fields.get("photo", "")
        if not files and known not in self.uploaded:
            return Failure.bad_request("wrong file identifier/HTTP URL specified")
        name, content = next(iter(files.values())) if files else self.uploaded[known]
        file_id = f"sent-{next(self._ids)}" if files else known
        self.uploaded[file_id] = (name, content)
        photo = {
            "file_id": file_id,
            "file_unique_id": "u",
            "width": 9,
            "height": 9,
            "file_size": len(content),
        }
        return self._message(fields, photo=[photo])

    def _message(self, fields: dict[str, str], **content: Any) -> dict[str, Any]:
        chat = int(fields["chat_id"])
        kind = "private" if chat > 0 else "group"
        message = {
            "message_id": next(self._ids),
            "date": _NOW,
            "chat": {
                "id": chat,
                "type": kind,
                **({"first_name": "Persona"} if kind == "private" else {"title": "Vecinos"}),
            },
            "from": {"id": BOT_ID, "is_bot": True, "first_name": "Atiende"},
            **content,
        }
        markup = json.loads(fields.get("reply_markup", "null"))
        if markup and "inline_keyboard" in markup:
            message["reply_markup"] = markup
        self.delivered[chat].append(message)
        return message

    def _answerCallbackQuery(self, *_: Any) -> Any:
        return True

    def _leaveChat(self, fields: dict[str, str], _: Any) -> Any:
        self.left.append(int(fields["chat_id"]))
        return True

    def _setMyCommands(self, fields: dict[str, str], _: Any) -> Any:
        self.commands = json.loads(fields["commands"])
        return True

    def _setWebhook(self, fields: dict[str, str], _: Any) -> Any:
        self.webhook = fields
        return True

    def _deleteWebhook(self, *_: Any) -> Any:
        self.webhook = None
        return True

    def _getFile(self, fields: dict[str, str], _: Any) -> Any:
        file_id = fields["file_id"]
        path = f"documents/{file_id}"
        if path not in self.files:
            return Failure.bad_request("wrong file_id or the file is temporarily unavailable")
        size = 10 if self.lies_about_size else len(self.files[path])
        return {"file_id": file_id, "file_unique_id": "u", "file_size": size, "file_path": path}

    async def _getUpdates(self, fields: dict[str, str], _: Any) -> Any:
        offset = int(fields.get("offset", "0"))
        self._updates = [update for update in self._updates if update["update_id"] >= offset]
        if not self._updates:
            self._came.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._came.wait(), float(fields.get("timeout", "0")))
        return list(self._updates)[: int(fields.get("limit", "100"))]


def _unescaped(fields: dict[str, str]) -> str:
    import html

    return html.unescape(fields["text"]) if fields.get("parse_mode") == "HTML" else fields["text"]
