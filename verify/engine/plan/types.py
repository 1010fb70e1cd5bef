"""What an engine computes, the same for every backend: inputs, ordered lines, results.

A line is an index claim, `name[axes] = value`; `value` is an expression of `derive` (sums of products of entries) over
arrays that are inputs or stand in lines above.  Besides what a claim may hold, a value may hold the nodes of
`verify.engine.plan.stable`.  Nothing here knows NumPy, C or any other backend.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from sympy import Expr

from derive.equation import Equation
from derive.functions import Head, kind
from derive.symbols import Index, Width

Axes = tuple[Index, ...]
Part = Literal["forward", "backward", "gradients", "forward directions", "backward directions"]


@dataclass(frozen=True)
class Input:
    """An argument: an array with its axes, a number or a width (without), or a function that nobody defined."""

    name: str
    thing: Any
    axes: Axes = ()

    @property
    def sort(self) -> Literal["array", "number", "width", "function"]:
        """What has to be given."""
        if self.axes:
            return "array"
        if isinstance(self.thing, type):
            return "function"
        return "width" if isinstance(self.thing, Width) else "number"


@dataclass(frozen=True)
class Line:
    """`name[axes] = value`, with the derivation's own claim that it computes, where it is one."""

    name: str
    axes: Axes
    value: Expr
    part: Part
    claim: Equation | None = None


@dataclass(frozen=True)
class Helper:
    """A function of numbers that lines call, entry by entry: `name(arguments) = value`."""

    name: str
    head: Head
    arguments: tuple[Expr, ...]
    value: Expr


@dataclass(frozen=True)
class Plan:
    """Lines in an order in which they can run; `results` are the names of what comes out.

    `name` gives the identifier of an array, a number or a width, `function` that of an applied function; `sizes` are
    the widths that are known.  Two plans of equal derivations are equal text in every backend.
    """

    inputs: tuple[Input, ...]
    lines: tuple[Line, ...]
    results: tuple[str, ...]
    helpers: tuple[Helper, ...]
    name: Callable[[Expr], str] = field(compare=False)
    function: Callable[[Head], str] = field(compare=False)
    sizes: Mapping[Expr, int] = field(compare=False, default_factory=dict)

    @property
    def arguments(self) -> tuple[str, ...]:
        """The names of the inputs, in order."""
        return tuple(one.name for one in self.inputs)

    def axes(self, name: str) -> Axes:
        """The axes of an input or of a line; `KeyError` for neither."""
        known = {one.name: one.axes for one in self.inputs} | {one.name: one.axes for one in self.lines}
        return known[name]

    def helper(self, head: Head) -> Helper | None:
        """The definition of an applied function; None for tanh and for what the caller gives."""
        return next((one for one in self.helpers if kind(one.head) == kind(head)), None)
