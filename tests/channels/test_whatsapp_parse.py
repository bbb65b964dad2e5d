"""Webhooks of WhatsApp: who calls, whole batches, who a person is, and what is nobody's message."""

from __future__ import annotations

import io
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import structlog

from bot.channels.base import Inbound, Moved, Receipt, Stopped
from bot.channels.whatsapp.channel import WhatsAppChannel
from bot.channels.whatsapp.notes import Note
from bot.channels.whatsapp.parse import Reading, read
from bot.channels.whatsapp.signature import SIGNATURE_HEADER, sign
from bot.kernel.errors import BadSignature
from tests.channels.case_whatsapp import OLD_SECRET, SECRET, VERIFY, make_channel, signed
from tests.support.fake_whatsapp import NUMBER_ID, PERSON, PHONE, FakeWhatsApp, message, value, webhook
from tests.support.rows import every_row

NOW = datetime(2026, 3, 18, 15, 30, tzinfo=UTC)
OTHER = "573009998877"


@pytest.fixture
def fake() -> FakeWhatsApp:
    return FakeWhatsApp()


@pytest.fixture
async def whatsapp(fake: FakeWhatsApp) -> AsyncIterator[WhatsAppChannel]:
    channel = make_channel(fake)
    yield channel
    await channel.close()


def reading(*values: dict[str, Any], field: str = "messages") -> Reading:
    return read(webhook(*values, field=field), account=NUMBER_ID, now=NOW)


def one(kind: str, content: object, **more: Any) -> Inbound:
    (event,) = reading(value(message(kind, content, **more))).events
    assert isinstance(event, Inbound)
    return event


def nothing_but(concern: str, what: str, found: Reading) -> None:
    assert found.events == ()
    assert [(note.concern, note.what) for note in found.notes] == [(concern, what)]


# Who calls


@pytest.mark.parametrize("secret", [SECRET, OLD_SECRET])
def test_while_the_secret_is_changed_the_old_one_and_the_new_one_hold(whatsapp: WhatsAppChannel, secret: str) -> None:
    payload = signed(webhook(value(message("text", {"body": "hola"}))), secret)

    assert len(whatsapp.parse(payload.body, payload.headers)) == 1


def test_the_signature_is_of_the_bytes_as_they_came(whatsapp: WhatsAppChannel) -> None:
    payload = signed(webhook(value(message("text", {"body": "aquí"}))))
    same = json.dumps(json.loads(payload.body)).encode()

    with pytest.raises(BadSignature):
        whatsapp.parse(same, payload.headers)


@pytest.mark.parametrize("given", ["", "sha256=", "sha1=abc", "sha256=ñ", sign(b"x", "otra-clave"), sign(b"x", "")])
async def test_another_signature_is_refused(whatsapp: WhatsAppChannel, given: str) -> None:
    with pytest.raises(BadSignature):
        whatsapp.parse(b"x", {SIGNATURE_HEADER: given})


def test_the_handshake_gives_the_challenge_back(whatsapp: WhatsAppChannel) -> None:
    query = {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": VERIFY}

    assert whatsapp.greet(query) == "1158201444"
    assert [(path, method) for path, method, _ in whatsapp.webhook_routes()] == [("", "GET"), ("", "POST")]


@pytest.mark.parametrize(
    "change",
    [
        {"hub.verify_token": "otra"},
        {"hub.verify_token": ""},
        {"hub.mode": "unsubscribe"},
        {"hub.challenge": ""},
        {"hub.challenge": "<script>"},
    ],
)
def test_a_handshake_that_was_not_agreed_is_refused(whatsapp: WhatsAppChannel, change: dict[str, str]) -> None:
    query = {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": VERIFY}

    with pytest.raises(BadSignature) as refused:
        whatsapp.greet(query | change)
    # As Meta's own examples answer; a signature that is missing is 401.
    assert refused.value.status == 403


# Whole batches


def test_every_entry_change_message_and_status_of_a_batch_is_read() -> None:
    texts = [message("text", {"body": str(number)}, number=number) for number in range(6)]
    status = {"id": "wamid.sale", "status": "read", "timestamp": "1773848000"}
    document = webhook(value(*texts[:2], statuses=[status, status]), value(*texts[2:3]))
    document["entry"][1]["changes"].append({"field": "messages", "value": value(*texts[3:])})
    found = read(document, account=NUMBER_ID, now=NOW).events

    assert [event.text for event in found if isinstance(event, Inbound)] == ["0", "1", "2", "3", "4", "5"]
    assert len([event for event in found if isinstance(event, Receipt)]) == 2


def test_a_thousand_messages_in_one_request_are_a_thousand_events() -> None:
    texts = [message("text", {"body": str(number)}, number=number) for number in range(1_000)]

    assert len({event.key for event in reading(value(*texts)).events if isinstance(event, Inbound)}) == 1_000


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"type": "text"},
        {"type": ["text"], "id": "x", "from": PHONE},
        {"type": {}, "id": {}, "from": []},
        {"type": "text", "id": "x", "from": "<script>"},
    ],
)
def test_a_broken_message_does_not_hold_up_the_others_of_its_batch(broken: dict[str, Any]) -> None:
    good = message("text", {"body": "hola"})
    change = value(broken, good) | {"contacts": "nadie"}

    assert good["id"] in [event.key for event in reading(change).events if isinstance(event, Inbound)]


@every_row(
    ("kind", "content"),
    [
        ("text", None),
        ("text", {"body": 7}),
        ("text", {"body": "  "}),
        ("location", {"latitude": "norte", "longitude": 1}),
        ("location", {"latitude": 91, "longitude": 1}),
        ("location", {"latitude": "nan", "longitude": 1}),
        ("location", {"latitude": True, "longitude": 1}),
        ("image", {"mime_type": "image/jpeg"}),
        ("interactive", {"type": "algo_nuevo"}),
        ("interactive", {"type": "nfm_reply", "nfm_reply": {"response_json": "{"}}),
        ("contacts", [{"phones": [{}]}, 7]),
        ("algo_nuevo", {}),
    ],
)
def test_what_cannot_be_read_is_told_so_to_the_person(kind: str, content: object) -> None:
    event = one(kind, content)

    assert (event.kind, event.address.user) == ("unsupported", PERSON)


@pytest.mark.parametrize("timestamp", [None, "", "ayer", "-5", True, "9" * 40, {}])
def test_a_message_without_a_good_moment_is_dated_now(timestamp: object) -> None:
    assert one("text", {"body": "hola"}, timestamp=timestamp).sent_at == NOW


# Who a person is


def test_a_person_is_the_scoped_id_and_the_phone_is_an_attribute() -> None:
    address = one("text", {"body": "hola"}).address

    assert (address.user, address.phone, address.name) == (PERSON, f"+{PHONE}", "Persona de Prueba")


def test_a_person_without_a_visible_phone_is_still_known() -> None:
    hidden = {key: kept for key, kept in message("text", {"body": "hola"}).items() if key != "from"}
    contact = {"profile": {"name": "Persona", "username": "persona"}, "user_id": PERSON}
    for sent in (hidden, {key: kept for key, kept in hidden.items() if key != "from_user_id"}):
        (event,) = reading(value(sent) | {"contacts": [contact]}).events
        assert isinstance(event, Inbound)
        assert (event.address.user, event.address.phone) == (PERSON, None)


def test_the_name_and_id_of_another_contact_are_never_lent() -> None:
    stranger = message("text", {"body": "hola"}) | {"from": OTHER}
    del stranger["from_user_id"]
    (event,) = reading(value(stranger)).events

    assert isinstance(event, Inbound)
    assert (event.address.user, event.address.name) == (OTHER, None)


def test_whoever_changed_their_number_goes_on_under_the_new_one() -> None:
    said = {"type": "user_changed_number", "wa_id": OTHER, "body": f"changed from {PHONE} to {OTHER}"}
    (moved,) = reading(value(message("system", said))).events

    assert isinstance(moved, Moved)
    assert (moved.was.user, moved.was.phone) == (PERSON, f"+{PHONE}")
    assert (moved.now.user, moved.now.phone) == (OTHER, f"+{OTHER}")


def test_a_scoped_id_changes_together_with_the_number_or_alone() -> None:
    both = {"type": "user_changed_number", "wa_id": OTHER, "user_id": "CO.777", "previous_user_id": "CO.666"}
    alone = message("system", {"type": "user_changed_user_id", "user_id": "CO.777", "previous_user_id": "CO.666"})
    del alone["from"], alone["from_user_id"]
    by_field = {"user_id_update": [{"user_id": {"previous": "CO.666", "current": "CO.777"}, "wa_id": OTHER}]}
    found = [
        *reading(value(message("system", both)), value(alone)).events,
        *reading(value(**by_field), field="user_id_update").events,
    ]

    assert [(one.was.user, one.now.user) for one in found if isinstance(one, Moved)] == [("CO.666", "CO.777")] * 3
    assert [one.now.phone for one in found if isinstance(one, Moved)] == [f"+{OTHER}", None, f"+{OTHER}"]


def test_a_change_of_number_that_does_not_say_where_to_ends_the_old_one() -> None:
    event = one("system", {"type": "user_changed_number", "body": "changed"})

    assert (event.kind, event.address.user) == ("opted_out", PERSON)


def test_no_more_advertising_is_a_wish_of_its_person_and_to_resume_is_no_consent() -> None:
    wishes = [
        {"wa_id": PHONE, "category": "marketing_messages", "value": wish, "timestamp": 1750955621}
        for wish in ("stop", "resume")
    ]
    (stopped,) = reading(value(user_preferences=wishes), field="user_preferences").events

    assert isinstance(stopped, Stopped)
    assert stopped.address.user == PERSON


# What is nobody's message


def test_a_webhook_for_another_number_is_ignored_with_its_reason() -> None:
    found = reading(value(message("text", {"body": "hola"}), number_id="999999999999"))

    nothing_but("ignored", "other_number", found)


@pytest.mark.parametrize(
    ("kind", "content", "what"),
    [
        ("reaction", {"message_id": "wamid.x", "emoji": "👍"}, "reaction"),
        ("revoke", {}, "revoked"),
        (
            "edit",
            {"original_message_id": "wamid.x", "message": {"type": "image", "image": {"id": "1"}}},
            "edit_without_words",
        ),
    ],
)
def test_fingers_that_want_no_answer_are_noted(kind: str, content: object, what: str) -> None:
    nothing_but("ignored", what, reading(value(message(kind, content))))


def test_a_message_of_a_group_is_ignored() -> None:
    nothing_but("ignored", "group", reading(value(message("text", {"body": "hola"}, group_id="Y2Fw"))))


def test_an_edited_text_is_read_with_what_it_replaces() -> None:
    changed = {"original_message_id": "wamid.antes", "message": {"type": "text", "text": {"body": "sin agua"}}}
    event = one("edit", changed)

    assert (event.kind, event.text, event.reply_to) == ("edited", "sin agua", "wamid.antes")


def test_a_deleted_message_names_what_it_takes_back() -> None:
    event = one("revoke", {"original_message_id": "wamid.antes"})

    assert (event.kind, event.text, event.reply_to) == ("deleted", "", "wamid.antes")


def test_a_refusal_after_acceptance_that_concerns_the_account_is_told_to_staff() -> None:
    failed = {"id": "wamid.x", "status": "failed", "timestamp": "1773848000", "errors": [{"code": 131042}]}
    found = reading(value(statuses=[failed]))

    assert [(note.concern, note.what, dict(note.detail)) for note in found.notes] == [
        ("account", "refused", {"code": "131042"})
    ]
    assert isinstance(found.events[0], Receipt)


def test_a_template_and_the_account_are_kept_apart() -> None:
    template = {"event": "PAUSED", "message_template_name": "corte_programado", "message_template_language": "es"}
    found = reading(template, field="message_template_status_update")

    assert found.notes == (
        Note(
            "template",
            "message_template_status_update",
            {"event": "PAUSED", "template": "corte_programado", "language": "es"},
        ),
    )
    nothing_but("account", "account_update", reading({"event": "ACCOUNT_VIOLATION"}, field="account_update"))
    nothing_but("ignored", "algo_nuevo", reading({}, field="algo_nuevo"))


def test_what_is_noted_reaches_the_log_without_anything_about_people(whatsapp: WhatsAppChannel) -> None:
    preference = {"user_preferences": [{"wa_id": PHONE, "detail": "stop", "value": "otro"}]}
    said = webhook(value(**preference), field="user_preferences")
    written = io.StringIO()
    structlog.configure(logger_factory=structlog.WriteLoggerFactory(file=written), cache_logger_on_first_use=False)
    try:
        payload = signed(said)
        assert whatsapp.parse(payload.body, payload.headers) == ()
    finally:
        structlog.reset_defaults()

    assert "user_preferences" in written.getvalue()
    assert PHONE not in written.getvalue()


def test_templates_of_another_account_of_the_same_application_say_nothing_of_ours() -> None:
    said = {"event": "REJECTED", "message_template_name": "corte_1", "message_template_language": "es"}
    document = webhook(said, field="message_template_status_update")
    for owner, many in (("waba", 1), ("", 1), ("102290129340398", 0)):
        found = read(document, account=NUMBER_ID, now=NOW, owner=owner)
        assert len(found.events) == many
        assert [note.concern for note in found.notes] == ["template" if many else "ignored"]


# Receipts


def test_a_receipt_names_our_message_its_price_and_its_error() -> None:
    status = {
        "id": "wamid.sale",
        "status": "failed",
        "timestamp": "1773848000",
        "biz_opaque_callback_data": "salida-7",
        "pricing": {"billable": True, "category": "service"},
        "errors": [{"code": 131026}],
    }
    (receipt,) = reading(value(statuses=[status])).events

    assert isinstance(receipt, Receipt)
    assert (receipt.ref, receipt.our_key, receipt.state, receipt.code) == ("wamid.sale", "salida-7", "failed", 131026)
    assert receipt.price == {"billable": True, "category": "service"}


@pytest.mark.parametrize("status", [{"status": "sent"}, {"id": "w", "status": "nuevo"}, {"id": "w", "status": []}])
def test_a_status_that_says_nothing_is_noted(status: dict[str, Any]) -> None:
    found = reading(value(statuses=[status]))

    assert found.events == ()
    assert [note.concern for note in found.notes] == ["ignored"]


# Courtesies


async def test_people_see_that_they_were_read_and_old_messages_are_left_alone(
    whatsapp: WhatsAppChannel, fake: FakeWhatsApp
) -> None:
    fresh = str(int((datetime.now(UTC) - timedelta(seconds=5)).timestamp()))
    texts = [
        message("text", {"body": "ahora"}, number=1, timestamp=fresh),
        message("text", {"body": "hace días"}, number=2),
    ]
    payload = signed(webhook(value(*texts)))
    whatsapp.parse(payload.body, payload.headers)
    await whatsapp.pay_courtesies()

    assert [(body["message_id"], body["typing_indicator"]) for body in fake.read] == [
        ("wamid.entra1", {"type": "text"})
    ]
