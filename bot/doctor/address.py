"""The address that people and providers see: its name, its certificate, and who answers behind it."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from bot.doctor.certificate import look
from bot.doctor.findings import counted
from bot.doctor.wire import NoReply

if TYPE_CHECKING:
    from bot.doctor.findings import Notes
    from bot.doctor.patient import Patient
    from bot.doctor.wire import Reply

_PARTS: Final = {"database": "la base de datos", "background": "los envíos o un canal", "model": "la comprensión"}
_START: Final = "arránquelo: atiende serve, o systemctl start atiende"
#: A proxy that may be anybody is no proxy: networks wider than this are whole countries.
_WIDEST_V4, _WIDEST_V6 = 8, 32


async def look_at_service(patient: Patient, notes: Notes) -> None:
    """Ask the service on this machine, without any proxy, how it is."""
    server = patient.settings.server
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(server.host, server.host)  # noqa: S104 - compared, not bound
    url = f"http://{f'[{host}]' if ':' in host else host}:{server.port}"
    try:
        live = await patient.wire.ask("GET", f"{url}/live")
    except NoReply as error:
        if urlsplit(patient.public_url).hostname == host:
            notes.fault("servicio", f"no contesta en {url}: {error}", _START)
            patient.answers = False
        else:
            notes.warn(
                "servicio", f"no contesta en {url}: {error}", f"si corre en otra máquina está bien; si no, {_START}"
            )
        return
    if not _is_ours(live):
        notes.fault("servicio", f"en {url} contesta otro programa", "cambie server.port o detenga el otro")
        return
    patient.is_running_here = True
    await _say_health(patient, notes, url)


async def look_at_address(patient: Patient, notes: Notes) -> None:
    """Follow the public address as a provider would, as far as that can be seen from here."""
    url = urlsplit(patient.public_url)
    host, port = url.hostname or "", url.port or (443 if url.scheme == "https" else 80)
    if url.scheme != "https":
        _say_plain(patient, notes)
    elif not await _is_named(notes, host) or not await _is_believed(patient, notes, host, port):
        patient.answers = False
    _look_at_proxies(patient, notes)
    if patient.answers is False:
        return
    try:
        live = await patient.wire.ask("GET", f"{patient.public_url}/live")
    except NoReply as error:
        patient.answers = False
        here = "el servicio sí corre aquí: mire el proxy y el cortafuegos" if patient.is_running_here else _START
        notes.fault("dirección", f"{patient.public_url}: {error}", here)
        return
    patient.answers = _is_ours(live)
    if not patient.answers:
        text = f"{patient.public_url} contesta {live.status}, y no es Atiende"
        remedy = "mire a dónde manda el proxy; /live debe llegar a Atiende"
        if url.path:
            remedy = f"server.public_url va sin «{url.path}»; si está bien, {remedy}"
        notes.fault("dirección", text, remedy)
        return
    notes.ok("dirección", f"{patient.public_url} contesta en {live.seconds * 1000:.0f} ms")
    if not patient.is_running_here:
        await _say_health(patient, notes, patient.public_url)


def _say_plain(patient: Patient, notes: Notes) -> None:
    canales = patient.settings.canales
    needing = [name for name, needs in (
        ("WhatsApp", canales.whatsapp.activo),
        ("Telegram en modo webhook", canales.telegram.activo and canales.telegram.modo == "webhook"),
    ) if needs]  # fmt: skip
    text, remedy = f"{patient.public_url} no es https", "server.public_url con https y un proxy: deploy/Caddyfile"
    if needing:
        notes.fault("https", f"{text}, y {' y '.join(needing)} lo exige", remedy)
    else:
        notes.warn("https", f"{text}: sirve para probar en esta máquina", remedy)


async def _is_named(notes: Notes, host: str) -> bool:
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        notes.fault(
            "nombre", f"{host} no existe en internet (DNS)", "cree el registro A o AAAA, o corrija server.public_url"
        )
        return False
    addresses = {ipaddress.ip_address(str(one[4][0]).partition("%")[0]) for one in found}
    if not any(one.is_global for one in addresses):
        text = f"desde aquí, {host} lleva a una dirección privada"
        notes.warn("nombre", text, "compruebe desde otra red que en internet lleva a la pública")
    else:
        notes.ok("nombre", f"{host} existe")
    return True


async def _is_believed(patient: Patient, notes: Notes, host: str, port: int) -> bool:
    """Look at the certificate; nobody talks to us through one that is refused."""
    try:
        found = await look(host, port, patient.wire.trust, patient.wire.deadline_s)
    except NoReply as error:
        here = "el servicio sí corre aquí: mire el proxy y el cortafuegos" if patient.is_running_here else _START
        notes.fault("dirección", f"{host}:{port}: {error}", here)
        return False
    now = patient.clock.now()
    left = counted(found.days_left(now), "día")
    if found.problem:
        notes.fault("certificado", found.problem, found.remedy)
    elif found.is_ending(now):
        notes.warn("certificado", f"vence en {left} y no se ha renovado", "mire por qué el proxy no lo renueva")
    else:
        notes.ok("certificado", f"vale para {host} y vence en {left}")
    return not found.problem


def _look_at_proxies(patient: Patient, notes: Notes) -> None:
    server = patient.settings.server
    remedy = "server.trusted_proxies: solo las direcciones de su proxy, por ejemplo [127.0.0.1]"
    for name in server.trusted_proxies:
        try:
            network = ipaddress.ip_network(name, strict=False)
        except ValueError:
            notes.fault("proxy", f"«{name}» no es una dirección: no se le cree", remedy)
            continue
        if network.prefixlen < (_WIDEST_V4 if network.version == 4 else _WIDEST_V6):  # noqa: PLR2004 - IPv4
            notes.fault("proxy", f"«{name}» es casi todo internet: cualquiera fingiría su dirección", remedy)
    if patient.public_url.startswith("https://") and not server.trusted_proxies:
        text = "ninguno de confianza: toda la gente parece venir de una sola dirección y comparte sus límites"
        notes.warn("proxy", text, remedy)


async def _say_health(patient: Patient, notes: Notes, url: str) -> None:
    try:
        health = await patient.wire.ask("GET", f"{url}/health")
    except NoReply as error:
        notes.fault("servicio", f"corre, y /health no contesta: {error}", "mire el registro del servicio")
        return
    checks = health.json().get("checks", {})
    bad = [_PARTS.get(name, name) for name, is_well in checks.items() if not is_well and name != "model"]
    if health.status == 200:  # noqa: PLR2004 - HTTP's own
        notes.ok("servicio", f"atiende en {url}")
    else:
        what = " y ".join(bad) or "no dice qué"
        notes.fault("servicio", f"corre y no puede atender: falla {what}", "mire el registro del servicio")


def _is_ours(live: Reply) -> bool:
    return live.status == 200 and live.json().get("status") == "ok"  # noqa: PLR2004 - HTTP's own
