"""The formulas of the tables over power series of balls: value, slope and curvature at a point, each enclosed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flint import arb, arb_series, ctx

TERMS = 3
NEAR = 1e-10


class Series:
    """The mathematics of `derive.tables` over series in h around a point; a kink belongs to the side it is nearest."""

    exp = staticmethod(lambda u: arb_series(u).exp())
    log = staticmethod(lambda u: arb_series(u).log())
    erf = staticmethod(lambda u: arb_series(u).erf())

    @staticmethod
    def sqrt(u: Any) -> Any:
        """√u."""
        return arb_series(u).sqrt() if isinstance(u, arb_series) else arb(u).sqrt()

    @staticmethod
    def tanh(u: Any) -> Any:
        """tanh u, from e^(−2|u|), which does not overflow."""
        power = (-2 * Series.abs(u)).exp()
        small = (1 - power) / (1 + power)
        return small if u[0] >= 0 else -small

    @staticmethod
    def cosh(u: Any) -> Any:
        """cosh u."""
        return (arb_series(u).exp() + (-arb_series(u)).exp()) / 2

    @staticmethod
    def abs(u: Any) -> Any:
        """|u|, with the slope of the side on which u lies."""
        return u if u[0] >= 0 else -u

    @staticmethod
    def choose(c: Any, yes: Any, no: Any) -> Any:
        """`yes` where c > 0, else `no`."""
        return yes if c[0] > 0 else no

    @staticmethod
    def number(value: int) -> Any:
        """The integer."""
        return arb(value)

    @property
    def pi(self) -> Any:
        """π."""
        return arb.pi()


def around(formula: Callable[..., Any], at: Any, *constants: Any) -> tuple[arb, arb, arb]:
    """f, f′ and f″ at a point, as balls; `formula(m, z, *constants)` is that of a row of a table."""
    cap, ctx.cap = ctx.cap, TERMS
    try:
        found = arb_series(formula(Series(), arb_series([arb(at), arb(1)]), *constants))
        return found[0], found[1], 2 * found[2]
    finally:
        ctx.cap = cap


def roots(function: Callable[[Any], arb], low: float, high: float, cells: int = 97) -> Sequence[arb]:
    """Every place in a range at which a function certainly changes its sign, enclosed to nine digits."""
    grid = [arb(low) + (arb(high) - low) * n / cells for n in range(cells + 1)]
    signs = [_sign(function(at)) for at in grid]
    pairs = zip(grid, grid[1:], signs, signs[1:], strict=False)
    return [_between(function, a, b, s) for a, b, s, t in pairs if s * t < 0]


def _sign(value: arb) -> int:
    return 1 if value > 0 else -1 if value < 0 else 0


def _between(function: Callable[[Any], arb], low: arb, high: arb, sign: int) -> arb:
    """The place between two points with different signs, halved until it is known."""
    while high - low > 1e-9:
        middle = (low + high) / 2
        here = _sign(function(middle))
        if here == 0:  # the middle is the place, or too near to it to tell
            near = middle - NEAR, middle + NEAR
            if [_sign(function(one)) for one in near] != [sign, -sign]:
                raise ValueError(f"the sign near {middle} cannot be told")
            return near[0].union(near[1])
        low, high = (middle, high) if here == sign else (low, middle)
    return low.union(high)
