"""The life of the neighbourhood in the demo utility: works, commitments, badges, times and one verified leader."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, update

from bot.community.agenda import day_of_slots
from bot.kernel.clock import BOGOTA, local_date
from storage.repos.commitments import CommitmentRecord
from storage.repos.crews import CrewRecord
from storage.repos.interventions import InterventionRecord
from storage.rows.base import table
from storage.rows.community import (
    AgendaBookingRow,
    CommitmentRow,
    ConfirmationRow,
    ImpostorReportRow,
    InterventionRow,
)

if TYPE_CHECKING:
    from storage.uow import UnitOfWork

AUTHOR = "demo"
#: Nobody writes from here; whoever tries the demo becomes a leader with ``atiende leaders``.
LEADER = "c_demo_lider"
OFFICE = "Oficina principal"
_WEDNESDAY, _DAYS_OF_AGENDA = 2, 28


@dataclass(frozen=True, slots=True)
class DemoWork:
    """A work relative to the day of planting: it begins ``in_days`` at ``hour`` and takes ``lasts_h``."""

    tipo: str
    servicio: str | None
    aspecto: str
    lugar: str
    sectores: tuple[str, ...]
    in_days: int
    hour: int
    lasts_h: int
    estado: str
    cuadrilla: tuple[str, ...] = ()
    indicaciones: str | None = None


WORKS = (
    DemoWork("obra", "agua", "cambio de 120 metros de tubería", "CL 3 entre KR 8 y KR 9", ("la_esperanza",), 2, 8, 9,
             "PLANEADA", ("AV014", "AV027"), "Habrá paso para peatones."),
    DemoWork("brigada", "aseo", "recolección de muebles y escombros", "parque principal", ("el_carmen", "la_pradera"), 4,
             7, 5, "PLANEADA"),
    DemoWork("reunion", None, "reunión con la comunidad sobre el tanque nuevo", "salón comunal", ("villa_verde",), 6, 18,
             2, "PLANEADA"),
    DemoWork("visita", "agua", "revisión de medidores", "casas de la CL 30 y la CL 31", ("san_jose",), 0, 7, 12, "EN_CURSO",
             ("AV031",)),
    DemoWork("obra", "alcantarillado", "arreglo del sumidero", "KR 14 con DG 24", ("la_pradera",), -2, 8, 8, "TERMINADA",
             ("AV014",)),
    DemoWork("obra", "agua", "arreglo de la fuga de la esquina", "CL 10 con KR 5", ("centro",), -1, 8, 6, "TERMINADA"),
)  # fmt: skip

#: (what, sector, responsible, agreed days ago, due in days, evidence or empty while it is open)
PROMISES = (
    ("Limpiar el sumidero de la KR 8", "la_esperanza", "el área de alcantarillado", 20, 10, ""),
    ("Revisar la presión del agua en la parte alta", "la_esperanza", "el área de acueducto", 45, -5, ""),
    ("Podar los árboles del parque", "la_pradera", "el área de aseo", 40, -10, "acta y fotos de la poda"),
    ("Instalar el macromedidor del tanque", "villa_verde", "el área de acueducto", 15, 30, ""),
)

CREW = (
    ("AV014", "Jorge", "fontanero", "trabajar en la red de la calle"),
    ("AV027", "Luisa", "auxiliar de obra", "trabajar en la red de la calle"),
    ("AV031", "Wilson", "lector de medidores", "mirar el medidor desde afuera"),
    ("AV052", "Marta", "inspectora", "revisar la acometida con su permiso"),
)


def plant(uow: UnitOfWork, now: datetime) -> str:
    """Put the neighbourhood into the database; return what was planted, for people."""
    today = local_date(now)
    for code, name, trade, may in CREW:
        uow.crews.add(
            CrewRecord(codigo=code, nombre=name, oficio=trade, puede=may, desde_on=today - timedelta(days=90))
        )
    uow.crews.send(["AV052"], "el_carmen", today)
    for work in WORKS:
        uow.interventions.add(_record(work, today, now))
    for what, sector, responsible, ago, due, evidence in PROMISES:
        uow.commitments.add(
            CommitmentRecord(
                id=0,
                que=what,
                sector=sector,
                responsable=responsible,
                origen="consultorio comunal",
                acordado_on=today - timedelta(days=ago),
                vence_on=today + timedelta(days=due),
                estado="CUMPLIDO" if evidence else "ABIERTO",
                evidencia=evidence or None,
                cumplido_on=today - timedelta(days=12) if evidence else None,
                autor=AUTHOR,
                created_at=now,
                updated_at=now,
            )
        )
    times = 0
    for ahead in range(1, _DAYS_OF_AGENDA):
        day = today + timedelta(days=ahead)
        if day.weekday() == _WEDNESDAY:
            times += _offer(uow, day)
    number = uow.leaders.request(
        conversation_id=LEADER,
        rol="jac",
        persona={"nombre": "Persona de Prueba Líder", "documento": "", "acto": ""},
        sectores=("la_esperanza", "la_pradera"),
        anexos=(),
        at=now,
    )
    if number is not None:
        dates = {"desde_on": today - timedelta(days=100), "hasta_on": today + timedelta(days=600)}
        uow.leaders.decide(number, expected="SOLICITADO", estado="VERIFICADO", at=now, autor=AUTHOR, **dates)
    return f"{len(WORKS)} intervenciones, {len(PROMISES)} compromisos, {len(CREW)} carnés y {times} turnos"


def reset(uow: UnitOfWork) -> None:
    """Put back what people may have changed of it: scripts of conversations begin from the same neighbourhood."""
    works, promises = table(InterventionRow), table(CommitmentRow)
    for row in (ConfirmationRow, AgendaBookingRow, ImpostorReportRow):
        uow.conn.execute(delete(table(row)))
    uow.conn.execute(update(works).where(works.c.terminada_at.is_not(None)).values(estado="TERMINADA", ronda=1))
    uow.conn.execute(
        update(promises).where(promises.c.cumplido_on.is_not(None)).values(estado="CUMPLIDO", conforme=None)
    )


def _record(work: DemoWork, today: date, now: datetime) -> InterventionRecord:
    starts = datetime.combine(today + timedelta(days=work.in_days), time(work.hour), BOGOTA)
    ends = starts + timedelta(hours=work.lasts_h)
    return InterventionRecord(
        id=0,
        tipo=work.tipo,
        servicio=work.servicio,
        aspecto=work.aspecto,
        lugar=work.lugar,
        indicaciones=work.indicaciones,
        sectores=work.sectores,
        cuadrilla=work.cuadrilla,
        starts_at=starts,
        ends_at=ends,
        estado=work.estado,
        terminada_at=min(ends, now) if work.estado == "TERMINADA" else None,
        autor=AUTHOR,
        created_at=now,
    )


def _offer(uow: UnitOfWork, day: date) -> int:
    morning = day_of_slots(
        day, oficina=OFFICE, opens=time(8), closes=time(11), minutes=30, leaders_only=False, sector=None
    )
    afternoon = day_of_slots(
        day, oficina=OFFICE, opens=time(14), closes=time(16), minutes=30, leaders_only=True, sector=None
    )
    return uow.agenda.offer([*morning, *afternoon])
