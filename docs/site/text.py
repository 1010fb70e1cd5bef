"""Markdown as HTML: headings that can be linked to, programs in colours, formulas as MathML, links between pages.

HTML in a text is shown as it was typed, but for letters that are raised or lowered; a comment on a line of its own may
be the mark for something that is made.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline
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
_RAISED = re.compile(r"<(su[bp])>([^<>\n]+)</\1>")
_PROMPT = re.compile(r"(?:\$ |(?=(?:derive|python3?|pip) ))[^\n]*")
_REMARK = re.compile(r"(?P<typed>.*?)(?P<remark> {2,}# .*)?")
_OPTION = re.compile(r"(?<!\S)--?[a-z][a-z-]*")
_WHOLE = r'<span class="whole">\g<0></span>'


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


def rendered(source: str, resolve: Resolve, pictured: Resolve = str, made: Mapping[str, str] | None = None) -> Text:
    """The HTML of a page in CommonMark with tables; raises `SiteError` for a link or a formula that fails.

    `pictured` is to pictures what `resolve` is to links; `made` has the HTML for lines that are exactly such a mark.
    """
    reader = MarkdownIt("commonmark", {"html": False}, renderer_cls=_Renderer).enable("table")
    reader.inline.ruler.push("raised", _raised)
    tokens = reader.parse(source)
    headings: list[Heading] = []
    for place, token in enumerate(tokens):
        if token.type == "heading_open":
            headings.append(_heading(token, tokens[place + 1], headings))
        elif headings and token.type in ("inline", "fence", "code_block") and token.content not in (made or {}):
            headings[-1].text.append(_plain(token))
        for part in token.children or ():
            if part.type == "link_open":
                _linked(part, resolve)
            elif part.type == "image":
                part.attrSet("src", pictured(str(part.attrGet("src") or "")))
    shown = _filled(tokens, made or {})
    return Text(reader.renderer.render(shown, reader.options, {}), tuple(headings))


def _filled(tokens: Sequence[Token], made: Mapping[str, str]) -> list[Token]:
    """The tokens with what was made in place of the paragraphs that are its marks."""
    shown: list[Token] = []
    for token in tokens:
        if token.type == "paragraph_close" and shown[-1].content in made:
            made_here = Token("html_block", "", 0, content=made[shown[-1].content])
            shown[-2:] = [made_here]
        else:
            shown.append(token)
    return shown


def _raised(state: StateInline, silent: bool) -> bool:
    """The rule for `a<sub>j</sub>` and `e<sup>z</sup>`; other HTML is text."""
    found = _RAISED.match(state.src, state.pos)
    if found is None:
        return False
    if not silent:
        state.push("html_inline", "", 0).content = f"<{found[1]}>"
        state.push("text", "", 0).content = found[2]
        state.push("html_inline", "", 0).content = f"</{found[1]}>"
    state.pos = found.end()
    return True


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

    def code_inline(self, tokens: Sequence[Token], place: int, options: Any, env: Any) -> str:
        """Code within a line, which is broken in no option."""
        return f"<code>{unbroken(tokens[place].content)}</code>"

    def code_block(self, tokens: Sequence[Token], place: int, options: Any, env: Any) -> str:
        """An indented block: commands, and what they print."""
        return listing(commands(tokens[place].content))


def listing(inside: str) -> str:
    """A block of code that can be scrolled and copied; `inside` is HTML."""
    return f'<div class="listing"><pre tabindex="0"><code>{inside}</code></pre></div>\n'


def unbroken(source: str) -> str:
    """Code as HTML of which no option, `--layers` say, is broken at its hyphens."""
    return _OPTION.sub(_WHOLE, escape(source))


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
    """Lines as HTML; what somebody types, with its further lines, is set apart from remarks and what is printed."""
    shown, further = [], False
    for line in source.rstrip("\n").split("\n"):
        typed = further or bool(_PROMPT.match(line))
        further = typed and line.endswith("\\")
        shown.append(_command(line) if typed else escape(line, quote=False))
    return "\n".join(shown)


def _command(line: str) -> str:
    found = _REMARK.fullmatch(line)
    typed, remark = (found["typed"], found["remark"]) if found else (line, None)
    behind = f'<span class="comment">{escape(remark, quote=False)}</span>' if remark else ""
    return f'<span class="typed">{escape(typed, quote=False)}</span>{behind}'
