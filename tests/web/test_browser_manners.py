"""The chat in a real browser on good days: files, places, people, menus, long answers, impatient fingers."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from tests.support.settings import make_settings
from tests.web.live import CHROMIUM, LiveServer
from tests.web.pages import bubbles, wait_for, write

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine: apt-get install chromium")


def test_a_photo_is_uploaded_and_the_constancia_comes_back(page: Page, server: LiveServer) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (60, 40), (10, 120, 80)).save(picture, "PNG")
    page.set_input_files(
        "#archivo", {"name": "fuga en la calle.png", "mimeType": "image/png", "buffer": picture.getvalue()}
    )
    page.wait_for_selector("text=Recibimos su archivo.")
    media = server.house.echo.accepted[-1].media[0]
    assert (media.kind, media.mime, media.name) == ("image", "image/png", "fuga en la calle.png")
    with page.expect_download() as download:
        page.click("button:has-text('Descargar constancia.pdf')")
    assert Path(download.value.path()).read_bytes() == b"%PDF"
    page.reload()
    page.click("button:has-text('Ver la imagen')")
    assert page.locator("img.foto").get_attribute("alt") == "fuga en la calle.png"


def test_a_file_that_is_not_welcome_says_why(page: Page) -> None:
    page.set_input_files("#archivo", {"name": "foto.jpg", "mimeType": "image/jpeg", "buffer": b"MZ" + b"\x00" * 99})
    page.wait_for_selector("text=No podemos recibir ese tipo de archivo.")


def test_the_place_is_shared_only_when_asked(page: Page, context: BrowserContext, server: LiveServer) -> None:
    context.grant_permissions(["geolocation"])
    context.set_geolocation({"latitude": 4.25, "longitude": -75.5})
    page.click("#ubicar")
    page.wait_for_selector("text=Recibimos su ubicación.")
    assert server.house.echo.accepted[-1].point == (4.25, -75.5)


def test_a_person_of_the_utility_is_told_apart(page: Page, server: LiveServer) -> None:
    page.click("#persona")
    page.wait_for_selector("text=Usted escribió: Quiero hablar con una persona")
    conversation_id = server.house.echo.accepted[-1].address.key
    server.call(server.house.echo.say, conversation_id, {"text": "Habla Ana."}, "staff")
    page.wait_for_selector("text=Le escribe una persona")
    assert "una persona, dijo:" in page.locator(".fila.persona .oculto").inner_text()


def test_a_slow_answer_shows_that_somebody_writes(page: Page, server: LiveServer) -> None:
    server.house.echo.delay_s = 0.6
    try:
        write(page, "lento")
        page.wait_for_selector("#puntos:visible")
        assert page.inner_text("#estado") == "El asistente está escribiendo"
        page.wait_for_selector("text=Usted escribió: lento")
        page.wait_for_selector("#puntos", state="hidden")
    finally:
        server.house.echo.delay_s = 0.0


def test_old_messages_are_fetched_when_asked(page: Page, server: LiveServer) -> None:
    write(page, "inicio")
    wait_for(page, "inicio", "Usted escribió: inicio")
    conversation_id = server.house.echo.accepted[-1].address.key
    for number in range(150):
        server.call(server.house.echo.say, conversation_id, {"text": f"aviso {number}"})
    page.wait_for_selector("text=aviso 149")
    page.reload()
    page.wait_for_selector("text=aviso 149")
    assert page.locator(".fila .globo:visible").count() == 100
    page.click("#anteriores")
    page.wait_for_selector("text=Usted escribió: inicio")
    assert bubbles(page) == ["inicio", "Usted escribió: inicio", *(f"aviso {number}" for number in range(150))]
    assert not page.locator("#anteriores").is_visible()


def test_outages_are_told_before_anybody_asks(context: BrowserContext, tmp_path: Path) -> None:
    live = LiveServer(make_settings(tmp_path))
    live.start()
    live.house.outages.append({"servicio": "agua", "sector": "El Prado", "mensaje": "se rompió un tubo", "hasta": ""})
    page = context.new_page()
    page.goto(live.url + "/")
    assert not page.locator("#lista-cortes").is_visible()
    page.click("summary:has-text('Cortes del servicio (1)')")
    assert page.inner_text("#lista-cortes li") == "Agua en El Prado. Se rompió un tubo."
    page.click("#quitar")
    page.reload()
    page.wait_for_selector("#bienvenida:visible")
    page.wait_for_function("() => document.getElementById('cuantos').textContent === '(1)'")
    assert not page.locator("#cortes").is_visible()
    page.close()
    live.stop()


def test_a_forgotten_chat_leaves_nothing_on_a_shared_machine(page: Page) -> None:
    write(page, "secreto")
    wait_for(page, "secreto", "Usted escribió: secreto")
    page.on("dialog", lambda dialog: dialog.accept())
    page.click("#borrar")
    page.wait_for_selector("#bienvenida:visible")
    assert page.evaluate("Object.keys(localStorage).length") == 0


def test_the_code_of_a_constancia_never_stays_in_the_address(context: BrowserContext, server: LiveServer) -> None:
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(server.url + "/constancia#r=20260010000012&c=7K3M9QXZ")
    page.wait_for_selector("dd:has-text('En trámite')")
    assert page.url == server.url + "/constancia"
    assert page.inner_text("dt:has-text('Le respondemos') + dd") == "viernes, 10 de abril de 2026"
    assert not any("7K3M9QXZ" in re.sub("#.*", "", url) for url in asked)
    page.click("#otro")
    page.fill("#radicado", "20260010000012")
    page.fill("#codigo", "0000 0000")
    page.click("button[type=submit]")
    page.wait_for_selector("#error:has-text('no coinciden')")


STATES = """() => {
  window.seen = [];
  const note = () => window.seen.push([document.getElementById('conexion').textContent, performance.now()]);
  new MutationObserver(note).observe(document.getElementById('conexion'), {childList: true, characterData: true, subtree: true});
}"""


def test_a_server_that_is_away_is_never_called_connected(context: BrowserContext, tmp_path: Path) -> None:
    live = LiveServer(make_settings(tmp_path))
    live.start()
    page = context.new_page()
    page.goto(live.url + "/")
    assert page.inner_text("#conexion") == "Escriba cuando quiera"
    write(page, "antes")
    wait_for(page, "antes", "Usted escribió: antes")
    assert page.inner_text("#conexion") == "Conectado"
    page.evaluate(STATES)
    live.stop()
    page.wait_for_function("() => document.getElementById('conexion').textContent === 'Conectando…'")
    write(page, "durante")
    page.wait_for_selector(".pie-globo:has-text('Se enviará cuando vuelva la conexión')")
    page.wait_for_function("() => document.getElementById('conexion').textContent.startsWith('Sin conexión')")
    page.wait_for_timeout(1_500)
    assert "Conectado" not in [text for text, _ in page.evaluate("window.seen")]
    live.start()
    began = page.evaluate("performance.now()")
    wait_for(page, "antes", "Usted escribió: antes", "durante", "Usted escribió: durante")
    assert page.evaluate("performance.now()") - began < 4_500
    page.wait_for_function("() => document.getElementById('conexion').textContent === 'Conectado'")
    live.stop()


def test_a_long_answer_is_read_from_its_start(context: BrowserContext, server: LiveServer) -> None:
    page = context.new_page()
    page.set_viewport_size({"width": 360, "height": 640})
    page.goto(server.url + "/")
    write(page, "hola")
    wait_for(page, "hola", "Usted escribió: hola")
    conversation_id = server.house.echo.accepted[-1].address.key
    for text in ("PUEDE SER FUGA DE GAS.", "\n".join(f"{n}) Haga esto y espere afuera." for n in range(1, 25))):
        server.call(server.house.echo.say, conversation_id, {"text": text})
    page.wait_for_selector("text=24) Haga esto")
    page.wait_for_timeout(50)
    inside = """text => { const log = document.getElementById('charla').getBoundingClientRect();
      const box = [...document.querySelectorAll('.globo')].find(b => b.textContent.includes(text)).getBoundingClientRect();
      return box.top >= log.top && box.top < log.bottom - 40; }"""
    assert page.evaluate(inside, "PUEDE SER FUGA")
    page.click("#nuevos:has-text('Siga leyendo')")
    for _ in range(6):
        if page.locator("#nuevos").is_visible():
            page.click("#nuevos")
    assert not page.locator("#nuevos").is_visible()
    page.evaluate("document.getElementById('charla').scrollTop = 0")
    page.wait_for_timeout(50)
    server.call(server.house.echo.say, conversation_id, {"text": "Otra cosa."})
    page.click("#nuevos:has-text('Mensajes nuevos')")
    write(page, "gracias")
    page.wait_for_selector("text=Usted escribió: gracias")
    assert page.evaluate(inside, "gracias")


def test_taps_meant_for_the_menu_before_do_not_choose_from_the_next(page: Page, server: LiveServer) -> None:
    # The same guard, long enough for a machine that has more to do.
    page.evaluate(
        "() => { const later = setTimeout; window.setTimeout = (f, ms) => later(f, ms === 700 ? 2000 : ms); }"
    )
    write(page, "menú")
    page.wait_for_selector(".opciones.nuevas")
    conversation_id = server.house.echo.accepted[-1].address.key
    before = len(server.house.echo.accepted)
    for _ in range(3):
        spot = page.locator("button.opcion:visible").first.bounding_box()
        assert spot is not None
        page.mouse.click(spot["x"] + 20, spot["y"] + 20)
        page.wait_for_timeout(800)
    assert len(server.house.echo.accepted) == before
    page.click("button.opcion >> text=Alcantarillado")
    page.wait_for_selector("text=Usted eligió Alcantarillado.")
    assert page.evaluate("document.activeElement.id") == "charla"
    options = [{"token": "o9-1", "label": "Sí", "hint": "", "url": None}]
    server.call(server.house.echo.say, conversation_id, {"text": "¿Seguro?", "options": options})
    page.focus("button.opcion >> text=Sí")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Usted eligió Sí.")


def test_a_suggestion_of_the_welcome_goes_straight_to_its_errand(page: Page, server: LiveServer) -> None:
    page.click("#bienvenida >> text=Radicar una petición, queja o reclamo")
    page.wait_for_selector("text=Usted escribió: /elegir_pqr")
    assert server.house.echo.accepted[-1].text == "/elegir_pqr"
    assert bubbles(page)[0] == "Radicar una petición, queja o reclamo"
    page.reload()
    page.wait_for_selector("text=Usted escribió: /elegir_pqr")
    assert bubbles(page)[0] == "Radicar una petición, queja o reclamo"


def test_every_suggestion_of_the_welcome_is_an_errand_that_exists() -> None:
    from bot.web.texts import CATALOG, load_texts

    flows = "".join(path.read_text(encoding="utf-8") for path in (CATALOG.parent / "flows").glob("*.yml"))
    for option in load_texts()["chat"]["bienvenida"]["opciones"]:
        assert f"\n  {option['envia'].removeprefix('/')}:\n" in flows, option


def test_the_assistant_speaks_again_after_a_person(page: Page, server: LiveServer) -> None:
    write(page, "hola")
    wait_for(page, "hola", "Usted escribió: hola")
    conversation_id = server.house.echo.accepted[-1].address.key
    server.call(server.house.echo.say, conversation_id, {"text": "Soy Ana."}, "staff")
    server.call(server.house.echo.say, conversation_id, {"text": "Sigue el asistente."}, "reply")
    page.wait_for_selector("text=Sigue el asistente.")
    assert page.locator(".fila.persona").count() == 1
    assert "Le escribe una persona" not in page.locator(".fila", has_text="Sigue el asistente.").inner_text()


def test_the_page_of_a_constancia_says_the_states_as_the_chat_does(context: BrowserContext, server: LiveServer) -> None:
    from bot.web.texts import load_labels

    page = context.new_page()
    page.goto(server.url + "/constancia")
    labels = load_labels()
    assert labels["notificado"] == "Respondida"
    assert json.loads(page.get_attribute("body", "data-ajustes") or "{}")["etiquetas"] == labels
    page.goto(server.url + "/constancia#r=20260010000012&c=7K3M9QXZ")
    page.wait_for_selector("dd:has-text('En trámite')")
    assert page.inner_text("dt:has-text('Servicio') + dd") == labels["agua"]
