/* Cortes: el aviso de interrupciones del servicio; en una línea, se abre si la persona quiere y se puede quitar. */
window.atiende = window.atiende || {};
window.atiende.cortes = function (settings, globos) {
  'use strict';
  const T = settings.textos, make = globos.make, store = window.atiende.equipo.store;
  const $ = (id) => document.getElementById(id);
  const SEEN = 'atiende.cortes';
  let found = [];

  /* Una interrupción que cambia (otra hora, otra causa) es otra: el aviso vuelve. */
  function version(outage) { return [outage.servicio, outage.sector, outage.hasta, outage.mensaje].join('|'); }
  function sentence(text) {
    const words = text.trim();
    return words && words.charAt(0).toUpperCase() + words.slice(1) + (/[.!?…]$/.test(words) ? '' : '.');
  }
  function when(date) {
    const day = globos.dayName(date), near = day === T.hoy || day === T.manana;
    return (date.getHours() % 12 === 1 ? T.a_la : T.a_las)
      .replace('{dia}', near ? day.toLowerCase() : T.el_dia.replace('{dia}', day)).replace('{hora}', globos.clock(date));
  }
  function show() {
    const seen = (store.get(SEEN) || '').split('\n');
    const list = $('lista-cortes');
    list.textContent = '';
    found.slice(0, 5).forEach((outage) => {
      const back = outage.hasta ? new Date(outage.hasta) : null;
      const item = make('li');
      item.appendChild(make('strong', '', sentence(T.interrupcion.replace('{servicio}', T.servicios[outage.servicio] || outage.servicio).replace('{sector}', outage.sector))));
      const rest = [sentence(outage.mensaje || '')];
      const start = outage.desde ? new Date(outage.desde) : null;
      if (start && start > new Date()) rest.push(sentence(T.empieza.replace('{cuando}', when(start))));
      if (back && !isNaN(back)) rest.push(sentence(T.vuelve.replace('{cuando}', when(back))));
      item.appendChild(document.createTextNode(' ' + rest.filter(Boolean).join(' ')));
      list.appendChild(item);
    });
    $('cuantos').textContent = '(' + found.length + ')';
    $('cortes').hidden = found.every((outage) => seen.indexOf(version(outage)) >= 0);
  }
  async function ask() {
    try {
      found = (await (await fetch('/status')).json()).interrupciones;
      show();
    } catch (e) { /* el aviso es un favor: sin red no se muestra */ }
  }
  $('quitar').addEventListener('click', () => {
    store.set(SEEN, found.map(version).join('\n'));
    show();
    $('charla').focus({ preventScroll: true });
  });
  ask();
  setInterval(ask, 300000);
};
