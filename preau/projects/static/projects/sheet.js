/* The sheet's map: the list of communes, seen from above. The page works without it. */
(() => {
  "use strict";

  const pin = (isLead) => {
    const html = document.createElement("span");
    html.className = isLead ? "projects-pin projects-pin--lead" : "projects-pin";
    const size = isLead ? 28 : 20;
    return L.divIcon({ html, className: "", iconSize: [size, size], iconAnchor: [size / 2, size] });
  };

  const draw = (ground) => {
    if (!window.L) return;
    const lines = document.querySelectorAll("[data-projects-communes] [data-position]");
    const points = [...lines].map(({ dataset }) => ({ at: dataset.position.split(",").map(Number), name: dataset.name }));
    if (!points.length) return;
    ground.hidden = false;
    const options = { scrollWheelZoom: false, zoomControl: false, attributionControl: Boolean(ground.dataset.tiles) };
    const map = L.map(ground, options);
    L.control.zoom({ zoomInTitle: "Agrandir", zoomOutTitle: "Réduire" }).addTo(map);
    L.control.scale({ imperial: false }).addTo(map);
    const missing = ground.parentElement.querySelector("[data-map-missing]");
    const say = () => missing && (missing.hidden = false);
    if (ground.dataset.tiles) {
      L.tileLayer(ground.dataset.tiles, { maxZoom: 18, attribution: "© IGN" }).addTo(map).once("tileerror", say);
    } else say();
    if (points.length === 1) map.setView(points[0].at, 11);
    else map.fitBounds(points.map((point) => point.at), { padding: [30, 30], maxZoom: 12 });
    points.forEach((point, number) => {
      L.marker(point.at, { icon: pin(number === 0), title: point.name, alt: point.name, keyboard: false, interactive: false }).addTo(map);
    });
  };

  document.querySelectorAll("[data-projects-map]").forEach(draw);

  // A section that is folded is opened by whatever leads to it.
  const unfold = () => {
    const aimed = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const folded = aimed && (aimed.querySelector(":scope > details") || aimed.closest("details"));
    if (folded && !folded.open) {
      folded.open = true;
      aimed.scrollIntoView();
    }
  };
  window.addEventListener("hashchange", unfold);
  unfold();
})();
