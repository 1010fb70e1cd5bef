"""The mistakes that people make, one row each: what it does to the right side of a true formula.

A row only proposes: whether the outcome is false is for the checker to say (`reports.exercises.quiz`), since a
transpose that is dropped from a number, say, changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from verify.diagnosis.algebra import kinds, scaled, signs, transposed
from verify.diagnosis.edits import negated, product, spots
from verify.latex import tree as t
from verify.latex.walk import walk

_PLAIN = 1.25  # the cost of an edit that changes nothing but the kind of product

Edits = Callable[[t.Node], Iterator[t.Node]]


@dataclass(frozen=True)
class Mistake:
    """A row: its `name` stands in the key of a quiz, `told` is the key of the sentence that explains it."""

    name: str
    edits: Edits

    @property
    def told(self) -> str:
        """The key of the sentence that says what is wrong."""
        return f"mistake-{self.name}"


def _transposes(side: t.Node) -> Iterator[t.Node]:
    """W δ for Wᵀ δ."""
    for node, put in spots(side):
        marked = isinstance(node, t.Scripted) and any(isinstance(mark, t.Transpose) for mark in node.upper)
        if marked or isinstance(node, t.Transposed):
            turned = transposed(node)
            if turned is not None:
                yield put(turned)


def _slopes(side: t.Node) -> Iterator[t.Node]:
    """(a − y) for (a − y) ⊙ σ′(z)."""
    for node, put in spots(side):
        if isinstance(node, t.Multiplication):
            for place, factor in enumerate(node.factors):
                if any(isinstance(part, t.Prime | t.Primed) for part in walk(factor)) and _is_slope(factor):
                    yield put(_without(node, place))


def _is_slope(factor: t.Node) -> bool:
    return isinstance(factor, t.Applied | t.Call)


def _without(node: t.Multiplication, place: int) -> t.Node:
    kept = [one for number, one in enumerate(node.factors) if number != place]
    between = [one for number, one in enumerate(node.signs) if number != max(place - 1, 0)]
    return product(kept, between, node.span)


def _sign(side: t.Node) -> Iterator[t.Node]:
    """The opposite of the whole."""
    yield negated(side)


def _target_sign(side: t.Node) -> Iterator[t.Node]:
    """(y − a) for (a − y)."""
    yield from (one.tree for one in signs(side) if one.kind == "target-sign")


def _layers(side: t.Node) -> Iterator[t.Node]:
    """A quantity of the layer before or behind."""
    for node, put in spots(side):
        if not isinstance(node, t.Scripted):
            continue
        yield from (put(replace(node, upper=marks)) for marks in _moved(node.upper))
        yield from (put(replace(node, left_upper=marks)) for marks in _moved(node.left_upper))


def _moved(marks: tuple[t.Mark, ...]) -> Iterator[tuple[t.Mark, ...]]:
    """Upper scripts with the number of the layer one higher, or one lower."""
    for place, mark in enumerate(marks):
        if isinstance(mark, t.Raised) and isinstance(mark.body, t.Number) and mark.body.digits.isdigit():
            number = int(mark.body.digits)
            for other in (number + 1, number - 1)[: 2 if number else 1]:
                yield (*marks[:place], replace(mark, body=t.Number(str(other))), *marks[place + 1 :])


def _indices(side: t.Node) -> Iterator[t.Node]:
    """w_jk for w_kj."""
    for node, put in spots(side):
        if isinstance(node, t.Scripted) and node.lower is not None:
            turned = _turned(node.lower.items)
            if turned is not None:
                yield put(replace(node, lower=t.Script(turned)))


def _turned(items: tuple[t.Node, ...]) -> tuple[t.Node, ...] | None:
    """Two indices in the other order; None where there are not two different ones."""
    if len(items) == 2 and items[0] != items[1]:
        return items[::-1]
    only = items[0] if len(items) == 1 else None
    if isinstance(only, t.Multiplication) and len(only.factors) == 2 and only.factors[0] != only.factors[1]:
        return (replace(only, factors=only.factors[::-1]),)
    if isinstance(only, t.Number) and len(only.digits) == 2 and only.digits[0] != only.digits[1]:
        return (t.Number(only.digits[::-1]),)
    return None


def _sums(side: t.Node) -> Iterator[t.Node]:
    """One term of a sum in place of the sum."""
    for node, put in spots(side):
        if isinstance(node, t.Big):
            yield put(node.body)


def _factors(side: t.Node) -> Iterator[t.Node]:
    """A factor 2 too many, or too few."""
    yield scaled(side, Fraction(2))
    yield scaled(side, Fraction(1, 2))


def _products(side: t.Node) -> Iterator[t.Node]:
    """A product of matrices for ⊙, or the reverse."""
    yield from (one.tree for one in kinds(side) if one.cost <= _PLAIN)


_ROWS = (
    Mistake("transpose", _transposes),
    Mistake("missing-derivative", _slopes),
    Mistake("target-sign", _target_sign),
    Mistake("index", _indices),
    Mistake("missing-sum", _sums),
    Mistake("layer", _layers),
    Mistake("product-kind", _products),
    Mistake("factor", _factors),
    Mistake("sign", _sign),
)

MISTAKES = {row.name: row for row in _ROWS}
