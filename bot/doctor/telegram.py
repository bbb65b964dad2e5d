"""Telegram as its own Bot API tells it, and our door for it as Telegram meets it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from bot.channels.telegram.channel import SECRET_HEADER, webhook_path
from bot.channels.telegram.parse import ALLOWED_UPDATES
from bot.doctor.findings import quoted, span
from bot.doctor.wire import NoReply

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.doctor.findings import Notes
    from bot.doctor.patient import Patient

#: https://core.telegram.org/bots/api#setwebhook
_PORTS: Final = frozenset({443, 80, 88, 8443})
_FRESH = timedelta(hours=1)
_MANY_WAITING = 100
_UNAUTHORIZED, _CONFLICT, _NOT_FOUND, _MALFORMED = 401, 409, 404, 400
_RESTART: Final = "reinicie el servicio: al arrancar registra su dirección"


class _Refused(Exception):
    """The Bot API said no."""

    def __init__(self, code: int, words: str) -> None:
        self.code = code
        super().__init__(words)


async def look_at_telegram(patient: Patient, notes: Notes, *, ask_readers: bool = False) -> None:
    """Ask the Bot API who we are and how it reaches us; with ``ask_readers``, also whether somebody else reads."""
    mode = patient.settings.canales.telegram.modo
    try:
        me = await _call(patient, "getMe")
    except NoReply as error:
        notes.fault("Bot API", f"Telegram no contesta: {error}", "mire la salida a internet y canales.telegram.url")
        return
    except _Refused as error:
        remedy = "pida otro a @BotFather con /token y póngalo en ATIENDE_TELEGRAM_TOKEN"
        if error.code in {_UNAUTHORIZED, _NOT_FOUND}:
            notes.fault("token", "Telegram no lo acepta", remedy)
        else:
            notes.fault("Bot API", f"contesta {error.code}: {quoted(error)}", "repita más tarde")
        return
    notes.ok("token", f"vale: el bot es @{me.get('username', '?')}")
    _say_name(notes, patient.settings.canales.telegram.usuario, str(me.get("username", "")))
    _say_groups(notes, me)
    try:
        hook = await _call(patient, "getWebhookInfo")
        if mode == "webhook":
            await _look_at_hook(patient, notes, hook)
            return
        _look_at_polling(notes, hook)
        if ask_readers:
            await _look_for_readers(patient, notes)
    except (NoReply, _Refused) as error:
        notes.fault("Bot API", f"Telegram dejó de contestar: {quoted(error)}", "repita más tarde")


def _say_name(notes: Notes, ours: str, theirs: str) -> None:
    """Compare the name that links are made with: with another one, people are sent to a stranger's bot."""
    if ours and ours.casefold() != theirs.casefold():
        text = f"canales.telegram.usuario dice @{ours}, y el bot es @{theirs}: los enlaces llevan a otro"
        notes.fault("usuario", text, f"canales.telegram.usuario: {theirs}, y reinicie el servicio")


def _say_groups(notes: Notes, me: Mapping[str, Any]) -> None:
    if me.get("can_join_groups"):
        notes.warn("grupos", "lo pueden meter en grupos, donde no atiende", "@BotFather: /setjoingroups, Disable")
    else:
        notes.ok("grupos", "nadie lo puede meter en uno")
    if me.get("can_read_all_group_messages"):
        notes.warn("privacidad", "en un grupo leería lo que dice todo el mundo", "@BotFather: /setprivacy, Enable")


def _look_at_polling(notes: Notes, hook: Mapping[str, Any]) -> None:
    if hook.get("url"):
        other = urlsplit(str(hook["url"])).hostname
        text = f"modo sondeo, y el bot tiene un webhook en {other}: otro programa se lleva los mensajes"
        notes.fault("lectores", text, f"apague el otro programa, o use otro bot; luego {_RESTART}")
        return
    notes.ok("webhook", "ninguno, como pide el modo sondeo")
    _say_waiting(notes, hook, "el servicio no los está leyendo: mire telegram_has_another_reader en el registro")


async def _look_at_hook(patient: Patient, notes: Notes, hook: Mapping[str, Any]) -> None:
    secret = patient.settings.canales.telegram.secreto
    ours = f"{patient.public_url}/webhooks/telegram/{webhook_path(secret.get_secret_value() if secret else '')}"
    url = str(hook.get("url") or "")
    if not url:
        notes.fault("webhook", "Telegram no tiene ninguno: no entrega nada", _RESTART)
    elif url != ours:
        other = urlsplit(url).hostname
        same = other == urlsplit(ours).hostname
        text = "tiene otra dirección nuestra, de otro secreto" if same else f"lo tiene otro programa, en {other}"
        notes.fault("webhook", text, _RESTART if same else f"apague el otro programa, o use otro bot; luego {_RESTART}")
    else:
        notes.ok("webhook", "Telegram llama a nuestra dirección")
    port = urlsplit(ours).port or 443
    if port not in _PORTS:
        notes.fault("puerto", f"Telegram no llama al {port}", "use 443, 80, 88 u 8443 en server.public_url")
    missing = sorted(set(ALLOWED_UPDATES) - set(hook.get("allowed_updates") or ALLOWED_UPDATES))
    if url and missing:
        notes.fault("novedades", f"Telegram no entrega: {', '.join(missing)}", _RESTART)
    _say_last_error(patient, notes, hook)
    _say_waiting(notes, hook, "mire la última falla y que la dirección conteste")
    await _look_at_door(patient, notes, ours, secret.get_secret_value() if secret else "")


def _say_last_error(patient: Patient, notes: Notes, hook: Mapping[str, Any]) -> None:
    moment, words = hook.get("last_error_date"), hook.get("last_error_message")
    if not isinstance(moment, int) or not words:
        return
    ago = patient.clock.now() - datetime.fromtimestamp(moment, UTC)
    text = f"hace {span(ago)} Telegram no pudo entregar: {quoted(words)}"
    if ago < _FRESH:
        notes.fault("última falla", text, "corrija la dirección o el certificado; lo que espera llega después")
    else:
        notes.ok("última falla", text)


def _say_waiting(notes: Notes, hook: Mapping[str, Any], remedy: str) -> None:
    waiting = hook.get("pending_update_count")
    if isinstance(waiting, int) and waiting >= _MANY_WAITING:
        notes.fault("en espera", f"{waiting} mensajes sin recoger; Telegram los guarda un día", remedy)
    elif isinstance(waiting, int) and waiting:
        notes.warn("en espera", f"{waiting} sin recoger", f"repita en un minuto; si siguen, {remedy}")
    else:
        notes.ok("en espera", "nada")


async def _look_at_door(patient: Patient, notes: Notes, url: str, secret: str) -> None:
    """Knock without the secret, which must be refused, and with it and nothing to say, which must be understood."""
    if not patient.answers:
        notes.warn("puerta", "no se revisó: la dirección pública no contesta bien", "corrija eso primero")
        return
    bare = await patient.wire.ask("POST", url, content=b"{}")
    known = await patient.wire.ask("POST", url, content=b"{}", headers={SECRET_HEADER: secret})
    if bare.status == _NOT_FOUND or known.status == _UNAUTHORIZED:
        notes.fault("puerta", "el servicio en marcha tiene otro secreto u otro modo", "reinícielo con estos ajustes")
    elif bare.status != _UNAUTHORIZED:
        notes.fault("puerta", f"sin el secreto contesta {bare.status} y debía ser 401", "mire qué hace el proxy")
    elif known.status != _MALFORMED:
        notes.fault(
            "puerta", f"con el secreto contesta {known.status}", "el proxy debe pasar los encabezados y el cuerpo"
        )
    else:
        notes.ok("puerta", "rechaza a quien no trae el secreto y entiende a quien lo trae")


async def _look_for_readers(patient: Patient, notes: Notes) -> None:
    """Read without confirming anything; whoever reads at the same time is thrown out and comes back."""
    if patient.is_running_here:
        notes.warn("lectores", "no se preguntó: el servicio corre aquí y es uno", "deténgalo y repita con --readers")
        return
    for _ in range(3):
        try:
            await _call(patient, "getUpdates", limit=1, timeout=2)
        except _Refused as error:
            if error.code != _CONFLICT:
                raise
            notes.fault("lectores", "otro programa está leyendo con este bot", "apáguelo, o use otro bot")
            return
    notes.ok("lectores", "nadie más lee con este bot")


async def _call(patient: Patient, method: str, **fields: int) -> dict[str, Any]:
    telegram = patient.settings.canales.telegram
    token = telegram.token.get_secret_value() if telegram.token else ""
    reply = await patient.wire.ask("POST", f"{telegram.url.rstrip('/')}/bot{token}/{method}", data=fields)
    if reply.drift_s is not None:
        patient.drifts["Telegram"] = reply.drift_s
    document = reply.json()
    result = document.get("result")
    if reply.status == 200 and document.get("ok") is True:  # noqa: PLR2004 - HTTP's own
        return result if isinstance(result, dict) else {}
    code = document.get("error_code")
    raise _Refused(
        code if isinstance(code, int) else reply.status, str(document.get("description") or "sin explicación")
    )
