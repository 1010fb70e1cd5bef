"""The C function that Python calls: arrays and widths by place, room for what no caller sees."""

from __future__ import annotations

from typing import Protocol

from sympy import Expr

from derive.symbols import Width
from verify.engine.compiled.loops import INDENT
from verify.engine.compiled.names import Names
from verify.engine.plan.samples import SAMPLES
from verify.engine.plan.types import Axes, Input, Line

# Numbers that are kept on the stack; more of them get memory of their own.
FEW = 512


class Unpacked(Protocol):
    """What the entry point needs to know of a source."""

    @property
    def names(self) -> Names: ...
    @property
    def open_widths(self) -> tuple[Width, ...]: ...
    @property
    def inputs(self) -> tuple[Input, ...]: ...
    @property
    def results(self) -> tuple[Line, ...]: ...
    @property
    def work(self) -> tuple[Line, ...]: ...
    @property
    def matrices(self) -> tuple[str, ...]: ...
    @property
    def small(self) -> bool: ...
    def size(self, size: Expr) -> str: ...


def entry_point(source: Unpacked, function: str) -> str:
    """`int run(sizes, in, out)`: 0, or 1 without memory, or 2 for a singular matrix."""
    handed = [source.size(one) for one in source.open_widths]
    handed += [f"(const void *) in[{n}]" if one.axes else f"*in[{n}]" for n, one in enumerate(source.inputs)]
    handed += [f"(void *) out[{n}]" for n in range(len(source.results))]
    handed += [f"work_{n}" for n in range(len(source.work))] + (["next"] if source.matrices else [])
    lines = [f"const int64_t {source.size(one)} = sizes[{n}];" for n, one in enumerate(source.open_widths)]
    lines += [*_room(source), *_calls(source, function, handed)]
    lines += (
        ["if (work != few) free(work);", "return status;"] if source.work or source.matrices else ["return status;"]
    )
    inside = "\n".join(f"{INDENT}{one}" for one in lines)
    return f"int run(const int64_t *sizes, const real *const *in, real *const *out)\n{{\n{inside}\n}}"


def _room(source: Unpacked) -> list[str]:
    """One piece of memory for all work arrays."""
    if not source.work and not source.matrices:
        return []
    lines = [f"const size_t room_{n} = {_entries(source, one.axes)};" for n, one in enumerate(source.work)]
    parts = [f"room_{n}" for n in range(len(source.work))]
    if source.matrices:
        lines += ["size_t lu = 0;  /* for the elimination of the largest matrix */"]
        lines += [f"if ((size_t) {one}*({one} + 1) > lu) lu = (size_t) {one}*({one} + 1);" for one in source.matrices]
        parts.append("lu")
    lines += [f"const size_t room = {' + '.join(parts)};", f"real few[{FEW}];",
              f"real *work = room <= {FEW} ? few : malloc(room*sizeof(real));", "if (!work) return NO_MEMORY;",
              "real *next = work;"]  # fmt: skip
    for n, one in enumerate(source.work):
        lines += [f"void *work_{n} = next;  /* {source.names.given(one.name)} */", f"next += room_{n};"]
    return lines


def _entries(source: Unpacked, axes: Axes) -> str:
    return f"(size_t) {'*'.join(source.size(axis.space.size) for axis in axes)}"


def _calls(source: Unpacked, function: str, handed: list[str]) -> list[str]:
    """The call; where a network is small, one sample is a case that the compiler writes out by itself."""
    if not source.small:
        return _call(function, handed, "const int ")
    samples = source.size(SAMPLES)
    single = ["1" if one == samples else one for one in handed]
    one, many = ([f"{INDENT}{line}" for line in _call(function, some)] for some in (single, handed))
    return ["int status;", f"if ({samples} == 1)", *one, "else", *many]


def _call(function: str, handed: list[str], declared: str = "") -> list[str]:
    return [f"{declared}status = {function}(", *f"{INDENT}{wrapped(handed)});".split("\n")]


def wrapped(items: list[str], most: int = 100) -> str:
    """A list with commas, over several indented lines where one would be too long."""
    lines = [""]
    for item in items:
        if lines[-1] and len(lines[-1]) + len(item) > most:
            lines.append("")
        lines[-1] += f"{item}, "
    return f"\n{INDENT}".join(line.rstrip() for line in lines).rstrip(",")
