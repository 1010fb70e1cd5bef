r"""What stands between the placeholders, as it was typed, in the few signs that latex2sympy2 reads.

Signs, brackets, fractions, roots and powers keep their places; sizes, spaces and alignment are left out; the loose
products ⊙, ∘, ⊗ become `*`.  The table below is the whole translation, and shares nothing with our own lexer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

FUNCTIONS = ("exp", "log", "ln", "sin", "cos", "tan", "sinh", "cosh", "tanh")
"""The functions that latex2sympy2 reads rightly where their argument stands in brackets."""


class Untranslated(ValueError):
    """Something between the placeholders that the table does not know."""


@dataclass(frozen=True, slots=True)
class Row:
    """Spellings, and the one sign that stands for them; "" leaves them out."""

    sign: str
    spellings: str


ROWS = (
    Row("+", "+"),
    Row("-", "- −"),
    Row("/", r"/ ∕ \slash \div ÷ \oslash ⊘ ./"),
    Row("*", r"* ∗ \ast \odot ⊙ \circ ∘ \otimes ⊗ .*"),
    Row(r"\cdot", r"\cdot · ⋅ ∙"),
    Row(r"\times", r"\times ×"),
    Row("(", r"( [ \{ \lbrace \lbrack \lparen"),
    Row(")", r") ] \} \rbrace \rbrack \rparen"),
    Row("{", "{"),
    Row("}", "}"),
    Row("^", "^"),
    Row(r"\frac", r"\frac \tfrac \dfrac \cfrac \nicefrac \sfrac"),
    Row(r"\sqrt", r"\sqrt"),
    Row("e", "e"),
    *(Row(rf"\{name}", rf"\{name}") for name in FUNCTIONS),
    # --- sizes, spaces, places, fonts ---
    Row("", r"\left \right \big \Big \bigg \Bigg \bigl \Bigl \biggl \Biggl \bigr \Bigr \biggr \Biggr \bigm \Bigm"),
    Row("", r"\, \; \: \! \> \quad \qquad \thinspace \medspace \thickspace \negthinspace \enspace \enskip ~ \hfill"),
    Row("", r"& \\ \displaystyle \textstyle \scriptstyle \nonumber \notag \limits \nolimits \mathstrut \strut"),
    Row("", r"\allowbreak \nobreak \null \relax \boxed \fbox \smash \bf \rm \it \cal \sf \tt"),
    Row("", r"\mathbf \boldsymbol \bm \pmb \symbf \symbfit \mathrm \mathnormal \mathit \mathcal \mathscr"),
    Row("", r"\mathbb \mathds \mathbbm \mathsf \mathtt \mathfrak"),
)
UNCLAIMED = Row(
    "unclaimed",
    r"""\alpha \beta \gamma \delta \epsilon \varepsilon \zeta \eta \theta \vartheta \iota \kappa \lambda \mu \nu \xi \pi
    \rho \varrho \sigma \tau \upsilon \phi \varphi \chi \psi \omega \Gamma \Delta \Theta \Lambda \Xi \Pi \Sigma \Phi
    \Psi \Omega \ell \top \prime ' _ \partial \nabla \sum \prod \operatorname \max \min""",
)
"""What cannot be left out: where no part of our tree claims it, our reading has lost it."""
SIGNS = {spelling: row.sign for row in ROWS for spelling in row.spellings.split()} | {"\\ ": ""}
_LOST = frozenset(UNCLAIMED.spellings.split())

_ARGUMENTS = {r"\frac": 2, r"\sqrt": 1, "^": 1}
_CHUNK = re.compile(
    r"""(?P<skip> %[^\n]*\n? | \s+ | \\\\\*?\[[^\]]*\] | \\(?:text)?color(?:\[\w*\])?\{[^{}]*\}
        | \\[hv]space\*?\{[^{}]*\} | \\[hv]?phantom\{[^{}]*\} | \\label\{[^{}]*\} )
    | (?P<number> [0-9]+(?:\.[0-9]+)? | \.[0-9]+ )
    | (?P<raised> [⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺]+ )
    | \\[A-Za-z]+ | \\. | \.[*/] | . """,
    re.VERBOSE | re.DOTALL,
)
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")


def placeholder(name: str) -> str:
    """The token that latex2sympy2 reads as a letter of its own."""
    return rf"\variable{{{name}}}"


def translated(piece: str) -> Iterator[str]:
    """The signs of a piece of the text; a letter that our tree does not claim is a placeholder that only the text has.

    Raises `Untranslated`.
    """
    for match in _CHUNK.finditer(piece):
        chunk = match[0]
        if match["number"]:
            yield f"0{chunk}" if chunk.startswith(".") else chunk
        elif match["raised"]:
            yield from ("^", "{", *chunk.translate(_RAISED), "}")
        elif match["skip"] is None and (sign := _sign(chunk)):
            yield sign


def _sign(chunk: str) -> str:
    """The one sign of a chunk."""
    if chunk in SIGNS:
        return SIGNS[chunk]
    if chunk in _LOST or (chunk.isascii() and chunk.isalpha()):
        return placeholder(UNCLAIMED.sign + "".join(filter(str.isalpha, chunk)))
    raise Untranslated(f"“{chunk}” is nothing that latex2sympy2 would read")


def braced(tokens: Sequence[str]) -> list[str]:
    r"""The tokens with braces around every argument of \frac, \sqrt and ^, which TeX lets one leave out."""
    waiting = list(reversed(tokens))
    found: list[str] = []
    while waiting:
        found += _item(waiting)
    return found


def _item(waiting: list[str]) -> list[str]:
    """The next token with the arguments that it takes."""
    found = [waiting.pop()]
    for _ in range(_ARGUMENTS.get(found[0], 0)):
        found += ["{", *_argument(waiting), "}"]
    return found


def _argument(waiting: list[str]) -> list[str]:
    """The next argument, without its braces: a group, or one token, of a number one digit."""
    if not waiting:
        raise Untranslated("an argument is missing")
    if waiting[-1] != "{":
        if waiting[-1].isdigit():
            digits = waiting.pop()
            waiting += [digits[1:]] * (len(digits) > 1)
            return [digits[0]]
        return _item(waiting)
    waiting.pop()
    inner: list[str] = []
    while waiting and waiting[-1] != "}":
        inner += _group(waiting) if waiting[-1] == "{" else _item(waiting)
    if not waiting:
        raise Untranslated("a brace that is never closed")
    waiting.pop()
    return inner


def _group(waiting: list[str]) -> list[str]:
    """The next group, with its braces."""
    return ["{", *_argument(waiting), "}"]
