/* The map of a scenario, instead of the picture. The page works without it. */
(() => {
  "use strict";

  const start = async (ground) => {
    if (!window.L) return;
    const { points, tiles } = ground.dataset;
    let found;
    try {
      const answer = await fetch(points, { credentials: "same-origin", headers: { Accept: "application/json" } });
      if (!answer.ok) return;
      found = await answer.json();
    } catch {
      return; // the picture stays
    }
    const everything = [...found.chosen, ...found.missed];
    if (!everything.length) return;
    ground.hidden = false;
    document.querySelectorAll("[data-siting-picture]").forEach((one) => { one.hidden = true; });
    const map = L.map(ground, { scrollWheelZoom: false, zoomControl: false, preferCanvas: true, attributionControl: Boolean(tiles), minZoom: 3, maxZoom: 16 });
    L.control.zoom({ zoomInTitle: "Agrandir", zoomOutTitle: "Réduire" }).addTo(map);
    L.control.scale({ imperial: false }).addTo(map);
    if (tiles) L.tileLayer(tiles, { maxZoom: 18, attribution: "© IGN" }).addTo(map);
    map.fitBounds(everything.map((one) => [one.lat, one.lon]), { padding: [24, 24], maxZoom: 12 });
    const largest = Math.max(1, ...found.missed.map((one) => one.size));
    found.missed.forEach((one) => {
      L.circleMarker([one.lat, one.lon], { radius: 2 + 10 * Math.sqrt(one.size / largest), color: "#b34000", weight: 1, fillColor: "#fddede", fillOpacity: 0.7 }).bindTooltip(`${one.name} : non desservie, ${one.size.toLocaleString("fr-FR")} habitants`).addTo(map);
    });
    const pin = (kind, side) => L.divIcon({ html: Object.assign(document.createElement("span"), { className: `siting-pin siting-pin--${kind}` }), className: "", iconSize: [side, side] });
    found.existing.forEach((one) => {
      L.marker([one.lat, one.lon], { icon: pin("existing", 9), title: one.name, alt: one.name, keyboard: false }).addTo(map);
    });
    found.chosen.forEach((one) => {
      L.marker([one.lat, one.lon], { icon: pin("chosen", 16), title: one.name, alt: one.name, zIndexOffset: 1000 }).addTo(map).getElement()?.setAttribute("aria-label", one.name);
    });
  };

  document.querySelectorAll("[data-siting-map]").forEach(start);
})();
