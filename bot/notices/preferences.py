"""The page of preferences behind a short-lived link: everything a person gets, shown and changed at once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.notices.subscribing import Said, Subscribing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from bot.kernel.clock import Clock
    from bot.notices.links import Links
    from bot.notices.push import Notices
    from storage.db import Database
    from storage.uow import UnitOfWork

#: Where consents given on the page are said to come from.
CHANNEL = "preferencias"
_MOST_SECTORS = 20


@dataclass(frozen=True, slots=True)
class Place:
    """A sector: its id and its name."""

    id: str
    nombre: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A topic as the page shows it; ``permiso`` names the consent it needs, whose text is ``texto``."""

    id: str
    titulo: str
    detalle: str
    por_sector: bool
    is_on: bool
    sectores: tuple[Place, ...]
    permiso: str
    texto: str
    is_authorised: bool


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours to choose from."""

    id: str
    titulo: str
    horas: str


@dataclass(frozen=True, slots=True)
class Page:
    """What the page shows; ``falta`` is the title of the topic whose consent was not given, when nothing was kept."""

    temas: tuple[Choice, ...]
    sectores: tuple[Place, ...]
    franjas: tuple[Hours, ...]
    franja: str
    is_off: bool
    falta: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the form asked for: topics, sectors by topic, consents given now, hours; or nothing at all."""

    temas: frozenset[str]
    sectores: Mapping[str, frozenset[str]]
    permisos: frozenset[str]
    franja: str
    nothing: bool = False


class Preferences:
    """Opens and keeps the page of whoever brings a link."""

    def __init__(self, database: Database, clock: Clock, notices: Notices, links: Links, *, version: str) -> None:
        """Take where wishes are kept, the topics, the links, and the version of the texts of consent."""
        self._database = database
        self._clock = clock
        self._notices = notices
        self._links = links
        self._writer = Subscribing(notices, version=version)

    async def open(self, token: str) -> Page | None:
        """Return the page, or None when the link is not ours or its time is over."""
        whose = self._links.open(token, self._clock.now())
        if whose is None:
            return None
        return await self._database.read(lambda uow: self._page(uow, whose))

    async def keep(self, token: str, form: Mapping[str, Sequence[str]]) -> Page | None:
        """Keep what the form says and return the page as it is then; None as in ``open``.

        A topic that needs a consent which was not given keeps nothing of the form: ``falta`` names it.
        """
        now = self._clock.now()
        whose = self._links.open(token, now)
        if whose is None:
            return None
        return await self._database.write(lambda uow: self._keep(uow, whose, self._read(form), now))

    def _read(self, form: Mapping[str, Sequence[str]]) -> Wanted:
        sectors = {}
        for topic, entry in self._notices.catalog.temas.items():
            if entry.por_sector:
                said = [*form.get(f"sector_{topic}", ()), *form.get(f"nuevo_{topic}", ())]
                sectors[topic] = frozenset(each for each in said if each)
        return Wanted(
            temas=frozenset(form.get("tema", ())),
            sectores=sectors,
            permisos=frozenset(form.get("permiso", ())),
            franja=next(iter(form.get("franja", ())), ""),
            nothing="nada" in form.get("accion", ()),
        )

    def _keep(self, uow: UnitOfWork, whose: str, wanted: Wanted, now: datetime) -> Page:
        said = Said(whose, CHANNEL, "", now)
        if wanted.nothing:
            self._writer.leave_everything(uow, said)
            return self._page(uow, whose)
        before = self._page(uow, whose)
        known = {place.id for place in before.sectores}
        plan: dict[str, frozenset[str]] = {}
        lacking = ""
        for choice in before.temas:
            sectors = frozenset(sorted(wanted.sectores.get(choice.id, frozenset()) & known)[:_MOST_SECTORS])
            plan[choice.id] = sectors if choice.por_sector else frozenset({""} if choice.id in wanted.temas else ())
            is_new = bool(plan[choice.id]) and not choice.is_on
            if is_new and choice.permiso and not choice.is_authorised and choice.permiso not in wanted.permisos:
                lacking = lacking or choice.titulo
        if lacking:
            return _as_filled(before, plan, wanted.franja, lacking)
        for choice in before.temas:
            self._change(uow, said, choice, plan[choice.id])
        self._writer.set_hours(uow, said, wanted.franja)
        return self._page(uow, whose)

    def _change(self, uow: UnitOfWork, said: Said, choice: Choice, places: frozenset[str]) -> None:
        had = {place.id for place in choice.sectores} if choice.por_sector else ({""} if choice.is_on else set())
        if had and not places:
            self._writer.leave(uow, said, choice.id)
            return
        if places and not had and choice.permiso and not choice.is_authorised:
            self._writer.authorise(uow, said, choice.permiso, granted=True)
        for place in sorted(had - places):
            self._writer.leave(uow, said, choice.id, place)
        for place in sorted(places - had):
            self._writer.want(uow, said, choice.id, place)

    def _page(self, uow: UnitOfWork, whose: str) -> Page:
        places = tuple(Place(sector.id, sector.nombre) for sector in uow.customers.sectors())
        on: dict[str, set[str]] = {}
        for conversation_id in uow.people.conversations_with(whose):
            for each in uow.subscriptions.of(conversation_id):
                if each.is_on:
                    on.setdefault(each.topic, set()).add(each.sector)
        pref = uow.subscriptions.preference(whose)
        return Page(
            temas=tuple(
                Choice(
                    id=name,
                    titulo=entry.titulo,
                    detalle=entry.detalle,
                    por_sector=entry.por_sector,
                    is_on=bool(on.get(name)),
                    sectores=tuple(place for place in places if place.id in on.get(name, ())),
                    permiso=entry.autorizacion or "",
                    texto=self._writer.consent_text(entry.autorizacion) if entry.autorizacion else "",
                    is_authorised=bool(entry.autorizacion)
                    and self._writer.is_authorised(uow, whose, entry.autorizacion or ""),
                )
                for name, entry in self._notices.catalog.temas.items()
            ),
            sectores=places,
            franjas=tuple(
                Hours(name, entry.titulo, entry.horas) for name, entry in self._notices.catalog.franjas.items()
            ),
            franja=pref.hours,
            is_off=pref.off_at is not None,
        )


def _as_filled(page: Page, plan: Mapping[str, frozenset[str]], hours: str, lacking: str) -> Page:
    """Return the page with what was chosen and not kept, so that nobody has to choose it again."""
    chosen = tuple(
        replace(
            choice,
            is_on=bool(plan[choice.id]),
            sectores=tuple(place for place in page.sectores if place.id in plan[choice.id]),
        )
        for choice in page.temas
    )
    return replace(page, temas=chosen, franja=hours, falta=lacking)
