r"""Repairs that a network knows: σ′ and its argument, ∂C/∂z for ∂C/∂a, the paths through a layer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

from verify.diagnosis.edits import Edit, Put, product, products, shown, spots, times
from verify.diagnosis.letters import index_items, joined
from verify.diagnosis.speaking import Seat, Speaker
from verify.latex import tree as t
from verify.latex.walk import mapped, walk
from verify.meaning.roles import Spoken

MOST_PATHS = 6


def small(side: t.Node, speaker: Speaker) -> Iterator[Edit]:
    """Repairs that change one letter."""
    yield from arguments(side, speaker)
    yield from primes(side, speaker)
    yield from variables(side, speaker)


def large(side: t.Node, other: t.Node, speaker: Speaker) -> Iterator[Edit]:
    """Repairs that put something in or in the place of something else."""
    if not _is_activation_slope(other, speaker):
        yield from insertions(side, speaker)
    yield from paths(side, speaker)
    yield from replacements(side, speaker)
    yield from complements(side)


def _is_activation_slope(node: t.Node, speaker: Speaker) -> bool:
    """Whether a side is ∂a/∂z itself: a wrong one is another function's derivative, none that lacks a factor."""
    operand = speaker.spoken(node.operand) if isinstance(node, t.Derivative) else None
    return operand is not None and operand.role in ("a", "o")


def _is_slope(node: t.Node) -> bool:
    head = node.function if isinstance(node, t.Call) else None
    return isinstance(head, t.Scripted) and any(isinstance(mark, t.Prime) for mark in head.upper)


# --- the derivative of the activation function ----------------------------------------------------------------------


def arguments(side: t.Node, speaker: Speaker) -> Iterator[Edit]:
    """σ′ at another place: z for a, another layer, another neuron."""
    for node, put in spots(side):
        if not isinstance(node, t.Call) or not _is_slope(node):
            continue
        old = node.arguments[0] if len(node.arguments) == 1 else None
        for seat in speaker.seats():
            new = speaker.pre_activation(seat)
            if new == old:
                continue
            tree = replace(node, argument=t.Bracket("(", (new,), span=node.argument.span))
            message = f"the derivative is taken at the wrong place: {shown(tree)} instead of {shown(node)}"
            yield Edit(put(tree), _argument_kind(old, new, speaker), node.span, message, 1.0)


def _argument_kind(old: t.Node | None, new: t.Node, speaker: Speaker) -> str:
    """Another quantity, another layer of the same, or another neuron of the same layer."""
    before, after = speaker.spoken(old) if old is not None else None, speaker.spoken(new)
    if before is None or after is None or before.role != "z":
        return "derivative-argument"
    return "index" if before.layer == after.layer else "layer"


def primes(side: t.Node, speaker: Speaker) -> Iterator[Edit]:
    """σ for σ′ and σ′ for σ."""
    for node, put in spots(side):
        if not isinstance(node, t.Call):
            continue
        head = node.function
        upper = head.upper if isinstance(head, t.Scripted) else ()
        base = head.base if isinstance(head, t.Scripted) else head
        if not isinstance(base, t.Letter) or base.name not in speaker.letters.functions:
            continue
        if _is_slope(node) and isinstance(head, t.Scripted):
            rest = tuple(mark for mark in upper if not isinstance(mark, t.Prime))
            plain = replace(head, upper=rest) if rest else base
            message = f"{shown(node)} must not be differentiated"
            yield Edit(put(replace(node, function=plain)), "extra-derivative", node.span, message, 1.05)
        else:
            primed = t.Scripted(base, None, (*upper, t.Prime(1)), span=head.span)
            tree = replace(node, function=primed)
            message = f"the derivative is missing: {shown(tree)} instead of {shown(node)}"
            yield Edit(put(tree), "missing-derivative", node.span, message, 1.0)


def insertions(side: t.Node, speaker: Speaker) -> Iterator[Edit]:
    """A factor σ′(z) that is missing, as a factor or entry by entry."""
    for seat in speaker.seats():
        factor = speaker.slope(seat)
        message = f"the derivative of the activation function is missing: {shown(factor)}"
        for node, put in products(side):
            if seat.index is not None:
                yield Edit(put(times(node, factor)), "missing-derivative", node.span, message, 1.5)
            else:
                yield Edit(put(times(node, factor, r"\odot")), "missing-derivative", node.span, message, 1.5)
        if seat.index is None:
            yield from _inside_products(side, factor, message)


def _inside_products(side: t.Node, factor: t.Node, message: str) -> Iterator[Edit]:
    """δ xᵀ with σ′ missing: (δ ⊙ σ′) xᵀ."""
    for node, put in spots(side):
        if isinstance(node, t.Multiplication) and node.tight:
            for place in range(1, len(node.factors)):
                front = product(list(node.factors[:place]), list(node.signs[: place - 1]), node.span)
                shut = t.Bracket("(", (t.Multiplication((front, factor), (r"\odot",)),))
                tree = product([shut, *node.factors[place:]], list(node.signs[place - 1 :]), node.span)
                yield Edit(put(tree), "missing-derivative", node.span, message, 1.6)


def variables(side: t.Node, speaker: Speaker) -> Iterator[Edit]:
    """∂C/∂a where ∂C/∂z belongs, and the reverse; also a for z as a quantity."""
    roles = {"a": ("z", "missing-derivative"), "z": ("a", "extra-derivative")}
    for node, put in spots(side):
        if isinstance(node, t.Derivative):
            for place, by in enumerate(node.by):
                turned = _turned(by.variable, speaker)
                spoken = speaker.spoken(by.variable)
                if turned is not None and spoken is not None and spoken.role in roles:
                    news = (*node.by[:place], replace(by, variable=turned), *node.by[place + 1 :])
                    tree = replace(node, by=news)
                    message = f"{shown(tree)} belongs here, not {shown(node)}"
                    yield Edit(put(tree), roles[spoken.role][1], node.span, message, 1.2)
        elif isinstance(node, t.Scripted):
            turned = _turned(node, speaker)
            if turned is not None:
                message = f"{shown(turned)} belongs here, not {shown(node)}"
                inside = any(
                    node in walk(part) for part in walk(side) if isinstance(part, t.Evaluated | t.Call | t.Power)
                )
                yield Edit(put(turned), "derivative-argument" if inside else "other", node.span, message, 1.9)


def _turned(node: t.Node, speaker: Speaker) -> t.Node | None:
    """z for a and a for z, in the same layer."""
    spoken = speaker.spoken(node)
    if spoken is None or spoken.role not in ("a", "z") or not isinstance(node, t.Scripted) or spoken.layer is None:
        return None
    if speaker.row.shift:
        return None
    new = speaker.row.pre_activation if spoken.role == "a" else speaker.row.activation
    return replace(node, base=t.Letter(new.letter, getattr(node.base, "font", "")))


# --- other functions ------------------------------------------------------------------------------------------------


def replacements(side: t.Node, speaker: Speaker) -> Iterator[Edit]:
    """One or two factors that stand where σ′(z) belongs: the derivative of another function."""
    for node, put in spots(side):
        if not isinstance(node, t.Multiplication) or len(node.factors) > 8:
            continue
        for count in (2, 1):
            for places in combinations(range(len(node.factors)), count):
                yield from _replaced(node, put, places, speaker)


def _replaced(node: t.Multiplication, put: Put, places: tuple[int, ...], speaker: Speaker) -> Iterator[Edit]:
    gone = [node.factors[place] for place in places]
    if not any(isinstance(one, t.Bracket | t.Power | t.Fraction | t.Call) for one in gone):
        return
    text = " ".join(map(shown, gone))
    span = gone[0].span[0], gone[-1].span[1]
    for seat in speaker.seats():
        if (seat.index is None) == node.tight and seat.index is None:
            continue
        factor = speaker.slope(seat)
        factors = [one for place, one in enumerate(node.factors) if place not in places[1:]]
        factors[places[0]] = factor
        signs = list(node.signs)
        for place in reversed(places[1:]):
            del signs[place - 1]
        message = f"{text} is not the derivative of the activation function: {shown(factor)}"
        yield Edit(put(product(factors, signs, node.span)), "wrong-function", span, message, 1.55 + 0.02 * len(places))


def complements(side: t.Node) -> Iterator[Edit]:
    """1 − a that is δ_ij − a: the Jacobian of softmax."""
    for node, put in spots(side):
        if not isinstance(node, t.Addition) or not isinstance(node.terms[0], t.Number) or node.terms[0].digits != "1":
            continue
        letters = [one for items in _scripted_letters(side) for one in items]
        for one, two in combinations(dict.fromkeys(letters), 2):
            delta = t.Scripted(t.Letter(r"\delta"), t.Script((t.Multiplication((one, two), ("",)),)))
            tree = replace(node, terms=(delta, *node.terms[1:]))
            message = f"the 1 belongs there only where {shown(one)} = {shown(two)}: {shown(delta)}"
            yield Edit(put(tree), "index", node.span, message, 1.6)


def _scripted_letters(side: t.Node) -> Iterator[list[t.Letter]]:
    for part in walk(side):
        if isinstance(part, t.Scripted) and part.lower is not None:
            yield [one for one in index_items(part.lower) if isinstance(one, t.Letter)]


# --- paths ----------------------------------------------------------------------------------------------------------


def paths(side: t.Node, speaker: Speaker) -> Iterator[Edit]:
    """A path through another neuron that was left out: the same term with that neuron's number, for all neurons."""
    for node, put in products(side):
        for layer, index in _neurons(node, speaker):
            width = _width(layer, speaker)
            if not isinstance(index, t.Number) or width is None or not 1 < width <= MOST_PATHS:
                continue
            others = [t.Number(str(k)) for k in range(1, width + 1) if str(k) != index.digits]
            news = [_renumbered(node, layer, index, other, speaker) for other in others]
            tree = t.Addition((node, *news), span=node.span)
            shut: t.Node = tree if put(node) is node else t.Bracket("(", (tree,), span=node.span)
            message = f"the paths through the other neurons are missing: {shown(news[0])}"
            yield Edit(put(shut), "missing-term", node.span, message, 1.4)
            for new in news[:-1] if len(news) > 1 else ():
                some: t.Node = t.Addition((node, new), span=node.span)
                some = some if put(node) is node else t.Bracket("(", (some,), span=node.span)
                yield Edit(put(some), "missing-term", node.span, f"the path {shown(new)} is missing", 1.45)
    yield from _more_terms(side, speaker)


def _more_terms(side: t.Node, speaker: Speaker) -> Iterator[Edit]:
    """A sum of paths with one missing."""
    for node, put in spots(side):
        if not isinstance(node, t.Addition):
            continue
        for term in node.terms:
            for layer, index in _neurons(term, speaker):
                width = _width(layer, speaker)
                for k in (
                    range(1, (width or 0) + 1) if width and width <= MOST_PATHS and isinstance(index, t.Number) else ()
                ):
                    new = _renumbered(term, layer, index, t.Number(str(k)), speaker)
                    if new != term and new not in node.terms:
                        tree = t.Addition((*node.terms, new), span=node.span)
                        message = f"the path {shown(new)} is missing"
                        yield Edit(put(tree), "missing-term", node.span, message, 1.45)


def _neurons(node: t.Node, speaker: Speaker) -> list[tuple[t.Node, t.Node]]:
    found: dict[tuple[t.Node, t.Node], None] = {}
    inner = Speaker(speaker.candidate, node)
    for seat in inner.seats():
        if seat.index is not None:
            found[seat.layer, seat.index] = None
    return list(found)


def _width(layer: t.Node, speaker: Speaker) -> int | None:
    """How many neurons a numbered layer has."""
    if isinstance(layer, t.Letter) and layer.name == "L":
        layer = speaker.last
    if not isinstance(layer, t.Number):
        return None
    place = int(layer.digits) - speaker.candidate.first + 1
    widths = speaker.candidate.question.layers
    width = widths[place] if 0 <= place < len(widths) else None
    return width if isinstance(width, int) else None


def _renumbered(node: t.Node, layer: t.Node, old: t.Node, new: t.Node, speaker: Speaker) -> t.Node:
    """The term with one neuron's number changed wherever it stands."""

    def change(part: t.Node) -> t.Node:
        spoken = speaker.spoken(part) if isinstance(part, t.Scripted) else None
        if spoken is None or not isinstance(part, t.Scripted):
            return mapped(part, change)
        return _with_index(part, spoken, Seat(layer, old), new, speaker)

    return change(node)


def _with_index(node: t.Scripted, spoken: Spoken, seat: Seat, new: t.Node, speaker: Speaker) -> t.Node:
    seats = speaker.seats_of(node)
    places = [place for place, one in enumerate(seats) if one == seat]
    if not places:
        return node
    if spoken.raised is not None:
        return _raised_with(node, spoken, places, new)
    if node.lower is None:
        return node
    items = list(node.lower.items if len(seats) == 1 else index_items(node.lower))
    for place in places:
        if place < len(items):
            items[place] = new
    return replace(node, lower=t.Script(joined(tuple(items))))


def _raised_with(node: t.Scripted, spoken: Spoken, places: list[int], new: t.Node) -> t.Node:
    """{}^{l}w^{k}_{j}: the first index below, the second above."""
    above = len(places) > 0 and (spoken.lower is None or 1 in places)
    if above:
        upper = tuple(
            replace(mark, body=new) if isinstance(mark, t.Raised) and mark.body == spoken.raised else mark
            for mark in node.upper
        )
        node = replace(node, upper=upper)
    if 0 in places and spoken.lower is not None:
        node = replace(node, lower=t.Script((new,)))
    return node
