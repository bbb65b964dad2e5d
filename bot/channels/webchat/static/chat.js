/* El chat: guarda primero lo que la persona escribe, lo envía cuando hay red y muestra la conversación por número de orden. */
(function () {
  'use strict';
  const settings = JSON.parse(document.body.getAttribute('data-ajustes'));
  const T = settings.textos;
  const $ = (id) => document.getElementById(id);
  const log = $('charla'), box = $('texto'), form = $('escribir');
  const api = '/chat/api/';
  const OUT = 'atiende.envio.';
  const DAY = 86400000;

  /* ---------- memoria del navegador (o de la página, si está prohibida) ---------- */
  const memory = {};
  const store = {
    get(key) { try { return localStorage.getItem(key); } catch (e) { return memory[key] || null; } },
    set(key, value) { memory[key] = value; try { localStorage.setItem(key, value); } catch (e) { /* llena o prohibida */ } },
    drop(key) { delete memory[key]; try { localStorage.removeItem(key); } catch (e) { /* prohibida */ } },
    keys() { try { return Object.keys(localStorage); } catch (e) { return Object.keys(memory); } }
  };

  let secret = store.get('atiende.sesion');
  let last = -1;            // último número de orden mostrado; -1 pide lo más reciente
  let first = 0;            // primer número de orden mostrado
  let mode = 'bot';
  let pending = [];         // lo escrito que aún no aparece en la conversación, en orden
  let lastDay = '';
  let unseen = false;
  let host = '';            // origen de la página que nos muestra en un marco
  let connected = false;
  let ready = false;        // ya se mostró la historia: lo que llegue ahora se anuncia

  function uuid() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    const hex = Array.from(bytes, (b) => (b + 256).toString(16).slice(1)).join('');
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
  }
  function make(tag, classes, text) {
    const element = document.createElement(tag);
    if (classes) element.className = classes;
    if (text) element.textContent = text;
    return element;
  }
  function icon(path) {
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    const line = document.createElementNS('http://www.w3.org/2000/svg', 'path');
    svg.setAttribute('viewBox', '0 0 24 24');
    svg.setAttribute('aria-hidden', 'true');
    line.setAttribute('d', path);
    svg.appendChild(line);
    return svg;
  }
  const DOWN = 'M12 4v11m-5-5 5 5 5-5M5 20h14', PIN = 'M12 21s7-6 7-11a7 7 0 0 0-14 0c0 5 7 11 7 11Zm0-8.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Z';
  const wait = (ms) => new Promise((done) => setTimeout(done, ms));
  const jitter = (tries) => Math.random() * Math.min(30000, 500 * Math.pow(2, Math.max(0, tries - 1)));

  /* ---------- mostrar ---------- */
  function nearEnd() { return log.scrollHeight - log.scrollTop - log.clientHeight < 120; }
  function toEnd() { log.scrollTop = log.scrollHeight; $('nuevos').hidden = true; }
  function say(text) { $('estado').textContent = text; }
  function fail(text) { $('error').textContent = text || ''; $('error').hidden = !text; }

  /* Solo nodos de texto: nada de lo que llega puede volverse código. Solo enlaces http y https; lo nuestro, con **negrita**. */
  function words(parent, text, isOurs) {
    const p = make('p');
    const special = isOurs ? /\*\*([^*\n]+)\*\*|https?:\/\/[^\s<>"'*]+[^\s<>"'*.,;:!?)\]]/g : /https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]]/g;
    let from = 0, match;
    while ((match = special.exec(text))) {
      p.appendChild(document.createTextNode(text.slice(from, match.index)));
      if (match[1]) p.appendChild(make('strong', '', match[1]));
      else {
        const a = make('a', '', match[0]);
        a.href = match[0]; a.target = '_blank'; a.rel = 'noopener noreferrer';
        p.appendChild(a);
      }
      from = match.index + match[0].length;
    }
    p.appendChild(document.createTextNode(text.slice(from)));
    p.dir = 'auto';
    parent.appendChild(p);
  }
  function safeUrl(url) { return /^https?:\/\//i.test(url) ? url : null; }
  function clock(date) { return date.toLocaleTimeString('es-CO', { hour: 'numeric', minute: '2-digit' }); }
  function dayName(date) {
    const today = new Date();
    if (date.toDateString() === today.toDateString()) return T.hoy;
    if (date.toDateString() === new Date(today - DAY).toDateString()) return T.ayer;
    return date.toLocaleDateString('es-CO', { weekday: 'long', day: 'numeric', month: 'long' });
  }
  function size(bytes) { return bytes > 1e6 ? (bytes / 1e6).toFixed(1).replace('.', ',') + ' MB' : Math.max(1, Math.round(bytes / 1000)) + ' kB'; }

  function row(from) {
    const mine = from === 'usted';
    const line = make('div', 'fila ' + (mine ? 'mia' : from === 'persona' ? 'suya persona' : 'suya'));
    const bubble = make('div', 'globo');
    const who = mine ? T.usted : from === 'persona' ? T.quien_persona.replace('{empresa}', settings.empresa) : T.asistente;
    bubble.appendChild(make('span', 'oculto', who + ' '));
    line.appendChild(bubble);
    line.bubble = bubble;
    return line;
  }
  function foot(line, text, bad) {
    if (!line.foot) { line.foot = make('p', 'pie-globo'); line.insertBefore(line.foot, line.bubble.nextSibling); }
    line.foot.className = 'pie-globo' + (bad ? ' mal' : '');
    line.foot.textContent = text;
  }
  function place(line, before) {
    const spot = before || (pending.find((m) => m.line && m.line.parentNode) || {}).line || $('puntos');
    log.insertBefore(line, spot);
  }

  function attachment(media) {
    const label = media.kind === 'image' ? T.ver_foto : T.descargar + ' ' + (media.name || T.archivo);
    const button = make('button', 'adjunto');
    button.type = 'button';
    button.appendChild(icon(DOWN));
    button.appendChild(make('span', '', label + (media.size ? ' (' + size(media.size) + ')' : '')));
    button.addEventListener('click', async () => {
      button.disabled = true;
      try {
        const answer = await fetch(media.href, { headers: { Authorization: 'Bearer ' + secret } });
        if (!answer.ok) throw new Error();
        const url = URL.createObjectURL(await answer.blob());
        if (media.kind === 'image') {
          const photo = make('img', 'foto');
          photo.src = url; photo.alt = media.name;
          button.parentNode.replaceChild(photo, button);
        } else {
          const a = make('a');
          a.href = url; a.download = media.name || T.archivo;
          document.body.appendChild(a); a.click(); a.remove();
          setTimeout(() => URL.revokeObjectURL(url), 60000);
        }
        fail('');
      } catch (e) { fail(T.no_descarga); }
      button.disabled = false;
    });
    return button;
  }

  function options(item) {
    const group = make('div', 'opciones');
    group.setAttribute('role', 'group');
    group.setAttribute('aria-label', T.opciones);
    (item.options || []).forEach((option) => {
      const url = option.url ? safeUrl(option.url) : null;
      if (option.url && !url) return;
      const control = make(url ? 'a' : 'button', 'opcion', option.label);
      if (option.hint) control.appendChild(make('small', '', option.hint));
      if (url) { control.href = url; control.target = '_blank'; control.rel = 'noopener noreferrer'; }
      else {
        control.type = 'button';
        control.addEventListener('click', () => send({ token: option.token, text: option.label, reply_to: item.seq }, option.label));
      }
      group.appendChild(control);
    });
    if (item.ask === 'location') {
      const control = make('button', 'opcion', T.ubicacion);
      control.type = 'button';
      control.addEventListener('click', locate);
      group.appendChild(control);
    }
    return group.firstChild ? group : null;
  }
  /* Solo el último menú se puede pulsar: uno viejo contestaría otra pregunta. Los enlaces se quedan. */
  function retire() {
    const had = log.contains(document.activeElement) && document.activeElement.classList.contains('opcion');
    log.querySelectorAll('button.opcion').forEach((button) => button.remove());
    if (had) box.focus();
  }

  function markDay(at, before) {
    const name = dayName(at);
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
    if (item.text) words(line.bubble, item.text, !mine);
    if (item.point) pin(line.bubble, item.point);
    (item.media || []).forEach((media) => { if (media.href) line.bubble.appendChild(attachment(media)); });
    if (mine && !item.text && !item.point && !item.media) line.bubble.appendChild(make('p', '', '…'));
    foot(line, (item.from === 'persona' ? T.persona_nota + ' · ' : '') + clock(at));
    const group = !mine && !before && options(item);
    if (group) line.appendChild(group);
    place(line, before);
  }
  function pin(bubble, point) {
    const p = make('p');
    const a = make('a', '', T.mi_ubicacion);
    a.href = 'https://www.openstreetmap.org/?mlat=' + point[0] + '&mlon=' + point[1] + '#map=17/' + point[0] + '/' + point[1];
    a.target = '_blank'; a.rel = 'noopener noreferrer';
    p.appendChild(a);
    bubble.appendChild(p);
  }

  /* ---------- recibir ---------- */
  function receive(page) {
    const fresh = page.items.filter((item) => item.seq > last);
    const follow = nearEnd() || !ready;
    if (page.items.length) $('bienvenida').hidden = true;
    if (last < 0 && fresh.length) { first = fresh[0].seq; $('anteriores').hidden = first <= 1; }
    fresh.forEach((item) => {
      draw(item);
      last = item.seq;
      if (ready && item.from !== 'usted') noticed();
    });
    last = Math.max(last, page.last_seq);
    mode = page.mode;
    typing();
    if (follow) toEnd(); else if (fresh.length) $('nuevos').hidden = false;
    // La historia no se lee en voz alta al abrir; lo que llegue después, sí.
    if (!ready) setTimeout(() => { ready = true; log.setAttribute('aria-live', 'polite'); }, 50);
    link(true);
  }
  function noticed() {
    if (document.hidden && !unseen) { unseen = true; document.title = '● ' + document.title; }
    tell('nuevo');
  }
  function typing() {
    const now = Date.now();
    const is = mode === 'bot' && pending.some((m) => m.state === 'sent' && now - m.sent < 30000);
    if ($('puntos').hidden !== is) return;
    const follow = nearEnd();
    $('puntos').hidden = !is;
    log.appendChild($('puntos'));
    say(is ? T.escribiendo : '');
    if (follow) toEnd();
    if (is) setTimeout(typing, 31000);
  }
  async function older() {
    const top = log.querySelector('.fila[data-seq], .fila:not(#bienvenida)');
    const height = log.scrollHeight;
    try {
      const page = await call('events?wait=0&after=' + Math.max(0, first - 101));
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
    const line = message.line, follow = nearEnd();
    if (message.state === 'failed') {
      foot(line, T.no_enviado + ' ' + (message.error || ''), true);
      [[T.reintentar, () => { message.state = message.file ? 'file' : 'queued'; status(message); save(message); flush(); }],
        [T.descartar, () => { forget(message); line.remove(); box.focus(); }]].forEach((pair) => {
        const button = make('button', 'enlace', pair[0]);
        button.type = 'button';
        button.addEventListener('click', pair[1]);
        line.foot.appendChild(button);
      });
      if (follow) toEnd();
      return;
    }
    foot(line, message.state === 'sent' ? T.enviado : message.file ? T.subiendo : navigator.onLine === false ? T.en_espera : T.enviando);
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
    toEnd();
    flush();
  }

  class Trouble extends Error {
    constructor(status_, sentence, after) { super(sentence); this.status = status_; this.sentence = sentence; this.after = after; }
  }
  async function call(path, body, seconds, signal) {
    const control = window.AbortController ? new AbortController() : null;
    const timer = control && setTimeout(() => control.abort(), (seconds || 20) * 1000);
    if (signal && control) signal.stop = () => control.abort();
    const request = { headers: {}, cache: 'no-store' };
    if (control) request.signal = control.signal;
    if (secret) request.headers.Authorization = 'Bearer ' + secret;
    if (body) {
      request.method = 'POST';
      request.body = body instanceof FormData ? body : JSON.stringify(body);
      if (!(body instanceof FormData)) request.headers['Content-Type'] = 'application/json';
    }
    try {
      const answer = await fetch(api + path, request);
      const document_ = await answer.json();
      if (!answer.ok) throw new Trouble(answer.status, document_.error, Number(answer.headers.get('Retry-After')) || 0);
      return document_;
    } finally { clearTimeout(timer); }
  }
  async function session() {
    if (secret) return;
    secret = (await call('sessions', {})).session;
    store.set('atiende.sesion', secret);
    last = 0;
    connect();
  }
  function expired() {
    secret = null;
    store.drop('atiende.sesion');
    last = 0;
    lastDay = '';
    place(make('p', 'dia', T.sesion_nueva));
    begin();
  }

  /* Sin sesión todavía: se saluda; la sesión se abre con el primer mensaje. */
  function begin() {
    $('bienvenida').hidden = pending.length > 0 || log.querySelectorAll('.fila').length > 2;
    ready = true;
    log.setAttribute('aria-live', 'polite');
    link(true);
  }

  let flushing = false, tries = 0, flushTimer = 0;
  async function flush() {
    if (flushing) return;
    flushing = true;
    clearTimeout(flushTimer);
    let message;
    while ((message = pending.find((m) => m.state === 'queued' || m.state === 'file'))) {
      try {
        status(message);
        await session();
        if (message.state === 'file') {
          const data = new FormData();
          data.append('file', message.file, message.file.name || 'archivo');
          const kept = await call('files', data, 180);
          message.body = { file_id: kept.file_id };
          message.file = null;
          message.state = 'queued';
          save(message);
        }
        await call('messages', Object.assign({ client_msg_id: message.id }, message.body));
        tries = 0;
        // La respuesta pudo llegar por el otro camino antes que este acuse.
        if (pending.indexOf(message) >= 0) { message.state = 'sent'; message.sent = Date.now(); save(message); status(message); typing(); }
      } catch (error) {
        if (error.status === 401) { expired(); tries += 1; if (tries < 4) continue; }
        if (error.status >= 400 && error.status < 500 && [401, 408, 425, 429].indexOf(error.status) < 0) {
          message.state = 'failed'; message.error = error.sentence; save(message); status(message);
          say(T.no_enviado + ' ' + (error.sentence || ''));
          continue;
        }
        if (error.status === 429) fail(error.sentence);
        tries += 1;
        link(navigator.onLine !== false);
        flushTimer = setTimeout(flush, Math.max((error.after || 0) * 1000, jitter(tries)));
        break;
      }
    }
    flushing = false;
  }

  /* ---------- escuchar: WebSocket, y si no se puede, espera larga ---------- */
  let socket = null, failures = 0, polling = null, watchdog = 0, again = 0, heard = false;
  function link(is) {
    const online = navigator.onLine !== false;
    connected = is && online;
    $('luz').className = 'luz' + (connected ? ' si' : '');
    const text = connected ? T.en_linea : online ? T.conectando : T.sin_conexion;
    if ($('conexion').textContent !== text) $('conexion').textContent = text;
  }
  function alive() {
    clearTimeout(watchdog);
    watchdog = setTimeout(() => { if (socket) socket.close(); }, 45000);
  }
  function connect() {
    clearTimeout(again);
    if (!secret || socket || polling) return;
    if (failures >= 3 || !window.WebSocket) { poll(); return; }
    heard = false;
    const mine = socket = new WebSocket((location.protocol === 'https:' ? 'wss://' : 'ws://') + location.host + api + 'ws');
    alive();
    mine.onopen = () => mine.send(JSON.stringify({ session: secret, after: last }));
    mine.onmessage = (event) => {
      if (mine !== socket) return;
      const data = JSON.parse(event.data);
      alive();
      heard = true; failures = 0;
      if (data.items) receive(data); else link(true);
    };
    mine.onclose = (event) => {
      if (mine !== socket) return;
      socket = null;
      clearTimeout(watchdog);
      if (event.code === 4401) { expired(); flush(); return; }
      if (!heard) failures += 1;
      link(false);
      if (failures >= 3) connect(); else again = setTimeout(connect, jitter(failures));
    };
  }
  async function poll() {
    const mine = polling = { until: Date.now() + 300000 };
    let errors = 0;
    while (mine === polling && secret) {
      try {
        const page = await call('events?wait=25&after=' + last, null, 40, mine);
        if (mine !== polling) return;
        errors = 0;
        receive(page);
        if (Date.now() > mine.until) { polling = null; failures = 0; connect(); return; }
      } catch (error) {
        if (mine !== polling) return;
        if (error.status === 401) { polling = null; expired(); return; }
        errors += 1;
        link(false);
        await wait(Math.max(1000, jitter(errors)));
      }
    }
    if (mine === polling) polling = null;
  }
  /* De vuelta en la red o en la pantalla: se intenta ya, sin esperar turno. */
  function wake() {
    if (socket && socket.readyState === 1 && navigator.onLine !== false) { link(true); }
    else {
      if (socket) { const old = socket; socket = null; old.close(); }
      if (polling) { const old = polling; polling = null; if (old.stop) old.stop(); }
      connect();
    }
    tries = 0;
    flush();
  }

  /* ---------- adjuntar y ubicar ---------- */
  async function attach(file) {
    if (!file) return;
    const name = file.name || T.archivo;
    const light = await shrink(file);
    if (light.size > settings.maximo) { fail(T.archivo_grande.replace('{mb}', Math.floor(settings.maximo / 1e6))); return; }
    send(null, name, light);
  }
  /* Una foto de celular pesa mucho para una red mala: se reduce antes de enviar. */
  function shrink(file) {
    return new Promise((done) => {
      if (!/^image\/(jpeg|webp)$/.test(file.type) || file.size < 1500000) { done(file); return; }
      const image = new Image();
      const url = URL.createObjectURL(file);
      image.onerror = () => { URL.revokeObjectURL(url); done(file); };
      image.onload = () => {
        URL.revokeObjectURL(url);
        const share = Math.min(1, 2000 / Math.max(image.width, image.height));
        const canvas = make('canvas');
        canvas.width = Math.round(image.width * share); canvas.height = Math.round(image.height * share);
        canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
        canvas.toBlob((blob) => {
          if (!blob || blob.size > file.size) { done(file); return; }
          blob.name = file.name;
          done(blob);
        }, 'image/jpeg', 0.85);
      };
      image.src = url;
    });
  }
  function locate() {
    if (!navigator.geolocation) { fail(T.ubicacion_negada); return; }
    say(T.buscando_ubicacion);
    navigator.geolocation.getCurrentPosition(
      (found) => { say(''); send({ point: [found.coords.latitude, found.coords.longitude] }, T.mi_ubicacion); },
      () => { say(''); fail(T.ubicacion_negada); },
      { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 });
  }

  /* ---------- interrupciones ---------- */
  async function outages() {
    try {
      const found = (await (await fetch('/status')).json()).interrupciones;
      const list = $('lista-cortes');
      list.textContent = '';
      found.slice(0, 5).forEach((outage) => {
        const back = outage.hasta ? new Date(outage.hasta) : null;
        const parts = [T.interrupcion.replace('{servicio}', T.servicios[outage.servicio] || outage.servicio).replace('{sector}', outage.sector)];
        if (outage.mensaje) parts.push(outage.mensaje);
        if (back && !isNaN(back)) parts.push(T.vuelve.replace('{dia}', dayName(back).toLowerCase()).replace('{hora}', clock(back)));
        list.appendChild(make('li', '', parts.join(' ')));
      });
      $('cuantos').textContent = '(' + found.length + ')';
      if ($('cortes').hidden && window.innerHeight > 700 && window.innerWidth > 700) $('cortes').open = true;
      $('cortes').hidden = !found.length;
    } catch (e) { /* el aviso es un favor: sin red no se muestra */ }
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
    if (box.value) box.style.height = Math.min(160, Math.max(48, box.scrollHeight + 4)) + 'px';
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
  $('persona').addEventListener('click', () => { send({ text: T.quiero_persona }, T.quiero_persona); box.focus(); });
  $('adjuntar').addEventListener('click', () => $('archivo').click());
  $('archivo').addEventListener('change', () => { attach($('archivo').files[0]); $('archivo').value = ''; box.focus(); });
  $('ubicar').addEventListener('click', locate);
  $('nuevos').addEventListener('click', toEnd);
  $('anteriores').addEventListener('click', older);
  $('bienvenida').querySelectorAll('button').forEach((button) => {
    button.addEventListener('click', () => { const text = button.textContent.trim(); box.focus(); send({ text: text }, text); });
  });
  $('borrar').addEventListener('click', () => {
    if (!window.confirm(T.borrar_pregunta)) return;
    store.keys().filter((key) => key.indexOf('atiende.') === 0).forEach(store.drop);
    location.reload();
  });
  log.addEventListener('scroll', () => { if (nearEnd()) $('nuevos').hidden = true; });
  window.addEventListener('online', wake);
  window.addEventListener('offline', () => link(false));
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
  if (!secret) begin();
  grow();
  connect();
  flush();
  outages();
  setInterval(outages, 300000);
})();
