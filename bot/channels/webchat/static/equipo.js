/* Equipo: lo que hace falta del aparato de la persona: memoria, números únicos, fotos más livianas. */
window.atiende = window.atiende || {};
window.atiende.equipo = (function () {
  'use strict';
  /* ---------- memoria del navegador (o de la página, si está prohibida) ---------- */
  const memory = {};
  const store = {
    get(key) { try { return localStorage.getItem(key); } catch (e) { return memory[key] || null; } },
    set(key, value) { memory[key] = value; try { localStorage.setItem(key, value); } catch (e) { /* llena o prohibida */ } },
    drop(key) { delete memory[key]; try { localStorage.removeItem(key); } catch (e) { /* prohibida */ } },
    keys() { try { return Object.keys(localStorage); } catch (e) { return Object.keys(memory); } }
  };

  function uuid() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    const hex = Array.from(bytes, (b) => (b + 256).toString(16).slice(1)).join('');
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
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
        const canvas = document.createElement('canvas');
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

  return { store: store, uuid: uuid, shrink: shrink };
})();
