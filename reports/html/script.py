"""The script of a page: colours, folding, copying, and finding a tinted quantity again.  It asks nobody for anything.

Without it the page is complete: everything is unfolded, links work, and what only a script can do is not shown.
"""

SCRIPT = r"""
"use strict";
(() => {
  const root = document.documentElement, body = document.body, words = body.dataset;
  const all = (what, where = document) => Array.from(where.querySelectorAll(what));
  const one = name => document.getElementById(name);
  root.classList.add("js");

  // Light and dark: the reader's choice is kept where the browser allows it.
  const theme = one("_theme"), system = matchMedia("(prefers-color-scheme: dark)");
  const kept = action => { try { return action(localStorage); } catch (refused) { return null; } };
  const dark = () => (root.dataset.theme || (system.matches ? "dark" : "light")) === "dark";
  const named = () => { theme.textContent = dark() ? words.light : words.dark; };
  const before = kept(store => store.getItem("theme"));
  if (before === "dark" || before === "light") root.dataset.theme = before;
  theme.addEventListener("click", () => {
    root.dataset.theme = dark() ? "light" : "dark";
    kept(store => store.setItem("theme", root.dataset.theme));
    named();
  });
  system.addEventListener("change", named);
  named();

  // Folding: links and the printer open what they need.
  ["_fold", "_unfold"].forEach(name => { one(name).hidden = !document.querySelector("details.part"); });
  one("_fold").addEventListener("click", () => all("details.part").forEach(part => { part.open = false; }));
  one("_unfold").addEventListener("click", () => all("details.part").forEach(part => { part.open = true; }));
  const reveal = target => {
    for (let part = target; part; part = part.parentElement) if (part.matches("details")) part.open = true;
  };
  const arrive = () => {
    let name = "";
    try { name = decodeURIComponent(location.hash.slice(1)); } catch (odd) { return; }
    const target = name && one(name);
    if (target) { reveal(target.parentElement); target.scrollIntoView(); }
  };
  addEventListener("hashchange", arrive);
  arrive();
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = all("details.part:not([open])");
    closed.forEach(part => { part.open = true; });
  });
  addEventListener("afterprint", () => closed.forEach(part => { part.open = false; }));
  const contents = one("_contents");
  if (contents && matchMedia("(max-width: 40rem)").matches) contents.open = false;

  // What a step rests on is copied beneath it when it is asked for.
  const shown = math => all(".formula > math", math).find(each => each.getClientRects().length) ||
    math.querySelector(".formula > math");
  const copied = math => {
    const copy = math.cloneNode(true);
    all("[tabindex]", copy).forEach(part => part.removeAttribute("tabindex"));
    copy.removeAttribute("class");
    return copy;
  };
  all("details.rests").forEach(part => part.addEventListener("toggle", () => {
    all("li[data-of]", part).filter(item => !item.querySelector("math")).forEach(item => {
      const source = one(item.dataset.of);
      if (source) item.append(copied(shown(source)));
    });
  }));

  // Copying: the LaTeX beside a formula, or a program.
  const byHand = text => {
    const field = document.createElement("textarea");
    field.value = text;
    field.setAttribute("readonly", "");
    body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done;
  };
  const put = async text => {
    try { await navigator.clipboard.writeText(text); return true; } catch (refused) { return byHand(text); }
  };
  const spoken = one("_spoken");
  all("button.copy").forEach(button => {
    const label = Array.from(button.childNodes);
    button.addEventListener("click", async () => {
      const block = button.closest(".eq, .listing");
      const done = await put(block.querySelector("annotation, pre code").textContent);
      button.focus();
      button.classList.add("done");
      button.textContent = spoken.textContent = done ? words.copied : words.refused;
      setTimeout(() => {
        button.classList.remove("done");
        button.replaceChildren(...label);
        spoken.textContent = "";
      }, 1500);
    });
  });

  // A tinted quantity: where it recurs, and where it was defined.
  const note = one("_note"), told = one("_told"), place = one("_place");
  const marked = name => all(".q").filter(part => part.dataset.q === name);
  let pinned = "", current = "";
  const light = name => {
    if (name === current) return;
    all(".q.on").forEach(part => part.classList.remove("on"));
    all(".eq.defining").forEach(part => part.classList.remove("defining"));
    current = name;
    note.hidden = !name;
    if (!name) return;
    const found = marked(name), home = all(".eq[data-defines]").find(each => each.dataset.defines === name);
    found.forEach(part => part.classList.add("on"));
    if (home) home.classList.add("defining");
    const letter = one("_q" + name);
    told.replaceChildren();
    if (letter) told.append(copied(letter.querySelector("math")));
    const visible = found.filter(part => part.getClientRects().length && !part.closest("#_note, .quantities")).length;
    told.append(" " + words.places.replace("{count}", visible));
    place.hidden = !home;
    if (home) {
      place.href = "#" + home.id;
      const mark = home.querySelector(".mark");
      place.textContent = words.defined + " " + (mark ? mark.textContent : "");
    }
    all(".quantities button").forEach(each => each.setAttribute("aria-pressed", String(each.id === "_q" + name)));
  };
  const leave = () => {
    light(pinned);
    if (!pinned) all(".quantities button").forEach(each => each.setAttribute("aria-pressed", "false"));
  };
  const pin = name => { pinned = pinned === name ? "" : name; if (pinned) light(pinned); else leave(); };
  const under = event => event.target instanceof Element ? event.target.closest("[data-q]") : null;
  document.addEventListener("pointerover", event => {
    const part = under(event);
    if (part) light(part.dataset.q);
    else if (!note.contains(event.target)) leave();
  });
  document.addEventListener("focusin", event => { const part = under(event); if (part) light(part.dataset.q); });
  document.addEventListener("focusout", event => { if (under(event) && !note.contains(event.relatedTarget)) leave(); });
  document.addEventListener("click", event => { const part = under(event); if (part) pin(part.dataset.q); });
  document.addEventListener("keydown", event => {
    const part = under(event);
    if (event.key === "Escape") { pinned = ""; leave(); }
    if (event.key === "Enter" && part && part.localName !== "button" && !place.hidden) place.click();
  });
  one("_close").addEventListener("click", () => { pinned = ""; leave(); });

  // What is wider than the window can be moved by the keyboard.
  const moved = part => part.classList.toggle("ended", part.scrollLeft + part.clientWidth > part.scrollWidth - 2);
  const movable = ".formula, .scroll, .rests ul";
  const scrolled = () => all(movable).forEach(part => {
    if (part.scrollWidth > part.clientWidth + 1) part.tabIndex = 0;
    else part.removeAttribute("tabindex");
    moved(part);
  });
  all(movable).forEach(part => part.addEventListener("scroll", () => moved(part), {passive: true}));
  all("details").forEach(part => part.addEventListener("toggle", scrolled));
  addEventListener("resize", scrolled);
  scrolled();
})();
"""
