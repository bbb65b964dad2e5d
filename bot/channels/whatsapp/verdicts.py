"""What an answer of the Cloud API means for the message that was being sent; by its code, never by its words.

Codes: Meta's list of error codes of the Cloud API (2026-05).
"""

from __future__ import annotations

import json
import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

import httpx

from bot.channels.base import Sent, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.channels.whatsapp.client import Answer

#: What a code means.
CODES: Final[Mapping[int, Verdict]] = {
    # Meta's own trouble.
    **dict.fromkeys((1, 2, 131000, 131016, 131057, 133004), Verdict.RETRY),
    # Too fast: the application, the account, the number, this one person.
    **dict.fromkeys((4, 80007, 130429, 131056), Verdict.RETRY),
    # A file that Meta could not take: it is uploaded again.
    131053: Verdict.RETRY,
    131047: Verdict.CLOSED_WINDOW,
    # Meta's limits on marketing to one person, and its experiments: not before tomorrow.
    **dict.fromkeys((131049, 130472), Verdict.RETRY),
    # Not on WhatsApp, ourselves, not on the test list, no such number.
    **dict.fromkeys((131026, 131021, 131030, 33), Verdict.DEAD_ADDRESS),
    # A message that Meta takes for a phone alone, not for a business-scoped id.
    131062: Verdict.NEEDS_PHONE,
    131050: Verdict.OPTED_OUT,
    # Token and permissions.
    **dict.fromkeys((0, 3, 10, 190, 131005, *range(200, 300)), Verdict.HALT),
    # Policy, payment, quality: every further message makes it worse.
    **dict.fromkeys((131031, 368, 130497, 131042, 131045), Verdict.HALT),
    # Too many people blocked or reported us, or templates of a wrong category: sendings to many stop, answers go on.
    **dict.fromkeys((131048, 131064), Verdict.RETRY),
    # A template that is paused or disabled stops every message of its kind, not the answers to people.
    132015: Verdict.RETRY,
    132016: Verdict.CLOSED_WINDOW,
    # Ours to repair.
    **dict.fromkeys((100, 131008, 131009, 131051, 131052), Verdict.BUG),
    **dict.fromkeys((132000, 132001, 132005, 132007, 132008, 132012, 132068, 132069), Verdict.BUG),
}
#: Under which code the outbox keeps it; the part before the colon tells what to do (``bot.outbox.rules``).
_KEPT: Final[Mapping[int, str]] = {
    131056: "person:131056",
    131048: "campaign:131048",
    131064: "campaign:131064",
    131049: "later:131049",
    130472: "later:130472",
    131047: "window:131047",
    131050: "marketing:131050",
    131062: "phone:131062",
    132015: "template:PAUSED",
    132016: "window:template_DISABLED",
}
#: Seconds for which the whole number keeps still when Meta does not say.
_PAUSES: Final[Mapping[int, float]] = {4: 60.0, 80007: 60.0, 130429: 2.0}
MEDIA_REFUSED: Final = 131053
_TRACE: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
_NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)
_LONGEST_WAIT_S = 3600.0


def judge(answer: Answer, what: str) -> Sent:
    """Return the verdict on ``answer`` to a message; ``OK`` means accepted, and its ``ref`` is Meta's id."""
    document = _document(answer.body)
    error = document.get("error") if document is not None else None
    if isinstance(error, dict):
        return _refused(answer, error, what)
    if answer.status >= HTTPStatus.BAD_REQUEST:
        verdict = _by_status(answer.status)
        return Sent(verdict, retry_after_s=_asked(answer), code=str(answer.status), exchange=_line(what, answer, ""))
    ref = _ref(document)
    if ref is None:
        # It was taken in, or it was not: half a JSON and somebody's HTML both say nothing.
        return Sent(Verdict.UNKNOWN, code="unreadable_answer", exchange=_line(what, answer, "unreadable"))
    return Sent(Verdict.OK, ref, exchange=_line(what, answer, ""))


def judge_failure(error: BaseException, what: str) -> Sent:
    """Return the verdict on an attempt that ended without an answer; ``UNKNOWN`` when it was already on its way."""
    code = type(error).__name__
    if isinstance(error, _NEVER_LEFT):
        return Sent(Verdict.RETRY, code=code, exchange=f"{what} -> {code}")
    if isinstance(error, httpx.HTTPError):
        return Sent(Verdict.UNKNOWN, code=code, exchange=f"{what} -> {code}")
    return Sent(Verdict.BUG, code=code, exchange=f"{what} -> {code}")


def code_of(answer: Answer) -> int | None:
    """Return Meta's error code in ``answer``, if it has one."""
    document = _document(answer.body)
    error = document.get("error") if document is not None else None
    code = error.get("code") if isinstance(error, dict) else None
    return code if type(code) is int else None


def kept(code: int) -> str:
    """Return the code of a refusal as the outbox keeps it."""
    return _KEPT.get(code, str(code))


def told_later(code: int) -> str:
    """Return the code of a message that failed after it was accepted; only a dead address blames its person."""
    if code in _KEPT or CODES.get(code) is Verdict.DEAD_ADDRESS:
        return kept(code)
    return f"provider:{code}"


def _refused(answer: Answer, error: Mapping[str, Any], what: str) -> Sent:
    code = error.get("code")
    code = code if type(code) is int else -1
    verdict = CODES.get(code)
    if verdict is None:
        is_transient = error.get("is_transient") is True
        verdict = Verdict.RETRY if is_transient or answer.status < HTTPStatus.BAD_REQUEST else _by_status(answer.status)
    wait_s = 0.0
    if verdict is Verdict.RETRY and code not in _KEPT:
        wait_s = _asked(answer) or _PAUSES.get(code, 0.0)
    trace = error.get("fbtrace_id")
    said = f"{code} {trace}" if isinstance(trace, str) and _TRACE.fullmatch(trace) else str(code)
    # The words of an error repeat tokens and numbers: only the code and Meta's trace id are kept.
    exchange = _line(what, answer, said)
    return Sent(verdict, retry_after_s=wait_s, code=kept(code), exchange=exchange, slower=code in _PAUSES)


def _by_status(status: int) -> Verdict:
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return Verdict.HALT
    if (
        status in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.REQUEST_TIMEOUT}
        or status >= HTTPStatus.INTERNAL_SERVER_ERROR
    ):
        return Verdict.RETRY
    return Verdict.BUG


def _asked(answer: Answer) -> float:
    asked = answer.retry_after
    if not (asked.isascii() and asked.isdecimal()):
        return 0.0
    return min(_LONGEST_WAIT_S, float(asked))


def _ref(document: Mapping[str, Any] | None) -> str | None:
    messages = document.get("messages") if document is not None else None
    first = messages[0] if isinstance(messages, list) and messages else None
    ref = first.get("id") if isinstance(first, dict) else None
    return ref if isinstance(ref, str) and ref else None


def _document(body: bytes) -> dict[str, Any] | None:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None


def _line(what: str, answer: Answer, said: str) -> str:
    return f"{what} -> {answer.status} {said}".rstrip()
