/* "Autour de moi", the map. Every page works without them. */
(() => {
  "use strict";

  /* --- Around me ----------------------------------------------------------------------------- */
  const aroundMe = (button) => {
    if (!navigator.geolocation || !button.hidden) return;
    const form = button.form;
    button.hidden = false;
    button.addEventListener("click", () => {
      button.disabled = true;
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => {
          form.elements.lat.value = coords.latitude.toFixed(3); // a hundred metres is enough
          form.elements.lon.value = coords.longitude.toFixed(3);
          form.elements.ou.value = "";
          form.requestSubmit();
        },
        () => {
          button.disabled = false;
          button.textContent = "Position indisponible : indiquez une commune";
        },
        { timeout: 10000, maximumAge: 300000 },
      );
    });
  };

  /* --- Map: the same list, seen from above ---------------------------------------------------- */
  const pin = (text) => {
    const html = document.createElement("span");
    html.className = "find-pin";
    html.append(Object.assign(document.createElement("span"), { textContent: text }));
    return L.divIcon({ html, className: "", iconSize: [32, 32], iconAnchor: [16, 36], popupAnchor: [0, -32] });
  };

  /* Places of the list in its order, each with the links of its spaces. */
  const places = (root) => {
    const found = new Map();
    root.querySelectorAll("[data-map-list] [data-position]").forEach((card) => {
      const { position, place } = card.dataset;
      if (!found.has(position)) found.set(position, { name: place, links: [] });
      found.get(position).links.push(...card.querySelectorAll("[data-map-space]"));
    });
    return [...found].map(([position, { name, links }]) => ({ at: position.split(",").map(Number), name, links }));
  };

  const popup = ({ name, links }) => {
    const content = document.createElement("div");
    content.append(Object.assign(document.createElement("strong"), { textContent: name }));
    links.forEach((link) => {
      const line = document.createElement("p");
      line.append(Object.assign(document.createElement("a"), { href: link.href, textContent: link.textContent }));
      content.append(line);
    });
    return content;
  };

  const draw = (ground) => {
    if (ground.dataset.drawn || !window.L) return;
    ground.dataset.drawn = "1";
    ground.hidden = false;
    const root = ground.closest(".find-search") || document;
    const one = ground.dataset.point;
    const points = one ? [{ at: one.split(",").map(Number), name: ground.dataset.name, links: [] }] : places(root);
    const map = L.map(ground, { scrollWheelZoom: false, zoomControl: false, attributionControl: Boolean(ground.dataset.tiles) });
    L.control.zoom({ zoomInTitle: "Agrandir", zoomOutTitle: "Réduire" }).addTo(map);
    L.control.scale({ imperial: false }).addTo(map);
    const missing = ground.parentElement.querySelector("[data-map-missing]");
    const say = () => missing && (missing.hidden = false);
    if (ground.dataset.tiles) {
      const tiles = L.tileLayer(ground.dataset.tiles, { maxZoom: 18, attribution: "© IGN" }).addTo(map);
      tiles.once("tileerror", say);
    } else say();
    if (points.length === 1) map.setView(points[0].at, 14);
    else if (points.length) map.fitBounds(points.map((point) => point.at), { padding: [40, 40], maxZoom: 14 });
    points.forEach((point, number) => {
      const label = point.links.length ? String(number + 1) : "";
      const marker = L.marker(point.at, { icon: pin(label), title: point.name, alt: point.name, keyboard: !one, interactive: !one }).addTo(map);
      if (!one) {
        marker.getElement().setAttribute("aria-label", `${label}. ${point.name}`);
        marker.bindPopup(popup(point));
      }
    });
  };

  /* --- On a phone, once asked, the answer comes first ------------------------------------------ */
  const fold = (button) => {
    const form = button.form;
    if (wide.matches || !button.hidden) return;
    button.hidden = false;
    form.classList.add("is-folded");
    button.addEventListener("click", () => {
      form.classList.remove("is-folded");
      button.hidden = true;
      form.elements.ou.focus();
    });
  };

  const wide = window.matchMedia("(min-width: 62em)");
  const start = (root) => {
    root.querySelectorAll("[data-around-me]").forEach(aroundMe);
    root.querySelectorAll("[data-unfold]").forEach(fold);
    root.querySelectorAll("[data-map]").forEach((ground) => {
      const fold = ground.closest("[data-map-fold]");
      if (!fold) return draw(ground);
      fold.addEventListener("toggle", () => fold.open && draw(ground));
      fold.open = wide.matches;
    });
    const heading = root.querySelector("[data-announce]");
    const status = document.getElementById("annonce");
    if (heading && status && root !== document) status.textContent = heading.textContent;
  };
  document.addEventListener("htmx:afterSwap", () => start(document.getElementById("recherche") || document));
  start(document);
})();
