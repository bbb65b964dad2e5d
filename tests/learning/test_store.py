"""Doubts as rows, on both databases."""

from __future__ import annotations

from datetime import timedelta

from storage.db import Database
from storage.repos.doubts import DoubtRecord
from storage.retention import RetentionPolicy, purge
from storage.uow import UnitOfWork
from tests.learning.world import NOW, keep


def opened(database: Database) -> list[DoubtRecord]:
    return database.read_now(lambda uow: uow.doubts.in_state("open"))


def test_words_said_again_count_and_bring_what_is_newest(database: Database) -> None:
    def write(uow: UnitOfWork) -> None:
        keep(uow, "botando eso", ranking=[("saludar", 0.2)])
        keep(uow, "otra cosa")
        keep(uow, "Botando ESO", at=NOW + timedelta(hours=1), ranking=[("reportar_dano", 0.4)], chosen="reportar_dano")
        keep(uow, "botando eso", at=NOW + timedelta(hours=2), chosen="reportar_dano", reason="aclarado")

    database.write_now(write)
    first, second = opened(database)
    assert (first.said, first.heard, first.reason, first.choices) == (
        "botando eso",
        3,
        "aclarado",
        {"reportar_dano": 2},
    )
    assert (first.first_at, first.touched_at, first.ranking) == (NOW, NOW + timedelta(hours=2), ())
    assert (second.said, second.heard) == ("otra cosa", 1)


def test_a_choice_without_its_words_is_let_be(database: Database) -> None:
    database.write_now(lambda uow: uow.doubts.choose("nunca dicho", "saludar", "corregido"))
    assert opened(database) == []


def test_what_only_one_person_said_is_erased_with_that_person(database: Database) -> None:
    def write(uow: UnitOfWork) -> None:
        keep(uow, "de uno", conversation_id="c1", chosen="saludar")
        keep(uow, "de uno", conversation_id="c1")
        keep(uow, "de dos", conversation_id="c1")
        keep(uow, "de dos", conversation_id="c2")
        keep(uow, "de dos", conversation_id="c1")

    database.write_now(write)
    assert database.write_now(lambda uow: uow.doubts.forget("c1")) == 1
    assert [each.said for each in opened(database)] == ["de dos"]
    assert database.write_now(lambda uow: uow.doubts.forget("c2")) == 0


def test_what_nobody_says_any_more_is_forgotten_whatever_was_decided_on_it(database: Database) -> None:
    def write(uow: UnitOfWork) -> None:
        keep(uow, "vieja", chosen="saludar")
        keep(uow, "vieja y descartada")
        keep(uow, "dicha otra vez")
        uow.doubts.decide([2], "discarded", NOW, by="Ana")
        keep(uow, "dicha otra vez", at=NOW + timedelta(days=30))

    database.write_now(write)
    policy = RetentionPolicy(doubts_days=60)
    assert database.write_now(lambda uow: purge(uow, NOW + timedelta(days=60), policy)).rows == {}
    gone = database.write_now(lambda uow: purge(uow, NOW + timedelta(days=61), policy)).rows
    assert gone == {"nlu_doubts": 2, "nlu_doubt_choices": 1}
    assert [each.said for each in opened(database)] == ["dicha otra vez"]


def test_a_discarded_sentence_that_is_said_again_stays_discarded(database: Database) -> None:
    database.write_now(lambda uow: keep(uow, "botando eso"))
    database.write_now(lambda uow: uow.doubts.decide([1], "discarded", NOW, by="Ana"))
    database.write_now(lambda uow: keep(uow, "botando eso"))
    assert opened(database) == []
    assert database.read_now(lambda uow: uow.doubts.counts()) == {"discarded": 1}
