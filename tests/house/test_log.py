"""Logs never carry personal data or secrets, whoever writes them."""

import io
import json
import logging

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from bot.kernel import log

PLANTED = {
    "cedula": "1098765432",
    "cedula_con_puntos": "1.098.765.432",
    "cedula_vieja": "52345678",
    "celular": "+573001112233",
    "celular_con_espacios": "300 111 2233",
    "fijo": "6017654321",
    "correo": "persona.de.prueba@correo.example",
    "cuenta": "1203456",
    "cuenta_corta": "12034",
    "nit": "900123456-8",
    "telegram": "123456789:AAF-abcdefghijklmnopqrstuvwxyz012345678",
    "bearer": "Bearer abcdef0123456789",
    "meta": "EAAGm0PX4ZCpsBAKZCexampleexampleexample",
    "jwt": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJwcnVlYmEifQ.c2lnbmF0dXJh",
}


@pytest.fixture
def stream():
    stream = io.StringIO()
    log.setup("debug", "json", stream, keep=False)
    yield stream
    structlog.reset_defaults()
    logging.getLogger().handlers[:] = []


@pytest.mark.parametrize("name", PLANTED)
@pytest.mark.parametrize("way", ["event", "value", "nested", "list", "exception", "stdlib", "bytes", "key"])
def test_planted_data_never_reaches_the_log(stream, name, way):
    secret = PLANTED[name]
    sentence = f"no pude con {secret}, lo intento"
    if way == "event":
        log.logger("t").info(sentence)
    elif way == "value":
        log.logger("t").info("x", detail=sentence)
    elif way == "nested":
        log.logger("t").info("x", detail={"a": {"b": [sentence]}})
    elif way == "list":
        log.logger("t").info("x", detail=[secret, (secret,)])
    elif way == "bytes":
        log.logger("t").info("x", detail=sentence.encode())
    elif way == "key":
        log.logger("t").info("x", detail={secret: 1})
    elif way == "exception":
        try:
            raise ValueError(sentence)
        except ValueError:
            log.logger("t").exception("x")
    else:
        logging.getLogger("uvicorn.error").warning("no pude con %s", secret)
    written = stream.getvalue()
    assert secret not in written
    assert secret.split("@")[0] not in written
    assert json.loads(written)["level"]


@pytest.mark.parametrize(
    "key", ["cedula", "nombre", "telefono", "relato", "bot_token", "direccion_predio", "user", "correo"]
)
def test_a_personal_key_hides_whatever_is_under_it(stream, key):
    log.logger("t").info("x", **{key: "Persona de Prueba"})
    log.logger("t").info("x", deep={key: 52345678})
    assert "Prueba" not in stream.getvalue()
    assert "52345678" not in stream.getvalue()


def test_what_operators_need_is_kept(stream):
    log.logger("turn").info(
        "turn_committed",
        conversation="conv_0123456789abcdef01234567",
        radicado="20260010004572",
        took_ms=12.5,
        bytes=1234567,
        due="2026-12-14",
        status_code=200,
    )
    line = json.loads(stream.getvalue())
    assert line["conversation"] == "conv_0123456789abcdef01234567"
    assert line["radicado"] == "20260010004572"
    assert (line["took_ms"], line["bytes"], line["due"], line["status_code"]) == (12.5, 1234567, "2026-12-14", 200)
    assert line["part"] == "turn"


def test_the_password_of_a_database_address_is_hidden():
    assert log.redact("postgresql+psycopg://atiende:clave@db/atiende") == "postgresql+psycopg://[hidden]db/atiende"


def test_library_lines_keep_their_logger_and_quiet_ones_stay_quiet(stream):
    logging.getLogger("alembic").warning("upgrade")
    logging.getLogger("alembic.runtime.migration").info("Running upgrade")
    logging.getLogger("alembic.runtime.plugins").info("setup plugin")
    logging.getLogger("httpx").info("GET https://api.telegram.org/bot123456789:secret/getMe")
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [(line["logger"], line["event"]) for line in lines] == [("alembic", "upgrade")]


def test_context_is_added_inside_a_task_and_cleaned_too(stream):
    with log.bound({"conversation": "web:site:+573001112233"}):
        log.logger("t").info("x")
    assert json.loads(stream.getvalue())["conversation"] == "web:site:[hidden]"


def test_people_at_a_terminal_read_words_not_json():
    stream = io.StringIO()
    log.setup("info", "console", stream, keep=False)
    log.logger("t").info("ready", port=8080)
    assert "ready" in stream.getvalue()
    assert not stream.getvalue().startswith("{")
    structlog.reset_defaults()
    logging.getLogger().handlers[:] = []


@given(st.text(max_size=300))
def test_any_text_can_be_redacted_and_stays_redacted(text):
    once = log.redact(text)
    assert log.redact(once) == once
