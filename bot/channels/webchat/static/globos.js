/* Globos: arma lo que se ve de un mensaje, con nodos de texto y nada más. No sabe de red ni de orden. */
window.atiende = window.atiende || {};
window.atiende.globos = function (settings, hooks) {
  'use strict';
  const T = settings.textos;
  const DAY = 86400000;
  const DOWN = 'M12 4v11m-5-5 5 5 5-5M5 20h14';

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
    if (date.toDateString() === new Date(+today + DAY).toDateString()) return T.manana;
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
  function attachment(media) {
    const label = media.kind === 'image' ? T.ver_foto : T.descargar + ' ' + (media.name || T.archivo);
    const button = make('button', 'adjunto');
    button.type = 'button';
    button.appendChild(icon(DOWN));
    button.appendChild(make('span', '', label + (media.size ? ' (' + size(media.size) + ')' : '')));
    button.addEventListener('click', async () => {
      button.disabled = true;
      try {
        const answer = await hooks.fetchFile(media.href);
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
        hooks.fail('');
      } catch (e) { hooks.fail(T.no_descarga); }
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
        control.addEventListener('click', () => hooks.choose(option, item));
      }
      group.appendChild(control);
    });
    if (item.ask === 'location') {
      const control = make('button', 'opcion', T.ubicacion);
      control.type = 'button';
      control.addEventListener('click', hooks.locate);
      group.appendChild(control);
    }
    return group.firstChild ? group : null;
  }
  function pin(bubble, point) {
    const p = make('p');
    const a = make('a', '', T.mi_ubicacion);
    a.href = 'https://www.openstreetmap.org/?mlat=' + point[0] + '&mlon=' + point[1] + '#map=17/' + point[0] + '/' + point[1];
    a.target = '_blank'; a.rel = 'noopener noreferrer';
    p.appendChild(a);
    bubble.appendChild(p);
  }

  return { make: make, row: row, foot: foot, words: words, attachment: attachment, options: options, pin: pin, clock: clock, dayName: dayName };
};
