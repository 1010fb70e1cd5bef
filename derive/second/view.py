"""Hessian–vector products as what an engine of programs compiles: R-equations in place of derived adjoints.

`EngineView(HessianVector(d))` is a derivation of the slope S of the target along V, whose ∂S/∂θ are the R-equations;
so an engine prints forward pass, backward pass and R-pass as one function, also of a network (one sample).
Its steps are those of the second derivation: what proves them is `verify.kernel.recheck_second`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sympy import Expr

from derive.derivation import Derivation
from derive.equation import Equation
from derive.second.slope import renamed, stand_ins
from derive.step import Step
from derive.symbols import Array, Partial, Scalar

if TYPE_CHECKING:
    from derive.second.product import HessianVector


@dataclass(frozen=True)
class EngineView(Derivation):
    """The same equations as `second`, for engines; `of` is its program."""

    second: HessianVector | None = field(default=None, kw_only=True)

    @classmethod
    def showing(cls, second: HessianVector) -> EngineView:
        """The view of a Hessian–vector product."""
        return cls(second.program, second=second)

    @property
    def _told(self) -> HessianVector:
        if self.second is None:
            raise TypeError("a view is made by EngineView.showing(second)")
        return self.second

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps of the second derivation."""
        return self._told.steps

    @cached_property
    def adjoints(self) -> tuple[tuple[Array | Scalar, Array | None, Equation], ...]:
        """Each R-equation under its own name, then those of ∂S/∂θ."""
        names = stand_ins(self._told.derivation, self._told.directions)
        results = {made: of for of, made in self._told.results.items()}
        spoken_of = {one for _, claim in self._told.claims for one in claim.rhs.atoms(Array, Scalar)}
        found: list[tuple[Array | Scalar, Array | None, Equation]] = []
        for quantity, claim in self._told.claims:
            lhs, rhs = claim.lhs, renamed(claim.rhs, names)
            if quantity not in results or quantity in spoken_of:
                found.append((quantity, quantity, Equation(lhs, rhs)))
                rhs = lhs
            if quantity in results:
                entry = _entry(results[quantity], claim)
                found.append((results[quantity], None, Equation(Partial(self.program.target, entry), rhs)))
        return tuple(found)

    def has(self, role: str, layer: int = 0) -> bool:
        """Whether the target bends along this letter."""
        return any(one.name == role for one in self._told.results)

    def __reduce__(self) -> tuple[Any, ...]:
        return EngineView.showing, (self._told,)


def _entry(of: Array | Scalar, claim: Equation) -> Expr:
    return of[claim.lhs.indices] if isinstance(of, Array) else of
