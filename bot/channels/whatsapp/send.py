"""Deliver a saying message by message, remembering how far it got and which files Meta already has."""

from __future__ import annotations

import asyncio
import hashlib
import inspect
from collections import OrderedDict
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

import structlog

from bot.channels.base import Notice, Say, Sent, Verdict
from bot.channels.stepwise import Stepwise
from bot.channels.whatsapp.body import content_of, envelope, part_key, template_of
from bot.channels.whatsapp.caps import Step, steps
from bot.channels.whatsapp.client import UPLOAD_LIMITS
from bot.channels.whatsapp.verdicts import MEDIA_REFUSED, code_of, judge, judge_failure

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bot.channels.base import Address, Media
    from bot.channels.documents import Document, Documents
    from bot.channels.templates import TemplateEntry
    from bot.channels.whatsapp.body import Body
    from bot.channels.whatsapp.client import CloudApi
    from bot.kernel.clock import Clock

log = structlog.get_logger(__name__)

#: Uploaded files whose ids are remembered.
_REMEMBERED = 2_000
#: Meta keeps an uploaded file for 30 days.
_UPLOAD_LIVES = timedelta(days=25)


class Delivery:
    """Sends for one number. What broke off half-way goes on where it stopped, in this process."""

    def __init__(
        self, api: CloudApi, documents: Documents, clock: Clock, templates: Mapping[str, TemplateEntry]
    ) -> None:
        """Take the calls, how to get files, the clock, and our templates by name."""
        self._api = api
        self._documents = documents
        self._clock = clock
        self._templates = templates
        self._stepwise = Stepwise()
        self._uploads: OrderedDict[str, tuple[str, datetime]] = OrderedDict()
        self._uploading: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def send(self, to: Address, what: Say | Notice, our_key: str) -> Sent:
        """Send ``what`` once, from the message that an earlier attempt reached; the ref lists Meta's ids.

        A ``Notice`` goes as its template, which may leave outside the window of 24 hours.
        """
        if isinstance(what, Notice):
            try:
                content = template_of(what, self._templates.get(what.template))
            except KeyError:
                # The template was changed after the notice was written, and asks for what nobody wrote down.
                return Sent(Verdict.BUG, code="template_values")
            return await self._post(to, content, our_key)
        todo = list(enumerate(steps(what), start=1))

        async def one(numbered: tuple[int, Step]) -> Sent:
            number, step = numbered
            # A receipt of a part must not pass for one of the whole: what comes after it may not have left yet.
            return await self._step(to, step, our_key if number == len(todo) else part_key(our_key, number))

        return await self._stepwise.send(our_key, todo, one)

    async def _step(self, to: Address, step: Step, our_key: str) -> Sent:
        media_id, name, code = None, None, ""
        if step.media is not None:
            found = await self._document(step.media)
            if isinstance(found, Sent):
                if found.verdict is not Verdict.OK:
                    return found
                code = found.code
            else:
                given = await self._given(step.media, found)
                if isinstance(given, Sent):
                    return given
                media_id, name = given, found[1]
        content = content_of(step, media_id, name)
        if content is None:
            return Sent(Verdict.OK, code=code)
        sent = await self._post(to, content, our_key)
        return replace(sent, code=sent.code or code)

    async def _document(self, media: Media) -> Document | Sent:
        try:
            found = self._documents(media.ref)
            return await found if inspect.isawaitable(found) else found
        except LookupError:
            # The words must arrive even when the file is gone; staff see the code.
            log.warning("whatsapp_document_missing", kind=media.kind)
            return Sent(Verdict.OK, code="document_missing")
        except Exception as error:  # noqa: BLE001 - a busy store or a failing drawing of the PDF
            return Sent(Verdict.RETRY, code=f"document:{type(error).__name__}")

    async def _given(self, media: Media, document: Document) -> str | Sent:
        """Return Meta's id of the file, which is uploaded when Meta does not have it yet."""
        content, name, mime = document
        if len(content) > UPLOAD_LIMITS[media.kind]:
            return Sent(Verdict.BUG, code="file_too_large")
        mark = hashlib.sha256(content + b"\0" + name.encode() + b"\0" + mime.encode()).hexdigest()
        # Of many messages with one file that leave together, the first uploads it and the others wait for its id.
        turn = self._uploading.setdefault(mark, asyncio.Lock())
        async with turn:
            return await self._upload(document, mark)

    async def _upload(self, document: Document, mark: str) -> str | Sent:
        content, name, mime = document
        known = self._uploads.get(mark)
        if known is not None and self._clock.now() - known[1] < _UPLOAD_LIVES:
            return known[0]
        try:
            media_id, answer = await self._api.upload(content, name, mime)
        except Exception as error:  # noqa: BLE001 - judged, never raised
            # Nothing has been said to anybody yet: to upload twice harms nobody.
            sent = judge_failure(error, "media")
            return replace(sent, verdict=Verdict.RETRY) if sent.verdict is Verdict.UNKNOWN else sent
        if media_id is None:
            sent = judge(answer, "media")
            is_unsure = sent.verdict in {Verdict.UNKNOWN, Verdict.OK}
            return replace(sent, verdict=Verdict.RETRY, ref=None) if is_unsure else sent
        self._uploads[mark] = (media_id, self._clock.now())
        while len(self._uploads) > _REMEMBERED:
            self._uploads.popitem(last=False)
        return media_id

    async def _post(self, to: Address, content: Body, our_key: str) -> Sent:
        try:
            answer = await self._api.message(envelope(to, our_key, content))
        except Exception as error:  # noqa: BLE001 - judged, never raised
            return judge_failure(error, "messages")
        if code_of(answer) == MEDIA_REFUSED:
            self._uploads.clear()
        return judge(answer, "messages")
