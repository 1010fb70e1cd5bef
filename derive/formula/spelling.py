r"""A name as it was written in LaTeX as a box: `\hat{x}`, `W_{out}`, `\sigma^2`, `\mathbf{h}'`.

Raises `Unspelled` for what is no name: a sum, a fraction, an unknown command.
"""

from __future__ import annotations

import re
from typing import get_args

from derive.layout import Accent, Box, Fraction, Glyph, Mark, Row, Scripts, row
from derive.tables.glyphs import GLYPHS, UnknownGlyph, sign

_TOKEN = re.compile(r"\s+|\\[A-Za-z]+|\\.|.", re.DOTALL)
_MARKS: dict[str, Mark] = {mark: mark for mark in get_args(Mark)} | {
    "widehat": "hat",
    "widetilde": "tilde",
    "overline": "bar",
}
_WORDS = ("mathrm", "text", "operatorname", "textrm", "mathsf", "textsf")
_BOLD = ("mathbf", "boldsymbol", "bm", "boldsymbol", "textbf")
_FONTS = ("mathcal", "mathbb", "mathfrak")
_PRIME = Glyph(r"\prime")
MOST_CHARACTERS = 200


class Unspelled(ValueError):
    """A text is no name that can be written."""


def spelled(text: str) -> Box:
    """The box of a name in LaTeX."""
    if len(text) > MOST_CHARACTERS:
        raise Unspelled(f"a name of {len(text)} characters is too long")
    tokens = [one for one in _TOKEN.findall(text) if not one.isspace()]
    found = _Speller(text, tokens).sequence(bold=False)
    if tokens:
        raise Unspelled(f"{text!r} is no name: {tokens[0]!r} was not expected")
    return found


class _Speller:
    """Reads tokens from the front of a list."""

    def __init__(self, text: str, tokens: list[str]) -> None:
        self.text, self.tokens = text, tokens

    def sequence(self, bold: bool) -> Box:
        """Letters with their scripts, side by side, to the end or to a closing brace."""
        found: list[Box] = []
        while self.tokens and self.tokens[0] != "}":
            found.append(self._scripted(bold))
        if not found:
            raise Unspelled(f"{self.text!r} is no name: something is missing")
        return row(found, tight=True)

    def _scripted(self, bold: bool) -> Box:
        base = self._letter(bold)
        sub: Box | None = None
        sup: list[Box] = []
        while self.tokens and self.tokens[0] in ("_", "^", "'"):
            mark = self.tokens.pop(0)
            if mark == "'":
                sup.append(_PRIME)
            elif mark == "^":
                sup.append(self._argument(bold=False))
            elif sub is None:
                sub = self._argument(bold=False)
            else:
                raise Unspelled(f"{self.text!r} is no name: two lower scripts")
        return Scripts(base, sub, row(sup, tight=True) if sup else None) if sub or sup else base

    def _argument(self, bold: bool) -> Box:
        """What stands in braces, or one letter."""
        if self.tokens and self.tokens[0] == "{":
            self.tokens.pop(0)
            found = self.sequence(bold)
            if not self.tokens:
                raise Unspelled(f"{self.text!r} is no name: a brace stays open")
            self.tokens.pop(0)
            return found
        return self._letter(bold)

    def _letter(self, bold: bool) -> Box:
        if not self.tokens:
            raise Unspelled(f"{self.text!r} is no name: something is missing")
        token = self.tokens.pop(0)
        name = token[1:] if token.startswith("\\") else ""
        if name in _MARKS:
            return Accent(self._argument(bold), _MARKS[name])
        if name in _BOLD:
            return self._argument(bold=True)
        if name in _WORDS:
            return Glyph(self._word(), "word")
        if name in _FONTS:
            return self._known(f"\\{name}{{{self._word()}}}", bold)
        if token == "{":
            self.tokens.insert(0, token)
            return self._argument(bold)
        if token.isdigit():
            while self.tokens and self.tokens[0].isdigit():
                token += self.tokens.pop(0)
            return Glyph(token, "number")
        if token in "*+-/,|()[]":
            return Glyph(token, "text")
        return self._known(token, bold)

    def _word(self) -> str:
        """The letters in braces, as they are."""
        if not self.tokens or self.tokens.pop(0) != "{" or "}" not in self.tokens:
            raise Unspelled(f"{self.text!r} is no name: a word in braces was expected")
        end = self.tokens.index("}")
        word = "".join(self.tokens[:end])
        del self.tokens[: end + 1]
        if not word.replace("-", "").isalnum():
            raise Unspelled(f"{self.text!r} is no name: {word!r} is no word")
        return word

    def _known(self, spelling: str, bold: bool) -> Box:
        try:
            found = sign(spelling)
        except UnknownGlyph as error:
            raise Unspelled(f"{self.text!r} is no name: {error.args[0]}") from error
        return Glyph(spelling, found.kind, bold)


def word(name: str) -> Box:
    """The box of a name of SymPy or of LaTeX: `z_0`, `alpha`, `\\alpha`, `n_1`; a longer name is an upright word."""
    if "\\" in name or "{" in name or "^" in name:
        return spelled(name)
    base, _, sub = name.partition("_")
    below = word(sub) if sub else None
    if base.isdigit():
        main: Box = Glyph(str(int(base)), "number")
    elif f"\\{base}" in GLYPHS:
        main = Glyph(f"\\{base}", sign(f"\\{base}").kind)
    else:
        main = Glyph(base, sign(base).kind) if len(base) == 1 and base.isascii() else Glyph(base, "word")
    return Scripts(main, sub=below) if below else main


def bare(box: Box) -> tuple[Box, Box | None, Box | None]:
    """A name without its scripts, and these: the lower and the upper."""
    return (box.base, box.sub, box.sup) if isinstance(box, Scripts) else (box, None, None)


def simple(box: Box) -> bool:
    """Whether a name is one sign that may bear scripts."""
    return not isinstance(box, Row | Fraction)
