"""The chat in a real browser on bad days: no network, restarts, blocked sockets, keyboards and hostile words."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.settings import make_settings
from tests.web.live import CHROMIUM, LiveServer
from tests.web.pages import bubbles, wait_for, write

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine: apt-get install chromium")


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
