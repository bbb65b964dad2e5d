"""The law as one installation applies it: catalog and settings joined once, when the service starts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from bot.kernel.clock import local
from bot.kernel.config_company import Ley, span
from bot.kernel.config_model import Settings
from bot.pqr import catalog as catalog_module
from bot.pqr import terms as terms_module
from bot.pqr.calendar import Calendar, FilingHours
from bot.pqr.catalog import Catalog
from bot.pqr.radicado import Template
from bot.pqr.terms import Due, Mode, Terms

if TYPE_CHECKING:
    from storage.repos.cases import CaseDue, CaseRecord


@dataclass(frozen=True, slots=True)
class Law:
    """Everything that filing, counting and telling need; it holds no state and is shared by all.

    ``alerts`` are business days before the due date on which staff are warned. ``mode`` only says which date staff
    hold the company to; people are always promised the date of mode A.
    """

    catalog: Catalog
    calendar: Calendar
    terms: Terms
    hours: FilingHours
    mode: Mode
    template: Template
    alerts: tuple[int, ...]

    @classmethod
    def of(cls, ley: Ley, catalog: Catalog | None = None) -> Law:
        """Join the ``ley`` block of the settings with the catalog (read from its usual place if not given).

        Raises:
            CatalogError: a file of the catalog is wrong.
            UnknownTerm: ``ley.terminos`` names a term that does not exist.
            BadTemplate: ``ley.plantilla_radicado`` and ``ley.dependencia`` do not fit.
        """
        known = catalog or catalog_module.load()
        spans = {str(day): tuple(span(each) for each in franjas) for day, franjas in ley.horario_radicacion.items()}
        return cls(
            catalog=known,
            calendar=Calendar(ley.sabado_habil, ley.festivos_extra, words=known.words),
            terms=Terms.of(known.terms, ley.terminos),
            hours=FilingHours(spans),
            mode=ley.modo_fuera_horario,
            template=Template.of(ley.plantilla_radicado, ley.dependencia),
            alerts=tuple(sorted(set(ley.alertas), reverse=True)),
        )

    @classmethod
    def from_settings(cls, settings: Settings, *, today: date) -> Law:
        """Join and check: refuses to start when the holidays of the horizon are not known.

        Raises:
            LawError: as ``of``, and HolidaysMissing.
        """
        own = settings.dialogos.carpeta / "catalog"
        law = cls.of(settings.ley, catalog_module.load(own if own.is_dir() else catalog_module.FOLDER))
        law.calendar.check_horizon(today)
        return law

    def due(self, term: str, moment: datetime | date, *, mode: Mode = "A", extended: bool = False) -> Due:
        """Return the end of ``term`` counted from ``moment``; see ``bot.pqr.terms.due`` for what is raised."""
        return terms_module.due(
            term, moment, calendar=self.calendar, terms=self.terms, hours=self.hours, mode=mode, extended=extended
        )

    def term_of(self, kind: str, subtype: str = "") -> str:
        """Return the term key of a type of PQR; an unknown ``subtype`` takes the term of the type.

        Raises:
            UnknownKind: there is no such type.
        """
        entry = self.catalog.kind(kind)
        return entry.subtipos.get(subtype, entry.termino)

    def promised_on(self, case: CaseRecord | CaseDue) -> date:
        """Return the day promised to the person: the one kept with the case, else the one its term gives."""
        return case.vence_on or self.due(case.termino, case.recibido_at).due_on

    def business_days_left(self, due_on: date, today: date) -> int:
        """Return the business days after ``today`` up to ``due_on``: 0 on the last day, negative when late."""
        return self.calendar.between(today, due_on)

    def is_out_of_hours(self, moment: datetime) -> bool:
        """Tell whether ``moment`` (aware) falls on a day that does not count, or after the last closing of that day."""
        there = local(moment)
        return terms_module.is_out_of_hours(there.date(), there, self.calendar, self.hours)
