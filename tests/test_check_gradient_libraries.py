"""PyTorch and JAX functions, where installed: arrays arrive as what they were, float32 is followed in float64."""

import numpy as np
import pytest

from verify.gradients import check_gradient

RNG = np.random.default_rng(3)
X, W = RNG.normal(size=(5, 3)), RNG.normal(size=3)


@pytest.fixture
def torch():
    return pytest.importorskip("torch")


@pytest.fixture
def jax():
    return pytest.importorskip("jax")


@pytest.mark.parametrize("needs", [False, True])
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_torch_tensors_arrive_as_they_were(torch, dtype, needs):
    seen = set()
    at = tuple(torch.tensor(one, dtype=getattr(torch, dtype), requires_grad=needs) for one in (X, W))

    def f(x, w):
        seen.add((type(x), x.requires_grad))
        return torch.tanh(x @ w).sum()

    def grad(x, w):
        d = 1 - torch.tanh(x @ w) ** 2
        return torch.outer(d, w), x.T @ d

    assert check_gradient(f, grad, at), dtype
    assert seen == {(torch.Tensor, needs)}
    wrong = check_gradient(f, lambda x, w: (grad(x, w)[0], 2 * grad(x, w)[1]), at)
    assert wrong.worst[0].array == "w" and "2 times" in wrong.message


def test_torch_autograd_and_a_module(torch):
    layer = torch.nn.Linear(3, 2)
    x = torch.tensor(X, dtype=torch.float32)

    def f(**parameters):
        return torch.func.functional_call(layer, parameters, (x,)).pow(2).sum()

    def grad(**parameters):
        return dict(zip(parameters, torch.autograd.grad(f(**parameters), tuple(parameters.values())), strict=True))

    at = dict(layer.named_parameters())
    found = check_gradient(f, grad, at)
    assert found, str(found)
    assert [one.name for one in found.arrays] == ["weight", "bias"]
    off = check_gradient(f, lambda **p: {**grad(**p), "bias": grad(**p)["bias"] * (1 + 5e-4)}, at)
    assert off.verdict == "wrong", str(off)


def test_a_torch_function_with_a_backward_by_hand(torch):
    class Cube(torch.autograd.Function):
        factor = 3

        @staticmethod
        def forward(context, x):
            context.save_for_backward(x)
            return x**3

        @staticmethod
        def backward(context, dy):
            (x,) = context.saved_tensors
            return Cube.factor * x**2 * dy

    at, dy = torch.tensor(X, requires_grad=True), torch.tensor(RNG.normal(size=X.shape))

    def backward(x, dy):
        return torch.autograd.grad(Cube.apply(x), x, dy)

    assert check_gradient(Cube.apply, backward, at, upstream=dy, call="one")
    Cube.factor = 2
    assert not check_gradient(Cube.apply, backward, at, upstream=dy, call="one")


def test_torch_relu_at_0(torch):
    at = torch.zeros(4, dtype=torch.float64, requires_grad=True)
    found = check_gradient(lambda x: torch.relu(x).sum(), lambda x: torch.autograd.grad(torch.relu(x).sum(), x), at)
    assert found and len(found.kinks) == 4


def test_a_torch_function_that_writes_into_its_argument_is_refused(torch):
    with pytest.raises(ValueError, match=r"f changes its argument: x\[0\] was 1 before the call and 2 after it"):
        check_gradient(lambda x: x.mul_(2).sum(), lambda x: x, torch.ones(2))


@pytest.mark.parametrize("lie", [0, 0.1])
def test_half_precision_is_coarse_and_no_reason_to_fail(torch, lie):
    for dtype in (torch.bfloat16, torch.float16):
        at = torch.tensor(W, dtype=dtype)
        found = check_gradient(lambda x: (x**2).sum(), lambda x: (2 + 4 * lie) * x, at)
        assert found.verdict == ("wrong" if lie else "right"), str(found)


def test_jax_functions_are_followed_in_float64(jax):
    jnp = jax.numpy
    f = jax.jit(lambda x, w: jnp.tanh(x @ w).sum())
    at = jnp.asarray(X), jnp.asarray(W)
    found = check_gradient(f, jax.grad(f, (0, 1)), at)
    assert found and any("float64" in note for note in found.notes), str(found)
    assert found.arrays[0].resolution < 1e-4
    wrong = check_gradient(f, lambda x, w: tuple(one * (1 + 5e-4) for one in jax.grad(f, (0, 1))(x, w)), at)
    assert [one.verdict for one in wrong.arrays] == ["wrong", "wrong"]


def test_jax_trees_of_parameters(jax):
    jnp = jax.numpy
    at = {"W": [jnp.asarray(X), jnp.asarray(X[:2] @ X.T)], "b": [jnp.zeros(5), jnp.zeros(2)]}

    def f(p):
        a = jnp.tanh(p["W"][0] @ W + p["b"][0])
        return ((p["W"][1] @ a + p["b"][1]) ** 2).sum()

    assert check_gradient(f, jax.grad(f), at)
    assert not check_gradient(f, lambda p: jax.tree.map(lambda one: -one, jax.grad(f)(p)), at)


def test_jax_vjp_as_the_gradient(jax):
    jnp = jax.numpy
    dy = jnp.asarray(RNG.normal(size=X.shape))
    assert check_gradient(jnp.sin, lambda x, dy: jax.vjp(jnp.sin, x)[1](dy), jnp.asarray(X), upstream=dy)
