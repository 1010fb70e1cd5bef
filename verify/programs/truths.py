r"""The true right side of a claim about definitions, as LaTeX in the claim's own letters.

    truth([r"f = \sum_i x_i^2"], {}, the tree of \frac{\partial f}{\partial x_k})     2 x_{k}

What comes back is a proposal: whoever shows it to somebody checks it first, as any other formula.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from sympy import Expr, Indexed, Sum

from derive.derivation import Derivation
from derive.equation import EquationError
from derive.latex import latex
from derive.matrix import NoMatrixForm
from derive.symbols import Index, Scalar
from verify.latex import Unreadable, unread
from verify.latex import tree as t
from verify.meaning.definitions import names
from verify.meaning.errors import Meaningless
from verify.meaning.indices import letter_of
from verify.meaning.naming import Names
from verify.programs.reading import How, ProgramRead, program_read

Shapes = tuple[tuple[str, tuple[int | str, ...]], ...]

_LETTERS = tuple("ijklmnpqrstuv")
_REFUSALS = (Unreadable, Meaningless, EquationError, NoMatrixForm, KeyError, RecursionError)
"""What says that there is no such form: the definitions cannot be derived, or have no matrix form."""


def truth(given: Sequence[str], shapes: Mapping[str, Sequence[int | str]], left: t.Node) -> str | None:
    """The LaTeX of what a left side ∂L/∂x_i, ∂L/∂X or ∇_X L is equal to; None where nothing is known."""
    stated = tuple(sorted((name, tuple(sizes)) for name, sizes in shapes.items()))
    return _truth(tuple(given), stated, left)


@lru_cache(maxsize=256)
def _truth(given: tuple[str, ...], shapes: Shapes, left: t.Node) -> str | None:
    if not isinstance(left, t.Derivative) or len(left.by) != 1 or left.by[0].times is not None:
        return None
    try:
        return _derived(given, shapes, left.operand, left.by[0].variable)
    except _REFUSALS:
        return None


def _derived(given: tuple[str, ...], shapes: Shapes, operand: t.Node, by: t.Node) -> str | None:
    known = names(given, dict(shapes), (by,))
    target, variable = _name(known, operand), known.named(by) if isinstance(by, t.Letter | t.Scripted) else None
    if target is None or variable is None or variable[2]:
        return None
    indices = variable[1]
    base = by.base if isinstance(by, t.Scripted) else by
    whole = unread(base) if indices else unread(by)
    read = program_read(given, dict(shapes), [whole], how=How(target, naming=False, means=False, ranks=False))
    if read.ours or read.program.target.name not in (target, unread(operand)):
        return None
    derivation = Derivation(read.program)
    letter = read.program.wrt[0].name
    if not indices:
        return _whole(derivation, letter)
    return _entry(derivation, letter, tuple(letter_of(one) or "" for one in indices), read)


def _name(known: Names, operand: t.Node) -> str | None:
    """The quantity that is differentiated, where it is one number."""
    if isinstance(operand, t.Applied | t.Call):
        operand = operand.head if isinstance(operand, t.Applied) else operand.function
    named = known.named(operand) if isinstance(operand, t.Letter | t.Scripted) else None
    return named[0] if named is not None and not named[1] and not named[2] else None


def _whole(derivation: Derivation, letter: str) -> str:
    """The matrix form; of a number, its formula."""
    if isinstance(derivation.program.variables[letter], Scalar):
        return latex(derivation.index(letter).rhs, derivation)
    return latex(derivation.matrix(letter), derivation).partition(" = ")[2]


def _entry(derivation: Derivation, letter: str, indices: tuple[str, ...], read: ProgramRead) -> str | None:
    """The index form, in the claim's letters."""
    claim = derivation.index(letter)
    entry = claim.lhs.denominator
    if not isinstance(entry, Indexed) or "" in indices or len(entry.indices) != len(indices):
        return None
    if len(set(indices)) < len(indices):
        return None
    wanted = {old: Index(new, old.space) for old, new in zip(entry.indices, indices, strict=True)}
    taken = frozenset(one.name for pair in wanted.items() for one in pair)
    right = _spelled(claim.rhs, taken, frozenset(read.program.variables))
    return latex(right.xreplace(wanted), derivation)


def _spelled(expression: Expr, taken: frozenset[str], variables: frozenset[str]) -> Expr:
    """The expression with bound letters that are not those of the claim."""
    if not expression.args or isinstance(expression, Indexed):
        return expression
    if isinstance(expression, Sum):
        body = _spelled(expression.function, taken, variables)
        for limit in expression.limits:
            old = limit[0]
            if old.name in taken:
                used = {one.name for one in body.atoms(Index)} | taken | variables
                new = Index(next(one for one in _LETTERS if one not in used), old.space)
                body, expression = body.xreplace({old: new}), expression.xreplace({old: new})
        return expression.func(body, *expression.limits)
    return expression.func(*(_spelled(one, taken, variables) for one in expression.args))
