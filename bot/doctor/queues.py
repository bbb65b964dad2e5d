"""What waits to be done: messages in and out, what could not be delivered, leases, and the scheduler."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot.doctor.findings import counted, span
from storage.health import work
from storage.migrate import HEAD, version

if TYPE_CHECKING:
    from datetime import datetime

    from bot.doctor.findings import Notes
    from bot.doctor.patient import Patient
    from storage.health import Work
    from storage.uow import UnitOfWork

_DAY: Final = timedelta(days=1)
_SLOW, _STUCK = timedelta(minutes=1), timedelta(minutes=5)
_STATES: Final = {"unknown": "en duda", "failed": "fallidos", "dead": "abandonados"}
#: A scheduler that missed so many of its rounds sleeps.
_ROUNDS = 4


async def look_at_queues(patient: Patient, notes: Notes) -> None:
    """Count what waits; without a database of this version there is nothing to count."""
    if patient.database is None:
        return
    now = patient.clock.now()

    def count(uow: UnitOfWork) -> Work | None:
        return work(uow, now, since=_DAY) if version(uow.conn) == HEAD else None

    found = await patient.database.read(count)
    if found is None:
        return
    _say_undelivered(found, notes)
    if patient.settings.now is not None:
        return  # each process starts a moved clock anew: nothing can be said about how long something waits
    runs = patient.is_running_here or patient.answers
    late = "mire el registro: channel_halted, background_failed" if runs else "arranque el servicio: atiende serve"
    _say_wait(notes, "envíos", "mensajes que deben salir esperan", found.due_since, now, late)
    if found.lapsed_leases:
        text = f"{counted(found.lapsed_leases, 'mensaje')} de un proceso que murió"
        notes.warn("apartados", text, "se retoman solos en un minuto; si no, reinicie el servicio")
    _say_wait(notes, "entrada", "gente que escribió espera", found.unanswered_since, now, late)
    _say_scheduler(patient, notes, found, now)


def _say_undelivered(found: Work, notes: Notes) -> None:
    told = [f"{count} {_STATES[state]} en {channel}" for (channel, state), count in sorted(found.undelivered.items())]
    if told:
        notes.warn("no entregados", f"en el último día: {', '.join(told)}", "atiende outbox list")
    else:
        notes.ok("no entregados", f"ninguno en el último día; {found.queued} en cola")


def _say_wait(notes: Notes, topic: str, what: str, since: datetime | None, now: datetime, remedy: str) -> None:
    waited = now - since if since is not None else timedelta(0)
    if waited < _SLOW:
        notes.ok(topic, "nada espera de más")
        return
    text = f"{what} hace {span(waited)}"
    (notes.fault if waited >= _STUCK else notes.warn)(topic, text, remedy)


def _say_scheduler(patient: Patient, notes: Notes, found: Work, now: datetime) -> None:
    if found.failed_jobs:
        text = f"fallaron en el último día: {', '.join(found.failed_jobs)}"
        notes.warn("trabajos", text, "mire job_failed en el registro")
    if not (patient.is_running_here or patient.answers):
        return
    every = timedelta(seconds=max(patient.settings.programador.cada_s, 30.0))
    if found.last_job_at is None or now - found.last_job_at > every * _ROUNDS:
        notes.fault("programador", "el servicio corre y nadie despierta los trabajos", "reinicie el servicio")
    else:
        notes.ok("programador", "despierta los trabajos")
