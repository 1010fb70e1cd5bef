"""Polynomials with sums over indices, in one canonical form: equal forms prove equality for every width.

A polynomial maps a `Term` to its coefficient.  A term is a product of atoms with rational exponents, summed over its
bound indices; the sums stand outermost.  Bound indices are numbered canonically, Kronecker deltas are used up, and a
sum over an index that does not occur is the width.  Atoms are nested tuples; an atom may hold polynomials.

    index   ("f", name, space) free, ("b", level, number, space) bound, ("i", value) a number
    atom    ("x", array, index…)         an entry            ("d", index, index)   a Kronecker delta
            ("w", width)                 a width             ("s", polynomial)     a sum to a power that is not expanded
            ("if", polynomial)           1 where it is > 0   (name, polynomial…)   a function
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import count, permutations, product
from math import prod
from typing import Any

Atom = tuple[Any, ...]
Index = tuple[Any, ...]
Factors = tuple[tuple[Atom, Fraction], ...]
Term = tuple[Factors, tuple[Index, ...]]
Raw = tuple[Fraction, dict[Atom, Fraction], tuple[Index, ...]]
MOST_TERMS = 20_000
MOST_TIES = 5_040
ZERO = Fraction(0)

_numbers = count()


class Undecided(ArithmeticError):
    """The form is too large to be compared."""


class Polynomial(tuple[tuple[Term, Fraction], ...]):
    """A canonical polynomial: hashable, its terms in a fixed order."""

    __slots__ = ()

    @property
    def level(self) -> int:
        """How deep polynomials are nested inside its atoms; 0 if they hold none."""
        return max((_level(atom) for (factors, _), _ in self for atom, _ in factors), default=0)

    @property
    def constant(self) -> Fraction | None:
        """Its value, if it is a number."""
        if not self:
            return ZERO
        ((factors, bound), coefficient), *rest = self
        return coefficient if not rest and not factors and not bound else None

    def raw(self) -> list[Raw]:
        """Its terms with bound indices of their own, ready to be multiplied."""
        return [_renewed(term, coefficient) for term, coefficient in self]


def _level(thing: Any) -> int:
    if isinstance(thing, Polynomial):
        return thing.level + 1
    return max((_level(part) for part in thing), default=0) if isinstance(thing, tuple) else 0


def fresh(space: str) -> Index:
    """A bound index that occurs nowhere else."""
    return ("b", -1, next(_numbers), space)


def _renewed(term: Term, coefficient: Fraction) -> Raw:
    factors, bound = term
    names = {index: fresh(index[3]) for index in bound}
    return coefficient, {renamed(atom, names): power for atom, power in factors}, tuple(names.values())


def renamed(atom: Any, names: Mapping[Index, Index]) -> Any:
    """An atom with other indices; polynomials inside it are put in order again."""
    if not names or not isinstance(atom, tuple):
        return atom
    if atom in names:
        return names[atom]
    if isinstance(atom, Polynomial):
        changed = [
            (coefficient, {renamed(one, names): power for one, power in factors}, bound)
            for (factors, bound), coefficient in atom
        ]
        return atom if not _mentions(atom, names) else canonical([_apart(raw) for raw in changed])
    return tuple(renamed(part, names) for part in atom)


def _apart(raw: Raw) -> Raw:
    """The same term with bound indices that occur nowhere else."""
    coefficient, factors, bound = raw
    names = {index: fresh(index[3]) for index in bound}
    return coefficient, {renamed(atom, names): power for atom, power in factors.items()}, tuple(names.values())


def _mentions(thing: Any, indices: Iterable[Index]) -> bool:
    if not isinstance(thing, tuple):
        return False
    return thing in indices or any(_mentions(part, indices) for part in thing)


def multiplied(left: list[Raw], right: list[Raw]) -> list[Raw]:
    """The product of two sums of raw terms, whose bound indices are already apart."""
    if len(left) * len(right) > MOST_TERMS:
        raise Undecided(f"a product of {len(left):,} by {len(right):,} terms is not written out")
    single = len(left) <= 1 and len(right) <= 1
    return [
        _times(one if single else _apart(one), other if single else _apart(other)) for one in left for other in right
    ]


def _times(left: Raw, right: Raw) -> Raw:
    factors = dict(left[1])
    for atom, power in right[1].items():
        factors[atom] = factors.get(atom, ZERO) + power
    return left[0] * right[0], factors, left[2] + right[2]


def canonical(terms: Iterable[Raw]) -> Polynomial:
    """The canonical form of a sum of raw terms."""
    found: dict[Term, Fraction] = {}
    for raw in terms:
        for coefficient, factors, bound in _expanded(raw):
            term, number = _ordered(factors, bound)
            found[term] = found.get(term, ZERO) + coefficient * number
    return Polynomial(sorted(((term, c) for term, c in found.items() if c), key=lambda pair: _key(pair[0])))


def _key(thing: Any) -> str:
    return repr(thing)


def _expanded(raw: Raw) -> Iterator[Raw]:
    """Deltas used up, indicators made idempotent, whole powers of sums written out; terms that vanish are left out."""
    pending = [raw]
    while pending:
        coefficient, factors, bound = pending.pop()
        step = _contracted(coefficient, factors, bound)
        if step is None:
            continue
        coefficient, factors, bound = step
        whole = next((atom for atom, power in factors.items() if _splits(atom, power)), None)
        if whole is None:
            yield coefficient, factors, bound
            continue
        pending += _opened(coefficient, factors, bound, whole)


def _splits(atom: Atom, power: Fraction) -> bool:
    """Whether a power of a sum holds a whole power that is to be written out, or a number to be taken out."""
    if atom[0] != "s":
        return False
    return power >= 1 or (atom[1].constant is not None and not 0 < power < 1)


def _opened(coefficient: Fraction, factors: dict[Atom, Fraction], bound: tuple[Index, ...], atom: Atom) -> list[Raw]:
    rest = dict(factors)
    power = rest.pop(atom)
    whole = power.numerator // power.denominator
    if power != whole:
        rest[atom] = power - whole
    if atom[1].constant is not None:
        return [(coefficient * atom[1].constant ** whole, rest, bound)]
    result: list[Raw] = [(coefficient, rest, bound)]
    for _ in range(whole):
        result = multiplied(result, atom[1].raw())
    return result


def _contracted(
    coefficient: Fraction, factors: dict[Atom, Fraction], bound: tuple[Index, ...]
) -> tuple[Fraction, dict[Atom, Fraction], tuple[Index, ...]] | None:
    """Use up every delta; None where one is 0."""
    while True:
        delta = next((atom for atom in factors if atom[0] == "d" and not _settled(atom, factors)), None)
        if delta is None:
            break
        _, left, right = delta
        if left[0] == right[0] == "i" and left != right:
            return None
        keep, drop = sorted((left, right), key=lambda one: (one in bound, one[0] != "i", _key(one)))
        rest: dict[Atom, Fraction] = {}
        for atom, power in factors.items():
            name = atom if atom == delta and drop not in bound else renamed(atom, {drop: keep})
            rest[name] = rest.get(name, ZERO) + power
        factors = {atom: power for atom, power in rest.items() if not (atom[0] == "d" and atom[1] == atom[2])}
        if drop in bound:
            bound = tuple(index for index in bound if index != drop)
        else:
            factors[delta] = Fraction(1)
    factors = {atom: Fraction(1) if atom[0] in ("if", "d") else power for atom, power in factors.items() if power}
    return coefficient, factors, bound


def _settled(delta: Atom, factors: Mapping[Atom, Fraction]) -> bool:
    """Whether a delta of two free indices is all that still speaks of the later one."""
    _, left, right = delta
    if left == right or (left[0] == "i" and right[0] == "i") or "b" in (left[0], right[0]):
        return False
    drop = max((left, right), key=lambda one: (one[0] != "i", _key(one)))
    return not any(_mentions(atom, (drop,)) for atom in factors if atom != delta)


def _ordered(factors: dict[Atom, Fraction], bound: tuple[Index, ...]) -> tuple[Term, Fraction]:
    """A term with its bound indices numbered canonically; what is summed over without occurring is a width."""
    powers = dict(factors)
    used = []
    for index in bound:
        if any(_mentions(atom, (index,)) for atom in factors):
            used.append(index)
        else:
            width = ("w", index[3].rpartition("|")[2])
            powers[width] = powers.get(width, ZERO) + 1
    powers = {atom: power for atom, power in powers.items() if power}
    if not used:
        return (_sorted(powers), ()), Fraction(1)
    level = max(_level(atom) for atom in powers)
    best = min((_numbered(powers, order, level) for order in _orders(powers, used)), key=_key)
    return best, Fraction(1)


def _sorted(powers: Mapping[Atom, Fraction]) -> Factors:
    return tuple(sorted(powers.items(), key=_key))


def _numbered(powers: Mapping[Atom, Fraction], order: tuple[Index, ...], level: int) -> Term:
    names = {index: ("b", level, number, index[3]) for number, index in enumerate(order)}
    return _sorted({renamed(atom, names): power for atom, power in powers.items()}), tuple(names.values())


def _orders(powers: Mapping[Atom, Fraction], bound: list[Index]) -> Iterator[tuple[Index, ...]]:
    """The orders of the bound indices that may be canonical: by colour, and every order where colours tie."""
    if len(bound) == 1:
        yield (bound[0],)
        return
    colours = {index: index[3] for index in bound}
    for _ in bound:
        colours = {index: _colour(powers, index, colours) for index in bound}
    groups: dict[str, list[Index]] = {}
    for index in bound:
        groups.setdefault(colours[index], []).append(index)
    if prod(len(list(permutations(range(min(len(group), 8))))) for group in groups.values()) > MOST_TIES:
        raise Undecided(f"{len(bound)} bound indices cannot be told apart")
    for choice in product(*(permutations(groups[colour]) for colour in sorted(groups))):
        yield tuple(index for group in choice for index in group)


def _colour(powers: Mapping[Atom, Fraction], index: Index, colours: Mapping[Index, str]) -> str:
    """Where an index occurs, its neighbours known by their colours only."""
    names: dict[Index, Index] = {other: ("c", colour) for other, colour in colours.items()}
    names[index] = ("here",)
    seen = sorted(_key((_blurred(atom, names), power)) for atom, power in powers.items() if _mentions(atom, (index,)))
    return _key((colours[index], seen))


def _blurred(atom: Any, names: Mapping[Index, Any]) -> Any:
    """An atom with colours for indices; polynomials inside it lose their order."""
    if not isinstance(atom, tuple):
        return atom
    if atom in names:
        return names[atom]
    parts = [_blurred(part, names) for part in atom]
    return tuple(sorted(parts, key=_key)) if isinstance(atom, Polynomial) else tuple(parts)


def vanishes(difference: Polynomial) -> bool:
    """Whether a polynomial is 0, also after its denominators are cleared."""
    for _ in range(20):
        if not difference:
            return True
        powers = _denominators(difference)
        if not powers:
            return False
        difference = canonical(multiplied(difference.raw(), [(Fraction(1), powers, ())]))
    return False


def _denominators(difference: Polynomial) -> dict[Atom, Fraction]:
    """The powers of sums, free of bound indices, that clear the negative powers of a polynomial."""
    powers: dict[Atom, Fraction] = {}
    for (factors, bound), _ in difference:
        for atom, power in factors:
            if atom[0] == "s" and power < 0 and not _mentions(atom, bound):
                powers[atom] = max(powers.get(atom, ZERO), -power)
    return powers
