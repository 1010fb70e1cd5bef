"""What stands before a document in Typst: the page, and the functions of the text; no packages, its own fonts."""

from __future__ import annotations

import json
from collections.abc import Iterable

from reports.palette import Colour
from reports.wording.language import NATIVE, phrase

_RULES = r"""
#set page(paper: "a4", margin: (x: 25mm, top: 24mm, bottom: 27mm), numbering: "1")
#set text(font: "New Computer Modern", size: 10.95pt, lang: "en", region: "gb")
#show math.equation: set text(font: "New Computer Modern Math")
#show raw: set text(font: "DejaVu Sans Mono")
#show raw.where(block: true): set text(size: 1em / 0.8)
#show math.equation: set block(breakable: true)
#set math.mat(column-gap: 1em, row-gap: 0.35em)
#set math.cases(gap: 0.35em)
#set par(justify: true, leading: 0.62em, spacing: 1.1em)
#set list(indent: 0.9em, spacing: 0.75em)
#set enum(indent: 0.9em, spacing: 0.75em)
#set heading(numbering: "1.1")
#show heading: set par(justify: false)
#show heading.where(level: 1): it => block(above: 2em, below: 1.1em, sticky: true, text(14.4pt, it))
#show heading.where(level: 2): it => block(above: 1.8em, below: 1em, sticky: true, text(12pt, it))
#show heading.where(level: 3): it => block(above: 1.5em, below: 0.9em, sticky: true, text(10.95pt, it))
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
  width: 100%, above: 1.25em, below: 1.25em, breakable: part, {
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
#let tabled(columns, aligned, size, header, cells, number: none, caption: none, whole: false) = block(
  width: 100%, above: 1.2em, below: 1.2em, breakable: not whole, {
    set text(size * 1em)
    set par(justify: false, leading: 0.5em)
    if caption != none { block(below: 0.7em, sticky: true, text(1em / size, captioned(table-word, number, caption))) }
    table(columns: columns, align: aligned, stroke: none, row-gutter: 0.1em,
      inset: (x, y) => (left: if x > 0 { 1.3em } else { 0em }, y: 0.32em),
      table.hline(stroke: 0.8pt), table.header(..header.map(strong), table.hline(stroke: 0.4pt)), ..cells,
      table.hline(stroke: 0.8pt))
  })
#let pictured(drawing, number, caption, alternative) = block(
  width: 100%, breakable: false, above: 1.5em, below: 1.5em, align(center, {
    figure(drawing, alt: alternative, numbering: none, outlined: false)
    block(above: 1.1em, captioned(figure-word, number, caption))
  }))
#let listing(source, size) = block(
  width: 100%, above: 1.2em, below: 1.2em, inset: (y: 0.6em), stroke: (y: 0.4pt + faint),
  { set par(justify: false, leading: 0.45em); text(size * 0.87pt, raw(source, block: true)) })

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
    return rules.replace("leading: 0.62em, spacing: 1.1em", "leading: 0.85em, spacing: 1.25em").replace(
        'style: "italic", description', "description"
    )


def _name(colour: Colour) -> str:
    """The variable of a colour; a link has a meaning of its own in Typst."""
    return "link-colour" if colour.name == "link" else colour.name
