"""A pasted letter is heard as one wish, whole; long messages that are no letters are heard as ever."""

from __future__ import annotations

import pytest

from bot.nlu.letter import as_letter, is_letter, takes_letters
from bot.nlu.normalise import fold
from dialogs.engine.heard import Intent

BODY = "En el barrio llevamos varios meses con el mismo problema y nadie nos ha dado una solución de fondo. " * 3


@pytest.mark.parametrize(
    "text",
    [
        f"Señores Aguas\nAsunto: derecho de petición\n{BODY}\nAtentamente, los vecinos",
        f"Respetado doctor: me permito solicitar lo siguiente. {BODY} Cordialmente",
        f"DERECHO DE PETICION\nHECHOS: {BODY}\nPETICIONES: que arreglen",
    ],
)
def test_a_letter_is_told_by_the_way_it_speaks(text: str) -> None:
    assert is_letter(text, fold(text).text)


@pytest.mark.parametrize(
    "text", [BODY, "Señores, solicito un certificado. Atentamente, yo", "", BODY + "solicito ayuda"]
)
def test_a_long_story_or_a_short_courtesy_is_no_letter(text: str) -> None:
    assert not is_letter(text, fold(text).text)


@pytest.mark.parametrize(
    ("ranking", "kind"),
    [
        ([("radicar_reclamo", 0.7), ("radicar_peticion", 0.2)], "radicar_reclamo"),
        ([("radicar_reclamo", 0.3), ("radicar_queja", 0.2)], "radicar_peticion"),
        ([("consultar_factura", 0.9)], "radicar_peticion"),
        ([], "radicar_peticion"),
    ],
)
def test_a_letter_is_the_filing_that_it_clearly_is_or_else_a_petition(ranking, kind: str) -> None:
    (wish,) = as_letter([Intent(*one) for one in ranking])
    assert (wish.name, wish.confidence) == (kind, 0.95)


def test_an_assistant_without_petitions_takes_no_letters() -> None:
    assert takes_letters(())
    assert takes_letters((Intent("saludar", 0.6), Intent("radicar_peticion", 0.1)))
    assert not takes_letters((Intent("prestar_libro", 0.9),))
