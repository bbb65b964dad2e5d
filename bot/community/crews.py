"""Is this person really ours? By badge or first name and sector; never by document, and guessing has a limit."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from bot.community.interventions import crew_today
from bot.kernel.clock import local_date

if TYPE_CHECKING:
    from storage.repos.crews import CrewRecord
    from storage.uow import UnitOfWork

#: Wrong badges that one conversation may try in ``WINDOW``; whoever guesses is no neighbour at a door.
TRIES: Final = 6
WINDOW: Final = timedelta(hours=1)
_DOCUMENT: Final = re.compile(r"\d{7,11}")
_LONGEST_CODE: Final = 20


@dataclass(frozen=True, slots=True)
class Checked:
    """The answer: ``estado`` is si, otro_sector, no, documento or bloqueado; name and trade only with a yes."""

    estado: str
    nombre: str = ""
    oficio: str = ""
    puede: str = ""


def code_of(typed: str) -> str:
    """Return a badge's code as it is kept: capitals and digits alone."""
    return re.sub(r"[^A-Z0-9]", "", typed.upper())[:_LONGEST_CODE]


def check(uow: UnitOfWork, typed: str, sector: str, *, origin: str, now: datetime) -> Checked:
    """Tell whether the bearer of a badge, or somebody of that first name, is sent to ``sector`` today.

    A number long enough to be a document is refused before anything is looked up. A wrong try is counted in this very
    transaction.
    """
    if _DOCUMENT.fullmatch(re.sub(r"[ .\-]", "", typed.strip())):
        return Checked("documento")
    key = f"carne:{hashlib.sha256(origin.encode()).hexdigest()[:40]}"
    if uow.attempts.count_since(key, now - WINDOW) >= TRIES:
        return Checked("bloqueado")
    member = uow.crews.get(code_of(typed))
    sent = crew_today(uow, sector, now)
    if member is None:
        member = _by_name(uow, typed, sent, now)
    if member is None or not _is_valid(member, now):
        uow.attempts.add(key, now)
        return Checked("no")
    if member.codigo not in sent:
        return Checked("otro_sector")
    return Checked("si", member.nombre, member.oficio, member.puede)


def _by_name(uow: UnitOfWork, typed: str, sent: frozenset[str], now: datetime) -> CrewRecord | None:
    """Return who bears that first name among those sent today; a name alone says nothing of anybody else."""
    wanted = set(_plain(typed).split())
    for codigo in sorted(sent):
        member = uow.crews.get(codigo)
        if member is not None and _is_valid(member, now) and _plain(member.nombre).split()[0] in wanted:
            return member
    return None


def _is_valid(member: CrewRecord, now: datetime) -> bool:
    today = local_date(now)
    return member.activo and member.desde_on <= today and (member.hasta_on is None or today <= member.hasta_on)


def _plain(text: str) -> str:
    spread = unicodedata.normalize("NFD", text.lower())
    return "".join(mark if mark.isalpha() else " " for mark in spread if not unicodedata.combining(mark))
