/* El chat: guarda primero lo que la persona escribe, lo envía cuando hay red y muestra la conversación por número de orden. */
(function () {
  'use strict';
  const settings = JSON.parse(document.body.getAttribute('data-ajustes'));
  const T = settings.textos;
  const $ = (id) => document.getElementById(id);
  const log = $('charla'), box = $('texto'), form = $('escribir');
  const OUT = 'atiende.envio.';
  const DAY = 86400000;
  const equipo = window.atiende.equipo, store = equipo.store, uuid = equipo.uuid;
  const red = window.atiende.red({
    last: () => last, opened: () => { last = 0; }, expired: expired, receive: receive, link: link,
    waiting: () => pending.some(queued), back: () => { tries = 0; flush(); }
  });
  const globos = window.atiende.globos(settings, {
    fail: fail, locate: locate, fetchFile: red.fetchFile,
    choose: (option, item) => send({ token: option.token, text: option.label, reply_to: item.seq }, option.label)
  });
  window.atiende.cortes(settings, globos);
  const make = globos.make, row = globos.row, foot = globos.foot, words = globos.words, clock = globos.clock;

  let last = -1;            // último número de orden mostrado; -1 pide lo más reciente
  let first = 0;            // primer número de orden mostrado
  let mode = 'bot';
  let pending = [];         // lo escrito que aún no aparece en la conversación, en orden
  let lastDay = '';
  let unseen = false;
  let host = '';            // origen de la página que nos muestra en un marco
  let ready = false;        // ya se mostró la historia: lo que llegue ahora se anuncia
  let away = false;         // sin conexión: lo escrito espera
  let start = null;         // primer globo de la última respuesta: se lee desde ahí
  let startAt = 0, put = 0, follows = true;

  /* ---------- mostrar ---------- */
  const queued = (m) => m.state === 'queued' || m.state === 'file';
  function below() { return log.scrollHeight - log.scrollTop - log.clientHeight; }
  /* La persona no se ha movido a leer otra cosa: sigue al final, o donde la dejamos. */
  function following() { return below() < 60 || Math.abs(log.scrollTop - put) < 4; }
  /* Al final, pero sin pasar del comienzo de la respuesta: en una pantalla pequeña lo vital va arriba. */
  function settle() {
    const top = start && start.parentNode ? start.getBoundingClientRect().top - log.getBoundingClientRect().top + log.scrollTop - 8 : Infinity;
    log.scrollTop = Math.min(log.scrollHeight, top);
    put = log.scrollTop;
    more(T.siga_leyendo);
  }
  function more(text) {
    $('nuevos').hidden = below() < 24;
    if (text) $('nuevos').firstChild.textContent = text;
  }
  function down() {
    const step = Math.min(below(), Math.max(80, log.clientHeight - 60));
    log.scrollTop += step;
    put = log.scrollTop;
    more(T.siga_leyendo);
  }
  function say(text) { $('estado').textContent = text; }
  function fail(text) { $('error').textContent = text || ''; $('error').hidden = !text; }

  function place(line, before) {
    const spot = before || (pending.find((m) => m.line && m.line.parentNode) || {}).line || $('puntos');
    log.insertBefore(line, spot);
  }

  /* Solo el último menú se puede pulsar: uno viejo contestaría otra pregunta. Los enlaces se quedan. */
  function retire() {
    const at = document.activeElement;
    const had = log.contains(at) && at.classList.contains('opcion');
    // Quien usa teclado sigue escribiendo; a quien toca la pantalla no se le abre el teclado.
    const to = had && at.matches(':focus-visible') ? box : log;
    log.querySelectorAll('.fila:not(#bienvenida) button.opcion').forEach((button) => {
      const group = button.parentNode;
      button.remove();
      if (group.firstChild) guard(group);
    });
    if (had) to.focus({ preventScroll: true });
  }
  /* Un toque para el menú anterior no debe caer en el nuevo: recién llegado no recibe toques (el teclado sí puede). */
  function guard(group) {
    clearTimeout(group.timer);
    group.classList.add('nuevas');
    group.timer = setTimeout(() => group.classList.remove('nuevas'), 700);
  }
  log.addEventListener('click', (event) => { if (event.detail) log.querySelectorAll('.nuevas').forEach(guard); });

  function markDay(at, before) {
    const name = globos.dayName(at);
    if (name === lastDay) return;
    lastDay = name;
    place(make('p', 'dia', name), before);
  }

  function draw(item, before) {
    const at = new Date(item.at);
    const mine = item.from === 'usted';
    const known = mine && item.id ? pending.findIndex((m) => m.id === item.id) : -1;
    if (!before) { if (mine || item.options) retire(); markDay(at); }
    let line;
    if (known >= 0) {
      line = pending[known].line;
      forget(pending[known]);
      if (line && pending.length && pending[0].line) log.insertBefore(line, pending[0].line);
      if (line) { foot(line, clock(at)); return; }
    }
    line = row(item.from);
    if (item.text) words(line.bubble, (mine && settings.atajos[item.text]) || item.text, !mine);
    if (item.point) globos.pin(line.bubble, item.point);
    (item.media || []).forEach((media) => { if (media.href) line.bubble.appendChild(globos.attachment(media)); });
    if (mine && !item.text && !item.point && !item.media) line.bubble.appendChild(make('p', '', '…'));
    foot(line, (item.from === 'persona' ? T.persona_nota + ' · ' : '') + clock(at));
    const group = !mine && !before && globos.options(item);
    if (group) { line.appendChild(group); if (ready) guard(group); }
    place(line, before);
    return mine ? null : line;
  }
  /* ---------- recibir ---------- */
  function receive(page) {
    const fresh = page.items.filter((item) => item.seq > last);
    const follow = !ready || following();
    if (page.items.length) $('bienvenida').hidden = true;
    if (last < 0 && fresh.length) { first = fresh[0].seq; $('anteriores').hidden = first <= 1; }
    // Lo que llega seguido es una sola respuesta y se lee desde su primer globo.
    if (fresh.length && follow && Date.now() - startAt > 3000) start = null;
    fresh.forEach((item) => {
      const line = draw(item);
      if (item.from === 'usted') start = null;
      else if (line && !start) { start = line; startAt = Date.now(); }
      last = item.seq;
      if (ready && item.from !== 'usted') noticed();
    });
    last = Math.max(last, page.last_seq);
    mode = page.mode;
    typing();
    if (follow) settle(); else if (fresh.length) more(T.mensajes_nuevos);
    // La historia no se lee en voz alta al abrir; lo que llegue después, sí.
    if (!ready) setTimeout(() => { ready = true; log.setAttribute('aria-live', 'polite'); }, 50);
  }
  function noticed() {
    if (document.hidden && !unseen) { unseen = true; document.title = '● ' + document.title; }
    tell('nuevo');
  }
  function typing() {
    const now = Date.now();
    const is = mode === 'bot' && pending.some((m) => m.state === 'sent' && now - m.sent < 30000);
    if ($('puntos').hidden !== is) return;
    const follow = following();
    $('puntos').hidden = !is;
    log.appendChild($('puntos'));
    say(is ? T.escribiendo : '');
    if (follow) settle();
    if (is) setTimeout(typing, 31000);
  }
  async function older() {
    const top = log.querySelector('.fila[data-seq], .fila:not(#bienvenida)');
    const height = log.scrollHeight;
    try {
      const page = await red.call('events?wait=0&after=' + Math.max(0, first - 101));
      const items = page.items.filter((item) => item.seq < first);
      log.setAttribute('aria-live', 'off');
      items.forEach((item) => draw(item, top));
      if (items.length) first = items[0].seq;
      $('anteriores').hidden = first <= 1 || !items.length;
      log.scrollTop += log.scrollHeight - height;
      setTimeout(() => log.setAttribute('aria-live', 'polite'), 50);
    } catch (e) { fail(e.sentence || T.problema); }
  }

  /* ---------- enviar ---------- */
  function save(message) {
    if (message.file) return;
    store.set(OUT + message.id, JSON.stringify({ id: message.id, body: message.body, label: message.label, at: message.at, state: message.state, sent: message.sent, error: message.error }));
  }
  function forget(message) {
    pending = pending.filter((m) => m !== message);
    store.drop(OUT + message.id);
  }
  function sketch(message) {
    message.line = row('usted');
    words(message.line.bubble, message.label);
    place(message.line, $('puntos'));
    status(message);
  }
  function status(message) {
    const line = message.line, follow = following();
    if (message.state === 'failed') {
      foot(line, T.no_enviado + ' ' + (message.error || ''), true);
      [[T.reintentar, () => { message.state = message.file ? 'file' : 'queued'; message.stuck = false; status(message); save(message); flush(); }],
        [T.descartar, () => { forget(message); line.remove(); box.focus(); }]].forEach((pair) => {
        const button = make('button', 'enlace', pair[0]);
        button.type = 'button';
        button.addEventListener('click', pair[1]);
        line.foot.appendChild(button);
      });
      if (follow) settle();
      return;
    }
    foot(line, message.state === 'sent' ? T.enviado : away || message.stuck ? T.en_espera : message.file ? T.subiendo : T.enviando);
  }
  function send(body, label, file) {
    const message = { id: uuid(), body: body, label: label, at: Date.now(), state: file ? 'file' : 'queued', file: file };
    fail('');
    retire();
    $('bienvenida').hidden = true;
    markDay(new Date());
    pending.push(message);
    save(message);
    sketch(message);
    start = null;
    settle();
    flush();
  }

  function expired() {
    last = 0;
    lastDay = '';
    place(make('p', 'dia', T.sesion_nueva));
    begin();
    flush();
  }

  /* Sin sesión todavía: se saluda; la sesión se abre con el primer mensaje. */
  function begin() {
    $('bienvenida').hidden = pending.length > 0 || log.querySelectorAll('.fila').length > 2;
    ready = true;
    log.setAttribute('aria-live', 'polite');
    red.rest();
  }

  let flushing = false, tries = 0, flushTimer = 0;
  async function flush() {
    if (flushing) return;
    flushing = true;
    clearTimeout(flushTimer);
    let message;
    while ((message = pending.find(queued))) {
      try {
        status(message);
        await red.session();
        if (message.state === 'file') {
          const data = new FormData();
          data.append('file', message.file, message.file.name || 'archivo');
          const kept = await red.call('files', data, 180);
          message.body = { file_id: kept.file_id };
          message.file = null;
          message.state = 'queued';
          save(message);
        }
        await red.call('messages', Object.assign({ client_msg_id: message.id }, message.body));
        tries = 0;
        red.hurry();
        // La respuesta pudo llegar por el otro camino antes que este acuse.
        if (pending.indexOf(message) >= 0) { message.state = 'sent'; message.sent = Date.now(); save(message); status(message); typing(); }
      } catch (error) {
        if (error.status === 401) { red.expired(); tries += 1; if (tries < 4) continue; }
        if (error.status >= 400 && error.status < 500 && [401, 408, 425, 429].indexOf(error.status) < 0) {
          message.state = 'failed'; message.error = error.sentence; save(message); status(message);
          say(T.no_enviado + ' ' + (error.sentence || ''));
          continue;
        }
        if (error.status === 429) fail(error.sentence);
        tries += 1;
        if (!error.status) red.lost();
        message.stuck = true;
        status(message);
        flushTimer = setTimeout(flush, Math.max((error.after || 0) * 1000, red.jitter(tries)));
        break;
      }
    }
    flushing = false;
  }

  function link(state) {
    const follow = following();
    $('luz').className = 'luz ' + state;
    $('conexion').textContent = { si: T.en_linea, no: T.sin_conexion, espera: T.conectando, '': T.sin_empezar }[state];
    away = state === 'no';
    if (state === 'si') pending.forEach((m) => { m.stuck = false; });
    pending.filter(queued).forEach((m) => { if (m.line) status(m); });
    if (follow) settle();
  }
  /* De vuelta en la red o en la pantalla: se intenta ya, sin esperar turno. */
  function wake() { red.wake(); tries = 0; flush(); }

  /* ---------- adjuntar y ubicar ---------- */
  async function attach(file) {
    if (!file) return;
    const name = file.name || T.archivo;
    const light = await equipo.shrink(file);
    if (light.size > settings.maximo) { fail(T.archivo_grande.replace('{mb}', Math.floor(settings.maximo / 1e6))); return; }
    send(null, name, light);
  }
  function locate() {
    if (!navigator.geolocation) { fail(T.ubicacion_negada); return; }
    say(T.buscando_ubicacion);
    navigator.geolocation.getCurrentPosition(
      (found) => { say(''); send({ point: [found.coords.latitude, found.coords.longitude] }, T.mi_ubicacion); },
      () => { say(''); fail(T.ubicacion_negada); },
      { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 });
  }

  /* ---------- página anfitriona ---------- */
  function tell(what) { if (host) window.parent.postMessage({ atiende: what }, host); }
  window.addEventListener('message', (event) => {
    if (event.source !== window.parent || !event.data) return;
    if (event.origin !== location.origin && settings.origenes.indexOf(event.origin) < 0) return;
    host = event.origin;
    if (event.data.atiende === 'hola') $('cerrar').hidden = false;
    if (event.data.atiende === 'abrir') box.focus();
  });
  $('cerrar').addEventListener('click', () => tell('cerrar'));

  /* ---------- manos a la obra ---------- */
  function grow() {
    box.style.height = '';
    if (box.scrollHeight > box.clientHeight) box.style.height = Math.min(window.innerHeight / 4, box.scrollHeight + 4) + 'px';
  }
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const text = box.value.trim();
    if (!text) { box.focus(); return; }
    box.value = '';
    store.drop('atiende.borrador');
    grow();
    send({ text: text }, text);
    box.focus();
  });
  box.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) { event.preventDefault(); $('enviar').click(); }
  });
  box.addEventListener('input', () => { grow(); store.set('atiende.borrador', box.value); });
  document.addEventListener('keydown', (event) => { if (event.key === 'Escape') tell('cerrar'); });
  $('persona').addEventListener('click', () => send({ text: T.quiero_persona }, T.quiero_persona));
  $('adjuntar').addEventListener('click', () => $('archivo').click());
  $('archivo').addEventListener('change', () => { attach($('archivo').files[0]); $('archivo').value = ''; box.focus(); });
  $('ubicar').addEventListener('click', locate);
  $('nuevos').addEventListener('click', down);
  $('anteriores').addEventListener('click', older);
  $('bienvenida').querySelectorAll('button').forEach((button) => {
    button.addEventListener('click', () => send({ text: button.value }, button.textContent.trim()));
  });
  $('borrar').addEventListener('click', () => {
    if (!window.confirm(T.borrar_pregunta)) return;
    store.keys().filter((key) => key.indexOf('atiende.') === 0).forEach(store.drop);
    location.reload();
  });
  log.addEventListener('scroll', () => { follows = following(); if (below() < 24) $('nuevos').hidden = true; });
  window.addEventListener('resize', () => { if (follows) settle(); else more(); });
  window.addEventListener('online', wake);
  window.addEventListener('offline', red.offline);
  window.addEventListener('pageshow', (event) => { if (event.persisted) wake(); });
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) return;
    if (unseen) { unseen = false; document.title = document.title.replace('● ', ''); }
    wake();
  });

  box.value = store.get('atiende.borrador') || '';
  pending = store.keys().filter((key) => key.indexOf(OUT) === 0)
    .map((key) => { try { return JSON.parse(store.get(key)); } catch (e) { return null; } })
    .filter((m) => m && m.id && (m.state !== 'sent' || Date.now() - m.sent < DAY) && (m.body || store.drop(OUT + m.id)))
    .sort((a, b) => a.at - b.at);
  pending.forEach(sketch);
  if (!red.hasSession()) begin();
  grow();
  red.connect();
  flush();
})();
