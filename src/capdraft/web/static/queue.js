// The queue: a cursor over its rows, which is the focus of their links, and what is selected.
"use strict";

(() => {
  let last = null;
  let pointed = false;

  const form = () => document.querySelector("[data-queue]");
  const boxes = () => [...form().querySelectorAll("input[name=row]")];
  const links = () => [...form().querySelectorAll(".row-link")];

  const tell = () => {
    const selects = document.querySelector("[data-selects]");
    if (!selects) return;
    const all = [...selects.querySelectorAll("input[name=row]")];
    const chosen = all.filter((box) => box.checked).length;
    for (const words of selects.querySelectorAll("[data-bulk]")) {
      words.textContent = `${words.dataset.bulk} ${chosen || "selected"}${words.dataset.more ?? ""}`;
      words.closest("button").disabled = chosen === 0;
    }
    const every = selects.querySelector("[data-all]");
    if (!every) return;
    every.checked = chosen === all.length;
    every.indeterminate = chosen > 0 && chosen < all.length;
  };

  const move = (steps) => {
    const rows = links();
    const at = rows.findIndex((link) => link.closest(".row").contains(document.activeElement));
    const to = at < 0 ? (steps > 0 ? 0 : rows.length - 1) : at + steps;
    rows[Math.min(Math.max(to, 0), rows.length - 1)]?.focus();
  };

  const current = () => document.activeElement?.closest(".row");

  const select = (box, upTo) => {
    const all = boxes();
    if (upTo && last && all.includes(last)) {
      const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
      for (const each of all.slice(from, to + 1)) each.checked = last.checked;
    }
    last = box;
    tell();
  };

  const acts = {
    j: () => move(1),
    k: () => move(-1),
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    o: () => {
      if (!current()) return false;
      current().querySelector(".row-link").click();
      return true;
    },
    s: (event) => toggle(event),
    " ": (event) => toggle(event),
  };

  const toggle = (event) => {
    const box = current()?.querySelector("input[name=row]");
    if (!box) return false;
    if (!event.shiftKey) box.checked = !box.checked;
    select(box, event.shiftKey);
    return true;
  };

  document.addEventListener(
    "keydown",
    (event) => {
      if (!form() || event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return;
      if (document.querySelector("dialog[open]")) return;
      const typing = event.target.matches("textarea, select, input:not([type=checkbox])");
      const pressing = event.target.matches("button, summary, [type=checkbox]") && event.key === " ";
      const arrows = event.key.startsWith("Arrow") && !current();
      const act = acts[event.key === "S" ? "s" : event.key];
      if (typing || pressing || arrows || !act) return;
      if (act(event) !== false) event.preventDefault();
    },
    true,
  );

  document.addEventListener("click", (event) => {
    if (!event.target.matches("input[name=row]")) return;
    if (form()) select(event.target, event.shiftKey);
    else tell();
  });

  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-all]")) {
      for (const box of boxes()) box.checked = event.target.checked;
      tell();
    }
    // Keys pass through many values on their way to one; a click means one.
    if (pointed && event.target.closest("[data-filters]") && event.target.type !== "search") {
      event.target.form.requestSubmit();
    }
  });

  document.addEventListener("pointerdown", () => (pointed = true), true);
  document.addEventListener("keydown", () => (pointed = false), true);

  document.addEventListener("DOMContentLoaded", tell);
  document.addEventListener("capdraft:page", tell);
})();
