"""Derivatives in the graph against differences of values, computed in balls at rational points."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verify.graph.adjoints import Calculus, consumers_of, leaves_of, substituted
from verify.graph.enclosure import Enclosure
from verify.graph.nodes import Graph

STEP = Fraction(1, 10**8)
X, Y = Fraction(3, 4), Fraction(5, 3)


def slope(graph, node, atom, at):
    """The central difference, of which the error is about the square of the step."""
    up = Enclosure(graph, {**at, atom: at[atom] + STEP}, bits=256).of(node)
    down = Enclosure(graph, {**at, atom: at[atom] - STEP}, bits=256).of(node)
    return float((up - down) / (2 * STEP.numerator) * STEP.denominator)


MAKERS = (
    lambda g, u, v: u + v,
    lambda g, u, v: u * v,
    lambda g, u, v: u - 2 * v,
    lambda g, u, v: u / (1 + v * v),
    lambda g, u, v: g.exp(-u * u / 4),
    lambda g, u, v: g.log(2 + v * v),
    lambda g, u, v: g.root(1 + u * u + v * v),
    lambda g, u, v: g.root(3 + u * u, 3),
    lambda g, u, v: g.function("erf", u),
    lambda g, u, v: g.function("sin", u) * g.function("cos", v),
    lambda g, u, v: g.function("arctan", u - v),
    lambda g, u, v: g.choose(u - 7 * v - 1, u * u, v * u),
    lambda g, u, v: u**3 - v**2,
    lambda g, u, v: g.abs(u + 3 * v + 1),
)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, len(MAKERS) - 1), st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=6)
)
def test_slopes_are_what_differences_say(plan):
    graph = Graph()
    x, y = graph.atom("x"), graph.atom("y")
    nodes = [x, y]
    for maker, i, j in plan:
        nodes.append(MAKERS[maker](graph, nodes[i % len(nodes)], nodes[j % len(nodes)]))
    at = {x: X, y: Y}
    calculus = Calculus(graph, lambda node: ())
    for atom in (x, y):
        found = calculus.total(nodes[-1], atom)
        value = float(Enclosure(graph, at, bits=128).of(found))
        assert value == pytest.approx(slope(graph, nodes[-1], atom, at), rel=1e-6, abs=1e-6)


def test_derivatives_go_through_names_and_through_every_path():
    graph = Graph()
    x = graph.atom("x")
    u = graph.named("u", lambda: x * x)
    v = graph.named("v", lambda: graph.exp(u) + x)
    loss = graph.named("L", lambda: u * v)
    calculus = Calculus(graph, consumers_of(graph, [u, v, loss]))
    at = {x: X}
    for node in (u, v, loss):
        assert float(Enclosure(graph, at).of(calculus.total(node, x))) == pytest.approx(
            slope(graph, node, x, at), rel=1e-6
        )
    second = calculus.total(calculus.total(loss, x), x)
    assert float(Enclosure(graph, at).of(second)) == pytest.approx(
        slope(graph, calculus.total(loss, x), x, at), rel=1e-6
    )
    assert calculus.total(loss, u) is calculus.total(loss, u)
    assert calculus.total(u, v) is graph.zero


def test_a_name_is_put_in_for_an_atom():
    graph = Graph()
    x, y = graph.atom("x"), graph.atom("y")
    node = graph.exp(x * y) + graph.choose(x, y, x)
    other = substituted(node, {x: y})
    assert leaves_of(other) == [y]
    assert float(Enclosure(graph, {y: Y}).of(other)) == pytest.approx(float(Enclosure(graph, {x: Y, y: Y}).of(node)))
