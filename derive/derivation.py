"""The object that people hold: a network's derivation, as steps and in three views."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from sympy import Expr

from derive.chain import Accumulation, accumulate
from derive.entries import Expansion, Unrolled
from derive.equation import Equation
from derive.functions import kind
from derive.latex import latex
from derive.linear import Letter, MatrixEquation
from derive.matrix import appended, joined, recognise
from derive.network import Network
from derive.program import Program
from derive.step import Step
from derive.symbols import Array

_NAMED = {"delta": "z", "g": "a"}


@dataclass(frozen=True)
class Derivation:
    """Every ∂E/∂W, ∂E/∂b and ∂E/∂x of a network, derived once for all widths.

    Roles are `W`, `b`, `x` (parameters and input), `z`, `a` (pre-activation, activation), `delta` and `g` (the names of
    ∂E/∂z and, where it is used more than once, ∂E/∂a); weight layers are numbered from 1.
    """

    network: Network

    def __post_init__(self) -> None:
        if not isinstance(self.network, Network):
            raise TypeError(f"a derivation is of a Network, not of {self.network!r:.60}")

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

    def has(self, role: str, layer: int = 0) -> bool:
        """Whether there is a derivative by this array; for `delta` and `g`, whether it has a name."""
        array = self.network.array(_NAMED.get(role, role), layer)
        return array in (self._state.named if role in _NAMED else self._state.result)

    def step(self, role: str, layer: int = 0) -> Step:
        """The step that concludes ∂E/∂(the array of this role and layer); `delta` is that of `z`."""
        return self._state.steps[self._state.result[self._array(role, layer)]]

    def name(self, role: str, layer: int = 0) -> Array | None:
        """The array that names ∂E/∂(the array of this role and layer), if it has a name (δ for z)."""
        number = self._state.named.get(self._array(role, layer))
        return None if number is None else self._state.claim(number).lhs.base

    def index(self, role: str, layer: int = 0) -> Equation:
        """∂E/∂(the array of this role and layer) in index form, for every width; `delta` and `g` stand left by name."""
        claim = self.step(role, layer).claim
        named = self.name(role, layer) if role in _NAMED else None
        return Equation(named[claim.lhs.denominator.indices], claim.rhs) if named else claim

    def slope(self, layer: int) -> Step | None:
        """The step σ′(z) = … in the stored activation, such as a(1 − a); None where the slope is no formula in a."""
        number = self._state.slope.get(self.network.array("a", layer))
        return None if number is None else self._state.steps[number]

    def matrix(self, role: str, layer: int = 0) -> MatrixEquation:
        """∂E/∂(the array of this role and layer) in matrix form.

        Where the bias is appended to the layer's input, `W` stands for [W b] and the result has its shape.
        """
        if (role, layer) not in self._forms:
            form = recognise(self.index(role, layer))
            block = role == "W" and self.network.stack[layer - 1].bias == "appended"
            self._forms[role, layer] = appended(form, recognise(self.index("b", layer))) if block else form
        return self._forms[role, layer]

    @cached_property
    def _forms(self) -> dict[tuple[str, int], MatrixEquation]:
        """The matrix forms that were asked for."""
        return {}

    def forward(self, role: str, layer: int = 0) -> MatrixEquation:
        """The definition of `z` or `a` of a layer, or of the loss `E`, in matrix form."""
        form = recognise(self.definition(role, layer).claim)
        if role != "z" or self.network.stack[layer - 1].bias != "appended":
            return form
        letters = [Letter(self.network.array(*key)) for key in (("W", layer), ("a", layer - 1), ("b", layer))]
        return joined(form, *letters)

    @cached_property
    def _unrolled(self) -> Unrolled:
        return Unrolled(self.network.sizes)

    def entry(self, role: str, layer: int, *indices: int, expand: bool = False) -> Expr:
        """One entry for the network's own widths: `entry("W", 1, 2, 1)` is ∂E/∂W¹₂₁, to neuron 2 from neuron 1.

        In the δs, activations and weights; with `expand`, in x, y and the parameters alone.
        Raises `IndexError` for an entry that the array does not have, `SpecError` where a width is a letter.
        """
        claim = self.index(role, layer)
        value = self._unrolled.entry(claim, indices)
        return self.expanded(value) if expand else value

    def entries(self, role: str, layer: int = 0) -> tuple[tuple[Expr, Expr], ...]:
        """All entries of one array, as (left side, right side), row by row."""
        return self._unrolled.equations(self.index(role, layer))

    def definitions(self, role: str, layer: int = 0) -> tuple[tuple[Expr, Expr], ...]:
        """All entries of the definition of `z` or `a` of a layer, or of the loss `E`."""
        return self._unrolled.equations(self.definition(role, layer).claim)

    def slope_entries(self, layer: int) -> tuple[tuple[Expr, Expr], ...]:
        """σ′(z_j) = … in the stored activation, for every neuron of a layer; empty where there is no such formula."""
        step = self.slope(layer)
        return () if step is None else self._unrolled.equations(step.claim)

    @cached_property
    def expanded(self) -> Expansion:
        """Replaces names in an entry: `d.expanded(entry)` is in x, y and the parameters alone."""
        state = self._state
        names = {Program.symbol(one.lhs): one for one in self.program.definitions}
        for array, number in state.named.items():
            name = state.claim(number).lhs
            names[name.base] = Equation(name, state.claim(state.result[array]).rhs)
        slopes = {slope: state.claim(number) for slope, number in state.closed.items()}
        functions = {kind(one.lhs): one for one in self.program.functions}
        return Expansion(self._unrolled, names, slopes | functions)

    def _array(self, role: str, layer: int) -> Array:
        if not isinstance(layer, int) or not 0 <= layer <= self.network.depth:
            raise KeyError(f"there is no weight layer {layer!r}; they are numbered 1 … {self.network.depth}")
        array = self.network.array(_NAMED.get(role, role), layer)
        if array not in self._state.result:
            known = ", ".join(str(one.name) for one in self._state.result)
            raise KeyError(f"there is no derivative by {role} of layer {layer}; there is one by {known}")
        return array

    def _repr_markdown_(self) -> str:
        """What a notebook shows: every gradient in matrix form, in the default notation."""
        layers = range(self.network.depth, 0, -1)
        keys = [(role, layer) for layer in layers for role in ("delta", "W", "b") if self.has(role, layer)]
        return "\n\n".join(f"$${latex(self.matrix(*key), self)}$$" for key in keys)

    def __reduce__(self) -> tuple[type[Derivation], tuple[Network]]:
        return Derivation, (self.network,)
