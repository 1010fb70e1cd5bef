"""What a quantity is called in a notation: the letters of arrays, numbers, widths, indices and activations as boxes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from sympy import Expr, Indexed, Integer

from derive.formula.pieces import COMMA, PLUS, Level, Piece, number, rational
from derive.formula.spelling import word
from derive.functions import Head
from derive.layout import Accent, Box, Coloured, Fence, Glyph, Row, Scripts, row
from derive.symbols import Array, Scalar, Width
from derive.tables.glyphs import sign
from derive.tables.notations import NOTATIONS, Notation, Quantity

LayerBox = Callable[[int], Box]
PRIME = Glyph(r"\prime")
_FENCES = {"round": ("(", ")"), "square": ("[", "]")}
_ROLES = {
    "z": "pre_activation",
    "a": "activation",
    "x": "activation",
    "W": "weight",
    "b": "bias",
    "y": "target",
    "delta": "error",
    "g": "adjoint",
}
_COMPUTED = ("a", "x", "g")  # what bears the number of the activation, not that of the weights


class UnknownName(KeyError):
    """A quantity has no letter in the notation."""


def notation_row(name: str) -> Notation:
    """The row of a notation.  Raises `UnknownName` with the known names for any other."""
    if name not in NOTATIONS:
        raise UnknownName(f"unknown notation {name!r} (known: {', '.join(NOTATIONS)})")
    return NOTATIONS[name]


def letter(spelling: str, bold: bool = False) -> Box:
    r"""The box of a spelling of the table of notations: `w`, `\delta`, `\bar{X}`, `\hat{y}`."""
    for mark in ("bar", "hat"):
        if spelling.startswith(f"\\{mark}{{"):
            return Accent(letter(spelling[len(mark) + 2 : -1], bold), "bar" if mark == "bar" else "hat")
    return Glyph(spelling, sign(spelling).kind, bold)


@dataclass(frozen=True)
class Names:
    """The letters of one network in one notation; `layer` writes the number of a layer, `colours` colour arrays.

    `entrywise` says that whole arrays stand where a formula has entries: then a product is written ⊙.  `direct` are
    (of, by) where a derivative by one place is not the whole derivative: it is written ∂⁺.
    """

    network: Any
    notation: Notation
    colours: Mapping[Array, int] | None = None
    layer: LayerBox | None = None
    colour_adjoints: bool = False
    entrywise: bool = False
    direct: frozenset[tuple[Any, Any]] = frozenset()

    def entry(self, array: Array, indices: Sequence[Expr]) -> Piece:
        """An entry of an array, such as w^{2}_{jk}."""
        return self._coloured(array, self._compose(array, self._quantity(array), indices))

    def whole(self, array: Array) -> Piece:
        """The array as a vector or a matrix, such as w^{2}."""
        return self._coloured(array, self._compose(array, self._quantity(array), None))

    def direction(self, array: Array, indices: Sequence[Expr] | None) -> Piece:
        """How an array itself moves: V for W, v for a vector; v_{j0} beside v_{jk} where a bias is w_{j0}."""
        own = "v" if array.role != "W" or self.notation.bias.fixed else "V"
        written = replace(self._quantity(array), letter=own, whole="V" if array.role == "W" else "v", before="")
        return self._coloured(array, self._compose(array, written, indices))

    def direction_of(self, scalar: Expr) -> Piece:
        """How a number itself moves.  Raises `UnknownName`: in a network only arrays do."""
        raise UnknownName(f"{self.notation.name} has no letter for how {scalar} moves")

    def stacked(self, array: Array) -> Piece | None:
        """The matrix with the bias as last column, or the activation with a 1 appended, if it has a letter."""
        if self.notation.stacked is None:
            return None
        quantity = self.notation.stacked[0 if array.role == "W" else 1]
        return self._coloured(array, self._compose(array, quantity, None))

    def colour_of_adjoint(self, denominator: Expr) -> int | None:
        """The colour of ∂E/∂V: that of the array which names it, if that is wanted."""
        array = denominator.base if isinstance(denominator, Indexed) else denominator
        if not self.colour_adjoints or not self.colours or not isinstance(array, Array):
            return None
        name = {"z": "delta", "a": "g"}.get(array.role)
        return None if name is None else self.colours.get(Array(name, array.layer, array.spaces))

    def _coloured(self, array: Array, piece: Piece) -> Piece:
        colour = (self.colours or {}).get(array)
        return piece if colour is None else Piece(Coloured(piece.box, colour), piece.level)

    def _quantity(self, array: Array) -> Quantity:
        if self._is_output(array):
            return self.notation.output
        if array.role == "x" and self.notation.prints_input and self.layer is None:
            return self.notation.input
        if array.role not in _ROLES:
            raise UnknownName(f"{self.notation.name} has no letter for the role {array.role!r}")
        return getattr(self.notation, _ROLES[array.role])

    def _is_output(self, array: Array) -> bool:
        last = array.role == "a" and array.layer == self.network.depth
        return last and self.notation.prints_output and self.layer is None

    def number(self, array: Array) -> Box:
        """The number of the layer of an array, as the notation counts."""
        counted = array.layer - 1 + self.notation.first + (self.notation.shift if array.role in _COMPUTED else 0)
        return self.layer(counted) if self.layer else number(counted)

    def _compose(self, array: Array, quantity: Quantity, indices: Sequence[Expr] | None) -> Piece:
        whole = indices is None
        place = quantity.whole_layer if whole and quantity.whole_layer else quantity.layer
        base = letter(quantity.whole if whole and quantity.whole else quantity.letter, whole and self.notation.bold)
        corners: dict[str, list[Box]] = {"sub": [], "sup": []}
        for corner, index in zip(quantity.indices, indices or (), strict=False):
            corners[corner].append(self.index(index))
        if quantity.fixed:
            corners[quantity.fixed_corner].append(self._fixed(array, quantity.fixed, indices))
        sup, left = self._layer_number(array, place)
        if corners["sup"]:
            sup = joined(corners["sup"])
        sub = joined(corners["sub"]) if corners["sub"] else None
        scripts = Scripts(base, sub, sup, left) if sub or sup or left else base
        box = Row((letter(quantity.before), scripts), tight=True) if quantity.before else scripts
        bare = not (sup or left or quantity.before)
        return Piece(box, Level.LETTER if bare else Level.FACTOR)

    def _layer_number(self, array: Array, place: str) -> tuple[Box | None, Box | None]:
        """The layer as the right and the left superscript, one of which is None."""
        if place == "none":
            return None, None
        shown = self.number(array)
        if place in _FENCES:
            return Fence(shown, *_FENCES[place]), None
        return (None, shown) if place == "left" else (shown, None)

    def _fixed(self, array: Array, fixed: str, indices: Sequence[Expr] | None) -> Box:
        """The index that always stands: a number, or the last column of the weights, n + 1."""
        if fixed != "last":
            return number(int(fixed))
        size = self.network.spaces[array.layer - 1].size
        known = self.network.sizes.get(size)
        if known is not None and indices and all(isinstance(index, Integer) for index in indices):
            return number(known + 1)
        return Row((self.width(size), PLUS, number(1)), tight=True)

    def index(self, index: Expr) -> Box:
        """An index: a letter, or a number from 1."""
        return number(int(index)) if isinstance(index, Integer) else word(index.name)

    def scalar(self, scalar: Scalar) -> Piece:
        """A number with a role: the loss, a constant, the argument of a function."""
        loss = scalar.role == "loss" and scalar.name == "E"
        return Piece(letter(self.notation.loss) if loss else word(scalar.name))

    def width(self, width: Width) -> Box:
        """The number of neurons of a layer: n for the outputs, n_l for others, the user's own letter where given."""
        place = self._places.get(width)
        if place is None:
            return word(width.name)
        if place == self.network.depth and "n" not in self.network.widths:
            return letter("n")
        counted = place - 1 + self.notation.first + self.notation.shift
        return Scripts(letter("n"), sub=self.layer(counted) if self.layer else number(counted))

    @cached_property
    def _places(self) -> dict[Expr, int]:
        """The layer of each width that is a number, the last one of equal spaces."""
        pairs = enumerate(zip(self.network.spaces, self.network.widths, strict=True))
        return {space.size: place for place, (space, width) in pairs if isinstance(width, int)}

    @cached_property
    def _functions(self) -> dict[str, set[tuple[Any, ...]]]:
        """The constants with which each activation occurs."""
        found: dict[str, set[tuple[Any, ...]]] = {}
        for one in self.network.stack:
            found.setdefault(one.activation, set()).add(one.arguments())
        return found

    def function(self, head: Head) -> Box:
        """σ, σ′, …: the notation's letter where all layers have one activation, else the activation's own symbol.

        Its constants are written below where the same activation occurs with others.
        """
        kinds = self._functions
        uniform = list(kinds) == [head.row.name] and len(kinds[head.row.name]) == 1
        base = letter(self.notation.function if uniform else head.row.symbol)
        primes = row([PRIME] * head.order, tight=True) if head.order else None
        differ = len(kinds.get(head.row.name, ())) > 1
        below = joined([self.constant(one) for one in head.args[1:]]) if differ else None
        return Scripts(base, below, primes) if below or primes else base

    def constant(self, value: Expr) -> Box:
        """A constant of an activation: a letter or a number."""
        return self.scalar(value).box if isinstance(value, Scalar) else rational(value).box


def joined(indices: Sequence[Box]) -> Box:
    """Indices side by side; with commas where one of them is more than a single sign."""
    single = all(isinstance(one, Glyph) and (len(one.name) == 1 or one.kind == "letter") for one in indices)
    items = list(indices) if single else [part for one in indices for part in (COMMA, one)][1:]
    return row(items, tight=True)
