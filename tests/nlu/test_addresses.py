"""Addresses of the street become the canon of the company, whatever their spelling."""

from __future__ import annotations

import pytest

from bot.nlu.entities import Gazetteer, extract
from bot.nlu.entities.direccion import read_address
from tests.nlu.world import NOW
from tests.support.rows import every_row

CANON = [
    ("Cra 7 No. 45-12", "KR 7 # 45-12"),
    ("calle 72 # 10 - 34 apto 501", "CL 72 # 10-34 AP 501"),
    ("Dg 46 sur 52A 30", "DG 46 SUR # 52A-30"),
    ("Tv 93 #53-32 int 2", "TV 93 # 53-32 IN 2"),
    ("mz C cs 14 barrio La Paz", "MZ C CS 14 BRR LA PAZ"),
    ("km 5 vía Tunja vereda El Carmen finca La Esperanza", "KM 5 VIA TUNJA VDA EL CARMEN FCA LA ESPERANZA"),
    ("AK 30 17-00", "AK 30 # 17-00"),
    ("Cl 5 bis sur # 7B-20 este", "CL 5 BIS SUR # 7B-20 ESTE"),
    ("Circular 4 # 70-12", "CQ 4 # 70-12"),
    ("Av 3N # 8-24", "AV 3N # 8-24"),
    ("calle 30 con 8 esquina", "CL 30 # 8 ESQUINA"),
    ("cll 30 nro 8-24", "CL 30 # 8-24"),
    ("carrera 15 N° 93-60", "KR 15 # 93-60"),
    ("kra 15 numero 93 60", "KR 15 # 93-60"),
    ("Calle 10A Bis B # 5-20 Torre 3 Apto 1201", "CL 10A BIS B # 5-20 TO 3 AP 1201"),
    ("avenida calle 26 # 59-51", "AC 26 # 59-51"),
    ("av cra 68 # 22-10", "AK 68 # 22-10"),
    ("carrera séptima numero cuarenta y cinco doce", "KR 7 # 45-12"),
    ("calle 12 # 4-56 bloque 2 interior 301 barrio El Jardín", "CL 12 # 4-56 BL 2 IN 301 BRR EL JARDIN"),
    ("diag 46 # 52-30, manzana 4 lote 12", "DG 46 # 52-30 MZ 4 LT 12"),
]


@every_row(("said", "canon"), CANON)
def test_addresses_take_the_form_of_the_cadastre(said, canon):
    assert read_address(said) == canon


@every_row(("said", "canon"), [pair for pair in CANON if "séptima" not in pair[0]])
def test_addresses_are_found_inside_a_report(said, canon):
    found = [
        entity for entity in extract(f"buenas, vivo en {said} y no hay agua", now=NOW) if entity.name == "direccion"
    ]
    assert [entity.value for entity in found] == [canon]


@pytest.mark.parametrize("said", ["al lado de la cancha", "no hay agua", "calle", "cra", "el 5 de mayo", "mi casa"])
def test_what_has_no_nomenclature_is_not_an_address(said):
    assert read_address(said) is None


PLACES = Gazetteer.of(["La Esperanza", "El Jardín", "San José Obrero", "Villa María", "Centro"])


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ("se fue la luz en la esperanza", "La Esperanza"),
        ("no hay agua en el barrio la esperansa", "La Esperanza"),
        ("barrio el jardin", "El Jardín"),
        ("vivo en san jose obrero", "San José Obrero"),
        ("aca en villa maria no hay nada", "Villa María"),
        ("en el CENTRO", "Centro"),
    ],
)
def test_the_gazetteer_forgives_accents_and_slips(said, place):
    assert [entity.value for entity in extract(said, now=NOW, gazetteer=PLACES) if entity.name == "sector"] == [place]


def test_an_unknown_neighbourhood_is_kept_as_said():
    found = [entity.value for entity in extract("barrio Los Álamos y no hay luz", now=NOW) if entity.name == "sector"]
    assert found == ["Los Álamos"]


@pytest.mark.parametrize(
    ("said", "places"),
    [("apagón en la comuna 3", ["Comuna 3"]), ("cambiar el barrio de mis avisos", []), ("no sé el barrio", [])],
)
def test_what_follows_the_word_barrio_must_be_a_place(said, places):
    assert [entity.value for entity in extract(said, now=NOW) if entity.name == "sector"] == places


def test_no_place_no_sector():
    assert [entity for entity in extract("se fue la luz", now=NOW, gazetteer=PLACES) if entity.name == "sector"] == []
