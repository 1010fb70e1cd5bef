"""The frame around a page's text: the list of pages, its own headings, the search, a policy that loads nothing else.

The policy (Content Security Policy 3, W3C) allows the site's own files and no other origin; `file:` stands in it
because a page that is opened from a disk has no origin that browsers agree on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby

from docs.site.pages import Page
from docs.site.text import Heading, Text

_POLICY = (
    "default-src 'none'; style-src 'self' file:; script-src 'self' file:; img-src 'self' file: data:; "
    "base-uri 'none'; form-action 'none'"
)


def framed(page: Page, pages: Sequence[Page], text: Text) -> str:
    """The whole page; `pages` are those of the list, in order."""
    home = "../" * page.name.count("/")
    title = page.title if page.name == "index" else f"{page.title} · Backproof"
    return "\n".join(
        [
            '<!DOCTYPE html>\n<html lang="en">',
            _head(title, page.about, home),
            f'<body data-home="{home}">',
            '<a class="skip" href="#_text">Skip to the text</a>\n<div class="grid">',
            _bar(home),
            _pages(page, pages, home),
            f'<main id="_text" tabindex="-1">\n{text.html}</main>',
            _here(text.headings),
            "<footer>Backproof, licence: MIT. Built from the repository; every block of code here is run by the tests."
            "</footer>\n</div>",
            f'<p id="_spoken" class="spoken" role="status"></p>\n<script src="{home}site.js"></script>',
            "</body>\n</html>\n",
        ]
    )


def _head(title: str, about: str, home: str) -> str:
    described = f'<meta name="description" content="{escape(about)}">\n' if about else ""
    return (
        f'<head>\n<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta name="referrer" content="no-referrer">\n<meta name="generator" content="Backproof">\n{described}'
        f'<link rel="icon" href="data:,">\n<title>{escape(title)}</title>\n'
        f'<link rel="stylesheet" href="{home}site.css">\n</head>'
    )


def _bar(home: str) -> str:
    return (
        f'<header class="bar"><a class="mark" href="{home}index.html">Backproof</a>'
        '<form class="tools" role="search"><input id="_search" type="search" placeholder="Search (press /)" '
        'aria-label="Search these pages" autocomplete="off"><ul id="_found" class="found" hidden></ul>'
        '<button type="button" id="_theme">Dark</button></form></header>'
    )


def _pages(page: Page, pages: Sequence[Page], home: str) -> str:
    parts = []
    for section, group in groupby(pages, lambda one: one.section):
        items = "".join(_item(one, page, home) for one in group)
        parts.append(f'<p class="section">{escape(section)}</p><ul>{items}</ul>' if section else f"<ul>{items}</ul>")
    return (
        '<nav class="pages" aria-label="Pages"><details id="_pages" open><summary>All pages</summary>'
        f"{''.join(parts)}</details></nav>"
    )


def _item(one: Page, page: Page, home: str) -> str:
    inside = page.name.startswith(f"{one.name}/")
    here = ' aria-current="page"' if one.name == page.name else ' aria-current="true"' if inside else ""
    title = "Start" if one.name == "index" else one.title
    return f'<li><a href="{home}{one.file}"{here}>{escape(title)}</a></li>'


def _here(headings: Sequence[Heading]) -> str:
    """The page's own headings, where there are several."""
    shown = [one for one in headings if one.level in (2, 3)]
    if len(shown) < 2:
        return ""
    items = "".join(_nested(shown))
    return f'<nav class="here" aria-label="On this page"><p class="section">On this page</p>{items}</nav>'


def _nested(headings: Sequence[Heading]) -> Iterator[str]:
    yield "<ul>"
    inner = False
    for heading in headings:
        if (heading.level == 3) != inner:
            inner = not inner
            yield "<li><ul>" if inner else "</ul></li>"
        yield f'<li><a href="#{heading.name}">{escape(heading.title)}</a></li>'
    yield "</ul></li></ul>" if inner else "</ul>"
