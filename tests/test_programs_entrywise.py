"""Functions of products of entries: printed with every ⊙, proved without cases, computed where they are large."""

from fractions import Fraction

import mpmath
import numpy as np
import pytest
from sympy import Integer, KroneckerDelta, cos, sign, sin, tan

from derive import Derivation
from derive.latex import latex
from derive.named import Named
from derive.symbols import Index, Space, Width
from verify.engine.core import Engine
from verify.equality import Reader, Undecided, equal
from verify.equality.polynomial import Polynomial
from verify.equality.powers import power
from verify.programs.reading import programmed
from verify.views import agree

PRINTED = (
    (r"L = \sum_i \sqrt{1 + f_i y_i}", "f", r"\tfrac{1}{2} y \oslash \sqrt{1 + f \odot y}"),
    (r"L = \sum_i \log(1 + f_i^2 y_i^2)", "f", r"2 y \odot y \odot f \oslash (1 + f \odot f \odot y \odot y)"),
    (r"L = \sum_i \log(1 + e^{-y_i f_i})", "f", r"-y \odot \exp(-f \odot y) \oslash (1 + \exp(-f \odot y))"),
    (r"L = \sum_i \sqrt{\frac{x_i}{y_i}}", "y", r"-\tfrac{1}{2} x \oslash \sqrt{x \oslash y} \oslash y^{2}"),
    (r"L = \sum_{ij} \frac{A_{ij}}{A_{ij} + B_{ij}}", "A", r"B \oslash (A + B) \oslash (A + B)"),
    (
        r"L = \sum_{ij} (1 + A_{ij} B_{ij})^{-1/2}",
        "A",
        r"-\tfrac{1}{2} B \oslash (A \odot B + \boldsymbol{1} \boldsymbol{1}^{T})"
        r" \oslash \sqrt{A \odot B + \boldsymbol{1} \boldsymbol{1}^{T}}",
    ),
    (r"L = \sum_i \log(x_i^2 \sqrt{y_i})", "x", r"2 \oslash x"),
    (r"L = \sum_i \log \left|x_i\right|", "x", r"\operatorname{sign}(x) \oslash \operatorname{abs}(x)"),
)


@pytest.mark.parametrize(("given", "letter", "printed"), PRINTED)
def test_what_stands_below_or_under_a_root_is_written_with_arrays_too(given, letter, printed):
    derivation = Derivation(programmed([given]))
    assert latex(derivation.matrix(letter), derivation).partition(" = ")[2] == printed
    assert agree(derivation).entries > 2


N = Space("row", Width("n"), "i")
J, K = Index("i", N), Index("k", N)
X = Named("x", (N,))


@pytest.mark.parametrize("odd", [sin, tan])
def test_an_odd_function_is_0_where_a_delta_makes_its_argument_0(odd):
    apart = X[J] - X[K]
    assert equal(KroneckerDelta(J, K) * odd(apart), Integer(0))
    assert equal(KroneckerDelta(J, K) * sign(odd(apart)), Integer(0))
    assert equal(KroneckerDelta(J, K) * cos(odd(apart)), KroneckerDelta(J, K))
    assert not equal(KroneckerDelta(J, K) * cos(odd(apart)), Integer(0))


def test_a_power_of_0_is_refused():
    with pytest.raises(Undecided, match="a power of 0"):
        power(Polynomial(()), Fraction(-1))
    with pytest.raises(Undecided, match="a power of 0"):
        Reader().form(1 / ((X[J] + 1) ** 2 - X[J] ** 2 - 2 * X[J] - 1))


LARGE = (
    ("arsinh", mpmath.asinh, lambda u: 1 / mpmath.sqrt(1 + u**2)),
    ("sech", mpmath.sech, lambda u: -mpmath.sech(u) * mpmath.tanh(u)),
    ("csch", mpmath.csch, lambda u: -mpmath.csch(u) * mpmath.coth(u)),
    ("coth", mpmath.coth, lambda u: -(mpmath.csch(u) ** 2)),
)


@pytest.mark.parametrize("backend", ["numpy", "compiled"])
@pytest.mark.parametrize(("word", "function", "slope"), LARGE)
def test_hyperbolic_functions_of_large_numbers_are_right(word, function, slope, backend):
    engine = Engine(Derivation(programmed([rf"L = \sum_i \operatorname{{{word}}}(x_i)"])), backend)
    for point in (-1e9, -800.0, -2.0, 0.5, 3.0, 800.0, 1e9):
        loss, found = engine({"x": np.array([point])})
        assert loss == pytest.approx(float(function(mpmath.mpf(point))), rel=1e-12, abs=1e-300)
        assert found["x"] == pytest.approx(float(slope(mpmath.mpf(point))), rel=1e-9, abs=1e-15)
