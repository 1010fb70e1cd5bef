r"""The optimisers, one row each: the update rule as equations, stated once.

An assignment θ ← θ − η g is a target and a SymPy expression over `Scalar`s.  `verify.training.update` runs the same
expressions on arrays, entry by entry and in place, and `reports.training` prints them: there is no second statement of
a rule.  What an assignment reads before any assignment has set it is the optimiser's memory, which starts at 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from math import inf, isfinite
from typing import Any

from sympy import Expr, sqrt

from derive.symbols import Scalar
from verify.training.errors import TrainingError


def _letter(name: str) -> Scalar:
    return Scalar(name, "training")


theta, g, eta, t = _letter(r"\theta"), _letter("g"), _letter(r"\eta"), _letter("t")
v, m, s, u = _letter("v"), _letter("m"), _letter("s"), _letter("u")
m_hat, v_hat, step = _letter(r"\hat{m}"), _letter(r"\hat{v}"), _letter("d")
beta, beta_1, beta_2 = _letter(r"\beta"), _letter(r"\beta_1"), _letter(r"\beta_2")
rho, epsilon, decay = _letter(r"\rho"), _letter(r"\epsilon"), _letter(r"\lambda")


@dataclass(frozen=True)
class Assignment:
    """`target` ← `value`, and in words what that is for."""

    target: Scalar
    value: Expr
    why: str


@dataclass(frozen=True)
class Setting:
    """A number that the user may choose: its keyword, its letter, its usual value, and low ≤ value < high."""

    name: str
    symbol: Scalar
    usual: float
    says: str
    low: float = 0.0
    high: float = inf
    positive: bool = False

    def checked(self, value: Any) -> Any:
        """The value; raises `TrainingError` where it is no number in the range."""
        number = isinstance(value, int | float) or hasattr(value, "numerator")
        if isinstance(value, bool) or not number or not isfinite(value) or not self.low <= value < self.high:
            raise TrainingError(f"{self.name} must be a number {self._range()}, not {value!r}")
        if self.positive and value == 0:
            raise TrainingError(f"{self.name} must be a number {self._range()}, not 0")
        return value

    def _range(self) -> str:
        least = f"above {self.low:g}" if self.positive else f"of at least {self.low:g}"
        return least if self.high == inf else f"{least} and below {self.high:g}"


RATE = Setting("rate", eta, 0.1, "the learning rate", positive=True)
WEIGHT_DECAY = Setting("weight_decay", decay, 0.0, "how strongly large parameters are drawn to 0")
BETA = Setting("beta", beta, 0.9, "the share of the last step that is kept", high=1.0)
EPSILON = Setting("epsilon", epsilon, 1e-8, "keeps the divisor away from 0", positive=True)

PENALTY = Assignment(g, g + decay * theta, "the gradient of the penalty ½ λ |θ|² is added")


@dataclass(frozen=True)
class Optimiser:
    """A row.  `rate` is the usual learning rate, `says` one sentence on the idea, `source` the text it comes from."""

    name: str
    title: str
    update: tuple[Assignment, ...]
    settings: tuple[Setting, ...]
    rate: float
    says: str
    source: str

    @cached_property
    def memory(self) -> tuple[Scalar, ...]:
        """What is kept from step to step, in the order in which it is set."""
        return memory(self.update)

    @property
    def decouples(self) -> bool:
        """Whether the rule itself says what weight decay does; else the penalty's gradient is added first."""
        return any(decay in one.value.free_symbols for one in self.update)

    def assignments(self, weight_decay: Any = 0.0) -> tuple[Assignment, ...]:
        """The whole update for a weight decay."""
        return self.update if self.decouples or not weight_decay else (PENALTY, *self.update)

    def chosen(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """All settings but the rate, the usual ones where none is given; raises `TrainingError` for a wrong one."""
        rows = {row.name: row for row in (*self.settings, WEIGHT_DECAY)}
        for name in given:
            if name not in rows:
                raise TrainingError(f"{self.name} has the settings {', '.join(rows)}, not {name!r}")
        return {name: row.checked(given.get(name, row.usual)) for name, row in rows.items()}


def memory(update: Iterable[Assignment]) -> tuple[Scalar, ...]:
    """The targets that some assignment reads before one has set them, θ and g apart."""
    update = tuple(update)
    kept: dict[Scalar, None] = {}
    known: set[Any] = {theta, g}
    targets = {one.target for one in update}
    for one in update:
        kept |= dict.fromkeys(symbol for symbol in _sorted(one.value.free_symbols) if symbol in targets - known)
        known.add(one.target)
    return tuple(one.target for one in update if one.target in kept)


def _sorted(symbols: Iterable[Any]) -> list[Any]:
    return sorted(symbols, key=str)


_SQUARES = "a running average of the squared gradient, entry by entry"

_ROWS = (
    Optimiser(
        "sgd",
        "gradient descent",
        (Assignment(theta, theta - eta * g, "against the gradient, where the loss falls fastest"),),
        (),
        0.1,
        "Each step goes against the gradient, as long as the rate says.",
        "Robbins and Monro, A stochastic approximation method, 1951; Cauchy 1847 for the whole gradient",
    ),
    Optimiser(
        "momentum",
        "gradient descent with momentum",
        (
            Assignment(v, beta * v - eta * g, "a part of the last step is kept, the new gradient step is added"),
            Assignment(theta, theta + v, "the parameters move by that step"),
        ),
        (BETA,),
        0.05,
        "A heavy ball: steps in one direction add up, steps to and fro cancel.",
        "Polyak, Some methods of speeding up the convergence of iteration methods, 1964, eq. 9",
    ),
    Optimiser(
        "nesterov",
        "Nesterov’s accelerated gradient",
        (
            Assignment(v, beta * v - eta * g, "the step, as with momentum"),
            Assignment(theta, theta + beta * v - eta * g, "and from there to where the next gradient is asked for"),
        ),
        (BETA,),
        0.05,
        "The gradient is taken where momentum is about to lead; θ is that point, looked ahead to.",
        "Nesterov 1983; Sutskever, Martens, Dahl, Hinton 2013, eq. 3 and 4, with θ for their θ + μv",
    ),
    Optimiser(
        "adagrad",
        "Adagrad",
        (
            Assignment(s, s + g**2, "the squares of all gradients so far, entry by entry"),
            Assignment(theta, theta - eta * g / (sqrt(s) + epsilon), "rarely moved entries take longer steps"),
        ),
        (EPSILON,),
        0.05,
        "Each entry has a rate of its own, which falls with what the entry has moved.",
        "Duchi, Hazan, Singer, Adaptive subgradient methods, JMLR 2011, section 1.1",
    ),
    Optimiser(
        "adadelta",
        "Adadelta",
        (
            Assignment(s, rho * s + (1 - rho) * g**2, _SQUARES),
            Assignment(step, sqrt(u + epsilon) / sqrt(s + epsilon) * g, "the gradient in units of earlier steps"),
            Assignment(u, rho * u + (1 - rho) * step**2, "a running average of the squared steps"),
            Assignment(theta, theta - eta * step, "in the original η = 1"),
        ),
        (
            Setting("rho", rho, 0.9, "how much of the averages is kept", high=1.0),
            Setting("epsilon", epsilon, 1e-6, "starts the steps, and keeps the divisor from 0", positive=True),
        ),
        1.0,
        "The step has the units of the parameters: the size of earlier steps over the size of gradients.",
        "Zeiler, ADADELTA, arXiv 1212.5701, 2012, algorithm 1",
    ),
    Optimiser(
        "rmsprop",
        "RMSProp",
        (
            Assignment(s, rho * s + (1 - rho) * g**2, _SQUARES),
            Assignment(theta, theta - eta * g / (sqrt(s) + epsilon), "the gradient in units of its usual size"),
        ),
        (Setting("rho", rho, 0.9, "how much of the average is kept", high=1.0), EPSILON),
        0.003,
        "Adagrad with a memory that forgets, so that the steps do not die out.",
        "Tieleman and Hinton, Neural networks for machine learning, lecture 6e, 2012",
    ),
    Optimiser(
        "adam",
        "Adam",
        (
            Assignment(m, beta_1 * m + (1 - beta_1) * g, "a running average of the gradient"),
            Assignment(v, beta_2 * v + (1 - beta_2) * g**2, _SQUARES),
            Assignment(m_hat, m / (1 - beta_1**t), "it started at 0, and its weights sum to the divisor"),
            Assignment(v_hat, v / (1 - beta_2**t), "and so did this"),
            Assignment(theta, theta - eta * m_hat / (sqrt(v_hat) + epsilon), "about η an entry and step"),
        ),
        (
            Setting("beta_1", beta_1, 0.9, "how much of the average gradient is kept", high=1.0),
            Setting("beta_2", beta_2, 0.999, "how much of the average square is kept", high=1.0),
            EPSILON,
        ),
        0.01,
        "Momentum and a rate for each entry, both unbiased from the first step on.",
        "Kingma and Ba, Adam, ICLR 2015, algorithm 1",
    ),
)
_DECOUPLED = Optimiser(
    "adamw",
    "AdamW",
    (
        Assignment(theta, theta - eta * decay * theta, "weight decay, apart from the gradient"),
        *_ROWS[-1].update,
    ),
    _ROWS[-1].settings,
    0.01,
    "Adam, with weight decay that its averages do not see.",
    "Loshchilov and Hutter, Decoupled weight decay regularization, ICLR 2019, algorithm 2",
)

OPTIMISERS = {row.name: row for row in (*_ROWS, _DECOUPLED)}


def optimiser(name: str) -> Optimiser:
    """The row of a name; raises `TrainingError` with the known names for any other."""
    return known(name, OPTIMISERS, "optimiser")


def known(name: Any, table: Mapping[str, Any], what: str) -> Any:
    """The row of a name in a table; `TrainingError` with the names that are known, and a near one."""
    if isinstance(name, str) and name in table:
        return table[name]
    near = get_close_matches(str(name), table, n=1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    raise TrainingError(f"unknown {what} {str(name)[:40]!r}{hint} (known: {', '.join(table)})")
