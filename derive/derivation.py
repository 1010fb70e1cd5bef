"""The object that people hold: a network's derivation, as steps and in three views."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from derive.chain import Accumulation, accumulate
from derive.equation import Equation
from derive.network import Network
from derive.program import Program
from derive.step import Step
from derive.symbols import Array


@dataclass(frozen=True)
class Derivation:
    """Every ∂E/∂W, ∂E/∂b and ∂E/∂x of a network, derived once for all widths.

    Roles are `W`, `b`, `x` (parameters and input), `z`, `a` (pre-activation, activation), `delta` (the error signal
    ∂E/∂z); weight layers are numbered from 1.
    """

    network: Network

    @cached_property
    def _state(self) -> Accumulation:
        return accumulate(self.program)

    @property
    def program(self) -> Program:
        """The forward pass, as equations."""
        return self.network.program

    @property
    def steps(self) -> tuple[Step, ...]:
        """All steps, each resting on earlier ones."""
        return tuple(self._state.steps)

    def definition(self, role: str, layer: int = 0) -> Step:
        """The step that defines `z` or `a` of a layer; `E` is the loss."""
        symbol = self.program.target if role == "E" else self.network.array(role, layer)
        return self._state.steps[self._state.definition[symbol]]

    def step(self, role: str, layer: int = 0) -> Step:
        """The step that concludes ∂E/∂(the array of this role and layer); `delta` is that of `z`."""
        return self._state.steps[self._state.result[self._array(role, layer)]]

    def name(self, role: str, layer: int = 0) -> Array | None:
        """The array that names ∂E/∂(the array of this role and layer), if it has a name (δ for z)."""
        number = self._state.named.get(self._array(role, layer))
        return None if number is None else self._state.claim(number).lhs.base

    def index(self, role: str, layer: int = 0) -> Equation:
        """∂E/∂(the array of this role and layer) in index form, for every width; `delta` has its name on the left."""
        claim = self.step(role, layer).claim
        named = self.name(role, layer) if role == "delta" else None
        return Equation(named[claim.lhs.denominator.indices], claim.rhs) if named else claim

    def _array(self, role: str, layer: int) -> Array:
        array = self.network.array("z" if role == "delta" else role, layer)
        if array not in self._state.result:
            known = ", ".join(str(one.name) for one in self._state.result)
            raise KeyError(f"there is no derivative by {role} of layer {layer}; there is one by {known}")
        return array

    def __reduce__(self) -> tuple[type[Derivation], tuple[Network]]:
        return Derivation, (self.network,)
