"""The command line given broken files, strange settings and hostile words: a clear text and a code, never a traceback."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.channels.base import Address, Inbound
from bot.cli import build, is_expected
from bot.kernel.clock import FrozenClock
from storage.db import Database
from tests.attack.corpus import broken_yaml, texts
from tests.attack.place import EXECUTED
from tests.support.rows import every_row
from tests.support.settings import ROOT
from tests.turn.house import Talker, open_house

#: What argv can hold: no NUL, and halves of surrogate pairs only as the system writes bytes that are not UTF-8.
ARGUMENTS = {
    name: words for name, words in texts().items() if "\0" not in words and words.isprintable() and len(words) < 9_000
}
SETTINGS = "mode: test\n"
#: Bounded, but at the price of a second each time it is read; `atiende check` reads them for all.
SLOW = {"laughs", "deep_maps", "large"}


class Ran:
    """What a command left: its code and everything it wrote."""

    def __init__(self, *arguments: str, **environment: str) -> None:
        result = CliRunner().invoke(
            build(), list(arguments), env={"ATIENDE_MODE": "test", "COLUMNS": "300", **environment}
        )
        self.text, self.code, error = result.output, result.exit_code, result.exception
        if error is not None and is_expected(error):  # as bot.cli.main says it
            self.text, self.code = f"{self.text}{error}\n", 1
        elif error is not None and not isinstance(error, SystemExit):
            raise error


@pytest.fixture(autouse=True)
def _nothing_is_executed() -> Any:
    EXECUTED.unlink(missing_ok=True)
    yield
    assert not EXECUTED.exists()


@every_row("name", broken_yaml())
def test_check_says_file_and_line_of_every_broken_dialog(name: str, tmp_path: Path) -> None:
    flows = tmp_path / "flows"
    flows.mkdir()
    (flows / "roto.yml").write_bytes(broken_yaml()[name])
    ran = Ran("check", str(tmp_path))
    assert ran.code == 1
    assert "roto.yml:" in ran.text
    assert "Traceback" not in ran.text


@pytest.mark.parametrize("place", ["domain", "domain/responses/es"])
def test_check_survives_broken_domains_and_wording(place: str, tmp_path: Path) -> None:
    quiet = []
    for name in sorted(set(broken_yaml()) - SLOW)[0 if place == "domain" else 1 :: 2]:
        content = broken_yaml()[name]
        folder = tmp_path / name / place
        folder.mkdir(parents=True)
        (folder / "roto.yml").write_bytes(content)
        ran = Ran("check", str(tmp_path / name))
        if ran.code != 1 or "Traceback" in ran.text:
            quiet.append(name)
    assert quiet == []


def test_check_reads_no_folder_loop_and_no_folder_called_like_a_file(tmp_path: Path) -> None:
    flows = tmp_path / "flows"
    (flows / "carpeta.yml").mkdir(parents=True)
    (flows / "vuelta").symlink_to(flows)
    (flows / "nada.yml").symlink_to(tmp_path / "no-existe.yml")
    assert Ran("check", str(tmp_path)).code == 1
    assert Ran("check", str(tmp_path / "no-existe")).code == 1
    assert Ran("check", "/dev/null").code == 1


@every_row("name", broken_yaml())
def test_scripts_that_cannot_be_read_are_named(name: str, tmp_path: Path) -> None:
    script = tmp_path / "roto.yml"
    script.write_bytes(broken_yaml()[name])
    ran = Ran("test", str(script), ATIENDE_DATA_DIR=str(tmp_path))
    assert ran.code == 2
    assert "roto.yml" in ran.text


@every_row("name", sorted(set(broken_yaml()) - SLOW))
def test_language_data_that_cannot_be_read_trains_nothing(name: str, tmp_path: Path) -> None:
    (tmp_path / "roto.yml").write_bytes(broken_yaml()[name])
    ran = Ran("train", "--data", str(tmp_path), "--out", str(tmp_path / "modelo.npz"))
    assert ran.code == 1
    assert ran.text.strip()
    assert not (tmp_path / "modelo.npz").exists()


@every_row("name", broken_yaml())
def test_settings_that_cannot_be_read_are_refused_with_the_line(name: str, tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    config.write_bytes(broken_yaml()[name])
    ran = Ran("cases", "list", ATIENDE_CONFIG=str(config), ATIENDE_DATA_DIR=str(tmp_path))
    assert ran.code == 1
    assert "config.yaml" in ran.text


@every_row(
    ("lines", "says"),
    [
        ("servidor: {}", "servidor"),
        ("server: {port: ochenta}", "server.port"),
        ("server: {port: -1}", "server.port"),
        ("server: {port: 99999999999999999999}", "server.port"),
        ("server: {port: [1]}", "server.port"),
        ("server: hola", "server"),
        ("server: {max_body_bytes: -1}", "server.max_body_bytes"),
        ("server: {puerto: 80}", "puerto"),
        ("empresa: {oficinas: [1, null]}", "empresa.oficinas"),
        ("ley: {regex_cuenta: {agua: '(('}}", "ley.regex_cuenta"),
        ("ley: {plantilla_radicado: '{{7*7}}'}", "plantilla"),
        ("ley: {alertas: [a, b]}", "ley.alertas"),
        ("canales: {telegram: {activo: true}}", "token"),
        ("canales: {telegram: {activo: true, token: '${NO_HAY_TAL_SECRETO}'}}", "NO_HAY_TAL_SECRETO"),
        ("data_key: abc", "data_key"),
        ("now: ayer", "now"),
        ("database_url: 'mysql://persona:secreta@servidor/x'", "mysql"),
        ("nlu: {umbrales: {intencion: muy alto}}", "umbrales"),
        ("dialogos: {limites: {pasos: 0}}", "pasos"),
    ],
)
def test_settings_of_a_wrong_kind_are_named_and_no_secret_is_shown(lines: str, says: str, tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    config.write_text(f"{SETTINGS}{lines}\n")
    ran = Ran("cases", "list", ATIENDE_CONFIG=str(config), ATIENDE_DATA_DIR=str(tmp_path))
    assert ran.code == 1
    assert says in ran.text
    assert "secreta" not in ran.text


def test_production_does_not_start_without_its_secrets(tmp_path: Path) -> None:
    shutil.copy(ROOT / "config.yaml", tmp_path / "config.yaml")
    ran = Ran(
        "cases", "list", ATIENDE_MODE="production", ATIENDE_CONFIG=str(tmp_path / "config.yaml"), ATIENDE_DATA_DIR=str(tmp_path)
    )  # fmt: skip
    assert ran.code == 1
    assert "ATIENDE_DATA_KEY" in ran.text


@every_row(
    ("name", "value"),
    [
        ("ATIENDE_PORT", "80; rm -rf /"),
        ("ATIENDE_NOW", "ayer"),
        ("ATIENDE_NOW", "9999-12-31T23:59:59-05:00"),
        ("ATIENDE_MODE", "demostración"),
        ("ATIENDE_DATA_KEY", "corta"),
        ("ATIENDE_DATABASE_URL", "no es una dirección"),
        ("ATIENDE_CONFIG", "/no/existe/config.yaml"),
        ("ATIENDE_CONFIG", "/dev/null/config.yaml"),
    ],
)
def test_a_wrong_environment_is_refused_in_words(name: str, value: str, tmp_path: Path) -> None:
    ran = Ran("cases", "list", **{"ATIENDE_DATA_DIR": str(tmp_path), name: value})
    assert ran.code == 1
    assert ran.text.strip()


@every_row(
    "moment",
    [*list(ARGUMENTS.values())[::3], "2026-02-30", "0001-01-01", "9999-12-31T23:59", "2026-03-25T10:15+99:99", "1e9", "-1", "2026-13-01", ""],
)  # fmt: skip
def test_deadline_reads_or_refuses_any_moment(moment: str) -> None:
    ran = Ran("deadline", "--", moment, "PQR_CONTRATO")
    assert ran.code in {0, 1}
    assert ran.text.strip()


def test_deadline_refuses_a_term_that_is_none() -> None:
    for term in list(ARGUMENTS.values())[::4]:
        ran = Ran("deadline", "2026-03-25", "--", term)
        assert ran.code in {1, 2}
        assert ran.text.strip()


def test_parse_explains_any_text_without_reading_it_as_markup(tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    shipped = (ROOT / "config.yaml").read_text(encoding="utf-8")
    config.write_text(shipped.replace('modelo: ""', f"modelo: {tmp_path}/no.npz"), encoding="utf-8")
    for words in [*ARGUMENTS.values(), "[/red] CC 52.345.678 en [bold]calle 5 # 10-20[/]"]:
        for form in (["--json"], []):
            if not form and "[" not in words:
                continue  # only brackets could be markup
            ran = Ran("parse", *form, "--", words, ATIENDE_CONFIG=str(config), ATIENDE_DATA_DIR=str(tmp_path))
            assert ran.code == 0
            assert ran.text.strip()


def test_hostile_numbers_find_no_case_and_no_handoff(tmp_path: Path) -> None:
    where = {"ATIENDE_DATA_DIR": str(tmp_path)}
    for words in list(ARGUMENTS.values())[::4]:
        assert Ran("cases", "show", "--", words, **where).code in {1, 2}
    for number in ("0", "-1", "99999999999999999999999", "1; --", "NaN"):
        assert Ran("handoffs", "show", "--", number, **where).code in {1, 2}
        assert Ran("handoffs", "reply", "--", number, "hola", **where).code in {1, 2}
        assert Ran("handoffs", "return", "--", number, **where).code in {1, 2}
        assert Ran("outbox", "show", "--", number, **where).code in {1, 2}


async def test_staff_read_hostile_conversations_and_emergencies_in_the_terminal(
    clock: FrozenClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.bootstrap import open_database
    from tests.support.settings import make_settings

    database: Database = open_database(make_settings(tmp_path))
    database.upgrade()
    async with open_house(database, clock, tmp_path) as services:
        talker = Talker(services, clock)
        await talker.say("/hablar_con_asesor")
        for words in texts().values():
            if len(words) <= 200 and "\0" not in words:
                await talker.say(words)
        other = Talker(services, clock, user="persona-2")
        assert (await other.say("huele a gas [/red] en mi casa \x9b31m {{7*191}}"))[0] == "emergencia.texto"
        await other.say("calle 5 # 10-20 [/b][link=https://malo.example]aquí \u202e")
        event = Inbound("x", clock.now(), Address("terminal", "prueba", "persona-1"), "text", text="\x9b2J [/] fin")
        await services.inbox.accept([event])
        await services.lanes.idle()
    database.close_now()
    monkeypatch.chdir(ROOT)
    for arguments in (("handoffs", "list"), ("handoffs", "show", "1"), ("outbox", "list"), ("cases", "list")):
        ran = Ran(*arguments, ATIENDE_DATA_DIR=str(tmp_path))
        assert ran.code == 0, ran.text
        assert not set(ran.text) & set("\x1b\x9b\x07\u202e\u2067")
        if arguments == ("handoffs", "list"):
            assert "[/red]" in ran.text
            assert "[/b]" in ran.text
            assert "1337" not in ran.text
