"""The ways out for one-time codes: the mail server takes us in, the provider of text messages answers; nothing is sent."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from bot.channels.correo.post import Server, Smtp
from bot.doctor.wire import NoReply

if TYPE_CHECKING:
    from bot.doctor.findings import Notes
    from bot.doctor.patient import Patient

_REFUSES_US: Final = frozenset({"smtp:530", "smtp:534", "smtp:535"})


async def look_at_codes(patient: Patient, notes: Notes) -> None:
    """Knock at whatever carries codes; without any, nobody can prove an account."""
    settings = patient.settings
    senders = settings.code_senders
    if settings.is_production and not senders:
        text = "no hay correo ni mensajes de texto: nadie puede comprobar su cuenta"
        notes.warn("códigos", text, "canales.correo: modo smtp")
    if "correo" in senders and settings.canales.correo.modo == "smtp":
        await _knock_at_mail(patient, notes)
    if "sms" in senders and settings.canales.sms.modo == "http":
        await _knock_at_texts(patient, notes)


async def _knock_at_mail(patient: Patient, notes: Notes) -> None:
    asked = patient.settings.canales.correo
    password = asked.clave.get_secret_value() if asked.clave else ""
    server = Server(asked.servidor, asked.puerto, asked.tls, asked.usuario, password)
    code = await asyncio.to_thread(Smtp(server, timeout_s=patient.wire.deadline_s).knock)
    place = f"{asked.servidor}:{asked.puerto}"
    if not code:
        notes.ok("correo", f"{place} nos recibe")
    elif code in _REFUSES_US:
        notes.fault("correo", f"{place} no acepta el usuario o la clave", "corrija canales.correo.usuario y su clave")
    elif code == "smtp:tls":
        text = f"{place} no ofrece el cifrado que se pide, o su certificado no vale"
        notes.fault("correo", text, "corrija canales.correo.tls o el servidor")
    else:
        notes.fault("correo", f"{place} no nos recibe ({code.removeprefix('smtp:')})", "mire servidor, puerto y salida")


async def _knock_at_texts(patient: Patient, notes: Notes) -> None:
    url = patient.settings.canales.sms.url or ""
    host = urlsplit(url).hostname
    try:
        await patient.wire.ask("HEAD", url)
    except NoReply as error:
        notes.fault("mensajes de texto", f"{host} no contesta: {error}", "mire canales.sms.url y la salida a internet")
    else:
        # The key is tried only by a message, which costs and which somebody would receive.
        notes.ok("mensajes de texto", f"{host} contesta; la clave se prueba al enviar el primero")
