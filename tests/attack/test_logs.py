"""What a person says never reaches a log, not even inside the words of an error nobody foresaw."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import structlog

from bot.kernel.clock import FrozenClock
from storage.db import Database
from storage.errors import StorageError
from tests.attack.corpus import planted
from tests.attack.place import captured_log
from tests.turn.house import Talker, open_house

STORY = planted()["relato"]


async def test_an_error_that_quotes_the_person_is_written_without_its_words(
    database: Database, clock: FrozenClock, tmp_path: Path
) -> None:
    class Quoting:
        model = None

        def hear(self, text: str, **_: Any) -> None:
            try:
                float(text)
            except ValueError as error:
                raise KeyError(text) from error

    with captured_log() as stream:
        async with open_house(database, clock, tmp_path) as services:
            services.runner.thinker.understanding = Quoting()  # type: ignore[assignment]
            assert await Talker(services, clock).say(STORY) == ["general.error_interno"]
    written = stream.getvalue()
    [line] = [json.loads(line) for line in written.splitlines() if "turn_failed" in line]
    assert "KeyError" in line["exception"]
    assert "ValueError" in line["exception"]
    assert "hear" in line["exception"]
    assert STORY not in written


def test_our_own_errors_keep_their_words_and_those_of_libraries_do_not() -> None:
    with captured_log() as stream:
        log = structlog.get_logger("prueba")
        for error in (StorageError("the disk is full"), ValueError(STORY), ExceptionGroup(STORY, [ValueError(STORY)])):
            try:
                raise error
            except Exception:
                log.exception("ours")
                logging.getLogger("theirs").exception("theirs")
        log.error("given", exc_info=ValueError(STORY))
    written = stream.getvalue()
    assert written.count("the disk is full") == 2
    assert written.count("builtins.ValueError") == 3
    assert STORY not in written
