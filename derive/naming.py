"""Which adjoints get a name, and which: δ and g in a network, ∂L/∂S in a program of named arrays.

A name is worth its line where the adjoint is needed again and is long; what is short, or a mean over an axis, is put in
where it is needed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from sympy import Expr, Indexed, Sum

from derive.contract import common_factors, contract
from derive.equation import Equation
from derive.folding import Folder, size
from derive.named import Adjoint
from derive.program import Program
from derive.rewrite import substitute
from derive.simplify import fold, shorter, shorter_within
from derive.symbols import Array, Index, Partial, Scalar

SHORT = 8


class Naming(Protocol):
    """How a derivation names what it finds, and how it writes it."""

    def name(self, program: Program, array: Array) -> Array:
        """The array that names ∂(target)/∂array."""

    def at_once(self, program: Program, array: Array) -> bool:
        """Whether the name is given as soon as the adjoint is known."""

    def in_time(self, program: Program, array: Array, claim: Equation, expression: Expr) -> bool:
        """Whether the name is given when the adjoint, of which this is the claim, is put into an expression."""

    def folded(self, program: Program, expression: Expr, own: Equation | None) -> tuple[Expr, list[Equation]]:
        """An expression in named quantities, and the definitions used; `own` is that which was differentiated."""

    def slope(self, local: Expr, slope: Equation) -> Expr:
        """A local derivative, where the slope of the activation is known in the value that it computes."""

    def shorter(self, expression: Expr) -> Expr:
        """The expression with cancelled what cancels."""


def used_again(program: Program, array: Expr) -> bool:
    """Whether the adjoint is needed for more than one other."""
    return len(_active(program, array)) > 1


def _active(program: Program, array: Expr) -> frozenset[Expr]:
    """The active quantities of which one is made."""
    equation = program.by_symbol.get(array)
    return frozenset() if equation is None else equation.rhs.atoms(Array, Scalar) & program.active


@dataclass(frozen=True)
class Layers:
    """The names of a network: δ for a pre-activation, g for an activation, a bar where those are taken."""

    def name(self, program: Program, array: Array) -> Array:
        """δ of z, g of a, else the letter with `bar_` in front."""
        usual = Array({"z": "delta", "a": "g"}.get(array.role, f"bar_{array.role}"), array.layer, array.spaces)
        return Array(f"bar_{array.role}", array.layer, array.spaces) if usual in program.by_symbol else usual

    def at_once(self, program: Program, array: Array) -> bool:
        """What is used again has a name."""
        return used_again(program, array)

    def in_time(self, program: Program, array: Array, claim: Equation, expression: Expr) -> bool:
        """A sum that is used twice gets a name."""
        return claim.rhs.has(Sum) and len(list(mentions(expression, array))) > 1

    def folded(self, program: Program, expression: Expr, own: Equation | None) -> tuple[Expr, list[Equation]]:
        """A local derivative in the quantity that was differentiated: e^{z_i}/Σ_k e^{z_k} is a_i."""
        if own is None:
            return expression, []
        found = fold(expression, own)
        return (expression, []) if found == expression else (common_factors(found), [own])

    def slope(self, local: Expr, slope: Equation) -> Expr:
        """σ′(z), as it is."""
        return local

    def shorter(self, expression: Expr) -> Expr:
        """The expression over its common denominators, if that is shorter."""
        return shorter(expression)


@dataclass(frozen=True)
class Letters:
    """The names of a program of named arrays: ∂L/∂S itself, where it is long and needed again."""

    def name(self, program: Program, array: Array) -> Array:
        """The array of all ∂(target)/∂array."""
        return Adjoint(program.target, array)

    def at_once(self, program: Program, array: Array) -> bool:
        """Never: only where it is needed can be seen whether it is worth a name."""
        return False

    def in_time(self, program: Program, array: Array, claim: Equation, expression: Expr) -> bool:
        """Where an entry is shifted, several paths meet again, or what is needed again is long."""
        found = list(mentions(expression, array))
        if isinstance(claim.rhs, Indexed) or not found:
            return False
        if any(not isinstance(index, Index) for one in found for index in one.denominator.indices):
            return True
        if _statistic(program, array) or size(self._put_in(claim, expression)) <= size(expression):
            return False
        if _meets_again(program, array):
            return True
        short = not claim.rhs.has(Sum) and size(claim.rhs) <= SHORT
        return not short and (len(found) > 1 or used_again(program, array))

    def _put_in(self, claim: Equation, expression: Expr) -> Expr:
        return self.shorter(contract(substitute(expression, claim)))

    def folded(self, program: Program, expression: Expr, own: Equation | None) -> tuple[Expr, list[Equation]]:
        """Every expression in all quantities that have a name."""
        folder = Folder(tuple(one for one in program.definitions if one.lhs != program.target))
        return folder(expression), folder.used

    def slope(self, local: Expr, slope: Equation) -> Expr:
        """p (1 − p) for σ′(z)."""
        return substitute(local, slope)

    def shorter(self, expression: Expr) -> Expr:
        """The expression with cancelled what cancels, within sums too."""
        return shorter_within(expression)


def mentions(expression: Expr, array: Array) -> Iterator[Partial]:
    """∂E/∂array as often as it stands in an expression."""
    if isinstance(expression, Partial):
        if isinstance(expression.denominator, Indexed) and expression.denominator.base == array:
            yield expression
        return
    for part in expression.args:
        yield from mentions(part, array)


def _statistic(program: Program, array: Array) -> bool:
    """Whether every active array of which one is made has its axes and one has more: a mean, a variance, a norm."""
    made_of = [set(one.spaces) if isinstance(one, Array) else set() for one in _active(program, array)]
    own = set(array.spaces)
    return all(spaces >= own for spaces in made_of) and any(spaces > own for spaces in made_of)


def _meets_again(program: Program, array: Array) -> bool:
    """Whether one of the quantities of which an array is made reaches another of these."""
    parts = sorted(_active(program, array), key=str)
    return any(one in _behind(program, other) for one in parts for other in parts if one != other) or any(
        _behind(program, one) & _behind(program, other) for n, one in enumerate(parts) for other in parts[:n]
    )


def _behind(program: Program, array: Expr) -> frozenset[Expr]:
    """The active quantities that one is made of, directly or not."""
    found: set[Expr] = set()
    pending = [array]
    while pending:
        new = _active(program, pending.pop()) - found
        found |= new
        pending += new
    return frozenset(found)


LAYERS, LETTERS = Layers(), Letters()
