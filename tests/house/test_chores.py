"""`make`, `.ci/run` and what is needed to deploy."""

import configparser
import json
import os
import re
import subprocess
import tomllib

import pytest
import yaml

from deploy.runtime_lock import entries, needed
from tests.emulators.__main__ import what_is_missing
from tests.house.repository import ROOT, text

CHECKS = ("ruff check", "ruff format --check", "mypy", "lint-imports", "atiende check", "pytest")


def make(*words, **env):
    return subprocess.run(
        ["make", *words], cwd=ROOT, capture_output=True, text=True, check=False, env={**os.environ, **env}, timeout=60
    )


def test_make_test_runs_every_check_and_ci_runs_make_test():
    planned = make("-n", "checks").stdout
    for check in CHECKS:
        assert check in planned
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert re.search(r"^make test$", script.read_text(), re.MULTILINE)
    assert subprocess.run(["bash", "-n", str(script)], check=False).returncode == 0


def test_an_old_python_is_refused_with_a_sentence(tmp_path):
    old = tmp_path / "python3"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    done = make("demo", f"PYTHON={old}", f"VENV={tmp_path / 'venv'}")
    assert done.returncode != 0
    assert "needs Python 3.11" in done.stderr
    assert not (tmp_path / "venv").exists()


def test_a_second_call_prepares_nothing(tmp_path):
    venv = tmp_path / "venv"
    venv.mkdir()
    (venv / ".locked").touch()
    (venv / ".ready").touch()
    planned = make("-n", "demo", f"VENV={venv}").stdout
    assert "pip" not in planned
    assert "atiende demo" in planned


def test_the_emulators_of_others_are_no_part_of_make_test_and_say_what_they_miss(monkeypatch, tmp_path):
    folder = ROOT / "tests" / "emulators"
    assert "test-emulators" not in make("-n", "checks").stdout + text(".ci/run")
    assert not list(folder.glob("test_*.py"))
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "Node.js" in what_is_missing()


def test_the_packages_of_the_emulators_are_locked_without_naming_a_registry():
    wanted = json.loads(text("tests/emulators/package.json"))["dependencies"]
    locked = json.loads(text("tests/emulators/package-lock.json"))["packages"]
    assert {name: locked[f"node_modules/{name}"]["version"] for name in wanted} == wanted
    assert all("integrity" in one and "resolved" not in one for name, one in locked.items() if name)


def test_the_list_of_chores_tells_each():
    told = make("help").stdout
    for chore in ("demo", "test", "bench", "lint", "lock", "test-emulators"):
        assert f"make {chore}" in told


def test_the_lock_has_hashes_and_knows_no_private_index():
    lock = text("requirements.lock")
    found = entries(lock)
    assert all("--hash=sha256:" in lines for lines, _ in found.values())
    assert not re.search(r"https?://", lock)


def test_serving_needs_every_dependency_and_none_of_the_tests():
    project = tomllib.loads(text("pyproject.toml"))
    kept = needed(entries(text("requirements.lock")))

    def names(requirements):
        return {re.split(r"[\[<>=;, ]", one.lower())[0].replace("_", "-") for one in requirements}

    assert names(project["project"]["dependencies"]) <= kept
    assert not names(project["dependency-groups"]["dev"]) & kept - {"coverage"}
    assert {"pydantic-core", "anyio", "mako"} <= kept


def test_the_image_does_not_run_as_root():
    lines = text("deploy/Dockerfile").splitlines()
    assert any(re.fullmatch(r"USER [1-9]\d*", line) for line in lines)
    assert not any("requirements.lock" in line and "--no-deps" in line for line in lines)


def test_compose_gives_secrets_by_name_only_and_postgresql_is_healthy_first():
    compose = yaml.safe_load(text("deploy/compose.yaml"))
    house = compose["services"]["atiende"]
    assert house["read_only"]
    assert house["depends_on"]["postgres"]["condition"] == "service_healthy"
    assert "${ATIENDE_DATA_KEY:?}" in house["environment"].values()
    assert "${POSTGRES_PASSWORD:?}" in house["environment"]["ATIENDE_DATABASE_URL"]


def test_compose_passes_every_secret_of_a_channel_of_people_and_forces_none():
    given = yaml.safe_load(text("deploy/compose.yaml"))["services"]["atiende"]["environment"]
    named = set(re.findall(r"\$\{(ATIENDE_(?:TELEGRAM|WHATSAPP)_\w+)\}", text("config.yaml")))
    assert len(named) > 4
    for name in named:
        assert given[name] == f"${{{name}:-}}"


@pytest.mark.parametrize("key", ["NoNewPrivileges", "ProtectHome", "PrivateTmp"])
def test_the_unit_gives_the_service_little(key):
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str
    unit.read_string(text("deploy/atiende.service"))
    assert unit["Service"][key] == "yes"
    assert unit["Service"]["ProtectSystem"] == "strict"
    assert unit["Service"]["User"] == "atiende"


def test_the_package_carries_every_folder_that_the_service_reads():
    project = tomllib.loads(text("pyproject.toml"))
    assert set(project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]) == {
        "bot",
        "dialogs",
        "storage",
        "nlu_data",
    }
    assert project["project"]["license"] == "Apache-2.0"
    assert "Apache License" in text("LICENSE")


def test_each_exception_of_the_tools_has_a_reason():
    block = text("pyproject.toml").split("[tool.ruff.lint]")[1].split("[tool.ruff.lint.mccabe]")[0]
    for line in block.splitlines():
        if re.match(r'\s+"[A-Z]+\d*",', line):
            assert "# " in line, line
