r"""Whole Hessians, read off from R{∂E/∂X}: what multiplies the direction is the second derivative.

    R{∂E/∂z_j} = a_j (R{z_j} − Σ_k a_k R{z_k})   →   ∂²E/∂z_j∂z_k = a_j (δ_jk − a_k)   →   diag(a) − a aᵀ

`output_hessian` does so for the last layer's pre-activations, whatever activation and loss stand there: nothing of
softmax with cross-entropy is written here.  Bishop 2006, 5.4 and 4.3.4.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from sympy import Expr

from derive.chain import accumulate
from derive.contract import common_factors, contract, fresh, tidy
from derive.derivation import Derivation
from derive.differentiate import differentiate
from derive.equation import Equation
from derive.folding import Folder
from derive.linear import MatrixEquation
from derive.matrix import recognise
from derive.named import Adjoint
from derive.naming import LAYERS
from derive.program import Program
from derive.rewrite import substitute
from derive.second.directional import MOST_TO_FACTOR, Directional, First, directional, stored
from derive.second.tangent import Direction, Hessian, Quantity, Tangent
from derive.simplify import shorter
from derive.step import Step
from derive.symbols import Array, Index, free_indices


@dataclass(frozen=True)
class HessianClaim:
    """∂²E/∂X_p∂Y_q: the steps that give it and the claim, with `stored` in the values that the forward pass stored.

    `program` is what the steps are a derivation of, `directions` what moves in it.
    """

    program: Program
    directions: tuple[Quantity, ...]
    steps: tuple[Step, ...]
    index: Equation
    stored: Equation | None = field(default=None)

    @cached_property
    def matrix(self) -> MatrixEquation:
        """The matrix form, such as diag(a) − a aᵀ; `NoMatrixForm` where X and Y are no vectors."""
        return recognise(self.index)

    @cached_property
    def stored_matrix(self) -> MatrixEquation | None:
        """The same in stored values, where there is such a formula."""
        return None if self.stored is None else recognise(self.stored)

    def _repr_latex_(self) -> str:
        """What a notebook shows."""
        return self.index._repr_latex_()


def hessian_of(state: Directional, first: Array, second: Array) -> HessianClaim:
    """∂²E/∂X_p∂Y_q of arrays among what moves, after the R-equations; adds its steps to these."""
    target = state.derivation.program.target
    alone = _in_directions(state, Tangent(Adjoint(target, first)))
    claim = state.steps[alone].claim
    rows, columns = claim.indices, _columns(claim, second)
    lhs = Hessian(target, first, second)[(*rows, *columns)]
    apart = tidy(claim.rhs, frozenset((*rows, *columns)))
    rhs = contract(differentiate(apart, Direction(second)[columns]))
    number = state.add(lhs, _tidied(rhs, lhs), "coefficient", alone)
    index = state.steps[number].claim
    found = stored(state, number)
    return HessianClaim(state.derivation.program, tuple(state.directions), tuple(state.steps), index, found)


def _in_directions(state: Directional, quantity: Quantity) -> int:
    """The number of a step that says what R{∂E/∂X} is in the directions alone."""
    number = state.concluded[quantity]
    claim, used = state.steps[number].claim, list[int]()
    rhs = claim.rhs
    for one, equation in reversed(state.claims.items()):
        if rhs.has(one):
            rhs = substitute(rhs, equation)
            used.append(state.concluded[one])
    if not used:
        return number
    rhs = contract(rhs)
    if not state.derivation.layered:
        rhs = Folder(())(rhs)
    return state.add(claim.lhs, _tidied(rhs, claim.lhs), "substitution", number, *reversed(used))


def _columns(claim: Equation, second: Array) -> tuple[Index, ...]:
    """Letters for the axes of Y, which no index of the claim bears."""
    taken, found = set(free_indices(claim.lhs)), list[Index]()
    for space in second.spaces:
        found.append(fresh(Index("k", space), taken | set(found)))
    return tuple(found)


def _tidied(rhs: Expr, lhs: Expr) -> Expr:
    common = common_factors(rhs)
    return tidy(shorter(common) if common.count_ops() < MOST_TO_FACTOR else common, free_indices(lhs))


def output_hessian(derivation: Derivation) -> HessianClaim:
    """∂²E/∂z_j∂z_k of the last layer of a network, from the definitions of its activation and its loss alone."""
    network = derivation.network
    z = network.array("z", network.depth)
    whole = network.program
    last = Program(whole.definitions[-2:], (z,), whole.functions, whole.facts)
    found = accumulate(last, LAYERS)
    adjoints = tuple(
        (one, None if one not in found.named else found.claim(found.named[one]).lhs.base, found.claim(number))
        for one, number in found.result.items()
    )
    first = First(last, tuple(found.steps), adjoints, layered=True)
    return hessian_of(directional(first, {z: Direction(z)}), z, z)
