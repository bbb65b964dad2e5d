"""Actions of subscribing to notices and leaving them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dialogs.actions.base import AtiendeAction, Dispatcher, Events, Seen, fact, slot
from dialogs.engine.slots import plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dialogs.actions.ports import LinkedAccount, WishesView

EVERYTHING = "todos"
#: Words by which somebody means every message and not one topic.
_ALL_WORDS = frozenset("mas nada todo todos todas ningun ninguno ninguna nunca lista suscripcion stop".split())
#: «Quiten» names an outage («quiten el agua»), but whoever leaves says it of the notice.
_LEAVING = frozenset("quitar quite quiten quiteme quitenme quitarme".split())
_MOST_BUTTONS = 6


class HearWantedTopic(AtiendeAction):
    """Takes the topic that the person already named."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_oir_aviso"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set ``tema_aviso`` from the message when it names exactly one topic."""
        if tracker.get_slot("tema_aviso"):
            return []
        return [slot("tema_aviso", self.ports.notices.named_in(_said(tracker)) or None)]


class PrepareTopic(AtiendeAction):
    """Finds out what is still missing to begin a topic: the sector, the consent, or nothing."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_preparar_aviso"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set ``aviso_estado`` (falta_sector, falta_permiso, ya, listo), ``aviso_titulo``, ``aviso_lugar``."""
        topic = self.ports.notices.topics.get(str(tracker.get_slot("tema_aviso")))
        if topic is None:
            return []
        events = [slot("aviso_titulo", topic.titulo), slot("aviso_permiso", topic.autorizacion or None)]
        place = ("", "")
        if topic.por_sector:
            found = await self._place(tracker)
            if found is None:
                return [*events, slot("sector_aviso", None), slot("aviso_estado", "falta_sector")]
            place = found
        events += [slot("sector_aviso", place[0] or None), slot("aviso_lugar", place[1] or None)]
        wishes = await self.ports.notices.of(tracker.sender_id)
        if any((each.tema, each.sector_id) == (topic.id, place[0]) for each in wishes.avisos):
            return [*events, slot("aviso_estado", "ya")]
        needs = bool(topic.autorizacion) and not await self.ports.notices.is_authorised(
            tracker.sender_id, topic.autorizacion
        )
        return [*events, slot("aviso_estado", "falta_permiso" if needs else "listo")]

    async def _place(self, tracker: Seen) -> tuple[str, str] | None:
        """Return the sector that was said, or that of the only account the person proved."""
        said = str(tracker.get_slot("sector_aviso") or "")
        if said:
            return await self.ports.notices.sector(said)
        person = await self.ports.identity.who(tracker.sender_id)
        sectors = {each.sector for each in person.cuentas if each.verificada and each.sector}
        return await self.ports.notices.sector(sectors.pop()) if len(sectors) == 1 else None


class AskSector(AtiendeAction):
    """Asks for the sector, with those of the person's own accounts as buttons."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_ask_sector_aviso"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Ask for the neighbourhood or village."""
        person = await self.ports.identity.who(tracker.sender_id)
        buttons = [
            {"title": account.barrio[:20], "payload": f"/SetSlots(sector_aviso={account.sector})"}
            for account in _one_a_sector(person.cuentas)
        ]
        dispatcher.utter_message(response="suscribir_avisos.cual_sector", buttons=buttons[:_MOST_BUTTONS])
        return []


class CheckSector(AtiendeAction):
    """Refuses a sector that the utility does not have."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "validate_sector_aviso"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set ``sector_aviso`` to the id of the sector, or empty it and say so."""
        said = str(tracker.get_slot("sector_aviso") or "")
        found = await self.ports.notices.sector(said)
        if found is None:
            dispatcher.utter_message(response="suscribir_avisos.no_es_sector")
            return [slot("sector_aviso", None)]
        return [slot("sector_aviso", found[0])]


class BeginTopic(AtiendeAction):
    """Begins the topic, with the consent that was just given."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_guardar_aviso"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Report NoticeWanted."""
        given = tracker.get_slot("aviso_permiso") if tracker.get_slot("permiso_aviso") else None
        topic, sector = tracker.get_slot("tema_aviso"), tracker.get_slot("sector_aviso")
        return [fact("NoticeWanted", tema=topic, sector=sector or "", permiso=given or "")]


class RefuseTopic(AtiendeAction):
    """Keeps the no to the consent of a topic."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_negar_permiso_aviso"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Report NoticeRefused."""
        return [fact("NoticeRefused", permiso=tracker.get_slot("aviso_permiso"))]


class HearLeftTopic(AtiendeAction):
    """Takes the topic that the person wants to leave; without one, and with none or one in use, it is everything."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_oir_baja"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set ``mis_avisos``, ``mis_avisos_total`` and, when it is clear, ``tema_baja``."""
        wishes = await self.ports.notices.of(tracker.sender_id)
        events = _listed(wishes)
        if tracker.get_slot("tema_baja"):
            return events
        said = [word for word in plain(_said(tracker)).split() if word not in _LEAVING]
        words = frozenset(said)
        named = self.ports.notices.named_in(" ".join(said))
        topics = {each.tema for each in wishes.avisos}
        if named:
            return [*events, slot("tema_baja", named)]
        if len(topics) <= 1 or words & _ALL_WORDS:
            return [*events, slot("tema_baja", EVERYTHING)]
        return events


class AskLeftTopic(AtiendeAction):
    """Asks which of the person's own topics to end."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_ask_tema_baja"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Ask with a button for each topic in use, and one for all."""
        own = {each["tema"]: each["titulo"] for each in tracker.get_slot("mis_avisos") or ()}
        buttons = [{"title": title, "payload": f"/SetSlots(tema_baja={topic})"} for topic, title in own.items()]
        buttons.append({"title": "Todos los avisos", "payload": f"/SetSlots(tema_baja={EVERYTHING})"})
        dispatcher.utter_message(response="cancelar_avisos.cual_tema", buttons=buttons)
        return []


class LeaveTopic(AtiendeAction):
    """Ends a topic, or everything."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_quitar_avisos"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Report NoticeLeft for ``tema_baja``, everything when it is empty."""
        topic = str(tracker.get_slot("tema_baja") or EVERYTHING)
        known = self.ports.notices.topics.get(topic)
        return [
            slot("tema_baja", topic),
            slot("aviso_titulo", known.titulo if known else None),
            fact("NoticeLeft", tema=topic),
        ]


class SeeWishes(AtiendeAction):
    """Lists what the person gets, with a link to the page where all of it can be changed."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_mis_avisos"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set ``mis_avisos``, ``mis_avisos_total``, ``avisos_horas`` and ``enlace_avisos``."""
        wishes = await self.ports.notices.of(tracker.sender_id)
        link = self.ports.notices.link(tracker.sender_id)
        return [*_listed(wishes), slot("avisos_horas", wishes.horas or None), slot("enlace_avisos", link or None)]


class KeepHours(AtiendeAction):
    """Keeps the hours that the person asked for."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_guardar_horas_aviso"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Report NoticeHours."""
        return [fact("NoticeHours", franja=tracker.get_slot("franja_aviso"))]


def _said(tracker: Seen) -> str:
    return str(tracker.latest_message.get("text") or "")


def _listed(wishes: WishesView) -> Events:
    listed = [{"tema": each.tema, "titulo": each.titulo, "sector": each.sector} for each in wishes.avisos]
    return [slot("mis_avisos", listed), slot("mis_avisos_total", len(listed))]


def _one_a_sector(accounts: Iterable[LinkedAccount]) -> list[LinkedAccount]:
    proved = [each for each in accounts if each.verificada and each.sector and each.barrio]
    return list({each.sector: each for each in proved}.values())
