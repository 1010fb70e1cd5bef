"""The machinery applied to its own result: Hessian–vector products, against differences of the engine's gradients."""

import numpy as np
import pytest
from sympy import Indexed, lambdify

from derive import Derivation, Network
from derive.again import direction, slope_along
from derive.chain import accumulate
from derive.entries import Expansion, Unrolled
from derive.equation import Equation
from derive.functions import kind
from derive.program import Program
from verify.engine.core import Engine


def expansion(program, state, sizes):
    """Replaces every name in a claim of a program, down to its free letters."""
    names = {Program.symbol(one.lhs): one for one in program.definitions}
    for array, number in state.named.items():
        name = state.claim(number).lhs
        names[name.base] = Equation(name, state.claim(state.result[array]).rhs)
    functions = {kind(one.lhs): one for one in program.functions}
    slopes = {slope: state.claim(number) for slope, number in state.closed.items()}
    return Expansion(Unrolled(sizes), names, slopes | functions)


@pytest.mark.parametrize(
    "arguments",
    [
        {"layers": [2, 2, 1]},
        {"layers": [2, 2, 2], "activations": ["tanh", "softmax"], "loss": "cross-entropy"},
        {"layers": [2, 2, 2], "activations": ["softmax", "linear"], "bias": False},
    ],
)
def test_hessian_vector_products(arguments):
    network = Network(**arguments)
    derivation = Derivation(network)
    program = slope_along(derivation)
    state = accumulate(program)
    expanded = expansion(program, state, network.sizes)
    rng = np.random.default_rng(3)
    params = {role: [None] * network.depth for role in "Wb"}
    along = {role: [None] * network.depth for role in "Wb"}
    values = {}
    for array in network.parameters:
        shape = tuple(network.sizes[space.size] for space in array.spaces)
        params[array.role][array.layer - 1], along[array.role][array.layer - 1] = rng.normal(size=(2, *shape))
        values |= {array: params[array.role][array.layer - 1], direction(array): along[array.role][array.layer - 1]}
    x, y = rng.normal(size=network.widths[0]), np.eye(network.widths[-1])[0]
    values |= {network.array("x", 0): x, network.array("y", 0): y}

    def gradients(step):
        moved = {
            role: [None if w is None else w + step * v for w, v in zip(params[role], along[role], strict=True)]
            for role in "Wb"
        }
        return Engine(derivation, "numpy")(moved, x, y)[1]

    step = 1e-5
    up, down = gradients(step), gradients(-step)
    for array in network.parameters:
        claim = state.claim(state.result[array])
        wanted = (up[array.role][array.layer - 1] - down[array.role][array.layer - 1]) / (2 * step)
        found = [evaluated(expanded(right), values) for _, right in Unrolled(network.sizes).equations(claim)]
        np.testing.assert_allclose(np.reshape(found, wanted.shape), wanted, rtol=1e-6, atol=1e-8)


def evaluated(expression, values):
    leaves = sorted(expression.atoms(Indexed), key=str)
    numbers = [float(values[leaf.base][tuple(int(i) - 1 for i in leaf.indices)]) for leaf in leaves]
    return float(lambdify(leaves, expression, "math")(*numbers)) if leaves else float(expression)
