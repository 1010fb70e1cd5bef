"""Certified gradients at the edges: saturation, cancelling, underflow, kinks, and numbers that are refused."""

import math

import numpy as np
import pytest

from derive.derivation import Derivation
from derive.network import Network
from verify.certificates import Certifier, NotCertified, certify
from verify.engine.core import Engine
from verify.oracles import DomainError, PointError
from verify.programs.reading import program_read


def read(*lines, wrt=(), shapes=None):
    return program_read(list(lines), shapes or {}, list(wrt)).program


CANCELLED = [
    (r"f = \sum_i \log(1 - \operatorname{sigmoid}(x_i))", [1000.0, -1000.0, 1e5], [-1.0, 0.0, -1.0]),
    (r"f = \sum_i \operatorname{softplus}(x_i)", [-1000.0, 1000.0], [0.0, 1.0]),
    (r"f = \log \sum_i e^{x_i}", [1000.0, -1000.0], [1.0, 0.0]),
    (r"f = \sum_i ((x_i + 1)^2 - x_i^2 - 2 x_i)", [1e15, -1e8], [0.0, 0.0]),
]


@pytest.mark.parametrize("line, x, wanted", CANCELLED)
def test_what_is_saturated_or_cancels_is_certified_all_the_same(line, x, wanted):
    truth = Certifier(read(line)).truth({"x": np.array(x)})
    np.testing.assert_allclose(truth.gradients["x"], wanted, rtol=1e-15, atol=1e-300)
    assert truth.certify({"x": truth.gradients["x"]}).digits >= 15 and not truth.enclosure.kinks


def test_a_derivative_that_is_truly_0_by_cancelling_is_settled_without_end():
    program = read(r"p_i = \frac{e^{x_i + c}}{\sum_k e^{x_k + c}}", r"f = \sum_i p_i y_i", wrt=["c"])
    truth = Certifier(program).truth({"x": np.array([0.1, 0.7, -3.0]), "y": np.arange(3.0), "c": 0.7})
    assert truth.gradients["c"] == 0 and truth.enclosure.bits <= 4096
    assert truth.certify({"c": 0.0}).holds and not truth.certify({"c": 1e-9}).holds


def test_a_saturated_network_forgives_a_lost_slope_but_no_wrong_one():
    network = Network([1, 1, 1])
    point = {"W": [np.array([[40.0]]), np.array([[1.0]])], "b": [np.zeros(1), np.zeros(1)], "x": [1.0], "y": [0.0]}
    loss, gradients = Engine(Derivation(network), backend="numpy")(point, np.ones(1), np.zeros(1))
    found = certify(network, point, gradients, loss=loss)
    assert found.holds and found.row("W1").digits < 5  # a(1 − a) is 0 in floats; the truth is 4e-18 of the rest
    gradients["W"][1] = gradients["W"][1] * (1 + 1e-6)
    assert not certify(network, point, gradients).holds


def test_what_underflows_on_the_way_is_no_mistake_and_what_is_lost_above_it_is():
    program = read(r"f = \sum_i x_i^{20} y_i", wrt=["y"])
    small, larger = np.array([1e-2]), np.array([3e-2])  # to the 20th: 1e-40, which is subnormal, and 3.5e-31
    for x, holds in ((small, True), (larger, False)):
        assert certify(program, {"x": x, "y": np.ones(1)}, {"y": np.zeros(1)}, "float32").holds is holds


KINKS = [
    (r"f = \sum_i |x_i|", [1.0, 0.0]),
    (r"f = \sum_i \operatorname{relu}(x_i)", [1.0, 0.0]),
    (r"f = \sum_i (\operatorname{relu}(x_i) + \operatorname{relu}(-x_i))", [1.0, 0.0]),
    (r"f = \sum_i \max(x_i, 0)", [1.0, 0.0]),
    (r"f = \sum_i x_i \operatorname{sign}(x_i)", [1.0, 0.0]),
    (r"f = \sum_i \sqrt{x_i}", [1.0, 0.0]),
    (r"f = \sum_i |x_i - 1/10|", [1.0, 0.1]),
]


@pytest.mark.parametrize("line, x", KINKS)
def test_at_a_kink_there_is_no_derivative_and_the_other_entries_are_certified(line, x):
    truth = Certifier(read(line)).truth({"x": np.array(x)})
    first = truth.gradients["x"][0]
    found = truth.certify({"x": np.array([first, 0.25])})
    assert found.holds and found.row("x").open == 1 and found.row("x").digits >= 15 and found.kinks
    assert found.row("x").verdict == "open" and "no derivative" in found.row("x").note
    assert not truth.certify({"x": np.array([first * (1 + 1e-6), 0.25])}).holds


SMOOTH = [
    (r"f = \sum_i \begin{cases} x_i^2 & x_i > 0 \\ -x_i^2 & \text{otherwise} \end{cases}", 0.0),
    (r"f = \sum_i \operatorname{relu}(x_i)^2", 0.0),
    (r"f = \sum_i \begin{cases} e^{x_i} - 1 & x_i < 0 \\ x_i & x_i \ge 0 \end{cases}", 1.0),
    (r"f = \sum_i x_i^{3/2}", 0.0),
]


@pytest.mark.parametrize("line, slope", SMOOTH)
def test_where_cases_meet_smoothly_there_is_a_derivative(line, slope):
    truth = Certifier(read(line)).truth({"x": np.zeros(2)})
    np.testing.assert_array_equal(truth.gradients["x"], [slope, slope])
    assert not truth.enclosure.kinks and truth.certify({"x": np.full(2, slope)}).row("x").open == 0


def test_a_wrong_gradient_at_a_kink_of_another_neuron_is_found():
    network = Network([2, 2, 1], ["relu", "linear"])
    point = {"W": [np.array([[1.0, -1.0], [0.3, 0.2]]), np.array([[0.7, -0.4]])], "b": [np.zeros(2), np.zeros(1)],
             "x": np.ones(2), "y": np.zeros(1)}  # fmt: skip
    found = Certifier(network).truth(point)
    gradients = {
        "W": [found.gradients["W1"], found.gradients["W2"]],
        "b": [found.gradients["b1"], found.gradients["b2"]],
    }
    right = found.certify(gradients)
    assert right.holds and right.row("W1").open == 2 and "relu" in right.kinks[0]
    gradients["W"][0] = gradients["W"][0] * np.array([[1.0, 1.0], [1.0, 1 + 1e-6]])
    wrong = found.certify(gradients)
    assert not wrong.holds and wrong.worst.place == "W1[2, 2]"


REFUSED = [
    (r"f = \sum_i \log x_i", {"x": [-1.0]}, DomainError, "f has no finite value"),
    (r"f = \log \det A", {"A": np.ones((2, 2))}, DomainError, "the determinant may be 0"),
    (r"f = \operatorname{tr}(A^{-1})", {"A": np.ones((2, 2))}, DomainError, "the matrix may be singular"),
    (r"f = \sum_i g(x_i)", {"x": [1.0]}, NotCertified, "of which nothing is known"),
    (r"f = \sum_i x_i^2", {"x": [math.nan]}, PointError, "entry (1) of x is not finite"),
    (r"f = \sum_i x_i^2", {"x": [1j]}, PointError, "these are complex"),
    (r"f = \sum_i x_i^2", {"x": "abc"}, PointError, "no numbers"),
    (r"f = \sum_i x_i^2", {"x": [[1.0], [1.0, 2.0]]}, PointError, "rows have one length"),
    (r"f = \sum_i x_i^2", {}, PointError, "has no entry for 'x'"),
    (r"f = \sum_i x_i y_i", {"x": [1.0], "y": [1.0, 2.0]}, PointError, "elsewhere"),
    (r"f = \sum_i x_i y_i", {"x": 1.0, "y": [1.0]}, PointError, "1 axis"),
    (r"Y_i = x_i^2", {"x": [1.0]}, PointError, "give upstream"),
]  # fmt: skip


@pytest.mark.parametrize("line, values, error, words", REFUSED)
def test_what_cannot_be_certified_is_said_in_one_sentence(line, values, error, words):
    with pytest.raises(error) as caught:
        Certifier(read(line, wrt=["A"] if "A" in values else ["x"])).truth(values)
    assert words in str(caught.value) and "\n" not in str(caught.value)


def test_gradients_that_do_not_fit_are_refused():
    program, values = read(r"f = \sum_i x_i^2"), {"x": np.ones(3)}
    truth = Certifier(program).truth(values)
    for wrong, words in (({"x": np.ones(2)}, "must have the shape (3,)"), ({"z": 1.0}, "not by z"),
                         ({"x": np.ones(3) * 1j}, "complex")):  # fmt: skip
        with pytest.raises(PointError, match=None) as caught:
            truth.certify(wrong)
        assert words in str(caught.value)
    with pytest.raises(PointError, match="dtype must be"):
        certify(program, values, {}, "float16")
    with pytest.raises(PointError, match="larger than any float32"):
        certify(program, {"x": np.array([1e300])}, {}, "float32")
    with pytest.raises(TypeError, match="is certified"):
        certify("f", values, {})
