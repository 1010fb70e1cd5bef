r"""Repairs that need no notation: signs, constant factors, transposes, the order and the kind of products, powers."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations, permutations

from verify.diagnosis.edits import Edit, Put, grouped, negated, product, products, shown, spots, times
from verify.latex import tree as t
from verify.latex.walk import walk

TARGETS = ("y", "t", "Y", "T")
MOST_PERMUTED = 4


def small(side: t.Node, ratios: list[Fraction], constants: list[t.Node], arrays: bool) -> Iterator[Edit]:
    """Signs and constants and, where there are `arrays`, transposes and products.

    `ratios` are numbers by which the side may differ from the truth, `constants` letters that stand for numbers.
    """
    yield from signs(side)
    yield from factors(side, ratios, constants)
    if arrays:
        yield from transposes(side)
        yield from orders(side)
        yield from kinds(side)


def large(side: t.Node, arrays: bool) -> Iterator[Edit]:
    """Powers, and what does not belong there."""
    if arrays:
        yield from splits(side)
    yield from powers(side)
    yield from removals(side)


# --- signs ----------------------------------------------------------------------------------------------------------


def signs(side: t.Node) -> Iterator[Edit]:
    """A difference the other way round, a term with the other sign, the whole with the other sign."""
    for node, put in spots(side):
        if isinstance(node, t.Addition):
            yield from _differences(node, put)
    for node, put in spots(side):
        if isinstance(node, t.Addition):
            for place, term in enumerate(node.terms):
                terms = (*node.terms[:place], negated(term), *node.terms[place + 1 :])
                message = f"the term {shown(term)} has the wrong sign"
                yield Edit(put(t.Addition(terms, span=node.span)), "sign", term.span, message, 1.1)
        elif isinstance(node, t.Negation):
            yield Edit(put(node.body), "sign", node.span, "the sign is wrong", 1.0)
    yield Edit(negated(side), "sign", side.span, "the sign is wrong", 1.05)


def _differences(node: t.Addition, put: Put) -> Iterator[Edit]:
    if len(node.terms) != 2 or sum(isinstance(term, t.Negation) for term in node.terms) != 1:
        return
    turned = t.Addition(tuple(negated(term) for term in node.terms[::-1]), span=node.span)
    numbers = any(_value(term.body if isinstance(term, t.Negation) else term) is not None for term in node.terms)
    kind = "target-sign" if any(map(_target, node.terms)) and not numbers else "sign"
    message = f"the difference is the wrong way round: {shown(turned)} instead of {shown(node)}"
    yield Edit(put(turned), kind, node.span, message, 1.0)


def _target(term: t.Node) -> bool:
    body = term.body if isinstance(term, t.Negation) else term
    base = body.base if isinstance(body, t.Scripted) else body
    return isinstance(base, t.Letter) and base.name in TARGETS and not base.accents


# --- constants ------------------------------------------------------------------------------------------------------


def factors(side: t.Node, ratios: list[Fraction], constants: list[t.Node]) -> Iterator[Edit]:
    """A constant factor too many or too few: in the whole, or in a part."""
    for ratio in ratios:
        tree = scaled(side, ratio)
        if ratio == -1:
            differences = (one.terms for one in walk(side) if isinstance(one, t.Addition))
            kind = "target-sign" if any(_target(term) for terms in differences for term in terms) else "sign"
            yield Edit(tree, kind, side.span, "the sign of the whole is wrong", 1.02)
        else:
            yield Edit(tree, "factor", side.span, f"a factor {ratio} is missing", 1.0)
    for node, put in spots(side):
        if isinstance(node, t.Multiplication) and node.tight:
            for place, factor in enumerate(node.factors):
                if isinstance(factor, t.Number) or _numeric(factor) or factor in constants:
                    message = f"the factor {shown(factor)} does not belong here"
                    yield Edit(put(_without(node, (place,))), "factor", factor.span, message, 1.2)
    for node, put in products(side):
        yield from _scaled_part(node, put, node is side, constants)


def _scaled_part(node: t.Node, put: Put, whole: bool, constants: list[t.Node]) -> Iterator[Edit]:
    """A part of a side with a constant factor more."""
    for ratio in () if whole else (Fraction(2), Fraction(1, 2), Fraction(-1)):
        kind = "sign" if ratio < 0 else "factor"
        yield Edit(put(scaled(node, ratio)), kind, node.span, f"a factor {ratio} is missing in this part", 1.4)
    for constant in constants:
        for factor in (t.Fraction(t.Number("1"), constant), constant):
            tree = put(times(node, factor, "", front=True))
            yield Edit(tree, "factor", node.span, f"a factor {shown(factor)} is missing", 1.3 if whole else 1.42)


def scaled(node: t.Node, ratio: Fraction) -> t.Node:
    """A product times a number; a number in front of it is changed, and left out where it becomes 1: −r, never −1 r."""
    if ratio == 1:
        return node
    if ratio < 0:
        return negated(scaled(node, -ratio))
    if isinstance(node, t.Negation):
        return t.Negation(scaled(node.body, ratio), span=node.span)
    alone = _value(node)
    if alone is not None:
        return number(alone * ratio)
    if isinstance(node, t.Multiplication) and node.tight:
        value = _value(node.factors[0])
        if value is not None and value * ratio == 1:
            return _without(node, (0,))
        if value is not None:
            return t.Multiplication((number(value * ratio), *node.factors[1:]), node.signs, span=node.span)
    return times(node, number(ratio), "", front=True)


def number(value: Fraction) -> t.Node:
    """A rational number as a tree."""
    if value < 0:
        return t.Negation(number(-value))
    above, below = t.Number(str(value.numerator)), t.Number(str(value.denominator))
    return above if value.denominator == 1 else t.Fraction(above, below)


def _value(node: t.Node) -> Fraction | None:
    """The number that a factor is."""
    if isinstance(node, t.Number):
        return node.value
    if isinstance(node, t.Fraction):
        above, below = _value(node.above), _value(node.below)
        return above / below if above is not None and below else None
    return None


def _numeric(node: t.Node) -> bool:
    """1/2, 1/n: a fraction of numbers and single letters."""
    return (
        isinstance(node, t.Fraction)
        and isinstance(node.above, t.Number)
        and isinstance(node.below, t.Number | t.Letter)
    )


def _without(node: t.Multiplication, places: tuple[int, ...]) -> t.Node:
    kept = [place for place in range(len(node.factors)) if place not in places]
    chosen = [node.factors[place] for place in kept]
    between = [node.signs[place - 1] if place else node.signs[0] for place in kept[1:]]
    return product(chosen, between, node.span)


# --- matrices -------------------------------------------------------------------------------------------------------


def transposed(node: t.Node) -> t.Node | None:
    """A transposed, and A for its transpose; None for what has none."""
    if isinstance(node, t.Transposed):
        items = node.base.items if isinstance(node.base, t.Bracket) else ()
        return items[0] if len(items) == 1 and isinstance(items[0], _ATOMS) else node.base
    if isinstance(node, t.Scripted):
        kept = tuple(mark for mark in node.upper if not isinstance(mark, t.Transpose))
        if len(kept) < len(node.upper):
            return t.Scripted(node.base, node.lower, kept, node.left_upper, node.left_lower, span=node.span)
        return t.Transposed(t.Bracket("(", (node,), span=node.span), span=node.span)
    if isinstance(node, t.Letter):
        return t.Scripted(node, None, (t.Transpose(),), span=node.span)
    if isinstance(node, t.Bracket) and len(node.items) == 1:
        return t.Transposed(node, span=node.span)
    if isinstance(node, t.Multiplication) and set(node.signs) == {""}:
        turned = [one if isinstance(one, t.Number) else transposed(one) for one in reversed(node.factors)]
        if None not in turned:  # (A B)ᵀ = Bᵀ Aᵀ
            return product([one for one in turned if one is not None], list(node.signs), node.span)
    return t.Transposed(t.Bracket("(", (node,), span=node.span), span=node.span) if _array_like(node) else None


_ATOMS = (t.Letter, t.Scripted)
"""What needs no bracket once it is transposed no more."""


def _array_like(node: t.Node) -> bool:
    return isinstance(node, t.Multiplication | t.Addition | t.Derivative)


def _parts(side: t.Node) -> Iterator[tuple[t.Node, Put]]:
    """A side and the factors and terms in it, not what stands inside of functions and scripts."""
    yield side, lambda new: new
    inner = (t.Multiplication, t.Addition, t.Negation, t.Bracket, t.Big, t.Fraction, t.Transposed)
    waiting = [(side, lambda new: new)]
    while waiting:
        node, put = waiting.pop()
        if not isinstance(node, inner):
            continue
        for part, below in list(spots(node, put)):
            if part is not node and any(part is one for one in _direct(node)):
                if not isinstance(node, t.Transposed):  # (Aᵀ)ᵀ is A, which the turn of the whole gives
                    yield part, below
                waiting.append((part, below))


def _direct(node: t.Node) -> tuple[t.Node, ...]:
    if isinstance(node, t.Multiplication):
        return node.factors
    if isinstance(node, t.Addition):
        return node.terms
    if isinstance(node, t.Bracket):
        return node.items
    if isinstance(node, t.Fraction):
        return (node.above,)
    return (
        (node.base,) if isinstance(node, t.Transposed) else (node.body,) if isinstance(node, t.Negation | t.Big) else ()
    )


def transposes(side: t.Node) -> Iterator[Edit]:
    """A factor transposed, or the whole."""
    for node, put in _parts(side):
        turned = transposed(node)
        indexed = isinstance(node, t.Scripted) and node.lower is not None
        if turned is not None and not indexed and not isinstance(node, t.Number):
            whole = node is side
            message = f"{shown(node)} must be transposed" if not whole else "the whole must be transposed"
            yield Edit(put(turned), "transpose", node.span, message, 1.15 if whole else 1.1)


def orders(side: t.Node) -> Iterator[Edit]:
    """The factors of a product in another order."""
    for node, put in spots(side):
        if not isinstance(node, t.Multiplication) or len(node.factors) > MOST_PERMUTED + 1:
            continue
        plain = list(range(len(node.factors)))
        for order in permutations(plain):
            if list(order) != plain:
                chosen = [node.factors[place] for place in order]
                tree = put(product([_shut(one) for one in chosen], list(node.signs), node.span))
                moved = sum(a != b for a, b in zip(order, plain, strict=True))
                message = f"the factors stand in the wrong order: {shown(product(chosen, list(node.signs), node.span))}"
                yield Edit(tree, "order", node.span, message, 1.2 + 0.02 * moved)


def _shut(node: t.Node) -> t.Node:
    return grouped(node) if isinstance(node, t.Big) else node


def kinds(side: t.Node) -> Iterator[Edit]:
    """The matrix product in place of ⊙, the reverse, and the outer product."""
    for node, put in spots(side):
        if not isinstance(node, t.Multiplication):
            continue
        for place in range(len(node.signs)):
            yield from _other_kind(node, put, place)


def _other_kind(node: t.Multiplication, put: Put, place: int) -> Iterator[Edit]:
    left = product(list(node.factors[: place + 1]), list(node.signs[:place]), node.span)
    right = product(list(node.factors[place + 1 :]), list(node.signs[place + 1 :]), node.span)
    if node.tight:
        tree = t.Multiplication((left, right), (r"\odot",), span=node.span)
        message = f"{shown(left)} and {shown(right)} are multiplied entry by entry (⊙), not as matrices"
        yield Edit(put(tree), "product-kind", node.span, message, 1.25)
        turned = transposed(right)
        if turned is not None:
            tree = t.Multiplication((left, turned), (r"\odot",), span=node.span)
            yield Edit(put(tree), "product-kind", node.span, message, 1.45)
        return
    message = "the product is one of matrices, not entry by entry"
    for one, other, cost in ((left, right, 1.25), (left, transposed(right), 1.3), (transposed(left), right, 1.3)):
        if one is not None and other is not None:
            tree = t.Multiplication((grouped(one), grouped(other)), ("",), span=node.span)
            yield Edit(put(tree), "product-kind", node.span, message, cost)


# --- powers, parts too many -----------------------------------------------------------------------------------------


def powers(side: t.Node) -> Iterator[Edit]:
    """A square that is missing, or one too many."""
    for node, put in spots(side):
        if node == t.Letter("e"):
            continue
        if isinstance(node, t.Power) and isinstance(node.exponent, t.Number):
            base = node.base.items[0] if isinstance(node.base, t.Bracket) and len(node.base.items) == 1 else node.base
            held_base = node.base if isinstance(base, t.Addition | t.Negation) else base
            yield Edit(
                put(held_base), "wrong-function", node.span, f"the power of {shown(base)} does not belong here", 1.6
            )
        elif isinstance(node, t.Letter | t.Scripted | t.Call | t.Bracket) and not (
            isinstance(node, t.Bracket) and len(node.items) != 1
        ):
            base = node if isinstance(node, t.Bracket) else t.Bracket("(", (node,), span=node.span)
            message = f"{shown(node)} must be squared"
            yield Edit(put(t.Power(base, t.Number("2"), span=node.span)), "wrong-function", node.span, message, 1.7)
            root = t.Root(base.items[0], span=node.span)
            yield Edit(put(root), "wrong-function", node.span, f"this needs a square root: {shown(root)}", 1.75)
    for node, put in spots(side):
        if isinstance(node, t.Addition):
            for place, term in enumerate(node.terms):
                base = term.body if isinstance(term, t.Negation) else term
                if isinstance(base, t.Multiplication | t.Fraction | t.Big):
                    squared: t.Node = t.Power(t.Bracket("(", (base,)), t.Number("2"), span=base.span)
                    squared = t.Negation(squared) if isinstance(term, t.Negation) else squared
                    terms = (*node.terms[:place], squared, *node.terms[place + 1 :])
                    message = f"{shown(base)} must be squared"
                    yield Edit(put(t.Addition(terms, span=node.span)), "wrong-function", base.span, message, 1.7)


def splits(side: t.Node) -> Iterator[Edit]:
    """2 A x that is A x + Aᵀ x."""
    for node, put in spots(side):
        if not isinstance(node, t.Multiplication) or not node.tight or _value(node.factors[0]) != 2:
            continue
        for place, factor in enumerate(node.factors[1:], 1):
            turned = transposed(factor)
            if turned is None or isinstance(factor, t.Number):
                continue
            both = t.Bracket("(", (t.Addition((factor, turned)),), span=factor.span)
            rest = [*node.factors[1:place], both, *node.factors[place + 1 :]]
            tree = product(rest, list(node.signs[1:]), node.span)
            message = f"{shown(factor)} need not be symmetric, since nothing says so: {shown(tree)}"
            yield Edit(put(tree), "missing-term", node.span, message, 1.8)


def removals(side: t.Node) -> Iterator[Edit]:
    """A factor or a term that does not belong there; of factors also two."""
    for node, put in spots(side):
        if isinstance(node, t.Multiplication):
            yield from _fewer(node, put)
        elif isinstance(node, t.Addition) and len(node.terms) > 1:
            for place, term in enumerate(node.terms):
                terms = node.terms[:place] + node.terms[place + 1 :]
                tree = terms[0] if len(terms) == 1 else t.Addition(terms, span=node.span)
                yield Edit(put(tree), "other", term.span, f"the term {shown(term)} does not belong here", 2.3)
        elif isinstance(node, t.Fraction):
            message = f"the division by {shown(node.below)} does not belong here"
            yield Edit(put(node.above), "other", node.span, message, 2.2)


def _fewer(node: t.Multiplication, put: Put) -> Iterator[Edit]:
    for count in (1, 2):
        for places in combinations(range(len(node.factors)), count):
            if count == len(node.factors):
                continue
            gone = [node.factors[place] for place in places]
            kind = "extra-derivative" if _slope_like(gone) else "other"
            span = gone[0].span[0], gone[-1].span[1]
            text = " ".join(map(shown, gone))
            cost = (1.5 if kind == "extra-derivative" else 1.53) + 0.1 * (count - 1)
            if kind == "extra-derivative" or count == 1:
                yield Edit(put(_without(node, places)), kind, span, f"the factor {text} does not belong here", cost)


def _slope_like(factors: list[t.Node]) -> bool:
    """σ′(z), a (1 − a), 1 − a²."""
    for factor in factors:
        for part in walk(factor):
            if isinstance(part, t.Prime):
                return True
    inner = [one.items[0] for one in factors if isinstance(one, t.Bracket) and len(one.items) == 1]
    complements = [one for one in inner if isinstance(one, t.Addition) and _complement(one) is not None]
    if len(factors) == 2 and complements:
        return _complement(complements[0]) in [*factors, *inner]
    if len(factors) == 1 and complements:
        return isinstance(_complement(complements[0]), t.Power)
    return False


def _complement(node: t.Addition) -> t.Node | None:
    """The u of 1 − u."""
    first, last = node.terms[0], node.terms[-1]
    one = isinstance(first, t.Number) and first.digits == "1"
    return last.body if len(node.terms) == 2 and one and isinstance(last, t.Negation) else None
