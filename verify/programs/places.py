r"""Indices as they are written, over axes whose lengths are not known yet: i, i + k − 1, 2i, n, 3.

Where sums begin at 0, every index of the text counts from 0, and so do the arrays: w_k is entry k + 1 of w.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sympy import Expr, Integer

from verify.latex import tree as t
from verify.latex.unread import unread
from verify.meaning.errors import Unsupported
from verify.meaning.indices import letter_of
from verify.programs.axes import Axis


@dataclass(frozen=True)
class Bound:
    """What an index letter stands for: a place on an axis, from 1, which is known once the axes are."""

    axis: Axis
    place: Callable[[], Expr]


Env = dict[str, Bound]


def bound(axis: Axis, letter: str, running: Mapping[str, Expr]) -> Bound:
    """A letter whose place is found in `running` once there is one."""
    return Bound(axis, lambda: running[letter])


@dataclass(frozen=True)
class Place:
    """A sum of letters with whole factors, of names of sizes, and a whole number."""

    terms: Mapping[str, int] = field(default_factory=dict)
    sizes: Mapping[str, int] = field(default_factory=dict)
    constant: int = 0

    @property
    def letter(self) -> str | None:
        """The letter, where the index is nothing else."""
        alone = len(self.terms) == 1 and not self.sizes and self.constant == 0
        return next(iter(self.terms)) if alone and set(self.terms.values()) == {1} else None


def place_of(node: t.Node, env: Env, sizes: frozenset[str]) -> Place:
    """An index taken apart.  Raises `Unsupported` for what is no sum of letters and whole numbers."""
    if isinstance(node, t.Number) and node.digits.isdigit() and len(node.digits) < 9:
        return Place(constant=int(node.digits))
    name = letter_of(node)
    if name is not None and name in env:
        return Place({name: 1})
    if isinstance(node, t.Letter | t.Scripted) and unread(node).replace(" ", "") in sizes:
        return Place(sizes={unread(node).replace(" ", ""): 1})
    if isinstance(node, t.Bracket) and len(node.items) == 1:
        return place_of(node.items[0], env, sizes)
    if isinstance(node, t.Negation):
        return _scaled(place_of(node.body, env, sizes), -1)
    if isinstance(node, t.Addition):
        return _summed([place_of(one, env, sizes) for one in node.terms])
    if isinstance(node, t.Multiplication) and node.tight:
        parts = [place_of(one, env, sizes) for one in node.factors]
        numbers = [one.constant for one in parts if not one.terms and not one.sizes]
        others = [one for one in parts if one.terms or one.sizes]
        if len(others) <= 1:
            factor = 1
            for number in numbers:
                factor *= number
            return _scaled(others[0], factor) if others else Place(constant=factor)
    if name is not None:
        raise Unsupported(node, f"nothing says what the index {name} runs over")
    raise Unsupported(node, "an index is a sum of letters and whole numbers, such as i + k - 1")


def _scaled(place: Place, factor: int) -> Place:
    return Place(
        {name: factor * count for name, count in place.terms.items()},
        {name: factor * count for name, count in place.sizes.items()},
        factor * place.constant,
    )


def _summed(places: list[Place]) -> Place:
    terms: dict[str, int] = {}
    sizes: dict[str, int] = {}
    for place in places:
        for name, count in place.terms.items():
            terms[name] = terms.get(name, 0) + count
        for name, count in place.sizes.items():
            sizes[name] = sizes.get(name, 0) + count
    kept = {name: count for name, count in terms.items() if count}
    return Place(kept, sizes, sum(one.constant for one in places))


def expression(place: Place, env: Env, length: Callable[[str], Expr], from_zero: bool) -> Expr:
    """The index as an expression, counted from 1, once the axes are known."""
    shift = 1 if from_zero else 0
    found: Expr = Integer(place.constant + shift)
    for name, count in place.terms.items():
        found += count * (env[name].place() - shift)
    for name, count in place.sizes.items():
        found += count * length(name)
    return found
