"""Looks at the certificate of an HTTPS address: who it is for, until when, and whether everybody will believe it."""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from cryptography import x509
from cryptography.x509.oid import ExtensionOID

from bot.doctor.wire import NoReply, why

if TYPE_CHECKING:
    from datetime import datetime

#: What OpenSSL calls the ways in which a certificate is not believed (``X509_V_ERR_…``).
_NOT_YET, _EXPIRED, _SELF_SIGNED, _PRIVATE_ROOT, _WRONG_NAME = 9, 10, 18, 19, 62
_NO_ISSUER: Final = frozenset({2, 20, 21})
_TWO_WEEKS: Final = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a server showed; ``problem`` and ``remedy`` are empty when it is believed."""

    names: tuple[str, ...]
    begins_at: datetime
    ends_at: datetime
    problem: str = ""
    remedy: str = ""

    def days_left(self, now: datetime) -> int:
        """Return how many whole days it still holds."""
        return (self.ends_at - now).days

    def is_ending(self, now: datetime) -> bool:
        """Tell whether it should have been renewed by now: a quarter of its life is left, or two weeks."""
        quarter = (self.ends_at - self.begins_at) / 4
        return (self.ends_at - now) < min(quarter, _TWO_WEEKS)


async def look(host: str, port: int, trust: ssl.SSLContext, deadline_s: float) -> Certificate:
    """Return the certificate of ``host``, and why it would be refused.

    Raises:
        NoReply: nothing answers there, or not with TLS.
    """
    try:
        der, _ = await _handshake(host, port, trust, deadline_s)
    except ssl.SSLCertVerificationError as error:
        refused = error
    except (OSError, TimeoutError) as error:
        raise NoReply(why(error, deadline_s)) from None
    else:
        return _read(der)
    blind = ssl.create_default_context()
    blind.check_hostname = False
    blind.verify_mode = ssl.CERT_NONE
    try:
        der, sent = await _handshake(host, port, blind, deadline_s)
    except (OSError, TimeoutError) as error:
        raise NoReply(why(error, deadline_s)) from None
    certificate = _read(der)
    problem, remedy = _why_refused(refused.verify_code, certificate, host, sent)
    return replace(certificate, problem=problem, remedy=remedy)


async def _handshake(host: str, port: int, trust: ssl.SSLContext, deadline_s: float) -> tuple[bytes, int]:
    """Return the server's certificate and how many it sent with it, itself included (0 if that cannot be seen)."""
    async with asyncio.timeout(deadline_s):
        _, writer = await asyncio.open_connection(host, port, ssl=trust, server_hostname=host)
        try:
            channel = writer.get_extra_info("ssl_object")
            der: bytes = channel.getpeercert(binary_form=True)
            chain = getattr(channel, "get_unverified_chain", None)  # Python 3.13
            if chain is None:
                chain = getattr(getattr(channel, "_sslobj", None), "get_unverified_chain", None)
            return der, len(chain() or ()) if chain else 0
        finally:
            writer.transport.abort()


def _read(der: bytes) -> Certificate:
    parsed = x509.load_der_x509_certificate(der)
    names: list[str] = []
    try:
        extension = parsed.extensions.get_extension_for_oid(ExtensionOID.SUBJECT_ALTERNATIVE_NAME).value
    except x509.ExtensionNotFound:
        extension = None
    if isinstance(extension, x509.SubjectAlternativeName):
        names = [str(name.value) for name in extension if isinstance(name, x509.DNSName | x509.IPAddress)]
    return Certificate(tuple(names), parsed.not_valid_before_utc, parsed.not_valid_after_utc)


def _why_refused(code: int, certificate: Certificate, host: str, sent: int) -> tuple[str, str]:
    renew = "renuévelo y haga que el proxy lo lea de nuevo"
    if code == _EXPIRED:
        return f"venció el {certificate.ends_at:%Y-%m-%d}", renew
    if code == _NOT_YET:
        return f"todavía no vale: empieza el {certificate.begins_at:%Y-%m-%d}", "revise la hora de esta máquina"
    if code == _WRONG_NAME:
        shown = ", ".join(certificate.names[:3]) or "ningún nombre"
        return f"es de {shown} y no de {host}", "pida uno con ese nombre, o corrija server.public_url"
    if code == _SELF_SIGNED:
        return "lo firmó la propia máquina", "pida uno a una autoridad pública; el proxy de deploy/ lo hace solo"
    if code == _PRIVATE_ROOT:
        return "lo firmó una autoridad privada", "Meta y Telegram no la conocen: pida uno a una autoridad pública"
    if code in _NO_ISSUER and sent <= 1:
        return "llega sin el certificado intermedio", "ponga en el proxy la cadena completa (fullchain.pem)"
    if code in _NO_ISSUER:
        return "lo firmó alguien que no se conoce", "pida uno a una autoridad pública"
    return f"no se acepta (OpenSSL {code})", "pida uno nuevo a una autoridad pública"
