"""From keys and values to words: strict, sandboxed, the same every time; and how values look in Spanish."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs import filters
from dialogs.engine.load import load
from dialogs.wording import WordingError, label, render
from tests.engine.support import world, write
from tests.support.rows import every_row

RESPONSES = """
responses:
  f.nombre: [{text: "Hola {nombre}."}]
  f.jinja: [{text: "Debe {{ valor | dinero }}{% if fecha %} el {{ fecha | fecha }}{% endif %}."}]
  f.canal:
    - text: para todos
    - {text: para la web, channel: webchat}
    - {text: con condición, condition: slots.nombre = "X"}
    - {text: web con condición, channel: webchat, condition: slots.nombre = "X"}
  f.azar: [{text: a}, {text: b}, {text: c}]
  f.nunca: [{text: x, condition: slots.nombre = "X"}]
  f.botones:
    - text: Elija
      buttons:
        - {title: "{{ nombre }}", payload: "/SetSlots(nombre={{ nombre }})"}
        - {title: Otro, payload: '/empezar{{"nombre": "X"}}'}
  f.etiqueta: [{text: "{{ clase | etiqueta }}"}]
  etiqueta.agua: [{text: Agua potable}]
  f.lineas: [{text: "Uno.{% if nombre %}\\n\\n\\n\\nDos.   \\n{% endif %}"}]
"""


@pytest.fixture(scope="module")
def dialogs(tmp_path_factory: pytest.TempPathFactory):
    folder = write(
        tmp_path_factory.mktemp("d"),
        domain="slots: {nombre: {type: text}, valor: {type: money}, fecha: {type: date}, clase: {type: text}}",
        responses=RESPONSES,
    )
    other = folder / "domain/responses/en/r.yml"
    other.parent.mkdir(parents=True)
    other.write_text('responses:\n  f.nombre: [{text: "Hello {nombre}."}]\n', encoding="utf-8")
    return load(folder)


def test_rasas_variables_and_jinja_both_work(dialogs) -> None:
    assert render("f.nombre", {"nombre": "Ana"}, dialogs=dialogs).text == "Hola Ana."
    assert render("f.jinja", {"valor": 1234567, "fecha": "2026-12-14"}, dialogs=dialogs).text == (
        "Debe $\u00a01.234.567 el lunes 14 de diciembre de 2026."
    )


def test_a_slot_that_is_empty_may_be_asked_about_but_not_printed(dialogs) -> None:
    assert render("f.jinja", {"valor": 1}, dialogs=dialogs).text == "Debe $\u00a01."
    with pytest.raises(WordingError, match="missing value"):
        render("f.nombre", {}, dialogs=dialogs)


def test_another_language_falls_back_to_the_first(dialogs) -> None:
    assert render("f.nombre", {"nombre": "Ana"}, dialogs=dialogs, language="en").text == "Hello Ana."
    assert render("f.jinja", {"valor": 1}, dialogs=dialogs, language="en").text == "Debe $\u00a01."


@pytest.mark.parametrize(
    ("channel", "nombre", "text"),
    [
        ("", "", "para todos"),
        ("webchat", "", "para la web"),
        ("", "X", "con condición"),
        ("webchat", "X", "web con condición"),
    ],
)
def test_the_variant_that_fits_best_is_said(dialogs, channel: str, nombre: str, text: str) -> None:
    assert render("f.canal", {"nombre": nombre}, dialogs=dialogs, channel=channel).text == text


def test_equal_variants_are_told_apart_by_the_turn_and_never_by_chance(dialogs) -> None:
    said = [render("f.azar", {}, dialogs=dialogs, turn_seed=str(turn)).text for turn in range(40)]

    assert set(said) == {"a", "b", "c"}
    assert said == [render("f.azar", {}, dialogs=dialogs, turn_seed=str(turn)).text for turn in range(40)]


def test_no_variant_and_no_key_are_errors(dialogs) -> None:
    with pytest.raises(WordingError, match="no wording"):
        render("f.nunca", {"nombre": "Y"}, dialogs=dialogs)
    with pytest.raises(WordingError, match="does not exist"):
        render("f.nada", {}, dialogs=dialogs)


def test_buttons_carry_their_values_and_rasas_doubled_braces(dialogs) -> None:
    buttons = render("f.botones", {"nombre": "Ana"}, dialogs=dialogs).buttons

    assert buttons == (("Ana", "/SetSlots(nombre=Ana)", ""), ("Otro", '/empezar{"nombre": "X"}', ""))


def test_an_id_is_shown_by_its_label(dialogs) -> None:
    assert render("f.etiqueta", {"clase": "agua"}, dialogs=dialogs).text == "Agua potable"
    assert render("f.etiqueta", {"clase": "otra"}, dialogs=dialogs).text == "otra"


def test_blank_lines_left_by_conditions_are_tidied(dialogs) -> None:
    assert render("f.lineas", {"nombre": "Ana"}, dialogs=dialogs).text == "Uno.\n\nDos."


def test_an_answer_is_known_by_the_title_of_its_button() -> None:
    assert label("servicio", "energia", dialogs=world()) == "Energía"
    assert label("radica", True, dialogs=world()) == "sí"
    assert label("fecha", "2026-03-25", dialogs=world()) == "miércoles 25 de marzo de 2026"


@pytest.mark.parametrize(
    "attack",
    ["{{ 7*7 }}", "{% for x in [1] %}{% endfor %}", "{{ ''.__class__.__mro__ }}", "{nombre}", "{{ nombre }}", "{{"],
)
def test_what_a_citizen_writes_is_never_a_template(dialogs, attack: str) -> None:
    assert render("f.nombre", {"nombre": attack}, dialogs=dialogs).text == f"Hola {attack}."


@pytest.mark.parametrize(
    "template", ["{{ nombre.__class__ }}", "{{ nombre | attr('x') }}", "{{ range(10) }}", "{{ nombre | safe }}"]
)
def test_templates_cannot_reach_beyond_their_values(tmp_path: Path, template: str) -> None:
    from dialogs.engine.load import LoadErrors

    write(tmp_path, domain="slots: {nombre: {type: text}}", responses=f'responses:\n  f.x: [{{text: "{template}"}}]\n')
    try:
        found = load(tmp_path)
    except LoadErrors:
        return
    with pytest.raises(WordingError):
        render("f.x", {"nombre": "x"}, dialogs=found)


@given(st.text(max_size=60))
def test_any_value_is_said_as_it_is(text: str) -> None:
    world_ = world_cached()
    values = {"servicio": "agua", "cuenta": "1", "relato": text or "x"}

    said = render("pedir.resumen", values, dialogs=world_).text

    assert said.startswith("agua, 1:")


_WORLD = world()


def world_cached():
    return _WORLD


@every_row(
    ("filter_", "value", "shown"),
    [
        (filters.fecha, "2026-12-14", "lunes 14 de diciembre de 2026"),
        (filters.fecha, "2026-12", "diciembre de 2026"),
        (filters.fecha, datetime(2026, 3, 18, 3, 0, tzinfo=UTC), "martes 17 de marzo de 2026"),
        (filters.fecha, "2026-03-18T03:00:00+00:00", "martes 17 de marzo de 2026"),
        (filters.hora, "15:00", "3:00\u00a0p.\u00a0m."),
        (filters.hora, "00:05", "12:05\u00a0a.\u00a0m."),
        (filters.hora, "12:00", "12:00\u00a0m."),
        (filters.hora, "2026-03-18T10:30:00-05:00", "10:30\u00a0a.\u00a0m."),
        (filters.fecha_hora, "2026-03-18T10:30:00-05:00", "miércoles 18 de marzo de 2026, 10:30\u00a0a.\u00a0m."),
        (filters.dinero, 1234567, "$\u00a01.234.567"),
        (filters.dinero, -50, "-$\u00a050"),
        (filters.dinero, 0, "$\u00a00"),
        (filters.mascara_doc, "1098765432", "*******432"),
        (filters.mascara_doc, "12", "******"),
        (filters.mascara_telefono, "+573001112267", "300 *** **67"),
        (filters.mascara_correo, "persona@example.com", "pe***@example.com"),
        (filters.telefono, "+573001112233", "+57 300 111 2233"),
        (filters.telefono, "123", "123"),
        (filters.lista, ["agua", "aseo", "gas"], "agua, aseo y gas"),
        (filters.lista, ["agua", "internet"], "agua e internet"),
        (filters.lista, ["agua"], "agua"),
        (filters.lista, [], ""),
        (filters.shown, True, "sí"),
        (filters.shown, 3.0, "3"),
        (filters.shown, 3.5, "3.5"),
        (filters.shown, [{"file_id": "a"}, {"file_id": "b"}], "2 archivos"),
    ],
)
def test_values_look_as_people_write_them_here(filter_, value, shown: str) -> None:
    assert filter_(value) == shown


@given(st.integers(-(10**15), 10**15))
def test_any_amount_can_be_read_back(pesos: int) -> None:
    assert int(filters.dinero(pesos).replace("$", "").replace("\u00a0", "").replace(".", "")) == pesos
