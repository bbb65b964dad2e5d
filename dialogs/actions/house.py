"""Actions that tell a fault of the house from one of the network: neighbours, taps and breakers, the account itself."""

from __future__ import annotations

import re
from typing import Any

from dialogs.actions.base import AtiendeAction, Dispatcher, Events, Seen, slot
from dialogs.actions.identity import proved_home
from dialogs.engine.slots import plain

# What is heard here is already without capitals, accents and punctuation.
_THEY_LACK = re.compile(
    r"\b(?:tampoco|nadie|ninguno|ellos no|no tienen|no les|no hay|todos estamos|todos igual|todos sin|"
    r"(?:toda la|todo el|la|el) (?:cuadra|barrio|manzana|sector|conjunto|vereda)(?: entera| entero)?)\b|\Ano\Z"
)
_THEY_HAVE = re.compile(
    r"\b(?:ellos si|si tienen|todos tienen|a ellos si|les llega|si hay|solo (?:en )?mi|solo (?:yo|aqui|nosotros|en esta)|"
    r"es (?:solo )?mi casa|los demas si|el resto si)\b|\Asi\b"
)
_IS_BACK = re.compile(
    r"\b(?:volvio|llego|ya hay|ya tengo|ya esta|se arreglo|funciono|era eso|prendio)\b|\A(?:si|ya|listo)\Z"
)
_IS_NOT = re.compile(r"\b(?:no|nada|sigue|seguimos|todavia|aun|igual|tampoco)\b")


class HearNeighbours(AtiendeAction):
    """Hears whether the neighbours have the service; what is unclear counts as not known."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_entender_vecinos"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set ``vecinos_tienen`` to si, no or no_se."""
        said = plain(str(tracker.get_slot("vecinos_dicho") or ""))
        lack, have = _THEY_LACK.search(said), _THEY_HAVE.search(said)
        heard = "no_se" if bool(lack) == bool(have) else "no" if lack else "si"
        return [slot("vecinos_tienen", heard)]


class HearHouse(AtiendeAction):
    """Hears whether looking at the house brought the service back; what is unclear counts as not."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_entender_casa"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set ``casa_revisada`` to volvio or sigue."""
        said = plain(str(tracker.get_slot("casa_dicho") or ""))
        is_back = _IS_BACK.search(said) is not None and _IS_NOT.search(said) is None
        return [slot("casa_revisada", "volvio" if is_back else "sigue")]


class LookAtSuspension(AtiendeAction):
    """Looks whether the account of who writes is suspended; of an account nobody proved nothing is said at all."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_ver_suspension"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set ``suspension_estado``: suspendida or activa, or no_se_sabe when no account of this place is proved."""
        accounts = await self._proved(tracker)
        if not accounts:
            return [slot("suspension_estado", "no_se_sabe")]
        suspended = [cuenta for cuenta in accounts if await self.ports.outages.is_suspended(cuenta)]
        return [slot("suspension_estado", "suspendida" if suspended else "activa")]

    async def _proved(self, tracker: Seen) -> list[str]:
        """Return the proved accounts that may be the one of this place."""
        own = await proved_home(self.ports, tracker)
        if own:
            return [own]
        place = tracker.get_slot("lugar_visto") or {}
        person = await self.ports.identity.who(tracker.sender_id)
        return [each.cuenta for each in person.cuentas if each.verificada and each.sector == place.get("sector")]
