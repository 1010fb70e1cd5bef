"""Gradients of the losses by the output and by the pre-activation."""

import numpy as np

from tests.corpus.oracle.numbers import norm, unit
from tests.corpus.oracle.rows import chain, claims

ROWS = (
    # loss/squared-error
    *claims(
        lambda n: n.da(2),
        {
            "t255": lambda n: 2 * (n.out - n.y),
            "t256": lambda n: n.out - n.y,
        },
        notation="nielsen",
    ),
    *claims(
        lambda n: n.dz(2),
        {
            "t257": lambda n: 2 * (n.out - n.y) * n.out * (1 - n.out),
            "t258": lambda n: 2 * (n.out - n.y) * n.out,
        },
        notation="nielsen",
    ),
    # loss/mse width
    *claims(
        lambda n: n.da(2),
        {
            "t259": lambda n: 2 / len(n.y) * (n.out - n.y),
            "t260": lambda n: 2 / len(n.x) * (n.out - n.y),
            "t261": lambda n: 1 / len(n.y) * (n.out - n.y),
            "t262": lambda n: 2 / len(n.y) * np.sum(n.out - n.y),
        },
        notation="nielsen",
    ),
    # loss/l1
    *claims(
        lambda n: n.da(2),
        {
            "t263": lambda n: np.sign(n.out - n.y),
            "t264": lambda n: np.sign(n.y - n.out),
            "t265": lambda n: (n.out - n.y) / abs(n.out - n.y),
            "t266": lambda n: abs(n.out - n.y),
            "t267": lambda n: np.sign(n.out - n.y) / 3,
        },
        notation="nielsen",
    ),
    # loss/mae
    *claims(
        lambda n: n.dz(2),
        {
            "t268": lambda n: np.sign(n.out - n.y) / 3 * (1 - n.out**2),
            "t269": lambda n: np.sign(n.out - n.y) / 3,
        },
        notation="nielsen",
    ),
    # loss/mape
    *claims(
        lambda n: n.da(2),
        {
            "t270": lambda n: np.sign(n.out - n.y) / (3 * abs(n.y)),
            "t271": lambda n: np.sign(n.out - n.y) / abs(n.y),
            "t272": lambda n: np.sign(n.out - n.y) / 3,
        },
        notation="nielsen",
    ),
    # loss/msle
    *claims(
        lambda n: n.da(2),
        {
            "t273": lambda n: 2 / 3 * (np.log1p(n.out) - np.log1p(n.y)) / (1 + n.out),
            "t274": lambda n: 2 / 3 * (np.log1p(n.out) - np.log1p(n.y)),
            "t275": lambda n: 2 / 3 * (np.log1p(n.y) - np.log1p(n.out)) / (1 + n.out),
            "t276": lambda n: 2 / (3 * (1 + n.out)) * np.log((1 + n.out) / (1 + n.y)),
        },
        notation="nielsen",
    ),
    # loss/log-cosh
    *claims(
        lambda n: n.dz(2),
        {
            "t277": lambda n: np.tanh(n.out - n.y),
            "t278": lambda n: 1 / np.tanh(n.out - n.y),
        },
        notation="nielsen",
    ),
    *claims(
        lambda n: n.twice(("a", 2), ("a", 2))[0, 0],
        {
            "t279": lambda n: 1 / np.cosh(n.out - n.y)[0] ** 2,
            "t280": lambda n: 1 - np.tanh(n.out - n.y)[0],
        },
        notation="nielsen",
    ),
    # loss/binary-cross-entropy
    *claims(
        lambda n: n.da(2),
        {
            "t281": lambda n: (n.out - n.y) / (n.out * (1 - n.out)),
            "t282": lambda n: n.out - n.y,
            "t283": lambda n: (n.y - n.out) / (n.out * (1 - n.out)),
        },
        notation="nielsen",
    ),
    *claims(
        lambda n: n.dz(2),
        {
            "t284": lambda n: n.out - n.y,
            "t285": lambda n: n.out * (1 - n.y) + n.y * (1 - n.out),
        },
        notation="nielsen",
    ),
    # loss/cross-entropy
    *claims(
        lambda n: n.dz(2),
        {
            "t286": lambda n: -n.y * (1 - n.out),
            "t287": lambda n: n.out - n.y,
        },
        notation="nielsen",
    ),
    # loss/cross-entropy
    *claims(
        lambda n: n.dW(2),
        {
            "t288": lambda n: np.outer(n.out - n.y, n.x),
            "t289": lambda n: np.outer(-n.y / n.out, n.x),
            "t290": lambda n: np.outer((n.out - n.y) * n.out * (1 - n.out), n.x),
        },
        notation="nielsen",
    ),
    *claims(
        lambda n: n.dz(2),
        {
            "t291": lambda n: n.out - n.y,
            "t292": lambda n: -n.y - n.out,
        },
        notation="nielsen",
    ),
    chain(
        "t293",
        lambda n: n.dz(2),
        lambda n: -(n.y / n.out) @ n.jac(("a", 2), ("z", 2)),
        lambda n: -n.y * (1 - n.out) + (np.sum(n.y) - n.y) * n.out,
        lambda n: n.out - n.y,
        notation="nielsen",
    ),
    chain(
        "t294",
        lambda n: n.dz(2),
        lambda n: -(n.y / n.out) @ n.jac(("a", 2), ("z", 2)),
        lambda n: -n.y * (1 - n.out) - (np.sum(n.y) - n.y) * n.out,
        lambda n: n.out - n.y,
        notation="nielsen",
    ),
    # loss/nll
    *claims(
        lambda n: n.dz(2),
        {
            "t295": lambda n: n.out - unit(3, n.k),
            "t296": lambda n: unit(3, n.k) - n.out,
            "t297": lambda n: n.out * unit(3, n.k),
            "t298": lambda n: n.out - 1,
        },
        notation="nielsen",
    ),
    *claims(
        lambda n: n.da(2),
        {
            "t299": lambda n: -unit(3, n.k) / n.out,
            "t300": lambda n: -1 / n.out,
            "t301": lambda n: -unit(3, n.k) * np.log(n.out),
        },
        notation="nielsen",
    ),
    *claims(
        lambda n: n.C,
        {
            "t302": lambda n: -np.log(n.out[n.k]),
            "t303": lambda n: np.log(n.out[n.k]),
            "t303.fix": lambda n: -np.log(n.out[n.k]),
        },
        notation="nielsen",
    ),
    # loss/kl
    *claims(
        lambda n: n.dz(2),
        {
            "t304": lambda n: n.out - n.y,
            "t305": lambda n: -n.y / n.out,
            "t306": lambda n: n.y - n.out,
        },
        notation="nielsen",
    ),
    # loss/kl
    *claims(
        lambda n: n.dz(2),
        {
            "t307": lambda n: -n.y * (1 - n.out),
            "t308": lambda n: n.out - n.y,
        },
        notation="nielsen",
    ),
    # loss/cosine
    *claims(
        lambda n: n.da(2),
        {
            "t309": lambda n: -n.y / (norm(n.y) * norm(n.out)) + (n.y @ n.out) * n.out / (norm(n.y) * norm(n.out) ** 3),
            "t310": lambda n: -n.y / (norm(n.y) * norm(n.out)),
            "t311": lambda n: n.y / (norm(n.y) * norm(n.out)) - (n.y @ n.out) * n.out / (norm(n.y) * norm(n.out) ** 3),
            "t312": lambda n: ((n.y @ n.out) / (norm(n.y) * norm(n.out) ** 2) * n.out - n.y / norm(n.y)) / norm(n.out),
            "t313": lambda n: ((n.y @ n.out) / (norm(n.y) * norm(n.out)) * n.out - n.y / norm(n.y)) / norm(n.out),
        },
        notation="nielsen",
    ),
    # loss/hinge
    *claims(
        lambda n: n.da(2),
        {
            "t314": lambda n: -n.y * (n.y * n.out < 1),
            "t315": lambda n: -1.0 * (n.y * n.out < 1),
            "t316": lambda n: n.y * (n.y * n.out < 1),
            "t317": lambda n: -n.y * (n.y * n.out < 1),
            "t318": lambda n: -n.y * (n.y * n.out > 1),
        },
        notation="nielsen",
    ),
    # loss/huber
    *claims(
        lambda n: n.da(2),
        {
            "t319": lambda n: np.clip(n.out - n.y, -1, 1),
            "t320": lambda n: np.where(abs(n.out - n.y) < 1, n.out - n.y, np.sign(n.y - n.out)),
            "t321": lambda n: n.out - n.y,
            "t322": lambda n: np.clip(n.out - n.y, -1, 1),
        },
        notation="nielsen",
    ),
    # loss/softmax with squares
    *claims(
        lambda n: n.dz(2),
        {
            "t323": lambda n: n.out * (n.out - n.y - np.sum((n.out - n.y) * n.out)),
            "t324": lambda n: n.out * (1 - n.out) * (n.out - n.y),
            "t325": lambda n: n.out * (n.out - n.y + np.sum((n.out - n.y) * n.out)),
            "t326": lambda n: (np.diag(n.out) - np.outer(n.out, n.out)) @ (n.out - n.y),
            "t327": lambda n: (np.diag(n.out) - n.out @ n.out) @ (n.out - n.y),
        },
        notation="nielsen",
    ),
)
