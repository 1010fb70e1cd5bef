r"""Small readings of a tree that a formula leaves open: |v| of a vector, and indices that stand in no slot."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from verify.latex import tree as t
from verify.latex.walk import children, mapped, walk
from verify.meaning.indices import bound_by, indices_of, letters_of


def entrywise(node: t.Node) -> t.Node:
    r"""The tree with |…| as the function abs, which works entry by entry."""
    return _bars(
        node, lambda bars: t.Call(t.Letter("abs", span=bars.span), t.Bracket("(", (bars.body,)), span=bars.span)
    )


def lengthwise(node: t.Node) -> t.Node:
    r"""The tree with |…| as \lVert…\rVert."""
    return _bars(node, lambda bars: replace(bars, double=True))


def _bars(node: t.Node, change: Callable[[t.Norm], t.Node]) -> t.Node:
    inner = mapped(node, lambda part: _bars(part, change))
    return change(inner) if isinstance(inner, t.Norm) and not inner.double else inner


def outside_cases(node: t.Node) -> bool:
    """Whether bars stand outside of all cases."""
    if isinstance(node, t.Cases):
        return False
    return (isinstance(node, t.Norm) and not node.double) or any(map(outside_cases, children(node)))


def named_in(node: t.Node) -> frozenset[str]:
    r"""The letters that a side names in places without a range: (W x)_j, e_j, \delta_{ij}, \mathbb{1}[i = j]."""
    conditions = [one.condition for one in walk(node) if isinstance(one, t.Indicator)]
    return (indices_of(node).union(*map(letters_of, conditions)) | left_out(node)) - _bound(node)


def left_out(node: t.Node) -> frozenset[str]:
    r"""The j of \sum_{i \ne j}, which a condition below a sum names and no sum binds."""
    found: frozenset[str] = frozenset()
    for part in walk(node):
        for item in part.under if isinstance(part, t.Big) else ():
            if isinstance(item, t.Comparison) and item.signs[0].kind != "equal":
                found = found.union(*map(letters_of, item.sides))
    return found - _bound(node) - {"l", "L", "n", "N"}


def _bound(node: t.Node) -> frozenset[str]:
    return frozenset().union(*(bound_by(one) for one in walk(node) if isinstance(one, t.Big)))
