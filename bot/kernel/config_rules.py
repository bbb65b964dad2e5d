"""Rules about several settings at once; they look at the raw values, so they speak even when types are wrong."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.kernel.source import Where

_DEMO_NIT = "900123456-8"
_NIT_WEIGHTS = (3, 7, 13, 17, 19, 23, 29, 37, 41)
_NIT_LENGTH = 11
_WHATSAPP_SECRETS = {
    "token": "ATIENDE_WHATSAPP_TOKEN",
    "secreto": "ATIENDE_WHATSAPP_SECRET",
    "verificacion": "ATIENDE_WHATSAPP_VERIFY",
}
_WHATSAPP_BATCH = 3_000_000
_BODY_BYTES = 1_000_000  # the default of server.max_body_bytes
_LOOPBACK = re.compile(r"http://(127\.\d+\.\d+\.\d+|localhost|\[::1\])(:\d+)?(/|$)")


def rules(tree: dict[str, Any]) -> Iterator[tuple[Where, str]]:
    """Yield the path and the sentence of every rule that the settings in ``tree`` break."""
    yield from _nit(tree)
    yield from _telegram(tree)
    yield from _whatsapp(tree)
    yield from _mail(tree)
    yield from _sms(tree)
    if tree.get("mode") == "production":
        yield from _production(tree)


def nit_digit(number: str) -> int:
    """Return the check digit of a NIT of nine digits (weights 3, 7, 13… from the right, modulo 11)."""
    total = sum(int(digit) * weight for digit, weight in zip(reversed(number), _NIT_WEIGHTS, strict=True)) % 11
    return total if total < 2 else 11 - total  # noqa: PLR2004 - the rule's own constant


def _nit(tree: dict[str, Any]) -> Iterator[tuple[Where, str]]:
    nit = _block(tree, "empresa").get("nit")
    if isinstance(nit, str) and len(nit) == _NIT_LENGTH and nit[:9].isdecimal() and nit[9] == "-":
        digit = nit_digit(nit[:9])
        if nit[10] != str(digit):
            yield ("empresa", "nit"), f"{nit!r} is not allowed; its check digit should be {digit}"


def _telegram(tree: dict[str, Any]) -> Iterator[tuple[Where, str]]:
    where: Where = ("canales", "telegram")
    block = _block(_block(tree, "canales"), "telegram")
    if block.get("activo") is not True:
        return
    if "token" not in block:
        yield where, "token is missing while activo is true; expected token: ${ATIENDE_TELEGRAM_TOKEN}"
    if block.get("modo") == "webhook" and "secreto" not in block:
        yield where, "secreto is missing while modo is webhook; expected secreto: ${ATIENDE_TELEGRAM_SECRET}"


def _whatsapp(tree: dict[str, Any]) -> Iterator[tuple[Where, str]]:
    where: Where = ("canales", "whatsapp")
    block = _block(_block(tree, "canales"), "whatsapp")
    if block.get("activo") is not True:
        return
    if not block.get("numero_id"):
        yield where, 'numero_id is missing while activo is true; expected for example numero_id: "106540352242922"'
    for key, name in _WHATSAPP_SECRETS.items():
        if not block.get(key):
            yield where, f"{key} is missing while activo is true; expected {key}: ${{{name}}}"
    limit = _block(tree, "server").get("max_body_bytes", _BODY_BYTES)
    if isinstance(limit, int) and limit < _WHATSAPP_BATCH:
        # A refused batch comes again for days and is lost in the end.
        yield (
            ("server", "max_body_bytes"),
            f"{limit} is too small for WhatsApp, whose batches have up to {_WHATSAPP_BATCH} bytes",
        )


def _mail(tree: dict[str, Any]) -> Iterator[tuple[Where, str]]:
    where: Where = ("canales", "correo")
    block = _block(_block(tree, "canales"), "correo")
    if block.get("activo") is False or block.get("modo") != "smtp":
        return
    if not block.get("servidor"):
        yield where, "servidor is missing while modo is smtp; expected for example servidor: smtp.empresa.example"
    if block.get("usuario") and not block.get("clave"):
        yield where, "clave is missing while there is a usuario; expected clave: ${ATIENDE_SMTP_CLAVE}"


def _sms(tree: dict[str, Any]) -> Iterator[tuple[Where, str]]:
    where: Where = ("canales", "sms")
    block = _block(_block(tree, "canales"), "sms")
    if block.get("activo") is False or block.get("modo") != "http":
        return
    if not block.get("url"):
        yield where, "url is missing while modo is http; expected for example url: https://sms.proveedor.example/v1"
    template = block.get("plantilla")
    if isinstance(template, str):
        try:
            json.loads(template)
        except ValueError:
            yield (*where, "plantilla"), 'is not JSON; expected for example \'{"to": "{numero}", "text": "{texto}"}\''
        if "{numero}" not in template or "{texto}" not in template:
            yield (*where, "plantilla"), "needs {numero} and {texto}, where the number and the message go"


def _production(tree: dict[str, Any]) -> Iterator[tuple[Where, str]]:
    if tree.get("now"):
        yield ("now",), "a shifted clock is not allowed in production; remove it (and ATIENDE_NOW)"
    if "data_key" not in tree:
        yield ("data_key",), "is missing; production needs data_key: ${ATIENDE_DATA_KEY}"
    url = _block(tree, "server").get("public_url")
    if not isinstance(url, str) or not url.startswith("https://"):
        yield (
            ("server", "public_url"),
            f"{url!r} is not allowed; production needs https, for example https://atencion.empresa.example",
        )
    billing = _block(_block(tree, "facturacion"), "sistema").get("url")
    if isinstance(billing, str) and billing.startswith("http://") and not _LOOPBACK.match(billing):
        yield (
            ("facturacion", "sistema", "url"),
            "bills are personal: production asks for them over https, or on this very machine",
        )
    if _block(tree, "empresa").get("nit") == _DEMO_NIT:
        yield ("empresa", "nit"), "this is the invented utility of the demo; write your own company before production"


def _block(tree: dict[str, Any], key: str) -> dict[str, Any]:
    block = tree.get(key)
    return block if isinstance(block, dict) else {}
