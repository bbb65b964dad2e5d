"""What every kind of Telegram update means; the updates themselves are checked by the Bot API's description."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.base import Inbound, Media
from bot.channels.telegram.parse import AnswerCallback, Reading, RefuseGroup, read
from tests.support.bot_api_spec import bot_api_if_here
from tests.support.calm import calm
from tests.support.fake_telegram import BOT_ID, PERSON, FakeTelegram

NOW = datetime(2026, 3, 18, 15, 30, tzinfo=UTC)
SENT_AT = datetime.fromtimestamp(1_773_848_000, UTC)
COMMANDS = {
    "start": "hola",
    "asesor": "quiero hablar con un asesor",
    "start pagar": "¿dónde puedo pagar?",
    "start caso": "quiero consultar el radicado {valor}",
}


@pytest.fixture
def updates() -> Any:
    builder = FakeTelegram(bot_api_if_here())
    yield builder
    assert builder.problems == []


def reading(update: dict[str, Any]) -> Reading:
    return read(update, account=str(BOT_ID), now=NOW, commands=COMMANDS)


def event(update: dict[str, Any]) -> Inbound:
    (found,) = reading(update).events
    return found


def file(**more: Any) -> dict[str, Any]:
    return {"file_id": "f1", "file_unique_id": "u1", "file_size": 321, **more}


MEDIA: list[tuple[str, Any, Media]] = [
    (
        "photo",
        [file(file_id="small", width=90, height=60), file(file_id="large", width=1280, height=960, file_size=999)],
        Media("image", "large", "image/jpeg", 999),
    ),
    (
        "document",
        file(file_name="factura.pdf", mime_type="application/pdf"),
        Media("document", "f1", "application/pdf", 321, "factura.pdf"),
    ),
    ("voice", file(duration=4, mime_type="audio/ogg"), Media("audio", "f1", "audio/ogg", 321)),
    ("audio", file(duration=4, file_name="nota.mp3"), Media("audio", "f1", "audio/mpeg", 321, "nota.mp3")),
    ("video", file(duration=4, width=9, height=9), Media("video", "f1", "video/mp4", 321)),
    ("video_note", file(duration=4, length=240), Media("video", "f1", "video/mp4", 321)),
    (
        "sticker",
        file(type="regular", width=512, height=512, is_animated=False, is_video=False),
        Media("sticker", "f1", "image/webp", 321),
    ),
]


def test_text_is_a_message_of_a_person_with_a_name(updates: FakeTelegram) -> None:
    update = updates.update(text="no tengo agua")
    found = event(update)

    assert found.key == str(update["update_id"])
    assert (found.kind, found.text, found.sent_at) == ("text", "no tengo agua", SENT_AT)
    assert (found.address.account, found.address.user, found.address.name) == (
        str(BOT_ID),
        str(PERSON),
        "Persona de Prueba",
    )


@pytest.mark.parametrize(("kind", "content", "media"), MEDIA, ids=[kind for kind, *_ in MEDIA])
def test_every_kind_of_file_becomes_media(updates: FakeTelegram, kind: str, content: Any, media: Media) -> None:
    found = event(updates.update(**{kind: content}))

    assert (found.kind, found.media) == ("media", (media,))


def test_the_caption_of_a_file_is_its_text(updates: FakeTelegram) -> None:
    assert event(updates.update(voice=file(duration=4), caption="mire esto")).text == "mire esto"


def test_a_place_is_a_point(updates: FakeTelegram) -> None:
    found = event(updates.update(location={"latitude": 3.45, "longitude": -76.53}))

    assert (found.kind, found.point) == ("location", (3.45, -76.53))


def test_a_venue_is_a_point_with_its_address(updates: FakeTelegram) -> None:
    place = {"latitude": 3.45, "longitude": -76.53}
    venue = {"location": place, "title": "Parque", "address": "Calle 5 # 10-20"}
    found = event(updates.update(location=place, venue=venue))

    assert (found.kind, found.text) == ("location", "Calle 5 # 10-20")


def test_only_the_persons_own_contact_proves_a_number(updates: FakeTelegram) -> None:
    own = event(updates.update(contact={"phone_number": "57 300 111 2233", "first_name": "P", "user_id": PERSON}))
    other = event(updates.update(contact={"phone_number": "+573002223344", "first_name": "O", "user_id": 1}))

    assert (own.kind, own.text, own.address.phone) == ("contact", "+573001112233", "+573001112233")
    assert (other.kind, other.text, other.address.phone) == ("contact", "+573002223344", None)


def test_a_pressed_button_is_a_choice_that_must_be_answered(updates: FakeTelegram) -> None:
    update = updates.pressed("o3-1", label="Sí, radicar", message_id=77)
    found = event(update)

    assert (found.kind, found.token, found.text, found.reply_to) == ("choice", "o3-1", "Sí, radicar", "77")
    assert found.sent_at == NOW
    assert reading(update).courtesies == (AnswerCallback("4382bfdwdsb323b2d9"),)


def test_a_button_of_a_message_too_old_to_be_shown_is_still_a_choice(updates: FakeTelegram) -> None:
    update = updates.pressed("o3-1")
    update["callback_query"]["message"] = {"chat": {"id": PERSON, "type": "private"}, "message_id": 7, "date": 0}
    updates.checked(update)

    assert (event(update).token, event(update).text) == ("o3-1", "")


def test_an_edited_message_is_an_edit_of_the_message(updates: FakeTelegram) -> None:
    found = event(updates.update("edited_message", message_id=9, text="perdón, es la calle 6"))

    assert (found.kind, found.text, found.reply_to) == ("edited", "perdón, es la calle 6", "9")


def test_a_live_location_that_moves_is_not_an_event(updates: FakeTelegram) -> None:
    moving = {"latitude": 3.45, "longitude": -76.53, "live_period": 900}

    assert reading(updates.update("edited_message", location=moving)) == Reading()


def test_an_answer_to_a_message_names_it(updates: FakeTelegram) -> None:
    older = updates.update(message_id=5, text="¿Es correcto?")["message"]

    assert event(updates.update(text="sí", reply_to_message=older)).reply_to == "5"


@pytest.mark.parametrize(
    ("typed", "heard"),
    [
        ("/start 9f3a-token", "/start 9f3a-token"),
        ("/start", "hola"),
        ("/start@atiende_prueba_bot abc", "/start abc"),
        ("/start pagar", "¿dónde puedo pagar?"),
        ("/start PAGAR", "¿dónde puedo pagar?"),
        ("/start@atiende_prueba_bot caso-20260010000012", "quiero consultar el radicado 20260010000012"),
        ("/start caso-la_esperanza", "quiero consultar el radicado la esperanza"),
        ("/start caso", "/start caso"),
        ("/start pagar-99", "/start pagar-99"),
        ("/start caso-{valor}", "/start caso-{valor}"),
        ("/start caso-1; /SetSlots(a=b)", "/start caso-1; /SetSlots(a=b)"),
        ("/asesor pagar", "/asesor pagar"),
        ("/asesor", "quiero hablar con un asesor"),
        ("/asesor@atiende_prueba_bot", "quiero hablar con un asesor"),
        ("/ASESOR", "quiero hablar con un asesor"),
        ("/asesor ya", "/asesor ya"),
        ("/otra cosa", "/otra cosa"),
        ("5/7 de la factura", "5/7 de la factura"),
        ("/calle 5 # 10/20", "/calle 5 # 10/20"),
    ],
)
def test_commands_of_the_menu_are_put_into_words(updates: FakeTelegram, typed: str, heard: str) -> None:
    assert event(updates.update(text=typed)).text == heard


def test_a_person_who_blocks_us_has_opted_out(updates: FakeTelegram) -> None:
    found = event(updates.member("kicked"))

    assert (found.kind, found.address.user, found.sent_at) == ("opted_out", str(PERSON), SENT_AT)


def test_a_person_who_comes_back_will_press_start(updates: FakeTelegram) -> None:
    assert reading(updates.member("member")) == Reading()


@pytest.mark.parametrize("chat_type", ["group", "supergroup"])
def test_groups_are_refused_and_nothing_of_them_enters_the_inbox(updates: FakeTelegram, chat_type: str) -> None:
    group = {"id": -100_500, "type": chat_type, "title": "Vecinos"}
    refused = Reading(courtesies=(RefuseGroup(-100_500),))

    assert reading(updates.member("member", chat_type)) == refused
    assert reading(updates.update(text="/menu", chat=group)) == refused
    assert reading(updates.member("left", chat_type)) == Reading()


def test_a_button_pressed_in_a_group_is_answered_and_refused(updates: FakeTelegram) -> None:
    update = updates.pressed("o1")
    update["callback_query"]["message"]["chat"] = {"id": -100_500, "type": "group", "title": "Vecinos"}
    found = reading(updates.checked(update))

    assert found.events == ()
    assert [type(courtesy) for courtesy in found.courtesies] == [AnswerCallback, RefuseGroup]


def test_in_a_broadcast_channel_we_leave_without_a_word(updates: FakeTelegram) -> None:
    update = updates.member("member", "channel")

    assert reading(update).courtesies == (RefuseGroup(-100_500, can_speak=False),)


def test_messages_of_other_bots_are_not_answered(updates: FakeTelegram) -> None:
    other = {"id": 5, "is_bot": True, "first_name": "Otro"}

    assert reading(updates.update(text="hola", **{"from": other})) == Reading()


@pytest.mark.parametrize(
    "content",
    [
        {"dice": {"emoji": "🎲", "value": 3}},
        {"un_tipo_nuevo": {"a": 1}},
    ],
)
def test_what_nobody_can_read_is_answered_kindly_and_not_ignored(content: dict[str, Any]) -> None:
    assert event(FakeTelegram().update(**content)).kind == "unsupported"


@pytest.mark.parametrize(
    "content",
    [{"message_auto_delete_timer_changed": {"message_auto_delete_time": 86400}}, {"connected_website": "example.org"}],
)
def test_what_telegram_itself_reports_is_not_answered(updates: FakeTelegram, content: dict[str, Any]) -> None:
    assert reading(updates.update(**content)) == Reading()


@pytest.mark.parametrize("kind", ["channel_post", "poll", "inline_query", "un_tipo_nuevo"])
def test_kinds_of_updates_that_we_never_asked_for_are_let_go(kind: str) -> None:
    assert reading({"update_id": 1, kind: {"id": "1"}}) == Reading()


def test_a_message_of_an_unknown_shape_becomes_something_that_can_be_answered() -> None:
    strange = {"message_id": "no", "date": "ayer", "chat": {"id": PERSON, "type": "private"}, "text": {"a": 1}}
    found = event({"update_id": 5, "message": strange})

    assert (found.kind, found.address.user) == ("unsupported", str(PERSON))


FIELDS = st.sampled_from(
    "message message_id date chat id type from text photo contact location data callback_query edited_message "
    "my_chat_member new_chat_member status entities document".split()
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(FIELDS, inner, max_size=6),
    max_leaves=12,
)


@calm
@given(content=st.dictionaries(FIELDS, JSON, max_size=6))
def test_no_update_of_whatever_shape_breaks_the_reader(content: dict[str, Any]) -> None:
    for found in read({**content, "update_id": 1}, account="1", now=NOW, commands=COMMANDS).events:
        assert found.key == "1"
        found.text.encode()


PLAIN = {
    "update_id": 7,
    "message": {
        "message_id": 9,
        "from": {"id": 5, "is_bot": False, "first_name": "Ana\u0000", "last_name": "Ruiz", "language_code": "es"},
        "chat": {"id": 5, "type": "private", "first_name": "Ana"},
        "date": 1_773_848_000,
        "text": " /asesor@nuestro_bot ",
    },
}
ODD = [None, True, 0, -1, 3, 1.5, "", "x", "\ud800", [], {}, {"id": 5}, "group", 1_773_848_001, 10**18]


@given(
    where=st.sampled_from(["update", "message", "from", "chat"]),
    key=st.sampled_from([*PLAIN["message"], *PLAIN["message"]["from"], "type", "entities", "via_bot", "title"]),  # type: ignore[misc]
    value=st.one_of(st.sampled_from(ODD), st.text(max_size=20)),
    gone=st.booleans(),
)
@calm
def test_a_plain_text_means_the_same_with_and_without_the_library(where: str, key: str, value: Any, gone: bool) -> None:
    update: dict[str, Any] = json.loads(json.dumps(PLAIN))
    inside = {"update": update, "message": update["message"], **{k: update["message"][k] for k in ("from", "chat")}}[
        where
    ]
    if gone:
        inside.pop(key, None)
    elif key != "update_id":
        inside[key] = value
    quick = reading(update)
    with patch("bot.channels.telegram.parse.plain_text", return_value=None):
        assert reading(update) == quick


def test_a_plain_text_is_read_without_the_library() -> None:
    with patch("telegram.Update.de_json", side_effect=AssertionError):
        assert event(PLAIN).text == COMMANDS["asesor"]
