"""The web chat as a browser meets it: page, policy, widget, and the way down."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from bot.doctor.wire import NoReply

if TYPE_CHECKING:
    from bot.doctor.findings import Notes
    from bot.doctor.patient import Patient
    from bot.doctor.wire import Reply

#: Any 16 bytes: the handshake wants them, and they are no secret (RFC 6455 §4.1).
_KEY: Final = base64.b64encode(b"atiende doctor 1").decode()
_OK, _SWITCHED = 200, 101


async def look_at_webchat(patient: Patient, notes: Notes) -> None:
    """Open the page and the widget, and ask for a socket."""
    _look_at_sites(patient, notes)
    if not patient.answers:
        notes.warn("página", "no se revisó: la dirección pública no contesta bien", "corrija eso primero")
        return
    try:
        page = await patient.wire.ask("GET", f"{patient.public_url}/")
        widget = await patient.wire.ask("GET", f"{patient.public_url}/widget.js")
        socket = await _socket(patient)
    except NoReply as error:
        notes.fault("página", f"no llega: {error}", "mire el proxy")
        return
    if page.status != _OK or "text/html" not in page.headers.get("content-type", ""):
        notes.fault("página", f"contesta {page.status}", "el servicio en marcha no tiene el chat encendido: reinícielo")
        return
    _look_at_policy(patient, notes, page)
    foreign = widget.headers.get("cross-origin-resource-policy") == "cross-origin"
    if widget.status == _OK and foreign:
        notes.ok("botón", "widget.js llega y se puede poner en otros sitios")
    else:
        text = f"widget.js contesta {widget.status}" if widget.status != _OK else "el proxy le cambia los encabezados"
        notes.fault("botón", text, "deje pasar /widget.js como sale de Atiende")
    if socket == _SWITCHED:
        notes.ok("WebSocket", "pasa")
    else:
        text = f"no pasa (contesta {socket}): la página pregunta cada tanto, y gasta más"
        notes.warn("WebSocket", text, "permita en el proxy el cambio a WebSocket en /chat/api/ws")


def _look_at_sites(patient: Patient, notes: Notes) -> None:
    sites = patient.settings.canales.webchat.origenes
    if not sites:
        notes.ok("sitios", "ninguno lo incrusta: solo se usa en su propia dirección")
        return
    is_secure = patient.public_url.startswith("https://")
    for site in sites:
        parts = urlsplit(site)
        if parts.username or parts.path or parts.query or not parts.hostname:
            notes.fault("sitios", f"{site} no es un origen", "solo esquema y nombre: https://empresa.example")
        elif parts.scheme == "http" and is_secure:
            notes.warn("sitios", f"{site} no es https: cualquiera en el camino puede cambiar su página", "use https")
    if not any(found.topic == "sitios" for found in notes.findings):
        notes.ok("sitios", f"pueden incrustarlo {', '.join(sites)}")


def _look_at_policy(patient: Patient, notes: Notes, page: Reply) -> None:
    policy = page.headers.get("content-security-policy", "")
    rules = {words[0]: words[1:] for rule in policy.split(";") if (words := rule.split())}
    missing = [
        site for site in patient.settings.canales.webchat.origenes if site not in rules.get("frame-ancestors", [])
    ]
    host = urlsplit(patient.public_url).netloc
    if not rules:
        notes.fault("página", "llega sin política de contenido (CSP)", "el proxy la quita: déjela pasar")
    elif missing:
        text = f"el servicio en marcha no deja que la incruste {', '.join(missing)}"
        notes.fault("página", text, "reinícielo con estos ajustes; o el proxy cambia la política")
    elif f"wss://{host}" not in rules.get("connect-src", []):
        notes.warn(
            "página", "el proxy no pasa el nombre con que la gente llega", "que el proxy conserve el encabezado Host"
        )
    else:
        notes.ok("página", "llega con su política de contenido")


async def _socket(patient: Patient) -> int:
    """Return the status with which a WebSocket is answered; 101 is yes. Nothing is said on it."""
    headers = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": _KEY,
        "Origin": patient.public_url,
    }
    return (await patient.wire.ask("GET", f"{patient.public_url}/chat/api/ws", headers=headers)).status
