"""Numbers for second derivatives: claims evaluated entry by entry, and differences of gradients.

Nothing of `derive` but its types is used: an index expression is walked here, with NumPy arrays for the letters.
"""

from __future__ import annotations

import math
from itertools import product

import numpy as np
import sympy
from sympy import Indexed, KroneckerDelta, Piecewise, Sum

from derive.functions import Head, kind
from derive.named import Det, Inverse, LogDet
from derive.symbols import Index, Scalar, Width

ONE_ARGUMENT = {
    sympy.exp: math.exp,
    sympy.log: math.log,
    sympy.tanh: math.tanh,
    sympy.sinh: math.sinh,
    sympy.cosh: math.cosh,
    sympy.erf: math.erf,
    sympy.Abs: abs,
    sympy.sign: lambda u: math.copysign(1, u) if u else 0.0,
}


class Evaluator:
    """Values by array or number; `run` adds those of equations in order."""

    def __init__(self, values, sizes, functions=()):
        self.values = dict(values)
        self.sizes = {one: int(size) for one, size in sizes.items()}
        self.functions = {kind(one.lhs): one for one in functions}

    def run(self, equations):
        for equation in equations:
            lhs = equation.lhs
            symbol = lhs.base if isinstance(lhs, Indexed) else lhs
            self.values[symbol] = self.all(equation)
        return self

    def all(self, equation):
        indices = equation.lhs.indices if isinstance(equation.lhs, Indexed) else equation.indices
        shape = [self.sizes[index.space.size] for index in indices]
        found = np.empty(shape)
        for place in np.ndindex(*shape):
            found[place] = self.of(equation.rhs, dict(zip(indices, (one + 1 for one in place), strict=True)))
        return found if shape else float(found[()])

    def of(self, one, at):
        if isinstance(one, Index):
            return at[one]
        if isinstance(one, Indexed):
            return self.entry(one, at)
        if isinstance(one, Sum):
            indices = [limit[0] for limit in one.limits]
            ranges = [range(1, self.sizes[index.space.size] + 1) for index in indices]
            return sum(self.of(one.function, {**at, **dict(zip(indices, place, strict=True))})
                       for place in product(*ranges))  # fmt: skip
        if isinstance(one, Width):
            return self.sizes[one]
        if isinstance(one, Scalar):
            return at[one] if one in at else float(self.values[one])
        if one.is_number:
            return float(one)
        if isinstance(one, KroneckerDelta):
            left, right = (self.of(part, at) for part in one.args)
            return float(left == right)
        if isinstance(one, Head):
            return self.function(one, at)
        if isinstance(one, LogDet | Det):
            value = np.linalg.det(self.values[one.array])
            return value if isinstance(one, Det) else math.log(abs(value))
        if isinstance(one, Piecewise):
            return next(self.of(value, at) for value, condition in one.args if self.holds(condition, at))
        parts = [self.of(part, at) for part in one.args]
        if isinstance(one, sympy.Add):
            return sum(parts)
        if isinstance(one, sympy.Mul):
            return math.prod(parts)
        if isinstance(one, sympy.Pow):
            return parts[0] ** parts[1]
        return ONE_ARGUMENT[type(one)](parts[0])

    def entry(self, one, at):
        place = tuple(int(self.of(index, at)) for index in one.indices)
        if isinstance(one.base, Inverse):
            return np.linalg.inv(self.values[one.base.array])[place[0] - 1, place[1] - 1]
        value = self.values[one.base]
        inside = all(1 <= index <= size for index, size in zip(place, value.shape, strict=True))
        return value[tuple(index - 1 for index in place)] if inside else 0.0

    def function(self, one, at):
        definition = self.functions[kind(one)]
        return self.of(definition.rhs, {definition.lhs.args[0]: self.of(one.args[0], at)})

    def holds(self, condition, at):
        if condition == sympy.true:
            return True
        return bool(condition.func(*(sympy.Float(self.of(side, at)) for side in condition.args)))


def directional_difference(gradient, at, along, step=1e-5):
    """(g(θ + hv) − g(θ − hv)) / 2h, improved once by Richardson: the error is of the order h⁴."""

    def slope(h):
        up = gradient([one + h * v for one, v in zip(at, along, strict=True)])
        down = gradient([one - h * v for one, v in zip(at, along, strict=True)])
        return [(u - d) / (2 * h) for u, d in zip(up, down, strict=True)]

    coarse, fine = slope(2 * step), slope(step)
    return [(4 * f - c) / 3 for f, c in zip(fine, coarse, strict=True)]
