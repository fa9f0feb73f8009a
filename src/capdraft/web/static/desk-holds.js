// When keys don't act: while an answer is on its way, while who typed on meanwhile has not paused,
// and while a form of the desk is open. What is typed for one claim must never decide on another.
"use strict";

(() => {
  const PAUSE = 800;
  const one = (selector, root = document) => root?.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const tell = (detail) => document.dispatchEvent(new CustomEvent("capdraft:refused", { detail }));

  const typing = (element) =>
    element.isContentEditable ||
    element.matches("textarea, select, input:not([type=checkbox], [type=radio], [type=button], [type=submit])");

  // Answers on their way: those that bring another page.

  const asked = new Set();
  let pause = 0;

  const show = () => document.documentElement.toggleAttribute("data-keys-rest", asked.size > 0 || pause > 0);
  const wake = () => {
    clearTimeout(pause);
    pause = 0;
    show();
  };
  const typesOn = () => {
    clearTimeout(pause);
    pause = setTimeout(wake, PAUSE);
    show();
  };
  const decides = () => [...asked].some((ctx) => ctx.request.method !== "GET");

  document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
    if (ctx.target === document.body) asked.add(ctx);
    show();
  });
  document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
    asked.delete(ctx);
    swaps = false;
    show();
  });

  const rests = (event, control) => {
    const sends = event.key === "Enter" && event.target.matches("input");
    const text = !control && !sends && typing(event.target);
    if (text && swaps && event.key.length === 1) {
      // The page is there, what was typed in it is not yet.
      between += event.key;
      return true;
    }
    if (asked.size) {
      if (decides() && !control) typesOn();
      if (!text && decides()) tell("Your decision is on its way: no key acts until its answer is here.");
      return !text;
    }
    if (text) wake();
    if (!pause || control || text) return false;
    typesOn();
    tell("You typed on, and nothing was done with it. Keys act again when you pause.");
    return true;
  };

  // A form that is open: data-holds is what it says.

  const OPEN = ".desk .mode[open]";
  const fields = "textarea, input:not([type=hidden], [type=checkbox])";
  let place = null;
  let swaps = false;
  let between = "";

  const takes = (mode, key) => {
    const tools = mode.id === "cite-mode" ? all(".document-tools [data-key]") : [];
    const found = [...all(".panel [data-key]", mode), ...tools];
    return found.some(
      (element) => element.dataset.key.split(",").includes(key) && element.checkVisibility(),
    );
  };

  const boxes = () => all(".document-pane input[name=cite]").filter((box) => box.checkVisibility());

  // Where the focus was in a form, also if the page was swapped meanwhile; else its text.
  const fieldOf = (mode) => {
    if (mode.id === "cite-mode") {
      const seen = boxes();
      return seen.find((box) => box.value === place?.value) || seen.find((box) => box.checked) || seen[0];
    }
    const last = place?.id && document.getElementById(place.id);
    return last && mode.contains(last) ? last : one(fields, mode);
  };

  const note = (element) => {
    if (!element?.matches?.(`.desk .mode :is(${fields}), .document-pane input[name=cite]`)) return;
    const { id, value, selectionStart: start, selectionEnd: end } = element;
    place = { id, value, start, end };
  };

  const goBack = (mode) => {
    const field = fieldOf(mode);
    field?.focus({ preventScroll: true });
    (field?.closest(".passage") || field)?.scrollIntoView({ block: "nearest" });
  };

  const holds = (event) => {
    const mode = one(OPEN);
    const key = event.key === " " ? "Space" : event.key;
    if (!mode || event.key.length !== 1 || typing(event.target) || takes(mode, key)) return false;
    const inside = event.target.closest?.(".panel, .document-side");
    if (key === "Space" && inside && event.target.matches("button, summary, input")) return false;
    tell(mode.dataset.holds);
    goBack(mode);
    return true;
  };

  // Before all others: what is held here reaches none of them.
  window.addEventListener("keydown", (event) => {
    const control = event.ctrlKey || event.metaKey;
    const acts = event.key === "Enter" || (event.key.length === 1 && !control);
    if (!acts || event.altKey || event.isComposing || one("dialog[open]")) return;
    if ((!asked.size && !control && holds(event)) || rests(event, control)) {
      event.preventDefault();
      event.stopImmediatePropagation();
    } else if (control && one(OPEN)) {
      // Who saves by a key may type on.
      typesOn();
    }
  }, true);

  document.addEventListener("focusout", (event) => {
    if (!swaps) note(event.target);
  });
  document.addEventListener("htmx:before:swap", ({ detail: { ctx } }) => {
    if (ctx.target !== document.body) return;
    note(document.activeElement);
    swaps = true;
  });

  // A form that was refused comes back open: so does the focus, with its caret.
  document.addEventListener("capdraft:desk", () => {
    const mode = one(OPEN);
    const alert = one(".claim-side > [role=alert]");
    if (mode && alert) {
      const field = fieldOf(mode);
      field?.setAttribute("aria-describedby", alert.id);
      goBack(mode);
      if (place?.id === field?.id && place?.start != null) {
        field.setSelectionRange(place.start, place.end);
        field.setRangeText(between, place.start, place.end, "end");
        if (between) field.dispatchEvent(new Event("input", { bubbles: true }));
      }
    }
    place = null;
    between = "";
    swaps = false;
  });
})();
