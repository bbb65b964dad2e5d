"""One person on several channels, two people of one house, and what is cut when somebody asks."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.identity import persons
from bot.kernel.ids import RandomIds
from storage.db import Database
from storage.retention import RetentionPolicy, purge
from storage.uow import UnitOfWork
from tests.identity.samples import HOUSE, NOW, SHOP, plant, prove

MARIA, JOSE = "52345678", "79123456"


@pytest.fixture(autouse=True)
def customers(database: Database) -> None:
    database.write_now(plant)


def tell(uow: UnitOfWork, talk: str, documento: str | None, nombre: str | None = None, cuenta: str = HOUSE) -> bool:
    return persons.know(uow, talk, cuenta, NOW, nombre=nombre, documento=documento)


async def test_the_same_account_contact_and_document_are_one_person(database: Database) -> None:
    def talk(uow: UnitOfWork) -> None:
        for minutes, name in enumerate(("telegram", "web")):
            prove(uow, name, at=NOW + timedelta(minutes=minutes))
            assert tell(uow, name, MARIA) is (name == "web")

    await database.write(talk)
    assert await database.read(lambda uow: uow.people.conversations_with("web")) == ["telegram", "web"]
    assert await database.read(lambda uow: uow.people.conversations_with("telegram")) == ["telegram", "web"]


async def test_two_people_of_one_house_stay_two(database: Database) -> None:
    def talk(uow: UnitOfWork) -> None:
        for name, documento in (("maria", MARIA), ("jose", JOSE)):
            prove(uow, name)
            assert not tell(uow, name, documento)

    await database.write(talk)
    assert await database.read(lambda uow: uow.people.conversations_with("jose")) == ["jose"]
    assert await database.read(lambda uow: uow.people.verified_conversations(HOUSE)) == ["jose", "maria"]


async def test_who_gives_no_document_is_joined_with_nobody(database: Database) -> None:
    def talk(uow: UnitOfWork) -> None:
        for name in ("telegram", "web"):
            prove(uow, name)
            tell(uow, name, None, "María")

    await database.write(talk)
    assert await database.read(lambda uow: uow.people.conversations_with("web")) == ["web"]


async def test_the_document_alone_joins_nobody(database: Database) -> None:
    def talk(uow: UnitOfWork) -> None:
        prove(uow, "maria", HOUSE)
        tell(uow, "maria", MARIA, cuenta=HOUSE)
        prove(uow, "thief", SHOP)
        assert not tell(uow, "thief", MARIA, cuenta=SHOP)
        assert not tell(uow, "thief", MARIA, cuenta=HOUSE), "the account that they share was proved by one of them only"
        assert not persons.know(uow, "nobody", HOUSE, NOW, documento=MARIA)

    await database.write(talk)
    assert await database.read(lambda uow: uow.people.conversations_with("thief")) == ["thief"]


async def test_a_second_document_in_one_conversation_changes_nothing(database: Database) -> None:
    def talk(uow: UnitOfWork) -> None:
        prove(uow, "maria")
        tell(uow, "maria", MARIA, "María")
        prove(uow, "jose")
        tell(uow, "jose", JOSE)
        assert not tell(uow, "jose", MARIA, "María")

    await database.write(talk)
    assert await database.read(lambda uow: uow.people.conversations_with("jose")) == ["jose"]
    assert await database.read(lambda uow: persons.first_name(uow, "jose")) == ""


async def test_joined_histories_keep_every_account_and_the_elders_words(database: Database) -> None:
    def talk(uow: UnitOfWork) -> None:
        prove(uow, "old")
        persons.describe(uow, "old", HOUSE, NOW, relacion="titular", apodo="la casa")
        tell(uow, "old", MARIA)
        later = NOW + timedelta(minutes=5)
        prove(uow, "new", SHOP, at=later)
        persons.describe(uow, "new", SHOP, later, relacion="usuario", apodo="la tienda")
        prove(uow, "new", HOUSE, at=later)
        persons.describe(uow, "new", HOUSE, later, relacion="usuario", apodo="donde vivo")
        assert tell(uow, "new", MARIA)

    await database.write(talk)
    person = await database.read(lambda uow: uow.people.person_of("new"))
    assert person is not None
    found = await database.read(lambda uow: uow.people.accounts_of(person))
    assert {(each.cuenta, each.relacion, each.apodo, each.verified) for each in found} == {
        (HOUSE, "titular", "la casa", True),
        (SHOP, "usuario", "la tienda", True),
    }


async def test_saying_what_an_account_is_proves_nothing(database: Database) -> None:
    await database.write(lambda uow: persons.describe(uow, "thief", HOUSE, NOW, relacion="titular", apodo="mía"))
    assert await database.read(lambda uow: uow.people.person_of("thief")) is None
    await database.write(lambda uow: prove(uow, "thief", SHOP))
    await database.write(lambda uow: persons.describe(uow, "thief", HOUSE, NOW, relacion="titular"))
    person = await database.read(lambda uow: uow.people.person_of("thief")) or ""
    assert [each.cuenta for each in await database.read(lambda uow: uow.people.accounts_of(person))] == [SHOP]


async def test_the_holder_is_called_by_the_name_of_the_account_and_others_by_what_they_told(database: Database) -> None:
    def talk(uow: UnitOfWork) -> None:
        prove(uow, "holder")
        persons.describe(uow, "holder", HOUSE, NOW, relacion="titular")
        prove(uow, "tenant", SHOP)
        persons.describe(uow, "tenant", SHOP, NOW, relacion="usuario")

    await database.write(talk)
    assert await database.read(lambda uow: persons.first_name(uow, "holder")) == "Persona"
    assert await database.read(lambda uow: persons.first_name(uow, "tenant")) == ""
    await database.write(lambda uow: tell(uow, "tenant", None, "JOSÉ Prueba", SHOP))
    assert await database.read(lambda uow: persons.first_name(uow, "tenant")) == "José"


async def test_unlinking_cuts_the_account_on_every_channel_of_the_person_and_of_nobody_else(database: Database) -> None:
    def talk(uow: UnitOfWork) -> None:
        for name in ("telegram", "web"):
            prove(uow, name)
            tell(uow, name, MARIA)
        prove(uow, "jose")
        persons.unlink(uow, "web", HOUSE)

    await database.write(talk)
    assert await database.read(lambda uow: uow.people.verified_conversations(HOUSE)) == ["jose"]
    assert len(await database.read(lambda uow: uow.people.conversations_with("web"))) == 2


async def test_who_withdraws_is_erased_on_every_channel(database: Database) -> None:
    def talk(uow: UnitOfWork) -> None:
        for name in ("telegram", "web"):
            prove(uow, name)
            tell(uow, name, MARIA, "María")
        persons.forget(uow, "web")

    await database.write(talk)
    assert await database.read(lambda uow: uow.people.person_of("telegram")) is None
    assert await database.read(lambda uow: uow.people.verified_conversations(HOUSE)) == []
    assert await database.read(lambda uow: uow.people.same_person(HOUSE, MARIA)) == []
    assert await database.read(lambda uow: uow.codes.sent_since("web", HOUSE, NOW)) == (0, 0)
    await database.write(lambda uow: persons.forget(uow, "web"))


async def test_what_nobody_needs_any_more_is_forgotten(database: Database) -> None:
    def talk(uow: UnitOfWork) -> None:
        uow.conversations.create("kept", {"channel": "web", "account": "a", "user": "u"}, NOW)
        for name in ("kept", "gone"):
            prove(uow, name)
            tell(uow, name, MARIA if name == "kept" else JOSE)
        prove(uow, "gone", SHOP)

    await database.write(talk)
    later = NOW + timedelta(days=3)
    purged = await database.write(lambda uow: purge(uow, later, RetentionPolicy()))
    assert {name: purged.rows[name] for name in ("persons", "person_links", "person_accounts", "one_time_codes")} == {
        "persons": 1,
        "person_links": 1,
        "person_accounts": 2,
        "one_time_codes": 3,
    }
    assert await database.read(lambda uow: uow.people.verified_conversations(HOUSE)) == ["kept"]


async def test_a_conversation_has_one_person_and_a_second_proof_keeps_them(database: Database) -> None:
    await database.write(lambda uow: prove(uow, "c1", HOUSE))
    first = await database.read(lambda uow: uow.people.person_of("c1"))
    await database.write(lambda uow: prove(uow, "c1", SHOP))
    assert await database.read(lambda uow: uow.people.person_of("c1")) == first
    assert await database.write(lambda uow: persons.person_for(uow, "c1", ids=RandomIds(), now=NOW)) == first
