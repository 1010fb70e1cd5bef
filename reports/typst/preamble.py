"""What stands before a document in Typst: the page, and the functions of the text; no packages, its own fonts."""

from __future__ import annotations

import json
from collections.abc import Iterable

from reports.palette import Colour
from reports.wording.language import NATIVE, phrase

_RULES = r"""
// Where the last page would hold a few lines only, everything is set again a little closer.
#let closer = "closer" in sys.inputs
#let gap = if closer { 0.95em } else { 1.25em }
#set page(paper: "a4", margin: (x: 25mm, ..if closer { (top: 20mm, bottom: 22mm) } else { (top: 24mm, bottom: 27mm) }),
  numbering: "1", footer-descent: if closer { 3.1mm } else { 8.1mm })
#set text(font: "New Computer Modern", size: 10.95pt, lang: "en", region: "gb")
#show math.equation: set text(font: "New Computer Modern Math")
#show raw: set text(font: "DejaVu Sans Mono")
#show raw.where(block: true): set text(size: 1em / 0.8)
#show math.equation: set block(breakable: true)
#set math.mat(column-gap: 1em, row-gap: 0.35em)
#set math.cases(gap: 0.35em)
#set par(justify: true, leading: 0.62em, spacing: if closer { 0.93em } else { 1.1em })
#set list(indent: 0.9em, spacing: 0.75em)
#set enum(indent: 0.9em, spacing: 0.75em)
#set heading(numbering: "1.1")
#show heading: set par(justify: false)
#let headed(size, above, below, it) = block(above: above, below: below, sticky: true, text(size, {
  if it.numbering != none { counter(heading).display(it.numbering); h(0.8em) }
  it.body
}))
#show heading.where(level: 1): it => headed(14.4pt, 2em, 1.1em, it)
#show heading.where(level: 2): it => headed(12pt, 1.8em, 1em, it)
#show heading.where(level: 3): it => headed(10.95pt, 1.5em, 0.9em, it)
#show link: set text(fill: link-colour)

// The title, a line under it, short facts
#let opening(title, description, facts) = {
  par(justify: false, text(20.7pt, weight: "bold", title))
  if description != none { par(justify: false, text(12pt, style: "italic", description)) }
  if facts.len() > 0 { block(text(10pt, fill: quiet, par(justify: false, facts.join(linebreak())))) }
  block(above: 0.9em, below: 1.6em, line(length: 100%, stroke: 0.8pt + frame))
}
#let contents = {
  set par(spacing: 0.6em)
  outline(title: none, depth: 2, indent: auto)
}

// An equation with its reason: beside it in a column of its own, or below it.
#let because(reason, shapes, gap) = text(10pt, fill: quiet, par(justify: false, {
  if reason != none { reason }
  if reason != none and shapes != none { gap }
  if shapes != none { shapes }
}))
#let shown(formula, scale) = {
  show math.equation: set align(left)
  set block(spacing: 0pt)
  if scale == 1 { formula } else { std.scale(x: scale * 100%, y: scale * 100%, reflow: true, origin: left, formula) }
}
#let equation(
  formula, number: none, name: none, reason: none, shapes: none, beside: false, scale: 1, part: false,
) = block(
  width: 100%, above: gap, below: gap, breakable: part, {
    let mark = align(right, {
      if name != none { strong(name); h(0.8em) }
      if number != none [(#number)]
    })
    let explained = reason != none or shapes != none
    let body = pad(left: 1.6em, shown(formula, scale))
    if beside {
      grid(columns: (1.6em + 50%, 1fr, auto), column-gutter: (0pt, 0.8em), align: horizon,
        body, because(reason, shapes, linebreak()), mark)
    } else {
      grid(columns: (1fr, auto), align: (horizon, if part { top } else { horizon }), body, mark)
      if explained {
        block(above: 0.75em, inset: (left: 2.6em, right: 4.6em), because(reason, shapes, h(1em)))
      }
    }
  })

// A frame around results; room that must be left on the page
#let results(title, part, body) = block(
  width: 100%, breakable: part, inset: 0.8em, stroke: 0.6pt + frame, fill: tint, above: 1.5em, below: 1.5em,
  { block(below: 0.9em, strong(title), sticky: true); set block(spacing: 0.8em); body })
#let room(share) = { block(height: share * 246mm, breakable: false, above: 0pt, below: 0pt); v(-share * 246mm) }

// Tables, figures, code
#let captioned(name, number, words) = text(10pt, par(justify: false)[*#name #number.* #words])
#let tabled(columns, aligned, size, gutter, header, cells, number: none, caption: none, whole: false) = block(
  width: 100%, above: 1.2em, below: 1.2em, breakable: not whole, {
    set text(size * 1em)
    set par(justify: false, leading: 0.5em)
    if caption != none { block(below: 0.7em, sticky: true, text(1em / size, captioned(table-word, number, caption))) }
    table(columns: columns, align: aligned, stroke: none, row-gutter: 0.1em,
      inset: (x, y) => (left: if x > 0 { gutter } else { 0em }, y: 0.32em),
      table.hline(stroke: 0.8pt), table.header(..header.map(strong), table.hline(stroke: 0.4pt)), ..cells,
      table.hline(stroke: 0.8pt))
  })
// A drawing and its caption in one piece, a little smaller if that keeps them on the page that has begun.
// How far down the page was filled before it is what a block of no height, which never moves, tells.
#let pictured(drawing, number, caption, alternative) = block(width: 100%, above: 1.5em, below: 1.5em, {
  set block(spacing: 0pt)
  block(height: 0pt, [#metadata(none) <before-picture>])
  context layout(size => {
    // A caption of one line stands in the middle, a longer one begins at the left.
    let words = block(above: 1.1em, align(left, captioned(figure-word, number, caption)))
    let before = query(selector(<before-picture>).before(here()))
    let start = if before.len() > 0 { before.last().location().position().y } else { 0pt }
    let told = measure(words, ..size).height + 1.6em.to-absolute()
    let (room, high) = (page.height - page.margin.bottom - start - told, measure(drawing).height)
    let small = if room < high and room > 0.65 * high { room / high } else { 1 }
    let shown = if small < 1 { std.scale(small * 100%, reflow: true, drawing) } else { drawing }
    block(width: 100%, breakable: false, align(center, {
      figure(shown, alt: alternative, numbering: none, outlined: false)
      words
    }))
  })
})
#let listing(source, size, whole) = block(
  width: 100%, breakable: not whole, above: 1.2em, below: 1.2em, inset: (y: 0.6em), stroke: (y: 0.4pt + faint),
  {
    if not whole { block(height: 6em, breakable: false, above: 0pt, below: 0pt); v(-6em) }
    set par(justify: false, leading: 0.45em)
    text(size * 0.87pt, raw(source, block: true))
  })

// Drawings in millimetres from the upper left corner
#let sheet(width, height, ..marks) = box(width: width * 1mm, height: height * 1mm, {
  for mark in marks.pos() { place(top + left, mark) }
})
#let pen(colour, width, dashed: false) = (
  paint: colour, thickness: width * 1mm, cap: "round", join: "round",
  dash: if dashed { (1.2mm, 0.9mm) } else { none })
#let trace(stroke, ..points, closed: false, fill: none) = {
  let at = points.pos().map(((x, y)) => (x * 1mm, y * 1mm))
  curve(stroke: stroke, fill: fill, curve.move(at.first()), ..at.slice(1).map(p => curve.line(p)),
    ..if closed { (curve.close(mode: "straight"),) })
}
#let traces(stroke, ends) = curve(stroke: stroke, ..for (at, (x, y)) in ends.enumerate() {
  ((if calc.even(at) { curve.move } else { curve.line })((x * 1mm, y * 1mm)),)
})
#let ring(stroke, x, y, r, fill: none) = move(
  dx: (x - r) * 1mm, dy: (y - r) * 1mm, circle(radius: r * 1mm, stroke: stroke, fill: fill))
#let legend(x, y, anchor, colour, size, body, halo: false, angle: 0) = move(dx: x * 1mm - 60mm, dy: y * 1mm - 20mm,
  box(width: 120mm, height: 40mm, {
    set text(size * 1pt, fill: colour, top-edge: "bounds", bottom-edge: "bounds")
    let words = if halo { box(fill: paper, inset: 0.6pt, body) } else { body }
    let words = if angle == 0 { words } else { rotate(-angle * 1deg, reflow: true, words) }
    if anchor == "right" { pad(left: 60mm, align(left + horizon, words)) }
    else if anchor == "left" { pad(right: 60mm, align(right + horizon, words)) }
    else if anchor == "above" { pad(bottom: 20mm, align(center + bottom, words)) }
    else if anchor == "below" { pad(top: 20mm, align(center + top, words)) }
    else { align(center + horizon, words) }
  }))
"""


_NATIVE_TEXT = """#set text(font: "New Computer Modern", size: 10.95pt, lang: "en", region: "gb")
#show math.equation: set text(font: "New Computer Modern Math")
#show raw: set text(font: "DejaVu Sans Mono")
"""
# Latin letters and figures stay those of the formulas; marks such as “ and … are those of the other letters.
_OTHER_TEXT = """#let latin = (name: "New Computer Modern", covers: "latin-in-cjk")
#set text(font: (latin, "FAMILY"), size: 10.5pt, lang: "LANGUAGE")
#show math.equation: set text(font: ("New Computer Modern Math", "FAMILY"))
#show raw: set text(font: ("DejaVu Sans Mono", "FAMILY"))
#show emph: it => strong(it.body)
"""


def preamble(title: str, colours: Iterable[Colour], language: str = NATIVE, family: str = "") -> str:
    """The preamble; `title` is Typst's spelling of the file's title, a string between quotation marks.

    `family` is the font with the letters of a language other than English; without one its letters are missing.
    """
    lines = [f'#let {_name(row)} = rgb("{row.hexadecimal}")' for row in colours]
    words = {name: phrase(english, language) for name, english in (("table", "Table"), ("figure", "Figure"))}
    lines += [f"#let {name}-word = {json.dumps(word, ensure_ascii=False)}" for name, word in words.items()]
    return f"#set document(title: {title}, date: none)\n" + "\n".join(lines) + _rules(language, family)


def _rules(language: str, family: str) -> str:
    """The rules for English, or for a language whose letters stand closer to squares and have no italics."""
    if language == NATIVE:
        return _RULES
    own = _OTHER_TEXT.replace("LANGUAGE", language).replace("FAMILY", family or "New Computer Modern")
    rules = _RULES.replace(_NATIVE_TEXT, own)
    return (
        rules.replace("leading: 0.62em", "leading: 0.85em")
        .replace("{ 1.1em }", "{ 1.25em }")
        .replace('style: "italic", description', "description")
    )


def _name(colour: Colour) -> str:
    """The variable of a colour; a link has a meaning of its own in Typst."""
    return "link-colour" if colour.name == "link" else colour.name
