"""Turn what the dialogue says into Bot API calls, one by one, remembering how far a message got."""

from __future__ import annotations

import hashlib
import inspect
from collections import OrderedDict
from typing import TYPE_CHECKING

import structlog
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, KeyboardButton, ReplyKeyboardMarkup
from telegram.error import BadRequest

from bot.channels.base import Address, Media, Option, Say, Sent, Verdict
from bot.channels.emphasis import as_html, plain
from bot.channels.pieces import Piece
from bot.channels.stepwise import Stepwise
from bot.channels.telegram.caps import steps
from bot.channels.telegram.client import watch
from bot.channels.telegram.verdicts import describe, is_markup_refused, judge

if TYPE_CHECKING:
    from telegram import Bot, Message

    from bot.channels.documents import Document, Documents
    from bot.channels.words import TelegramWords

log = structlog.get_logger(__name__)

Keyboard = InlineKeyboardMarkup | ReplyKeyboardMarkup

_SHORT_LABEL = 14
#: Files whose ids at Telegram are remembered: the same text of a consent or the same map goes to many people.
_REMEMBERED = 1_000
_PHOTO_LIMIT = 10_000_000
_LINKS = ("https://", "http://", "tg://")


class Delivery:
    """Sends through one bot. A message that broke off half-way goes on where it stopped, in this process."""

    def __init__(self, bot: Bot, documents: Documents, words: TelegramWords) -> None:
        """Take the bot, how to get files, and the few words that Telegram needs."""
        self._bot = bot
        self._documents = documents
        self._words = words
        self._stepwise = Stepwise()
        self._uploads: OrderedDict[str, str] = OrderedDict()

    async def send(self, to: Address, say: Say, our_key: str) -> Sent:
        """Send ``say`` once, from the step that an earlier attempt reached; the ref lists the message ids."""
        return await self._stepwise.send(
            our_key,
            steps(say),
            lambda step: self._words_of(to, step) if isinstance(step, Piece) else self._file(to, step),
        )

    async def _file(self, to: Address, media: Media) -> Sent:
        try:
            found = self._documents(media.ref)
            document = await found if inspect.isawaitable(found) else found
        except LookupError:
            # The words must arrive even when the file is gone; staff see the code.
            log.warning("telegram_document_missing", kind=media.kind)
            return Sent(Verdict.OK, code="document_missing")
        except Exception as error:  # noqa: BLE001 - a busy store or a failing drawing of the PDF
            return Sent(Verdict.RETRY, code=f"document:{type(error).__name__}")
        method = _method(media.kind, document)
        with watch() as exchange:
            try:
                message = await self._given(int(to.user), method, document)
            except Exception as error:  # noqa: BLE001 - judged, never raised
                return judge(error, method, exchange)
            return Sent(Verdict.OK, str(message.message_id), exchange=describe(method, exchange, ""))

    async def _given(self, chat_id: int, method: str, document: Document) -> Message:
        """Send a file by the id under which Telegram has it already; upload it when it has none, or knows it no more."""
        content, name, _ = document
        mark = hashlib.sha256(b"\0".join((content, name.encode(), method.encode()))).hexdigest()
        known = self._uploads.get(mark)
        if known is not None:
            try:
                return await self._file_of(chat_id, method, known, name)
            except BadRequest as error:
                if "file" not in str(error).lower():
                    raise
                log.warning("telegram_file_id_refused")
                self._uploads.pop(mark, None)
        message = await self._file_of(chat_id, method, content, name)
        self._remember(mark, message)
        return message

    async def _file_of(self, chat_id: int, method: str, file: bytes | str, name: str) -> Message:
        if method == "sendPhoto":
            return await self._bot.send_photo(chat_id, file, filename=name)
        return await self._bot.send_document(chat_id, file, filename=name)

    def _remember(self, mark: str, message: Message) -> None:
        file_id = message.photo[-1].file_id if message.photo else message.document.file_id if message.document else ""
        if file_id:
            self._uploads[mark] = file_id
        while len(self._uploads) > _REMEMBERED:
            self._uploads.popitem(last=False)

    async def _words_of(self, to: Address, piece: Piece) -> Sent:
        with watch() as exchange:
            try:
                message = await self._text_or_plain(int(to.user), piece)
            except Exception as error:  # noqa: BLE001 - judged, never raised
                return judge(error, "sendMessage", exchange)
            return Sent(Verdict.OK, str(message.message_id), exchange=describe("sendMessage", exchange, ""))

    async def _text_or_plain(self, chat_id: int, piece: Piece) -> Message:
        keyboard = keyboard_of(piece, self._words)
        try:
            return await self._text(chat_id, as_html(piece.text), keyboard, "HTML")
        except Exception as error:
            if not is_markup_refused(error):
                raise
            log.warning("telegram_markup_refused")
            return await self._text(chat_id, plain(piece.text), keyboard, None)

    async def _text(self, chat_id: int, text: str, keyboard: Keyboard | None, parse_mode: str | None) -> Message:
        return await self._bot.send_message(
            chat_id, text, parse_mode=parse_mode, reply_markup=keyboard, disable_web_page_preview=True
        )


def keyboard_of(piece: Piece, words: TelegramWords) -> Keyboard | None:
    """Return what goes under the text: buttons for options, or the button that shares a place or a number.

    A message has room for one keyboard only; where something is asked for, options become keys that type their label.
    """
    if piece.ask:
        label = words.location_button if piece.ask == "location" else words.phone_button
        ask = KeyboardButton(label, request_location=piece.ask == "location", request_contact=piece.ask == "phone")
        rows = [[ask], *([KeyboardButton(option.label)] for option in piece.options)]
        return ReplyKeyboardMarkup(rows, resize_keyboard=True, one_time_keyboard=True)
    if not piece.options:
        return None
    buttons = [_button(option) for option in piece.options]
    in_a_row = 2 if all(len(option.label) <= _SHORT_LABEL for option in piece.options) else 1
    return InlineKeyboardMarkup([buttons[at : at + in_a_row] for at in range(0, len(buttons), in_a_row)])


def _button(option: Option) -> InlineKeyboardButton:
    if option.url and option.url.startswith(_LINKS):
        return InlineKeyboardButton(option.label, url=option.url)
    return InlineKeyboardButton(option.label, callback_data=option.token)


def _method(kind: str, document: Document) -> str:
    content, _, mime = document
    is_photo = kind == "image" and mime in {"image/jpeg", "image/png"} and len(content) <= _PHOTO_LIMIT
    return "sendPhoto" if is_photo else "sendDocument"
