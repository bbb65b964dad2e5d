/* Página del código QR: el radicado y el código llegan tras el #, que nunca viaja al servidor, y van en el cuerpo. */
(function () {
  'use strict';
  const texts = JSON.parse(document.body.getAttribute('data-ajustes'));
  const $ = (id) => document.getElementById(id);
  const fields = ['radicado', 'tipo', 'servicio', 'estado', 'radicado_at', 'vence_on', 'respondido_at', 'respuesta', 'anexos', 'requiere'];
  const coded = ['tipo', 'servicio', 'estado'];

  function fromFragment() {
    const rest = decodeURIComponent(location.hash.slice(1));
    if (!rest) return null;
    const values = new URLSearchParams(rest);
    const pair = rest.split(/[.,;:/]/);
    const radicado = values.get('radicado') || values.get('r') || (pair.length === 2 ? pair[0] : '');
    const codigo = values.get('codigo') || values.get('c') || (pair.length === 2 ? pair[1] : '');
    return radicado && codigo ? { radicado: radicado, codigo: codigo } : null;
  }

  function readable(name, value) {
    if (value === '' || value === null || value === undefined || (name === 'anexos' && !value)) return '';
    if (coded.indexOf(name) >= 0) {
      const plain = String(value).toLowerCase();
      return texts.etiquetas[plain] || plain.charAt(0).toUpperCase() + plain.slice(1).replace(/_/g, ' ');
    }
    if (name === 'vence_on') return day(new Date(value + 'T12:00:00-05:00'));
    if (name === 'radicado_at' || name === 'respondido_at') return day(new Date(value), true);
    return String(value);
  }

  function day(date, withHour) {
    if (isNaN(date)) return '';
    const options = { timeZone: 'America/Bogota', weekday: 'long', year: 'numeric', month: 'long', day: 'numeric' };
    if (withHour) { options.hour = 'numeric'; options.minute = '2-digit'; }
    return date.toLocaleString('es-CO', options);
  }

  function show(found) {
    const list = $('ficha');
    list.textContent = '';
    fields.forEach((name) => {
      const value = readable(name, found[name]);
      if (!value) return;
      const term = document.createElement('dt');
      const detail = document.createElement('dd');
      term.textContent = texts[name];
      detail.textContent = value;
      list.appendChild(term);
      list.appendChild(detail);
    });
    $('consulta').hidden = true;
    list.hidden = false;
    $('otro').hidden = false;
    list.focus();
  }

  async function ask(radicado, codigo) {
    $('error').hidden = true;
    $('estado').textContent = texts.buscando;
    try {
      const answer = await fetch('/constancia/api/consulta', {
        method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ radicado: radicado, codigo: codigo })
      });
      const document_ = await answer.json();
      if (!answer.ok) throw new Error(document_.error);
      $('estado').textContent = texts.encontrado;
      show(document_);
    } catch (error) {
      $('estado').textContent = '';
      $('error').textContent = error instanceof TypeError || !error.message ? texts.problema : error.message;
      $('error').hidden = false;
    }
  }

  $('consulta').addEventListener('submit', (event) => {
    event.preventDefault();
    ask($('radicado').value.trim(), $('codigo').value.trim());
  });
  $('otro').addEventListener('click', () => {
    $('ficha').hidden = true;
    $('otro').hidden = true;
    $('consulta').hidden = false;
    $('estado').textContent = '';
    $('codigo').value = '';
    $('radicado').focus();
  });

  function begin() {
    const known = fromFragment();
    if (!known) return;
    // El código no debe quedar en el historial de un equipo prestado.
    history.replaceState(null, '', location.pathname);
    $('radicado').value = known.radicado;
    $('codigo').value = known.codigo;
    ask(known.radicado, known.codigo);
  }
  window.addEventListener('hashchange', begin);
  begin();
})();
