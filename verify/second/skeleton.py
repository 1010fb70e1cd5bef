r"""A formula taken apart into pieces of scalar algebra: what our tree says of each, and the text that says the same.

    \left(a^2_1 - y_1\right) \sigma'(z^2_1)   →   tree: (v1 - v2) · v3 · v4
                                                  text: ( v1 - v2 ) v3 ( v4 )

The tree gives only the places of the placeholders and the operations that it claims; the signs, brackets and fractions
between them are those of the typed text.  What is no scalar algebra (a quantity with its scripts, σ′, a derivative, a
sum, a norm) is one placeholder, and what is written inside it makes pieces of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from verify.latex import Reading
from verify.latex.tree import Big, Comparison, Fraction, Mark, Multiplication, Node, Script, Span
from verify.latex.walk import children
from verify.second.building import LIMITS, TOO_LARGE, Builder, Piece

__all__ = ["pieces", "pieces_of", "Piece"]

_CLOSERS = re.compile(r"[\s)}\]]*")


def pieces(reading: Reading) -> Iterator[Piece]:
    """The pieces of all sides of all statements, outer ones first."""
    for statement in reading.statements:
        yield from pieces_of(statement.body, reading.text)


def pieces_of(node: Node, text: str, region: Span | None = None) -> Iterator[Piece]:
    """The pieces of a tree that was read from a text; `region` is the stretch that the node alone must account for."""
    if isinstance(node, Script | Mark):
        return
    for limits in LIMITS:
        builder = Builder(text, limits)
        builder.visit(node)
        piece = builder.piece(builder.reach(node.span, region))
        if piece.why != TOO_LARGE:
            break
    if builder.operations or builder.leaves(piece):
        yield piece
    alone = bool(builder.below) and builder.below[0] is node
    for one, inner in _regions(node, text) if alone else ((one, None) for one in builder.below):
        yield from pieces_of(one, text, inner)


def _regions(node: Node, text: str) -> Iterator[tuple[Node, Span | None]]:
    """The nodes directly below a node, with their regions where the node says how far they must reach."""
    if isinstance(node, Comparison):
        begins = (node.span[0], *(sign.span[1] for sign in node.signs))
        ends = (*(sign.span[0] for sign in node.signs), node.span[1])
        yield from zip(node.sides, zip(begins, ends, strict=True), strict=True)
        return
    if isinstance(node, Fraction) and node.slash and isinstance(node.above, Multiplication):
        begin, end = node.above.span[0], node.above.factors[-1].span[1]  # its own place reaches over the slash
        yield replace(node.above, span=(begin, end)), None
        yield node.below, None
        return
    for one in children(node):
        yield one, _summed(node, text) if isinstance(node, Big) and one is node.body else None


def _summed(node: Big, text: str) -> Span:
    """The stretch that the body of a sum must fill: all that stands behind the scripts."""
    scripts = [one.span[1] for one in (*node.under, *([node.over] if node.over else []))]
    closers = _CLOSERS.match(text, max(scripts, default=node.body.span[0]))
    return (min(closers.end() if closers else 0, node.body.span[0]), node.span[1])
