"""Every text that a citizen reads, against the plain-language rules of the domain document (§9)."""

from functools import cache

import pytest
import yaml

from tests.dialogs.community_values import COMMUNITY_LONGER
from tests.dialogs.plain import BUTTON, MOST_OPTIONS, ROW, VALUES, sentences, spoken, troubles, words
from tests.support.rows import every_row
from tests.support.settings import ROOT
from tests.support.shipped import shipped

#: Bubbles that may have more than three sentences, each with its reason.
LONGER = {
    **COMMUNITY_LONGER,
    "emergencia.texto": "fixed text of the law document, §7.6: numbered steps",
    "pedir_autorizacion.pide_decision_datos": "the notice that Ley 1581/2012 art. 12 requires, in five lines",
    "radicar_pqr.resumen": "a list: everything that is going to be filed",
    "radicar_pqr.constancia": "the constancia of §1.7: its fields are fixed",
    "consultar_radicado.muestra": "a list: what is known of the case",
    "consultar_radicado.elige": "a list: the cases to choose from",
    "certificar_falla.constancia": "a constancia: its fields are fixed",
    "radicar_recurso.elige": "a list: the answered cases to choose from",
    "escoger_caso.elige": "a list: the cases to choose from",
    "pide_confirma_ampliar": "a list: everything that is going to be added",
    "oficinas_horarios.lista": "a list: offices and hours",
    "info.gas_vuelve": "the safety steps of §3, numbered",
    "puntos_cercanos.lista": "a list: places with distance and hours",
    "mis_avisos.muestra": "a list: the topics and sectors in use",
    "pedir_acuerdo_pago.plan": "a list: the simulations",
    "pedir_acuerdo_pago.listo": "the receipt: number, initial payment, first date, and what happens next",
    "pedir_acuerdo_pago.terminos": "the whole agreement, as it is accepted",
    "pedir_acuerdo_pago.advertencias": "a list: what signing means",
    "consultar_acuerdo.muestra": "a list: how the agreement stands",
    "contar_corte.dice": "a list: what a notice of an outage must carry (§3)",
    "estado_reporte.muestra": "a list: what is known of the report",
    "consultar_factura.debe": "a list: what is owed, bill by bill",
    "donde_pagar.lista": "a list: ways to pay",
    "explicar_factura.cifras": "a list: what the bill says of the consumption",
    "reportar_pago.resumen": "a list: what is going to be sent",
    "explicar_factura.fuga": "numbered steps",
    "noticia.corte": "what a notice of an outage must carry (§3)",
    "noticia.gas_vuelve": "the numbered steps of §3 after gas returns",
    "pide_tipo_pqr": "a list: what each kind is for",
    "patrones.que_corregir": "a list: the answers given",
    "patrones.asesor": "the queue: turn, wait or hours, and what to do meanwhile",
    "emergencia.sigue": "after a danger nothing may be left unsaid",
}
#: Two questions at once, by order of the law document.
TWO_QUESTIONS = {"pide_lugar_emergencia": "§7.6 fixes «¿Ya están afuera? ¿Cuál es la dirección?»"}

CATALOG = ROOT / "dialogs" / "catalog"
#: Catalog file → the parts of it that people read (all when empty).
READ = {
    "canales.yml": (),
    "constancia.yml": ("mensaje", "marcas", "faltantes", "canales", "servicios", "documentos"),
    "emergencias.yml": ("emergencias",),
    "web.yml": (),
}
NOT_READ = {"disparadores", "linea", "exige_direccion", "version"}


@cache
def dialogs():
    return shipped()


RESPONSES = sorted(dialogs().domain.responses["es"])


@every_row("key", RESPONSES)
def test_a_response_reads_plainly_whatever_its_values(key):
    response = dialogs().domain.responses["es"][key]
    most = 99 if key in LONGER else 3
    questions = 2 if key in TWO_QUESTIONS else 1
    wrong = {
        f"{trouble} | {said.text}"
        for said in spoken(response, dialogs())
        for trouble in troubles(said.text, most_sentences=most, most_questions=questions)
    }
    assert not wrong, "\n".join(sorted(wrong))


@every_row("key", RESPONSES)
def test_the_options_of_a_response_are_few_and_short(key):
    for variant in dialogs().domain.responses["es"][key].variants:
        labels = [button.title for button in variant.buttons]
        room = ROW if len(labels) > 3 or any(button.hint for button in variant.buttons) else BUTTON
        assert len(labels) <= MOST_OPTIONS
        assert [label for label in labels if len(label) > room] == []
        assert len({label.casefold() for label in labels}) == len(labels)
        wrong = {trouble for button in variant.buttons for trouble in troubles(f"{button.title}\n{button.hint}")}
        assert not wrong


def test_no_exception_is_kept_for_a_response_that_needs_none():
    for key in LONGER:
        response = dialogs().domain.responses["es"][key]
        assert any(len(sentences(said.text)) > 3 for said in spoken(response, dialogs())), key
    assert TWO_QUESTIONS.keys() <= set(RESPONSES)


def leaves(node, where=()):
    if isinstance(node, dict):
        for name, inner in node.items():
            if name not in NOT_READ:
                yield from leaves(inner, (*where, str(name)))
    elif isinstance(node, list):
        for number, inner in enumerate(node):
            yield from leaves(inner, (*where, str(number)))
    elif isinstance(node, str):
        yield ".".join(where), node


def catalog_texts():
    for name, parts in READ.items():
        tree = yaml.safe_load((CATALOG / name).read_text(encoding="utf-8"))
        for where, text in leaves({part: tree[part] for part in parts} if parts else tree):
            yield pytest.param(where, text, id=f"{name}:{where}")


@every_row(("where", "text"), list(catalog_texts()))
def test_a_text_of_the_catalogs_reads_plainly(where, text):
    fixed = where.startswith("emergencias.")
    wrong = list(troubles(text, most_sentences=99 if fixed else 3, most_questions=2 if fixed else 1))
    assert not wrong, f"{text}: {wrong}"


def test_the_fixed_texts_of_danger_have_at_most_sixty_words():
    tree = yaml.safe_load((CATALOG / "emergencias.yml").read_text(encoding="utf-8"))
    assert {
        kind: entry["texto"] for kind, entry in tree["emergencias"].items() if len(words(entry["texto"])) > 60
    } == {}


def test_names_of_errands_fit_where_they_are_offered():
    for flow in dialogs().flows.values():
        if flow.startable:
            assert len(flow.name) <= ROW
        assert not list(troubles(flow.name))
    for slot in dialogs().domain.slots.values():
        assert len(slot.label) <= BUTTON


def test_every_value_that_a_wording_branches_on_is_tried():
    read = {name for response in dialogs().domain.responses["es"].values() for name in response.names}
    assert read - set(VALUES) <= {
        "identidad",
        "archivo_max_mb",
        "retomar_dias",
        "empresa",
        "emergencias",
        "casos_propios",
        "estado",
    }


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Le atendemos hoy. ¿Le sirve? ¿O mañana?", "2 questions"),
        ("Uno. Dos. Tres. Cuatro.", "4 sentences"),
        ("Su solicitud es improcedente.", "banned: improcedente"),
        ("Cuéntame qué pasó.", "not usted: cuéntame"),
        ("Abrimos a las 3:00 p. m..", "two full stops"),
        ("La SSPD decide.", "unexplained: SSPD"),
        ("uno dos tres cuatro cinco seis siete ocho nueve diez " * 2 + "once.", "21 words"),
    ],
)
def test_the_rules_find_what_they_are_for(text, wrong):
    assert any(trouble.startswith(wrong) for trouble in troubles(text))


def test_abbreviations_numbers_and_links_end_no_sentence():
    text = "Somos Aguas E.S.P., NIT 900.123.456-8. Abrimos a las 3:00 p. m. Vea https://a.example/b.html o escriba a x@y.co."
    assert len(sentences(text)) == 2
