r"""What is wrong with Markdown as a reader of CommonMark with tables and formulas between dollar signs sees it.

Every finding is a sentence: emphasis that arises inside a formula or stays two stars, a row of a table with another
number of cells than its head, markup other than anchors, a formula whose brackets do not match.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

# Without `text_join` an escaped sign stays apart from one that was left over.
PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"]).disable("text_join")
_PLAIN = ("text", "text_special", "softbreak", "hardbreak", "entity")
_ALLOWED = re.compile(r'<a id="[^"]+">|</a>|</?span>|</?sup>')
_PAIRS = ((r"\\left(?![a-z])", r"\\right(?![a-z])"), (r"\\begin\{", r"\\end\{"), (r"(?<!\\)\{", r"(?<!\\)\}"))


def markdown_findings(text: str) -> list[str]:
    """Everything that is wrong with a text."""
    tokens = PARSER.parse(text)
    return [*_tables(text), *(one for token in tokens for one in _block(token))]


def _block(token: Token) -> Iterator[str]:
    if token.type in ("html_block", "code_block"):
        bare = _ALLOWED.sub("", token.content).strip() if token.type == "html_block" else "indented code"
        if bare:
            yield f"markup: {bare[:80]!r}"
    if token.type != "inline":
        return
    if token.content.startswith("$$"):
        yield from _display(token)
    else:
        yield from _inline(token)


def _display(token: Token) -> Iterator[str]:
    """A formula on lines of its own: one paragraph, in which the parser found nothing."""
    if not re.fullmatch(r"\$\$\n[^$]+\n\$\$", token.content):
        yield f"a formula is no paragraph of its own: {token.content[:80]!r}"
    strange = [one.type for one in token.children or () if one.type not in _PLAIN]
    if strange:
        yield f"{strange[0]} inside a formula: {token.content[:80]!r}"
    yield from _formula(token.content)


def _inline(token: Token) -> Iterator[str]:
    inside, formula = False, ""
    for child in token.children or ():
        if child.type == "html_inline" and not _ALLOWED.fullmatch(child.content):
            yield f"markup: {child.content!r}"
        if inside and child.type not in _PLAIN:
            yield f"{child.type} inside a formula: {token.content[:80]!r}"
        # An escaped dollar sign is no end of a formula; nor is any sign in code.
        for place, part in enumerate(child.content.split("$") if child.type == "text" else [child.content]):
            if place:
                if inside:
                    yield from _formula(formula)
                inside, formula = not inside, ""
            formula += part
            if child.type == "text" and not inside and re.search(r"\*|(?<!\w)_(?!\w)|~~", part):
                yield f"a sign of emphasis is left over: {part[:80]!r}"
    if inside:
        yield f"a formula does not end: {token.content[:80]!r}"


def _formula(latex: str) -> Iterator[str]:
    for left, right in _PAIRS:
        if len(re.findall(left, latex)) != len(re.findall(right, latex)):
            yield f"{left} without {right}: {latex[:80]!r}"


def _tables(text: str) -> Iterator[str]:
    """Rows that have another number of cells than their head; a parser silently cuts or fills them."""
    bare = re.sub(r"^(`{3,}).*?^\1$", "", text, flags=re.DOTALL | re.MULTILINE)
    head = 0
    for line in bare.split("\n"):
        cells = len(re.findall(r"(?<!\\)\|", line)) if line.startswith("|") else 0
        if cells and head and cells != head:
            yield f"a row has {cells - 1} cells and the head {head - 1}: {line[:80]!r}"
        head = (head or cells) if cells else 0
