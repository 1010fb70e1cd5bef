r"""Definitions that stand in a sentence: “Writing $g_i = \partial L/\partial y_i$, …”, “with $h = Wx$ and $s = …$”.

Only a formula that a word such as *with*, *where*, *let*, *writing* or *denote* introduces is taken for one, and only
if its right side says something: “with $b = 0$” and “where $i = j$” are special cases, no definitions.
"""

from __future__ import annotations

import re

from verify.document.statements import Written
from verify.document.symbols import Key, Symbol, advances, defined_names, names
from verify.latex import tree as t
from verify.latex.walk import walk

LOOK_BACK = 400
"""So many characters before a formula may hold the word that introduces it."""
_FORMULA = "¤"
_INLINE = re.compile(r"(?<!\\)\$[^$]*\$|\\\(.*?\\\)", re.DOTALL)
_COMMENT = re.compile(r"(?<!\\)%[^\n]*")
_REFERENCE = re.compile(r"\\[A-Za-z]+\*?(?:\s*[\[{][^\[\]{}]*[\]}])*|~")
_EDGE = re.compile(r"\n[ \t]*\n|\\end\s*\{[^{}]*\}|\\begin\s*\{[^{}]*\}|\\\]|\$\$|[.;!?:](?=\s)|\\item|\\par(?![a-z])")
_LIST = r"(?:¤\s*(?:,?\s*and\s*|,\s*))*"
_WORDS = (
    r"(?:(?!(?:that|if|when|unless|case|such|gives?|yields?|have|find|get|obtain|shows?|follows?)\b)[a-z'’-]+,?\s+)"
)
_OPENS = re.compile(
    r"\b(?:writing|write|with|where|let|letting|put|putting|set|setting|define|defining|abbreviate|abbreviating"
    r"|introduce|introducing)\b\s*,?\s*" + rf"(?:{_WORDS}{{0,3}}){_LIST}$"
    rf"|\b(?:denote|denotes|denoted|denoting|defined|given)\s+{_WORDS}{{0,4}}(?:by|as)\s*{_LIST}$"
    rf"|\blet\s+{_WORDS}{{1,5}}be\s*{_LIST}$"
    rf"|\b[a-z-]+\s+(?:is|are)\s*{_LIST}$",
    re.IGNORECASE,
)
_DENOTES = re.compile(r"\s*,?\s*(?:denotes?|stands? for)\b", re.IGNORECASE)
_RUNNING = frozenset("ijklmn")
"""Letters that alone are an index or a size: “with $j = i + 1$” defines no quantity."""


def introduced(text: str, start: int, end: int) -> bool:
    """Whether the words around the formula at `start` … `end` of a source say that it is a definition."""
    before = _COMMENT.sub("", text[max(0, start - LOOK_BACK) : start])
    before = _EDGE.split(_INLINE.sub(_FORMULA, _after_displays(before)))[-1]
    plain = " ".join(_REFERENCE.sub(" ", before).split())
    return bool(_OPENS.search(f"{plain} " if plain else "")) or bool(_DENOTES.match(text, end))


def _after_displays(text: str) -> str:
    """What stands behind the last display, so that its dollar signs count for nothing."""
    return re.split(r"\$\$|\\end\s*\{[^{}]*\}|\\\]|\n[ \t]*\n", text)[-1]


def telling(one: Written) -> bool:
    """Whether a statement in a sentence can be a definition at all."""
    if one.error or one.symbol is None or one.statement is None or one.restrictions:
        return False
    left, right = one.statement.sides[:2]
    if isinstance(right, t.Letter) or not any(isinstance(part, t.Letter) for part in walk(right)):
        return False
    slope = any(isinstance(part, t.Derivative) for part in walk(right))
    running = isinstance(left, t.Letter) and left.name in _RUNNING and not slope
    itself = (
        bool(names(right).intersection(defined_names(one.symbol)))
        and not _of_itself(left, right)
        and not one.symbol.indices
    )
    return not (running or itself or advances(left, right))


def _of_itself(left: t.Node, right: t.Node) -> bool:
    """L = L(y)."""
    return isinstance(right, t.Applied) and right.head == left


def spoken_for(symbol: Symbol, displayed: frozenset[Key]) -> bool:
    """Whether a display defines a symbol, its array, an entry of it, or it without its power."""
    return bool({symbol.key, symbol.powerless, symbol.family} & displayed)
