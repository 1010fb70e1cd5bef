"""Entries against SymPy's own derivative of the expanded loss: two roads that share no code."""

import random

import pytest
import sympy
from sympy import Indexed, Integer

from derive import Derivation, Network, SpecError
from derive.tables.activations import ACTIVATIONS
from derive.tables.losses import LOSSES

SMOOTH = [name for name in ACTIVATIONS if name not in ("step",)]


def check(network: Network, seed: int = 1) -> int:
    """Compare every expanded entry with `sympy.diff` of the expanded loss at one random point; the number compared."""
    d = Derivation(network)
    ((_, loss),) = d.definitions("E")
    loss = d.expanded(loss)
    rng = random.Random(seed)
    leaves = sorted(loss.atoms(Indexed), key=str)
    point = {leaf: sympy.Float(rng.uniform(0.2, 1.2), 30) for leaf in leaves}
    targets = [leaf for leaf in leaves if leaf.base.role == "y"]
    scale = sum(point[leaf] for leaf in targets)
    point |= {leaf: point[leaf] / scale for leaf in targets}
    count = 0
    for array in (*network.parameters, network.array("x", 0)):
        for left, right in d.entries(array.role, array.layer):
            wanted = sympy.diff(loss, left.denominator).xreplace(point)
            found = d.expanded(right).xreplace(point)
            assert abs(sympy.N(wanted - found, 25)) < 1e-20, (array, left)
            count += 1
    return count


@pytest.mark.parametrize("activation", SMOOTH)
def test_entries_of_every_activation(activation):
    row = ACTIVATIONS[activation]
    chosen = {"name": activation, **{key: 0.3 + 0.2 * place for place, key in enumerate(row.constants)}}
    assert check(Network([2, 2, 1], [chosen, "sigmoid"])) == 11


@pytest.mark.parametrize("loss", LOSSES)
def test_entries_of_every_loss(loss):
    assert check(Network([2, 3], "sigmoid", loss)) == 11


@pytest.mark.parametrize(
    "arguments",
    [
        {"layers": [2, 2, 2], "activations": ["tanh", "softmax"], "loss": "cross-entropy"},
        {"layers": [2, 2, 2], "activations": ["softmax", "sigmoid"], "bias": "appended"},
        {"layers": [2, {"bias_only": True, "activation": "tanh"}, 1], "bias": False},
    ],
)
def test_entries_of_other_shapes(arguments):
    assert check(Network(**arguments)) > 5


def test_entries_share_the_error_signal_until_they_are_expanded():
    d = Derivation(Network([2, 3, 1]))
    entry = d.entry("W", 1, 2, 1)
    assert entry == d.name("z", 1)[Integer(2)] * d.network.array("x", 0)[Integer(1)]
    assert {leaf.base.role for leaf in d.entry("W", 1, 2, 1, expand=True).atoms(Indexed)} == {"W", "b", "x", "y"}


def test_an_entry_that_is_not_there_is_named():
    d = Derivation(Network([2, 3, 1]))
    with pytest.raises(IndexError, match="entries 1…3 × 1…2, none at \\(4, 1\\)"):
        d.entry("W", 1, 4, 1)
    with pytest.raises(KeyError, match="no derivative by b of layer 1"):
        Derivation(Network([2, 1], bias=False)).entry("b", 1, 1)
    with pytest.raises(SpecError, match="entries need numbers for widths"):
        Derivation(Network(["n", 1])).entry("W", 1, 1, 1)


def test_the_size_of_all_entries_is_linear_in_the_parameters():
    def nodes(widths):
        d = Derivation(Network(widths))
        arrays = d.network.parameters
        rights = [right for array in arrays for _, right in d.entries(array.role, array.layer)]
        rights += [right for n in range(1, len(widths)) for _, right in d.entries("delta", n)]
        size = sum(1 for right in rights for _ in sympy.preorder_traversal(right))
        return size / sum(len(d.entries(array.role, array.layer)) for array in arrays)

    small, large = nodes([3, 4, 3, 2]), nodes([12, 16, 12, 8])
    assert large < 1.2 * small
