"""Our templates at Meta: created where they are missing, compared where they are, and what staff see of it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
import typer
from typer.testing import CliRunner

from bot.channels.templates import TemplateEntry, TemplateFile, load
from bot.channels.whatsapp.approval import Line, TemplatesRefused, look, wanted
from bot.channels.whatsapp.client import CloudApi
from bot.cli import whatsapp as command
from bot.cli.prices import price_lines
from storage.repos.providers import PriceCount
from tests.support.fake_whatsapp import NUMBER_ID, TOKEN, URL, FakeWhatsApp, failure
from tests.support.settings import ROOT

ACCOUNT = "102290129340398"
ENTRY = TemplateEntry(
    respuestas=("aviso.factura_emitida",),
    categoria="UTILITY",
    vence_s=600,
    encabezado="Factura de {{periodo}}",
    texto="Su factura de {{periodo}} ya está lista. Puede pedirme una copia.",
    pie="Para no recibir avisos, escriba BAJA",
    botones=[
        {"texto": "Ver mi factura"},
        {"texto": "Pagar", "tipo": "enlace", "url": "https://p.example/{{referencia}}"},
    ],
    ejemplos={"periodo": "marzo", "referencia": "123"},
)
FILE = TemplateFile(version="1", plantillas={"factura_1": ENTRY})


@pytest.fixture
def fake() -> FakeWhatsApp:
    return FakeWhatsApp()


def api_of(fake: FakeWhatsApp) -> CloudApi:
    return CloudApi(url=URL, version="v23.0", number_id=NUMBER_ID, token=TOKEN, transport=fake.transport)


async def see(fake: FakeWhatsApp, file: TemplateFile = FILE, *, create: bool = True) -> list[Line]:
    api = api_of(fake)
    try:
        return [line async for line in look(api, ACCOUNT, file, "es", create=create)]
    finally:
        await api.close()
        assert fake.problems == []


async def test_what_is_missing_is_created_with_its_examples_its_life_and_its_buttons(fake) -> None:
    (line,) = await see(fake)
    (made,) = fake.templates

    assert (line.done, line.state, line.said["state"]) == ("creada", "PENDING", "PENDING")
    assert (made["category"], made["message_send_ttl_seconds"], made["parameter_format"]) == ("UTILITY", 600, "NAMED")
    assert made["components"][1]["example"] == {
        "body_text_named_params": [{"param_name": "periodo", "example": "marzo"}]
    }
    assert made["components"][3]["buttons"] == [
        {"type": "QUICK_REPLY", "text": "Ver mi factura"},
        {"type": "URL", "text": "Pagar", "url": "https://p.example/{{1}}", "example": ["https://p.example/123"]},
    ]


async def test_every_shipped_template_can_be_asked_for_and_is_the_same_when_it_is_read_again(fake) -> None:
    created = await see(fake, load())
    fake.page = 7
    again = await see(fake, load())

    assert {line.done for line in created} == {"creada"}
    assert [(line.done, line.differs) for line in again] == [("", ())] * len(created)


async def test_only_to_look_creates_nothing(fake) -> None:
    (line,) = await see(fake, create=False)

    assert line.done == "falta"
    assert fake.templates == []


@pytest.mark.parametrize(
    ("changes", "differs"),
    [
        ({"category": "MARKETING"}, "categoria"),
        ({"message_send_ttl_seconds": 2_592_000}, "vence_s"),
        ({"components": wanted("x", ENTRY, "es")["components"][1:]}, "encabezado"),
        ({"components": wanted("x", ENTRY, "es")["components"][:3]}, "botones"),
    ],
)
async def test_what_is_not_as_we_want_it_is_named(fake, changes, differs) -> None:
    fake.templates.append(wanted("factura_1", ENTRY, "es") | {"status": "APPROVED"} | changes)
    (line,) = await see(fake)

    assert line.differs == (differs,)


async def test_quality_reason_and_templates_of_others_are_seen_too(fake) -> None:
    fake.templates += [
        wanted("factura_1", ENTRY, "es")
        | {"status": "REJECTED", "quality_score": {"score": "YELLOW"}, "rejected_reason": "INVALID_FORMAT"},
        {"name": "hello_world", "language": "en_US", "status": "APPROVED", "category": "UTILITY"},
    ]
    ours, other = await see(fake)

    assert (ours.state, ours.quality, ours.reason) == ("REJECTED", "YELLOW", "INVALID_FORMAT")
    assert (other.name, other.is_ours) == ("hello_world", False)


@pytest.mark.parametrize(
    "answer", [failure(401, 190), httpx.Response(200, text="<html>"), httpx.Response(500, text="{")], ids=str
)
async def test_a_refusal_to_list_says_why_and_never_the_token(fake, answer) -> None:
    fake.next.append(answer)
    with pytest.raises(TemplatesRefused) as refused:
        await see(fake)

    assert TOKEN not in str(refused.value)
    assert fake.templates == []


async def test_one_that_meta_refuses_is_named_and_a_limit_leaves_the_rest_for_later(fake) -> None:
    file = TemplateFile(
        version="1",
        plantillas={
            f"factura_{number}": ENTRY.model_copy(update={"respuestas": (f"r{number}",)}) for number in (1, 2, 3)
        },
    )
    listed = httpx.Response(200, json={"data": []})
    fake.next.extend([listed, failure(400, 100), failure(400, 80007)])
    lines = await see(fake, file)

    assert [line.done for line in lines] == ["rechazada", "espera", "falta"]
    assert lines[0].reason == "error 100"


# What staff type


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fake: FakeWhatsApp) -> Callable[..., Any]:
    text = (ROOT / "config.yaml").read_text(encoding="utf-8")
    (tmp_path / "config.yaml").write_text(text.replace('cuenta_id: ""', f'cuenta_id: "{ACCOUNT}"'), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ATIENDE_CONFIG", raising=False)
    monkeypatch.setenv("ATIENDE_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("ATIENDE_WHATSAPP_TOKEN", TOKEN)
    monkeypatch.setenv("COLUMNS", "160")
    monkeypatch.setattr(command, "make_api", lambda settings: api_of(fake))
    app = typer.Typer()
    command.register(app)
    app.command("other")(lambda: None)
    return lambda *words: CliRunner().invoke(app, ["whatsapp", *words])


def test_the_preview_reads_as_people_would_see_it(run) -> None:
    shown = run("templates", "preview", "corte_programado_1")
    missing = run("templates", "preview", "no_existe")

    assert shown.exit_code == 0
    assert "Corte de agua en La Esperanza, el martes" in shown.output
    assert "[ Mis avisos ]" in shown.output
    assert "vence en 12 h" in shown.output
    assert missing.exit_code == 1


def test_a_list_before_meta_said_anything_does_not_say_that_all_is_the_same(run) -> None:
    listed = run("templates", "list")

    assert listed.output.count("sin comparar") == len(load().plantillas)
    assert "templates sync --dry-run" in listed.output


def test_sync_creates_compares_and_is_remembered(run, fake) -> None:
    first = run("templates", "sync")
    fake.templates[0]["category"] = "MARKETING"
    second = run("templates", "sync", "--dry-run")
    listed = run("templates", "list")

    assert (first.exit_code, first.output.count("creada")) == (0, len(load().plantillas))
    assert second.exit_code == 1
    assert "distinto: categoria" in second.output
    assert listed.output.count("PENDING") == len(load().plantillas)
    assert "distinto: categoria" in listed.output


def test_sync_without_its_settings_says_which(run, tmp_path) -> None:
    shutil.copy(ROOT / "config.yaml", tmp_path / "config.yaml")
    result = run("templates", "sync")

    assert result.exit_code == 1
    assert "cuenta_id" in result.stderr


def test_costs_are_counted_on_delivery_and_summed_where_their_price_is_known(run) -> None:
    counts = [
        PriceCount("utility", "pmp", billable=True, delivered=True, many=100),
        PriceCount("utility", "pmp", billable=True, delivered=False, many=3),
        PriceCount("service", "pmp", billable=False, delivered=True, many=7),
    ]
    tariffs = load().tarifas.model_copy(update={"precios": {"utility": 0.0008}})

    assert price_lines(counts, tariffs) == [
        "service: 7 mensajes, 0 cobrados",
        "utility: 103 mensajes, 100 cobrados = 0.08 USD",
        "Total: 0.08 USD",
    ]
    assert "no ha dicho precios" in run("costs").output
