"""A neighbourhood of one sector, in which little happens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dialogs.actions.ports import (
    BadgeView,
    CommitmentView,
    CutView,
    FiguresView,
    LeaderView,
    SectorView,
    TimeView,
    WorkView,
)

PLACE = SectorView("la_esperanza", "La Esperanza")
LEADER = LeaderView("jac", "verificado", ("La Esperanza",), ("la_esperanza",), vigente=True, hasta_on="2027-01-01")
WORK = WorkView(
    3, "obra", "cambio de tubería", "CL 3", "2026-11-20T08:00:00-05:00", "2026-11-20T17:00:00-05:00", "terminada"
)
DONE = CommitmentView(1, "Podar el parque", "el área de aseo", "2026-11-01", "cumplido", "acta")
MORNING = TimeView(5, "Oficina", "2026-11-25T09:00:00-05:00", 30)
AFTERNOON = TimeView(6, "Oficina", "2026-11-25T14:30:00-05:00", 30)


@dataclass
class Community:
    """What one person may see of it."""

    places: Sequence[SectorView] = (PLACE,)
    own: Sequence[SectorView] = ()
    leads: Sequence[LeaderView] = ()
    done: Sequence[WorkView] = (WORK,)
    held: TimeView | None = None
    seen: str = "no"

    async def places_in(self, text: str) -> Sequence[SectorView]:
        return [each for each in self.places if each.id == text or each.nombre.lower() in text.lower()]

    async def places_like(self, text: str, most: int = 5) -> Sequence[SectorView]:
        return self.places[:most]

    async def home(self, conversation_id: str) -> Sequence[SectorView]:
        return self.own

    async def works(self, sector: str) -> Sequence[WorkView]:
        return self.done

    async def to_confirm(self, conversation_id: str) -> Sequence[WorkView]:
        return self.done

    async def cuts(self, sector: str) -> Sequence[CutView]:
        return ()

    async def leader(self, conversation_id: str) -> Sequence[LeaderView]:
        return self.leads

    def proof(self, rol: str) -> str:
        return "el acta"

    async def commitments(self, sector: str) -> Sequence[CommitmentView]:
        return (DONE,)

    async def figures(self, sector: str) -> FiguresView:
        return FiguresView(0, 0, None, None, None, 5)

    async def free_times(self, conversation_id: str) -> Sequence[TimeView]:
        return (MORNING, AFTERNOON)

    async def own_time(self, conversation_id: str) -> TimeView | None:
        return self.held

    async def badge(self, said: str, sector: str, conversation_id: str) -> BadgeView:
        return BadgeView(self.seen)
