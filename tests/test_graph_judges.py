"""The prime field and the balls: what each promises, its limits, and that the three judges never contradict."""

from __future__ import annotations

import random
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import mpmath
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.graph_expressions import (
    EVERYTHING,
    NAMES,
    RATIONAL,
    SMOOTH,
    NoValue,
    Tree,
    built,
    sigmoid,
    tanh,
    trees,
    value,
)
from tests.test_graph_normal import DIFFERENT, IDENTITIES, Case
from verify.graph import signature as field
from verify.graph.enclosure import Enclosure, Imprecise, Undefined, separated
from verify.graph.nodes import Graph, Node
from verify.graph.normal import NormalForm
from verify.graph.opaques import Opaque
from verify.graph.signature import FIELDS, Field, signature

HALF = Fraction(1, 2)
coordinates = st.tuples(*[st.fractions(-3, 3, max_denominator=7)] * len(NAMES))


def point(g: Graph, numbers: tuple[Fraction, ...]) -> dict[Node, Fraction]:
    return dict(zip(map(g.atom, NAMES), numbers, strict=True))


# --- the prime field ---


def probably_prime(n: int) -> bool:
    """Miller, Rabin 1980 with forty fixed random bases: wrong with probability below 4^-40."""
    if n % 2 == 0:
        return n == 2
    odd, twos = n - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    rng = random.Random(1980)
    for _ in range(40):
        x = pow(rng.randrange(2, n - 1), odd, n)
        if x in (1, n - 1):
            continue
        for _ in range(twos - 1):
            x = x * x % n
            if x == n - 1:
                break
        else:
            return False
    return True


@pytest.mark.parametrize("one", FIELDS, ids=lambda one: f"{one.p.bit_length()} bits")
def test_fields_are_what_they_say(one: Field) -> None:
    assert probably_prime(one.p)
    assert probably_prime(one.q)
    assert not probably_prime(one.p + 2 * 3 * 5)
    assert (one.p - 1) % one.q == 0
    assert one.g != 1
    assert pow(one.g, one.q, one.p) == 1


@pytest.mark.parametrize("case", IDENTITIES, ids=lambda case: case.name)
def test_no_identity_is_called_different(case: Case) -> None:
    g = Graph()
    left, right = case.sides(g)
    assert signature(left - right).zero is not False


@pytest.mark.parametrize("case", DIFFERENT, ids=lambda case: case.name)
def test_no_difference_is_called_zero(case: Case) -> None:
    g = Graph()
    left, right = case.sides(g)
    assert signature(left - right).zero is not True


@pytest.mark.parametrize(
    "name",
    [
        "binomial",
        "partial fractions",
        "tanh, two forms",
        "sigmoid(-z)",
        "sech^2",
        "e^(z/3)",
        "e^c",
        "e^(x/z + y/w)",
        "softmax shift",
        "softmax Jacobian",
        "logistic'",
        "silu'",
        "opaque",
    ],
)
def test_the_field_finds_what_is_rational_in_exponentials(name: str) -> None:
    (case,) = [case for case in IDENTITIES if case.name == name]
    g = Graph()
    left, right = case.sides(g)
    verdict = signature(left - right)
    assert verdict.zero is True
    assert verdict.error_bound is not None
    assert verdict.error_bound < 1e-60


@settings(max_examples=80, deadline=None)
@given(trees(SMOOTH), trees(SMOOTH, 4))
def test_the_field_agrees_with_the_normal_form(tree: Tree, other: Tree) -> None:
    g = Graph()
    a, b = built(g, tree), built(g, other)
    for left, right in [(a, b), ((a + b) ** 2, a**2 + 2 * a * b + b**2), (g.exp(a), g.exp(b) * g.exp(a - b))]:
        exact, probable = NormalForm(g).equal(left, right), signature(left - right).zero
        assert None in (exact, probable) or exact == probable


@settings(max_examples=40, deadline=None)
@given(trees(RATIONAL))
def test_the_field_refutes_small_lies(tree: Tree) -> None:
    g = Graph()
    a = built(g, tree)
    assume(signature(a).zero is False)
    assert signature(a - a * Fraction(1001, 1000)).zero is False
    assert signature([a - a * 2 + a, -a]).zero is False
    assert signature([a * 2 - a - a, (a + 1) ** 2 - a**2 - 2 * a - 1]).zero is True


def test_the_error_bound_is_honest(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a field of 149 elements, (x-1)(x-2)…(x-30) vanishes at 30 of them: as often as the bound says."""
    tiny = Field(37, 4)
    monkeypatch.setattr(field, "FIELDS", (tiny,))
    monkeypatch.setattr(field, "LARGEST_BOUND", 10.0)
    monkeypatch.setattr(field.Sizes, "of", _without_bits(field.Sizes.of))
    g = Graph()
    x = g.atom("x")
    node = g.product([x - i for i in range(1, 31)])
    verdicts = [signature(node, seed=seed) for seed in range(600)]
    zeros = [verdict for verdict in verdicts if verdict.zero]
    assert all(verdict.error_bound == pytest.approx(field.MOST_DRAWS * 30 / 37) for verdict in zeros)
    assert len(zeros) / len(verdicts) == pytest.approx(30 / 149, abs=0.05)


def _without_bits(of: Callable[..., Any]) -> Callable[..., Any]:
    """Sizes without their coefficients' part, which no tiny field can hold."""
    return lambda *args: of(*args)._replace(bits=0.0)


def test_large_coefficients_take_the_large_field_and_larger_ones_none() -> None:
    g = Graph()
    x = g.atom("x")
    for bits, answer in [(200, True), (900, True), (1400, None)]:
        number = 2**bits
        assert signature((x + number) * (x - number) - x**2 + number**2 // 2**bits * number).zero is not False
        assert signature((x + number) * 2 - x * 2 - 2 * number).zero is answer


def test_multiples_of_the_prime_are_not_taken_for_zero() -> None:
    g = Graph()
    x = g.atom("x")
    assert signature(x * FIELDS[0].p).zero is not True
    assert signature(x * (FIELDS[0].p * FIELDS[1].p)).zero is not True
    assert signature(g.exp(x * FIELDS[0].q) - 1).zero is not True


def test_large_degrees_are_refused() -> None:
    g = Graph()
    node = g.atom("x") + 1
    for _ in range(400):
        node = node * node + 1 if len(g) % 2 else (node + 2) * node
    assert signature(node - node * 2 + node * 1).zero is not False
    assert signature(node * 3 - node).zero is not True


def test_what_the_field_does_not_know_is_left_open() -> None:
    g = Graph()
    x = g.atom("x")
    assert signature(g.log(x**2) - 2 * g.log(x)).zero is None
    assert signature(g.log(x) - g.log(x + 1 - 1)).zero is True
    assert signature(g.root(x) ** 2 - x).zero is None
    assert signature(g.abs(x) - x).zero is None
    assert signature(g.pi - g.exp(g.one)).zero is None
    assert signature(g.pi - x).zero is False
    assert signature(g.exp(g.one) - 3).zero is False


def test_equal_arguments_have_equal_values() -> None:
    g = Graph()
    x, y = g.atom("x"), g.atom("y")
    erf = [g.function("erf", u) for u in ((x + y) ** 2, x**2 + 2 * x * y + y**2, x)]
    assert signature(erf[0] * x - x * erf[1]).zero is True
    assert signature(erf[0] - erf[2]).zero is None
    assert signature(g.opaque("f", (x, y)) - g.opaque("f", (y, x))).zero is False
    assert signature(g.opaque("f", (x,), (0,)) - g.opaque("f", (x,))).zero is False


def test_exponents_are_expanded() -> None:
    g = Graph()
    x, y = g.atom("x"), g.atom("y")
    assert signature(g.exp((x + 1) ** 2 * x) - g.exp(x**3) * g.exp(2 * x**2) * g.exp(x)).zero is True
    assert signature(g.exp((x + y) * (x - y)) - g.exp(x**2) / g.exp(y * y)).zero is True
    assert signature(g.exp(x * y) * g.exp(x * y**2) - g.exp(x**2 * y)).zero is False
    assert signature(g.exp(g.opaque("f", (x,)) + x) - g.exp(x) * g.exp(g.opaque("f", (x * 1,)))).zero is True


def test_a_division_by_zero_has_no_verdict() -> None:
    g = Graph()
    x = g.atom("x")
    verdict = signature(1 / ((x + 1) ** 2 - x**2 - 2 * x - 1))
    assert verdict.zero is None
    assert "zero" in verdict.reason


def test_names_and_facts_in_the_field() -> None:
    g = Graph()
    x, p, q = map(g.atom, "xpq")
    a = g.named("a", lambda: sigmoid(x))
    assert signature(a * (1 - a) - sigmoid(x) * sigmoid(-x)).zero is True
    assert signature(a - sigmoid(x), behind=lambda node: None).zero is False
    assert signature(p + q - 1, facts={q: 1 - p}).zero is True
    assert signature(p - q, facts={q: p + q}).zero is None


def test_a_graph_of_many_nodes_is_no_problem() -> None:
    g = Graph()
    x, y = g.atom("x"), g.atom("y")
    node = y
    for i in range(20_000):
        node = 1 - (node if i % 2 else g.named(f"n_{i}", lambda inner=node: inner))
    many = [(x + i) * (y - i) for i in range(20_000)]
    apart = [x * y - i * x + i * y - i**2 for i in range(20_000)]
    assert signature(node - y).zero is True
    assert signature(g.sum(many) - g.sum(apart)).zero is True
    assert signature(g.sum(many) - g.sum(apart[1:])).zero is False


# --- balls ---


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
