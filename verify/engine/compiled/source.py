"""The C source of a plan: one function in the derivation's letters, claim by claim, and `run`, which unpacks arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import inf, prod

from sympy import Add, Expr, Indexed, Mul

from derive.named import Det, Inverse, LogDet
from derive.symbols import Width
from verify.engine.backends import Missing
from verify.engine.compiled.claims import claim_text
from verify.engine.compiled.entry import entry_point, wrapped
from verify.engine.compiled.expressions import Writer
from verify.engine.compiled.kernels import KERNELS, LANES
from verify.engine.compiled.library import LIBRARY, library
from verify.engine.compiled.loops import INDENT, Loops
from verify.engine.compiled.names import Names
from verify.engine.compiled.products import SMALL, find_product, with_local
from verify.engine.compiled.selfcheck import example, main_text
from verify.engine.identifiers import identifier
from verify.engine.plan.samples import SAMPLES
from verify.engine.plan.types import Axes, Helper, Input, Line, Plan

FUNCTION = "loss_and_gradients"


def c_source(plan: Plan, dtype: str = "float64", main: bool = False, sizes: Mapping[str, int] | None = None) -> str:
    """C99 that computes a plan in `float64` or `float32`; widths that the plan knows are constants.

    With `main` a program that compares its own gradients with central differences on a small example, and exits with 1
    where they differ; `sizes` then gives the widths by name that the plan leaves open.  Raises `Missing` for a plan
    with functions that the caller gives, and for kinds of expressions that C cannot compute.
    """
    if not main:
        return Source(plan, dtype).text
    source = Source(example(plan), dtype)
    return f"{source.text}\n{main_text(source.plan, source.inputs, source.open_widths, dtype, sizes or {})}"


@dataclass(frozen=True)
class Source:
    """The source of a plan and what a caller needs to know of it."""

    plan: Plan
    dtype: str

    def __post_init__(self) -> None:
        if self.dtype not in ("float64", "float32"):
            raise ValueError(f"dtype must be float64 or float32, not {self.dtype!r}")
        given = [one.name for one in self.plan.inputs if one.sort == "function"]
        if given:
            raise Missing(f"the compiled backend cannot call {', '.join(given)}, which the caller gives as Python "
                          "functions; use the numpy backend")  # fmt: skip
        if len(set(self.plan.results)) < len(self.plan.results):
            raise Missing("the compiled backend gives each result once; use the numpy backend")

    @cached_property
    def names(self) -> Names:
        """The C names of inputs, lines, widths and functions."""
        widths = [self.plan.name(one) for one in self.widths]
        names = [one.name for one in self.plan.inputs] + [one.name for one in self.plan.lines]
        return Names(dict.fromkeys([*names, *(one.name for one in self.plan.helpers), *widths]))

    @cached_property
    def widths(self) -> tuple[Width, ...]:
        """All widths: of axes, of values, of arguments."""
        found: dict[Width, None] = {}
        for axes in [one.axes for one in self.plan.inputs] + [one.axes for one in self.plan.lines]:
            for axis in axes:
                found |= dict.fromkeys(sorted(axis.space.size.atoms(Width), key=str))
        for line in self.plan.lines:
            found |= dict.fromkeys(sorted(line.value.atoms(Width), key=str))
        return tuple(found)

    @property
    def open_widths(self) -> tuple[Width, ...]:
        """The widths that a call gives, in the order of `sizes`."""
        return tuple(one for one in self.widths if one not in self.plan.sizes)

    @property
    def inputs(self) -> tuple[Input, ...]:
        """The arrays and numbers that a call gives, in the order of `in`."""
        return tuple(one for one in self.plan.inputs if one.sort in ("array", "number"))

    @property
    def results(self) -> tuple[Line, ...]:
        """What `out` receives, in order."""
        lines = {one.name: one for one in self.plan.lines}
        missing = [name for name in self.plan.results if name not in lines]
        if missing:
            raise Missing(f"the compiled backend gives back what it computes, and {missing[0]} is an argument; "
                          "use the numpy backend")  # fmt: skip
        return tuple(lines[name] for name in self.plan.results)

    @property
    def work(self) -> tuple[Line, ...]:
        """The arrays that no caller sees."""
        return tuple(one for one in self.plan.lines if one.axes and one.name not in self.plan.results)

    @cached_property
    def matrices(self) -> tuple[str, ...]:
        """The lengths of the square matrices of which an inverse or a determinant is asked."""
        found: dict[str, None] = {}
        for line in self.plan.lines:
            arrays = [one.array for one in line.value.atoms(Det, LogDet)]
            arrays += [line.value.base.array] if self._is_inverse(line) else []
            found |= dict.fromkeys(self.size(one.spaces[0].size) for one in sorted(arrays, key=str))
        return tuple(found)

    def _is_inverse(self, line: Line) -> bool:
        """Whether a line is a whole inverse, and not only a line that reads one."""
        value = line.value
        return (
            isinstance(value, Indexed) and isinstance(value.base, Inverse) and self.plan.name(value.base) == line.name
        )

    @cached_property
    def small(self) -> bool:
        """Whether a network is so small that the case of one sample is worth code of its own."""
        if SAMPLES not in self.open_widths:
            return False
        axes = [one.axes for one in self.plan.inputs] + [one.axes for one in self.plan.lines]
        return all(self._entries(one) <= SMALL for one in axes)

    def _entries(self, axes: Axes) -> float:
        """How many numbers an array has, for one sample; without end where a width is not known."""
        sizes = [self.plan.sizes.get(axis.space.size, axis.space.size) for axis in axes]
        known = [1 if size == SAMPLES else size for size in sizes]
        return prod(int(size) if getattr(size, "is_number", True) else inf for size in known)

    def size(self, size: Expr) -> str:
        """A width as C: its name, or a number."""
        if isinstance(size, Width):
            return self.names.given(self.plan.name(size))
        if isinstance(size, Add):
            return f"({' + '.join(self.size(one) for one in size.args)})"
        if isinstance(size, Mul):
            return "*".join(self.size(one) for one in size.args)
        return str(int(size))

    @cached_property
    def text(self) -> str:
        """The whole source."""
        used: set[str] = set()
        writer = Writer(self.plan, self.names, self.dtype == "float32", self.size, used=used)
        helpers = [self._helper(writer, one) for one in self.plan.helpers]
        body = self._body(writer)
        kernels = [KERNELS[name] for name in KERNELS if name in used]
        ours = library(used & set(LIBRARY), writer.single)
        parts = [self._header(), *([LANES, *kernels] if kernels else []), *(["\n".join(ours)] if ours else [])]
        parts += ["\n".join(helpers)] if helpers else []
        return "\n\n".join([*parts, body, entry_point(self, FUNCTION)]) + "\n"

    def _header(self) -> str:
        real = "float" if self.dtype == "float32" else "double"
        known = [f"{self.size(one)} = {self.plan.sizes[one]}" for one in self.widths if one in self.plan.sizes]
        lines = [f"#include <{one}.h>" for one in ("math", "stdint", "stdlib", "string")]
        lines += ["", f"typedef {real} real;"]
        lines += [f"enum {{ {', '.join(known)} }};"] if known else []
        lines += ["#if defined(__GNUC__)", "#define INLINE static inline __attribute__((always_inline))", "#else",
                  "#define INLINE static inline", "#endif"]  # fmt: skip
        lines += ["/* All entries of an array, one behind the other. */", "#define flat(array) ((real *) (array))"]
        return "\n".join([*lines, "enum { DONE, NO_MEMORY, SINGULAR };"])

    def _helper(self, writer: Writer, helper: Helper) -> str:
        """A function of numbers: `static inline real sigmoid(real u) { return … }`."""
        letters: dict[str, str] = {}
        for one in helper.arguments:
            letters[str(one.name)] = Names(letters.values()).given(identifier(str(one.name)))
        body = Writer(self.plan, self.names, writer.single, self.size, letters, writer.used).text(helper.value)
        takes = ", ".join(f"real {letter}" for letter in letters.values())
        return f"static inline real {self.names.given(helper.name)}({takes}) {{ return {body}; }}"

    def _body(self, writer: Writer) -> str:
        """The function itself."""
        lines: list[str] = []
        part = ""
        for line in self.plan.lines:
            if line.part != part:
                part = line.part
                lines += ["", f"/* {part.upper()} */"]
            lines += [f"/* {claim_text(self.plan, line)} */", *self._line(writer, line)]
        lines += ["", *(f"*result_{self.names.given(one.name)} = {self.names.given(one.name)};"
                        for one in self.results if not one.axes), "return DONE;"]  # fmt: skip
        inside = "\n".join(f"{INDENT}{one}" if one else "" for one in lines)
        return f"{'INLINE' if self.small else 'static'} int {FUNCTION}({self._parameters()})\n{{{inside}\n}}"

    def _line(self, writer: Writer, line: Line) -> list[str]:
        own = Writer(self.plan, self.names.line(), writer.single, self.size, used=writer.used)
        loops = Loops(own)
        if self._is_inverse(line):
            return loops.inverse(line, line.value.base)
        found = find_product(own, line, line.value)
        if found is None:
            return loops.line(line, line.value)
        call = found.call(own, f"{own.names.given(line.name)}[0]")
        if line.value == found.term:
            return [call]
        return [call, *loops.entries(line, with_local(line.value, found, loops.target(line)))]

    def _parameters(self) -> str:
        """Widths, inputs, results, work arrays: whoever reads the source sees what it needs."""
        numbers = [f"int64_t {self.size(one)}" for one in self.open_widths]
        given = [f"const real {self._declared(one)}" for one in self.inputs]
        found = [f"real {self._declared(one)}" if one.axes else f"real *result_{self.names.given(one.name)}"
                 for one in self.results]  # fmt: skip
        work = [f"real {self._declared(one)}" for one in self.work]
        work += ["real lu[restrict]"] if self.matrices else []
        groups = [wrapped(one) for one in (numbers, given, found, work) if one]
        return f"\n{INDENT}" + f",\n{INDENT}".join(groups)

    def _declared(self, one: Input | Line) -> str:
        """`W1[restrict 3][2]`."""
        sizes = [self.size(axis.space.size) for axis in one.axes]
        name = self.names.given(one.name)
        return name + "".join(f"[{'restrict ' if not n else ''}{size}]" for n, size in enumerate(sizes))
