"""Equations that hold wherever both sides have a value, and equations that do not: tables for all three judges."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from tests.graph_expressions import sigmoid, tanh
from verify.graph.nodes import Graph, Node

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
    Case("log(1 + x^3)", _of(lambda g, x: (g.log(1 + x**3), g.log(1 + x) + g.log(1 - x + x**2))), "x"),
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
