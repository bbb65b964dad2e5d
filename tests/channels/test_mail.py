"""Mail that goes out: into a folder of the house, or to a server that takes it, refuses it, or says nothing."""

from __future__ import annotations

import asyncio
import logging
import mailbox
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.channels.base import Address, Say, Sent, Verdict
from bot.channels.correo.channel import Mail
from bot.channels.correo.post import Folder, Server, Smtp
from bot.kernel.clock import FrozenClock
from bot.kernel.errors import InboundRefused

OURS = "atencion@empresa.example"
THEIRS = Address("correo", OURS, "maria@casa.example")
SECRET = "Su código es 482913"


def mail(clock: FrozenClock, post: Callable[..., Sent]) -> Mail:
    return Mail(OURS, subject="Mensaje de la empresa", clock=clock, post=post)


@asynccontextmanager
async def server(answers: Mapping[str, str]) -> AsyncIterator[tuple[Server, list[str]]]:
    """Run an SMTP server that answers each command as told (by its first word), and keeps what it was given."""
    said: list[str] = []
    usual = {
        "EHLO": "250-here\r\n250 AUTH PLAIN LOGIN",
        "DATA": "354 go on",
        ".": "250 taken",
        "QUIT": "221 bye",
        **answers,
    }

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 here\r\n")
        in_letter = False
        while raw := await reader.readline():
            line = raw.decode().rstrip("\r\n")
            said.append(line)
            if in_letter and line != ".":
                continue
            word = line.split(" ")[0].split(":")[0].upper()
            answer = usual.get(word, "250 fine")
            if not answer:
                break
            in_letter = word == "DATA" and answer.startswith("354")
            writer.write(f"{answer}\r\n".encode())
        writer.close()

    listening = await asyncio.start_server(talk, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    try:
        yield Server("127.0.0.1", port, "no"), said
    finally:
        listening.close()


async def test_the_folder_keeps_each_letter_once_and_any_mail_reader_shows_it(
    tmp_path: Path, clock: FrozenClock
) -> None:
    channel = mail(clock, Folder(tmp_path / "correo"))
    for key in ("k1", "k1", "k2"):
        assert (await channel.send(THEIRS, Say(SECRET), key)).verdict is Verdict.OK
    letters = list(mailbox.Maildir(tmp_path / "correo", create=False))
    assert len(letters) == 2
    assert {letter["To"] for letter in letters} == {THEIRS.user}
    assert "482913" not in str(letters[0]["Subject"])


async def test_a_server_takes_the_letter_with_its_accents(clock: FrozenClock) -> None:
    async with server({}) as (place, said):
        sent = await mail(clock, Smtp(place)).send(THEIRS, Say(SECRET), "k1")
    assert sent.verdict is Verdict.OK
    assert f"mail FROM:<{OURS}>" in [line.split(" size")[0] for line in said]
    assert any("482913" in line for line in said)


@pytest.mark.parametrize(
    ("answers", "verdict"),
    [
        ({"RCPT": "550 no such person"}, Verdict.DEAD_ADDRESS),
        ({"RCPT": "451 greylisted, come back"}, Verdict.RETRY),
        ({"MAIL": "553 you may not send as that"}, Verdict.HALT),
        ({".": "452 full"}, Verdict.RETRY),
        ({".": "554 looks like spam"}, Verdict.BUG),
        ({".": ""}, Verdict.UNKNOWN),
        ({"EHLO": "", "HELO": ""}, Verdict.RETRY),
    ],
    ids=[
        "no such address",
        "later",
        "not our sender",
        "full",
        "refused",
        "hangs up after the letter",
        "hangs up before",
    ],
)
async def test_what_the_server_answers_decides_what_is_tried_again(
    clock: FrozenClock, answers: dict[str, str], verdict: Verdict
) -> None:
    async with server(answers) as (place, _):
        assert (await mail(clock, Smtp(place, timeout_s=2)).send(THEIRS, Say(SECRET), "k1")).verdict is verdict


async def test_a_refused_password_stops_the_channel_until_somebody_mends_it(clock: FrozenClock) -> None:
    async with server({"AUTH": "535 wrong"}) as (place, _):
        locked = Server(place.host, place.port, "no", "user", "a password that nobody may log")
        assert (await mail(clock, Smtp(locked)).send(THEIRS, Say(SECRET), "k1")).verdict is Verdict.HALT


async def test_a_server_without_the_encryption_we_ask_for_gets_no_letter(clock: FrozenClock) -> None:
    async with server({}) as (place, said):
        asked = Server(place.host, place.port, "inicio", "user", "password")
        assert (await mail(clock, Smtp(asked)).send(THEIRS, Say(SECRET), "k1")).verdict is Verdict.HALT
    assert not any("482913" in line or "AUTH" in line for line in said)


async def test_a_server_that_is_not_there_is_tried_again(clock: FrozenClock) -> None:
    async with server({}) as (place, _):
        gone = place
    assert (await mail(clock, Smtp(gone, timeout_s=2)).send(THEIRS, Say(SECRET), "k1")).verdict is Verdict.RETRY


@pytest.mark.parametrize("bad", ["", "maria", "a@b", "maria@casa.example\r\nBcc: todos@casa.example", "a@b.co, c@d.co"])
async def test_an_address_that_is_none_gets_nothing(tmp_path: Path, clock: FrozenClock, bad: str) -> None:
    channel = mail(clock, Folder(tmp_path / "correo"))
    assert (await channel.send(Address("correo", OURS, bad), Say(SECRET), "k1")).verdict is Verdict.DEAD_ADDRESS
    assert not (tmp_path / "correo").exists()


async def test_nothing_of_a_letter_is_logged(clock: FrozenClock, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        async with server({".": "554 looks like spam"}) as (place, _):
            sent = await mail(clock, Smtp(place)).send(THEIRS, Say(SECRET), "k1")
    assert "482913" not in caplog.text + sent.code + sent.exchange
    assert "maria" not in caplog.text + sent.code + sent.exchange


def test_nothing_comes_in_by_mail(clock: FrozenClock) -> None:
    with pytest.raises(InboundRefused):
        list(mail(clock, lambda _: Sent(Verdict.OK)).parse(b"{}", {}))
