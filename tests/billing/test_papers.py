"""The duplicate and the chart: what they say, how heavy they are, and who may have them."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path
from typing import Any

import pypdf
import pytest
from PIL import Image

from bot.billing import papers, rules
from bot.kernel.clock import BOGOTA
from bot.turn.documents import DocumentRoom
from bot.turn.drawers import make_drawers
from storage.db import Database
from storage.files import FileStore
from storage.repos.papers import PaperRecord
from tests.support.settings import make_settings

NOW = datetime(2026, 11, 10, 10, 30, tzinfo=BOGOTA)


@pytest.fixture
def draw(tmp_path: Path) -> dict[str, papers.Draw]:
    settings = make_settings(tmp_path)
    return papers.makers(rules.of_settings(settings), settings)


def used(*quantities: str, causa: str = "", servicio: str = "agua", unidad: str = "m3") -> list[dict[str, Any]]:
    """Return consumptions as JSON, the newest first."""
    return [
        {"servicio": servicio, "periodo": f"2026-{11 - at:02d}", "cantidad": quantity, "unidad": unidad, "dias": 30,
         "causa": "" if at else causa}
        for at, quantity in enumerate(quantities)
    ]  # fmt: skip


def bill(**changed: Any) -> dict[str, Any]:
    given: dict[str, Any] = {
        "cuenta": "1000001", "servicio": "agua", "periodo": "2026-11", "numero": "F-77", "emitida_on": "2026-11-05",
        "vence_on": "2026-11-21", "total": 91_235, "saldo": 91_235, "titular": "Ana Ñandú de la Peña",
        "direccion": "CL 5 # 3-20", "estrato": 2, "uso": "residencial",
        "lineas": [{"concepto": "Cargo fijo", "valor": 95_010}, {"concepto": "Subsidio", "valor": -3_775}],
        "consumo": {**used("17")[0], "lectura_anterior": "549", "lectura_actual": "566", "desde_on": "2026-10-01",
                    "hasta_on": "2026-10-31"},
    }  # fmt: skip
    return {**given, **changed}


def text_of(pdf: bytes) -> tuple[str, int]:
    read = pypdf.PdfReader(io.BytesIO(pdf))
    return " ".join(" ".join(page.extract_text().split()) for page in read.pages), len(read.pages)


def duplicate(draw: dict[str, papers.Draw], **changed: Any) -> tuple[str, int]:
    content = {"factura": bill(**changed), "consumos": used("17", "16", "20"), "hecho_at": NOW.isoformat()}
    return text_of(draw["factura"](content))


def test_a_duplicate_says_all_that_the_law_asks_of_a_bill_on_one_page(draw):
    text, pages = duplicate(draw)
    assert pages == 1
    for told in (
        "Ana Ñandú de la Peña", "CL 5 # 3-20", "1000001", "2, residencial", "noviembre de 2026", "F-77", "549", "566",
        "17 m³", "31 oct 2026", "$ 91.235", "Pague hasta el sábado 21 de noviembre de 2026", "Cargo fijo",
        "-$ 3.775", "Pago en línea", "jueves 5 de noviembre de 2026", "Página 1 de 1",
    ):  # fmt: skip
        assert told in text.replace("\u00a0", " "), told


def test_a_bill_by_average_says_why_and_shows_no_reading(draw):
    consumo = {**used("17")[0], "causa": "El medidor no se pudo leer"}
    text, _ = duplicate(draw, consumo=consumo)
    assert "Cobrado por promedio" in text
    assert "El medidor no se pudo leer" in text
    assert "Lectura" not in text


@pytest.mark.parametrize(
    ("changed", "told", "never"),
    [
        ({"saldo": 0, "pagada_on": "2026-11-09"}, "Pagada el lunes 9 de noviembre de 2026", "Cómo pagar"),
        ({"vence_on": "2026-11-09"}, "Venció el lunes 9 de noviembre de 2026", "Pague hasta"),
        ({"saldo": 50_000}, "Ya abonó $ 41.235 de $ 91.235", "Venció"),
    ],
)
def test_a_duplicate_says_how_the_bill_stands(draw, changed, told, never):
    text, _ = duplicate(draw, **changed)
    assert told in text.replace("\u00a0", " ")
    assert never not in text


def test_a_bill_with_nothing_but_a_total_is_drawn_and_strange_letters_are_not_lost(draw):
    text, _ = duplicate(draw, titular="漢字 \u202e <b>", lineas=[], consumo=None, estrato=None, uso="", direccion="")
    assert "[U+6F22]" in text
    assert "<b>" in text


def test_a_long_bill_goes_on_over_pages(draw):
    lines = [{"concepto": f"Concepto {number} " + "x" * 90, "valor": number} for number in range(40)]
    text, pages = duplicate(draw, lineas=lines)
    assert pages == 2
    assert "Concepto 39" in text


def test_equal_bills_give_equal_bytes(draw):
    content = {"factura": bill(), "consumos": used("17", "16"), "hecho_at": NOW.isoformat()}
    assert draw["factura"](content) == draw["factura"](content)


CHARTS = [
    used("46", "23", "22", "22", "23", "20"),
    used("1234.5", *["1350.25"] * 10, servicio="energia", unidad="kWh", causa="El medidor no se pudo leer"),
    used("0"),
    used("0", "0"),
    used("999999999", "1"),
]


@pytest.mark.parametrize("consumos", CHARTS)
def test_a_chart_is_light_and_brings_its_own_background(draw, consumos):
    png = draw["grafica"]({"consumos": consumos})
    picture = Image.open(io.BytesIO(png))
    assert len(png) <= 60_000
    assert picture.format == "PNG"
    assert (picture.width, picture.height) == (720, 540)
    card = picture.convert("RGBA")
    assert card.getpixel((0, 0))[3] == 0
    assert min(card.getpixel((360, 110))) >= 250


def test_the_newest_bar_is_as_tall_as_its_share_of_the_tallest(draw):
    """Counted in pixels: half the consumption is half the bar."""

    def height(png: bytes) -> int:
        newest = Image.open(io.BytesIO(png)).convert("RGBA").convert("RGB")
        dark = (11, 92, 158)
        return max(
            sum(all(abs(a - b) < 12 for a, b in zip(newest.getpixel((x, y)), dark, strict=True)) for y in range(540))
            for x in range(0, 720, 5)
        )

    whole = height(draw["grafica"]({"consumos": used("40", "40")}))
    half = height(draw["grafica"]({"consumos": used("20", "40")}))
    assert whole == pytest.approx(252, abs=6)
    assert half == pytest.approx(whole / 2, abs=6)


async def test_a_paper_is_only_for_the_talk_that_asked_for_it(database: Database, tmp_path: Path, draw):
    content = {"consumos": used("20", "18")}
    database.write_now(lambda uow: uow.papers.add(PaperRecord("doc_1", "grafica", "c_mine", content, NOW)))
    kept = database.read_now(lambda uow: uow.papers.get("doc_1"))
    assert kept is not None
    assert kept.content == content
    files = FileStore(tmp_path / "files", database.keyring)
    room = DocumentRoom(
        make_drawers(database, files, constancia=lambda record: b"", agreement=lambda record: b"", papers=draw)
    )
    mine = await room.of("grafica:doc_1", "c_mine")
    assert mine is not None
    assert (mine.name, mine.mime, mine.content[:4]) == ("consumo.png", "image/png", b"\x89PNG")
    assert await room.of("grafica:doc_1", "c_other") is None
    # The kind is part of the name: a chart is not to be had as a bill.
    assert await room.of("factura:doc_1", "c_mine") is None
    assert await room.of("grafica:doc_2", "c_mine") is None
    with pytest.raises(LookupError):
        await room.get("../../etc/passwd")
