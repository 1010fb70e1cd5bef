"""What a formula or a number of a report is, where it does not say so itself: for `reports.selfcheck`, not printed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from derive.layout import Box


@dataclass(frozen=True)
class ValueOf:
    """A number that stands alone, in a table or in words: the rounded value of a quantity at the report's point.

    With a `rate`, a decimal, it is the value after one step of that rate against the gradient.  `length` says that it
    is the Euclidean length of all entries of the quantity.
    """

    quantity: Box
    rate: str = ""
    length: bool = False
    place: int = 0
    digits: int = 5


@dataclass(frozen=True)
class Measured:
    """A number that was measured or chosen, and rounded to be printed: the loss of an epoch, the error of a method.

    `bound` says that nothing may be larger, so that it is never rounded down.
    """

    value: float
    bound: bool = False
    digits: int = 2


@dataclass(frozen=True)
class Defined:
    """A definition that a table of expressions gives: what stands on the right must be that SymPy expression.

    `target`, where it is given, is the letter on the left.
    """

    expression: Any
    target: str = ""


@dataclass(frozen=True)
class Mistaken:
    """A formula that is wrong on purpose, for a student to mend."""


@dataclass(frozen=True)
class Aside:
    """A relation that claims nothing of its subject; `why` is what it is instead."""

    why: str


@dataclass(frozen=True)
class Shapes:
    """An equation between shapes, 4×1 = (3×4)ᵀ · 3×1, or one shape.

    `sizes`, where they are given, are (layer, rows, columns) for every layer that it holds for, from 1, and 0 for
    the input; `letter` stands for the number of the layer, where it is not a number.
    """

    sizes: tuple[tuple[int, int, int], ...] = ()
    letter: str = ""


@dataclass(frozen=True)
class OfActivation:
    """A formula about the activation function of a layer, counted from 1, whatever those of other layers are."""

    layer: int


@dataclass(frozen=True)
class Layered:
    """A formula in which a letter stands for this number of a layer, as the words beside it say."""

    letter: str
    number: int


Meant = ValueOf | Measured | Defined | Mistaken | Aside | Shapes | OfActivation | Layered
