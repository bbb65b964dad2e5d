"""One contract for every channel of the registry; a new channel without its case or its checklist is a red test."""

from __future__ import annotations

import io
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

import pytest
import structlog

from bot.channels.base import Inbound, Media, Option, Say, Verdict
from bot.channels.registry import CHANNELS
from bot.kernel.clock import FrozenClock
from bot.kernel.errors import BadSignature, InboundRefused
from bot.outbox.sender import account_of
from storage.db import Database
from tests.channels.contract import DEMANDS, PDF, ChannelCase, Payload, is_done, quality
from tests.support.databases import Databases
from tests.turn.house import open_house

Test = TypeVar("Test", bound=Callable[..., Any])

TWO = (Option("o1-1", "Sí, radicar"), Option("o1-2", "No, corregir"))
MANY = tuple(Option(f"o2-{number}", f"Barrio número {number}", "sector norte") for number in range(1, 15))


@pytest.fixture
def database_url(databases: Databases) -> Iterator[str]:
    """Yield one kind of database: the contract is of channels."""
    with databases.url("sqlite") as url:
        yield url


@pytest.fixture
async def case(request: pytest.FixtureRequest) -> AsyncIterator[ChannelCase]:
    module = import_module(f"tests.channels.case_{request.param}")
    opened: ChannelCase = module.Case()
    async with opened:
        yield opened


def demanded(name: str) -> Callable[[Test], Test]:
    """Run a test for every channel whose checklist says that it meets the demand ``name``; none leaves no test."""
    channels = [channel for channel in sorted(CHANNELS) if is_done(channel, name)]

    def mark(test: Test) -> Test:
        test.__test__ = bool(channels)  # type: ignore[attr-defined]
        return pytest.mark.parametrize("case", channels, indirect=True)(test)

    return mark


def events(case: ChannelCase, payload: Payload) -> list[Inbound]:
    found = list(case.channel.parse(payload.body, payload.headers))
    assert all(isinstance(event, Inbound) for event in found)
    return [event for event in found if isinstance(event, Inbound)]


def only(case: ChannelCase, payload: Payload) -> Inbound:
    (event,) = events(case, payload)
    return event


def words(bubbles: Any) -> str:
    return "\n".join(bubble.text for bubble in bubbles)


@pytest.mark.parametrize("name", sorted(CHANNELS))
def test_every_channel_answers_every_demand_with_done_or_a_reason(name: str) -> None:
    checklist = quality(name)

    assert set(checklist) == set(DEMANDS)
    for answer in checklist.values():
        assert answer == "done" or len(answer["exempt"]) > 10


@pytest.mark.parametrize("case", sorted(CHANNELS), indirect=True)
async def test_a_channel_that_pushes_says_which_account_is_ours(case: ChannelCase) -> None:
    if not case.channel.caps.pull:
        assert account_of(case.channel) == case.to.account


@demanded("text")
async def test_text_comes_in_with_who_when_and_a_key(case: ChannelCase) -> None:
    event = only(case, case.text("Hola, ¿cómo están? 👋🏽"))

    assert (event.kind, event.text) == ("text", "Hola, ¿cómo están? 👋🏽")
    assert event.address.key == case.to.key
    assert event.key
    assert event.sent_at.tzinfo is not None


@demanded("text")
async def test_text_goes_out_as_it_is_even_when_it_looks_like_markup(case: ChannelCase) -> None:
    said = "Su caso <b>no</b> & [bold]nada[/bold] *más* ☎"
    sent, bubbles = await case.show(Say(said), "k1")

    assert sent.verdict is Verdict.OK
    assert said in words(bubbles)


@demanded("text")
async def test_control_characters_and_broken_emoji_can_be_stored(case: ChannelCase) -> None:
    payload = case.text("hola")
    broken = Payload(payload.body.replace(b"hola", rb"ho\u0000la \ud83d"), payload.headers)
    event = only(case, broken)

    assert "\x00" not in event.text
    event.text.encode()


@demanded("buttons")
async def test_options_are_shown_as_what_the_channel_can_press_or_number(case: ChannelCase) -> None:
    _, bubbles = await case.show(Say("¿Es correcto?", TWO), "k1")

    assert bubbles[-1].options == ("Sí, radicar", "No, corregir")


@demanded("pressed")
async def test_a_pressed_option_brings_its_token(case: ChannelCase) -> None:
    event = only(case, case.choice("o1-2"))

    assert (event.kind, event.token) == ("choice", "o1-2")


@demanded("stale_button")
async def test_a_button_of_an_old_menu_is_answered_kindly_with_todays(
    case: ChannelCase, database: Database, clock: FrozenClock, tmp_path: Path
) -> None:
    menu, pressed = only(case, case.text("/menu", number=5)), only(case, case.choice("o0-9"))
    async with open_house(database, clock, tmp_path) as services:
        for event in (menu, pressed):
            ((inbox_id, _),) = await services.inbox.accept([event])
            assert await services.lanes.settled(inbox_id, 10)
        said = [row.payload for row in await services.database.read(lambda uow: uow.outbox.of_inbox(inbox_id))]

    assert said[0]["response"] == "patrones.opcion_vieja"
    assert [option["label"] for option in said[-1]["options"]]


@demanded("whole_labels")
async def test_no_label_and_no_hint_is_ever_cut(case: ChannelCase) -> None:
    cut = []
    for length in (1, 20, 21, 24, 25, 40, 41, 60, 61, 120):
        for hint in (0, 72, 73):
            labels = tuple(f"{number}{'ñ' * (length - 1)}" for number in range(1, 4))
            options = tuple(Option(f"o1-{label[0]}", label, "h" * hint) for label in labels)
            sent, bubbles = await case.show(Say("Elija", options), f"k{length}-{hint}")
            shown = words(bubbles) + "".join(option for bubble in bubbles for option in bubble.options)
            if sent.verdict is not Verdict.OK or not all(label in shown for label in labels):
                cut.append((length, hint, shown[:200]))
    assert cut == []


@demanded("long_list")
async def test_a_long_list_shows_every_option_with_its_hint(case: ChannelCase) -> None:
    _, bubbles = await case.show(Say("Elija su barrio", MANY), "k1")

    shown = words(bubbles) + "\n".join(option for bubble in bubbles for option in bubble.options)
    assert all(option.label in shown for option in MANY)
    if case.channel.name == "telegram":
        assert "sector norte" in shown


@demanded("long_text")
async def test_long_text_arrives_whole_and_the_options_ride_on_its_last_part(case: ChannelCase) -> None:
    paragraph = "Todas las personas tienen derecho a presentar peticiones respetuosas. " * 8
    text = "\n\n".join(f"{number}. {paragraph}".strip() for number in range(12))
    _, bubbles = await case.show(Say(text, TWO), "k1")

    assert [bubble.options for bubble in bubbles[:-1]] == [()] * (len(bubbles) - 1)
    assert bubbles[-1].options
    assert all(f"{number}. Todas" in words(bubbles) for number in range(12))
    assert all(len(bubble.text) <= case.channel.caps.text for bubble in bubbles)


@demanded("media_in")
async def test_a_file_that_comes_in_can_be_fetched(case: ChannelCase) -> None:
    event = only(case, case.media())

    assert event.kind == "media"
    (media,) = event.media
    assert (media.kind, media.mime) == ("document", "application/pdf")
    assert media.size in {len(PDF), None}  # WhatsApp tells the size only when the file is fetched
    assert await case.media_bytes(media.ref) == PDF


@demanded("media_out")
async def test_a_file_goes_out_before_the_words(case: ChannelCase) -> None:
    say = Say(
        "Esta es su constancia.", media=(Media("document", "constancia:7", "application/pdf", name="constancia.pdf"),)
    )
    sent, bubbles = await case.show(say, "k1")

    assert sent.verdict is Verdict.OK
    assert bubbles[0].file == "constancia.pdf"
    assert "Esta es su constancia." in bubbles[-1].text


@demanded("location_in")
async def test_a_place_comes_in_as_latitude_and_longitude(case: ChannelCase) -> None:
    event = only(case, case.location(3.4516, -76.532))

    assert event.kind == "location"
    assert event.point == pytest.approx((3.4516, -76.532))


@demanded("location_ask")
async def test_a_place_can_be_asked_for(case: ChannelCase) -> None:
    _, bubbles = await case.show(Say("¿Dónde es el daño?", ask="location"), "k1")

    assert bubbles[-1].asks == "location"


@demanded("duplicate")
async def test_a_message_delivered_again_has_the_same_key_and_another_one_has_not(case: ChannelCase) -> None:
    first, again, other = (only(case, case.text("sí", number=number)) for number in (1, 1, 2))

    assert first.key == again.key != other.key


@demanded("batch")
async def test_every_message_of_a_batch_is_an_event(case: ChannelCase) -> None:
    found = await case.batch(["uno", "dos", "tres"])

    assert [event.text for event in found if isinstance(event, Inbound)] == ["uno", "dos", "tres"]


@demanded("out_of_order")
async def test_what_arrives_in_another_order_is_worked_in_the_order_in_which_it_was_sent(
    case: ChannelCase, database: Database, clock: FrozenClock, tmp_path: Path
) -> None:
    events = [only(case, case.sent_later(f"/oficinas_horarios {seconds}", seconds)) for seconds in (2, 3, 1)]
    async with open_house(database, clock, tmp_path) as services:
        ids = [inbox_id for inbox_id, _ in await services.inbox.accept(events)]
        await services.lanes.idle()
        rows = await services.database.read(lambda uow: [uow.inbox.get(inbox_id) for inbox_id in ids])

    worked = sorted((row for row in rows if row is not None), key=lambda row: row.seq or 0)
    assert [row.payload["text"][-1] for row in worked] == ["1", "2", "3"]


@demanded("late")
async def test_a_late_message_is_dated_when_it_was_sent(case: ChannelCase) -> None:
    assert only(case, case.text("hola")).sent_at < datetime.now(UTC) - timedelta(days=1)


@demanded("signature")
async def test_a_request_that_does_not_prove_its_sender_is_refused(case: ChannelCase) -> None:
    payload = case.unsigned()

    for headers in (payload.headers, {}):
        with pytest.raises(BadSignature) as refused:
            list(case.channel.parse(payload.body, headers))
        assert refused.value.status == 401


@demanded("malformed")
async def test_what_is_no_message_is_refused_with_a_status_and_never_a_crash(case: ChannelCase) -> None:
    for payload in case.malformed():
        with pytest.raises(InboundRefused) as refused:
            list(case.channel.parse(payload.body, payload.headers))
        assert 400 <= refused.value.status < 500


@demanded("too_large")
async def test_what_is_too_large_is_refused(case: ChannelCase) -> None:
    payload = case.too_large()
    with pytest.raises(InboundRefused):
        list(case.channel.parse(payload.body, payload.headers))


@demanded("slow_down")
async def test_a_provider_that_asks_for_patience_is_understood(case: ChannelCase) -> None:
    case.trouble("slow_down")
    sent, bubbles = await case.show(Say("hola"), "k1")

    assert (sent.verdict, sent.retry_after_s) == (Verdict.RETRY, 7)
    assert bubbles == []


@demanded("provider_error")
async def test_an_error_of_the_provider_is_worth_another_try(case: ChannelCase) -> None:
    case.trouble("provider_error")

    assert (await case.show(Say("hola"), "k1"))[0].verdict is Verdict.RETRY
    assert (await case.show(Say("hola"), "k1"))[0].verdict is Verdict.OK


@demanded("timeout_after_acceptance")
async def test_a_stall_after_the_provider_accepted_is_unknown(case: ChannelCase) -> None:
    case.trouble("timeout_after_acceptance")

    assert (await case.channel.send(case.to, Say("hola"), "k1")).verdict is Verdict.UNKNOWN


@demanded("reset")
async def test_a_connection_that_breaks_after_the_message_left_is_unknown(case: ChannelCase) -> None:
    case.trouble("reset")

    assert (await case.channel.send(case.to, Say("hola"), "k1")).verdict is Verdict.UNKNOWN


@demanded("unreadable_answer")
async def test_an_answer_that_cannot_be_read_is_unknown(case: ChannelCase) -> None:
    case.trouble("unreadable_answer")

    assert (await case.channel.send(case.to, Say("hola"), "k1")).verdict is Verdict.UNKNOWN


@demanded("blocked")
async def test_a_person_who_blocked_us_is_told_from_an_error(case: ChannelCase) -> None:
    case.trouble("blocked")

    assert (await case.show(Say("hola"), "k1"))[0].verdict is Verdict.DEAD_ADDRESS


@demanded("halted")
async def test_a_refused_token_halts_the_account(case: ChannelCase) -> None:
    case.trouble("halted")

    assert (await case.show(Say("hola"), "k1"))[0].verdict is Verdict.HALT


@demanded("closed_window")
async def test_a_closed_window_is_told_from_an_error(case: ChannelCase) -> None:
    case.trouble("closed_window")

    assert (await case.show(Say("hola"), "k1"))[0].verdict is Verdict.CLOSED_WINDOW


@demanded("secret_in_logs")
async def test_no_secret_reaches_a_log_or_the_record_of_an_exchange(
    case: ChannelCase, caplog: pytest.LogCaptureFixture
) -> None:
    written = io.StringIO()
    structlog.configure(logger_factory=structlog.WriteLoggerFactory(file=written), cache_logger_on_first_use=False)
    exchanges = []
    try:
        with caplog.at_level(logging.DEBUG):
            for kind in ("blocked", "halted", "provider_error", "unreadable_answer", "slow_down", "reset"):
                case.trouble(kind)  # type: ignore[arg-type]
                sent, _ = await case.show(Say("hola"), f"k-{kind}")
                exchanges.append(sent.exchange + sent.code)
    finally:
        structlog.reset_defaults()

    said = caplog.text + written.getvalue() + "".join(exchanges)
    assert not any(secret in said for secret in case.secrets)


@demanded("provider_error")
async def test_silence_is_not_sent(case: ChannelCase) -> None:
    sent, bubbles = await case.show(Say(""), "k1")

    assert sent.verdict is Verdict.OK
    assert bubbles == []
