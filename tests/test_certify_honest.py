"""Certificates never call right code wrong for what rounding did to it, nor right what has no right digit."""

from __future__ import annotations

import json

import numpy as np
import pytest

from derive.derivation import Derivation
from derive.network import Network
from reports.certifying.terminal import lines
from reports.cli import main
from verify.certificates import Certifier, certify
from verify.certificates.budgets import SPARE, UNBOUNDED, _at, budgets
from verify.engine.core import Engine
from verify.oracles import Point, PointError
from verify.programs.reading import program_read


def program(*text, wrt=("x",), **shapes):
    return program_read(text, shapes, wrt, ()).program


def own(what, values, **more):
    """The certificate of what the engine computes."""
    loss, gradients = Engine(Derivation(what), backend="numpy")(values)
    return certify(what, values, gradients, loss=loss, **more)


def hilbert(size):
    return 1 / (np.arange(size)[:, None] + np.arange(size) + 1.0)


VARIANCE = program(r"f = \sum_i x_i^2 - \frac{1}{5} (\sum_i x_i)^2", x=(5,))
SPREAD = 1e6 + np.arange(5) / 10


def test_a_loss_that_cancels_is_not_called_wrong_and_one_that_lies_is():
    assert own(VARIANCE, {"x": SPREAD}).holds
    zeros = {"x": np.zeros(5)}
    assert not certify(VARIANCE, {"x": SPREAD}, zeros, loss=5.0).holds
    quiet = np.arange(5.0)
    assert not certify(VARIANCE, {"x": quiet}, {"x": 2 * (quiet - 2)}, loss=10 * (1 + 1e-6)).holds
    assert certify(VARIANCE, {"x": quiet}, {"x": 2 * (quiet - 2)}, loss=10.0).holds


@pytest.mark.parametrize("size", [8, 12, 16])
def test_a_matrix_that_is_nearly_singular_makes_no_code_wrong(size):
    found = own(program(r"f = \log \det A", wrt=("A",), A=("n", "n")), {"A": hilbert(size)})
    assert found.holds
    assert found.row("A").verdict == ("lost" if size == 16 else "right")


def test_what_has_no_right_digit_is_never_called_right():
    what = program(r"f = \sqrt{x^2 + 1} - x")
    found = own(what, {"x": np.float64(1e8)})
    assert found.holds and found.digits == 0
    row = found.row("x")
    assert (row.verdict, row.lost, row.worst[0].verdict) == ("lost", 1, "lost")
    assert row.record()["lost"] == 1
    said = "\n".join(lines(found))
    assert "lost in rounding" in said
    assert "0 of 1 gradients are right, proved with 128 bits; of 1 rounding left no digit" in said


def test_a_sign_that_rounding_may_have_lost_is_lost_not_right():
    network = Network([1, 1], "sigmoid", "binary-cross-entropy")
    values = {"W": [np.array([[60.0]])], "b": [np.zeros(1)], "x": np.ones(1), "y": np.array([0.5])}
    _, gradients = Engine(Derivation(network), backend="numpy")({"W": values["W"], "b": values["b"]}, values["x"],
                                                                values["y"])  # fmt: skip
    assert certify(network, values, gradients).row("W1").verdict == "right"
    flipped = {"W": [-gradients["W"][0]], "b": gradients["b"]}
    assert certify(network, values, flipped).row("W1").verdict == "lost"
    setting = Certifier(network).truth(values).enclosure.setting
    few, enough = _at(setting, SPARE[0]).gradients["W1"], budgets(setting).gradients["W1"]
    assert few == UNBOUNDED and 0 < enough < UNBOUNDED  # 73 bits do not tell 1 − a from 0


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("dtype, part, most", [("float64", 1e-6, -1), ("float32", 1e-3, 3)])
def test_small_lies_are_found_and_the_truth_is_not_accused(seed, dtype, part, most):
    """Of float32 the budget of rounding may swallow a lie, but then no digit that the lie changed is called right."""
    rng = np.random.default_rng(seed)
    activations = [str(one) for one in rng.choice(["sigmoid", "tanh", "softplus", "elu", "gelu", "silu"], 2)]
    network = Network([3, 4, 2], [activations[0], "softmax"] if seed % 2 else activations,
                      "cross-entropy" if seed % 2 else "half-squared-error")  # fmt: skip
    point = Point.random(network, seed)
    params = {"W": point.W, "b": point.b, "constants": point.constants}
    loss, gradients = Engine(Derivation(network), backend="numpy", dtype=dtype)(params, point.x, point.y)
    assert certify(network, point, gradients, dtype, loss=loss).holds
    layer, row, column = int(rng.integers(2)), int(rng.integers(2)), int(rng.integers(3))
    for lie in (1 + part, -1.0, 0.0):
        told = {"W": [np.array(one, float) for one in gradients["W"]], "b": gradients["b"]}
        told["W"][layer][row, column] *= lie
        found = certify(network, point, told, dtype)
        if found.holds:
            assert found.row(f"W{layer + 1}").digits <= most
        else:
            assert found.worst.place == f"W{layer + 1}[{row + 1}, {column + 1}]"


@pytest.mark.parametrize(
    ("matrix", "said"), [([[1, 1], [1, 1]], "no value is defined here"), (hilbert(8).tolist(), None)]
)
def test_a_singular_matrix_is_one_sentence(tmp_path, capsys, matrix, said):
    (tmp_path / "at.json").write_text(json.dumps({"A": matrix}))
    arguments = ["certify", "-g", r"f = \log \det A", "--shape", "A=n,n", "--at", str(tmp_path / "at.json")]
    with pytest.raises(SystemExit) as end:
        main(arguments)
    error = capsys.readouterr().err
    assert end.value.code == (2 if said else 0) and (said or "") in error and "Traceback" not in error


def test_floats_that_find_no_inverse_are_one_sentence(tmp_path, capsys, monkeypatch):
    def singular(*_, **__):
        raise np.linalg.LinAlgError("Singular matrix")

    monkeypatch.setattr(Engine, "__call__", singular)
    with pytest.raises(SystemExit) as end:
        main(["certify", "--layers", "2,1"])
    assert end.value.code == 2
    assert capsys.readouterr().err.startswith("derive: floats do not tell a matrix here from one without an inverse")


def test_a_loss_is_one_number():
    with pytest.raises(PointError, match=r"the loss must be one number, not an array of the shape .2,."):
        certify(VARIANCE, {"x": SPREAD}, {"x": np.zeros(5)}, loss=[1.0, 2.0])
