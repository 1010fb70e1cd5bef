"""The entries of a derivation as straight-line assignments of numbers, for small networks.

`x_1` is the first input of every sample of the batch at once, `W2_1_2` one weight; no matrix product is left.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from sympy import Expr, Indexed, Symbol

from derive.derivation import Derivation
from derive.functions import Head
from derive.symbols import Array, Partial
from verify.engine.printer import BatchPrinter
from verify.engine.source import Compiled, compiled, constants
from verify.engine.statements import Statement, outputs

MOST_PARAMETERS = 500


class EntryPrinter(BatchPrinter):
    """Prints an entry by its name, W2[1, 2] as `W2_1_2`."""

    def _print_Indexed(self, expression: Indexed) -> str:
        return _name(expression)


def compiled_entries(derivation: Derivation) -> Compiled:
    """The entries as one NumPy function with the arguments and results of the matrix form.

    Raises `ValueError` for a network with more than `MOST_PARAMETERS` parameters.
    """
    count = sum(len(derivation.entries(array.role, array.layer)) for array in derivation.network.parameters)
    if count > MOST_PARAMETERS:
        raise ValueError(f"entries are compiled for at most {MOST_PARAMETERS} parameters; this network has {count}")
    lines = [Statement(_name(left), right, "entries") for left, right in _equations(derivation)]
    unpacked = [Statement(name, Symbol(place), "entries") for name, place in _unpacked(derivation)]
    gradients = [_gradient_names(derivation, array) for array in outputs(derivation)]
    inputs = [f"dx_{k}" for k in range(1, len(derivation.entries("x")) + 1)]
    results = ["E", *(name for names in gradients for name in np.ravel(names)), *inputs]
    arguments = (*(array.name for array in outputs(derivation)), "x", "y", *constants(derivation))
    flat = compiled(EntryPrinter(derivation.network.sizes), derivation, arguments, [*unpacked, *lines], results)
    return Compiled(_assembled(flat.function, [np.shape(one) for one in gradients]), arguments, (), flat.source)


def _equations(derivation: Derivation) -> list[tuple[Expr, Expr]]:
    """Every z, a, E, error signal and gradient, entry by entry, in an order in which they can be computed."""
    layers = range(1, derivation.network.depth + 1)
    found = [pair for number in layers for role in ("z", "a") for pair in derivation.definitions(role, number)]
    found += derivation.definitions("E")
    for number in reversed(layers):
        for role, named in (("g", "a"), ("delta", "z")):
            if derivation.name(named, number) is not None:
                found += _with_slopes(derivation, number, derivation.entries(role, number))
        for array in derivation.network.parameters:
            if array.layer == number:
                found += derivation.entries(array.role, number)
    return [*found, *derivation.entries("x")]


def _with_slopes(derivation: Derivation, number: int, pairs: Sequence[tuple[Expr, Expr]]) -> list[tuple[Expr, Expr]]:
    """The same entries, σ′(z) written in the stored activation where it can be."""
    slopes = dict(derivation.slope_entries(number))
    return [
        (left, right.xreplace({one: slopes[one] for one in right.atoms(Head) if one in slopes}))
        for left, right in pairs
    ]


def _name(left: Expr) -> str:
    """A Python name: `W2_1_2` for an entry, `dW2_1_2` for the derivative by it."""
    if isinstance(left, Partial):
        return f"d{_name(left.denominator)}"
    return "_".join([left.base.name, *map(str, left.indices)]) if isinstance(left, Indexed) else str(left)


def _unpacked(derivation: Derivation) -> list[tuple[str, str]]:
    """(name, place) of every entry of the arguments."""
    network = derivation.network
    found = []
    for array in (*network.parameters, network.array("x", 0), network.array("y", 0)):
        sizes = [network.sizes[space.size] for space in array.spaces]
        for at in np.ndindex(*sizes):
            name = "_".join([array.name, *(str(i + 1) for i in at)])
            found.append((name, _place(derivation, array, at)))
    return found


def _place(derivation: Derivation, array: Array, at: tuple[int, ...]) -> str:
    if array.role in ("x", "y"):
        return f"{array.name}[:, {at[0]}]"
    if array.role == "b" and derivation.network.stack[array.layer - 1].bias == "appended":
        return f"W{array.layer}[{at[0]}, -1]"
    return f"{array.name}[{', '.join(map(str, at))}]"


def _gradient_names(derivation: Derivation, array: Array) -> list[Any]:
    """The names of an array's gradient entries, in the shape of the array."""
    network = derivation.network
    rows = range(1, network.sizes[array.spaces[0].size] + 1)
    if array.role == "b":
        return [f"d{array.name}_{j}" for j in rows]
    columns = range(1, network.sizes[array.spaces[1].size] + 1)
    last = network.stack[array.layer - 1].bias == "appended"
    return [[*(f"dW{array.layer}_{j}_{k}" for k in columns), *([f"db{array.layer}_{j}"] if last else [])] for j in rows]


def _assembled(function: Callable[..., Any], shapes: list[tuple[int, ...]]) -> Callable[..., list[Any]]:
    """A function that puts the entries of each gradient back into their array, summed over the samples."""

    def run(*arguments: Any) -> list[Any]:
        samples = len(arguments[len(shapes)])  # x stands behind the parameters
        values = [np.broadcast_to(value, (samples,)) for value in function(*arguments)]
        found, start = [values[0]], 1
        for shape in shapes:
            size = int(np.prod(shape))
            found.append(np.array([one.sum() for one in values[start : start + size]]).reshape(shape))
            start += size
        return [*found, np.stack(values[start:], axis=1)]

    return run
