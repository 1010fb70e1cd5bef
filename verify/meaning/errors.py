"""What can be wrong with the meaning of a formula that could be read; each names the part that it is about."""

from __future__ import annotations

from typing import Literal

from verify.latex.tree import Node
from verify.meaning.arrays import ShapeError


class Meaningless(Exception):
    """What all have in common: a part of the tree and a sentence."""

    def __init__(self, part: Node, message: str) -> None:
        super().__init__(message)
        self.part = part
        self.message = message


class NoRole(Meaningless):
    """A letter has no role, so the formula says nothing that could be checked: it is unreadable."""


class Unsupported(Meaningless):
    """Something that can be read but is not computed: the formula is undecided."""


class Unfit(Unsupported):
    """A definition in which arrays do not fit: what is claimed beside it is undecided."""


class OutOfRange(Meaningless):
    """A layer or an index that does not exist, or, a `clash`, a letter that would have to run over two ranges.

    Either is incorrect.
    """

    def __init__(self, part: Node, message: str, kind: Literal["layer", "index"], *, clash: bool = False) -> None:
        super().__init__(part, message)
        self.kind = kind
        self.clash = clash


class Misfit(Meaningless):
    """Arrays that do not fit: it is incorrect, unless another grouping of the products fits."""


NO_VALUE = (Meaningless, ShapeError, ArithmeticError, ValueError, RecursionError)
"""What is raised where a changed formula has no value, or none that can be computed: such a repair is none."""
