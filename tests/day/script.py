"""Reads the script of the day: what each kind of citizen says, what must be heard, and what it leaves in the books."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import yaml

from bot.demo.territory import PLACES
from bot.kernel.clock import BOGOTA
from tests.day.staff import ROUND
from tests.day.world import Citizen, Day

FOLDER = Path(__file__).parent
CITIZENS = 300
#: People of one kind do not write at the same second.
_APART = timedelta(seconds=90)
_THINKS = timedelta(seconds=20)


@dataclass(frozen=True)
class Kind:
    """A kind of citizen: when the first of them writes, what they say, and what each leaves in the books."""

    name: str
    at: time
    steps: Sequence[Mapping[str, Any]]
    leaves: Mapping[str, int]
    needs: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Moment:
    """One message of one citizen at one moment of the day."""

    at: datetime
    who: Citizen
    kind: Kind
    number: int
    what: Mapping[str, Any]


def kinds() -> list[Kind]:
    """Return the kinds of every script file, in order."""
    found = []
    for path in sorted(FOLDER.glob("*.yml")):
        for name, entry in yaml.safe_load(path.read_text(encoding="utf-8"))["ciudadanos"].items():
            hour = time.fromisoformat(entry["hora"])
            found.append(Kind(name, hour, entry["pasos"], entry.get("deja", {}), frozenset(entry.get("pide", ()))))
    return found


def dealt(every: Sequence[Kind]) -> list[Kind]:
    """Return the kind of each citizen: in turn, but a kind that needs what a citizen lacks is passed on."""
    found = []
    for number in range(CITIZENS):
        has = Citizen(number).has
        fitting = (each for step in range(len(every)) if (each := every[(number + step) % len(every)]).needs <= has)
        found.append(next(fitting))
    return found


def moments(day: datetime, every: Sequence[Kind]) -> list[Moment]:
    """Return the messages of all citizens in order of time."""
    found = []
    met: Counter[str] = Counter()
    for number, kind in enumerate(dealt(every)):
        later = met[kind.name] * _APART
        met[kind.name] += 1
        start = datetime.combine(day.date(), kind.at, BOGOTA) + later
        for step, what in enumerate(kind.steps):
            at = start + step * _THINKS
            if "hora" in what:
                at = datetime.combine(day.date(), time.fromisoformat(what["hora"]), BOGOTA) + later
            found.append(Moment(at, Citizen(number), kind, step, what))
    return sorted(found, key=lambda each: (each.at, each.who.number))


def filled(what: Mapping[str, Any], who: Citizen) -> dict[str, Any]:
    """Return a message with the citizen's own account and neighbourhood in it."""
    place = who.place
    own = {"cuenta": who.cuenta, "barrio": place.nombre, "documento": str(52_000_000 + who.number)}
    said = {key: value.format(**own) if isinstance(value, str) else value for key, value in what.items()}
    if said.get("lugar") == "mi casa":
        ring = place.polygon["coordinates"][0]
        # Houses of one neighbourhood stand half a kilometre apart, so that nobody's report is taken for another's.
        step = who.number // len(PLACES)
        said["lugar"] = (ring[0][1] + 0.0002 * (1 + step), ring[0][0] + 0.0002 * (1 + step))
    return said


async def play(day: Day, every: Sequence[Moment]) -> list[str]:
    """Live the messages; return what was not heard as the script says."""
    wrong = []
    duties = [(datetime.combine(every[0].at.date(), at, BOGOTA), do) for at, do in ROUND]
    last: dict[Citizen, list[str]] = {}
    for each in every:
        while duties and duties[0][0] <= each.at:
            at, do = duties.pop(0)
            await day.until(at)
            await do(day)
        await day.until(each.at)
        only_if = each.what.get("solo_si")
        if only_if and only_if not in last.get(each.who, ()):
            continue
        heard = (await day.say({each.who: filled(each.what, each.who)}))[each.who]
        last[each.who] = heard.keys
        wanted = each.what.get("oye")
        if wanted and wanted not in heard.keys:
            wrong.append(f"{each.kind.name} (ciudadano {each.who.number}), paso {each.number}: {wanted} ≠ {heard.keys}")
    return wrong


def expected(every: Sequence[Kind]) -> Counter[str]:
    """Return what the books must hold at night, by the script alone."""
    books: Counter[str] = Counter()
    for kind in dealt(every):
        books.update(kind.leaves)
    return books
