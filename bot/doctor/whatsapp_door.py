"""Our own door for WhatsApp, knocked at from outside as Meta does, and as somebody else would."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.channels.whatsapp.signature import SIGNATURE_HEADER, sign
from bot.doctor.wire import NoReply

if TYPE_CHECKING:
    from bot.doctor.findings import Notes
    from bot.doctor.patient import Patient

#: A webhook in which nothing happened: it is signed, understood and changes nothing.
_NOTHING: Final = b'{"object": "whatsapp_business_account", "entry": []}'
_CHALLENGE: Final = "1158201444"
#: Nobody chooses this one.
_OTHER_WORD: Final = "atiende-doctor-otra-palabra"
_OK, _NOT_FOUND = 200, 404
_REFUSED: Final = frozenset({401, 403})
_RESTART: Final = "reinicie el servicio con estos ajustes"
_BODY: Final = "el proxy debe pasar el cuerpo y los encabezados sin tocarlos"


async def look_at_door(patient: Patient, notes: Notes) -> None:
    """Do the handshake with the right word and a wrong one, and post with the right signature and without."""
    if not patient.answers:
        notes.warn("puerta", "no se revisó: la dirección pública no contesta bien", "corrija eso primero")
        return
    url = f"{patient.public_url}/webhooks/whatsapp/"
    settings = patient.settings.canales.whatsapp
    word = settings.verificacion.get_secret_value() if settings.verificacion else ""
    secret = settings.secreto.get_secret_value() if settings.secreto else ""
    try:
        if not await _greet(patient, notes, url, word):
            return
        signed = {SIGNATURE_HEADER: sign(_NOTHING, secret), "Content-Type": "application/json"}
        good = await patient.wire.ask("POST", url, content=_NOTHING, headers=signed)
        bad = await patient.wire.ask("POST", url, content=_NOTHING, headers={"Content-Type": "application/json"})
    except NoReply as error:
        notes.fault("puerta", f"dejó de contestar: {error}", "mire el registro del servicio y del proxy")
        return
    if good.status in _REFUSED:
        text = "rechaza lo firmado con la clave: el servicio en marcha tiene otra, o el proxy cambia el cuerpo"
        notes.fault("firma", text, f"{_RESTART}; {_BODY}")
    elif good.status != _OK:
        notes.fault("firma", f"lo bien firmado recibe {good.status} y debía ser 200", _BODY)
    elif bad.status not in _REFUSED:
        notes.fault(
            "firma", f"lo que no está firmado recibe {bad.status} y debía ser 401", "mire qué contesta el proxy"
        )
    else:
        notes.ok("firma", "acepta lo firmado con la clave y rechaza lo demás")


async def _greet(patient: Patient, notes: Notes, url: str, word: str) -> bool:
    """Do the handshake; return whether there is a door at all."""
    query = {"hub.mode": "subscribe", "hub.challenge": _CHALLENGE}
    known = await patient.wire.ask("GET", url, params={**query, "hub.verify_token": word})
    other = await patient.wire.ask("GET", url, params={**query, "hub.verify_token": _OTHER_WORD})
    if known.status == _NOT_FOUND:
        notes.fault("saludo", "/webhooks/whatsapp/ no existe en el servicio en marcha", f"{_RESTART}, o mire el proxy")
    elif known.status in _REFUSED:
        notes.fault("saludo", "rechaza la palabra de verificación: el servicio en marcha tiene otra", _RESTART)
    elif known.status != _OK or known.text != _CHALLENGE:
        notes.fault("saludo", f"contesta {known.status} y no devuelve el reto", "mire qué hace el proxy con /webhooks/")
    elif other.status not in _REFUSED:
        notes.fault("saludo", f"con otra palabra contesta {other.status} y debía ser 403", "mire qué contesta el proxy")
    else:
        notes.ok("saludo", "devuelve el reto de Meta, y solo con la palabra de verificación")
    return known.status != _NOT_FOUND
