"""The constancia: what the law wants told, as a message, as text and as a PDF that nothing can break."""

from __future__ import annotations

import io
import random
import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from bot.kernel.config import Settings
from bot.kernel.printable import printable
from bot.pqr import constancia
from bot.pqr.law import Law
from storage.repos.cases import CaseRecord
from tests.pqr.conftest import bogota

LIMIT = 60_000
CODE = "7K3M9QXA"
CASE = CaseRecord(
    id="caso_000001",
    radicado="20260010004572",
    year=2026,
    number=457,
    tipo="reclamo",
    subtipo=None,
    termino="PQR_CONTRATO",
    estado="RADICADO",
    canal="telegram",
    conversation_id="c_1",
    servicio="agua",
    cuenta="1234567",
    cuenta_en_base=True,
    relato="Me llegó carísimo: $ 187.300. Niñ@s “sí” — 50 €.",
    nombre="Persona de Prueba",
    tipo_documento="CC",
    documento="1098765432",
    correo="persona.prueba@ejemplo.example",
    telefono="+573001112233",
    direccion="CL 5 # 10-20",
    anonimo=False,
    notificacion="correo",
    marcas=[],
    anexos=["f_1", "f_2", "f_3"],
    datos={
        "valor_reclamado": 187_300,
        "valor_no_discutido": 62_400,
        "pretension": "Que revisen el medidor.",
        "clases_anexos": ["image", "image", "document"],
    },
    codigo_hash="0" * 64,
    recibido_at=bogota("2026-11-22T07:51"),
    radicado_at=bogota("2026-11-22T07:51"),
    vence_on=date(2026, 12, 14),
    vence_b_on=date(2026, 12, 15),
    respuesta=None,
    respondido_at=None,
    content_hash="ab" * 32,
)


@pytest.fixture
def draw(law: Law, settings: Settings):
    def run(code: str = CODE, **changes) -> bytes:
        data = {**CASE.datos, **changes.pop("datos", {})}
        return constancia.draw_pdf(replace(CASE, datos=data, **changes), code, law=law, settings=settings)

    return run


def text_of(pdf: bytes) -> str:
    pages = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return re.sub(r"[ \u00a0\n]+", " ", pages)


def test_the_message_is_the_model_of_the_law_document(law: Law) -> None:
    said = constancia.message(CASE, CODE, law=law).replace("\u00a0", " ")
    assert said.split("\n\n") == [
        "Recibimos su reclamo. Radicado 20260010004572. Fecha: 22/11/2026, 7:51 a. m.",
        "Le respondemos a más tardar el lunes 14 de diciembre de 2026.",
        "Mientras decidimos no debe pagar el valor reclamado ($ 187.300). Sí debe pagar lo que no discute ($ 62.400).",
        (
            "Guarde este número y su código de consulta: 7K3M 9QXA. No comparta el código. "
            "Con los dos puede ver su caso desde cualquier medio."
        ),
    ]


def test_a_claim_without_amounts_still_says_what_need_not_be_paid(law: Law) -> None:
    said = constancia.message(replace(CASE, datos={}), "", law=law)
    assert "Mientras decidimos no debe pagar lo que reclama." in said
    assert said.endswith("Guarde este número.")


def test_a_complaint_says_nothing_of_payments(law: Law) -> None:
    assert "pagar" not in constancia.message(replace(CASE, tipo="queja"), CODE, law=law)


@pytest.mark.parametrize(
    "flag", ["fuera_de_cinco_meses", "extemporaneo", "incompleta", "anonima", "cuenta_no_encontrada"]
)
def test_flags_that_concern_the_person_are_explained(law: Law, flag: str) -> None:
    plain, flagged = (constancia.message(replace(CASE, marcas=marks), CODE, law=law) for marks in ([], [flag]))
    assert len(flagged) > len(plain)


def test_flags_for_staff_are_not_told(law: Law) -> None:
    marks = ["fuera_de_horario", "sin_cuenta", "entrega_tardia", "tipo_por_confirmar", "sin_consentimiento"]
    assert constancia.notes(replace(CASE, marcas=marks), law) == []


@pytest.mark.parametrize("shape", ["plain", "pdf"])
def test_every_field_of_the_law_is_there(law: Law, settings: Settings, draw, shape: str) -> None:
    shown = text_of(draw()) if shape == "pdf" else constancia.plain(CASE, law=law, settings=settings)
    shown = shown.replace("\u00a0", " ")
    for expected in (
        "Aguas del Valle Verde E.S.P.",
        "NIT 900123456-8",
        "20260010004572",
        "22/11/2026 07:51, hora de Bogotá",
        "Telegram",
        "Reclamo",
        "Acueducto",
        "1234567",
        "Persona de Prueba",
        "cédula de ciudadanía ***5432",
        "Me llegó carísimo: $ 187.300. Niñ@s “sí” — 50 €.",
        "Que revisen el medidor.",
        "3 archivos: imagen (2), documento (1)",
        "Correo electrónico: pe***@ejemplo.example",
        "lunes 14 de diciembre de 2026",
        "Ley 142 de 1994, artículo 158",
        "$ 187.300",
        "$ 62.400",
        "5 días hábiles",
        "ab" * 32,
    ):
        assert expected in shown


def test_neither_the_document_nor_the_mail_nor_the_phone_is_shown_whole(law: Law, settings: Settings, draw) -> None:
    for shown in (text_of(draw()), constancia.plain(CASE, law=law, settings=settings)):
        for secret in (CASE.documento, CASE.correo, CASE.telefono):
            assert secret not in shown


def test_the_paper_of_the_person_bears_the_code_and_the_text_for_others_does_not(
    law: Law, settings: Settings, draw
) -> None:
    assert "7K3M 9QXA" in text_of(draw())
    assert "7K3M 9QXA" not in constancia.plain(CASE, law=law, settings=settings)


def test_the_code_travels_only_behind_the_hash_of_the_address(law: Law, settings: Settings) -> None:
    address = constancia.sheet(CASE, CODE, law=law, settings=settings).url
    before, _, fragment = address.partition("#")
    assert fragment == f"r={CASE.radicado}&c={CODE}"
    assert CODE not in before
    assert constancia.sheet(CASE, "", law=law, settings=settings).url == before
    assert CODE.encode() not in constancia.draw_pdf(CASE, CODE, law=law, settings=settings)


def test_the_qr_holds_the_address_with_the_code(law: Law, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    import segno

    made: list[str] = []
    real = segno.make
    monkeypatch.setattr(segno, "make", lambda content, **given: made.append(content) or real(content, **given))
    constancia.draw_pdf(CASE, CODE, law=law, settings=settings)
    assert made == [f"{constancia.sheet(CASE, CODE, law=law, settings=settings).url}"]


def test_the_same_case_gives_the_same_bytes(draw) -> None:
    assert draw() == draw()


def test_a_receipt_that_differs_from_the_filing_shows_both_moments(draw) -> None:
    shown = text_of(draw(radicado_at=CASE.radicado_at + timedelta(days=2)))
    assert "Fecha y hora de recibo 22/11/2026 07:51" in shown
    assert "Fecha y hora de radicado 24/11/2026 07:51" in shown


def test_what_cannot_be_printed_is_shown_by_its_code_and_said_so(draw) -> None:
    shown = text_of(draw(relato="Qué mal 😡😡😡 \u202efin\u0000"))
    assert "Qué mal [U+1F621 × 3] [U+202E]fin[U+0000]" in shown
    assert "Algunos símbolos no se pueden imprimir" in shown
    assert "Algunos símbolos" not in text_of(draw())


def _noise(length: int, last: int) -> str:
    chance = random.Random(7)
    return "".join(chr(chance.randrange(32, last)) for _ in range(length))


@pytest.mark.parametrize(
    "relato",
    [
        "",
        " ",
        "a" * 100_000,
        "palabra " * 10_000,
        "\n" * 30_000,
        "a\n" * 15_000,
        "😡" * 10_000,
        _noise(30_000, 0x250),
        _noise(30_000, 0x2FFFF),
        "%PDF-1.4 endstream endobj (()) \\ << >> {nb} **negrita** __x__ [link](http://x)",
    ],
    ids=[
        "empty",
        "space",
        "one word",
        "many words",
        "empty lines",
        "short lines",
        "emoji",
        "latin noise",
        "noise",
        "pdf words",
    ],
)
def test_no_text_breaks_the_document_nor_makes_it_heavy(draw, relato: str) -> None:
    pdf = draw(relato=relato, datos={"pretension": relato})
    assert len(pdf) <= LIMIT
    assert PdfReader(io.BytesIO(pdf)).pages


def test_words_of_ours_in_the_text_stay_words(draw) -> None:
    assert "{nb} {radicado} \\nb" in text_of(draw(relato="{nb} {radicado} \\nb"))
    assert "Página 1 de 1" in text_of(draw(relato="x", datos={"pretension": ""}))


def test_long_texts_say_that_they_go_on(draw) -> None:
    assert "Tiene 100000 caracteres y quedó guardado completo" in text_of(draw(relato="palabras " * 11_111 + "x"))


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=60), st.text(max_size=30))
def test_any_name_and_company_words_can_be_drawn(words: str, name: str) -> None:
    shown, lost = printable(words + name)
    shown.encode("cp1252")
    assert lost == ("[U+" in shown and "[U+" not in words + name) or "[U+" in words + name


def test_an_anonymous_case_says_so_and_shows_nobody(draw, law: Law) -> None:
    pdf = draw(
        anonimo=True,
        nombre=None,
        documento=None,
        tipo_documento=None,
        correo=None,
        direccion=None,
        notificacion="codigo",
        marcas=["anonima"],
        cuenta=None,
        servicio=None,
        anexos=[],
    )
    shown = text_of(pdf)
    assert "Sin nombre (así lo pidió la persona)" in shown
    assert "Consulta con el radicado y el código" in shown
    assert "Anexos Ninguno" in shown


@pytest.mark.parametrize(
    "kind", ["peticion", "queja", "recurso", "denuncia", "sugerencia", "felicitacion", "habeas_data"]
)
def test_every_type_has_its_constancia(draw, law: Law, kind: str) -> None:
    term = law.term_of(kind)
    shown = text_of(draw(tipo=kind, termino=term))
    assert law.terms[term].norma in shown
    assert constancia.message(replace(CASE, tipo=kind, termino=term), CODE, law=law)
