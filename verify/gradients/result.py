"""What a gradient check has found: verdicts per array and entry, the figures of each method, a text for a terminal."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from numpy.typing import NDArray

from verify.gradients import message
from verify.gradients.errors import WrongGradient
from verify.gradients.whereabouts import whereabouts

Array = NDArray[Any]


@dataclass(frozen=True)
class Entry:
    """One entry: what was given, what f says (`true` ± `bound`), the rounding that the given value may show.

    `verdict` is right, wrong or undecided; `at` is the value of the parameter.  At a kink, `left` and `right` are
    the one-sided slopes, and whatever lies between them is right.  `excess` is the error in units of what is allowed:
    above 1 is wrong.
    """

    name: str
    array: str
    index: tuple[int, ...]
    given: float
    true: float
    bound: float
    rounding: float
    verdict: str
    excess: float
    kink: bool = False
    left: float = float("nan")
    right: float = float("nan")
    note: str = ""
    at: float = float("nan")

    @property
    def error(self) -> float:
        """The distance of the given value from the true one."""
        return abs(self.given - self.true)


@dataclass(frozen=True)
class Mistake:
    """The likely mistake: the `name` of a row of the table, and a `sentence` whose numbers have been confirmed."""

    name: str
    sentence: str


@dataclass(frozen=True)
class ArrayVerdict:
    """One array: `right`, `wrong`, `undecided`, or `not given`.

    `followed` of the `size` entries were compared one by one, `projections` sums over all of them.  `resolution`: a
    larger error of an entry (relative to the largest gradient of the array) would have shown.  `complex_step` is the
    largest difference from the complex step, relative to the largest entry; None where f does not allow it.
    """

    name: str
    shape: tuple[int, ...]
    size: int
    verdict: str
    followed: int
    wrong_entries: int
    projections: int
    resolution: float
    worst: tuple[Entry, ...] = ()
    kinks: tuple[Entry, ...] = ()
    mistake: Mistake | None = None
    complex_step: float | None = None
    note: str = ""


@dataclass(frozen=True, eq=False)
class Taylor:
    """|F(θ + hd) − F(θ) − h⟨g, d⟩| at `steps` h along a random d: it falls with h² (slope 2) if g is the gradient.

    `changes` are |F(θ + hd) − F(θ)| (slope 1).  `slope` is fitted where the remainder stands above the `noise`; it is
    None where it never does (a linear function and its gradient) or stands there too briefly.
    """

    steps: Array
    remainders: Array
    changes: Array
    noise: float
    slope: float | None


@dataclass(frozen=True, eq=False)
class Probe:
    """Another point: how it was made, its `verdict` (right, wrong, undecided, outside), and the entry that is wrong."""

    title: str
    verdict: str
    at: Any = None
    worst: Entry | None = None
    mistake: Mistake | None = None
    note: str = ""


@dataclass(frozen=True, eq=False, repr=False)
class GradientCheck:
    """The result of `check_gradient`; true in a boolean context where every array is right, at `at` and at the probes.

    `calls` counts the calls of f, `noise` is the estimated rounding error of F, `missed` the probability that the
    projections overlook a wrong array (None where every entry was compared).
    """

    arrays: tuple[ArrayVerdict, ...]
    probes: tuple[Probe, ...]
    taylor: Taylor
    value: float
    noise: float
    calls: int
    missed: float | None = None
    notes: tuple[str, ...] = field(default=())

    @property
    def verdict(self) -> str:
        """`wrong` if anything is, else `undecided` if anything is, else `right`."""
        found = {one.verdict for one in self.arrays} | {one.verdict for one in self.probes} - {"outside", "undecided"}
        return next(one for one in ("wrong", "undecided", "right") if one in found)

    @property
    def holds(self) -> bool:
        """Whether every array is right."""
        return self.verdict == "right"

    @property
    def worst(self) -> tuple[Entry, ...]:
        """The worst entries of all arrays, worst first; those of the probes where `at` shows none."""
        found = [one for array in self.arrays for one in array.worst]
        found = found or [probe.worst for probe in self.probes if probe.worst is not None]
        return tuple(sorted(found, key=lambda one: -one.excess))

    @property
    def kinks(self) -> tuple[Entry, ...]:
        """The entries at which f has a kink, where any slope between the one-sided ones is right."""
        return tuple(one for array in self.arrays for one in array.kinks)

    @property
    def whereabouts(self) -> tuple[str, ...]:
        """Where to look, as far as it follows from which arrays are right and which are wrong; sentences."""
        return whereabouts(self.arrays)

    @property
    def message(self) -> str:
        """What is wrong, in sentences; empty where nothing is."""
        return message.sentences(self)

    def __bool__(self) -> bool:
        return self.holds

    def __str__(self) -> str:
        return message.table(self)

    def __repr__(self) -> str:
        return message.line(self)

    def raise_if_wrong(self) -> None:
        """Raises `WrongGradient`, an AssertionError with the whole text, unless every array is right."""
        if not self.holds:
            raise WrongGradient(str(self))
