"""A plan as a readable function over whole arrays that runs alone, in the letters of the derivation.

Σ_k w_jk x_nk + b_j for every sample n        z1 = x @ W1.T + b1
Σ_n δ_nj x_nk                                 dW1 = delta1.T @ x
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from sympy import Expr, Indexed, Integer

from derive.named import Inverse
from derive.symbols import Array, Scalar, Width
from verify.engine.arrays.code import Axes, Code, NoSource
from verify.engine.arrays.dialects import DIALECTS, Dialect
from verify.engine.arrays.printer import Printer
from verify.engine.arrays.sharing import repeated
from verify.engine.arrays.stock import stock
from verify.engine.arrays.values import WRITERS
from verify.engine.plan.network import WEIGHT
from verify.engine.plan.types import Helper, Input, Line, Plan

__all__ = ["NoSource", "Written", "array_source", "arguments_of", "function_name"]

TITLES = {
    "forward": "forward",
    "backward": "backward",
    "gradients": "backward",
    "forward directions": "along the direction: forward",
    "backward directions": "along the direction: backward",
}


def array_source(plan: Plan, dialect: str = "numpy", name: str = "", dtype: str = "float64",
                 notes: Mapping[str, str] | None = None) -> str:  # fmt: skip
    """The source of a module with one function that computes the results of a plan, in their order.

    The function takes `arguments_of(plan)`: arrays of the type `dtype`, numbers as arrays of that type without axes
    (in NumPy and JAX, Python's own numbers do as well), functions, and as whole numbers the widths that no array has
    as an axis.  It returns a tuple, or the result itself where there is one.  Its name is `function_name(plan)` where
    none is given.  `notes` are comments for lines, by name.  Raises `NoSource` where a value cannot be written.
    """
    return Written(plan, DIALECTS[dialect], dtype, name or function_name(plan), notes or {}).source


def function_name(plan: Plan) -> str:
    """What the function of a plan is called: by what it computes."""
    parts = {line.part for line in plan.lines if line.name in plan.results}
    if any("directions" in part for part in parts):
        return "hessian_vector"
    return "loss_and_gradients" if parts & {"backward", "gradients"} else "forward"


def arguments_of(plan: Plan) -> tuple[Input, ...]:
    """The inputs that the source's function takes, in order: a width that an array has as an axis is read off it."""
    carried = {axis.space.size for one in plan.inputs for axis in one.axes}
    kept = [one for one in plan.inputs if not (one.sort == "width" and one.thing in carried)]
    return tuple(sorted(kept, key=lambda one: one.thing == WEIGHT))


def results_of(plan: Plan) -> str:
    """What the source's function returns."""
    return ", ".join(plan.results)


def local(plan: Plan, thing: Expr) -> str:
    """The name of an array or a number; the letter of a helper's argument stays as it is."""
    return str(thing.name) if isinstance(thing, Scalar) and thing.role == "argument" else plan.name(thing)


def inverse_of(line: Line) -> Array | None:
    """A, where a line computes A⁻¹ as a whole."""
    whole = line.claim is None and isinstance(line.value, Indexed) and isinstance(line.value.base, Inverse)
    return line.value.base.array if whole else None


def widths_read(plan: Plan, body: str) -> Iterator[tuple[str, str, int]]:
    """The widths that some lines speak of and no argument gives: (name, array, the axis of it that is so long)."""
    words = set(re.findall(r"\w+", re.sub(r"#.*", "", body)))
    given = {one.name for one in arguments_of(plan)}
    carried = [(axis.space.size, one.name, n) for one in plan.inputs for n, axis in enumerate(one.axes)]
    axes = {size: (array, n) for size, array, n in reversed(carried)}
    for one in plan.inputs:
        if one.sort == "width" and one.name not in given and one.name in words:
            yield one.name, *axes[one.thing]


@dataclass(frozen=True)
class Written:
    """A plan in a dialect."""

    plan: Plan
    dialect: Dialect
    dtype: str
    name: str
    notes: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def source(self) -> str:
        """The whole module."""
        helpers = [self._helper(one) for one in self.plan.helpers]
        body = "\n".join([*helpers, self._function()])
        words = set(re.findall(r"\w+", body))
        texts = [stock(one, self.dialect, self.dtype) for one in sorted(self.dialect.stock) if one in words]
        whole = "\n\n".join([*texts, body])
        math = ["import math\n"] if re.search(r"\bmath\.", whole) else []
        return "\n".join([*math, self.dialect.imports, "", "", whole])

    @cached_property
    def _printer(self) -> Printer:
        return Printer(self._named, self.plan.function, self.dialect, WRITERS, self.dtype)

    def _named(self, thing: Expr) -> str:
        """The name of an array or a number; a width that is known is its number."""
        if isinstance(thing, Width) and thing in self.plan.sizes:
            return str(self.plan.sizes[thing])
        return local(self.plan, thing)

    def _value(self, value: Expr) -> Expr:
        """A value with numbers for the widths that are known."""
        return value.xreplace({one: Integer(size) for one, size in self.plan.sizes.items()})

    # --- functions of numbers ---

    def _helper(self, helper: Helper) -> str:
        """A function that is called entry by entry."""
        arguments = ", ".join(map(self._named, helper.arguments))
        lines = [f"    {one}" for one in self._lines("return", helper.value, ())]
        lines[-1] = lines[-1].replace("return = ", "return ", 1)
        return "\n".join([f"def {helper.name}({arguments}):", *lines, "", ""])

    # --- the function ---

    def _function(self) -> str:
        lines = [f"    {one}" if one else "" for one in self._body()]
        arguments = [f"{one.name}=1.0" if one.thing == WEIGHT else one.name for one in arguments_of(self.plan)]
        read = widths_read(self.plan, "\n".join(lines))
        widths = [f"    {name} = {f'{array}.shape[{n}]' if n else f'len({array})'}" for name, array, n in read]
        returned = f"    return {results_of(self.plan)}"
        return "\n".join([f"def {self.name}({', '.join(arguments)}):", *widths, *lines, returned, ""])

    def _body(self) -> Iterator[str]:
        title = ""
        for line in self.plan.lines:
            if TITLES[line.part] != title:
                title = TITLES[line.part]
                yield f"# {title}"
            if line.name in self.notes:
                yield from (f"# {one}" for one in self.notes[line.name].split("\n"))
            yield from self._line(line)

    def _line(self, line: Line) -> list[str]:
        inverted = inverse_of(line)
        if inverted is not None:
            return [f"{line.name} = {self.dialect.function('inv')}({self._named(inverted)})"]
        return self._lines(line.name, self._value(line.value), line.axes)

    def _lines(self, name: str, value: Expr, axes: Axes) -> list[str]:
        """`name = value`, after what occurs in it more than once."""
        printer = replace(self._printer, wanted=axes)
        found: list[str] = []
        for number, one in enumerate(repeated(value), 1):
            code = printer.code(one)
            place = self._fresh(f"t{number}")
            found.append(f"{place} = {code.source}")
            printer = replace(printer, known={**printer.known, one: Code(place, code.axes)})
        return [*found, f"{name} = {printer.whole(value, axes)}"]

    def _fresh(self, name: str) -> str:
        """A name that nothing in the plan has."""
        while name in self._taken:
            name += "_"
        return name

    @cached_property
    def _taken(self) -> frozenset[str]:
        plan = self.plan
        arguments = [self._named(one) for helper in plan.helpers for one in helper.arguments]
        names = [*(line.name for line in plan.lines), *(helper.name for helper in plan.helpers)]
        return frozenset([*plan.arguments, *names, *arguments])
