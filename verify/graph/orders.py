"""Signs that cannot occur together: a > b and b > c exclude c > a.

The sign generators of a polynomial are taken apart into their cases.  A case is impossible where a sum of two or three
of the quantities, with positive weights, is 0 or negative though each is positive in that case (Farkas' lemma, for few
rows at a time).  What is 0 in every possible case is 0.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from verify.graph.polynomials import Polynomial
from verify.graph.quotients import Ring
from verify.graph.signs import Signs

MOST_SIGNS = 6
MOST_TERMS = 200
Case = dict[int, int]
"""The values of some sign generators."""


class Orders:
    """What is known of combinations of signs in one ring."""

    def __init__(self, ring: Ring, signs: Signs) -> None:
        self.ring, self.signs = ring, signs

    def vanishes(self, polynomial: Polynomial) -> bool:
        """Whether a polynomial is 0 whatever its signs can be; False where there are too many to tell."""
        if polynomial == 0:
            return True
        held = [sign for sign in self.ring.signs if self.ring.holds(polynomial, sign)]
        if not 1 < len(held) <= MOST_SIGNS or len(polynomial) > MOST_TERMS:
            return False
        left = [case for case, part in self._cases(polynomial, held, {}) if part != 0]
        excluded: list[Case] = []
        for case in left:
            if not any(one.items() <= case.items() for one in excluded):
                reason = self._impossible(case)
                if reason is None:
                    return False
                excluded.append(reason)
        return True

    def _cases(self, polynomial: Polynomial, held: list[int], case: Case) -> Iterator[tuple[Case, Polynomial]]:
        if not held or polynomial == 0:
            yield case, polynomial
            return
        a, b = self.ring.halves(polynomial, held[0])
        for value, part in ((1, a + b), (-1, a - b)):
            yield from self._cases(part, held[1:], case | {held[0]: value})

    def _impossible(self, case: Case) -> Case | None:
        """The signs of a case that exclude each other, or None where none were found."""
        quantities = {sign: self.ring.generators[sign].of * value for sign, value in case.items()}
        for chosen in combinations(case, 2):
            if any(map(self._negative, self._sums(*(quantities[sign] for sign in chosen)))):
                return {sign: case[sign] for sign in chosen}
        for chosen in combinations(case, 3):
            for first, second in ((0, 1), (0, 2), (1, 2)):
                third = quantities[chosen[3 - first - second]]
                for total in self._sums(quantities[chosen[first]], quantities[chosen[second]]):
                    if any(map(self._negative, self._sums(total, third))):
                        return {sign: case[sign] for sign in chosen}
        return None

    def _sums(self, left: Polynomial, right: Polynomial) -> Iterator[Polynomial]:
        """left + c·right for every c > 0 that cancels a term."""
        seen = set()
        for exponents, coefficient in zip(right.monoms(), right.coeffs(), strict=True):
            other = left[exponents]
            if other * coefficient < 0:
                weight = -other / coefficient
                if str(weight) not in seen:
                    seen.add(str(weight))
                    yield left + right * weight

    def _negative(self, total: Polynomial) -> bool:
        return bool(total == 0) or self.signs.of_terms(total) < 0
