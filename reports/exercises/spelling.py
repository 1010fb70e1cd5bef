r"""One spelling for all formulas of a quiz, the right and the wrong ones, so that none tells by its looks what it is.

A formula is read, brackets that a mistake has left without use are dropped, and what remains is set by the boxes that
print every formula: w^{2}_{jk}, \sigma', brackets that grow around sums.
"""

from __future__ import annotations

from dataclasses import replace

from derive.emit.latex import latex
from derive.layout import Row
from reports.checking.document_boxes import Unprintable, lines
from verify.latex import Unreadable, read, unread
from verify.latex import tree as t
from verify.latex.walk import mapped


def spelled(formula: str) -> str | None:
    """A formula in the one spelling; None where it cannot be read, be printed, or be read back as what it was."""
    try:
        body = tidy(read(formula).claims[0].body)
        shown = read(unread(body)).claims[0].body  # a factor before a bracket is now what the reader makes of it
        text = _printed(unread(body))
        again = read(text).claims[0].body
    except (Unreadable, Unprintable):  # an edit that leaves no formula, such as a product without factors
        return None
    return text if again == shown else None


def _printed(formula: str) -> str:
    (line, *_) = lines(formula)
    return latex(Row(tuple(one for one in (line.lhs, line.relation, line.rhs) if one is not None)))


def tidy(node: t.Node) -> t.Node:
    """A tree without brackets that change nothing: around a side, a single factor, a product within a product."""
    found = mapped(node, tidy)
    if isinstance(found, t.Comparison):
        return replace(found, sides=tuple(map(_bare, found.sides)))
    if isinstance(found, t.Negation):
        return replace(found, body=_bare(found.body) if _is_product(_bare(found.body)) else found.body)
    return _flat(found) if isinstance(found, t.Multiplication) else found


def _bare(node: t.Node) -> t.Node:
    """What stands in round brackets, if it is one thing."""
    plain = isinstance(node, t.Bracket) and node.fence == "(" and len(node.items) == 1
    return _bare(node.items[0]) if isinstance(node, t.Bracket) and plain else node


def _is_product(node: t.Node) -> bool:
    return isinstance(node, t.Multiplication | t.Scripted | t.Letter | t.Applied | t.Call)


def _flat(node: t.Multiplication) -> t.Node:
    r"""A (b) as A b, and (A b) c as A b c; around \odot only products of the tighter kind lose their brackets."""
    factors: list[t.Node] = []
    signs: list[t.Sign] = []
    for place, factor in enumerate(node.factors):
        inner = _bare(factor)
        signs += [node.signs[place - 1]] if place else []
        if isinstance(inner, t.Multiplication) and inner.tight and node.tight:
            factors += inner.factors
            signs += inner.signs
        elif _is_product(inner) and (not isinstance(inner, t.Multiplication) or inner.tight):
            factors.append(inner)
        else:
            factors.append(factor)
    return replace(node, factors=tuple(factors), signs=tuple(signs))
