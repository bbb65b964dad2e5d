"""Everybody can use the page: names, roles, contrast, sizes, zoom, motion; and the widget on somebody else's site."""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bot.web.theme import contrast, ink_on, readable_on, theme_css
from tests.support.settings import make_settings
from tests.web.axe import violations
from tests.web.fakes import WISHES_LINK
from tests.web.live import ARGUMENTS, CHROMIUM, LiveServer, free_port

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine: apt-get install chromium")

#: Every piece of visible text with its colour and the colour it really stands on.
TEXTS = """() => {
  const solid = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = getComputedStyle(at).backgroundColor;
      const parts = color.match(/[\\d.]+/g).map(Number);
      if (parts.length === 3 || parts[3] === 1) return parts.slice(0, 3);
    }
    return [255, 255, 255];
  };
  const found = [];
  document.querySelectorAll('body *').forEach((element) => {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    if (!own || box.width < 2 || style.visibility === 'hidden') return;
    const ink = style.color.match(/[\\d.]+/g).map(Number).slice(0, 3);
    found.push([element.textContent.trim().slice(0, 40), ink, solid(element)]);
  });
  return found;
}"""

#: Everything that can be pressed, with its name as a screen reader would say it.
CONTROLS = """() => [...document.querySelectorAll('a[href], button, input, textarea, summary')]
  .filter((element) => element.offsetParent && !element.closest('[aria-hidden=true]'))
  .map((element) => {
    const box = element.getBoundingClientRect();
    const label = element.id && document.querySelector('label[for=' + element.id + ']');
    const name = element.getAttribute('aria-label') || (label && label.textContent) || element.textContent;
    return {name: name.trim(), tag: element.tagName, classes: element.className, width: box.width, height: box.height,
            inline: element.tagName === 'A' && getComputedStyle(element).display === 'inline'};
  })"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def site_port() -> int:
    return free_port()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, site_port: int) -> Iterator[LiveServer]:
    live = LiveServer(make_settings(tmp_path_factory.mktemp("web")), origenes=(f"http://localhost:{site_port}",))
    live.start()
    live.house.outages.append({"servicio": "agua", "sector": "El Prado", "mensaje": "Daño en la tubería.", "hasta": ""})
    yield live
    live.stop()


def talk(browser: Browser, server: LiveServer, **options: Any) -> Page:
    """Open the chat with one of everything on it: bubbles of all kinds, a menu, an error, an outage."""
    context = browser.new_context(locale="es-CO", timezone_id="America/Bogota", **options)
    context.set_default_timeout(8_000)
    page = context.new_page()
    page.goto(server.url + "/")
    page.fill("#texto", "vea https://empresa.example")
    page.press("#texto", "Enter")
    page.wait_for_selector("text=Usted escribió: vea")
    server.call(server.house.echo.say, server.house.echo.accepted[-1].address.key, {"text": "Soy Ana."}, "staff")
    page.wait_for_selector("text=Soy Ana.")
    page.set_input_files("#archivo", {"name": "x.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 x"})
    page.wait_for_selector("button:has-text('Descargar constancia.pdf')")
    page.route("**/chat/api/messages", lambda route: route.fulfill(status=400, json={"error": "No.", "code": "x"}))
    page.fill("#texto", "falla")
    page.press("#texto", "Enter")
    page.wait_for_selector("text=Reintentar")
    page.unroute("**/chat/api/messages")
    page.fill("#texto", "menú")
    page.press("#texto", "Enter")
    page.wait_for_selector(".opcion >> text=Acueducto")
    page.evaluate("document.getElementById('error').hidden = false")
    page.evaluate("document.getElementById('error').textContent = 'Un error de prueba'")
    page.evaluate("document.querySelector('#cortes details').open = true")
    return page


@needs_chromium
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_every_text_can_be_read_and_every_control_has_a_name_and_a_size(
    browser: Browser, server: LiveServer, width: int, scheme: Any
) -> None:
    page = talk(browser, server, viewport={"width": width, "height": 800}, color_scheme=scheme)
    for text, ink, ground in page.evaluate(TEXTS):
        ratio = contrast(*("#" + "".join(f"{int(part):02x}" for part in color) for color in (ink, ground)))
        assert ratio >= 4.5, (text, ink, ground, ratio)
    controls = page.evaluate(CONTROLS)
    assert len(controls) >= 14
    for control in controls:
        assert control["name"], control
        if not control["inline"]:
            assert control["height"] >= 24, control
            assert control["width"] >= 24, control
        if control["tag"] in {"BUTTON", "TEXTAREA"} and "enlace" not in control["classes"]:
            assert control["height"] >= 44, control
    assert violations(page) == []
    page.context.close()


@needs_chromium
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_first_sight_and_the_other_pages_break_no_rule_of_accessibility(
    browser: Browser, server: LiveServer, width: int, scheme: Any
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    for path in ("/", "/constancia", f"/preferencias/{WISHES_LINK}", "/preferencias/otro"):
        page.goto(server.url + path)
        assert violations(page) == [], path
    page.close()


@needs_chromium
def test_the_page_says_what_its_parts_are(browser: Browser, server: LiveServer) -> None:
    page = talk(browser, server, viewport={"width": 360, "height": 720})
    assert page.get_attribute("html", "lang") == "es-CO"
    assert page.locator("h1").count() == 1
    assert page.locator("main, header").count() == 2
    assert page.get_attribute("#charla", "aria-live") == "polite"
    assert page.get_by_role("log", name="Conversación").count() == 1
    assert page.get_by_role("group", name="Elija una opción").count() >= 1
    assert page.get_by_role("textbox", name="Escriba su mensaje").get_attribute("aria-describedby") == "error"
    assert page.get_by_role("alert").inner_text() == "Un error de prueba"
    assert page.get_by_role("link", name="Llamar al 606 000 0000").get_attribute("href") == "tel:6060000000"
    for row in page.locator(".fila:has(.globo):visible").all():
        spoken = row.locator(".globo .oculto").inner_text()
        assert spoken.endswith("dijo:")
    page.context.close()


@needs_chromium
def test_history_is_not_read_aloud_when_the_page_opens(browser: Browser, server: LiveServer) -> None:
    page = talk(browser, server)
    page.add_init_script(
        """document.addEventListener('DOMContentLoaded', () => {
          const log = document.getElementById('charla');
          window.loud = 0;
          new MutationObserver(() => { if (log.getAttribute('aria-live') !== 'off') window.loud += 1; })
            .observe(log, {childList: true});
        })"""
    )
    page.reload()
    page.wait_for_selector("text=Soy Ana.")
    assert page.evaluate("window.loud") == 0
    page.wait_for_function("() => document.getElementById('charla').getAttribute('aria-live') === 'polite'")
    page.context.close()


@needs_chromium
@pytest.mark.parametrize(("width", "height"), [(320, 568), (640, 360)])
def test_nothing_is_cut_at_320_pixels_or_at_double_zoom(
    browser: Browser, server: LiveServer, width: int, height: int
) -> None:
    page = talk(browser, server, viewport={"width": width, "height": height})
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    box = page.locator("#texto").bounding_box()
    log = page.locator("#charla").bounding_box()
    assert box is not None
    assert log is not None
    assert box["y"] + box["height"] <= height
    assert log["height"] >= 60
    page.context.close()


#: What is cut or sticks out of the window, and which parts of the page lie on each other.
CUT = """() => {
  const shown = [...document.querySelectorAll('.cabeza *, .cortes summary *, .escribir *, .opcion, .globo')]
    .filter((e) => e.getClientRects().length && !e.closest('.oculto, svg') && e.getBoundingClientRect().width > 2);
  const cut = shown.filter((e) => e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 2
      || e.getBoundingClientRect().right > innerWidth + 1).map((e) => e.outerHTML.slice(0, 80));
  const parts = ['.cabeza', '.cortes', '.medio', '.escribir'].map((n) => document.querySelector(n).getBoundingClientRect());
  parts.forEach((box, at) => { if (at && box.top < parts[at - 1].bottom - 1) cut.push('overlap ' + at); });
  if (parts[3].bottom > innerHeight + 1) cut.push('below the window');
  const text = document.getElementById('texto');
  if (text.scrollHeight > text.clientHeight + 1) cut.push('texto');
  return cut;
}"""


@needs_chromium
@pytest.mark.parametrize("size", [(320, 568), (360, 640), (1280, 800)])
@pytest.mark.parametrize("zoom", [100, 150, 200])
def test_large_letters_are_not_cut(browser: Browser, server: LiveServer, size: tuple[int, int], zoom: int) -> None:
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="es-CO")
    context.set_default_timeout(8_000)
    page = context.new_page()
    page.goto(server.url + "/")
    page.evaluate(f"document.documentElement.style.fontSize = '{zoom}%'")
    page.wait_for_selector("#cortes:visible")
    assert page.evaluate(CUT) == []
    page.fill("#texto", "menú")
    page.press("#texto", "Enter")
    page.wait_for_selector(".opcion >> text=Acueducto")
    assert page.evaluate(CUT) == []
    assert page.evaluate("[document.documentElement.scrollWidth, scrollY]") == [size[0], 0]
    log, emergency = page.locator("#charla").bounding_box(), page.locator(".sos").bounding_box()
    assert log is not None
    assert emergency is not None
    assert log["height"] >= 130
    assert min(emergency["width"], emergency["height"]) >= 44
    page.keyboard.press("Escape")
    page.locator(".saltar").focus()
    assert page.evaluate(CUT) == []
    context.close()


@needs_chromium
def test_nothing_moves_for_those_who_ask_for_stillness(browser: Browser, server: LiveServer) -> None:
    page = talk(browser, server, reduced_motion="reduce")
    page.evaluate("document.getElementById('puntos').hidden = false")
    assert page.evaluate("document.getAnimations().length") == 0
    page.context.close()


@pytest.mark.parametrize("color", ["#0b6e4f", "#ffdd00", "#111111", "#ffffff", "#7a7a7a", "#e4002b", "#00aaff"])
def test_any_colour_of_the_utility_can_be_read(color: str) -> None:
    assert contrast(color, ink_on(color)) >= 4.5
    for ground in ("#f3f6f5", "#ffffff", "#121816", "#1e2724"):
        if contrast(readable_on(color, ground), ground) < 4.5:
            pytest.fail(f"{color} on {ground}")
    assert color in theme_css(color)


class _Site(http.server.BaseHTTPRequestHandler):
    """A page of somebody else that embeds the widget with one line, under a strict policy of its own."""

    def __init__(self, url: str, *arguments: Any) -> None:
        self._url = url
        super().__init__(*arguments)

    def do_GET(self) -> None:
        body = (
            "<!doctype html><html lang=es><title>Sitio</title><main><h1>Sitio</h1><a id=antes href='#'>antes</a></main>"
            f"<script async src='{self._url}/widget.js'></script>"
        ).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        policy = f"default-src 'none'; script-src {self._url}; frame-src {self._url}"
        self.send_header("Content-Security-Policy", policy)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def site(server: LiveServer, site_port: int) -> Iterator[str]:
    handler = functools.partial(_Site, server.url)
    with http.server.ThreadingHTTPServer(("127.0.0.1", site_port), handler) as running:
        thread = threading.Thread(target=running.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield f"http://localhost:{site_port}/"
        running.shutdown()
        thread.join()


@needs_chromium
@pytest.mark.parametrize("size", [(360, 720), (1280, 800)])
def test_one_line_embeds_the_chat_and_escape_closes_it(browser: Browser, site: str, size: tuple[int, int]) -> None:
    page = browser.new_page(viewport={"width": size[0], "height": size[1]})
    page.set_default_timeout(8_000)
    troubles: list[str] = []
    page.on("console", lambda said: troubles.append(said.text) if said.type == "error" else None)
    page.goto(site)
    launcher = page.get_by_role("button", name="Atención en línea")
    assert launcher.get_attribute("aria-expanded") == "false"
    assert page.locator("iframe").count() == 0
    launcher.focus()
    page.keyboard.press("Enter")
    frame = page.frame_locator("iframe")
    frame.locator("#bienvenida").wait_for()
    assert page.locator("[aria-expanded=true]").count() == 1
    assert violations(page) == []
    assert page.get_by_role("dialog", name="Atención en línea").is_visible()
    frame.locator("#texto:focus").wait_for()
    page.keyboard.type("desde otro sitio")
    page.keyboard.press("Enter")
    frame.locator("text=Usted escribió: desde otro sitio").wait_for()
    page.keyboard.press("Escape")
    page.wait_for_function("() => document.activeElement.getAttribute('aria-expanded') === 'false'")
    assert not page.locator("iframe").is_visible()
    page.keyboard.press("Enter")
    frame.locator("#cerrar").click()
    page.wait_for_function("() => document.activeElement.getAttribute('aria-expanded') === 'false'")
    assert [text for text in troubles if "favicon" not in text and "404" not in text] == []
    page.close()


@needs_chromium
def test_a_site_that_is_not_allowed_cannot_frame_the_chat(browser: Browser, site: str) -> None:
    page = browser.new_page()
    page.set_default_timeout(8_000)
    refused: list[str] = []
    page.on("console", lambda said: refused.append(said.text) if "frame-ancestors" in said.text else None)
    page.goto(site.replace("localhost", "127.0.0.1"))
    page.get_by_role("button", name="Atención en línea").click()
    page.wait_for_timeout(300)
    assert refused
    page.close()


def test_what_a_phone_downloads_weighs_little(server: LiveServer) -> None:
    import gzip

    import httpx

    sizes = {}
    with httpx.Client(base_url=server.url, headers={"Accept-Encoding": "gzip"}) as client:
        scripts = [f"/chat/static/{name}.js" for name in ("equipo", "globos", "cortes", "red", "chat")]
        for path in ("/chat", *scripts, "/chat/static/chat.css", "/chat/static/tema.css", "/widget.js"):
            with client.stream("GET", path) as answer:
                assert answer.headers["content-encoding"] == "gzip"
                packed = b"".join(answer.iter_raw())
            assert gzip.decompress(packed)
            sizes[path] = len(packed)
    print(f"\nbytes with gzip: {sizes}, together {sum(sizes.values())}")  # noqa: T201 - the figure is the point
    assert sum(sizes.values()) <= 20_000


def test_the_page_uses_only_what_old_phones_know() -> None:
    import bot.channels.webchat

    for path in Path(bot.channels.webchat.__file__).with_name("static").glob("*.js"):
        text = path.read_text(encoding="utf-8")
        for newer in (
            "?.",
            " ?? ",
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "eval(",
            ".at(-",
            "replaceAll(",
            "document.write",
        ):
            assert newer not in text, (path.name, newer)
