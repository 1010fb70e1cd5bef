"""True claims entry by entry, with numbers or letters as indices, by named quantities or expanded to any depth."""

from __future__ import annotations

import random
from collections.abc import Callable

from tests.generator.expressions import (
    LOSS,
    ZERO,
    Act,
    At,
    D,
    Kron,
    Layer,
    Node,
    Ref,
    Size,
    Slope,
    Sum,
    Tag,
    add,
    minus,
    mul,
)
from tests.generator.maker import POOLS, Maker, kronecker
from tests.generator.networks import constants
from tests.generator.rules import LOSS_SLOPES, SLOPES, cosine
from tests.generator.worlds import PROBABILITIES, Net


class LettersUsedUp(Exception):
    """A claim nests more sums than there are letters for indices."""


class Units(Maker):
    """Entry by entry.  `whole` says that indices are numbers, which needs numbers as widths."""

    def __init__(self, net: Net, rng: random.Random, whole: bool, notation: str = "nielsen") -> None:
        super().__init__(net, rng, notation)
        self.whole = whole
        taken = {letter for one in net.widths if isinstance(one, str) for letter in one}
        taken |= {"k"} if any(name == "logistic" for name, _ in net.activations) else set()
        self.pool = [one for one in rng.choice(POOLS) if one not in taken]

    def fresh(self) -> str:
        """An index letter that was not used yet; raises `LettersUsedUp`."""
        if not self.pool:
            raise LettersUsedUp
        return self.pool.pop(0)

    def index(self, layer: Layer) -> At:
        """An index of a neuron of an activation layer."""
        numbers = [layer.offset] if not layer.letter else [self.net.depth + layer.offset] if layer.letter == "L" else []
        if not self.whole or not numbers:
            return self.fresh()
        return self.rng.randint(1, int(self.net.widths[numbers[0]]))

    def total(self, layer: Layer, body: Callable[[At], Node]) -> Node:
        """Σ over the neurons of a layer: written out where indices are numbers, or with the sign."""
        if self.whole and not layer.letter and self.chance(0.7):
            width = int(self.net.widths[layer.offset])
            if width <= 4:
                state, pool = self.rng.getstate(), list(self.pool)
                terms = []
                for n in range(1, width + 1):
                    self.rng.setstate(state)
                    self.pool = list(pool)
                    terms.append(body(n))
                return Tag("path", add(*terms))
        letter = self.fresh()
        return Sum(letter, layer, body(letter), self.limits and layer.letter != "l")

    def z(self, layer: Layer, j: At) -> Ref:
        return Ref("z", layer, (j,))

    def a(self, layer: Layer, j: At) -> Ref:
        return Ref("a", layer, (j,))

    def w(self, layer: Layer, j: At, k: At) -> Ref:
        return Ref("W", layer, (j, k))

    def y(self, j: At) -> Ref:
        return Ref("y", Layer("L"), (j,))

    def error_name(self, layer: Layer, j: At) -> Node:
        """δ_j or ∂E/∂z_j."""
        return Ref("delta", layer, (j,)) if self.named or self.chance(0.5) else D(LOSS, self.z(layer, j))

    def error(self, layer: Layer, j: At, fuel: int) -> Node:
        """δ_j, expanded at most `fuel` times."""
        if fuel <= 0 or not self.known(layer):
            return self.error_name(layer, j)
        if self.last(layer) and self._output():
            return self._output_error(layer, j)
        if self.soft(layer):
            a_j = self.a(layer, j)
            return self.total(layer, lambda i: mul(self.adjoint(layer, i, fuel - 1), self.a(layer, i),
                                                   minus(kronecker(i, j), a_j)))  # fmt: skip
        return mul(self.adjoint(layer, j, fuel - 1), self.slope(layer, j))

    def _output(self) -> bool:
        """Whether loss and last activation give a − y together, and that is to be used."""
        pair = self.net.activations[-1][0], self.net.loss
        softmax = pair[0] == "softmax" and pair[1] in PROBABILITIES
        return softmax or (pair == ("sigmoid", "binary-cross-entropy") and self.chance(0.5))

    def _output_error(self, layer: Layer, j: At) -> Node:
        return Tag("output", minus(self.a(layer, j), self.y(j)), layer)

    def adjoint(self, layer: Layer, j: At, fuel: int) -> Node:
        """∂E/∂a_j, expanded at most `fuel` times; layer 0 is the input."""
        if fuel <= 0 or not self.known(layer):
            return D(LOSS, self.a(layer, j))
        if self.last(layer):
            return self.loss_slope(layer, j)
        after = layer.moved(1)
        return self.total(after, lambda k: mul(self.error(after, k, fuel - 1), self.w(after, k, j)))

    def loss_slope(self, layer: Layer, j: At) -> Node:
        """∂E/∂a_j of the last layer, by its formula."""
        if self.net.loss == "cosine":
            fresh = self.fresh()
            return Tag("loss", cosine(layer, j, fresh, lambda i: self.a(layer, i), self.y, self.limits), layer)
        form = self.rng.choice(LOSS_SLOPES[self.net.loss])
        return Tag("loss", form(self.a(layer, j), self.y(j), Size(layer)), layer)

    def slope(self, layer: Layer, j: At) -> Node:
        """σ′(z_j) of an elementwise layer, named or by its formula."""
        known = self.activation(layer)
        if known and self.chance(self.closed):
            name, n = known
            form = self.rng.choice(SLOPES[name])
            return Tag("slope", form(self.z(layer, j), self.a(layer, j), constants(self.net, n)), layer)
        if self.chance(0.06):
            return D(self.a(layer, j), self.z(layer, j))
        return Slope(layer, self.z(layer, j))

    def output(self, layer: Layer, k: At) -> Node:
        """a_k of the layer before some weights."""
        if not layer.letter and layer.offset > 0 and self.chance(0.04) and not self.soft(layer):
            return Act(layer, self.z(layer, k))
        return self.a(layer, k)

    # --- claims, as (left side, right side) ---

    def weight(self, fuel: int) -> tuple[Node, Node]:
        layer = self.a_layer()
        before = layer.moved(-1)
        j, k = self.index(layer), self.index(before)
        return D(LOSS, self.w(layer, j, k)), mul(self.error(layer, j, fuel), self.output(before, k))

    def bias(self, fuel: int) -> tuple[Node, Node]:
        layer = self.a_layer()
        j = self.index(layer)
        return D(LOSS, Ref("b", layer, (j,))), self.error(layer, j, fuel)

    def delta(self, fuel: int) -> tuple[Node, Node]:
        layer = self.a_layer()
        j = self.index(layer)
        return self.error_name(layer, j), self.error(layer, j, max(fuel, 1))

    def activated(self, fuel: int) -> tuple[Node, Node]:
        layer = self.a_layer()
        if not layer.letter and self.chance(0.25):
            layer = Layer("", 0)
        j = self.index(layer)
        return D(LOSS, self.a(layer, j)), self.adjoint(layer, j, max(fuel, 1))

    def loss(self, fuel: int) -> tuple[Node, Node]:
        layer = self.rng.choice((Layer("L"), Layer("", self.net.depth)))
        layer = Layer("", self.net.depth) if self.notation == "augmented" else layer
        j = self.index(layer)
        if self.chance(0.5):
            return D(LOSS, self.a(layer, j)), self.loss_slope(layer, j)
        return self.error_name(layer, j), self.error(layer, j, 2)

    def own_slope(self, fuel: int) -> tuple[Node, Node]:
        layer = self.a_layer()
        j = self.index(layer)
        if self.soft(layer):
            return self.softmax(layer)
        if self.chance(0.6):
            self.closed = 1.0
        i = self.index(layer) if self.chance(0.25) else j
        if isinstance(i, int) and i != j:
            return D(self.a(layer, j), self.z(layer, i)), ZERO
        unequal = mul(self.slope(layer, j), Kron(i, j)) if i != j else self.slope(layer, j)
        return D(self.a(layer, j), self.z(layer, i)), unequal

    def softmax(self, layer: Layer) -> tuple[Node, Node]:
        j, i = self.index(layer), self.index(layer)
        return D(self.a(layer, j), self.z(layer, i)), mul(self.a(layer, j), minus(kronecker(i, j), self.a(layer, i)))

    def jacobian(self, fuel: int) -> tuple[Node, Node]:
        layer = self.a_layer()
        before = layer.moved(-1)
        k, j = self.index(layer), self.index(before)
        w = self.w(layer, k, j)
        if self.soft(layer) or self.chance(0.4):
            if self.chance(0.5):
                return D(self.z(layer, k), self.a(before, j)), w
            return D(self.z(layer, k), w), self.a(before, j)
        if layer.offset > 1 and not layer.letter and not self.soft(before) and self.chance(0.5):
            return D(self.z(layer, k), self.z(before, j)), mul(w, self.slope(before, j))
        if self.chance(0.5):
            return D(self.a(layer, k), w), mul(self.slope(layer, k), self.a(before, j))
        return D(self.a(layer, k), self.a(before, j)), mul(self.slope(layer, k), w)

    def forward(self, fuel: int) -> tuple[Node, Node]:
        layer = self.a_layer()
        before = layer.moved(-1)
        j = self.index(layer)
        z = self.total(before, lambda k: mul(self.w(layer, j, k), self.a(before, k)))
        z = add(z, Ref("b", layer, (j,))) if self.net.bias else z
        if self.chance(0.6) or self.soft(layer):
            return self.z(layer, j), z
        return self.a(layer, j), Act(layer, self.z(layer, j) if self.chance(0.5) or not self.uniform else z)

    def chain(self) -> list[Node]:
        """∂E/∂w = … = …, each side a little further."""
        layer = self.a_layer()
        before = layer.moved(-1)
        j, k = self.index(layer), self.index(before)
        w, z = self.w(layer, j, k), self.z(layer, j)
        sides: list[Node] = [D(LOSS, w)]
        if self.chance(0.6):
            sides.append(mul(D(LOSS, z), D(z, w)))
        if self.chance(0.7):
            sides.append(mul(Ref("delta", layer, (j,)), self.a(before, k)))
        pool = list(self.pool)
        for fuel in (1, 2, 3, 4):
            if self.chance(0.5) or (fuel == 2 and len(sides) < 3):
                self.pool = list(pool)
                sides.append(mul(self.error(layer, j, fuel), self.a(before, k)))
        return sides
