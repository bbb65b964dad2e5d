"""Templates of the catalogue: what Meta would refuse is refused here first, and each fits the notice it stands for."""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from bot.channels.base import Notice, Option, Say
from bot.channels.templates import TemplateEntry, filled, load
from bot.channels.whatsapp.body import template_of
from bot.kernel.errors import CatalogError
from bot.notices.template_check import check_templates
from dialogs.engine.load import SHIPPED
from tests.dialogs.plain import troubles
from tests.support.rows import every_row
from tests.support.shipped import shipped

GOOD: dict[str, Any] = {
    "respuestas": ["aviso.factura_emitida"],
    "categoria": "UTILITY",
    "texto": "Su factura de {{periodo}} ya está lista. Puede pedirme una copia.",
    "ejemplos": {"periodo": "marzo"},
}


def refused(**changes: Any) -> str:
    with pytest.raises(ValidationError) as wrong:
        TemplateEntry(**{**GOOD, **changes})
    return str(wrong.value)


@every_row(
    ("changes", "said"),
    [
        ({"texto": "{{periodo}} ya está lista su factura."}, "neither open nor close"),
        ({"texto": "Ya está lista su factura de {{periodo}}."}, "neither open nor close"),
        ({"texto": "Su factura {{periodo}} {{periodo}} ya está lista para usted."}, "words between"),
        ({"texto": "Va {{periodo}} ya"}, "too few words"),
        ({"texto": "Su factura de {{Periodo}} ya está lista."}, "small letters"),
        ({"texto": "Su factura de {periodo} ya está lista.", "ejemplos": {}}, "small letters"),
        ({"texto": "Su factura de {{periodo}} está lista. " + "x" * 1024}, "at most 1024"),
        ({"texto": "Su factura de {{periodo}} está\n\n\n\nlista ya."}, "line ends"),
        ({"ejemplos": {}}, "periodo is missing"),
        ({"ejemplos": {"periodo": "marzo", "otro": "x"}}, "no place {{otro}}"),
        ({"ejemplos": {"periodo": "m" * 1000}}, "longer than 1024"),
        ({"datos": {"otro": "x"}}, "no place {{otro}}"),
        ({"encabezado": "x" * 61}, "at most 60"),
        ({"encabezado": "Su *factura*"}, "without emphasis"),
        ({"pie": "De {{periodo}}"}, "no values"),
        ({"pie": "x" * 61}, "at most 60"),
        ({"vence_s": 43_201}, "43200"),
        ({"vence_s": 29}, "30"),
        ({"vence_s": 60, "categoria": "MARKETING"}, "only a UTILITY"),
        ({"categoria": "SERVICIO"}, "UTILITY"),
        ({"botones": [{"texto": "x" * 21}]}, "at most 20"),
        ({"botones": [{"texto": f"b{number}"} for number in range(11)]}, "at most 10"),
        ({"botones": [{"texto": "Ver"}, {"texto": "Ver"}]}, "same words"),
        ({"botones": [{"texto": "Ver", "tipo": "enlace"}]}, "has a url"),
        ({"botones": [{"texto": "Ver", "url": "https://x.example"}]}, "has a url"),
        ({"botones": [{"texto": "Ver", "tipo": "enlace", "url": "http://x.example"}]}, "pattern"),
        ({"botones": [{"texto": "Ver", "tipo": "enlace", "url": "https://x.example/{{periodo}}/y"}]}, "at its end"),
        (
            {
                "botones": [
                    {"texto": "Ver"},
                    {"texto": "Ir", "tipo": "enlace", "url": "https://x.example"},
                    {"texto": "Más"},
                ]
            },
            "mixed",
        ),
    ],
)
def test_what_meta_would_refuse_is_refused_with_its_reason(changes: dict[str, Any], said: str) -> None:
    assert said in refused(**changes)


def test_the_shipped_templates_fit_the_dialogs_they_stand_for() -> None:
    assert check_templates(SHIPPED, shipped()) == []


def test_every_text_that_staff_send_has_a_template_without_advertising_in_a_service() -> None:
    found = load()
    spoken = {response for entry in found.plantillas.values() for response in entry.respuestas}

    assert {response for response in spoken if response.startswith("aviso.")} >= {
        "aviso.corte_programado",
        "aviso.recordatorio_pago",
        "aviso.obra",
    }
    assert [name for name, one in found.plantillas.items() if one.categoria == "MARKETING"] == ["consejo_1"]


@every_row("name", sorted(load().plantillas))
def test_a_template_is_written_plainly_and_in_usted(name: str) -> None:
    entry = load().plantillas[name]
    said = " ".join(filter(None, (filled(entry.texto, entry.ejemplos), entry.pie)))
    # The safe way to begin gas again is a list of steps.
    most = 12 if name == "gas_vuelve_1" else 6

    assert list(troubles(said.replace("BAJA", "«BAJA»"), most_sentences=most)) == []


def test_an_outage_expires_and_goes_as_a_template_always() -> None:
    outages = [one for name, one in load().plantillas.items() if name.startswith("corte_")]

    assert len(outages) == 4
    assert all(one.siempre and one.vence_s and one.vence_s <= 12 * 3600 for one in outages)


def write(folder: Path, name: str, **entries: dict[str, Any]) -> None:
    below = folder / "catalog" / "plantillas"
    below.mkdir(parents=True, exist_ok=True)
    document = {"version": "1", "plantillas": {key: deepcopy(one) for key, one in entries.items()}}
    (below / f"{name}.yml").write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")


def test_check_names_the_file_the_line_and_the_remedy(tmp_path: Path) -> None:
    write(
        tmp_path,
        "mias",
        una={**GOOD, "respuestas": ["aviso.no_existe"]},
        dos={**GOOD, "botones": [{"texto": "Pagar ya"}]},
        tres={**GOOD, "respuestas": ["aviso.obra"], "datos": {"periodo": "{{ aviso.trabajo"}},
    )
    issues = check_templates(tmp_path, shipped())

    assert {(issue.where, issue.severity) for issue in issues} == {
        (f"template {name}", "error") for name in ("una", "dos", "tres")
    }
    said = "\n".join(str(issue) for issue in issues)
    assert "no response aviso.no_existe" in said
    assert "no button «Pagar ya»" in said
    assert "datos.periodo" in said
    assert all(issue.line > 1 and issue.file.endswith("mias.yml") for issue in issues)


def test_one_response_has_one_template_in_all_files_together(tmp_path: Path) -> None:
    write(tmp_path, "unas", una=GOOD)
    write(tmp_path, "otras", otra=GOOD)
    with pytest.raises(CatalogError, match="has two"):
        load(tmp_path / "catalog")


def test_the_place_of_every_value_and_button_is_told_to_meta() -> None:
    entry = TemplateEntry(
        **{
            **GOOD,
            "encabezado": "Factura de {{periodo}}",
            "botones": [
                {"texto": "Ver mi factura"},
                {"texto": "Pagar", "tipo": "enlace", "url": "https://pagos.example/{{referencia}}"},
            ],
            "ejemplos": {"periodo": "marzo", "referencia": "123"},
        }
    )
    plain = Say("x", (Option("n1-1", "Ver mi factura"),))
    notice = Notice("factura", {"periodo": "abril\n2026", "referencia": "7/ñ"}, plain, datetime.now(UTC), "f", "es_CO")
    template = template_of(notice, entry)["template"]

    assert (template["name"], template["language"]) == ("factura", {"code": "es_CO"})
    named = {"type": "text", "parameter_name": "periodo", "text": "abril 2026"}
    assert template["components"] == [
        {"type": "header", "parameters": [named]},
        {"type": "body", "parameters": [named]},
        {
            "type": "button",
            "sub_type": "quick_reply",
            "index": "0",
            "parameters": [{"type": "payload", "payload": "n1-1"}],
        },
        {"type": "button", "sub_type": "url", "index": "1", "parameters": [{"type": "text", "text": "7%2F%C3%B1"}]},
    ]


def test_an_example_reads_as_people_would_see_it() -> None:
    entry = load().plantillas["corte_programado_1"]

    assert filled(entry.texto, entry.ejemplos).startswith("Corte de agua en La Esperanza, el martes")
