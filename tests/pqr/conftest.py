"""The law of the demo utility, and a way to file in one line."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.kernel.clock import FrozenClock
from bot.kernel.config import Settings, load_settings
from bot.kernel.ids import SequenceIds
from bot.pqr import filing
from bot.pqr.filing import Filed
from bot.pqr.law import Law
from bot.pqr.request import Filing
from storage.db import Database
from storage.uow import UnitOfWork

CONFIG = Path(__file__).parents[2] / "config.yaml"
PERSON = {
    "nombre": "Persona de Prueba",
    "tipo_documento": "CC",
    "documento": "1098765432",
    "correo": "persona.prueba@ejemplo.example",
    "telefono": "+573001112233",
    "direccion": "CL 5 # 10-20",
}


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    env = {name: value for name, value in os.environ.items() if not name.startswith("ATIENDE_")}
    return load_settings(CONFIG, env | {"ATIENDE_DATA_DIR": str(tmp_path_factory.mktemp("var"))})


@pytest.fixture(scope="session")
def law(settings: Settings) -> Law:
    return Law.from_settings(settings, today=date(2026, 11, 22))


def fact(**changes: Any) -> dict[str, Any]:
    """Return the fact of a complete claim; ``changes`` replace or, with None, remove."""
    whole = {
        "tipo": "reclamo",
        "servicio": "agua",
        "cuenta": "1234567",
        "cuenta_en_base": True,
        "relato": "Me cobraron de más en octubre.",
        "anonimo": False,
        "autorizado": True,
        "notificacion": "correo",
        **PERSON,
        **changes,
    }
    return {name: value for name, value in whole.items() if value is not None}


FilePqr = Callable[..., Filed]


@pytest.fixture
def file_pqr(database: Database, law: Law, clock: FrozenClock, ids: SequenceIds) -> FilePqr:
    """File a fact now; ``at`` is when the person sent it."""

    def run(*, at: datetime | None = None, conversation_id: str = "c_1", **changes: Any) -> Filed:
        now = clock.now()

        def work(uow: UnitOfWork) -> Filed:
            request = Filing.from_fact(
                fact(**changes), conversation_id=conversation_id, canal="webchat", recibido_at=at or now
            )
            return filing.file(uow, request, now=now, ids=ids, law=law)

        return database.write_now(work)

    return run


def bogota(text: str) -> datetime:
    return datetime.fromisoformat(text + "-05:00")


ONE_DAY = timedelta(days=1)
