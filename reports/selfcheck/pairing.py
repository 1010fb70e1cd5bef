"""A formula beside the same with numbers in it: which number stands for which quantity.

w a + b and 0.5 · 1.2 − 0.1 are walked side by side; where the one has a quantity and the other a number, these are a
pair.  Nothing is guessed: what has another form has no pairs, and raises `Unpaired`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace

from reports.selfcheck.decimals import Printed, literal, scaled
from verify.latex import tree as t
from verify.latex.walk import children


class Unpaired(ValueError):
    """The two formulas have different forms."""


Pair = tuple[t.Node, Printed]


def paired(letters: t.Node, numbers: t.Node) -> Iterator[Pair]:
    """Each quantity with the number in its place; raises `Unpaired`."""
    letters, numbers = _bare(letters), _bare(numbers)
    if letters == numbers:
        return
    if isinstance(letters, t.Multiplication) and isinstance(numbers, t.Negation):  # −0.2 · 0.5 is −(0.2 · 0.5)
        if isinstance(numbers.body, t.Multiplication):
            _same_signs(letters, numbers.body)
        numbers = _first_negated(numbers.body)
    decimal = literal(numbers)
    if decimal is not None and isinstance(letters, t.Number | t.Negation) and literal(letters) is not None:
        raise Unpaired("another number stands in the formula")
    if decimal is not None:
        yield letters, decimal
        return
    if isinstance(letters, t.Multiplication) and isinstance(numbers, t.Multiplication):
        _same_signs(letters, numbers)
        yield from _matched(_factors(letters), _factors(numbers))
    elif isinstance(letters, t.Scripted) and isinstance(numbers, t.Power):
        yield from paired(_unraised(letters, numbers.exponent), numbers.base)
    elif type(letters) is type(numbers):
        if not _alike(letters, numbers):
            raise Unpaired("another letter or sign stands in the formula")
        yield from _matched(list(children(letters)), list(children(numbers)))
    else:
        raise Unpaired(f"a {type(letters).__name__} and a {type(numbers).__name__} stand in one place")


def _bare(node: t.Node) -> t.Node:
    while isinstance(node, t.Bracket) and len(node.items) == 1:
        node = node.items[0]
    return node


def _matched(letters: list[t.Node], numbers: list[t.Node]) -> Iterator[Pair]:
    if len(letters) != len(numbers):
        raise Unpaired(f"{len(letters)} parts and {len(numbers)} parts stand in one place")
    for one, other in zip(letters, numbers, strict=True):
        yield from paired(one, other)


def _alike(letters: t.Node, numbers: t.Node) -> bool:
    """Whether two nodes of one type differ in their parts only; letters have none, σ is not tanh."""
    if not list(children(letters)):
        return False
    kept = (part.name for part in fields(letters) if part.compare and isinstance(getattr(letters, part.name), str))
    return all(getattr(letters, name) == getattr(numbers, name) for name in kept if name != "fence")


def _same_signs(letters: t.Multiplication, numbers: t.Multiplication) -> None:
    """A product of numbers has dots where that of letters has nothing; an entrywise one stays what it is."""
    if letters.tight != numbers.tight or not (letters.tight or letters.signs == numbers.signs):
        raise Unpaired("another sign of a product stands in the formula")
    if numbers.tight and any(sign == r"\times" for sign in numbers.signs):
        raise Unpaired("a cross stands between numbers")


def _factors(node: t.Node) -> list[t.Node]:
    """The factors of a product, those of a product in it too; 1.2 · 10^{-7} is one."""
    found: list[t.Node] = []
    for factor in node.factors if isinstance(node, t.Multiplication) else (node,):
        for one in _factors(factor) if isinstance(factor, t.Multiplication) else (factor,):
            if found and scaled(found[-1], one) is not None:
                found[-1] = t.Multiplication((found[-1], one), (r"\cdot",))
            else:
                found.append(one)
    return found


def _first_negated(node: t.Node) -> t.Node:
    """−(a · b) with the sign at its first factor."""
    factors = _factors(node)
    if len(factors) == 1:
        return t.Negation(node)
    return t.Multiplication((t.Negation(factors[0]), *factors[1:]), tuple(r"\cdot" for _ in factors[1:]))


def _unraised(node: t.Scripted, exponent: t.Node) -> t.Node:
    """z² without its power, which is the last of its upper scripts."""
    last = node.upper[-1] if node.upper else None
    if not isinstance(last, t.Raised) or last.body != exponent:
        raise Unpaired("a power stands in one formula only")
    return replace(node, upper=node.upper[:-1])
