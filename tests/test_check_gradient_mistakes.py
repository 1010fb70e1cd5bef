"""The message names the likely mistake; every row of the table of suspicions is met, and confirmed by numbers."""

import re

import numpy as np
import pytest

from tests.gradient_cases import (  # fmt: skip
    BATCH,
    DY,
    NET,
    RNG,
    TARGET,
    W,
    X,
    layer_norm,
    layer_norm_backward,
    net,
    net_gradient,
    rms_norm,
    rms_norm_backward,
    sigmoid,
)
from verify.gradients import check_gradient
from verify.gradients.mistakes import SUSPICIONS

M, V = RNG.normal(size=(4, 5)), RNG.normal(size=6)
SCALE = RNG.uniform(1, 2, size=(4, 5))
DELTA = RNG.normal(size=(7, 6))


def weighted(m):
    """A function whose gradient has no symmetry."""
    return (SCALE * m**2).sum() / 2


def grad(m):
    return SCALE * m


def one_row(m):
    found = grad(m)
    found[2] *= 3
    return found


def one_row_mixed(m):
    found = grad(m)
    found[2] += m[1]
    return found


def one_entry(m):
    found = grad(m)
    found[1, 3] *= -1
    return found


def flipped(x):
    found = 2 * x
    found[np.array([0, 3, 4])] *= -1
    return found


def shuffled(x):
    return (2 * x)[np.array([2, 0, 1, 5, 3, 4])]


def silent(p):
    found = net_gradient(p)
    return {**found, "b": [np.zeros(4), found["b"][1]]}


def squares(x):
    return (x**2).sum()


def half_sigmoid(x):
    return np.log1p(np.exp(x)).sum()


INPUT, HIDDEN = RNG.normal(size=(9, 3)), RNG.normal(size=(9, 4))
SIGNAL, ANSWER = RNG.normal(size=(9, 4)), RNG.normal(size=(9, 2))
KEEP = (HIDDEN > 0.2) * 1.0
PARTS = {"x": INPUT, "delta": SIGNAL, "keep": KEEP}
MLP = {"W1": RNG.normal(size=(4, 3)), "b1": RNG.normal(size=4), "W2": RNG.normal(size=(2, 4)), "b2": RNG.normal(size=2)}


def masked(m):
    """Its gradient is (SIGNAL · KEEP)ᵀ INPUT: what a layer behind a mask has."""
    return (SIGNAL * KEEP * (INPUT @ m.T)).sum()


def mlp(W1, b1, W2, b2):
    h = np.maximum(INPUT @ W1.T + b1, 0)
    return ((h @ W2.T + b2 - ANSWER) ** 2).sum() / 2


def mlp_gradient(W1, b1, W2, b2, slip="mask"):
    z = INPUT @ W1.T + b1
    h = np.maximum(z, 0)
    delta = h @ W2.T + b2 - ANSWER
    back = delta @ W2 * (1 if slip == "mask" else z > 0)
    bias = back.sum(0) + (h.sum(0) if slip == "bias" else 0)
    return {"W1": back.T @ INPUT, "b1": bias, "W2": delta.T @ h, "b2": delta.sum(0)}


SPREAD = np.array([0.3, -0.4, 7.0, -8.0, 1.0, 9.0, 0.1, -2.0])
SLIPS = {
    "sign": (weighted, lambda m: -grad(m), M, {}, "factor", "every entry has the wrong sign"),
    "twice": (weighted, lambda m: 2 * grad(m), M, {}, "factor", "2 times what it should be: a factor 2 too many"),
    "half": (weighted, lambda m: grad(m) / 2, M, {}, "factor", "half of what it should be: a factor 2 is missing"),
    "minus two": (weighted, lambda m: -2 * grad(m), M, {}, "factor", "−2 times"),
    "n": (weighted, lambda m: 5 * grad(m), M, {}, "factor", "axis 1 of m has the size 5: a sum stands where a mean"),
    "1/n": (weighted, lambda m: grad(m) / 4, M, {}, "factor", "1/4 of what it should be, and axis 0 of m has"),
    "1/n, not 1/m": (weighted, lambda m: grad(m) * 4 / 5, M, {}, "factor", "divided by 5 .*, not by 4"),
    "root n": (weighted, lambda m: grad(m) * 5**0.5, M, {}, "factor", "√5 times"),
    "a batch of 7": (net, lambda p: net_gradient(p, "mean"), NET, {}, "factor", "a sum over 7 stands where a mean"),
    "a mean over 7": (net, lambda p: net_gradient(p, "batch"), NET, {}, "factor", "1/7 of what .*: a mean over 7"),
    "another factor": (weighted, lambda m: 0.73 * grad(m), M, {}, "constant factor", "every entry is 0.73 times"),
    "nothing": (net, silent, NET, {}, "nothing", "every entry is 0: no gradient arrives"),
    "transpose": (net, lambda p: net_gradient(p, "transpose"), NET, {}, "transpose", "its transpose is right"),
    "layout": (weighted, lambda m: grad(m).T.reshape(4, 5), M, {}, "transpose", "in the order of the transpose"),
    "reversed": (weighted, lambda m: grad(m)[:, ::-1], M, {}, "order", "reverse order along axis 1"),
    "shifted": (squares, lambda x: np.roll(2 * x, 1), V, {}, "order", "one place too late"),
    "permuted": (squares, shuffled, V, {}, "order", "stand in the wrong places"),
    "swapped": (lambda a, b: (a * b**2).sum(), lambda a, b: (2 * a * b, b**2), (V, V[::-1] + 3), {}, "another",
                "given for b is the gradient of a"),
    "batch sum": (lambda b: ((BATCH[:, :1] + b) * DELTA).sum(), lambda b: DELTA[0], V, {"context": {"delta": DELTA}},
                  "batch", "the sum of delta over axis 0 is right"),
    "one entry": (weighted, one_entry, M, {}, "one entry", "only this entry is wrong: it has the wrong sign"),
    "one row": (weighted, one_row, M, {}, "one slice", "only row 2 of m is wrong, each 3 times"),
    "one row, mixed": (weighted, one_row_mixed, M, {}, "one slice", "only row 2 of m is wrong; the others are right"),
    "sigmoid slope": (lambda x: (V * sigmoid(x)).sum(), lambda x: V.copy(), V[::-1] * 1.0, {}, "entrywise factor",
                      r"times σ′\(x\) = σ\(x\)\(1 − σ\(x\)\), is right"),
    "tanh slope": (lambda x: (V * np.tanh(x)).sum(), lambda x: V * 1.0, V + 1, {}, "entrywise factor", "1 − tanh²"),
    "slope in the value": (lambda x: (V * sigmoid(x)).sum(), lambda x: V * 1.0, V + 1,
                           {"context": {"unused": V, "a": sigmoid(V + 1)}}, "entrywise factor", "a factor is missing"),
    "cosine": (lambda x: np.sin(x).sum(), np.ones_like, V, {}, "entrywise factor", r"cos\(x\)"),
    "one slope too many": (half_sigmoid, lambda x: sigmoid(x) ** 2, V, {}, "entrywise factor", "a factor is too many"),
    "relu mask": (lambda x: (V * np.maximum(x, 0)).sum(), lambda x: V * 1.0, V + 0.1, {}, "entrywise factor", "ReLU"),
    "tail": (lambda x: np.where(np.abs(x) < 5, x * x / 2, 5 * np.abs(x)).sum(),
             lambda x: np.where(np.abs(x) < 5, x, -5 * np.sign(x)), SPREAD, {}, "region",
             r"exactly the entries with \|x\| ≥ 7 are wrong, with the wrong sign \(right up to 2\)"),
    "some signs": (squares, flipped, V, {}, "signs", "3 of 6 entries have the wrong sign and the right size"),
    "mask": (lambda x: (np.array([0, 1, 1, 0, 1, 0]) * x**2).sum(), lambda x: 2 * x, V, {}, "mask", "should all be 0"),
    "eps": (rms_norm, lambda x, w, dy: rms_norm_backward(x, w, dy, 0), (X, W), {"upstream": DY}, "small", "the ε"),
    "second term": (layer_norm, lambda x, dy: layer_norm_backward(x, dy, second=0), X, {"upstream": DY}, "term",
                    "lacks the same amount along axis 1"),
    "third term": (layer_norm, lambda x, dy: layer_norm_backward(x, dy, third=-1), X, {"upstream": DY}, "term",
                   "α \\+ β·x along axis 1.*LayerNorm's second and third"),
    "weight decay": (lambda m: weighted(m) + 0.05 * (m**2).sum() + m[0, 0] * m[1, 1],
                     lambda m: grad(m) + cross(m), M, {}, "term", "a multiple of m itself .0.1·m.*weight decay"),
    "slope per row": (lambda m: (sigmoid(m @ V[:5]) * TARGET[0]).sum(), lambda m: np.outer(TARGET[0], V[:5]), M, {},
                      "factor per slice", "each row lacks a factor of its own .*between 0 and ¼"),
    "inner mask": (masked, lambda m: SIGNAL.T @ INPUT, M[:, :3], {"context": PARTS}, "inner factor",
                   r"given is delta.T @ x, and it is right with delta times keep, entry by entry"),
    "inner mask of z": (masked, lambda m: SIGNAL.T @ INPUT, M[:, :3],
                        {"context": {"delta": SIGNAL, "x": INPUT, "h": HIDDEN - 0.2}}, "inner factor",
                        r"with delta times 1 where h > 0, else 0, .* σ′ of ReLU"),
    "product": (masked, lambda m: SIGNAL.T @ INPUT, M[:, :3], {"context": {"x": INPUT, "delta": SIGNAL}}, "product",
                "given is delta.T @ x, so one of delta and x is wrong"),
    "a slope": (net, lambda p: net_gradient(p, "slope"), NET, {}, "slope", "σ′"),
    "anything": (squares, lambda x: x**3 - 1, V, {}, "unexplained", "no usual slip explains all of the 6"),
}  # fmt: skip


def cross(m):
    found = np.zeros_like(m)
    found[0, 0], found[1, 1] = m[1, 1], m[0, 0]
    return found


@pytest.mark.parametrize("slip", SLIPS)
def test_the_likely_mistake_is_named(slip):
    f, wrong, at, options, name, said = SLIPS[slip]
    found = check_gradient(f, wrong, at, **options)
    mistakes = [one.mistake for one in found.arrays if one.mistake]
    assert found.verdict == "wrong" and name in [one.name for one in mistakes], str(found)
    sentence = next(one.sentence for one in mistakes if one.name == name)
    assert re.search(said, sentence), sentence
    assert sentence in str(found)


def test_every_suspicion_is_met():
    assert {one.name for one in SUSPICIONS} == {slip[4] for slip in SLIPS.values()}


def test_where_to_look_is_concluded_from_what_is_right():
    found = check_gradient(mlp, mlp_gradient, MLP, context={"h": np.ones((9, 4))})
    assert [one.verdict for one in found.arrays] == ["wrong", "wrong", "right", "right"]
    said, between, parts = found.whereabouts
    assert said == "W2 and b2 are right, W1 and b1 are wrong"
    assert "right up to W2 and b2, so the mistake lies between there and W1 and b1" in between
    assert 'context={"delta": delta, "x": x, "mask": z > 0}' in parts and "dW1 = (delta * mask).T @ x" in parts
    assert between in str(found) and between in found.message
    alone = check_gradient(mlp, lambda **p: mlp_gradient(**p, slip="bias"), MLP).whereabouts
    assert alone[1] == "the signal comes through right to W1, so the mistake is in the lines for b1 alone"
    assert not check_gradient(mlp, lambda **p: mlp_gradient(**p, slip=""), MLP).whereabouts


def test_a_forgotten_mask_is_found_inside_the_product():
    z = INPUT @ MLP["W1"].T + MLP["b1"]
    back = (np.maximum(z, 0) @ MLP["W2"].T + MLP["b2"] - ANSWER) @ MLP["W2"]
    found = check_gradient(mlp, mlp_gradient, MLP, context={"mask": z > 0, "x": INPUT, "delta": back})
    assert [one.mistake.name for one in found.arrays if one.mistake] == ["inner factor", "inner factor"]
    assert "delta.sum(0), and it is right with delta times mask" in found.message and not found.whereabouts


def test_the_message_names_parameter_entry_values_and_size():
    found = check_gradient(weighted, one_entry, M)
    worst = found.worst[0]
    assert (worst.name, worst.index, worst.array) == ("m[1, 3]", (1, 3), "m")
    assert worst.given == pytest.approx(-worst.true) and worst.at == M[1, 3] and worst.excess > 1e6
    first = found.message.split("\n")[0]
    assert first.startswith(f"m[1, 3]: given {worst.given:.6g}, by differences {worst.true:.6g} ± ")
    assert "times what rounding explains" in first
    assert repr(found).startswith("<gradient wrong: m[1, 3]: given") and "\n" not in repr(found)


def test_a_wrong_probe_says_where():
    found = check_gradient(squares, lambda x: np.where(np.abs(x) < 4, 2 * x, x), V)
    assert found.arrays[0].verdict == "right" and found.verdict == "wrong"
    assert "right at the given point, but wrong at another one" in found.message and "there):" in found.message


def test_a_right_result_is_shown_in_a_few_lines():
    found = check_gradient(net, net_gradient, NET)
    lines = str(found).split("\n")
    assert len(lines) == 6
    assert lines[0].startswith("right      W[0] (4, 3): 12 entries; an error of")
    assert lines[4].startswith("probes     other points:")
    assert lines[5].startswith("Taylor     the remainder falls with h^2.0")
    assert repr(found) == "<gradient right: 36 entries in 4 arrays>"
