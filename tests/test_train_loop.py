"""The loop: against Nielsen's program written out here, resumed to the last bit, stopped where numbers end."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pytest

from derive.derivation import Derivation
from derive.network import Network
from verify.engine.core import Engine
from verify.training import CheckpointError, Diverged, History, Plan, Training, TrainingError, of_arrays, read, train
from verify.training.evaluation import classes, outputs
from verify.training.initial import INITIALS, initialise
from verify.training.keeping import load_parameters, save_parameters
from verify.training.parameters import Parameters
from verify.training.rules import OPTIMISERS
from verify.training.schedules import SCHEDULES, Rates, parts


def blobs(count=60, seed=0):
    """Three clouds of points in the plane."""
    rng = np.random.default_rng(seed)
    kinds = np.arange(count) % 3
    centres = np.array([[0.0, 0.0], [3.0, 0.0], [0.0, 3.0]])
    return of_arrays(centres[kinds] + 0.5 * rng.normal(size=(count, 2)), kinds, ["a", "b", "c"])


def training(network=None, **changed):
    learned, held = blobs().split(0.25, 0)
    usual = {"epochs": 4, "batch": 7, "scaling": "standardise"}
    plan = Plan(network or Network([2, 5, 3], ["tanh", "softmax"], "cross-entropy"), **{**usual, **changed})
    return Training(plan, learned, held, engine(plan.network))


@cache
def engine(network):
    """One engine for each network; it keeps nothing from one call to the next."""
    return Engine(Derivation(network))


# --- Nielsen's program ---


class Nielsen:
    """network.py of Nielsen 2015, chapter 1: sigmoid, quadratic cost, one sample after the other."""

    def __init__(self, weights, biases):
        self.weights = [one.copy() for one in weights]
        self.biases = [one.copy() for one in biases]

    def feedforward(self, a):
        for w, b in zip(self.weights, self.biases, strict=True):
            a = 1 / (1 + np.exp(-(w @ a + b)))
        return a

    def update_mini_batch(self, mini_batch, eta):
        sums = [np.zeros_like(one) for one in (*self.weights, *self.biases)]
        for x, y in mini_batch:
            sums = [one + other for one, other in zip(sums, self.backprop(x, y), strict=True)]
        steps = [eta / len(mini_batch) * one for one in sums]
        depth = len(self.weights)
        self.weights = [w - step for w, step in zip(self.weights, steps[:depth], strict=True)]
        self.biases = [b - step for b, step in zip(self.biases, steps[depth:], strict=True)]

    def backprop(self, x, y):
        activations = [x]
        for w, b in zip(self.weights, self.biases, strict=True):
            activations.append(1 / (1 + np.exp(-(w @ activations[-1] + b))))
        delta = (activations[-1] - y) * activations[-1] * (1 - activations[-1])
        by_w, by_b = [np.outer(delta, activations[-2])], [delta]
        for layer in range(2, len(self.weights) + 1):
            a = activations[-layer]
            delta = (self.weights[-layer + 1].T @ delta) * a * (1 - a)
            by_w.insert(0, np.outer(delta, activations[-layer - 1]))
            by_b.insert(0, delta)
        return [*by_w, *by_b]

    def evaluate(self, test_data):
        return sum(int(np.argmax(self.feedforward(x)) == np.argmax(y)) for x, y in test_data)


def test_the_loop_does_what_nielsens_program_does():
    ours = training(Network([2, 4, 3]), optimiser="sgd", rate=3.0, initial="nielsen-large", seed=5)
    theirs = Nielsen(ours.parameters.arrays["W"], ours.parameters.arrays["b"])
    held = list(zip(*ours.held, strict=True))
    counts = []
    for epoch in range(ours.plan.epochs):
        order = np.random.default_rng([5, 3, epoch]).permutation(len(ours.x))
        shuffled = [(ours.x[one], ours.y[one]) for one in order]
        for at in range(0, len(shuffled), 7):
            theirs.update_mini_batch(shuffled[at : at + 7], 3.0)
        counts.append(theirs.evaluate(held))
    assert train(ours)
    for role, wanted in (("W", theirs.weights), ("b", theirs.biases)):
        for mine, other in zip(ours.parameters.arrays[role], wanted, strict=True):
            np.testing.assert_allclose(mine, other, rtol=1e-10, atol=1e-12)
    assert [row.right for row in ours.history.epochs] == counts


def test_every_sample_is_seen_once_an_epoch(monkeypatch):
    ours = training(epochs=3)
    seen, runs = [], ours.engine
    ours.engine = lambda params, x, y: (seen.append(x.copy()), runs(params, x, y))[1]
    ours.held = None
    ours.run()
    assert [len(one) for one in seen] == [7, 7, 7, 7, 7, 7, 3] * 3
    epochs = [np.vstack(seen[at : at + 7]) for at in (0, 7, 14)]
    assert all(sorted(map(tuple, one)) == sorted(map(tuple, ours.x)) for one in epochs)
    assert not np.array_equal(epochs[0], epochs[1])


def test_the_loss_of_an_epoch_is_the_mean_over_its_samples():
    ours = training(epochs=1, batch=1000, optimiser="sgd")
    before = ours.engine(ours.parameters.arrays, ours.x, ours.y)[0]
    ours.run()
    assert ours.history.last.loss == pytest.approx(before, rel=1e-12)
    after = ours.engine(ours.parameters.arrays, *ours.held)[0]
    assert ours.history.last.held_loss == pytest.approx(after, rel=1e-12)


NETWORKS = [
    Network([2, 5, 3], ["tanh", "softmax"], "cross-entropy"),
    Network([2, 3], "softmax", "cross-entropy"),
    Network([2, 4, 3], ["relu", "softmax"], "cross-entropy", "appended"),
    Network([2, 4, 3], ["relu", "sigmoid"], "binary-cross-entropy", ["none", "separate"]),
    Network([2, {"bias_only": True, "activation": "tanh"}, 3], ["tanh", "softmax"], "cross-entropy"),
    Network([2, 4, 3], [{"name": "leaky-relu", "alpha": 0.1}, "linear"], "hinge"),
    Network([2, 4, 3], ["gelu", "softmax"], "nll"),
]


@pytest.mark.parametrize("network", NETWORKS, ids=lambda one: f"{one.stack[0].activation}-{one.loss}")
def test_networks_of_every_kind_learn(network):
    ours = training(network, epochs=25, rate=0.03)
    train(ours)
    first, last = ours.history.epochs[0], ours.history.last
    assert last.loss < first.loss
    assert last.right >= 13  # of 15


def test_numbers_are_learned_without_counting():
    x = np.linspace(-1, 1, 40)[:, None]
    learned, held = of_arrays(x, 2 * x + 1).split(0.25, 0)
    ours = Training(Plan(Network([1, 1], "linear"), epochs=60, scaling="none", rate=0.05), learned, held)
    train(ours)
    assert ours.history.last.right is None
    assert ours.parameters.arrays["W"][0][0, 0] == pytest.approx(2, abs=1e-3)
    assert ours.parameters.arrays["b"][0][0] == pytest.approx(1, abs=1e-3)


def test_two_classes_on_one_output_are_counted():
    two = of_arrays(np.array([[-2.0], [-1.0], [1.0], [2.0]] * 10), ["no", "no", "yes", "yes"] * 10)
    for network in (Network([1, 1], "sigmoid", "binary-cross-entropy"), Network([1, 1], "linear", "hinge")):
        ours = Training(Plan(network, epochs=20, rate=0.05), *two.split(0.25, 0))
        train(ours)
        assert ours.history.last.right == 10


# --- the same numbers again ---


def bits(one):
    header, arrays = one.state()
    return header, {name: array.tobytes() for name, array in arrays.items()}


@pytest.mark.parametrize("name", OPTIMISERS)
def test_a_training_resumed_anywhere_takes_the_very_same_numbers(name, tmp_path):
    settings = {"weight_decay": 0.01}
    whole = training(optimiser=name, settings=settings, schedule="cosine")
    train(whole)
    for stop_at in (1, 7, 20):
        path = tmp_path / f"{name}-{stop_at}.npz"
        first = training(optimiser=name, settings=settings, schedule="cosine")
        assert not train(first, path, seconds=1000, stop=lambda first=first, at=stop_at: first.steps >= at)
        assert first.steps == stop_at
        again = training(optimiser=name, settings=settings, schedule="cosine")
        assert train(again, path, resume=True)
        assert bits(again) == bits(whole)


def test_another_seed_takes_other_numbers():
    one, same, other = training(), training(), training(seed=1)
    for ours in (one, same, other):
        train(ours)
    assert bits(one) == bits(same)
    assert bits(one) != bits(other)


def test_a_finished_training_may_go_on_for_more_epochs(tmp_path):
    whole = training(epochs=6)
    train(whole)
    train(training(epochs=3), tmp_path / "run.npz")
    more = training(epochs=6)
    train(more, tmp_path / "run.npz", resume=True)
    assert more.state()[0]["history"] == whole.state()[0]["history"]
    assert more.parameters.vector.tobytes() == whole.parameters.vector.tobytes()


REFUSED = [
    ({"rate": 0.5}, "the checkpoint was trained with another rate: 0.01, not 0.5; give the same settings"),
    ({"optimiser": "sgd"}, "trained with another optimiser: adam, not sgd"),
    ({"seed": 9}, "trained with another seed: 0, not 9"),
    ({"batch": 8}, "trained with another batch: 7, not 8"),
    ({"settings": {"beta_1": 0.5}}, "trained with another settings"),
    ({"scaling": "none"}, "trained with another scaling"),
    ({"schedule": "cosine"}, "trained with another schedule"),
    ({"network": Network([2, 6, 3], ["tanh", "softmax"], "cross-entropy")}, "trained with another network"),
]


@pytest.mark.parametrize(("changed", "said"), REFUSED)
def test_a_checkpoint_of_another_training_is_refused(tmp_path, changed, said):
    train(training(), tmp_path / "run.npz")
    with pytest.raises(CheckpointError, match=said):
        train(training(**changed), tmp_path / "run.npz", resume=True)


def test_where_the_rate_depends_on_the_end_the_end_may_not_move(tmp_path):
    train(training(schedule="cosine"), tmp_path / "run.npz")
    with pytest.raises(CheckpointError, match="trained with another epochs: 4, not 9"):
        train(training(schedule="cosine", epochs=9), tmp_path / "run.npz", resume=True)


def test_other_data_are_refused(tmp_path):
    train(training(), tmp_path / "run.npz")
    other = Training(training().plan, *blobs(seed=1).split(0.25, 0))
    with pytest.raises(CheckpointError, match="trained with other data, or split otherwise"):
        train(other, tmp_path / "run.npz", resume=True)


def test_work_is_neither_thrown_away_nor_begun_again_unasked(tmp_path):
    path = tmp_path / "run.npz"
    with pytest.raises(CheckpointError, match=r"there is no checkpoint .* to resume; leave --resume out to begin"):
        train(training(), path, resume=True)
    train(training(), path)
    with pytest.raises(CheckpointError, match="exists; add --resume to go on from it"):
        train(training(), path)
    with pytest.raises(CheckpointError, match="is a folder"):
        train(training(), tmp_path)
    with pytest.raises(CheckpointError, match=r"cannot write .*: No such file or directory"):
        train(training(), tmp_path / "none" / "run.npz")


# --- where numbers end ---


def test_a_rate_far_too_large_ends_in_a_sentence(tmp_path):
    ours = training(Network([2, 5, 3], ["relu", "linear"], "half-squared-error"), optimiser="sgd", rate=1e6, epochs=50)
    with pytest.raises(Diverged) as caught:
        train(ours, tmp_path / "run.npz", seconds=0)
    step = ours.steps + 1
    assert caught.value.step == step
    assert f"at step {step} (epoch {len(ours.history.epochs) + 1}): try a smaller rate, such as 100000" in str(
        caught.value
    )
    assert np.isfinite(ours.parameters.vector).all() or not math.isfinite(
        ours.engine(ours.parameters.arrays, ours.x, ours.y)[0]
    )
    kept = training(Network([2, 5, 3], ["relu", "linear"], "half-squared-error"), optimiser="sgd", rate=1e6, epochs=50)
    with pytest.raises(Diverged) as again:
        train(kept, tmp_path / "run.npz", resume=True)
    assert str(again.value) == str(caught.value)


def test_a_loss_that_is_undefined_from_the_start_is_no_matter_of_the_rate():
    ours = training(Network([2, 3], "linear", "cross-entropy"))
    with pytest.raises(Diverged, match=r"^the loss is \S+ at the first step: cross-entropy is not defined"):
        train(ours)


WRONG = [
    ({"rate": -0.1}, "rate must be a number above 0, not -0.1"),
    ({"rate": float("nan")}, "rate must be a number above 0, not nan"),
    ({"epochs": 0}, "epochs must be a whole number from 1 to 1,000,000, not 0"),
    ({"batch": 2.5}, "batch must be a whole number from 1"),
    ({"seed": -1}, "seed must be a whole number of at least 0, not -1"),
    ({"initial": "xaver"}, "unknown initialisation 'xaver'; did you mean 'xavier'"),
    ({"schedule": {"name": "step", "gama": 1}}, "the schedule step has epochs, gamma, not 'gama'"),
    ({"schedule": {"name": "cosine", "floor": 1.0}}, "floor must be a number of at least 0 and below 1, not 1.0"),
    ({"network": Network([2, "n", 3])}, "numbers of neurons, not with letters"),
    ({"network": Network([2, 4, 3], ["leaky-relu", "linear"])}, "needs a number for alpha, as in leaky-relu:alpha=0.1"),
]  # fmt: skip


@pytest.mark.parametrize(("changed", "said"), WRONG)
def test_a_wrong_plan_is_refused_in_a_sentence(changed, said):
    with pytest.raises(TrainingError, match=said):
        training(**changed).run()


# --- schedules, starts, parameters ---

FORMULAS = {
    "constant": ({}, lambda e: 1.0),
    "step": ({"epochs": 4.0, "gamma": 0.1}, lambda e: 0.1 ** (e // 4)),
    "exponential": ({"gamma": 0.9}, lambda e: 0.9**e),
    "cosine": ({"floor": 0.1}, lambda e: 0.1 + 0.9 * (1 + math.cos(math.pi * e / 20)) / 2),
    "inverse-time": ({"decay": 0.3}, lambda e: 1 / (1 + 0.3 * e)),
    "warm-up": ({"epochs": 5.0, "start": 0.2}, lambda e: 0.2 + 0.8 * e / 5 if e < 5 else 1.0),
}


def test_every_schedule_has_its_formula_here():
    assert set(FORMULAS) == set(SCHEDULES)


@pytest.mark.parametrize("name", FORMULAS)
def test_a_schedule_follows_its_formula(name):
    chosen, formula = FORMULAS[name]
    rates = Rates(0.4, parts({"name": name, **chosen}), 20.0)
    both = Rates(0.4, parts([{"name": name, **chosen}, "exponential"]), 20.0)
    for place in range(201):
        assert rates(place / 10) == pytest.approx(0.4 * formula(place / 10), rel=1e-12)
        assert both(place / 10) == pytest.approx(0.4 * formula(place / 10) * 0.95 ** (place / 10), rel=1e-12)


SPREADS = {
    "xavier": (lambda n, m: math.sqrt(2 / (n + m)), 0.0),
    "he": (lambda n, m: math.sqrt(2 / n), 0.0),
    "lecun": (lambda n, m: 1 / math.sqrt(n), 0.0),
    "nielsen": (lambda n, m: 1 / math.sqrt(n), 1.0),
    "nielsen-large": (lambda n, m: 1.0, 1.0),
    "zeros": (lambda n, m: 0.0, 0.0),
}


@pytest.mark.parametrize("bias", ["separate", "appended", "none"])
@pytest.mark.parametrize("name", INITIALS)
def test_parameters_start_as_widely_as_they_should(name, bias):
    found = Parameters(Network([300, 200, 10], bias=bias))
    initialise(found, name, 3)
    spread, of_bias = SPREADS[name]
    weights = found.arrays["W"][0]
    assert weights[:, :300].std() == pytest.approx(spread(300, 200), rel=0.02, abs=1e-15)
    assert abs(weights[:, :300].mean()) < 0.02 * (spread(300, 200) or 1)
    biases = weights[:, 300] if bias == "appended" else found.arrays["b"][0] if bias == "separate" else None
    if biases is not None:
        assert biases.std() == pytest.approx(of_bias, rel=0.2, abs=1e-15)


def test_what_starts_suits_the_activation():
    found = Parameters(Network([400, 300, 200], ["relu", "tanh"]))
    initialise(found, "auto", 0)
    spreads = [one.std() for one in found.arrays["W"]]
    assert spreads == pytest.approx([math.sqrt(2 / 400), math.sqrt(2 / 500)], rel=0.02)


def test_outputs_are_those_of_the_definition():
    ours = training(Network([2, 5, 3], ["tanh", "softmax"], "cross-entropy"))
    (W1, W2), (b1, b2) = ours.parameters.arrays["W"], ours.parameters.arrays["b"]
    powers = np.exp(np.tanh(ours.x @ W1.T + b1) @ W2.T + b2)
    np.testing.assert_allclose(outputs(ours.engine, ours.parameters.arrays, ours.x), powers / powers.sum(1)[:, None])


def test_outputs_that_overflow_are_still_told_apart():
    ours = training(Network([2, 3], "softmax", "cross-entropy"))
    ours.parameters.vector *= 1e6
    found = outputs(ours.engine, ours.parameters.arrays, ours.x)
    assert np.isfinite(found).all()
    assert set(classes(found, ours.y)) <= {0, 1, 2}


def test_trained_parameters_are_saved_and_read_back(tmp_path):
    ours = training(Network([2, {"bias_only": True, "activation": "tanh"}, 3], ["tanh", "softmax"], "cross-entropy"))
    train(ours)
    save_parameters(tmp_path / "net.npz", ours)
    params, header = load_parameters(tmp_path / "net.npz")
    assert params["W"][0] is None
    np.testing.assert_array_equal(params["W"][1], ours.parameters.arrays["W"][1])
    np.testing.assert_array_equal(header["scaling"]["centre"], ours.scaling.centre)
    assert header["plan"]["loss"] == "cross-entropy"
    again = training(ours.plan.network)
    again.parameters.set(params)
    assert (again.parameters.vector == ours.parameters.vector).all()
    with pytest.raises(TrainingError, match=r"^W of weight layer 2 must have the shape \(3, 2\); got nothing$"):
        again.parameters.set({"W": [None], "b": params["b"]})
    train(training(), tmp_path / "run.npz")
    with pytest.raises(CheckpointError, match="holds no parameters of backproof, but training of backproof"):
        load_parameters(tmp_path / "run.npz")


def test_a_history_comes_back_as_it_was():
    ours = training()
    train(ours)
    assert History.from_json(ours.history.to_json()) == ours.history
    assert ours.history.best.right == max(row.right for row in ours.history.epochs)


def test_the_digits_are_learned():
    pytest.importorskip("sklearn")
    learned, held = read("digits")[0].split(0.2, 0)
    ours = Training(Plan(Network([64, 30, 10], ["tanh", "softmax"], "cross-entropy"), epochs=12), learned, held)
    train(ours)
    assert ours.history.last.right >= 0.95 * len(held)
