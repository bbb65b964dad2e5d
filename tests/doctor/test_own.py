"""The installation itself: key, database, disk, model, clock and what waits, looked at without changing anything."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from datetime import timedelta
from types import SimpleNamespace

import pytest
from pydantic import SecretStr
from typer.testing import CliRunner

from bot.cli import build
from bot.doctor import own
from bot.doctor.codes import look_at_codes
from bot.doctor.findings import Notes
from bot.doctor.hours import look_at_clock
from bot.doctor.own import look_at_disk, look_at_key, look_at_settings, look_at_understanding
from bot.doctor.queues import look_at_queues
from bot.kernel.clock import SystemClock
from storage.crypto import Keyring
from storage.db import Database
from storage.health import health
from storage.migrate import HEAD
from storage.repos.outbox import NewOutbound
from tests.channels.test_mail import server as mail_server
from tests.doctor.conftest import changed, visit
from tests.house.repository import ROOT
from tests.support.settings import make_settings, with_model


@pytest.fixture
def plain(tmp_path):
    """Return the settings of an installation whose channels are off, with a key of its own."""
    settings = make_settings(tmp_path)
    key = tmp_path / "data.key"
    key.write_text(Keyring.generate().to_text())
    key.chmod(0o600)
    return settings


@pytest.fixture
def kept(plain, databases):
    """Return settings with a database of this version, and the file it is in."""
    with databases.url("sqlite") as url:
        path = plain.data_dir / "atiende.db"
        shutil.copy(url.removeprefix("sqlite:///"), path)
        return plain, path


async def test_a_first_start_is_no_fault_and_nothing_is_made(tmp_path, seen):
    settings = make_settings(tmp_path / "nueva")
    found = await visit(settings, look_at_key, seen)
    assert found["llave"].state == "warning"
    assert not (tmp_path / "nueva").exists()


async def test_a_database_of_this_version_is_well(kept, seen):
    found = await visit(kept[0], look_at_key, seen)
    assert {one.state for one in seen} == {"ok"}
    assert f"versión {HEAD}" in found["base de datos"].text


@pytest.mark.parametrize(
    ("version", "state", "text"), [("0003", "warning", f"0003 de {HEAD}"), ("9999", "fault", "más nuevo")]
)
async def test_a_database_of_another_version_is_told_and_left_as_it_is(kept, seen, version, state, text):
    settings, path = kept
    with sqlite3.connect(path) as raw:
        raw.execute("UPDATE alembic_version SET version_num = ?", (version,))
    raw.close()
    found = await visit(settings, look_at_key, seen)
    assert found["base de datos"].state == state
    assert text in found["base de datos"].text
    with sqlite3.connect(path) as raw:
        assert raw.execute("SELECT version_num FROM alembic_version").fetchone() == (version,)
    raw.close()


async def test_a_damaged_database_is_a_fault(kept, seen):
    settings, path = kept
    whole = path.read_bytes()
    page = bytearray(whole)
    page[8_192 : len(page) : 61] = b"\xa5" * len(page[8_192 : len(page) : 61])
    path.write_bytes(page)
    assert (await visit(settings, look_at_key, seen))["base de datos"].state == "fault"
    seen.clear()
    page = bytearray(whole)
    page[-4_096:] = b"\xff" * 4_096
    path.write_bytes(page)
    found = await visit(settings, look_at_key, seen)
    assert found["base de datos"].state == "ok"
    assert found["integridad"].state == "fault"
    assert "docs/copias.md" in found["integridad"].remedy


async def test_what_is_no_database_is_a_fault(kept, seen):
    settings, path = kept
    path.write_bytes(b"no es una base de datos" * 1_000)
    assert (await visit(settings, look_at_key, seen))["base de datos"].state == "fault"


async def test_a_postgres_that_is_not_there_is_a_line_without_its_password(plain, seen):
    url = "postgresql+psycopg://atiende:clave-de-la-base@127.0.0.1:9/atiende"
    found = await visit(plain.model_copy(update={"database_url": url}), look_at_key, seen)
    assert found["base de datos"].state == "fault"
    assert "clave-de-la-base" not in str(seen)


async def test_another_key_than_that_of_the_data_is_found_out(kept, seen, clock):
    settings, _ = kept
    theirs = Database.open(settings.database_url, Keyring.generate(), safe=False)
    theirs.write_now(lambda uow: uow.conversations.create("c_1", {"channel": "webchat"}, clock.now()))
    theirs.close_now()
    found = await visit(settings, look_at_key, seen)
    assert found["llave"].state == "fault"
    assert "es otra" in found["llave"].text


async def test_a_key_that_others_may_read_or_nobody_can_is_a_fault(plain, seen):
    key = plain.data_dir / "data.key"
    key.chmod(0o644)
    assert "others may read" in (await visit(plain, look_at_key, seen))["llave"].text
    key.chmod(0o600)
    key.write_text("no es una llave")
    seen.clear()
    assert (await visit(plain, look_at_key, seen))["llave"].state == "fault"


def test_health_tells_of_both_kinds_of_database(database):
    found = database.read_now(lambda uow: health(uow, seconds=5.0))
    assert (found.version, found.is_whole, found.is_read_only) == (HEAD, True, False)
    assert found.size > 0


@pytest.mark.parametrize(("free", "state"), [(50_000_000, "fault"), (900_000_000, "warning"), (9_000_000_000, "ok")])
async def test_a_disk_that_fills_up_is_told_in_time(plain, seen, monkeypatch, free, state):
    monkeypatch.setattr(own.shutil, "disk_usage", lambda _: SimpleNamespace(free=free))
    assert (await visit(plain, look_at_disk, seen))["disco"].state == state


async def test_a_data_folder_that_cannot_be_written_is_told(plain, seen):
    file = plain.data_dir / "archivo"
    file.write_text("no es una carpeta")
    found = await visit(plain.model_copy(update={"data_dir": file}), look_at_disk, seen)
    assert found["disco"].state == "fault"
    assert "no puede escribir" in found["disco"].text


async def test_the_trained_model_of_this_checkout_fits(plain, seen):
    found = await visit(with_model(plain), look_at_understanding, seen)
    assert {one.state for one in seen} == {"ok"}
    assert "comprensión" in found


@pytest.mark.parametrize("content", [None, b"nada"])
async def test_a_model_that_is_missing_or_damaged_is_a_fault(plain, seen, content):
    path = plain.data_dir / "otro.npz"
    if content is not None:
        path.write_bytes(content)
    settings = plain.model_copy(update={"nlu": plain.nlu.model_copy(update={"modelo": path})})
    found = await visit(settings, look_at_understanding, seen)
    assert found["comprensión"].state == "fault"
    assert found["comprensión"].remedy.startswith("atiende train")
    assert "model at" not in found["comprensión"].text


async def test_a_folder_of_examples_that_is_not_there_is_not_blamed_on_the_model(plain, seen):
    settings = with_model(plain)
    nlu = settings.nlu.model_copy(update={"datos": plain.data_dir / "nadie"})
    found = await visit(settings.model_copy(update={"nlu": nlu}), look_at_understanding, seen)
    assert found["comprensión"].state == "fault"
    assert "nlu.datos" in found["comprensión"].remedy


async def test_a_channel_that_lacks_a_setting_is_told(plain, seen):
    found = await visit(changed(plain, telegram={"activo": True}), look_at_settings, seen)
    assert found["ajustes"].state == "fault"
    assert "token" in found["ajustes"].text


@pytest.mark.parametrize(
    ("drift", "state", "text"),
    [(0.4, "ok", "igual"), (-8.0, "warning", "atrasado 8 s"), (3_700.0, "fault", "adelantado 62 min")],
)
async def test_a_clock_that_is_wrong_is_measured_against_the_providers(plain, seen, drift, state, text):
    found = await visit(plain, look_at_clock, seen, patient={"drifts": {"Meta": drift}})
    assert found["hora"].state == state
    assert text in found["hora"].text


@pytest.mark.parametrize(
    ("answers", "state", "text"),
    [
        ({"AUTH": "235 sí"}, "ok", "nos recibe"),
        ({"AUTH": "535 no"}, "fault", "usuario o la clave"),
        ({"EHLO": "554 no", "HELO": "554 no"}, "fault", "no nos recibe (554)"),
    ],
)
async def test_the_mail_server_is_knocked_at_and_gets_no_letter(plain, seen, answers, state, text):
    async with mail_server(answers) as (place, heard):
        settings = changed(plain, correo={"modo": "smtp", "servidor": place.host, "puerto": place.port, "tls": "no",
                                          "usuario": "u", "clave": SecretStr("clave-del-correo")})  # fmt: skip
        found = await visit(settings, look_at_codes, seen)
    assert found["correo"].state == state
    assert text in found["correo"].text
    assert not [line for line in heard if line.startswith(("MAIL", "DATA"))]


async def test_a_mail_server_or_a_provider_of_texts_that_is_not_there_is_a_line(plain, seen):
    settings = changed(
        plain,
        correo={"modo": "smtp", "servidor": "127.0.0.1", "puerto": 9},
        sms={"modo": "http", "url": "http://127.0.0.1:9/v1"},
    )
    found = await visit(settings, look_at_codes, seen)
    assert "ConnectionRefusedError" in found["correo"].text
    assert "rechazada" in found["mensajes de texto"].text


async def test_a_production_without_a_way_for_codes_is_warned_of(plain, seen):
    settings = plain.model_copy(update={"mode": "production"})
    assert (await visit(settings, look_at_codes, seen))["códigos"].state == "warning"


def outbound(key, now, **changes):
    values = {
        "key": key, "conversation_id": f"c_{key}", "channel": "whatsapp", "account": "1", "address": {}, "seq": 1,
        "kind": "reply", "payload": {"text": "x"}, "priority": 1, "not_before": now, "created_at": now, **changes,
    }  # fmt: skip
    return NewOutbound(**values)


async def queues(settings, database, seen, **patient):
    return await visit(
        settings, look_at_queues, seen, patient={"database": database, "is_running_here": True, **patient}
    )


async def test_an_installation_where_nothing_waits_is_well(plain, database, seen):
    now = SystemClock().now()
    await database.write(lambda uow: uow.jobs.begin("send_waves", now - timedelta(seconds=20), now))
    found = await queues(plain, database, seen)
    assert {one.state for one in seen} == {"ok"}
    assert found["programador"].text == "despierta los trabajos"


async def test_what_waits_what_failed_and_a_scheduler_that_sleeps_are_told(plain, database, seen):
    now = SystemClock().now()
    old = now - timedelta(minutes=12)

    def spoil(uow):
        uow.outbox.add([outbound(str(number), old) for number in range(3)])
        taken = uow.outbox.claim(channel="whatsapp", account="1", now=old, lease_s=30, limit=2, worker="w")
        uow.outbox.mark(taken[0].id, taken[0].fence, state="unknown", now=now)
        uow.jobs.begin("tell_outages", old, old)
        uow.jobs.finish("tell_outages", old, old, error="ValueError")

    await database.write(spoil)
    found = await queues(plain, database, seen)
    assert found["no entregados"].text == "en el último día: 1 en duda en whatsapp"
    assert found["envíos"].state == "fault"
    assert "hace 12 min" in found["envíos"].text
    assert "1 mensaje de un proceso" in found["apartados"].text
    assert found["trabajos"].text.endswith("tell_outages")
    assert found["programador"].state == "fault"


async def test_a_moved_clock_says_nothing_about_waiting(plain, database, seen):
    moved = plain.model_copy(update={"now": SystemClock().now()})
    found = await queues(moved, database, seen)
    assert set(found) == {"no entregados"}


@pytest.fixture
def run(tmp_path):
    where = {"ATIENDE_MODE": "test", "ATIENDE_DATA_DIR": str(tmp_path), "ATIENDE_CONFIG": str(ROOT / "config.yaml")}
    where["ATIENDE_PORT"] = "9"
    return lambda *words, **more: CliRunner().invoke(build(), ["doctor", *words], env={**where, **more})


def test_the_command_says_each_thing_in_one_line_and_ends_with_one(run):
    done = run("webchat")
    assert done.exit_code == 1
    lines = [line for line in done.output.splitlines() if line.startswith("  ")]
    assert lines[0].startswith("  bien  ajustes")
    assert any(line.startswith("  FALLA servicio") and " → " in line for line in lines)
    assert "1 falla" in done.output.splitlines()[-1]


def test_a_program_gets_the_same_as_json(run):
    done = run("--json", "webchat")
    document = json.loads(done.output)
    assert (document["ok"], document["faults"], done.exit_code) == (False, 1, 1)
    assert {"area", "topic", "state", "text", "remedy"} == set(document["findings"][0])


def test_settings_that_cannot_be_read_are_lines_too(run, tmp_path):
    bad = tmp_path / "config.yaml"
    bad.write_text("mode: demo\nservr: 1\n")
    done = run(ATIENDE_CONFIG=str(bad))
    assert done.exit_code == 1
    assert "config.yaml:2: servr" in done.output
    assert "Traceback" not in done.output


def test_the_doctor_makes_nothing_where_there_is_nothing(run, tmp_path):
    folder = tmp_path / "nueva"
    assert run(ATIENDE_DATA_DIR=str(folder)).exit_code == 1
    assert not folder.exists()


def test_a_channel_that_is_off_is_a_fault_when_it_is_asked_for(run):
    assert "está apagado" in run("whatsapp").output


def test_an_unknown_channel_is_answered_with_the_known_ones(run):
    done = run("facebook")
    assert done.exit_code != 0
    assert "known: webchat, whatsapp, telegram" in str(done.exception)


def test_what_others_say_is_cleaned_before_it_is_shown():
    notes = Notes("x", ("clave-secreta",))
    notes.fault("t", "dijo \x1b[31mclave-secreta\n" + "a" * 500, "")
    text = notes.findings[0].text
    assert "\x1b" not in text
    assert "clave-secreta" not in text
    assert "\n" not in text
    assert len(text) <= 301


def test_every_line_of_the_doctor_is_in_the_manual_and_no_other():
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "bot" / "doctor").glob("*.py"))
    written = set(re.findall(r"(?:notes\.(?:ok|warn|fault)|notes\.warn\))\(\s*\"([^\"]+)\"", code))
    written |= set(re.findall(r"_(?:say_wait\(notes|try\(notes), \"([^\"]+)\"", code))
    manual = (ROOT / "docs" / "canales" / "doctor.md").read_text(encoding="utf-8")
    told = set(re.findall(r"^\| `([^`]+)` \|", manual, re.MULTILINE))
    told = {one for one in told if not one.startswith("atiende doctor")} | {"revisión"}
    assert written == told
