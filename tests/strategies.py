"""Random networks and random index formulas for hypothesis, and an oracle that compares formulas by numbers."""

from __future__ import annotations

import math
import random
from itertools import product

from hypothesis import strategies as st
from sympy import Abs, Add, Integer, KroneckerDelta, Mul, Piecewise, Rational, cosh, erf, exp, log, sign, sqrt, tanh
from sympy.core.relational import GreaterThan, LessThan

from derive.symbols import Array, Index, Scalar, Space, Width, total
from derive.tables.activations import ACTIVATIONS
from derive.tables.losses import LOSSES
from tests.numeric import Values

N, M = Space("in", Width("n")), Space("out", Width("m"))
J, L, K, P, Q = Index("j", M), Index("l", M), Index("k", N), Index("p", N), Index("q", N)
W, X, Y = Array("W", 1, (M, N)), Array("x", 0, (N,)), Array("y", 1, (N,))
U, V = Scalar("u"), Scalar("v")
FREE = (J, K, P)

BIASES = st.sampled_from(["separate", "appended", "none"])


@st.composite
def networks(draw, deepest=4):
    """What `Network` takes: any activation in any layer, any loss, any bias, layers of a bias alone among them."""
    depth = draw(st.integers(1, deepest))
    names = [draw(st.sampled_from(sorted(ACTIVATIONS))) for _ in range(depth)]
    widths = [draw(st.integers(1, 4))]
    for name in names:
        alone = draw(st.integers(0, 4)) == 0
        widths.append({"bias_only": True, "activation": name} if alone else draw(st.integers(1, 4)))
    loss = draw(st.sampled_from(sorted(LOSSES)))
    return {"layers": widths, "activations": names, "loss": loss, "bias": [draw(BIASES) for _ in names]}


def step(condition):
    """1 where it holds, else 0."""
    return Piecewise((Integer(1), condition), (Integer(0), True))


ATOMS = (X[K], X[P], Y[K], Y[P], W[J, K], U, V, Integer(2), Rational(-1, 3), KroneckerDelta(K, P))
FUNCTIONS = (
    exp,
    tanh,
    cosh,
    erf,
    Abs,
    sign,
    lambda u: log(1 + u**2),
    lambda u: sqrt(1 + u**2),
    lambda u: (1 + u**2) ** Rational(3, 2),
    lambda u: 1 / u if u != 0 else u,
    lambda u: 1 / (1 + exp(u)),
    lambda u: 1 / (2 - u) if u != 2 else u,
    lambda u: step(u > 0),
    lambda u: step(u >= 0),
    lambda u: step(u < 0) * u,
)


def _parts(inner):
    pairs = st.tuples(inner, inner)
    return st.one_of(
        pairs.map(lambda pair: Add(*pair)),
        pairs.map(lambda pair: Mul(*pair)),
        st.tuples(st.sampled_from(FUNCTIONS), inner).map(lambda pair: pair[0](pair[1])),
        st.tuples(st.sampled_from((J, K, P)), inner).map(lambda pair: total(pair[1], pair[0])),
    )


FORMULAS = st.recursive(st.sampled_from(ATOMS), _parts, max_leaves=7)


class Signed(Values):
    """Numbers of either sign, and conditions that may hold with equality."""

    def of(self, key):
        drawn = random.Random(f"{self.seed} {key}")
        return drawn.choice((-1, 1)) * drawn.uniform(0.2, 1.5)

    def holds(self, condition, at):
        if isinstance(condition, GreaterThan | LessThan):
            return self(condition.gts, at) >= self(condition.lts, at)
        return super().holds(condition, at)

    def __call__(self, expression, at):
        if isinstance(expression, sign):
            value = self(expression.args[0], at)
            return (value > 0) - (value < 0)
        return super().__call__(expression, at)


def value(values, expression, at):
    """The number, or None where there is none."""
    try:
        number = values(expression, at)
    except (ArithmeticError, ValueError):
        return None
    return number if isinstance(number, int | float) and math.isfinite(number) else None


def points(seeds):
    """Values at widths 1 to 3, with every choice of the free indices; k = p is among them."""
    for seed in range(seeds):
        values = Signed(seed, 1 + seed % 3)
        for one in product(range(1, values.width + 1), repeat=len(FREE)):
            yield values, dict(zip(FREE, one, strict=True))


def differs(left, right, seeds=6):
    """The first point where both sides are numbers and not the same, or None."""
    for values, at in points(seeds):
        numbers = value(values, left, at), value(values, right, at)
        if None not in numbers and not math.isclose(*numbers, rel_tol=1e-7, abs_tol=1e-7):
            return values.seed, at, numbers
    return None


def rewritten(formula, rng):
    """The same formula: products distributed, 0 and 1 put in, letters of sums renamed, deltas put in."""
    if isinstance(formula, Mul) and rng.random() < 0.5:
        places = [n for n, part in enumerate(formula.args) if isinstance(part, Add)]
        if places:
            n = rng.choice(places)
            rest = [*formula.args[:n], *formula.args[n + 1 :]]
            return Add(*(Mul(rewritten(term, rng), *rest) for term in formula.args[n].args))
    if formula == X[K] and rng.random() < 0.5:
        return total(KroneckerDelta(Q, K) * X[Q], Q)
    if formula == tanh(formula.args[0] if formula.args else U) and rng.random() < 0.7:
        twice = exp(2 * formula.args[0])
        return (twice - 1) / (twice + 1)
    if isinstance(formula, Abs):
        return sign(formula.args[0]) * rewritten(formula.args[0], rng)
    if isinstance(formula, Add | Mul):
        return formula.func(*(rewritten(part, rng) for part in formula.args))
    return formula
