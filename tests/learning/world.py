"""A ranker that hears what a test says it hears, consent given without a talk, and sentences in doubt made by hand."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.learning.mask import key_of
from bot.nlu.understand import Understanding
from dialogs.engine.heard import Intent
from storage.repos.doubts import DoubtRecord
from storage.uow import UnitOfWork
from tests.turn.house import Talker

NOW = datetime.fromisoformat("2026-03-18T10:30:00-05:00")


class Told:
    """Ranks the texts it was told about; everything else is unknown to it."""

    def __init__(self, heard: dict[str, dict[str, float]]) -> None:
        self.synonyms: dict[str, str] = {}
        self._heard = heard

    def rank(self, text: str) -> tuple[tuple[Intent, ...], float]:
        found = self._heard.get(text, {"radicar_queja": 0.1, "saludar": 0.05})
        beyond = found.get("fuera_de_alcance", 0.0)
        ranking = tuple(Intent(name, value) for name, value in sorted(found.items(), key=lambda one: -one[1]))
        return ranking, beyond


def hears(talker: Talker, **heard: dict[str, float]) -> None:
    talker.services.runner.thinker.understanding = Understanding(Told(dict(heard)))


def consent(talker: Talker, *, granted: bool = True) -> None:
    def write(uow: UnitOfWork) -> None:
        uow.consents.add(
            conversation_id=talker.conversation_id,
            topic="datos",
            granted=granted,
            version="2026-01",
            text_sha256="0",
            channel="terminal",
            inbox_key="",
            at=talker.clock.now(),
        )

    talker.services.database.write_now(write)


def open_doubts(talker: Talker) -> list[DoubtRecord]:
    return talker.services.database.read_now(lambda uow: uow.doubts.in_state("open"))


def keep(uow: UnitOfWork, said: str, **more: Any) -> None:
    given = {"reason": "no_entendido", "ranking": (), "conversation_id": "c1", "language": "es", **more}
    at = given.pop("at", NOW)
    uow.doubts.keep(said, key_of(said), at, **given)
