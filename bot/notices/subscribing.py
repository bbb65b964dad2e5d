"""Wanting and leaving: topics, sectors, hours, everything; with the proof of what was authorised (Ley 1581/2012)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from bot.notices.push import Notices
    from storage.uow import UnitOfWork

#: The name under which somebody leaves every topic at once.
EVERYTHING = "todos"
#: The response in which a consent is asked for; it reads ``aviso_permiso``.
CONSENT_TEXT = "suscribir_avisos.pide_permiso_aviso"


@dataclass(frozen=True, slots=True)
class Said:
    """Where and when a person said so: what a proof needs besides the text."""

    conversation_id: str
    channel: str
    inbox_key: str
    at: datetime


class Subscribing:
    """Writes what people want; a no counts in every conversation of the person, a yes in the one it was said in."""

    def __init__(self, notices: Notices, *, version: str) -> None:
        """Take the topics with their wording, and the version of the texts of consent in force."""
        self._notices = notices
        self._topics = notices.catalog.temas
        self._version = version

    def consent_text(self, consent: str) -> str:
        """Return the words in which a consent is asked for."""
        return self._notices.words(CONSENT_TEXT, {"aviso_permiso": consent})

    def authorise(self, uow: UnitOfWork, said: Said, consent: str, *, granted: bool) -> None:
        """Keep a yes or a no with its proof: version and hash of the text, channel, message, moment."""
        uow.consents.add(
            conversation_id=said.conversation_id,
            topic=consent,
            granted=granted,
            version=self._version,
            text_sha256=hashlib.sha256(self.consent_text(consent).encode()).hexdigest(),
            channel=said.channel,
            inbox_key=said.inbox_key,
            at=said.at,
        )

    def is_authorised(self, uow: UnitOfWork, conversation_id: str, consent: str) -> bool:
        """Tell whether a consent was given here under the text in force."""
        answer = uow.consents.current(conversation_id, consent)
        return answer is not None and answer.granted and answer.version == self._version

    def want(self, uow: UnitOfWork, said: Said, topic: str, sector: str) -> None:
        """Begin a topic, for a sector if it has territory; whoever had left everything is reached again.

        Raises:
            KeyError: there is no such topic.
        """
        place = sector if self._topics[topic].por_sector else ""
        uow.subscriptions.turn_on(said.conversation_id, topic, place, said.at)
        if uow.subscriptions.preference(said.conversation_id).off_at is not None:
            uow.subscriptions.set_off(said.conversation_id, None, said.at)

    def leave(self, uow: UnitOfWork, said: Said, topic: str, sector: str | None = None) -> None:
        """End a topic, in one sector or at all; what was not sent yet is taken back."""
        for conversation_id in uow.people.conversations_with(said.conversation_id):
            uow.subscriptions.turn_off(conversation_id, topic, said.at, sector)
            if sector is None:
                uow.notices.withdraw(conversation_id, [topic], said.at)

    def leave_everything(self, uow: UnitOfWork, said: Said) -> None:
        """End every topic and every consent to be written to, and take back what was not sent yet."""
        consents = {entry.autorizacion for entry in self._topics.values() if entry.autorizacion}
        for conversation_id in uow.people.conversations_with(said.conversation_id):
            for topic in {each.topic for each in uow.subscriptions.of(conversation_id) if each.is_on}:
                uow.subscriptions.turn_off(conversation_id, topic, said.at)
            uow.subscriptions.set_off(conversation_id, said.at, said.at)
            uow.notices.withdraw(conversation_id, sorted(self._topics), said.at)
            uow.notices.withdraw_limited(conversation_id, self._notices.limited_classes, said.at)
            here = Said(conversation_id, said.channel, said.inbox_key, said.at)
            for consent in sorted(consents):
                if self.is_authorised(uow, conversation_id, consent):
                    self.authorise(uow, here, consent, granted=False)

    def set_hours(self, uow: UnitOfWork, said: Said, hours: str) -> None:
        """Keep the hours that a person asked for (Ley 2300); an unknown name means those of the law."""
        known = hours if hours in self._notices.catalog.franjas else ""
        for conversation_id in uow.people.conversations_with(said.conversation_id):
            uow.subscriptions.set_hours(conversation_id, known, said.at)
