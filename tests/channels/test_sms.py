"""Text messages that go out: one POST each to any provider, judged by its status alone."""

from __future__ import annotations

import json
import mailbox
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from bot.channels.base import Address, Say, Verdict
from bot.channels.correo.post import Folder
from bot.channels.sms.channel import TextMessages
from bot.channels.sms.post import HttpPost, LetterPost
from bot.kernel.errors import InboundRefused
from tests.support.rows import every_row

TO = Address("sms", "Empresa", "+573000000067")
TEMPLATE = '{"to": ["{numero}"], "body": "{texto}", "from": "{remitente}", "ref": {"id": "{id}", "prio": 1}}'
URL = "https://sms.example/v1"


def channel(answer: Callable[[httpx.Request], httpx.Response], template: str = TEMPLATE) -> TextMessages:
    post = HttpPost(
        URL, template=template, sender="Empresa", headers={"Authorization": "Bearer s3cr3t"}, timeout_s=2,
        transport=httpx.MockTransport(answer),
    )  # fmt: skip
    return TextMessages("Empresa", post, post.close)


async def test_the_template_is_filled_and_the_key_goes_in_its_header() -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(202)

    sms = channel(answer)
    assert (await sms.send(TO, Say('482913 es su código "nuevo" {numero}'), "k1")).verdict is Verdict.OK
    await sms.close()
    assert seen[0].headers["Authorization"] == "Bearer s3cr3t"
    assert json.loads(seen[0].content) == {
        "to": ["+573000000067"],
        "body": '482913 es su código "nuevo" {numero}',
        "from": "Empresa",
        "ref": {"id": "k1", "prio": 1},
    }


@every_row(
    ("status", "verdict"),
    [
        (200, Verdict.OK), (201, Verdict.OK), (401, Verdict.HALT), (402, Verdict.HALT), (403, Verdict.HALT),
        (404, Verdict.DEAD_ADDRESS), (422, Verdict.DEAD_ADDRESS), (400, Verdict.BUG), (301, Verdict.BUG),
        (408, Verdict.RETRY), (429, Verdict.RETRY), (500, Verdict.RETRY), (503, Verdict.RETRY),
    ],
)  # fmt: skip
async def test_the_status_decides_what_is_tried_again(status: int, verdict: Verdict) -> None:
    assert (await channel(lambda _: httpx.Response(status)).send(TO, Say("x"), "k1")).verdict is verdict


async def test_a_provider_that_asks_us_to_wait_is_waited_for() -> None:
    sent = await channel(lambda _: httpx.Response(429, headers={"retry-after": "7"})).send(TO, Say("x"), "k1")
    assert (sent.verdict, sent.retry_after_s) == (Verdict.RETRY, 7.0)


@pytest.mark.parametrize(
    ("trouble", "verdict"),
    [
        (httpx.ConnectError, Verdict.RETRY),
        (httpx.ConnectTimeout, Verdict.RETRY),
        (httpx.ReadTimeout, Verdict.UNKNOWN),
        (httpx.RemoteProtocolError, Verdict.UNKNOWN),
    ],
)
async def test_after_the_message_was_on_its_way_nobody_knows(trouble: type[httpx.HTTPError], verdict: Verdict) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        raise trouble("away", request=request)  # type: ignore[call-arg]

    sent = await channel(answer).send(TO, Say("482913"), "k1")
    assert sent.verdict is verdict
    assert "482913" not in sent.code + sent.exchange


@pytest.mark.parametrize("bad", ["", "3001234567", "+57 300", "+5730012345678901234", "hola"])
async def test_what_is_no_number_gets_nothing(bad: str) -> None:
    sms = channel(lambda _: pytest.fail("it was sent"))
    assert (await sms.send(Address("sms", "Empresa", bad), Say("x"), "k1")).verdict is Verdict.DEAD_ADDRESS


async def test_the_demo_leaves_text_messages_beside_the_mail(tmp_path: Path) -> None:
    sms = TextMessages("Empresa", LetterPost("Empresa", Folder(tmp_path / "correo")))
    assert (await sms.send(TO, Say("482913 es su código"), "k1")).verdict is Verdict.OK
    (letter,) = mailbox.Maildir(tmp_path / "correo", create=False)
    assert letter["To"] == TO.user


async def test_what_does_not_fit_is_a_mistake_of_ours_and_never_half_a_message() -> None:
    sent = await channel(lambda _: pytest.fail("it was sent")).send(TO, Say("x" * 1_001), "k1")
    assert (sent.verdict, sent.code) == (Verdict.BUG, "too_long")


def test_nothing_comes_in_by_text_message() -> None:
    with pytest.raises(InboundRefused):
        list(channel(lambda _: httpx.Response(200)).parse(b"{}", {}))
