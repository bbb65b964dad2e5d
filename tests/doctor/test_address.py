"""The public address: whatever keeps people and providers from reaching it is named, with what to do."""

from __future__ import annotations

import asyncio
import ssl
import time

import httpx
import pytest

from bot.doctor.address import look_at_address, look_at_service
from bot.doctor.certificate import look
from bot.doctor.wire import NoReply
from tests.doctor.conftest import changed, visit
from tests.support.tls import TlsFront, make

LIVE = {"status": "ok"}


@pytest.fixture
def trust(authority):
    return ssl.create_default_context(cadata=authority.pem.decode())


class Upstream:
    """A server that answers each path with a status and a document."""

    def __init__(self, **answers):
        self.answers = {
            "live": (200, b'{"status": "ok"}'),
            "health": (200, b'{"status": "ok", "checks": {}}'),
            **answers,
        }

    async def __aenter__(self):
        loop = asyncio.get_running_loop()
        self.server = await loop.create_server(lambda: Answering(self.answers), "127.0.0.1", 0)
        self.port = self.server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_):
        self.server.close()


class Answering(asyncio.Protocol):
    def __init__(self, answers):
        self.answers = answers

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        path = data.split(b" ")[1].decode("latin-1").strip("/") if data.startswith(b"GET ") else "?"
        status, body = self.answers.get(path, (404, b"{}"))
        if status:
            top = f"HTTP/1.1 {status} X\r\nconnection: close\r\ncontent-length: {len(body)}\r\n\r\n"
            self.transport.write(top.encode() + body)
        if status is not None:
            self.transport.close()


async def address(settings, seen, front, trust, **patient):
    settings = changed(settings, server={"public_url": front.url})
    return await visit(settings, look_at_address, seen, trust=trust, patient=patient)


async def test_a_good_address_is_well(tmp_path, settings, seen, good, trust):
    async with Upstream() as behind, TlsFront(tmp_path, good, upstream=behind.port) as front:
        found = await address(settings, seen, front, trust)
    assert found["certificado"].text == "vale para localhost y vence en 59 días"
    assert found["dirección"].state == "ok"
    assert found["servicio"].state == "ok"


@pytest.mark.parametrize(
    ("kind", "text", "remedy"),
    [
        ("expired", "venció el 20", "renuévelo"),
        ("future", "todavía no vale", "hora de esta máquina"),
        ("wrong name", "es de otra.example y no de localhost", "server.public_url"),
        ("self-signed", "la propia máquina", "autoridad pública"),
        ("private root", "autoridad privada", "Meta y Telegram no la conocen"),
        ("no intermediate", "sin el certificado intermedio", "fullchain.pem"),
    ],
)
async def test_a_bad_certificate_is_named_by_its_fault(tmp_path, settings, seen, authority, trust, kind, text, remedy):
    other = make("Autoridad de una empresa", is_authority=True)
    middle = make("Autoridad intermedia", by=authority, is_authority=True)
    chain = {
        "expired": [make("localhost", by=authority, begins=-90, ends=-2)],
        "future": [make("localhost", by=authority, begins=2)],
        "wrong name": [make("otra.example", by=authority)],
        "self-signed": [make("localhost")],
        "private root": [make("localhost", by=other), other],
        "no intermediate": [make("localhost", by=middle)],
    }[kind]
    async with TlsFront(tmp_path, *chain) as front:
        found = await address(settings, seen, front, trust)
    assert found["certificado"].state == "fault"
    assert text in found["certificado"].text
    assert remedy in found["certificado"].remedy
    assert "dirección" not in found


async def test_a_whole_chain_is_well_and_one_that_ends_soon_is_warned_of(tmp_path, settings, seen, authority, trust):
    middle = make("Autoridad intermedia", by=authority, is_authority=True)
    async with Upstream() as behind:
        async with TlsFront(tmp_path, make("localhost", by=middle), middle, upstream=behind.port) as front:
            assert (await address(settings, seen, front, trust))["certificado"].state == "ok"
        async with TlsFront(tmp_path, make("localhost", by=authority, ends=5.5), upstream=behind.port) as front:
            found = await address(settings, seen, front, trust)
    assert found["certificado"].state == "warning"
    assert "vence en 5 días" in found["certificado"].text


async def test_a_short_lived_certificate_is_not_complained_of_while_it_is_young(tmp_path, authority, trust, clock):
    async with TlsFront(tmp_path, make("localhost", by=authority, begins=-1, ends=5)) as front:
        found = await look("localhost", front.port, trust, 2.0)
    clock.set(found.begins_at)
    assert not found.is_ending(clock.now())
    clock.set(found.ends_at)
    assert found.is_ending(clock.now())


async def test_a_port_that_speaks_no_tls_or_nothing_at_all_is_said_in_a_line(settings, seen, trust):
    async with Upstream() as plain:
        with pytest.raises(NoReply, match="no hay HTTPS en ese puerto"):
            await look("localhost", plain.port, trust, 2.0)
        port = plain.port
    settings = changed(settings, server={"public_url": f"https://localhost:{port}"})
    found = await visit(settings, look_at_address, seen, trust=trust)
    assert found["dirección"].state == "fault"
    assert "rechazada" in found["dirección"].text


async def test_a_server_that_never_answers_costs_its_deadline_and_no_more(settings, seen):
    async with Upstream(live=(None, b"")) as silent:
        settings = changed(settings, server={"public_url": f"http://127.0.0.1:{silent.port}", "port": silent.port})
        began = time.monotonic()
        found = await visit(settings, look_at_address, seen, deadline_s=0.3)
    assert time.monotonic() - began < 2
    assert "no respondió en 0.3 s" in found["dirección"].text


async def test_a_name_that_does_not_exist_is_said(settings, seen):
    settings = changed(settings, server={"public_url": "https://no-existe.invalid"})
    found = await visit(settings, look_at_address, seen)
    assert found["nombre"].state == "fault"
    assert "(DNS)" in found["nombre"].text


async def test_another_program_behind_the_address_is_not_taken_for_ours(tmp_path, settings, seen, good, trust):
    html = (200, b"<html>nginx</html>")
    async with Upstream(live=html) as behind, TlsFront(tmp_path, good, upstream=behind.port) as front:
        found = await address(settings, seen, front, trust)
    assert found["dirección"].state == "fault"
    assert "no es Atiende" in found["dirección"].text


async def test_an_address_with_a_path_is_told_to_lose_it(settings, seen):
    async with Upstream(live=(404, b"{}")) as behind:
        url = f"http://127.0.0.1:{behind.port}/chat"
        found = await visit(changed(settings, server={"public_url": url}), look_at_address, seen)
    assert found["dirección"].state == "fault"
    assert "«/chat»" in found["dirección"].remedy


async def test_plain_http_is_a_fault_for_those_channels_that_need_https(settings, seen):
    settings = changed(settings, server={"public_url": "http://127.0.0.1:9"}, telegram={"modo": "sondeo"})
    found = await visit(settings, look_at_address, seen)
    assert "WhatsApp lo exige" in found["https"].text
    settings = changed(settings, whatsapp={"activo": False})
    seen.clear()
    assert (await visit(settings, look_at_address, seen))["https"].state == "warning"


@pytest.mark.parametrize(
    ("proxies", "state", "word"),
    [
        ((), "warning", "una sola dirección"),
        (("caddy",), "fault", "«caddy» no es una dirección"),
        (("0.0.0.0/0",), "fault", "cualquiera fingiría"),
        (("10.0.0.0/8", "127.0.0.1"), None, ""),
    ],
)
async def test_proxies_that_cannot_be_trusted_are_named(settings, seen, proxies, state, word):
    settings = changed(settings, server={"trusted_proxies": proxies, "public_url": "https://no-existe.invalid"})
    found = await visit(settings, look_at_address, seen)
    assert ("proxy" in found) == (state is not None)
    if state:
        assert found["proxy"].state == state
        assert word in found["proxy"].text


async def test_a_service_that_cannot_attend_says_which_part_fails(settings, seen):
    down = b'{"status": "down", "checks": {"database": true, "background": false, "model": true}}'
    async with Upstream(health=(503, down)) as behind:
        settings = changed(settings, server={"port": behind.port})
        found = await visit(settings, look_at_service, seen)
    assert found["servicio"].state == "fault"
    assert "falla los envíos o un canal" in found["servicio"].text


async def test_a_service_that_is_elsewhere_is_no_fault(settings, seen):
    found = await visit(changed(settings, server={"port": 9}), look_at_service, seen)
    assert found["servicio"].state == "warning"


async def test_half_an_answer_is_a_line_and_not_a_traceback(settings, seen):
    async with Upstream(live=(0, b"")) as behind:
        settings = changed(settings, server={"port": behind.port, "public_url": f"http://127.0.0.1:{behind.port}"})
        found = await visit(settings, look_at_service, seen)
    assert "la conexión se cortó" in found["servicio"].text


async def test_what_breaks_inside_the_doctor_is_one_more_line(settings, seen):
    class Odd(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request):
            raise KeyError(str(request.url))

    found = await visit(settings, look_at_service, seen, mounts={"all://127.0.0.1": Odd()})
    assert found["revisión"].state == "fault"
    assert "KeyError" in found["revisión"].text
