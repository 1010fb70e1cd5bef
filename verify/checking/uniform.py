r"""Whether a formula tells one neuron from another, and how large layers must be for all that it names to exist.

Where nothing but plain index letters and plain numbers stand in the places of indices, and indices are compared only
for being equal, neurons that nobody names are alike: renaming them changes nothing.  Then a few of them stand for all
(`alike`).  Elsewhere, as in \mathbb{1}[2j \ne 10], w_{j,3+4} or (j-1) x_1, every index has to be looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from verify.latex import tree as t
from verify.latex.walk import children, walk
from verify.meaning.indices import indices_of, letter_of, letters_of, spoken_letters

LAYERS = frozenset(("l", "L", "T", "\\ell"))
WIDTHS = frozenset(("n", "N", "m", "d"))
"""Letters that may be a width wherever they stand."""
_SAME = ("equal", "unequal")


def alike(*nodes: t.Node) -> bool:
    """Whether neurons that no number names may be exchanged for one another in these trees."""
    indices = frozenset().union(*map(indices_of, nodes)) - LAYERS
    spoken = {letter_of(one) for node in nodes for one in spoken_letters(node, _names)}
    return not spoken & _slots(nodes) and all(_indifferent(part, indices) for node in nodes for part in walk(node))


def _names(node: t.Node) -> bool:
    """Whether this compares indices by name, so that no letter in it stands as a number."""
    return isinstance(node, t.Comparison) and _by_name(node.sides, node.signs)


def _slots(nodes: tuple[t.Node, ...]) -> frozenset[str]:
    """The letters of lower scripts and binders: those that are surely indices."""
    found: frozenset[str] = frozenset()
    for part in (part for node in nodes for part in walk(node)):
        if isinstance(part, t.Script):
            found |= letters_of(part)
        elif isinstance(part, t.Big):
            found |= frozenset().union(*map(letters_of, part.binders))
    return found - LAYERS


def _indifferent(part: t.Node, indices: frozenset[str]) -> bool:
    match part:
        case t.Script(items):
            return all(map(_plain, items))
        case t.Raised(body):
            return _plain(body) or not (letters_of(body) & indices or _only_numbers(body))
        case t.Big(under=under, over=over):
            return all(map(_binder, under)) and _end(over)
        case t.Comparison(sides, signs):
            return _by_name(sides, signs) or not _counts(sides, indices)
        case t.Indicator(condition=condition):
            return isinstance(condition, t.Comparison)
        case t.Case(conditions=conditions):
            return all(isinstance(one, t.Comparison) for one in conditions)
        case _:
            return True


def _by_name(sides: tuple[t.Node, ...], signs: tuple[t.Relation, ...]) -> bool:
    """Letters that are equal or not, or one letter beside numbers: k ≤ 5, k ∈ {1, …, 784}."""
    letters = [letter_of(side) for side in sides]
    if all(letter or isinstance(side, t.Number) for letter, side in zip(letters, sides, strict=True)):
        return all(one.kind in _SAME for one in signs) or sum(map(bool, letters)) == 1
    listed = isinstance(sides[-1], t.Bracket) and all(isinstance(one, t.Number | t.Ellipsis) for one in sides[-1].items)
    return listed and len(sides) == 2 and bool(letters[0]) and signs[0].kind == "in"


def _plain(item: t.Node) -> bool:
    """A letter, a number, or such side by side; n may be a width and is none."""
    if isinstance(item, t.Multiplication):
        return not any(item.signs) and all(map(_plain, item.factors))
    if isinstance(item, t.Comparison):  # the condition below an indicator, judged as such
        return True
    return isinstance(item, t.Number) or (letter_of(item) or "n") not in WIDTHS


def _only_numbers(body: t.Node) -> bool:
    """Whether this is arithmetic of numbers alone, which may be an index."""
    return isinstance(body, t.Addition | t.Multiplication) and not letters_of(body)


def _binder(item: t.Node) -> bool:
    """k, jk, k = 1, i ≠ k."""
    if isinstance(item, t.Comparison):
        others = item.sides[1:]
        if item.signs[0].kind == "equal":
            return len(others) == 1 and isinstance(others[0], t.Number) and others[0].digits in ("0", "1")
        return item.signs[0].kind == "unequal" and all(letter_of(side) for side in item.sides)
    return _plain(item) or isinstance(item, t.Bracket)


def _end(over: t.Node | None) -> bool:
    """The end of a sum: a number, or one letter such as n_1."""
    return over is None or isinstance(over, t.Number | t.Letter | t.Scripted)


def _counts(sides: tuple[t.Node, ...], indices: frozenset[str]) -> bool:
    """Whether a comparison is about numbers of neurons: an index or a width stands in it, or nothing but numbers."""
    letters = [letter_of(one) for side in sides for one in spoken_letters(side)]
    return not letters or any(one is not None and one in indices | WIDTHS for one in letters)


def widthless(*nodes: t.Node, widths: frozenset[str] = WIDTHS) -> bool:
    """Whether these trees say the same of layers of any width: alike, and no width stands in them as a number.

    Numbers in them are few and small, since their sum might be a width, too.
    """
    return alike(*nodes) and all(_free(part, widths) for node in nodes for part in _outside(node)) and _small(nodes)


def _outside(node: t.Node) -> Iterator[t.Node]:
    """The parts of a tree outside of scripts and of the limits of sums."""
    yield node
    if isinstance(node, t.Scripted):
        yield from _outside(node.base)
    elif isinstance(node, t.Big):
        yield from _outside(node.body)
    else:
        for part in children(node):
            if not isinstance(part, t.Script | t.Raised):
                yield from _outside(part)


_ORDERED = frozenset(("max", "min", "floor", "ceil", "e", "I"))


def _free(part: t.Node, widths: frozenset[str]) -> bool:
    match part:
        case t.Letter(name, font):
            return name not in widths and name not in _ORDERED and not name.isdigit() and font != "mathbb"
        case t.Number(digits):
            return digits.isdigit()
        case t.Big(sign=sign):
            return sign == "sum"
        case t.Power(base=base):
            return not isinstance(base, t.Number)
        case t.Comparison() | t.Indicator() | t.Cases():
            return False
        case _:
            return True


MOST = 12
"""Numbers of a formula that might make up a width have a smaller product than any width that is called wide."""


def _small(nodes: tuple[t.Node, ...]) -> bool:
    numbers = [int(part.digits) for node in nodes for part in _outside(node)
               if isinstance(part, t.Number) and part.digits.isdigit()]  # fmt: skip
    product = 1
    for one in numbers:
        product *= max(one, 1)
    return product * max(numbers.count(1), 1) <= MOST


MOST_ROOM = 24
"""Letters for sizes are compared at no larger ones than these."""


def raised(room: int, smallest: int) -> int:
    """How much is added to sizes, the smallest of which is given, so that each has room."""
    return max(min(room, MOST_ROOM) - smallest, 0)


@dataclass(frozen=True)
class Reach:
    """How large a layer must be for what is named to exist: `low` if digits side by side are indices, else `high`."""

    low: int
    high: int


def reach(nodes: Sequence[t.Node], is_width: Callable[[t.Node], bool] = lambda node: False) -> Reach:
    """For all indices of these trees to differ, and for every neuron and number of one that they mention."""
    letters = len(frozenset().union(*map(indices_of, nodes)) - LAYERS) if nodes else 0
    found = [named for node in nodes for part in walk(node) for named in _named(part, is_width)]
    low = max([letters, *(one.low for one in found)], default=0)
    return Reach(low, max([letters, *(one.high for one in found)], default=0))


def _named(part: t.Node, is_width: Callable[[t.Node], bool]) -> Iterator[Reach]:
    match part:
        case t.Script(items):
            for item in items:
                yield _slot(item, len(items) == 1)
        case t.Raised(body) if _only_numbers(body):
            yield _bound(body)
        case t.Big(under=under, over=over):
            for one in (*under, *([over] if over is not None else [])):
                yield _bound(one)
        case t.Comparison():
            yield _bound(part)
        case t.Addition(terms) if any(is_width(one) for term in terms for one in _outside(term)):
            yield _bound(part)
        case t.Call(function=t.Letter(name="max" | "min"), argument=argument):
            yield _bound(argument)
        case _:
            return


def _slot(item: t.Node, alone: bool) -> Reach:
    """Digits that stand alone in a script are one number or several."""
    numbers = [one for one in walk(item) if isinstance(one, t.Number) and one.digits.isdigit()]
    if not _plain(item):
        return _bound(item)
    low = max((max(map(int, one.digits)) if alone else int(one.digits) for one in numbers), default=0)
    return Reach(low, max((int(one.digits) for one in numbers), default=0))


def _bound(node: t.Node) -> Reach:
    """No number that an expression of small whole numbers and indices makes exceeds this by more than the indices."""
    most = _most(node)
    return Reach(most, most)


def _most(node: t.Node) -> int:
    if isinstance(node, t.Number):
        return int(node.value)
    parts = [_most(one) for one in children(node)]
    if isinstance(node, t.Multiplication) and not letters_of(node):
        found = 1
        for one in parts:
            found *= max(one, 1)
        return found
    if isinstance(node, t.Power) and not letters_of(node):
        return parts[0] ** min(parts[1], 20) if parts[0] < 1000 else parts[0]
    return sum(parts)
