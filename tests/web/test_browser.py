"""The chat in a real browser, as a person uses it: bad networks, restarts, keyboards and all."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from tests.support.settings import make_settings
from tests.web.live import ARGUMENTS, CHROMIUM, LiveServer

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine: apt-get install chromium")

WAIT_MS = 8_000


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    live = LiveServer(make_settings(tmp_path_factory.mktemp("web")))
    live.start()
    yield live
    live.stop()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    opened = browser.new_context(viewport={"width": 360, "height": 720}, locale="es-CO", timezone_id="America/Bogota")
    opened.set_default_timeout(WAIT_MS)
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext, server: LiveServer) -> Iterator[Page]:
    opened = context.new_page()
    troubles: list[str] = []
    opened.on("pageerror", lambda error: troubles.append(str(error)))
    opened.on("console", lambda said: troubles.append(said.text) if "Content Security Policy" in said.text else None)
    opened.goto(server.url + "/")
    yield opened
    assert troubles == []


def write(page: Page, text: str) -> None:
    page.fill("#texto", text)
    page.press("#texto", "Enter")


def bubbles(page: Page) -> list[str]:
    """Return what is said in the conversation, in order, without the words for screen readers."""
    script = "rows => rows.filter(r => r.offsetParent).map(r => [...r.querySelectorAll('.globo p')].map(p => p.textContent).join('|'))"
    said: list[str] = page.eval_on_selector_all(".fila:not(#bienvenida):not(#puntos)", script)
    return said


def wait_for(page: Page, *texts: str) -> None:
    """Wait until the conversation is exactly ``texts``."""
    page.wait_for_function(
        """texts => JSON.stringify([...document.querySelectorAll('.fila:not(#bienvenida):not(#puntos)')]
            .map(r => [...r.querySelectorAll('.globo p')].map(p => p.textContent).join('|'))) === texts""",
        arg=json.dumps(list(texts), ensure_ascii=False, separators=(",", ":")),
    )


def test_a_conversation_survives_a_reload_and_shows_nothing_twice(page: Page) -> None:
    assert page.locator("#bienvenida").is_visible()
    write(page, "hola")
    wait_for(page, "hola", "Usted escribió: hola")
    write(page, "¿cuándo llega el agua?")
    all_of_it = ("hola", "Usted escribió: hola", "¿cuándo llega el agua?", "Usted escribió: ¿cuándo llega el agua?")
    wait_for(page, *all_of_it)
    page.fill("#texto", "a medio escribir")
    page.reload()
    wait_for(page, *all_of_it)
    assert page.input_value("#texto") == "a medio escribir"
    assert not page.locator("#bienvenida").is_visible()


def test_what_is_written_without_network_leaves_when_it_returns(page: Page, context: BrowserContext) -> None:
    write(page, "uno")
    wait_for(page, "uno", "Usted escribió: uno")
    context.set_offline(True)
    page.wait_for_function("() => document.getElementById('conexion').textContent.startsWith('Sin conexión')")
    write(page, "dos")
    write(page, "tres")
    page.wait_for_selector("text=Se enviará cuando vuelva la conexión")
    context.set_offline(False)
    wait_for(page, "uno", "Usted escribió: uno", "dos", "Usted escribió: dos", "tres", "Usted escribió: tres")
    assert page.inner_text("#conexion") == "Conectado"


def test_what_is_written_without_network_survives_closing_the_page(
    page: Page, context: BrowserContext, server: LiveServer
) -> None:
    write(page, "uno")
    wait_for(page, "uno", "Usted escribió: uno")
    context.set_offline(True)
    write(page, "dos")
    page.wait_for_selector("text=dos")
    page.close()
    context.set_offline(False)
    other = context.new_page()
    other.goto(server.url + "/")
    wait_for(other, "uno", "Usted escribió: uno", "dos", "Usted escribió: dos")


def test_a_restart_of_the_server_loses_nothing(context: BrowserContext, tmp_path: Path) -> None:
    live = LiveServer(make_settings(tmp_path))
    live.start()
    page = context.new_page()
    page.goto(live.url + "/")
    write(page, "antes")
    wait_for(page, "antes", "Usted escribió: antes")
    live.stop()
    write(page, "durante")
    page.wait_for_selector(".pie-globo:has-text('Se enviará cuando vuelva la conexión')")
    live.start()
    wait_for(page, "antes", "Usted escribió: antes", "durante", "Usted escribió: durante")
    write(page, "después")
    page.wait_for_selector("text=Usted escribió: después")
    assert len(live.house.echo.accepted) == 2
    live.stop()


def test_a_lost_acknowledgement_is_repeated_without_a_second_message(page: Page, server: LiveServer) -> None:
    tries: list[str] = []

    def lose_first(route: Any) -> None:
        tries.append(route.request.post_data_json["client_msg_id"])
        if len(tries) == 1:
            route.fetch()
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/chat/api/messages", lose_first)
    write(page, "una sola vez")
    wait_for(page, "una sola vez", "Usted escribió: una sola vez")
    page.wait_for_function("() => Object.keys(localStorage).every(k => !k.startsWith('atiende.envio.'))")
    assert len(set(tries)) == 1


def test_a_refused_message_can_be_tried_again_or_dropped(page: Page) -> None:
    answer = {"status": 400, "json": {"error": "El mensaje llegó vacío.", "code": "mensaje_vacio"}}
    page.route("**/chat/api/messages", lambda route: route.fulfill(**answer))
    write(page, "primero")
    write(page, "segundo")
    page.wait_for_selector("text=No se envió. El mensaje llegó vacío.")
    page.wait_for_function("() => document.querySelectorAll('.pie-globo.mal').length === 2")
    page.unroute("**/chat/api/messages")
    page.click("button:has-text('Reintentar') >> nth=0")
    page.click("button:has-text('Descartar') >> nth=-1")
    page.wait_for_selector("text=Usted escribió: primero")
    assert "segundo" not in bubbles(page)


def test_the_chat_works_where_sockets_are_blocked(context: BrowserContext, server: LiveServer) -> None:
    page = context.new_page()
    page.add_init_script("delete window.WebSocket")
    page.goto(server.url + "/")
    write(page, "sin sockets")
    wait_for(page, "sin sockets", "Usted escribió: sin sockets")
    conversation_id = server.house.echo.accepted[-1].address.key
    server.call(server.house.echo.say, conversation_id, {"text": "Aviso por espera larga."})
    page.wait_for_selector("text=Aviso por espera larga.")


def test_after_three_failed_sockets_the_page_polls(context: BrowserContext, server: LiveServer) -> None:
    page = context.new_page()
    opened: list[str] = []

    def refuse(socket: Any) -> None:
        opened.append(socket.url)
        socket.close()

    page.route_web_socket("**/chat/api/ws", refuse)
    page.goto(server.url + "/")
    write(page, "hola")
    wait_for(page, "hola", "Usted escribió: hola")
    assert len(opened) <= 3


def test_two_windows_show_the_same_conversation_once(page: Page, context: BrowserContext, server: LiveServer) -> None:
    write(page, "desde una")
    wait_for(page, "desde una", "Usted escribió: desde una")
    other = context.new_page()
    other.goto(server.url + "/")
    wait_for(other, "desde una", "Usted escribió: desde una")
    write(other, "desde otra")
    for window in (page, other):
        wait_for(window, "desde una", "Usted escribió: desde una", "desde otra", "Usted escribió: desde otra")


def test_two_windows_opened_before_anything_was_said_share_one_conversation(
    page: Page, context: BrowserContext, server: LiveServer
) -> None:
    other = context.new_page()
    other.goto(server.url + "/")
    write(page, "desde una")
    wait_for(page, "desde una", "Usted escribió: desde una")
    write(other, "desde otra")
    for window in (page, other):
        wait_for(window, "desde una", "Usted escribió: desde una", "desde otra", "Usted escribió: desde otra")


def test_an_expired_session_starts_a_new_one_and_the_message_arrives(page: Page, server: LiveServer) -> None:
    page.evaluate("localStorage.setItem('atiende.sesion', 'x'.repeat(43))")
    page.reload()
    page.wait_for_selector("text=Su conversación anterior venció")
    write(page, "sigo aquí")
    page.wait_for_selector("text=Usted escribió: sigo aquí")


def test_everything_can_be_done_with_the_keyboard_alone(page: Page, server: LiveServer) -> None:
    visited: list[str] = []
    for _ in range(16):
        page.keyboard.press("Tab")
        visited.append(page.evaluate("document.activeElement.id || document.activeElement.textContent.trim()"))
    for wanted in ("persona", "charla", "adjuntar", "ubicar", "texto", "enviar", "Consultar un radicado", "borrar"):
        assert wanted in visited, visited
    page.focus("#texto")
    page.keyboard.type("menú")
    page.keyboard.press("Enter")
    page.wait_for_selector(".opcion >> text=Acueducto")
    page.keyboard.press("Shift+Tab")
    while page.evaluate("!document.activeElement.classList.contains('opcion')"):
        page.keyboard.press("Shift+Tab")
    for _ in range(2):
        page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.textContent") == "Acueducto"
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Usted eligió Acueducto.")
    assert page.evaluate("document.activeElement.id") == "texto"
    assert server.house.echo.accepted[-1].token == "o1-1"


def test_only_the_last_menu_can_be_pressed_and_links_are_safe(page: Page) -> None:
    write(page, "menú")
    page.wait_for_selector(".opcion >> text=Acueducto")
    group = page.locator(".opciones[role=group]").last
    assert group.get_attribute("aria-label") == "Elija una opción"
    assert group.locator("button").count() == 2
    assert group.locator("a").get_attribute("href") == "https://empresa.example/oficinas"
    assert page.locator("text=Trampa").count() == 0
    write(page, "1")
    page.wait_for_selector("text=Usted escribió: 1")
    assert page.locator("button.opcion:visible").count() == 0


def test_nothing_that_is_written_becomes_code(page: Page) -> None:
    nasty = '<img src=x onerror="window.roto=1"> <script>window.roto=1</script> javascript:window.roto=1 https://a.example/"><b>'
    write(page, nasty)
    wait_for(page, nasty, "Usted escribió: " + nasty)
    assert page.evaluate("window.roto") is None
    assert page.locator(".globo img, .globo script, .globo b").count() == 0
    assert page.locator(".globo a").first.get_attribute("href") == "https://a.example/"


def test_our_own_emphasis_is_shown_and_theirs_is_left_alone(page: Page, server: LiveServer) -> None:
    write(page, "2 **3** 4")
    wait_for(page, "2 **3** 4", "Usted escribió: 2 3 4")
    assert page.locator(".globo strong").all_inner_texts() == ["3"]


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
    page.click("button:has-text('Ver la foto')")
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
