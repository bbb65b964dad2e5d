/* Red: habla con el servidor; WebSocket, y si no se puede, espera larga. Vuelve sola y sin estampida. */
window.atiende = window.atiende || {};
window.atiende.red = function (hooks) {
  'use strict';
  const api = '/chat/api/';
  const store = window.atiende.equipo.store;
  /* Tras una caída todos vuelven a la vez: cada uno espera un tiempo al azar, cada vez mayor; poco si alguien espera respuesta. */
  const jitter = (tries) => 200 + Math.random() * Math.min(hooks.waiting() ? 2800 : 29800, 500 * Math.pow(2, Math.max(0, tries - 1)));
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
    hush();
    rest();
    hooks.expired();
  }

  /* ---------- ¿hay conexión? Solo si el servidor acaba de hablar ---------- */
  let is = false, since = Infinity, failed = false, shown = null;
  function tell() {
    const off = navigator.onLine === false;
    const gone = Date.now() - since;
    // Un reinicio dura poco más de un segundo: antes de decir que no hay conexión, se espera algo más.
    const now = is ? 'si' : off || gone > 10000 || (failed && gone > 2500) ? 'no' : secret || since < Infinity ? 'espera' : '';
    if (now !== shown) { shown = now; hooks.link(now); }
  }
  function up() { is = true; failed = false; tell(); }
  function down(isFailure) {
    if (is || since === Infinity) { since = Date.now(); failed = false; }
    is = false;
    failed = failed || Boolean(isFailure);
    tell();
    setTimeout(tell, 2600);
    setTimeout(tell, 10100);
  }
  /* Sin sesión no hay nada que oír: ni conectado ni sin conexión, salvo que el aparato lo sepa. */
  function rest() { is = false; since = Infinity; failed = false; tell(); }

  /* ---------- escuchar: WebSocket, y si no se puede, espera larga ---------- */
  let socket = null, failures = 0, polling = null, watchdog = 0, again = 0, heard = 0;
  function hush() {
    clearTimeout(again);
    clearTimeout(watchdog);
    if (socket) { const old = socket; socket = null; old.close(); }
    if (polling) { const old = polling; polling = null; if (old.stop) old.stop(); }
  }
  function alive() {
    clearTimeout(watchdog);
    watchdog = setTimeout(() => { if (!heard) failures += 1; wake(!heard); }, heard ? 32000 : 15000);
  }
  function connect() {
    clearTimeout(again);
    if (!secret || socket || polling || navigator.onLine === false) return;
    if (since === Infinity) down();
    if (failures >= 3 || !window.WebSocket) { poll(); return; }
    heard = 0;
    const mine = socket = new WebSocket((location.protocol === 'https:' ? 'wss://' : 'ws://') + location.host + api + 'ws');
    alive();
    mine.onopen = () => mine.send(JSON.stringify({ session: secret, after: hooks.last() }));
    mine.onmessage = (event) => {
      if (mine !== socket) return;
      const data = JSON.parse(event.data), first = !heard;
      heard = Date.now(); failures = 0;
      alive();
      up();
      if (data.items) hooks.receive(data);
      if (first) hooks.back();
    };
    mine.onclose = (event) => {
      if (mine !== socket) return;
      socket = null;
      clearTimeout(watchdog);
      if (event.code === 4401) { expired(); return; }
      if (!heard) failures += 1;
      down(!heard);
      if (failures >= 3) connect(); else again = setTimeout(connect, jitter(failures));
    };
  }
  async function poll() {
    const mine = polling = { until: Date.now() + 300000 };
    let errors = 0, seconds = 0;
    while (mine === polling && secret) {
      try {
        // La primera pregunta no espera: así se sabe ya si hay conexión.
        const page = await call('events?wait=' + seconds + '&after=' + hooks.last(), null, 40, mine);
        if (mine !== polling) return;
        up();
        hooks.receive(page);
        if (!seconds) hooks.back();
        seconds = 25;
        // Si el servidor volvió tras una caída, quizá el WebSocket también sirve.
        if (window.WebSocket && (errors || Date.now() > mine.until)) { polling = null; failures = 0; connect(); return; }
        errors = 0;
      } catch (error) {
        if (mine !== polling) return;
        if (error.status === 401) { polling = null; expired(); return; }
        errors += 1;
        seconds = 0;
        down(true);
        await new Promise((done) => { mine.hurry = done; setTimeout(done, Math.max(error.after * 1000 || 0, jitter(errors))); });
        mine.hurry = null;
      }
    }
    if (mine === polling) polling = null;
  }
  /* De vuelta en la red o en la pantalla: se prueba de nuevo, sin fiarse de lo que estaba abierto. */
  function wake(isFailure) {
    if (socket && heard && Date.now() - heard < 25000) return;
    hush();
    if (!secret) { rest(); return; }
    down(isFailure);
    connect();
  }
  /* Un envío no salió: lo que parecía abierto quizá ya no lo está. */
  function lost() {
    if ((socket && heard) || (polling && !polling.hurry)) { hush(); again = setTimeout(connect, jitter(1)); }
    down(true);
  }
  /* Un envío llegó: hay servidor, y no hay que esperar el turno para oírlo. */
  function hurry() {
    if (polling && polling.hurry) polling.hurry();
    else if (!socket) connect();
  }
  function offline() { hush(); down(true); }

  return { call: call, fetchFile: fetchFile, session: session, expired: expired, connect: connect, wake: wake, hurry: hurry, lost: lost, offline: offline, rest: rest, jitter: jitter, hasSession: () => Boolean(secret) };
};
