r"""What a quantity is called in a program of named arrays: by its own letter, W_{jk}, \hat{x}_{i}, ∂L/∂S_{ij}."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sympy import Expr, Indexed

from derive.formula.names import Names, joined, letter
from derive.formula.pieces import MINUS, NABLA, PARTIAL, PLUS, Level, Piece, number
from derive.formula.spelling import bare, simple, spelled, word
from derive.functions import Head, Unknown
from derive.layout import Box, Fence, Fraction, Glyph, Row, Scripts, row
from derive.named import Adjoint, Inverse, Slope
from derive.symbols import Array, Scalar, Width

_PRIME = Glyph(r"\prime")
_DIRECTIONS = "vudpsq"


@dataclass(frozen=True)
class LetterNames(Names):
    """The letters of a program; `network` is the program.  Layers and their numbers do not occur."""

    def entry(self, array: Array, indices: Sequence[Expr]) -> Piece:
        """An entry of an array; what has a lower script of its own is bracketed, (W_{1})_{jk}."""
        return self._coloured(array, self._entry(array, indices))

    def _entry(self, array: Array, indices: Sequence[Expr]) -> Piece:
        sub = joined([self.index(index) for index in indices])
        if isinstance(array, Slope) and self._ambiguous(array):
            return Piece(Scripts(Fence(self._by_place(array).box), sub=sub))
        if isinstance(array, Adjoint | Slope):
            return self._ratio(array, self._entry(array.array, indices))
        whole = self._name(array)
        base, own, sup = bare(whole.box)
        if isinstance(array, Inverse) or own is not None or not simple(base):
            return Piece(Scripts(Fence(whole.box), sub=sub))
        return Piece(Scripts(base, sub, sup), Level.FACTOR if sup else Level.LETTER)

    def whole(self, array: Array) -> Piece:
        """The array as a vector or a matrix."""
        if not isinstance(array, Adjoint | Slope):
            return self._coloured(array, self._name(array))
        if isinstance(array, Slope) and self._ambiguous(array):
            return self._coloured(array, self._by_place(array))
        name = self._name(array.array)
        if self.notation.gradient == "nabla":
            of = self._numerator(array)
            return self._coloured(array, Piece(Row((Scripts(NABLA, sub=name.box), of.box)), Level.PRODUCT))
        return self._coloured(array, self._ratio(array, name))

    def direction(self, array: Array, indices: Sequence[Expr] | None) -> Piece:
        """How an array itself moves: v, or V for a matrix, where only one thing moves; else v_{x}."""
        whole = self._direction(array.name, len(array.spaces) > 1)
        if indices is None:
            return whole
        base, own, _ = bare(whole.box)
        return Piece(
            Scripts(base if own is None else Fence(whole.box), sub=joined([self.index(one) for one in indices]))
        )

    def direction_of(self, scalar: Expr) -> Piece:
        """How a number itself moves."""
        return self._direction(scalar.name, False)

    def _direction(self, name: str, matrix: bool) -> Piece:
        letters = [one.upper() if matrix else one for one in _DIRECTIONS]
        free = next((one for one in letters if one not in self.network.variables), None)
        if free is not None and len(self.network.wrt) == 1:
            return Piece(Glyph(free), Level.LETTER)
        return Piece(Scripts(Glyph(free or letters[0]), sub=self._called(name).box))

    def _ambiguous(self, array: Slope) -> bool:
        """Whether ∂L/∂W would be taken for the derivative through all paths: W stands in L(Y, W) and in Y."""
        same = array.numerator.name == self.network.target.name
        return same and len(self.network.consumers.get(array.array, ())) > 1

    def _by_place(self, array: Slope) -> Piece:
        """∂₂L: the derivative by the second argument, the others held fixed."""
        mark = Scripts(PARTIAL, sub=number(array.place + 1))
        return Piece(Row((mark, self._numerator(array).box), tight=True), Level.PRODUCT)

    def _ratio(self, array: Adjoint | Slope, below: Piece) -> Piece:
        over, under = (Row((PARTIAL, one.at(Level.FACTOR)), tight=True) for one in (self._numerator(array), below))
        return Piece(Fraction(over, under), Level.FACTOR)

    def _numerator(self, array: Adjoint | Slope) -> Piece:
        above = array.numerator
        return self._called(above.name)

    def _name(self, array: Array) -> Piece:
        if not isinstance(array, Inverse):
            return self._called(array.role)
        inner = self._name(array.array)
        return Piece(Scripts(inner.at(Level.LETTER), sup=Row((MINUS, number(1)), tight=True)), Level.FACTOR)

    def _called(self, name: str) -> Piece:
        box = spelled(name)
        _, _, sup = bare(box)
        return Piece(box, Level.FACTOR if sup is not None or not simple(box) else Level.LETTER)

    def stacked(self, array: Array) -> Piece | None:
        """Nothing is stacked in a program."""
        return None

    def colour_of_adjoint(self, denominator: Expr) -> int | None:
        """The colour of ∂L/∂V: that of the array which names it, if that is wanted."""
        array = denominator.base if isinstance(denominator, Indexed) else denominator
        if not self.colour_adjoints or not self.colours or not isinstance(array, Array):
            return None
        return self.colours.get(Adjoint(self.network.target, array))

    def index(self, index: Expr) -> Box:
        """An index: a letter, a number from 1, or a sum of these, i + k − 1."""
        if index.is_Integer:
            return number(int(index)) if index >= 0 else Row((MINUS, number(-int(index))), tight=True)
        if index.is_Symbol:
            return word(index.name)
        parts = sorted(index.as_coefficients_dict().items(), key=_reading_order)
        items: list[Box] = []
        for part, times in parts:
            sign = [MINUS] if times < 0 else [PLUS] if items else []
            items += [*sign, *self._multiple(part, abs(int(times)))]
        return Row(tuple(items), tight=True)

    def _multiple(self, part: Expr, times: int) -> list[Box]:
        if part == 1:
            return [number(times)]
        return [*([number(times)] if times != 1 else []), word(part.name)]

    def scalar(self, scalar: Scalar) -> Piece:
        """A number by its own letter."""
        if scalar.role in ("argument", "constant"):
            return Piece(word(scalar.name))
        return self._called(scalar.name)

    def width(self, width: Width) -> Box:
        """How many entries an axis has."""
        return word(width.name)

    def function(self, head: Head) -> Box:
        """σ, σ′, f, f′; of several arguments ∂₁ℓ."""
        base = spelled(head.row.symbol) if isinstance(head, Unknown) else letter(head.row.symbol)
        if isinstance(head, Unknown) and len(head.orders) > 1:
            marks = [Scripts(PARTIAL, sub=number(n)) for n, times in enumerate(head.orders, 1) for _ in range(times)]
            return row([*marks, base], tight=True)
        primes = row([_PRIME] * head.order, tight=True) if head.order else None
        inner, sub, sup = bare(base)
        both = [one for one in (sup, primes) if one is not None]
        below = joined([self.constant(one) for one in head.args[1:]]) if self._differs(head) else sub
        return Scripts(inner, below, row(both, tight=True) if both else None) if both or below else base

    def _differs(self, head: Head) -> bool:
        """Whether the same activation occurs with other constants."""
        if isinstance(head, Unknown) or len(head.args) < 2:
            return False
        known: list[Any] = [one.lhs for one in self.network.functions if isinstance(one.lhs, Head)]
        return len({one.args[1:] for one in known if one.row is head.row}) > 1


def _reading_order(part: tuple[Expr, Expr]) -> tuple[bool, bool, str]:
    """Letters before numbers, what is added first: p − k + 1 and i + k − 1."""
    index, times = part
    return bool(index == 1), bool(times < 0), str(index)
