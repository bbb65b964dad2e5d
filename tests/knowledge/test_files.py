"""The data files of information fit together, and a mistake in them is told with its place."""

import re
import shutil
from datetime import date

import pytest
import yaml

from bot.knowledge.load import FOLDER, KnowledgeError, legal_terms, load
from tests.support.shipped import shipped


@pytest.fixture(scope="module")
def dialogs():
    return shipped()


def test_every_article_has_its_words_and_declares_each_figure_it_reads(dialogs):
    for name, article in load().articles.items():
        response = dialogs.response(f"info.{name}")
        assert response is not None, name
        read = {figure for each in response.variants for figure in re.findall(r"cifras\.(\w+)", each.text)}
        assert read == set(article.cifras), name


def test_every_button_of_an_article_begins_an_errand(dialogs):
    wanted = {flow for each in load().articles.values() for flow in each.botones.values()}
    begun = dialogs.flows.keys() | dialogs.triggered.keys() | {"hablar_con_asesor"}
    assert not wanted - begun


def test_every_lesson_has_its_bubbles_and_its_question(dialogs):
    for name, lesson in load().lessons.items():
        steps = [f"leccion.{name}.{number}" for number in range(1, lesson.pasos + 1)]
        assert all(dialogs.response(key) for key in [*steps, f"leccion.{name}.pregunta"]), name


def test_a_figure_holds_only_on_its_days():
    figure = load().figures["superservicios"]
    assert figure.holds_on(date(2026, 11, 23))
    assert not figure.holds_on(date(2027, 7, 1))


@pytest.mark.parametrize(
    ("file", "old", "new", "complaint"),
    [
        ("cifras.yml", "desde: 2011-06-16", "desde: ayer", r"cifras\.yml:\d+: .*desde"),
        ("cifras.yml", "fuente: regulación de gas combustible", "fuentes: otra", r"cifras\.yml:\d+: .*fuente"),
        ("lecciones.yml", "correcta: 1", "correcta: 9", r"lecciones\.yml:\d+: .*not there"),
        ("informacion/tarifas.yml", "cifras: [subsidio_acueducto]", "cifras: [nada]", "the figure nada does not exist"),
        ("informacion/derechos.yml", "  deberes:\n", "  leer_factura:\n", "leer_factura is written twice"),
    ],
)
def test_a_mistake_is_told_with_file_and_line(tmp_path, file, old, new, complaint):
    folder = tmp_path / "catalog"
    shutil.copytree(FOLDER, folder)
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(KnowledgeError, match=complaint):
        load(folder)


def test_the_terms_that_wording_names_are_those_of_the_law_that_is_counted_with():
    terms = yaml.safe_load((FOLDER / "terminos.yml").read_text(encoding="utf-8"))["terminos"]
    bills = yaml.safe_load((FOLDER / "facturacion.yml").read_text(encoding="utf-8"))
    assert legal_terms() == {
        "respuesta_dias": terms["PQR_CONTRATO"]["cantidad"],
        "recurso_dias": terms["RECURSO_REPO_APEL"]["cantidad"],
        "reclamo_meses": terms["RECLAMO_FACTURA_LIMITE"]["cantidad"],
        "reconexion_horas": bills["reconexion_horas"],
    }


def test_no_wording_writes_a_legal_term_by_hand(dialogs):
    """Terms change with the law: they are written once, in ``cifras.yml`` or ``terminos.yml``."""
    written = re.compile(r"\b(?:5|15|cinco|quince) días|\b(?:5|cinco) meses|\b(?:24|veinticuatro) horas")
    said = {
        key
        for key, response in dialogs.domain.responses["es"].items()
        for each in response.variants
        if written.search(each.text)
    }
    assert said == set()
    assert not written.search((FOLDER / "constancia.yml").read_text(encoding="utf-8"))
