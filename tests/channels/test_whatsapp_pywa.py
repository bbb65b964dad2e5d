"""pywa, which others wrote, would send what we send; every difference is written down with its reason."""

from __future__ import annotations

import re
from typing import Any

import pytest

from bot.channels.base import Verdict
from bot.channels.whatsapp.channel import WhatsAppChannel
from bot.channels.whatsapp.client import CloudApi
from tests.channels.case_whatsapp import make_channel
from tests.channels.whatsapp_pywa import CALLS, CASES, DIFFERENCES, NEVER, NEVER_WITH, TEMPLATES
from tests.support.fake_whatsapp import NUMBER_ID, TOKEN, URL, FakeWhatsApp
from tests.support.pywa_oracle import Asked, Caller, Wire, offered


@pytest.fixture
def ours() -> Wire:
    return Wire()


@pytest.fixture
def theirs() -> Wire:
    return Wire()


def whatsapp(wire: Wire) -> WhatsAppChannel:
    return make_channel(FakeWhatsApp(), transport=wire.transport, templates=TEMPLATES)


def same(asked: Asked, used: set[str] | None = None) -> Asked:
    """Return a request of pywa's as we would write it, by ``DIFFERENCES``; ``used`` gets those that mattered."""
    method, path, query, body = asked
    if path == "7":  # the call that asks where a file lies
        query = {**query, "phone_number_id": DIFFERENCES["query/phone_number_id"][0](None)}
        (used if used is not None else set()).add("query/phone_number_id")
    return method, path, query, _same(body, "", set() if used is None else used)


def _same(node: Any, place: str, used: set[str]) -> Any:
    if isinstance(node, dict):
        parts = {key: _same(inner, f"{place}/{key}", used) for key, inner in node.items()}
        return {key: inner for key, inner in parts.items() if inner is not None}
    if isinstance(node, list):
        return [_same(inner, f"{place}/{number}", used) for number, inner in enumerate(node)]
    for pattern, (change, _why) in DIFFERENCES.items():
        if re.fullmatch(pattern.replace("*", "[^/]+"), place):
            changed = change(node)
            used.update({pattern} if changed != node else ())
            return changed
    return node


@pytest.mark.parametrize("name", CASES)
async def test_a_message_of_ours_is_what_pywa_would_send(name: str, ours: Wire, theirs: Wire) -> None:
    import pywa.types as t

    case = CASES[name]
    channel = whatsapp(ours)
    sent = await channel.send(case.to, case.ours, "k1")
    await channel.close()
    case.theirs(Caller(theirs, NUMBER_ID), t)

    assert sent.verdict is Verdict.OK
    assert ours.asked == [same(asked) for asked in theirs.asked]


@pytest.mark.parametrize("name", CALLS)
async def test_another_call_of_ours_is_what_pywa_would_make(name: str, ours: Wire, theirs: Wire) -> None:
    import pywa.types as t

    call, same_call = CALLS[name]
    api = CloudApi(url=URL, version="v23.0", number_id=NUMBER_ID, token=TOKEN, transport=ours.transport)
    await call(api)
    await api.close()
    same_call(Caller(theirs, NUMBER_ID), t)

    assert ours.asked == [same(asked) for asked in theirs.asked]


def test_what_pywa_can_send_is_compared_or_never_sent_and_no_reason_is_idle(theirs: Wire) -> None:
    import pywa.types as t

    caller = Caller(theirs, NUMBER_ID)
    for case in CASES.values():
        case.theirs(caller, t)
    for _, same_call in CALLS.values():
        same_call(caller, t)
    mattered: set[str] = set()
    for asked in theirs.asked:
        same(asked, mattered)
    methods = offered()
    arguments = set().union(*(methods[name] for name in caller.used))

    assert set(methods) == set(caller.used) | set(NEVER)
    assert not set(caller.used) & set(NEVER)
    assert arguments - set().union(*caller.used.values()) == set(NEVER_WITH)
    assert mattered == set(DIFFERENCES)
