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

  /* Suggestions while typing: a combobox over the options that the server writes. An option may
     fill other empty fields of the form: data-also-postcode fills "postcode". */
  const suggest = (input) => {
    if (input.hasAttribute("aria-controls")) return;
    const list = document.createElement("ul");
    let active = -1;
    let timer = 0;
    let asked = 0;
    list.id = `${input.id}-options`;
    list.className = "pr-options";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", "Propositions");
    list.hidden = true;
    input.after(list);
    input.parentElement.classList.add("pr-suggest");
    Object.entries({ role: "combobox", "aria-controls": list.id, "aria-expanded": "false", "aria-autocomplete": "list", autocomplete: "off" })
      .forEach(([name, value]) => input.setAttribute(name, value));

    const close = () => {
      active = -1;
      list.replaceChildren();
      list.hidden = true;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    };
    const mark = (place) => {
      const options = [...list.children];
      active = (place + options.length) % options.length;
      options.forEach((option, number) => option.setAttribute("aria-selected", String(number === active)));
      input.setAttribute("aria-activedescendant", options[active].id);
    };
    const choose = (option) => {
      input.value = option.dataset.value;
      [...input.form.elements].forEach((field) => {
        const also = field.name && option.getAttribute(`data-also-${field.name}`);
        if (also && !field.value) field.value = also;
      });
      close();
    };
    const ask = async () => {
      const mine = ++asked;
      const text = input.value.trim();
      if (text.length < 2) return close();
      const response = await fetch(`${input.dataset.suggest}?q=${encodeURIComponent(text)}`).catch(() => null);
      if (!response?.ok || mine !== asked || document.activeElement !== input) return;
      list.innerHTML = await response.text();
      list.hidden = !list.children.length;
      active = -1;
      input.setAttribute("aria-expanded", String(list.children.length > 0));
    };
    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(ask, 150);
    });
    input.addEventListener("keydown", (event) => {
      const open = list.children.length > 0;
      if (event.key === "ArrowDown" && open) mark(active + 1);
      else if (event.key === "ArrowUp" && open) mark(active < 0 ? -1 : active - 1);
      else if (event.key === "Enter" && active >= 0) choose(list.children[active]);
      else if (event.key === "Escape" && open) close();
      else return;
      event.preventDefault();
    });
    input.addEventListener("blur", () => setTimeout(close, 150));
    list.addEventListener("mousedown", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) choose(option);
      event.preventDefault();
    });
  };
  const suggestAll = () => document.querySelectorAll("input[data-suggest]").forEach(suggest);
  document.addEventListener("htmx:afterSwap", suggestAll);
  suggestAll();

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
  });
  document.addEventListener("htmx:afterSettle", (event) => focusFirst(event.target));
  focusFirst(document);
  countdown();
  setInterval(countdown, 30000);
})();
