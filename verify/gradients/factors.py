"""Suspicions about a factor: one number for the whole array, or a function of another array for each entry."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import permutations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from verify.gradients.evidence import Evidence

Array = NDArray[Any]
_NEAR = 1e-6


@dataclass(frozen=True)
class Factor:
    """A factor by which gradients are often wrong (given = factor · true), and what it says."""

    value: float
    sentence: str


FACTORS = (
    Factor(-1, "has the wrong sign"),
    Factor(2, "is 2 times what it should be: a factor 2 too many, or a ½ in f that the gradient forgets"),
    Factor(0.5, "is half of what it should be: a factor 2 is missing (the derivative of a square is 2 times its root)"),
    Factor(-2, "is −2 times what it should be: the sign is wrong, and a factor 2 is too many"),
    Factor(-0.5, "is −½ times what it should be: the sign is wrong, and a factor 2 is missing"),
)


def common(evidence: Evidence) -> float | None:
    """c if given = c · true for all known entries and c is no 1."""
    true, claimed = evidence.true, evidence.claimed
    norm = float(true @ true)
    if norm == 0 or not np.any(claimed):
        return None
    c = float(true @ claimed) / norm
    return c if evidence.fit(claimed, c * true, abs(c)) else None


def named_factor(evidence: Evidence) -> str | None:
    """A sentence if the array is a known multiple of the right one."""
    c = common(evidence)
    if c is None:
        return None
    for row in FACTORS:
        if abs(c / row.value - 1) < _NEAR:
            also = evidence.sizes.get(round(1 / c) if abs(c) < 1 else round(c))
            return f"every entry {row.sentence}" + (f" ({also} has this size, too)" if also else "")
    return _of_size(evidence, c)


def _of_size(evidence: Evidence, c: float) -> str | None:
    sign = " with the wrong sign" if c < 0 else ""
    c = abs(c)
    for n, place in evidence.sizes.items():
        for value, text in (
            (n, f"{n} times{sign} what it should be, and {place} has the size {n}: a sum stands where a mean belongs"),
            (1 / n, f"1/{n} of what it should be{sign}, and {place} has the size {n}: a sum over it is missing, "
                    "or a mean stands where a sum belongs"),
            (n**0.5, f"√{n} times{sign} what it should be, and {place} has the size {n}"),
            (n**-0.5, f"1/√{n} of what it should be{sign}, and {place} has the size {n}"),
        ):  # fmt: skip
            if abs(c / value - 1) < _NEAR:
                return f"every entry is {text}"
    for (n, here), (m, there) in permutations(evidence.sizes.items(), 2):
        if abs(c * n / m - 1) < _NEAR:
            return f"every entry is {m}/{n} of what it should be{sign}: divided by {n} ({here}), not by {m} ({there})"
    whole = round(c if c > 1 else 1 / c)
    if evidence.true.size > 1 and 2 < whole < 10**7 and abs((c if c > 1 else 1 / c) / whole - 1) < _NEAR:
        said = (f"{whole} times{sign} what it should be: a sum over {whole} stands where a mean belongs" if c > 1 else
                f"1/{whole} of what it should be{sign}: a mean over {whole} stands where a sum belongs")  # fmt: skip
        return f"every entry is {said}"
    return None


def any_factor(evidence: Evidence) -> str | None:
    """A sentence if the array is some other multiple of the right one, seen in at least two entries."""
    c = common(evidence)
    if c is None or np.count_nonzero(evidence.true) < 2:
        return None
    why = "a constant factor is wrong" if abs(c - 1) > 1e-2 else "a constant is a little wrong, or an ε is forgotten"
    return f"every entry is {c:.8g} times what it should be: {why}"


@dataclass(frozen=True)
class Entrywise:
    """A function of an array that a chain rule multiplies by, and its name; `what` is the step that has it."""

    text: str
    of: Callable[[Array], Array]
    what: str


def _sigmoid(u: Array) -> Array:
    return np.exp(-np.logaddexp(0, -u))


ENTRYWISE = (
    Entrywise("σ′({u}) = σ({u})(1 − σ({u}))", lambda u: _sigmoid(u) * _sigmoid(-u), "σ′ of the sigmoid"),
    Entrywise("1 − tanh²({u})", lambda u: 1 - np.tanh(u) ** 2, "σ′ of tanh"),
    Entrywise("1 where {u} > 0, else 0", lambda u: (u > 0).astype(float), "σ′ of ReLU"),
    Entrywise("{u}(1 − {u})", lambda u: u * (1 - u), "σ′ of the sigmoid, written in its value"),
    Entrywise("1 − {u}²", lambda u: 1 - u**2, "σ′ of tanh, written in its value"),
    Entrywise("σ({u})", _sigmoid, "the derivative of softplus"),
    Entrywise("{u}", lambda u: u, "the other factor of a product"),
    Entrywise("1/{u}", lambda u: 1 / u, "the derivative of a logarithm, or a quotient"),
    Entrywise("{u}²", lambda u: u**2, "the derivative of a cube"),
    Entrywise("2{u}", lambda u: 2 * u, "the derivative of a square"),
    Entrywise("exp({u})", np.exp, "the derivative of exp"),
    Entrywise("cos({u})", np.cos, "the derivative of sin"),
    Entrywise("sign({u})", np.sign, "the derivative of a modulus"),
)


def _arrays(evidence: Evidence) -> Iterator[tuple[str, Array]]:
    """Every array that has the shape, or can be spread to it, along its rows or columns; at the known entries."""
    shape = evidence.given.shape
    for name, one in evidence.arrays.items():
        for form in (one, one[:, None] if one.ndim == 1 and len(shape) == 2 else None):
            if form is None or (form.ndim != len(shape) and form.ndim != 1):
                continue
            if all(n in (1, m) for n, m in zip(form.shape[::-1], shape[::-1], strict=False)) and form.size > 1:
                yield name, np.broadcast_to(form, shape).ravel()[evidence.places]


@np.errstate(all="ignore")
def entrywise_factor(evidence: Evidence) -> str | None:
    """A sentence if a factor that varies from entry to entry, a function of an array, is missing or too many."""
    for name, u in _arrays(evidence):
        for row in ENTRYWISE:
            factor = row.of(u)
            if not np.isfinite(factor).all() or np.ptp(factor) < 1e-3 * np.abs(factor).max():
                continue
            text = row.text.format(u=name)
            if evidence.fit(evidence.claimed * factor, evidence.true, float(np.abs(factor).max())):
                return f"a factor is missing: every entry, times {text}, is right; that is {row.what}"
            if np.any(evidence.claimed) and evidence.fit(
                evidence.claimed, evidence.true * factor, float(np.abs(factor).max())
            ):
                return f"a factor is too many: every entry is the right one times {text}; that is {row.what}"
    return None


@np.errstate(all="ignore")
def factor_per_slice(evidence: Evidence) -> str | None:
    """A sentence if each row (or each column) has a factor of its own: an error signal that lacks a factor σ′(z_j)."""
    if not evidence.complete or evidence.given.ndim != 2 or min(evidence.given.shape) < 2:
        return None
    true = evidence.given + evidence.missing
    for axis, word in ((1, "row"), (0, "column")):
        factor = (true * evidence.given).sum(axis=axis, keepdims=True) / (evidence.given**2).sum(
            axis=axis, keepdims=True
        )
        fitted = (evidence.given * factor).ravel()[evidence.places]
        if np.isfinite(factor).all() and evidence.fit(fitted, evidence.true, float(np.abs(factor).max())):
            shown = ", ".join(f"{one:.4g}" for one in factor.ravel()[:4]) + (", …" if factor.size > 4 else "")
            return (f"each {word} lacks a factor of its own ({shown}): "
                    f"{_range(factor.ravel())} is missing in the error signal of that {word}")  # fmt: skip
    return None


def _range(factor: Array) -> str:
    if np.all((factor > 0) & (factor <= 0.25 + _NEAR)):
        return "a factor between 0 and ¼, such as σ′(z) of a sigmoid,"
    if np.all((np.abs(factor) < _NEAR) | (np.abs(factor - 1) < _NEAR)):
        return "a mask of 0 and 1, such as σ′(z) of a ReLU,"
    if np.all((factor > 0) & (factor <= 1 + _NEAR)):
        return "a factor between 0 and 1, such as σ′(z) of tanh,"
    return "a factor σ′(z), or one like it,"
