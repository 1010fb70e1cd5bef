"""The exact judge: tables of what it proves and what it must not, and properties against mpmath."""

from __future__ import annotations

from collections.abc import Callable
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
from tests.graph_identities import DIFFERENT, HALF, IDENTITIES, Case, sin
from verify.graph.nodes import Graph, Node
from verify.graph.normal import NormalForm


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


@settings(max_examples=60, deadline=None)
@given(trees(EVERYTHING, 5), trees(EVERYTHING, 3))
def test_signs_that_are_known_are_right(tree: Tree, assumed: Tree) -> None:
    g = Graph()
    node, fact = built(g, tree), built(g, assumed)
    form = NormalForm(g, positive=[g.atom("x") - HALF, fact])
    known = {part: form.sign(part) for part in (node, node - fact, node * fact, g.atom("x"))}
    for numbers in POINTS:
        point = dict(zip(map(g.atom, NAMES), numbers, strict=True))
        try:
            if numbers[0] > HALF and value(fact, point) > 0:
                for part, sign in known.items():
                    assert sign is None or value(part, point) * sign > -1e-25
        except NoValue:
            continue


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


@pytest.mark.parametrize("repeat", [40, 400])
def test_hostile_nesting_is_given_up_or_answered(repeat: int) -> None:
    g = Graph()
    x = g.atom("x")
    steps: list[Callable[[Node, Node], Node]] = [
        lambda d, y: g.abs(d) + 1 - x,
        lambda d, y: sin(3 * d) + d,
        lambda d, y: g.maximum(d, y),
        lambda d, y: g.root(d + y),
        lambda d, y: 1 / (d + 1 / y),
        lambda d, y: g.log(1 + y**2 * g.exp(d)),
        lambda d, y: g.exp(-d) + 1,
        lambda d, y: d**2 * (1 + g.root(g.number(2))),
        lambda d, y: (d + 1) * (d + 1) * g.pi,
    ]
    for step_of in steps:
        deep = x
        for i in range(repeat):
            deep = step_of(deep, g.atom(f"y_{i}"))
        form = NormalForm(g)
        assert form.zero(deep - x) is False or form.reason


def test_a_deep_expression_is_walked_without_recursion() -> None:
    g = Graph()
    node = g.atom("x")
    for i in range(20_000):
        node = g.named(f"a_{i}", lambda inner=node: inner)
    assert NormalForm(g).equal(node, g.atom("x")) is True


def test_nodes_of_another_graph_are_refused() -> None:
    with pytest.raises(ValueError, match="another graph"):
        NormalForm(Graph()).zero(Graph().atom("x"))
