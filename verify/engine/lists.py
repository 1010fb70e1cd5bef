"""A plan as a function over Python's own lists and numbers: loops in place of arrays, nothing imported but `math`.

Σ_k w_jk x_nk + b_j for every sample n
z1 = [[sum(W1[j][k]*x[n][k] for k in range(2)) + b1[j] for j in range(3)] for n in range(samples)]
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import sympy
from sympy import Expr, Indexed, Integer, KroneckerDelta, Piecewise, Sum
from sympy.core.relational import Relational

from derive.named import Det, LogDet
from derive.symbols import Index, Width, bound, free_indices
from verify.engine.arrays.code import Axes, Code, NoSource
from verify.engine.arrays.dialects import PYTHON
from verify.engine.arrays.printer import Printer, Writer
from verify.engine.arrays.sharing import repeated
from verify.engine.arrays.values import WRITERS
from verify.engine.list_stock import TEXTS
from verify.engine.plan.network import WEIGHT
from verify.engine.plan.stable import LogSumExp, Softmax
from verify.engine.plan.types import Helper, Line, Plan
from verify.engine.source import TITLES, arguments_of, function_name, inverse_of, local, results_of, widths_read


def list_source(plan: Plan, name: str = "", notes: Mapping[str, str] | None = None) -> str:
    """The source of a module with one function over lists; its arguments and results are those of `array_source`."""
    return _Lists(plan, name or function_name(plan), notes or {}).source


# --- values: numbers only, since loops give the indices ---


def _entry(printer: Printer, expression: Indexed) -> Code:
    """`W[j][k]`; a place that is counted may lie beyond an end, where the entry is 0."""
    name = printer.name(expression.base)
    places = [_place(printer, one) for one in expression.indices]
    if all(isinstance(one, Index) or one.is_Integer for one in expression.indices):
        return Code(name + "".join(f"[{one}]" for one in places))
    return Code(f"entry({name}, {', '.join(places)})")


def _place(printer: Printer, index: Expr) -> str:
    """A place counted from 0, where the mathematics counts from 1."""
    moved = sympy.expand(index.xreplace({one: one + 1 for one in index.atoms(Index)}) - 1)
    terms = sorted(moved.as_ordered_terms(), key=lambda one: (bool(one.is_number), one.could_extract_minus_sign()))
    text = ""
    for term in terms:
        number, letter = term.as_coeff_Mul()
        size = printer.name(letter) if letter != 1 else ""
        size = f"{abs(number)}*{size}" if size and abs(number) != 1 else size or str(abs(number))
        text += f" {'-' if number < 0 else '+'} {size}"
    return text[3:] if text.startswith(" + ") else f"-{text[3:]}"


def _loops(printer: Printer, indices: Axes) -> str:
    return " ".join(f"for {printer.name(one)} in range({printer.size(one)})" for one in indices)


def _sum(printer: Printer, expression: Sum) -> Code:
    return Code(f"sum({printer.code(expression.function).source} {_loops(printer, bound(expression))})")


def _softmax(printer: Printer, expression: Expr) -> Code:
    exponent, at = expression.args
    return Code(f"softmax([{printer.code(exponent).source} {_loops(printer, (at,))}])[{printer.name(at)}]")


def _log_sum_exp(printer: Printer, expression: Expr) -> Code:
    inner = expression.args[0]
    return Code(f"logsumexp([{printer.code(inner.function).source} {_loops(printer, bound(inner))}])")


def _piecewise(printer: Printer, expression: Piecewise) -> Code:
    (value, condition), *rest = expression.args
    if condition == True:  # noqa: E712  SymPy's own true
        return printer.code(value)
    if not rest or not isinstance(condition, Relational):
        raise NoSource(f"source of {expression} is not known")
    other = printer.code(expression.func(*rest) if len(rest) > 1 else rest[0][0])
    left, right = printer.code(condition.lhs), printer.code(condition.rhs)
    yes = printer.code(value)
    return Code(f"{yes.at(0)} if {left.source} {condition.rel_op} {right.source} else {other.source}", (), -1)


def _delta(printer: Printer, expression: KroneckerDelta) -> Code:
    left, right = (_place(printer, one) for one in expression.args)
    return Code(f"float({left} == {right})")


_OWN: Mapping[type[Any], Writer] = {
    Indexed: _entry,
    Sum: _sum,
    Softmax: _softmax,
    LogSumExp: _log_sum_exp,
    Piecewise: _piecewise,
    KroneckerDelta: _delta,
    LogDet: lambda printer, one: Code(f"logdet({printer.name(one.array)})"),
    Det: lambda printer, one: Code(f"det({printer.name(one.array)})"),
}
_WRITERS = {**_OWN, **{kind: write for kind, write in WRITERS.items() if kind not in _OWN}}


# --- the module ---


@dataclass(frozen=True)
class _Lists:
    plan: Plan
    name: str
    notes: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def source(self) -> str:
        body = "\n\n\n".join([*map(self._helper, self.plan.helpers), self._function()])
        texts: list[str] = []
        while True:  # a text may call another
            called = set(re.findall(r"(?<![.\w])\w+(?=\()", "\n".join([body, *texts])))
            found = [text for name, text in TEXTS.items() if name in called]
            if found == texts:
                break
            texts = found
        return "\n\n\n".join(["import math", *(one.strip() for one in texts), body])

    @cached_property
    def _printer(self) -> Printer:
        return Printer(self._named, self.plan.function, PYTHON, _WRITERS)

    def _named(self, thing: Expr) -> str:
        if isinstance(thing, Width) and thing in self.plan.sizes:
            return str(self.plan.sizes[thing])
        if isinstance(thing, Index):
            return self._letters(thing)
        return local(self.plan, thing)

    def _letters(self, index: Index) -> str:
        """The letter of an index, unless something else is called so."""
        plain = re.sub(r"\W", "_", index.name)
        while plain in self._taken:
            plain += "_"
        return plain

    @cached_property
    def _taken(self) -> frozenset[str]:
        plan = self.plan
        names = [*(line.name for line in plan.lines), *(helper.name for helper in plan.helpers)]
        return frozenset([*plan.arguments, *names, *keyword.kwlist, "sum", "math", "range", "len"])

    def _helper(self, helper: Helper) -> str:
        lines = [f"    {one}" for one in self._lines("return", helper.value, ())]
        lines[-1] = lines[-1].replace("return = ", "return ", 1)
        return "\n".join([f"def {helper.name}({', '.join(map(self._named, helper.arguments))}):", *lines])

    def _function(self) -> str:
        lines = [f"    {one}" for one in self._body()]
        arguments = [f"{one.name}=1.0" if one.thing == WEIGHT else one.name for one in arguments_of(self.plan)]
        read = widths_read(self.plan, "\n".join(lines))
        widths = [f"    {name} = len({array}{'[0]' * place})" for name, array, place in read]
        return "\n".join(
            [f"def {self.name}({', '.join(arguments)}):", *widths, *lines, f"    return {results_of(self.plan)}", ""]
        )

    def _body(self) -> Iterator[str]:
        title = ""
        for line in self.plan.lines:
            if TITLES[line.part] != title:
                title = TITLES[line.part]
                yield f"# {title}"
            yield from (f"# {one}" for one in self.notes.get(line.name, "").split("\n") if one)
            yield from self._line(line)

    def _line(self, line: Line) -> list[str]:
        inverted = inverse_of(line)
        if inverted is not None:
            return [f"{line.name} = inv({self._named(inverted)})"]
        value = line.value.xreplace({one: Integer(size) for one, size in self.plan.sizes.items()})
        return self._lines(line.name, value, line.axes)

    def _lines(self, name: str, value: Expr, axes: Axes) -> list[str]:
        """`name = value`, after the parts that do not change with every index, or occur more than once."""
        printer = self._printer
        found: list[str] = []
        for number, one in enumerate(_hoisted(value, axes), 1):
            free = tuple(axis for axis in axes if axis in free_indices(one))
            place = self._fresh(f"t{number}")
            if isinstance(one, Softmax):
                exponent, at = one.args
                own = tuple(axis for axis in free if axis != at)
                inner = f"softmax([{printer.code(exponent).source} {_loops(printer, (at,))}])"
                if one == value and axes == (*own, at):
                    return [*found, f"{name} = {self._nested(printer, inner, own)}"]
                found.append(f"{place} = {self._nested(printer, inner, own)}")
                free = (*own, at)
            else:
                found.append(f"{place} = {self._nested(printer, printer.code(one).source, free)}")
            slots = "".join(f"[{printer.name(axis)}]" for axis in free)
            printer = replace(printer, known={**printer.known, one: Code(place + slots)})
        return [*found, f"{name} = {self._nested(printer, printer.code(value).source, axes)}"]

    @staticmethod
    def _nested(printer: Printer, source: str, axes: Axes) -> str:
        for axis in reversed(axes):
            source = f"[{source} {_loops(printer, (axis,))}]"
        return source

    def _fresh(self, name: str) -> str:
        while name in self._taken:
            name += "_"
        return name


def _hoisted(value: Expr, axes: Axes) -> list[Expr]:
    """Sums that lack an index of the line or stand in it twice, and every softmax: each is computed before the line."""
    found = [one for one in repeated(value) if free_indices(one) <= set(axes)]
    _search(value, set(axes), found, False)
    return found


def _search(value: Expr, axes: set[Index], found: list[Expr], inside: bool) -> None:
    """`inside` says whether the value stands within another sum."""
    if value in found:
        return
    binds = isinstance(value, Sum | LogSumExp)
    inner = value.args[0] if isinstance(value, LogSumExp) else value  # its sum is written with it
    for part in (inner.function,) if binds else value.args:
        if isinstance(part, Expr):
            _search(part, axes, found, inside or binds)
    free = free_indices(value) if binds or isinstance(value, Softmax) else None
    if free is not None and free <= axes and (inside or free < axes or not binds):
        found.append(value)
