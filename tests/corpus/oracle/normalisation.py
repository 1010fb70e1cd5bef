"""Layer, batch and root-mean-square normalisation, backwards."""

import numpy as np

from tests.corpus.oracle.numbers import given, norm, positive, real, slope
from tests.corpus.oracle.rows import claims


def _layer_norm(x, gamma, beta, g, eps):
    d = x - x.mean()
    return np.sum(g * (gamma * d / np.sqrt(np.mean(d**2) + eps) + beta))


def _hat(x, eps):
    d = x - x.mean()
    return d / np.sqrt(np.mean(d**2) + eps)


def _deviation(x, eps):
    return np.sqrt(np.var(x) + eps)


def _rms(x, eps):
    return np.sqrt(np.mean(x**2) + eps)


_W1 = given(x=real(4), gamma=real(4), beta=real(4), g=real(4), eps=positive())
_W2 = given(x=real(4), gamma=real(), beta=real(), g=real(4), eps=positive())
_W3 = given(x=real(4), w=real(4), g=real(4), eps=positive())
_W4 = given(x=real(4))
_W5 = given(x=real(3))
_W6 = given(x=real(4), g=real(4), h=real(4), eps=positive())

ROWS = (
    # layer-norm
    *claims(
        lambda v: slope(lambda x: _layer_norm(x, v.gamma, v.beta, v.g, v.eps), v.x),
        {
            "t533": lambda v: (
                (
                    (v.g * v.gamma)
                    - np.mean((v.g * v.gamma))
                    - _hat(v.x, v.eps) * np.mean((v.g * v.gamma) * _hat(v.x, v.eps))
                )
                / _deviation(v.x, v.eps)
            ),
            "t534": lambda v: (
                (
                    (v.g * v.gamma)
                    - np.mean((v.g * v.gamma))
                    + _hat(v.x, v.eps) * np.mean((v.g * v.gamma) * _hat(v.x, v.eps))
                )
                / _deviation(v.x, v.eps)
            ),
            "t535": lambda v: ((v.g * v.gamma) - np.mean(v.g * v.gamma)) / _deviation(v.x, v.eps),
            "t536": lambda v: (
                (v.g - np.mean(v.g) - _hat(v.x, v.eps) * np.mean(v.g * _hat(v.x, v.eps))) / _deviation(v.x, v.eps)
            ),
            "t537": lambda v: (v.g * v.gamma) / _deviation(v.x, v.eps),
            "t538": lambda v: (
                (
                    (v.g * v.gamma)
                    - np.sum((v.g * v.gamma))
                    - _hat(v.x, v.eps) * np.sum((v.g * v.gamma) * _hat(v.x, v.eps))
                )
                / _deviation(v.x, v.eps)
            ),
            "t539": lambda v: (
                ((v.g * v.gamma) - np.mean((v.g * v.gamma)) - np.mean((v.g * v.gamma) * _hat(v.x, v.eps)))
                / _deviation(v.x, v.eps)
            ),
        },
        world=_W1,
    ),
    *claims(
        lambda v: slope(lambda w: _layer_norm(v.x, w, v.beta, v.g, v.eps), v.gamma),
        {
            "t540": lambda v: v.g * _hat(v.x, v.eps),
            "t541": lambda v: np.sum(v.g * _hat(v.x, v.eps)),
            "t542": lambda v: v.g * v.x,
        },
        world=_W1,
    ),
    *claims(
        lambda v: slope(lambda w: _layer_norm(v.x, v.gamma, w, v.g, v.eps), v.beta),
        {
            "t543": lambda v: v.g,
            "t544": lambda v: v.g * v.gamma,
        },
        world=_W1,
    ),
    *claims(
        lambda v: slope(lambda x: _hat(x, v.eps), v.x),
        {
            "t545": lambda v: (
                (np.eye(4) - 1 / 4 - np.outer(_hat(v.x, v.eps), _hat(v.x, v.eps)) / 4) / _deviation(v.x, v.eps)
            ),
            "t546": lambda v: (np.eye(4) - np.outer(_hat(v.x, v.eps), _hat(v.x, v.eps)) / 4) / _deviation(v.x, v.eps),
            "t547": lambda v: (np.eye(4) - 1 / 4 - _hat(v.x, v.eps)[:, None] ** 2 / 4) / _deviation(v.x, v.eps),
        },
        world=_W1,
    ),
    # batch-norm
    *claims(
        lambda v: slope(lambda x: _layer_norm(x, v.gamma, v.beta, v.g, v.eps), v.x),
        {
            "t548": lambda v: (
                v.gamma
                / (4 * _deviation(v.x, v.eps))
                * (4 * v.g - np.sum(v.g) - _hat(v.x, v.eps) * np.sum(v.g * _hat(v.x, v.eps)))
            ),
            "t549": lambda v: (
                v.gamma
                / (4 * _deviation(v.x, v.eps))
                * (v.g - np.sum(v.g) - _hat(v.x, v.eps) * np.sum(v.g * _hat(v.x, v.eps)))
            ),
            "t550": lambda v: (
                1
                / (4 * _deviation(v.x, v.eps))
                * (4 * v.g - np.sum(v.g) - _hat(v.x, v.eps) * np.sum(v.g * _hat(v.x, v.eps)))
            ),
            "t551": lambda v: (
                v.gamma / (4 * _deviation(v.x, v.eps)) * (4 * v.g - np.sum(v.g) - _hat(v.x, v.eps) * np.sum(v.g * v.x))
            ),
            "t552": lambda v: (
                v.gamma
                / (4 * _deviation(v.x, v.eps))
                * (4 * v.g - np.sum(v.g) - _hat(v.x, v.eps) * np.sum(v.g * _hat(v.x, v.eps)))
                / _deviation(v.x, v.eps)
            ),
        },
        world=_W2,
    ),
    *claims(
        lambda v: slope(lambda w: _layer_norm(v.x, w, v.beta, v.g, v.eps), v.gamma),
        {
            "t553": lambda v: np.sum(v.g * _hat(v.x, v.eps)),
            "t554": lambda v: v.g * _hat(v.x, v.eps),
            "t555": lambda v: np.mean(v.g * _hat(v.x, v.eps)),
        },
        world=_W2,
    ),
    *claims(
        lambda v: slope(lambda u: np.sum(v.g * v.gamma * (v.x - v.x.mean()) / np.sqrt(u + v.eps)), np.var(v.x)),
        {
            "t556": lambda v: -0.5 * (np.var(v.x) + v.eps) ** -1.5 * np.sum(v.gamma * v.g * (v.x - v.x.mean())),
            "t557": lambda v: 0.5 * (np.var(v.x) + v.eps) ** -1.5 * np.sum(v.gamma * v.g * (v.x - v.x.mean())),
            "t558": lambda v: -0.5 * (np.var(v.x) + v.eps) ** -0.5 * np.sum(v.gamma * v.g * (v.x - v.x.mean())),
        },
        world=_W2,
    ),
    *claims(
        lambda v: slope(lambda h: np.sum(v.g * (v.gamma * h + v.beta)), _hat(v.x, v.eps)),
        {
            "t559": lambda v: v.g * v.gamma,
            "t560": lambda v: v.g,
        },
        world=_W2,
    ),
    # rms-norm/weight
    *claims(
        lambda v: slope(lambda x: np.sum(v.g * v.w * x / _rms(x, v.eps)), v.x),
        {
            "t561": lambda v: (
                v.w * v.g / _rms(v.x, v.eps) - v.x / (4 * _rms(v.x, v.eps) ** 3) * np.sum(v.w * v.g * v.x)
            ),
            "t562": lambda v: v.g / _rms(v.x, v.eps) - v.x / (4 * _rms(v.x, v.eps) ** 3) * np.sum(v.g * v.x),
            "t563": lambda v: (
                v.w * v.g / _rms(v.x, v.eps) - v.x / (4 * _rms(v.x, v.eps) ** 2) * np.sum(v.w * v.g * v.x)
            ),
            "t564": lambda v: (
                v.w * v.g / _rms(v.x, v.eps) - v.x / (1 * _rms(v.x, v.eps) ** 3) * np.sum(v.w * v.g * v.x)
            ),
            "t565": lambda v: v.w * v.g / _rms(v.x, v.eps),
            "t566": lambda v: (
                v.w * v.g / _rms(v.x, v.eps) + v.x / (4 * _rms(v.x, v.eps) ** 3) * np.sum(v.w * v.g * v.x)
            ),
        },
        world=_W3,
    ),
    # rms-norm/plain
    *claims(
        lambda v: slope(lambda x: x / _rms(x, 0), v.x),
        {
            "t567": lambda v: (np.eye(4) - np.outer(v.x, v.x) / _rms(v.x, 0) ** 2 / 4) / _rms(v.x, 0),
            "t568": lambda v: (np.eye(4) - np.outer(v.x, v.x) / _rms(v.x, 0) ** 2) / _rms(v.x, 0),
            "t569": lambda v: (1 - np.outer(v.x, v.x) / _rms(v.x, 0) ** 2 / 4) / _rms(v.x, 0),
        },
        world=_W4,
    ),
    # l2 normalisation
    *claims(
        lambda v: slope(lambda x: x / norm(x), v.x),
        {
            "t570": lambda v: (np.eye(3) - np.outer(v.x, v.x) / norm(v.x) ** 2) / norm(v.x),
            "t571": lambda v: (np.eye(3) - 1) / norm(v.x),
            "t572": lambda v: (np.eye(3) - np.outer(v.x, v.x)) / norm(v.x),
            "t573": lambda v: np.eye(3) / norm(v.x),
        },
        world=_W5,
    ),
    # residual
    *claims(
        lambda v: slope(lambda x: np.sum(v.g * x / _rms(x, v.eps) + v.h * x), v.x),
        {
            "t574": lambda v: (
                v.h + (v.g - v.x / _rms(v.x, v.eps) * np.mean(v.g * v.x / _rms(v.x, v.eps))) / _rms(v.x, v.eps)
            ),
            "t575": lambda v: (
                (v.h + v.g - v.x / _rms(v.x, v.eps) * np.mean((v.g + v.h) * v.x / _rms(v.x, v.eps))) / _rms(v.x, v.eps)
            ),
            "t576": lambda v: (v.g - v.x / _rms(v.x, v.eps) * np.mean(v.g * v.x / _rms(v.x, v.eps))) / _rms(v.x, v.eps),
        },
        world=_W6,
    ),
)
