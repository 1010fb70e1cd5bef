"""The style sheet of a page: for a screen, a telephone, paper, and light and dark; it names no font that must exist."""

from __future__ import annotations

from reports.html.theme import DARK, LIGHT, declarations
from reports.palette import HUES, PALETTE

_RULES = """
*, ::before, ::after { box-sizing: border-box; }
html { scroll-behavior: smooth; scroll-padding-top: 1rem; -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink); line-height: 1.55; font-size: 1.0625rem;
  font-family: "Source Serif 4", Charter, "Bitstream Charter", Cambria, Georgia, "Noto Serif", C059,
  "Liberation Serif", serif; }
:lang(zh) body { font-family: "Source Serif 4", Charter, Cambria, Georgia, "Noto Serif CJK SC", "Source Han Serif SC",
  "Songti SC", SimSun, serif; }
:lang(zh) .description { font-style: normal; }
math { font-family: "Latin Modern Math", "STIX Two Math", "Cambria Math", "Noto Sans Math", math, serif;
  font-size: 1.08em; }
a { color: var(--link); text-underline-offset: 0.15em; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 2px; }
h1, h2, h3, h4 { line-height: 1.25; text-wrap: balance; }
h1 { font-size: 2rem; margin: 0 0 0.4rem; }
h2 { font-size: 1.5rem; margin: 3rem 0 1rem; padding-bottom: 0.3rem; border-bottom: 1px solid var(--frame); }
h3 { font-size: 1.2rem; margin: 2rem 0 0.6rem; }
h4 { font-size: 1.05rem; margin: 1.5rem 0 0.5rem; }
h2 > .number, h3 > .number, h4 > .number { color: var(--quiet); margin-right: 0.4em; font-weight: normal; }
p { margin: 0.8rem 0; }
code, pre { font-family: "DejaVu Sans Mono", "Cascadia Mono", Menlo, Consolas, monospace; font-size: 0.86em; }
button { font: 0.78rem/1.3 system-ui, sans-serif; padding: 0.25rem 0.6rem; color: var(--ink); background: var(--tint);
  border: 1px solid var(--frame); border-radius: 0.35rem; cursor: pointer; min-height: 1.75rem; }
button:hover { border-color: var(--link); color: var(--link); }
html:not(.js) button { display: none; }
.skip { position: absolute; left: -100vw; top: 0; background: var(--paper); padding: 0.6rem 1rem; z-index: 3; }
.skip:focus { left: 0; }
.spoken { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); margin: 0; }

/* The page: contents beside the text where there is room */
.page-grid { max-width: 52rem; margin: 0 auto; padding: 2rem 1.25rem 5rem; }
header .description { font-style: italic; font-size: 1.1rem; margin: 0.2rem 0; }
header .fact { color: var(--quiet); font-size: 0.95rem; margin: 0.2rem 0; }
.tools { display: flex; flex-wrap: wrap; gap: 0.5rem; margin: 1rem 0; }
.quantities { display: flex; flex-wrap: wrap; gap: 0.4rem; margin: 0; padding: 0; list-style: none; }
.quantities button[aria-pressed="true"] { background: var(--lit); }
nav { font-size: 0.95rem; margin: 1.5rem 0; }
nav summary { font-weight: bold; cursor: pointer; }
nav ol { list-style: none; margin: 0.4rem 0; padding-left: 0; }
nav ol ol { padding-left: 1.1rem; margin: 0.1rem 0; }
nav li { margin: 0.2rem 0; }
nav a { text-decoration: none; display: inline-block; padding: 0.1rem 0; }
nav a:hover { text-decoration: underline; }
nav .number { color: var(--quiet); margin-right: 0.35em; }
footer { margin-top: 4rem; padding-top: 0.8rem; border-top: 1px solid var(--frame); color: var(--quiet);
  font-size: 0.9rem; }
@media (min-width: 78rem) {
  .page-grid { max-width: 74rem; display: grid; grid-template-columns: 17rem minmax(0, 1fr); column-gap: 3.5rem;
    grid-template-rows: auto 1fr auto; }
  header, main, footer { grid-column: 2; }
  nav { grid-column: 1; grid-row: 1 / span 3; position: sticky; top: 1.5rem; max-height: calc(100vh - 3rem);
    overflow-y: auto; align-self: start; margin: 0; }
}

/* Steps that unfold */
.part > summary { list-style: none; cursor: pointer; position: relative; margin: 2rem 0 0.6rem; width: fit-content; }
.part > summary::-webkit-details-marker { display: none; }
.part > summary::before { content: "▸"; position: absolute; left: -1.15rem; top: 0.2em; color: var(--quiet); }
.part[open] > summary::before { content: "▾"; }
.part > summary > * { display: inline; }
.rests[open] { flex-basis: 100%; }
.rests summary { cursor: pointer; width: fit-content; }
.rests ul { list-style: none; margin: 0.3rem 0 0.3rem; padding: 0.3rem 0.8rem; border-left: 3px solid var(--frame);
  background: var(--tint); overflow-x: auto; color: var(--ink); }
.rests li { display: flex; align-items: center; gap: 1rem; min-height: 2rem; }
.rests math { font-size: 1.05em; }

/* Equations */
.eq { display: grid; grid-template-columns: minmax(0, 1fr) auto; column-gap: 1rem; align-items: center;
  margin: 0.15rem 0; padding: 0.15rem 0.3rem; border-radius: 0.4rem; }
p:has(+ .eq) { margin-bottom: 0.4rem; }
.eq:target, .eq.defining { background: var(--tint); box-shadow: inset 3px 0 0 var(--link); }
.formula { overflow-x: auto; overflow-y: hidden; padding: 0.65rem 0 0.65rem 1.6rem; }
.formula > math { display: block math; width: fit-content; margin: 0; }
.formula > math.narrow { display: none; }
.formula.open { display: flex; align-items: baseline; column-gap: 0.4em; }
.side { display: flex; align-items: center; gap: 0.8rem; justify-content: end; }
.side .mark { text-decoration: none; min-width: 2.2rem; text-align: right; }
.side .copy { opacity: 0; white-space: nowrap; }
.eq:hover .copy, .eq:focus-within .copy, .copy.done { opacity: 1; }
.copy .short { display: none; }
@media (hover: none) { .side .copy { opacity: 1; } }
.reason { grid-column: 1 / -1; color: var(--quiet); font-size: 0.92rem; padding-left: 1.6rem; display: flex;
  flex-wrap: wrap; column-gap: 1.5rem; margin: -0.4rem 0 0.4rem; }
mtable.lines > mtr > mtd { padding: 0.28em 0; text-align: left; }
mtable.lines > mtr > mtd:first-child { text-align: right; }
mtable.lines > mtr > mtd:nth-child(2) { padding-left: 0.28em; padding-right: 0.28em; }
mo + mtable:not(.cases, .lines) > mtr > mtd:first-child { padding-left: 0.1em; }
mo + mtable:not(.cases, .lines) > mtr > mtd:last-child { padding-right: 0.1em; }
mtable.cases > mtr > mtd { text-align: left; padding-right: 1em; }
.q { border-radius: 0.2em; cursor: pointer; }
.q.on { background: var(--lit); }
tspan.q.on { text-decoration: underline; font-weight: bold; }
.boxed { border: 1px solid var(--frame); background: var(--tint); border-radius: 0.5rem; padding: 0.4rem 1rem;
  margin: 1.5rem 0; }
.boxed > .title { font-weight: bold; }
.boxed .eq:target, .boxed .eq.defining { background: var(--paper); }

/* Tables, figures, programs */
.scroll { overflow-x: auto; }
.scroll[tabindex]:not(.ended), .formula[tabindex]:not(.ended) {
  box-shadow: inset -0.7rem 0 0.5rem -0.6rem var(--frame); }
table { border-collapse: collapse; margin: 1rem 0; font-size: 0.95rem; border-top: 1.5px solid var(--ink);
  border-bottom: 1.5px solid var(--ink); }
th, td { padding: 0.32rem 1.2rem 0.32rem 0; text-align: left; vertical-align: baseline; }
th:last-child, td:last-child { padding-right: 0; }
thead th, thead td { border-bottom: 1px solid var(--frame); vertical-align: bottom; }
tbody tr:hover { background: var(--tint); }
.right { text-align: right; }
.centre { text-align: center; }
td:not(.wrap) { white-space: nowrap; }
td.wrap { min-width: 14rem; }
figure { margin: 1.5rem 0; }
figure svg { display: block; max-width: 100%; height: auto; margin: 0 auto; }
figure svg text { font-family: "Latin Modern Roman", "STIX Two Text", Cambria, "Times New Roman", serif; }
figcaption, .caption { font-size: 0.92rem; color: var(--quiet); margin-top: 0.5rem; }
.caption + .table > table { margin-top: 0.2rem; }
.caption:has(+ .table) { margin: 1.5rem 0 0.3rem; }
.listing { position: relative; }
.listing .copy { position: absolute; top: 0.4rem; right: 0.4rem; }
pre { background: var(--tint); border: 1px solid var(--frame); border-radius: 0.5rem; padding: 0.8rem 1rem;
  line-height: 1.45; tab-size: 4; margin: 0.8rem 0; }

/* What is said of a quantity that is pointed at */
.note { position: fixed; right: 1rem; bottom: 1rem; max-width: calc(100vw - 2rem); z-index: 2; display: flex;
  align-items: center; gap: 0.8rem; padding: 0.5rem 0.9rem; background: var(--paper); border: 1px solid var(--frame);
  border-radius: 0.5rem; box-shadow: 0 2px 12px rgb(0 0 0 / 0.25); font-size: 0.92rem; }
.note[hidden] { display: none; }

@media (max-width: 40rem) {
  body { font-size: 1rem; }
  .page-grid { padding: 1rem 0.9rem 4rem; }
  h1 { font-size: 1.55rem; }
  h2 { font-size: 1.3rem; margin-top: 2.2rem; }
  .part > summary::before { position: static; margin-right: 0.3em; }
  .formula { padding-left: 0.2rem; }
  .formula > math.wide { display: none; }
  .formula > math.narrow { display: block math; }
  .eq { column-gap: 0.4rem; }
  .side { flex-direction: column; align-items: end; gap: 0.2rem; }
  .side .mark { min-width: 0; }
  .side .copy { font-size: 0.7rem; padding: 0.15rem 0.4rem; min-height: 1.5rem; }
  .copy .long { display: none; }
  .copy .short { display: inline; }
  figure svg.wide { max-width: none; }
  table { font-size: 0.9rem; }
  th, td { padding-right: 0.9rem; }
  td.wrap { min-width: 9rem; }
  .reason { padding-left: 0.2rem; margin-top: 0; }
}
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
@media print {
  @page { margin: 20mm; }
  html { font-size: 10.5pt; }
  body { font-size: 1rem; }
  figure svg { zoom: 0.8; }
  .page-grid { display: block; max-width: none; padding: 0; }
  .tools, .skip, .note, button, .rests { display: none !important; }
  nav { break-after: avoid; }
  h2, h3, h4, summary, .boxed > .title, .caption, p:has(+ .eq) { break-after: avoid; }
  nav > details > ol { columns: 2; }
  .eq, .boxed, figure, .together, .table, tr { break-inside: avoid; }
  .page { break-before: page; }
  .part > summary::before { content: none; }
  .part::details-content { content-visibility: visible; height: auto; }
  a { color: inherit; text-decoration: none; }
  pre { white-space: pre-wrap; }
  .scroll, .formula { overflow: visible; }
}
"""
_SYSTEM_DARK = "@media screen and (prefers-color-scheme: dark)"


def style() -> str:
    """The whole style sheet."""
    dark, light = declarations(DARK), declarations(LIGHT)
    hues = [f".bp{number} {{ color: var(--bp{number}); }}" for number in range(1, HUES + 1)]
    names = [*(f"bp{number}" for number in range(1, HUES + 1)), *LIGHT_TEXT]
    tinted = [f".c-{name} {{ color: var(--{name}); }}" for name in names]
    return "\n".join(
        [
            f":root {{ color-scheme: light; {light} }}",
            f"{_SYSTEM_DARK} {{ :root:not([data-theme]) {{ color-scheme: dark; {dark} }} }}",
            f"@media screen {{ :root[data-theme=dark] {{ color-scheme: dark; {dark} }} }}",
            *hues,
            *tinted,
            _RULES.strip(),
        ]
    )


LIGHT_TEXT = tuple(name for name, _ in LIGHT.variables() if name in PALETTE or name.endswith("-text"))
