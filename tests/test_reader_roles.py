"""What only the roles decide: applications, groupings, reach, index lists, names of several letters."""

import pytest

from tests.sketch import sketch
from verify.latex import exponent_of, extents, groupings, joined, read, resolved, splits
from verify.latex import tree as t
from verify.latex.resolve import call_of, factors_of


def body(text):
    return read(text).statements[0].body


def is_function(head):
    base = head.base if isinstance(head, t.Scripted) else head
    return isinstance(base, t.Letter) and base.name in (r"\sigma", "f")


RESOLVED = [
    ("f(x)^2 (1 - a)", "⟨pow([f (x)], 2) (1 − a)⟩"),
    ("2 a(1-a)^2 b", "⟨2 a pow((1 − a), 2) b⟩"),
    (r"\log a (1-a)", "⟨[mathrm:log a] (1 − a)⟩"),
    (r"\log f(x)", "[mathrm:log [f (x)]]"),
    (r"\nabla_a C (a-y)", "⟨∇(C; a) (a − y)⟩"),
    (r"\nabla_a f(a)", "∇([f (a)]; a)"),
    ("x/a(1-a)", "⟨(x / a) (1 − a)⟩"),
    ("x/f(a)", "(x / [f (a)])"),
    (r"\frac{\partial C}{\partial a}(a-y)", "⟨D(C; a) (a − y)⟩"),
]


@pytest.mark.parametrize(("text", "expected"), RESOLVED)
def test_roles_decide_what_is_applied(text, expected):
    assert sketch(resolved(body(text), is_function)) == expected


GROUPED = [
    (r"W^T \delta \odot s", [r"⟨⟨WT \delta⟩ \odot s⟩", r"⟨WT (⟨\delta \odot s⟩)⟩"]),
    (r"x \otimes \delta \odot s", [r"⟨x \otimes \delta \odot s⟩", r"⟨x \otimes (⟨\delta \odot s⟩)⟩"]),
    (r"a \odot b \odot c", [r"⟨a \odot b \odot c⟩"]),
    ("a b c", ["⟨a b c⟩"]),
]


@pytest.mark.parametrize(("text", "expected"), GROUPED)
def test_other_groupings_of_a_product(text, expected):
    assert [sketch(one) for one in groupings(body(text))] == expected


def test_there_are_never_too_many_groupings():
    chain = r"a b \odot c d \odot e f \odot g h \odot i j"
    assert len(list(groupings(body(chain), 50))) == 50
    assert len(list(groupings(body(chain + r"\odot k l \odot m")))) == 1


REACH = [
    (r"\log a b", ["[mathrm:log ⟨a b⟩]", "⟨[mathrm:log a] b⟩"]),
    ("1/2 x", ["⟨(1 / 2) x⟩", "(1 / (⟨2 x⟩))"]),
    (r"\sum_k w_k (a - b)", ["sum[k](w_{k}{a − b})"]),
    (r"\frac{d}{dz} x y", ["O(⟨x y⟩; z)", "⟨(O(x; z)) y⟩"]),
]


@pytest.mark.parametrize(("text", "expected"), REACH)
def test_how_far_an_operator_may_reach(text, expected):
    assert [sketch(one) for one in extents(body(text))] == expected


INDICES = [
    ("x_{jk}", 2, ["j,k"]), ("x_{12}", 2, ["1,2"]), ("x_{123}", 2, ["1,23", "12,3"]), ("x_{j,k+1}", 2, ["j,k + 1"]),
    ("x_{jk+1}", 2, ["j,k + 1"]), ("x_{l-1 j}", 2, ["l − 1,j"]), ("x_{12}", 1, ["12"]), ("x_{10}", 2, ["1,0"]),
    ("x_{1,2}", 1, []), ("x_{j}", 2, []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "slots", "expected"), INDICES)
def test_index_lists(text, slots, expected):
    found = [",".join(map(sketch, one)) for one in splits(body(text).lower, slots)]
    assert found == expected


def test_names_of_several_letters():
    assert sketch(joined(body("dz^{[2]} a^T"), {"dz"})) == "⟨dz^{[2]} aT⟩"
    net = joined(body(r"\frac{\partial o_j}{\partial net_j} = ∂o/∂net_j x"), {"net"})
    assert sketch(net) == "D(o_{j}; net_{j}) = ⟨D(o; net_{j}) x⟩"
    assert sketch(joined(body(r"d \cdot z"), {"dz"})) == "⟨d·z⟩"


EXPONENTS = [("e^x", "x"), ("e^{(x)}", "x"), (r"\mathrm{e}^{-x}", "−x"), ("a^x", "")]


@pytest.mark.parametrize(("text", "expected"), EXPONENTS)
def test_exponentials(text, expected):
    exponent = exponent_of(body(text))
    assert (sketch(exponent) if exponent else "") == expected


def test_both_readings_of_an_application():
    node = body("a(1-a)^2")
    assert sketch(call_of(node)) == "pow([a (1 − a)], 2)"
    assert [sketch(one) for one in factors_of(node)] == ["a", "pow((1 − a), 2)"]
