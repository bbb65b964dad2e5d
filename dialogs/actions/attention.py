"""Actions of emergencies, offices, outages and marks."""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import Any

from dialogs.actions.base import AtiendeAction, Dispatcher, Events, Seen, fact, slot
from dialogs.engine.slots import plain

# What is heard here is already without capitals, accents and punctuation.
_ASKS_PERSON = re.compile(r"(?:(?:quiero|hablar|con|un|una|paseme|necesito) ){0,5}(?:asesora?|persona|humano|agente)")
_GIVES_NONE = re.compile(
    r"(?:cancelar|cancele|omitir|menu|salir|(?:no|no lo|no la) se|falsa alarma|ya no|ya paso|me equivoque|no es nada)"
)
_PLACE = re.compile(
    r"\d|\b(?:calle|carrera|cra|cll|cl|kra|kr|avenida|av|diagonal|transversal|barrio|vereda|manzana|mz|casa|apto|"
    r"apartamento|edificio|conjunto|torre|bloque|frente|esquina|parque|colegio|escuela|iglesia|finca|sector|"
    r"kilometro|km|lado|detras|cerca|plaza|urbanizacion|corregimiento|via|entrada|puente|tienda|hospital|cancha)\b"
)


class ReportEmergency(AtiendeAction):
    """Tells operations of a danger in the same commit as the instructions to the person."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_reportar_emergencia"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Report EmergencyReported; a danger without a known kind is treated as risk to life."""
        kind = tracker.get_slot("tipo_emergencia") or "vida"
        return [
            slot("tipo_emergencia", kind),
            fact("EmergencyReported", kind=kind, text=tracker.latest_message.get("text") or ""),
        ]


class UnderstandPlace(AtiendeAction):
    """Tells whether what was answered to "where is it?" says where; a person in danger may write anything."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_entender_lugar"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set ``lugar_estado``: ``lugar``, ``falta`` (ask once more), ``sin_lugar`` (gives none) or ``asesor``."""
        said = plain(str(tracker.get_slot("lugar_emergencia") or ""))
        if _ASKS_PERSON.fullmatch(said):
            return [slot("lugar_estado", "asesor")]
        if _GIVES_NONE.fullmatch(said):
            return [slot("lugar_estado", "sin_lugar")]
        return [slot("lugar_estado", "lugar" if _PLACE.search(said) else "falta")]


class LocateEmergency(AtiendeAction):
    """Adds the place to the emergency already reported."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_ubicar_emergencia"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Report EmergencyLocated with the words or the pin the person sent."""
        place = tracker.get_slot("lugar_emergencia")
        if isinstance(place, dict):
            return [fact("EmergencyLocated", point=place)]
        return [fact("EmergencyLocated", direccion=str(place or ""))]


class Offices(AtiendeAction):
    """Tells whether the offices are open now and when they open next."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_oficinas"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set ``oficina`` with ``abierto``, ``proxima_apertura`` (ISO moment) and ``horario``."""
        return [slot("oficina", asdict(self.ports.company.office(self.ports.clock.now())))]


class SeeOutages(AtiendeAction):
    """Lists the outages of a service that are open now, in words people know."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_ver_cortes"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set ``cortes`` of ``servicio``, or of all: at most three ``{"servicio", "sector", "causa", "vuelve_at"}``."""
        found = await self.ports.outages.open(servicio=tracker.get_slot("servicio") or "", limit=3)
        return [slot("cortes", [asdict(outage) for outage in found])]


class KeepOpinion(AtiendeAction):
    """Keeps what a person says of the attention as a mark."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_guardar_opinion"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Report Rated: ``buena`` is a 5, ``regular`` a 3 and ``mala`` a 1."""
        mark = {"buena": 5, "regular": 3, "mala": 1}.get(str(tracker.get_slot("satisfaccion")))
        return [] if mark is None else [fact("Rated", nota=mark)]


class KeepMark(AtiendeAction):
    """Keeps the mark a person gives to the attention."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_guardar_nota"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Report Rated with the mark from 1 to 5."""
        return [fact("Rated", nota=int(tracker.get_slot("nota") or 0))]
