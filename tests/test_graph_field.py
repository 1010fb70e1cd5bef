"""The prime field: what its verdicts promise, its limits, and that it never contradicts the normal form."""

from __future__ import annotations

import random
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given, settings

from tests.graph_expressions import (
    RATIONAL,
    SMOOTH,
    Tree,
    built,
    sigmoid,
    trees,
)
from tests.graph_identities import DIFFERENT, IDENTITIES, Case
from verify.graph import signature as field
from verify.graph.nodes import Graph
from verify.graph.normal import NormalForm
from verify.graph.signature import FIELDS, Field, signature


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
