"""WhatsApp: what Meta says of the token, the number, the account and the app, and our door, each in a line."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import httpx
import pytest
from pydantic import SecretStr

from bot.channels.registry import build_channels, webhook_routes
from bot.channels.templates import load
from bot.doctor.whatsapp import look_at_whatsapp
from bot.kernel.clock import SystemClock
from bot.web.app import create_app
from bot.web.webhooks import webhooks_of
from tests.doctor.conftest import PUBLIC, changed, visit
from tests.support.fake_meta import ACCOUNT, APP, refusal
from tests.support.fake_whatsapp import NUMBER_ID, URL
from tests.web.fakes import make_house


@pytest.fixture
def door(settings):
    """Return our own web server, as it runs with these settings."""
    channel = build_channels(settings, clock=SystemClock())["whatsapp"]
    hooks = webhooks_of("whatsapp", webhook_routes(channel))
    return httpx.ASGITransport(create_app(make_house(settings, webhooks=hooks).services))


async def look(settings, seen, meta, door=None, **patient):
    mounts = {URL: meta.transport} | ({PUBLIC: door, "all://localhost": door} if door else {})
    return await visit(
        settings, look_at_whatsapp, seen, mounts=mounts, patient={"answers": door is not None, **patient}
    )


async def test_a_number_that_is_well_is_told_line_by_line(settings, seen, meta, door):
    found = await look(settings, seen, meta, door)
    assert {one.state for one in seen} == {"ok"}
    assert found["número"].text == "+57 601 1234567, «Aguas del Valle Verde»"
    assert found["límite"].text == "se puede escribir primero a 10.000 personas al día"
    assert found["plantillas"].text == f"{len(load().plantillas)} aprobadas"
    assert {"permisos", "clave", "estado", "webhook", "campos", "suscripción", "saludo", "firma"} <= set(found)


@pytest.mark.parametrize(
    ("error", "text", "remedy"),
    [
        (refusal(190, status=401, subcode=463), "el token venció", "genere otro"),
        (refusal(190, status=401), "Meta no acepta el token", "genere otro"),
        (refusal(100, subcode=33), "no conoce ese número", "numero_id"),
        (refusal(10, status=403), "no tiene permiso", "usuario del sistema"),
        (refusal(80007, status=429), "pide esperar", "en una hora"),
        (refusal(2500), "no conoce esa versión", "version"),
        (refusal(2, status=500), "tiene problemas", "en unos minutos"),
        (httpx.Response(502, text="<html>Bad Gateway</html>"), "tiene problemas (502)", "en unos minutos"),
        (httpx.Response(200, text="<html>hotel wifi</html>"), "sin JSON", ""),
        (httpx.Response(200, text='{"verified_na'), "sin JSON", ""),
    ],
)
async def test_what_meta_refuses_is_said_with_its_remedy(settings, seen, meta, error, text, remedy):
    meta.answers["number"] = error
    found = await look(settings, seen, meta)
    assert found["número"].state == "fault"
    assert text in found["número"].text
    assert remedy in found["número"].remedy


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (httpx.ConnectError("[Errno 111]"), "no se pudo conectar"),
        (httpx.ReadTimeout("slow"), "no respondió en 2 s"),
        (httpx.RemoteProtocolError("peer closed"), "la conexión se cortó"),
    ],
)
async def test_a_meta_that_cannot_be_reached_is_one_line(settings, seen, meta, error, text):
    meta.answers["number"] = error
    found = await look(settings, seen, meta)
    assert text in found["Meta"].text
    assert meta.asked == ["number"]


@pytest.mark.parametrize(
    ("name", "changes", "topic", "state", "text"),
    [
        ("number", {"quality_rating": "RED"}, "calidad", "fault", "roja"),
        ("number", {"quality_rating": "YELLOW"}, "calidad", "warning", "amarilla"),
        ("number", {"platform_type": "NOT_APPLICABLE"}, "registro", "fault", "no está en la Cloud API"),
        ("number", {"code_verification_status": "NOT_VERIFIED"}, "registro", "fault", "no se ha verificado"),
        ("number", {"throughput": {"level": "HIGH"}}, "velocidad", "ok", "1.000 mensajes por segundo"),
        ("token", {"scopes": ["whatsapp_business_messaging"]}, "permisos", "fault", "whatsapp_business_management"),
        ("token", {"is_valid": False}, "token", "fault", "no vale"),
        ("limit", {"whatsapp_business_manager_messaging_limit": "TIER_250"}, "límite", "warning", "250 personas"),
        ("subscriptions", {"callback_url": "https://otra.example/x"}, "webhook", "fault", "en otra.example"),
        ("subscriptions", {"callback_url": f"{PUBLIC}/webhooks/whatsapp"}, "webhook", "fault", "barra final"),
        ("subscriptions", {"active": False}, "webhook", "fault", "detenido"),
        ("subscriptions", {"object": "page"}, "webhook", "fault", "no tiene ninguno"),
        ("subscriptions", {"fields": [{"name": "account_update"}]}, "campos", "fault", "falta messages"),
        ("subscriptions", {"fields": [{"name": "messages"}]}, "campos", "warning", "template_category_update"),
        ("apps", {"data": []}, "suscripción", "fault", "no avisa a esta aplicación"),
        ("account", {"business_verification_status": "not_verified"}, "empresa", "warning", "no está verificada"),
        ("account", {"account_review_status": "REJECTED"}, "empresa", "fault", "no ha aprobado"),
        ("templates", {"data": []}, "plantillas", "warning", f"faltan {len(load().plantillas)} de"),
    ],
)
async def test_each_thing_that_is_not_well_has_its_line(settings, seen, meta, name, changes, topic, state, text):
    meta.tell(name, **changes)
    found = await look(settings, seen, meta)
    assert found[topic].state == state
    assert text in found[topic].text
    assert state == "ok" or found[topic].remedy


async def test_a_token_that_ends_is_told_before_it_does(settings, seen, meta):
    meta.tell("token", expires_at=int((datetime.now(UTC) + timedelta(days=50)).timestamp()))
    assert (await look(settings, seen, meta))["token"].state == "warning"
    seen.clear()
    meta.tell("token", expires_at=int((datetime.now(UTC) + timedelta(hours=20)).timestamp()))
    found = await look(settings, seen, meta)
    assert found["token"].state == "fault"
    assert "usuario del sistema" in found["token"].remedy


async def test_a_secret_of_another_app_is_found_before_the_first_message_is_lost(settings, seen, meta):
    settings = changed(settings, whatsapp={"secreto": SecretStr("clave-de-otra-aplicacion")})
    found = await look(settings, seen, meta)
    assert found["clave"].state == "fault"
    assert "webhook" not in found
    assert "ATIENDE_WHATSAPP_SECRET" in found["clave"].remedy


async def test_what_blocks_the_account_is_told_with_metas_advice(settings, seen, meta):
    error = {"error_code": 141006, "error_description": "There is an error with the payment method.",
             "possible_solution": "Add a payment method."}  # fmt: skip
    entities = [{"entity_type": "WABA", "id": ACCOUNT, "can_send_message": "BLOCKED", "errors": [error]}]
    meta.tell("health", health_status={"can_send_message": "BLOCKED", "entities": entities})
    found = await look(settings, seen, meta)
    assert found["estado"].state == "fault"
    assert "la cuenta de WhatsApp: bloqueada" in found["estado"].text
    assert "payment method" in found["estado"].remedy


async def test_templates_that_cannot_be_used_are_named(settings, seen, meta):
    first, second, *_ = told = meta.answers["templates"]["data"]
    first["status"], second["status"] = "PAUSED", "PENDING"
    told.append({"name": "de_otro_programa", "status": "REJECTED", "language": "es"})
    found = await look(settings, seen, meta)
    assert found["plantillas"].text == f"no se pueden usar: {first['name']} (paused)"
    seen.clear()
    first["status"] = "APPROVED"
    assert (await look(settings, seen, meta))["plantillas"].text.endswith("aprobadas, 1 en revisión")
    seen.clear()
    first["category"] = "MARKETING"
    assert f"distintas: {first['name']} (categoria)" in (await look(settings, seen, meta))["plantillas"].text


async def test_an_account_that_is_missing_or_another_is_told_with_the_right_one(settings, seen, meta):
    found = await look(changed(settings, whatsapp={"cuenta_id": ""}), seen, meta)
    assert ACCOUNT in found["cuenta"].remedy
    seen.clear()
    found = await look(changed(settings, whatsapp={"cuenta_id": "55555"}), seen, meta)
    assert found["cuenta"].state == "fault"
    assert ACCOUNT in found["cuenta"].text


async def test_templates_that_meta_does_not_show_are_a_line(settings, seen, meta):
    meta.answers["templates"] = refusal(200, status=403)
    assert "no las muestra" in (await look(settings, seen, meta))["plantillas"].text


async def test_another_app_that_gets_the_same_messages_is_told(settings, seen, meta):
    names = [{"whatsapp_business_api_data": {"id": number}} for number in (APP, "5")]
    meta.tell("apps", data=names)
    assert "a 1 otra" in (await look(settings, seen, meta))["suscripción"].text


async def test_a_version_that_meta_has_left_behind_is_told(settings, seen, meta):
    meta.version = "v24.0"
    assert "contesta con v24.0" in (await look(settings, seen, meta))["versión"].text


async def test_what_meta_does_not_tell_does_not_hide_the_rest(settings, seen, meta):
    for name in ("token", "health", "limit"):
        meta.answers[name] = refusal(200, status=403)
    found = await look(settings, seen, meta)
    assert {found[topic].state for topic in ("token", "estado", "límite")} == {"warning"}
    assert found["clave"].state == "ok"


async def test_a_service_that_runs_with_other_secrets_is_told_to_be_restarted(settings, seen, meta, door):
    settings = changed(
        settings, whatsapp={"verificacion": SecretStr("otra palabra"), "secreto": SecretStr("otra-clave")}
    )
    found = await look(settings, seen, meta, door)
    assert "tiene otra" in found["saludo"].text
    assert "tiene otra" in found["firma"].text
    assert "reinicie" in found["firma"].remedy


@pytest.mark.parametrize(
    ("status", "body", "saludo", "firma"),
    [
        (200, "<html>Bienvenido</html>", "no devuelve el reto", "no está firmado recibe 200"),
        (200, "1158201444", "con otra palabra contesta 200", "no está firmado recibe 200"),
        (308, "", "contesta 308", "recibe 308"),
    ],
)
async def test_a_proxy_that_answers_for_us_is_found_out(settings, seen, meta, status, body, saludo, firma):
    proxy = httpx.MockTransport(lambda _: httpx.Response(status, text=body))
    found = await look(settings, seen, meta, proxy)
    assert saludo in found["saludo"].text
    assert firma in found["firma"].text


async def test_a_service_without_the_door_is_told_once_and_the_proxy_is_not_blamed(settings, seen, meta):
    found = await look(settings, seen, meta, httpx.MockTransport(lambda _: httpx.Response(404)))
    assert "no existe" in found["saludo"].text
    assert "firma" not in found


async def test_the_door_is_not_knocked_at_when_nobody_is_in(settings, seen, meta):
    assert (await look(settings, seen, meta))["puerta"].state == "warning"


async def test_the_token_goes_to_meta_alone_and_in_no_address_of_ours(settings, seen, meta, door):
    asked = []

    async def watched(request):
        asked.append(str(request.url) + str(request.headers))
        return await door.handle_async_request(request)

    class Watched(httpx.AsyncBaseTransport):
        handle_async_request = staticmethod(watched)

    await look(settings, seen, meta, Watched())
    assert asked
    token = settings.canales.whatsapp.token.get_secret_value()
    assert not [one for one in asked if token in one or settings.canales.whatsapp.secreto.get_secret_value() in one]
    assert NUMBER_ID not in "".join(asked)
