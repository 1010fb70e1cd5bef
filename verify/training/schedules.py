"""Learning-rate schedules, one row each: a factor of the rate as a formula in the epochs that have passed.

η = η₀ · f(e), where e counts epochs and grows within an epoch too, batch by batch; several schedules multiply, so that
`warm-up` goes with any other.  `reports.training` prints the same formulas.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import inf
from typing import Any

from sympy import Expr, Integer, Piecewise, cos, floor, lambdify, pi

from derive.symbols import Scalar
from verify.training.errors import TrainingError
from verify.training.rules import Setting, known


def _letter(name: str) -> Scalar:
    return Scalar(name, "training")


epochs, total = _letter("e"), _letter("T")
span, gamma, low, slope, start = (_letter(name) for name in ("s", r"\gamma", "q", "k", "r"))

_SPAN = Setting("epochs", span, 10.0, "the length of a span in epochs", positive=True)
_GAMMA = Setting("gamma", gamma, 0.5, "what a span multiplies the rate by", high=inf, positive=True)


@dataclass(frozen=True)
class Schedule:
    """A row: the factor f(e), what may be chosen in it, what it does, and where it comes from."""

    name: str
    factor: Expr
    settings: tuple[Setting, ...]
    says: str
    source: str

    def chosen(self, given: Mapping[str, Any]) -> dict[str, float]:
        """All settings; raises `TrainingError` for an unknown one or one out of range."""
        rows = {row.name: row for row in self.settings}
        for name in given:
            if name not in rows:
                allowed = ", ".join(rows) or "no settings"
                raise TrainingError(f"the schedule {self.name} has {allowed}, not {name!r}")
        return {name: row.checked(given.get(name, row.usual)) for name, row in rows.items()}


_ROWS = (
    Schedule("constant", Integer(1), (), "the rate stays", "Robbins and Monro 1951 call for less, see inverse-time"),
    Schedule(
        "step",
        gamma ** floor(epochs / span),
        (_SPAN, _GAMMA),
        "the rate is multiplied by γ after every span",
        "Krizhevsky, Sutskever, Hinton 2012, section 5",
    ),
    Schedule(
        "exponential",
        gamma**epochs,
        (Setting("gamma", gamma, 0.95, "what an epoch multiplies the rate by", positive=True),),
        "the rate falls by the same factor in every epoch",
        "Goodfellow, Bengio, Courville 2016, section 8.3.1",
    ),
    Schedule(
        "cosine",
        low + (1 - low) * (1 + cos(pi * epochs / total)) / 2,
        (Setting("floor", low, 0.0, "the share of the rate that is left at the end", high=1.0),),
        "the rate falls along half a wave, to nothing or to a share of itself at the last epoch",
        "Loshchilov and Hutter, SGDR, ICLR 2017, eq. 5, without restarts",
    ),
    Schedule(
        "inverse-time",
        1 / (1 + slope * epochs),
        (Setting("decay", slope, 0.1, "how fast it falls, per epoch"),),
        "the rate falls like 1/e, which sums to infinity while its squares do not",
        "Robbins and Monro, A stochastic approximation method, 1951",
    ),
    Schedule(
        "warm-up",
        Piecewise((start + (1 - start) * epochs / span, epochs < span), (1, True)),
        (
            Setting("epochs", span, 3.0, "how long the rate rises", positive=True),
            Setting("start", start, 0.1, "the share of the rate to start with", high=1.0),
        ),
        "the rate rises along a line to its full size, and stays there",
        "Goyal et al., Accurate, large minibatch SGD, 2017, section 2.2",
    ),
)

SCHEDULES = {row.name: row for row in _ROWS}


@dataclass(frozen=True)
class Part:
    """A schedule with its settings."""

    row: Schedule
    settings: tuple[tuple[str, float], ...]

    def factor(self, epochs_in_all: float) -> Callable[[float], float]:
        """The factor as a function of the epochs that have passed."""
        values = {setting.symbol: value for setting, (_, value) in zip(self.row.settings, self.settings, strict=True)}
        named = {symbol: Scalar(f"p{place}") for place, symbol in enumerate((epochs, total, *values))}
        function = lambdify(list(named.values()), self.row.factor.xreplace(named), modules="math")
        chosen = tuple(values.values())
        return lambda passed: float(function(passed, epochs_in_all, *chosen))


@dataclass(frozen=True)
class Rates:
    """The learning rate over time: `rates(e)` after `e` epochs of `epochs`."""

    rate: float
    parts: tuple[Part, ...]
    epochs: float

    @cached_property
    def _factors(self) -> tuple[Callable[[float], float], ...]:
        return tuple(part.factor(self.epochs) for part in self.parts)

    def __call__(self, passed: float) -> Any:
        """The rate; for a constant schedule the very number that was given.

        Raises `TrainingError` where it grows beyond all numbers.
        """
        value: Any = self.rate
        try:
            for part, factor in zip(self.parts, self._factors, strict=True):
                value = value * factor(passed) if part.row.name != "constant" else value
        except OverflowError:
            value = inf
        if value == inf:
            listed = " and ".join(part.row.name for part in self.parts)
            raise TrainingError(
                f"after {passed:g} epochs the schedule {listed} makes the rate larger than any number; "
                "take a gamma below 1"
            )
        return value

    @property
    def needs_the_end(self) -> bool:
        """Whether the rate depends on how many epochs there will be, so that more of them would change the past."""
        return any(total in part.row.factor.free_symbols for part in self.parts)


def parts(given: Any) -> tuple[Part, ...]:
    """Schedules from a name, a dictionary `{"name": "step", "gamma": 0.1}`, or a list of these.

    Raises `TrainingError` for a name that no row has and for a setting out of range.
    """
    listed: Sequence[Any] = given if isinstance(given, list | tuple) else [given]
    return tuple(_part(one) for one in listed)


def _part(given: Any) -> Part:
    settings = dict(given) if isinstance(given, dict) else {"name": given}
    row = known(settings.pop("name", None), SCHEDULES, "schedule")
    return Part(row, tuple(row.chosen(settings).items()))
