"""Places as people tell them, and the outages that reach them."""

from datetime import timedelta

import pytest

from bot.demo.territory import MUNICIPIO, PLACES
from bot.nlu.entities.sector import Gazetteer
from bot.outages import catalog, matching, told
from bot.outages.territory import Sector, Territory
from bot.turn.ports.places import names, read_place
from storage.repos.outages import OutageRecord
from tests.support.rows import every_row

KNOWN = catalog.load()
GROUND = Territory(
    [Sector(place.id, place.nombre, MUNICIPIO, place.polygon) for place in PLACES],
    outline=KNOWN.territory.outline,
    towns=KNOWN.territory.municipios,
    home=MUNICIPIO,
)
NAMES = Gazetteer(names(GROUND))


def read(text, clock, before=None):
    return read_place(text, GROUND, NAMES, home=MUNICIPIO, now=clock.now(), before=before)


@pytest.mark.parametrize(
    ("said", "sector"),
    [
        ("la esperanza", "la_esperanza"),
        ("no hay agua en la esperansa desde anoche", "la_esperanza"),
        ("barrio la speranza", "la_esperanza"),
        ("los almendro", "los_almendros"),
        ("VILLA BERDE", "villa_verde"),
        ("centro", "centro"),
        ("san jose", "san_jose"),
        ("pradera", "la_pradera"),
        ("vda el roble", "el_roble"),
        ("por el carmén", "el_carmen"),
        ("4.2040, -75.2960", "la_esperanza"),
    ],
)
def test_a_sector_is_known_however_it_is_spelled(clock, said, sector):
    assert read(said, clock).sector == sector


@pytest.mark.parametrize(
    ("said", "kind", "address"),
    [
        ("calle 5 # 4-20 barrio la esperanza", "direccion", "CL 5 # 4-20"),
        ("cra 8 no 3-15", "direccion", "KR 8 # 3-15"),
        ("mz C cs 14 barrio La Paz", "direccion", "MZ C CS 14"),
        ("barrio las palmas", "barrio", ""),
        ("por la cancha de arriba", "vago", ""),
        ("no hay agua en el barrio", "vago", ""),
        ("", "nada", ""),
    ],
)
def test_an_address_is_read_back_in_its_canon(clock, said, kind, address):
    found = read(said, clock)
    assert (found.estado, found.direccion) == (kind, address)


def test_the_neighbourhood_that_was_missing_joins_the_address(clock):
    first = read("calle 4 # 3-10", clock)
    whole = read("la esperanza", clock, {"estado": first.estado, "direccion": first.direccion})
    assert whole.texto == "CL 4 # 3-10, La Esperanza, Valle Verde"
    assert whole.sector == "la_esperanza"


@every_row(
    ("said", "town"),
    [
        ("Soacha", "Soacha"),
        ("calle 72 # 10-34 soacha", "Soacha"),
        ("calle 72 # 10-34, Bogotá", "Bogotá"),
        ("vivo en medellin", "Medellín"),
        ("san jose del guaviare", "San José del Guaviare"),
        ("se fue el agua en girardot desde ayer", "Girardot"),
        ("en el barrio bello horizonte", ""),
        ("por la avenida bucaramanga", ""),
        ("barrio armenia", ""),
        ("en valle verde", ""),
        ("en san jose", ""),
        ("necesito que me caldas", ""),
    ],
)
def test_another_town_is_known_and_a_street_called_like_one_is_not(said, town):
    assert GROUND.other_town(said) == town


@pytest.mark.parametrize(
    ("pin", "kind", "km"),
    [
        ("13.2, -77.9", "mar", range(950, 1100)),
        ("0.0, 0.0", "mar", range(8000, 9000)),
        ("5.0, -79.5", "mar", range(400, 500)),
        ("40.4, -3.7", "mar", range(8000, 8500)),
        ("6.2442, -75.5812", "fuera", range(220, 230)),
        ("4.60, -74.08", "fuera", range(130, 150)),
        ("4.24, -75.29", "fuera", range(5)),
    ],
)
def test_a_pin_in_the_sea_or_outside_is_known(clock, pin, kind, km):
    found = read(pin, clock)
    assert found.estado == kind
    assert found.km in km


def test_numbers_that_are_no_pin_are_none(clock):
    assert read("95.0, -200.0", clock).lat is None


def record(clock, **changes):
    return OutageRecord(
        **{
            "id": "corte_1", "servicio": "agua", "tipo": "programada", "estado": "AVISADA", "municipio": MUNICIPIO,
            "zona": "Barrios La Paz y El Prado", "autor": "ops", "created_at": clock.now(), "sectores": ("centro",),
            **changes,
        }
    )  # fmt: skip


@pytest.mark.parametrize(
    ("state", "begins_h", "ends_h", "phase"),
    [
        ("AVISADA", 2, 6, "anunciado"),
        ("AVISADA", -1, 6, "en_curso"),
        ("PROGRAMADA", None, None, "anunciado"),
        ("PROGRAMADA", -9, -1, None),
        ("EN_CURSO", -9, -1, "en_curso"),
        ("CONFIRMADA", -1, None, "en_curso"),
        ("EN_REPARACION", None, None, "en_curso"),
    ],
)
def test_an_outage_goes_on_or_is_announced_or_is_past(clock, state, begins_h, ends_h, phase):
    hours = lambda many: None if many is None else clock.now() + timedelta(hours=many)  # noqa: E731
    outage = record(clock, estado=state, starts_at=hours(begins_h), ends_at=hours(ends_h))
    found = matching.match([outage], "agua", matching.Where(sector="centro"), clock.now())
    assert [each.phase for each in found] == ([phase] if phase else [])


@pytest.mark.parametrize(
    ("sectors", "where", "reaches"),
    [
        (("centro",), matching.Where(sector="centro"), True),
        (("centro",), matching.Where(sector="la_paz"), False),
        (("centro",), matching.Where(barrio="La Paz"), False),
        ((), matching.Where(barrio="la paz"), True),
        ((), matching.Where(barrio="El Prado", sector=""), True),
        ((), matching.Where(barrio="La Pazcua"), False),
        ((), matching.Where(), False),
    ],
)
def test_an_outage_reaches_its_sectors_or_the_words_of_its_zone(clock, sectors, where, reaches):
    assert matching.reaches(record(clock, sectores=sectors), where) is reaches


def test_what_goes_on_is_told_before_what_is_announced(clock):
    planned = record(clock, id="a", starts_at=clock.now() + timedelta(hours=1))
    broken = record(clock, id="b", estado="EN_CURSO", starts_at=clock.now())
    other = record(clock, id="c", servicio="gas")
    found = matching.match([planned, broken, other], "agua", matching.Where(sector="centro"), clock.now())
    assert [each.outage.id for each in found] == ["b", "a"]


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("R-2026-000123", "R-2026-000123"),
        ("r 2026 123", "R-2026-000123"),
        ("mi reporte es el R2026-45", "R-2026-000045"),
        ("reporte numero 2026 7", "R-2026-000007"),
        ("2026-123", "R-2026-000123"),
        ("20260010000042", ""),
        ("el 3 de marzo de 2026", ""),
    ],
)
def test_the_number_of_a_report_is_read_however_it_is_typed(said, number):
    assert told.report_number(said) == number


@pytest.mark.parametrize(
    ("said", "kind", "service"),
    [
        ("se reventó un tubo y se bota el agua", "fuga", "agua"),
        ("la alcantarilla está tapada", "taponada", "alcantarillado"),
        ("no pasó el carro de la basura", "no_recogida", "aseo"),
        ("llega con poca presión", "baja_presion", "agua"),
        ("no hay agua", "", ""),
        ("/reportar_dano", "", ""),
    ],
)
def test_the_kind_of_fault_is_heard_with_its_service(said, kind, service):
    heard = told.read(said, KNOWN, ("agua", "alcantarillado", "aseo"))
    assert (heard.tipo, heard.servicio) == (kind, service)


@pytest.mark.parametrize(
    "said", ["mi mamá necesita oxígeno", "soy electrodependiente", "es el hospital", "va a diálisis"]
)
def test_who_depends_on_the_service_is_heard(said):
    assert told.read(said, KNOWN, ("agua",)).critico
    assert not told.read("no hay agua en mi casa", KNOWN, ("agua",)).critico
