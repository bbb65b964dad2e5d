"""What we call at Telegram: exact requests, every failure judged, nothing lost half-way."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.base import Address, Media, Notice, Option, Say, Verdict
from bot.channels.pieces import Piece
from bot.channels.telegram.channel import TelegramChannel
from bot.kernel.errors import ConfigError, MediaUnavailable, TooLarge
from tests.channels.case_telegram import WORDS, make_channel
from tests.outbox.fakes import NOW
from tests.support.bot_api_spec import bot_api, bot_api_if_here
from tests.support.calm import calm
from tests.support.fake_telegram import PERSON, TOKEN, Failure, FakeTelegram

YES_NO = (Option("o1-1", "Sí"), Option("o1-2", "No"))


async def test_text_is_escaped_html_without_previews(
    telegram: TelegramChannel, fake: FakeTelegram, person: Address
) -> None:
    await telegram.send(person, Say("1 < 2 & «hola»"), "k1")

    (call,) = fake.sent()
    assert (call.fields["text"], call.fields["parse_mode"]) == ("1 &lt; 2 &amp; «hola»", "HTML")
    assert call.json("link_preview_options") == {"is_disabled": True}
    assert fake.texts() == ["1 < 2 & «hola»"]


async def test_markup_that_telegram_refuses_is_sent_plain(
    telegram: TelegramChannel, fake: FakeTelegram, person: Address
) -> None:
    fake.fail("sendMessage", Failure.bad_request("can't parse entities: unexpected end of tag at byte offset 9"))
    sent = await telegram.send(person, Say("1 < 2"), "k1")

    assert sent.verdict is Verdict.OK
    assert "parse_mode" not in fake.calls[-1].fields
    assert fake.texts() == ["1 < 2"]


async def test_short_options_share_a_row_and_long_ones_have_their_own(
    telegram: TelegramChannel, fake: FakeTelegram, person: Address
) -> None:
    long = (Option("o2-1", "Consultar un radicado"), Option("o2-2", "Hablar con un asesor"))
    await telegram.send(person, Say("¿Sí?", YES_NO), "k1")
    await telegram.send(person, Say("¿Qué desea?", long), "k2")

    rows = [call.json("reply_markup")["inline_keyboard"] for call in fake.sent()]
    assert [len(row) for row in rows[0]] == [2]
    assert rows[1] == [[{"text": option.label, "callback_data": option.token}] for option in long]


async def test_labels_too_long_for_a_button_become_numbers(
    telegram: TelegramChannel, fake: FakeTelegram, person: Address
) -> None:
    await telegram.send(person, Say("Elija", (Option("o1", "x" * 41), Option("o2", "No"))), "k1")

    assert fake.texts() == [f"Elija\n\n1. {'x' * 41}\n2. No"]
    assert "reply_markup" not in fake.sent()[0].fields


async def test_a_link_is_a_button_that_opens_it(telegram: TelegramChannel, fake: FakeTelegram, person: Address) -> None:
    links = (Option("o1", "Pagar", url="https://example.org/pago"), Option("o2", "No", url="javascript:alert(1)"))
    await telegram.send(person, Say("Pague aquí", links), "k1")

    first, second = fake.sent()[0].json("reply_markup")["inline_keyboard"][0]
    assert first == {"text": "Pagar", "url": "https://example.org/pago"}
    assert second == {"text": "No", "callback_data": "o2"}


@pytest.mark.parametrize(("ask", "field"), [("location", "request_location"), ("phone", "request_contact")])
async def test_a_place_or_a_number_is_asked_for_with_telegrams_own_button(
    telegram: TelegramChannel, fake: FakeTelegram, person: Address, ask: Any, field: str
) -> None:
    await telegram.send(person, Say("¿Dónde?", YES_NO, ask=ask), "k1")

    keyboard = fake.sent()[0].json("reply_markup")
    assert keyboard["keyboard"][0][0][field] is True
    assert [row[0]["text"] for row in keyboard["keyboard"][1:]] == ["Sí", "No"]
    assert keyboard["one_time_keyboard"] is True


async def test_a_document_is_uploaded_with_its_name_and_a_photo_as_a_photo(fake: FakeTelegram, person: Address) -> None:
    kept = {
        "file:1": (b"\x89PNG", "daño.png", "image/png"),
        "constancia:7": (b"%PDF", "constancia.pdf", "application/pdf"),
    }

    async def documents(ref: str) -> tuple[bytes, str, str]:
        return kept[ref]

    telegram = make_channel(fake, documents=documents)
    media = (Media("image", "file:1", "image/png"), Media("document", "constancia:7", "application/pdf"))
    sent = await telegram.send(person, Say("Aquí está.", media=media), "k1")
    await telegram.close()

    assert sent.verdict is Verdict.OK
    assert fake.sent("sendPhoto")[0].files["photo"] == ("daño.png", b"\x89PNG")
    assert fake.sent("sendDocument")[0].files["document"] == ("constancia.pdf", b"%PDF")
    assert [call.method for call in fake.calls] == ["sendPhoto", "sendDocument", "sendMessage"]


async def test_a_file_that_telegram_has_is_sent_by_its_id_and_uploaded_again_when_it_is_forgotten(
    telegram: TelegramChannel, fake: FakeTelegram, person: Address
) -> None:
    say = Say("Su constancia.", media=(Media("document", "constancia:7", "application/pdf"),))
    first, second = await telegram.send(person, say, "k1"), await telegram.send(person, say, "k2")
    fake.uploaded.clear()
    third = await telegram.send(person, say, "k3")

    assert [sent.verdict for sent in (first, second, third)] == [Verdict.OK] * 3
    uploads, ids = zip(
        *((list(call.files), call.fields.get("document")) for call in fake.sent("sendDocument")), strict=True
    )
    assert uploads == (["document"], [], ["document"])
    assert (ids[0], ids[2]) == (None, None)
    assert ids[1]
    assert [message.get("document", {}).get("file_name") for message in fake.delivered[PERSON][::2]] == [
        "constancia.pdf"
    ] * 3


async def test_words_arrive_even_when_their_file_is_gone(fake: FakeTelegram, person: Address) -> None:
    def documents(ref: str) -> tuple[bytes, str, str]:
        raise LookupError(ref)

    telegram = make_channel(fake, documents=documents)
    sent = await telegram.send(person, Say("Radicado 1", media=(Media("document", "x:1", "a/b"),)), "k1")
    await telegram.close()

    assert (sent.verdict, sent.code) == (Verdict.OK, "document_missing")
    assert fake.texts() == ["Radicado 1"]


async def test_a_file_that_cannot_be_had_now_is_tried_again(fake: FakeTelegram, person: Address) -> None:
    def documents(ref: str) -> tuple[bytes, str, str]:
        raise OSError(ref)

    telegram = make_channel(fake, documents=documents)
    sent = await telegram.send(person, Say("Radicado 1", media=(Media("document", "x:1", "a/b"),)), "k1")
    await telegram.close()

    assert (sent.verdict, sent.code) == (Verdict.RETRY, "document:OSError")
    assert fake.calls == []


async def test_a_message_that_broke_off_goes_on_where_it_stopped(
    telegram: TelegramChannel, fake: FakeTelegram, person: Address
) -> None:
    say = Say("\n\n".join(f"Parte {number}. " + "palabras " * 300 for number in range(5)), YES_NO)
    assert telegram.cost(say) == 5
    fake.fail("sendMessage", None, None, Failure.too_many(2))

    broken = await telegram.send(person, say, "k1")
    again = await telegram.send(person, say, "k1")

    assert (broken.verdict, broken.retry_after_s, again.verdict) == (Verdict.RETRY, 2, Verdict.OK)
    assert [text.split(".")[0] for text in fake.texts()] == [f"Parte {number}" for number in range(5)]
    assert again.ref == ",".join(str(message["message_id"]) for message in fake.delivered[PERSON])


async def test_a_notice_is_sent_in_its_plain_words(
    telegram: TelegramChannel, fake: FakeTelegram, person: Address
) -> None:
    notice = Notice("corte_programado", {}, Say("Mañana habrá un corte."), NOW, "cortes")
    await telegram.send(person, notice, "k1")

    assert fake.texts() == ["Mañana habrá un corte."]


FAILURES = [
    (Failure.too_many(9), Verdict.RETRY, "429"),
    (Failure.server_error(500), Verdict.RETRY, "500"),
    (Failure.server_error(502), Verdict.RETRY, "502"),
    (Failure(503, error="Service Unavailable"), Verdict.RETRY, "503"),
    (Failure.blocked(), Verdict.DEAD_ADDRESS, "403"),
    (Failure(403, error="Forbidden: user is deactivated"), Verdict.DEAD_ADDRESS, "403"),
    (Failure.bad_request("chat not found"), Verdict.DEAD_ADDRESS, "400"),
    (Failure.bad_request("PEER_ID_INVALID"), Verdict.DEAD_ADDRESS, "400"),
    (
        Failure(400, error="Bad Request: upgraded", parameters={"migrate_to_chat_id": -5}),
        Verdict.DEAD_ADDRESS,
        "migrated",
    ),
    (Failure.bad_request("message is too long"), Verdict.BUG, "400"),
    (Failure.bad_request("BUTTON_DATA_INVALID"), Verdict.BUG, "400"),
    (Failure.unauthorized(), Verdict.HALT, "401"),
    (Failure(404, error="Not Found"), Verdict.HALT, "404"),
    (Failure(409, error="Conflict"), Verdict.RETRY, "409"),
    (Failure.error_in_200(429, "Too Many Requests"), Verdict.RETRY, "429"),
    (Failure.error_in_200(403, "Forbidden: bot was blocked by the user"), Verdict.DEAD_ADDRESS, "403"),
    (Failure.html(), Verdict.UNKNOWN, "unreadable_answer"),
    (Failure.half_json(), Verdict.UNKNOWN, "unreadable_answer"),
    (Failure(200, body=b"[1, 2]", accept=True), Verdict.UNKNOWN, "unreadable_answer:TypeError"),
    (Failure(200, body=b'{"ok": true}', accept=True), Verdict.UNKNOWN, "unreadable_answer:KeyError"),
    (Failure.reset(), Verdict.UNKNOWN, "RemoteProtocolError"),
    (Failure.stall(), Verdict.UNKNOWN, "ReadTimeout"),
]


@pytest.mark.parametrize(
    ("failure", "verdict", "code"), FAILURES, ids=[f"{v.value}-{c}-{n}" for n, (_, v, c) in enumerate(FAILURES)]
)
async def test_every_failure_has_its_verdict_and_its_code(
    telegram: TelegramChannel, fake: FakeTelegram, person: Address, failure: Failure, verdict: Verdict, code: str
) -> None:
    fake.fail("sendMessage", failure)
    sent = await telegram.send(person, Say("hola"), "k1")

    assert (sent.verdict, sent.code) == (verdict, code)
    assert sent.exchange.startswith("sendMessage -> ")
    assert str(PERSON) not in sent.exchange
    assert TOKEN not in sent.exchange


async def test_a_provider_that_is_not_there_never_had_the_message(person: Address) -> None:
    async with FakeTelegram() as gone:
        telegram = make_channel(gone)
    sent = await telegram.send(person, Say("hola"), "k1")
    await telegram.close()

    assert (sent.verdict, sent.code) == (Verdict.RETRY, "ConnectError")


async def test_an_address_that_is_no_chat_is_our_bug(telegram: TelegramChannel, fake: FakeTelegram) -> None:
    sent = await telegram.send(Address("telegram", "1", "ana"), Say("hola"), "k1")

    assert sent.verdict is Verdict.BUG
    assert fake.calls == []


async def test_a_file_over_the_limit_is_not_taken_in_whatever_it_claims(
    telegram: TelegramChannel, fake: FakeTelegram
) -> None:
    fake.files["documents/bomba"] = b"x" * 20_000_001
    with pytest.raises(TooLarge):
        await telegram.fetch("bomba")

    fake.lies_about_size = True
    with pytest.raises(TooLarge):
        await telegram.fetch("bomba")


async def test_a_file_that_is_gone_is_told_from_a_provider_that_is_away(
    telegram: TelegramChannel, fake: FakeTelegram
) -> None:
    with pytest.raises(MediaUnavailable) as gone:
        await telegram.fetch("nunca")
    fake.fail("getFile", Failure.server_error())
    with pytest.raises(MediaUnavailable) as away:
        await telegram.fetch("nunca")

    assert (gone.value.may_retry, away.value.may_retry) == (False, True)
    assert TOKEN not in f"{gone.value} {away.value} {away.value.__cause__}"


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"token": "no es un token"}, "canales.telegram.token"),
        ({"token": "123456:ABC def"}, "canales.telegram.token"),
        ({"mode": "webhook", "public_url": "http://example.org"}, "server.public_url"),
        ({"mode": "webhook", "public_url": "https://example.org", "secret": "con espacio"}, "canales.telegram.secreto"),
    ],
)
def test_settings_that_cannot_work_are_refused_at_the_start(changes: dict[str, Any], problem: str) -> None:
    with pytest.raises(ConfigError, match=problem):
        make_channel(FakeTelegram(), **changes)


TEXTS = st.text(st.characters(codec="utf-8"), max_size=300)
LABELS = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "So"]), min_size=1, max_size=60)
TOKENS = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=40)
SAYS = st.builds(
    Say,
    TEXTS.map(lambda text: text * 20),
    st.lists(st.builds(Option, TOKENS, LABELS), max_size=12).map(tuple),
    ask=st.sampled_from(["", "location", "phone"]),
    menu_label=st.just("Ver opciones"),
)


@settings(calm, max_examples=40)
@given(say=SAYS)
async def test_whatever_is_said_every_request_is_one_the_bot_api_allows(say: Say) -> None:
    async with FakeTelegram(bot_api_if_here()) as fake:
        telegram = make_channel(fake)
        sent = await telegram.send(Address("telegram", "1", str(PERSON)), say, "k1")
        await telegram.close()

    assert fake.problems == []
    assert sent.verdict is Verdict.OK


def test_every_request_and_answer_of_these_tests_is_checked_by_the_description_of_the_api(fake: FakeTelegram) -> None:
    assert fake._spec is bot_api()
    assert (len(bot_api().methods), len(bot_api().types)) == (180, 359)


def test_the_description_of_the_api_catches_what_the_library_lets_pass() -> None:
    from bot.channels.telegram.send import keyboard_of

    keyboard = keyboard_of(Piece("x", "buttons", (Option("o" * 66, "Sí"),)), WORDS)
    assert keyboard is not None
    fields = {"chat_id": "1", "text": "x", "reply_markup": keyboard.to_json()}

    assert any("66 bytes" in problem for problem in bot_api().check_request("sendMessage", fields, {}))


@pytest.mark.parametrize(
    ("method", "fields", "problem"),
    [
        ("sendMesage", {}, "no such method"),
        ("sendMessage", {"chat_id": "1"}, "text is required"),
        ("sendMessage", {"chat_id": "1", "text": "x", "colour": "red"}, "no parameter colour"),
        ("sendMessage", {"chat_id": "1", "text": "x", "disable_notification": "5"}, "not Boolean"),
        ("sendMessage", {"chat_id": "1", "text": "x" * 4097}, "4097 UTF-16 units"),
        (
            "sendMessage",
            {"chat_id": "1", "text": "x", "reply_markup": '{"inline_keyboard": [[{"a": 1}]]}'},
            "lacks text",
        ),
        ("sendDocument", {"chat_id": "1", "document": "attach://a"}, "was not uploaded"),
    ],
)
def test_the_description_of_the_api_is_read_strictly(method: str, fields: dict[str, str], problem: str) -> None:
    assert any(problem in found for found in bot_api().check_request(method, fields, {}))
