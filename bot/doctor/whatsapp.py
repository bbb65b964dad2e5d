"""WhatsApp: whether the token, the number, the account and the app at Meta are as they must be."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from bot.doctor.findings import counted
from bot.doctor.graph import Graph, MetaRefused, rows
from bot.doctor.whatsapp_door import look_at_door
from bot.doctor.whatsapp_templates import look_at_templates
from bot.doctor.whatsapp_words import explain, health_words, limit_words
from bot.doctor.wire import NoReply

if TYPE_CHECKING:
    from bot.doctor.findings import Notes
    from bot.doctor.patient import Patient

_SCOPES: Final = ("whatsapp_business_messaging", "whatsapp_business_management")
_NEEDED_FIELD: Final = "messages"
#: What tells us of the account and the templates (docs/canales/whatsapp.md); without them nothing breaks.
_USEFUL_FIELDS: Final = (
    "account_alerts",
    "account_update",
    "business_capability_update",
    "message_template_components_update",
    "message_template_quality_update",
    "message_template_status_update",
    "phone_number_quality_update",
    "security",
    "template_category_update",
    "user_preferences",
)
_NUMBER: Final = "verified_name,display_phone_number,quality_rating,throughput,platform_type,code_verification_status"
_SOON = timedelta(days=14)
_CONSOLE: Final = "WhatsApp → Configuration, en la consola de Meta"


async def look_at_whatsapp(patient: Patient, notes: Notes) -> None:
    """Ask Meta about everything it knows of us, then knock at our own door as Meta does."""
    graph = Graph(patient)
    try:
        if await _look_at_number(graph, notes):
            app = await _try(notes, "token", lambda: _look_at_token(graph, notes))
            signs = await _try(notes, "clave", lambda: _look_at_secret(graph, notes))
            account = await _try(notes, "estado", lambda: _look_at_health(graph, notes))
            await _try(notes, "límite", lambda: _look_at_limit(graph, notes))
            if app and signs:  # asked as the app itself, who has to know its secret
                await _try(notes, "webhook", lambda: _look_at_webhook(graph, notes, app))
            known = account or patient.settings.canales.whatsapp.cuenta_id
            if known:
                await _try(notes, "suscripción", lambda: _look_at_subscription(graph, notes, known, app))
                await _try(notes, "empresa", lambda: _look_at_account(graph, notes, known))
            await look_at_templates(graph, notes, account)
            _look_at_version(graph, notes)
    except NoReply as error:
        notes.fault("Meta", f"no contesta: {error}", "mire la salida a internet y canales.whatsapp.url")
    await look_at_door(patient, notes)


async def _try(notes: Notes, topic: str, ask: Callable[[], Awaitable[str]]) -> str:
    """Ask one thing; what Meta refuses to tell is a warning, and the rest is asked all the same."""
    try:
        return await ask()
    except MetaRefused as error:
        notes.warn(topic, f"Meta no lo dijo: {error}", explain(error)[1])
        return ""


async def _look_at_number(graph: Graph, notes: Notes) -> bool:
    settings = graph.patient.settings.canales.whatsapp
    try:
        number = await graph.get(settings.numero_id, fields=_NUMBER)
    except MetaRefused as error:
        text, remedy = explain(error)
        notes.fault("número", text, remedy)
        return False
    notes.ok("número", f"{number.get('display_phone_number', '?')}, «{number.get('verified_name', '?')}»")
    platform = number.get("platform_type")
    if platform not in {"CLOUD_API", None}:
        notes.fault(
            "registro", f"el número no está en la Cloud API ({platform})", "regístrelo: docs/canales/whatsapp.md, 4"
        )
    if number.get("code_verification_status") in {"NOT_VERIFIED", "UNVERIFIED"}:
        notes.fault("registro", "el número no se ha verificado con su código", "WhatsApp Manager → Phone numbers")
    quality = number.get("quality_rating")
    if quality == "RED":
        notes.fault("calidad", "roja: la gente bloquea o reporta el número", "detenga los avisos y revise qué se envía")
    elif quality == "YELLOW":
        notes.warn("calidad", "amarilla: hay bloqueos o reportes", "envíe menos avisos y más precisos")
    else:
        notes.ok("calidad", "verde" if quality == "GREEN" else "Meta aún no la mide")
    level = number.get("throughput")
    speed = str(level.get("level", "")) if isinstance(level, dict) else ""
    if speed:
        told = {"STANDARD": "80 mensajes por segundo", "HIGH": "1.000 mensajes por segundo"}.get(speed, speed)
        notes.ok("velocidad", f"hasta {told}, entre lo que entra y lo que sale")
    return True


async def _look_at_token(graph: Graph, notes: Notes) -> str:
    """Return the id of the app that the token belongs to."""
    data = (await graph.get("debug_token", input_token=graph.token)).get("data")
    told = data if isinstance(data, dict) else {}
    if told.get("is_valid") is False:
        notes.fault("token", "Meta dice que no vale", "genere otro: docs/canales/whatsapp.md, 5")
        return ""
    missing = [scope for scope in _SCOPES if scope not in (told.get("scopes") or ())]
    if missing:
        notes.fault("permisos", f"al token le falta {' y '.join(missing)}", "genere otro con los dos permisos")
    else:
        notes.ok("permisos", "los dos que hacen falta")
    ends, now = told.get("expires_at"), graph.patient.clock.now()
    new = "genere uno de usuario del sistema, sin vencimiento: docs/canales/whatsapp.md, 5"
    if isinstance(ends, int) and ends > 0:
        moment = datetime.fromtimestamp(ends, UTC)
        text = (
            f"vence el {moment:%Y-%m-%d}"
            if moment - now > timedelta(days=2)
            else f"vence el {moment:%Y-%m-%d %H:%M} UTC"
        )
        (notes.fault if moment - now < timedelta(days=2) else notes.warn)("token", text, new)
    else:
        notes.ok("token", "vale y no vence")
    return str(told.get("app_id") or "")


async def _look_at_secret(graph: Graph, notes: Notes) -> str:
    """Sign the token with the secret of the settings: Meta refuses a signature made with another."""
    number = graph.patient.settings.canales.whatsapp.numero_id
    try:
        await graph.get(number, fields="id", appsecret_proof=graph.proof)
    except MetaRefused as error:
        if "appsecret_proof" not in error.words:
            raise
        text = "no es la de la aplicación del token: todo lo que llegue se rechazará"
        notes.fault("clave", text, "copie App secret en ATIENDE_WHATSAPP_SECRET (App settings → Basic)")
        return ""
    notes.ok("clave", "el App secret es el de la aplicación del token")
    return "signs"


async def _look_at_health(graph: Graph, notes: Notes) -> str:
    """Return the id of the WhatsApp account, which this answer names."""
    number = graph.patient.settings.canales.whatsapp.numero_id
    found = (await graph.get(number, fields="health_status")).get("health_status")
    told = found if isinstance(found, dict) else {}
    account = ""
    entities = [one for one in told.get("entities") or () if isinstance(one, dict)]
    for one in entities:
        if one.get("entity_type") == "WABA":
            account = str(one.get("id") or "")
        state = one.get("can_send_message")
        if state in {"BLOCKED", "LIMITED"}:
            text, remedy = health_words(one)
            (notes.fault if state == "BLOCKED" else notes.warn)("estado", text, remedy)
    if told.get("can_send_message") == "AVAILABLE":
        notes.ok("estado", "Meta deja enviar con este número, cuenta, empresa y aplicación")
    return account


async def _look_at_limit(graph: Graph, notes: Notes) -> str:
    number, field = graph.patient.settings.canales.whatsapp.numero_id, "whatsapp_business_manager_messaging_limit"
    tier = (await graph.get(number, fields=field)).get(field)
    text, is_first = limit_words(str(tier or ""))
    if is_first:
        notes.warn("límite", text, "verifique la empresa: docs/canales/whatsapp.md, 2")
    else:
        notes.ok("límite", text)
    return ""


async def _look_at_webhook(graph: Graph, notes: Notes, app: str) -> str:
    """Read, as the app itself, where Meta calls and for what."""
    found = rows(await graph.get(f"{app}/subscriptions", token=f"{app}|{graph.secret}"))
    ours = f"{graph.patient.public_url}/webhooks/whatsapp/"
    hook = next((one for one in found if one.get("object") == "whatsapp_business_account"), None)
    if hook is None:
        notes.fault("webhook", "la aplicación no tiene ninguno de WhatsApp: no llega nada", f"póngalo en {_CONSOLE}")
        return ""
    url = str(hook.get("callback_url") or "")
    if url.rstrip("/") != ours.rstrip("/"):
        text = f"Meta llama a otra dirección, en {urlsplit(url).hostname}"
        notes.fault("webhook", text, f"escriba {ours} en {_CONSOLE}")
    elif not url.endswith("/"):
        notes.fault("webhook", "le falta la barra final, y Meta no sigue desvíos", f"escriba {ours} en {_CONSOLE}")
    elif hook.get("active") is False:
        notes.fault("webhook", "Meta lo tiene detenido", f"actívelo en {_CONSOLE}")
    else:
        notes.ok("webhook", "Meta llama a nuestra dirección")
    fields = {str(one.get("name") if isinstance(one, dict) else one) for one in hook.get("fields") or ()}
    missing = [name for name in _USEFUL_FIELDS if name not in fields]
    if _NEEDED_FIELD not in fields:
        notes.fault("campos", "falta messages: no llega lo que escribe la gente", f"actívelo en {_CONSOLE}")
    elif missing:
        notes.warn("campos", f"faltan {', '.join(missing)}", f"actívelos en {_CONSOLE}")
    else:
        notes.ok("campos", "todos los que usa Atiende")
    return ""


async def _look_at_subscription(graph: Graph, notes: Notes, account: str, app: str) -> str:
    found = rows(await graph.get(f"{account}/subscribed_apps"))
    apps = {str(one.get("whatsapp_business_api_data", {}).get("id", "")): one for one in found}
    if not apps or (app and app not in apps):
        text = "la cuenta de WhatsApp no avisa a esta aplicación"
        notes.fault("suscripción", text, "suscríbala: docs/canales/whatsapp.md, 6")
        return ""
    elsewhere = str(apps.get(app, {}).get("override_callback_uri") or "")
    if elsewhere and urlsplit(elsewhere).hostname != urlsplit(graph.patient.public_url).hostname:
        text = f"la cuenta desvía sus avisos a {urlsplit(elsewhere).hostname}"
        notes.fault("suscripción", text, "quite ese desvío, o escriba ahí nuestra dirección")
    else:
        notes.ok("suscripción", "la cuenta de WhatsApp avisa a esta aplicación")
    others = len(apps) - 1 if app in apps else 0
    if others:
        text = f"también avisa a {counted(others, 'otra')}: dos programas pueden contestar"
        notes.warn("suscripción", text, "quite la que no use")
    return ""


async def _look_at_account(graph: Graph, notes: Notes, account: str) -> str:
    told = await graph.get(account, fields="account_review_status,business_verification_status")
    review = str(told.get("account_review_status") or "").upper()
    verified = str(told.get("business_verification_status") or "").upper()
    if review not in {"", "APPROVED"}:
        notes.fault("empresa", f"Meta no ha aprobado la cuenta de WhatsApp ({review})", "mire Business Support Home")
    if verified not in {"", "VERIFIED"}:
        text = f"la empresa no está verificada ({verified.lower()})"
        notes.warn("empresa", text, "Security Center → Start verification: tarda días")
    if review in {"", "APPROVED"} and verified in {"", "VERIFIED"}:
        notes.ok("empresa", "verificada, y la cuenta aprobada")
    return ""


def _look_at_version(graph: Graph, notes: Notes) -> None:
    asked, used = graph.patient.settings.canales.whatsapp.version, graph.used_version
    if used and used != asked:
        text = f"se pide {asked}, que Meta ya no atiende, y contesta con {used}"
        notes.warn("versión", text, f"pruebe con canales.whatsapp.version: {used}")
    else:
        notes.ok("versión", f"Meta atiende la {asked}")
