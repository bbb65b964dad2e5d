"""What an error of Telegram or of the network means for the message that was being sent."""

from __future__ import annotations

import json
import re
from http import HTTPStatus
from typing import TYPE_CHECKING

import httpx
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.channels.base import Sent, Verdict

if TYPE_CHECKING:
    from bot.channels.telegram.client import Exchange

_GONE = ("chat not found", "user not found", "peer_id_invalid", "user is deactivated", "chat_id is empty")
_LONG_NUMBER = re.compile(r"\d{5,}")
_KEPT_CHARACTERS = 160
#: However long Telegram asks us to wait: nobody may be silenced for ever by one answer.
LONGEST_WAIT_S = 3_600.0


def judge(error: BaseException, method: str, exchange: Exchange) -> Sent:
    """Return the verdict on an attempt that ended in ``error``; its log of the exchange holds no personal data.

    ``UNKNOWN`` means that Telegram may have taken the message: the request was on its way, or the answer to it was
    unreadable (https://core.telegram.org/bots/api#making-requests).
    """
    verdict, code, wait_s = _verdict(error, exchange)
    return Sent(verdict, retry_after_s=wait_s, code=code, exchange=describe(method, exchange, code))


def describe(method: str, exchange: Exchange, code: str) -> str:
    """Return one line about an exchange: method, status and Telegram's own words, with numbers of people blanked."""
    return f"{method} -> {exchange.status or code} {_said(exchange)}".rstrip()


def is_markup_refused(error: BaseException) -> bool:
    """Whether Telegram could not read our HTML (400, "can't parse entities")."""
    return "can't parse entities" in str(error).lower()


def _verdict(error: BaseException, exchange: Exchange) -> tuple[Verdict, str, float]:
    match error:
        case RetryAfter():
            return Verdict.RETRY, "429", _seconds(exchange)
        case Forbidden():
            return Verdict.DEAD_ADDRESS, "403", 0.0
        case ChatMigrated():
            return Verdict.DEAD_ADDRESS, "migrated", 0.0
        case InvalidToken():
            return Verdict.HALT, str(exchange.status or 401), 0.0
        case BadRequest():
            is_gone = any(sign in str(error).lower() for sign in _GONE)
            return (Verdict.DEAD_ADDRESS if is_gone else Verdict.BUG), "400", 0.0
        case Conflict():
            return Verdict.RETRY, "409", 0.0
        case NetworkError():
            return _network(error, exchange)
        case TelegramError():
            return Verdict.UNKNOWN, "unreadable_answer", 0.0
    if exchange.asked:
        return Verdict.UNKNOWN, f"unreadable_answer:{type(error).__name__}", 0.0
    return Verdict.BUG, type(error).__name__, 0.0


def _network(error: BaseException, exchange: Exchange) -> tuple[Verdict, str, float]:
    if exchange.status:
        return Verdict.RETRY, str(exchange.status), _seconds(exchange)
    cause = error.__cause__
    code = type(cause).__name__ if cause is not None else type(error).__name__
    if isinstance(cause, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout | httpx.UnsupportedProtocol):
        return Verdict.RETRY, code, 0.0
    return Verdict.UNKNOWN, code, 0.0


def _seconds(exchange: Exchange) -> float:
    """Return ``parameters.retry_after`` of the answer, in seconds, an hour at most; 0 when it names none."""
    try:
        seconds = json.loads(exchange.body)["parameters"]["retry_after"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return 0.0
    # Compared before it is converted: an integer may be too large for a float.
    return float(max(0, min(seconds, LONGEST_WAIT_S))) if isinstance(seconds, int | float) else 0.0


def _said(exchange: Exchange) -> str:
    if not exchange.body or exchange.status == HTTPStatus.OK:  # a success repeats the message itself
        return ""
    try:
        said = str(json.loads(exchange.body).get("description", ""))
    except (ValueError, AttributeError, RecursionError):
        return f"({len(exchange.body)} bytes that are not the API's JSON)"
    return _LONG_NUMBER.sub("…", said)[:_KEPT_CHARACTERS]
