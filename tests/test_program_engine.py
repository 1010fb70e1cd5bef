"""The engine of a program against a forward pass in plain NumPy, differentiated by a complex step."""

import runpy

import numpy as np
import pytest

from derive import Derivation
from derive.named import Opaque
from tests.programs import SYSTEMS
from verify.engine.core import Engine


def derivation(name):
    return Derivation(SYSTEMS[name].program)


def values(system, seed=3):
    rng = np.random.default_rng(seed)
    found = {}
    for one in system.program.inputs:
        shape = tuple(system.sizes[str(space.size)] for space in getattr(one, "spaces", ()))
        found[one.name] = rng.random(shape) + 0.3 if shape else 0.7
    if system.program.facts:
        found["T"] = found["T"] / found["T"].sum(1, keepdims=True)
    shape = next((one.rhs.arrays[0].spaces for one in system.program.definitions if isinstance(one.rhs, Opaque)), ())
    up = rng.normal(size=[system.sizes[str(space.size)] for space in shape])
    return found, up


def complex_step(system, given, up, letter):
    """∂/∂(each entry) of the plain NumPy forward pass: Im f(x + ih)/h, exact to the last digits for h = 10⁻³⁰."""
    base = np.asarray(given[letter], complex)
    found = np.zeros(base.shape)
    for at in np.ndindex(*base.shape):
        moved = base.copy()
        moved[at] += 1e-30j
        found[at] = np.imag(system.forward({**given, letter: moved if moved.shape else complex(moved)}, up)) / 1e-30
    return found


OPAQUE = {"f": np.sin, "f_prime": np.cos}


def run(system, given, up, engine=None):
    engine = engine or Engine(Derivation(system.program), "numpy")
    return engine(given, upstream={system.upstream: up} if system.upstream else None, functions=OPAQUE)


@pytest.mark.parametrize("name", SYSTEMS)
def test_the_engine_computes_what_plain_numpy_and_a_complex_step_do(name):
    system = SYSTEMS[name]
    given, up = values(system)
    target, gradients = run(system, given, up)
    assert (target is None) == bool(system.upstream)
    if target is not None:
        assert target == pytest.approx(float(system.forward(given, up)), rel=1e-13)
    assert set(gradients) == {one.name for one in system.program.wrt}
    for letter, found in gradients.items():
        expected = complex_step(system, given, up, letter)
        assert found.shape == expected.shape
        np.testing.assert_allclose(found, expected, rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize("name", ["attention", "convolution", "swiglu", "log_sum_exp", "inverse", "logistic"])
def test_the_printed_source_runs_alone(name, tmp_path):
    system = SYSTEMS[name]
    given, up = values(system)
    engine = Engine(Derivation(system.program), "numpy")
    path = tmp_path / "engine.py"
    path.write_text(engine.source)
    names = {"Q": "Q", r"\beta_0": "beta_0", r"\beta_1": "beta_1"} | {one: one for one in given if "\\" not in one}
    arguments = {names[letter]: value for letter, value in given.items()}
    arguments |= {f"dL_d{system.upstream}": up} if system.upstream else {}
    arguments |= {one: system.sizes[one] for one in engine.arguments if one in system.sizes and one not in arguments}
    found = runpy.run_path(str(path))["loss_and_gradients"](**arguments)
    found = list(found) if isinstance(found, tuple) else [found]
    target, expected = run(system, given, up, engine)
    assert target is None or target == found.pop(0)
    for one, wanted in zip(found, expected.values(), strict=True):
        np.testing.assert_array_equal(one, wanted)


def test_attention_runs_on_scores_that_would_overflow():
    system = SYSTEMS["attention"]
    given, up = values(system)
    _, gradients = run(system, {**given, "Q": given["Q"] * 1e4}, up)
    assert all(np.isfinite(one).all() for one in gradients.values())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"values": {}}, r"^values has no entry for 'K'; it has none$"),
        ({"upstream": {}}, r"^upstream has no entry for 'O'; it has none$"),
        ({"K": np.ones((3, 9))}, r"^(Q|V) has the shape .* but d is 9 elsewhere$"),
        ({"Q": np.ones(3)}, r"^Q must have 2 axes, not 1$"),
        ({"Q": 1j * np.ones((2, 2))}, r"^Q must be real, not complex$"),
    ],
)
def test_what_the_engine_misses_is_named(change, message):
    system = SYSTEMS["attention"]
    given, up = values(system)
    arguments = {"values": {**given, **change}, "upstream": {"O": up}, **change}
    with pytest.raises(ValueError, match=message):
        Engine(derivation("attention"), "numpy")(arguments["values"], upstream=arguments["upstream"])
