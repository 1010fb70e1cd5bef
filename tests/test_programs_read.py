"""Definitions in LaTeX become programs: printed as a paper prints them, proved, and equal to plain NumPy."""

import json
from pathlib import Path

import numpy as np
import pytest

from derive import Derivation
from derive.latex import latex
from derive.matrix import NoMatrixForm
from verify import check
from verify.engine.core import Engine
from verify.latex import Unreadable, read, unread
from verify.programs.calls import LISTED
from verify.programs.examined import examined
from verify.programs.reading import NotDerived, program_read, programmed
from verify.programs.truths import truth

LAYER_NORM = (
    r"\mu = \frac{1}{n} \sum_{i=1}^n x_i",
    r"\sigma^2 = \frac{1}{n} \sum_{i=1}^n (x_i - \mu)^2",
    r"\hat{x}_i = \frac{x_i - \mu}{\sqrt{\sigma^2 + \epsilon}}",
    r"y_i = \gamma_i \hat{x}_i + \beta_i",
    r"L = L(y)",
)
BATCH_NORM = (
    r"\mu_j = \frac{1}{n} \sum_{i=1}^n X_{ij}",
    r"\sigma^2_j = \frac{1}{n} \sum_{i=1}^n (X_{ij} - \mu_j)^2",
    r"\hat{X}_{ij} = \frac{X_{ij} - \mu_j}{\sqrt{\sigma^2_j + \epsilon}}",
    r"Y_{ij} = \gamma_j \hat{X}_{ij} + \beta_j",
)
CROSS_ENTROPY = (
    r"Z_{ij} = \sum_k X_{ik} W_{kj} + b_j",
    r"P = \operatorname{softmax}(Z)",
    r"L = -\frac1n \sum_{i=1}^n \sum_j T_{ij} \log P_{ij}",
)
GIVEN = {
    "ridge": (r"f = \lVert X w - y \rVert^2 + \lambda \lVert w \rVert^2",),
    "ridge in bold": (r"J(\mathbf{w}) = \frac{1}{2}\lVert \mathbf{X}\mathbf{w} - \mathbf{y} \rVert_2^2",),
    "linear regression": (
        r"\hat{y}_i = \sum_{j=1}^d X_{ij} w_j + b",
        r"L = \frac{1}{n} \sum_{i=1}^n (\hat{y}_i - y_i)^2",
    ),
    "logistic regression": (
        r"p_i = \operatorname{sigmoid}(\beta_0 + \beta_1 x_i)",
        r"L = -\sum_i \left(t_i \log p_i + (1 - t_i) \log(1 - p_i)\right)",
    ),
    "layer norm": LAYER_NORM,
    "layer norm by name": (r"y = \gamma \odot \operatorname{LayerNorm}(x) + \beta", "L = L(y)"),
    "rms norm": (
        r"r = \frac{1}{\sqrt{\frac1n \sum_i x_i^2 + \epsilon}}",
        r"\hat{x}_i = x_i r",
        r"y_i = \gamma_i \hat{x}_i",
    ),
    "batch norm": BATCH_NORM,
    "softmax": (r"p = \operatorname{softmax}(z)", "L = L(p)"),
    "cross-entropy": CROSS_ENTROPY,
    "attention": (r"S = \frac{Q K^T}{\sqrt{d}}", r"P = \operatorname{softmax}(S)", "O = P V", "L = L(O)"),
    "attention in one line": (r"O = \operatorname{softmax}\left(\frac{Q K^\top}{\sqrt{d}}\right) V",),
    "trace": (r"f = \operatorname{tr}(A^T X)",),
    "quadratic form": (r"f(x) = x^T A x",),
    "least squares": (r"f = \lVert A X - B \rVert_F^2",),
    "log-sum-exp": (r"f = \log \sum_i e^{x_i}",),
    "log det": (r"f = \log \det A",),
    "inverse": (r"f = u^T A^{-1} v",),
    "SwiGLU": (r"A = X W", "B = X V", r"H = \operatorname{SiLU}(A) \odot B"),
    "convolution": (r"y_i = \sum_k w_k x_{i+k-1} + b", "L = L(y)"),
    "convolution from 0": (r"y_i = \sum_{k=0}^{K-1} w_k x_{i+k}", "L = L(y)"),
    "opaque": ("z = W x + b", "y = f(z)", "L = L(y)"),
    "hinge": (r"L = \sum_i \max(0, 1 - y_i (w^T x_i + b)) + \frac{\lambda}{2} \lVert w \rVert^2",),
    "samples": (r"J = \frac{1}{m} \sum_{i=1}^m (h^{(i)} - y^{(i)})^2", r"h^{(i)} = \theta^T x^{(i)}"),
    "gaussian": (r"f = -\frac12 \log|\Sigma| - \frac12 (x - \mu)^T \Sigma^{-1} (x - \mu)",),
    "gram": (r"f = \log\det(X^T X + \lambda I)",),
    "cosine": (r"f = \frac{\langle x, y \rangle}{\lVert x \rVert \lVert y \rVert}",),
    "own function": (r"\phi(u) = u^3", r"f = \sum_i \phi(x_i)"),
    "one entry": (r"L = \sum_j (s_j - s_1)^2",),
    "power": (r"f = \sum_i x_i^{a} + 2^{a}",),
    "rows": (r"L = \frac{1}{2} \sum_{n=1}^N \lVert y_n - W x_n \rVert^2",),
    "unknown entry by entry": (r"y_i = g(x_i, c)", r"f = \sum_i y_i^2"),
    "pairs": (r"f = \sum_{i \ne j} x_i x_j",),
    "cases": (r"h_i = \begin{cases} z_i & z_i > 0 \\ \alpha z_i & z_i \le 0 \end{cases}", r"L = \sum_i h_i^2"),
}
ASSUMED = {"cross-entropy": (r"\sum_j T_{ij} = 1",)}
SHAPES = {"attention": {"Q": ("n", "d"), "K": ("m", "d"), "V": ("m", "e")}}

THREE = (
    r"\left(\frac{\partial L}{\partial\hat{x}_{i}} - \frac{1}{n} \sum_{k} \frac{\partial L}{\partial\hat{x}_{k}}"
    r" - \frac{1}{n} \hat{x}_{i} \sum_{k} \frac{\partial L}{\partial\hat{x}_{k}} \hat{x}_{k}\right)"
)
ENTRIES = {
    ("layer norm", "x"): r"\frac{1}{\sqrt{\sigma^{2} + \epsilon}} " + THREE,
    ("layer norm by name", "x"): r"\frac{1}{\sqrt{\sigma^{2} + \epsilon}} " + THREE,
    ("layer norm", r"\gamma"): r"\frac{\partial L}{\partial y_{i}} \hat{x}_{i}",
    ("rms norm", "x"): r"r\left(\frac{\partial L}{\partial\hat{x}_{i}}"
    r" - \frac{1}{n} \hat{x}_{i} \sum_{k} \frac{\partial L}{\partial\hat{x}_{k}} \hat{x}_{k}\right)",
    ("batch norm", "X"): r"\frac{1}{\sqrt{\sigma^{2}_{j} + \epsilon}} \left(\frac{\partial L}{\partial\hat{X}_{ij}}"
    r" - \frac{1}{n} \sum_{k} \frac{\partial L}{\partial\hat{X}_{kj}}"
    r" - \frac{1}{n} \hat{X}_{ij} \sum_{k} \frac{\partial L}{\partial\hat{X}_{kj}} \hat{X}_{kj}\right)",
    ("batch norm", r"\gamma"): r"\sum_{i} \frac{\partial L}{\partial Y_{ij}} \hat{X}_{ij}",
    ("batch norm", r"\beta"): r"\sum_{i} \frac{\partial L}{\partial Y_{ij}}",
    ("softmax", "z"): r"p_{i}\left(\frac{\partial L}{\partial p_{i}}"
    r" - \sum_{k} \frac{\partial L}{\partial p_{k}} p_{k}\right)",
    ("logistic regression", r"\beta_{0}"): r"\sum_{i} (p_{i} - t_{i})",
    ("logistic regression", r"\beta_{1}"): r"\sum_{i} x_{i}(p_{i} - t_{i})",
    ("linear regression", "b"): r"\frac{2}{n} \sum_{i} (\hat{y}_{i} - y_{i})",
    ("log-sum-exp", "x"): r"\frac{e^{x_{i}}}{\sum_{k} e^{x_{k}}}",
    ("convolution", "w"): r"\sum_{i} \frac{\partial L}{\partial y_{i}} x_{i+k-1}",
    ("convolution", "x"): r"\sum_{i} \frac{\partial L}{\partial y_{i}} w_{j-i+1}",
    ("convolution from 0", "w"): r"\sum_{i} \frac{\partial L}{\partial y_{i}} x_{i+k-1}",
    ("ridge", r"\lambda"): r"\sum_{j} w_{j}^{2}",
    ("one entry", "s"): r"2\left(s_{j} - \delta_{1j} \sum_{k} (s_{k} - s_{1}) - s_{1}\right)",
    ("own function", "x"): r"\phi'(x_{i})",
}  # fmt: skip
MATRICES = {
    ("ridge", "w"): r"2(\lambda w + X^{T}(X w - y))",
    ("ridge in bold", r"\mathbf{w}"): r"\boldsymbol{X}^{T}(\boldsymbol{X} \boldsymbol{w} - \boldsymbol{y})",
    ("linear regression", "w"): r"\frac{2}{n} X^{T}(\hat{y} - y)",
    ("cross-entropy", "W"): r"\frac{1}{n} X^{T}(P - T)",
    ("cross-entropy", "b"): r"\frac{1}{n} (P - T)^{T} \boldsymbol{1}",
    ("softmax", "z"): r"p \odot \left(\frac{\partial L}{\partial p} - p^{T} \frac{\partial L}{\partial p}\right)",
    ("attention", "Q"): r"\frac{1}{\sqrt{d}} \frac{\partial L}{\partial S} K",
    ("attention", "K"): r"\frac{1}{\sqrt{d}} \left(\frac{\partial L}{\partial S}\right)^{T} Q",
    ("attention", "V"): r"P^{T} \frac{\partial L}{\partial O}",
    ("attention", "P"): r"\frac{\partial L}{\partial O} V^{T}",
    ("attention", "S"): r"P \odot \left(\frac{\partial L}{\partial P}"
    r" - \left(\frac{\partial L}{\partial P} \odot P\right) \boldsymbol{1} \boldsymbol{1}^{T}\right)",
    ("attention in one line", "Q"): r"\frac{1}{\sqrt{d}} \frac{\partial L}{\partial S} K",
    ("trace", "X"): "A",
    ("quadratic form", "x"): "(A + A^{T}) x",
    ("quadratic form", "A"): "x x^{T}",
    ("least squares", "X"): "2 A^{T}(A X - B)",
    ("least squares", "A"): "2(A X - B) X^{T}",
    ("log-sum-exp", "x"): r"\operatorname{softmax}(x)",
    ("log det", "A"): "(A^{-1})^{T}",
    ("inverse", "A"): "-(A^{-1})^{T} u v^{T} (A^{-1})^{T}",
    ("gram", "X"): "X(S^{-1} + (S^{-1})^{T})",
    ("gaussian", r"\mu"): r"\tfrac{1}{2} (\Sigma^{-1} + (\Sigma^{-1})^{T}) (x - \mu)",
    ("SwiGLU", "W"): r"X^{T}\left(B \odot \frac{\partial L}{\partial H} \odot \operatorname{SiLU}'(A)\right)",
    ("SwiGLU", "V"): r"X^{T}\left(\frac{\partial L}{\partial H} \odot \operatorname{SiLU}(A)\right)",
    ("opaque", "W"): r"\left(\frac{\partial L}{\partial y} \odot f'(z)\right) x^{T}",
    ("opaque", "x"): r"W^{T}\left(\frac{\partial L}{\partial y} \odot f'(z)\right)",
    ("samples", r"\theta"): r"\frac{2}{m} x^{T}(h - y)",
    ("rows", "W"): r"(x W^{T} - y)^{T} x",
    ("pairs", "x"): r"2(\boldsymbol{1}^{T} x - x)",
}  # fmt: skip


def derivation(name, *wrt):
    return Derivation(program_read(GIVEN[name], SHAPES.get(name), wrt, ASSUMED.get(name, ())).program)


@pytest.mark.parametrize(("name", "letter"), ENTRIES)
def test_the_index_form_is_that_of_a_paper(name, letter):
    d = derivation(name, letter)
    assert latex(d.index(letter), d).partition(" = ")[2] == ENTRIES[name, letter]


@pytest.mark.parametrize(("name", "letter"), MATRICES)
def test_the_matrix_form_is_that_of_a_paper(name, letter):
    d = derivation(name) if name.startswith("attention") else derivation(name, letter)
    assert latex(d.matrix(letter), d).partition(" = ")[2] == MATRICES[name, letter]


# What speaks of the entry s_1 alone has no matrix form with which the others could be compared.
@pytest.mark.parametrize("name", [name for name in GIVEN if name != "one entry"])
def test_every_step_is_proved_the_forms_agree_and_the_numbers_are_right(name):
    found = examined(derivation(name))
    assert found.proof.steps == len(found.derivation.steps)
    assert found.views.entries > 1
    assert found.holds and found.rows and not found.note


# --- against a forward pass that somebody wrote in NumPy -------------------------------------------------------------


def softmax(s):
    powers = np.exp(s)
    return powers / powers.sum(-1, keepdims=True)


def sigmoid(u):
    return 1 / (1 + np.exp(-u))


def normal(x, eps, axis=None):
    centred = x - x.mean(axis, keepdims=True)
    return centred / np.sqrt((centred**2).mean(axis, keepdims=True) + eps)


def swish(u):
    return u * sigmoid(u)


def logistic_loss(v):
    p = sigmoid(v[r"\beta_{0}"] + v[r"\beta_{1}"] * v["x"])
    return -(v["t"] * np.log(p) + (1 - v["t"]) * np.log(1 - p)).sum()


def gaussian(v):
    off, inverse = v["x"] - v[r"\mu"], np.linalg.inv(v[r"\Sigma"])
    return -np.log(np.linalg.det(v[r"\Sigma"]) ** 2) / 4 - off @ inverse @ off / 2


def slide(v, up):
    return sum(up[i] * (sum(v["w"][k] * v["x"][i + k] for k in range(2)) + v["b"]) for i in range(4))


PLAIN = {
    "ridge": lambda v, up: ((v["X"] @ v["w"] - v["y"]) ** 2).sum() + v[r"\lambda"] * (v["w"] ** 2).sum(),
    "linear regression": lambda v, up: ((v["X"] @ v["w"] + v["b"] - v["y"]) ** 2).mean(),
    "logistic regression": lambda v, up: logistic_loss(v),
    "layer norm": lambda v, up: (up * (v[r"\gamma"] * normal(v["x"], v[r"\epsilon"]) + v[r"\beta"])).sum(),
    "layer norm by name": lambda v, up: (up * (v[r"\gamma"] * normal(v["x"], v[r"\epsilon"]) + v[r"\beta"])).sum(),
    "rms norm": lambda v, up: (up * v[r"\gamma"] * v["x"] / np.sqrt((v["x"] ** 2).mean() + v[r"\epsilon"])).sum(),
    "batch norm": lambda v, up: (up * (v[r"\gamma"] * normal(v["X"], v[r"\epsilon"], 0) + v[r"\beta"])).sum(),
    "softmax": lambda v, up: (up * softmax(v["z"])).sum(),
    "attention": lambda v, up: (up * (softmax(v["Q"] @ v["K"].T / np.sqrt(v["Q"].shape[1])) @ v["V"])).sum(),
    "attention in one line": lambda v, up: (up * (softmax(v["Q"] @ v["K"].T / np.sqrt(v["d"])) @ v["V"])).sum(),
    "trace": lambda v, up: np.trace(v["A"].T @ v["X"]),
    "quadratic form": lambda v, up: v["x"] @ v["A"] @ v["x"],
    "least squares": lambda v, up: ((v["A"] @ v["X"] - v["B"]) ** 2).sum(),
    "log-sum-exp": lambda v, up: np.log(np.exp(v["x"]).sum()),
    "inverse": lambda v, up: v["u"] @ np.linalg.inv(v["A"]) @ v["v"],
    "SwiGLU": lambda v, up: (up * swish(v["X"] @ v["W"]) * (v["X"] @ v["V"])).sum(),
    "convolution": slide,
    "gaussian": lambda v, up: gaussian(v),
    "gram": lambda v, up: np.log(np.linalg.det(v["X"].T @ v["X"] + v[r"\lambda"] * np.eye(v["X"].shape[1]))),
    "cosine": lambda v, up: v["x"] @ v["y"] / np.sqrt((v["x"] ** 2).sum() * (v["y"] ** 2).sum()),
    "one entry": lambda v, up: ((v["s"] - v["s"][0]) ** 2).sum(),
    "power": lambda v, up: (v["x"] ** v["a"]).sum() + 2 ** v["a"],
    "rows": lambda v, up: ((v["y"] - v["x"] @ v["W"].T) ** 2).sum() / 2,
    "pairs": lambda v, up: v["x"].sum() ** 2 - (v["x"] ** 2).sum(),
    "samples": lambda v, up: ((v["x"] @ v[r"\theta"] - v["y"]) ** 2).mean(),
}
"""The target by values of the letters; an opaque L(Y) is Σ up · Y."""

SIZES = {"convolution": {"w": (2,), "x": (5,), "y": (4,)}}


def example(name, program, seed=5):
    """Values and the upstream gradient, all of shapes that fit."""
    rng, sizes = np.random.default_rng(seed), {}

    def shape(array):
        if name in SIZES and array.name in SIZES[name]:
            return SIZES[name][array.name]
        return tuple(sizes.setdefault(str(space.size), 2 + len(sizes)) for space in array.spaces)

    given = {one.name: rng.random(shape(one)) + 0.3 if hasattr(one, "spaces") else 0.7 for one in program.inputs}
    arrays = getattr(program.definitions[-1].rhs, "arrays", ())
    return given, {one.name: rng.normal(size=shape(one)) for one in arrays}, sizes


def complex_step(forward, given, up, letter):
    base = np.asarray(given[letter], complex)
    found = np.zeros(base.shape)
    for at in np.ndindex(*base.shape):
        moved = base.copy()
        moved[at] += 1e-30j
        found[at] = np.imag(forward({**given, letter: moved if moved.shape else complex(moved)}, up)) / 1e-30
    return found


def compared(name, program):
    """(gradients of the engine, those of plain NumPy) by letter."""
    given, upstream, sizes = example(name, program)
    engine = Engine(Derivation(program), "numpy")
    _, gradients = engine(given, upstream=upstream, sizes=sizes)
    up = next(iter(upstream.values()), None)
    return [(found, complex_step(PLAIN[name], given, up, letter)) for letter, found in gradients.items()]


@pytest.mark.parametrize("name", PLAIN)
def test_the_program_computes_what_plain_numpy_does(name):
    pairs = compared(name, program_read(GIVEN[name], SHAPES.get(name)).program)
    assert pairs
    for found, expected in pairs:
        assert found.shape == expected.shape
        np.testing.assert_allclose(found, expected, rtol=1e-10, atol=1e-12)


LIES = {
    "ridge": (r"X w - y", r"X w + y"),
    "linear regression": (r"w_j + b", r"w_j - b"),
    "logistic regression": (r"(1 - t_i)", r"(1 + t_i)"),
    "layer norm": (r"x_i - \mu}", r"x_i + \mu}"),
    "rms norm": (r"x_i^2", r"x_i^3"),
    "batch norm": (r"\sigma^2_j + \epsilon", r"\sigma^2_j - \epsilon"),
    "softmax": (r"(z)", r"(-z)"),
    "attention": (r"\sqrt{d}", r"d"),
    "trace": (r"A^T X", r"A^T X^{\odot 2}"),
    "quadratic form": (r"x^T A x", r"x^T A A x"),
    "least squares": (r"A X - B", r"A X + B"),
    "log-sum-exp": (r"e^{x_i}", r"e^{2 x_i}"),
    "inverse": (r"A^{-1}", r"(A^{-1})^T"),
    "SwiGLU": (r"SiLU", r"sigmoid"),
    "convolution": (r"i+k-1", r"i-k+1"),
    "cosine": (r"\lVert y \rVert", r"\lVert y \rVert^2"),
}


@pytest.mark.parametrize("name", LIES)
def test_a_small_lie_in_a_definition_changes_the_result(name):
    old, new = LIES[name]
    changed = [one.replace(old, new) for one in GIVEN[name]]
    assert changed != list(GIVEN[name])
    pairs = compared(name, program_read(changed, SHAPES.get(name)).program)
    assert not all(np.allclose(found, expected, rtol=1e-6) for found, expected in pairs)


# --- against the checker, which reads the same text in its own way ---------------------------------------------------

CHECKED = [
    ("ridge", "w"), ("trace", "X"), ("quadratic form", "x"), ("quadratic form", "A"), ("least squares", "X"),
    ("least squares", "A"), ("attention", "Q"), ("attention", "K"), ("attention", "V"), ("log-sum-exp", "x"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "letter"), CHECKED)
def test_the_checker_agrees_with_what_was_derived(name, letter):
    read_back = program_read(GIVEN[name], SHAPES.get(name), [letter])
    d = Derivation(read_back.program)
    shapes = {one: list(sizes) for one, sizes in read_back.shapes.items()}
    claim = latex(d.matrix(letter), d)
    given = [one.replace("f(x)", "f") for one in GIVEN[name]]
    assert check(claim, given=given, shapes=shapes).verdict == "correct", claim
    assert check(f"{claim} + {claim.partition(' = ')[2]}", given=given, shapes=shapes).verdict == "incorrect"


# --- reading ---------------------------------------------------------------------------------------------------------

SHAPED = {
    "ridge": {"X": ("n", "m"), "w": ("m",), "y": ("n",), r"\lambda": (), "f": ()},
    "gaussian": {r"\Sigma": ("n", "n"), "x": ("n",), r"\mu": ("n",), "f": ()},
    "hinge": {"L": (), "y": ("n",), "w": ("m",), "x": ("n", "m"), "b": (), r"\lambda": ()},
    "linear regression": {r"\hat{y}": ("n",), "X": ("n", "d"), "w": ("d",), "b": (), "L": (), "y": ("n",)},
    "layer norm by name": {
        "y": ("n",), r"\gamma": ("n",), "x": ("n",), r"\beta": ("n",), "L": (), r"\mu": (), r"\sigma^{2}": (),
        r"\epsilon": (), r"\hat{x}": ("n",),
    },
}  # fmt: skip


@pytest.mark.parametrize("name", SHAPED)
def test_shapes_that_nobody_states_are_inferred(name):
    assert dict(program_read(GIVEN[name]).shapes) == SHAPED[name]


def test_letters_without_anything_of_arrays_are_numbers():
    found = program_read(["f = a x^2 + b"], wrt=["x"])
    assert set(found.shapes.values()) == {()}
    d = Derivation(found.program)
    assert latex(d.index("x"), d) == r"\frac{\partial f}{\partial x} = 2 a x"


def test_what_was_assumed_is_said():
    found = program_read([r"O = \operatorname{softmax}(Q K^T) V"])
    assert found.ours == ("S", "P")
    assert found.notes == ("L = L(O), of which nothing is known, stands behind O",)


def test_what_is_defined_for_nothing_is_said():
    found = program_read(["A_{11} = 2", r"f = \sum_{ij} A_{ij}"], wrt=["A"])
    assert found.notes == ("A_{11}: defined, but f does not rest on it",)


def test_definitions_may_stand_in_any_order():
    forwards, backwards = (programmed(one, wrt=["x"]) for one in (LAYER_NORM, LAYER_NORM[::-1]))
    assert [str(one) for one in Derivation(forwards).index("x").rhs.args] == [
        str(one) for one in Derivation(backwards).index("x").rhs.args
    ]


REFUSED = [
    ([], {}, "there is no definition", ""),
    (["f + 1"], {}, "a definition needs the form name = expression", "f + 1"),
    ([r"f = \lVert x \rVert^2"], {"wrt": ["q"]}, "q does not occur; there are f, x", "q"),
    ([r"f = \lVert x \rVert^2"], {"wrt": ["x + 1"]}, "x + 1 is no letter to differentiate by", "x + 1"),
    (["f = A x"], {"shapes": {"A": ("m", "n"), "x": ("m",)}}, "m×n and m×1 do not fit in a matrix product", "A x"),
    ([r"f = \prod_i x_i"], {}, "a product over an index is not derived; its logarithm is a sum", r"\prod_i x_i"),
    ([r"f = \max_i x_i"], {}, "max over an index is not derived", r"\max_i x_i"),
    ([r"f = \sum_{i=2}^n x_i"], {}, "sums run over a whole axis: from 1 to n, or from 0 to n - 1", "i=2"),
    ([r"f = \sum_i \sum_i x_i"], {}, "nothing says how far i runs", r"\sum_i \sum_i x_i"),
    ([r"f = \sum_{i=1}^n c"], {}, "no array has the length n", ""),
    ([r"f = \sum_i \cosh^{-1}(x_i)"], {}, "⁻¹ on a function may be its inverse or its reciprocal: write which",
     r"\cosh^{-1}(x_i)"),
    ([r"f = \log_{2,3} x"], {}, "a logarithm has one base", r"\log_{2,3} x"),
    ([r"f = \lVert x \rVert_3"], {}, "this norm is not derived: of norms, 1, 2 (of vectors) and F are",
     r"\lVert x \rVert_3"),
    ([r"f = A x = b"], {}, "a definition says once what f is: write “f = A x” or “f = b”", "b"),
    ([r"z = x^2", r"f = \sum_i x_i^2 \le z = 1"], {}, None, None),
    (["c' = x", r"f = c'"], {}, r"a definition needs a name on its left side; found c^{\prime}; a prime is no part of "
     r"a name: write c_1 or \hat{c}", "c'"),
    ([r"f = -\log \operatorname{softmax}(x)_3"], {}, "whether there is an entry 3 depends on n: give the sizes as "
     "numbers, --shape", "3"),
    ([r"f = -\log \operatorname{softmax}(x)_3"], {"shapes": {"x": (2,)}}, "there is no entry 3: this axis has 2", "3"),
    ([r"f = \log \Gamma(a)"], {}, r"the gamma function is not derived; a product is written with \cdot", r"\Gamma(a)"),
    ([r"f = \mathbb{E}[x]"], {}, r"an expectation is not derived: write the sum; a product is written with \cdot",
     r"\mathbb{E}[x]"),
    ([r"f = \operatorname{tr}(\sqrt{X^T X})"], {}, "a root or an exponential of a whole matrix is not derived; of its "
     "entries, write a sum", r"\sqrt{X^T X}"),
    ([r"a = b x", "b = a x"], {}, "every quantity is defined by another one, in a circle", "b"),
    ([r"f = \sum_i x_i", "f = 2"], {}, "f is defined twice", "f"),
    ([r"g = \frac{\partial f}{\partial x}"], {}, "a derivative stands in a definition; derivatives are what comes out",
     r"\frac{\partial f}{\partial x}"),
    ([r"f = \operatorname{frob}(x) + \lVert x \rVert"], {}, f"the function frob is not known here: {LISTED}",
     r"\operatorname{frob}"),
    ([r"f = x^{1.5} + )"], {}, None, None),
]  # fmt: skip


@pytest.mark.parametrize(("given", "options", "message", "place"), REFUSED)
def test_what_cannot_be_derived_is_refused_with_its_place(given, options, message, place):
    with pytest.raises(NotDerived) as refused:
        program_read(given, **options)
    assert isinstance(refused.value, Unreadable)
    if message is not None:
        assert refused.value.message == message
        assert refused.value.text[refused.value.start : refused.value.end] == place


SAME = {
    "ridge": (GIVEN["ridge"], (r"f = \sum_i \left(\sum_j X_{ij} w_j - y_i\right)^2 + \lambda \sum_j w_j^2",)),
    "attention": (
        GIVEN["attention in one line"],
        (r"S_{ij} = \frac{1}{\sqrt{d}} \sum_k Q_{ik} K_{jk}", r"P_{ij} = \frac{e^{S_{ij}}}{\sum_l e^{S_{il}}}",
         r"O_{ij} = \sum_k P_{ik} V_{kj}"),
    ),
    "trace": (GIVEN["trace"], (r"f = \sum_{i,j} A_{ij} X_{ij}",), (r"f = \langle A, X \rangle",)),
    "norm": ((r"f = \lVert x \rVert_2",), (r"f = \sqrt{x^T x}",), (r"f = \sqrt{\sum_p x_p^2}",)),
    "softmax": (GIVEN["softmax"], (r"s = \log \sum_j e^{z_j}", r"p_i = e^{z_i - s}", "L = L(p)")),
    "outer": (("Y = u v^T", "L = L(Y)"), (r"Y = u \otimes v", "L = L(Y)"), ("Y_{ij} = u_i v_j", "L = L(Y)")),
    "diagonal": ((r"f = x^T \operatorname{diag}(w) x",), (r"f = \mathbf{1}^T (w \odot x \odot x)",)),
    "mean": (
        (r"f = \frac{1}{n} \sum_i x_i^2",), (r"f = \frac{\sum_i x_i^2}{n}",), (r"f = \frac1n \sum_{i=1}^n x_i^2",)
    ),
    "rectified": ((r"f = \sum_i \max(0, x_i)^2",), (r"f = \lVert \operatorname{ReLU}(x) \rVert^2",)),
    "inverse": ((r"f = \operatorname{tr}(A^{-1})",), (r"f = \operatorname{tr}((A)^{-1} I)",)),
}  # fmt: skip


@pytest.mark.parametrize("name", SAME)
def test_what_is_written_in_two_ways_has_one_derivative(name):
    found = []
    for given in SAME[name]:
        program = program_read(given).program
        values, upstream, sizes = example(name, program)
        known = {one: np.cos(np.arange(value.size).reshape(value.shape)) + 1.5 if np.ndim(value) else value
                 for one, value in values.items()}  # fmt: skip
        above = {one: np.sin(np.arange(1, value.size + 1)).reshape(value.shape) for one, value in upstream.items()}
        shapes = {one: np.shape(value) for one, value in known.items()}
        found.append((shapes, Engine(Derivation(program), "numpy")(known, upstream=above, sizes=sizes)[1]))
    for shapes, gradients in found[1:]:
        assert set(gradients) == set(found[0][1])
        for letter, value in gradients.items():
            if shapes == found[0][0]:
                np.testing.assert_allclose(value, found[0][1][letter], rtol=1e-10, atol=1e-12)
    assert any(shapes == found[0][0] for shapes, _ in found[1:])


# --- truths for the checker ------------------------------------------------------------------------------------------


def left(formula):
    return read(f"{formula} = 1").statements[0].sides[0]


TRUTHS = [
    ([r"f = \sum_i x_i^2"], {}, r"\frac{\partial f}{\partial x_k}", "2 x_{k}"),
    (GIVEN["ridge"], {"X": ["n", "d"], "w": ["d"], "y": ["n"]}, r"\frac{\partial f}{\partial w_i}",
     r"2\left(\lambda w_{i} + \sum_{l} X_{li}\left(\sum_{k} X_{lk} w_{k} - y_{l}\right)\right)"),
    (GIVEN["ridge"], {"X": ["n", "d"], "w": ["d"], "y": ["n"]}, r"\nabla_w f", r"2(\lambda w + X^{T}(X w - y))"),
    (["Y = X W"], {"X": ["n", "d"], "W": ["d", "m"]}, r"\frac{\partial L}{\partial X}",
     r"\frac{\partial L}{\partial Y} W^{T}"),
    ([r"p_i = \frac{e^{z_i}}{\sum_j e^{z_j}}"], {}, r"\frac{\partial p_i}{\partial z_j}", None),
    (["f = g("], {}, r"\frac{\partial f}{\partial x}", None),
    ([r"f = \sum_i x_i"], {}, "f", None),
]  # fmt: skip


@pytest.mark.parametrize(("given", "shapes", "claim", "expected"), TRUTHS)
def test_the_truth_of_a_left_side(given, shapes, claim, expected):
    found = truth(given, shapes, left(claim))
    assert found == expected
    if expected is not None:
        assert check(f"{claim} = {expected}", given=list(given), shapes=shapes).verdict == "correct"


CORPUS = Path(__file__).parent / "corpus"


def claims_about_definitions():
    """Every third claim of the corpora about definitions whose left side is a derivative, each left side once."""
    found = {}
    for name in ("textbooks.jsonl", "peers.jsonl"):
        for line in (CORPUS / name).read_text().splitlines():
            record = json.loads(line)
            if record.get("given") and record["formula"].startswith((r"\frac{\partial", r"\nabla")):
                found.setdefault((tuple(record["given"]), record["formula"].partition("=")[0]), record)
    return list(found.values())[::3]


def test_no_truth_about_the_corpora_is_false():
    known = 0
    for record in claims_about_definitions():
        statement = read(record["formula"]).statements[0]
        shapes, assume = record.get("shapes", {}), record.get("assume", [])
        right = truth(record["given"], shapes, statement.sides[0])
        if right is None:
            continue
        claim = f"{unread(statement.sides[0])} = {right}"
        verdict = check(claim, given=record["given"], shapes=shapes, assume=assume).verdict
        assert verdict != "incorrect", (record["id"], claim)
        known += verdict == "correct"
    assert known > 30


def test_a_quantity_without_a_matrix_form_says_so():
    d = derivation("convolution", "w")
    with pytest.raises(NoMatrixForm, match="shifted"):
        d.matrix("w")
