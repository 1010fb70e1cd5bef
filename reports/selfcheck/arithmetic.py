"""A side that is made of numbers, computed: it must be the value as far as the rounding of what stands in it allows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from flint import arb

from reports.selfcheck.decimals import Printed, literal, scaled
from reports.selfcheck.values import DIGITS, Exact
from verify.graph.nodes import Node
from verify.latex import tree as t
from verify.latex.walk import mapped, walk

SLACK = 2
"""So many times the sum of what each rounding can move the value by, to first order, is allowed."""


def agrees(point: Exact, quantities: Sequence[Node], numbers: t.Node, rounded: Sequence[Printed]) -> bool:
    """Whether a tree of numbers, `rounded` being those of its decimals that are, has the values of these quantities.

    Every other decimal is taken as exact.  Raises `Undefined` where there is no value.
    """
    tree = grouped(numbers)
    middle, off = _balls(point, tree), [arb(0) for _ in quantities]
    for number, half in _halves(tree, rounded):
        moved = _balls(point, _put(tree, number, half))
        off = [one + abs(new - old) for one, new, old in zip(off, moved, middle, strict=True)]
    true = [point.enclosure.of(node) for node in quantities]
    found = zip(true, middle, off, strict=True)
    return not any(abs(one - other) > SLACK * most for one, other, most in found)


def grouped(node: t.Node) -> t.Node:
    """The tree with 1.2 · 10^{-7} as one factor."""
    node = mapped(node, grouped)
    if not isinstance(node, t.Multiplication) or literal(node) is not None:
        return node
    factors, signs = [node.factors[0]], list[t.Sign]()
    for sign, factor in zip(node.signs, node.factors[1:], strict=True):
        if sign == r"\cdot" and scaled(factors[-1], factor) is not None:
            factors[-1] = t.Multiplication((factors[-1], factor), (sign,))
        else:
            factors.append(factor)
            signs.append(sign)
    return replace(node, factors=tuple(factors), signs=tuple(signs)) if signs else factors[0]


def _balls(point: Exact, tree: t.Node) -> list[arb]:
    return [point.enclosure.of(node) for node in point.entries(tree)]


def _halves(tree: t.Node, rounded: Sequence[Printed]) -> Iterator[tuple[t.Node, Fraction]]:
    """Each decimal that is rounded, wherever it stands, with half a unit of its last digit."""
    known = {abs(one.value): one.half(DIGITS) for one in rounded}
    for number in dict.fromkeys(walk(tree)):
        found = None if isinstance(number, t.Negation | t.Bracket) else literal(number)
        if found is not None and found.value in known:
            yield number, known[found.value]


def _put(node: t.Node, number: t.Node, half: Fraction) -> t.Node:
    """The tree with a decimal moved by half a unit, which is a small power of ten that is halved."""
    if node == number:
        return t.Bracket("(", (t.Addition((node, _number(half))),))
    return mapped(node, lambda part: _put(part, number, half))


def _number(half: Fraction) -> t.Node:
    """10^n / 2 as a tree."""
    power = 2 * half
    places = len(str(power.numerator)) - len(str(power.denominator))
    exponent = t.Number(str(abs(places)))
    return t.Fraction(t.Power(t.Number("10"), t.Negation(exponent) if places < 0 else exponent), t.Number("2"))
