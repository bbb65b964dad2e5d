"""Our real client of WhatsApp against Prism, which judges and answers by Meta's own specification.

Run by ``make test-emulators``. ``MENDED`` and ``GAPS`` list where the specification of 2025-11 lags behind the API.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from bot.channels.base import Address, Media, Notice, Option, Say, Verdict
from bot.channels.whatsapp.approval import wanted
from bot.channels.whatsapp.channel import WhatsAppChannel
from bot.channels.whatsapp.client import CloudApi
from bot.kernel.errors import MediaUnavailable
from tests.channels.case_whatsapp import make_channel
from tests.channels.whatsapp_pywa import ENTRY, NOTICE, PLAIN_NOTICE, TEMPLATES
from tests.emulators.programs import prism
from tests.support.bot_api_spec import fixtures_folder
from tests.support.fake_whatsapp import NUMBER_ID, PERSON, PHONE, TOKEN, FakeWhatsApp
from tests.support.meta_spec import SPECIFICATION

YES, NO = Option("o1", "Sí"), Option("o2", "No")
FILE = Media("document", "c:7", "application/pdf")
TO = Address("whatsapp", NUMBER_ID, PERSON, phone=f"+{PHONE}")
WITHOUT_PHONE = Address("whatsapp", NUMBER_ID, PERSON)

ACCEPTED: dict[str, Say | Notice] = {
    "text": Say("hola"),
    "reply buttons": Say("¿Es correcto?", (YES, NO)),
    "list": Say("Elija", tuple(Option(f"o{number}", f"Opción {number}", "más") for number in range(5))),
    "document": Say("Su constancia.", media=(FILE,)),
    "document with buttons": Say("¿Es correcto?", (YES, NO), media=(FILE,)),
    "image": Say("El plano.", media=(Media("image", "c:7", "image/png"),)),
    "video": Say("Así se lee.", media=(Media("video", "c:7", "video/mp4"),)),
    "audio": Say("", media=(Media("audio", "c:7", "audio/ogg"),)),
    "sticker": Say("", media=(Media("sticker", "c:7", "image/webp"),)),
    "template": PLAIN_NOTICE,
}
#: What Prism refuses although the API takes it, and the reason of Prism's that is a fault of the specification.
GAPS: dict[str, tuple[Address, Say | Notice, str]] = {
    "location request": (TO, Say("¿Dónde es?", ask="location"), "interactive.type must be equal to one of"),
    "link button": (
        TO,
        Say("Puede pagar en línea.", (Option("o1", "Pagar", url="https://pagos.example/7"),)),
        "interactive.type must be equal to one of",
    ),
    "scoped id": (WITHOUT_PHONE, Say("hola"), "found 'recipient'"),
    "template with buttons": (TO, NOTICE, 'index must match pattern "^[2-6, 11-14]$"'),
}
#: What is changed on the way to Prism so that the rest of the message is judged, and why.
MENDED = {
    "biz_opaque_callback_data": "in Meta's reference and not in the specification: left out",
    "parameter_name": "named values are younger than the specification: left out",
    "policy": "the specification insists on it, Meta's reference does not: added",
}


class Mending(httpx.AsyncHTTPTransport):
    """The way to Prism; ``mended`` tells what was changed, ``answer`` is the last one."""

    def __init__(self) -> None:
        super().__init__()
        self.mended: set[str] = set()
        self.answer = httpx.Response(500)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/messages"):
            body = self._mend(json.loads(request.content))
            headers = {key: value for key, value in request.headers.items() if key != "content-length"}
            request = httpx.Request(request.method, request.url, headers=headers, json=body)
        self.answer = await super().handle_async_request(request)
        await self.answer.aread()
        return self.answer

    def reasons(self) -> str:
        """Return why Prism refused, as it says it."""
        return "\n".join(one["message"] for one in self.answer.json()["validation"])

    def _mend(self, body: dict[str, Any]) -> dict[str, Any]:
        if body.pop("biz_opaque_callback_data", None):
            self.mended.add("biz_opaque_callback_data")
        template = body.get("template", {})
        if template:
            self.mended.add("policy")
            template["language"]["policy"] = "deterministic"
        for component in template.get("components", ()):
            for parameter in component["parameters"]:
                if parameter.pop("parameter_name", None):
                    self.mended.add("parameter_name")
        return body


@asynccontextmanager
async def opened() -> AsyncIterator[tuple[WhatsAppChannel, CloudApi, Mending]]:
    """Run Prism and give our channel and the calls below it."""
    fixtures = fixtures_folder()
    assert fixtures is not None
    async with prism(fixtures / SPECIFICATION) as url:
        way = Mending()
        channel = make_channel(FakeWhatsApp(), api_url=url, transport=way, templates=TEMPLATES)
        api = CloudApi(url=url, version="v23.0", number_id=NUMBER_ID, token=TOKEN, transport=way)
        yield channel, api, way
        await channel.close()


# One start of Prism costs more than all of these calls together.
async def test_prism_accepts_what_we_send_but_for_the_gaps_of_the_specification() -> None:
    async with opened() as (channel, api, way):
        for name, what in ACCEPTED.items():
            sent = await channel.send(TO, what, name)
            assert (sent.verdict, str(sent.ref)[:6]) == (Verdict.OK, "wamid."), f"{name}: {way.answer.text[:2000]}"
        for name, (to, what, reason) in GAPS.items():
            sent = await channel.send(to, what, name)
            assert (sent.verdict, way.answer.status_code) == (Verdict.BUG, 422), name
            assert reason in way.reasons(), name
        assert way.mended == set(MENDED)

        created = await api.create_template("102290129340398", wanted("corte_programado", ENTRY, "es"))
        listed = await api.templates("102290129340398", fields="name,status", limit=10)
        assert (created.status, json.loads(created.body)["status"]) == (200, "PENDING")
        assert (listed.status, json.loads(listed.body)["data"][0]["status"]) == (200, "APPROVED")

        # Gaps, too: the read mark has an example there and no schema; an id alone stands for a profile.
        read = await api.mark_read("wamid.entra")
        assert read.status == 422
        assert "found 'typing_indicator'" in way.reasons()
        with pytest.raises(MediaUnavailable, match="no address for the file"):
            await api.download("1234567890123456")
