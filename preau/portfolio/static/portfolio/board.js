/* Dragging a card is another way of choosing in its list and pressing « Déplacer ». */
(() => {
  "use strict";
  const board = document.querySelector(".portfolio-board");
  if (!board || !window.matchMedia("(pointer: fine)").matches) return;
  let card = null;
  const select = () => card.querySelector("select[name=vers]");
  const accepts = (column) => card && [...select().options].some((one) => one.value === column.dataset.state);

  board.querySelectorAll("[data-card]").forEach((one) => {
    if (!one.querySelector("form")) return;
    one.draggable = true;
    one.addEventListener("dragstart", (event) => { card = one; event.dataTransfer.effectAllowed = "move"; });
    one.addEventListener("dragend", () => { card = null; board.querySelectorAll(".is-target").forEach((column) => column.classList.remove("is-target")); });
  });
  board.querySelectorAll(".portfolio-column").forEach((column) => {
    column.addEventListener("dragover", (event) => {
      if (!accepts(column)) return;
      event.preventDefault();
      column.classList.add("is-target");
    });
    column.addEventListener("dragleave", () => column.classList.remove("is-target"));
    column.addEventListener("drop", (event) => {
      if (!accepts(column)) return;
      event.preventDefault();
      select().value = column.dataset.state;
      card.querySelector("form").requestSubmit();
    });
  });
})();
