"""Right gradients pass and wrong ones fail: what other gradient checkers get wrong, each by name."""

import numpy as np
import pytest

from tests.gradient_cases import (
    DY,
    NET,
    RNG,
    W,
    X,
    huber,
    huber_gradient,
    layer_norm,
    layer_norm_backward,
    net,
    net_gradient,
    rms_norm,
    rms_norm_backward,
)
from verify.gradients import WrongGradient, assert_gradient, check_gradient

SOME = np.random.default_rng(0).normal(size=8)


def cube(x):
    return (x**3).sum()


def one_entry_off(x, share):
    found = 3 * x**2
    found[5] *= 1 + share
    return found


RIGHT = {
    "cubes": (cube, lambda x: 3 * x**2, SOME, {}),
    "linear": (lambda x: x.sum(), np.ones_like, SOME, {}),
    "constant": (lambda x: 3.0, np.zeros_like, SOME, {}),
    "a large constant": (lambda x: 1e6 + (x**2).sum(), lambda x: 2 * x, SOME, {}),
    "tiny": (lambda x: 1e-7 * (x**2).sum(), lambda x: 2e-7 * x, SOME, {}),
    "many scales": (lambda x: (x**2).sum(), lambda x: 2 * x, 10.0 ** np.arange(-6, 6), {}),
    "logarithm": (lambda x: np.log(x).sum(), lambda x: 1 / x, np.abs(SOME), {}),
    "root at its edge": (lambda x: (x**1.5).sum(), lambda x: 1.5 * np.sqrt(x), np.array([0.0, 1.0]), {}),
    "cross-entropy": (lambda x: -np.log(1 - 1 / (1 + np.exp(-x))).sum(), lambda x: 1 / (1 + np.exp(-x)), SOME, {}),
    "huber": (huber, huber_gradient, SOME, {}),
    "rms norm": (rms_norm, rms_norm_backward, (X, W), {"upstream": DY}),
    "layer norm": (layer_norm, layer_norm_backward, X, {"upstream": DY}),
    "two layers": (net, net_gradient, NET, {}),
    "relu at 0": (lambda x: np.maximum(x, 0).sum(), lambda x: (x > 0) * 1.0, np.array([0.0, 1.0, -1.0]), {}),
    "relu at 0, the other side": (lambda x: np.maximum(x, 0).sum(), lambda x: (x >= 0) * 1.0, np.zeros(3), {}),
    "modulus at 0": (lambda x: np.abs(x).sum(), np.sign, np.array([0.0, 1.0]), {}),
    "a tie": (lambda x: x.max(), lambda x: np.eye(3)[x.argmax()], np.array([1.0, 1.0, 0.0]), {}),
    "a kink beside": (lambda x: np.abs(x - 1e-6).sum(), lambda x: np.sign(x - 1e-6), np.array([0.0, 1.0, 2e-6]), {}),
}
WRONG = {
    "gradcheck: a relative error of 5e-4 in one entry": (cube, lambda x: one_entry_off(x, 5e-4), SOME, {}),
    "gradcheck: a relative error of 5e-4": (lambda x: x**2, lambda x, dy: dy * 2 * x * (1 + 5e-4), X, {"upstream": DY}),
    "gradcheck: RMSNorm forgets eps": (
        rms_norm, lambda x, w, dy: rms_norm_backward(x, w, dy, 0), (X, W), {"upstream": DY}),
    "gradcheck: the tail of Huber has the wrong sign": (huber, lambda x: huber_gradient(x, -1), SOME, {}),
    "gradcheck: the tail of Huber, of one number": (huber, lambda x: huber_gradient(x, -1), np.array([0.3]), {}),
    "gradcheck: the third term of LayerNorm has the wrong sign": (
        layer_norm, lambda x, dy: layer_norm_backward(x, dy, third=-1), X, {"upstream": DY}),
    "autograd: tiny, with the wrong sign": (lambda x: 1e-7 * (x**2).sum(), lambda x: -2e-7 * x, SOME, {}),
    "modulus at 0, outside": (lambda x: np.abs(x).sum(), lambda x: np.sign(x) + 1.5 * (x == 0), np.zeros(2), {}),
    "a large constant": (lambda x: 1e8 + (x**2).sum(), lambda x: 2.001 * x, SOME, {}),
    "a clip without its mask": (lambda x: np.clip(x, -1, 1).sum(), np.ones_like, np.array([0.5, 0.0]), {}),
    "nan away from the point": (lambda x: np.abs(x).sum(), lambda x: np.where(x > 4, np.nan, np.sign(x)), SOME, {}),
    **{f"two layers: {slip}": (net, lambda p, slip=slip: net_gradient(p, slip), NET, {})
       for slip in ("slope", "transpose", "batch", "mean", "widths", "double")},
}  # fmt: skip


@pytest.mark.parametrize("name", RIGHT)
def test_right_gradients_pass(name):
    f, grad, at, options = RIGHT[name]
    found = check_gradient(f, grad, at, **options)
    assert found, str(found)
    assert found.message == "" and found.worst == ()
    found.raise_if_wrong()


@pytest.mark.parametrize("name", WRONG)
def test_wrong_gradients_fail(name):
    f, grad, at, options = WRONG[name]
    found = check_gradient(f, grad, at, **options)
    assert found.verdict == "wrong", str(found)
    assert found.worst[0].name in found.message
    with pytest.raises(WrongGradient, match="WRONG"):
        found.raise_if_wrong()


@pytest.mark.parametrize("share", [1e-8, 1e-6, 1e-4, -1e-6])
def test_small_lies_are_seen(share):
    assert check_gradient(cube, lambda x: one_entry_off(x, 0), SOME)
    assert not check_gradient(cube, lambda x: one_entry_off(x, share), SOME)


def test_an_error_may_be_allowed():
    assert check_gradient(cube, lambda x: one_entry_off(x, 1e-4), SOME, rtol=1e-3)
    assert not check_gradient(cube, lambda x: one_entry_off(x, 1e-2), SOME, rtol=1e-3)


def test_a_kink_is_reported_with_its_slopes():
    found = check_gradient(*RIGHT["relu at 0"][:3])
    (kink,) = found.kinks
    assert (kink.name, kink.index) == ("x[0]", (0,))
    assert (kink.left, kink.right) == pytest.approx((0, 1), abs=1e-9)
    assert "kink" in str(found)


def test_a_jump_is_undecided():
    found = check_gradient(lambda x: np.floor(x).sum(), np.zeros_like, np.array([0.5, 1.0]), probes=False)
    assert (found.verdict, found.holds, found.arrays[0].note) == (
        "undecided", False, "x[1]: f jumps here, and has no derivative")  # fmt: skip


def test_noise_that_hides_the_gradient_is_undecided():
    found = check_gradient(lambda x: 1e16 + (np.abs(x) ** 2).sum(), lambda x: 2 * x, SOME, probes=False)
    assert found.verdict == "undecided" and "rounding error" in str(found)


def test_the_taylor_remainder_falls_with_the_square_for_a_right_gradient_only():
    right = check_gradient(cube, lambda x: 3 * x**2, SOME).taylor
    wrong = check_gradient(cube, lambda x: 3.01 * x**2, SOME).taylor
    assert right.slope == pytest.approx(2, abs=0.05)
    assert wrong.slope == pytest.approx(1, abs=0.2)
    assert right.steps.shape == right.remainders.shape == right.changes.shape


def test_the_complex_step_confirms_where_f_takes_complex_numbers():
    found = check_gradient(cube, lambda x: 3 * x**2, SOME)
    assert found.arrays[0].complex_step < 1e-14
    assert check_gradient(lambda x: np.abs(x).sum(), np.sign, SOME).arrays[0].complex_step is None


def test_the_complex_step_convicts_nobody():
    """It misses the derivative of the modulus here, which is no fault of the gradient."""
    assert check_gradient(
        lambda x: (x**2).sum() + 1e-3 * np.abs(x).sum(), lambda x: 2 * x + 1e-3 * np.sign(x), SOME
    ).holds


def test_a_gradient_may_be_numbers():
    found = check_gradient(cube, 3 * SOME**2, SOME)
    assert found and found.probes == () and "no other point" in str(found)
    assert not check_gradient(cube, 3 * SOME, SOME)


def test_probes_may_be_chosen():
    wrong = huber, lambda x: huber_gradient(x, -1), SOME
    assert check_gradient(*wrong, probes=False)
    assert not check_gradient(*wrong, probes=[SOME, SOME + 7])
    assert len(check_gradient(huber, huber_gradient, SOME, probes=3).probes) == 3


def test_a_point_outside_the_domain_is_left_out():
    found = check_gradient(lambda x: np.sqrt(x).sum(), lambda x: 0.5 / np.sqrt(x), np.array([1.0, 2.0]))
    assert found and {one.verdict for one in found.probes} == {"right", "outside"}


@pytest.mark.parametrize("lie", [0.0, 5e-4])
def test_single_precision_is_judged_by_its_own_noise(lie):
    at = RNG.normal(size=20).astype(np.float32)

    def single(x):
        return (np.asarray(x, np.float32) ** 3).sum(dtype=np.float32)

    def grad(x):
        found = 3 * x * x
        found[np.argmax(found)] *= 1 + lie
        return found

    for f in (single, cube):
        assert check_gradient(f, grad, at).verdict == ("wrong" if lie else "right")


def test_every_way_to_hand_over_parameters():
    a, b = SOME[:3], SOME[3:6]

    def f(a, b):
        return (a * b**2).sum()

    def grads(a, b):
        return b**2, 2 * a * b

    assert check_gradient(f, grads, (a, b))
    assert check_gradient(f, grads, [a, b])
    assert check_gradient(f, lambda a, b: dict(zip("ab", grads(a, b), strict=True)), {"a": a, "b": b})
    assert check_gradient(lambda p: f(*p), lambda p: list(grads(*p)), [a, b])
    assert check_gradient(lambda p: f(**p), lambda p: dict(zip("ab", grads(**p), strict=True)), {"a": a, "b": b})
    assert check_gradient(lambda a, b: a * b, lambda a, b: (b, a), (2.0, np.float64(3)))
    assert check_gradient(lambda p: f(*p), lambda p: grads(*p), (a, b), call="one")
    assert check_gradient(f, lambda a, b: (b**2, None), (a, b)).arrays[1].verdict == "not given"


def test_the_upstream_gradient_finds_its_argument():
    for backward in (lambda x, dy: 2 * x * dy, lambda dy, x: 2 * x * dy, lambda x, upstream: 2 * x * upstream,
                     lambda x: 2 * x * DY, lambda x, factor=2: factor * x * DY):  # fmt: skip
        assert check_gradient(lambda x: x**2, backward, X, upstream=DY)


def test_an_assertion_shows_the_whole_text():
    assert_gradient(cube, lambda x: 3 * x**2, SOME)
    with pytest.raises(AssertionError, match=r"(?s)x\[\d\]: given .* by differences .* likely: every entry is half"):
        assert_gradient(cube, lambda x: 1.5 * x**2, SOME[:3].round(1))
