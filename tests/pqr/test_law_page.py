"""``docs/ley.md`` tells the truth: its examples run, and everything staff meet is in it."""

from __future__ import annotations

import re
from pathlib import Path

from bot.kernel.config_company import Ley
from bot.pqr import catalog
from bot.pqr.law import Law
from bot.pqr.lifecycle import NOTICES, STATES
from bot.pqr.moments import read_moment
from tests.support.rows import every_row

PAGE = (Path(__file__).parents[2] / "docs" / "ley.md").read_text(encoding="utf-8")
FLAGS = (
    "cuenta_no_encontrada",
    "sin_cuenta",
    "incompleta",
    "sin_consentimiento",
    "anonima",
    "extemporaneo",
    "fuera_de_cinco_meses",
    "fuera_de_horario",
    "tipo_por_confirmar",
    "entrega_tardia",
    "silencio_alegado",
    "reclamo_en_tramite",
    "desistimiento_pedido",
)
EXAMPLES = re.findall(r"\| `atiende deadline (\S+) (\S+)` \| (\S+) \| (\S+) \|", PAGE)
LAW = Law.of(Ley())


@every_row(("moment", "term", "mode_a", "mode_b"), EXAMPLES)
def test_the_examples_give_the_dates_of_the_page(moment: str, term: str, mode_a: str, mode_b: str) -> None:
    when = read_moment(moment)
    assert LAW.due(term, when).due_on.isoformat() == mode_a
    by_b = LAW.due(term, when, mode="B")
    assert (by_b.due_on.isoformat() if by_b.mode == "B" else "–") == mode_b


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 10


#: Settings of the block ``ley`` that have nothing to do with the clock.
ELSEWHERE = {"regex_cuenta", "retencion_anios"}
WORDS = [*LAW.terms, *STATES, *NOTICES, *FLAGS, "FALTAN_5", "VENCIDO", *sorted(set(Ley.model_fields) - ELSEWHERE)]


@every_row("word", WORDS)
def test_everything_staff_meet_is_on_the_page(word: str) -> None:
    assert word in PAGE


@every_row("key", list(LAW.terms))
def test_the_table_of_terms_says_what_the_matrix_says(key: str) -> None:
    term = LAW.terms[key]
    (row,) = re.findall(rf"\| `{key}` \| (.+?) \| (.+?) \| (.+?) \|", PAGE)
    assert str(term.cantidad) in row[0] or key == "AVISO_SURTIDO"
    assert row[1].replace("í", "i") == term.a_cargo
    assert row[2] == ("sí" if term.fuera_de_horario else "no")


def test_every_flag_with_words_for_the_person_is_marked_so() -> None:
    told = set(re.findall(r"\| `(\w+)` \| [^|]+ \| sí \|", PAGE)) - set(LAW.terms)
    assert told == set(catalog.load().constancia.marcas)
