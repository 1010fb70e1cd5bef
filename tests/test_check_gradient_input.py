"""What cannot be checked is refused in one sentence that says what was expected and where."""

import numpy as np
import pytest

from verify.gradients import GradientError, check_gradient

ONES = np.ones(3)
A = np.random.default_rng(1).normal(size=(5, 3))
PAIR = {"W": np.random.default_rng(2).normal(size=(3, 2)), "b": np.zeros(2)}


def square(x):
    return (x**2).sum()


def double(x):
    return 2 * x


def layer(W, b):
    return ((A @ W + b) ** 2).sum()


def dirty(x):
    x *= 2
    return x.sum()


def noisy(x):
    return x.sum() + np.random.default_rng().random()


def fails(x):
    raise KeyError("no such key")


REFUSED = {
    "a vector": (lambda x: x**2, double, ONES, {}, r"must return one number.*shape \(3,\): give upstream="),
    "upstream of another shape": (
        lambda x: x**2,
        double,
        ONES,
        {"upstream": np.ones(2)},
        r"upstream must have the shape",
    ),
    "upstream not finite": (lambda x: x**2, double, ONES, {"upstream": ONES * np.inf}, "upstream must hold finite"),
    "f is nan": (lambda x: np.log(x - 2).sum(), double, ONES, {}, "f gives nan at this point"),
    "nan in at": (square, double, np.array([1, np.nan]), {}, r"x\[1\] in `at` must be a finite number, not nan"),
    "nan in the gradient": (square, lambda x: x * np.nan, ONES, {}, r"gradient of x\[0\] is nan, although f is finite"),
    "integers": (square, double, np.array([1, 2]), {}, "x has the type int64, but derivatives need real floats"),
    "an integer": (lambda x: x * x, double, 3, {}, "derivatives need real floats"),
    "complex numbers": (square, double, ONES * 1j, {}, "complex128, but derivatives need real floats"),
    "a text": (square, double, "abc", {}, "must be an array of floats .* not str"),
    "nothing": (square, double, None, {}, "not NoneType"),
    "an empty array": (square, double, np.ones((0, 3)), {}, r"shape \(0, 3\), which has no entries"),
    "no array": (square, double, (), {}, "must hold at least one array"),
    "not deterministic": (noisy, np.ones_like, ONES, {}, "f is not deterministic: .* fix its seed"),
    "f changes its argument": (dirty, double, ONES, {}, r"f changes its argument: x\[0\] was 1 before the call and 2"),
    "grad changes its argument": (square, lambda x: dirty(x) * x, ONES, {}, r"grad changes its argument: x\[0\]"),
    "f raises": (fails, double, ONES, {}, r"f raised KeyError when it was called as f\(at\).*'no such key'"),
    "grad raises": (square, fails, ONES, {}, "grad raised KeyError"),
    "f needs more": (lambda x, y: x.sum(), double, ONES, {}, "missing 1 required positional argument"),
    "f returns nothing": (lambda x: None, double, ONES, {}, "f must return a number or arrays, not NoneType"),
    "f returns a text": (lambda x: "a", double, ONES, {}, "f must return a number or arrays, not str"),
    "f is complex": (lambda x: x.sum() * 1j, double, ONES, {}, "f returns complex numbers"),
    "f is no function": (3, double, ONES, {}, "f must be a function, not int"),
    "another shape": (square, lambda x: x[:2], ONES, {}, r"gradient of x has the shape \(2,\), but x has \(3,\)"),
    "no gradient": (square, lambda x: None, ONES, {}, "no gradient is given"),
    "a gradient that is a text": (square, "abc", ONES, {}, "gradient of x must be an array, not str"),
    "a key too many": (layer, {"W": 1, "c": 2}, PAIR, {}, "has the key 'c', and `at` has only W, b"),
    "a key too few": (layer, {"W": PAIR["W"]}, PAIR, {}, "lacks the key 'b'"),
    "a list for a dict": (layer, [1, 2], PAIR, {}, r"must be a dict with the keys of `at` \(W, b\)"),
    "too few": (lambda a, b: square(a), (ONES,), (ONES, ONES), {}, "must be a list of 2 arrays .* not 1 of them"),
    "call": (square, double, ONES, {"call": "star"}, "call must be one of auto, one, positional, keyword"),
    "call that does not fit": (square, double, ONES, {"call": "keyword"}, "does not fit `at`"),
    "rtol": (square, double, ONES, {"rtol": -1}, "rtol must be a number from 0 to 1"),
    "entries": (square, double, ONES, {"entries": -1}, "entries must not be negative"),
    "probes": (square, double, ONES, {"probes": -1}, "probes must be True, False"),
    "a probe of another shape": (
        square,
        double,
        ONES,
        {"probes": [np.ones(2)]},
        "must have the structure and the shapes",
    ),
    "context": (square, double, ONES, {"context": {"z": "a"}}, "context must hold arrays, but z is str"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_checked_is_refused_in_one_sentence(name):
    f, grad, at, options, said = REFUSED[name]
    with pytest.raises(GradientError, match=said) as caught:
        check_gradient(f, grad, at, **options)
    assert "\n" not in str(caught.value)
    assert isinstance(caught.value, ValueError)


def test_a_shape_that_does_not_fit_is_mended_where_numbers_allow():
    def grads(W, b):
        delta = 2 * (A @ W + b)
        return {"W": (A.T @ delta).T, "b": delta.sum(0)}

    with pytest.raises(GradientError, match="its transpose is the right gradient"):
        check_gradient(layer, grads, PAIR)
    with pytest.raises(GradientError, match=r"its sum over axis 0 \(the batch\?\) is the right gradient"):
        check_gradient(layer, lambda W, b: {"W": None, "b": 2 * (A @ W + b)}, PAIR)
    with pytest.raises(GradientError, match="the right shape, but not the right numbers"):
        check_gradient(layer, lambda W, b: {"W": W.T, "b": None}, PAIR)


def test_the_arguments_stay_as_they_are():
    at = {"W": PAIR["W"].copy(), "b": [ONES.copy()]}
    seen = []

    def f(p):
        seen.append((type(p["b"]), p["W"].dtype))
        return (p["W"] ** 2).sum() + (p["b"][0] ** 2).sum()

    assert check_gradient(f, lambda p: {"W": 2 * p["W"], "b": [2 * p["b"][0]]}, at)
    assert np.array_equal(at["W"], PAIR["W"]) and np.array_equal(at["b"][0], ONES)
    assert (list, np.dtype("float64")) in seen


def test_extreme_numbers_are_followed():
    for value in (1e-200, 1e-30, 1e30, 1e100):
        assert check_gradient(square, double, np.array([value, 2 * value]))
    assert check_gradient(lambda x: np.exp(x).sum(), np.exp, np.array([700.0, 1.0]))
