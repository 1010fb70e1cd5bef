r"""Repairs of indices, layers, sums and factors: other letters that the formula knows, put in a place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import combinations

from verify.diagnosis.edits import Edit, Put, products, shown, spots, times
from verify.diagnosis.speaking import shifted
from verify.latex import splits
from verify.latex import tree as t
from verify.latex.walk import mapped, walk
from verify.meaning.indices import letters_of

MOST_CHOICES = 8


# --- indices --------------------------------------------------------------------------------------------------------


def index_items(script: t.Script) -> tuple[t.Node, ...]:
    """The indices of a lower script, digit by digit and letter by letter where there are no commas."""
    if len(script.items) > 1:
        return script.items
    for slots in (3, 2):
        found = next(iter(splits(script, slots)), None)
        if found is not None and slots == len(found) and all(isinstance(one, t.Letter | t.Number) for one in found):
            return found
    return script.items


def _scripts(node: t.Node) -> Iterator[tuple[t.Node, ...]]:
    for part in walk(node):
        if isinstance(part, t.Scripted) and part.lower is not None:
            yield index_items(part.lower)


def choices(sides: Iterable[t.Node]) -> list[t.Node]:
    """Every index that the sides use."""
    found: dict[t.Node, None] = {}
    for side in sides:
        for items in _scripts(side):
            found |= dict.fromkeys(items)
    return list(found)[:MOST_CHOICES]


def indices(side: t.Node, other: t.Node) -> Iterator[Edit]:
    """Two indices swapped, one replaced, two letters exchanged everywhere."""
    known = choices((other, side))
    for node, put in spots(side):
        if isinstance(node, t.Scripted) and node.lower is not None:
            yield from _other_indices(node, put, known)
        elif isinstance(node, t.Scripted) and node.left_upper and node.upper:
            yield from _raised_indices(node, put, known)
    letters = [one for one in known if isinstance(one, t.Letter)]
    for one, two in combinations(letters, 2):
        tree = exchanged(side, one, two)
        message = f"the indices {shown(one)} and {shown(two)} are exchanged"
        yield Edit(tree, "index", side.span, message, 1.15)


def _other_indices(node: t.Scripted, put: Put, known: list[t.Node]) -> Iterator[Edit]:
    assert node.lower is not None
    items = index_items(node.lower)
    if len(items) == 2 and items[0] != items[1]:
        yield _indexed(node, put, items[::-1], "the indices stand in the wrong order", 1.0)
    for place, item in enumerate(items):
        near = [t.Number(str(int(item.digits) + by)) for by in (-1, 1)] if isinstance(item, t.Number) else []
        for new in [*known, *near]:
            if new != item:
                changed = (*items[:place], new, *items[place + 1 :])
                yield _indexed(node, put, changed, f"the index {shown(item)} must be {shown(new)}", 1.1)


def _indexed(node: t.Scripted, put: Put, items: tuple[t.Node, ...], message: str, cost: float) -> Edit:
    new = replace(node, lower=t.Script(joined(items)))
    return Edit(put(new), "index", node.span, f"{message}: {shown(new)} instead of {shown(node)}", cost)


def joined(items: tuple[t.Node, ...]) -> tuple[t.Node, ...]:
    """Indices as one item where single letters and digits can stand together, as in w_{jk} and w_{12}."""
    if len(items) == 1 or any(
        isinstance(one, t.Addition) or (isinstance(one, t.Number) and len(one.digits) > 1) for one in items
    ):
        return items
    if all(isinstance(one, t.Number) for one in items):
        return (t.Number("".join(one.digits for one in items if isinstance(one, t.Number))),)
    signs: tuple[t.Sign, ...] = tuple("" for _ in items[1:])
    return (t.Multiplication(items, signs),)


def _raised_indices(node: t.Scripted, put: Put, known: list[t.Node]) -> Iterator[Edit]:
    """{}^{l}x^{i}: the index stands above."""
    for place, mark in enumerate(node.upper):
        if not isinstance(mark, t.Raised):
            continue
        near = [t.Number(str(n)) for n in range(1, 4)]
        for new in [*known, *near]:
            if new != mark.body:
                upper = (*node.upper[:place], replace(mark, body=new), *node.upper[place + 1 :])
                tree = replace(node, upper=upper)
                message = f"the index {shown(mark.body)} must be {shown(new)}"
                yield Edit(put(tree), "index", node.span, message, 1.15)


def exchanged(node: t.Node, one: t.Node, two: t.Node) -> t.Node:
    """Two letters exchanged in all scripts."""

    def swap(part: t.Node) -> t.Node:
        if part in (one, two):
            return replace(two if part == one else one, span=part.span)
        return mapped(part, swap)

    def outside(part: t.Node) -> t.Node:
        if isinstance(part, t.Scripted) and part.lower is not None:
            lower = mapped(part.lower, swap)
            assert isinstance(lower, t.Script)
            part = replace(part, lower=lower)
        return mapped(part, lambda inner: inner if isinstance(inner, t.Script) else outside(inner))

    return outside(node)


# --- layers ---------------------------------------------------------------------------------------------------------


def layers(side: t.Node, other: t.Node, last: int, layered: Callable[[t.Node], bool]) -> Iterator[Edit]:
    """One quantity in another layer: the next, the one before, or one that the formula mentions."""
    known = _layers_of((side, other))
    for node, put in spots(side):
        if not isinstance(node, t.Scripted) or not layered(node):
            continue
        marks = node.left_upper or node.upper
        for place, mark in enumerate(marks):
            if not isinstance(mark, t.Raised):
                continue
            near = [shifted(mark.body, by) for by in (-1, 1)]
            for new in dict.fromkeys([*near, *known]):
                if new != mark.body and _inside(new, last):
                    changed = (*marks[:place], replace(mark, body=new), *marks[place + 1 :])
                    tree = replace(node, left_upper=changed) if node.left_upper else replace(node, upper=changed)
                    message = f"the layer is wrong: {shown(tree)} instead of {shown(node)}"
                    yield Edit(put(tree), "layer", node.span, message, 1.05 if new in near else 1.12)


def _inside(layer: t.Node, last: int) -> bool:
    return not isinstance(layer, t.Number) or (layer.digits.isdigit() and int(layer.digits) <= last)


def _layers_of(sides: Iterable[t.Node]) -> list[t.Node]:
    found: dict[t.Node, None] = {}
    for side in sides:
        for part in walk(side):
            if isinstance(part, t.Scripted):
                for mark in (*part.left_upper, *part.upper):
                    if isinstance(mark, t.Raised):
                        found[mark.body] = None
    return list(found)[:MOST_CHOICES]


# --- sums -----------------------------------------------------------------------------------------------------------


def sums(side: t.Node, names: Iterable[str]) -> Iterator[Edit]:
    """A sum over an index that stands alone."""
    for name in names:
        for node, put in products(side):
            if name in _all_letters(node):
                summed: t.Node = t.Big(
                    "sum", (t.Letter(name),), None, node.body if isinstance(node, t.Negation) else node, span=node.span
                )
                if isinstance(node, t.Negation):
                    summed = t.Negation(summed, span=node.span)
                body = summed.body if isinstance(summed, t.Negation) else summed
                if isinstance(body, t.Big) and isinstance(body.body, t.Addition):
                    summed = replace(body, body=t.Bracket("(", (body.body,)))
                yield Edit(put(summed), "missing-sum", node.span, f"the sum over {name} is missing", 1.0)


def unsummed(side: t.Node) -> Iterator[Edit]:
    """A sum that does not belong there."""
    for node, put in spots(side):
        if isinstance(node, t.Big):
            yield Edit(put(node.body), "other", node.span, "this sum does not belong here", 2.0)


def _all_letters(node: t.Node) -> frozenset[str]:
    return letters_of(node)


# --- factors --------------------------------------------------------------------------------------------------------


def missing_factors(side: t.Node, quantities: Iterable[tuple[t.Node, str, str, float]]) -> Iterator[Edit]:
    """A factor that may be missing: (factor, kind, what to say, cost), in front of or behind every product."""
    for factor, kind, message, cost in quantities:
        for node, put in products(side):
            yield Edit(put(times(node, factor)), kind, node.span, message, cost)


def missing_divisions(side: t.Node, quantities: Iterable[t.Node]) -> Iterator[Edit]:
    """A division that may be missing."""
    for below in quantities:
        for node, put in products(side):
            above, minus = (node.body, True) if isinstance(node, t.Negation) else (node, False)
            tree: t.Node = t.Fraction(above, below, span=node.span)
            tree = t.Negation(tree) if minus else tree
            message = f"the division by {shown(below)} is missing"
            yield Edit(put(tree), "missing-term", node.span, message, 2.05)
