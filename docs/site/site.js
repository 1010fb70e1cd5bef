// Light and dark, copying, and search.  Without it every page is complete.
"use strict";
(() => {
  const root = document.documentElement, home = document.body.dataset.home;
  const all = (what, where = document) => Array.from(where.querySelectorAll(what));
  const one = name => document.getElementById(name);
  root.classList.add("js");

  // Light and dark: the reader's choice is kept where the browser allows it.
  const theme = one("_theme"), system = matchMedia("(prefers-color-scheme: dark)");
  const kept = action => { try { return action(localStorage); } catch (refused) { return null; } };
  const dark = () => (root.dataset.theme || (system.matches ? "dark" : "light")) === "dark";
  const named = () => { theme.textContent = dark() ? "Light" : "Dark"; };
  const before = kept(store => store.getItem("theme"));
  if (before === "dark" || before === "light") root.dataset.theme = before;
  theme.addEventListener("click", () => {
    root.dataset.theme = dark() ? "light" : "dark";
    kept(store => store.setItem("theme", root.dataset.theme));
    named();
  });
  system.addEventListener("change", named);
  named();

  // The list of pages is folded where it would stand above the text.
  const pages = one("_pages");
  if (!matchMedia("(min-width: 62rem)").matches) pages.open = false;

  // Copying: what is typed if a block shows commands, else the whole block.
  const byHand = text => {
    const field = document.createElement("textarea");
    field.value = text;
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done;
  };
  const put = async text => {
    try { await navigator.clipboard.writeText(text); return true; } catch (refused) { return byHand(text); }
  };
  const spoken = one("_spoken");
  all(".listing").forEach(block => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Copy";
    block.append(button);
    button.addEventListener("click", async () => {
      const typed = all(".typed", block).map(line => line.textContent.replace(/^\$ /, ""));
      const done = await put(typed.length ? typed.join("\n") : block.querySelector("code").textContent);
      button.classList.add("done");
      button.textContent = spoken.textContent = done ? "Copied" : "The browser does not allow it";
      setTimeout(() => { button.classList.remove("done"); button.textContent = "Copy"; spoken.textContent = ""; }, 1500);
    });
  });

  // Search: the words of every section come as a script when they are first needed, since a file may not be fetched.
  const field = one("_search"), list = one("_found");
  const load = () => {
    if (one("_words")) return;
    const script = document.createElement("script");
    script.id = "_words";
    script.src = home + "search.js";
    script.addEventListener("load", look);
    document.head.append(script);
  };
  const plain = text => text.toLowerCase().normalize("NFKD").replace(/[\u0300-\u036f]/g, "");
  const score = (section, words) => {
    let sum = 0;
    for (const word of words) {
      const title = plain(section.title).includes(word), page = plain(section.page).includes(word);
      if (!title && !page && !plain(section.text).includes(word)) return 0;
      sum += (title ? 6 : 0) + (page ? 3 : 0) + 1;
    }
    return sum;
  };
  const excerpt = (text, word) => {
    const start = Math.max(0, plain(text).indexOf(word) - 40);
    return (start ? "… " : "") + text.slice(start, start + 140) + (start + 140 < text.length ? " …" : "");
  };
  const result = (section, word) => {
    const item = document.createElement("li"), link = document.createElement("a");
    const title = document.createElement("b"), text = document.createElement("span");
    link.href = home + section.url;
    title.textContent = section.title === section.page ? section.page : section.page + " › " + section.title;
    text.textContent = excerpt(section.text, word);
    link.append(title, text);
    item.append(link);
    return item;
  };
  const look = () => {
    const words = plain(field.value).split(/\s+/).filter(Boolean);
    list.hidden = !words.length;
    if (!words.length || !window.SECTIONS) return;
    const found = window.SECTIONS.map(section => [score(section, words), section]).filter(([sum]) => sum);
    found.sort((first, second) => second[0] - first[0]);
    list.replaceChildren(...found.slice(0, 12).map(([, section]) => result(section, words[0])));
    spoken.textContent = found.length + " found";
    if (found.length) return;
    const none = document.createElement("li");
    none.className = "none";
    none.textContent = "Nothing found.";
    list.append(none);
  };
  field.addEventListener("focus", load);
  field.addEventListener("input", () => { load(); look(); });
  field.form.addEventListener("submit", event => {
    event.preventDefault();
    const first = list.querySelector("a");
    if (first) location.href = first.href;
  });
  document.addEventListener("keydown", event => {
    if (event.key === "/" && !event.target.closest("input, textarea")) { event.preventDefault(); field.focus(); }
    if (event.key === "Escape") { list.hidden = true; }
  });
  document.addEventListener("click", event => { if (!event.target.closest(".tools")) list.hidden = true; });
})();
