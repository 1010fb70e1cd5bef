"""What calculus says about one unit: the closed forms of σ′ and of ∂E/∂a, each in several spellings, as expressions.

They were derived by hand and are tested against numbers.  All are scalar; `lifted` makes them elementwise.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from tests.generator.expressions import (
    ONE,
    TWO,
    ZERO,
    Add,
    Choose,
    Const,
    D,
    Div,
    Dot,
    Fn,
    Had,
    Kron,
    Mul,
    Neg,
    Node,
    Norm,
    Over,
    Pow,
    Ref,
    Scalar,
    Sum,
    Trace,
    everywhere,
    had,
    minus,
    mul,
    number,
    parts,
    replaced,
)

SQUARE = Fraction(2)
Constants = dict[str, Node]
Closed = Callable[[Node, Node, Constants], Node]


def square(node: Node) -> Node:
    """node²."""
    return Pow(node, SQUARE)


def _logistic(z: Node) -> Node:
    return Div(ONE, Add((ONE, Fn("exp", Neg(z)))))


def _positive(z: Node, yes: Node = ONE, no: Node = ZERO, brief: bool = False) -> Node:
    return Choose(z, ZERO, yes, no, brief)


def _gelu(z: Node, a: Node, c: Constants) -> Node:
    root = Fn("sqrt", mul(TWO, Const(r"\pi")))
    bell = Fn("exp", Neg(Div(square(z), TWO)))
    return Add((mul(number("1/2"), Add((ONE, Fn("erf", Div(z, Fn("sqrt", TWO)))))), Div(mul(z, bell), root)))


SLOPES: dict[str, tuple[Closed, ...]] = {
    "step": (lambda z, a, c: ZERO,),
    "linear": (lambda z, a, c: c.get("c", ONE),),
    "sigmoid": (
        lambda z, a, c: mul(a, minus(ONE, a)),
        lambda z, a, c: minus(a, square(a)),
        lambda z, a, c: mul(minus(ONE, a), a),
        lambda z, a, c: Div(Fn("exp", Neg(z)), square(Add((ONE, Fn("exp", Neg(z)))))),
    ),
    "tanh": (
        lambda z, a, c: minus(ONE, square(a)),
        lambda z, a, c: mul(minus(ONE, a), Add((ONE, a))),
        lambda z, a, c: minus(ONE, square(Fn("tanh", z))),
        lambda z, a, c: square(Fn("sech", z)),
        lambda z, a, c: Div(ONE, square(Fn("cosh", z))),
    ),
    "relu": (
        lambda z, a, c: _positive(z, brief=True),
        lambda z, a, c: _positive(z),
    ),
    "leaky-relu": (lambda z, a, c: _positive(z, ONE, c["alpha"]),),
    "elu": (
        lambda z, a, c: _positive(z, ONE, mul(c["alpha"], Fn("exp", z))),
        lambda z, a, c: _positive(z, ONE, Add((a, c["alpha"]))),
    ),
    "softplus": (
        lambda z, a, c: _logistic(z),
        lambda z, a, c: minus(ONE, Fn("exp", Neg(a))),
        lambda z, a, c: Div(Fn("exp", z), Add((ONE, Fn("exp", z)))),
    ),
    "silu": (
        lambda z, a, c: Add((a, mul(_logistic(z), minus(ONE, a)))),
        lambda z, a, c: Div(
            Add((ONE, Fn("exp", Neg(z)), mul(z, Fn("exp", Neg(z))))), square(Add((ONE, Fn("exp", Neg(z)))))
        ),
    ),
    "gelu": (_gelu,),
    "softsign": (
        lambda z, a, c: Div(ONE, square(Add((ONE, Fn("abs", z))))),
        lambda z, a, c: square(minus(ONE, Fn("abs", a))),
    ),
    "logistic": (
        lambda z, a, c: mul(c["k"], a, minus(ONE, Div(a, c["L"]))),
        lambda z, a, c: mul(Div(c["k"], c["L"]), a, minus(c["L"], a)),
    ),
}
"""σ′ of each elementwise activation: of the pre-activation z, the activation a, and the constants."""

Loss = Callable[[Node, Node, Node], Node]


def _residual(a: Node, y: Node) -> Node:
    return minus(a, y)


def _sign(node: Node) -> Node:
    return Fn("sign", node)


def _huber(a: Node, y: Node, n: Node) -> Node:
    return Choose(ONE, Fn("abs", minus(a, y)), minus(a, y), _sign(minus(a, y)))


def _ratio(a: Node, y: Node, n: Node) -> Node:
    return Neg(Div(y, a))


LOSS_SLOPES: dict[str, tuple[Loss, ...]] = {
    "half-squared-error": (lambda a, y, n: minus(a, y), lambda a, y, n: Neg(minus(y, a))),
    "squared-error": (lambda a, y, n: mul(TWO, minus(a, y)), lambda a, y, n: mul(number(-2), minus(y, a))),
    "mse": (lambda a, y, n: mul(Div(TWO, n), minus(a, y)), lambda a, y, n: Div(mul(TWO, minus(a, y)), n)),
    "mae": (lambda a, y, n: mul(Div(ONE, n), _sign(minus(a, y))), lambda a, y, n: Neg(Div(_sign(minus(y, a)), n))),
    "l1": (lambda a, y, n: _sign(minus(a, y)), lambda a, y, n: Neg(_sign(minus(y, a)))),
    "mape": (
        lambda a, y, n: mul(Div(ONE, n), Div(_sign(minus(a, y)), Fn("abs", y))),
        lambda a, y, n: Div(_sign(minus(a, y)), mul(n, Fn("abs", y))),
    ),
    "msle": (
        lambda a, y, n: mul(Div(TWO, n), Div(minus(Fn("log", Add((ONE, a))), Fn("log", Add((ONE, y)))), Add((ONE, a)))),
        lambda a, y, n: Neg(
            Div(mul(TWO, minus(Fn("log", Add((ONE, y))), Fn("log", Add((ONE, a))))), mul(n, Add((ONE, a))))
        ),
    ),
    "log-cosh": (lambda a, y, n: Fn("tanh", minus(a, y)), lambda a, y, n: Neg(Fn("tanh", minus(y, a)))),
    "binary-cross-entropy": (
        lambda a, y, n: Div(minus(a, y), mul(a, minus(ONE, a))),
        lambda a, y, n: Neg(minus(Div(y, a), Div(minus(ONE, y), minus(ONE, a)))),
        lambda a, y, n: Add((Neg(Div(y, a)), Div(minus(ONE, y), minus(ONE, a)))),
    ),
    "cross-entropy": (_ratio,),
    "nll": (_ratio,),
    "kl": (_ratio,),
    "hinge": (lambda a, y, n: Neg(mul(y, Choose(ONE, mul(y, a), ONE, ZERO, True))),),
    "huber": (_huber,),
}
"""∂E/∂a of each loss that is a sum over the outputs: of the output a, the target y and the number of outputs n."""


def cosine(layer: object, j: int | str, fresh: str, a: Callable, y: Callable, limits: bool) -> Node:
    """∂E/∂a_j of the cosine loss, with sums over a fresh letter; a and y give the entry of an index."""

    def over(body: Node) -> Node:
        return Sum(fresh, layer, body, limits)

    lengths = mul(Fn("sqrt", over(square(y(fresh)))), Fn("sqrt", over(square(a(fresh)))))
    pull = Div(mul(a(j), over(mul(y(fresh), a(fresh)))), mul(lengths, over(square(a(fresh)))))
    return Add((Neg(Div(y(j), lengths)), pull))


def cosine_array(a: Node, y: Node) -> Node:
    """∇_a E of the cosine loss for whole vectors."""
    lengths = mul(Norm(y), Norm(a))
    cubed = mul(Norm(y), Pow(Norm(a), Fraction(3)))
    return Add((Neg(mul(Div(ONE, lengths), y)), mul(Div(Dot(y, a), cubed), a)))


def array(node: Node) -> bool:
    """Whether an expression is a vector or a matrix, by what it refers to."""
    if isinstance(node, Scalar):
        return False
    if isinstance(node, Ref | D):
        return bool(node.at == () and node.role != "E") if isinstance(node, Ref) else array(node.by) or array(node.of)
    if isinstance(node, Norm | Dot | Kron | Sum | Trace):
        return False
    return any(array(part) for _, part in parts(node))


def lifted(node: Node) -> Node | None:
    """A scalar formula as an elementwise one; None where that would divide a number by an array, or is a number."""
    found = _lifted(node)
    wrong = (Over, Div)
    odd = any(
        (isinstance(one, wrong) and array(one.below) > array(one.above))
        or (isinstance(one, Choose) and not one.brief)
        or (isinstance(one, Fn) and one.name == "abs" and array(one))  # |y| of a vector may be its length
        for _, one in everywhere(found)
    )
    return found if array(found) and not odd else None


def _lifted(node: Node) -> Node:
    if isinstance(node, Ref | D | Norm | Dot):
        return node
    for place, part in parts(node):
        node = replaced(node, (place,), _lifted(part))
    if isinstance(node, Mul):
        scalars = [one for one in node.factors if not array(one)]
        arrays = [one for one in node.factors if array(one)]
        return mul(*scalars, had(*arrays)) if arrays else node
    if isinstance(node, Div) and array(node.below):
        return Over(node.above, node.below)
    if isinstance(node, Pow) and array(node.base):
        return Had((node.base,) * int(node.exponent))
    return node
