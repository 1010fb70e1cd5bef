"""Every claim that a chapter can print, in every notation, is read back by the checker and found correct."""

from contextlib import suppress

import pytest

from derive import Derivation, Network
from derive.emit.latex import latex
from derive.formula import Writer
from derive.matrix import NoMatrixForm
from derive.tables.notations import NOTATIONS
from reports.selfcheck.checks import network

CASES = (
    ([3, 4, 2], "sigmoid", "half-squared-error", "separate"),
    ([3, 4, 2], ["tanh", "softmax"], "cross-entropy", "separate"),
    ([2, 3, 3, 1], ["relu", "tanh", "linear"], "mse", "none"),
    ([3, 4, 2], "sigmoid", "mse", "appended"),
    ([2, 3, 2], ["softmax", "sigmoid"], "binary-cross-entropy", "separate"),
)


def claims(derivation):
    """Definitions, gradients and steps, in index and matrix form."""
    yield derivation.definition("E").claim
    for layer in range(1, derivation.network.depth + 1):
        for role in ("z", "a"):
            yield derivation.definition(role, layer).claim
            yield derivation.forward(role, layer)
        for role in ("delta", "W", "b"):
            if role == "delta" or derivation.has(role, layer):
                yield derivation.index(role, layer)
                with suppress(NoMatrixForm):  # then the index form is printed alone
                    yield derivation.matrix(role, layer)
    yield from (one.claim for one in derivation.steps if one.rule not in ("definition", "name", "assumption"))


@pytest.mark.parametrize("notation", NOTATIONS)
@pytest.mark.parametrize(("widths", "activations", "loss", "bias"), CASES)
def test_what_a_chapter_claims_is_found_correct(notation, widths, activations, loss, bias):
    bias = "appended" if notation == "augmented" and bias == "separate" else bias
    derivation = Derivation(Network(widths, activations, loss, bias))
    writer = Writer(derivation, notation)
    about = network(*widths, activations=activations, loss=loss, bias=bias != "none", notation=notation)
    printed = [latex(writer.box(one)) for one in claims(derivation)]
    assert len(printed) > 20
    others = {one: found.message for one in printed if (found := about.asked(one)).verdict != "correct"}
    # σ′(u) stands beside the layer that it is about, which the formula alone does not say where layers differ
    assert set(others.values()) <= {"nothing says which layer's activation function this is"}
    assert len(others) <= 1
