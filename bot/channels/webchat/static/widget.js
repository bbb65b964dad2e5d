/* Botón y panel de chat para cualquier página: <script async src="https://…/widget.js"></script> */
(function () {
  'use strict';
  var script = document.currentScript;
  if (!script || window.atiendeWidget) return;
  var origin = new URL(script.src).origin;
  var settings = '__AJUSTES__'; // lo pone el servidor: color, nombre y frases de la configuración
  var color = settings.color, title = settings.nombre, texts = settings.textos;
  var left = script.getAttribute('data-lado') === 'izquierda';
  var panel = null, frame = null, isOpen = false, unread = 0;

  function style(element, rules) {
    // Reglas puestas una a una: la política de seguridad de la página anfitriona puede prohibir hojas y atributos.
    element.style.setProperty('all', 'initial');
    Object.keys(rules).forEach(function (name) { element.style.setProperty(name, rules[name]); });
  }

  var button = document.createElement('button');
  button.type = 'button';
  button.setAttribute('aria-expanded', 'false');
  button.setAttribute('aria-controls', 'atiende-panel');
  button.setAttribute('aria-haspopup', 'dialog');
  var base = {
    'position': 'fixed', 'z-index': '2147483000', 'bottom': '20px', 'box-sizing': 'border-box', 'min-width': '60px', 'height': '60px',
    'padding': '0 22px', 'border': '2px solid #fff', 'border-radius': '30px', 'background': color, 'color': ink(color), 'cursor': 'pointer',
    'font': '600 17px/1.2 system-ui, sans-serif', 'box-shadow': '0 4px 16px rgba(0,0,0,.35)'
  };
  base[left ? 'left' : 'right'] = '20px';
  style(button, base);
  button.addEventListener('focus', function () {
    if (button.matches(':focus-visible')) { button.style.setProperty('outline', '3px solid #101614'); button.style.setProperty('outline-offset', '3px'); }
  });
  button.addEventListener('blur', function () { button.style.setProperty('outline', 'none'); });
  button.addEventListener('click', function () { if (isOpen) close(true); else open(); });

  function ink(hex) {
    var parts = [1, 3, 5].map(function (at) {
      var part = parseInt(hex.substr(at, 2), 16) / 255;
      return part <= 0.04045 ? part / 12.92 : Math.pow((part + 0.055) / 1.055, 2.4);
    });
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2] > 0.18 ? '#000' : '#fff';
  }

  function paint() {
    var words = isOpen ? texts.cerrar : title;
    button.textContent = (isOpen ? '✕ ' : '') + words + (unread && !isOpen ? ' (' + unread + ')' : '');
    button.setAttribute('aria-label', words + (unread && !isOpen ? ', ' + unread + ' ' + (unread === 1 ? texts.nuevo : texts.nuevos) : ''));
    button.setAttribute('aria-expanded', String(isOpen));
  }

  function small() { return window.matchMedia('(max-width: 520px), (max-height: 480px)').matches; }

  function place() {
    if (!panel) return;
    var rules = { 'position': 'fixed', 'z-index': '2147483001', 'box-sizing': 'border-box', 'overflow': 'hidden', 'background': '#fff', 'display': isOpen ? 'block' : 'none' };
    if (small()) {
      rules.top = '0'; rules.left = '0'; rules.width = '100%'; rules.height = '100%';
    } else {
      rules[left ? 'left' : 'right'] = '20px';
      rules.bottom = '92px'; rules.width = '400px'; rules['max-width'] = 'calc(100% - 40px)';
      rules.height = '640px'; rules['max-height'] = 'calc(100% - 112px)';
      rules.border = '1px solid #75827c'; rules['border-radius'] = '18px'; rules['box-shadow'] = '0 8px 32px rgba(0,0,0,.35)';
    }
    style(panel, rules);
    style(frame, { 'display': 'block', 'border': '0', 'width': '100%', 'height': '100%' });
  }

  function build() {
    panel = document.createElement('div');
    panel.id = 'atiende-panel';
    panel.setAttribute('role', 'dialog');
    panel.setAttribute('aria-label', title);
    frame = document.createElement('iframe');
    frame.title = title;
    frame.src = origin + '/chat';
    frame.allow = 'geolocation; camera';
    frame.addEventListener('load', function () { tell('hola'); if (isOpen) tell('abrir'); });
    panel.appendChild(frame);
    document.body.appendChild(panel);
  }

  function tell(what) { if (frame && frame.contentWindow) frame.contentWindow.postMessage({ atiende: what }, origin); }

  function open() {
    isOpen = true; unread = 0;
    if (!panel) build(); else tell('abrir');
    place(); paint();
    frame.focus();
  }

  function close(back) {
    isOpen = false;
    place(); paint(); tell('cerrado');
    if (back) button.focus();
  }

  window.addEventListener('message', function (event) {
    if (!frame || event.origin !== origin || event.source !== frame.contentWindow || !event.data) return;
    if (event.data.atiende === 'cerrar') close(true);
    if (event.data.atiende === 'nuevo' && !isOpen) { unread += 1; paint(); }
  });
  document.addEventListener('keydown', function (event) { if (event.key === 'Escape' && isOpen) close(true); });
  // En pantallas pequeñas el panel tapa la página: si el foco sale de él, se cierra para no esconder lo enfocado.
  document.addEventListener('focusin', function (event) {
    if (isOpen && small() && event.target !== frame && event.target !== button) close(false);
  });
  window.addEventListener('resize', place);
  window.atiendeWidget = { abrir: open, cerrar: function () { close(true); } };

  function start() { document.body.appendChild(button); paint(); }
  if (document.body) start(); else document.addEventListener('DOMContentLoaded', start);
})();
