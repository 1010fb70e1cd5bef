r"""Trees of quantities in the writer's own notation, so that a repair looks like the formula that it repairs."""

from __future__ import annotations

from dataclasses import dataclass, replace

from derive.tables.notations import Place, Quantity
from verify.checking.networked import NetworkCandidate
from verify.latex import splits
from verify.latex import tree as t
from verify.latex.walk import walk
from verify.meaning.roles import MATRICES, Spoken, spelling

_FENCES: dict[Place, t.Fence] = {"bare": "", "round": "(", "square": "["}


@dataclass(frozen=True)
class Seat:
    """A layer, counted as weights are, and an index in it; no index for the whole layer."""

    layer: t.Node
    index: t.Node | None


class Speaker:
    """Knows which letters a formula uses, and writes quantities of a network with them."""

    def __init__(self, candidate: NetworkCandidate, *sides: t.Node) -> None:
        self.candidate = candidate
        self.letters = candidate.letters
        self.row = candidate.row
        self.last = t.Number(str(candidate.first - 1 + len(candidate.question.layers) - 1))
        self.parts = [part for side in sides for part in walk(side)]
        self.function = self._function()
        self.fence = self._fence()

    def _function(self) -> t.Letter:
        """The activation function's letter that the formula uses, else the notation's own."""
        for part in self.parts:
            if isinstance(part, t.Call):
                base = part.function.base if isinstance(part.function, t.Scripted) else part.function
                if isinstance(base, t.Letter) and spelling(base) in self.letters.functions:
                    return replace(base, accents=())
        return t.Letter(self.row.function)

    def _fence(self) -> t.Fence:
        for part in self.parts:
            spoken = self.spoken(part)
            if spoken is not None and spoken.layer is not None and isinstance(part, t.Scripted):
                for mark in part.upper:
                    if isinstance(mark, t.Raised):
                        return mark.fence
        return _FENCES.get(self.row.pre_activation.layer, "")

    def spoken(self, node: t.Node) -> Spoken | None:
        """A quantity taken apart."""
        return self.letters.spoken(node) if isinstance(node, t.Letter | t.Scripted) else None

    def layered(self, node: t.Node) -> bool:
        """Whether a quantity is written with its layer."""
        spoken = self.spoken(node)
        return spoken is not None and spoken.layer is not None

    # --- seats ---

    def seats(self) -> list[Seat]:
        """Every layer with every index that the formula mentions for it, or beside it."""
        found: dict[Seat, None] = {}
        for part in self.parts:
            spoken = self.spoken(part)
            if spoken is not None:
                for seat in self._of(spoken):
                    found[seat] = None
        return list(found)

    def seats_of(self, node: t.Node) -> list[Seat]:
        """The seats of one quantity: of a weight, where it leads to and where it comes from."""
        spoken = self.spoken(node)
        return self._of(spoken) if spoken is not None else []

    def _of(self, spoken: Spoken) -> list[Seat]:
        layer = spoken.layer
        if spoken.role in ("y", "o") or (layer is None and spoken.role in ("a", "z", "d", "g")):
            return [Seat(self.last, self._index(spoken))]
        if layer is None and len(self.candidate.question.layers) == 2 and spoken.role not in ("E", "x", "constant"):
            layer = self.last
        if layer is None or spoken.role == "x":
            return []
        if self.row.shift and spoken.role in ("a", "tall"):
            layer = shifted(layer, -self.row.shift)
        if spoken.role not in MATRICES:
            return [Seat(layer, self._index(spoken))]
        indices = self._pair(spoken)
        if not indices:
            return [Seat(layer, None), Seat(shifted(layer, -1), None)]
        return [Seat(layer, indices[0]), Seat(shifted(layer, -1), indices[1])]

    def _index(self, spoken: Spoken) -> t.Node | None:
        if spoken.raised is not None:
            return spoken.raised
        return spoken.lower.items[0] if spoken.lower is not None else None

    def _pair(self, spoken: Spoken) -> tuple[t.Node, ...]:
        if spoken.raised is not None and spoken.lower is not None:
            return (spoken.lower.items[0], spoken.raised)
        return next(iter(splits(spoken.lower, 2)), ()) if spoken.lower is not None else ()

    # --- writing ---

    def slope(self, seat: Seat) -> t.Node:
        """σ′(z) of a seat."""
        function = t.Scripted(self.function, upper=(t.Prime(1),))
        return t.Call(function, t.Bracket("(", (self.quantity(self.row.pre_activation, seat),)))

    def pre_activation(self, seat: Seat) -> t.Node:
        """z of a seat."""
        return self.quantity(self.row.pre_activation, seat)

    def quantity(self, quantity: Quantity, seat: Seat) -> t.Node:
        """One index or none, with its layer where the notation writes it."""
        lower = t.Script((seat.index,)) if seat.index is not None else None
        if quantity.layer == "left":
            return t.Scripted(_letter(quantity.letter), lower, (), (t.Raised(seat.layer),))
        return t.Scripted(_letter(quantity.letter), lower, (t.Raised(seat.layer, self.fence),))


def _letter(text: str) -> t.Letter:
    for accent in ("hat", "bar", "tilde"):
        if text.startswith(f"\\{accent}{{"):
            return t.Letter(text[len(accent) + 2 : -1], accents=(accent,))
    return t.Letter(text)


def shifted(layer: t.Node, by: int) -> t.Node:
    """The number of a layer so many further: 2 → 3, l → l + 1, l + 1 → l."""
    if not by:
        return layer
    if isinstance(layer, t.Number):
        return t.Number(str(max(int(layer.digits) + by, 0)), span=layer.span)
    base, offset = _offset(layer)
    total = offset + by
    if not total:
        return base
    term = t.Number(str(abs(total)))
    return t.Addition((base, term if total > 0 else t.Negation(term)), span=layer.span)


def _offset(layer: t.Node) -> tuple[t.Node, int]:
    if isinstance(layer, t.Addition) and len(layer.terms) == 2:
        base, term = layer.terms
        if isinstance(term, t.Number) and term.digits.isdigit():
            return base, int(term.digits)
        if isinstance(term, t.Negation) and isinstance(term.body, t.Number):
            return base, -int(term.body.digits)
    return layer, 0
