r"""The engine of a program: its definitions and the derivatives that were derived, as one NumPy function.

engine = ProgramEngine(Derivation(program))
_, gradients = engine({"Q": q, "K": k, "V": v}, upstream={"O": d_o})
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from sympy import Expr, Symbol, lambdify
from sympy.printing.numpy import NumPyPrinter

from derive.derivation import Derivation
from derive.equation import Equation
from derive.functions import Head, kind
from derive.named import Inverse, Opaque, Slope
from derive.symbols import Array, Scalar, Width
from verify.engine.axes import NoSource, Printer
from verify.engine.given import Given, unknown_functions
from verify.engine.identifiers import Identifiers
from verify.engine.printer import BatchPrinter
from verify.engine.stock import STOCK, source_of

__all__ = ["NoSource", "ProgramEngine"]
NAME = "loss_and_gradients"
_NUMPY = (
    "exp", "log", "sqrt", "tanh", "sinh", "cosh", "sign", "where", "einsum", "arange", "broadcast_to", "pi",
)  # fmt: skip
_LINEAR = {"inv": np.linalg.inv, "det": np.linalg.det, "slogdet": np.linalg.slogdet}
_BASE: dict[str, Any] = {**{name: getattr(np, name) for name in _NUMPY}, **_LINEAR, **STOCK, "abs": np.abs}


@dataclass(frozen=True)
class ProgramEngine:
    """Computes the target of a program and the derivatives that its derivation found.

    `engine(values)` takes an array or a number for each letter that no equation defines.  `upstream` gives ∂L/∂Y for
    the arrays Y of an opaque L(Y), by the letter of Y; `functions` gives a function for each opaque f, f′ (`f`,
    `f_prime`), applied entry by entry; `sizes` gives widths that no array has.  It returns the target (None where it is
    opaque) and a dictionary of derivatives by letter, each of the shape of what it is taken by.

    Raises `ValueError` naming what is missing or has another shape, `NoSource` where no NumPy source is known.
    """

    derivation: Derivation

    def __post_init__(self) -> None:
        if self.derivation.layered:
            raise TypeError("this engine is for programs; verify.engine.core.Engine is the one for networks")

    @cached_property
    def _built(self) -> _Built:
        return _Build(self.derivation).done()

    @property
    def source(self) -> str:
        """The Python source that runs."""
        return self._built.source

    @property
    def arguments(self) -> tuple[str, ...]:
        """The names of what the source's function takes, in order."""
        return tuple(name for name, _ in self._built.arguments)

    def __call__(
        self,
        values: Mapping[str, Any],
        upstream: Mapping[str, Any] | None = None,
        functions: Mapping[str, Callable[..., Any]] | None = None,
        sizes: Mapping[str, int] | None = None,
    ) -> tuple[float | None, dict[str, Any]]:
        """The target and its derivatives."""
        known = {Width(name): size for name, size in (sizes or {}).items()}
        given = Given(values, upstream or {}, functions or {}, {**self.derivation.sizes, **known})
        arguments = [given.find(thing, name) for name, thing in self._built.arguments]
        # e^(−z) may overflow to ∞, and 1/(1 + ∞) is 0 as it should be.
        with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
            target, *gradients = self._built.function(*arguments)
        shown = {one.name: np.asarray(value) for one, value in zip(_wanted(self.derivation), gradients, strict=True)}
        return (None if target is None else float(target)), shown

    def _repr_markdown_(self) -> str:
        """What a notebook shows: the source."""
        return f"```python\n{self.source}\n```"

    def __reduce__(self) -> tuple[type[ProgramEngine], tuple[Derivation]]:
        return ProgramEngine, (self.derivation,)


@dataclass(frozen=True)
class _Built:
    function: Callable[..., Any]
    arguments: tuple[tuple[str, Any], ...]
    source: str


class _Source(Symbol):
    """NumPy source that is already written."""


class _SourcePrinter(NumPyPrinter):
    def __init__(self) -> None:
        super().__init__({"fully_qualified_modules": False, "allow_unknown_functions": True})

    def _print__Source(self, expression: _Source) -> str:
        return str(expression.name)


class _HelperPrinter(BatchPrinter):
    """Prints the formula of a function; functions are called as the engine calls them."""

    def __init__(self, name: Identifiers) -> None:
        super().__init__({})
        self.name = name

    def function(self, expression: Head) -> str:
        return self.name.function(expression)

    def _print_Scalar(self, expression: Expr) -> str:
        return str(expression.name) if expression.role == "argument" else self.name(expression)


def _wanted(derivation: Derivation) -> list[Array | Scalar]:
    return [one for one in derivation.program.wrt if derivation.has(one.name)]


class _Build:
    """Writes the lines of the function, in an order in which they can run."""

    def __init__(self, derivation: Derivation) -> None:
        self.derivation, self.program = derivation, derivation.program
        self.name = Identifiers((*_BASE, NAME, "np", "math"))
        self.printer = Printer(self.name, self.name.function)
        self.opaque = self.program.definitions[-1].rhs.has(Opaque)
        self.lines: list[tuple[str, str]] = []
        self.heads: list[Head] = []
        self.slopes: dict[Slope, str] = {}

    def done(self) -> _Built:
        """All lines, compiled."""
        inputs = [(self.name(one), one) for one in self.program.inputs]
        for equation in self.program.definitions[:-1] if self.opaque else self.program.definitions:
            self._line(self.name(self.program.symbol(equation.lhs)), equation)
        results = ["None" if self.opaque else self.name(self.program.target), *self._gradients()]
        helpers, text = self._helpers()
        unknown = [(self.name.function(one), type(one)) for one in self._unknown(helpers)]
        arguments = (*inputs, *((name, one) for one, name in self.slopes.items()), *unknown, *self._widths())
        function, source = self._compiled([name for name, _ in arguments], results, helpers)
        return _Built(function, arguments, _alone("\n\n".join([*text, source])))

    def _gradients(self) -> list[str]:
        """The lines of the derivatives; the names of those that are wanted."""
        found: dict[Expr, str] = {}
        for variable, name, claim in self.derivation.adjoints:
            if name is not None:
                found[variable] = self.name(name)
            elif variable in self.program.wrt:
                found[variable] = self.name.gradient(self.program.target, variable)
            if variable in found:
                self._line(found[variable], claim)
        return [found[one] for one in _wanted(self.derivation)]

    def _line(self, name: str, claim: Equation) -> None:
        for array in sorted(claim.rhs.atoms(Array), key=str):
            if isinstance(array, Slope):
                self.slopes[array] = self.name(array)
            made = (self.name(array), f"inv({self.name(array.array)})") if isinstance(array, Inverse) else None
            if made is not None and made not in self.lines:
                self.lines.append(made)
        self.heads += sorted(claim.rhs.atoms(Head), key=str)
        self.lines.append((name, self.printer.whole(claim.rhs, claim.indices)))

    def _widths(self) -> list[tuple[str, Width]]:
        """The widths that the lines speak of."""
        words = {word for _, source in self.lines for word in re.findall(r"\w+", source)}
        sizes = dict.fromkeys(space.size for space in self.program.spaces if isinstance(space.size, Width))
        return [(self.name(one), one) for one in sizes if self.name(one) in words]

    def _unknown(self, helpers: Mapping[str, Any]) -> list[Head]:
        defined = {type(one) for one in self.heads if self.name.function(one) in helpers}
        kinds = unknown_functions(self.heads, defined)
        return [next(one for one in self.heads if type(one) is kind_of) for kind_of in kinds]

    def _helpers(self) -> tuple[dict[str, Callable[..., Any]], list[str]]:
        """A function for each activation and slope that is called, what it calls itself before it."""
        claims = {kind(one.lhs): one for one in self.program.functions}
        claims |= {kind(step.claim.lhs): step.claim for step in self.derivation.steps if step.rule == "closed-form"}
        found: dict[str, Callable[..., Any]] = {}
        text: list[str] = []
        for head in sorted(self.heads, key=lambda one: (one.order, str(one))):
            for one in (*sorted(self._within(claims, head), key=lambda inner: inner.order), head):
                if kind(one) in claims and self.name.function(one) not in found:
                    self._helper(claims[kind(one)], found, text)
        return found, text

    @staticmethod
    def _within(claims: Mapping[Any, Equation], head: Head) -> list[Head]:
        return list(claims[kind(head)].rhs.atoms(Head)) if kind(head) in claims else []

    def _helper(self, claim: Equation, found: dict[str, Callable[..., Any]], text: list[str]) -> None:
        name, printer = self.name.function(claim.lhs), _HelperPrinter(self.name)
        letters = [one for one in claim.lhs.args if isinstance(one, Symbol)]
        takes = [str(one.name) if one.role == "argument" else self.name(one) for one in letters]
        body = printer.doprint(claim.rhs)
        if body == f"{name}(u)":  # tanh is NumPy's own
            return
        text.append(f"def {name}({', '.join(takes)}):\n    return {body}\n")
        found[name] = lambdify([Symbol(one) for one in takes], _Source(body), modules=[{**_BASE, **found}],
                               printer=_SourcePrinter())  # fmt: skip

    def _compiled(
        self, arguments: list[str], results: list[str], helpers: Mapping[str, Any]
    ) -> tuple[Callable[..., Any], str]:
        lines = [(Symbol(name), _Source(source)) for name, source in self.lines]
        function = lambdify(
            [Symbol(name) for name in arguments],
            [_Source(name) for name in results],
            modules=[{**_BASE, **helpers}],
            printer=_SourcePrinter(),
            cse=lambda expressions: (lines, expressions),
        )
        source = function.__doc__.split("Source code:\n\n")[1].split("\n\n\nImported modules:")[0]
        return function, source.replace("_lambdifygenerated", NAME).strip() + "\n"


def _alone(text: str) -> str:
    """The source with all that it needs to run alone."""
    words = set(re.findall(r"\w+", text))
    stock = [source_of(name) for name in STOCK if name in words]
    numpy, linear = ([name for name in names if name in words] for names in (_NUMPY, _LINEAR))
    lines = ["import math"] if "erf" in words else []
    lines += ["import numpy as np"] if stock else []
    lines += [f"from numpy import {', '.join(numpy)}"] if numpy else []
    lines += [f"from numpy.linalg import {', '.join(linear)}"] if linear else []
    return "\n\n".join([*(["\n".join(lines)] if lines else []), *stock, text])
