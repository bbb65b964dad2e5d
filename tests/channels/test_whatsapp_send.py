"""What WhatsApp is asked to show, what its answers mean, and files in both directions."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from bot.channels.base import Address, Media, Notice, Option, Say, Sent, Verdict
from bot.channels.templates import TemplateEntry
from bot.channels.whatsapp.channel import WhatsAppChannel
from bot.channels.whatsapp.verdicts import CODES
from bot.kernel.errors import ConfigError, MediaUnavailable, TooLarge
from tests.channels.case_whatsapp import make_channel
from tests.channels.contract import PDF
from tests.support.fake_whatsapp import NUMBER_ID, PERSON, PHONE, TOKEN, FakeWhatsApp, failure

TWO = (Option("o1", "Sí, radicar"), Option("o2", "No, corregir"))
BARRIOS = tuple(Option(f"b{number}", f"Barrio {number}", "zona norte") for number in range(5))
FILE = Media("document", "constancia:7", "application/pdf")


@pytest.fixture
async def fake() -> AsyncIterator[FakeWhatsApp]:
    server = FakeWhatsApp()
    yield server
    assert server.problems == []


@pytest.fixture
async def whatsapp(fake: FakeWhatsApp) -> AsyncIterator[WhatsAppChannel]:
    channel = make_channel(fake)
    yield channel
    await channel.close()


@pytest.fixture
def person() -> Address:
    return Address("whatsapp", NUMBER_ID, PERSON, phone=f"+{PHONE}")


async def body_of(whatsapp: WhatsAppChannel, fake: FakeWhatsApp, to: Address, say: Say) -> dict[str, Any]:
    """Send ``say`` and return the one message that it took."""
    known = len(fake.sent)
    assert (await whatsapp.send(to, say, "k1")).verdict is Verdict.OK
    assert whatsapp.cost(say) == 1
    (body,) = fake.sent[known:]
    return body


# Form


async def test_two_options_are_buttons_and_their_tokens_go_with_them(whatsapp, fake, person) -> None:
    body = await body_of(whatsapp, fake, person, Say("¿Es **correcto**?", TWO))

    assert body["biz_opaque_callback_data"] == "k1"
    assert body["interactive"]["body"] == {"text": "¿Es *correcto*?"}
    assert [button["reply"]["id"] for button in body["interactive"]["action"]["buttons"]] == ["o1", "o2"]


async def test_five_options_are_a_list_with_their_hints(whatsapp, fake, person) -> None:
    body = await body_of(whatsapp, fake, person, Say("Elija su barrio", BARRIOS))

    assert body["interactive"]["action"]["button"] == "Ver opciones"
    (section,) = body["interactive"]["action"]["sections"]
    assert section["rows"][0] == {"id": "b0", "title": "Barrio 0", "description": "zona norte"}


@pytest.mark.parametrize(
    "say",
    [
        Say("Elija", BARRIOS, menu_label="Una etiqueta que no cabe"),
        Say("Elija", (Option("o1", "Una opción mucho más larga de lo que cabe en una lista"),)),
        Say("Elija", tuple(Option(f"o{number}", f"Opción {number}") for number in range(11))),
    ],
    ids=["menu label", "label", "eleven"],
)
async def test_what_does_not_fit_is_numbered_and_never_cut(whatsapp, fake, person, say) -> None:
    body = await body_of(whatsapp, fake, person, say)

    assert all(option.label in body["text"]["body"] for option in say.options)


async def test_a_place_is_asked_for_with_the_button_that_shares_it(whatsapp, fake, person) -> None:
    body = await body_of(
        whatsapp, fake, person, Say("¿Dónde es el daño?", (Option("o1", "Prefiero escribirla"),), ask="location")
    )

    assert body["interactive"]["type"] == "location_request_message"
    assert "1. Prefiero escribirla" in body["interactive"]["body"]["text"]


async def test_a_long_question_about_a_place_keeps_its_button(whatsapp, fake, person) -> None:
    sent = await whatsapp.send(person, Say("palabra " * 300, ask="location"), "k1")

    assert sent.verdict is Verdict.OK
    assert [body["type"] for body in fake.sent].count("interactive") == 1
    assert fake.sent[-1]["interactive"]["type"] == "location_request_message"


async def test_one_link_is_a_button_and_among_others_it_stands_in_the_text(whatsapp, fake, person) -> None:
    link = Option("o1", "Pagar", url="https://pagos.example/7")
    alone = await body_of(whatsapp, fake, person, Say("Puede pagar en línea.", (link,)))
    among = await body_of(whatsapp, fake, person, Say("Puede pagar en línea.", (link, *TWO)))

    assert alone["interactive"]["action"]["parameters"] == {"display_text": "Pagar", "url": "https://pagos.example/7"}
    assert "Pagar: https://pagos.example/7" in among["interactive"]["body"]["text"]
    assert len(among["interactive"]["action"]["buttons"]) == 2


async def test_a_file_and_its_words_are_one_message(whatsapp, fake, person) -> None:
    captioned = await body_of(whatsapp, fake, person, Say("Esta es su constancia.", media=(FILE,)))
    pressed = await body_of(whatsapp, fake, person, Say("Esta es su constancia.", TWO, media=(FILE,)))

    assert captioned["document"] == {"id": "900", "caption": "Esta es su constancia.", "filename": "constancia.pdf"}
    assert pressed["interactive"]["header"]["document"]["id"] == "900"
    assert fake.uploads == ["constancia.pdf"], "the same file is uploaded once"


async def test_a_person_without_a_phone_is_reached_by_the_scoped_id(whatsapp, fake, person) -> None:
    by_phone = await body_of(whatsapp, fake, person, Say("hola"))
    by_id = await body_of(whatsapp, fake, Address("whatsapp", NUMBER_ID, PERSON), Say("hola"))
    by_number = await body_of(whatsapp, fake, Address("whatsapp", NUMBER_ID, PHONE), Say("hola"))

    assert (by_phone["to"], by_id["recipient"], by_number["to"]) == (PHONE, PERSON, PHONE)
    assert "to" not in by_id


async def test_a_notice_goes_as_its_template_with_named_parameters(whatsapp, fake, person) -> None:
    notice = Notice("corte_programado", {"sector": "Centro\n y   Norte"}, Say("x"), datetime.now(UTC), "cortes")
    await whatsapp.send(person, notice, "k1")

    assert fake.sent[0]["template"] == {
        "name": "corte_programado",
        "language": {"code": "es"},
        "components": [
            {"type": "body", "parameters": [{"type": "text", "parameter_name": "sector", "text": "Centro y Norte"}]}
        ],
    }


async def test_a_notice_whose_template_was_changed_since_it_was_written_is_our_mistake(fake, person) -> None:
    entry = TemplateEntry(
        respuestas=("r",),
        categoria="UTILITY",
        texto="Hay un corte en su sector, {{sector}}, que comienza {{cuando}} y termina después.",
        ejemplos={"sector": "Centro", "cuando": "mañana"},
    )
    channel = make_channel(fake, templates={"corte_programado": entry})
    sent = await channel.send(
        person, Notice("corte_programado", {"sector": "Centro"}, Say("x"), datetime.now(UTC), "cortes"), "k1"
    )
    await channel.close()

    assert (sent.verdict, sent.code) == (Verdict.BUG, "template_values")
    assert fake.sent == []


# What answers mean


@pytest.mark.parametrize(
    ("codes", "verdict"),
    [
        ((1, 2, 131000, 131016, 131057, 133004), Verdict.RETRY),
        ((4, 80007, 130429, 131056, 131053), Verdict.RETRY),
        ((131048, 131064, 131049, 130472, 132015), Verdict.RETRY),
        ((131047, 132016), Verdict.CLOSED_WINDOW),
        ((131026, 131021, 131030, 33), Verdict.DEAD_ADDRESS),
        ((131062,), Verdict.NEEDS_PHONE),
        ((131050,), Verdict.OPTED_OUT),
        ((0, 3, 10, 190, 131005, 200, 250, 299), Verdict.HALT),
        ((131031, 368, 130497, 131042, 131045), Verdict.HALT),
        ((100, 131008, 131009, 131051, 132000, 132001, 132005, 132007, 132008, 132012), Verdict.BUG),
    ],
)
async def test_every_code_of_the_table_has_its_verdict(whatsapp, fake, person, codes, verdict) -> None:
    for code in codes:
        fake.next.append(failure(400, code))
        sent = await whatsapp.send(person, Say("hola"), f"k{code}")
        assert sent.verdict is verdict, code
        assert sent.exchange == f"messages -> 400 {code} Az8or2yhqkZfEZ"


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (failure(200, 131047), Verdict.CLOSED_WINDOW),
        (failure(200, 999999), Verdict.RETRY),
        (failure(400, 999999), Verdict.BUG),
        (failure(500, 999999), Verdict.RETRY),
        (httpx.Response(401, text="no"), Verdict.HALT),
        (httpx.Response(404, text="<html>"), Verdict.BUG),
        (httpx.Response(429, text=""), Verdict.RETRY),
        (httpx.Response(502, text="<html>"), Verdict.RETRY),
        (httpx.Response(200, text="<html>"), Verdict.UNKNOWN),
        (httpx.Response(200, text='{"messages": ['), Verdict.UNKNOWN),
        (httpx.Response(200, text='{"messages": []}'), Verdict.UNKNOWN),
        (httpx.Response(200, text="[" * 100_000), Verdict.UNKNOWN),
        (httpx.ConnectError("no"), Verdict.RETRY),
        (httpx.PoolTimeout("no"), Verdict.RETRY),
        (httpx.ReadTimeout("no"), Verdict.UNKNOWN),
        (httpx.RemoteProtocolError("reset"), Verdict.UNKNOWN),
    ],
)
async def test_other_answers_are_judged_by_what_is_certain(whatsapp, fake, person, answer, verdict) -> None:
    fake.next.append(answer)

    assert (await whatsapp.send(person, Say("hola"), "k1")).verdict is verdict


async def test_too_many_to_one_person_holds_up_nobody_else(whatsapp, fake, person) -> None:
    fake.next.append(failure(400, 131056))
    pair = await whatsapp.send(person, Say("hola"), "k1")
    fake.next.append(failure(400, 130429))
    whole = await whatsapp.send(person, Say("hola"), "k2")

    assert (pair.code, pair.retry_after_s, pair.slower) == ("person:131056", 0.0, False)
    assert whole.retry_after_s > 0
    assert whole.slower, "80 a second are shared with what comes in: the pace itself was too fast"


def test_no_code_is_forgotten() -> None:
    assert set(CODES) >= {131047, 131026, 131056, 130429, 190, 132000, 131053}


async def test_what_broke_off_half_way_goes_on_where_it_stopped(whatsapp, fake, person) -> None:
    say = Say(("palabra " * 700).strip())
    fake.next.extend([httpx.Response(200, json={"messages": [{"id": "wamid.a"}]}), httpx.Response(503)])
    first = await whatsapp.send(person, say, "k1")
    second = await whatsapp.send(person, say, "k1")

    assert (first.verdict, second.verdict) == (Verdict.RETRY, Verdict.OK)
    assert len(fake.sent) == 1
    assert second.ref == "wamid.a,wamid.1"


# Files


async def test_words_arrive_when_their_file_is_gone(fake, person) -> None:
    def gone(ref: str) -> Any:
        raise LookupError(ref)

    channel = make_channel(fake, documents=gone)
    sent = await channel.send(person, Say("Esta es su constancia.", media=(FILE,)), "k1")
    await channel.close()

    assert (sent.verdict, sent.code) == (Verdict.OK, "document_missing")
    assert fake.sent[0]["text"]["body"] == "Esta es su constancia."


async def test_a_file_that_cannot_be_drawn_is_tried_again_and_is_our_own_trouble(fake, person) -> None:
    def busy(ref: str) -> Any:
        raise OSError(ref)

    channel = make_channel(fake, documents=busy)
    sent = await channel.send(person, Say("Esta es su constancia.", media=(FILE,)), "k1")
    await channel.close()

    assert sent == Sent(Verdict.RETRY, code="document:OSError")


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (httpx.Response(200, text="<html>"), Verdict.RETRY),
        (failure(401, 190), Verdict.HALT),
        (failure(400, 100), Verdict.BUG),
    ],
)
async def test_an_upload_that_fails_says_nothing_to_the_person(whatsapp, fake, person, answer, verdict) -> None:
    fake.next_file.append(answer)
    sent = await whatsapp.send(person, Say("Esta es su constancia.", media=(FILE,)), "k1")

    assert sent.verdict is verdict
    assert fake.sent == []


async def test_a_file_that_meta_refuses_is_uploaded_again(whatsapp, fake, person) -> None:
    fake.next.append(failure(400, 131053))
    first = await whatsapp.send(person, Say("Su constancia.", media=(FILE,)), "k1")
    second = await whatsapp.send(person, Say("Su constancia.", media=(FILE,)), "k1")

    assert (first.verdict, second.verdict) == (Verdict.RETRY, Verdict.OK)
    assert len(fake.uploads) == 2


async def test_a_document_for_a_thousand_people_is_uploaded_once_until_its_id_expires(fake, clock) -> None:
    channel = make_channel(fake, clock=clock)
    people = [Address("whatsapp", NUMBER_ID, PERSON, phone=f"+57300{number:07}") for number in range(40)]
    say = Say("Su constancia.", media=(FILE,))
    sent = await asyncio.gather(*(channel.send(to, say, f"k{to.phone}") for to in people))
    assert [one.verdict for one in sent] == [Verdict.OK] * 40
    assert len(fake.uploads) == 1
    assert {body["document"]["id"] for body in fake.sent} == {"900"}

    clock.move(timedelta(days=26))
    await channel.send(people[0], say, "otra")
    await channel.close()
    assert len(fake.uploads) == 2


async def test_the_token_is_shown_to_no_stranger(whatsapp, fake) -> None:
    fake.files["7"] = PDF
    for host in ("https://malo.example", "http://lookaside.fbsbx.com", "https://fbsbx.com.malo.example", "file://"):
        fake.file_host = host
        with pytest.raises(MediaUnavailable):
            await whatsapp.fetch("7")

    assert {host for host, _ in fake.authorizations} == {"graph.example"}
    assert TOKEN in fake.authorizations[0][1]


async def test_a_file_that_is_too_large_damaged_or_gone_is_not_had(whatsapp, fake) -> None:
    fake.next_file.append(httpx.Response(200, json={"url": "https://x.fbsbx.com/file/7", "file_size": "999999999"}))
    with pytest.raises(TooLarge):
        await whatsapp.fetch("7")
    fake.files["7"] = PDF
    fake.next_file.append(httpx.Response(200, json={"url": "https://x.fbsbx.com/file/7", "sha256": "0" * 64}))
    with pytest.raises(MediaUnavailable) as damaged:
        await whatsapp.fetch("7")
    with pytest.raises(MediaUnavailable) as gone:
        await whatsapp.fetch("8")
    with pytest.raises(MediaUnavailable):
        await whatsapp.fetch("../otra/cosa")

    assert (damaged.value.may_retry, gone.value.may_retry) == (True, False)


@pytest.mark.parametrize(
    "change",
    [{"number_id": "+57 601"}, {"token": "con espacio"}, {"token": ""}, {"version": "23"}, {"secrets": ("", "")}],
)
async def test_settings_that_meta_never_gave_stop_the_start_without_being_repeated(fake, change) -> None:
    with pytest.raises(ConfigError) as wrong:
        make_channel(fake, **change)

    assert "con espacio" not in json.dumps(wrong.value.problems)
