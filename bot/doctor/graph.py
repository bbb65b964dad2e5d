"""Questions to Meta's Graph API; the token travels only to Meta."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.doctor.findings import quoted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.doctor.patient import Patient

_OK = 200
_VERSION_HEADER = "facebook-api-version"


class MetaRefused(Exception):
    """Meta answered with an error; ``code`` is Meta's own, or 0 when it did not say one."""

    def __init__(self, status: int, error: Mapping[str, Any]) -> None:
        code, subcode = error.get("code"), error.get("error_subcode")
        self.status = status
        self.code = code if isinstance(code, int) else 0
        self.subcode = subcode if isinstance(subcode, int) else 0
        self.words = str(error.get("message") or "sin explicación")
        super().__init__(f"error {self.code or status}: {quoted(self.words)}")


@dataclass
class Graph:
    """The API for one number; ``used_version`` is the one that Meta says it used."""

    patient: Patient
    used_version: str = ""

    async def get(self, path: str, *, token: str = "", **query: str) -> dict[str, Any]:
        """Return the object at ``path``, asked for with our token or with ``token``.

        Raises:
            NoReply: Meta cannot be reached.
            MetaRefused: it answered with an error, or with something that is not JSON.
        """
        settings = self.patient.settings.canales.whatsapp
        reply = await self.patient.wire.ask(
            "GET",
            f"{settings.url.rstrip('/')}/{settings.version}/{path}",
            params=query,
            headers={"Authorization": f"Bearer {token or self.token}"},
        )
        if reply.drift_s is not None:
            self.patient.drifts["Meta"] = reply.drift_s
        self.used_version = reply.headers.get(_VERSION_HEADER, "") or self.used_version
        document = reply.json()
        error = document.get("error")
        if isinstance(error, dict):
            raise MetaRefused(reply.status, error)
        if reply.status != _OK or not document:
            raise MetaRefused(reply.status, {"message": f"contesta {reply.status} sin JSON"})
        return document

    @property
    def token(self) -> str:
        """Our access token."""
        token = self.patient.settings.canales.whatsapp.token
        return token.get_secret_value() if token else ""

    @property
    def secret(self) -> str:
        """The secret of the app."""
        secret = self.patient.settings.canales.whatsapp.secreto
        return secret.get_secret_value() if secret else ""

    @property
    def proof(self) -> str:
        """What shows Meta that who asks knows the app's secret: it signs the token."""
        return hmac.new(self.secret.encode(), self.token.encode(), "sha256").hexdigest()


def rows(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the objects of a list of Meta's."""
    found = document.get("data")
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
