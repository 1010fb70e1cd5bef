"""Polynomials with sums over indices, in one canonical form: equal forms prove equality for every width.

A polynomial maps a `Term` to its coefficient.  A term is a product of atoms with rational exponents, summed over its
bound indices; the sums stand outermost.  Bound indices are numbered canonically, Kronecker deltas are used up, and a
sum over an index that does not occur is the width.  Atoms are nested tuples; an atom may hold polynomials.

    index   ("f", name, space) free, ("b", level, number, space) bound, ("i", value) a number
    atom    ("x", array, index…)         an entry            ("d", index, index)   a Kronecker delta
            ("w", width)                 a width             ("s", polynomial)     a sum to a power that is not expanded
            ("if", polynomial)           1 where it is > 0   (name, polynomial…)   a function
            ("l", ((index, coefficient)…), number)   1 where Σ coefficient · index + number is 0
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import count, permutations, product
from math import gcd, prod
from typing import Any

Atom = tuple[Any, ...]
Index = tuple[Any, ...]
Factors = tuple[tuple[Atom, Fraction], ...]
Term = tuple[Factors, tuple[Index, ...]]
Raw = tuple[Fraction, dict[Atom, Fraction], tuple[Index, ...]]
MOST_TERMS = 20_000
MOST_TIES = 5_040
ZERO = Fraction(0)
PARITY = {"tanh": -1, "erf": -1, "cosh": 1, "sin": -1, "cos": 1, "tan": -1, "arctan": -1}
TWO_VALUED = ("if", "d", "l")
_VALUES = {"exp": (0, 1), "log": (1, 0), **{name: (0, int(parity > 0)) for name, parity in PARITY.items()}}
"""Where a function's value is known, and that value: an odd one is 0 at 0, and the even ones of these are 1."""

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
        if not mentions(atom, names):
            return atom
        return canonical([_apart((c, joined(factors, names), bound)) for (factors, bound), c in atom])
    if atom and atom[0] == "l":
        return linear([(names.get(index, index), number) for index, number in atom[1]], atom[2])
    return tuple(renamed(part, names) for part in atom)


def linear(parts: Iterable[tuple[Index, int]], number: int) -> Atom:
    """The condition Σ coefficient · index + number = 0, in one form; that of two equal indices is a Kronecker delta."""
    found: dict[Index, int] = {}
    for index, coefficient in parts:
        if index[0] == "i":
            number += index[1] * coefficient
        else:
            found[index] = found.get(index, 0) + coefficient
    kept = sorted(((index, coefficient) for index, coefficient in found.items() if coefficient), key=_key)
    if not kept:
        return ("l", (), number)
    divisor = gcd(*(coefficient for _, coefficient in kept))
    divisor = divisor if number % divisor == 0 else 1
    divisor = -divisor if kept[0][1] < 0 else divisor
    kept = [(index, coefficient // divisor) for index, coefficient in kept]
    number //= divisor
    if [coefficient for _, coefficient in kept] == [1, -1] and not number and kept[0][0][-1] == kept[1][0][-1]:
        return ("d", kept[0][0], kept[1][0])
    return ("l", tuple(kept), number)


def joined(factors: Iterable[tuple[Atom, Fraction]], names: Mapping[Index, Index]) -> dict[Atom, Fraction]:
    """Factors with other indices; the powers of those that become one are added."""
    found: dict[Atom, Fraction] = {}
    for atom, power in factors:
        name = renamed(atom, names)
        found[name] = found.get(name, ZERO) + power
    return found


def _apart(raw: Raw) -> Raw:
    """The same term with bound indices that occur nowhere else."""
    coefficient, factors, bound = raw
    names = {index: fresh(index[3]) for index in bound}
    return coefficient, joined(factors.items(), names), tuple(names.values())


def mentions(thing: Any, indices: Iterable[Index]) -> bool:
    """Whether one of the indices stands anywhere in an atom."""
    if not isinstance(thing, tuple):
        return False
    return thing in indices or any(mentions(part, indices) for part in thing)


def multiplied(left: list[Raw], right: list[Raw]) -> list[Raw]:
    """The product of two sums of raw terms, their bound indices kept apart."""
    if len(left) * len(right) > MOST_TERMS:
        raise Undecided(f"a product of {len(left):,} by {len(right):,} terms is not written out")
    single = len(left) == len(right) == 1 and not set(left[0][2]) & set(right[0][2])
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
    """Whether a power of a sum holds a whole power that is to be written out, or an atom has a simpler form."""
    if atom[0] == "s":
        number = atom[1].constant
        return power >= 1 or number == 0 or (number is not None and not 0 < power < 1) or _product(atom, power)
    if atom[0] == "if":
        return atom[1].constant is not None
    mirrored = atom[0] in PARITY and power.denominator == 1 and bool(atom[1]) and atom[1][0][1] < 0
    return mirrored or _value(atom) is not None


def _product(atom: Atom, power: Fraction) -> bool:
    """Whether it is a whole power of a product of atoms, each of which may be divided by."""
    if power.denominator != 1 or len(atom[1]) != 1:
        return False
    ((factors, bound), _), *_ = atom[1]
    return not bound and not any(one[0] in TWO_VALUED for one, _ in factors)


def _value(atom: Atom) -> Fraction | None:
    """The value of a function at 0 or 1, where it is a whole number."""
    known = _VALUES.get(atom[0])
    return Fraction(known[1]) if known is not None and atom[1].constant == known[0] else None


def _opened(coefficient: Fraction, factors: dict[Atom, Fraction], bound: tuple[Index, ...], atom: Atom) -> list[Raw]:
    """The terms that arise when a factor is replaced by its simpler form."""
    rest = dict(factors)
    power = rest.pop(atom)
    if atom[0] != "s":
        return _simpler(coefficient, rest, bound, atom, power)
    whole = power.numerator // power.denominator
    if atom[1].constant == 0:
        whole, power = (1, Fraction(1)) if power > 0 else (-1, Fraction(-1))
    if power != whole:
        rest[atom] = power - whole
    if atom[1].constant is not None:
        return _scaled(coefficient, rest, bound, atom[1].constant, whole)
    result: list[Raw] = [(coefficient, rest, bound)]
    if whole < 0:
        ((inner, _), number), *_ = atom[1]
        divided = (number**whole, {one: own * whole for one, own in inner}, ())
        return [_times(one, divided) for one in result]
    for _ in range(whole):
        # The atom speaks of the term's own bound indices: these keep their names, only the atom's sums get new ones.
        if len(result) * len(atom[1]) > MOST_TERMS:
            raise Undecided(f"a power of {len(atom[1]):,} terms is not written out")
        result = [_times(one, other) for one in result for other in atom[1].raw()]
    return result


def _scaled(
    coefficient: Fraction, rest: dict[Atom, Fraction], bound: tuple[Index, ...], number: Fraction, power: int
) -> list[Raw]:
    if number == 0 and power < 0:
        raise Undecided("a division by 0")
    return [(coefficient * number**power, rest, bound)] if number else []


def _simpler(
    coefficient: Fraction, rest: dict[Atom, Fraction], bound: tuple[Index, ...], atom: Atom, power: Fraction
) -> list[Raw]:
    """An odd or even function of −p by that of p; a function at 0 or 1 by its value."""
    if atom[0] == "if":
        return [(coefficient, rest, bound)] if atom[1].constant > 0 else []
    value = _value(atom)
    if value is not None:
        return _scaled(coefficient, rest, bound, value, -1 if power < 0 else 1)
    mirrored = (atom[0], Polynomial((term, -number) for term, number in atom[1]))
    rest[mirrored] = rest.get(mirrored, ZERO) + power
    odd = PARITY[atom[0]] < 0 and power % 2
    return [(-coefficient if odd else coefficient, rest, bound)]


def _contracted(
    coefficient: Fraction, factors: dict[Atom, Fraction], bound: tuple[Index, ...]
) -> tuple[Fraction, dict[Atom, Fraction], tuple[Index, ...]] | None:
    """Use up every delta; None where one is 0."""
    while True:
        factors = {atom: power for atom, power in factors.items() if not (atom[0] == "d" and atom[1] == atom[2])}
        if any(_never(atom) for atom in factors):
            return None
        factors = {atom: power for atom, power in factors.items() if atom != ("l", (), 0)}
        delta = next((atom for atom in factors if atom[0] == "d" and not _settled(atom, factors, bound)), None)
        if delta is None:
            break
        _, left, right = delta
        if left[0] == right[0] == "i":
            return None
        keep, drop = sorted((left, right), key=lambda one: (one in bound, one[0] != "i", _key(one)))
        if drop in bound and keep[0] == "i" and keep[1] != 1:
            size = drop[3].rpartition("|")[2]
            if not size.isdigit():
                raise Undecided(f"whether there is an entry {keep[1]} depends on the width")
            if not 1 <= keep[1] <= int(size):
                return None
        factors = joined(((atom, power) for atom, power in factors.items() if atom != delta), {drop: keep})
        if drop in bound:
            bound = tuple(index for index in bound if index != drop)
        else:
            factors[delta] = Fraction(1)
    factors = {atom: Fraction(1) if atom[0] in TWO_VALUED else power for atom, power in factors.items() if power}
    return coefficient, factors, bound


def _never(atom: Atom) -> bool:
    """Whether a linear condition on indices holds nowhere: 1 = 0, or 2i = 2k + 1."""
    if atom[0] != "l":
        return False
    return bool(atom[2] % gcd(*(number for _, number in atom[1])) if atom[1] else atom[2])


def _settled(delta: Atom, factors: Mapping[Atom, Fraction], bound: tuple[Index, ...]) -> bool:
    """Whether a delta of two indices that are free here is all that still speaks of the later one."""
    _, left, right = delta
    if left[0] == right[0] == "i" or left in bound or right in bound:
        return False
    drop = max((left, right), key=lambda one: (one[0] != "i", _key(one)))
    return not any(mentions(atom, (drop,)) for atom in factors if atom != delta)


def _ordered(factors: dict[Atom, Fraction], bound: tuple[Index, ...]) -> tuple[Term, Fraction]:
    """A term with its bound indices numbered canonically; what is summed over without occurring is a width."""
    powers = dict(factors)
    used = []
    for index in bound:
        if any(mentions(atom, (index,)) for atom in factors):
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
    seen = sorted(_key((_blurred(atom, names), power)) for atom, power in powers.items() if mentions(atom, (index,)))
    return _key((colours[index], seen))


def _blurred(atom: Any, names: Mapping[Index, Any]) -> Any:
    """An atom with colours for indices; polynomials inside it lose their order."""
    if not isinstance(atom, tuple):
        return atom
    if atom in names:
        return names[atom]
    if atom and atom[0] == "l":  # the sign of a condition depends on how its indices are called
        signs = ([(_blurred(i, names), sign * c) for i, c in atom[1]] for sign in (1, -1))
        return min(
            (("l", tuple(sorted(pairs, key=_key)), sign * atom[2]) for pairs, sign in zip(signs, (1, -1), strict=True)),
            key=_key,
        )
    parts = [_blurred(part, names) for part in atom]
    return tuple(sorted(parts, key=_key)) if isinstance(atom, Polynomial) else tuple(parts)
