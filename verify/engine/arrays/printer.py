"""Writes an index expression as source: every index is an axis, in the order that a line wants."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sympy import Expr

from derive.functions import Head
from derive.symbols import Array, Scalar
from verify.engine.arrays.code import Axes, Code, NoSource
from verify.engine.arrays.dialects import Dialect

_OF_NUMBERS = frozenset({"exp", "log", "sqrt", "tanh", "sinh", "cosh", "erf", "sin", "cos", "tan"})
Writer = Callable[["Printer", Any], Code]


@dataclass(frozen=True)
class Printer:
    """Writes expressions by the functions in `writers`, the first whose type fits.

    `name` gives the identifier of an array, a number or a width, `function` that of a function; `known` holds
    expressions that already have a name; `wanted` are the axes of the line.
    """

    name: Callable[[Expr], str]
    function: Callable[[Head], str]
    dialect: Dialect
    writers: Mapping[type[Any], Writer]
    dtype: str = "float64"
    known: Mapping[Expr, Code] = field(default_factory=dict)
    wanted: Axes = ()

    def whole(self, expression: Expr, axes: Axes) -> str:
        """Source of an array with exactly these axes."""
        code = replace(self, wanted=axes).code(expression)
        if set(code.axes) == set(axes):
            return self.over(code, axes).source
        shape = ", ".join(self.size(index) for index in axes)
        shape = f"({shape},)" if len(axes) == 1 else f"({shape})"
        module = self.dialect.module
        if is_literal(expression):
            return f"{module}.full({shape}, {code.source}, dtype={module}.{self.dtype})"
        return f"{module}.broadcast_to({self.over(code, axes).source}, {shape})"

    def code(self, expression: Expr) -> Code:
        """Source with the axes that the expression has by itself.  Raises `NoSource` for an unknown kind."""
        if expression in self.known:
            return self.known[expression]
        for kind, write in self.writers.items():
            if isinstance(expression, kind):
                return write(self, expression)
        raise NoSource(f"source of a {type(expression).__name__} is not known")

    def over(self, code: Code, axes: Axes) -> Code:
        """The same array with more axes, in this order, of length 1 where there was none."""
        if code.axes == axes:
            return code
        here = tuple(one for one in axes if one in code.axes)
        source, level = code.source, code.level
        if here != code.axes:
            turned = ", ".join(str(code.axes.index(one)) for one in here)
            source = f"{code.at(2)}.T" if len(here) == 2 else f"{code.at(2)}.{self.dialect.turn}({turned})"
            level = 2
        if not any(one not in here and any(other in here for other in axes[:n]) for n, one in enumerate(axes)):
            return Code(source, axes, level)
        slots = ["None" if one not in here else ":" for one in axes]
        slots = slots[slots.index(":") :]
        return Code(f"{source if level == 2 else f'({source})'}[{', '.join(slots)}]", axes)

    def union(self, codes: Sequence[Code]) -> Axes:
        """The axes of several arrays: as the one has them that has all, else the wanted ones first."""
        ordered = sorted(codes, key=lambda one: -len(one.axes))
        axes = tuple(dict.fromkeys(axis for one in ordered for axis in one.axes))
        if ordered and len(ordered[0].axes) == len(axes):
            return axes
        return (*(one for one in self.wanted if one in axes), *(one for one in axes if one not in self.wanted))

    def applied(self, name: str, *arguments: Expr) -> Code:
        """A function of the library, entry by entry; of numbers that are known, Python's own, which keeps the type."""
        codes = [self.code(one) for one in arguments]
        called = self.dialect.function(name)
        if name in _OF_NUMBERS and all(is_literal(one) for one in arguments):
            called = f"math.{name}"
        return self.called(called, codes)

    def called(self, name: str, codes: Sequence[Code]) -> Code:
        """A call, entry by entry."""
        axes = self.union(codes)
        return Code(f"{name}({', '.join(self.over(one, axes).source for one in codes)})", axes)

    def times(self, codes: Sequence[Code]) -> Code:
        """A product, entry by entry; factors that are 1 are left out."""
        factors = [one for one in codes if one.source != "1"] or list(codes[:1])
        if len(factors) == 1:
            return factors[0]
        axes = self.union(factors)
        return Code("*".join(self.over(one, axes).factor for one in factors), axes, 1)

    def size(self, index: Any) -> str:
        """The number of entries along an axis."""
        return self.code(index.space.size).source


def is_literal(expression: Expr) -> bool:
    """Whether a value is known without any array or number that is given: it is made of numerals and widths."""
    return not expression.atoms(Array, Scalar) and not expression.has(Head)
