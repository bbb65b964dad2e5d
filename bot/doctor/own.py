"""The installation itself: settings, data key, database, room on the disk, understanding, calendar."""

from __future__ import annotations

import asyncio
import os
import shutil
from typing import TYPE_CHECKING, Final

from sqlalchemy.exc import SQLAlchemyError

from bot.channels.registry import build_channels
from bot.doctor.findings import counted, quoted
from bot.kernel.clock import local_date
from bot.kernel.config_key import KEY_FILE, data_key_text
from bot.kernel.errors import ConfigError, DialogsError, ModelError
from storage.crypto import Keyring
from storage.db import Database
from storage.errors import BadKeyring, DatabaseFull, DatabaseUnavailable, StorageError
from storage.health import health, is_opened_by_our_keys
from storage.migrate import HEAD

if TYPE_CHECKING:
    from bot.doctor.findings import Notes
    from bot.doctor.patient import Patient

_LITTLE, _TOO_LITTLE = 2_000_000_000, 300_000_000
_LOOK_S: Final = 5.0
_SQLITE: Final = "sqlite:///"


async def look_at_settings(patient: Patient, notes: Notes) -> None:
    """Look at what the file and the environment say together."""
    settings = patient.settings
    try:
        channels = build_channels(settings, clock=patient.clock)
    except ConfigError as error:
        for problem in error.problems:
            notes.fault("ajustes", problem, "corrija config.yaml o el entorno")
    else:
        names = sorted(set(channels) - {"terminal", "rest"})
        notes.ok("ajustes", f"modo {settings.mode}; encendidos: {', '.join(names) or 'ninguno'}")


async def look_at_key(patient: Patient, notes: Notes) -> None:
    """Look for the key, and open the database with it."""
    settings = patient.settings
    if settings.data_key is None and not (settings.data_dir / KEY_FILE).exists():
        notes.warn("llave", "todavía no hay: nace al arrancar por primera vez", "atiende serve, y guarde una copia")
        return
    try:
        keyring = Keyring.from_text(data_key_text(settings, str))
    except BadKeyring:
        notes.fault("llave", "no se lee: le falta una parte o está mal copiada", "docs/llave.md dice cómo se escribe")
        return
    except ConfigError as error:
        notes.fault("llave", str(error), "docs/llave.md dice cómo se escribe y dónde está")
        return
    notes.ok("llave", "se lee")
    await _open(patient, notes, keyring)


async def _open(patient: Patient, notes: Notes, keyring: Keyring) -> None:
    url = patient.settings.database_url
    is_file = url.startswith(_SQLITE)
    if is_file and not await asyncio.to_thread(_is_file, url.removeprefix(_SQLITE)):
        notes.warn("base de datos", "todavía no existe", "nace al arrancar por primera vez: atiende serve")
        return
    database = None
    try:
        database = Database.open(url, keyring, pool=2)
        found = await database.read(lambda uow: health(uow, seconds=_LOOK_S))
    except (StorageError, SQLAlchemyError, UnicodeError) as error:
        if database is not None:
            await database.close()
        text = _unreadable(error)
        remedy = "mire permisos y disco, o restaure: docs/copias.md" if is_file else "mire PostgreSQL y database_url"
        notes.fault("base de datos", text, remedy)
        return
    patient.database = database
    kind = "SQLite" if is_file else "PostgreSQL"
    if found.version is None:
        notes.warn("base de datos", f"{kind} vacía", "las tablas nacen al arrancar: atiende serve")
    elif found.version < HEAD:
        notes.warn("base de datos", f"{kind}, versión {found.version} de {HEAD}", "copia de seguridad y reinicie")
    elif found.version > HEAD:
        text = f"{kind}, versión {found.version}: la hizo un programa más nuevo que este ({HEAD})"
        notes.fault("base de datos", text, "instale la versión nueva de Atiende")
    elif found.is_read_only:
        notes.fault("base de datos", f"{kind} solo deja leer: es una réplica", "apunte database_url al principal")
    else:
        notes.ok("base de datos", f"{kind}, versión {found.version}, {_size(found.size)}")
    if found.problems:
        notes.fault("integridad", quoted(found.problems[0]), "pare el servicio y restaure una copia: docs/copias.md")
    elif found.is_whole is None:
        notes.warn("integridad", f"no se alcanzó a revisar en {_LOOK_S:g} s", "sqlite3 ARCHIVO 'PRAGMA quick_check'")
    else:
        notes.ok("integridad", "sin daños" if is_file else "sin índices dañados")
    if found.version == HEAD and await database.read(is_opened_by_our_keys) is False:
        notes.fault("llave", "no abre lo que está guardado: es otra", "ponga la llave con que se guardó: docs/llave.md")


async def look_at_disk(patient: Patient, notes: Notes) -> None:
    """Look for room where files, copies and the embedded database are kept."""
    place = patient.settings.data_dir
    while not place.exists() and place != place.parent:
        place = place.parent
    if not place.is_dir() or not os.access(place, os.W_OK | os.X_OK):
        text = f"data_dir: este usuario no puede escribir en {place}"
        notes.fault("disco", text, "dele la carpeta al usuario del servicio, o corrija data_dir")
        return
    free = shutil.disk_usage(place).free
    text = f"quedan {_size(free)} en data_dir"
    if free < _TOO_LITTLE:
        notes.fault("disco", text, "libere espacio ya: lleno, no se acepta ningún mensaje")
    elif free < _LITTLE:
        notes.warn("disco", text, "libere espacio o agrande el volumen")
    else:
        notes.ok("disco", text)


async def look_at_understanding(patient: Patient, notes: Notes) -> None:
    """Look whether flows, model and calendar are fit to start."""
    await asyncio.to_thread(_understand, patient, notes)


def _understand(patient: Patient, notes: Notes) -> None:
    from bot.house import load_dialogs, refuse_misfits  # half a second that other commands do not pay
    from bot.nlu.data import read_with_issues
    from bot.nlu.understand import Understanding
    from bot.pqr.law import Law

    settings = patient.settings
    train = "atiende train"
    try:
        dialogs = load_dialogs(settings)
    except DialogsError as error:
        notes.fault("diálogos", counted(len(str(error).splitlines()), "error", "errores"), "atiende check los muestra")
        return
    if not settings.nlu.modelo.exists():
        notes.fault("comprensión", "no hay modelo: solo se entienden botones y palabras exactas", train)
    else:
        try:
            heard = Understanding.open(settings, dialogs.domain.intents)
            refuse_misfits(dialogs, heard, remote_actions=settings.action_endpoint is not None)
        except ModelError:
            text = "el modelo está dañado, es de otra versión o no cabe en los flujos"
            notes.fault("comprensión", text, f"{train}, y reinicie")
        except DialogsError as error:
            notes.fault(
                "diálogos", counted(len(str(error).splitlines()), "error", "errores"), "atiende check los muestra"
            )
        else:
            data, _ = read_with_issues(settings.nlu.datos)
            if not settings.nlu.datos.is_dir():
                notes.fault("comprensión", "la carpeta de ejemplos no existe", "corrija nlu.datos en config.yaml")
            elif heard.taught_by != data.sha256:
                notes.warn("comprensión", "el modelo se entrenó con otros ejemplos", train)
            else:
                notes.ok("comprensión", "el modelo es de estos ejemplos y cabe en los flujos")
    Law.from_settings(settings, today=local_date(patient.clock.now()))
    notes.ok("calendario", "festivos y términos al día")


def _unreadable(error: Exception) -> str:
    """Say why a database was not opened, in words of ours; the library's would quote what is in it."""
    if isinstance(error, DatabaseFull):
        return "el disco está lleno"
    if isinstance(error, DatabaseUnavailable):
        return "no se llega a ella, o está ocupada"
    return f"no se puede leer ({type(error).__name__})"


def _is_file(path: str) -> bool:
    from pathlib import Path

    return Path(path).is_file()


def _size(count: int) -> str:
    value = float(count)
    for unit in ("B", "kB", "MB", "GB"):
        if value < 1000:  # noqa: PLR2004 - the step between units
            return f"{value:.0f} {unit}" if value >= 10 or unit == "B" else f"{value:.1f} {unit}".replace(".", ",")  # noqa: PLR2004
        value /= 1000
    return f"{value:.1f} TB".replace(".", ",")
