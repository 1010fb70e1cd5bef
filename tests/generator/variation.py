"""The same claim said differently: factors and terms reordered, brackets multiplied out, both sides transposed."""

from __future__ import annotations

import random

from tests.generator import expressions as x
from tests.generator.expressions import Add, Claim, Had, Mul, Neg, Node, Num, Tag, Tr
from tests.generator.rules import array


def varied(node: Node, rng: random.Random) -> Node:
    """An equal expression."""
    for place, part in x.parts(node):
        if not isinstance(node, x.D):
            node = x.replaced(node, (place,), varied(part, rng))
    if isinstance(node, Mul) and not array(node):
        node = Mul(_shuffled(node.factors, rng, 0.5))
        return _multiplied_out(node, rng) if rng.random() < 0.12 else node
    if isinstance(node, Had):
        return Had(_shuffled(node.factors, rng, 0.3))
    if isinstance(node, Add) and rng.random() < 0.2:
        terms = list(node.terms)
        rng.shuffle(terms)
        return Add(tuple(terms))
    return node


def _shuffled(factors: tuple[Node, ...], rng: random.Random, often: float) -> tuple[Node, ...]:
    """Factors in another order; numbers stay in front."""
    if rng.random() > often:
        return factors
    first = [one for one in factors if isinstance(one, Num)]
    rest = [one for one in factors if not isinstance(one, Num)]
    rng.shuffle(rest)
    return (*first, *rest)


def _multiplied_out(node: Mul, rng: random.Random) -> Node:
    """The product with one sum of few terms multiplied out."""
    for n, one in enumerate(node.factors):
        inner = one.body if isinstance(one, Tag) else one
        if isinstance(inner, Add) and len(inner.terms) <= 3:
            before, after = node.factors[:n], node.factors[n + 1 :]
            return Add(tuple(_times(before, term, after) for term in inner.terms))
    return node


def _times(before: tuple[Node, ...], term: Node, after: tuple[Node, ...]) -> Node:
    if isinstance(term, Neg):
        return Neg(_times(before, term.body, after))
    return x.mul(*before, *(term.factors if isinstance(term, Mul) else (term,)), *after)


def transposed(node: Node) -> Node:
    """The transpose of an array, with the sign as far inside as it goes."""
    if isinstance(node, Tr):
        return node.body
    if isinstance(node, Mul):
        return Mul(tuple(transposed(one) if array(one) else one for one in node.factors[::-1]))
    if isinstance(node, Had):
        return Had(tuple(transposed(one) for one in node.factors))
    if isinstance(node, x.Diag):
        return node
    return Tr(node)


def variation(claim: Claim, rng: random.Random) -> Claim:
    """The claim with every right side varied; now and then with both sides transposed."""
    lines = tuple((line[0], *(varied(side, rng) for side in line[1:])) for line in claim.lines)
    arrays = len(lines) == 1 and all(array(side) for side in lines[0])
    if arrays and rng.random() < 0.04:
        lines = (tuple(transposed(side) for side in lines[0]),)
    return Claim(lines, claim.family, claim.aligned)
