"""Dates of everyday speech become days, relative to the clock."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.kernel.clock import BOGOTA
from bot.nlu.entities import extract
from bot.nlu.entities.fecha import read_date
from tests.nlu.world import NOW
from tests.support.rows import every_row

# It is Wednesday 18 March 2026, 10:30 in Bogotá.
SAID = [
    ("hoy", "2026-03-18"),
    ("ayer", "2026-03-17"),
    ("antier", "2026-03-16"),
    ("antes de ayer", "2026-03-16"),
    ("mañana", "2026-03-19"),
    ("pasado mañana", "2026-03-20"),
    ("desde anoche", "2026-03-17"),
    ("desde antenoche", "2026-03-16"),
    ("esta mañana", "2026-03-18"),
    ("esta noche", "2026-03-18"),
    ("mañana por la mañana", "2026-03-19"),
    ("en ocho días", "2026-03-25"),
    ("en 8 dias", "2026-03-25"),
    ("en quince días", "2026-04-01"),
    ("dentro de 15 dias", "2026-04-01"),
    ("de hoy en ocho", "2026-03-25"),
    ("hace ocho dias", "2026-03-11"),
    ("hace quince dias", "2026-03-04"),
    ("hace 3 dias", "2026-03-15"),
    ("hace como tres días", "2026-03-15"),
    ("hace una semana", "2026-03-11"),
    ("hace dos semanas", "2026-03-04"),
    ("hace un mes", "2026-02-18"),
    ("hace un año", "2025-03-18"),
    ("llevamos cuatro días sin luz", "2026-03-14"),
    ("en tres días", "2026-03-21"),
    ("en dos semanas", "2026-04-01"),
    ("en un mes", "2026-04-18"),
    ("el lunes", "2026-03-23"),
    ("el lunes pasado", "2026-03-16"),
    ("desde el lunes", "2026-03-16"),
    ("desde el miércoles", "2026-03-11"),
    ("el próximo viernes", "2026-03-20"),
    ("el viernes que viene", "2026-03-20"),
    ("el otro lunes", "2026-03-30"),
    ("se fue la luz el domingo", "2026-03-15"),
    ("puedo pagar el domingo", "2026-03-22"),
    ("el biernes", "2026-03-20"),
    ("el lunes 23", "2026-03-23"),
    ("lunes 16 de marzo", "2026-03-16"),
    ("el 23 de marzo", "2026-03-23"),
    ("23 de marzo de 2026", "2026-03-23"),
    ("23 de marzo del 2025", "2025-03-23"),
    ("marzo 23", "2026-03-23"),
    ("veintitrés de marzo", "2026-03-23"),
    ("primero de mayo", "2026-05-01"),
    ("pagué el 5 de diciembre", "2025-12-05"),
    ("23/03/2026", "2026-03-23"),
    ("23-03-2026", "2026-03-23"),
    ("23/3/26", "2026-03-23"),
    ("2026-03-23", "2026-03-23"),
    ("el 30", "2026-03-30"),
    ("el 5", "2026-04-05"),
    ("desde el 5", "2026-03-05"),
    ("la quincena", "2026-03-30"),
    ("la quincena pasada", "2026-03-15"),
    ("fin de mes", "2026-03-31"),
    ("la semana pasada", "2026-03-09"),
    ("la próxima semana", "2026-03-23"),
    ("este mes", "2026-03"),
    ("el mes pasado", "2026-02"),
    ("el recibo de febrero", "2026-02"),
    ("la factura de noviembre", "2025-11"),
    ("marzo de 2025", "2025-03"),
    ("el próximo mes", "2026-04"),
    ("el lunes a las 8", "2026-03-23T08:00-05:00"),
    ("mañana a las 3 de la tarde", "2026-03-19T15:00-05:00"),
    ("ayer a las 3 y media", "2026-03-17T15:30-05:00"),
    ("anoche a las 8", "2026-03-17T20:00-05:00"),
    ("hoy a las 2 p. m.", "2026-03-18T14:00-05:00"),
    ("23/03/2026 a las 14:30", "2026-03-23T14:30-05:00"),
    ("desde las 6 de la mañana", "2026-03-18T06:00-05:00"),
    ("desde las 6 de la tarde no hay luz", "2026-03-17T18:00-05:00"),
    ("mañana al mediodía", "2026-03-19T12:00-05:00"),
    ("mañana a las ocho de la noche", "2026-03-19T20:00-05:00"),
    ("2026-03-25T10:15", "2026-03-25T10:15-05:00"),
]


@every_row(("said", "value"), SAID)
def test_dates_relate_to_the_clock(said, value):
    found = [entity.value for entity in extract(said, now=NOW) if entity.name == "fecha"]
    assert found == [value]


@pytest.mark.parametrize(
    "said", ["mil gracias", "a la mañana siguiente no", "no hay luz", "31/02/2026", "99/99/9999", "el 45"]
)
def test_what_is_no_date_is_not_one(said):
    values = [entity.value for entity in extract(said, now=NOW) if entity.name == "fecha"]
    assert values in ([], ["2026-03-19"])


def test_the_fortnight_of_february_ends_on_its_last_day():
    now = datetime(2026, 2, 20, 9, 0, tzinfo=BOGOTA)
    assert read_date("la quincena", now) == "2026-02-28"


def test_the_day_is_that_of_bogota():
    late = datetime(2026, 3, 18, 23, 30, tzinfo=BOGOTA)
    assert read_date("hoy", late.astimezone(tz=None)) == "2026-03-18"


def test_a_bare_number_answers_a_question_for_a_date():
    assert read_date("5", NOW) == "2026-04-05"
    assert read_date("45", NOW) is None


def test_what_the_rules_do_not_know_is_offered_to_a_library():
    assert read_date("5 dic. 2025", NOW) == "2025-12-05"
