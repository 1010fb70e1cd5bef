"""The object that people hold: the derivation of a network or of a program, as steps and in three views."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sympy import Add, Expr

from derive.chain import Accumulation, accumulate
from derive.entries import Expansion, Unrolled
from derive.equation import Equation
from derive.functions import kind
from derive.latex import latex
from derive.linear import Letter, MatrixEquation
from derive.matrix import NoMatrixForm, appended, joined, recognise
from derive.naming import LAYERS, LETTERS
from derive.network import Network
from derive.program import Program
from derive.step import Step
from derive.symbols import Array, Local, Scalar

_NAMED = {"delta": "z", "g": "a"}


@dataclass(frozen=True)
class Derivation:
    """Every ∂E/∂W, ∂E/∂b and ∂E/∂x of a network, or every ∂L/∂V that a program asks for, derived once for all widths.

    Of a network, roles are `W`, `b`, `x` (parameters and input), `z`, `a` (pre-activation, activation), `delta` and `g`
    (the names of ∂E/∂z and, where it is used more than once, ∂E/∂a); weight layers are numbered from 1.  Of a program,
    the letter of an array or a number stands in the place of the role, and there is no layer; `wrt` are the letters to
    differentiate by, those of the program where none is given.
    """

    of: Network | Program
    wrt: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not isinstance(self.of, Network | Program):
            raise TypeError(f"a derivation is of a Network or a Program, not of {self.of!r:.60}")
        if self.wrt and isinstance(self.of, Network):
            raise TypeError("a network is differentiated by all of its parameters; wrt is for programs")
        object.__setattr__(self, "wrt", (self.wrt,) if isinstance(self.wrt, str) else tuple(self.wrt))

    @property
    def network(self) -> Network:
        """The network.  Raises `TypeError` where the derivation is of a program."""
        if not isinstance(self.of, Network):
            raise TypeError("this derivation is of a program, not of a network")
        return self.of

    @property
    def layered(self) -> bool:
        """Whether this is of a network."""
        return isinstance(self.of, Network)

    @property
    def sizes(self) -> Any:
        """The number for each width that is known."""
        return self.of.sizes

    @cached_property
    def _state(self) -> Accumulation:
        return accumulate(self.program, LAYERS if self.layered else LETTERS)

    @cached_property
    def program(self) -> Program:
        """The equations, with what to differentiate by."""
        if isinstance(self.of, Network):
            return self.of.program
        return self.of.by(*self.wrt) if self.wrt else self.of

    @property
    def steps(self) -> tuple[Step, ...]:
        """All steps, each resting on earlier ones."""
        return tuple(self._state.steps)

    def definition(self, role: str, layer: int = 0) -> Step:
        """The step that defines `z` or `a` of a layer, `E` the loss; of a program, the step that defines a letter."""
        if not self.layered:
            return self._state.steps[self._state.definition[self._variable(role)]]
        symbol = self.program.target if role == "E" else self.network.array(role, layer)
        return self._state.steps[self._state.definition[symbol]]

    def has(self, role: str, layer: int = 0) -> bool:
        """Whether there is a derivative by this array; for `delta` and `g`, whether it has a name."""
        if not self.layered:
            return self.program.variables.get(role) in self._state.result
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
        named = self.name(role, layer) if self.layered and role in _NAMED else None
        return Equation(named[claim.lhs.denominator.indices], claim.rhs) if named else claim

    @property
    def adjoints(self) -> tuple[tuple[Array | Scalar, Array | None, Equation], ...]:
        """Each quantity, the array that names its derivative (if one does) and the last claim about it, in order."""
        state = self._state
        found = [(one, state.named.get(one), state.claim(number)) for one, number in state.result.items()]
        return tuple((one, None if n is None else state.claim(n).lhs.base, claim) for one, n, claim in found)

    @cached_property
    def direct(self) -> frozenset[tuple[Any, Any]]:
        """Where the target holds a quantity itself and through others: (target, quantity), as `Local.arrays`.

        There the derivative by the one place is not the whole one.
        """
        sums = (one.claim.rhs for one in self.steps if one.rule == "chain-rule" and isinstance(one.claim.rhs, Add))
        found = {one.arrays for rhs in sums for one in rhs.args if isinstance(one, Local)}
        return frozenset(one for one in found if one[0] == self.program.target)

    def slope(self, layer: int) -> Step | None:
        """The step σ′(z) = … in the stored activation, such as a(1 − a); None where the slope is no formula in a."""
        if not self.layered:
            return None
        number = self._state.slope.get(self.network.array("a", layer))
        return None if number is None else self._state.steps[number]

    def matrix(self, role: str, layer: int = 0) -> MatrixEquation:
        """∂E/∂(the array of this role and layer) in matrix form.

        Where the bias is appended to the layer's input, `W` stands for [W b] and the result has its shape.
        """
        if (role, layer) not in self._forms:
            form = recognise(self.index(role, layer))
            block = self.layered and role == "W" and self.network.stack[layer - 1].bias == "appended"
            self._forms[role, layer] = appended(form, recognise(self.index("b", layer))) if block else form
        return self._forms[role, layer]

    @cached_property
    def _forms(self) -> dict[tuple[str, int], MatrixEquation]:
        """The matrix forms that were asked for."""
        return {}

    def forward(self, role: str, layer: int = 0) -> MatrixEquation:
        """The definition of `z` or `a` of a layer, or of the loss `E`, in matrix form."""
        form = recognise(self.definition(role, layer).claim)
        if not self.layered or role != "z" or self.network.stack[layer - 1].bias != "appended":
            return form
        letters = [Letter(self.network.array(*key)) for key in (("W", layer), ("a", layer - 1), ("b", layer))]
        return joined(form, *letters)

    @cached_property
    def _unrolled(self) -> Unrolled:
        return Unrolled(self.sizes)

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

    def _variable(self, letter: str) -> Array | Scalar:
        """The array or the number of a program that is called so; `KeyError` for none."""
        found = self.program.variables.get(letter)
        if found is None:
            raise KeyError(f"{letter} does not occur; there are {', '.join(self.program.variables)}")
        return found

    def _array(self, role: str, layer: int) -> Array | Scalar:
        if not self.layered:
            variable = self._variable(role)
            if variable not in self._state.result:
                known = ", ".join(str(one.name) for one in self._state.result)
                raise KeyError(f"there is no derivative by {role}; there is one by {known}")
            return variable
        if not isinstance(layer, int) or not 0 <= layer <= self.network.depth:
            raise KeyError(f"there is no weight layer {layer!r}; they are numbered 1 … {self.network.depth}")
        array = self.network.array(_NAMED.get(role, role), layer)
        if array not in self._state.result:
            known = ", ".join(str(one.name) for one in self._state.result)
            raise KeyError(f"there is no derivative by {role} of layer {layer}; there is one by {known}")
        return array

    def _repr_markdown_(self) -> str:
        """What a notebook shows: every gradient in matrix form where it has one, in the default notation."""
        layers = range(self.network.depth, 0, -1) if self.layered else ()
        keys = [(role, layer) for layer in layers for role in ("delta", "W", "b") if self.has(role, layer)]
        keys += [] if self.layered else [(one.name, 0) for one in self.program.wrt if self.has(one.name)]
        return "\n\n".join(f"$${latex(self._shown(*key), self)}$$" for key in keys)

    def _shown(self, role: str, layer: int) -> MatrixEquation | Equation:
        try:
            return self.matrix(role, layer)
        except NoMatrixForm:
            return self.index(role, layer)

    def __reduce__(self) -> tuple[Any, ...]:
        return Derivation, (self.of, self.wrt)
