"""A derived loss inside PyTorch: against central differences, PyTorch's own differentiation, and small lies."""

import copy
import importlib
import pickle
from itertools import pairwise

import pytest

from derive import Derivation, Network
from tests.programs import SYSTEMS
from verify.engine.backends.autograd_function import as_torch_function, as_torch_module
from verify.engine.core import Engine

torch = pytest.importorskip("torch")
GradcheckError = importlib.import_module("torch.autograd.gradcheck").GradcheckError  # the function hides the module

NETWORKS = {
    "two layers": Network([3, 4, 2]),
    "softmax": Network([3, 4, 2], activations=["gelu", "softmax"], loss="cross-entropy"),
    "hidden softmax": Network([3, 4, 2], activations=["softmax", "tanh"], loss="mse"),
    "no bias": Network([3, 4, 2], activations="tanh", bias="none"),
    "appended bias": Network([3, 4, 2], activations="silu", bias="appended"),
    "a constant": Network([3, 4, 2], activations=["leaky-relu", "sigmoid"], loss="binary-cross-entropy"),
}


def leaves(network, seed=0, dtype=torch.float64):
    """W1, W2, then biases, that require a gradient."""
    generator = torch.Generator().manual_seed(seed)
    widths, more = network.widths, network.stack[0].bias == "appended"
    sizes = [(b, a + more) for a, b in pairwise(widths)]
    sizes += [(b,) for b in widths[1:]] if network.stack[0].bias == "separate" else []
    made = [torch.randn(one, generator=generator, dtype=dtype) for one in sizes]
    return [one.requires_grad_() for one in made]


def params_of(network, arrays):
    depth = network.depth
    return {"W": list(arrays[:depth]), "b": list(arrays[depth:]) or [None] * depth, "constants": {"alpha": 0.3}}


def batch(network, samples=5, seed=1, dtype=torch.float64):
    generator = torch.Generator().manual_seed(seed)
    x = torch.randn(samples, network.widths[0], generator=generator, dtype=dtype)
    return x, torch.softmax(torch.randn(samples, network.widths[-1], generator=generator, dtype=dtype), 1)


@pytest.mark.parametrize("name", NETWORKS)
def test_gradcheck_passes_in_float64(name):
    network = NETWORKS[name]
    loss, (x, y) = as_torch_function(Derivation(network)), batch(NETWORKS[name])
    given = [*leaves(network), x.requires_grad_()]
    assert torch.autograd.gradcheck(lambda *one: loss(params_of(network, one[:-1]), one[-1], y), given)


@pytest.mark.parametrize("factor", [-1, 2, 1.0005])
def test_gradcheck_notices_a_wrong_gradient(factor, monkeypatch):
    network = NETWORKS["two layers"]
    loss, (x, y) = as_torch_function(Derivation(network)), batch(network)
    given = leaves(network)
    assert torch.autograd.gradcheck(lambda *one: loss(params_of(network, one), x, y), given, rtol=1e-6, atol=1e-8)
    (runner,) = loss._made.values()
    right = runner.function

    def wrong(*arguments):
        value, first, *others = right(*arguments)
        return value, factor * first, *others

    monkeypatch.setitem(runner.__dict__, "function", wrong)
    with pytest.raises(GradcheckError):
        torch.autograd.gradcheck(lambda *one: loss(params_of(network, one), x, y), given, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
def test_it_agrees_with_what_pytorch_differentiates(dtype):
    network = NETWORKS["two layers"]
    given, (x, y) = leaves(network, dtype=dtype), batch(network, dtype=dtype)
    as_torch_function(Derivation(network))(params_of(network, given), x, y, "sum").backward()
    found = [one.grad for one in given]
    w1, w2, b1, b2 = given
    hidden = torch.sigmoid(torch.nn.functional.linear(x, w1, b1))
    loss = ((torch.sigmoid(torch.nn.functional.linear(hidden, w2, b2)) - y) ** 2).sum() / 2
    for one, other in zip(found, torch.autograd.grad(loss, given), strict=True):
        assert one.dtype == dtype
        torch.testing.assert_close(one, other)


def test_it_stands_in_the_middle_of_a_graph():
    network = NETWORKS["two layers"]
    loss, (x, y) = as_torch_function(Engine(Derivation(network))), batch(NETWORKS["two layers"])
    arrays, scale = leaves(network), torch.tensor(3.0, dtype=torch.float64, requires_grad=True)
    (scale * loss(params_of(network, arrays), x * scale, y)).backward()
    plain = torch.autograd.grad(loss(params_of(network, arrays), x * scale.detach(), y), arrays)
    for one, other in zip(arrays, plain, strict=True):
        torch.testing.assert_close(one.grad, 3 * other)
    assert scale.grad is not None and torch.isfinite(scale.grad)


def test_a_second_derivative_is_refused_and_never_taken_for_zero():
    network = NETWORKS["two layers"]
    loss, (x, y) = as_torch_function(Derivation(network)), batch(network)
    arrays = leaves(network)
    first = torch.autograd.grad(loss(params_of(network, arrays), x, y), arrays, create_graph=True)
    with pytest.raises(NotImplementedError, match="first derivatives only"):
        sum((one**2).sum() for one in first).backward()


def test_torch_func_and_vmap():
    network = NETWORKS["two layers"]
    loss, (x, y) = as_torch_function(Derivation(network)), batch(network)
    arrays = leaves(network)
    (wanted,) = torch.autograd.grad(loss(params_of(network, arrays), x, y), arrays[:1])
    plain = [one.detach() for one in arrays]
    found = torch.func.grad(lambda one: loss(params_of(network, [one, *plain[1:]]), x, y))(plain[0])
    torch.testing.assert_close(found, wanted)


def test_one_sample_and_no_gradient():
    network = NETWORKS["two layers"]
    loss, (x, y) = as_torch_function(Derivation(network)), batch(network, samples=1)
    arrays = leaves(network)
    with torch.no_grad():
        plain = loss(params_of(network, arrays), x, y)
    assert not plain.requires_grad
    torch.testing.assert_close(plain, loss(params_of(network, arrays), x[0], y[0]).detach())


def test_a_module_trains_and_is_saved():
    module = as_torch_module(Derivation(Network([5, 4, 3])), seed=0)
    assert list(module.state_dict()) == ["W1", "b1", "W2", "b2"]
    x, y = batch(Network([5, 4, 3]), samples=32, dtype=torch.float32)
    optimiser = torch.optim.Adam(module.parameters(), lr=0.05)
    start = module(x, y).item()
    for _ in range(50):
        optimiser.zero_grad()
        loss = module(x, y)
        loss.backward()
        optimiser.step()
    assert loss.item() < 0.9 * start
    again = as_torch_module(Derivation(Network([5, 4, 3])), seed=1)
    again.load_state_dict(module.state_dict())
    for one in (again, copy.deepcopy(module), pickle.loads(pickle.dumps(module))):
        assert one(x, y).item() == module(x, y).item()


def test_the_seed_decides_and_an_appended_bias_starts_at_zero():
    network = Network([3, 2], bias="appended")
    one, same, other = (as_torch_module(Derivation(network), seed=n) for n in (1, 1, 2))
    assert torch.equal(one.W1, same.W1) and not torch.equal(one.W1, other.W1)
    assert one.W1.shape == (2, 4) and not one.W1[:, -1].any() and one.W1[:, :-1].all()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"x": torch.ones(5, 9)}, r"^x must have the shape \(5, 3\), not .*$"),
        ({"y": torch.ones(4, 2)}, r"^y must have the shape \(5, 2\), not .*$"),
        ({"x": torch.ones(0, 3)}, r"^x must hold at least one sample, but has the shape \(0, 3\)$"),
        (
            {"x": torch.ones(5, 3)},
            r"^all tensors must be of one type, float64 or float32, but there is float32 and .*$",
        ),
        ({"y": torch.ones(5, 2, dtype=torch.float64, requires_grad=True)}, r"^y and constants take no gradient: .*$"),
        ({"params": {"W": [None, None], "b": []}}, r"^params\['W'\] has no entry for weight layer 1$"),
        ({"reduction": "max"}, r"^reduction must be mean or sum, not 'max'$"),
    ],
)
def test_what_does_not_fit_is_named(change, message):
    network = NETWORKS["two layers"]
    x, y = batch(network)
    given = {"params": params_of(network, leaves(network)), "x": x, "y": y, **change}
    with pytest.raises(ValueError, match=message):
        as_torch_function(Derivation(network))(**given)


def test_what_is_no_network_and_what_is_left_open():
    with pytest.raises(TypeError, match="a derivation of a network"):
        as_torch_function(Derivation(SYSTEMS["attention"].program))
    with pytest.raises(ValueError, match=r"^params must be given, since the network leaves n, alpha open$"):
        as_torch_module(Derivation(Network([3, "n", 2], activations=["leaky-relu", "sigmoid"])))
