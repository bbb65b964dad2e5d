"""Who calls: Meta signs the raw bytes of every webhook with the app's secret, and greets once with a token of ours."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

from bot.kernel.errors import BadHandshake, BadSignature

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SIGNATURE_HEADER = "x-hub-signature-256"
_PREFIX = "sha256="
_LONGEST_CHALLENGE = 200


def sign(body: bytes, secret: str) -> str:
    """Return the header's value for ``body``: ``sha256=`` and the HMAC-SHA256 in hex."""
    return _PREFIX + hmac.new(secret.encode(), body, "sha256").hexdigest()


def check_signature(body: bytes, headers: Mapping[str, str], secrets: Sequence[str]) -> None:
    """Accept ``body`` when one of ``secrets`` signed it; while a secret is changed, the old and the new one hold.

    Raises:
        BadSignature: no header, another one, or no secret is known.
    """
    given = next((value for name, value in headers.items() if name.lower() == SIGNATURE_HEADER), "").encode()
    # Every secret is compared, so that the time says nothing about which one fits.
    fits = [hmac.compare_digest(sign(body, secret).encode(), given) for secret in secrets if secret]
    if not any(fits):
        message = "the request is not signed with the app's secret"
        raise BadSignature(message)


def greet(query: Mapping[str, str], verify_token: str) -> str:
    """Return the challenge of Meta's handshake, to be answered as plain text.

    Raises:
        BadHandshake: not a handshake, or without the token that was agreed.
    """
    given = query.get("hub.verify_token", "")
    challenge = query.get("hub.challenge", "")
    is_known = bool(verify_token) and hmac.compare_digest(given.encode(), verify_token.encode())
    # What is echoed must be harmless: Meta sends a number.
    if query.get("hub.mode") != "subscribe" or not is_known or not _is_harmless(challenge):
        message = "not the handshake that was agreed with Meta"
        raise BadHandshake(message)
    return challenge


def _is_harmless(challenge: str) -> bool:
    return 0 < len(challenge) <= _LONGEST_CHALLENGE and challenge.isascii() and challenge.isalnum()
