"""One-time codes: bound to one conversation, one account, one purpose and ten minutes; few tries, few letters."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.identity import codes
from storage.db import Database
from tests.identity.samples import HOUSE, LIMITS, NOW, SENDERS, SHOP, SILENT, Post, answer, other_than, plant


@pytest.fixture
def post(database: Database) -> Post:
    database.write_now(plant)
    return Post()


async def test_the_right_code_proves_the_account_in_the_conversation_that_asked(database: Database, post: Post) -> None:
    assert await database.write(lambda uow: post.send(uow, "c1"))
    assert await database.write(lambda uow: answer(uow, "c1", post.codes[0])) == "bien"
    assert await database.read(lambda uow: uow.people.verified_conversations(HOUSE)) == ["c1"]


@pytest.mark.parametrize(
    ("talk", "cuenta", "purpose"), [("c2", HOUSE, "cuenta"), ("c1", SHOP, "cuenta"), ("c1", HOUSE, "acuerdo")]
)
async def test_a_code_opens_nothing_elsewhere(
    database: Database, post: Post, talk: str, cuenta: str, purpose: str
) -> None:
    await database.write(lambda uow: post.send(uow, "c1"))
    mine = post.codes[0]
    await database.write(lambda uow: post.send(uow, talk, cuenta, purpose=purpose))
    tried = await database.write(lambda uow: answer(uow, talk, mine, cuenta, purpose=purpose))
    assert tried == ("bien" if mine == post.codes[1] else "mal")


async def test_a_code_is_answered_once(database: Database, post: Post) -> None:
    await database.write(lambda uow: post.send(uow, "c1"))
    assert await database.write(lambda uow: answer(uow, "c1", post.codes[0])) == "bien"
    assert await database.write(lambda uow: answer(uow, "c1", post.codes[0])) == "agotado"


async def test_a_turn_that_is_done_again_gets_the_same_answer_and_counts_once(database: Database, post: Post) -> None:
    await database.write(lambda uow: post.send(uow, "c1"))
    wrong = other_than(post.codes[0])
    for _ in range(9):
        assert await database.write(lambda uow: answer(uow, "c1", wrong, call="turn-1")) == "mal"
    for _ in range(2):
        assert await database.write(lambda uow: answer(uow, "c1", post.codes[0], call="turn-2")) == "bien"


async def test_a_code_is_worth_nothing_after_ten_minutes(database: Database, post: Post) -> None:
    await database.write(lambda uow: post.send(uow, "c1"))
    late = NOW + LIMITS.lives
    assert await database.write(lambda uow: answer(uow, "c1", post.codes[0], at=late)) == "vencido"
    assert await database.read(lambda uow: uow.people.person_of("c1")) is None


async def test_a_new_code_makes_the_old_one_worthless(database: Database, post: Post) -> None:
    for _ in range(2):
        await database.write(lambda uow: post.send(uow, "c1"))
    old, new = post.codes
    if old != new:
        assert await database.write(lambda uow: answer(uow, "c1", old)) == "mal"
    assert await database.write(lambda uow: answer(uow, "c1", new)) == "bien"


async def test_three_wrong_answers_use_a_code_up(database: Database, post: Post) -> None:
    await database.write(lambda uow: post.send(uow, "c1"))
    wrong = other_than(post.codes[0])
    for _ in range(3):
        assert await database.write(lambda uow: answer(uow, "c1", wrong)) == "mal"
    assert await database.write(lambda uow: answer(uow, "c1", post.codes[0])) == "agotado"


async def test_five_wrong_codes_close_the_door_of_the_conversation_for_an_hour(database: Database, post: Post) -> None:
    last = ""
    for number in range(5):
        if number % 3 == 0:
            await database.write(lambda uow: post.send(uow, "c1"))
        last = await database.write(lambda uow: answer(uow, "c1", other_than(post.codes[-1])))
    assert last == "bloqueada"
    soon, later = NOW + timedelta(minutes=59), NOW + timedelta(minutes=61)
    assert not await database.write(lambda uow: post.send(uow, "c1", at=soon))
    assert not await database.write(lambda uow: post.send(uow, "c1", SHOP, at=soon)), "another account is no way round"
    assert await database.write(lambda uow: post.send(uow, "c1", at=later))


async def test_wrong_codes_from_many_conversations_close_the_account(database: Database, post: Post) -> None:
    for number in range(5):
        talk = f"c{number}"
        await database.write(lambda uow, talk=talk: post.send(uow, talk))
        await database.write(lambda uow, talk=talk: answer(uow, talk, other_than(post.codes[-1])))
    state, _ = await database.read(lambda uow: codes.door(uow, "c9", HOUSE, senders=SENDERS, limits=LIMITS, now=NOW))
    assert state == "bloqueada"
    elsewhere, _ = await database.read(lambda uow: codes.door(uow, "c9", SHOP, senders=SENDERS, limits=LIMITS, now=NOW))
    assert elsewhere == "abierta"


async def test_many_guesses_at_once_pass_no_limit(database: Database, post: Post) -> None:
    await database.write(lambda uow: post.send(uow, "c1"))
    guesses = [f"{(int(post.codes[0]) + step) % 1_000_000:06d}" for step in range(1, 13)]
    found = await asyncio.gather(*(database.write(lambda uow, one=one: answer(uow, "c1", one)) for one in guesses))
    assert found.count("mal") <= LIMITS.code_tries
    assert await database.write(lambda uow: answer(uow, "c1", post.codes[0])) in {"agotado", "bloqueada"}


async def test_a_conversation_fills_nobodys_mailbox(database: Database, post: Post) -> None:
    sent = [await database.write(lambda uow: post.send(uow, "c1")) for _ in range(5)]
    assert sent == [True, True, True, False, False]
    many = [await database.write(lambda uow, talk=f"t{number}": post.send(uow, talk)) for number in range(5)]
    assert many == [True, True, True, False, False]
    assert await database.write(lambda uow: post.send(uow, "c1", at=NOW + timedelta(minutes=61)))


async def test_the_database_keeps_neither_the_code_nor_where_it_went_in_plain(database: Database, post: Post) -> None:
    await database.write(lambda uow: post.send(uow, "c1"))
    tables = ("one_time_codes", "outbox", "accounts")

    def everything(uow) -> str:  # type: ignore[no-untyped-def]
        rows = [tuple(row) for name in tables for row in uow.conn.execute(text(f"select * from {name}"))]
        return " ".join(
            bytes(value).decode("latin-1") if isinstance(value, bytes | memoryview) else str(value)
            for row in rows
            for value in row
        )

    kept = await database.read(everything)
    assert post.codes[0] not in kept
    assert "maria@casa.example" not in kept


async def test_the_letter_with_the_code_is_in_no_conversation_that_anybody_reads(
    database: Database, post: Post
) -> None:
    await database.write(lambda uow: post.send(uow, "c1"))
    assert await database.read(lambda uow: uow.outbox.transcript("c1")) == []
    (row,) = await database.write(
        lambda uow: uow.outbox.claim(
            channel="correo", account="atencion@empresa.example", now=NOW, lease_s=30, limit=9, worker="w"
        )
    )
    assert row.payload["text"] == f"Su código es {post.codes[0]}"
    assert row.not_after == NOW + LIMITS.lives, "a letter that comes too late is not sent"


async def test_contacts_are_shown_under_a_mask_and_only_where_they_can_be_reached(database: Database) -> None:
    await database.write(plant)

    async def seen(cuenta: str, able: dict[str, str]) -> tuple[str, list[str]]:
        state, contacts = await database.read(
            lambda uow: codes.door(uow, "c1", cuenta, senders=codes.Senders(able), limits=LIMITS, now=NOW)
        )
        return state, [contact.mask for contact in contacts]

    assert await seen(HOUSE, dict(SENDERS.accounts)) == ("abierta", ["ma***@casa.example", "300 *** **67"])
    assert await seen(HOUSE, {"sms": "Empresa"}) == ("abierta", ["300 *** **67"])
    assert await seen(SHOP, {"sms": "Empresa"}) == ("sin_contacto", [])
    assert await seen(SILENT, dict(SENDERS.accounts)) == ("sin_contacto", [])
    assert await seen("9999999", dict(SENDERS.accounts)) == ("no_encontrada", [])
