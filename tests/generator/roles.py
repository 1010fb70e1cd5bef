"""What letters mean, for `reader`: in each notation of a network, and in a system of definitions."""

from __future__ import annotations

from dataclasses import replace

from tests.generator import expressions as x
from tests.generator.expressions import LOSS, Const, Layer, Node, Ref
from tests.generator.reader import Strange, accented, index, indices, layer, named, plain, raised
from tests.generator.spelling import NOTATIONS
from tests.generator.worlds import TEX, Net, World
from verify.latex import splits
from verify.latex import tree as t

EXTRA = {"nielsen": {"C": "E", "E": "E"}, "ng": {"J": "E", "L": "E"}, "goodfellow": {"J": "E", "L": "E"},
         "bishop": {"E": "E"}, "augmented": {"E": "E"}}  # fmt: skip
FUNCTIONS = {"nielsen": (r"\sigma",), "ng": ("g", r"\sigma"), "goodfellow": ("f", r"\sigma"),
             "bishop": ("h", r"\sigma"), "augmented": ("a",)}  # fmt: skip


class NetworkRoles:
    """The letters of a notation."""

    def __init__(self, net: Net, notation: str) -> None:
        self.net, self.notation, self.row = net, notation, NOTATIONS[notation]
        self.functions = FUNCTIONS[notation]
        self.letters = {
            self.row.z: "z",
            self.row.a: "a",
            self.row.w: "W",
            "W": "W",
            "b": "b",
            self.row.y: "y",
            "x": "x",
        }
        if self.row.delta:
            self.letters[self.row.delta] = "delta"
        if self.row.output:
            self.letters[self.row.output] = "output"
        if notation == "augmented":
            self.letters |= {"x": "a", r"\bar{X}": "abar", r"\bar{W}": "Wbar"}
        self.letters |= EXTRA[notation]

    def quantity(self, node: t.Letter | t.Scripted) -> Node:
        """An entry, an array, a constant or a width."""
        letter = node if isinstance(node, t.Letter) else node.base
        assert isinstance(letter, t.Letter)
        constant = self._constant(node)
        if constant is not None:
            return constant
        role = self.letters.get(accented(letter), "delta" if accented(letter) == r"\delta" else None)
        if role is None:
            raise Strange(f"the letter {accented(letter)}")
        if role == "E":
            return LOSS
        if role == "delta" and isinstance(node, t.Scripted) and not node.upper and not node.left_upper and node.lower:
            left, right = (index(one) for one in next(iter(splits(node.lower, 2))))
            return x.Kron(left, right)
        return self._placed(node, role)

    def _constant(self, node: t.Letter | t.Scripted) -> Node | None:
        try:
            name = named(node)
        except Strange:
            return None
        constants = {TEX.get(one, one) for one in ("alpha", "L", "k", "z_0")}
        if isinstance(node, t.Letter) and node.font:
            return None
        logistic = any(kind == "logistic" and not given for kind, given in self.net.activations)
        if name == r"\alpha" or (name in constants and logistic):
            return Const(name)
        return x.Size(name) if name in self.net.widths else None

    def _placed(self, node: t.Letter | t.Scripted, role: str) -> Node:
        slots = 2 if role == "W" else 1
        upper = raised(node.upper) if isinstance(node, t.Scripted) else None
        if self.notation == "augmented" and isinstance(node, t.Scripted):
            return self._left(node, role, upper)
        at = indices(node, slots)
        if role in ("y", "x", "output"):
            if upper is not None:
                raise Strange("a layer where none stands")
            place = {"y": Layer("L"), "x": Layer("", 0), "output": Layer("L")}[role]
            return Ref("y" if role == "y" else "a", place, at)
        if upper is None:
            raise Strange("no layer")
        number = layer(upper)
        if not number.letter:
            number = number.moved(1 - self.row.first)
        if self.notation == "bishop" and role == "W" and at and at[1] == 0:
            return Ref("b", number, at[:1])
        return Ref(role, number, at)

    def _left(self, node: t.Scripted, role: str, upper: t.Node | None) -> Node:
        if role == "y":
            return Ref("y", Layer("L"), (index(upper),) if upper is not None else indices(node, 1))
        whole = role in ("Wbar", "abar")
        number = layer(upper) if whole and upper is not None else layer(raised(node.left_upper) or t.Letter("?"))
        place = number if role in ("a", "abar") else number.moved(1)
        if whole:
            return Ref(role, place)
        high = () if upper is None else (index(upper) if isinstance(upper, t.Letter | t.Number) else 0,)
        low = indices(node, 1)
        if role == "W" and high and high[0] in (0, self._after(place)):
            return Ref("b", place, low)
        return Ref(role, place, (*low, *high))

    def _after(self, place: Layer) -> int | None:
        width = self.net.widths[place.offset - 1]
        return width + 1 if isinstance(width, int) else None

    def function(self, head: t.Node, argument: Node) -> Node | None:
        """σ or σ′ of an argument; the layer is that of the argument."""
        marks = head.upper if isinstance(head, t.Scripted) else ()
        base = head.base if isinstance(head, t.Scripted) else head
        if not isinstance(base, t.Letter) or base.name not in self.functions or (
            isinstance(head, t.Scripted) and (head.lower or head.left_upper)):  # fmt: skip
            return None
        primes = sum(one.count for one in marks if isinstance(one, t.Prime)) + base.accents.count("dot")
        layers = {layer(one.body) for one in marks if isinstance(one, t.Raised)}
        if not layers and len(set(self.net.activations)) == 1:
            layers = {Layer("", 1)}
        refs = [one for one in x.references(argument) if one.role in ("z", "a")]
        layers = layers or {one.layer for one in refs if one.layer}
        if self.notation in ("bishop", "augmented") and any(isinstance(one, t.Raised) for one in marks):
            return None  # h^{(1)} is no function there
        if len(layers) != 1:
            raise Strange("a function of several layers")
        place = layers.pop()
        return x.Slope(place, argument) if primes == 1 else x.Act(place, argument) if not primes else None

    def gradient(self, node: t.Node) -> Node | None:
        """What d in front of a quantity means."""
        if self.notation != "ng" or not isinstance(node, t.Letter | t.Scripted):
            return None
        turned = isinstance(node, t.Scripted) and any(isinstance(one, t.Transpose) for one in node.upper)
        if turned and isinstance(node, t.Scripted):
            kept = tuple(one for one in node.upper if not isinstance(one, t.Transpose))
            inner = self.gradient(replace(node, upper=kept))
            return x.Tr(inner) if inner is not None else None
        found = self.quantity(node)
        return x.D(LOSS, found) if isinstance(found, Ref) else None


class GivenRoles:
    """The letters of a system: those of its world, and its sizes."""

    def __init__(self, world: World, sizes: set[str]) -> None:
        self.world, self.sizes = world, sizes
        self.names = {key[0] for key in world.values}

    def quantity(self, node: t.Letter | t.Scripted) -> Node:
        """A scalar, an array, an entry, or a size."""
        letter = node if isinstance(node, t.Letter) else node.base
        assert isinstance(letter, t.Letter)
        name = accented(letter)
        if isinstance(node, t.Scripted) and node.lower and not node.upper:
            (first, *_) = node.lower.items
            full = f"{name}_{plain(first)}" if isinstance(first, t.Number | t.Letter) else ""
            if full in self.names:
                return x.Scalar(full)
            if name == r"\delta":
                left, right = (index(one) for one in next(iter(splits(node.lower, 2))))
                return x.Kron(left, right)
        if name not in self.names:
            if name in self.sizes and isinstance(node, t.Letter):
                return x.Size(name)
            raise Strange(f"the letter {name}")
        axes = self.world.value((name, 0)).ndim
        if isinstance(node, t.Scripted) and node.upper:
            exponent = raised(node.upper)
            if axes or not isinstance(exponent, t.Number):
                raise Strange("scripts")
            return x.Pow(x.Scalar(name), exponent.value)
        return Ref(name, None, indices(node, axes)) if axes else x.Scalar(name)

    def function(self, head: t.Node, argument: Node) -> Node | None:
        """Systems have no functions of their own."""
        return None

    def gradient(self, node: t.Node) -> Node | None:
        """Nor d in front of a letter."""
        return None
