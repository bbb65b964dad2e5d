"""Telegram: who the bot is, how it is reached, and who else reads it, each in a line."""

from __future__ import annotations

import time
from functools import partial

import httpx
import pytest

from bot.channels.registry import build_channels, webhook_routes
from bot.channels.telegram.channel import webhook_path
from bot.doctor.telegram import look_at_telegram
from bot.kernel.clock import SystemClock
from bot.web.app import create_app
from bot.web.webhooks import webhooks_of
from tests.doctor.conftest import HOOK_SECRET, PUBLIC, changed, visit
from tests.support.telegram_wire import Failure
from tests.web.fakes import make_house

OURS = f"{PUBLIC}/webhooks/telegram/{webhook_path(HOOK_SECRET)}"


@pytest.fixture
def settings(settings, bot_api):
    return changed(settings, telegram={"url": bot_api.url})


@pytest.fixture
def polling(settings):
    return changed(settings, telegram={"modo": "sondeo"})


@pytest.fixture
def door(settings):
    hooks = webhooks_of("telegram", webhook_routes(build_channels(settings, clock=SystemClock())["telegram"]))
    return httpx.ASGITransport(create_app(make_house(settings, webhooks=hooks).services))


async def look(settings, seen, door=None, *, readers=False, **patient):
    mounts = {PUBLIC: door, "all://localhost": door} if door else {}
    visited = partial(look_at_telegram, ask_readers=readers)
    return await visit(settings, visited, seen, mounts=mounts, patient={"answers": door is not None, **patient})


async def test_a_bot_with_a_webhook_that_is_well_is_told_line_by_line(settings, seen, bot_api, door):
    bot_api.webhook = {"url": OURS}
    found = await look(settings, seen, door)
    assert {one.state for one in seen} == {"ok"}
    assert found["token"].text == "vale: el bot es @atiende_prueba_bot"
    assert {"webhook", "puerta", "en espera", "grupos"} <= set(found)


@pytest.mark.parametrize(("name", "is_told"), [("", False), ("Atiende_Prueba_Bot", False), ("otro_bot", True)])
async def test_a_name_that_is_another_bots_is_told_for_links_go_there(polling, seen, name, is_told):
    found = await look(changed(polling, telegram={"usuario": name}), seen)
    assert ("usuario" in found) is is_told
    assert not is_told or found["usuario"].state == "fault"


async def test_a_bot_that_is_asked_by_us_wants_no_webhook(polling, seen, bot_api):
    assert (await look(polling, seen))["webhook"].state == "ok"
    seen.clear()
    bot_api.webhook = {"url": "https://otro.example/bot/secreto"}
    found = await look(polling, seen)
    assert found["lectores"].state == "fault"
    assert "en otro.example" in found["lectores"].text
    assert "secreto" not in found["lectores"].text


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("", "no tiene ninguno"),
        ("https://otro.example/x", "otro programa, en otro.example"),
        (f"{PUBLIC}/webhooks/telegram/0123", "de otro secreto"),
    ],
)
async def test_a_webhook_that_is_not_ours_is_a_fault(settings, seen, bot_api, url, text):
    bot_api.webhook = {"url": url}
    found = await look(settings, seen)
    assert found["webhook"].state == "fault"
    assert text in found["webhook"].text


@pytest.mark.parametrize(
    ("hook", "topic", "state", "text"),
    [
        ({"pending_update_count": 3}, "en espera", "warning", "3 sin recoger"),
        ({"pending_update_count": 900}, "en espera", "fault", "900 mensajes"),
        ({"allowed_updates": ["message"]}, "novedades", "fault", "callback_query"),
    ],
)  # fmt: skip
async def test_what_telegram_reports_of_the_webhook_is_told(settings, seen, bot_api, hook, topic, state, text):
    bot_api.webhook, bot_api.hook = {"url": OURS}, hook
    found = await look(settings, seen)
    assert found[topic].state == state
    assert text in found[topic].text


@pytest.mark.parametrize(("seconds", "state", "text"), [(300, "fault", "hace 5 min"), (90_000, "ok", "hace 25 h")])
async def test_the_last_failure_of_telegram_counts_while_it_is_fresh(settings, seen, bot_api, seconds, state, text):
    bot_api.webhook = {"url": OURS}
    bot_api.hook = {"last_error_date": int(time.time()) - seconds, "last_error_message": "Connection timed out"}
    found = await look(settings, seen)
    assert found["última falla"].state == state
    assert text in found["última falla"].text


async def test_a_port_that_telegram_does_not_call_is_a_fault(settings, seen, bot_api):
    settings = changed(settings, server={"public_url": "https://localhost:9443"})
    assert "9443" in (await look(settings, seen))["puerto"].text


@pytest.mark.parametrize(
    ("failure", "topic", "text"),
    [
        (Failure.unauthorized(), "token", "no lo acepta"),
        (Failure.too_many(30), "Bot API", "contesta 429"),
        (Failure.server_error(), "Bot API", "contesta 502"),
        (Failure.html(), "Bot API", "sin explicación"),
        (Failure.half_json(), "Bot API", "sin explicación"),
        (Failure.error_in_200(401, "Unauthorized"), "token", "no lo acepta"),
        (Failure.reset(), "Bot API", "la conexión se cortó"),
    ],
)
async def test_a_telegram_that_refuses_or_babbles_is_one_line(settings, seen, bot_api, failure, topic, text):
    bot_api.fail_always("getMe", failure)
    found = await look(settings, seen)
    assert found[topic].state == "fault"
    assert text in found[topic].text


async def test_a_telegram_that_is_not_there_is_one_line(settings, seen):
    settings = changed(settings, telegram={"url": "http://127.0.0.1:9"})
    found = await look(settings, seen)
    assert "rechazada" in found["Bot API"].text


async def test_a_bot_that_can_be_put_into_groups_is_warned_of(settings, seen, bot_api):
    bot_api.me = {"can_join_groups": True, "can_read_all_group_messages": True}
    found = await look(settings, seen)
    assert "/setjoingroups" in found["grupos"].remedy
    assert "/setprivacy" in found["privacidad"].remedy


async def test_a_service_that_runs_with_another_secret_is_found_at_its_door(settings, seen, bot_api, door):
    other = changed(settings, telegram={"secreto": settings.canales.telegram.token})
    found = await look(other, seen, door)
    assert "otro secreto" in found["puerta"].text


@pytest.mark.parametrize(("status", "text"), [(200, "contesta 200"), (502, "contesta 502")])
async def test_a_proxy_that_answers_for_us_is_found_out(settings, seen, status, text):
    found = await look(settings, seen, httpx.MockTransport(lambda _: httpx.Response(status)))
    assert text in found["puerta"].text


async def test_another_reader_is_looked_for_only_when_asked_and_never_against_our_own(polling, seen, bot_api):
    bot_api.fail_always("getUpdates", Failure(409, error="Conflict: terminated by other getUpdates request"))
    assert "lectores" not in await look(polling, seen)
    assert "no se preguntó" in (await look(polling, seen, readers=True, is_running_here=True))["lectores"].text
    assert not bot_api.sent("getUpdates")
    seen.clear()
    assert (await look(polling, seen, readers=True))["lectores"].state == "fault"


async def test_looking_for_readers_confirms_no_update(polling, seen, bot_api):
    bot_api.push(bot_api.update(text="hola"))
    assert (await look(polling, seen, readers=True))["lectores"].state == "ok"
    assert {call.fields.get("offset") for call in bot_api.sent("getUpdates")} == {None}
