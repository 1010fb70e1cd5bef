"""A definition read back: against what SymPy prints of a table, with the letters that are printed, not by itself."""

from __future__ import annotations

import re
from typing import Any

from sympy import latex as written

from reports.selfcheck.checks import Check, Subject, given
from reports.selfcheck.statements import Statement
from verify.latex import tree as t
from verify.latex.walk import walk

TARGET = r"\Xi"
"""A letter that no table has."""


def same(one: Statement, expression: Any, target: str = "") -> Check:
    """Whether the last side of a definition is that expression, for all values of its letters, and the first `target`.

    The printer under test had no part in the other side: SymPy prints it, and the checker compares the two.
    """
    if target and one.part(0, 1).replace(" ", "") != target.replace(" ", ""):
        return Check("definition", one.text, f"this should define {target}", False)
    names = {letter: str(letter) for letter in expression.free_symbols}
    other = written(expression, symbol_names=names, mul_symbol="dot")  # g (1 − β) would be a call of g
    found = given(f"{TARGET} = {other}").asked(f"{TARGET} = {one.part(len(one.sides) - 1, len(one.sides))}")
    said = found.verdict if not found.message else f"{found.verdict}: {found.message}"
    return Check("definition", one.text, said, found.verdict == "correct")


_SIGMA = re.compile(r"\\sigma(?![A-Za-z])")


def spelled(subject: Subject, text: str) -> str:
    """The formula as the checker is asked about it: where activation functions differ, σ is the sigmoid in any layer.

    To the checker σ of z is the activation function of that layer, as in most books; where a report has several, each
    has the letter that is printed for it, so that σ is wrong where ReLU is meant.
    """
    return _SIGMA.sub(r"\\operatorname{sigmoid}", text) if subject.own_letters else text


def circular(sides: tuple[t.Node, ...]) -> bool:
    """Whether a definition uses what it defines: the same on the right, or another entry of the same array."""
    left = sides[0]
    return any(part == left or _same_array(left, part) for side in sides[1:] for part in walk(side))


def _same_array(left: t.Node, part: t.Node) -> bool:
    if not (isinstance(left, t.Scripted) and isinstance(part, t.Scripted) and left.upper):
        return False
    return (left.base, left.upper) == (part.base, part.upper)
