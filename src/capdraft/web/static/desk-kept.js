// What is typed in an edit is kept in the browser until it is saved.
"use strict";

(() => {
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const refused = (detail) => document.dispatchEvent(new CustomEvent("capdraft:refused", { detail }));

  const keptUnder = (path) => `capdraft:${path}`;
  const SAVING = "capdraft-saving";

  // The text, and the names that are judged with it.
  const written = (form) => all("[data-was]", form);
  const isWritten = (form) => written(form).some((field) => field.value !== field.dataset.was);

  const keep = (form) => {
    const values = Object.fromEntries(written(form).map((field) => [field.name, field.value]));
    if (!isWritten(form)) sessionStorage.removeItem(keptUnder(form.dataset.keeps));
    else sessionStorage.setItem(keptUnder(form.dataset.keeps), JSON.stringify(values));
    tellKept(form);
  };

  const tellKept = (form) => {
    const kept = sessionStorage.getItem(keptUnder(form.dataset.keeps)) !== null;
    form.closest("details").classList.toggle("unsaved", kept);
  };

  // What was typed while `sent` was on its way is newer than what the answer shows.
  const bringBack = (form, sent) => {
    const found = sessionStorage.getItem(keptUnder(form.dataset.keeps));
    const kept = JSON.parse(found ?? "{}");
    const typedOn = sent?.path === form.dataset.keeps && found !== sent.kept;
    const answered = one("[data-typed]", form);
    if (!answered || typedOn) for (const field of written(form)) field.value = kept[field.name] ?? field.value;
    if (!answered && isWritten(form)) one(".kept-note", form).hidden = false;
    // What reads like what is kept was saved: nothing is left to keep.
    keep(form);
  };

  // What was sent is forgotten once another page shows that it was taken.
  const forgetSaved = () => {
    const sent = JSON.parse(sessionStorage.getItem(SAVING));
    sessionStorage.removeItem(SAVING);
    // Any other page is a failure or the same claim again.
    const taken = one(".desk-alone") || one("#notice")?.textContent.startsWith("edited ");
    if (!sent || !taken) return sent;
    if (sessionStorage.getItem(keptUnder(sent.path)) === sent.kept) {
      sessionStorage.removeItem(keptUnder(sent.path));
    } else {
      refused("It was saved. What you typed after that is kept there, in its edit.");
    }
    return null;
  };

  const open = () => {
    const sent = forgetSaved();
    const form = one("#edit");
    if (form) bringBack(form, sent);
  };

  document.addEventListener("DOMContentLoaded", open);
  document.addEventListener("capdraft:page", open);

  document.addEventListener("input", ({ target }) => {
    if (target.form?.id === "edit" && target.matches("[data-was]")) keep(target.form);
  });

  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-forgets]")) return;
    const form = one("#edit");
    for (const field of written(form)) field.value = field.dataset.was;
    one(".kept-note", form).hidden = true;
    one("#edit-text").dispatchEvent(new Event("input", { bubbles: true }));
  });

  document.addEventListener("submit", (event) => {
    if (event.target.id !== "edit") return;
    const path = event.target.dataset.keeps;
    const sent = { path, kept: sessionStorage.getItem(keptUnder(path)) };
    sessionStorage.setItem(SAVING, JSON.stringify(sent));
  }, true);

  document.addEventListener("htmx:error", (event) => {
    const source = event.detail?.ctx?.sourceElement;
    if (source && !source.hidden && !source.matches("#checked, #look")) sessionStorage.removeItem(SAVING);
  });

  // An edit that is still open is not what would be accepted.
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-accepts]")) return;
    const form = one("#edit-mode[open] #edit");
    if (!form || !isWritten(form)) return;
    event.preventDefault();
    refused("Your edit is not saved: Ctrl Enter saves and accepts it, Esc leaves it.");
  });
})();
