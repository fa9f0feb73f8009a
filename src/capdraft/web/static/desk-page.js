// What the desk adds to keys and focus: scrolling to what is cited, citing by a click, and checking
// an edit as it is typed.
"use strict";

(() => {
  const DELAY = 250;
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const smooth = () => (matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth");

  // The documents: only their pane scrolls.

  const FRAMES = 12;
  const MARGIN = 4;

  // What was not laid out yet has a guessed height: look again until everything is there.
  const settle = (pane, aim, frames = FRAMES) => {
    pane.scrollTo({ top: aim(), behavior: "instant" });
    if (frames) requestAnimationFrame(() => settle(pane, aim, frames - 1));
  };

  const goTo = (element, behavior) => {
    for (let at = element.parentElement; at; at = at.parentElement) {
      if (at.matches("details")) at.open = true;
    }
    const pane = element.closest(".document-pane");
    const title = one("summary", element.closest("details.document"));
    document.documentElement.style.setProperty("--document-title", `${title.offsetHeight}px`);
    const aim = () => {
      const from = pane.getBoundingClientRect();
      const to = element.getBoundingClientRect();
      const above = title.offsetHeight + MARGIN;
      const free = pane.clientHeight - above - to.height;
      return pane.scrollTop + to.top - from.top - above - Math.max(0, free / 3);
    };
    const near = Math.abs(aim() - pane.scrollTop) < 2 * pane.clientHeight;
    if (near && behavior !== "instant") pane.scrollTo({ top: aim(), behavior });
    else settle(pane, aim);
    // On a phone the pane itself may be out of sight.
    if (behavior !== "instant" && pane.getBoundingClientRect().top > innerHeight / 2) {
      pane.scrollIntoView({ block: "start", behavior });
    }
    for (const other of all(".passage.current")) other.classList.remove("current");
    element.classList.add("current");
    for (const link of all("#step a")) {
      if (link.dataset.goesTo === element.id) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  };

  const steps = () =>
    all(".document-pane [data-step]").sort((a, b) => a.dataset.step - b.dataset.step);

  const step = (by) => {
    const found = steps();
    if (!found.length) return;
    const at = found.findIndex((element) => element.matches(".current"));
    goTo(found[(at + by + found.length) % found.length], smooth());
  };

  // Editing and citing

  let timer = 0;
  const recheck = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const element = one("#checked");
      if (element) htmx.trigger(element, "recheck");
    }, DELAY);
  };

  const boxes = (passage) => all("input[name=cite]", passage);

  // None, this side, the other side, none again.
  const choose = (passage) => {
    const found = boxes(passage);
    const at = found.findIndex((box) => box.checked);
    for (const box of found) box.checked = false;
    if (at + 1 < found.length) found[at + 1].checked = true;
    recheck();
  };

  const open = () => {
    if (!one(".desk")) return;
    for (const element of all("[data-leaves], .needs-script")) element.hidden = false;
    const first = steps()[0];
    if (first) goTo(first, "instant");
    const mode = one("details.mode[open]");
    if (mode) enter(mode);
    document.dispatchEvent(new CustomEvent("capdraft:desk"));
  };

  document.addEventListener("DOMContentLoaded", () => {
    open();
    if (document.activeElement === document.body) one(".desk h1")?.focus({ preventScroll: true });
  });
  document.addEventListener("capdraft:page", open);

  const START = {
    "edit-mode": () => one("#edit-text"),
    "cite-mode": () => {
      const seen = all(".document-pane input[name=cite]").filter((box) => box.checkVisibility());
      const chosen = seen.filter((box) => box.checked);
      return chosen.find((box) => box.closest(".passage.current")) || chosen[0] || seen[0];
    },
  };

  let scrolled = 0;

  const enter = (mode) => {
    scrolled = one(".claim-side").scrollTop;
    const start = START[mode.id]?.() || one(".panel button[name], .panel textarea", mode);
    start?.focus({ preventScroll: true });
    if (mode.id === "edit-mode") start.setSelectionRange(start.value.length, start.value.length);
    one(".panel", mode).scrollIntoView({ block: "nearest" });
    if (mode.matches("#edit-mode, #cite-mode")) recheck();
    // The boxes that cite take room: what was in view stays there.
    const seen = mode.id === "cite-mode" && (start?.closest(".passage") || one(".passage.current"));
    if (seen) goTo(seen, "instant");
  };

  // Sooner than the event `toggle`: the next key has to find the focus where it belongs.
  new MutationObserver((changes) => {
    for (const { target } of changes) {
      if (target.matches("details.mode") && target.open) enter(target);
    }
  }).observe(document, { subtree: true, attributeFilter: ["open"] });

  document.addEventListener("click", (event) => {
    const on = (selector) => event.target.closest(selector);
    const leaves = on("[data-leaves]");
    if (leaves) {
      const mode = leaves.closest("details");
      mode.open = false;
      one("summary", mode).focus({ preventScroll: true });
      one(".claim-side").scrollTop = scrolled;
    }
    const goes = on("[data-goes-to]");
    const there = goes && document.getElementById(goes.dataset.goesTo);
    if (there) {
      event.preventDefault();
      goTo(there, smooth());
    }
    const stepping = on("[data-steps]");
    if (stepping) step(Number(stepping.dataset.steps));
    const passage = on(".document-pane .passage");
    if (passage && one("#cite-mode[open]") && !on("a, label, input, summary") && !String(getSelection())) {
      choose(passage);
    }
  });

  document.addEventListener("input", (event) => {
    if (event.target.form?.id === "edit") recheck();
  });

  document.addEventListener("htmx:error", (event) => {
    const source = event.detail?.ctx?.sourceElement;
    if (!source || source.hidden || source.matches("#checked, #look")) return;
    const said = one("#refused");
    if (said) said.textContent = "The server can't be reached. Nothing was decided; what you typed is still here.";
  });

  // After a search the first place that was found is shown, else what is cited.
  document.addEventListener("htmx:after:swap", () => {
    const asked = one("#find");
    if (!asked || document.activeElement?.form?.id !== "look") return;
    const hit = one("#documents .hit");
    const there = asked.value && hit ? hit.closest(".passage") : steps()[0];
    if (there) goTo(there, "instant");
  });

  // A finding and the words that it is about show each other.
  const lighten = (event) => {
    const finding = event.target.closest?.("[data-finding]");
    for (const mark of all("mark[data-findings]")) {
      const numbers = mark.dataset.findings.split(" ");
      mark.classList.toggle("lit", Boolean(finding) && numbers.includes(finding.dataset.finding));
    }
  };
  for (const kind of ["mouseover", "focusin"]) document.addEventListener(kind, lighten);
})();
