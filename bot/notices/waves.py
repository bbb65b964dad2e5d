"""The life of one text for many: draft, approved by a second person, sent in batches, paused, cancelled, counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.kernel.errors import AtiendeError
from storage.repos.waves import Audience

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from bot.notices.catalog import NoticeFile
    from bot.notices.push import Notices
    from storage.repos.waves import Wave
    from storage.uow import UnitOfWork

CANCELLED = "cancelada"


class WaveRefused(AtiendeError):
    """A wave cannot be written or moved so; the text says why, for staff."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of everybody who was chosen; the parts add up to ``chosen``."""

    chosen: int = 0
    waiting: int = 0
    queued: int = 0
    sent: int = 0
    failed: int = 0
    unknown: int = 0
    skipped: int = 0
    cancelled: int = 0
    reasons: Mapping[str, int] | None = None


#: The state of an outbox row → the column of the counts.
_FATES = {
    "queued": "queued",
    "sending": "queued",
    "sent": "sent",
    "delivered": "sent",
    "read": "sent",
    "unknown": "unknown",
    "failed": "failed",
    "dead": "failed",
}


def audience_of(catalog: NoticeFile, topic: str, sectors: Sequence[str]) -> Audience:
    """Return whom a topic is for: by sector also those with an account there, unless the law asks for their consent.

    Raises:
        WaveRefused: sectors for a topic without territory.
    """
    entry = catalog.temas[topic]
    if sectors and not entry.por_sector:
        raise WaveRefused(f"the topic {topic} has no sectors: leave --sector out")
    by_account = entry.por_sector and not catalog.clases[entry.clase].is_limited
    return Audience(topic, tuple(sectors) or None, with_accounts=by_account)


@dataclass(frozen=True, slots=True)
class Draft:
    """What staff want to send: a template with its values, for a topic or some sectors of it.

    ``urgent`` is for safety alone. ``key`` is unique for ever. ``not_after`` (aware) is when it is of no use any more.
    """

    key: str
    template: str
    values: Mapping[str, str]
    author: str
    sectors: tuple[str, ...] = ()
    urgent: bool = False
    not_after: datetime | None = None


def draft(uow: UnitOfWork, notices: Notices, wanted: Draft, now: datetime) -> int:
    """Write a draft down and return its number.

    Raises:
        WaveRefused: no such template or sector, a value is missing or not one of the template's, or nobody is named.
        WordingError: the text cannot be said with those values.
    """
    entry = checked(notices, wanted.template, wanted.values)
    known = {sector.id for sector in uow.customers.sectors()}
    strange = sorted(set(wanted.sectors) - known)
    if strange:
        raise WaveRefused(f"there is no sector {', '.join(strange)}; there are {', '.join(sorted(known))}")
    if not wanted.author.strip():
        raise WaveRefused("the name of who writes it is missing")
    if wanted.not_after is not None and wanted.not_after <= now:
        raise WaveRefused("its last moment is over already")
    notices.words(entry.respuesta, {"aviso": dict(wanted.values)})
    return uow.waves.add(
        key=wanted.key,
        audience=audience_of(notices.catalog, entry.tema, wanted.sectors),
        clase=notices.catalog.temas[entry.tema].clase,
        response=entry.respuesta,
        values=wanted.values,
        author=wanted.author.strip(),
        now=now,
        urgent=wanted.urgent,
        not_after=wanted.not_after,
    )


def checked(notices: Notices, template: str, values: Mapping[str, str]) -> Any:
    """Return the template after looking that it has exactly its values.

    Raises:
        WaveRefused: it does not.
    """
    entry = notices.catalog.plantillas.get(template)
    if entry is None:
        raise WaveRefused(f"there is no template {template}; there are {', '.join(sorted(notices.catalog.plantillas))}")
    missing, strange = set(entry.valores) - values.keys(), values.keys() - set(entry.valores)
    if missing or strange:
        wrong = [f"missing: {', '.join(name for name in entry.valores if name in missing)}"] if missing else []
        wrong += [f"unknown: {', '.join(sorted(strange))}"] if strange else []
        raise WaveRefused(f"{template} takes exactly these values: {', '.join(entry.valores)} ({'; '.join(wrong)})")
    return entry


def approve(uow: UnitOfWork, wave_id: int, by: str, now: datetime) -> Wave:
    """Begin a draft; who wrote it cannot approve it.

    Raises:
        WaveRefused: there is no such draft, or the same person wrote it.
    """
    wave = _wave(uow, wave_id)
    if not by.strip() or by.strip().casefold() == wave.author.casefold():
        raise WaveRefused(f"{wave.author} wrote it: another person has to approve it")
    if not uow.waves.approve(wave_id, by.strip(), now):
        raise WaveRefused(f"{wave_id} is {wave.state}, not a draft")
    return _wave(uow, wave_id)


def pause(uow: UnitOfWork, wave_id: int, now: datetime) -> int:
    """Stop a wave; what is queued and has not left waits with it. Returns how many were held back.

    Raises:
        WaveRefused: it does not run.
    """
    wave = _wave(uow, wave_id)
    if not uow.waves.move(wave_id, ["running", "done"], "paused", now):
        raise WaveRefused(f"{wave_id} is {wave.state}: it cannot be paused")
    return uow.notices.hold(wave_id)


def resume(uow: UnitOfWork, wave_id: int, now: datetime) -> None:
    """Go on with a paused wave.

    Raises:
        WaveRefused: it is not paused.
    """
    wave = _wave(uow, wave_id)
    if not uow.waves.move(wave_id, ["paused"], "running", now):
        raise WaveRefused(f"{wave_id} is {wave.state}, not paused")


def cancel(uow: UnitOfWork, wave_id: int, now: datetime) -> int:
    """End a wave; what has not left is taken back. Returns how many people do not get it any more.

    Raises:
        WaveRefused: it is over already.
    """
    wave = _wave(uow, wave_id)
    if not uow.waves.move(wave_id, ["draft", "running", "paused", "done"], "cancelled", now):
        raise WaveRefused(f"{wave_id} is {wave.state} already")
    return uow.notices.cancel(wave_id, now, CANCELLED) + uow.waves.drop_waiting(wave_id, CANCELLED)


def send_some(uow: UnitOfWork, notices: Notices, wave: Wave, now: datetime, limit: int) -> int:
    """Write to at most ``limit`` of those who wait; when nobody does any more, the wave is done. Returns how many."""
    current = uow.waves.get(wave.id)
    if current is None or current.state != "running":
        return 0
    people = uow.waves.waiting(wave.id, limit)
    for key, conversation_id, by_account in people:
        notices.push(
            uow,
            conversation_id=conversation_id,
            response=wave.response,
            values={"aviso": wave.values},
            clase=notices.catalog.temas[wave.topic].clase,
            key=key,
            now=now,
            urgent=wave.urgent,
            topic=wave.topic,
            not_after=wave.not_after,
            wave_id=wave.id,
            by_account=by_account,
        )
    if not people:
        uow.waves.move(wave.id, ["running"], "done", now)
    return len(people)


def counts(uow: UnitOfWork, wave_id: int) -> Counts:
    """Return what became of everybody who was chosen."""
    found: dict[str, int] = {}
    reasons: dict[str, int] = {}
    for state, reason, fate, many in uow.notices.tally(wave_id):
        column = {"chosen": "waiting", "skipped": "skipped", "cancelled": "cancelled"}.get(state)
        column = column or _FATES.get(fate or "queued", "unknown")
        found[column] = found.get(column, 0) + many
        found["chosen"] = found.get("chosen", 0) + many
        if state in {"skipped", "cancelled"} and reason:
            reasons[reason] = reasons.get(reason, 0) + many
    return Counts(**found, reasons=reasons)


def _wave(uow: UnitOfWork, wave_id: int) -> Wave:
    wave = uow.waves.get(wave_id)
    if wave is None:
        raise WaveRefused(f"there is no sending {wave_id}; see `atiende notices list`")
    return wave
