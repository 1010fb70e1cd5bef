r"""A program with numbers, one entry after the other, as its definitions say: with no engine and no derivation.

An entry beyond the ends of its axis is 0.  What is not known stands for something simple: an opaque L(Y) is Σ u·Y with
given u, an unknown f is ½ + 0.4 sin.  All functions take complex numbers, so that the
imaginary part of f(x + ih)/h is the derivative.
"""

from __future__ import annotations

import cmath
from collections.abc import Callable, Mapping
from itertools import product
from typing import Any

import numpy as np
import sympy
from sympy import Expr, Indexed, KroneckerDelta, Piecewise, Sum

from derive.functions import Head, Unknown, kind
from derive.named import Det, Inverse, LogDet, Opaque
from derive.program import Program
from derive.symbols import Array, Index, Scalar, Space, Width, is_shifted

Values = dict[str, Any]
Env = dict[Expr, complex]
_ANALYTIC: dict[Any, Callable[[complex], complex]] = {
    sympy.exp: cmath.exp,
    sympy.log: cmath.log,
    sympy.tanh: cmath.tanh,
    sympy.sinh: cmath.sinh,
    sympy.cosh: cmath.cosh,
    sympy.sin: cmath.sin,
    sympy.cos: cmath.cos,
    sympy.tan: cmath.tan,
    sympy.atan: cmath.atan,
}
_TURNS = (cmath.sin, cmath.cos, lambda u: -cmath.sin(u), lambda u: -cmath.cos(u))


class NoNumbers(Exception):
    """A part of a program that has no numbers here."""


def sizes_of(program: Program) -> dict[Expr, int]:
    """Small different numbers for the widths; an axis that is reached by i + k − 1 is as long as that goes."""
    found = {**program.sizes}
    free = iter((3, 2, 4, 5, 6, 7, 8, 9))
    for space in program.spaces:
        if isinstance(space.size, Width) and space.size not in found:
            found[space.size] = next(free, 3)
    for width in sorted((one for each in program.definitions for one in each.rhs.atoms(Width)), key=str):
        if width not in found:
            found[width] = next(free, 3)
    for definition in program.definitions:
        for entry in definition.rhs.atoms(Indexed):
            for place, space in zip(entry.indices, entry.base.spaces, strict=True):
                if is_shifted(place) and isinstance(space.size, Width):
                    ends = {one: found.get(one.space.size, one.space.size) for one in place.atoms(Index)}
                    far = place.subs({**ends, **found})
                    found[space.size] = int(far) if far.is_Integer and 0 < far < 50 else found[space.size]
    return found


class Forward:
    """The forward pass of a program at given sizes; `upstream` are the weights of opaque numbers by array."""

    def __init__(self, program: Program, sizes: Mapping[Expr, int], upstream: Mapping[str, Any]) -> None:
        self.program = program
        self.sizes = sizes
        self.upstream = upstream
        self.functions = {kind(one.lhs): one for one in program.functions}
        self.values: Values = {}

    def __call__(self, given: Mapping[str, Any]) -> complex:
        """The target at these values by letter; `values` then holds every quantity."""
        self.values = dict(given)
        for definition in self.program.definitions:
            left = definition.lhs
            if isinstance(left, Scalar):
                self.values[left.name] = self.of(definition.rhs, {})
                continue
            shape = tuple(self.length(space) for space in left.base.spaces)
            made = np.zeros(shape, complex)
            for place in np.ndindex(*shape):
                env = {index: at + 1 for index, at in zip(left.indices, place, strict=True)}
                made[place] = self.of(definition.rhs, env)
            self.values[left.base.name] = made
        return complex(self.values[self.program.target.name])

    def length(self, space: Space) -> int:
        """How many entries an axis has."""
        return self.sizes[space.size] if space.size in self.sizes else int(space.size)

    def of(self, expression: Expr, env: Env) -> complex:
        """The value of an expression; `env` are the numbers of its indices and arguments."""
        if expression in env:
            return env[expression]
        for test, rule in _RULES:
            if isinstance(expression, test):
                return rule(self, expression, env)
        function = _ANALYTIC.get(expression.func)
        if function is not None:
            return function(self.of(expression.args[0], env))
        raise NoNumbers(f"{expression.func.__name__} has no numbers here")

    def _number(self, expression: Expr, env: Env) -> complex:
        return complex(expression)

    def _width(self, expression: Width, env: Env) -> complex:
        return self.sizes[expression]

    def _scalar(self, expression: Scalar, env: Env) -> complex:
        return self.values[expression.name]

    def _add(self, expression: Expr, env: Env) -> complex:
        return sum((self.of(one, env) for one in expression.args), 0j)

    def _mul(self, expression: Expr, env: Env) -> complex:
        found = 1 + 0j
        for one in expression.args:
            found *= self.of(one, env)
        return found

    def _pow(self, expression: Expr, env: Env) -> complex:
        base, exponent = expression.args
        if exponent.is_Integer:
            return self.of(base, env) ** int(exponent)
        if base == sympy.E:
            return cmath.exp(self.of(exponent, env))
        return self.of(base, env) ** self.of(exponent, env)

    def _sum(self, expression: Sum, env: Env) -> complex:
        letters = [limit[0] for limit in expression.limits]
        ranges = (range(1, self.length(one.space) + 1) for one in letters)
        body = expression.function
        return sum((self.of(body, {**env, **dict(zip(letters, at, strict=True))}) for at in product(*ranges)), 0j)

    def _entry(self, expression: Indexed, env: Env) -> complex:
        places = tuple(round(self.of(one, env).real) - 1 for one in expression.indices)
        values = self._array(expression.base)
        if any(not 0 <= at < size for at, size in zip(places, values.shape, strict=True)):
            return 0j
        return complex(values[places])

    def _array(self, array: Array) -> Any:
        if isinstance(array, Inverse):
            return np.linalg.inv(self._array(array.array))
        return np.asarray(self.values[array.name])

    def _delta(self, expression: KroneckerDelta, env: Env) -> complex:
        one, other = (self.of(part, env) for part in expression.args)
        return complex(round(one.real) == round(other.real))

    def _opaque(self, expression: Opaque, env: Env) -> complex:
        return sum(complex((np.asarray(self.upstream[one.name]) * self._array(one)).sum()) for one in expression.arrays)

    def _head(self, expression: Head, env: Env) -> complex:
        claim = self.functions.get(kind(expression))
        arguments = [self.of(one, env) for one in expression.args]
        if claim is not None:
            letters = claim.lhs.args
            return self.of(claim.rhs, dict(zip(letters, arguments, strict=True)))
        if isinstance(expression, Unknown):
            return opaque_function(expression.orders)(*arguments)
        raise NoNumbers(f"nothing says what {expression.func.__name__} is")

    def _determinant(self, expression: Det, env: Env) -> complex:
        return complex(np.linalg.det(self._array(expression.array)))

    def _log_determinant(self, expression: LogDet, env: Env) -> complex:
        found = complex(np.linalg.det(self._array(expression.array)))
        return cmath.log(found if found.real > 0 else -found)

    def _choice(self, expression: Piecewise, env: Env) -> complex:
        for value, condition in expression.args:
            if condition == sympy.true or self.of(condition.lhs - condition.rhs, env).real > 0:
                return self.of(value, env)
        raise NoNumbers("no case holds")

    def _modulus(self, expression: Expr, env: Env) -> complex:
        found = self.of(expression.args[0], env)
        return found if found.real > 0 else -found

    def _sign(self, expression: Expr, env: Env) -> complex:
        return complex(np.sign(self.of(expression.args[0], env).real))

    def _erf(self, expression: Expr, env: Env) -> complex:
        u = self.of(expression.args[0], env)
        slope = 2 / cmath.sqrt(cmath.pi) * cmath.exp(-(u.real**2))
        return complex(sympy.erf(u.real).evalf()) + 1j * u.imag * slope


def opaque_function(orders: tuple[int, ...]) -> Callable[..., Any]:
    """What an unknown function of one or more numbers stands for: a product of ½ + 0.4 sin u, and its derivatives.

    Its values lie between 0 and 1, so that log f and log(1 − f) are defined.
    """

    def value(*arguments: Any) -> Any:
        found: Any = 1
        for number, (order, u) in enumerate(zip(orders, arguments, strict=True)):
            found = found * _sine(order, u + 0.25 * number)
        return found

    return value


def _sine(order: int, u: Any) -> Any:
    """½ + 0.4 sin u or a derivative of it, of numbers or arrays."""
    turns = _TURNS if isinstance(u, complex) else (np.sin, np.cos, lambda v: -np.sin(v), lambda v: -np.cos(v))
    turned = 0.4 * turns[order % 4](u)
    return 0.5 + turned if order == 0 else turned


_RULES: tuple[tuple[Any, Callable[[Forward, Any, Env], complex]], ...] = (
    (Width, Forward._width),
    (Scalar, Forward._scalar),
    (Indexed, Forward._entry),
    (Sum, Forward._sum),
    (sympy.Add, Forward._add),
    (sympy.Mul, Forward._mul),
    (sympy.Pow, Forward._pow),
    (KroneckerDelta, Forward._delta),
    (Opaque, Forward._opaque),
    (Head, Forward._head),
    (LogDet, Forward._log_determinant),
    (Det, Forward._determinant),
    (Piecewise, Forward._choice),
    (sympy.Abs, Forward._modulus),
    (sympy.sign, Forward._sign),
    (sympy.erf, Forward._erf),
    (sympy.Number, Forward._number),
    (sympy.NumberSymbol, Forward._number),
)
