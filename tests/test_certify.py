"""Certified gradients of every program and network: the truth against other oracles, and small lies that must show."""

import json
import math

import numpy as np
import pytest
import sympy
from flint import arb, ctx
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from sympy.core.relational import Relational

from derive.derivation import Derivation
from derive.equation import Equation, EquationError
from derive.named import number as scalar
from derive.network import Network
from derive.program import Program
from derive.second import HessianVector
from derive.symbols import Array, Scalar, Width, free_indices, total
from derive.tables.activations import ACTIVATIONS
from derive.tables.losses import LOSSES
from tests import programs
from tests.backpropagation import backpropagation
from tests.programs import System
from tests.strategies import FORMULAS, M, N, networks
from verify.certificates import Certificate, Certifier, certify
from verify.engine.core import Engine
from verify.oracles import DomainError, Point, PointError
from verify.oracles import Truth as Former
from verify.oracles.arithmetic import Floats
from verify.oracles.forward import forward
from verify.programs.numbers import Forward, NoNumbers
from verify.programs.reading import program_read

SYSTEMS = {name: one for name, one in vars(programs).items() if isinstance(one, System)}
UNIT = 1e-30


def read(*lines, wrt=(), shapes=None):
    return program_read(list(lines), shapes or {}, list(wrt)).program


def example(system, seed=0):
    """Numbers for every letter, matrices with a strong diagonal, and the upstream gradient."""
    rng = np.random.default_rng(seed)
    sizes = {**system.program.sizes, **{Width(name): size for name, size in system.sizes.items()}}

    def shape(one):
        spaces = one.spaces if isinstance(one, Array) else ()
        return tuple(sizes[space.size] if isinstance(space.size, Width) else int(space.size) for space in spaces)

    values = {one.name: rng.uniform(0.2, 0.9, shape(one)) for one in system.program.inputs}
    for value in values.values():
        if value.ndim == 2 and value.shape[0] == value.shape[1]:
            value += 2 * np.eye(len(value))
    arrays = {one.name: one for one in system.program.variables.values()}
    up = rng.normal(size=shape(arrays[system.upstream])) if system.upstream else None
    return values, up, dict(system.sizes)


def complex_step(system, values, up, name):
    """The derivative by every entry of a letter, from the forward pass that the table of systems writes in NumPy."""
    found = np.zeros(np.shape(values[name]))
    for place in np.ndindex(*found.shape):
        moved = np.array(values[name], complex)
        moved[place] += UNIT * 1j
        found[place] = np.imag(system.forward({**values, name: moved}, up)) / UNIT
    return found


def truth_of(system, values, up, sizes):
    upstream = {system.upstream: up} if system.upstream else None
    return Certifier(system.program, {"f": sympy.sin}, sizes).truth(values, upstream=upstream)


@pytest.mark.parametrize("name", SYSTEMS)
def test_the_truth_of_a_program_is_what_the_complex_step_finds(name):
    system = SYSTEMS[name]
    values, up, sizes = example(system)
    truth = truth_of(system, values, up, sizes)
    for letter, gradient in truth.gradients.items():
        step = complex_step(system, values, up, letter)
        np.testing.assert_allclose(gradient, step, rtol=1e-10, atol=1e-10 * max(1.0, np.abs(step).max()))
    with ctx.workprec(truth.enclosure.bits):  # a ball of 70 relative bits says more than a float does
        assert all(truth.enclosure.settled(ball) for one in truth.enclosure.gradients.values() for ball in one.balls)


@pytest.mark.parametrize("name", SYSTEMS)
def test_a_lie_of_one_millionth_in_one_entry_of_a_program_is_found(name):
    system = SYSTEMS[name]
    values, up, sizes = example(system, 1)
    truth = truth_of(system, values, up, sizes)
    right = truth.gradients
    honest = truth.certify(right)
    assert honest.holds and honest.digits >= 15 and honest.worst.verdict == "right"
    for letter in right:
        lie = {**right, letter: np.array(right[letter])}
        place = np.unravel_index(np.argmax(np.abs(lie[letter])), lie[letter].shape)
        lie[letter][place] *= 1 + 1e-6
        found = truth.certify(lie)
        assert not found.holds and found.worst.array == letter and found.worst.verdict == "wrong"
        assert found.worst.index == tuple(int(one) + 1 for one in place) and found.worst.digits in (5, 6)
        assert [row.name for row in found.rows if row.wrong] == [letter]


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(FORMULAS, st.integers(0, 20))
def test_random_index_formulas_agree_with_the_complex_step(formula, seed):
    """Deltas, sums in sums, letters bound twice, cases: the forward pass entry by entry is the other oracle."""
    assume(all(one.rel_op == ">" for one in formula.atoms(Relational)))  # all that the other oracle knows
    target = Equation(scalar("T"), total(formula, *sorted(free_indices(formula), key=str)))
    try:
        program = Program((target,), tuple(sorted(formula.atoms(Array, Scalar), key=str)))
    except EquationError:
        return
    sizes, rng = {N.size: 2, M.size: 2}, np.random.default_rng(seed)  # a delta in the table joins two spaces' letters
    values = {one.name: rng.uniform(0.2, 0.9, (2,) * len(getattr(one, "spaces", ()))) for one in program.inputs}
    try:
        forward_pass = Forward(program, sizes, {})
        start = forward_pass(values)
        truth = Certifier(program, sizes={"n": 2, "m": 2}).truth(values)
    except (ZeroDivisionError, OverflowError, ValueError, NoNumbers, DomainError):
        return
    if truth.enclosure.kinks or abs(start.imag) > 0 or abs(start) > 1e100:
        return
    assert np.isclose(truth.loss, start.real, rtol=1e-9, atol=1e-9)
    for name, gradient in truth.gradients.items():
        for place in np.ndindex(*np.shape(gradient)):
            moved = np.array(values[name], complex)
            moved[place] += UNIT * 1j
            step = forward_pass({**values, name: moved if moved.shape else complex(moved)}).imag / UNIT
            assert np.isclose(gradient[place], step, rtol=1e-8, atol=1e-8 * max(1.0, abs(start))), (
                formula,
                name,
                place,
            )


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_a_network_agrees_with_the_other_enclosure_and_with_an_ordinary_program(activation, loss):
    network = Network([2, 3, 2], activation, loss)
    try:
        point = Point.random(network, 3)
    except PointError:
        assert activation == "step"
        return
    truth, former = Certifier(network).truth(point), Former.at(network, point).gradients()
    mine, flat = truth.gradients, {"x": former["x"]}
    flat |= {f"{role}{number}": value for role in "Wb" for number, value in enumerate(former[role], 1)}
    for name, value in flat.items():
        np.testing.assert_allclose(mine[name], value, rtol=3e-16, atol=1e-300)
    loss_value = float(forward(network, point, Floats()).loss)
    found = truth.certify(backpropagation(network, point), loss_value)
    assert found.holds and found.loss.digits >= 8 and not found.kinks
    assert found.entries == sum(value.size for value in flat.values())


@settings(max_examples=40, deadline=None, derandomize=True)
@given(networks(), st.integers(0, 99))
def test_random_networks_with_any_bias_hold_and_lies_do_not(spec, seed):
    network = Network(**spec)
    try:
        point = Point.random(network, seed)
    except PointError:
        return
    gradients = backpropagation(network, point)
    found = certify(network, point, gradients)
    assert found.holds
    arrays = [(role, number) for role in "Wb" for number, one in enumerate(gradients[role]) if one is not None]
    for role, number in arrays:
        value = gradients[role][number]
        place = np.unravel_index(np.argmax(np.abs(value)), value.shape)
        if abs(value[place]) > 1e-6:
            lie = {**gradients, role: [None if one is None else np.array(one) for one in gradients[role]]}
            lie[role][number][place] *= 1 - 1e-6
            assert not certify(network, point, lie).holds


def test_a_batch_is_the_mean_or_the_sum_of_its_samples_and_x_has_a_row_each():
    network = Network([3, 4, 2], ["tanh", "softmax"], "cross-entropy")
    rng, point = np.random.default_rng(0), Point.random(network, 2)
    x, y = rng.normal(size=(5, 3)), np.eye(2)[rng.integers(0, 2, 5)]
    values = {"W": point.W, "b": point.b, "x": x, "y": y}
    each = [Certifier(network).truth({**values, "x": one, "y": other}) for one, other in zip(x, y, strict=True)]
    for reduction, weight in (("mean", 0.2), ("sum", 1.0)):
        truth = Certifier(network).truth(values, reduction=reduction)
        for name in ("W1", "b2"):
            total = weight * sum(one.gradients[name] for one in each)
            np.testing.assert_allclose(truth.gradients[name], total, rtol=1e-13, atol=1e-16)
        np.testing.assert_allclose(truth.gradients["x"][3], weight * each[3].gradients["x"], rtol=1e-14)
        loss, gradients = Engine(Derivation(network), backend="numpy")(values, x, y, reduction)
        assert certify(network, values, gradients, loss=loss, reduction=reduction).holds


def test_the_engine_of_a_program_is_certified_in_both_kinds_of_float():
    system = SYSTEMS["layer_norm"]
    values, up, _ = example(system)
    derivation = Derivation(system.program)
    for dtype, least in (("float64", 13), ("float32", 4)):
        near = {name: value.astype(dtype) for name, value in values.items()}
        _, gradients = Engine(derivation, backend="numpy", dtype=dtype)(near, upstream={"y": up.astype(dtype)})
        found = certify(derivation, values, gradients, dtype, upstream={"y": up})
        assert found.holds and found.dtype == dtype and found.digits >= least


def test_hessian_vector_products_are_certified_as_programs():
    network = Network([2, 3, 2], ["tanh", "softmax"], "cross-entropy")
    product, point, rng = HessianVector(Derivation(network)), Point.random(network, 1), np.random.default_rng(0)
    values = {"x": point.x, "y": point.y}
    values |= {f"{role}{n}": one for role in "Wb" for n, one in enumerate(getattr(point, role), 1)}
    along = {}
    for moved, direction in product.directions.items():
        along[moved.name] = values[direction.name] = rng.normal(size=values[moved.name].shape)
    sizes = {str(width): size for width, size in network.sizes.items()}
    truth = Certifier(product.program, sizes=sizes).truth(values)

    def gradients(step):
        moved = {name: value + step * along.get(name, 0) for name, value in values.items()}
        w, b = ([moved[f"{role}{n}"] for n in (1, 2)] for role in "Wb")
        return Certifier(network).truth({"W": w, "b": b, "x": point.x, "y": point.y}).gradients

    ahead, behind = gradients(1e-5), gradients(-1e-5)
    for name in along:
        np.testing.assert_allclose(truth.gradients[name], (ahead[name] - behind[name]) / 2e-5, rtol=1e-6, atol=1e-8)
    assert truth.certify(truth.gradients).holds
    assert not truth.certify({"W1": truth.gradients["W1"] * (1 + 1e-6)}).holds


def test_float32_is_asked_about_the_numbers_that_float32_holds():
    program = read(r"f = \sum_i x_i^3")
    x = np.array([0.1, 1 / 3])
    near = x.astype(np.float32)
    found = certify(program, {"x": x}, {"x": 3 * near**2}, "float32", worst=2)
    assert found.holds and found.digits >= 6
    exact = 3 * float(near[1]) ** 2
    true = next(one for one in found.row("x").worst if one.index == (2,)).true
    assert abs(float(true) - exact) < 1e-15 < abs(float(true) - 1 / 3)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_is_wrong(value):
    found = certify(read(r"f = \sum_i x_i^2"), {"x": np.ones(2)}, {"x": np.array([2.0, value])})
    assert not found.holds and found.worst.index == (2,) and found.digits == 0
    assert json.loads(json.dumps(found.record(), allow_nan=False))["holds"] is False


def test_a_certificate_shows_itself_and_can_be_recorded():
    network = Network([2, 3, 1])
    point = Point.random(network, 7)
    found = certify(network, point, backpropagation(network, point), worst=2)
    assert isinstance(found, Certificate) and found.row("W1").entries == 6 and len(found.row("W1").worst) == 2
    record = json.loads(json.dumps(found.record(), allow_nan=False))
    assert [one["name"] for one in record["arrays"]] == ["W1", "b1", "W2", "b2", "x"] and record["digits"] >= 13
    assert "| W1 | 6 |" in found._repr_markdown_() and "all right" in found._repr_markdown_()
    with pytest.raises(KeyError):
        found.row("W3")


def test_a_large_gradient_is_kept_in_factors_and_compared_in_pieces():
    network = Network([700, 90, 3], ["tanh", "softmax"], "cross-entropy")
    rng = np.random.default_rng(0)
    values = {"W": [rng.normal(size=(90, 700)) / 30, rng.normal(size=(3, 90))], "b": [np.zeros(90), np.zeros(3)],
              "x": rng.normal(size=(2, 700)), "y": np.eye(3)[:2]}  # fmt: skip
    truth = Certifier(network).truth(values)
    assert truth.enclosure.gradients["W1"].factors is not None
    loss, gradients = Engine(Derivation(network), backend="numpy")(values, values["x"], values["y"])
    assert truth.certify(gradients, loss).holds
    gradients["W"][0][89, 699] *= 1 + 1e-6
    wrong = truth.certify(gradients)
    assert not wrong.holds and wrong.worst.place == "W1[90, 700]"


def test_a_wrong_function_of_the_table_would_be_noticed():
    """Every row of the table of functions: its slope encloses what balls of its value say (a mean value theorem)."""
    from verify.certificates.functions import FUNCTIONS, OVER_ROOT, ROOT, real_power, whole_power

    third = real_power(lambda: arb(4) / 3, True, True)
    rows = [*FUNCTIONS.values(), ROOT, OVER_ROOT, third, *(whole_power(n) for n in (-3, -1, 0, 1, 2, 5, 31))]
    with ctx.workprec(300):
        for row in rows:
            u, h = arb(1.75) if row.name == "acosh" else arb(0.375), arb(2) ** -80
            slope = (row.value(u + h) - row.value(u - h)) / (2 * h)
            assert abs(slope - row.slope(u, row.value(u))) < arb(2) ** -150 * (1 + abs(slope)), row.name


def test_the_certificates_share_no_code_with_what_made_the_steps():
    import ast
    from pathlib import Path

    import verify.certificates as room

    apart = {
        "chain",
        "contract",
        "differentiate",
        "rewrite",
        "simplify",
        "closedform",
        "matrix",
        "entries",
        "derivation",
    }
    files = sorted(Path(room.__file__).parent.glob("*.py"))
    imported = {
        (path.name, name)
        for path in files
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom)
        for name in [node.module or ""]
    }
    assert len(files) > 15
    assert not [pair for pair in imported if pair[1].startswith("derive.") and pair[1].split(".")[1] in apart]
    assert not [pair for pair in imported if pair[1].startswith(("verify.engine", "verify.kernel", "verify.graph"))]


def test_an_intermediate_quantity_can_be_differentiated_by():
    program = read(r"Y_i = x_i", r"f = \sum_i (Y_i^2 + x_i)")
    both = Program(program.definitions, (program.variables["x"], program.variables["Y"]))
    found = Certifier(both).truth({"x": np.array([2.0, 3.0])}).gradients
    np.testing.assert_array_equal(found["x"], [5.0, 7.0])
    np.testing.assert_array_equal(found["Y"], [4.0, 6.0])
