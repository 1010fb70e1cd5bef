"""The generator of claims, tested by itself, and a short run of it against the checker."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest

from tests.generator import expressions as x
from tests.generator import networks, numbers, records, rules, systems
from tests.generator.campaign import examined
from tests.generator.claims import hidden, random_claim
from tests.generator.expressions import D, Layer, Ref, minus, mul
from tests.generator.mistakes import MISTAKES
from tests.generator.reader import Strange
from tests.generator.spelling import NOTATIONS, Names, Style, random_style
from tests.generator.typography import Printer, pasted, printed, squeezed
from tests.generator.worlds import Net, NetworkWorld
from verify.checking.answer import KINDS
from verify.latex import read

ONE, LAST = Layer("", 1), Layer("", 2)
NET = Net((2, 3, 2), (("sigmoid", ()), ("tanh", ())), "half-squared-error")
WORLDS = networks.worlds(NET, 1, 5)


def verdict(left, right, worlds=WORLDS, hidden_layers=False):
    return numbers.label(left, right, worlds, hidden_layers).verdict


# --- the oracle -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("loss", networks.LOSSES)
def test_the_complex_step_agrees_with_central_differences(loss):
    net = Net((2, 3), ((networks.LAST.get(loss, ("tanh",))[0], ()),), loss)
    world = networks.worlds(net, 3, 1)[0]
    found = world.jacobian(("E", 0), ("W", 1))
    step = 1e-6
    for entry in np.ndindex(3, 2):
        values = []
        for sign in (1, -1):
            moved = {key: np.array(value) for key, value in world.given.items()}
            moved["W", 1][entry] += sign * step
            other = NetworkWorld(net, 3000, {})
            other.given = moved
            values.append(other.value(("E", 0)))
        assert found[entry] == pytest.approx((values[0] - values[1]) / (2 * step), rel=1e-4, abs=1e-7)


def z(*at, layer=ONE):
    return Ref("z", layer, at)


def a(*at, layer=ONE):
    return Ref("a", layer, at)


DELTA = Ref("delta", LAST)
W2, W1 = Ref("W", LAST), Ref("W", ONE)
TRUE = mul(x.Tr(W2), DELTA)
LABELS = [
    (D(x.LOSS, a()), TRUE, "correct"),
    (D(x.LOSS, a()), x.Neg(TRUE), "incorrect"),
    (D(x.LOSS, a()), mul(x.number("1.002"), TRUE), "incorrect"),
    (D(x.LOSS, a()), mul(x.number("1.0001"), TRUE), "drop"),
    (D(x.LOSS, a()), mul(W2, DELTA), "incorrect"),
    (D(x.LOSS, a("j")), x.Sum("k", LAST, mul(Ref("W", LAST, ("k", "j")), Ref("delta", LAST, ("k",)))), "correct"),
    (D(x.LOSS, a("j")), mul(Ref("W", LAST, ("k", "j")), Ref("delta", LAST, ("k",))), "incorrect"),
    (D(x.LOSS, a("j")), x.Sum("k", LAST, mul(Ref("W", LAST, ("j", "k")), Ref("delta", LAST, ("k",)))), "incorrect"),
    (D(x.LOSS, a(4)), x.ZERO, "incorrect"),
    (D(x.LOSS, Ref("W", Layer("", 3), (1, 1))), x.ZERO, "incorrect"),
    (D(a("j"), z("j")), mul(a("j"), minus(x.ONE, a("j"))), "correct"),
    (D(a("j"), z("j")), x.Slope(ONE, a("j")), "incorrect"),
    (D(x.LOSS, W1), mul(Ref("delta", ONE), x.Tr(Ref("a", Layer("", 0)))), "correct"),
    (D(x.LOSS, W1), mul(x.Tr(Ref("a", Layer("", 0))), Ref("delta", ONE)), "incorrect"),
]


@pytest.mark.parametrize(("left", "right", "expected"), LABELS)
def test_numbers_label_a_claim(left, right, expected):
    assert verdict(left, right) == expected


def test_a_letter_for_a_layer_is_every_hidden_layer():
    layer = Layer("l")
    right = x.had(mul(x.Tr(Ref("W", layer.moved(1))), Ref("delta", layer.moved(1))), x.Slope(layer, Ref("z", layer)))
    deep = Net((2, 3, 4, 2), (("sigmoid", ()),) * 3, "mse")
    assert verdict(Ref("delta", layer), right, networks.worlds(deep, 1, 3), True) == "correct"
    wrong = x.had(mul(x.Tr(Ref("W", LAST)), Ref("delta", LAST)), x.Slope(layer, Ref("z", layer)))
    assert verdict(Ref("delta", layer), wrong, networks.worlds(deep, 1, 3), True) == "incorrect"


def test_letters_for_widths_stand_for_different_numbers():
    found = networks.worlds(replace(NET, widths=("m", "n", "p")), 1, 6)
    assert all(len(set(world.widths)) == 3 for world in found)
    assert len({tuple(world.widths) for world in found}) > 1


# --- what is said to be true ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", rules.SLOPES)
def test_closed_forms_of_the_slopes_are_true(name):
    net = Net((2, 3), ((name, ()),), "half-squared-error")
    worlds, constants = networks.worlds(net, 5, 5), networks.constants(net, 1)
    for form in rules.SLOPES[name]:
        right = form(z("j"), a("j"), constants)
        if x.letters(right):
            assert verdict(D(a("j"), z("j")), right, worlds) == "correct"
        whole = rules.lifted(form(z(), a(), constants))
        if whole is not None:
            assert verdict(x.Slope(ONE, z()), whole, worlds) == "correct"


@pytest.mark.parametrize("loss", networks.LOSSES)
def test_gradients_of_the_losses_are_true(loss):
    net = Net((2, 3), ((networks.LAST.get(loss, ("tanh",))[0], ()),), loss)
    worlds = networks.worlds(net, 5, 5)

    def y(*at):
        return Ref("y", Layer("L"), at)

    if loss == "cosine":
        assert verdict(D(x.LOSS, a("j")), rules.cosine(ONE, "j", "k", a, y, False), worlds) == "correct"
        assert verdict(D(x.LOSS, a()), rules.cosine_array(a(), y()), worlds) == "correct"
        return
    for form in rules.LOSS_SLOPES[loss]:
        assert verdict(D(x.LOSS, a("j")), form(a("j"), y("j"), x.Size(ONE)), worlds) == "correct"
        whole = rules.lifted(form(a(), y(), x.Size(ONE)))
        assert whole is None or verdict(D(x.LOSS, a()), whole, worlds) == "correct"


@pytest.mark.parametrize("system", records.SYSTEMS, ids=lambda one: one.name)
def test_gradients_of_the_systems_are_true(system):
    for left, right in system.claims:
        assert verdict(left, right, systems.worlds(system, 3, 5)) == "correct"


@pytest.mark.parametrize("notation", NOTATIONS)
def test_random_claims_are_true(notation):
    for seed in range(60):
        rng = random.Random(f"{notation} {seed}")
        net = networks.random_net(rng)
        claim = random_claim(net, rng, notation)
        found = [numbers.label(*pair, networks.worlds(net, seed, 3), hidden(claim)) for pair in claim.relations]
        assert [one for one in found if one.verdict == "incorrect"] == [], (seed, claim)


# --- mistakes -------------------------------------------------------------------------------------------------------


def made(seeds, count):
    """The records of networks and systems that are asked about."""
    found = []
    for seed in seeds:
        for maker in (records.network_record, records.system_record):
            try:
                found.append(maker(seed, count))
            except records.Dropped:
                continue
    return found


def test_every_kind_of_mistake_is_made_and_changes_what_is_true():
    waiting = {one.name for one in MISTAKES}
    for seed in range(600):
        waiting -= {one.mistakes[0] for one in made([seed], 1) if one.expect == "incorrect"}
        if not waiting:
            break
    assert waiting == set()


def test_kinds_of_mistakes_are_kinds_of_diagnoses():
    assert {kind for one in MISTAKES for kind in one.kinds} <= set(KINDS)


def test_without_mistakes_everything_is_correct():
    found = made(range(50), 0)
    assert {record.expect for record in found} == {"correct"}
    assert len(found) > 80


def test_a_record_is_the_same_twice():
    assert records.network_record(7) == records.network_record(7)


# --- printing -------------------------------------------------------------------------------------------------------

NAMES = [
    ("nielsen", Ref("W", LAST, (1, 2)), "w^3_{12}"),
    ("ng", Ref("W", LAST, (1, 2)), "W^{[2]}_{12}"),
    ("goodfellow", Ref("z", LAST, (1,)), "a^{(2)}_1"),
    ("bishop", Ref("b", ONE, (3,)), "w^{(1)}_{30}"),
    ("bishop", Ref("y", LAST, ("j",)), "t_j"),
    ("augmented", Ref("W", LAST, (1, 2)), "{}^{1}w^{2}_{1}"),
    ("augmented", Ref("b", LAST, (1,)), "{}^{1}w^{4}_{1}"),
    ("augmented", Ref("a", LAST, (1,)), "{}^{2}x^{1}"),
]


@pytest.mark.parametrize(("notation", "ref", "text"), NAMES)
def test_a_quantity_in_each_notation(notation, ref, text):
    style = Style(notation=notation, place=NOTATIONS[notation].place)
    assert Names(NET, style).quantity(ref) == text


J = a("j", layer=LAST)
BRACKETS = [
    (mul(minus(x.ONE, J), J), r"(1 - a^3_j) a^3_j"),
    (x.Neg(minus(x.ONE, J)), r"-(1 - a^3_j)"),
    (minus(J, minus(x.ONE, J)), r"a^3_j - (1 - a^3_j)"),
    (mul(x.Sum("j", LAST, J), J), r"(\sum_j a^3_j) a^3_j"),
    (mul(J, x.Sum("j", LAST, J)), r"a^3_j \sum_j a^3_j"),
    (mul(x.had(DELTA, DELTA), x.Tr(DELTA)), r"(\delta^3 \odot \delta^3) (\delta^3)^T"),
    (x.had(TRUE, DELTA), r"(w^3)^T \delta^3 \odot \delta^3"),
    (x.Pow(J, 2), r"(a^3_j)^2"),
    (mul(J, x.TWO), r"a^3_j \cdot 2"),
    (x.Fn("exp", x.Neg(J)), r"e^{-a^3_j}"),
]


@pytest.mark.parametrize(("node", "text"), BRACKETS)
def test_brackets_stand_where_they_must(node, text):
    style = Style()
    always = random.Random(1)
    always.random = lambda: 0.9
    assert Printer(Names(NET, style), style, always)(node) == text


def test_text_as_it_is_pasted_and_squeezed():
    assert pasted(r"\partial C = -\delta^2 \odot \sigma'(z)") == "∂C = −δ^2 ⊙ σ′(z)"
    assert squeezed(r"\frac{1}{2} (a - b) \sum_k^4 2 \sigma x") == r"\frac{1}{2}(a-b)\sum_k^4 2\sigma x"


def test_what_is_printed_reads_back_to_what_was_meant():
    strange = 0
    for record in made(range(80), None):
        text = record.question["formula"]
        assert read(text).claims, text
        try:
            claim = records.read_back(record, text)
        except Strange:
            strange += 1
            continue
        meant = [one.verdict for one in records.labels(record.claim, record.worlds)]
        found = [one.verdict for one in records.labels(claim, record.worlds)]
        assert found == meant, text
    assert strange < 5


def test_styles_differ():
    texts = set()
    for seed in range(40):
        rng = random.Random(seed)
        style = random_style(rng, "nielsen")
        claim = x.Claim(((D(x.LOSS, W1), mul(Ref("delta", ONE), x.Tr(Ref("a", Layer("", 0))))),), "one")
        texts.add(printed(claim, Printer(Names(NET, style), style, rng)))
    assert len(texts) > 30


# --- the checker ----------------------------------------------------------------------------------------------------

PARTS = range(0, 300, 50)


@pytest.mark.parametrize("first", PARTS)
def test_the_checker_gives_the_right_verdicts(first):
    outcomes = [examined(seed) for seed in range(first, first + 50)]
    asked = [one for one in outcomes if one.record is not None]
    failures = {one.seed: one.problems for one in asked if set(one.problems) & {"wrong", "crash", "fix-wrong"}}
    assert failures == {}
    undecided = [one.seed for one in asked if set(one.problems) & {"undecided", "unreadable"}]
    assert len(undecided) <= 0.04 * len(asked), undecided
    chains = [one.seed for one in asked if "first-error" in one.problems]
    assert chains == []
