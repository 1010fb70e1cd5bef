r"""What trees say as they are written: whole numbers, the letters of a sum, where a sum begins."""

from __future__ import annotations

from verify.latex import tree as t
from verify.latex.walk import children
from verify.meaning.errors import Unsupported
from verify.meaning.indices import letter_of


def whole(node: t.Node) -> int | None:
    """The whole number that a tree is, if it is one."""
    if isinstance(node, t.Number) and node.digits.isdigit() and len(node.digits) < 9:
        return int(node.digits)
    if isinstance(node, t.Negation):
        inner = whole(node.body)
        return None if inner is None else -inner
    if isinstance(node, t.Bracket) and len(node.items) == 1:
        return whole(node.items[0])
    return None


def written(item: t.Node) -> list[str]:
    """The letters of a binder in the order in which they are written."""
    if isinstance(item, t.Multiplication):
        return [name for one in item.factors if (name := letter_of(one))]
    if isinstance(item, t.Bracket):
        return [name for one in item.items if (name := letter_of(one))]
    name = letter_of(item)
    return [name] if name else []


def starts(node: t.Node, *letters: str) -> bool:
    """Whether an item under a sum is `k = 1`."""
    equal = isinstance(node, t.Comparison) and [one.kind for one in node.signs] == ["equal"]
    return equal and isinstance(node, t.Comparison) and letter_of(node.sides[0]) in letters


def one_more(over: t.Node) -> t.Node:
    """The n of n − 1."""
    if isinstance(over, t.Addition) and len(over.terms) == 2 and whole(over.terms[1]) == -1:
        return over.terms[0]
    number = whole(over)
    if number is not None:
        return t.Number(str(number + 1), span=over.span)
    raise Unsupported(over, "sums run over a whole axis: from 1 to n, or from 0 to n - 1")


def apart_letters(node: t.Big) -> tuple[str, ...]:
    r"""The letters on the right of i \ne j under a sum."""
    sides = [one.sides for one in node.under if isinstance(one, t.Comparison) and one.signs[0].kind == "unequal"]
    return tuple(name for side in sides for one in side[1:] if (name := letter_of(one)))


def runs_in(node: t.Node, letter: str) -> bool:
    """Whether a letter occurs where no sum within binds it."""
    if letter_of(node) == letter:
        return True
    if isinstance(node, t.Big) and letter in {name for one in node.binders for name in written(one)}:
        return False
    return any(runs_in(one, letter) for one in children(node))
