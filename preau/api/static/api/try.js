// « Essayer » on the documentation of the API: sends what is typed, shows what comes back.
(() => {
  "use strict";
  const token = document.getElementById("api-token");
  if (!token) return;

  const key = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, (one) => one.toString(16).padStart(2, "0")).join("");
  };

  const addressOf = (form) => {
    let path = form.dataset.path;
    const query = new URLSearchParams();
    for (const field of form.querySelectorAll("[data-in]")) {
      const value = field.value.trim();
      if (field.dataset.in === "path") {
        path = path.replace(`{${field.name}}`, encodeURIComponent(value));
      } else if (field.dataset.in === "query" && value) {
        const values = field.dataset.list ? value.split(",") : [value];
        for (const one of values) query.append(field.name, one.trim());
      }
    }
    const text = query.toString();
    return text ? `${path}?${text}` : path;
  };

  const send = async (form) => {
    const headers = { Accept: "application/json" };
    if (token.value.trim()) headers.Authorization = `Bearer ${token.value.trim()}`;
    const asked = { method: form.dataset.method, headers, credentials: "omit" };
    const body = form.querySelector("textarea");
    if (asked.method !== "GET") {
      headers["Content-Type"] = "application/json";
      headers["Idempotency-Key"] = key();
      asked.body = body ? body.value : "{}";
    }
    const answer = await fetch(addressOf(form), asked);
    const text = await answer.text();
    let shown = text;
    try {
      shown = JSON.stringify(JSON.parse(text), null, 2);
    } catch {
      // not JSON: shown as it came
    }
    const left = answer.headers.get("RateLimit-Remaining");
    const rest = left === null ? "" : ` · encore ${left} requêtes cette minute`;
    return `${answer.status} ${answer.statusText}${rest}\n\n${shown}`;
  };

  for (const part of document.querySelectorAll(".api-try")) part.hidden = false;
  for (const form of document.querySelectorAll("form[data-path]")) {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const out = form.querySelector(".api-out");
      out.hidden = false;
      out.textContent = "Envoi…";
      try {
        out.textContent = await send(form);
      } catch {
        out.textContent = "La requête n’est pas partie : vérifiez votre connexion.";
      }
    });
  }
})();
