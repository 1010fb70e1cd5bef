"""The three views are compared for every kind of network, and a view that lies is caught."""

import pytest
from sympy import HadamardProduct, MatMul, Transpose

from derive import Derivation, Network
from derive.linear import MatrixEquation
from derive.tables.activations import ACTIVATIONS
from derive.tables.losses import LOSSES
from verify.views import ViewsDiffer, agree


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_views_agree_for_every_activation(activation):
    found = agree(Derivation(Network([2, 3, 2], activation, bias=["appended", "separate"])))
    assert found.widths[0] == (2, 3, 2)
    assert found.entries > 30


@pytest.mark.parametrize("loss", LOSSES)
def test_views_agree_for_every_loss(loss):
    assert agree(Derivation(Network([2, 3], "softmax", loss))).entries > 15


def test_a_large_network_is_compared_at_small_widths():
    assert agree(Derivation(Network([784, 100, 40, 10]))).widths == ((2, 3, 2, 3), (1, 2, 1, 2))


def test_letters_for_widths_are_compared_at_numbers():
    assert agree(Derivation(Network(["n", "m", 1]))).entries > 10


@pytest.mark.parametrize(
    "lie",
    [
        lambda form: MatMul(2, form),
        lambda form: -form,
        lambda form: MatMul(Transpose(form.args[0].args[0].arg), *form.args[0].args[1:]),
        lambda form: HadamardProduct(*form.args, form.args[-1]),
        lambda form: form.args[0],
    ],
)
def test_a_matrix_form_that_lies_is_caught(lie, monkeypatch):
    derivation = Derivation(Network([3, 3, 3]))
    truth = Derivation.matrix

    def lying(self, role, layer=0):
        form = truth(self, role, layer)
        return MatrixEquation(form.lhs, lie(form.rhs)) if (role, layer) == ("delta", 1) else form

    monkeypatch.setattr(Derivation, "matrix", lying)
    with pytest.raises(ViewsDiffer, match=r"delta1\[j\] at \(1,\)"):
        agree(derivation)
