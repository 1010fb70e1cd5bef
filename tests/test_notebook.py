"""What people hold shows itself in a notebook, survives pickling and cannot be changed."""

import dataclasses
import pickle

import pytest

from derive import Derivation, Network
from derive.formula import Writer
from verify import Engine, recheck

D = Derivation(Network([2, 3, 3], ["elu", "softmax"], "mse", ["separate", "appended"]))
SHOWN = [
    (D, "_repr_markdown_", r"\delta^{3} = "),
    (D.network, "_repr_markdown_", "| 2 | 3 | softmax | appended |"),
    (D.steps[-1], "_repr_latex_", r"\frac{\partial E}{\partial {x}_{j}}"),
    (D.index("W", 1), "_repr_latex_", r"{\delta_{1}}_{j} {x}_{k}"),
    (D.matrix("W", 1), "_repr_latex_", r"\frac{\partial E}{\partial W_{1}} = \delta_{1} \left(x\right)^{T}"),
    (D.matrix("delta", 2), "_repr_latex_", r"a_{2}"),
    (Engine(D, "numpy"), "_repr_markdown_", "def loss_and_gradients("),
]


@pytest.mark.parametrize(("thing", "method", "part"), SHOWN, ids=[type(one[0]).__name__ for one in SHOWN])
def test_it_shows_itself(thing, method, part):
    assert part in getattr(thing, method)()


@pytest.mark.parametrize("thing", [D, D.network, D.steps, D.index("W", 1), D.matrix("delta", 2), Engine(D), Writer(D)])
def test_it_survives_pickling(thing):
    assert pickle.loads(pickle.dumps(thing)) == thing


@pytest.mark.parametrize("thing", [D, D.network, D.steps[0], D.index("W", 1), Engine(D), recheck(D)])
def test_it_cannot_be_changed(thing):
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(thing, dataclasses.fields(thing)[0].name, None)
