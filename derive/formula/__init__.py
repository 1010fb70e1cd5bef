"""Formulas as people write them: what a derivation claims becomes boxes in one of the notations.

Writer(derivation, "bishop").box(derivation.index("delta", 1))
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import derive.formula.index as _index
import derive.formula.matrices as _matrices
from derive.formula.letters import LetterNames
from derive.formula.names import Names, UnknownName, notation_row
from derive.formula.pieces import MINUS, PLUS, number
from derive.formula.writing import Unprintable, piece
from derive.layout import Box, Glyph, Row
from derive.network import Network
from derive.program import Program
from derive.symbols import Array

if TYPE_CHECKING:
    from derive.derivation import Derivation

_REGISTERED = (_index, _matrices)  # to import them is to teach `piece` their kinds of things


@dataclass(frozen=True)
class Writer:
    """Writes what is said about a network in a notation, or about a program in its own letters.

    `colours` gives arrays colours of the palette, which their every occurrence bears; with `colour_adjoints` so does
    ∂E/∂z, in the colour of the error signal that names it.  `layer` turns the number of a layer, as the notation
    counts, into what is printed for it, so that a claim about layers 2 and 3 can be written for l and l + 1 (`around`).
    """

    of: Derivation | Network | Program
    notation: str = "nielsen"
    colours: Mapping[Array, int] | None = None
    layer: Callable[[int], Box] | None = None
    colour_adjoints: bool = False

    @cached_property
    def names(self) -> Names:
        """The letters.  Raises `UnknownName` for a notation that no row names."""
        source = self.of if isinstance(self.of, Network | Program) else self.of.of
        kind = LetterNames if isinstance(source, Program) else Names
        direct = frozenset() if isinstance(self.of, Network | Program) or kind is Names else self.of.direct
        return kind(source, notation_row(self.notation), self.colours, self.layer, self.colour_adjoints, direct=direct)

    def box(self, thing: Any) -> Box:
        """The box of a step, an equation, an expression or a part of one; a tuple of these is a chain a = b = c.

        Raises `Unprintable` for a kind of thing that no way of writing is known for.
        """
        return piece(thing, self.names).box


def around(base: int, letter: str = "l") -> Callable[[int], Box]:
    """Layer numbers relative to one: `around(3)` writes 3 as l, 4 as l + 1 and 2 as l − 1."""

    def written(count: int) -> Box:
        step = count - base
        if step == 0:
            return Glyph(letter)
        return Row((Glyph(letter), PLUS if step > 0 else MINUS, number(abs(step))), tight=True)

    return written


__all__ = ["Writer", "around", "Unprintable", "UnknownName"]
