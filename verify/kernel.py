"""Rechecks every step of a derivation for every width, by rules that share no code with what made the steps.

Each rule of `derive.tables.rules` names one of these justifications:

    definition   the claim is one of the program's equations, or it names ∂E/∂V by an array that is new
    chain        the claim is the sum over all equations through which V reaches the loss, built here from the program
    derivative   V is moved along a direction H, and the slope is compared with Σ_p claim_p H_p
    equality     both sides are the same polynomial once the premises are put in from left to right

and of second derivatives, in `verify.kernel_directions`, `direction` and `coefficient`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sympy import Expr, Indexed

from derive.equation import Equation
from derive.functions import Head
from derive.named import Adjoint, Inverse, Slope
from derive.program import Program
from derive.step import Step
from derive.symbols import Array, Local, Partial, Scalar, free_indices
from verify.equality import Reader, Undecided, difference, vanishes
from verify.equality.polynomial import canonical, fresh, multiplied
from verify.equality.reading import ONE, Terms, at, space_name
from verify.equality.slope import DIRECTION, along
from verify.kernel_directions import Directions
from verify.kernel_parts import Wrong, below, compare, defined, distinct, indices, well_formed

if TYPE_CHECKING:  # a derivation is only looked at: what makes its steps is not even loaded
    from derive.derivation import Derivation
    from derive.second.product import HessianVector


class KernelError(AssertionError):
    """A step does not hold; the message names it, its claim, its rule and what is wrong."""


@dataclass(frozen=True)
class Report:
    """What was rechecked: the number of steps, and how many of them by each rule."""

    steps: int
    rules: Mapping[str, int] = field(hash=False)


def recheck(derivation: Derivation) -> Report:
    """Recheck every step; raises `KernelError` at the first that does not hold, or where a derivative is missing."""
    return recheck_steps(derivation.program, derivation.steps)


def recheck_second(second: HessianVector) -> Report:
    """The same for second derivatives: the steps of the derivation and those that the second adds."""
    return recheck_steps(second.derivation.program, second.steps, tuple(second.directions))


def recheck_steps(program: Program, steps: Sequence[Step], directions: Sequence[Array | Scalar] = ()) -> Report:
    """The same for steps that claim to be a derivation of a program; `directions` are what second derivatives move."""
    _in_order(program)
    kernel = _Kernel(program, tuple(steps), tuple(directions))
    for place, step in enumerate(steps):
        kernel.recheck(step, place)
    kernel.complete()
    return Report(len(steps), dict(Counter(step.rule for step in steps)))


@dataclass(frozen=True)
class _Kernel:
    program: Program
    steps: tuple[Step, ...]
    moving: tuple[Array | Scalar, ...] = ()

    def recheck(self, step: Step, place: int) -> None:
        """Raise `KernelError` unless the step holds."""
        try:
            if step.number != place:
                raise Wrong("its number is not its place")
            if not all(0 <= premise < place for premise in step.premises):
                raise Wrong("a premise is not earlier")
            for side in (step.claim.lhs, step.claim.rhs):
                well_formed(side)
            _JUSTIFICATIONS[step.row.justification](self, step)
        except (Wrong, Undecided, RecursionError) as error:
            raise KernelError(f"step {step.number} ({step.rule}): {step.claim}: {error}") from error

    def complete(self) -> None:
        """Every derivative that the program asks for is concluded, in the end by quantities of the program alone."""
        named: dict[Expr, Expr] = {}
        concluded: set[Expr] = set()
        for step in self.steps:
            lhs, rhs = step.claim.lhs, step.claim.rhs
            if isinstance(rhs, Partial) and isinstance(lhs, Indexed):
                named.setdefault(lhs.base, defined(rhs.denominator))
            elif isinstance(lhs, Partial) and not rhs.has(Partial, Local):
                rests_on = {named[one] for one in rhs.atoms(Array) & named.keys()}
                concluded |= {defined(lhs.denominator)} if rests_on <= concluded else set()
        missing = [array.name for array in self.program.wrt if array not in concluded and self._paths(array)]
        if missing:
            raise KernelError(f"no step concludes the derivative by {', '.join(missing)}")
        unmoved = self._directions.missing(concluded)
        if unmoved:
            raise KernelError(f"no step concludes how the derivative by {', '.join(unmoved)} moves")

    @cached_property
    def _directions(self) -> Directions:
        return Directions(self.program, self.steps, self.moving)

    def _paths(self, variable: Expr) -> list[Equation]:
        """The equations in which an array or a number stands and through which the target depends on it."""
        return self._feeds.get(variable, [])

    @cached_property
    def _feeds(self) -> dict[Expr, list[Equation]]:
        needed: set[Expr] = {self.program.target}
        found: dict[Expr, list[Equation]] = {}
        for equation in reversed(self.program.definitions):
            if defined(equation.lhs) in needed:
                used = equation.rhs.atoms(Array, Scalar)
                needed |= used
                for variable in used:
                    found.setdefault(variable, []).insert(0, equation)
        return found

    @cached_property
    def _definitions(self) -> dict[Expr, Equation]:
        return {defined(one.lhs): one for one in self.program.definitions}

    @property
    def _given(self) -> tuple[Equation, ...]:
        return (*self.program.definitions, *self.program.functions, *self.program.facts)

    @cached_property
    def _known(self) -> dict[Any, list[Equation]]:
        """The program's equations by what they define."""
        found: dict[Any, list[Equation]] = {}
        for one in self._given:
            found.setdefault(defined(one.lhs), []).append(one)
        return found

    @cached_property
    def _taken(self) -> dict[Array, int]:
        """The arrays that stand for something, with the number of the step that says so; −1 for the program's own."""
        sides = (side for equation in self._given for side in (equation.lhs, equation.rhs))
        found = dict.fromkeys((array for side in sides for array in side.atoms(Array)), -1)
        for step in self.steps:
            if isinstance(step.claim.rhs, Partial) and isinstance(step.claim.lhs, Indexed):
                found.setdefault(step.claim.lhs.base, step.number)
        return found

    def definition(self, step: Step) -> None:
        if isinstance(step.claim.rhs, Partial):
            self._name(step)
            return
        if not any(_same(step.claim, one) for one in self._known.get(defined(step.claim.lhs), ())):
            raise Wrong("the program holds no such equation")
        if isinstance(step.claim.lhs, Head) and any(below(one.lhs, step.claim.lhs) for one in self.program.functions):
            self._closed_form(step)

    def _name(self, step: Step) -> None:
        claim = step.claim
        entry = claim.rhs.denominator
        if (
            not isinstance(claim.lhs, Indexed)
            or not isinstance(entry, Indexed)
            or claim.rhs.numerator != self.program.target
        ):
            raise Wrong("only an array may name a derivative of the target")
        name = claim.lhs.base
        if isinstance(name, Inverse | Slope):
            raise Wrong(f"{name.name} has a meaning of its own")
        if isinstance(name, Adjoint) and (name.numerator, name.array) != (self.program.target, entry.base):
            raise Wrong(f"{name.name} is the name of another derivative")
        if self._taken[name] != step.number:
            raise Wrong(f"{name.name} stands for something else already")
        if name.spaces != entry.base.spaces or claim.lhs.indices != entry.indices:
            raise Wrong("the name does not have the entries of what it names")
        distinct(entry.indices)

    def chain(self, step: Step) -> None:
        lhs = step.claim.lhs
        if not isinstance(lhs, Partial) or lhs.numerator != self.program.target:
            raise Wrong("the chain rule concludes a derivative of the target")
        distinct(indices(lhs.denominator))
        reader = Reader()
        paths = [term for one in self._paths(defined(lhs.denominator)) for term in self._path(reader, one, lhs)]
        claimed = reader.form(step.claim.rhs).raw()
        if not vanishes(canonical([*paths, *((-c, factors, bound) for c, factors, bound in claimed)])):
            raise Wrong("the terms are not those of the paths to the target")

    def _path(self, reader: Reader, equation: Equation, lhs: Partial) -> Terms:
        """Σ_q ∂E/∂U_q · ∂U_q/∂V_p for one U; ∂E/∂V_p itself where U is the target."""
        names = {index: fresh(space_name(index.space)) for index in free_indices(equation.lhs)}
        local = ("Local", reader.atom(equation.lhs, names), reader.atom(lhs.denominator, {}))
        factors = {local: ONE}
        if equation.lhs != self.program.target:
            target = reader.atom(self.program.target, {})
            factors[("Partial", target, reader.atom(equation.lhs, names))] = ONE
        return [(ONE, factors, tuple(names.values()))]

    def derivative(self, step: Step) -> None:
        lhs = step.claim.lhs
        if isinstance(lhs, Head):
            self._closed_form(step)
        elif isinstance(lhs, Local):
            self._along(step, self._definition(lhs.numerator), lhs.numerator, lhs.denominator)
        elif isinstance(lhs, Partial) and lhs.numerator == self.program.target:
            paths = self._paths(defined(lhs.denominator))
            if [defined(one.lhs) for one in paths] != [self.program.target]:
                raise Wrong("the target depends on this array through other quantities, too")
            self._along(step, paths[0], lhs.numerator, lhs.denominator)
        else:
            raise Wrong("no rule differentiates this left side")

    def _definition(self, entry: Expr) -> Equation:
        if defined(entry) in self._definitions:
            return self._definitions[defined(entry)]
        raise Wrong(f"{entry} has no definition")

    def _along(self, step: Step, definition: Equation, numerator: Expr, denominator: Expr) -> None:
        """Compare the slope of a definition along a direction with Σ_p claim_p H_p."""
        distinct((*indices(denominator), *indices(numerator)))
        reader = Reader()
        there = [at(index, {}) for index in indices(numerator)]
        own = dict(zip(indices(definition.lhs), there, strict=True))
        slope = along(reader, definition.rhs, defined(denominator), own)
        moved = {index: fresh(space_name(index.space)) for index in indices(denominator)}
        direction: Terms = [(ONE, {(DIRECTION, *moved.values()): ONE} if moved else {}, ())]
        claimed = multiplied(direction, reader.terms(step.claim.rhs, moved))
        summed = [(c, factors, (*bound, *moved.values())) for c, factors, bound in claimed]
        compare(slope, summed, "the definition's slope along a direction is another")

    def _closed_form(self, step: Step) -> None:
        lhs, functions = step.claim.lhs, self.program.functions
        earlier = [self.steps[number].claim for number in step.premises]
        known = [*functions, *(one for one in earlier if isinstance(one.lhs, Head))]
        source = [one for one in known if below(one.lhs, lhs)]
        if not source:
            raise Wrong("the function has no definition")
        reader = Reader.using(one for one in functions if one.lhs.order < lhs.order)
        slope = along(reader, source[0].rhs, lhs.args[0], {})
        compare(slope, reader.terms(step.claim.rhs, {}), "the function's derivative is another")

    def equality(self, step: Step) -> None:
        premises = [self.steps[number].claim for number in step.premises]
        reader = Reader.using(premises)
        if not vanishes(difference(reader, step.claim.lhs, step.claim.rhs)):
            raise Wrong("the premises do not give this")

    def direction(self, step: Step) -> None:
        self._directions.direction(step)

    def coefficient(self, step: Step) -> None:
        self._directions.coefficient(step)


def _in_order(program: Program) -> None:
    """Raise `KernelError` where an equation uses what a later one, or it itself, defines."""
    later = {defined(one.lhs) for one in program.definitions}
    for symbol in later:
        if isinstance(symbol, Inverse | Slope | Adjoint):
            raise KernelError(f"{symbol.name} has a meaning of its own and cannot be defined")
    for one in program.definitions:
        early = one.rhs.atoms(Array, Scalar) & later
        if early:
            raise KernelError(f"{one} uses {', '.join(sorted(map(str, early)))}, which is not defined before it")
        later.discard(defined(one.lhs))


def _same(claim: Equation, known: Equation) -> bool:
    """Whether two equations are one, up to the letters of their indices."""
    if isinstance(known.lhs, Scalar) or not isinstance(known.lhs, Indexed):
        return claim.lhs == known.lhs and vanishes(difference(Reader(), claim.rhs, known.rhs))
    if not isinstance(claim.lhs, Indexed) or claim.lhs.base != known.lhs.base:
        return False
    distinct(claim.lhs.indices)
    names = dict(zip(known.lhs.indices, (at(index, {}) for index in claim.lhs.indices), strict=True))
    minus = [(-c, factors, bound) for c, factors, bound in Reader().form(known.rhs, names).raw()]
    return vanishes(canonical([*Reader().terms(claim.rhs, {}), *minus]))


_JUSTIFICATIONS: dict[str, Callable[[_Kernel, Step], None]] = {
    "definition": _Kernel.definition,
    "chain": _Kernel.chain,
    "derivative": _Kernel.derivative,
    "equality": _Kernel.equality,
    "direction": _Kernel.direction,
    "coefficient": _Kernel.coefficient,
}
