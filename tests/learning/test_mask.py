"""No number, contact, place, sum or name stays in what is kept, and the words around it do."""

from __future__ import annotations

import pytest

from bot.learning.mask import MASK, key_of, mask, still_personal, tidy
from bot.nlu.entities import Gazetteer, extract
from tests.learning.world import NOW
from tests.support.rows import every_row

PLACES = Gazetteer({"La Pradera": "la_pradera"})


def masked(text: str, known: tuple[str, ...] = ()) -> str:
    said = tidy(text)
    return mask(said, extract(said, now=NOW, gazetteer=PLACES), known)


@every_row(
    ("said", "kept"),
    [
        ("mi cuenta es 445120 y no llega", "mi cuenta es {cuenta} y no llega"),
        ("el caso 2026-0770-001232-2 que", "el caso {radicado} que"),
        ("cc 52.345.678 para lo del agua", "cc {documento} para lo del agua"),
        ("mi cedula es diez noventa y ocho setenta y seis", "mi cedula es {documento}"),
        ("me llaman al 300 111 2233 o +57 3001112233", "me llaman al {telefono} o {telefono}"),
        ("escriban a persona.de.prueba@ejemplo.co ya", "escriban a {correo} ya"),
        ("persona arroba ejemplo punto com y listo", "{correo} y listo"),
        ("miren https://ejemplo.co/foto?id=9 pues", "miren {correo} pues"),
        ("en la calle 10 # 5-20 apto 301 uele agas", "en la {direccion} uele agas"),
        ("eso en La Pradera siempre pasa", "eso en {sector} siempre pasa"),
        ("pagué $120.000 y otros 50 mil", "pagué {dinero} y otros {dinero}"),
        ("nací el 12/05/1980 mire", "nací el {fecha} mire"),
        ("soy Marta Lucía Gómez buenas", "soy {nombre} buenas"),
        ("mi hijo juan carlos rodríguez vive ahí", "mi hijo {nombre} vive ahí"),
        ("EL SEÑOR PEREZ NO VINO", "EL SEÑOR {nombre} NO VINO"),
        ("el técnico Wilmar Dussán gritó", "el técnico {nombre} gritó"),
        ("el contador AB123456 quedó raro", "el contador {cuenta} quedó raro"),
        ("le dije a @persona_prueba eso", "le dije a {correo} eso"),
    ],
)  # fmt: skip
def test_a_kind_of_personal_data_gives_way_to_its_name(said: str, kept: str) -> None:
    assert masked(said) == kept
    assert not still_personal(kept)
    assert still_personal(said) or "{sector}" in kept


@pytest.mark.parametrize(
    "said",
    ["se fue la luz desde julio", "la llave rosa gotea", "debo 3 recibos de seis meses", "se cayó la torre de la esquina",
     "quiero 2 medidores para 4 apartamentos", "no hay agua ni esperanza"],
)  # fmt: skip
def test_what_is_nobodys_stays(said: str) -> None:
    assert masked(said) == said


def test_what_the_talk_knows_of_the_person_is_hidden_wherever_it_stands() -> None:
    assert masked("yurleidis dussan dice que no", ("Yurleidis Dussán",)) == "{nombre} dice que no"


@pytest.mark.parametrize("said", ["445120", "😀 👍", "Marta Gómez", "a " * 41, "y" * 241, "", "\x00\n"])
def test_what_teaches_nothing_is_not_kept(said: str) -> None:
    assert masked(said) == ""


def test_marks_and_invisible_signs_of_the_person_do_not_survive() -> None:
    said = "  - [no hay](cuenta) {nombre}\nagua\u202e <b>"
    assert masked(said) == "(no hay)(cuenta) (nombre) agua b"
    assert not MASK.search(masked(said))


def test_the_same_words_have_the_same_key_and_a_mask_is_no_word() -> None:
    assert key_of("¡NO HAY   {sector}!") == key_of("no hay {sector}")
    assert key_of("no hay {sector}") != key_of("no hay sector")
