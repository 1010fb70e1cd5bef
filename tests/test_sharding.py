"""Data-parallel training on four simulated devices, in a process of its own, since devices are counted at its start."""

import json
import os
import subprocess
import sys
import textwrap

import numpy as np
import pytest

from derive import Derivation, Network
from tests.programs import SYSTEMS
from tests.test_engine import flat, values
from verify.engine.backends import Missing
from verify.engine.backends.sharding import data_parallel
from verify.engine.core import Engine

jax = pytest.importorskip("jax")

SCRIPT = textwrap.dedent("""
    import json
    import jax, numpy as np
    from derive import Derivation, Network
    from tests.test_engine import flat, values
    from verify.engine.backends.sharding import data_parallel
    from verify.engine.core import Engine

    NETWORKS = {
        "softmax": Network([3, 4, 2], activations=["leaky-relu", "softmax"], loss="cross-entropy"),
        "appended": Network([3, 4, 2], bias="appended", loss="mse"),
        "bias only": Network([3, 4, 2], activations="tanh", bias="none", loss="cosine"),
    }
    found = {"devices": len(jax.devices()), "errors": {}}
    for name, network in NETWORKS.items():
        run, engine = data_parallel(Derivation(network)), Engine(Derivation(network), backend="numpy")
        for samples in (1, 3, 4, 7, 8):
            for reduction in ("mean", "sum"):
                params, x, y = values(network, samples=samples, seed=samples)
                loss, gradients = run(params, x, y, reduction)
                wanted, others = engine(params, x, y, reduction)
                error = np.abs(np.array([loss, *flat(gradients)]) - [wanted, *flat(others)]).max()
                found["errors"][f"{name} {samples} {reduction}"] = float(error)
        assert gradients["x"].shape == (samples, 3) and gradients["W"][0].flags.writeable

    network = NETWORKS["softmax"]
    params, x, y = values(network, samples=8)
    run = data_parallel(Derivation(network), dtype="float32")
    constants = params.pop("constants")
    params = {**jax.tree.map(lambda one: jax.numpy.asarray(one, "float32"), params), "constants": constants}
    loss, gradients = run(params, x, y)
    found["type"] = str(gradients["W"][0].dtype)
    found["rows of x on each device"] = [one.data.shape[0] for one in gradients["x"].addressable_shards]
    found["whole"] = gradients["W"][0].is_fully_replicated
    after = jax.tree.map(lambda one, slope: one - 0.1 * slope, params["W"], gradients["W"])
    found["less"] = bool(run({**params, "W": after}, x, y)[0] < loss)
    found["text"] = run.compiled(params, x, y).count("all-reduce(")
    two = data_parallel(Derivation(network), jax.devices()[1:3], "float32")
    found["two"] = float(two(params, x, y)[0]) - float(loss)
    found["x64"] = jax.config.jax_enable_x64
    print(json.dumps(found))
""")


@pytest.fixture(scope="module")
def found():
    environment = {**os.environ, "XLA_FLAGS": "--xla_force_host_platform_device_count=4", "JAX_PLATFORMS": "cpu"}
    done = subprocess.run([sys.executable, "-c", SCRIPT], env=environment, capture_output=True, text=True, timeout=280)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


def test_four_devices_give_what_numpy_gives_whatever_the_number_of_samples(found):
    assert found["devices"] == 4 and len(found["errors"]) == 30
    assert max(found["errors"].values()) < 1e-13


def test_samples_are_spread_and_parameters_are_whole(found):
    assert found["rows of x on each device"] == [2, 2, 2, 2]
    assert found["whole"] and found["type"] == "float32"


def test_xla_adds_the_gradients_up(found):
    assert found["text"] >= 1


def test_an_update_lowers_the_loss_and_two_devices_of_four_do_as_well(found):
    assert found["less"]
    assert abs(found["two"]) < 1e-6


def test_the_users_setting_stays(found):
    assert found["x64"] is False


def test_one_device_is_right_too():
    network = Network([3, 4, 2])
    params, x, y = values(network, samples=6)
    loss, gradients = data_parallel(Engine(Derivation(network)))(params, x, y)
    wanted, others = Engine(Derivation(network), backend="numpy")(params, x, y)
    np.testing.assert_allclose([loss, *flat(gradients)], [wanted, *flat(others)], rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"x": np.ones((5, 9))}, r"^x must have the shape \(5, 3\), not \(5, 9\)$"),
        ({"x": np.ones(3)}, r"^x must have the shape \(samples, 3\), not \(3,\)$"),
        ({"x": np.ones((0, 3)), "y": np.ones((0, 2))}, r"^x must hold at least one sample, .* the shape \(0, 3\)$"),
        ({"reduction": "max"}, r"^reduction must be mean or sum, not 'max'$"),
        ({"params": {"W": []}}, r"^params\['W'\] has no entry for weight layer 1$"),
    ],
)
def test_what_does_not_fit_is_named(change, message):
    network = Network([3, 4, 2])
    params, x, y = values(network, samples=5)
    with pytest.raises(ValueError, match=message):
        data_parallel(Derivation(network))(**{"params": params, "x": x, "y": y, **change})


def test_what_cannot_be_spread_is_named(monkeypatch):
    with pytest.raises(TypeError, match="a derivation of a network"):
        data_parallel(Derivation(SYSTEMS["attention"].program))
    with pytest.raises(ValueError, match=r"^devices must be one or more different devices of JAX, not "):
        data_parallel(Derivation(Network([3, 2])), [])
    with pytest.raises(ValueError, match=r"^dtype must be float64 or float32, not 'float16'$"):
        data_parallel(Derivation(Network([3, 2])), dtype="float16")
    monkeypatch.setitem(sys.modules, "jax", None)
    with pytest.raises(Missing, match=r"pip install 'backproof\[jax\]'$"):
        data_parallel(Derivation(Network([3, 2])))
