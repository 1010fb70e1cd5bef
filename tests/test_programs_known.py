r"""The functions that definitions may name: each has the values and the slope that mpmath gives, and a proof."""

import mpmath
import pytest
import sympy

from derive import Derivation, differentiate
from verify.engine.core import Engine
from verify.kernel import KernelError, recheck
from verify.programs.functions import OF_ONE
from verify.programs.reading import programmed

AT = 0.375


def sigmoid(u):
    return 1 / (1 + mpmath.exp(-u))


def softplus(u):
    return mpmath.log(1 + mpmath.exp(u))


TRUTH = {
    "exp": mpmath.exp, "log": mpmath.log, "ln": mpmath.log, "sqrt": mpmath.sqrt, "abs": mpmath.fabs,
    "erf": mpmath.erf, "erfc": mpmath.erfc, "log1p": mpmath.log1p, "expm1": mpmath.expm1,
    "sin": mpmath.sin, "cos": mpmath.cos, "tan": mpmath.tan, "cot": mpmath.cot, "sec": mpmath.sec, "csc": mpmath.csc,
    "arcsin": mpmath.asin, "arccos": mpmath.acos, "arctan": mpmath.atan,
    "sinh": mpmath.sinh, "cosh": mpmath.cosh, "tanh": mpmath.tanh, "sech": mpmath.sech, "csch": mpmath.csch,
    "coth": mpmath.coth, "arsinh": mpmath.asinh, "artanh": mpmath.atanh,
    "sigmoid": sigmoid, "logistic": sigmoid, "logit": lambda u: mpmath.log(u / (1 - u)), "softplus": softplus,
    "relu": lambda u: u, "step": lambda u: mpmath.mpf(1), "heaviside": lambda u: mpmath.mpf(1),
    "sgn": lambda u: mpmath.mpf(1), "sign": lambda u: mpmath.mpf(1), "gelu": lambda u: u * mpmath.ncdf(u),
    "silu": lambda u: u * sigmoid(u), "swish": lambda u: u * sigmoid(u), "mish": lambda u: u * mpmath.tanh(softplus(u)),
    "softsign": lambda u: u / (1 + mpmath.fabs(u)),
}  # fmt: skip


def test_every_function_has_a_truth_to_be_compared_with():
    assert set(TRUTH) == set(OF_ONE)


@pytest.mark.parametrize("word", TRUTH)
def test_a_function_and_its_slope_are_proved_and_right(word):
    derivation = Derivation(programmed([rf"f = \operatorname{{{word}}}(x)"]))
    assert recheck(derivation).steps == len(derivation.steps)
    value, slopes = Engine(derivation, "numpy")({"x": AT})
    assert float(value) == pytest.approx(float(TRUTH[word](AT)), rel=1e-13)
    assert float(slopes["x"]) == pytest.approx(float(mpmath.diff(TRUTH[word], AT)), rel=1e-13)


@pytest.mark.parametrize(
    ("given", "slope"),
    [
        (r"f = \log_2 x", 1 / (AT * mpmath.log(2))),
        (r"f = \ln_{10} x", 1 / (AT * mpmath.log(10))),
        (r"f = \sin^2 x", mpmath.sin(2 * AT)),
        (r"f = \sin^{-1} x", 1 / mpmath.sqrt(1 - AT**2)),
        (r"f = \tan^{-1}(x)", 1 / (1 + AT**2)),
        (r"f = \operatorname{atanh}(x)", 1 / (1 - AT**2)),
        (r"f = \operatorname{expit}(x)", sigmoid(AT) * (1 - sigmoid(AT))),
    ],
)
def test_scripts_on_a_function_are_not_lost(given, slope):
    _, slopes = Engine(Derivation(programmed([given])), "numpy")({"x": AT})
    assert float(slopes["x"]) == pytest.approx(float(slope), rel=1e-13)


def test_the_circular_functions_are_the_same_when_compiled():
    pytest.importorskip("numba")
    given = [r"f = \sum_i (\sin(x_i) + \cos(2 x_i) \tan(x_i) + \arctan(x_i)^2)"]
    derivation = Derivation(programmed(given))
    point = {"x": [0.1, -0.4, 2.5]}
    value, slopes = Engine(derivation, "numpy")(point)
    other, others = Engine(derivation, "compiled")(point)
    assert float(other) == pytest.approx(float(value), rel=1e-14)
    assert list(others["x"]) == pytest.approx(list(slopes["x"]), rel=1e-13)


LIES = {
    sympy.sin: lambda u: -sympy.cos(u),
    sympy.cos: sympy.sin,
    sympy.tan: lambda u: 1 - sympy.tan(u) ** 2,
    sympy.atan: lambda u: 1 / (1 - u**2),
    sympy.log: lambda u: 2 / u,
}


@pytest.mark.parametrize("function", LIES, ids=lambda one: one.__name__)
def test_a_slope_that_lies_is_refused(function, monkeypatch):
    monkeypatch.setitem(differentiate.FUNCTIONS, function, LIES[function])
    word = {sympy.atan: "arctan"}.get(function, function.__name__)
    derivation = Derivation(programmed([rf"f = \sum_i \{word}(2 + x_i)"]))
    with pytest.raises(KernelError):
        recheck(derivation)
