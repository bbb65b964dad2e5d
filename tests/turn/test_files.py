"""Files people send: kept sealed and tied to the case, or refused with a word about it, and never in the way."""

from __future__ import annotations

import asyncio
import io
from typing import Any

import pytest
from PIL import Image

from bot.channels.base import Media
from bot.kernel.errors import MediaUnavailable
from tests.turn.house import Talker


def photo() -> bytes:
    content = io.BytesIO()
    where = Image.Exif()
    where[0x010E] = "taken at home"
    Image.new("RGB", (32, 32), "green").save(content, "JPEG", exif=where)
    return content.getvalue()


async def test_a_photo_becomes_an_annex_of_the_case(talker: Talker) -> None:
    await talker.go("/radicar_queja", "el medidor está roto", "acepto", "agua", "No lo tengo", "Persona de Prueba")
    await talker.go("52345678", "No tengo correo")
    kept = await talker.services.intake.keep(talker.conversation_id, photo(), name="medidor.jpg", kind="image")
    media = Media("image", f"file:{kept['file_id']}", "image/jpeg")
    assert await talker.say("", kind="media", media=(media,)) == ["pide_anexo"]
    await talker.go("No, sigamos", "Sí, radicar")

    (case,) = await talker.services.database.read(lambda uow: uow.cases.of_conversation(talker.conversation_id))
    assert case.anexos == [kept["file_id"]]
    document = await talker.services.documents.get(f"file:{kept['file_id']}")
    assert document.mime == "image/jpeg"
    assert b"Exif" not in document.content


async def test_a_file_of_another_conversation_is_not_taken(talker: Talker) -> None:
    kept = await talker.services.intake.keep("c_somebody_else", photo(), name="x.jpg", kind="image")
    media = Media("image", f"file:{kept['file_id']}", "image/jpeg")
    assert await talker.say("", kind="media", media=(media,)) == ["patrones.archivo_malo"]


async def test_a_file_that_cannot_be_had_is_said_and_the_question_stays(talker: Talker) -> None:
    await talker.say("/radicar_queja")
    media = Media("image", "gone", "image/jpeg")
    assert await talker.say("", kind="media", media=(media,)) == ["patrones.archivo_malo", "pide_relato"]


async def test_the_constancia_of_a_case_is_only_for_the_conversation_that_filed_it(talker: Talker) -> None:
    await talker.go(
        "/radicar_queja", "el medidor está roto", "acepto", "agua", "No lo tengo", "Persona de Prueba", "52345678",
        "No tengo correo", "No, sigamos", "Sí, radicar",
    )  # fmt: skip
    (case,) = await talker.services.database.read(lambda uow: uow.cases.of_conversation(talker.conversation_id))
    mine = await talker.services.documents.of(f"constancia:{case.id}", talker.conversation_id)
    assert mine is not None
    assert mine.content.startswith(b"%PDF-")
    assert len(mine.content) < 60_000
    assert await talker.services.documents.of(f"constancia:{case.id}", "c_somebody_else") is None


async def test_a_photo_of_forty_megabytes_is_refused_with_the_limit_and_the_question_stays(talker: Talker) -> None:
    fetched: list[str] = []

    async def fetch(ref: str) -> bytes:
        fetched.append(ref)
        return b""

    talker.services.intake._fetch = {"terminal": fetch}
    await talker.say("/radicar_queja")
    media = Media("image", "heavy", "image/jpeg", size=40_000_000)
    said = await talker.hear("", kind="media", media=(media,))
    assert [payload["response"] for payload in said] == ["patrones.archivo_grande", "pide_relato"]
    assert "hasta 10 MB" in said[0]["text"]
    assert fetched == []


async def test_files_that_do_not_come_hold_up_nobody_else(talker: Talker) -> None:
    """A hundred people send photos that their provider never hands over; another person is answered meanwhile."""
    stalled = asyncio.Event()

    async def fetch(_: str) -> bytes:
        await stalled.wait()
        return photo()

    services = talker.services
    services.intake._fetch = {"terminal": fetch}
    media = (Media("image", "slow", "image/jpeg"),)
    people = [Talker(services, talker.clock, f"otra-{number}") for number in range(100)]
    await services.inbox.accept([person.event("", kind="media", media=media) for person in people])
    await asyncio.sleep(0.05)
    assert await talker.say("/menu") == ["patrones.bienvenida", "menu.opciones"]
    stalled.set()
    await services.lanes.idle()


async def test_a_file_that_takes_too_long_is_given_up(talker: Talker) -> None:
    async def fetch(_: str) -> bytes:
        await asyncio.sleep(30)
        return b""

    talker.services.intake._fetch, talker.services.intake._deadline_s = {"terminal": fetch}, 0.05
    media = (Media("image", "slow", "image/jpeg"),)
    assert await talker.say("", kind="media", media=media) == ["patrones.archivo_malo"]


async def test_a_turn_that_is_thought_again_does_not_fetch_its_file_again(talker: Talker) -> None:
    fetched: list[str] = []

    async def fetch(ref: str) -> bytes:
        fetched.append(ref)
        return photo()

    services = talker.services
    await talker.say("/menu")
    services.intake._fetch = {"terminal": fetch}
    real, refused = services.runner._commit, []

    async def commit(plan: Any) -> bool:
        if not refused:
            refused.append(plan)
            return False
        return await real(plan)

    services.runner._commit = commit  # type: ignore[method-assign]
    await talker.say("", kind="media", media=(Media("image", "one", "image/jpeg"),))
    assert fetched == ["one"]


@pytest.mark.parametrize(
    ("away", "tries", "said"), [(1, 2, "patrones.archivo_suelto"), (9, 3, "patrones.archivo_malo")]
)
async def test_a_provider_that_is_away_for_a_moment_is_asked_again_and_not_for_ever(
    talker: Talker, away: int, tries: int, said: str
) -> None:
    asked: list[str] = []

    async def fetch(ref: str) -> bytes:
        asked.append(ref)
        if len(asked) <= away:
            raise MediaUnavailable("503", may_retry=True)
        return photo()

    talker.services.intake._fetch, talker.services.intake._pauses_s = {"terminal": fetch}, (0.0, 0.0)
    await talker.say("/menu")
    media = (Media("image", "away", "image/jpeg"),)
    assert said in await talker.say("", kind="media", media=media)
    assert len(asked) == tries


async def test_a_file_that_is_gone_is_asked_for_once(talker: Talker) -> None:
    asked: list[str] = []

    async def fetch(ref: str) -> bytes:
        asked.append(ref)
        raise MediaUnavailable("expired")

    talker.services.intake._fetch = {"terminal": fetch}
    media = (Media("image", "gone", "image/jpeg"),)
    assert await talker.say("", kind="media", media=media) == ["patrones.archivo_malo"]
    assert asked == ["gone"]
