"""The slope of a target along a direction, as a program of its own: S = Σ_θ Σ ∂E/∂θ · V_θ.

    ∂S/∂θ = (∇²E) V, by `derive.chain.accumulate`, which knows nothing of second derivatives

So every Hessian–vector product is derived twice: forward over reverse by `derive.second.product`, reverse over reverse
here; and whatever evaluates, compiles or certifies programs does so with (∇²E) V.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sympy import Add, Expr, Indexed

from derive.derivation import Derivation
from derive.equation import Equation
from derive.named import Adjoint, Named, number
from derive.program import Program
from derive.second.tangent import Quantity
from derive.symbols import Array, Scalar, total


def slope_program(derivation: Derivation, directions: Mapping[Quantity, Quantity]) -> Program:
    """The forward pass, every named adjoint as an array, and last the slope S of the target along the directions."""
    program = derivation.program
    names = stand_ins(derivation, directions)
    backward = [Equation(renamed(name[claim.lhs.denominator.indices], names), renamed(claim.rhs, names))
                for _, name, claim in derivation.adjoints if name is not None]  # fmt: skip
    terms = [renamed(one, names) for one in _terms(derivation, directions)]
    slope = Equation(Scalar(_letter(program), "slope"), Add(*terms))
    closed = [step.claim for step in derivation.steps if step.rule == "closed-form"]
    return Program(
        (*program.definitions[:-1], *backward, slope),
        tuple(directions),
        (*program.functions, *closed),
        program.facts,
        sizes=derivation.sizes,
    )


def _terms(derivation: Derivation, directions: Mapping[Quantity, Quantity]) -> Iterator[Expr]:
    """Σ_p ∂E/∂θ_p V_p for each θ."""
    for variable, name, claim in derivation.adjoints:
        if variable not in directions:
            continue
        by = claim.lhs.denominator
        indices = by.indices if isinstance(by, Indexed) else ()
        rhs = claim.rhs if name is None else name[indices]
        along = directions[variable]
        yield total(rhs * along[indices], *indices) if indices else rhs * along


def stand_ins(derivation: Derivation, directions: Mapping[Quantity, Quantity]) -> dict[Quantity, Quantity]:
    """What stands for each named adjoint where it is defined by an equation, and for each V where it is given."""
    names = {name: _array(derivation.program, name) for _, name, _ in derivation.adjoints if name is not None}
    return {**names, **{made: _given(of, made) for of, made in directions.items()}}


def _given(of: Quantity, made: Quantity) -> Quantity:
    """An array or a number like any other, called as the direction is."""
    if isinstance(of, Scalar):
        return number(made.name)
    return Array(f"V{of.role}", of.layer, of.spaces) if type(of) is Array else Named(made.name, of.spaces)


def _array(program: Program, name: Array) -> Array:
    """What stands for a named adjoint where it is defined: ∂L/∂S, which has a meaning of its own, as an array S̄."""
    if not isinstance(name, Adjoint):
        return name
    letter = rf"\bar{{{name.array.name}}}"
    while letter in program.variables:
        letter = rf"\bar{{{letter}}}"
    return Named(letter, name.spaces)


def renamed(expression: Expr, names: Mapping[Quantity, Quantity]) -> Expr:
    """The same with these arrays and numbers in the place of adjoints and directions."""
    found = {one: names[one.base][one.indices] for one in expression.atoms(Indexed) if one.base in names}
    found |= {one: names[one] for one in expression.atoms(Scalar) if one in names}
    return expression.xreplace(found) if found else expression


def _letter(program: Program) -> str:
    """S, or the next letter that is free."""
    return next(one for one in (r"S", r"D", r"\dot{S}", r"\dot{D}") if one not in program.variables)
