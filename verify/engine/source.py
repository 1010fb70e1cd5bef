"""From assignments to a function: compiled by SymPy's `lambdify`, and the very source that it compiled, to be read."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sympy import Expr, Symbol, lambdify

from derive.derivation import Derivation
from derive.functions import Head, kind
from derive.symbols import Scalar
from verify.engine.printer import BatchPrinter
from verify.engine.statements import Statement, outputs, slopes, statements
from verify.engine.stock import STOCK, source_of

NAME = "loss_and_gradients"


@dataclass(frozen=True)
class Compiled:
    """`function(*arguments)` gives the results named in `results`; `source` is what was compiled."""

    function: Callable[..., Any]
    arguments: tuple[str, ...]
    results: tuple[str, ...]
    source: str


def compiled_matrices(derivation: Derivation) -> Compiled:
    """The matrix claims of a derivation as one NumPy function over a batch, sums taken over the samples."""
    network, parameters = derivation.network, outputs(derivation)
    appended = frozenset(
        array.name for array in parameters if array.role == "W" and network.stack[array.layer - 1].bias == "appended"
    )
    printer = BatchPrinter(network.sizes, slopes(derivation), appended)
    arguments = (*(array.name for array in parameters), "x", "y", *constants(derivation))
    results = ("E", *(f"d{array.name}" for array in parameters), "dx")
    return compiled(printer, derivation, arguments, statements(derivation), results)


def compiled(
    printer: BatchPrinter,
    derivation: Derivation,
    arguments: Sequence[str],
    lines: Sequence[Statement],
    results: Sequence[str],
) -> Compiled:
    """Assignments as a function; its source holds every activation that they call."""
    helpers = _helpers(derivation, lines, printer)
    names = {**_BASE, **{helper.name: helper.function for helper in helpers}}
    function, source = _compile(arguments, lines, results, printer, names)
    called = [helper.source for helper in helpers]
    header = _header("".join([source, *called]))
    return Compiled(
        function, tuple(arguments), tuple(results), "\n\n".join([*([header] if header else []), *called, source])
    )


def constants(derivation: Derivation) -> list[str]:
    """The names of the activations' constants that were given no value."""
    equations = (*derivation.program.definitions, *derivation.program.functions)
    scalars = {one for equation in equations for one in (equation.rhs + equation.lhs).atoms(Scalar)}
    return sorted(str(one.name) for one in scalars if one.role == "constant")


def _compile(
    arguments: Sequence[str],
    lines: Sequence[Statement],
    results: Sequence[str],
    printer: BatchPrinter,
    names: dict[str, Any],
) -> tuple[Callable[..., Any], str]:
    assignments = [(Symbol(line.name), line.value) for line in lines]
    function = lambdify(
        [Symbol(name) for name in arguments],
        [Symbol(name) for name in results],
        modules=[names],
        printer=printer,
        cse=lambda expressions: (assignments, expressions),
    )
    source = function.__doc__.split("Source code:\n\n")[1].split("\n\n\nImported modules:")[0]
    return function, source.replace("_lambdifygenerated", NAME).strip() + "\n"


@dataclass(frozen=True)
class _Helper:
    name: str
    function: Callable[..., Any]
    source: str


def _helpers(derivation: Derivation, lines: Sequence[Statement], printer: BatchPrinter) -> list[_Helper]:
    """A function for each activation and slope that the assignments call."""
    claims = {kind(one.lhs): one for one in derivation.program.functions}
    claims |= {kind(step.claim.lhs): step.claim for step in derivation.steps if step.rule == "closed-form"}
    found: dict[str, _Helper] = {}
    for used in sorted(_heads(lines, printer), key=lambda one: (one[0].order, str(one))):
        for inner in sorted(claims[used].rhs.atoms(Head), key=str):
            found.setdefault(printer.function(inner), _helper(claims[kind(inner)], printer))
        found.setdefault(printer.function(claims[used].lhs), _helper(claims[used], printer))
    return [one for one in found.values() if not one.source.endswith(f" return {one.name}(u)\n")]  # tanh is NumPy's own


def _heads(lines: Sequence[Statement], printer: BatchPrinter) -> set[tuple[Any, ...]]:
    values = [line.value for line in lines]
    kinds: set[tuple[Any, ...]] = set()
    for value in values:
        for head in value.atoms(Head):
            replaced = any(head in one.atoms(Head) for one in printer.inline) and head.order > 0
            if not replaced:
                kinds.add(kind(head))
    return kinds


def _helper(claim: Any, printer: BatchPrinter) -> _Helper:
    """A claim σ(u) = … as a function; its argument and its constants are the function's arguments."""
    name = printer.function(claim.lhs)
    arguments: list[Expr] = [one for one in claim.lhs.args if isinstance(one, Symbol)]
    body = printer.doprint(claim.rhs)
    source = f"def {name}({', '.join(map(str, arguments))}):\n    return {body}\n"
    return _Helper(name, lambdify(arguments, claim.rhs, modules=[_BASE], printer=printer), source)


_NUMPY = ("exp", "log", "sqrt", "tanh", "sinh", "cosh", "sign", "where", "zeros", "pi")
_BASE: dict[str, Any] = {**{name: getattr(np, name) for name in _NUMPY}, "abs": np.abs, **STOCK}


def _header(source: str) -> str:
    """What the source needs to run alone: imports, and the functions that NumPy lacks."""
    words = set(re.findall(r"\w+", source))
    names = [name for name in _NUMPY if name in words]
    stock = [source_of(name) for name in STOCK if name in words]
    imports = [*(["import math\n"] if "erf" in words else []), *(["import numpy as np"] if stock else [])]
    imports += [f"from numpy import {', '.join(names)}"] if names else []
    return "\n\n".join(["\n".join(imports), *stock])
