r"""Hessian–vector products by Pearlmutter's R-operator: every equation of a derivation, differentiated along V.

    z²_j = Σ_k w²_jk a¹_k + b²_j      →   R{z²_j} = Σ_k v²_jk a¹_k + Σ_k w²_jk R{a¹_k} + v²_j
    ∂E/∂w²_jk = δ²_j a¹_k             →   R{∂E/∂w²_jk} = R{δ²_j} a¹_k + δ²_j R{a¹_k}

R{X} is dX/dt at θ + tV, t = 0; so R{∂E/∂θ} is (∇²E) V.  The equations are those of the first derivation, forward and
backward, each taken once: the result costs about as much again as the gradient, and no Hessian is ever formed.

Pearlmutter 1994, Fast Exact Multiplication by the Hessian; Bishop 2006, 5.4.6.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from derive.derivation import Derivation
from derive.equation import Equation, EquationError
from derive.functions import Head, primed
from derive.linear import MatrixEquation
from derive.matrix import recognise
from derive.named import Adjoint
from derive.program import Program
from derive.second.directional import Directional, First, directional, slope_at
from derive.second.hessian import HessianClaim, hessian_of
from derive.second.slope import slope_program
from derive.second.tangent import Quantity, Tangent, direction
from derive.second.view import EngineView
from derive.step import Step
from derive.symbols import Array, Scalar

_NAMED = {"delta": "z", "g": "a"}
PARAMETERS = ("W", "b")


@dataclass(frozen=True)
class HessianVector:
    """(∇²E) V of a derivation, in steps; V has an array of the same spaces for each array that moves.

    `moving` are what moves, and what the Hessian is taken by: roles of a network (`W` and `b`, all layers; `x` too if
    it is named), letters of a program (all that it is differentiated by).

        steps        the steps of the derivation, then those of the R-equations
        claims       (array, equation) in an order in which they can run, after the forward and the backward pass
        directions   what moves, each with its V
        results      what moves, each with the array of its part of (∇²E) V
        program      the slope of E along V as a program, whose derivative by θ is (∇²E) V: `derive.second.slope`

    Raises `EquationError` where something moves that an equation defines or by which nothing was derived, `TypeError`
    where a derivative is not known, as that of an opaque function's slope.
    """

    derivation: Derivation
    moving: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        moving = (self.moving,) if isinstance(self.moving, str) else tuple(self.moving)
        object.__setattr__(self, "moving", moving or self._usual())
        self._check()

    def _usual(self) -> tuple[str, ...]:
        return PARAMETERS if self.derivation.layered else tuple(one.name for one in self.derivation.program.wrt)

    def _check(self) -> None:
        program, layered = self.derivation.program, self.derivation.layered
        known = (*PARAMETERS, "x") if layered else tuple(one.name for one in program.wrt)
        for name in self.moving:
            if name not in known:
                raise EquationError(f"second derivatives are taken by {', '.join(known)}, not by {name!r}")
            if not layered and program.variables[name] in program.by_symbol:
                raise EquationError(f"{name} is defined by an equation; second derivatives are taken by what is given")

    @cached_property
    def directions(self) -> dict[Quantity, Quantity]:
        """What moves, each with the array or the number that says how: V of the same spaces."""
        program = self.derivation.program
        by = [one for one in program.wrt if self._moves(one)]
        return {one: direction(one) for one in by}

    def _moves(self, one: Quantity) -> bool:
        return (one.role if self.derivation.layered else one.name) in self.moving

    @cached_property
    def _found(self) -> Directional:
        return directional(First.of(self.derivation), self.directions)

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps of the derivation, then those of the second: each rests on earlier ones."""
        return tuple(self._found.steps)

    @property
    def own_steps(self) -> tuple[Step, ...]:
        """The steps that the second derivation adds."""
        return self.steps[len(self.derivation.steps) :]

    @property
    def claims(self) -> tuple[tuple[Quantity, Equation], ...]:
        """The R-equations as (what the left side is an entry of, equation), in an order in which they can run.

        First R{z}, R{a} of each layer from the input on, then R{δ} from the loss back, then R{∂E/∂θ}.  On the right
        sides stand x, y, the parameters and their directions, what the forward and the backward pass computed, and
        R{·} of earlier claims.
        """
        return tuple(self._found.claims.items())

    @property
    def results(self) -> dict[Quantity, Quantity]:
        """What moves, each with what holds its part of (∇²E) V, of the same spaces; none where E does not depend."""
        return dict(self._found.results)

    @cached_property
    def program(self) -> Program:
        """The slope of E along V, as a program: its derivatives by what moves are (∇²E) V."""
        return slope_program(self.derivation, self.directions)

    @cached_property
    def runnable(self) -> Derivation:
        """For engines: a derivation of `program` whose derivatives are the R-equations instead of derived anew.

        `Engine(hv.runnable)` computes the slope S and (∇²E) V by letter, of a network for one sample.
        """
        return EngineView.showing(self)

    def hessian(self, first: str, second: str | None = None) -> HessianClaim:
        """∂²L/∂X_p∂Y_q of a program, by letters among what moves: the whole matrix, with its steps.

        Raises `KeyError` where X or Y is no array that moves, or L does not depend on X.
        """
        rows, columns = self._moving_array(first), self._moving_array(second or first)
        if rows not in self.results:
            raise KeyError(f"the target does not depend on {first}")
        return hessian_of(self._fresh(), rows, columns)

    def _moving_array(self, letter: str) -> Array:
        arrays = {one.name: one for one in self.directions if isinstance(one, Array)}
        if self.derivation.layered or letter not in arrays:
            known = ", ".join(arrays) if not self.derivation.layered else "none: use output_hessian"
            raise KeyError(f"{letter} is no array that moves in a program; there are {known}")
        return arrays[letter]

    def _fresh(self) -> Directional:
        return directional(First.of(self.derivation), self.directions)

    def slope(self, layer: int) -> Equation | None:
        """σ″(z) of a layer in what the forward pass stored, such as a(1 − a)(1 − 2a); None where there is no such."""
        if not self.derivation.layered:
            return None
        network = self.derivation.network
        value = self.derivation.definition("a", layer).claim.rhs
        if not isinstance(value, Head) or not network.stack[layer - 1].row.elementwise:
            return None
        twice = primed(primed(type(value)))(*value.args)
        step = slope_at(self._fresh(), twice)
        return None if step is None else step.claim

    def tangent(self, role: str, layer: int = 0) -> Quantity:
        """The array of R{·}: `delta`, `g`, `z`, `a` by these; `W`, `b`, `x` stand for R{∂E/∂W}; of a program a letter.

        Raises `KeyError` where there is no such equation.
        """
        wanted = self._of(role, layer)
        if wanted not in self._found.claims:
            known = ", ".join(one.name for one in self._found.claims)
            raise KeyError(f"there is no R-equation for {role} {layer or ''}".rstrip() + f"; there are {known}")
        return wanted

    def _of(self, role: str, layer: int) -> Quantity:
        derivation = self.derivation
        if not derivation.layered:
            variable = derivation.program.variables.get(role)
            if variable is None:
                raise KeyError(f"{role} does not occur; there are {', '.join(derivation.program.variables)}")
            return self.results.get(variable) or self._found.tangents.get(variable) or Scalar(role)
        if role in _NAMED:
            name = derivation.name(_NAMED[role], layer)
            if name is None:
                raise KeyError(f"{role} of layer {layer} has no name in this derivation")
            return Tangent(name)
        array = derivation.network.array(role, layer)
        return Tangent(array) if role in ("z", "a") and layer else Tangent(Adjoint(derivation.program.target, array))

    def has(self, role: str, layer: int = 0) -> bool:
        """Whether there is such an equation."""
        try:
            self.tangent(role, layer)
        except KeyError:
            return False
        return True

    def index(self, role: str, layer: int = 0) -> Equation:
        """R{·} in index form, for every width: `index("W", 2)` is R{∂E/∂W²_jk} = …, `index("delta", 2)` R{δ²_j} = …"""
        return self._found.claims[self.tangent(role, layer)]

    def matrix(self, role: str, layer: int = 0) -> MatrixEquation:
        """The same in matrix form; raises `NoMatrixForm` where there is none."""
        return recognise(self.index(role, layer))

    def step(self, role: str, layer: int = 0) -> Step:
        """The step that concludes it."""
        return self._found.steps[self._found.concluded[self.tangent(role, layer)]]
