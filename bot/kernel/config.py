"""Loads the settings: one file and the environment, all problems said at once, each with its line."""

from __future__ import annotations

import difflib
import importlib.util
import json
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError

from bot.kernel.config_key import data_key_text
from bot.kernel.config_model import Settings
from bot.kernel.config_problems import describe, secret_paths
from bot.kernel.config_rules import rules
from bot.kernel.errors import ConfigError
from bot.kernel.source import Source, Where, dotted, read

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "ENVIRONMENT",
    "OTHER_VARIABLES",
    "Override",
    "Settings",
    "data_key_text",
    "load_settings",
    "without_secrets",
]

CONFIG_FILE: Final = "config.yaml"
_REFERENCE = re.compile(r"\$\{([A-Z][A-Z0-9_]*)\}")
_PASSWORD = re.compile(r"(?<=://)[^/@\s]+(?=@)")
_LOOKS_LIKE_REFERENCE = re.compile(r"\$\{?[A-Za-z]")


@dataclass(frozen=True, slots=True)
class Override:
    """An environment variable that wins over a key of the file."""

    path: Where
    number: bool = False


#: Environment variables that win over the file, and the key each replaces.
ENVIRONMENT: Final[dict[str, Override]] = {
    "ATIENDE_MODE": Override(("mode",)),
    "ATIENDE_NOW": Override(("now",)),
    "ATIENDE_DATA_DIR": Override(("data_dir",)),
    "ATIENDE_DATABASE_URL": Override(("database_url",)),
    "ATIENDE_DATA_KEY": Override(("data_key",)),
    "ATIENDE_HOST": Override(("server", "host")),
    "ATIENDE_PORT": Override(("server", "port"), number=True),
    "ATIENDE_PUBLIC_URL": Override(("server", "public_url")),
    "ATIENDE_LOG_LEVEL": Override(("log", "level")),
    "ATIENDE_LOG_FORMAT": Override(("log", "format")),
}

#: Environment variables that are not settings, and what each is for.
OTHER_VARIABLES: Final[dict[str, str]] = {
    "ATIENDE_CONFIG": "path of the settings file",
    "ATIENDE_FAILPOINT": "name of the place where a test kills the process",
    "ATIENDE_TEST_DATABASE_URL": "PostgreSQL that the tests use instead of starting their own",
}


def load_settings(path: Path | None = None, env: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from ``path`` (else ``ATIENDE_CONFIG``, else ``config.yaml`` here) and ``env``.

    ``${NAME}`` in a value is replaced from the environment; secrets may be written in no other way. Relative paths
    start at the folder of the file.

    Raises:
        ConfigError: with every problem found, each ``config.yaml:LINE: key: …``.
    """
    environment = os.environ if env is None else env
    path = path or Path(environment.get("ATIENDE_CONFIG") or CONFIG_FILE)
    source = read(path)
    problems = [(line, f"{source.name}:{line}: {text}") for line, text in source.problems]
    if not source.is_read:  # a file that says nothing is not one that lacks everything
        raise ConfigError([text for _, text in problems])
    problems += [(0, text) for text in _odd_variables(environment)]
    origins: dict[Where, str] = {}
    problems += _literal_secrets(source)
    _interpolate(source, source.tree, (), environment, problems, skip=False)
    _override(source.tree, environment, origins)

    def complain(where: Where, text: str) -> None:
        line = source.line(where)
        origin = origins.get(where)
        start = f"environment: {origin}" if origin else f"{source.name}:{line}: {dotted(where)}"
        problems.append((0 if origin else line, f"{start}: {text}"))

    settings = None
    for where, text in rules(source.tree):
        complain(where, text)
    try:
        settings = Settings.model_validate_json(json.dumps(source.tree), strict=True)
    except ValidationError as error:
        for item in error.errors():
            where = _real(source.tree, item["loc"])
            complain(where, describe({**item, "loc": where}, Settings, _at(source.tree, where)))
    if problems or settings is None:
        raise ConfigError(list(dict.fromkeys(text for _, text in sorted(problems, key=lambda found: found[0]))))
    is_placed = bool(environment.get("ATIENDE_DATA_DIR"))
    return _completed(settings, path.resolve().parent, is_placed=is_placed)


def without_secrets(settings: Settings) -> dict[str, Any]:
    """Return the settings as plain values for people to read: secrets and passwords are stars."""
    shown = settings.model_dump(mode="json")
    shown["database_url"] = _PASSWORD.sub("**********", settings.database_url)
    return shown


def _odd_variables(environment: Mapping[str, str]) -> list[str]:
    known = [*ENVIRONMENT, *OTHER_VARIABLES]
    found = []
    for name in sorted(environment):
        if name.startswith("ATIENDE_") and name not in known:
            close = difflib.get_close_matches(name, known, n=1, cutoff=0.9)
            if close:
                found.append(f"environment: {name}: unknown variable; did you mean {close[0]}?")
    return found


def _literal_secrets(source: Source) -> list[tuple[int, str]]:
    found = []
    for where in secret_paths(Settings):
        value = _at(source.tree, where)
        if isinstance(value, str) and value and not _REFERENCE.fullmatch(value):
            line = source.line(where)
            name = "ATIENDE_" + "_".join(str(part) for part in where[-2:]).upper()
            text = f"a secret may not be written here; put it in the environment and write ${{{name}}}"
            found.append((line, f"{source.name}:{line}: {dotted(where)}: {text}"))
    return found


def _interpolate(
    source: Source,
    block: dict[str, Any] | list[Any],
    where: Where,
    environment: Mapping[str, str],
    problems: list[tuple[int, str]],
    *,
    skip: bool,
) -> None:
    """Replace ``${NAME}`` in place; a missing one is forgiven in a block that says ``activo: false``."""
    skip = skip or (isinstance(block, dict) and block.get("activo") is False)
    items = list(block.items()) if isinstance(block, dict) else list(enumerate(block))
    for key, value in items:
        path = (*where, key)
        if isinstance(value, dict | list):
            _interpolate(source, value, path, environment, problems, skip=skip)
        elif isinstance(value, str) and "${" in value:
            overridden = any(o.path == path and environment.get(name) for name, o in ENVIRONMENT.items())
            missing = [name for name in _REFERENCE.findall(value) if not environment.get(name)]
            line = source.line(path)
            if not _REFERENCE.search(value) and _LOOKS_LIKE_REFERENCE.search(value):
                text = f"{value!r} is not a reference; write ${{NAME}} in capitals, for example ${{ATIENDE_DATA_KEY}}"
                problems.append((line, f"{source.name}:{line}: {dotted(path)}: {text}"))
            elif missing and not skip and not overridden:
                text = f"the environment variable {missing[0]} is not set; set it, for example export {missing[0]}=…"
                problems.append((line, f"{source.name}:{line}: {dotted(path)}: {text}"))
            if missing:
                block[key] = None  # type: ignore[index]
            else:
                block[key] = _REFERENCE.sub(lambda found: environment[found[1]], value)  # type: ignore[index]


def _override(tree: dict[str, Any], environment: Mapping[str, str], origins: dict[Where, str]) -> None:
    for name, override in ENVIRONMENT.items():
        text = environment.get(name)
        if not text:
            continue
        block: Any = tree
        for part in override.path[:-1]:
            block = block.setdefault(part, {}) if isinstance(block, dict) else None
        if isinstance(block, dict):
            block[override.path[-1]] = int(text) if override.number and text.strip().isdecimal() else text
            origins[override.path] = name


def _real(tree: object, where: tuple[str | int, ...]) -> Where:
    """Drop what pydantic adds to a path for the alternatives of a union."""
    path: list[str | int] = []
    present = tree
    for part in where:
        if isinstance(present, dict):
            path.append(part)
            present = present.get(part)
        elif isinstance(present, list) and isinstance(part, int):
            path.append(part)
            present = present[part] if part < len(present) else None
    return tuple(path)


def _at(tree: object, where: Where) -> object:
    for part in where:
        if isinstance(tree, dict):
            tree = tree.get(part)
        elif isinstance(tree, list) and isinstance(part, int) and part < len(tree):
            tree = tree[part]
        else:
            return None
    return tree


def _completed(settings: Settings, folder: Path, *, is_placed: bool) -> Settings:
    """Fill the settings that follow from others, and make paths absolute; ``is_placed``: the data folder was chosen."""
    data_dir = folder / settings.data_dir
    host = f"[{settings.server.host}]" if ":" in settings.server.host else settings.server.host
    public_url = settings.server.public_url or f"http://{host}:{settings.server.port}"
    flows = settings.dialogos.carpeta
    flows = folder / flows if flows != Path() else _installed("dialogs")
    examples = settings.nlu.datos
    examples = folder / examples if examples != Path() else _installed("dialogs").parent / "nlu_data"
    model = settings.nlu.modelo
    model = folder / model if model != Path() else data_dir / "modelo.npz"
    if settings.mode == "demo" and settings.now is not None and not is_placed:
        # A demo whose clock was moved gets a folder of its own: its cases and outages must be of its own days.
        data_dir /= f"reloj-{settings.now:%Y%m%d-%H%M}"
    return settings.model_copy(
        update={
            "data_dir": data_dir,
            "database_url": settings.database_url or f"sqlite:///{data_dir / 'atiende.db'}",
            "server": settings.server.model_copy(update={"public_url": public_url.rstrip("/")}),
            "dialogos": settings.dialogos.model_copy(update={"carpeta": flows}),
            "nlu": settings.nlu.model_copy(update={"datos": examples, "modelo": model}),
        }
    )


def _installed(package: str) -> Path:
    spec = importlib.util.find_spec(package)
    origin = spec.origin if spec is not None else None
    return Path(origin).parent if origin else Path.cwd() / package
