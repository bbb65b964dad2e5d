"""The whole visit: a real server behind a real proxy with HTTPS, and the page as a browser meets it."""

from __future__ import annotations

import ssl

import httpx
import pytest

from bot.channels.registry import build_channels, webhook_routes
from bot.channels.telegram.channel import webhook_path
from bot.doctor.examine import examine
from bot.doctor.webchat import look_at_webchat
from bot.doctor.wire import Wire
from bot.kernel.clock import SystemClock
from bot.web.app import create_app
from bot.web.webhooks import webhooks_of
from tests.doctor.conftest import HOOK_SECRET, PUBLIC, changed, visit
from tests.support.fake_meta import FakeMeta
from tests.support.fake_whatsapp import URL
from tests.support.tls import TlsFront
from tests.web.fakes import make_house
from tests.web.live import LiveServer


async def test_an_installation_that_is_well_has_no_fault_and_no_warning(
    tmp_path, settings, seen, good, authority, bot_api
):
    async with TlsFront(tmp_path, good) as front:
        settings = changed(
            settings, server={"public_url": front.url}, telegram={"url": bot_api.url}, whatsapp={"url": URL}
        )
        channels = build_channels(settings, clock=SystemClock())
        live = LiveServer(settings)
        settings, front.upstream = live.settings, live.port
        live.webhooks = [
            hook for name, channel in channels.items() for hook in webhooks_of(name, webhook_routes(channel))
        ]
        live.start()
        bot_api.webhook = {"url": f"{front.url}/webhooks/telegram/{webhook_path(HOOK_SECRET)}"}
        meta = FakeMeta(front.url)
        meta.clock = SystemClock()
        trust = ssl.create_default_context(cadata=authority.pem.decode())
        try:
            wire = Wire(SystemClock(), trust=trust, mounts={URL: meta.transport})
            seen += await examine(settings, ["whatsapp", "telegram", "webchat"], wire=wire)
        finally:
            live.stop()
    told = {(one.area, one.topic): one for one in seen}
    # A port of a test is none that Telegram calls; and a test machine has only private addresses.
    expected = {("Telegram", "puerto"), ("Servicio", "nombre"), ("Reloj", "hora por red")}
    assert {key for key, one in told.items() if one.state != "ok"} <= expected
    assert told["Chat web", "WebSocket"].text == "pasa"
    assert told["WhatsApp", "firma"].state == told["Telegram", "puerta"].state == "ok"
    assert told["Reloj", "hora"].text.startswith("igual a la de Meta")
    assert seen[0].area == "Instalación"


def served(settings, **changes):
    """Return the page of a house, with some headers of its answers taken away or changed."""
    app = httpx.ASGITransport(create_app(make_house(settings).services))

    class Proxy(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request):
            answer = await app.handle_async_request(request)
            for name, value in changes.items():
                answer.headers.pop(name.replace("_", "-"), None)
                if value:
                    answer.headers[name.replace("_", "-")] = value
            return answer

    return Proxy()


async def look(settings, seen, proxy):
    mounts = {PUBLIC: proxy, "all://localhost": proxy}
    return await visit(settings, look_at_webchat, seen, mounts=mounts, patient={"answers": True})


async def test_a_page_whose_policy_is_lost_on_the_way_is_a_fault(settings, seen):
    found = await look(settings, seen, served(settings, content_security_policy=None))
    assert found["página"].state == "fault"


async def test_a_site_that_the_running_service_does_not_know_is_named(settings, seen):
    newer = changed(settings, webchat={"origenes": ("https://empresa.example", "https://nueva.example")})
    found = await look(newer, seen, served(settings))
    assert "incruste https://nueva.example" in found["página"].text


async def test_a_widget_that_other_sites_may_not_load_is_a_fault(settings, seen):
    found = await look(settings, seen, served(settings, cross_origin_resource_policy="same-origin"))
    assert found["botón"].state == "fault"


async def test_a_way_without_websocket_is_warned_of(settings, seen):
    found = await look(settings, seen, served(settings))
    assert found["WebSocket"].state == "warning"


@pytest.mark.parametrize(
    ("site", "state"),
    [("http://empresa.example", "warning"), ("https://clave@empresa.example", "fault"), ("https://?x", "fault")],
)
async def test_a_site_that_cannot_be_right_is_named(settings, seen, site, state):
    found = await look(changed(settings, webchat={"origenes": (site,)}), seen, served(settings))
    assert found["sitios"].state == state
