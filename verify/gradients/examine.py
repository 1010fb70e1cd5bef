"""One array at one point: the entries that are followed, projections of the others, the verdict, the likely mistake."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from verify.gradients.claimed import Claimed
from verify.gradients.complexstep import complex_steps
from verify.gradients.entries import Followed, follow, judged, resolution, verdict_of
from verify.gradients.evidence import Evidence
from verify.gradients.mistakes import likely
from verify.gradients.place import Place
from verify.gradients.projections import REACH, Projection, bisect, gaussian, project
from verify.gradients.result import ArrayVerdict, Entry, Mistake
from verify.gradients.tree import Leaf, Tree

Array = NDArray[Any]
_SAMPLE = 64  # an array of so many entries is followed entry by entry also where there are too many in all
_WORST = 5
_AGREE = 1e-6  # a complex step that is as near to the given entry confirms it


@dataclass(frozen=True, eq=False)
class Examiner:
    """A point, the claim there, and what the user has said: `all_entries`, `rtol`, more `arrays` for the diagnosis."""

    place: Place
    claim: Claimed
    rng: np.random.Generator
    all_entries: int
    rtol: float
    arrays: Mapping[str, Array]
    probing: bool = False

    @property
    def tree(self) -> Tree:
        """The parameters."""
        return self.place.objective.tree

    @property
    def dense(self) -> bool:
        """Whether every entry is followed."""
        return self.place.theta.size <= self.all_entries

    def array(self, leaf: Leaf, projections: int) -> ArrayVerdict:
        """The verdict on one array; `projections` are made only where not every entry is followed."""
        tried = [] if self.dense or leaf.size <= _SAMPLE else [self._projection(leaf) for _ in range(projections)]
        found = follow(self.place, self.claim, leaf, self._chosen(leaf, tried), self.probing)
        entries = judged(self.place, self.claim, found, self.rtol)
        steps = None
        if not self.probing:
            entries, steps = self._confirmed(leaf, found, entries)
        return self._verdict(leaf, found, entries, tried, steps)

    def _projection(self, leaf: Leaf) -> Projection:
        return project(self.place, self.claim, leaf.place, gaussian(self.place, leaf.place, self.rng, even=True))

    def _chosen(self, leaf: Leaf, tried: list[Projection]) -> Array:
        """All entries, or a sample and, where a projection is wrong, the entry to which it leads."""
        if self.dense or leaf.size <= _SAMPLE:
            return np.arange(leaf.start, leaf.start + leaf.size)
        wrong = any(one.wrong for one in tried)
        count = 3 if self.place.theta.size > 10**6 else 32
        places = leaf.start + self.rng.choice(leaf.size, count, replace=False)
        if wrong:
            worst = bisect(self.place, self.claim, leaf, self.rng)
            places = np.concatenate((places, [worst], self._beside(leaf, worst)))
        return np.unique(places)

    def _beside(self, leaf: Leaf, worst: int) -> Array:
        """A few entries of the same row, column, … as the worst one, which tell one entry from a whole slice."""
        index, found = list(np.unravel_index(worst - leaf.start, leaf.shape)), list[int]()
        for axis, n in enumerate(leaf.shape if len(leaf.shape) > 1 else ()):
            for other in self.rng.choice(n, min(n, 3), replace=False):
                moved = [*index[:axis], other, *index[axis + 1 :]]
                found.append(leaf.start + int(np.ravel_multi_index(moved, leaf.shape)))
        return np.array(found, dtype=int)

    def _confirmed(self, leaf: Leaf, found: Followed, entries: list[Entry]) -> tuple[list[Entry], float | None]:
        """The complex step where f allows it; it confirms entries that differences leave open."""
        if not self.place.exact or self.place.theta.size > 10**5:
            return entries, None
        steps = complex_steps(self.place.objective, self.place.theta, found.places)
        if steps is None:
            return entries, None
        size = max(float(np.abs(steps).max()), 1e-300)
        confirmed = []
        for one, step in zip(entries, steps, strict=True):
            near = abs(step - one.given) <= _AGREE * abs(step) + one.rounding
            better = near and one.verdict != "wrong" and not one.kink and not one.note
            bound = abs(step - one.given) if better else one.bound
            true = float(step) if better and bound < one.bound else one.true
            verdict = "right" if better else one.verdict
            confirmed.append(replace(one, true=true, bound=min(bound, one.bound), verdict=verdict))
        apart = [abs(step - one.given) / size for one, step in zip(entries, steps, strict=True) if not one.kink]
        return confirmed, max(apart, default=0.0)

    def _verdict(
        self, leaf: Leaf, found: Followed, entries: list[Entry], tried: list[Projection], steps: float | None
    ) -> ArrayVerdict:
        known = self.claim.known
        verdict = verdict_of(entries, float(np.abs(known).max()), self.claim.unit)
        note = _why(entries, verdict)
        if verdict == "right" and any(one.wrong or not math.isfinite(one.allowed) for one in tried):
            verdict, note = "undecided", "a projection disagrees, but no single entry that was followed does"
        wrong = [one for one in entries if one.verdict == "wrong"]
        size = max(float(np.abs(known[leaf.place]).max()), 1e-300)
        hidden = max([resolution(entries), *(self._hidden(leaf, one) / size for one in tried)])
        worst = sorted(entries, key=lambda one: -one.excess)[:_WORST] if wrong else []
        return ArrayVerdict(
            leaf.name, leaf.shape, leaf.size, verdict, len(entries), len(wrong), len(tried), hidden,
            tuple(one for one in worst if one.verdict == "wrong"), tuple(one for one in entries if one.kink),
            self.mistake(leaf, found, entries) if wrong else None, steps, note,
        )  # fmt: skip

    def _hidden(self, leaf: Leaf, one: Projection) -> float:
        """The Euclidean norm of an error that this projection would see."""
        usual = math.sqrt(float(np.mean(self.place.scale[leaf.place] ** 2)))
        return REACH * one.allowed * math.sqrt(min(leaf.size, 10_000)) / usual

    def mistake(self, leaf: Leaf, found: Followed, entries: list[Entry]) -> Mistake | None:
        """The likely mistake, from the entries whose slope is known."""
        use = np.array([math.isfinite(one.bound) and not one.kink for one in entries])
        if not use.any():
            return None
        true = np.array([one.true for one in entries])[use]
        bound = np.array([one.bound + one.rounding for one in entries])[use]
        claims = self.claim.known
        return likely(
            Evidence(
                leaf.name, claims[leaf.place].reshape(leaf.shape), self.place.theta[leaf.place].reshape(leaf.shape),
                found.places[use] - leaf.start, true, bound, self._values(),
                {one.name: claims[one.place].reshape(one.shape) for one in self.tree.leaves if one.name != leaf.name},
                self._sizes(),
            )
        )  # fmt: skip

    def _values(self) -> dict[str, Array]:
        own = {leaf.name: self.place.theta[leaf.place].reshape(leaf.shape) for leaf in self.tree.leaves}
        return own if self.probing else {**own, **self.arrays}

    def _sizes(self) -> dict[int, str]:
        """Where a number is the length of an axis, or of a whole array."""
        found = dict[int, str]()
        for name, one in {**self._values(), **self.arrays}.items():
            for axis, n in enumerate(one.shape):
                found.setdefault(n, f"axis {axis} of {name}" if one.ndim > 1 else name)
            found.setdefault(one.size, name)
        for n in (*self.place.objective.sizes, self.place.objective.weights.size):
            found.setdefault(int(n), "the output of f")
        return {n: place for n, place in found.items() if n > 1}


def _why(entries: list[Entry], verdict: str) -> str:
    """Why an array is undecided."""
    if verdict != "undecided":
        return ""
    open_ones = [one for one in entries if one.verdict == "undecided"]
    if open_ones:
        reason = open_ones[0].note or "differences do not settle down here"
        more = f" ({len(open_ones):,} entries are open)" if len(open_ones) > 1 else ""
        return f"{open_ones[0].name}: {reason}{more}"
    return "the rounding error of f is too large beside this gradient: give f in float64, or without a large constant"
