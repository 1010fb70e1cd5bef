"""Markdown as HTML: headings that can be linked to, programs in colours, formulas as MathML, links between pages."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from pygments import lex
from pygments.lexers import get_lexer_by_name
from pygments.token import Comment, Keyword, Name, Number, String
from pygments.util import ClassNotFound

from derive.emit.mathml import mathml
from docs.site.pages import SiteError
from reports.checking.document_boxes import Unprintable, lines

Resolve = Callable[[str], str]
"""What a link's target in the source is on the site; raises `SiteError` for one that leads nowhere."""
_COLOURS = ((Comment, "comment"), (String, "string"), (Number, "number"), (Keyword, "keyword"), (Name.Tag, "keyword"),
            (Name.Builtin, "builtin"), (Name.Decorator, "builtin"))  # fmt: skip
_PROMPT = re.compile(r"(?:\$ |(?=(?:derive|python3?|pip) ))[^\n]*")


@dataclass(frozen=True)
class Heading:
    """A heading of a page; `text` is what stands below it up to the next one, for the search."""

    level: int
    title: str
    name: str
    text: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Text:
    """A page's HTML and its headings in order, the title first."""

    html: str
    headings: tuple[Heading, ...]


def rendered(source: str, resolve: Resolve) -> Text:
    """The HTML of a page in CommonMark with tables; raises `SiteError` for a link or a formula that fails."""
    reader = MarkdownIt("commonmark", renderer_cls=_Renderer).enable("table")
    tokens = reader.parse(source)
    headings: list[Heading] = []
    for place, token in enumerate(tokens):
        if token.type == "heading_open":
            headings.append(_heading(token, tokens[place + 1], headings))
        elif headings and token.type in ("inline", "fence", "code_block"):
            headings[-1].text.append(_plain(token))
        for part in token.children or ():
            if part.type == "link_open":
                _linked(part, resolve)
    return Text(reader.renderer.render(tokens, reader.options, {}), tuple(headings))


def slug(title: str) -> str:
    """The anchor of a heading, as code hosts make it: `How sure is it` is `how-sure-is-it`."""
    return re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-")


def _heading(token: Token, inline: Token, before: Sequence[Heading]) -> Heading:
    title = _plain(inline)
    base = slug(title) or "section"
    taken = {heading.name for heading in before}
    name = next(one for one in (base, *(f"{base}-{n}" for n in range(1, 1000))) if one not in taken)
    token.attrSet("id", name)
    return Heading(int(token.tag[1]), title, name)


def _plain(token: Token) -> str:
    """The words of a token without its markup."""
    if not token.children:
        return token.content
    return "".join(" " if part.type.endswith("break") else part.content for part in token.children
                   if part.type != "html_inline")  # fmt: skip


def _linked(token: Token, resolve: Resolve) -> None:
    target = str(token.attrGet("href") or "")
    token.attrSet("href", resolve(target))
    if "://" in target:
        token.attrSet("rel", "noreferrer")


class _Renderer(RendererHTML):
    """Tables that scroll, programs in colours, formulas in MathML."""

    def table_open(self, tokens: Sequence[Token], place: int, options: Any, env: Any) -> str:
        """A frame that scrolls where a table is too wide, for the keyboard too."""
        return '<div class="scroll" tabindex="0" role="region" aria-label="Table"><table>'

    def table_close(self, tokens: Sequence[Token], place: int, options: Any, env: Any) -> str:
        """Its end."""
        return "</table></div>"

    def fence(self, tokens: Sequence[Token], place: int, options: Any, env: Any) -> str:
        """A block between three backticks: a formula (`math`), or a program in the language that is named."""
        token = tokens[place]
        language = token.info.strip().split(" ")[0]
        if language == "math":
            return formula(token.content)
        return listing(coloured(token.content, language))

    def code_block(self, tokens: Sequence[Token], place: int, options: Any, env: Any) -> str:
        """An indented block: commands, and what they print."""
        return listing(commands(tokens[place].content))


def listing(inside: str) -> str:
    """A block of code that can be scrolled and copied; `inside` is HTML."""
    return f'<div class="listing"><pre tabindex="0"><code>{inside}</code></pre></div>\n'


def formula(source: str) -> str:
    """LaTeX on lines of its own as MathML; raises `SiteError` for what no box shows."""
    try:
        found = lines(source.strip())
    except Unprintable as error:
        raise SiteError(f"the formula {source.strip()!r} cannot be shown: {error}") from None
    rows = [
        "".join(f"<mtd>{mathml(box, display=True) if box else ''}</mtd>" for box in (line.lhs, line.relation, line.rhs))
        for line in found
    ]
    table = "".join(f"<mtr>{row}</mtr>" for row in rows)
    shown = f'<mtable class="lines" displaystyle="true">{table}</mtable>'
    note = f'<annotation encoding="application/x-tex">{escape(source.strip())}</annotation>'
    return (
        f'<div class="formula" tabindex="0"><math display="block"><semantics>{shown}{note}</semantics></math></div>\n'
    )


def coloured(source: str, language: str) -> str:
    """A program as HTML; one in a language that nobody named, or that Pygments does not know, stays plain."""
    try:
        lexer = get_lexer_by_name(language, stripnl=False) if language else None
    except ClassNotFound:
        lexer = None
    if lexer is None:
        return escape(source, quote=False)
    return "".join(_tinted(kind, text) for kind, text in lex(source, lexer))


def _tinted(kind: Any, text: str) -> str:
    name = next((name for row, name in _COLOURS if kind in row), "")
    safe = escape(text, quote=False)
    return f'<span class="{name}">{safe}</span>' if name and text.strip() else safe


def commands(source: str) -> str:
    """Lines as HTML; what somebody types is set apart from what is printed."""
    return "\n".join(
        f'<span class="typed">{escape(line, quote=False)}</span>' if _PROMPT.match(line) else escape(line, quote=False)
        for line in source.rstrip("\n").split("\n")
    )
