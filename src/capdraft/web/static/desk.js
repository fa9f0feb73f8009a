// Keys and focus. Whatever has data-key="a" is activated by that key; "g q" are two keys in turn.
// Keys inside an open dialog or [data-keys-scope] win over the page's. A key never acts while text
// is being typed, except Escape and keys with Control (data-key="Control+Enter").
"use strict";

(() => {
  let before = "";
  let forget = 0;

  const typing = (element) =>
    element.isContentEditable ||
    element.matches("textarea, select, input:not([type=checkbox], [type=radio], [type=button], [type=submit])");

  const name = (event) => {
    const key = event.key === " " ? "Space" : event.key;
    return event.ctrlKey || event.metaKey ? `Control+${key}` : key;
  };

  const shown = (element) => element.checkVisibility() && !element.disabled;

  // Innermost first: an open modal dialog hides all keys of the page behind it.
  const scopes = () => {
    const dialog = [...document.querySelectorAll("dialog[open]")].pop();
    if (dialog) return [dialog];
    const open = [...document.querySelectorAll("[data-keys-scope]")].filter(shown);
    return [...open.reverse(), document];
  };

  const keys = (element) => element.dataset.key.split(",").map((key) => key.trim());

  const find = (key) => {
    for (const scope of scopes()) {
      const found = [...scope.querySelectorAll("[data-key]")].filter(
        (element) => keys(element).includes(key) && shown(element),
      );
      // The page's own before those of the bar, which all pages have.
      const own = found.find((element) => element.closest("main"));
      if (found.length > 0) return own || found[0];
    }
    return null;
  };

  const activate = (element) => {
    if (element.matches("input:not([type=checkbox], [type=radio]), textarea, select")) {
      element.focus();
      if (element.select) element.select();
    } else {
      element.click();
    }
  };

  // [data-cannot="d"] says why the key d does nothing here.
  const refuse = (key) => {
    const said = [...document.querySelectorAll("[data-cannot]")].find((element) =>
      element.dataset.cannot.split(" ").includes(key),
    );
    if (said && !document.querySelector("dialog[open]")) tell(said.textContent);
  };

  const STAYS = 6000;
  let clear = 0;
  const tell = (words) => {
    const line = document.querySelector("#refused");
    if (!line) return;
    line.textContent = words.trim();
    clearTimeout(clear);
    clear = setTimeout(() => (line.textContent = ""), STAYS);
  };
  document.addEventListener("capdraft:refused", (event) => tell(event.detail));

  const leave = () => {
    before = "";
    clearTimeout(forget);
  };

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.altKey) return;
    const key = name(event);
    const free = key === "Escape" || key.startsWith("Control+");
    if (typing(event.target) && !free) return;
    const isControl = event.target.matches("button, summary, input, a[href]");
    if (isControl && (key === "Enter" || (key === "Space" && !event.target.matches("a[href]")))) return;
    const element = (before && find(`${before} ${key}`)) || find(key);
    leave();
    if (element) {
      event.preventDefault();
      activate(element);
    } else {
      refuse(key);
      if (key.length === 1) {
        before = key;
        forget = setTimeout(leave, 1000);
      }
    }
  });

  // Told to screen readers: which key does what.
  const label = (root) => {
    for (const element of root.querySelectorAll("[data-key]")) {
      element.setAttribute("aria-keyshortcuts", keys(element).join(" "));
    }
  };

  // A page that was swapped in: its [autofocus] or its heading is where reading goes on.
  const focus = () => {
    const element = document.querySelector("main [autofocus], main [data-focus]");
    const first = element || document.querySelector("main");
    if (first && !first.contains(document.activeElement)) first.focus({ preventScroll: !element });
  };

  document.addEventListener("DOMContentLoaded", () => label(document));
  document.addEventListener("htmx:after:swap", (event) => {
    label(document);
    if (event.target === document.body) {
      clearTimeout(clear);
      focus();
      document.dispatchEvent(new CustomEvent("capdraft:page"));
    }
  });

  // <button data-opens="help"> opens <dialog id="help">; [data-closes] closes the dialog around it.
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (opener) document.getElementById(opener.dataset.opens)?.showModal();
    event.target.closest("[data-closes]")?.closest("dialog")?.close();
  });
})();
