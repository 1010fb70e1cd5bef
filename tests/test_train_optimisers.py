"""The table of optimisers: against loops written here, against PyTorch, and against small lies about each rule."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from sympy import Integer

from derive.emit.latex import latex
from derive.emit.plain import plain
from reports.training.formulas import assignment, first_step
from verify.training import rules
from verify.training.errors import TrainingError
from verify.training.rules import OPTIMISERS, Assignment, memory
from verify.training.update import Update

STEPS = 200
ENOUGH = 1e-12  # the gradients are given: each way rounds a few operations a step, some thousand units over 200 steps
STEERED = 1e-10  # the gradients are those at the point, where the function bends down and lets roundings grow


# --- loops written by hand, one number at a time, from the papers ---


def by_sgd(x, gradient, rate, **_):
    while True:
        x = x - rate * gradient(x)
        yield x


def by_momentum(x, gradient, rate, beta=0.9, **_):
    before = 0.0
    while True:
        now = -rate * gradient(x) + beta * before
        x, before = x + now, now
        yield x


def by_nesterov(x, gradient, rate, beta=0.9, **_):
    """Sutskever's equations 3 and 4, with the gradient at the point ahead; what is yielded is that point."""
    at, velocity = x, 0.0
    while True:
        velocity = beta * velocity - rate * gradient(at + beta * velocity)
        at = at + velocity
        yield at + beta * velocity


def by_adagrad(x, gradient, rate, epsilon=1e-8, **_):
    squares = []
    while True:
        slope = gradient(x)
        squares.append(slope * slope)
        x = x - rate * slope / (math.sqrt(math.fsum(squares)) + epsilon)
        yield x


def by_adadelta(x, gradient, rate, rho=0.9, epsilon=1e-6, **_):
    slopes = moves = 0.0
    while True:
        slope = gradient(x)
        slopes = rho * slopes + (1 - rho) * slope**2
        move = -math.sqrt(moves + epsilon) / math.sqrt(slopes + epsilon) * slope
        moves = rho * moves + (1 - rho) * move**2
        x = x + rate * move
        yield x


def by_rmsprop(x, gradient, rate, rho=0.9, epsilon=1e-8, **_):
    mean = 0.0
    while True:
        slope = gradient(x)
        mean = rho * mean + (1 - rho) * slope**2
        x = x - rate * slope / (math.sqrt(mean) + epsilon)
        yield x


def by_adam(x, gradient, rate, beta_1=0.9, beta_2=0.999, epsilon=1e-8, decoupled=0.0, **_):
    first = second = 0.0
    step = 0
    while True:
        step += 1
        slope = gradient(x)
        x = x * (1 - rate * decoupled)
        first = first + (1 - beta_1) * (slope - first)
        second = second + (1 - beta_2) * (slope**2 - second)
        x = x - rate * (first / (1 - beta_1**step)) / (math.sqrt(second / (1 - beta_2**step)) + epsilon)
        yield x


LOOPS = {
    "sgd": by_sgd, "momentum": by_momentum, "nesterov": by_nesterov, "adagrad": by_adagrad, "adadelta": by_adadelta,
    "rmsprop": by_rmsprop, "adam": by_adam, "adamw": by_adam,
}  # fmt: skip
OPTIONS = {
    "sgd": [{}],
    "momentum": [{}, {"beta": 0.0}, {"beta": 0.5}],
    "nesterov": [{}, {"beta": 0.3}],
    "adagrad": [{}, {"epsilon": 1e-3}],
    "adadelta": [{}, {"rho": 0.95, "epsilon": 1e-4}],
    "rmsprop": [{}, {"rho": 0.99, "epsilon": 1e-2}],
    "adam": [{}, {"beta_1": 0.8, "beta_2": 0.9, "epsilon": 1e-3}],
    "adamw": [{}, {"beta_1": 0.5}],
}
CASES = [(name, chosen) for name, options in OPTIONS.items() for chosen in options]


def slope(x):
    """A function that is neither convex nor symmetric."""
    return 2 * x + 3 * math.cos(3 * x) + 0.5


def walked(name, start, rate, **chosen):
    """The points that `Update` goes through."""
    point = np.array(start, float)
    update = Update(name, point, **chosen)
    for _ in range(STEPS):
        update(point, np.array([slope(one) for one in point]), rate)
        yield point.copy()


def test_every_row_has_a_loop_of_its_own_here():
    assert set(LOOPS) == set(OPTIONS) == set(OPTIMISERS)


@pytest.mark.parametrize("decay", [0.0, 0.05])
@pytest.mark.parametrize(("name", "chosen"), CASES)
def test_a_rule_goes_where_a_loop_by_hand_goes(name, chosen, decay):
    starts = (1.5, -0.7, 0.1)
    more = {"decoupled": decay} if name == "adamw" else {}
    penalty = 0.0 if name == "adamw" else decay
    loops = [LOOPS[name](one, lambda x: slope(x) + penalty * x, 0.03, **chosen, **more) for one in starts]
    for points in walked(name, starts, 0.03, weight_decay=decay, **chosen):
        assert points == pytest.approx([next(loop) for loop in loops], rel=STEERED, abs=STEERED)


TORCH = {
    "sgd": ("SGD", {}, {}),
    "momentum": ("SGD", {"momentum": 0.9}, {"beta": "momentum"}),
    "nesterov": ("SGD", {"momentum": 0.9, "nesterov": True}, {"beta": "momentum"}),
    "adagrad": ("Adagrad", {"eps": 1e-8}, {"epsilon": "eps"}),
    "adadelta": ("Adadelta", {"rho": 0.9, "eps": 1e-6}, {"rho": "rho", "epsilon": "eps"}),
    "rmsprop": ("RMSprop", {"alpha": 0.9, "eps": 1e-8}, {"rho": "alpha", "epsilon": "eps"}),
    "adam": ("Adam", {"betas": [0.9, 0.999], "eps": 1e-8}, {"epsilon": "eps"}),
    "adamw": ("AdamW", {"betas": [0.9, 0.999], "eps": 1e-8}, {"epsilon": "eps"}),
}


def of_torch(torch, name, parameters, rate, decay, chosen):
    kind, usual, names = TORCH[name]
    given = dict(usual)
    for key, value in chosen.items():
        if key in ("beta_1", "beta_2"):
            given["betas"] = [value if key == f"beta_{place}" else old for place, old in enumerate(given["betas"], 1)]
        else:
            given[names[key]] = value
    if name == "nesterov" and not given["momentum"]:
        given["nesterov"] = False
    return getattr(torch.optim, kind)([parameters], lr=rate, weight_decay=decay, **given)


@pytest.mark.parametrize("decay", [0.0, 0.05])
@pytest.mark.parametrize(("name", "chosen"), CASES)
def test_a_rule_goes_where_pytorch_goes(name, chosen, decay):
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(1)
    point = rng.normal(size=40)
    theirs = torch.tensor(point.copy(), requires_grad=True)
    other = of_torch(torch, name, theirs, 0.02, decay, chosen)
    update = Update(name, point, weight_decay=decay, **chosen)
    for _ in range(STEPS):
        gradient = rng.normal(size=40) * math.exp(2 * rng.normal())
        theirs.grad = torch.tensor(gradient)
        other.step()
        update(point, gradient.copy(), 0.02)
        np.testing.assert_allclose(point, theirs.detach().numpy(), rtol=ENOUGH, atol=ENOUGH)


@pytest.mark.parametrize("name", OPTIMISERS)
def test_pytorchs_usual_adam_and_sgd_settings_are_ours(name):
    torch = pytest.importorskip("torch")
    kind = TORCH[name][0]
    theirs = getattr(torch.optim, kind)([torch.zeros(1, requires_grad=True)], lr=0.1).defaults
    ours = OPTIMISERS[name].chosen({})
    if "betas" in theirs:
        assert (ours["beta_1"], ours["beta_2"], ours["epsilon"]) == (*theirs["betas"], theirs["eps"])
    assert theirs["lr"] == 0.1


# --- small lies ---


def lies():
    """Each row with one assignment changed: its value halved, turned round, or its memory forgotten."""
    for row in OPTIMISERS.values():
        for place, one in enumerate(row.update):
            for kind, value in (
                ("halved", one.value / 2),
                ("turned", -one.value),
                ("shifted", one.value + rules.epsilon),
            ):
                if kind == "shifted" and rules.epsilon not in {setting.symbol for setting in row.settings}:
                    continue
                changed = (*row.update[:place], Assignment(one.target, value, ""), *row.update[place + 1 :])
                yield pytest.param(replace(row, update=changed), id=f"{row.name}-{place}-{kind}")


@pytest.mark.parametrize("lie", list(lies()))
def test_a_changed_rule_goes_elsewhere(lie, monkeypatch):
    monkeypatch.setitem(rules.OPTIMISERS, lie.name, lie)
    decay = 0.05 if lie.name == "adamw" else 0.0
    chosen = {"epsilon": 1e-3} if any(one.name == "epsilon" for one in lie.settings) else {}
    loop = LOOPS[lie.name](1.5, slope, 0.03, decoupled=decay, **chosen)
    wanted = [next(loop) for _ in range(20)]
    points = walked(lie.name, (1.5,), 0.03, weight_decay=decay, **chosen)
    with np.errstate(all="ignore"):
        found = [next(points)[0] for _ in wanted]
    assert not np.allclose(found, wanted, rtol=1e-9, atol=1e-9)


# --- what a rule is made of ---


def test_memory_is_what_is_read_before_it_is_set():
    found = {name: [str(one) for one in row.memory] for name, row in OPTIMISERS.items()}
    assert found == {
        "sgd": [], "momentum": ["v"], "nesterov": ["v"], "adagrad": ["s"], "adadelta": ["s", "u"], "rmsprop": ["s"],
        "adam": ["m", "v"], "adamw": ["m", "v"],
    }  # fmt: skip
    assert memory((Assignment(rules.s, rules.g**2, ""), Assignment(rules.theta, rules.theta - rules.s, ""))) == ()


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("sgd", ["θ ← θ − η g"]),
        ("momentum", ["v ← β v − η g", "θ ← θ + v"]),
        ("nesterov", ["v ← β v − η g", "θ ← θ + β v − η g"]),
        ("adagrad", ["s ← s + g²", "θ ← θ − η g/(√s + ϵ)"]),
        ("rmsprop", ["s ← ρ s + (1 − ρ) g²", "θ ← θ − η g/(√s + ϵ)"]),
        ("adam", ["m ← β₁ m + (1 − β₁) g", "v ← β₂ v + (1 − β₂) g²", "m̂ ← m/(1 − β₁ᵗ)", "v̂ ← v/(1 − β₂ᵗ)",
                  "θ ← θ − η m̂/(√(v̂) + ϵ)"]),
    ],
)  # fmt: skip
def test_a_rule_is_printed_as_in_its_paper(name, written):
    assert [plain(assignment(one)) for one in OPTIMISERS[name].update] == written


def test_a_rule_is_printed_in_latex():
    assert latex(assignment(OPTIMISERS["sgd"].update[0])) == r"\theta \leftarrow \theta - \eta g"


@pytest.mark.parametrize("name", OPTIMISERS)
def test_the_first_step_that_is_printed_is_the_first_step_that_is_made(name):
    row = OPTIMISERS[name]
    values = {one.symbol: one.usual for one in row.settings} | {rules.eta: 0.03, rules.decay: 0, rules.g: -1.7}
    said = float(first_step(row).xreplace({key: Integer(0) if value == 0 else value for key, value in values.items()}))
    point = np.array([0.0])
    Update(name, point)(point, np.array([-1.7]), 0.03)
    assert point[0] == pytest.approx(said, rel=1e-12)


@given(start=some.fractions(-5, 5, max_denominator=100), rate=some.fractions(Fraction(1, 100), 1, max_denominator=100))
@settings(max_examples=40)
def test_with_fractions_descent_is_exact(start, rate):
    point = np.array([start], object)
    update = Update("sgd", point)
    for _ in range(5):
        update(point, 2 * point, rate)
    assert point[0] == start * (1 - 2 * rate) ** 5
    assert isinstance(point[0], Fraction)


def test_what_takes_roots_refuses_fractions():
    with pytest.raises(TrainingError, match=r"^adam takes roots, which fractions have not"):
        Update("adam", np.array([Fraction(1)], object))


def test_a_step_allocates_no_array_of_the_size_of_the_parameters():
    import tracemalloc

    point, gradient = np.zeros(100_000), np.ones(100_000)
    update = Update("adam", point)
    update(point, gradient, 0.1)
    tracemalloc.start()
    update(point, gradient, 0.1)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < point.nbytes / 4


WRONG = [
    ("sgd", {"beta": 0.9}, "sgd has the settings weight_decay, not 'beta'"),
    ("momentum", {"beta": 1.0}, "beta must be a number of at least 0 and below 1, not 1.0"),
    ("momentum", {"beta": float("nan")}, "beta must be a number of at least 0 and below 1, not nan"),
    ("adam", {"epsilon": 0}, "epsilon must be a number above 0, not 0"),
    ("adam", {"beta_1": "0.9"}, "beta_1 must be a number of at least 0 and below 1, not '0.9'"),
    ("adam", {"weight_decay": -1}, "weight_decay must be a number of at least 0, not -1"),
    ("adam", {"beta_1": True}, "beta_1 must be a number of at least 0 and below 1, not True"),
    ("adan", {}, "unknown optimiser 'adan'; did you mean 'adam'? (known: sgd, momentum, nesterov, adagrad, adadelta, "
                 "rmsprop, adam, adamw)"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "chosen", "said"), WRONG)
def test_wrong_settings_are_refused_in_a_sentence(name, chosen, said):
    with pytest.raises(TrainingError) as caught:
        Update(name, np.zeros(1), **chosen)
    assert str(caught.value) == said
