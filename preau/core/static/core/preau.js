/* Small helps; every page works without them. */
(() => {
  "use strict";

  /* The person lands on what went wrong, or on the answer to what they did. */
  const focusFirst = (root) => {
    const target = root.querySelector("#erreurs, #messages");
    if (target) target.focus();
  };

  /* A second click on "send" does nothing while the first is under way. */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[data-once]") || event.defaultPrevented) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    setTimeout(() => delete form.dataset.sent, 8000);
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
  });

  /* "jusqu'à 18 h 15 (encore 12 minutes)": the hour is the fact, the rest is a courtesy. */
  const countdown = () => {
    document.querySelectorAll("time[data-countdown]").forEach((node) => {
      node.dataset.clock ||= node.textContent;
      const minutes = Math.ceil((new Date(node.dateTime) - Date.now()) / 60000);
      const left = minutes > 0 ? `encore ${minutes}\u00a0minute${minutes > 1 ? "s" : ""}` : "délai passé";
      node.textContent = `${node.dataset.clock} (${left})`;
    });
  };

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
  });
  document.addEventListener("htmx:afterSettle", (event) => focusFirst(event.target));
  focusFirst(document);
  countdown();
  setInterval(countdown, 30000);
})();
