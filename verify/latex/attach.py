r"""Scripts put on a base that is already a node: here it is decided what is a power and what keeps its scripts.

w  with ^2         →  Scripted(w, upper 2): a layer, or a power, which the roles decide
(w^2_{11})  ^2     →  Power         (w^3)  ^T  →  Transposed        (W x)  _j  →  Scripted, an entry
{a_j}  ^{l}        →  Scripted(a, lower j, upper l), as if it had been typed without braces
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from verify.latex.tree import (
    Bracket,
    Comparison,
    Letter,
    Mark,
    Negation,
    Node,
    Norm,
    Number,
    Power,
    Prime,
    Primed,
    Raised,
    Script,
    Scripted,
    Span,
    Transpose,
    Transposed,
)


def lettered(base: Letter, lower: Script | None, upper: tuple[Mark, ...], span: Span) -> Node:
    """A letter with its scripts; e with one bare upper script is a power."""
    if lower is None and not upper:
        return base
    if base.name == "e" and not base.accents and lower is None:
        mark, *rest = upper
        if isinstance(mark, Raised) and not mark.fence and base.font in ("", "mathrm"):
            return attached(Power(base, mark.body, span=span), None, tuple(rest), span)
    return Scripted(base, lower, upper, span=span)


def attached(base: Node, lower: Script | None, upper: tuple[Mark, ...], span: Span) -> Node:
    """Anything else with its scripts: transposes and inverses first, then the entry, then powers."""
    if isinstance(base, Letter):
        return lettered(base, lower, upper, span)
    if isinstance(base, Norm) and lower is not None and base.lower is None:
        base, lower = replace(base, lower=lower, span=span), None
    first = any(isinstance(mark, Transpose) or _inverse(mark) for mark in upper)
    node = base
    for mark in upper:
        if first or isinstance(mark, Prime):
            node = _marked(node, mark, span)
    if lower is not None:
        node = Scripted(node, lower, span=span)
    for mark in upper:
        if not first and not isinstance(mark, Prime):
            node = _marked(node, mark, span)
    return node


def regrouped(base: Node, lower: Script | None, upper: tuple[Mark, ...], span: Span) -> Node:
    """A letter with scripts, in braces, with more scripts behind them: joined where nothing collides."""
    if not isinstance(base, Scripted) or not isinstance(base.base, Letter):
        return attached(base, lower, upper, span)
    if lower is not None and base.lower is None:
        base, lower = replace(base, lower=lower, span=span), None
    if upper and not base.upper:
        return attached(replace(base, upper=upper, span=span), lower, (), span)
    node: Node = base
    for mark in upper:
        if isinstance(node, Scripted) and (not isinstance(mark, Raised) or mark.fence) and lower is None:
            node = replace(node, upper=primes_joined((*node.upper, mark)), span=span)
        else:
            node = _marked(node, mark, span)
    return node if lower is None else Scripted(node, lower, span=span)


def _marked(node: Node, mark: Mark, span: Span) -> Node:
    if isinstance(mark, Transpose):
        return Transposed(node, mark.spelling, span=span)
    if isinstance(mark, Prime):
        return Primed(node, mark.count, span=span)
    if mark.fence:
        return Scripted(node, None, (mark,), span=span)
    return Power(node, mark.body, span=span)


def _inverse(mark: Mark) -> bool:
    return isinstance(mark, Raised) and mark.body == Negation(Number("1"))


def condition_of(node: Node) -> Comparison | None:
    """The comparison that a bracket, or the one item of a script, holds; None for anything else."""
    if isinstance(node, Bracket | Script) and len(node.items) == 1:
        return condition_of(node.items[0])
    return node if isinstance(node, Comparison) else None


def base_of(node: Node) -> Node:
    """What all scripts stand on."""
    while isinstance(node, Power | Transposed | Primed | Scripted):
        node = node.base
    return node


def primes_joined(marks: Iterable[Mark]) -> tuple[Mark, ...]:
    """Marks with primes that follow each other made one."""
    found: list[Mark] = []
    for mark in marks:
        before = found[-1] if found else None
        if isinstance(mark, Prime) and isinstance(before, Prime):
            found[-1] = Prime(before.count + mark.count, span=(before.span[0], mark.span[1]))
        else:
            found.append(mark)
    return tuple(found)
