"""A network as a person states it: widths, activations, loss, biases; checked here, and turned into a `Program`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sympy import Expr, Integer, Rational

from derive.equation import Equation
from derive.functions import Symbols, head
from derive.program import Program
from derive.symbols import Array, Index, Scalar, Space, Width, total
from derive.tables.activations import ACTIVATIONS, Activation
from derive.tables.losses import LOSSES, Loss
from derive.tables.names import unknown

MOST_LAYERS = 1_000
MOST_NEURONS = 10_000_000
BIASES = {True: "separate", False: "none", "separate": "separate", "appended": "appended", "none": "none"}


class SpecError(ValueError):
    """A network cannot be made of what was given; the message says what was expected."""


@dataclass(frozen=True)
class Layer:
    """One weight layer: `width` neurons, an activation with its constants, and where the bias stands."""

    width: int | str
    activation: str
    constants: tuple[tuple[str, Any], ...] = ()
    bias: str = "separate"
    bias_only: bool = False

    @property
    def row(self) -> Activation:
        """The activation's row."""
        return ACTIVATIONS[self.activation]

    def arguments(self) -> tuple[Expr, ...]:
        """The activation's constants, as numbers where given, else as symbols."""
        given = dict(self.constants)
        return tuple(_constant(name, given.get(name, usual)) for name, usual in self.row.constants.items())


@dataclass(frozen=True, init=False)
class Network:
    """A feed-forward network with a loss.

    `layers` are the widths, input first; a width may be a letter, and `{"bias_only": True, "activation": "tanh"}` is a
    layer that only adds a bias.  `activations` is one name for all weight layers or one for each, a name being a key of
    `ACTIVATIONS` or `{"name": "leaky-relu", "alpha": 0.1}`.  `loss` is a key of `LOSSES`.  `bias` is `separate` (or
    True), `appended` to the layer's input as a 1, or `none` (or False): one, or one for each layer.

    Raises `SpecError` with one sentence that says what was expected.
    """

    inputs: int | str
    stack: tuple[Layer, ...]
    loss: str

    def __init__(self, layers: Sequence[Any], activations: Any = "sigmoid", loss: str = "half-squared-error",
                 bias: Any = True) -> None:  # fmt: skip
        specs = _listed(layers)
        object.__setattr__(self, "inputs", _width(specs[0], "the first entry of layers"))
        object.__setattr__(self, "stack", _stack(specs, activations, bias))
        object.__setattr__(self, "loss", _known(loss, LOSSES, "loss"))

    def __getstate__(self) -> dict[str, Any]:
        return {"inputs": self.inputs, "stack": self.stack, "loss": self.loss}

    @property
    def depth(self) -> int:
        """The number of weight layers."""
        return len(self.stack)

    @property
    def widths(self) -> tuple[int | str, ...]:
        """All widths, the input's first."""
        return (self.inputs, *(layer.width for layer in self.stack))

    @property
    def loss_row(self) -> Loss:
        """The row of the loss."""
        return LOSSES[self.loss]

    @cached_property
    def spaces(self) -> tuple[Space, ...]:
        """The space of each layer's neurons, the input's first; a bias-only layer keeps its input's space."""
        letters = {width for width in self.widths if isinstance(width, str)}
        found = [_space(0, self.inputs, letters)]
        for number, layer in enumerate(self.stack, 1):
            found.append(found[-1] if layer.bias_only else _space(number, layer.width, letters))
        return tuple(found)

    @cached_property
    def sizes(self) -> dict[Expr, int]:
        """The width that each width symbol stands for, where it is a number."""
        pairs = zip(self.spaces, self.widths, strict=True)
        return {space.size: width for space, width in pairs if isinstance(width, int)}

    def array(self, role: str, layer: int) -> Array:
        """The array of a role in a weight layer, counted from 1; layer 0 of role `a` is the input x."""
        here, before = self.spaces[layer], self.spaces[max(layer - 1, 0)]
        if role in ("a", "x") and layer == 0:
            return Array("x", 0, (here,))
        if role == "y":
            return Array("y", self.depth, (self.spaces[-1],))
        return Array(role, layer, (here, before) if role == "W" else (here,))

    @cached_property
    def parameters(self) -> tuple[Array, ...]:
        """The weights and biases, first layer first."""
        found = []
        for number, layer in enumerate(self.stack, 1):
            found += [] if layer.bias_only else [self.array("W", number)]
            found += [] if layer.bias == "none" else [self.array("b", number)]
        return tuple(found)

    @cached_property
    def program(self) -> Program:
        """The forward pass, equation by equation, with symbolic widths."""
        equations = [one for number in range(1, self.depth + 1) for one in self._layer(number)]
        return Program(
            (*equations, self._loss()), (*self.parameters, self.array("x", 0)), self._functions(), self._facts()
        )

    def _layer(self, number: int) -> tuple[Equation, Equation]:
        layer = self.stack[number - 1]
        j, k = Index("j", self.spaces[number]), Index("k", self.spaces[number - 1])
        before, z, a = (self.array(role, n) for role, n in (("a", number - 1), ("z", number), ("a", number)))
        summed = before[j] if layer.bias_only else total(self.array("W", number)[j, k] * before[k], k)
        shift = 0 if layer.bias == "none" else self.array("b", number)[j]
        return Equation(z[j], summed + shift), Equation(a[j], self._activated(layer, z, j))

    def _activated(self, layer: Layer, z: Array, j: Index) -> Expr:
        row, constants = layer.row, layer.arguments()
        if not row.named and row.elementwise:
            return row.forward(Symbols, z[j], *constants)
        if row.elementwise:
            return head(row.name)(z[j], *constants)
        return row.forward(Symbols.over(z, Index("k", j.space)), z[j], *constants)

    def _loss(self) -> Equation:
        a, y, k = self.array("a", self.depth), self.array("y", self.depth), Index("k", self.spaces[-1])
        value = self.loss_row.forward(Symbols, lambda f: total(f(a[k], y[k]), k), k.space.size)
        return Equation(Scalar("E", "loss"), value)

    def _functions(self) -> tuple[Equation, ...]:
        """σ(u) = … for each activation that occurs, in the order of the layers."""
        u = Scalar("u", "argument")
        used = dict.fromkeys((layer.activation, layer.arguments()) for layer in self.stack)
        rows = [(ACTIVATIONS[name], constants) for name, constants in used if ACTIVATIONS[name].elementwise]
        return tuple(
            Equation(head(row.name)(u, *constants), row.forward(Symbols, u, *constants))
            for row, constants in rows
            if row.named
        )

    def _facts(self) -> tuple[Equation, ...]:
        k = Index("k", self.spaces[-1])
        fact = Equation(total(self.array("y", self.depth)[k], k), Integer(1))
        return (fact,) if self.loss_row.normalised else ()

    def _repr_markdown_(self) -> str:
        """What a notebook shows: widths, activations, loss and biases."""
        rows = [
            f"| {number} | {layer.width} | {layer.activation} | {'bias only' if layer.bias_only else layer.bias} |"
            for number, layer in enumerate(self.stack, 1)
        ]
        head = [
            "| layer | neurons | activation | bias |",
            "| --- | --- | --- | --- |",
            f"| input | {self.inputs} | | |",
        ]
        return "\n".join([*head, *rows, "", f"Loss: {self.loss_row.title}"])

    def warnings(self) -> tuple[str, ...]:
        """Where the last layer's values can leave the loss's domain, in one sentence each."""
        row, last = self.loss_row, self.stack[-1].row
        if last.low >= row.low and last.high <= row.high:
            return ()
        domain = " and ".join(
            text
            for text in (
                f"above {row.low:g}" if row.low > -1e300 else "",
                f"below {row.high:g}" if row.high < 1e300 else "",
            )
            if text
        )
        return (f"{row.title} is defined only for outputs {domain}; a {last.name} output can leave that, "
                "and there the loss and its gradient are undefined",)  # fmt: skip


def _space(number: int, width: int | str, letters: set[str]) -> Space:
    """The space of a layer; a width that is a number gets a letter that nobody else uses."""
    own = next(letter for letter in (f"n_{number}", f"m_{number}", f"width_{number}") if letter not in letters)
    return Space(f"layer {number}", Width(width if isinstance(width, str) else own))


def _constant(name: str, value: Any) -> Expr:
    if value is None:
        return Scalar(name)
    return Rational(str(value)) if isinstance(value, float) else Integer(value)


def _listed(layers: Sequence[Any]) -> list[Any]:
    if isinstance(layers, str | bytes) or not isinstance(layers, Sequence):
        raise SpecError(f"layers must be a list of widths such as [2, 3, 1], not {layers!r}")
    if len(layers) < 2:
        raise SpecError(
            f"layers must name at least two widths, the input's and the output's, such as 2,1; got {len(layers)}"
        )
    if len(layers) - 1 > MOST_LAYERS:
        raise SpecError(f"at most {MOST_LAYERS:,} weight layers are derived at once; got {len(layers) - 1:,}")
    return list(layers)


def _width(given: Any, where: str) -> int | str:
    if isinstance(given, str) and given.replace("_", "").isalnum() and given[:1].isalpha() and len(given) < 20:
        return given
    if isinstance(given, bool) or not isinstance(given, int):
        raise SpecError(f"{where} must be a whole number of neurons (or a letter), not {given!r}")
    if not 1 <= given <= MOST_NEURONS:
        raise SpecError(f"{where} must be between 1 and {MOST_NEURONS:,} neurons, not {given}")
    return given


def _stack(specs: list[Any], activations: Any, bias: Any) -> tuple[Layer, ...]:
    names = _each(activations, len(specs) - 1, "activations")
    biases = _each(bias, len(specs) - 1, "bias")
    stack: list[Layer] = []
    width = _width(specs[0], "the first entry of layers")
    for number, (spec, name, where) in enumerate(zip(specs[1:], names, biases, strict=True), 1):
        bias_only = isinstance(spec, dict)
        width = (
            _of_dict(spec, number, width) if isinstance(spec, dict) else _width(spec, f"entry {number + 1} of layers")
        )
        chosen = spec.get("activation", name) if isinstance(spec, dict) else name
        stack.append(_layer(width, chosen, "separate" if bias_only else where, bias_only))
    return tuple(stack)


def _of_dict(spec: dict[str, Any], number: int, width: int | str) -> int | str:
    if set(spec) - {"bias_only", "activation"} or spec.get("bias_only") is not True:
        raise SpecError(
            f'entry {number + 1} of layers must be a width or {{"bias_only": true, "activation": NAME}}, not {spec!r}'
        )
    return width


def _layer(width: int | str, activation: Any, bias: Any, bias_only: bool) -> Layer:
    constants = dict(activation) if isinstance(activation, dict) else {"name": activation}
    name = _known(constants.pop("name", None), ACTIVATIONS, "activation")
    usual = ACTIVATIONS[name].constants
    for key, value in constants.items():
        if key not in usual:
            raise SpecError(f"{name} has the constants {', '.join(usual) or '(none)'}, not {key!r}")
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or value != value
            or abs(value) == float("inf")
        ):
            raise SpecError(f"the constant {key} of {name} must be a finite number, not {value!r}")
    if not isinstance(bias, bool | str) or bias not in BIASES:
        raise SpecError(f"bias must be separate (true), appended or none (false), not {bias!r}")
    return Layer(width, name, tuple(sorted(constants.items())), BIASES[bias], bias_only)


def _each(given: Any, count: int, what: str) -> list[Any]:
    """One for all layers, or a list with one for each."""
    if not isinstance(given, list | tuple):
        return [given] * count
    if len(given) != count:
        raise SpecError(f"{what} must be one for all or one for each of the {count} weight layers; got {len(given)}")
    return list(given)


def _known(name: Any, table: dict[str, Any], what: str) -> str:
    if wrong := unknown(name, table, what):
        raise SpecError(wrong)
    return str(name)
