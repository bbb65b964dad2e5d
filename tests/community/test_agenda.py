"""No time is given twice, on either database and whoever comes first."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, time, timedelta

from bot.community import agenda
from storage.repos.agenda import SlotRecord
from tests.community.conftest import NOW, lead

SLOT = SlotRecord(id=0, oficina="Oficina", starts_at=NOW + timedelta(days=2), minutos=30)
RESERVED = SlotRecord(id=0, oficina="Oficina", starts_at=NOW + timedelta(days=3), minutos=30, lideres=True)


def offered(town, *slots):
    town.write_now(lambda uow: uow.agenda.offer(slots))
    return [one.id for one in town.read_now(lambda uow: uow.agenda.free(NOW, NOW + timedelta(days=9)))]


def book(town, slot, who, **more):
    return town.write_now(lambda uow: agenda.book(uow, slot, [who], tema="la presión", now=NOW, **more))


def test_many_who_want_the_same_time_at_once_get_it_once(town):
    (slot,) = offered(town, SLOT)
    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(lambda number: book(town, slot, f"c{number}"), range(8)))

    assert sorted(outcomes) == ["ocupado"] * 7 + ["reservado"]
    assert len(town.read_now(lambda uow: uow.agenda.between(NOW, NOW + timedelta(days=9)))) == 1


def test_a_time_given_back_may_be_taken_by_somebody_else(town):
    (slot,) = offered(town, SLOT)
    book(town, slot, "c1")
    mine = town.read_now(lambda uow: uow.agenda.coming(["c1"], NOW))[0]

    assert not town.write_now(lambda uow: agenda.give_back(uow, mine.id, ["c2"], NOW))
    assert town.write_now(lambda uow: agenda.give_back(uow, mine.id, ["c1"], NOW))
    assert book(town, slot, "c2") == "reservado"


def test_a_change_gives_the_old_time_back_only_when_the_new_one_was_had(town):
    first, second = offered(
        town, SLOT, SlotRecord(id=0, oficina="Oficina", starts_at=NOW + timedelta(days=4), minutos=30)
    )
    book(town, first, "c1")
    book(town, second, "c2")
    mine = town.read_now(lambda uow: uow.agenda.coming(["c1"], NOW))[0]

    assert book(town, second, "c1", instead_of=mine.id) == "ocupado"
    assert [one.slot.id for one in town.read_now(lambda uow: uow.agenda.coming(["c1"], NOW))] == [first]
    theirs = town.read_now(lambda uow: uow.agenda.coming(["c2"], NOW))[0]
    town.write_now(lambda uow: agenda.give_back(uow, theirs.id, ["c2"], NOW))
    assert book(town, second, "c1", instead_of=mine.id) == "reservado"
    assert [one.slot.id for one in town.read_now(lambda uow: uow.agenda.coming(["c1"], NOW))] == [second]


def test_a_person_has_one_coming_time(town):
    first, second = offered(
        town, SLOT, SlotRecord(id=0, oficina="Oficina", starts_at=NOW + timedelta(days=4), minutos=30)
    )
    assert book(town, first, "c1") == "reservado"
    assert book(town, second, "c1") == "ya_tiene"


def test_times_of_leaders_are_offered_and_given_to_leaders_only(town):
    (slot,) = offered(town, RESERVED)
    town.write_now(lambda uow: lead(uow, "c_lider"))
    free = {
        who: [one.id for one in town.read_now(lambda uow, who=who: agenda.free(uow, [who], NOW, days=9))]
        for who in ("c1", "c_lider")
    }

    assert free == {"c1": [], "c_lider": [slot]}
    assert book(town, slot, "c1") == "ocupado"
    assert book(town, slot, "c_lider") == "reservado"


def test_a_closed_time_is_neither_offered_nor_given(town):
    (slot,) = offered(town, SLOT)
    assert town.write_now(lambda uow: uow.agenda.close(slot, closed=True))
    assert town.read_now(lambda uow: agenda.free(uow, ["c1"], NOW, days=9)) == []
    assert book(town, slot, "c1") == "ocupado"


def test_the_same_times_offered_again_are_there_once(town):
    day = agenda.day_of_slots(
        date(2026, 3, 25), oficina="O", opens=time(8), closes=time(9, 45), minutes=30, leaders_only=False, sector=None
    )
    assert len(day) == 3
    assert town.write_now(lambda uow: uow.agenda.offer(day)) == 3
    assert town.write_now(lambda uow: uow.agenda.offer(day)) == 0


def test_a_time_is_reminded_once_and_not_when_it_was_just_booked(town):
    (slot,) = offered(town, SLOT)
    book(town, slot, "c1")
    near = NOW + timedelta(days=1, hours=1)
    due = town.read_now(lambda uow: agenda.due_reminders(uow, near, hours=24))

    assert [one.conversation_id for one in due] == ["c1"]
    town.write_now(lambda uow: uow.agenda.reminded(due[0].id, near))
    assert town.read_now(lambda uow: agenda.due_reminders(uow, near, hours=24)) == []
