"""Balls: they hold the values, separate what differs, and say where there is no value."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import mpmath
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.graph_expressions import (
    EVERYTHING,
    NAMES,
    SMOOTH,
    NoValue,
    Tree,
    built,
    sigmoid,
    tanh,
    trees,
    value,
)
from tests.graph_identities import HALF, IDENTITIES
from verify.graph.enclosure import Enclosure, Imprecise, Undefined, separated
from verify.graph.nodes import Graph, Node
from verify.graph.opaques import Opaque

coordinates = st.tuples(*[st.fractions(-3, 3, max_denominator=7)] * len(NAMES))


def point(g: Graph, numbers: tuple[Fraction, ...]) -> dict[Node, Fraction]:
    return dict(zip(map(g.atom, NAMES), numbers, strict=True))


@settings(max_examples=120, deadline=None)
@given(trees(EVERYTHING), coordinates)
def test_a_ball_holds_the_value(tree: Tree, numbers: tuple[Fraction, ...]) -> None:
    g = Graph()
    node = built(g, tree)
    try:
        expected = value(node, point(g, numbers))
    except NoValue:
        return
    enclosure = Enclosure(g, point(g, numbers))
    try:
        ball = enclosure.of(node)
    except Imprecise:
        ball = enclosure.finer().finer().of(node)
    middle, radius = ball.mid().fmpq(), ball.rad().mid().fmpq()
    with mpmath.workdps(60):
        distance = abs(expected - mpmath.mpf(int(middle.p)) / int(middle.q))
        assert distance <= 1.01 * int(radius.p) / int(radius.q) + mpmath.mpf(10) ** -30 * (1 + abs(expected))


@settings(max_examples=40, deadline=None)
@given(trees(("+", "-", "*", "/", "square", "abs", "max")), coordinates)
def test_rational_values_are_exact(tree: Tree, numbers: tuple[Fraction, ...]) -> None:
    g = Graph()
    node = built(g, tree)
    try:
        expected = value(node, point(g, numbers))
    except NoValue:
        return
    exact = Enclosure(g, point(g, numbers)).exact(node)
    assert exact is not None
    assert abs(mpmath.mpf(exact.numerator) / exact.denominator - expected) < mpmath.mpf(10) ** -12 * (1 + abs(expected))


@settings(max_examples=40, deadline=None)
@given(trees(SMOOTH, 5), coordinates)
def test_small_lies_are_refuted_by_balls(tree: Tree, numbers: tuple[Fraction, ...]) -> None:
    g = Graph()
    node, values = built(g, tree), point(g, numbers)
    enclosure = Enclosure(g, values)
    try:
        apart = enclosure.separated(node, g.zero)
    except Undefined:
        return
    if apart is None:
        return
    balls = enclosure.separated(node, node * Fraction(1001, 1000))
    assert balls is not None
    assert not balls[0].overlaps(balls[1])
    assert enclosure.separated(node, -node) is not None
    assert enclosure.separated(node, (node * 3 + 3) / 3 - 1) is None


def test_equal_sides_are_never_separated() -> None:
    for case in IDENTITIES:
        g = Graph()
        left, right = case.sides(g)
        values = {g.atom(name): Fraction(i + 2, 7) for i, name in enumerate("xyzwcn")}
        assert Enclosure(g, values).separated(left, right) is None, case.name


@pytest.mark.parametrize(
    ("undefined", "imprecise"),
    [
        (lambda g, x: g.log(x - 3), False),
        (lambda g, x: g.log(x - 2), False),
        (lambda g, x: g.log(g.exp(x) - 10), False),
        (lambda g, x: g.root(x - 3), False),
        (lambda g, x: g.root(1 - g.exp(x)), False),
        (lambda g, x: 1 / (x - 2), False),
        (lambda g, x: g.abs(x - 2), False),
        (lambda g, x: g.function("arcsin", x), False),
        (lambda g, x: x * 0 + 1 / (x**2 - 4) - 1 / (x**2 - 4), False),
        (lambda g, x: 1 / (g.exp(x) - g.exp(x / 2) ** 2), True),
        (lambda g, x: g.sign(g.exp(x) - g.exp(x / 2) ** 2), True),
        (lambda g, x: g.root(g.exp(x) - g.exp(x / 2) ** 2), True),
        (lambda g, x: g.exp(g.exp(g.exp(g.exp(x + 40)))), True),
    ],
)
def test_what_has_no_value_says_so(undefined: Callable[[Graph, Node], Node], imprecise: bool) -> None:
    g = Graph()
    x = g.atom("x")
    with pytest.raises(Undefined) as raised:
        Enclosure(g, {x: 2}).of(undefined(g, x))
    assert isinstance(raised.value, Imprecise) is imprecise


def test_more_bits_settle_what_few_do_not() -> None:
    g = Graph()
    x = g.atom("x")
    tiny = g.exp(x) - g.exp(x) * (1 + Fraction(1, 10**40))
    enclosure = Enclosure(g, {x: 1})
    assert not enclosure.disjoint(tiny, g.zero)
    assert enclosure.separated(tiny, g.zero) is not None
    assert enclosure.separated(g.sign(tiny), g.one) is not None
    assert separated(g.exp(x), g.exp(x) * (1 + Fraction(1, 10**300)), {x: 1}) is None


def test_values_stand_for_names_and_facts_for_atoms() -> None:
    g = Graph()
    x, p, q = map(g.atom, "xpq")
    a = g.named("a", lambda: sigmoid(x))
    assert Enclosure(g, {x: 0}).of(a).contains(HALF.numerator / 2)
    assert Enclosure(g, {a: 3}).exact(a**2) == 9
    assert Enclosure(g, {p: Fraction(1, 3)}, facts={q: 1 - p}).exact(q) == Fraction(2, 3)
    with pytest.raises(ValueError, match="p has no value"):
        Enclosure(g, {x: 1}).of(p)
    with pytest.raises(ValueError, match="itself"):
        Enclosure(g, {x: 1}, facts={p: q + 1, q: p}).of(p)


def test_the_branch_that_is_not_taken_needs_no_value() -> None:
    g = Graph()
    x = g.atom("x")
    assert Enclosure(g, {x: -2}).exact(g.choose(x, g.log(x), x**2)) == 4


def test_balls_at_any_depth() -> None:
    g = Graph()
    node = g.atom("x")
    for _ in range(20_000):
        node = tanh(node) if len(g) % 1000 < 5 else (node + 1) / 2
    assert Enclosure(g, {g.atom("x"): HALF}).of(node).is_finite()


def test_exact_numbers_do_not_grow_without_end() -> None:
    g = Graph()
    node = g.atom("x")
    for _ in range(200):
        node = node**2 - Fraction(7, 5)
    assert Enclosure(g, {g.atom("x"): Fraction(2, 3)}).exact(node**1 + 0 * node) is None


# --- opaque functions ---


@pytest.mark.parametrize("arity", [1, 2, 3, 5])
@pytest.mark.parametrize("variant", [0, 1])
def test_derivatives_of_an_opaque_function_are_its_derivatives(arity: int, variant: int) -> None:
    """Central differences are exact for polynomials of the second degree."""
    function = Opaque("L", arity, variant)
    at = [Fraction(i + 1, 3) for i in range(arity)]
    for places in [(), *((i,) for i in range(arity))]:
        for i in range(arity):
            up, down = list(at), list(at)
            up[i], down[i] = at[i] + HALF, at[i] - HALF
            slope = function.value(up, places) - function.value(down, places)
            assert slope == function.value(at, (*places, i)), (places, i)
    assert function.value(at, (0, 0, 0)) == 0


def test_an_opaque_function_says_what_it_is() -> None:
    assert Opaque("f", 1).latex() != Opaque("g", 1).latex()
    text = Opaque("f", 2).latex()
    assert text.startswith("f(u_{1}, u_{2}) = ")
    namespace = {"u_{1}": Fraction(2), "u_{2}": Fraction(-3)}
    total = Fraction(0)
    for sign, term in _terms(text.split(" = ")[1]):
        number = Fraction(1)
        for factor in term.split():
            if factor.startswith(r"\frac"):
                above, below = factor.removeprefix(r"\frac{").removesuffix("}").split("}{")
                number *= Fraction(int(above), int(below))
            elif factor.isdigit():
                number *= int(factor)
            else:
                letter, _, power = factor.partition("^")
                number *= namespace[letter] ** (2 if power else 1)
        total += sign * number
    assert total == Opaque("f", 2).value([Fraction(2), Fraction(-3)])


def _terms(text: str) -> list[tuple[int, str]]:
    words = text.removeprefix("- ").split(" ")
    signs, terms = [-1 if text.startswith("- ") else 1], [[]]
    for word in words:
        if word in "+-":
            signs.append(1 if word == "+" else -1)
            terms.append([])
        else:
            terms[-1].append(word)
    return list(zip(signs, map(" ".join, terms), strict=True))


def test_a_wrong_chain_rule_is_refuted_for_an_opaque_function() -> None:
    g = Graph()
    x, y = g.atom("x"), g.atom("y")
    inner = x * y
    slope = g.opaque("f", (inner,), (0,))
    enclosure = Enclosure(g, {x: 2, y: 3})
    assert enclosure.separated(slope * y, slope) is not None
    assert enclosure.separated(slope * y, g.opaque("f", (x,), (0,)) * y) is not None
    assert enclosure.separated(slope * y, y * g.opaque("f", (y * x,), (0,))) is None
