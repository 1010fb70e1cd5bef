r"""Equations between shapes, 4 × 1 = (3 × 4)ᵀ · 3 × 1 ⊙ 4 × 1: whether what is multiplied and added fits.

Where a shape is said to be that of a quantity in some layers, n_l × n_{l−1}, it must be so in each of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from derive.tables.notations import NOTATIONS
from reports.meant import Shapes
from reports.selfcheck.checks import Check, Subject
from verify.latex import Unreadable, read
from verify.latex import tree as t

Shape = tuple[t.Node, t.Node]
_ONE = t.Number("1")


class _Misfit(ValueError):
    """Two shapes do not fit."""


def fitting(text: str) -> Check:
    """Whether all sides of an equation between shapes are of one shape."""
    try:
        first, *others = [_shape(side) for side in read(text).statements[0].sides]
        for other in others:
            _same(first, other)
    except (Unreadable, _Misfit) as error:
        return Check("claim", text, str(error), False)
    return Check("claim", text, "the shapes fit", True)


@dataclass(frozen=True)
class _Widths:
    """The widths of a network, input first; n_k is that of `place` k − `start`, and `letter` is the number `here`."""

    widths: Sequence[int]
    start: int
    letter: str
    here: int

    def value(self, node: t.Node) -> int:
        """The number that a side of a shape is.  Raises `_Misfit` where it is none."""
        match node:
            case t.Number():
                return int(node.digits)
            case t.Bracket(items=(inner,)):
                return self.value(inner)
            case t.Negation():
                return -self.value(node.body)
            case t.Addition():
                return sum(self.value(term) for term in node.terms)
            case t.Letter(name=self.letter):
                return self.here
            case t.Letter(name="n"):
                return self.widths[-1]
            case t.Scripted(t.Letter(name="n"), lower=t.Script(items=(index,)), upper=()):
                return self._of(self.value(index) - self.start)
            case _:
                raise _Misfit("this is no width")

    def _of(self, place: int) -> int:
        if not 0 <= place < len(self.widths):
            raise _Misfit("there is no such layer")
        return self.widths[place]


def shaped(text: str, meant: Shapes, subject: Subject) -> Check:
    """Whether a shape, or the left side of an equation between shapes, is that of the quantity in each layer."""
    row, widths = NOTATIONS[subject.fields.get("notation", "nielsen")], _widths(subject)
    try:
        first, *_ = read(text).statements[0].sides
        rows, columns = _shape(first)
        for layer, *true in meant.sizes:
            known = _Widths(widths, row.first + row.shift - 1, meant.letter, layer - 1 + row.first)
            if [known.value(rows), known.value(columns)] != true:
                raise _Misfit(f"in layer {layer - 1 + row.first} it is {true[0]} × {true[1]}")
    except (Unreadable, _Misfit) as error:
        return Check("claim", text, str(error), False)
    return Check("claim", text, "the shape is right", True)


def _widths(subject: Subject) -> list[int]:
    """The widths; a layer that is only a bias is as wide as the one before it."""
    found = list[int]()
    for one in subject.fields["layers"]:
        found.append(one if isinstance(one, int) else found[-1])
    return found


def _shape(node: t.Node) -> Shape:
    match node:
        case t.Bracket() if len(node.items) == 1:
            return _shape(node.items[0])
        case t.Transposed():
            rows, columns = _shape(node.base)
            return columns, rows
        case t.Addition():
            return _all([_shape(one) for one in node.terms])
        case t.Multiplication() if not node.tight:
            return _all([_shape(one) for one in node.factors])
        case t.Multiplication():
            return _product(_groups(node))
        case _:
            raise _Misfit("this is no shape")


def _groups(node: t.Multiplication) -> list[Shape]:
    """The factors between the dots: n × m, or something in brackets."""
    found: list[list[t.Node]] = [[node.factors[0]]]
    for sign, factor in zip(node.signs, node.factors[1:], strict=True):
        if sign == r"\times":
            found[-1].append(factor)
        else:
            found.append([factor])
    return [(one[0], one[1]) if len(one) == 2 else _shape(one[0]) for one in found]


def _product(shapes: list[Shape]) -> Shape:
    (rows, columns), *others = shapes
    for above, beside in others:
        if (rows, columns) == (_ONE, _ONE):
            rows, columns = above, beside
        elif (above, beside) != (_ONE, _ONE) or columns == _ONE:
            _same((columns, _ONE), (above, _ONE))
            columns = beside
    return rows, columns


def _all(shapes: list[Shape]) -> Shape:
    for other in shapes[1:]:
        _same(shapes[0], other)
    return shapes[0]


def _same(one: Shape, other: Shape) -> None:
    if one != other:
        raise _Misfit("these shapes do not fit")
