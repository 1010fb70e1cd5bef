r"""Formulas as LaTeX that other programs set: without the colours of a report, and for Markdown in a safe spelling.

The safe spelling says the same to TeX, MathJax and KaTeX, and nothing to Markdown: no backslash before a sign, every
`_` after a space (so that it ends no emphasis), no bracket that could begin a link, no `|` that would end a table's
cell, and no `\operatorname`, which GitHub refuses.  So it does not matter which of the two a program reads first.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from typing import Any

from derive.emit.latex import latex
from derive.layout import Box, Coloured
from reports.document import Line
from reports.html.text import visible

_SPACES = {",": r"\thinspace ", ":": r"\medspace ", ">": r"\medspace ", ";": r"\thickspace ", "!": r"\negthinspace "}
_SAFE: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"\\operatorname\{([A-Za-z]+)\}"), r"\\mathrm{\1}"),
    (re.compile(r"\\\\"), r"\\cr "),
    (re.compile(r"\\([,:;>!])"), lambda match: _SPACES[match[1]]),
    (re.compile(r"\\\{"), r"\\lbrace "),
    (re.compile(r"\\\}"), r"\\rbrace "),
    (re.compile(r"\\([#$%&_])"), lambda match: rf"\char{ord(match[1])} "),
    (re.compile(r"\\\|"), r"\\Vert "),
    (re.compile(r"\|"), r"\\vert "),
    (re.compile(r"<"), r"\\lt "),
    (re.compile(r">"), r"\\gt "),
    (re.compile(r"\["), r"\\lbrack "),
    (re.compile(r"\]"), r"\\rbrack "),
    (re.compile(r"\*"), r"\\ast "),
    (re.compile(r"~"), r"\\ "),
    (re.compile(r"(?<=\S)_"), " _"),
)


def uncoloured(box: Box) -> Box:
    """The box without its colours, at any depth."""
    found: Box = _bare(box)
    return found


def _bare(thing: Any) -> Any:
    if isinstance(thing, tuple):
        return tuple(_bare(one) for one in thing)
    if isinstance(thing, Coloured):
        return _bare(thing.body)
    if isinstance(thing, Box):
        return replace(thing, **{one.name: _bare(getattr(thing, one.name)) for one in fields(thing)})
    return thing


def source(box: Box) -> str:
    """The LaTeX of a formula, without colours: it compiles with amsmath alone."""
    return visible(latex(uncoloured(box)))


def aligned(lines: Sequence[Line]) -> str:
    """The LaTeX of an equation: a formula, or several lines aligned at their relations."""
    if len(lines) == 1:
        only = lines[0]
        return " ".join(source(part) for part in (only.lhs, only.relation, only.rhs) if part is not None)
    rows = " \\\\\n".join(_line(line) for line in lines)
    return f"\\begin{{aligned}}\n{rows}\n\\end{{aligned}}"


def _line(line: Line) -> str:
    left = source(line.lhs) + " " if line.lhs is not None else ""
    if line.relation is None:
        inset = r"\quad {} " if line.lhs is None else ""
        return f"{left}& {inset}{source(line.rhs)}"
    return f"{left}& {source(line.relation)} {source(line.rhs)}"


def safe(text: str) -> str:
    """LaTeX in the spelling that Markdown leaves alone."""
    for pattern, put in _SAFE:
        text = pattern.sub(put, text)
    return re.sub(r" {2,}", " ", text).strip()
