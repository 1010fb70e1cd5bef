"""Balls enclose the true gradients, and what is certified is a bound: both against 200 digits of mpmath."""

import math
from dataclasses import replace

import mpmath
import numpy as np
import pytest
from flint import arb, ctx
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.network import Network
from derive.tables.activations import ACTIVATIONS
from derive.tables.losses import LOSSES
from verify.oracles import DomainError, Point, PointError, Truth, certify
from verify.oracles.arithmetic import Complexes, Floats
from verify.oracles.balls import Balls
from verify.oracles.enclosure import enclose
from verify.oracles.tape import reverse, rounded


class Digits:
    """The namespace of mathematics over mpmath numbers, one neuron at a time."""

    exp, log, sqrt = (staticmethod(function) for function in (mpmath.exp, mpmath.log, mpmath.sqrt))
    tanh, cosh, erf = (staticmethod(function) for function in (mpmath.tanh, mpmath.cosh, mpmath.erf))
    abs, number, pi = staticmethod(abs), mpmath.mpf, mpmath.pi

    def __init__(self, total=None):
        self.total = total

    @staticmethod
    def choose(c, yes, no):
        return yes if c > 0 else no


def loss_in_digits(network, point, W, b, x):
    """E by plain loops over numbers."""
    a = list(x)
    for number, layer in enumerate(network.stack):
        constants = [mpmath.mpf(value) for value in point.constants_of(layer)]
        before = [*a, mpmath.mpf(1)] if layer.bias == "appended" else a
        z = before if layer.bias_only else [sum(w * u for w, u in zip(row, before, strict=True)) for row in W[number]]
        z = [u + v for u, v in zip(z, b[number], strict=True)] if layer.bias == "separate" else z
        m = Digits(lambda f, z=z: sum(f(u) for u in z))
        a = [layer.row.forward(m, u, *constants) for u in z]
    pairs = [(mpmath.mpf(u), mpmath.mpf(v)) for u, v in zip(a, point.y.tolist(), strict=True)]
    return network.loss_row.forward(Digits(), lambda f: sum(f(u, v) for u, v in pairs), len(pairs))


def numbers(point):
    """The parameters as nested lists of mpmath numbers."""
    W = [None if one is None else [[mpmath.mpf(v) for v in row] for row in one.tolist()] for one in point.W]
    b = [None if one is None else [mpmath.mpf(v) for v in one.tolist()] for one in point.b]
    return W, b, [mpmath.mpf(v) for v in point.x.tolist()]


def slope_in_digits(network, point, change):
    """∂E by a central difference with 200 digits, which leaves about 100 of them."""
    h, values = mpmath.mpf(10) ** -60, []
    for t in (h, -h):
        W, b, x = numbers(point)
        change(W, b, x, t)
        values.append(loss_in_digits(network, point, W, b, x))
    return (values[0] - values[1]) / (2 * h)


def moved(role, number, j, k):
    def change(W, b, x, t):
        if role == "x":
            x[j] += t
        elif role == "b":
            b[number - 1][j] += t
        else:
            W[number - 1][j][k] += t

    return change


def in_digits(ball):
    """The midpoint and the radius of a ball, exactly."""
    (mid, mid_power), (rad, rad_power) = ball.mid().man_exp(), ball.rad().mid().man_exp()
    return mpmath.ldexp(int(mid), int(mid_power)), mpmath.ldexp(int(rad), int(rad_power)) * (1 + mpmath.mpf(2) ** -20)


def assert_encloses(network, point):
    """One entry of every array: the truth lies in the product of its two balls, which are tight."""
    truth = Truth.at(network, point)
    rng = np.random.default_rng(1)
    for role, number in truth.arrays:
        left, right = truth.factors(role, number)
        j, k = int(rng.integers(len(left))), int(rng.integers(len(right)))
        with ctx.workprec(400):
            ball = left[j] * right[k]
        true = slope_in_digits(network, point, moved(role, number, j, k))
        mid, radius = in_digits(ball)
        assert abs(true - mid) <= radius + mpmath.mpf(10) ** -90 * (1 + abs(true)), (role, number, j, k)
        assert radius <= mpmath.mpf(2) ** -80 * abs(mid) + mpmath.mpf(10) ** -300


@pytest.fixture(autouse=True)
def digits():
    with mpmath.workdps(200):
        yield


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_activation_is_enclosed(activation):
    network = Network([2, 3, 2], activation, "half-squared-error")
    assert_encloses(network, Point.random(network, 1))


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("last", ["sigmoid", "softmax"])
def test_every_loss_is_enclosed(loss, last):
    network = Network([2, 3, 3], ["tanh", last], loss)
    assert_encloses(network, Point.random(network, 2))


@settings(max_examples=30, deadline=None, derandomize=True)
@given(st.data())
def test_random_networks_are_enclosed_also_far_out(data):
    widths = data.draw(st.lists(st.integers(1, 4), min_size=2, max_size=4))
    depth = len(widths) - 1
    names = data.draw(st.lists(st.sampled_from(sorted(ACTIVATIONS)), min_size=depth, max_size=depth))
    bias = data.draw(st.lists(st.sampled_from(["separate", "appended", "none"]), min_size=depth, max_size=depth))
    network = Network(widths, names, data.draw(st.sampled_from(["log-cosh", "huber", "mse"])), bias)
    try:
        point = Point.random(network, data.draw(st.integers(0, 50)))
    except PointError:
        return
    scale = data.draw(st.sampled_from([1.0, 1.0, 7.0]))
    point = replace(point, W=tuple(scale * one for one in point.W))
    if not Truth.at(network, point).kinks:
        assert_encloses(network, point)


def test_the_precision_rises_until_the_balls_are_tight():
    network = Network([1, 1], "sigmoid", "binary-cross-entropy")
    precisions = []
    for z in (1.0, 100.0, 700.0):
        point = Point((np.ones((1, 1)),), (np.zeros(1),), np.array([z]), np.array([0.5]))
        found = enclose(network, point)
        precisions.append(found.precision)
        assert all(ball.rel_accuracy_bits() >= 80 for factor in found.factors for ball in factor)
    assert precisions == sorted(precisions) and precisions[0] == 128 and precisions[-1] > 1000


def test_a_domain_that_is_left_is_an_error_with_the_numbers():
    network = Network([1, 1], "linear", "binary-cross-entropy")
    point = Point((np.ones((1, 1)),), (np.zeros(1),), np.array([1.5]), np.array([0.5]))
    says = r"binary cross-entropy, which needs outputs above 0 and below 1, got the outputs a = \(1.5\)"
    with pytest.raises(DomainError, match=says):
        enclose(network, point)


# What is certified


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.floats(-1e-3, 1e-3), st.integers(0, 3), st.integers(0, 2))
def test_the_certified_bound_holds_and_is_sharp(error, j, k):
    network = Network([3, 4, 2], "tanh")
    point = Point.random(network, 3)
    gradients = Truth.at(network, point).gradients()
    gradients["W"][0][j, k] *= 1 + error
    true = slope_in_digits(network, point, moved("W", 1, j, k))
    relative = abs(mpmath.mpf(float(gradients["W"][0][j, k])) - true) / abs(true)
    row = certify(network, point, gradients)[0]
    assert mpmath.mpf(row.relative) >= relative
    assert mpmath.mpf(row.relative) <= max(relative, mpmath.mpf(2) ** -51) * (1 + mpmath.mpf(10) ** -9)
    assert bool(row.failures) == (abs(error) > 1.1e-9) or 0.9e-9 < abs(error) < 1.1e-9
    if row.failures:
        assert row.wrong == (j + 1, k + 1)


def test_exact_floats_are_certified_to_the_last_digit():
    network = Network([1, 1], "linear")
    point = Point((np.ones((1, 1)),), (np.zeros(1),), np.array([3.0]), np.array([1.0]))
    rows = certify(network, point, {"W": [np.array([[6.0]])], "b": [np.array([2.0])], "x": np.array([2.0])})
    assert [row.digits for row in rows] == [17, 17, 17] and all(row.relative < 1e-28 for row in rows)
    rows = certify(network, point, {"W": [np.array([[6.0 + 2.0**-50]])], "b": [np.array([2.0])]})
    assert [row.name for row in rows] == ["W1", "b1"] and rows[0].relative == pytest.approx(2.0**-50 / 6, rel=1e-12)


def test_one_unit_in_the_last_place_is_seen():
    network = Network([2, 2], "sigmoid")
    point = Point.random(network, 1)
    right = Truth.at(network, point).gradients()
    bound = certify(network, point, right)[1].relative
    wrong = {**right, "b": [np.nextafter(right["b"][0], 1)]}
    assert bound < 2.0**-53 * 1.001 and 2.0**-54 < certify(network, point, wrong)[1].relative < 2.0**-51


def test_entries_far_below_the_smallest_float():
    network = Network([1, 1], "sigmoid")
    point = Point((np.ones((1, 1)),), (np.zeros(1),), np.array([-2000.0]), np.array([1.0]))
    zeros = {"W": [np.zeros((1, 1))], "b": [np.zeros(1)], "x": np.zeros(1)}
    rows = certify(network, point, zeros)
    assert all(row.failures == 0 and row.exact_zeros == 1 for row in rows)
    assert certify(network, point, {**zeros, "x": np.full(1, 1e-200)})[2].failures == 0  # within rounding of σ′ ≤ ¼
    assert certify(network, point, {**zeros, "x": np.full(1, 1e-10)})[2].failures == 1


# The namespace and the tape

FUNCTIONS = {
    "exp": lambda m, u: m.exp(u),
    "log": lambda m, u: m.log(u),
    "sqrt": lambda m, u: m.sqrt(u),
    "tanh": lambda m, u: m.tanh(u),
    "cosh": lambda m, u: m.cosh(u),
    "erf": lambda m, u: m.erf(u),
    "abs": lambda m, u: m.abs(u) + m.abs(-u),
    "choose": lambda m, u: m.choose(u - 1, u**3, u * 2 - m.number(1) / 2),
    "power": lambda m, u: u**2 + 2 / u - u / 3,
    "sides": lambda m, u: (1 - u) * (2 + u) / (3 - u) - (u - 5) / (u + u * u),
    "constant": lambda m, u: m.sqrt(2) * u + m.pi,
}


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("at", [0.25, 0.75, 1.5])
def test_the_slope_of_every_function_in_every_arithmetic(name, at):
    function = FUNCTIONS[name]
    true = mpmath.diff(lambda u: function(Digits(), u), mpmath.mpf(at))
    for m, tolerance in ((Floats(), 1e-14), (Complexes(), 1e-14)):
        _, pull = reverse(m, function, m.vector(np.array([at, at])))
        assert abs(pull(np.ones(2))[1] - float(true)) <= tolerance * max(1, abs(float(true)))
    step = np.imag(function(Complexes(), np.array([at + 1e-30j]))) / 1e-30
    assert abs(step[0] - float(true)) <= 1e-14 * max(1, abs(float(true)))
    with ctx.workprec(300):
        m = Balls()
        _, pull = reverse(m, function, m.vector([at]))
        mid, radius = in_digits(pull(m.vector([1]))[0])
    assert abs(mid - true) < 1e-80 and radius < 1e-80


def test_balls_of_which_the_sign_is_unknown_enclose_both_branches():
    unknown = np.array([arb(0, 1e-3)], dtype=object)
    for side, slope in ((1, 1), (-1, -1)):
        m = Balls(side=side)
        value, pull = reverse(m, lambda m, u: m.abs(u), unknown)
        assert value[0].contains(arb("0.0005")) and pull(m.vector([1]))[0] == slope and m.undecided
    m = Balls()
    chosen = m.choose(unknown, np.array([arb(1)], dtype=object), np.array([arb(-1)], dtype=object))[0]
    assert chosen.contains(1) and chosen.contains(-1) and m.jumps.all()


def test_a_forced_neuron_is_undecided_and_its_neighbour_is_not():
    m = Balls(forced=np.array([True, False]))
    value, _ = reverse(m, lambda m, u: m.choose(u, 3 * u, u), m.vector([1.0, 1.0]))
    assert value[0].contains(1) and value[0].contains(3) and value[1] == 3
    assert m.undecided and m.jumps.tolist() == [True, False]


def test_powers_of_a_ball_around_zero_are_numbers():
    m = Balls()
    value, pull = reverse(m, lambda m, u: u**2, np.array([arb(0, 1e-9)], dtype=object))
    assert value[0].contains(0) and value[0].is_finite() and pull(m.vector([1]))[0].contains(0)


def test_a_branch_that_is_not_taken_does_no_harm():
    def function(m, u):
        return m.choose(u, u * m.log(u), 0 * u)

    for m in (Floats(), Complexes()):
        with np.errstate(all="ignore"):
            value, pull = reverse(m, function, m.vector(np.array([0.0, -1.0, 1.0])))
            assert value.tolist() == [0, 0, 0] and pull(np.ones(3)).tolist() == [0, 0, 1]
    m = Balls()
    value, pull = reverse(m, function, m.vector([-1.0, 1.0]))
    assert [float(one) for one in value] == [0, 0] and [float(one) for one in pull(m.vector([1, 1]))] == [0, 1]


def test_undefined_is_never_chosen_away():
    with np.errstate(all="ignore"):
        for m in (Floats(), Complexes()):
            assert np.isnan(m.choose(m.log(m.vector(np.array([-1.0]))), 1.0, 2.0)).all()


def test_the_rounding_of_a_formula_counts_what_cancels():
    erf = rounded(Floats(), lambda m, u: 1 + m.erf(u), np.array([-9.0]))
    assert erf[0] == pytest.approx(1, rel=1e-6)
    assert rounded(Floats(), lambda m, u: m.exp(u), np.array([-9.0]))[0] == pytest.approx(math.exp(-9))
