"""The catalog: complete, strict, and fit to be read by people."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.pqr import catalog
from bot.pqr.errors import CatalogError, UnknownKind
from tests.support.rows import every_row

CATALOG = catalog.load()
BANNED = ("no aplica", "improcedente", "sírvase", "allegar", "incoar", "de conformidad con")


def test_the_terms_matrix_is_whole() -> None:
    entries = CATALOG.terms.terminos
    assert {key: (entry.cantidad, entry.unidad) for key, entry in entries.items()} == {
        "PQR_CONTRATO": (15, "dias_habiles"),
        "SAP_RECONOCER": (72, "horas"),
        "INFO_DOCUMENTOS": (10, "dias_habiles"),
        "CONSULTA_GENERAL": (30, "dias_habiles"),
        "TRASLADO": (5, "dias_habiles"),
        "REQUERIR_COMPLETAR": (10, "dias_habiles"),
        "COMPLETAR": (1, "meses"),
        "RECURSO_REPO_APEL": (5, "dias_habiles"),
        "INSISTIR_FALLA": (3, "dias_habiles"),
        "RECURSO_QUEJA": (5, "dias_habiles"),
        "CITACION": (5, "dias_habiles"),
        "AVISO": (5, "dias_habiles"),
        "AVISO_SURTIDO": (1, "dias_habiles"),
        "REMITIR_SSPD": (3, "dias_habiles"),
        "RECLAMO_FACTURA_LIMITE": (5, "meses"),
        "COBRO_OMITIDO_LIMITE": (5, "meses"),
        "RECONEXION": (24, "horas"),
        "ESTRATO_ALCALDIA": (2, "meses"),
        "HD_CONSULTA": (10, "dias_habiles"),
        "HD_RECLAMO": (15, "dias_habiles"),
    }
    extensions = {key: entry.prorroga.cantidad for key, entry in entries.items() if entry.prorroga}
    assert extensions == {
        "INFO_DOCUMENTOS": 3,
        "CONSULTA_GENERAL": 30,
        "COMPLETAR": 1,
        "HD_CONSULTA": 5,
        "HD_RECLAMO": 8,
    }


def test_every_type_of_the_law_document_is_there() -> None:
    known = set(CATALOG.kinds.tipos)
    assert known >= {"peticion", "queja", "reclamo", "recurso", "denuncia", "sugerencia", "felicitacion", "habeas_data"}
    with pytest.raises(UnknownKind, match="peticion, queja"):
        CATALOG.kind("tutela")


def test_the_sui_codes_are_those_of_the_law_document() -> None:
    sui = CATALOG.sui
    assert len(sui.tramites) == 6
    assert len(sui.respuestas) == 11
    assert len(sui.notificaciones) == 5
    assert len(sui.columnas) == 16
    assert (sui.detalles[102].texto, sui.detalles[102].grupo) == (
        "Inconformidad con la medición del consumo facturado",
        "F",
    )
    assert {code for code, detail in sui.detalles.items() if detail.energia} == (
        set(range(101, 125)) - {104, 114, 116} | {303, 304, 306}
    )
    assert set(sui.sin_texto_verificado) == {104, 114, 116, 125, 126, 128, 130, 132, 302, 305, 307, 310, 311, 313}
    assert not sui.detalles[301].verificado


EMERGENCIES = {
    "gas": "PUEDE SER FUGA DE GAS. 1) No prenda ni apague luces, fósforos ni aparatos. 2) Si puede sin riesgo, cierre "
    "la válvula. 3) Abra puertas y ventanas. 4) Salga con todas las personas. 5) Ya afuera y lejos, llame al 164 o al "
    "123. No use el teléfono adentro.",
    "monoxido": "PUEDE SER MONÓXIDO. Salgan al aire libre ya. Llame al 123.",
    "electrica": "Aléjese al menos 10 metros. No toque el cable ni a quien lo toque. Avise a los demás. Llame al 115 y "
    "al 123.",
    "agua": "Aléjese. Si el agua llega a enchufes, baje los tacos solo si está seco. Llame al 116 (123 si hay heridos).",
    "agua_mala": "No la beba. Guarde una muestra. Llame al 116 y consulte a salud.",
}


@pytest.mark.parametrize("kind", EMERGENCIES)
def test_the_emergency_texts_are_word_for_word_those_of_the_law_document(kind: str) -> None:
    assert " ".join(CATALOG.emergencies.text(kind, {}).split()) == EMERGENCIES[kind]


def test_every_kind_of_emergency_has_a_short_text_that_never_makes_people_wait() -> None:
    assert set(CATALOG.emergencies.emergencias) == {
        "gas",
        "monoxido",
        "electrica",
        "agua",
        "agua_mala",
        "fuego",
        "vida",
    }
    for kind, entry in CATALOG.emergencies.emergencias.items():
        text = CATALOG.emergencies.text(kind, {})
        assert len(text.split()) <= 60
        assert not re.search(r"\bespere|\bfotos?\b|minutos", text, re.IGNORECASE)
        assert entry.pregunta.endswith("?")


def test_the_lines_of_the_company_replace_the_national_ones() -> None:
    assert "#303" in CATALOG.emergencies.text("gas", {"gas": "#303", "general": ""})
    assert "123" in CATALOG.emergencies.text("gas", {"gas": "#303", "general": ""})


def read_by_people() -> Iterator[tuple[str, str]]:
    """Yield every text of the constancia and the emergencies with where it stands."""

    def walk(where: str, value: Any) -> Iterator[tuple[str, str]]:
        if isinstance(value, dict):
            for name, inner in value.items():
                yield from walk(f"{where}.{name}", inner)
        elif isinstance(value, str):
            yield where, value

    for name in ("constancia", "emergencias"):
        tree = yaml.safe_load((catalog.FOLDER / f"{name}.yml").read_text(encoding="utf-8"))
        yield from walk(name, {key: inner for key, inner in tree.items() if key != "version"})


@every_row(("where", "text"), [pytest.param(*pair, id=pair[0]) for pair in read_by_people()])
def test_the_wording_is_plain(where: str, text: str) -> None:
    assert not [word for word in BANNED if word in text.lower()]
    sentences = re.split(r"(?<=[.?!])\s+|\n", text)
    assert all(len(sentence.split()) <= 20 for sentence in sentences), where
    assert text.count("?") <= (2 if where == "emergencias.emergencias.gas.pregunta" else 1)


@pytest.fixture
def broken(tmp_path: Path):
    folder = tmp_path / "catalog"
    shutil.copytree(catalog.FOLDER, folder)

    def change(name: str, old: str, new: str) -> list[str]:
        file = folder / name
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new, 1), encoding="utf-8")
        with pytest.raises(CatalogError) as caught:
            catalog.load(folder)
        return caught.value.problems

    return change


def test_a_typo_is_told_with_its_line(broken) -> None:
    (problem,) = broken("terminos.yml", "    hecho: radicación\n", "    echo: radicación\n")[:1]
    assert re.match(r"terminos\.yml:\d+: terminos\.PQR_CONTRATO\.(echo|hecho)", problem)


def test_several_mistakes_are_told_at_once(broken) -> None:
    problems = broken("terminos.yml", "cantidad: 15\n    unidad: dias_habiles", "cantidad: muchos\n    unidad: semanas")
    assert len(problems) == 2


@pytest.mark.parametrize(
    ("file", "old", "new", "what"),
    [
        ("terminos.yml", "cuenta_desde: momento", "cuenta_desde: mismo_dia", "cuenta_desde must be"),
        (
            "terminos.yml",
            "a_cargo: usuario\n",
            "a_cargo: usuario\n    fuera_de_horario: true\n",
            "never moves a person's",
        ),
        ("tipos_pqr.yml", "termino: PQR_CONTRATO", "termino: PQR_CONTRATOS", "PQR_CONTRATOS is not in terminos.yml"),
        ("tipos_pqr.yml", "sui_tramite: 2", "sui_tramite: 22", "22 is not in sui.yml"),
        ("tipos_pqr.yml", "pasa_a: peticion", "pasa_a: pedido", "not a type of this file"),
        ("constancia.yml", "Radicado {radicado}.", "Radicado {numero}.", "it may hold"),
        ("constancia.yml", "Radicado {radicado}.", "Radicado {radicado.real}.", "only plain names"),
        ("constancia.yml", "Radicado {radicado}.", "Radicado {radicado!r}.", "only plain names"),
        ("constancia.yml", "Radicado {radicado}.", "Radicado {radicado.", "unmatched"),
        ("emergencias.yml", "llame al {gas}", "llame al {metro}", "not in lineas"),
        ("emergencias.yml", "No la beba.", "No la beba. " * 40, "at most 60"),
        ("sui.yml", "sin_texto_verificado: [104,", "sin_texto_verificado: [101, 104,", "leave each in one place"),
        ("calendario.yml", "dias: [lunes, ", "dias: [", "at least 7"),
        ("calendario.yml", "version:", "version: [", "not valid YAML"),
    ],
)
def test_what_cannot_work_is_refused_with_the_reason(broken, file: str, old: str, new: str, what: str) -> None:
    problems = broken(file, old, new)
    assert any(problem.startswith(f"{file}:") and what in problem for problem in problems), problems


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match=r"sui\.yml:1: the file cannot be read"):
        catalog.load(tmp_path)
