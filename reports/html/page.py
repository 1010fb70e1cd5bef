"""A document as one HTML page that needs nothing else: no network, no other file, no font.

Its policy (Content Security Policy 3, W3C) lets nothing be loaded and nothing run but its own style sheet and script,
both named by their hashes.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator

from reports.document import Document
from reports.html.formulas import inline_math
from reports.html.printer import Heading, Printer
from reports.html.script import SCRIPT
from reports.html.style import style
from reports.html.text import attribute, escape, spoken
from reports.html.words import Words, words

_DEEPEST = 2  # the lowest level of headings in the table of contents


def html(document: Document, language: str = "en") -> str:
    """The page of a document, the same for the same document; `language` is that of its prose, as in BCP 47.

    Raises `ValueError` for a language without words for buttons and captions.
    """
    said = words(language)
    printer = Printer(document, said)
    text = printer.sections()
    parts = [
        "<!DOCTYPE html>",
        f'<html lang="{said.code}">',
        _head(document),
        _body(document, printer, text, said),
        "</html>\n",
    ]
    return "\n".join(parts)


def digest(text: str) -> str:
    """The hash by which a policy names a style sheet or a script."""
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


def _head(document: Document) -> str:
    sheet = style()
    policy = (
        f"default-src 'none'; style-src {digest(sheet)}; script-src {digest(SCRIPT)}; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    return (
        '<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{attribute(policy)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n<meta name="generator" content="Backproof">\n'
        f'<link rel="icon" href="data:,">\n<title>{escape(spoken(document.title))}</title>\n'
        f"<style>{sheet}</style>\n</head>"
    )


def _body(document: Document, printer: Printer, text: str, said: Words) -> str:
    data = {"copied": said.copied, "refused": said.refused, "light": said.light, "dark": said.dark,
            "defined": said.defined, "places": said.places}  # fmt: skip
    attributes = "".join(f' data-{name}="{attribute(value)}"' for name, value in data.items())
    return "\n".join(
        [
            f"<body{attributes}>",
            f'<a class="skip" href="#_text">{escape(said.skip)}</a>',
            '<div class="page-grid">',
            _header(document, printer, said),
            _contents(printer.headings, said),
            f'<main id="_text" tabindex="-1">\n{text}\n</main>',
            f"<footer>{escape(said.made)}</footer>",
            "</div>",
            _note(said),
            f"<script>{SCRIPT}</script>",
            "</body>",
        ]
    )


def _header(document: Document, printer: Printer, said: Words) -> str:
    lines = [f"<header>\n<h1>{escape(document.title)}</h1>"]
    if document.description:
        lines.append(f'<p class="description">{printer.inline(document.description)}</p>')
    lines += [f'<p class="fact">{printer.inline(fact)}</p>' for fact in document.facts]
    tools = (("_theme", said.dark), ("_fold", said.fold), ("_unfold", said.unfold))
    buttons = "".join(f'<button type="button" id="{name}">{escape(text)}</button>' for name, text in tools)
    lines.append(f'<div class="tools">{buttons}{_quantities(printer)}</div>\n</header>')
    return "\n".join(lines)


def _quantities(printer: Printer) -> str:
    """A button for each tinted quantity that stands in several equations: it marks them all."""
    items = [
        f'<li><button type="button" id="_q{name}" data-q="{name}" aria-pressed="false" aria-label="'
        f'{attribute(printer.told(box))}">{inline_math(box)}</button></li>'
        for name, box in printer.quantities.items()
    ]
    return f'<ul class="quantities">{"".join(items)}</ul>' if items else ""


def _contents(headings: list[Heading], said: Words) -> str:
    if len(headings) < 2:
        return ""
    listed = "".join(_listed([one for one in headings if one.level <= _DEEPEST]))
    return (
        f'<nav aria-label="{attribute(said.contents)}"><details id="_contents" open>'
        f"<summary>{escape(said.contents)}</summary>{listed}</details></nav>"
    )


def _listed(headings: list[Heading]) -> Iterator[str]:
    """Nested lists, one for each level."""
    depth: list[int] = []
    for heading in headings:
        while len(depth) > 1 and heading.level <= depth[-2]:
            depth.pop()
            yield "</li></ol>"
        if not depth or heading.level > depth[-1]:
            depth.append(heading.level)
            yield "<ol>"
        else:
            depth[-1] = heading.level
            yield "</li>"
        yield f'<li><a href="#{heading.name}"><span class="number">{heading.number}</span>{heading.title}</a>'
    yield "</li></ol>" * len(depth)


def _note(said: Words) -> str:
    return (
        '<aside class="note" id="_note" hidden aria-label="' + attribute(said.defined) + '"><span id="_told"></span>'
        f'<a id="_place" href="#_text">{escape(said.defined)}</a>'
        f'<button type="button" id="_close">{escape(said.close)}</button></aside>'
        '<p id="_spoken" class="spoken" role="status"></p>'
    )
