"""The life of the neighbourhood, read for actions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from bot.community import agenda, crews, interventions, leaders, places, territory
from bot.community.catalog import load as load_catalog
from bot.community.standing import lives_in, standing_of
from bot.kernel.clock import local_date
from bot.nlu.entities import extract
from bot.nlu.entities.sector import Gazetteer, read_sector
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

if TYPE_CHECKING:
    from bot.kernel.clock import Clock
    from bot.kernel.config import Settings
    from storage.db import Database
    from storage.repos.agenda import SlotRecord
    from storage.repos.commitments import CommitmentRecord
    from storage.repos.customers import SectorRecord
    from storage.repos.interventions import InterventionRecord
    from storage.uow import UnitOfWork

_POINT = re.compile(r"\s*(-?\d{1,2}\.\d+)\s*,\s*(-?\d{1,3}\.\d+)\s*")
_PIECES = re.compile(r"\s*(?:[,;/\n]|\sy\s|\se\s)\s*")
_KIND = re.compile(r"\A(?:barrio|vereda|sector|corregimiento|urbanización|urbanizacion|conjunto)\s+", re.IGNORECASE)
_ARTICLE = re.compile(r"\A(?:el|la|los|las)\s+", re.IGNORECASE)
_MOST_WORKS, _MOST_PROMISES = 6, 6
_ALIKE = 45


class StoredCommunity:
    """The neighbourhood as it is kept."""

    def __init__(self, database: Database, settings: Settings, clock: Clock) -> None:
        self._database = database
        self._settings = settings.comunidad
        self._clock = clock
        self._roles = load_catalog(settings.dialogos.carpeta / "catalog" / "comunidad.yml").roles

    async def places_in(self, text: str) -> Sequence[SectorView]:
        """Return the sectors that a text names or whose point it holds."""
        sectors = await self._sectors()
        point = _POINT.fullmatch(text)
        if point is not None:
            found = places.sector_at(sectors, float(point[1]), float(point[2]))
            return [_place(found)] if found else []
        by_id = {one.id: one for one in sectors}
        if text in by_id:
            return [_place(by_id[text])]
        gazetteer = Gazetteer({name: one.id for one in sectors for name in _names(one.nombre)})
        said = [
            entity.value
            for entity in extract(text, now=self._clock.now(), gazetteer=gazetteer)
            if entity.name == "sector"
        ]
        said += [read_sector(piece, gazetteer) for piece in _PIECES.split(text) if piece]
        return [_place(by_id[one]) for one in dict.fromkeys(said) if one in by_id]

    async def places_like(self, text: str, most: int = 5) -> Sequence[SectorView]:
        """Return the sectors whose names are most like a text."""
        from rapidfuzz import fuzz, process

        sectors = await self._sectors()
        alike = process.extract(
            text[:60].lower(), [one.nombre.lower() for one in sectors], scorer=fuzz.WRatio, limit=most
        )
        return [_place(sectors[place]) for _, likeness, place in alike if likeness >= _ALIKE]

    async def home(self, conversation_id: str) -> Sequence[SectorView]:
        """Return the sectors of the person, those they speak for first."""
        today = self._today()

        def look(uow: UnitOfWork) -> list[str]:
            whose = uow.people.conversations_with(conversation_id)
            return [*leaders.speaks_for(uow, whose, today), *sorted(lives_in(uow, conversation_id))]

        wanted = await self._database.read(look)
        by_id = {one.id: one for one in await self._sectors()}
        return [_place(by_id[one]) for one in dict.fromkeys(wanted) if one in by_id]

    async def works(self, sector: str) -> Sequence[WorkView]:
        """Return what is coming or going on in a sector."""
        now = self._clock.now()
        found = await self._database.read(lambda uow: uow.interventions.of_sector(sector, now))
        return [_work(one) for one in found if one.estado in interventions.COMING][:_MOST_WORKS]

    async def to_confirm(self, conversation_id: str) -> Sequence[WorkView]:
        """Return the finished works that the person may speak of."""
        now = self._clock.now()

        def look(uow: UnitOfWork) -> list[WorkView]:
            own = standing_of(uow, conversation_id, now)
            found: dict[int, WorkView] = {}
            for sector in sorted(own.leads | own.reported | own.lives):
                for one in uow.interventions.of_sector(sector, now - interventions.ANSWERS_FOR):
                    if interventions.takes_answers(one, now):
                        found[one.id] = _work(one, own.role(one.sectores))
            return sorted(found.values(), key=lambda one: (one.hasta_at, one.id), reverse=True)

        return (await self._database.read(look))[:_MOST_WORKS]

    async def cuts(self, sector: str) -> Sequence[CutView]:
        """Return the open outages of a sector."""
        found = await self._database.read(lambda uow: uow.outages.open_for_sector(sector))
        return [
            CutView(
                one.servicio,
                one.causa or "",
                one.starts_at.isoformat() if one.starts_at else "",
                one.ends_at.isoformat() if one.ends_at else "",
            )
            for one in found[:3]
        ]

    async def leader(self, conversation_id: str) -> Sequence[LeaderView]:
        """Return what the person asked for as a leader."""
        today = self._today()

        def look(uow: UnitOfWork) -> list[LeaderView]:
            names = {one.id: one.nombre for one in uow.customers.sectors()}
            whose = uow.people.conversations_with(conversation_id)
            return [
                LeaderView(
                    rol=one.rol,
                    estado=one.estado.lower(),
                    sectores=tuple(names.get(sector, sector) for sector in one.sectores),
                    ids=tuple(one.sectores),
                    vigente=leaders.is_in_force(one, today),
                    hasta_on=one.hasta_on.isoformat() if one.hasta_on else "",
                    motivo=one.motivo or "",
                )
                for one in uow.leaders.of_conversations(whose)
            ]

        return await self._database.read(look)

    def proof(self, rol: str) -> str:
        """Return the document that proves a role, in words."""
        role = self._roles.get(rol)
        return role.acto if role else ""

    async def commitments(self, sector: str) -> Sequence[CommitmentView]:
        """Return the promises to a sector: what is open first, by date."""
        today = self._today()
        found = await self._database.read(lambda uow: uow.commitments.of_sector(sector))
        ordered = sorted(found, key=lambda one: (one.estado != "ABIERTO", one.vence_on, one.id))
        return [_promise(one, today) for one in ordered[:_MOST_PROMISES]]

    async def figures(self, sector: str) -> FiguresView:
        """Return the figures of a sector that may be told."""
        now, least = self._clock.now(), self._settings.minimo_agregado
        known = await self._database.read(lambda uow: territory.figures(uow, sector, now, least=least))
        return FiguresView(
            known.cortes, known.obras, known.reportes, known.solicitudes, known.dias_respuesta, minimo=least
        )

    async def free_times(self, conversation_id: str) -> Sequence[TimeView]:
        """Return the times that the person may take."""
        now, days = self._clock.now(), self._settings.dias_agenda

        def look(uow: UnitOfWork) -> list[SlotRecord]:
            return agenda.free(uow, uow.people.conversations_with(conversation_id), now, days=days)

        return [_time(one) for one in await self._database.read(look)]

    async def own_time(self, conversation_id: str) -> TimeView | None:
        """Return the coming time that the person has."""
        now = self._clock.now()
        coming = await self._database.read(
            lambda uow: uow.agenda.coming(uow.people.conversations_with(conversation_id), now)
        )
        return _time(coming[0].slot, coming[0].id) if coming else None

    async def badge(self, said: str, sector: str, conversation_id: str) -> BadgeView:
        """Tell whether somebody is sent to the sector today; a wrong try is counted at once."""
        now = self._clock.now()
        checked = await self._database.write(
            lambda uow: crews.check(uow, said, sector, origin=conversation_id, now=now)
        )
        return BadgeView(checked.estado, checked.nombre, checked.oficio, checked.puede)

    async def _sectors(self) -> list[SectorRecord]:
        return await self._database.read(lambda uow: uow.customers.sectors())

    def _today(self) -> date:
        return local_date(self._clock.now())


def _names(name: str) -> tuple[str, ...]:
    """Return what people may call a sector: «Vereda El Roble» is «el roble» and «roble» as well."""
    bare = _KIND.sub("", name)
    return tuple(dict.fromkeys(each for each in (name, bare, _ARTICLE.sub("", bare)) if each))


def _place(sector: SectorRecord) -> SectorView:
    return SectorView(sector.id, sector.nombre)


def _work(work: InterventionRecord, role: str = "") -> WorkView:
    return WorkView(
        id=work.id,
        tipo=work.tipo,
        aspecto=work.aspecto,
        lugar=work.lugar,
        desde_at=work.starts_at.isoformat(),
        hasta_at=work.ends_at.isoformat(),
        estado=work.estado.lower(),
        indicaciones=work.indicaciones or "",
        papel=role,
    )


def _promise(promise: CommitmentRecord, today: date) -> CommitmentView:
    late = promise.estado == "ABIERTO" and promise.vence_on < today
    return CommitmentView(
        id=promise.id,
        que=promise.que,
        responsable=promise.responsable,
        vence_on=promise.vence_on.isoformat(),
        estado="vencido" if late else promise.estado.lower(),
        evidencia=promise.evidencia or "",
        conforme=promise.conforme,
    )


def _time(slot: SlotRecord, booking: int = 0) -> TimeView:
    return TimeView(slot.id, slot.oficina, slot.starts_at.isoformat(), slot.minutos, booking)
