/* The small map of a sheet: one point. The address says the same. */
(() => {
  "use strict";
  document.querySelectorAll("[data-point]").forEach((ground) => {
    if (!window.L) return;
    const { point, name, tiles } = ground.dataset;
    const at = point.split(",").map(Number);
    ground.hidden = false;
    const map = L.map(ground, { scrollWheelZoom: false, zoomControl: false, attributionControl: Boolean(tiles) }).setView(at, 15);
    L.control.zoom({ zoomInTitle: "Agrandir", zoomOutTitle: "Réduire" }).addTo(map);
    L.control.scale({ imperial: false }).addTo(map);
    const missing = ground.parentElement.querySelector("[data-map-missing]");
    const tell = () => missing && (missing.hidden = false);
    if (tiles) L.tileLayer(tiles, { maxZoom: 18, attribution: "© IGN" }).addTo(map).once("tileerror", tell);
    else tell();
    const html = Object.assign(document.createElement("span"), { className: "directory-pin" });
    L.marker(at, { icon: L.divIcon({ html, className: "", iconSize: [26, 26] }), title: name, alt: name, keyboard: false }).addTo(map);
  });
})();
