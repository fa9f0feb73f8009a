// Search within the page: no request, nothing stored. Rows are
// [page, name, type, [[id, name, [need, …], description?], …]].
"use strict";
(() => {
  const rows = window.capdraftRows || [];
  const query = document.getElementById("query");
  const results = document.getElementById("results");
  const status = document.getElementById("status");
  const MOST = 50;
  const PLACES = [["capability", 8], ["need", 6], ["artifact", 5], ["type", 4], ["description", 2]];

  const fold = (text) =>
    text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  // Scripts without spaces are found by their letters: a query word is looked for anywhere.
  const spaced = /^[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{N}]+$/u;

  const entries = [];
  for (const [page, name, type, capabilities] of rows) {
    for (const [id, title, needs, description] of capabilities) {
      const texts = [title, needs.join("; "), name, type, description || ""];
      entries.push({ page, id, texts, folded: null });
    }
  }

  const starts = (text, word) => {
    for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
      if (at === 0 || !/[\p{L}\p{N}]/u.test(text[at - 1])) return true;
    }
    return false;
  };
  const has = (text, word) => (spaced.test(word) ? starts(text, word) : text.includes(word));
  // "images" finds "image", "captions" finds "captioning": at least four letters are left.
  const root = (word) => word.replace(/^([a-z]{4,}?)(?:ings?|ed|e?s)$/, "$1");

  function find(words) {
    const found = [];
    for (const entry of entries) {
      entry.folded ||= entry.texts.map(fold);
      let score = 0;
      const where = new Set();
      const matched = [];
      for (const word of words) {
        const places = PLACES.filter((_, i) => entry.folded[i] && has(entry.folded[i], root(word)));
        if (!places.length) continue;
        matched.push(word);
        score += Math.max(...places.map(([, weight]) => weight));
        if (entry.folded.some((text) => has(text, word))) score += 1;
        places.forEach(([place]) => where.add(place));
      }
      if (matched.length) found.push({ entry, score, matched, where });
    }
    found.sort((a, b) => b.matched.length - a.matched.length || b.score - a.score);
    return found;
  }

  // Marks the words in a text; text nodes only, so that nothing in it is markup.
  function marked(element, text, words) {
    const parts = text.split(/([\p{L}\p{N}]+)/u);
    for (const part of parts) {
      const folded = fold(part);
      if (part && words.some((word) => has(folded, root(word)))) {
        const mark = document.createElement("mark");
        mark.textContent = part;
        element.append(mark);
      } else element.append(part);
    }
  }

  function line(parent, tag, text, words, name) {
    const element = document.createElement(tag);
    if (name) element.className = name;
    marked(element, text, words);
    parent.append(element);
    return element;
  }

  function show() {
    const text = query.value.trim();
    const words = [...new Set(fold(text).match(/[\p{L}\p{N}]+/gu) || [])];
    results.replaceChildren();
    const address = text ? `#q=${encodeURIComponent(text)}` : location.pathname + location.search;
    if (text || location.hash) history.replaceState(null, "", address);
    if (!words.length) {
      status.textContent = "";
      return;
    }
    const found = find(words);
    for (const { entry, matched, where } of found.slice(0, MOST)) {
      const [title, needs, name, type, description] = entry.texts;
      const item = document.createElement("li");
      const link = line(item, "a", title, words);
      link.href = `${entry.page}#c-${encodeURIComponent(entry.id)}`;
      item.append(" ");
      line(item, "span", `${name} (${type})`, words, "muted");
      if (where.has("need")) line(item, "div", needs, words, "small");
      if (where.has("description")) line(item, "div", description, words, "small");
      const places = PLACES.map(([place]) => place).filter((place) => where.has(place));
      const missing = words.filter((word) => !matched.includes(word));
      const lacks = missing.length ? `; without ${missing.join(", ")}` : "";
      line(item, "div", `matched ${matched.join(", ")} in ${places.join(", ")}${lacks}`, [], "small muted");
      results.append(item);
    }
    const shown = found.length > MOST ? `, the best ${MOST} shown` : "";
    status.textContent = found.length
      ? `${found.length} ${found.length === 1 ? "capability" : "capabilities"}${shown}`
      : "Nothing found. Try fewer or other words.";
  }

  function step(by) {
    const links = [query, ...results.querySelectorAll("a")];
    const at = Math.max(links.indexOf(document.activeElement), 0);
    links[Math.min(Math.max(at + by, 0), links.length - 1)].focus();
  }

  let waiting;
  query.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, 80);
  });
  query.form.addEventListener("submit", (event) => {
    event.preventDefault();
    show();
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!results.children.length) return;
      event.preventDefault();
      step(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "/" && document.activeElement !== query) {
      event.preventDefault();
      query.select();
      query.focus();
    }
  });
  const asked = new URLSearchParams(location.hash.slice(1)).get("q") ||
    new URLSearchParams(location.search).get("q");
  if (asked) query.value = asked;
  show();
  query.focus();
})();
