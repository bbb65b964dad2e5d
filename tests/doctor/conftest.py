"""An installation with every channel on, whose providers are fakes and whose address is ours to break."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot.doctor.findings import Finding, Notes, secrets_of
from bot.doctor.patient import Look, Patient
from bot.doctor.wire import Wire
from bot.kernel.clock import SystemClock
from bot.kernel.config import Settings
from tests.support.fake_meta import ACCOUNT, SECRET, FakeMeta
from tests.support.fake_telegram import TOKEN as BOT_TOKEN
from tests.support.fake_telegram import FakeTelegram
from tests.support.fake_whatsapp import NUMBER_ID, TOKEN
from tests.support.fake_whatsapp import URL as GRAPH
from tests.support.settings import make_settings
from tests.support.tls import Pair, make

PUBLIC = "https://localhost"
VERIFY, HOOK_SECRET = "palabra-de-verificacion", "secreto-del-webhook"
SECRETS = (TOKEN, BOT_TOKEN, SECRET, VERIFY, HOOK_SECRET)


def changed(settings: Settings, **blocks: dict[str, Any]) -> Settings:
    """Return ``settings`` with other values in ``server`` or in the block of a channel."""
    channels = settings.canales.model_copy(
        update={
            name: getattr(settings.canales, name).model_copy(update=values)
            for name, values in blocks.items()
            if name != "server"
        }
    )
    server = settings.server.model_copy(update=blocks.get("server", {}))
    return settings.model_copy(update={"canales": channels, "server": server})


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return changed(
        make_settings(tmp_path),
        server={"public_url": PUBLIC, "max_body_bytes": 3_000_000, "trusted_proxies": ("127.0.0.1",)},
        webchat={"origenes": ("https://empresa.example",)},
        telegram={
            "activo": True,
            "token": SecretStr(BOT_TOKEN),
            "modo": "webhook",
            "secreto": SecretStr(HOOK_SECRET),
        },
        whatsapp={
            "activo": True,
            "numero_id": NUMBER_ID,
            "cuenta_id": ACCOUNT,
            "token": SecretStr(TOKEN),
            "secreto": SecretStr(SECRET),
            "verificacion": SecretStr(VERIFY),
            "url": GRAPH,
        },
    )


@pytest.fixture
def meta() -> FakeMeta:
    return FakeMeta(PUBLIC)


@pytest.fixture
async def bot_api() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as server:
        yield server


@pytest.fixture(scope="session")
def authority() -> Pair:
    return make("Autoridad de Prueba", is_authority=True)


@pytest.fixture(scope="session")
def good(authority: Pair) -> Pair:
    return make("localhost", by=authority)


@pytest.fixture
def seen() -> Iterator[list[Finding]]:
    """Collect what is found; no secret may be in it, whatever it is."""
    found: list[Finding] = []
    yield found
    for finding in found:
        for secret in SECRETS:
            assert secret not in finding.text + finding.remedy


async def visit(settings: Settings, look: Look, seen: list[Finding], **more: Any) -> dict[str, Finding]:
    """Let the doctor look at one area; return the worst finding of each topic."""
    mounts, patient_is = more.pop("mounts", None), more.pop("patient", {})
    async with Wire(SystemClock(), mounts=mounts, deadline_s=more.pop("deadline_s", 2.0), **more) as wire:
        patient = Patient(settings, wire, SystemClock(), **patient_is)
        seen += await patient.look("Área", look)
        await patient.close()
    order = ("ok", "warning", "fault")
    return {one.topic: one for one in sorted(seen, key=lambda one: order.index(one.state))}


def notebook(settings: Settings) -> Notes:
    return Notes("Área", secrets_of(settings))
