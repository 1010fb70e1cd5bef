"""An edit: a tree with one thing changed, what kind of mistake that undoes, where it stands, and what to say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from verify.latex import tree as t
from verify.latex import unread
from verify.latex.tree import Span
from verify.latex.walk import children, mapped

Put = Callable[[t.Node], t.Node]


@dataclass(frozen=True)
class Edit:
    """`tree` is the whole side, repaired; `cost` says how much was changed."""

    tree: t.Node
    kind: str
    where: Span
    message: str
    cost: float


def shown(node: t.Node) -> str:
    """A node in a message: as LaTeX between dollar signs, so that whoever shows the message can typeset it."""
    return f"${unread(node)}$"


def spots(node: t.Node, put: Put = lambda new: new) -> Iterator[tuple[t.Node, Put]]:
    """Every node of a tree with the function that puts another in its place.

    What indices are compared with stays: a number there could be made such that it is never met.
    """
    yield node, put
    for place, part in enumerate(children(node)):
        if isinstance(node, t.Indicator | t.Case) and _told_apart(part):
            continue
        yield from spots(part, _into(node, place, put))


def _told_apart(part: t.Node) -> bool:
    """Whether this is a condition j = k or j ≠ k."""
    return isinstance(part, t.Comparison) and all(one.kind in ("equal", "unequal") for one in part.signs)


def _into(node: t.Node, place: int, put: Put) -> Put:
    def inner(new: t.Node) -> t.Node:
        count = -1

        def change(one: t.Node) -> t.Node:
            nonlocal count
            count += 1
            return new if count == place else one

        return put(mapped(node, change))

    return inner


def product(factors: list[t.Node], signs: list[t.Sign], span: Span) -> t.Node:
    """Factors with their signs; loose and tight ones are nested where they meet, sums are put in brackets."""
    if not factors:
        return t.Number("1", span=span)
    if len(factors) == 1:
        return factors[0]
    return t.Multiplication(tuple(map(held, factors)), tuple(signs), span=span)


def held(node: t.Node) -> t.Node:
    """A node as a factor."""
    if isinstance(node, t.Addition | t.Negation | t.Comparison):
        return t.Bracket("(", (node,), span=node.span)
    return node


def grouped(node: t.Node) -> t.Node:
    """A node as a factor of which nothing outside takes a part: products and sums in brackets."""
    if isinstance(node, t.Multiplication | t.Big):
        return t.Bracket("(", (node,), span=node.span)
    return held(node)


def negated(node: t.Node) -> t.Node:
    """−a, and a for −a."""
    if isinstance(node, t.Negation):
        return node.body
    return t.Negation(held(node) if isinstance(node, t.Addition) else node, span=node.span)


def times(node: t.Node, factor: t.Node, sign: t.Sign = "", front: bool = False) -> t.Node:
    """A product with one more factor, in front or behind."""
    if isinstance(node, t.Negation):
        return t.Negation(times(node.body, factor, sign, front), span=node.span)
    tight = isinstance(node, t.Multiplication) and node.tight == (sign in t.TIGHT)
    factors = list(node.factors) if isinstance(node, t.Multiplication) and tight else [node]
    signs = list(node.signs) if isinstance(node, t.Multiplication) and tight else []
    if not tight and sign in t.TIGHT:
        factors = [grouped(node) if isinstance(node, t.Multiplication) else held(node)]
    if not front and isinstance(factors[-1], t.Big):
        factors[-1] = grouped(factors[-1])
    if front:
        return product([factor, *factors], [sign, *signs], node.span)
    return product([*factors, factor], [*signs, sign], node.span)


def products(node: t.Node) -> Iterator[tuple[t.Node, Put]]:
    """The places where a factor may be missing: a side, a term, what a sum is over, what stands in a bracket."""
    yield from _products(node, lambda new: new)


def _products(node: t.Node, put: Put) -> Iterator[tuple[t.Node, Put]]:
    if not isinstance(node, t.Addition):
        yield node, put
    inner: tuple[type, ...] = (t.Addition, t.Negation, t.Big, t.Bracket, t.Multiplication, t.Marked, t.Fraction)
    if isinstance(node, inner):
        for place, part in enumerate(children(node)):
            below = _into(node, place, put)
            direct = isinstance(node, t.Addition | t.Negation | t.Bracket) or (
                isinstance(node, t.Big) and part is node.body
            )
            if direct or (isinstance(node, t.Fraction) and place == 0):
                yield from _products(part, below)
            elif isinstance(node, t.Multiplication) and isinstance(part, inner):
                found = list(_products(part, below))
                yield from found if isinstance(part, t.Multiplication) else found[1:]
    if isinstance(node, t.Addition):
        yield node, put
