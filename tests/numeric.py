"""Values of index expressions at small widths, every entry a random number of its own: an oracle for claims.

An entry, ∂…/∂…, σ(…) or σ′(…) is an unknown with a value of its own; what is written with them is computed plainly.
"""

from __future__ import annotations

import math
import random
from itertools import product

from sympy import Add, Indexed, KroneckerDelta, Mul, Piecewise, Pow, Sum, Symbol
from sympy.core.relational import Relational

from derive.functions import Head
from derive.symbols import Index, Local, Partial, Width, bound

FUNCTIONS = {
    "exp": math.exp, "log": lambda u: math.log(u) if u > 0 else math.nan, "tanh": math.tanh, "cosh": math.cosh,
    "sinh": math.sinh, "erf": math.erf, "Abs": abs, "sign": lambda u: math.copysign(1, u),
}  # fmt: skip


class Values:
    """Random numbers for unknowns, the same for the same unknown; `width` neurons in every space."""

    def __init__(self, seed: int, width: int = 2) -> None:
        self.seed, self.width = seed, width

    def of(self, key: object) -> float:
        return random.Random(f"{self.seed} {key}").uniform(0.3, 0.9)

    def __call__(self, expression, at) -> float:
        if isinstance(expression, Index):
            return at[expression]
        if isinstance(expression, Width):
            return self.width
        if isinstance(expression, Sum):
            free = bound(expression)
            values = product(range(1, self.width + 1), repeat=len(free))
            return sum(self(expression.function, {**at, **dict(zip(free, one, strict=True))}) for one in values)
        if isinstance(expression, KroneckerDelta):
            return float(self(expression.args[0], at) == self(expression.args[1], at))
        if isinstance(expression, Indexed | Partial | Local | Head):
            return self.of(self.key(expression, at))
        if isinstance(expression, Symbol):
            return self.of(expression.name)
        if isinstance(expression, Piecewise):
            return next(self(value, at) for value, condition in expression.args if self.holds(condition, at))
        parts = [self(part, at) for part in expression.args]
        if isinstance(expression, Add):
            return sum(parts)
        if isinstance(expression, Mul):
            return math.prod(parts)
        if isinstance(expression, Pow):
            return parts[0] ** parts[1]
        if type(expression).__name__ in FUNCTIONS:
            return FUNCTIONS[type(expression).__name__](*parts)
        return float(expression) if expression.is_finite else math.nan

    def holds(self, condition, at) -> bool:
        if not isinstance(condition, Relational):
            return bool(condition)
        return self(condition.gts, at) > self(condition.lts, at)

    def key(self, expression, at) -> str:
        if isinstance(expression, Indexed):
            return f"{expression.base.name}{[self(index, at) for index in expression.indices]}"
        parts = ",".join(self.key(part, at) if part.args else str(part) for part in expression.args)
        return f"{type(expression).__name__}({parts})"


def same(left, right, free, tries=3) -> bool:
    """Whether two expressions have the same values at width 2 and 3, for random unknowns, at every index."""
    for seed in range(tries):
        values = Values(seed, 2 + seed % 2)
        for one in product(range(1, values.width + 1), repeat=len(free)):
            at = dict(zip(free, one, strict=True))
            if not math.isclose(values(left, at), values(right, at), rel_tol=1e-9, abs_tol=1e-12):
                return False
    return True
