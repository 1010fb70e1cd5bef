"""What a network may be, and what a person is told who asks for something else."""

import pickle

import pytest

from derive import Network, SpecError
from derive.tables.activations import ACTIVATIONS
from derive.tables.losses import LOSSES


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"layers": [2]}, r"^layers must name at least two widths, the input's and the output's, such as 2,1; got 1$"),
        ({"layers": [2, 0, 1]}, r"^entry 2 of layers must be between 1 and 10,000,000 neurons, not 0$"),
        ({"layers": [2, 3, 1.5]}, r"^entry 3 of layers must be a whole number of neurons \(or a letter\), not 1\.5$"),
        ({"layers": [2, True]}, r"^entry 2 of layers must be a whole number"),
        ({"layers": "2,3,1"}, r"^layers must be a list of widths such as \[2, 3, 1\], not '2,3,1'$"),
        ({"layers": [2] * 1_000_000}, r"^at most 1,000 weight layers are derived at once; got 999,999$"),
        ({"layers": [2, 1], "activations": "sigmiod"}, r"^unknown activation 'sigmiod'; did you mean 'sigmoid'\?"),
        ({"layers": [2, 1], "activations": ["relu", "relu"]}, r"^activations must be one for all or one for each of"),
        ({"layers": [2, 1], "loss": "crossentropy"}, r"^unknown loss 'crossentropy'; did you mean 'cross-entropy'\?"),
        ({"layers": [2, 1], "bias": "seperate"}, r"^bias must be separate \(true\), appended or none \(false\), not"),
        ({"layers": [2, 1], "activations": {"name": "elu", "beta": 1}}, r"^elu has the constants alpha, not 'beta'$"),
        (
            {"layers": [2, 1], "activations": {"name": "elu", "alpha": float("nan")}},
            r"must be a finite number, not nan$",
        ),
        ({"layers": [2, {"bias_only": 1}]}, r"^entry 2 of layers must be a width or"),
    ],
)
def test_wrong_networks_are_refused_in_one_sentence(arguments, message):
    with pytest.raises(SpecError, match=message):
        Network(**arguments)


def test_biases_stand_where_they_are_asked_for():
    network = Network([2, 3, 4, 1], bias=["separate", "appended", "none"])
    assert [array.name for array in network.parameters] == ["W1", "b1", "W2", "b2", "W3"]
    assert [layer.bias for layer in Network([2, 3, 1], bias=False).stack] == ["none", "none"]


def test_a_layer_with_only_a_bias_keeps_its_inputs_space():
    network = Network([784, {"bias_only": True, "activation": "tanh"}, 10])
    assert network.widths == (784, 784, 10)
    assert network.spaces[0] == network.spaces[1] != network.spaces[2]
    assert [array.name for array in network.parameters] == ["b1", "W2", "b2"]


def test_a_loss_that_the_output_can_leave_is_warned_about():
    (warning,) = Network([2, 1], "linear", "binary-cross-entropy").warnings()
    assert "defined only for outputs above 0 and below 1" in warning
    assert Network([2, 1], "sigmoid", "binary-cross-entropy").warnings() == ()


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("loss", LOSSES)
def test_every_network_survives_pickling(activation, loss):
    network = Network([2, 3], activation, loss)
    assert pickle.loads(pickle.dumps(network)) == network
    assert network.program.target.name == "E"
