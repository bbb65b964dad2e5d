"""The table of channels and the words they need."""

from __future__ import annotations

import hmac
import subprocess
import sys
from pathlib import Path

import pytest

from bot.channels.registry import CHANNELS, build_channels, webhook_routes
from bot.channels.words import load_words
from bot.kernel.clock import SystemClock
from bot.kernel.config import Settings, load_settings
from bot.kernel.errors import ConfigError
from tests.support.settings import ROOT, make_settings

TELEGRAM = """
canales:
  telegram: {activo: true, token: "${ATIENDE_TELEGRAM_TOKEN}", modo: %s, secreto: "${ATIENDE_TELEGRAM_SECRET}"}
"""


def settings_with(folder: Path, telegram: str, **environment: str) -> Settings:
    config = folder / "config.yaml"
    config.write_text((ROOT / "config.yaml").read_text(encoding="utf-8").split("\ncanales:")[0] + telegram)
    return load_settings(
        config,
        env={
            "ATIENDE_MODE": "test",
            "ATIENDE_DATA_DIR": str(folder),
            "ATIENDE_TELEGRAM_TOKEN": "123456:abc",
            "ATIENDE_TELEGRAM_SECRET": "un-secreto",
            **environment,
        },
    )


def test_every_channel_of_the_table_has_its_folder_and_name(tmp_path: Path) -> None:
    built = build_channels(make_settings(tmp_path), clock=SystemClock())

    assert set(built) <= set(CHANNELS)
    assert {"webchat", "rest", "terminal"} <= set(built)
    assert all(channel.name == name for name, channel in built.items())
    assert all((ROOT / "bot" / "channels" / name / "__init__.py").is_file() for name in CHANNELS)


def test_telegram_is_built_from_the_settings(tmp_path: Path) -> None:
    settings = settings_with(tmp_path, TELEGRAM % "sondeo")
    telegram = build_channels(settings, clock=SystemClock())["telegram"]

    assert telegram.account == "123456"  # type: ignore[attr-defined]
    assert webhook_routes(telegram) == []


WHATSAPP = """
server: {max_body_bytes: %s}
canales:
  whatsapp:
    activo: true
    numero_id: "%s"
    token: "${ATIENDE_WHATSAPP_TOKEN}"
    secreto: "${ATIENDE_WHATSAPP_SECRET}"
    secreto_anterior: "${ATIENDE_WHATSAPP_SECRET_OLD}"
    verificacion: "${ATIENDE_WHATSAPP_VERIFY}"
"""
WHATSAPP_SECRETS = {
    "ATIENDE_WHATSAPP_TOKEN": "EAAun-token",
    "ATIENDE_WHATSAPP_SECRET": "la-clave",
    "ATIENDE_WHATSAPP_SECRET_OLD": "la-anterior",
    "ATIENDE_WHATSAPP_VERIFY": "la-palabra",
}


def whatsapp_settings(folder: Path, *, limit: int = 3_000_000, number: str = "106540352242922") -> Settings:
    config = folder / "config.yaml"
    text = (ROOT / "config.yaml").read_text(encoding="utf-8").split("\ncanales:")[0]
    server = text.index("\nserver:")
    after = text.index("\n\n", server) if "\n\n" in text[server:] else len(text)
    config.write_text(text[:server] + text[after:] + WHATSAPP % (limit, number), encoding="utf-8")
    return load_settings(config, env={"ATIENDE_MODE": "test", "ATIENDE_DATA_DIR": str(folder), **WHATSAPP_SECRETS})


def test_whatsapp_is_built_from_the_settings_and_has_a_door_for_its_handshake(tmp_path: Path) -> None:
    whatsapp = build_channels(whatsapp_settings(tmp_path), clock=SystemClock())["whatsapp"]
    doors = {method: read for _, method, read in webhook_routes(whatsapp)}
    query = {"hub.mode": "subscribe", "hub.challenge": "42", "hub.verify_token": "la-palabra"}

    assert whatsapp.account == "106540352242922"  # type: ignore[attr-defined]
    assert doors["GET"](query) == "42"  # type: ignore[call-arg]
    for secret in ("la-clave", "la-anterior"):
        body = b'{"object": "whatsapp_business_account", "entry": []}'
        signature = hmac.new(secret.encode(), body, "sha256").hexdigest()
        assert whatsapp.parse(body, {"X-Hub-Signature-256": f"sha256={signature}"}) == ()


@pytest.mark.parametrize(
    ("limit", "number", "problem"), [(1_000_000, "12345", "3000000"), (3_000_000, "", "numero_id")]
)
def test_whatsapp_that_would_lose_messages_or_has_no_number_stops_the_start(
    tmp_path: Path, limit: int, number: str, problem: str
) -> None:
    with pytest.raises(ConfigError, match=problem):
        whatsapp_settings(tmp_path, limit=limit, number=number)


def test_a_webhook_without_https_stops_the_start_and_says_so(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="https://"):
        build_channels(settings_with(tmp_path, TELEGRAM % "webhook"), clock=SystemClock())


def test_a_bad_token_stops_the_start_without_repeating_it(tmp_path: Path) -> None:
    settings = settings_with(tmp_path, TELEGRAM % "sondeo", ATIENDE_TELEGRAM_TOKEN="un-token-secreto")
    with pytest.raises(ConfigError) as wrong:
        build_channels(settings, clock=SystemClock())

    assert "un-token-secreto" not in str(wrong.value)


def test_the_library_of_telegram_is_not_loaded_before_it_is_needed() -> None:
    script = (
        "import sys\n"
        "from bot.channels.telegram.channel import TelegramChannel\n"
        "from bot.channels.registry import CHANNELS\n"
        "assert 'telegram' not in sys.modules, 'the library is loaded before it is needed'\n"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr


def test_a_file_of_words_with_mistakes_names_all_of_them(tmp_path: Path) -> None:
    path = tmp_path / "canales.yml"
    path.write_text("telegram: {grupo: '', sorpresa: 1}\nterminal: {}\n", encoding="utf-8")
    with pytest.raises(ConfigError) as wrong:
        load_words(path)

    assert len(wrong.value.problems) > 10
    assert any("telegram.sorpresa" in problem for problem in wrong.value.problems)


@pytest.mark.parametrize(("content", "problem"), [(None, "cannot be read"), ("a: [", "not valid YAML")])
def test_a_file_of_words_that_cannot_be_read_says_so(tmp_path: Path, content: str | None, problem: str) -> None:
    path = tmp_path / "canales.yml"
    if content is not None:
        path.write_text(content)
    with pytest.raises(ConfigError, match=problem):
        load_words(path)
