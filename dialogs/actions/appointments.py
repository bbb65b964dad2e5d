"""Actions of the consultorio comunal: free days, free hours, taking, changing and giving back."""

from __future__ import annotations

import re
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from dialogs.actions.base import AtiendeAction, Dispatcher, Events, Seen, fact, slot
from dialogs.engine.choice import part_of_day, which
from dialogs.filters import fecha, hora

if TYPE_CHECKING:
    from dialogs.actions.ports import TimeView

_MOST_DAYS, _MOST_HOURS = 6, 7
_BOGOTA = ZoneInfo("America/Bogota")
_HOUR = re.compile(
    r"\b(\d{1,2})(?:[:.h](\d{2})| y (media|cuarto))?\s*(a\.?\s*m|p\.?\s*m|de la manana|de la mañana|de la tarde)?"
)
_IS_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_PART = {"media": 30, "cuarto": 15}
_NOON = 12
_FIRST_MORNING_HOUR = 6


class LookAtTime(AtiendeAction):
    """Tells the flow whether the person has a time already, and whether there are free ones."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_mirar_turno"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set ``turno_visto`` (or null), ``turno_hay`` and ``turno_dias`` (days with free hours)."""
        own = await self.ports.community.own_time(tracker.sender_id)
        free = await self.ports.community.free_times(tracker.sender_id)
        return [
            slot("turno_visto", asdict(own) if own else None),
            slot("turno_hay", bool(free)),
            slot("turno_dias", sorted({_day(one) for one in free})),
            slot("turno_elegido", None),
            slot("turno_resultado", None),
        ]


class AskTimeDay(AtiendeAction):
    """Asks for the day, with the next free ones as buttons."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_ask_turno_dia"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Ask with a button for each of the first ``turno_dias``."""
        buttons = [
            {"title": _short(day), "payload": f"/SetSlots(turno_dia={day})"}
            for day in (tracker.get_slot("turno_dias") or ())[:_MOST_DAYS]
        ]
        dispatcher.utter_message(response="pedir_turno.dia", buttons=buttons)
        return []


class HoursOfDay(AtiendeAction):
    """Finds the free hours of the day that was said."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_horas_del_dia"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set ``turno_horas``; a day without any is forgotten, with the reason said.

        «por la tarde» keeps the hours of that half; words that leave the day to us take the first one with such hours,
        and «la primera que tenga» its first hour too.
        """
        wanted = str(tracker.get_slot("turno_dia") or "")
        said = str(tracker.latest_message.get("text") or "")
        said = said if _IS_DAY.fullmatch(wanted) else wanted
        free = sorted(await self.ports.community.free_times(tracker.sender_id), key=lambda one: one.desde_at)
        part = part_of_day(said)
        fits = [one for one in free if _is_in(one.desde_at, part)]
        day = wanted if _IS_DAY.fullmatch(wanted) else _day(fits[0]) if fits else ""
        of_day = [one for one in free if _day(one) == day]
        if not of_day:
            dispatcher.utter_message(response="pedir_turno.franja_sin_horas" if part else "pedir_turno.dia_sin_horas")
            return [slot("turno_dia", None), slot("turno_horas", None)]
        times = [one for one in of_day if one in fits] or of_day
        chosen = _picked(which(said), times) if day != wanted and not part else None
        if day != wanted and chosen is None:
            dispatcher.utter_message(response="pedir_turno.primer_dia", turno_dia=day)
        return [
            slot("turno_dia", day),
            slot("turno_horas", [asdict(one) for one in times]),
            slot("turno_hora", f"cupo {chosen.id}" if chosen else None),
        ]


class AskTimeHour(AtiendeAction):
    """Asks for the hour, with the free ones as buttons."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_ask_turno_hora"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Ask with a button for each of the first ``turno_horas``."""
        buttons = [
            {"title": hora(one["desde_at"]), "payload": f"/SetSlots(turno_hora=cupo {one['id']})"}
            for one in (tracker.get_slot("turno_horas") or ())[:_MOST_HOURS]
        ]
        dispatcher.utter_message(response="pedir_turno.hora", buttons=buttons)
        return []


class TakeHour(AtiendeAction):
    """Finds the free time that the hour means."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_tomar_hora"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set ``turno_elegido``; an hour that is not free is forgotten, with the reason said; «por la tarde» narrows."""
        said = str(tracker.get_slot("turno_hora") or "")
        times = tracker.get_slot("turno_horas") or []
        chosen = next((one for one in times if said == f"cupo {one['id']}" or _means(said, one["desde_at"])), None)
        if chosen is None and not _HOUR.search(said.lower()):
            part, any_hour = part_of_day(said), which(said)
            fits = [one for one in times if _is_in(one["desde_at"], part)]
            if fits and (any_hour or (part and len(fits) == 1)):
                chosen = fits[-1 if any_hour == "ultima" else 0]
            elif fits and part:
                # Several in that half of the day: they are the question now.
                return [slot("turno_hora", None), slot("turno_elegido", None), slot("turno_horas", fits)]
        if chosen is None:
            dispatcher.utter_message(response="pedir_turno.hora_no")
            return [slot("turno_hora", None), slot("turno_elegido", None)]
        return [slot("turno_elegido", chosen)]


class BookTime(AtiendeAction):
    """Hands the chosen time over; the commit gives it to nobody twice."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_reservar_turno"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Report TurnBooked, in place of the time that the person has, if any."""
        return [
            fact(
                "TurnBooked",
                cupo=int((tracker.get_slot("turno_elegido") or {}).get("id") or 0),
                tema=str(tracker.get_slot("turno_tema") or ""),
                en_vez_de=(tracker.get_slot("turno_visto") or {}).get("reserva") or 0,
            )
        ]


class GiveTimeBack(AtiendeAction):
    """Hands over that the person will not come."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_cancelar_turno"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Report TurnCancelled."""
        return [fact("TurnCancelled", reserva=(tracker.get_slot("turno_visto") or {}).get("reserva") or 0)]


def _is_in(moment: str, part: str) -> bool:
    """Whether a moment is in that half of the day; any is when none was named."""
    hour = datetime.fromisoformat(moment).astimezone(_BOGOTA).hour
    return not part or (hour < _NOON) == (part == "manana")


def _picked(choice: str, times: list[TimeView]) -> TimeView | None:
    """Return the free time that «la primera» or «la última» is, or None."""
    return times[0] if choice == "primera" else times[-1] if choice == "ultima" else None


def _day(time: TimeView) -> str:
    return datetime.fromisoformat(time.desde_at).astimezone(_BOGOTA).date().isoformat()


def _short(day: str) -> str:
    """Return a day as a button can hold it: ``miércoles 25 mar``."""
    weekday, number, _, month, *_ = fecha(day).split()
    return f"{weekday} {number} {month[:3]}"


def _means(said: str, moment: str) -> bool:
    """Whether words like «a las 9» or «2:30 pm» mean a moment; without a half of the day both are tried."""
    found = _HOUR.search(said.lower())
    if found is None:
        return False
    hour, minute, half = int(found[1]), int(found[2] or _PART.get(found[3] or "", 0)), (found[4] or "").replace(" ", "")
    if hour < _NOON and (half.startswith("p") or half.endswith("tarde") or (not half and hour < _FIRST_MORNING_HOUR)):
        hour += _NOON
    when = datetime.fromisoformat(moment).astimezone(_BOGOTA)
    return (when.hour, when.minute) == (hour, minute)
