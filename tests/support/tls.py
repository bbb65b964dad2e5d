"""Certificates of our own making, good and bad, and a proxy that puts HTTPS before a server on this machine."""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

_NOW = datetime.now(UTC).replace(microsecond=0)


@dataclass(frozen=True)
class Pair:
    """A certificate and its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def key_pem(self) -> bytes:
        return self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )


def make(
    name: str, *, by: Pair | None = None, is_authority: bool = False, begins: float = -30, ends: float = 60
) -> Pair:
    """Return a certificate for ``name`` signed by ``by`` (itself when None), from and until so many days from now."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    signer, signing = (subject, key) if by is None else (by.certificate.subject, by.key)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(signer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_NOW + timedelta(days=begins))
        .not_valid_after(_NOW + timedelta(days=ends))
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.public_key()), critical=False)
    )
    if is_authority:
        usage = x509.KeyUsage(
            digital_signature=True, content_commitment=False, key_encipherment=False, data_encipherment=False,
            key_agreement=False, key_cert_sign=True, crl_sign=True, encipher_only=False, decipher_only=False,
        )  # fmt: skip
        builder = builder.add_extension(usage, critical=True)
    else:
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
    return Pair(builder.sign(signing, hashes.SHA256()), key)


class TlsFront:
    """Use it with ``async with``: HTTPS at ``https://localhost:<port>``, passed on to ``upstream`` (a port) as it comes."""

    def __init__(self, folder: Path, leaf: Pair, *chain: Pair, upstream: int = 0) -> None:
        pem, key = folder / f"{id(self)}.pem", folder / f"{id(self)}.key"
        pem.write_bytes(b"".join(one.pem for one in (leaf, *chain)))
        key.write_bytes(leaf.key_pem)
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(pem, key)
        self.upstream = upstream
        self.port = 0
        self._server: asyncio.Server | None = None

    @property
    def url(self) -> str:
        return f"https://localhost:{self.port}"

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Front(self.upstream), "127.0.0.1", 0, ssl=self._context)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()


class _Back(asyncio.Protocol):
    """The way back: what the upstream says goes to the front."""

    def __init__(self, front: asyncio.Transport) -> None:
        self._front = front

    def data_received(self, data: bytes) -> None:
        self._front.write(data)

    def connection_lost(self, _: Exception | None) -> None:
        self._front.close()


class _Front(asyncio.Protocol):
    """The way there; what comes before the upstream is reached waits."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._waiting: list[bytes] = []
        self._upstream: asyncio.Transport | None = None
        self._connecting: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._connecting = asyncio.ensure_future(self._connect(transport))

    def data_received(self, data: bytes) -> None:
        if self._upstream is None:
            self._waiting.append(data)
        else:
            self._upstream.write(data)

    def connection_lost(self, _: Exception | None) -> None:
        assert self._connecting is not None
        self._connecting.cancel()
        if self._upstream is not None:
            self._upstream.close()

    async def _connect(self, front: asyncio.Transport) -> None:
        try:
            transport, _ = await asyncio.get_running_loop().create_connection(
                lambda: _Back(front), "127.0.0.1", self._port
            )
        except OSError:
            front.close()
            return
        self._upstream = transport
        for data in self._waiting:
            transport.write(data)
