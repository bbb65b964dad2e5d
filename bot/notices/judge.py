"""May we write to this person, of this, now? The no has a reason, the yes a moment (Ley 2300/2023, Ley 1581/2012)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot.kernel.clock import local_date
from storage.repos.notices import week_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from bot.notices.catalog import Clase, ClassEntry, NoticeFile
    from bot.notices.gate import Gate
    from storage.repos.notices import Contact, Reach
    from storage.repos.subscriptions import Preference
    from storage.uow import UnitOfWork

#: Why somebody who was chosen is not written to.
NO_CONVERSATION: Final = "sin_conversacion"
BLOCKED: Final = "bloqueado"
OPTED_OUT: Final = "baja"
NO_CONSENT: Final = "sin_autorizacion"
FREQUENCY: Final = "frecuencia"
OTHER_CHANNEL: Final = "otro_canal"
EXPIRED: Final = "vencido"
DISPUTED: Final = "en_reclamo"

#: The class that money under claim stays out of (Ley 142 art. 155).
COLLECTION: Final = "COBRANZA"
#: The class that people stop when they tell a provider that they want no advertising.
ADVERTISING: Final = "COMERCIAL"


@dataclass(frozen=True, slots=True)
class Asked:
    """What one wants to say to whom: the class, perhaps a topic, and until when it makes sense.

    ``by_account``: chosen for an account that the person proved, so nothing is known of their place by consent.
    ``cuenta`` is what a message of collection is about; without one it is about every account that the person proved.
    """

    conversation_id: str
    clase: Clase
    now: datetime
    topic: str | None = None
    urgent: bool = False
    not_after: datetime | None = None
    by_account: bool = False
    cuenta: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """The answer: ``reason`` is empty for a yes; ``contact_on`` is the day it takes of the person's limits."""

    person: str
    reason: str
    not_before: datetime
    not_after: datetime
    contact_on: date | None = None


class Judge:
    """Decides; reads, and never writes."""

    def __init__(self, catalog: NoticeFile, gate: Gate) -> None:
        """Take the rules as data and the hours."""
        self._catalog = catalog
        self._gate = gate

    def judge(self, uow: UnitOfWork, asked: Asked, reach: Reach | None) -> Judged:
        """Return whether, and from when on, what was asked may leave.

        Raises:
            KeyError: there is no such class or topic.
        """
        clase = self._class_now(asked, reach)
        rules = self._catalog.clases[clase]
        until = asked.not_after or asked.now + timedelta(hours=rules.vida_horas)
        person = asked.conversation_id
        if rules.is_limited:
            person = uow.people.person_of(person) or person
        pref = uow.subscriptions.preference(asked.conversation_id)
        reason = self._refusal(uow, asked, reach, pref, rules)
        if reason or reach is None:
            return Judged(person, reason or NO_CONVERSATION, asked.now, until)
        start = self._opening(asked, clase, pref, asked.now, until)
        if start is None:
            return Judged(person, EXPIRED, asked.now, until)
        if not rules.is_limited:
            return Judged(person, "", start, until)
        return self._within_limits(uow, asked, person, reach.address["channel"], start, until, pref=pref, clase=clase)

    def _class_now(self, asked: Asked, reach: Reach | None) -> Clase:
        """Return the class: an answer that comes too late after the person wrote is a notice of service."""
        hours = self._catalog.clases[asked.clase].respuesta_horas
        if not hours:
            return asked.clase
        heard = reach.last_inbound_at if reach else None
        return asked.clase if heard and asked.now - heard <= timedelta(hours=hours) else "SERVICIO"

    def _refusal(self, uow: UnitOfWork, asked: Asked, reach: Reach | None, pref: Preference, rules: ClassEntry) -> str:
        topic = self._catalog.temas[asked.topic] if asked.topic else None
        if reach is None:
            return NO_CONVERSATION
        heard = reach.last_inbound_at
        if reach.has_failed or (pref.blocked_at and (heard is None or heard <= pref.blocked_at)):
            return BLOCKED
        if asked.clase == ADVERTISING and reach.wants_no_ads:
            return OPTED_OUT
        if asked.clase == COLLECTION and self._is_disputed(uow, asked):
            return DISPUTED
        if asked.urgent:
            # Safety is told to whoever can be reached: no topic that was left silences it.
            return ""
        # Whoever wants nothing still gets the follow-up of what they asked for themselves; it has no topic.
        if pref.off_at and (topic is not None or rules.is_limited):
            return OPTED_OUT
        if topic is None or asked.topic is None:
            return ""
        if uow.subscriptions.is_left(asked.conversation_id, asked.topic):
            return OPTED_OUT
        if asked.by_account and not rules.is_limited:
            return ""
        if topic.autorizacion and not self._is_granted(uow, asked.conversation_id, topic.autorizacion):
            return NO_CONSENT
        return ""

    def _is_disputed(self, uow: UnitOfWork, asked: Asked) -> bool:
        """Tell whether there is a claim over the money that would be asked for: until it is decided nobody asks."""
        if asked.cuenta:
            return bool(uow.disputes.open_for(asked.cuenta))
        person = uow.people.person_of(asked.conversation_id)
        proved = [each.cuenta for each in uow.people.accounts_of(person) if each.verified] if person else []
        return any(uow.disputes.open_for(cuenta) for cuenta in proved)

    def _is_granted(self, uow: UnitOfWork, conversation_id: str, consent: str) -> bool:
        answer = uow.consents.current(conversation_id, consent)
        return answer is not None and answer.granted

    def _opening(
        self, asked: Asked, clase: Clase, pref: Preference, since: datetime, until: datetime
    ) -> datetime | None:
        """Return when it may leave: in the hours the person asked for, else (service) in those of the class."""
        for own in dict.fromkeys((pref.hours, "")):
            start = self._gate.opening(clase, since, urgent=asked.urgent, own=own)
            if start is not None and start < until:
                return start
            if self._catalog.clases[clase].is_limited:
                return None
        return None

    def _within_limits(
        self,
        uow: UnitOfWork,
        asked: Asked,
        person: str,
        channel: str,
        start: datetime,
        until: datetime,
        *,
        pref: Preference,
        clase: Clase,
    ) -> Judged:
        """Return the first day on which the person may be written to again, before ``until``."""
        rules = self._catalog.clases[clase]
        first, last = week_of(local_date(start))[0], week_of(local_date(until))[1]
        contacts = uow.notices.contacts(person, first, last)
        reason = FREQUENCY
        at: datetime | None = start
        while at is not None and at < until:
            reason = _limit(rules, contacts, local_date(at), channel)
            if not reason:
                return Judged(person, "", at, until, contact_on=local_date(at))
            at = self._opening(asked, clase, pref, self._gate.day_after(at), until)
        return Judged(person, reason, start, until)


def _limit(rules: ClassEntry, contacts: Sequence[Contact], day: date, channel: str) -> str:
    """Return why no further message fits on ``day`` by ``channel``, or an empty text."""
    if rules.contactos_por_dia and sum(each.on == day for each in contacts) >= rules.contactos_por_dia:
        return FREQUENCY
    monday, sunday = week_of(day)
    used = {each.channel for each in contacts if monday <= each.on <= sunday}
    if rules.canales_por_semana and channel not in used and len(used) >= rules.canales_por_semana:
        return OTHER_CHANNEL
    return ""
