"""Second derivatives, rechecked: how each quantity moves when what is given moves along V, and what multiplies V.

    direction     R{X_q} is the slope of X's equation in which every quantity Y is moved along R{Y}, all at once
    coefficient   Σ_q claim_pq V_q is R{∂E/∂X_p}, for every V

Only what depends on what moves is moved: the inputs that are not among the directions, and what is made of these
alone, stand still.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sympy import Expr, Indexed

from derive.equation import Equation
from derive.named import Adjoint, Inverse, Slope
from derive.program import Program
from derive.second.tangent import MOVED, Direction, DirectionNumber, Hessian, Tangent, TangentNumber
from derive.step import Step
from derive.symbols import Array, Local, Partial, Scalar
from verify.equality import Reader
from verify.equality.polynomial import fresh, multiplied
from verify.equality.reading import ONE, Terms, array_name, at, space_name
from verify.equality.slope import DIRECTION, along
from verify.kernel_parts import Wrong, compare, defined, distinct, indices


@dataclass(frozen=True)
class Directions:
    """What moves, in a derivation of a program: `moving` are arrays and numbers that no equation defines."""

    program: Program
    steps: tuple[Step, ...]
    moving: tuple[Expr, ...]

    # --- what stands still ---

    @cached_property
    def _moved(self) -> frozenset[Expr]:
        """What is given and moves, and what an equation makes of it."""
        found = set(self.moving)
        for one in self.program.definitions:
            if one.rhs.atoms(Array, Scalar) & found:
                found.add(defined(one.lhs))
        return frozenset(found)

    @cached_property
    def _names(self) -> dict[Expr, Expr]:
        """The array of which each name names the adjoint."""
        pairs = [(step.claim.lhs, step.claim.rhs) for step in self.steps if isinstance(step.claim.rhs, Partial)]
        return {lhs.base: defined(rhs.denominator) for lhs, rhs in pairs if isinstance(lhs, Indexed)}

    @cached_property
    def _still_from(self) -> dict[Expr, int]:
        """By what ∂E/∂X stands still: the number of the first step that says it is made of what does not move."""
        found: dict[Expr, int] = {}
        for step in self.steps:
            lhs, rhs = step.claim.lhs, step.claim.rhs
            if not isinstance(lhs, Partial) or lhs.numerator != self.program.target or rhs.has(Partial, Local):
                continue
            if not any(self._moves(one, step.number, found) for one in rhs.atoms(Array, Scalar)):
                found.setdefault(defined(lhs.denominator), step.number)
        return found

    def _moves(self, one: Expr, before: int, still: Mapping[Expr, int]) -> bool:
        """Whether a quantity may move, as far as the steps before a number say."""
        if one in self._names:
            return still.get(self._names[one], before) >= before
        if isinstance(one, Adjoint):
            return still.get(one.array, before) >= before
        return one in self._moved or isinstance(one, MOVED)

    # --- direction ---

    def direction(self, step: Step) -> None:
        """Raise `Wrong` unless the claim says how the quantity of a premise moves."""
        lhs, rhs = step.claim.lhs, step.claim.rhs
        distinct(indices(lhs))
        source = self._source(step)
        own = dict(zip(indices(source.lhs), (at(index, {}) for index in indices(lhs)), strict=True))
        before, claimed = _with_standins(source.rhs), _with_standins(rhs)
        reader = Reader()
        slope: Terms = []
        for one in sorted(source.rhs.atoms(Array, Scalar), key=str):
            slope += self._slope(reader, before, one, own, step.number)
        compare(slope, reader.terms(claimed, {}), "the equation moves in another way")

    def _source(self, step: Step) -> Equation:
        """The premise that the claim differentiates, X_q = …, with the indices of its own."""
        lhs = step.claim.lhs
        what = defined(lhs)
        if not isinstance(what, Tangent | TangentNumber):
            raise Wrong(f"{lhs} is not how a computed quantity moves")
        of = what.array if isinstance(what, Tangent) else what.of
        claims = [self.steps[number].claim for number in step.premises]
        named = self._names.get(of) if any(isinstance(one.rhs, Partial) and defined(one.lhs) == of
                                           for one in claims) else None  # fmt: skip
        for one in claims:
            if one.rhs.has(Partial, Local):
                continue
            entry = self._entry(one.lhs, of, named)
            if entry is not None:
                distinct(indices(entry))
                return Equation(entry, one.rhs)
        raise Wrong(f"no premise says what {of} is")

    def _entry(self, lhs: Expr, of: Expr, named: Expr | None) -> Expr | None:
        """The entry, of a quantity or of that whose adjoint it is, about which a left side speaks; None for another."""
        if not isinstance(lhs, Partial):
            return lhs if defined(lhs) == of and not isinstance(of, MOVED) else None
        if lhs.numerator != self.program.target:
            return None
        by = defined(lhs.denominator)
        same = lhs == of or named == by or (isinstance(of, Adjoint) and (of.numerator, of.array) == (lhs.numerator, by))
        return lhs.denominator if same else None

    def _slope(self, reader: Reader, rhs: Expr, one: Expr, own: Mapping[Any, Any], number: int) -> Terms:
        """The slope of a right side where one quantity moves along its R."""
        if isinstance(one, MOVED):
            raise Wrong(f"{one} says how something moves; third derivatives have no rule")
        if isinstance(one, Slope) and set(one.numerator.arrays) & self._moved:
            raise Wrong(f"{one.name} moves in a way that nothing says")
        if isinstance(one, Inverse | Slope) or not self._moves(one, number, self._still_from):
            return []
        moved = along(reader, rhs, _standin(one), own)
        if isinstance(one, Scalar):
            by = reader.atom(DirectionNumber(one) if one in self.moving else TangentNumber(one), {})
            return multiplied([(ONE, {by: ONE}, ())], moved)
        name = array_name(Direction(one) if one in self.moving else Tangent(one))
        return [(c, {_named(atom, name): power for atom, power in factors.items()}, bound)
                for c, factors, bound in moved]  # fmt: skip

    # --- coefficient ---

    def coefficient(self, step: Step) -> None:
        """Raise `Wrong` unless the claim is what multiplies V in a premise about R{∂E/∂X}."""
        lhs = step.claim.lhs
        hessian = defined(lhs)
        if not isinstance(hessian, Hessian) or hessian.target != self.program.target:
            raise Wrong(f"{lhs} is no second derivative of the target")
        first, second = hessian.by
        if second not in self.moving:
            raise Wrong(f"{second.name} does not move")
        distinct(indices(lhs))
        rows, columns = lhs.indices[: len(first.spaces)], lhs.indices[len(first.spaces) :]
        premise = self._about(step, Tangent(Adjoint(hessian.target, first)))
        loose = {one for one in premise.rhs.atoms(Array, Scalar) if isinstance(one, MOVED)}
        if any(isinstance(one, Tangent | TangentNumber) for one in loose):
            raise Wrong("the premise is not in the directions alone")
        reader = Reader()
        own = dict(zip(indices(premise.lhs), (at(index, {}) for index in rows), strict=True))
        others = [array_name(one) if isinstance(one, Array) else one for one in loose if one != Direction(second)]
        whole = [term for term in reader.terms(_with_standins(premise.rhs), own) if not _holds(term, others, reader)]
        there = {index: fresh(space_name(index.space)) for index in columns}
        atom = ("x", array_name(Direction(second)), *there.values())
        claimed = multiplied([(ONE, {atom: ONE}, ())], reader.terms(_with_standins(step.claim.rhs), there))
        summed = [(c, factors, (*bound, *there.values())) for c, factors, bound in claimed]
        compare(whole, summed, "the premise has other coefficients")
        if any(isinstance(one, MOVED) for one in step.claim.rhs.atoms(Array, Scalar)):
            raise Wrong("a second derivative does not depend on the direction")

    def _about(self, step: Step, quantity: Expr) -> Equation:
        for number in step.premises:
            claim = self.steps[number].claim
            if defined(claim.lhs) == quantity:
                distinct(indices(claim.lhs))
                return claim
        raise Wrong(f"no premise says what {quantity} is")

    # --- what must have been concluded ---

    def missing(self, concluded: Iterable[Expr]) -> list[str]:
        """What moves, and by which ∂E/∂X exists, for which no step says how ∂E/∂X moves in what is known."""
        known: set[Expr] = set()
        for step in self.steps:
            rests_on = {one for one in step.claim.rhs.atoms(Array, Scalar) if isinstance(one, Tangent | TangentNumber)}
            if isinstance(defined(step.claim.lhs), Tangent | TangentNumber) and rests_on <= known:
                known.add(defined(step.claim.lhs))
        by = [one for one in self.moving if one in concluded]
        return [one.name for one in by if self._of(one) not in known]

    def _of(self, one: Expr) -> Expr:
        target = self.program.target
        return Tangent(Adjoint(target, one)) if isinstance(one, Array) else TangentNumber(Partial(target, one))


def _named(atom: Any, name: str) -> Any:
    """The atom of a direction as the entry of an array."""
    return ("x", name, *atom[1:]) if atom[0] == DIRECTION else atom


def _holds(term: Any, others: Sequence[Any], reader: Reader) -> bool:
    """Whether a term has a factor of one of these arrays or numbers."""
    atoms = {reader.atom(one, {}) for one in others if not isinstance(one, str)}
    return any(atom in atoms or (atom[0] == "x" and atom[1] in others) for atom in term[1])


def _standin(one: Expr) -> Expr:
    """An array in the place of ∂L/∂S, which then is a quantity like any other; all else as it is."""
    if isinstance(one, Adjoint | Slope):
        return Array(f"stands for {array_name(one)}", 0, one.spaces)
    return one


def _with_standins(expression: Expr) -> Expr:
    found = {one: _standin(one.base)[one.indices] for one in expression.atoms(Indexed)
             if isinstance(one.base, Adjoint | Slope)}  # fmt: skip
    return expression.xreplace(found) if found else expression
