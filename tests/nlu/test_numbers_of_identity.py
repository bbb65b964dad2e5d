"""Long numbers are told apart: document, account, radicado, telephone."""

from __future__ import annotations

import pytest

from bot.nlu.entities import extract
from bot.nlu.entities.numeros import check_nit, document_kind, read_document, read_phone
from tests.nlu.world import NOW
from tests.support.rows import every_row


def found(said: str, asked: str = "") -> list[tuple[str, object]]:
    return [(entity.name, entity.value) for entity in extract(said, now=NOW, asked=asked)]


@every_row(
    ("said", "name", "value"),
    [
        ("mi cuenta es 1234567", "cuenta", "1234567"),
        ("contrato número 445120", "cuenta", "445120"),
        ("NIC 3001112233", "cuenta", "3001112233"),
        ("póliza: 88 77 66 55", "cuenta", "88776655"),
        ("cc 1.098.765.432", "documento", "1098765432"),
        ("mi cédula es 79123456", "documento", "79123456"),
        ("cedula 3001112233", "documento", "3001112233"),
        ("nit 890903938-8", "documento", "8909039388"),
        ("nit 890.903.938", "documento", "8909039388"),
        ("pasaporte AB123456", "documento", "AB123456"),
        ("radicado 20260770000012", "radicado", "20260770000012"),
        ("2026-077-000001-2", "radicado", "20260770000012"),
        ("mi cuenta es 20260770000012", "radicado", "20260770000012"),
        ("celular 300 123 4567", "telefono", "+573001234567"),
        ("3001112233", "telefono", "+573001112233"),
        ("+57 300 1112233", "telefono", "+573001112233"),
        ("mi fijo es 6021234567", "telefono", "+576021234567"),
        ("1098765432", "documento", "1098765432"),
        ("445120", "cuenta", "445120"),
        ("445120 es mi cuenta", "cuenta", "445120"),
        ("agreguen mi celular al caso 3001112233", "telefono", "+573001112233"),
        ("79.123.456", "documento", "79123456"),
        ("financiar 1.200.000", "dinero", 1_200_000),
    ],
)  # fmt: skip
def test_a_long_number_is_known_by_its_label_then_by_its_length(said, name, value):
    assert found(said) == [(name, value)]


@pytest.mark.parametrize(
    ("asked", "said", "name"),
    [
        ("cuenta", "1098765432", "cuenta"),
        ("documento", "445120", "documento"),
        ("cuenta", "3001112233", "cuenta"),
        ("telefono", "3001112233", "telefono"),
        ("documento", "1.098.765.432", "documento"),
        ("cuenta", "20260770000012", "radicado"),
    ],
)
def test_what_was_just_asked_decides_the_rest(asked, said, name):
    assert [entity for entity, _ in found(said, asked)] == [name]


@every_row(
    ("base", "digit"),
    [
        ("890903938", "8"), ("890904996", "1"), ("899999063", "3"), ("860002964", "4"), ("800197268", "4"),
        ("830122566", "1"), ("900123456", "8"), ("79123456", "0"), ("52345678", "3"),
    ],
)  # fmt: skip
def test_the_check_digit_of_a_nit(base, digit):
    assert check_nit(base, with_dv=False) == base + digit
    assert check_nit(base + digit, with_dv=True) == base + digit
    assert check_nit(base + str((int(digit) + 1) % 10), with_dv=True) is None


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("mi cc es", "CC"),
        ("cédula de extranjeria".replace("é", "e"), "CE"),
        ("t.i", "TI"),
        ("nit", "NIT"),
        ("hola", ""),
    ],
)
def test_the_kind_of_document(said, kind):
    assert document_kind(said) == kind


@pytest.mark.parametrize("said", ["123", "123456789012", "nit 890903938-7", "no tengo", ""])
def test_impossible_documents_are_refused(said):
    assert read_document(said) is None


@pytest.mark.parametrize("said", ["2345678", "123", "9991112233", "6031234567", "abc", "", "0" * 40])
def test_numbers_that_nobody_can_call_are_refused(said):
    assert read_phone(said) is None


def test_a_foreign_number_with_its_prefix_is_kept():
    assert read_phone("+1 305 555 0100") == "+13055550100"


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("mi correo es persona@example.com", "persona@example.com"),
        ("PERSONA.PRUEBA@Example.COM gracias", "persona.prueba@example.com"),
        ("persona arroba gmail punto com", "persona@gmail.com"),
        ("persona guion bajo prueba arroba hotmail punto com", "persona_prueba@hotmail.com"),
    ],
)
def test_mail_written_and_spoken(said, value):
    assert ("correo", value) in found(said)


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("me llamo María Pérez", "María Pérez"),
        ("me llamo persona de prueba", "Persona de Prueba"),
        ("mi nombre es JUAN DE LA CRUZ", "Juan de la Cruz"),
        ("soy María Pérez", "María Pérez"),
        ("soy maria perez y no tengo luz", "Maria Perez"),
        ("le habla Carlos", "Carlos"),
    ],
)
def test_people_introduce_themselves(said, value):
    assert ("nombre", value) in found(said)


@pytest.mark.parametrize(
    "said", ["soy usuario nuevo", "soy la dueña", "soy de la esperanza", "soy estrato 2", "soy pobre"]
)
def test_what_people_are_is_not_their_name(said):
    assert "nombre" not in [name for name, _ in found(said)]


@every_row(
    ("said", "services"),
    [
        ("se fue la luz", ["energia"]), ("no hay agua", ["agua"]), ("el acueducto", ["agua"]), ("uele agas y gas", ["gas"]),
        ("la alcantarilla", ["alcantarillado"]), ("aguas negras", ["alcantarillado"]), ("no pasa el carro de la basura", ["aseo"]),
        ("agua y luz", ["agua", "energia"]), ("gasolina", []), ("hola", []),
    ],
)  # fmt: skip
def test_services_by_the_words_of_the_street(said, services):
    assert [value for name, value in found(said) if name == "servicio"] == services


def test_synonyms_of_the_language_data_name_services_too():
    entities = extract("no llega el líquido", now=NOW, synonyms={"el liquido": "agua"})
    assert [(entity.value, entity.text) for entity in entities] == [("agua", "el líquido")]


def test_offsets_point_at_what_was_written():
    said = "Ñoño, mi cédula es 1.098.765.432"
    entity = extract(said, now=NOW)[-1]
    assert said[entity.start : entity.end] == entity.text == "1.098.765.432"
