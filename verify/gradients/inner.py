"""Suspicions about a gradient that is a product of known arrays, δᵀx or a sum of δ: a factor is missing inside it.

What multiplies δ entry by entry, such as the mask of a ReLU, is gone once the product over the batch is formed; with δ
and the other factor at hand, the product is formed again with each factor that a chain rule may have.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from verify.gradients.evidence import Array, Evidence
from verify.gradients.factors import ENTRYWISE, Entrywise

_MOST = 10**7  # multiplications, up to which a product is formed again and again
_SAME = 1e-9  # so well a product must be the given gradient
_SUM = "ones"


@dataclass(frozen=True)
class _Product:
    """given = scale · leftᵀ right, over the first axis; `names` are what they are called, `text` is the product."""

    left: Array
    right: Array
    scale: float
    names: tuple[str, str]
    text: str


@np.errstate(all="ignore")
def inner_factor(evidence: Evidence) -> str | None:
    """A sentence if the given gradient is a product of known arrays, and is right with a factor in one of them."""
    for one in _products(evidence):
        for side, name in enumerate(one.names):
            said = _mended(evidence, one, side) if name != _SUM else None
            if said:
                return said
    return None


@np.errstate(all="ignore")
def product(evidence: Evidence) -> str | None:
    """A sentence if the given gradient is a product of known arrays and no known factor mends it."""
    one = next(_products(evidence), None)
    if one is None:
        return None
    names = [name for name in one.names if name != _SUM]
    wrong = f"one of {names[0]} and {names[1]}" if len(names) > 1 else names[0]
    return (f"what was given is {one.text}, so {wrong} is wrong, and no usual factor of the arrays that are known "
            "mends it: give the pre-activation z, or the mask, in context as well")  # fmt: skip


def _products(evidence: Evidence) -> Iterator[_Product]:
    """The products of two known arrays, or sums of one, that are the given gradient up to a number."""
    shape = evidence.given.shape
    if len(shape) not in (1, 2) or not np.any(evidence.given):
        return
    given = evidence.given.reshape(-1, shape[-1]) if len(shape) == 2 else evidence.given[:, None]
    rows = dict(_as_rows(evidence))
    for name, left in rows.items():
        others = {_SUM: np.ones((len(left), 1))} if len(shape) == 1 else rows
        for other, right in others.items():
            fits = (len(left), left.shape[1], right.shape[1]) == (len(right), *given.shape)
            if fits and len(left) > 1 and len(left) * given.size <= _MOST:
                scale = _scale(left.T @ right, given)
                if scale is not None:
                    yield _Product(left, right, scale, (name, other), _text(name, other, scale))


def _as_rows(evidence: Evidence) -> Iterator[tuple[str, Array]]:
    """Every array with one sample a row: all axes before the last one count as samples."""
    for name, one in evidence.arrays.items():
        if one.ndim > 1 and one.size:
            yield name, one.reshape(-1, one.shape[-1])


def _scale(product: Array, given: Array) -> float | None:
    norm = float((product * product).sum())
    scale = float((product * given).sum()) / norm if norm > 0 else 0.0
    near = np.abs(scale * product - given).max() <= _SAME * np.abs(given).max()
    return scale if scale and near else None


def _text(name: str, other: str, scale: float) -> str:
    number = "" if abs(scale - 1) < _SAME else f"{scale:.6g} · "
    return f"{number}{name}.sum(0)" if other == _SUM else f"{number}{name}.T @ {other}"


def _mended(evidence: Evidence, one: _Product, side: int) -> str | None:
    """A sentence if a function of an array, in one of the two factors, makes the product right."""
    own = (one.left, one.right)[side]
    for name, u in _as_rows(evidence):
        for row in _rows(u) if u.shape == own.shape else ():
            factor = row.of(u)
            if not np.isfinite(factor).all() or np.ptp(factor) == 0:
                continue
            left, right = (own * factor, one.right) if side == 0 else (one.left, own * factor)
            product = (one.scale * (left.T @ right)).reshape(evidence.given.shape)
            if evidence.fits(product):
                text = f"{one.names[side]} times {row.text.format(u=name)}, entry by entry; that is {row.what}"
                return f"a factor is missing inside: what was given is {one.text}, and it is right with {text}"
    return None


_MASK = Entrywise("{u}", lambda u: u, "a mask, such as σ′ of a ReLU or dropout")


def _rows(u: Array) -> tuple[Entrywise, ...]:
    """The functions of an array that may be the factor; an array of 0 and 1 is one itself."""
    return (_MASK,) if np.isin(u, (0, 1)).all() else ENTRYWISE
