"""A C program that checks its own gradients: the source of a plan with a `main` that takes central differences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import prod
from typing import Any

from sympy import Expr, Indexed

from derive.named import Det, Inverse, LogDet, Slope
from derive.symbols import Partial, Width
from verify.engine.backends import Missing
from verify.engine.plan.types import Axes, Input, Line, Plan

STEP = {"float64": "1e-5", "float32": "2e-2f"}
ALLOWED = {"float64": "1e-6", "float32": "2e-2f"}
"""The step of the differences, and the largest error, relative to the largest entry of an array, that is well."""

_MAIN = """\
#include <stdio.h>

/* An example: numbers between 0.3 and 1.3, always the same. */
static uint32_t state = 12345;
static real some(void) {{ state = state*1664525u + 1013904223u; return (real) (state >> 8)/16777216 + (real) 0.3; }}

/* ARGUMENTS: entries, the length of a row that is to sum to 1 (or 0), the length of a square matrix (or 0), and
   whether numbers are to have both signs. */
static const struct {{ const char *name; size_t entries, row, square; int signs; }} arguments[] = {{
    {arguments}
}};
/* The arrays that `run` gives; gradients are by the argument with this number, -1 for none. */
static const struct {{ const char *name; size_t entries; int by; }} results[] = {{
    {results}
}};
/* What is differentiated is a number, or the sum over the entries of a result times those of an argument. */
static const struct {{ int result, times; }} parts[] = {{ {parts} }};
enum {{ ARGUMENTS = {n_arguments}, RESULTS = {n_results}, PARTS = {n_parts} }};

static void fill(int i, real *at)
{{
    const size_t n = arguments[i].entries, row = arguments[i].row, square = arguments[i].square;
    for (size_t k = 0; k < n; k++) at[k] = arguments[i].signs ? some() - (real) 0.8 : some();
    for (size_t k = 0; row && k < n; k += row) {{
        real sum = 0;
        for (size_t j = 0; j < row; j++) sum += at[k + j];
        for (size_t j = 0; j < row; j++) at[k + j] /= sum;
    }}
    for (size_t k = 0; k < square; k++) at[k*square + k] += (real) square;
}}

static real value(const int64_t *sizes, const real *const *in, real *const *out)
{{
    real sum = 0;
    if (run(sizes, in, out) != DONE) return NAN;
    for (int i = 0; i < PARTS; i++)
        for (size_t k = 0; k < results[parts[i].result].entries; k++)
            sum += out[parts[i].result][k]*(parts[i].times < 0 ? 1 : in[parts[i].times][k]);
    return sum;
}}

int main(void)
{{
    static const int64_t sizes[] = {{ {sizes} }};
    real *in[ARGUMENTS + 1], *out[RESULTS + 1], *again[RESULTS + 1], worst = 0;
    for (int i = 0; i < ARGUMENTS; i++) {{
        in[i] = malloc(sizeof(real)*(arguments[i].entries + 1));
        if (!in[i]) return 1;
        fill(i, in[i]);
    }}
    for (int i = 0; i < RESULTS; i++) {{
        out[i] = malloc(sizeof(real)*(results[i].entries + 1));
        again[i] = malloc(sizeof(real)*(results[i].entries + 1));
        if (!out[i] || !again[i]) return 1;
    }}
    printf("value %.9g\\n", (double) value(sizes, (const real *const *) in, out));
    for (int i = 0; i < RESULTS; i++) {{
        if (results[i].by < 0) continue;
        real largest = 0, error = 0;
        for (size_t k = 0; k < results[i].entries; k++) {{
            real *at = in[results[i].by] + k;
            const real here = *at, right = here + {step}, left = here - {step};
            *at = right;
            const real above = value(sizes, (const real *const *) in, again);
            *at = left;
            const real below = value(sizes, (const real *const *) in, again);
            *at = here;
            const real slope = (above - below)/(right - left), far = fabs(slope - out[i][k]);
            if (!(far <= error)) error = far;
            if (fabs(slope) > largest) largest = fabs(slope);
        }}
        if (largest > 0) error /= largest;
        printf("%-12s relative error %.1e\\n", results[i].name, (double) error);
        if (!(error <= worst)) worst = error;
    }}
    printf("worst        relative error %.1e\\n", (double) worst);
    return worst <= {allowed} ? 0 : 1;
}}
"""


def example(plan: Plan) -> Plan:
    """The plan, with the arrays of which an opaque number is made among its results."""
    arrays = [one.thing.array for one in plan.inputs if isinstance(one.thing, Slope)]
    names = [plan.name(array) for array in arrays]
    return replace(plan, results=(*plan.results, *(name for name in names if name not in plan.results)))


def main_text(plan: Plan, inputs: tuple[Input, ...], open_widths: tuple[Width, ...], dtype: str,
              sizes: Mapping[str, int]) -> str:  # fmt: skip
    """The `main` of an `example` plan; `sizes` gives widths by name, others are 2, 3, …"""
    known = {one: sizes.get(str(one), sizes.get(plan.name(one), 2 + n % 3)) for n, one in enumerate(open_widths)}
    length = {**plan.sizes, **known}
    lines = {one.name: one for one in plan.lines}
    found = [lines[name] for name in plan.results]
    by = [_by(one, inputs) for one in found]
    parts = _parts(plan, found, by, inputs)
    rows = [_argument(plan, one, n in by, length) for n, one in enumerate(inputs)]
    given = [f'{{ "{one.name}", {_entries(one.axes, length)}, {place} }},'
             for one, place in zip(found, by, strict=True)]  # fmt: skip
    return _MAIN.format(
        arguments="\n    ".join(rows), results="\n    ".join(given), n_arguments=len(inputs), n_results=len(found),
        parts=", ".join(f"{{ {one}, {times} }}" for one, times in parts), n_parts=len(parts),
        sizes=", ".join(map(str, [*known.values()])) or "0", step=STEP[dtype], allowed=ALLOWED[dtype],
    )  # fmt: skip


def _argument(plan: Plan, one: Input, wanted: bool, length: Mapping[Expr, int]) -> str:
    """What the example fills an argument with; rows that are not differentiated by may have to sum to 1."""
    sizes = [_length(axis.space.size, length) for axis in one.axes]
    square = sizes[0] if any(_is_of(line.value, one.thing) for line in plan.lines) else 0
    row = sizes[-1] if sizes and not wanted and not isinstance(one.thing, Slope) else 0
    signs = bool(sizes) and wanted and getattr(one.thing, "role", "") in ("W", "b", "x")
    return f'{{ "{one.name}", {prod(sizes)}, {row}, {square}, {int(signs)} }},'


def _is_of(value: Expr, thing: Any) -> bool:
    return any(one.array == thing for one in value.atoms(Det, LogDet, Inverse))


def _parts(plan: Plan, found: list[Line], by: list[int], inputs: tuple[Input, ...]) -> list[tuple[int, int]]:
    """(result, factor) of what is differentiated."""
    upstream = {plan.name(one.thing.array): n for n, one in enumerate(inputs) if isinstance(one.thing, Slope)}
    if upstream:
        return [(n, upstream[one.name]) for n, one in enumerate(found) if one.name in upstream]
    if found[0].axes or by[0] >= 0:
        raise Missing("a program that checks itself needs a number that it differentiates, and this plan gives none")
    return [(0, -1)]


def _by(line: Line, inputs: tuple[Input, ...]) -> int:
    """The place of the argument by which a result is a gradient."""
    left = line.claim.lhs if line.claim is not None else None
    if not isinstance(left, Partial):
        return -1
    below = left.denominator
    variable = below.base if isinstance(below, Indexed) else below
    return next((n for n, one in enumerate(inputs) if getattr(one.thing, "of", one.thing) == variable), -1)


def _entries(axes: Axes, length: Mapping[Expr, int]) -> int:
    return prod(_length(axis.space.size, length) for axis in axes)


def _length(size: Expr, length: Mapping[Expr, int]) -> int:
    return int(length.get(size, size))
