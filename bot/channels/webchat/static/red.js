/* Red: habla con el servidor; WebSocket, y si no se puede, espera larga. Vuelve sola y sin estampida. */
window.atiende = window.atiende || {};
window.atiende.red = function (hooks) {
  'use strict';
  const api = '/chat/api/';
  const store = window.atiende.equipo.store;
  const wait = (ms) => new Promise((done) => setTimeout(done, ms));
  /* Tras una caída todos vuelven a la vez: cada uno espera un tiempo al azar, cada vez mayor. */
  const jitter = (tries) => Math.random() * Math.min(30000, 500 * Math.pow(2, Math.max(0, tries - 1)));
  let secret = store.get('atiende.sesion');

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
  function fetchFile(href) { return fetch(href, { headers: { Authorization: 'Bearer ' + secret } }); }
  async function session() {
    if (secret) return;
    // Otra ventana pudo abrirla mientras tanto: es la misma persona y la misma conversación.
    secret = store.get('atiende.sesion');
    if (!secret) {
      secret = (await call('sessions', {})).session;
      store.set('atiende.sesion', secret);
    }
    hooks.opened();
    connect();
  }
  function expired() {
    if (store.get('atiende.sesion') === secret) store.drop('atiende.sesion');
    secret = null;
    hooks.expired();
  }

  /* ---------- escuchar: WebSocket, y si no se puede, espera larga ---------- */
  let socket = null, failures = 0, polling = null, watchdog = 0, again = 0, heard = false;
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
    mine.onopen = () => mine.send(JSON.stringify({ session: secret, after: hooks.last() }));
    mine.onmessage = (event) => {
      if (mine !== socket) return;
      const data = JSON.parse(event.data);
      alive();
      heard = true; failures = 0;
      if (data.items) hooks.receive(data); else hooks.link(true);
    };
    mine.onclose = (event) => {
      if (mine !== socket) return;
      socket = null;
      clearTimeout(watchdog);
      if (event.code === 4401) { expired(); return; }
      if (!heard) failures += 1;
      hooks.link(false);
      if (failures >= 3) connect(); else again = setTimeout(connect, jitter(failures));
    };
  }
  async function poll() {
    const mine = polling = { until: Date.now() + 300000 };
    let errors = 0;
    while (mine === polling && secret) {
      try {
        const page = await call('events?wait=25&after=' + hooks.last(), null, 40, mine);
        if (mine !== polling) return;
        errors = 0;
        hooks.receive(page);
        if (Date.now() > mine.until) { polling = null; failures = 0; connect(); return; }
      } catch (error) {
        if (mine !== polling) return;
        if (error.status === 401) { polling = null; expired(); return; }
        errors += 1;
        hooks.link(false);
        await wait(Math.max(1000, jitter(errors)));
      }
    }
    if (mine === polling) polling = null;
  }
  /* De vuelta en la red o en la pantalla: se intenta ya, sin esperar turno. */
  function wake() {
    if (socket && socket.readyState === 1 && navigator.onLine !== false) hooks.link(true);
    else {
      if (socket) { const old = socket; socket = null; old.close(); }
      if (polling) { const old = polling; polling = null; if (old.stop) old.stop(); }
      connect();
    }
  }

  return { call: call, fetchFile: fetchFile, session: session, expired: expired, connect: connect, wake: wake, jitter: jitter, hasSession: () => Boolean(secret) };
};
