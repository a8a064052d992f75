/* The map of the directory: the server gathers what is in sight. The page works without it. */
(() => {
  "use strict";

  const start = (ground) => {
    if (!window.L) return;
    const { points, tiles, south, west, north, east } = ground.dataset;
    const status = document.querySelector("[data-map-status]");
    ground.hidden = false;
    const map = L.map(ground, { scrollWheelZoom: false, zoomControl: false, worldCopyJump: true, attributionControl: Boolean(tiles), minZoom: 3, maxZoom: 18 });
    L.control.zoom({ zoomInTitle: "Agrandir", zoomOutTitle: "Réduire" }).addTo(map);
    L.control.scale({ imperial: false }).addTo(map);
    const missing = ground.parentElement.querySelector("[data-map-missing]");
    const tell = () => missing && (missing.hidden = false);
    if (tiles) L.tileLayer(tiles, { maxZoom: 18, attribution: "© IGN" }).addTo(map).once("tileerror", tell);
    else tell();
    map.fitBounds([[south, west], [north, east]], { padding: [24, 24], maxZoom: 12 });
    const layer = L.layerGroup().addTo(map);
    let latest = 0;

    const icon = (count) => {
      const side = count > 999 ? 52 : count > 99 ? 44 : 34;
      const html = Object.assign(document.createElement("span"), { className: "directory-pin", textContent: count > 1 ? count : "" });
      return L.divIcon({ html, className: "", iconSize: [side, side] });
    };
    const follow = (square) => {
      if (square.url) window.location.assign(square.url);
      else map.setView([square.lat, square.lon], Math.min(map.getZoom() + 2, 18));
    };
    const say = (square) => square.name || `${square.n} lieux`;

    const draw = async () => {
      const number = ++latest;
      const box = map.getBounds().pad(0.1);
      const url = new URL(points, window.location.href);
      url.searchParams.set("vue", [box.getSouth(), box.getWest(), box.getNorth(), box.getEast()].map((one) => one.toFixed(4)).join(","));
      url.searchParams.set("zoom", map.getZoom());
      try {
        const answer = await fetch(url, { credentials: "same-origin", headers: { Accept: "application/json" } });
        if (!answer.ok) throw new Error(String(answer.status));
        const { squares } = await answer.json();
        if (number !== latest) return;
        layer.clearLayers();
        squares.forEach((square) => {
          const marker = L.marker([square.lat, square.lon], { icon: icon(square.n), title: say(square), alt: say(square), keyboard: true }).addTo(layer);
          marker.getElement()?.setAttribute("aria-label", say(square));
          marker.on("click", () => follow(square));
        });
        const seen = squares.reduce((sum, square) => sum + square.n, 0);
        if (status) status.textContent = seen ? `${seen} lieu${seen > 1 ? "x" : ""} dans la partie affichée. Choisissez un rond pour s’en approcher.` : "Aucun lieu dans la partie affichée.";
      } catch {
        if (status && number === latest) status.textContent = "La carte n’a pas pu être mise à jour. La liste ci-dessous reste juste.";
      }
    };
    map.on("moveend", draw);
    draw();
  };

  document.querySelectorAll("[data-directory-map]").forEach(start);
})();
