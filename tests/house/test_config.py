"""Settings: every mistake is named with its line, all of them at once, and secrets stay secret."""

import os
import re
import stat
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.kernel.config import ENVIRONMENT, data_key_text, load_settings, without_secrets
from bot.kernel.config_company import span
from bot.kernel.config_model import Settings
from bot.kernel.config_rules import nit_digit
from bot.kernel.errors import ConfigError
from tests.support.rows import every_row

ROOT = Path(__file__).parents[2]
COMPANY = """
empresa:
  nombre: Empresa de Prueba
  nit: "{nit}"
  sitio: https://prueba.example
  correo: buzon@prueba.example
  politica_datos_url: https://prueba.example/datos
  municipio: Prueba
  dane: "98765"
  direccion: Calle de prueba
  servicios: [agua]
"""
DEMO = "mode: demo" + COMPANY.format(nit="900123456-8")
PRODUCTION = (
    "mode: production\ndata_key: ${ATIENDE_DATA_KEY}\nserver: {public_url: 'https://prueba.example'}"
    + COMPANY.format(nit="890903938-8")
)


def problems(tmp_path, text, env=None):
    path = tmp_path / "config.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_settings(path, env or {})
    return caught.value.problems


def loaded(tmp_path, text, env=None):
    path = tmp_path / "config.yaml"
    path.write_text(text, encoding="utf-8")
    return load_settings(path, env or {})


def test_the_settings_that_come_with_the_house_are_good():
    found = load_settings(ROOT / "config.yaml", {})
    assert found.mode == "demo"
    assert found.data_dir == ROOT / "var"
    assert found.database_url == f"sqlite:///{ROOT / 'var' / 'atiende.db'}"
    assert found.dialogos.carpeta == ROOT / "dialogs"
    assert found.nlu.datos == ROOT / "nlu_data"
    assert found.empresa.direccion == "CL 10 # 5-20"
    assert found.rest_is_open
    assert found.metrics_are_open


@every_row(
    ("extra", "line", "words"),
    [
        ("servr: {}\n", 13, ["servr", "unknown key", "did you mean 'server'"]),
        ("server: {prot: 1}\n", 13, ["server.prot", "did you mean 'port'", "host, port"]),
        ("server:\n  port: ochenta\n", 14, ["server.port", "'ochenta'", "a whole number", "8080"]),
        ("server:\n  port: '80'\n", 14, ["server.port", "'80'", "a whole number"]),
        ("server:\n  port: 70000\n", 14, ["server.port", "70000", "65535"]),
        ("server: 7\n", 13, ["server", "7", "a block of keys"]),
        ("server: [a]\n", 13, ["server", "a list of 1", "a block of keys"]),
        ("log: {level: loud}\n", 13, ["log.level", "'loud'", "'debug', 'info'"]),
        ("ley: {sabado_habil: quizas}\n", 13, ["ley.sabado_habil", "'quizas'", "true or false"]),
        ("ley: {sabado_habil: 1}\n", 13, ["ley.sabado_habil", "1", "true or false"]),
        ("ley: {modo_fuera_horario: C}\n", 13, ["ley.modo_fuera_horario", "'C'", "'A' or 'B'"]),
        ("ley: {plantilla_radicado: '{AAAA}{NNN}'}\n", 13, ["plantilla_radicado", "14 digits"]),
        ("ley: {regex_cuenta: {agua: '['}}\n", 13, ["ley.regex_cuenta.agua", "regular expression"]),
        ("ley: {festivos_extra: [manana]}\n", 13, ["ley.festivos_extra[0]", "'manana'", "date"]),
        ("ley: {horario_radicacion: {lunes: ['8-12']}}\n", 13, ["horario_radicacion.lunes[0]", "HH:MM-HH:MM"]),
        ("ley: {horario_radicacion: {lunez: ['08:00-12:00']}}\n", 13, ["'lunes'"]),
        ("nlu: {umbrales: {intencion: 45}}\n", 13, ["nlu.umbrales.intencion", "45", "less than or equal to 1"]),
        ("canales: {rest: {activo: quizas}}\n", 13, ["canales.rest.activo", "'auto', true or false"]),
        ("canales: {telegram: {activo: true, token: '123:abc'}}\n", 13, ["may not be written here", "${"]),
        ("canales: {telegram: {activo: true}}\n", 13, ["canales.telegram", "token is missing"]),
        ("canales:\n  telegram:\n    activo: true\n    token: ${NADA}\n", 16, ["NADA", "not set", "export NADA"]),
        ("data_key: ${data_key}\n", 13, ["not a reference", "in capitals"]),
        ("now: 2026-03-18\n", 13, ["now", "2026-03-18T10:30-05:00"]),
        ("now: '2026-03-18T10:30'\n", 13, ["now", "time zone"]),
        ("mode: demo\n", 13, ["mode", "written twice", "line 1"]),
        ("1: x\n", 13, ["the key '1' is not text"]),
        ("server: &a {port: 1}\nlog: *a\n", 13, ["aliases"]),
        ("action_endpoint: {url: nada}\n", 13, ["action_endpoint.url", "'nada'", "http"]),
        ("canales:\n  webchat:\n    nombre: CL 10 # 5-20\n", 15, ["lost as a comment"]),
        ("database_url: mysql://x\n", 13, ["database_url", "postgresql"]),
    ],
)
def test_a_mistake_is_named_with_its_line_and_what_is_allowed(tmp_path, extra, line, words):
    base = DEMO.rstrip("\n") + "\n# fin\n"
    said = "\n".join(problems(tmp_path, base + extra))
    assert f"config.yaml:{line}: " in said, said
    for word in words:
        assert word in said, said


def test_a_text_of_the_wrong_form_is_told_by_an_example_and_not_by_a_pattern(tmp_path):
    (told,) = problems(tmp_path, f"{DEMO}\ncanales: {{webchat: {{origenes: ['https://empresa.example/']}}}}")
    assert told.endswith("is not allowed; expected something like [https://empresa.example]")


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file(tmp_path):
    text = DEMO + "servr: 1\nserver: {port: x}\nlog: {level: loud}\nley: {alertas: 5}\n"
    said = problems(tmp_path, text, {"ATIENDE_PORT": "abc", "ATIENDE_PROT": "1"})
    assert [one.split(" ")[0] for one in said] == [
        "environment:", "environment:", "config.yaml:12:", "config.yaml:14:", "config.yaml:15:",
    ]  # fmt: skip


@every_row(
    "text",
    [
        "",
        "- a\n",
        "mode: [",
        "mode: 'demo",
        "\tmode: demo",
        "a: b: c",
        "mode: demo\n---\nmode: demo\n",
        "mode: !!python/object:os.system x",
    ],
)
def test_bad_yaml_is_one_clear_sentence(tmp_path, text):
    said = problems(tmp_path, text)
    assert said
    assert all(re.match(r"config\.yaml:\d+: ", one) for one in said), said


@every_row("env", [{}, {"ATIENDE_PORT": "9000"}])
@every_row(
    ("text", "line"),
    [(DEMO.replace("empresa:", "empresa"), 2), ("mode: 'demo", 1), ("mode: demo\n- a\n", 2), ("- a\n", 1)],
)
def test_a_file_that_is_not_yaml_is_told_that_and_nothing_else(tmp_path, text, line, env):
    said = problems(tmp_path, text, env)
    assert len(said) == 1
    assert said[0].startswith(f"config.yaml:{line}: ")
    assert "missing" not in said[0]


def test_a_file_that_is_missing_or_not_text_is_named(tmp_path):
    with pytest.raises(ConfigError, match="cannot be read"):
        load_settings(tmp_path / "nada.yaml", {})
    (tmp_path / "config.yaml").write_bytes(b"mode: demo\nx: \xff\n")
    with pytest.raises(ConfigError, match="config.yaml:2: .*UTF-8"):
        load_settings(tmp_path / "config.yaml", {})


def test_very_deep_and_very_large_files_are_refused(tmp_path):
    assert problems(tmp_path, "a: " + "[" * 10_000)
    assert "bytes" in problems(tmp_path, "#" * 1_000_001)[0]


def test_production_wants_a_key_https_a_real_company_and_the_real_time(tmp_path):
    said = "\n".join(problems(tmp_path, DEMO, {"ATIENDE_MODE": "production", "ATIENDE_NOW": "2026-03-18T10:30-05:00"}))
    for word in ("data_key", "https", "invented", "shifted clock"):
        assert word in said
    found = loaded(tmp_path, PRODUCTION, {"ATIENDE_DATA_KEY": "llave-de-prueba"})
    assert found.is_production
    assert data_key_text(found, lambda: "otra") == "llave-de-prueba"


def test_an_unset_key_in_production_is_named(tmp_path):
    assert any("ATIENDE_DATA_KEY is not set" in one for one in problems(tmp_path, PRODUCTION))


def test_a_missing_secret_of_a_sleeping_channel_is_forgiven(tmp_path):
    text = DEMO + "canales:\n  telegram: {activo: false, token: '${ATIENDE_TELEGRAM_TOKEN}'}\n"
    assert loaded(tmp_path, text).canales.telegram.token is None


def test_a_secret_comes_from_the_environment_and_is_never_shown(tmp_path):
    text = DEMO + "canales:\n  telegram: {activo: true, token: '${ATIENDE_TELEGRAM_TOKEN}'}\n"
    found = loaded(tmp_path, text, {"ATIENDE_TELEGRAM_TOKEN": "123:secreto"})
    assert found.canales.telegram.token is not None
    assert found.canales.telegram.token.get_secret_value() == "123:secreto"
    assert "secreto" not in re.sub(r"secreto\w*=None", "", repr(found))
    bad = DEMO + "server: {port: x}\ncanales:\n  telegram: {activo: true, token: ['${ATIENDE_TELEGRAM_TOKEN}']}\n"
    assert "secreto" not in "\n".join(problems(tmp_path, bad, {"ATIENDE_TELEGRAM_TOKEN": "123:secreto"}))


def test_the_environment_wins_over_the_file(tmp_path):
    env = {
        "ATIENDE_PORT": "9001",
        "ATIENDE_HOST": "::1",
        "ATIENDE_NOW": "2026-03-18T10:30-05:00",
        "ATIENDE_DATA_DIR": str(tmp_path / "otra"),
        "ATIENDE_LOG_LEVEL": "debug",
    }
    found = loaded(tmp_path, DEMO + "server: {port: 1234}\n", env)
    assert (found.server.port, found.server.public_url) == (9001, "http://[::1]:9001")
    assert found.now is not None
    assert found.now.isoformat() == "2026-03-18T10:30:00-05:00"
    assert found.data_dir == tmp_path / "otra"
    assert found.nlu.modelo == tmp_path / "otra" / "modelo.npz"
    assert found.log.level == "debug"


def test_paths_start_at_the_folder_of_the_file(tmp_path, monkeypatch):
    monkeypatch.chdir("/")
    assert loaded(tmp_path, DEMO + "dialogos: {carpeta: mios}\n").dialogos.carpeta == tmp_path / "mios"


def test_an_open_server_closes_what_auto_leaves_open(tmp_path):
    found = loaded(tmp_path, DEMO, {"ATIENDE_HOST": "0.0.0.0"})
    assert not found.rest_is_open
    assert not found.metrics_are_open
    assert loaded(tmp_path, DEMO + "canales: {rest: {activo: true}}\n", {"ATIENDE_HOST": "0.0.0.0"}).rest_is_open


def test_settings_are_shown_without_secrets(tmp_path):
    text = DEMO + "data_key: ${ATIENDE_DATA_KEY}\ndatabase_url: postgresql+psycopg://atiende:${CLAVE}@db/atiende\n"
    shown = str(without_secrets(loaded(tmp_path, text, {"ATIENDE_DATA_KEY": "llave", "CLAVE": "palabra"})))
    assert "llave" not in shown
    assert "palabra" not in shown
    assert "@db/atiende" in shown


def test_settings_cannot_be_changed_after_the_start(tmp_path):
    with pytest.raises(Exception, match="frozen"):
        loaded(tmp_path, DEMO).mode = "production"


def test_the_key_of_a_demo_is_born_once_and_only_its_owner_reads_it(tmp_path):
    found = loaded(tmp_path, DEMO)
    assert data_key_text(found, lambda: "una") == "una"
    assert data_key_text(found, lambda: "dos") == "una"
    key = tmp_path / "var" / "data.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert [entry.name for entry in key.parent.iterdir()] == ["data.key"]
    key.chmod(0o644)
    with pytest.raises(ConfigError, match="chmod 600"):
        data_key_text(found, lambda: "tres")
    key.chmod(0o600)
    key.write_text("")
    with pytest.raises(ConfigError, match="empty"):
        data_key_text(found, lambda: "cuatro")


def test_two_processes_that_start_at_once_use_one_key(tmp_path):
    found = loaded(tmp_path, DEMO)

    def slow():
        (found.data_dir / "data.key").write_text("la del otro\n")
        (found.data_dir / "data.key").chmod(0o600)
        return "la mia"

    assert data_key_text(found, slow) == "la del otro"


@pytest.mark.parametrize(
    ("nit", "digit"),
    [("890903938", 8), ("890904996", 1), ("899999063", 3), ("860002964", 4), ("800197268", 4), ("900123456", 8)],
)
def test_the_check_digit_of_a_nit(nit, digit):
    assert nit_digit(nit) == digit


def test_a_wrong_check_digit_is_refused(tmp_path):
    assert "check digit should be 8" in problems(tmp_path, DEMO.replace("900123456-8", "900123456-7"))[0]


def test_a_span_of_hours_opens_before_it_closes():
    assert str(span("08:00-24:00")[1]) == "23:59:59"
    for wrong in ("08:00-08:00", "12:00-08:00", "8:00-12:00", "08:00-24:30", "25:00-26:00", "08:00 - 12:00"):
        with pytest.raises(ValueError, match="08:00-12:00|24:00"):
            span(wrong)


def keys(model, where=()):
    for name, field in model.model_fields.items():
        inner = next(
            (one for one in [field.annotation] if isinstance(one, type) and hasattr(one, "model_fields")), None
        )
        if inner is None:
            yield (*where, name)
        else:
            yield from keys(inner, (*where, name))


def test_every_setting_is_in_the_file_and_in_the_manual():
    file = (ROOT / "config.yaml").read_text(encoding="utf-8")
    manual = (ROOT / "docs" / "operacion.md").read_text(encoding="utf-8")
    for where in keys(Settings):
        assert re.search(rf"^[ #]*{where[-1]}:", file, re.MULTILINE), f"config.yaml lacks {'.'.join(where)}"
        assert f"`{'.'.join(where)}`" in manual, f"docs/operacion.md lacks {'.'.join(where)}"


def test_every_environment_variable_is_in_the_manual():
    manual = (ROOT / "docs" / "operacion.md").read_text(encoding="utf-8")
    for name, override in ENVIRONMENT.items():
        assert f"`{name}`" in manual
        assert f"`{'.'.join(str(part) for part in override.path)}`" in manual


def test_every_line_of_the_file_is_told_by_a_comment_or_a_plain_name():
    tree = yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8"))
    assert set(tree) <= set(Settings.model_fields)


yaml_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*Settings.model_fields, "x", "port"]), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(tree=yaml_values)
def test_any_yaml_gives_settings_or_a_list_of_problems(tree, tmp_path_factory):
    path = tmp_path_factory.mktemp("c") / "config.yaml"
    path.write_text(yaml.safe_dump(tree, allow_unicode=True), encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_settings(path, {})
    assert all(one.startswith("config.yaml:") for one in caught.value.problems)


def test_the_real_environment_is_used_when_none_is_given(tmp_path, monkeypatch):
    for name in list(os.environ):
        if name.startswith("ATIENDE_"):
            monkeypatch.delenv(name)
    (tmp_path / "config.yaml").write_text(DEMO)
    monkeypatch.setenv("ATIENDE_CONFIG", str(tmp_path / "config.yaml"))
    monkeypatch.setenv("ATIENDE_PORT", "9100")
    assert load_settings().server.port == 9100
