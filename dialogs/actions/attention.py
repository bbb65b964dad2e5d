"""Actions of emergencies, offices and outages."""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import Any

from dialogs.actions.base import AtiendeAction, Dispatcher, Events, Seen, fact, slot
from dialogs.engine.slots import plain

# What is heard here is already without capitals, accents and punctuation.
_ASKS_PERSON = re.compile(r"(?:(?:quiero|hablar|con|un|una|paseme|necesito) ){0,5}(?:asesora?|persona|humano|agente)")
_GIVES_NONE = re.compile(r"(?:cancelar|cancele|omitir|menu|salir|(?:no|no lo|no la) se)")
_IS_OVER = re.compile(
    r"(?:(?:era |fue |es )?(?:una )?falsa alarma|ya no|ya paso(?: todo)?|me equivoque|no es nada|ya estoy (?:a salvo|bien)|"
    r"ya estamos (?:a salvo|bien)|estoy a salvo|estamos a salvo|ya se arreglo|todo bien|"
    # «Ya no, fue falsa alarma, era el aerosol»; never «era falsa alarma, pero sigue oliendo».
    r"(?:(?:ya no|ay|ah|uy|perdon|disculpen?|tranquil[oa]s?) )*(?:era|fue) (?:una )?falsa alarma"
    r"(?:(?!\b(?:pero|sigue\w*|todavia|aun|otra vez)\b).)*)"
)
_LEAVES = re.compile(r"(?:cancelar|cancele|omitir|menu|salir|seguir|terminar|chao|adios)")
_LONGEST_NEWS = 500
_PLACE = re.compile(
    r"\d|\b(?:calle|carrera|cra|cll|cl|kra|kr|avenida|av|diagonal|transversal|barrio|vereda|manzana|mz|casa|apto|"
    r"apartamento|edificio|conjunto|torre|bloque|frente|esquina|parque|colegio|escuela|iglesia|finca|sector|"
    r"kilometro|km|lado|detras|cerca|plaza|urbanizacion|corregimiento|via|entrada|puente|tienda|hospital|cancha)\b"
)


_TRAPPED = re.compile(
    r"\b(?:no (?:puedo|podemos|puede|pueden|logro|logramos) (?:salir|moverme|movernos|caminar|respirar|bajar|abrir)|"
    r"atrapad[oa]s?|encerrad[oa]s?|no me deja salir|estoy sol[oa])\b"
)


class ReportEmergency(AtiendeAction):
    """Tells operations of a danger in the same commit as the instructions to the person."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_reportar_emergencia"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Report EmergencyReported; a danger without a known kind is treated as risk to life."""
        kind = tracker.get_slot("tipo_emergencia") or "vida"
        # Where it had to be asked about, the danger is in the words before the yes.
        told = tracker.get_slot("aviso_dudoso") or tracker.latest_message.get("text") or ""
        return [
            slot("tipo_emergencia", kind),
            slot("aviso_dudoso", None),
            slot("novedades", None),
            slot("atrapado", None),
            fact("EmergencyReported", kind=kind, text=told),
        ]


class UnderstandPlace(AtiendeAction):
    """Tells whether what was answered to "where is it?" says where; a person in danger may write anything."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_entender_lugar"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set ``lugar_estado`` to what the answer is.

        ``lugar``, ``falta`` (ask once more), ``sin_lugar`` (gives none), ``falsa_alarma`` (it is over) or ``asesor``;
        ``atrapado`` says that the person cannot get away: told once how to be found, and asked again.
        """
        said = plain(str(tracker.get_slot("lugar_emergencia") or ""))
        if _TRAPPED.search(said):
            told = bool(tracker.get_slot("atrapado"))
            where = "lugar" if _PLACE.search(said) else "falta" if told else "atrapado"
            return [slot("atrapado", True), slot("lugar_estado", where)]
        if _ASKS_PERSON.fullmatch(said):
            return [slot("lugar_estado", "asesor")]
        if _IS_OVER.fullmatch(said):
            return [slot("lugar_estado", "falsa_alarma")]
        if _GIVES_NONE.fullmatch(said):
            return [slot("lugar_estado", "sin_lugar")]
        return [slot("lugar_estado", "lugar" if _PLACE.search(said) else "falta")]


class LocateEmergency(AtiendeAction):
    """Adds the place to the emergency already reported."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_ubicar_emergencia"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Report EmergencyLocated with the words of the person; a pin arrives as «latitude, longitude»."""
        place = str(tracker.get_slot("lugar_emergencia") or "")
        return [fact("EmergencyLocated", direccion=place, kind=tracker.get_slot("tipo_emergencia") or "vida")]


class NoteEmergency(AtiendeAction):
    """Adds whatever the person in danger still writes to the report, so that operations see it."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_anotar_emergencia"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Report EmergencyLocated with the new words; the place already told stays as it is.

        ``lugar_estado`` says when it is over (``falsa_alarma``) or a person is asked for (``asesor``).
        """
        said = str(tracker.get_slot("novedad_emergencia") or "")
        heard = plain(said)
        if _ASKS_PERSON.fullmatch(heard):
            return [slot("lugar_estado", "asesor"), slot("novedad_emergencia", None)]
        if _IS_OVER.fullmatch(heard) or _LEAVES.fullmatch(heard):
            return [slot("lugar_estado", "falsa_alarma"), slot("novedad_emergencia", None)]
        return [
            fact("EmergencyLocated", novedad=said[:_LONGEST_NEWS], kind=tracker.get_slot("tipo_emergencia") or "vida"),
            slot("novedad_emergencia", None),
            slot("novedades", True),
        ]


class Offices(AtiendeAction):
    """Tells whether the offices are open now and when they open next."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_oficinas"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set ``oficina`` with ``abierto``, ``proxima_apertura`` (ISO moment) and ``horario``."""
        return [slot("oficina", asdict(self.ports.company.office(self.ports.clock.now())))]
