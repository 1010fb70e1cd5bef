"""Published gradients that were wrong, with their corrections."""

import numpy as np

from tests.corpus.oracle.numbers import column, given, nonzero, positive, real, sigmoid, slope, symmetric
from tests.corpus.oracle.rows import claims, row


def _root(x, eps):
    return np.sqrt(np.mean(x**2) + eps)


_W1 = given(w=real(2, 3), y=real(3), d=real(2))
_W2 = given(W=real(2, 3), x=real(3), g=real(2))
_W3 = given(A=symmetric(3), x=real(3), b=real(3))
_W4 = given(w=real(3), X=real(4, 3), y=real(4), alpha=real(4), b=real())
_W5 = given(c=real(3), x=real(3))
_W6 = given(pw=real(), qw=real(), pl=real(), ql=real(), beta=positive())
_W7 = given(x=real(4), w=real(4), g=real(4), eps=positive())
_W8 = given(x=positive(4), w=real(4), g=real(4), eps=positive())
_W9 = given(x=real(4), h=real(4), g=real(4), eps=positive())
_W10 = given(w=real(3), n=real(4, 3), g=real(4, 3))
_W11 = given(x=real(), mu=real(), lam=positive())
_W12 = given(x=lambda rng: rng.uniform(-2, 0.4))
_W13 = given(x=real())
_W14 = given(r=positive())
_W15 = given(x=lambda rng: rng.uniform(10.3, 14))
_W16 = given(x=nonzero())
_W17 = given(x=lambda rng: rng.choice([-1, 1]) * (rng.uniform(0.2, 4.5) if rng.random() < 0.4 else rng.uniform(5.5, 9)))

ROWS = (
    # filipecalasans/mlp #1
    *claims(
        lambda v: -slope(lambda u: np.sum((v.d - np.tanh(u)) ** 2) / 2, v.w @ v.y),
        {
            "p184": lambda v: (v.d - np.tanh(v.w @ v.y)) * (1 - np.tanh(v.w @ v.y) ** 2),
            "p185": lambda v: (v.d - np.tanh(v.w @ v.y)) * np.tanh(v.w @ v.y),
        },
        world=_W1,
    ),
    # makeyourownneuralnetwork #88
    *claims(
        lambda n: n.dz(2),
        {
            "p186": lambda n: n.s(2) * (n.W(3).T @ n.dz(3)),
            "p187": lambda n: n.W(3).T @ n.dz(3),
        },
        notation="nielsen",
    ),
    # SciMLBook #164
    *claims(
        lambda v: slope(lambda W: v.g @ np.tanh(W @ v.x), v.W),
        {
            "p188": lambda v: np.outer(v.g * (1 - np.tanh(v.W @ v.x) ** 2), v.x),
            "p189": lambda v: np.outer(v.g * (1 - np.tanh(v.W @ v.x) ** 2), v.x),
            "p190": lambda v: np.outer(v.g, v.x),
        },
        world=_W2,
    ),
    # Grokking-Deep-Learning #71
    *claims(
        lambda n: n.dW(2),
        {
            "p191": lambda n: np.outer(n.dz(2), n.x),
            "p192": lambda n: np.outer(n.x, n.dz(2)),
        },
        notation="nielsen",
    ),
    # deep-learning-illustrated #6
    *claims(
        lambda n: n.jac(("a", 2), ("z", 2))[0, 0],
        {
            "p193": lambda n: n.out[0] * (1 - n.out[0]),
            "p194": lambda n: n.out[0] * (1 - n.z(2)[0]),
            "p195": lambda n: n.out[0] - 1,
        },
        notation="nielsen",
    ),
    # mml-book #226
    *claims(
        lambda v: slope(lambda x: x @ v.A @ x + v.b @ x, v.x),
        {
            "p196": lambda v: 2 * v.A @ v.x + v.b,
            "p197": lambda v: v.A @ v.x + v.b,
        },
        world=_W3,
    ),
    # mml-book #210
    *claims(
        lambda v: slope(lambda w: w @ w / 2 - np.sum(v.alpha * (v.y * (v.X @ w + v.b) - 1)), v.w),
        {
            "p198": lambda v: v.w - v.X.T @ (v.alpha * v.y),
            "p199": lambda v: v.w - v.X @ (v.alpha * v.y),
            "p200": lambda v: (v.w - v.X.T @ (v.alpha * v.y))[None],
        },
        world=_W4,
    ),
    # mml-book #465
    *claims(
        lambda v: slope(lambda x: v.c @ x, v.x),
        {
            "p201": lambda v: v.c,
            "p202": lambda v: v.c[None],
        },
        world=_W5,
    ),
    # direct-preference-optimization #63
    *claims(
        lambda v: slope(lambda p: np.log1p(np.exp(-v.beta * (p - v.qw - v.pl + v.ql))), v.pw),
        {
            "p203": lambda v: -v.beta * sigmoid(-(v.beta * (v.pw - v.qw - v.pl + v.ql))),
            "p204": lambda v: -v.beta * sigmoid(v.beta * (v.pw - v.qw - v.pl + v.ql)),
        },
        world=_W6,
    ),
    # cs224n-winter17-notes #9
    *claims(
        lambda v: slope(lambda W: v.g @ (W @ v.x), v.W),
        {
            "p205": lambda v: np.outer(v.g, v.x),
            "p206": lambda v: column(v.g) @ column(v.x),
        },
        world=_W2,
    ),
    *claims(
        lambda v: v.W.T @ v.g,
        {
            "p207": lambda v: np.outer(v.g, v.x),
            "p207.fix": lambda v: v.W.T @ v.g,
        },
        world=_W2,
    ),
    # vedaldi/practical-cnn #27
    *claims(
        lambda n: n.dW(3),
        {
            "p208": lambda n: np.outer(n.dz(3), n.a(2)),
            "p209": lambda n: np.outer(n.dz(3), n.a(3)),
        },
        notation="nielsen",
    ),
    # llm.c PR #763
    *claims(
        lambda v: slope(lambda x: v.g @ (v.w * x / _root(x, v.eps)), v.x),
        {
            "p210": lambda v: (
                (v.w * v.g - v.x / (4 * _root(v.x, v.eps) ** 2) * np.sum(v.w * v.g * v.x)) / _root(v.x, v.eps)
            ),
            "p211": lambda v: (v.g - v.x / (4 * _root(v.x, v.eps) ** 2) * np.sum(v.g * v.x)) / _root(v.x, v.eps),
        },
        world=_W7,
    ),
    # gradcheck/rms-norm without eps
    *claims(
        lambda v: slope(lambda x: v.g @ (v.w * x / _root(x, v.eps)), v.x),
        {
            "p212": lambda v: (
                v.w * v.g / _root(v.x, v.eps) - v.x / (4 * _root(v.x, v.eps) ** 3) * np.sum(v.w * v.g * v.x)
            ),
            "p213": lambda v: (
                v.w * v.g / _root(v.x, v.eps) - v.x / (_root(v.x, v.eps) * np.sum(v.x**2)) * np.sum(v.w * v.g * v.x)
            ),
        },
        world=_W8,
    ),
    # Dao-AILab/quack PR #53
    *claims(
        lambda v: slope(lambda x: v.g @ (x / _root(x, v.eps)) + v.h @ x, v.x),
        {
            "p214": lambda v: v.h + v.g @ slope(lambda x: x / _root(x, v.eps), v.x),
            "p215": lambda v: (v.h + v.g) @ slope(lambda x: x / _root(x, v.eps), v.x),
        },
        world=_W9,
    ),
    # Liger-Kernel PR #117
    *claims(
        lambda v: slope(lambda w: np.sum(v.g * w * v.n), v.w),
        {
            "p216": lambda v: np.sum(v.g * v.n, axis=0),
            "p217": lambda v: v.g * v.n,
        },
        world=_W10,
    ),
    # Speech-Backbones #25
    *claims(
        lambda v: slope(lambda x: -((x - v.mu) ** 2) / (2 * v.lam), v.x),
        {
            "p218": lambda v: (v.mu - v.x) / v.lam,
            "p219": lambda v: (v.x - v.mu) / v.lam,
        },
        world=_W11,
    ),
    # STACK #614
    *claims(
        lambda v: slope(lambda x: np.arctan(x) / (1 - 2 * x) ** (1 / 6), v.x),
        {
            "p220": lambda v: (
                ((1 - 2 * v.x) ** (1 / 6) / (1 + v.x**2) + (1 - 2 * v.x) ** (-5 / 6) * np.arctan(v.x) / 3)
                / (1 - 2 * v.x) ** (1 / 3)
            ),
            "p221": lambda v: (
                1 / ((1 + v.x**2) * (1 - 2 * v.x) ** (1 / 6)) + np.arctan(v.x) / (3 * (1 - 2 * v.x) ** (7 / 6))
            ),
            "p222": lambda v: (
                1 / ((1 + v.x**2) * (1 - 2 * v.x) ** (1 / 6)) - np.arctan(v.x) / (3 * (1 - 2 * v.x) ** (7 / 6))
            ),
        },
        world=_W12,
    ),
    # STACK #582
    row("p223", lambda v: (v.x + 1) * np.exp(-v.x), lambda v: (v.x + 1) * np.exp(-v.x), world=_W13),
    row("p224", lambda v: slope(lambda x: (x + 1) * np.exp(-x), v.x), lambda v: -v.x * np.exp(-v.x), world=_W13),
    row("p225", lambda v: (v.x + 1) * np.exp(-v.x), lambda v: (v.x + 1) * np.exp(v.x), world=_W13),
    # STACK #1055
    *claims(
        lambda v: slope(lambda x: 0.5 * x**2 + 0.25 * x, v.x),
        {
            "p226": lambda v: v.x + 0.25,
            "p227": lambda v: 0.5 * v.x + 0.25,
        },
        world=_W13,
    ),
    # STACK #53
    *claims(
        lambda v: np.sqrt(v.r**35),
        {
            "p228": lambda v: v.r**17 * np.sqrt(v.r),
            "p229": lambda v: v.r**17,
        },
        world=_W14,
    ),
    # WeBWorK d=3095
    *claims(
        lambda v: slope(lambda x: np.sqrt(x - 10) + np.log(x - 10), v.x),
        {
            "p230": lambda v: 1 / (2 * np.sqrt(v.x - 10)) + 1 / (v.x - 10),
            "p231": lambda v: 1 / np.sqrt(v.x - 10) + 1 / (v.x - 10),
        },
        world=_W15,
    ),
    # gradcheck/relative error
    *claims(
        lambda v: 2 * v.x,
        {
            "p232": lambda v: 2 * v.x,
            "p233": lambda v: 2.001 * v.x,
        },
        world=_W16,
    ),
    # gradcheck/huber tail
    *claims(
        lambda n: n.da(2),
        {
            "p234": lambda n: np.clip(n.out - n.y, -1, 1),
            "p235": lambda n: np.where(abs(n.out - n.y) < 1, n.out - n.y, np.sign(n.y - n.out)),
        },
        notation="nielsen",
    ),
    # gradcheck/huber far tail
    *claims(
        lambda v: slope(lambda x: np.where(abs(x) <= 5, x**2 / 2, 5 * abs(x) - 12.5), v.x),
        {
            "p236": lambda v: np.clip(v.x, -5, 5),
            "p237": lambda v: np.where(abs(v.x) <= 5, v.x, -5 * np.sign(v.x)),
        },
        world=_W17,
    ),
    # gradcheck/relu at 0
    *claims(
        lambda n: n.jac(("a", 2), ("z", 2))[0, 0],
        {
            "p238": lambda n: float(n.z(2)[0] >= 0),
            "p239": lambda n: float(n.z(2)[0] > 0),
            "p240": lambda n: float(n.z(2)[0] <= 0),
        },
        notation="nielsen",
    ),
)
