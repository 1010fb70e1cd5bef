"""σ′ in the value of σ, found by elimination: compared with numbers that know nothing of it."""

import math

import pytest
from sympy import Symbol, lambdify

from derive.closedform import closed_form
from derive.functions import head
from derive.network import Network
from derive.tables.activations import ACTIVATIONS

ELEMENTWISE = [name for name, row in ACTIVATIONS.items() if row.elementwise and name != "linear"]


def slope_at(name: str, z: float) -> tuple[float, float]:
    """The closed form at z, and a central difference of the row's own formula."""
    constants = {key: 0.7 + place for place, key in enumerate(ACTIVATIONS[name].constants)}
    definition = Network([1, 1], {"name": name, **constants}).program.functions[0]
    value = definition.lhs
    forward = lambdify(value.args[0], definition.rhs, ["math", {"erf": math.erf}])
    a, u = Symbol("a"), value.args[0]
    slope = lambdify(
        (u, a), closed_form(definition).xreplace({value: a}), ["math", {"sign": lambda v: math.copysign(1, v)}]
    )
    step = 1e-5
    return slope(z, forward(z)), (forward(z + step) - forward(z - step)) / (2 * step)


@pytest.mark.parametrize("name", ELEMENTWISE)
@pytest.mark.parametrize("z", [-1.3, -0.4, 0.2, 0.9, 2.1])
def test_every_closed_form_is_the_slope(name, z):
    claimed, measured = slope_at(name, z)
    assert claimed == pytest.approx(measured, rel=1e-8, abs=1e-9)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("sigmoid", lambda a: a * (1 - a)),
        ("tanh", lambda a: 1 - a**2),
        ("softplus", lambda a: 1 - math.e ** (-a)),
    ],
)
def test_where_the_value_determines_the_slope_the_closed_form_is_in_the_value_alone(name, expected):
    definition = Network([1, 1], name).program.functions[0]
    value = definition.lhs
    form = closed_form(definition).xreplace({value: Symbol("a", real=True)})
    assert form.free_symbols == {Symbol("a", real=True)}
    assert float(form.subs("a", 0.3) if not form.has(Symbol("a", real=True)) else form.xreplace(
        {Symbol("a", real=True): 0.3})) == pytest.approx(expected(0.3))  # fmt: skip


def test_the_derivative_of_a_head_is_the_next_head():
    u = Symbol("u", real=True)
    assert head("sigmoid")(u).fdiff() == head("sigmoid", 1)(u)
    assert head("sigmoid", 1)(u).fdiff() == head("sigmoid", 2)(u)
