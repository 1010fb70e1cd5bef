"""The exact judge: tables of what it proves and what it must not, and properties against mpmath."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.graph_expressions import (
    EVERYTHING,
    KINKED,
    NAMES,
    SMOOTH,
    NoValue,
    Tree,
    built,
    close,
    sigmoid,
    tanh,
    trees,
    value,
)
from verify.graph.nodes import Graph, Node
from verify.graph.normal import NormalForm

HALF = Fraction(1, 2)
Sides = Callable[[Graph], tuple[Node, Node]]


@dataclass(frozen=True)
class Case:
    """Two sides, and the variables that are known to be positive."""

    name: str
    sides: Sides
    positive: str = ""


def atoms(g: Graph) -> tuple[Node, ...]:
    """x, y, z, w, c, n."""
    return tuple(map(g.atom, "xyzwcn"))


def _of(make: Callable[..., tuple[Node, Node]]) -> Sides:
    """Sides made from the graph and as many of the atoms x, y, z, w as the function asks for."""
    return lambda g: make(g, *atoms(g)[: make.__code__.co_argcount - 1])


def norm(*parts: Node) -> Node:
    """√Σu²."""
    g = parts[0].graph
    return g.root(g.sum([part**2 for part in parts]))


def softmax(i: int, *z: Node) -> Node:
    """e^(z_i)/Σe^(z_j)."""
    g = z[0].graph
    return g.exp(z[i]) / g.sum(map(g.exp, z))


def maximum(*parts: Node) -> Node:
    """The largest."""
    largest, *others = parts
    for part in others:
        largest = part.graph.maximum(largest, part)
    return largest


def step(u: Node) -> Node:
    """1 where u > 0, else 0."""
    return u.graph.choose(u, u.graph.one, u.graph.zero)


def clip(u: Node, bound: int) -> Node:
    """u between −bound and bound."""
    g = u.graph
    return -g.maximum(-g.maximum(u, g.number(-bound)), g.number(-bound))


def f(name: str) -> Callable[[Node], Node]:
    """A function by name."""
    return lambda u: u.graph.function(name, u)


erf, sin, cos, arctan, arcsin = map(f, ("erf", "sin", "cos", "arctan", "arcsin"))


def hand(x: Node) -> Node:
    """(1 − 2x)^(1/6)."""
    return x.graph.root(1 - 2 * x, 6)


IDENTITIES = [
    # rational
    Case("binomial", _of(lambda g, x, y: ((x + y) ** 3, x**3 + 3 * x**2 * y + 3 * x * y**2 + y**3))),
    Case("partial fractions", _of(lambda g, x, y: (1 / (1 - x) - 1, x / (1 - x)))),
    Case("bce by a", _of(lambda g, x, y: ((-y / x + (1 - y) / (1 - x)) * x * (1 - x), x - y))),
    Case("nested fractions", _of(lambda g, x, y: (1 / (1 / x + 1 / y), x * y / (x + y)))),
    # exponentials
    Case("tanh, two forms", _of(lambda g, x: (tanh(x), 1 - 2 / (g.exp(2 * x) + 1)))),
    Case("sigmoid(-z)", _of(lambda g, x: (sigmoid(-x), 1 - sigmoid(x)))),
    Case("sigmoid(2z) by tanh", _of(lambda g, x: (HALF * (1 + tanh(x)), sigmoid(2 * x)))),
    Case("sigmoid(z) by tanh(z/2)", _of(lambda g, x: (HALF * (1 + tanh(HALF * x)), sigmoid(x)))),
    Case("sech^2", _of(lambda g, x: ((2 / (g.exp(x) + g.exp(-x))) ** 2, 1 - tanh(x) ** 2))),
    Case("sigmoid'", _of(lambda g, x: (g.exp(-x) / (1 + g.exp(-x)) ** 2, sigmoid(x) * (1 - sigmoid(x))))),
    Case("e^(x+y)", _of(lambda g, x, y: (g.exp(x + y), g.exp(x) * g.exp(y)))),
    Case("e^(x+y), e^x first", _of(lambda g, x, y: (g.exp(y) * g.exp(x), g.exp(2 * x + y) / g.exp(x)))),
    Case("e^(z/3)", _of(lambda g, x: (g.exp(x / 3) ** 3 * g.exp(x / 2) ** 2, g.exp(2 * x)))),
    Case("e^c", _of(lambda g, x: (g.exp(g.number(HALF)) ** 2 * g.exp(x - 1), g.exp(x)))),
    Case("e^(x/z + y/w)", _of(lambda g, x, y, z, w: (g.exp(x / z + y / w), g.exp(x / z) * g.exp(y / w)))),
    Case("e^(x/(x+y))", _of(lambda g, x, y: (g.exp(x / (x + y)) * g.exp(y / (x + y)), g.exp(g.one)))),
    Case("nested", _of(lambda g, x: (sigmoid(-g.exp(-x)), 1 - 1 / (1 + g.exp(-1 / g.exp(x)))))),
    Case("softmax shift", _of(lambda g, x, y, z: (softmax(0, x, y), softmax(0, x + z, y + z)))),
    Case("softmax by sigmoid", _of(lambda g, x, y: (softmax(0, x, y), sigmoid(x - y)))),
    Case("softmax sum", _of(lambda g, x, y, z: (sum(softmax(i, x, y, z) for i in range(3)), g.one))),
    Case(
        "softmax Jacobian",
        _of(
            lambda g, x, y, z: (
                (g.exp(x) * (g.exp(x) + g.exp(y) + g.exp(z)) - g.exp(x) ** 2) / (g.exp(x) + g.exp(y) + g.exp(z)) ** 2,
                softmax(0, x, y, z) * (1 - softmax(0, x, y, z)),
            )
        ),
    ),
    Case("logistic", _of(lambda g, x, y, z, w: (w / (1 + g.exp(-y * (x - z))), w * sigmoid(x * y - y * z)))),
    Case(
        "logistic'",
        _of(
            lambda g, x, y, z, w: (
                w * y * g.exp(-y * (x - z)) / (1 + g.exp(-y * (x - z))) ** 2,
                y * w * sigmoid(y * (x - z)) * (1 - w * sigmoid(y * (x - z)) / w),
            )
        ),
    ),
    Case(
        "silu'", _of(lambda g, x: (sigmoid(x) + x * sigmoid(x) * (1 - sigmoid(x)), sigmoid(x) * (1 + x * sigmoid(-x))))
    ),
    # logarithms
    Case("e^log", _of(lambda g, x, y: (g.exp(3 * g.log(x + y)), (x + y) ** 3))),
    Case("log e^", _of(lambda g, x, y: (g.log(g.exp(x * y) * g.exp(x)), x * y + x))),
    Case("log of numbers", _of(lambda g: (g.log(g.number(12)), 2 * g.log(g.number(2)) + g.log(g.number(3))))),
    Case("log 1/2", _of(lambda g: (g.log(g.number(HALF)), -g.log(g.number(2))))),
    Case("log(q/p)", _of(lambda g, x, y: (g.log(x / y), g.log(x) - g.log(y))), "xy"),
    Case("log(xy)", _of(lambda g, x, y: (g.log(x * y), g.log(x) + g.log(y))), "xy"),
    Case("log(x^2) of x > 0", _of(lambda g, x: (g.log(x**2), 2 * g.log(x))), "x"),
    Case("log(x^2)", _of(lambda g, x: (g.log(x**2), 2 * g.log(g.abs(x))))),
    Case("softplus(-z)", _of(lambda g, x: (g.log(1 + g.exp(x)), x + g.log(1 + g.exp(-x))))),
    Case(
        "log cosh",
        _of(
            lambda g, x: (
                g.log(HALF * (g.exp(x) + g.exp(-x))),
                x + g.log(1 + g.exp(-2 * x)) - g.log(g.number(2)),
            )
        ),
    ),
    Case(
        "log softmax",
        _of(lambda g, x, y, z: (g.log(softmax(1, x, y, z)), y - g.log(g.exp(x) + g.exp(y) + g.exp(z)))),
    ),
    Case("-log sigmoid", _of(lambda g, x: (-g.log(sigmoid(x)), g.log(1 + g.exp(-x))))),
    Case("logit of sigmoid", _of(lambda g, x: (g.log(sigmoid(x) / (1 - sigmoid(x))), x))),
    Case("x^n", _of(lambda g, x, y: (x * x ** (y - 1), x**y))),
    Case("(x^n)^2", _of(lambda g, x, y: ((x**y) ** 2, x ** (2 * y)))),
    Case("2^n", _of(lambda g, x: (g.number(2) ** (x + 1), 2 * g.number(2) ** x))),
    Case("log base 2", _of(lambda g, x: (g.log(g.exp(x * g.log(g.number(2)))) / g.log(g.number(4)), x / 2))),
    # roots
    Case("sqrt(1/n)", _of(lambda g, x: (g.root(1 / x), 1 / g.root(x)))),
    Case("sqrt 2 sqrt 3", _of(lambda g: (g.root(g.number(2)) * g.root(g.number(3)), g.root(g.number(6))))),
    Case("sqrt 8", _of(lambda g: (g.root(g.number(8)), 2 * g.root(g.number(2))))),
    Case("sqrt(4/9)", _of(lambda g: (g.root(g.number(Fraction(4, 9))), g.number(Fraction(2, 3))))),
    Case("sqrt(x^2 y)", _of(lambda g, x, y: (g.root(x**2 * y), g.abs(x) * g.root(y)))),
    Case("sqrt(x^2 y) of x > 0", _of(lambda g, x, y: (g.root(x**2 * y), x * g.root(y))), "x"),
    Case("sqrt(xy)^2", _of(lambda g, x, y: (g.root(x * y) ** 2, x * y))),
    Case("sqrt(x) sqrt(y)", _of(lambda g, x, y: (g.root(x) * g.root(y), g.root(x * y))), "xy"),
    Case("sqrt(x^2)", _of(lambda g, x: (g.root(x**2), g.abs(x)))),
    Case("sqrt((x-y)^2)", _of(lambda g, x, y: (g.root(x**2 - 2 * x * y + y**2), g.abs(y - x)))),
    Case("sqrt e^x", _of(lambda g, x: (g.root(g.exp(x)), g.exp(x / 2)))),
    Case("cube root", _of(lambda g, x, y: (g.root(x * y, 3), g.root(x, 3) * g.root(y, 3)))),
    Case("cube root of -8", _of(lambda g: (g.root(g.number(-8), 3), g.number(-2)))),
    Case("root of a root", _of(lambda g, x: (g.root(g.root(x)), g.root(x, 4)))),
    Case("x^(3/2)", _of(lambda g, x: (x ** Fraction(3, 2), x * g.root(x)))),
    Case("x^(1/6)", _of(lambda g, x: (g.root(x, 6) ** 3, g.root(x)))),
    Case("rationalised", _of(lambda g, x: (1 / (g.root(x) + 1), (g.root(x) - 1) / (x - 1)))),
    Case("norm'", _of(lambda g, x, y: (x / norm(x, y) - x**3 / norm(x, y) ** 3, x * y**2 / norm(x, y) ** 3))),
    Case("sqrt(2 pi)", _of(lambda g: (g.root(2 * g.pi), g.root(g.number(2)) * g.root(g.pi)))),
    Case(
        "layer norm's 1/sqrt(v + e)",
        _of(lambda g, x, y: (-HALF * (x + y) ** Fraction(-3, 2) * (x + y), -HALF / g.root(x + y))),
    ),
    Case(
        "the derivative of arctan(x)/(1-2x)^(1/6), in the two forms of a published exercise",
        _of(
            lambda g, x: (
                1 / ((1 + x**2) * hand(x)) + arctan(x) / (3 * hand(x) ** 7),
                (3 * (1 - 2 * x) + (1 + x**2) * arctan(x)) / (3 * (x**2 + 1) * (1 - 2 * x) * hand(x)),
            )
        ),
    ),
    # piecewise
    Case("|u|^2", _of(lambda g, x, y: (g.abs(x + y) ** 2, (x + y) ** 2))),
    Case("|-u|", _of(lambda g, x, y: (g.abs(x - y), g.abs(y - x)))),
    Case("|3u|", _of(lambda g, x, y: (g.abs(3 * x - 3 * y), 3 * g.abs(x - y)))),
    Case("sgn(u) u", _of(lambda g, x: (g.sign(x) * x, g.abs(x)))),
    Case("sgn^2", _of(lambda g, x: (g.sign(x) ** 2, g.one))),
    Case("x/|x|", _of(lambda g, x: (x / g.abs(x), g.sign(x)))),
    Case("|x|/x", _of(lambda g, x: (g.abs(x) / x, g.sign(x)))),
    Case("|xy|", _of(lambda g, x, y: (g.abs(x * y), g.abs(x) * g.abs(y)))),
    Case("||x||", _of(lambda g, x: (g.abs(g.abs(x)), g.abs(x)))),
    Case("||x| + 1|", _of(lambda g, x: (g.abs(g.abs(x) + 1), g.abs(x) + 1))),
    Case("max", _of(lambda g, x, y: (g.maximum(x, y), HALF * (x + y + g.abs(x - y))))),
    Case("max is symmetric", _of(lambda g, x, y: (g.maximum(x, y), g.maximum(y, x)))),
    Case("relu", _of(lambda g, x: (g.maximum(x, g.zero), x * g.choose(x, g.one, g.zero)))),
    Case("relu - relu(-)", _of(lambda g, x: (g.maximum(x, g.zero) - g.maximum(-x, g.zero), x))),
    Case("relu^2", _of(lambda g, x: (g.maximum(x, g.zero) ** 2, x * g.maximum(x, g.zero)))),
    Case("relu(x) relu(-x)", _of(lambda g, x: (g.maximum(x, g.zero) * g.maximum(-x, g.zero), g.zero))),
    Case(
        "leaky relu",
        _of(lambda g, x, y: (g.choose(2 * x, x, y * x), g.maximum(x, g.zero) + y * (x - g.maximum(x, g.zero)))),
    ),
    Case("1/leaky relu", _of(lambda g, x, y: (1 / g.choose(x, x, y * x), g.choose(-x, 1 / (x * y), 1 / x)))),
    Case(
        "huber, its branches swapped",
        _of(
            lambda g, x: (
                g.choose(1 - g.abs(x), HALF * x**2, g.abs(x) - HALF),
                g.choose(g.abs(x) - 1, g.abs(x) - HALF, HALF * x**2),
            )
        ),
    ),
    Case(
        "hinge'",
        _of(lambda g, x, y: (g.choose(1 - x * y, -y, g.zero), -y * g.choose(x * y - 1, g.zero, g.one))),
    ),
    Case(
        "elu'",
        _of(
            lambda g, x, y: (
                g.choose(x, g.one, y * g.exp(x)),
                g.choose(x, g.one, g.choose(x, x, y * (g.exp(x) - 1)) + y),
            )
        ),
    ),
    Case(
        "softsign'", _of(lambda g, x: ((1 + g.abs(x) - x * g.sign(x)) / (1 + g.abs(x)) ** 2, 1 / (1 + g.abs(x)) ** 2))
    ),
    Case("e^|x|", _of(lambda g, x: (g.exp(g.abs(x)) + g.exp(-g.abs(x)), g.exp(x) + g.exp(-x)))),
    Case("erf |x|", _of(lambda g, x: (erf(g.abs(x)), g.sign(x) * erf(x)))),
    Case("chosen by a positive number", _of(lambda g, x, y: (g.choose(g.exp(x) + y**2, x, y), x))),
    Case("chosen by an assumption", _of(lambda g, x, y: (g.choose(x**3, x, y), x)), "x"),
    Case("|sigmoid|", _of(lambda g, x: (g.abs(sigmoid(x)), sigmoid(x)))),
    Case("max of three", _of(lambda g, x, y, z: (g.maximum(g.maximum(x, y), z), g.maximum(x, g.maximum(y, z))))),
    Case(
        "max of three, squared", _of(lambda g, x, y, z: (maximum(z, x, y) ** 2, maximum(x**1, y, z) * maximum(y, z, x)))
    ),
    Case(
        "huber' is clipping",
        _of(lambda g, x: (g.choose(1 - g.abs(x), x, g.sign(x)), clip(x, 1))),
    ),
    Case("clipping twice", _of(lambda g, x: (clip(clip(x, 1), 2), clip(clip(x, 2), 1)))),
    Case(
        "one condition implies another",
        _of(lambda g, x: (g.choose(x - 1, g.sign(x), g.zero), g.choose(x - 1, g.one, g.zero))),
    ),
    # other functions
    Case("erf is odd", _of(lambda g, x, y: (erf(x - y), -erf(y - x)))),
    Case("gelu's argument", _of(lambda g, x: (erf(x / g.root(g.number(2))), erf(HALF * x * g.root(g.number(2)))))),
    Case(
        "gelu'",
        _of(
            lambda g, x: (
                HALF * (1 + erf(x / g.root(g.number(2))))
                + HALF * x * 2 / g.root(g.pi) * g.exp(-((x / g.root(g.number(2))) ** 2)) / g.root(g.number(2)),
                HALF + HALF * erf(x / g.root(g.number(2))) + x * g.exp(-(x**2) / 2) / g.root(2 * g.pi),
            )
        ),
    ),
    Case("arctan is odd", _of(lambda g, x: (arctan(-x), -arctan(x)))),
    Case("arcsin's argument", _of(lambda g, x, y: (arcsin((x**2 - y**2) / (x - y)), arcsin(x + y)))),
    Case("sin^2 + cos^2", _of(lambda g, x, y: (sin(x * y) ** 2 + cos(x * y) ** 2, g.one))),
    Case("sin is odd, cos even", _of(lambda g, x, y: (sin(x - y) * cos(x - y), -sin(y - x) * cos(y - x)))),
    Case("sin(-x)", _of(lambda g, x: (sin(-x) + cos(-2 * x), cos(x) ** 2 - sin(x) ** 2 - sin(x)))),
    Case("sin 2x", _of(lambda g, x: (sin(2 * x), 2 * sin(x) * cos(x)))),
    Case("cos(x + y)", _of(lambda g, x, y: (cos(x + y), cos(x) * cos(y) - sin(x) * sin(y)))),
    Case("opaque", _of(lambda g, x, y: (g.opaque("f", (x * (x + y),)), g.opaque("f", (x**2 + y * x,))))),
]

DIFFERENT = [
    Case("sqrt(x^2) = x", _of(lambda g, x: (g.root(x**2), x))),
    Case("sqrt(x^2 y) = x sqrt(y)", _of(lambda g, x, y: (g.root(x**2 * y), x * g.root(y)))),
    Case("log(xy) = log x + log y", _of(lambda g, x, y: (g.log(x * y), g.log(x) + g.log(y)))),
    Case("log(x/y) = log x - log y", _of(lambda g, x, y: (g.log(x / y), g.log(x) - g.log(y)))),
    Case("log(x^2) = 2 log x", _of(lambda g, x: (g.log(x**2), 2 * g.log(x)))),
    Case("sqrt(xy) = sqrt(x) sqrt(y)", _of(lambda g, x, y: (g.root(x * y), g.root(x) * g.root(y)))),
    Case("|x| = x", _of(lambda g, x: (g.abs(x), x))),
    Case("clipping elsewhere", _of(lambda g, x: (clip(x, 1), clip(x, 2)))),
    Case("max of two of three", _of(lambda g, x, y, z: (maximum(x, y, z), maximum(x, y)))),
    Case(
        "one condition implied by another",
        _of(lambda g, x: (g.choose(x, g.sign(x - 1), g.zero), g.choose(x, g.one, g.zero))),
    ),
    Case("|x + y| = |x| + |y|", _of(lambda g, x, y: (g.abs(x + y), g.abs(x) + g.abs(y)))),
    Case("sgn(x) = 1", _of(lambda g, x: (g.sign(x), g.one))),
    Case("sixth root, squared", _of(lambda g, x: (g.root(x**2, 6), g.root(x, 3)))),
    Case("tanh = sigmoid", _of(lambda g, x: (tanh(x), sigmoid(2 * x)))),
    Case("sigmoid' without a factor", _of(lambda g, x: (sigmoid(x) * (1 - sigmoid(x)), sigmoid(x)))),
    Case("e^(xy) = e^x e^y", _of(lambda g, x, y: (g.exp(x * y), g.exp(x) * g.exp(y)))),
    Case("e = 3", _of(lambda g: (g.exp(g.one), g.number(3)))),
    Case("pi = 22/7", _of(lambda g: (g.pi, g.number(Fraction(22, 7))))),
    Case("sqrt 2 = 7/5", _of(lambda g: (g.root(g.number(2)), g.number(Fraction(7, 5))))),
    Case("another opaque", _of(lambda g, x: (g.opaque("f", (x,)), g.opaque("g", (x,))))),
    Case("a derivative", _of(lambda g, x: (g.opaque("f", (x,), (0,)), g.opaque("f", (x,))))),
    Case("relu' of the activation", _of(lambda g, x, y: (g.choose(x, g.one, g.zero), g.choose(y, g.one, g.zero)))),
    Case("leaky relu's slope", _of(lambda g, x, y: (g.choose(x, g.one, y), g.choose(x, g.one, -y)))),
    Case("by 1/1000", _of(lambda g, x: (sigmoid(x), Fraction(1001, 1000) * sigmoid(x)))),
]


def judged(case: Case) -> bool | None:
    """The verdict on a case."""
    g = Graph()
    form = NormalForm(g, positive=[g.atom(name) for name in case.positive])
    return form.equal(*case.sides(g))


@pytest.mark.parametrize("case", IDENTITIES, ids=lambda case: case.name)
def test_identities_are_proved(case: Case) -> None:
    assert judged(case) is True


@pytest.mark.parametrize("case", DIFFERENT, ids=lambda case: case.name)
def test_what_does_not_hold_everywhere_is_not_proved(case: Case) -> None:
    assert judged(case) is False


POINTS = [
    [Fraction(2, 3), Fraction(-5, 4), Fraction(3, 2)],
    [Fraction(-1, 3), Fraction(1, 2), Fraction(-7, 3)],
    [Fraction(3), Fraction(2, 7), Fraction(1, 5)],
    [Fraction(-3, 2), Fraction(-4, 3), Fraction(5, 7)],
    [Fraction(1, 4), Fraction(9, 4), Fraction(-1, 6)],
]


def differs(left: Node, right: Node) -> bool:
    """Whether mpmath finds the sides different at one of the points; those without values say nothing."""
    g = left.graph
    for numbers in POINTS:
        point = dict(zip(map(g.atom, NAMES), numbers, strict=True)) | {g.atom("w"): Fraction(1, 3)}
        try:
            if not close(value(left, point), value(right, point)):
                return True
        except NoValue:
            continue
    return False


@pytest.mark.parametrize("case", [case for case in IDENTITIES if "opaque" not in case.name], ids=lambda case: case.name)
def test_the_table_of_identities_is_right(case: Case) -> None:
    g = Graph()
    left, right = case.sides(g)
    assert case.positive or not differs(left, right)


@settings(max_examples=150, deadline=None)
@given(trees(EVERYTHING), trees(EVERYTHING, 3))
def test_what_is_proved_equal_is_equal(tree: Tree, other: Tree) -> None:
    g = Graph()
    a, b = built(g, tree), built(g, other)
    form = NormalForm(g)
    for left, right in [
        (a, b),
        (g.root(a**2), a),
        (g.log(a * b), g.log(a) + g.log(b)),
        (g.abs(a + b), g.abs(a) + g.abs(b)),
        (g.root(a * b), g.root(a) * g.root(b)),
        (g.exp(a * b), g.exp(a) * g.exp(b)),
        (g.choose(a, b, -b), b * g.sign(a)),
        (g.maximum(a, b), (a + b + g.abs(a - b)) / 2),
    ]:
        if form.equal(left, right):
            assert not differs(left, right)


REWRITINGS: dict[str, Callable[[Node, Node], tuple[Node, Node]]] = {
    "a(b + 1)": lambda a, b: (a * (b + 1), a * b + a),
    "(a + b)(a - b)": lambda a, b: ((a + b) * (a - b), a**2 - b**2),
    "a/b": lambda a, b: (a * (b**2 + 3) / (b**2 + 3), a),
    "e^(a+b)": lambda a, b: (a.graph.exp(a + b), a.graph.exp(a) * a.graph.exp(b)),
    "e^(a-b)": lambda a, b: (a.graph.exp(a - b) * a.graph.exp(b - a), a.graph.one),
    "tanh": lambda a, b: (b * tanh(a), b - 2 * b / (1 + a.graph.exp(2 * a))),
    "sigmoid": lambda a, b: (sigmoid(a) * b, b - b * sigmoid(-a)),
    "log": lambda a, b: (a.graph.log(a.graph.exp(a) * a.graph.exp(b)), a + b),
    "f": lambda a, b: (a.graph.opaque("f", (a * b, b)), a.graph.opaque("f", (a * b + b - b, 2 * b / 2))),
}


@pytest.mark.parametrize("name", REWRITINGS)
@settings(max_examples=25, deadline=None)
@given(trees(SMOOTH, 5), trees(SMOOTH, 4))
def test_rewriting_smooth_expressions_is_proved(name: str, tree: Tree, other: Tree) -> None:
    g = Graph()
    left, right = REWRITINGS[name](built(g, tree), built(g, other))
    form = NormalForm(g)
    assert form.equal(left, right) is not False, (left, right)


KINKED_REWRITINGS: dict[str, Callable[[Node, Node], tuple[Node, Node]]] = {
    "|a|^2": lambda a, b: (a.graph.abs(a) ** 2 * b, a**2 * b),
    "|ab|": lambda a, b: (a.graph.abs(a * b), a.graph.abs(a) * a.graph.abs(b)),
    "max": lambda a, b: (a.graph.maximum(a, b) + a.graph.maximum(-a, -b), a.graph.abs(a - b)),
    "sgn": lambda a, b: (b * a.graph.sign(a) * a, b * a.graph.abs(a)),
}


@pytest.mark.parametrize("name", KINKED_REWRITINGS)
@settings(max_examples=25, deadline=None)
@given(trees(KINKED, 4), trees(KINKED, 3))
def test_rewriting_piecewise_expressions_is_proved(name: str, tree: Tree, other: Tree) -> None:
    g = Graph()
    left, right = KINKED_REWRITINGS[name](built(g, tree), built(g, other))
    assert NormalForm(g).equal(left, right) is not False, (left, right)


@settings(max_examples=60, deadline=None)
@given(trees(SMOOTH), st.sampled_from([Fraction(-1), Fraction(1001, 1000), Fraction(1, 2)]))
def test_a_small_lie_is_not_proved(tree: Tree, factor: Fraction) -> None:
    g = Graph()
    a = built(g, tree)
    form = NormalForm(g)
    assume(form.zero(a) is False)
    assert form.equal(a, factor * a) is not True
    assert form.equal(a + g.atom("x"), a + factor * g.atom("x")) is not True


# --- what the caller decides ---


def test_names_are_cut_where_the_caller_says_so() -> None:
    g = Graph()
    x = g.atom("x")
    a = g.named("a", lambda: sigmoid(x))
    assert NormalForm(g).equal(a * (1 - a), sigmoid(x) * sigmoid(-x)) is True
    assert NormalForm(g, behind=lambda node: None).equal(a, sigmoid(x)) is False
    assert NormalForm(g, behind=lambda node: 2 * x if node is a else None).equal(a, x + x) is True


def test_atoms_can_be_replaced() -> None:
    g = Graph()
    p, q, r = map(g.atom, "pqr")
    facts = {r: 1 - p - q}
    assert NormalForm(g, facts=facts).equal(p + q + r, g.one) is True
    assert NormalForm(g).equal(p + q + r, g.one) is False


@pytest.mark.parametrize("body", ["itself", "by way of another"])
def test_a_name_that_is_defined_by_itself_has_no_form(body: str) -> None:
    g = Graph()
    x, y = g.atom("x"), g.atom("y")
    facts = {x: x + 1} if body == "itself" else {x: 2 * y, y: x**2}
    form = NormalForm(g, facts=facts)
    assert form.zero(x - y) is None
    assert "itself" in form.reason


def test_what_is_assumed_gives_signs() -> None:
    g = Graph()
    a, x, y = map(g.atom, "axy")
    form = NormalForm(g, positive=[a, 1 - a, x * y, y - 3])
    signs = {2 - a: 1, a - 2: -1, 1 - a**2: 1, a**2 - a: -1, x * y: 1, y: 1, x: 1, x + y: 1, a + x - 1: None}
    assert {node: form.sign(node) for node in signs} == signs
    assert form.equal(g.log(a / (1 - a)), g.log(a) - g.log(1 - a)) is True


def test_a_relation_between_signs_is_used() -> None:
    g = Graph()
    x, y = g.atom("x"), g.atom("y")
    assert NormalForm(g, positive=[x * y]).equal(g.sign(x), g.sign(y)) is True
    assert NormalForm(g, positive=[-x * y]).equal(g.sign(x), -g.sign(y)) is True
    assert NormalForm(g).equal(g.sign(x), g.sign(y)) is False


def test_contradictory_assumptions_prove_nothing() -> None:
    g = Graph()
    x = g.atom("x")
    form = NormalForm(g, positive=[x, -x])
    assert form.zero(x - x + x) is None
    assert form.reason


def test_sides_that_are_taken_to_have_values_give_their_domain() -> None:
    g = Graph()
    x, y = g.atom("x"), g.atom("y")
    left, right = g.log(x) + g.log(y), g.log(x * y)
    assert NormalForm(g, defined=[left]).equal(left, right) is True
    assert NormalForm(g, defined=[left]).sign(x) == 1
    assert NormalForm(g, defined=[right]).sign(x) is None


def test_conditions_are_what_must_be_positive() -> None:
    g = Graph()
    x, y, z = map(g.atom, "xyz")
    node = g.log(x * y) + g.root(z) + g.root(x, 3) + g.choose(y, g.log(z + 1), g.zero) + g.log(g.number(2))
    assert set(NormalForm(g).conditions(node)) == {x * y, z}


# --- past failures, and limits ---


def test_an_assumption_inside_a_branch_stays_there() -> None:
    """√x in one branch and √(−x) in the other must not make x positive and negative at once."""
    g = Graph()
    x = g.atom("x")
    node = g.choose(x, g.root(x), g.root(-x))
    assert NormalForm(g).equal(node**4, x**2) is True
    assert NormalForm(g).equal(node**2, x) is False
    assert NormalForm(g).zero(node) is False


def test_a_branch_without_a_value_gives_way() -> None:
    g = Graph()
    x = g.atom("x")
    assert NormalForm(g, positive=[x]).equal(g.choose(x, x, g.log(-x)), x) is True
    assert NormalForm(g).equal(g.choose(x, x, g.log(-(x**2) - 1)), x) is True


def test_what_has_no_value_anywhere_has_no_form() -> None:
    g = Graph()
    x = g.atom("x")
    for node in (1 / (x - x + (x + 1) ** 2 - x**2 - 2 * x - 1), g.log(-(x**2) - 1), g.root(g.number(-2))):
        form = NormalForm(g)
        assert form.zero(node) is None
        assert form.reason


def test_a_form_that_is_too_large_is_given_up() -> None:
    g = Graph()
    many = [g.atom(f"x_{i}") for i in range(40)]
    form = NormalForm(g)
    assert form.zero(g.sum(many) ** 40 - 1) is None
    assert "terms" in form.reason
    assert form.equal(many[0] + many[1], many[1] + many[0]) is True


def test_powers_of_powers_are_given_up() -> None:
    g = Graph()
    x = g.atom("x")
    tower = g.exp(x)
    for _ in range(12):
        tower = (tower + 1) ** 9
    assert NormalForm(g).zero(tower - 1) is None


def test_the_ring_grows_and_exponents_are_refined_as_questions_come() -> None:
    g = Graph()
    x, y = g.atom("x"), g.atom("y")
    form = NormalForm(g)
    assert form.equal(g.exp(x) * g.exp(-x), g.one) is True
    assert form.equal(g.exp(x / 6) ** 6, g.exp(x)) is True
    assert form.equal(g.root(y, 3) ** 2 * g.root(y, 3), y) is True
    assert form.equal(g.root(g.root(1 + y**2)) ** 4, 1 + y**2) is True
    many = [sigmoid(g.atom(f"z_{i}")) for i in range(60)]
    assert form.equal(g.sum([a * (1 - a) for a in many]), g.sum(many) - g.sum([a**2 for a in many])) is True


def test_a_deep_expression_is_walked_without_recursion() -> None:
    g = Graph()
    node = g.atom("x")
    for i in range(20_000):
        node = g.named(f"a_{i}", lambda inner=node: inner)
    assert NormalForm(g).equal(node, g.atom("x")) is True


def test_nodes_of_another_graph_are_refused() -> None:
    with pytest.raises(ValueError, match="another graph"):
        NormalForm(Graph()).zero(Graph().atom("x"))
