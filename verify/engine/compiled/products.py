"""Finds the matrix products in a line, which kernels compute that keep tiles of the result in registers.

`dots`   Σ_k A_pk B_qk    the summed letter is last in both
`outer`  Σ_k A_pk B_kq    q is last in the result and in B; A may be A_pk or A_kp; without p: Σ_k A_k B_kq
"""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr, Indexed, Mul, Sum

from derive.symbols import Index, Width, bound
from verify.engine.compiled.expressions import Local, Writer
from verify.engine.plan.samples import SAMPLES
from verify.engine.plan.types import Axes, Line

# Fewer multiplications than this (for one sample) are plain loops, which the compiler unrolls.
SMALL = 200


@dataclass(frozen=True)
class Product:
    """A sum of products in a line: the call that computes it into an array, and the sum that it stands for."""

    kernel: str
    term: Sum
    first: Indexed
    second: Indexed
    sizes: tuple[Expr, ...]

    def call(self, writer: Writer, into: str) -> str:
        """The statement that computes the product."""
        writer.used.add(self.kernel)
        *rows, columns, k = (writer.size(size) for size in self.sizes)
        if self.kernel == "dots":
            return (
                f"dots({rows[0]}, {columns}, {k}, {_flat(writer, self.first)}, {_flat(writer, self.second)}, {into});"
            )
        (own,) = bound(self.term)
        step_p, step_k = ("1", rows[0]) if self.first.indices[0] == own else (k, "1")
        return (f"outer({rows[0]}, {columns}, {k}, {_flat(writer, self.first)}, {step_p}, {step_k}, "
                f"{_flat(writer, self.second)}, {into});")  # fmt: skip


def _flat(writer: Writer, entry: Indexed) -> str:
    return writer.entry(entry.base, []) + "[0]"


def find_product(writer: Writer, line: Line, value: Expr) -> Product | None:
    """The first product in a value that a kernel computes, if it is worth the call."""
    if len(line.axes) != 2:
        return None
    for term in sorted(_outermost(value), key=str):
        found = _product(term, line.axes)
        if found is not None and not _is_small(writer, found):
            return found
    return None


def _outermost(value: Expr) -> set[Sum]:
    return {one for one in value.atoms(Sum) if not any(one != other and other.has(one) for other in value.atoms(Sum))}


def _product(term: Sum, axes: Axes) -> Product | None:
    factors = Mul.make_args(term.function)
    if len(bound(term)) != 1 or len(factors) != 2 or not all(_is_matrix(one) for one in factors):
        return None
    (k,) = bound(term)
    if term.limits[0][1] != 1 or term.limits[0][2] != k.space.size:
        return None
    p, q = axes
    by_letters = {frozenset(one.indices): one for one in factors}
    first, second = by_letters.get(frozenset((p, k))), by_letters.get(frozenset((q, k)))
    if first is None or second is None:
        return None
    sizes = (p.space.size, q.space.size, k.space.size)
    if first.indices[1] == k and second.indices[1] == k:
        return Product("dots", term, first, second, sizes)
    return Product("outer", term, first, second, sizes) if second.indices == (k, q) else None


def _is_matrix(factor: Expr) -> bool:
    """Whether a factor is an entry of a matrix at two plain letters, each of the axis that it stands on."""
    return (
        isinstance(factor, Indexed)
        and len(set(factor.indices)) == 2 == len(factor.indices)
        and all(isinstance(one, Index) for one in factor.indices)
        and all(one.space.size == axis.size for one, axis in zip(factor.indices, factor.base.spaces, strict=True))
    )


def _is_small(writer: Writer, product: Product) -> bool:
    total = 1
    for size in product.sizes:
        known = writer.plan.sizes.get(size, size)
        if known == SAMPLES:
            continue
        if isinstance(known, Width):
            return False
        total *= int(known)
    return total <= SMALL


def with_local(value: Expr, product: Product, name: str) -> Expr:
    """The value, the product in it replaced by what was computed."""
    return value.xreplace({product.term: Local(name)})
