"""Every way in that a person has, told in one shape: say something, send a file, see what became of it."""

from __future__ import annotations

import json
import uuid
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import text

from bot.channels.base import Inbound
from bot.channels.clean import clean_text
from bot.channels.terminal.channel import ID_HEADER, USER_HEADER, Terminal
from bot.kernel.errors import InboundRefused
from tests.attack.place import TELEGRAM, Place, telegram_path
from tests.channels.case_whatsapp import signed
from tests.support.fake_telegram import PERSON
from tests.support.fake_whatsapp import message, value, webhook

_MOMENT = 1_773_848_000  # 2026-03-18, in seconds
#: The longest message that our own doors take; Telegram and Meta keep to their own.
LONGEST = 10_000


@dataclass
class Sent:
    """What was sent and how the door took it; ``inbox`` are the rows that came of it."""

    status: int
    why: str = ""
    inbox: list[int] = field(default_factory=list)
    said: list[Mapping[str, Any]] = field(default_factory=list)


class Door(ABC):
    """One channel's way in; ``limits`` tells whether the door itself refuses what is empty or too long."""

    name: str
    limits = True

    def __init__(self, place: Place) -> None:
        self.place = place
        self.seen = 0

    async def open(self, number: int) -> Any:
        """Return whoever is person ``number``."""
        return number

    @abstractmethod
    async def say(self, who: Any, words: str, key: int = 1) -> Sent:
        """Send a text as ``who``; the same ``key`` is the same message."""

    async def wear(self, who: Any, words: str, way: int) -> list[Sent]:
        """Put the same words where else a person can put words here: a name, a caption, a button; one ``way`` of them."""
        return []

    async def file(self, who: Any, name: str, mime: str, content: bytes) -> Sent | None:
        """Send a file; None where the channel takes none."""
        return None

    async def outcome(self, sent: Sent) -> Sent:
        """Wait for the work on what was sent, and add the answers."""
        for inbox_id in sent.inbox:
            assert await self.place.services.lanes.settled(inbox_id, 10)
            rows = await self.place.services.database.read(lambda uow, wanted=inbox_id: uow.outbox.of_inbox(wanted))
            sent.said += [row.payload for row in rows]
        return sent

    def heard(self, words: str) -> str:
        """Return what is kept of ``words``: what they say, literally."""
        return clean_text(words)

    async def posted(self, answer: httpx.Response) -> Sent:
        """Return what a provider's door made of a request, by the rows that are new."""
        why = answer.json().get("error", "") if answer.content else ""
        query = text("select id from inbox where id > :seen order by id").bindparams(seen=self.seen)
        fresh = self.place.services.database.read_now(lambda uow: [int(row[0]) for row in uow.conn.execute(query)])
        self.seen = max((self.seen, *fresh))
        return Sent(answer.status_code, why, fresh)


class RestDoor(Door):
    """Rasa's door: the answer to the request is the reply."""

    name = "rest"

    async def say(self, who: Any, words: str, key: int = 1) -> Sent:
        answer = await self.place.rest(f"persona-{who}", words, metadata={"message_id": f"m{key}"})
        document = answer.json()
        if answer.status_code != 200:
            return Sent(answer.status_code, document["error"])
        return Sent(200, said=document)


class ChatDoor(Door):
    """The page: a session, then messages; files are uploaded first."""

    name = "webchat"

    async def open(self, number: int) -> Any:
        return await self.place.session()

    async def say(self, who: Any, words: str, key: int = 1) -> Sent:
        answer = await self.place.chat(who, text=words, client_msg_id=str(uuid.UUID(int=key)))
        if answer.status_code != 200:
            return Sent(answer.status_code, answer.json()["error"])
        return Sent(200, inbox=[answer.json()["id"]])

    async def file(self, who: Any, name: str, mime: str, content: bytes) -> Sent | None:
        self.place.clock.move(timedelta(seconds=61))
        mark = uuid.uuid4().hex
        head = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: {mime}\r\n\r\n'
        body = head.encode() + content + f"\r\n--{mark}--\r\n".encode()
        headers = {**who, "Content-Type": f"multipart/form-data; boundary={mark}"}
        answer = await self.place.client.post("/chat/api/files", content=body, headers=headers)
        if answer.status_code != 201:
            return Sent(answer.status_code, answer.json()["error"])
        taken = await self.place.chat(who, file_id=answer.json()["file_id"])
        return Sent(taken.status_code, inbox=[taken.json()["id"]])


class TerminalDoor(Door):
    """A line that is typed; files by their path on this machine."""

    name = "terminal"

    def __init__(self, place: Place) -> None:
        super().__init__(place)
        self.terminal = Terminal(place.clock)
        place.services.intake._fetch = {**place.services.intake._fetch, "terminal": self.terminal.fetch}

    def heard(self, words: str) -> str:
        # A keyboard sends bytes: half a pair of surrogates is three that nobody can read.
        return clean_text(words.encode("utf-8", "surrogatepass").decode("utf-8", "replace"))

    async def say(self, who: Any, words: str, key: int = 1) -> Sent:
        self.place.sent.append(words)
        self.place.clock.move(timedelta(seconds=1))
        headers = {USER_HEADER: f"persona-{who}", ID_HEADER: str(key)}
        try:
            events: Sequence[Inbound] = self.terminal.parse(words.encode("utf-8", "surrogatepass"), headers)
        except InboundRefused as refusal:
            return Sent(refusal.status, str(refusal))
        return Sent(200, inbox=[inbox_id for inbox_id, _ in await self.place.services.inbox.accept(events)])

    async def file(self, who: Any, name: str, mime: str, content: bytes) -> Sent | None:
        return await self.say(who, f"/adjuntar {self._lay_down(f'{who}{Path(name).suffix}', content)}")

    def _lay_down(self, name: str, content: bytes) -> Path:
        path = Path(self.place.folder, name)
        path.write_bytes(content)
        return path


class TelegramDoor(Door):
    """Updates by Telegram's webhook; files are fetched from the fake Bot API."""

    name = "telegram"
    limits = False
    _updates = 5_000

    async def say(self, who: Any, words: str, key: int = 1) -> Sent:
        return await self._post({"message": {**self._message(who), "text": words}}, words, 1_000_000 + who * 100 + key)

    async def wear(self, who: Any, words: str, way: int) -> list[Sent]:
        person = {"id": PERSON + who, "is_bot": False, "first_name": words[:64], "last_name": words[:64]}
        named = {**self._message(who), "from": {**person, "language_code": words[:8]}}
        photo = [{"file_id": words[:40] or "f", "file_unique_id": "u", "width": 1, "height": 1}]
        query = {"id": "1", "from": person, "chat_instance": "c", "data": words, "message": named}
        worn = (
            {"message": {**named, "caption": words, "photo": photo}},
            {"message": {**named, "contact": {"phone_number": words[:30] or "1", "first_name": words[:64]}}},
            {"callback_query": query},
        )
        return [await self._post(worn[way % len(worn)], words)]

    async def file(self, who: Any, name: str, mime: str, content: bytes) -> Sent | None:
        ref = f"hostil-{who}"
        self.place.telegram.files[f"documents/{ref}"] = content
        document = {
            "file_id": ref,
            "file_unique_id": "u",
            "file_name": name,
            "mime_type": mime,
            "file_size": len(content),
        }
        return await self._post({"message": {**self._message(who), "document": document}}, name)

    def _message(self, who: int) -> dict[str, Any]:
        chat = {"id": PERSON + who, "type": "private", "first_name": "Persona"}
        return {"message_id": 1, "date": _MOMENT, "chat": chat, "from": {**chat, "is_bot": False}}

    async def _post(self, update: dict[str, Any], words: str, number: int = 0) -> Sent:
        self.place.sent.append(words)
        self._updates += 1
        body = json.dumps({"update_id": number or self._updates, **update})
        return await self.posted(
            await self.place.client.post(telegram_path(self.place), content=body, headers=TELEGRAM)
        )


class WhatsAppDoor(Door):
    """Webhooks as Meta signs them; files are fetched from the Cloud API in memory."""

    name = "whatsapp"
    limits = False
    _messages = 0

    async def say(self, who: Any, words: str, key: int = 1) -> Sent:
        return await self._post(self._message(who, "text", {"body": words}, f"{who}.{key}"), words)

    async def wear(self, who: Any, words: str, way: int) -> list[Sent]:
        title = {"id": words, "title": words[:24], "description": words[:72]}
        worn = (
            self._message(who, "image", {"id": "1", "mime_type": words[:80], "caption": words}),
            self._message(who, "interactive", {"type": "list_reply", "list_reply": title}),
            self._message(who, "button", {"payload": words, "text": words[:24]}),
            self._message(who, "location", {"latitude": 3.4, "longitude": -76.5, "name": words, "address": words}),
            self._message(who, "contacts", [{"name": {"formatted_name": words}, "phones": [{"phone": words}]}]),
            self._message(who, "interactive", {"type": "nfm_reply", "nfm_reply": {"response_json": words}}),
            self._message(who, "text", {"body": "hola"}, context={"forwarded": True, "from": words, "id": words}),
        )
        return [await self._post(worn[way % len(worn)], words, name=words)]

    async def file(self, who: Any, name: str, mime: str, content: bytes) -> Sent | None:
        ref = str(7_000 + who)
        self.place.whatsapp.files[ref] = content
        document = {"id": ref, "mime_type": mime, "filename": name}
        return await self._post(self._message(who, "document", document), name)

    def _message(self, who: int, kind: str, content: object, key: str = "", **more: Any) -> dict[str, Any]:
        self._messages += 1
        person = {"from": f"57300{who:07}", "from_user_id": f"CO.{who:09}"}
        return {**message(kind, content, **more), **person, "id": f"wamid.{key or f'n{self._messages}'}"}

    async def _post(self, one: dict[str, Any], words: str, name: str = "Persona de Prueba") -> Sent:
        self.place.sent.append(words)
        contact = {"profile": {"name": name}, "wa_id": one["from"], "user_id": one["from_user_id"]}
        payload = signed(json.dumps(webhook(value(one, contacts=[contact]))).encode())
        return await self.posted(
            await self.place.client.post("/webhooks/whatsapp/", content=payload.body, headers=payload.headers)
        )


#: Every channel by which anything comes in; text messages and mail only go out.
DOORS: dict[str, type[Door]] = {
    door.name: door for door in (RestDoor, ChatDoor, TerminalDoor, TelegramDoor, WhatsAppDoor)
}
