"""Signs that cannot occur together: a > b and b > c exclude c > a.

The sign generators of a polynomial are taken apart into their cases.  A case is impossible where a sum of two or three
of the quantities, with positive weights, is 0 or negative though each is positive in that case (Farkas' lemma, for few
rows at a time).  What is 0 in every possible case is 0.  A quantity that is itself 0 in a case excludes nothing, since
|0| has a value.
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
        held = self._held(polynomial)
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

    def _held(self, polynomial: Polynomial) -> list[int]:
        """The signs in a polynomial, and those in the quantities of which these are the signs."""
        found: list[int] = []
        waiting = [polynomial]
        while waiting and len(found) <= MOST_SIGNS:
            one = waiting.pop()
            new = [sign for sign in self.ring.signs if sign not in found and self.ring.holds(one, sign)]
            found += new
            waiting += [self.ring.generators[sign].of for sign in new]
        return found

    def _impossible(self, case: Case) -> Case | None:
        """The signs of a case that exclude each other, or None where none were found."""
        values = {f"v{sign}": value for sign, value in case.items()}
        quantities = {sign: (self.ring.generators[sign].of * value).subs(values) for sign, value in case.items()}
        usable = [sign for sign, quantity in quantities.items() if quantity != 0]
        for size in (1, 2, 3):
            for chosen in combinations(usable, size):
                if self._exclude([quantities[sign] for sign in chosen]):
                    nested = any(self._held(self.ring.generators[sign].of) for sign in chosen)
                    return case if nested else {sign: case[sign] for sign in chosen}
        return None

    def _exclude(self, quantities: list[Polynomial]) -> bool:
        """Whether at most three quantities cannot all be positive."""
        if len(quantities) == 1:
            return bool(quantities[0] == 0) or self.signs.of_terms(quantities[0]) < 0
        return any(
            self._exclude([total, *quantities[:i], *quantities[i + 1 : j], *quantities[j + 1 :]])
            for i, j in combinations(range(len(quantities)), 2)
            for total in self._sums(quantities[i], quantities[j])
        )

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
